"""The Breakdown page in a real browser: groups picked, files that leave, a report, a link."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    RICH,
    WAIT,
    choose,
    click,
    download,
    drawn,
    fold,
    go_to,
    open_app,
    parts_of,
    pause,
    settle,
    show_part,
    toolbar_of,
    unfold,
    upload,
    views,
)
from tests.browser.test_journey import downloaded

NewContext = Callable[..., BrowserContext]
FIGURE = "admissions_and_cost_by_treatment"
FORMULA = "=1+1"
COST = "Treatment cost (currency as supplied)"
ALL = "672 stays"


def small() -> pd.DataFrame:
    """Stays with a treatment of four patients, and one that is a formula."""
    stays = pd.read_csv(io.StringIO(RICH))
    stays["Treatment"] = stays["Treatment"].replace(["Treatment 15", "Treatment 16"], FORMULA)
    stays.loc[:3, "Treatment"] = "Rare"
    return stays


def treated() -> pd.DataFrame:
    """What the figure must say of them, by plain pandas."""
    groups = small().groupby("Treatment")
    return pd.DataFrame({"Admissions": groups.size(), COST: groups["Cost"].sum().round(2)})


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("breakdown") / "stays.csv"
    small().to_csv(file, index=False)
    return file


def with_groups(page: Page, server: Server, file: Path) -> Page:
    """A session with the file, its groups in view."""
    open_app(page, server.url)
    upload(page, file)
    go_to(page, "Breakdown")
    show_part(page, "Groups")
    return page


@pytest.fixture
def groups(keep: Callable[..., Page], server: Server, file: Path) -> Iterator[Page]:
    """The groups of the file, for a test that leaves the page as it came."""
    page = keep("groups", lambda page: with_groups(page, server, file))
    expect(band(page)).to_contain_text(ALL, timeout=WAIT)
    yield page
    drop = band(page).locator("[class*=st-key-drop_] button")
    for _ in range(4):  # what is dropped stays dropped
        if drop.count():
            click(drop.first)
    expect(drop).to_have_count(0)


def band(page: Page) -> Locator:
    """What is looked at, and what narrows it."""
    return page.locator(".st-key-band")


def bar(page: Page, name: str) -> Locator:
    """The bar of a treatment."""
    return page.locator(f'.st-key-figure_{FIGURE} path[aria-label^="{name}"]').first


def click_bar(page: Page, name: str) -> None:
    """Click where a bar is: its whole row, laid over it, takes the click."""
    drawn(page)
    one = bar(page, name)
    one.scroll_into_view_if_needed()
    pause(page)
    one.click(force=True)
    drawn(page)


def stays_of(name: str) -> str:
    return f"{(small()['Treatment'] == name).sum()} stays"


# --- every part -----------------------------------------------------------------------------


def go_through(page: Page, server: Server) -> None:
    seen = []
    for part in views(page):
        seen.append(part)
        main = page.get_by_role("main")
        expect(main).not_to_contain_text("Something went wrong")
        expect(main).not_to_contain_text("nan")
        drawings = page.locator('[class*="st-key-figure_"]')
        for drawing in drawings.all():
            expect(drawing.locator("svg.marks")).to_be_visible(timeout=WAIT)
    assert len(seen) >= 5
    for word in ("Traceback", "A page failed", "Error"):
        assert word not in server.log


def test_every_part_is_drawn(groups: Page, server: Server) -> None:
    assert len(parts_of(groups)) == 9
    go_through(groups, server)
    show_part(groups, "Groups")


def test_every_part_of_a_real_file_is_drawn(page: Page, server: Server, shared: Path) -> None:
    folder = shared / "data" / "kaggle_healthcare"
    open_app(page, server.url)
    upload(page, folder / "healthcare_dataset_original.csv")
    go_to(page, "Breakdown")
    drawn(page)
    go_through(page, server)
    assert page.locator("svg.marks path").count() < 2_000


def test_a_link_opens_the_part_it_names(page: Page, fresh_server: Server) -> None:
    open_app(page, f"{fresh_server.url}/breakdown?data=sample&part=Two+columns+crossed")
    expect(page.get_by_role("combobox", name="Rows", exact=True)).to_be_visible(timeout=WAIT)
    drawn(page)
    expect(page.get_by_role("radio", name="Two columns crossed")).to_be_checked()


# --- groups picked --------------------------------------------------------------------------


def test_a_click_on_a_bar_narrows_the_page_and_the_band_leads_back(groups: Page) -> None:
    click_bar(groups, "Treatment 03,")
    drop = groups.get_by_role("button", name="Treatment: Treatment 03")
    expect(drop).to_be_visible(timeout=WAIT)
    drawn(groups)
    expect(band(groups)).to_contain_text(stays_of("Treatment 03"))
    expect(bar(groups, "Treatment 05,")).to_have_count(0)
    show_part(groups, "Cost")
    expect(band(groups)).to_contain_text(stays_of("Treatment 03"))
    go_to(groups, "Overview")
    expect(band(groups)).to_contain_text(ALL)
    go_to(groups, "Breakdown")
    click(drop)
    expect(band(groups)).to_contain_text(ALL, timeout=WAIT)
    show_part(groups, "Groups")
    expect(bar(groups, "Treatment 05,")).to_be_visible()


def test_others_cannot_be_picked(groups: Page) -> None:
    click_bar(groups, "Others (")
    drawn(groups)
    expect(band(groups)).to_contain_text(ALL)
    expect(band(groups).get_by_role("button")).to_have_count(0)


def test_groups_are_picked_from_a_list_and_by_a_filter(groups: Page) -> None:
    unfold(groups, "Narrow this page")
    for name in ("Treatment 03", "Treatment 05"):
        choose(groups, "Keep only these: Treatment", name)
        groups.keyboard.press("Escape")
        settle(groups)
    groups.keyboard.press("Escape")
    both = small()["Treatment"].isin(["Treatment 03", "Treatment 05"])
    expect(band(groups)).to_contain_text(f"{both.sum()} stays", timeout=WAIT)
    choose(groups, "Facility", "North", within=groups.get_by_test_id("stSidebar"))
    groups.keyboard.press("Escape")
    left = (both & (small()["Facility"] == "North")).sum()
    expect(band(groups)).to_contain_text(f"{left} stays", timeout=WAIT)
    drawn(groups)
    expect(band(groups).get_by_role("button")).to_have_count(3)


def test_two_sessions_do_not_see_each_others_picks(
    groups: Page, new_context: NewContext, server: Server, file: Path
) -> None:
    click_bar(groups, "Treatment 03,")
    expect(band(groups)).to_contain_text(stays_of("Treatment 03"), timeout=WAIT)
    other = with_groups(new_context().new_page(), server, file)
    expect(band(other)).to_contain_text(ALL)
    click_bar(other, "Treatment 05,")
    expect(band(other)).to_contain_text(stays_of("Treatment 05"), timeout=WAIT)
    show_part(groups, "Outcomes")
    expect(band(groups)).to_contain_text(stays_of("Treatment 03"))
    show_part(groups, "Groups")


# --- what leaves ----------------------------------------------------------------------------


def as_read(csv: Path) -> pd.DataFrame:
    """A downloaded figure, cell by cell as text."""
    table = pd.read_csv(csv, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    return table.set_index("Treatment")


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    return table[["Admissions", COST]].astype("float64").sort_index()


def choose_what_downloads_hold(page: Page, small_counts: str, raw: bool) -> None:
    unfold(page, "What downloads hold")
    choose(page, "Counts of 1 to 10 patients are hidden", small_counts)
    settle(page)
    switch = page.get_by_role("switch", name="Raw text").or_(page.get_by_label("Raw text"))
    if switch.first.is_checked() != raw:
        click(page.get_by_text("Raw text", exact=True))
    fold(page, "What downloads hold")
    drawn(page)


def test_small_counts_are_hidden_in_every_file_of_a_figure(groups: Page, tmp_path: Path) -> None:
    table = as_read(downloaded(groups, FIGURE, "CSV", tmp_path))
    truth = treated().rename(index={FORMULA: f"'{FORMULA}"})
    assert set(table.index) == set(truth.index)
    hidden = table["Admissions"] == ""
    assert hidden["Rare"]
    assert 1 < hidden.sum() < 4  # one more, or the total would tell
    assert (table.loc[hidden, COST] == "").all()
    shown = table[~hidden]
    pd.testing.assert_frame_equal(
        numbers(shown), truth.loc[shown.index].astype("float64").sort_index(), check_names=False
    )
    sheet = openpyxl.load_workbook(downloaded(groups, FIGURE, "Excel", tmp_path)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    book = pd.DataFrame(rows, columns=list(head)).set_index("Treatment")
    assert book.index.tolist() == table.index.tolist()
    assert book["Admissions"].isna().tolist() == hidden.tolist()
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    told = book.loc[~hidden.to_numpy()].rename_axis(index=shown.index.name)
    pd.testing.assert_frame_equal(numbers(told), numbers(shown))


def test_pictures_of_a_figure_are_whole_and_ask_nothing(groups: Page, tmp_path: Path) -> None:
    picture = downloaded(groups, FIGURE, "PNG", tmp_path).read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture) > 10_000
    drawing = ElementTree.parse(downloaded(groups, FIGURE, "SVG", tmp_path))
    said = "".join(drawing.getroot().itertext())
    assert "Treatment 03" in said
    for one in drawing.iter():
        assert one.tag.rpartition("}")[2] not in {"script", "foreignObject", "image", "use", "a"}
        for name, value in one.attrib.items():
            assert not name.startswith("on")
            assert not re.search(r"https?:|javascript:", value)


def test_small_counts_and_raw_text_leave_where_the_user_asks_for_it(
    groups: Page, tmp_path: Path
) -> None:
    try:
        choose_what_downloads_hold(groups, "nowhere", raw=True)
        expect(groups.get_by_text("Do not open raw files")).to_be_attached()
        table = as_read(downloaded(groups, FIGURE, "CSV", tmp_path))
    finally:
        choose_what_downloads_hold(groups, "in downloads", raw=False)
    expected = treated().astype("float64").sort_index()
    pd.testing.assert_frame_equal(numbers(table), expected, check_names=False)
    again = as_read(downloaded(groups, FIGURE, "CSV", tmp_path))
    assert again.loc["Rare", "Admissions"] == ""
    assert f"'{FORMULA}" in again.index


def test_tables_leave_by_our_downloads_alone(groups: Page) -> None:
    figure = groups.locator(f".st-key-figure_{FIGURE}")
    unfold(groups, "The same numbers as a table")
    table = figure.get_by_test_id("stDataFrame")
    expect(table).to_be_visible(timeout=WAIT)
    frame = figure.get_by_test_id("stFullScreenFrame").filter(
        has=groups.get_by_test_id("stDataFrame")
    )
    toolbar_of(frame)
    offered = groups.locator("main button[aria-label]").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert [label for label in offered if label.startswith("Download as CSV")] == []


def below(sheet: Worksheet, *head: str) -> dict[str, object]:
    """The second column of a figure's table by the first; nothing where the sheet has no such."""
    rows = [row[:2] for row in sheet.iter_rows(values_only=True)]
    if head not in rows:
        return {}
    first = rows.index(head) + 1
    return {str(name).lstrip("'"): value for name, value in rows[first : first + len(treated())]}


def test_the_report_holds_the_figures_and_asks_nothing(
    groups: Page, new_context: NewContext, tmp_path: Path
) -> None:
    click(groups.get_by_role("button", name="Make the report"))
    expect(groups.get_by_text("Made: ")).to_be_visible(timeout=WAIT)
    settle(groups)
    saved = {
        label: download(groups.get_by_role("button", name=label), tmp_path)
        for label in ("Workbook (Excel)", "Page to print (HTML)")
    }
    book = openpyxl.load_workbook(saved["Workbook (Excel)"])
    assert book.sheetnames[:2] == ["Cover", "Key figures"]
    assert book.sheetnames[-2:] == ["Definitions", "Notes"]
    found = next(rows for sheet in book if (rows := below(sheet, "Treatment", "Admissions")))
    truth = treated()["Admissions"].to_dict()
    assert set(found) == set(truth)
    assert found["Rare"] is None
    shown = {name: count for name, count in found.items() if count is not None}
    assert len(shown) > len(truth) - 3
    assert shown == {name: truth[name] for name in shown}

    page = new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(saved["Page to print (HTML)"].as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("img").count() >= 5
    assert page.locator("script").count() == 0
