"""Paper: the figures, black on white, whole, on as many sheets as they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    WAIT,
    drawn,
    go_to,
    in_look,
    open_app,
    rich_file,
    unfold,
    upload,
    views,
)

SHEET = {"width": 703, "height": 1017}
"""A4 within its margins, in pixels: what a page is laid out on when it is printed."""

ASKED_FOR_CLICKS = [
    "stSidebar", "stHeader", "stElementToolbar", "stFileUploader", "stButton", "stDownloadButton",
    "stPopover", "stPageLink", "stNumberInput", "stSelectbox", "stMultiSelect", "stDateInput",
]  # fmt: skip

# Of what is not white paper under black words: text, its color, and the nearest background.
PALE = """() => [...document.querySelectorAll("main *")].flatMap(one => {
  const words = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  if (!words || one.closest("svg, canvas") || !one.getClientRects().length) return [];
  const style = getComputedStyle(one);
  const behind = [];
  for (let at = one; at; at = at.parentElement)
    behind.push(getComputedStyle(at).backgroundColor);
  const paper = behind.find(color => !/, 0\\)$|transparent/.test(color)) ?? "rgb(255, 255, 255)";
  const right = style.color === "rgb(0, 0, 0)" && paper === "rgb(255, 255, 255)";
  return right ? [] : [`${one.innerText.slice(0, 40)}: ${style.color} on ${paper}`];
})"""

# Whether what must stay whole fits a sheet, and may not be cut.
LAID = """all => all.map(one => {
  const box = one.getBoundingClientRect();
  return {what: one.className, left: box.left >= 0, right: box.right <= 703,
          low: box.height <= 1017, inside: getComputedStyle(one).breakInside};
})"""


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Literal["light", "dark"]:
    """All tests in one theme, then all in the other: what is drawn anew is drawn once."""
    chosen: Literal["light", "dark"] = request.param
    return chosen


@pytest.fixture
def overview(
    theme: Literal["light", "dark"], keep: Callable[..., Page], server: Server
) -> Iterator[Page]:
    """The overview of the sample network in each theme, one table unfolded, on the screen."""
    page = keep("sample", lambda page: open_app(page, f"{server.url}/overview?data=sample"))
    in_look(page, theme, 1280)
    go_to(page, "Overview")
    unfold(page, "All figures, with notes")
    drawn(page)
    yield page
    on_the_screen(page)


def on_paper(page: Page) -> None:
    """Lay the page out as it is on a sheet."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET["width"], "height": SHEET["height"]})
    drawn(page)
    page.evaluate("new Promise(done => setTimeout(done, 300))")  # charts follow the width


def on_the_screen(page: Page) -> None:
    """Lay the page out as it is in a window; a PDF of it is of paper again."""
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_all_of_the_overview_is_printed_in_black_on_white(overview: Page) -> None:
    sheets = len(re.findall(rb"/Type\s*/Page\b", overview.pdf(prefer_css_page_size=True)))
    on_paper(overview)
    tall: float = overview.evaluate(
        "document.querySelector('main').firstElementChild.getBoundingClientRect().height"
    )
    assert tall > SHEET["height"]
    assert sheets >= tall / SHEET["height"]
    assert overview.evaluate(PALE) == []
    expect(overview.locator("html")).to_have_css("font-size", "14px")


def test_a_sheet_is_a4_upright(page: Page, server: Server) -> None:
    open_app(page, server.url)
    drawn(page)
    box = re.search(rb"/MediaBox\s*\[([^\]]+)\]", page.pdf(prefer_css_page_size=True))
    assert box is not None
    assert [round(float(side)) for side in box[1].split()] in ([0, 0, 595, 842], [0, 0, 596, 842])


def test_nothing_that_asks_for_a_click_is_printed(overview: Page) -> None:
    asks_for_a_click(overview)
    go_to(overview, "Data", "Your data")
    expect(overview.get_by_test_id("stFileUploader")).to_be_visible(timeout=WAIT)
    asks_for_a_click(overview)
    go_to(overview, "Overview", "Key figures")
    unfold(overview, "All figures, with notes")
    drawn(overview)


def asks_for_a_click(page: Page) -> None:
    on_paper(page)
    nothing_asks(page)
    on_the_screen(page)


def nothing_asks(page: Page) -> None:
    for name in ASKED_FOR_CLICKS:
        shown = page.get_by_test_id(name).locator("visible=true")
        assert shown.count() == 0, f"{name} is printed on {page.url}"
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_every_part_of_the_breakdown_is_printed_as_the_overview_is(
    new_context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    """In the dark theme, which has further to go; the part is named, its choice is not there."""
    page = new_context(color_scheme="dark").new_page()
    open_app(page, server.url)
    upload(page, rich_file(tmp_path))
    go_to(page, "Breakdown")
    drawn(page)
    for part in views(page):
        on_paper(page)
        nothing_asks(page)
        assert page.evaluate(PALE) == []
        assert whole_on_a_sheet(page)
        expect(page.get_by_role("heading", name=part, level=2, exact=True)).to_be_visible()
        on_the_screen(page)


def test_what_is_folded_stays_away_and_what_is_open_is_printed(overview: Page) -> None:
    on_paper(overview)
    open_one = overview.get_by_test_id("stExpander").filter(has_text="All figures, with notes")
    expect(open_one.get_by_test_id("stDataFrame")).to_be_visible()
    folded = overview.locator('[data-testid="stExpander"]:has(> details:not([open]))')
    assert folded.count() > 0
    assert folded.locator("visible=true").count() == 0


def test_no_card_and_no_figure_is_wider_than_the_sheet_or_cut_across_two(overview: Page) -> None:
    on_paper(overview)
    figures = overview.locator('[class*="st-key-figure_"]').count()
    assert figures >= 8
    assert len(whole_on_a_sheet(overview)) > 2 * figures


def whole_on_a_sheet(page: Page) -> list[dict[str, object]]:
    """Everything that must not be cut: none of it is wider or higher than a sheet."""
    whole = '[data-testid="stMetric"], [data-testid="stVegaLiteChart"], [class*="st-key-figure_"]'
    cards = '[data-testid="stHorizontalBlock"]:has([data-testid="stMetric"])'
    boxes: list[dict[str, object]]
    boxes = page.locator(f"{whole}, {cards}").locator("visible=true").evaluate_all(LAID)
    fits = {"left": True, "right": True, "low": True, "inside": "avoid"}
    assert [box for box in boxes if {**box, **fits} != box] == []
    return boxes


def test_figures_stand_below_each_other_and_a_heading_stays_with_its_figure(
    overview: Page,
) -> None:
    on_paper(overview)
    figures = overview.locator('[class*="st-key-figure_"]')
    lefts = {round(box["x"]) for one in figures.all() if (box := one.bounding_box())}
    assert len(lefts) == 1
    for heading in overview.get_by_role("heading", level=2).locator("visible=true").all():
        held = heading.locator('xpath=ancestor::*[@data-testid="stElementContainer"]')
        expect(held).to_have_css("break-after", "avoid")


def test_a_chart_drawn_for_the_dark_theme_is_dark_on_white_on_paper(overview: Page) -> None:
    """Light and dark change places; in the light theme nothing is touched."""
    dark = overview.get_by_test_id("stApp").evaluate("one => getComputedStyle(one).colorScheme")
    chart = overview.get_by_test_id("stVegaLiteChart").first.locator("svg")
    expect(chart).to_have_css("filter", "none")
    on_paper(overview)
    expected = "invert(1) hue-rotate(180deg)" if dark == "dark" else "none"
    expect(chart).to_have_css("filter", expected)
    overview.emulate_media(media="screen")
    expect(chart).to_have_css("filter", "none")


def test_the_menu_prints(page: Page, server: Server) -> None:
    page.add_init_script("window.print = () => { window.printed = true; }")
    open_app(page, server.url)
    drawn(page)
    page.get_by_role("button", name="Main menu").press("Enter")
    page.get_by_role("menuitem", name="Print").press("Enter")
    page.wait_for_function("window.printed === true", timeout=WAIT)
