"""What a screen reader is told, and what small, enlarged and unmoving screens show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser.conftest import Server
from tests.browser.driving import (
    MENU,
    SOON,
    WAIT,
    click,
    drawn,
    go_to,
    in_look,
    messy_file,
    open_app,
    toolbar_of,
    turn_sidebar,
    unfold,
    unfold_all,
    upload,
)

NewContext = Callable[..., BrowserContext]


@pytest.fixture
def sample(keep: Callable[..., Page], server: Server) -> Page:
    """A session with the sample network, on a desk."""
    page = keep("sample", lambda page: open_app(page, f"{server.url}/?data=sample"))
    in_look(page, "light", 1280)
    return page


def test_every_page_says_what_it_is(sample: Page) -> None:
    links = sample.get_by_test_id("stSidebarNavLink").all()
    assert [link.inner_text().split("\n")[-1].strip() for link in links] == list(MENU)
    for link, name in zip(links, MENU, strict=True):
        click(link)
        expect(sample).to_have_title(f"{name} · CareMap", timeout=WAIT)
        drawn(sample)
        expect(sample.get_by_role("heading", level=1)).to_have_count(1)
        expect(sample.get_by_role("main")).to_have_count(1)
        expect(sample.get_by_role("navigation")).to_have_count(1)
    expect(sample.locator("html")).to_have_attribute("lang", "en")


def test_every_chart_has_a_name_that_tells_what_it_shows(sample: Page) -> None:
    go_to(sample, "Overview", "Key figures")
    drawn(sample)
    charts = sample.get_by_test_id("stVegaLiteChart")
    expect(charts.first).to_be_visible(timeout=WAIT)
    for chart in charts.all():
        assert len(chart.get_attribute("aria-label") or "") > 60
    for spark in sample.get_by_test_id("stMetricChart").all():
        expect(spark).to_have_role("img")
        expect(spark).to_have_accessible_name("Line of the same figure over the last whole periods")


def test_choosing_a_page_on_a_desk_leaves_the_sidebar(sample: Page) -> None:
    for title, heading in (("Data", "Your data"), ("Overview", "Key figures")):
        go_to(sample, title, heading)
        drawn(sample)
        expect(sample.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")


def test_a_table_offers_no_download_that_would_open_as_formulas(sample: Page) -> None:
    go_to(sample, "Overview", "Key figures")
    drawn(sample)
    unfold(sample, "All figures, with notes")
    table = (
        sample.get_by_test_id("stFullScreenFrame")
        .filter(has=sample.get_by_test_id("stDataFrame").locator("visible=true"))
        .last
    )
    unsafe = sample.locator('button[aria-label^="Download as CSV"]')
    bar = toolbar_of(table)
    expect(unsafe).to_have_count(0)
    bar.get_by_role("button", name="Fullscreen").press("Enter")
    smaller = sample.get_by_role("button", name="Close fullscreen")
    expect(smaller).to_be_attached(timeout=WAIT)
    toolbar_of(table)
    expect(unsafe).to_have_count(0)
    smaller.press("Enter")
    expect(smaller).to_have_count(0)


WIDTHS = [640, 320]
"""WCAG 1.4.10: 1280 pixels enlarged twice and four times."""


def test_a_messy_file_at_200_and_400_percent_scrolls_one_way_only(
    page: Page, server: Server, tmp_path: Path
) -> None:
    open_app(page, server.url)
    upload(page, messy_file(tmp_path))
    unfold_all(page)
    wide = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 256})
        drawn(page)
        wide[width] = sticks_out(page)
    assert {name: pixels for name, pixels in wide.items() if pixels} == {}


WIDER = """Math.max(...[document.documentElement, document.querySelector("main")]
                     .map(one => one.scrollWidth - one.clientWidth))"""


def sticks_out(page: Page) -> int:
    """How many pixels the page is wider than its window, once its charts have followed."""
    try:
        page.wait_for_function(f"{WIDER} <= 0", timeout=SOON)
    except TooLate:
        pixels: int = page.evaluate(WIDER)
        return pixels
    return 0


@pytest.mark.parametrize(("wish", "still"), [("reduce", True), ("no-preference", False)])
def test_who_asks_for_less_motion_gets_none(
    new_context: NewContext, server: Server, wish: str, still: bool
) -> None:
    page = new_context(reduced_motion=wish).new_page()
    open_app(page, server.url)
    drawn(page)
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("*")].flatMap(one => {
             const style = getComputedStyle(one);
             return [style.transitionDuration, style.animationDuration]
               .flatMap(text => text.split(",").map(parseFloat));
           }))"""
    )
    assert (longest < 0.001) is still


def test_choosing_a_page_on_a_telephone_closes_the_sidebar(
    new_context: NewContext, server: Server
) -> None:
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    open_app(page, f"{server.url}/")
    turn_sidebar(page, "expand")
    click(page.get_by_test_id("stSidebarNav").get_by_text("Overview"))
    expect(page.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    expect(page.get_by_role("main")).to_be_focused()
