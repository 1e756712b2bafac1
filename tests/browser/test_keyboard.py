"""Everything by keyboard alone: Tab, Shift+Tab, Enter, Space, arrows, Escape and letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    WAIT,
    card,
    drawn,
    fold_all,
    go_to,
    open_app,
    pause,
    rich_file,
    settle,
    show_part,
    turn_sidebar,
    unfold_all,
    upload,
)

STAYS = "Facility,Unit code,Admission Date,Discharge Date,Cost\n" + "".join(
    f"North,{'AB'[day % 2]}{day % 3},2024-04-{day:02},2024-04-{day + 1:02},{day}00\n"
    for day in range(1, 29)
)
FARTHEST = 200
"""No page has more stops of the Tab key than this."""

# Where the focus is: its name, whether it is seen in the window, whether it is marked. A hidden
# input is marked on what stands for it; a cell of a table is drawn, and marked, by its canvas.
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const cell = at.tagName === "TD" && at.closest("canvas");
  const clipped = getComputedStyle(at.parentElement).clipPath !== "none";
  const stands = cell || (clipped ? at.closest('[data-focus-visible="true"]') : at);
  let seen = stands !== null, marked = Boolean(cell);
  for (let one = stands, above = 0; one; one = one.parentElement, above++) {
    const style = getComputedStyle(one);
    if (style.visibility === "hidden" || parseFloat(style.opacity) < 0.5) seen = false;
    if (above < 4 && style.boxShadow.includes("rgb(6, 48, 59)")) marked = true;
  }
  const box = (stands ?? at).getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const name = at.getAttribute("aria-label") || at.innerText || at.dataset.testid || at.className;
  return {name: name.replace(/\\s+/g, " ").trim().slice(0, 60), tag: at.tagName,
          seen: seen && inside, marked};
}"""

# The same once it is seen and marked, or a third of a second later: pages scroll, lines fade in.
AT_REST = f"""async () => {{
  const focus = {FOCUS};
  for (let frames = 0; frames < 20; frames++) {{
    await new Promise(requestAnimationFrame);
    const at = focus();
    if (!at || at.name === "Skip to main content" || (at.seen && at.marked)) return at;
  }}
  return focus();
}}"""


@pytest.fixture
def sample(
    keep: Callable[..., Page], server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Page:
    """The overview of a small file, unfolded by nobody, the focus on the first stop."""

    def load(page: Page) -> None:
        open_app(page, server.url)
        upload(page, rich_file(tmp_path_factory.mktemp("keyboard")))
        go_to(page, "Overview")

    page = keep("overview", load)
    turn_sidebar(page, "expand")
    fold_all(page)
    page.get_by_role("link", name="Skip to main content").focus()
    return page


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the focus is on the target, which must then be seen and marked."""
    for _ in range(FARTHEST):
        page.keyboard.press(key)
        if target.evaluate("one => one === document.activeElement || one.matches(':focus')"):
            at = page.evaluate(AT_REST)
            assert at["seen"], f"focus out of sight: {at}"
            assert at["marked"], f"focus not marked: {at}"
            return
    raise AssertionError(f"the Tab key never came to {target}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        pause(page)


def test_the_sample_network_and_the_way_to_its_figures(page: Page, server: Server) -> None:
    open_app(page, server.url)
    settle(page)
    tab_to(page, page.get_by_role("button", name="Try the sample network"))
    press(page, "Enter")
    expect(page.get_by_text("The sample network is invented")).to_be_visible(timeout=WAIT)
    settle(page)
    tab_to(page, page.get_by_test_id("stSidebarNavLink").filter(has_text="Overview"), "Shift+Tab")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    expect(card(page, "Total admissions")).to_contain_text("39,276", timeout=WAIT)


def test_a_file_is_uploaded_and_a_column_read_as_another_field(
    page: Page, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "april.csv"
    file.write_text(STAYS)
    open_app(page, server.url)
    settle(page)
    button = page.get_by_test_id("stFileUploader").get_by_test_id("stBaseButton-secondary")
    tab_to(page, button)
    with page.expect_file_chooser() as chooser:
        press(page, "Enter")
    chooser.value.set_files(file)
    expect(page.get_by_text("28 rows read")).to_be_visible(timeout=WAIT)
    settle(page)
    columns = page.locator("summary").filter(has_text="How the columns were read")
    tab_to(page, columns)
    press(page, "Enter")
    diagnosis = page.get_by_role("combobox", name="Diagnosis")
    expect(diagnosis).to_be_visible(timeout=WAIT)
    settle(page)
    tab_to(page, diagnosis)
    page.keyboard.type("Unit")
    expect(page.get_by_role("option", name="Unit code")).to_be_visible(timeout=WAIT)
    press(page, "ArrowDown", "Enter")
    expect(diagnosis).to_have_value("Unit code")
    tab_to(page, page.get_by_role("button", name="Apply"))
    press(page, "Space")
    settle(page)
    expect(page.get_by_text("28 rows read")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("combobox", name="Diagnosis")).to_have_value("Unit code", timeout=WAIT)


def test_a_filter_is_set_and_dropped(sample: Page) -> None:
    admissions = card(sample, "Total admissions")
    all_of_them = admissions.inner_text()
    department = sample.get_by_role("combobox", name="Department")
    tab_to(sample, department)
    sample.keyboard.type("Surg")
    expect(sample.get_by_role("option", name="Surgery")).to_be_visible(timeout=WAIT)
    press(sample, "ArrowDown", "Enter", "Escape")
    settle(sample)
    assert "department=Surgery" in sample.url
    expect(admissions).not_to_have_text(all_of_them, use_inner_text=True, timeout=WAIT)
    tab_to(sample, sample.get_by_label("Surgery", exact=True), "Shift+Tab")
    press(sample, "Backspace")
    settle(sample)
    assert "department" not in sample.url
    expect(admissions).to_have_text(all_of_them, use_inner_text=True, timeout=WAIT)


def test_a_day_is_typed_in_and_taken_out(sample: Page) -> None:
    expect(card(sample, "Total admissions")).to_contain_text("Feb 2024")
    tab_to(sample, sample.get_by_role("spinbutton", name="year, As of"))
    for digit in "20231130":
        press(sample, digit)
    press(sample, "Escape")  # what is typed counts once the calendar is closed or the field left
    settle(sample)
    expect(card(sample, "Total admissions")).to_contain_text("1–30 Nov 2023", timeout=WAIT)
    expect(sample.get_by_role("spinbutton", name="day, As of")).to_be_focused()
    press(sample, *["Backspace"] * 12, "Shift+Tab")  # an empty part leads to the one before
    settle(sample)
    expect(card(sample, "Total admissions")).to_contain_text("Feb 2024", timeout=WAIT)
    assert "as_of" not in sample.url


def test_how_a_figure_is_computed_opens_and_closes(sample: Page) -> None:
    button = card(sample, "Total admissions").get_by_role("button", name="How this is computed")
    tab_to(sample, button)
    press(sample, "Enter")
    shown = sample.get_by_test_id("stPopoverBody")
    expect(shown.get_by_text("Source of the definition")).to_be_visible(timeout=WAIT)
    press(sample, "Escape")
    expect(shown).to_have_count(0)
    expect(button).to_be_focused()


def test_the_figures_unfold_and_are_downloaded(sample: Page) -> None:
    tab_to(sample, sample.locator("summary").filter(has_text="All figures, with notes"))
    press(sample, "Enter")
    download = sample.locator(".st-key-downloads_all").get_by_role("button", name="CSV")
    expect(download).to_be_visible(timeout=WAIT)
    settle(sample)
    tab_to(sample, download)
    with sample.expect_download() as started:
        press(sample, "Enter")
    assert started.value.suggested_filename == "caremap_key_figures.csv"


def test_the_first_stop_leads_past_the_sidebar(page: Page, server: Server) -> None:
    """WCAG 2.4.1."""
    open_app(page, server.url)
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    press(page, "Enter", "Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_sidebar_is_closed_and_opened(sample: Page) -> None:
    tab_to(sample, sample.get_by_role("button", name="Collapse sidebar"))
    press(sample, "Enter")
    expand = sample.get_by_role("button", name="Expand sidebar")
    expect(expand).to_be_visible(timeout=WAIT)
    tab_to(sample, expand)
    press(sample, "Enter")
    expect(sample.get_by_role("button", name="Collapse sidebar")).to_be_visible(timeout=WAIT)


def test_a_figure_is_read_as_a_table_and_downloaded(sample: Page) -> None:
    figure = sample.locator(".st-key-figure_admissions_by_month")
    tab_to(sample, figure.locator("summary"))
    press(sample, "Enter")
    expect(figure.get_by_test_id("stDataFrame")).to_be_visible(timeout=WAIT)
    settle(sample)
    for kind, ending in (("CSV", "csv"), ("Excel", "xlsx"), ("PNG", "png")):
        tab_to(sample, figure.locator(".stDownloadButton").get_by_role("button", name=kind))
        with sample.expect_download(timeout=WAIT) as started:
            press(sample, "Enter")
        assert started.value.suggested_filename == f"caremap_admissions_by_month.{ending}"


def test_the_way_of_counting_is_changed_and_dropped_in_the_band(sample: Page) -> None:
    tab_to(sample, sample.locator("summary").filter(has_text="How figures are counted"))
    press(sample, "Enter")
    counts = sample.get_by_role("combobox", name="A same-day stay counts")
    expect(counts).to_be_visible(timeout=WAIT)
    settle(sample)
    tab_to(sample, counts)
    sample.keyboard.type("1 day")
    expect(sample.get_by_role("option", name="1 day", exact=True)).to_be_visible(timeout=WAIT)
    press(sample, "ArrowDown", "Enter")
    settle(sample)
    drop = sample.get_by_role("button", name="same-day stays count 1 day")
    expect(drop).to_be_visible(timeout=WAIT)
    tab_to(sample, drop)
    press(sample, "Enter")
    settle(sample)
    expect(drop).to_have_count(0, timeout=WAIT)
    assert "same_day" not in sample.url


def test_another_measure_is_drawn_over_time(sample: Page) -> None:
    tab_to(sample, sample.get_by_role("combobox", name="Measure", exact=True))
    sample.keyboard.type("Discharges")
    expect(sample.get_by_role("option", name="Discharges", exact=True)).to_be_visible(timeout=WAIT)
    press(sample, "ArrowDown", "Enter")
    settle(sample)
    expect(sample.locator(".st-key-figure_discharges_by_month")).to_be_visible(timeout=WAIT)


def test_beds_by_place_are_asked_for(sample: Page) -> None:
    tab_to(sample, sample.locator("summary").filter(has_text="Type in staffed beds by place"))
    press(sample, "Enter")
    use = sample.get_by_role("button", name="Use these beds")
    expect(use).to_be_visible(timeout=WAIT)
    settle(sample)
    tab_to(sample, use)


def test_the_glossary_is_reached_and_a_measure_found(page: Page, server: Server) -> None:
    open_app(page, server.url)
    settle(page)
    tab_to(page, page.get_by_test_id("stSidebarNavLink").filter(has_text="Glossary"))
    press(page, "Enter")
    box = page.get_by_role("searchbox", name="Search the measures")
    expect(box).to_be_visible(timeout=WAIT)
    settle(page)
    tab_to(page, box)
    page.keyboard.type("KH03")
    press(page, "Enter")
    expect(page.get_by_text("2 measures found.")).to_be_visible(timeout=WAIT)


def test_a_part_is_chosen_and_a_group_picked_from_the_list(
    page: Page, server: Server, tmp_path: Path
) -> None:
    """The list does what a click on a bar does."""
    open_app(page, server.url)
    upload(page, rich_file(tmp_path))
    go_to(page, "Breakdown")
    drawn(page)
    tab_to(page, page.locator("summary").filter(has_text="Narrow this page"))
    press(page, "Enter")
    column = page.get_by_role("combobox", name="Column", exact=True)
    expect(column).to_be_visible(timeout=WAIT)
    tab_to(page, column)
    page.keyboard.type("Payer")
    expect(page.get_by_role("option", name="Payer", exact=True)).to_be_visible(timeout=WAIT)
    press(page, "ArrowDown", "Enter")
    settle(page)
    groups = page.get_by_role("combobox", name="Keep only these: Payer")
    expect(groups).to_be_visible(timeout=WAIT)
    tab_to(page, groups)
    page.keyboard.type("Payer B")
    expect(page.get_by_role("option", name="Payer B")).to_be_visible(timeout=WAIT)
    press(page, "ArrowDown", "Enter", "Escape")
    settle(page)
    drop = page.get_by_role("button", name="Payer: Payer B")
    expect(drop).to_be_visible(timeout=WAIT)
    tab_to(page, page.get_by_role("radio", name="What stands out", exact=True))
    press(page, "ArrowRight")
    chosen = page.get_by_role("radio", name="Groups", exact=True)
    expect(chosen).to_be_focused()
    press(page, "Space")
    expect(chosen).to_be_checked(timeout=WAIT)
    drawn(page)
    expect(page.get_by_role("heading", name="Treatments")).to_be_visible(timeout=WAIT)
    tab_to(page, drop, "Shift+Tab")
    press(page, "Enter")
    expect(drop).to_have_count(0, timeout=WAIT)


@pytest.mark.parametrize(
    ("theme", "shown"), [("light", "Data"), ("dark", "Overview"), ("dark", "Breakdown")]
)
def test_no_stop_is_a_trap_out_of_sight_or_unmarked(
    new_context: Callable[..., BrowserContext],
    server: Server,
    tmp_path: Path,
    theme: str,
    shown: str,
) -> None:
    """The line around a stop is the same in both themes, so each page is gone through in one."""
    file = tmp_path / "april.csv"
    file.write_text(STAYS)
    page = new_context(color_scheme=theme).new_page()
    open_app(page, server.url)
    upload(page, file)
    if shown != "Data":
        go_to(page, shown)
    if shown == "Breakdown":
        show_part(page, "Groups")
    around(page)


def around(page: Page) -> None:
    """Go with the Tab key through all of the page, unfolded, and back again."""
    unfold_all(page)
    drawn(page)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    skip = page.get_by_role("link", name="Skip to main content")
    stops: list[dict[str, object]] = []
    for key in ("Tab", "Shift+Tab"):
        if key == "Tab":
            skip.focus()
        before = len(stops)
        for _ in range(FARTHEST):
            page.keyboard.press(key)
            at = page.evaluate(AT_REST)
            if at is None or at["name"] == "Skip to main content":
                break
            stops.append({"key": key, **at})
        assert at is None or at["name"] == "Skip to main content", f"no way out: {stops[-3:]}"
        assert len(stops) - before > 10
    wrong = [stop for stop in stops if not (stop["seen"] and stop["marked"])]
    assert wrong == []
