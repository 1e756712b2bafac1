"""axe-core, every rule it runs by default (WCAG 2.0 to 2.2, A and AA, and best practice) and
`target-size` (WCAG 2.2 AA, off by default), on every page of the menu in every state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import WAIT, choose, open_app, settle, unfold, upload

LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1280, 390)]
MESSY = (
    "Report of April,,,,,\nFacility,Unit code,Admission Date,Discharge Date,Cost,Patient Name\n"
    + "".join(
        f"{'North' if day % 2 else 'South'},{'AB'[day % 2]}{day % 3},2024-04-{day:02},"
        f"2024-0{4 if day % 9 else 3}-{min(day + 1, 30):02},"
        f"{day}00{'' if day % 7 else 'x'},Jo Smith {day}\n"
        for day in range(1, 29)
    )
    + "Total,,,,40600,\n,,,,,\nSource: billing,,,,,\n"
)
APART = "Facility,Department,Admission Date,Discharge Date\n" + "".join(
    f"{place},2024-04-{day:02},2024-04-{day + 1:02}\n"
    for day in range(1, 29)
    for place in ("North,Medicine", "South,Surgery")
)

Faults = dict[str, list[str]]
NewContext = Callable[..., BrowserContext]


def look_of(request: pytest.FixtureRequest, new_context: NewContext) -> Page:
    theme, width = request.param
    return new_context(color_scheme=theme, viewport={"width": width, "height": 900}).new_page()


# Colors depend on the theme and the order of things on the width: where nothing new is drawn,
# two of the four looks see both.
tab = pytest.fixture(params=LOOKS, ids=str)(look_of)
half = pytest.fixture(params=[LOOKS[0], LOOKS[-1]], ids=str)(look_of)


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """A file with a title, a total, a footnote, bad values, stays that end before they begin."""
    file = tmp_path / "april.csv"
    file.write_text(MESSY)
    return file


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate(
        "axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"
    )
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def drawn(page: Page) -> None:
    """Wait until nothing runs, nothing is a placeholder, and what was drawn last is mended."""
    settle(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=WAIT)
    page.wait_for_timeout(500)


def check(page: Page, state: str, found: Faults) -> None:
    """Write down what is wrong, with the sidebar open and closed."""
    for name in ("expand", "collapse") if is_narrow(page) else ("collapse", "expand"):
        drawn(page)
        if wrong := faults(page):
            found[f"{state}, before: {name} the sidebar"] = wrong
        turn_sidebar(page, name)


def is_narrow(page: Page) -> bool:
    size = page.viewport_size
    return size is not None and size["width"] < 768


def turn_sidebar(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"{name.capitalize()} sidebar").click()
    page.wait_for_timeout(400)


def paths(page: Page) -> list[str]:
    """The address of every page of the menu, as a link has it."""
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links.first).to_be_attached(timeout=WAIT)
    return [str(link.evaluate("link => new URL(link.href).pathname")) for link in links.all()]


def unfold_all(page: Page) -> None:
    """Open every expander; what is opened may hold more."""
    closed = page.locator('[data-testid="stExpander"] details:not([open]) > summary')
    for _ in range(20):
        if not closed.count():
            return
        closed.evaluate_all("all => all.forEach(one => one.click())")
        settle(page)
    raise AssertionError("expanders do not stay open")


def test_axe_sees_what_is_wrong(page: Page, server: Server) -> None:
    """The tests below would fail: a picture without words is found."""
    open_app(page, server.url)
    drawn(page)
    assert faults(page) == []
    page.evaluate("document.querySelector('main').append(new Image(30, 30))")
    assert [fault.split(":")[0] for fault in faults(page)] == ["image-alt"]


def test_no_fault_without_data(half: Page, server: Server) -> None:
    found: Faults = {}
    open_app(half, server.url)
    for path in paths(half):
        open_app(half, server.url + path)
        check(half, path, found)
    assert found == {}


def test_no_fault_with_the_sample_network(tab: Page, server: Server) -> None:
    found: Faults = {}
    open_app(tab, f"{server.url}/?data=sample")
    for path in paths(tab):
        open_app(tab, f"{server.url}{path}?data=sample")
        check(tab, path, found)
        unfold_all(tab)
        drawn(tab)
        found[f"{path}, all unfolded"] = faults(tab)
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_no_fault_in_what_opens_over_the_page(tab: Page, server: Server) -> None:
    found: Faults = {}
    open_app(tab, f"{server.url}/overview?data=sample")
    drawn(tab)
    for name in ("How this is computed", "Main menu"):
        tab.get_by_role("button", name=name).first.click()
        drawn(tab)
        found[name] = faults(tab)
        tab.keyboard.press("Escape")
    if is_narrow(tab):
        turn_sidebar(tab, "expand")
    tab.get_by_role("button", name="Choose date").first.click()
    drawn(tab)
    found["calendar"] = faults(tab)
    tab.keyboard.press("Escape")
    tab.get_by_role("combobox", name="Department").click()
    drawn(tab)
    found["list"] = faults(tab)
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_no_fault_where_filters_leave_nothing(half: Page, server: Server, tmp_path: Path) -> None:
    found: Faults = {}
    file = tmp_path / "apart.csv"
    file.write_text(APART)
    open_app(half, server.url)
    upload(half, file)
    half.get_by_role("link", name="See the key figures").click()
    expect(half.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    drawn(half)
    if is_narrow(half):
        turn_sidebar(half, "expand")
    for label, name in (("Facility", "North"), ("Department", "Surgery")):
        choose(half, label, name)
        half.keyboard.press("Escape")  # an open list hides all else from who reads the page
        settle(half)
    if is_narrow(half):
        turn_sidebar(half, "collapse")
    expect(half.get_by_text("The filters leave nothing")).to_be_visible(timeout=WAIT)
    check(half, "nothing left", found)
    assert found == {}


def test_no_fault_with_a_messy_file(tab: Page, server: Server, messy: Path) -> None:
    found: Faults = {}
    open_app(tab, server.url)
    upload(tab, messy)
    check(tab, "as loaded", found)
    unfold_all(tab)
    drawn(tab)
    found["all unfolded"] = faults(tab)
    tab.get_by_role("link", name="See the key figures").click()
    expect(tab.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    check(tab, "overview", found)
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_every_page_says_what_it_is(page: Page, server: Server) -> None:
    open_app(page, f"{server.url}/?data=sample")
    for link in page.get_by_test_id("stSidebarNavLink").all():
        link.click()
        name = link.inner_text().split("\n")[-1].strip()
        expect(page).to_have_title(f"{name} · CareMap", timeout=WAIT)
        drawn(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.get_by_role("navigation")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_every_chart_has_a_name_that_tells_what_it_shows(page: Page, server: Server) -> None:
    open_app(page, f"{server.url}/overview?data=sample")
    drawn(page)
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.first).to_be_visible(timeout=WAIT)
    for chart in charts.all():
        assert len(chart.get_attribute("aria-label") or "") > 60
    for spark in page.get_by_test_id("stMetricChart").all():
        expect(spark).to_have_role("img")
        expect(spark).to_have_accessible_name("Line of the same figure over the last whole periods")


@pytest.mark.parametrize("width", [640, 320])
def test_a_page_at_200_and_400_percent_scrolls_one_way_only(
    new_context: NewContext, server: Server, messy: Path, width: int
) -> None:
    """WCAG 1.4.10: 1280 pixels enlarged twice and four times are 640 and 320."""
    page = new_context(viewport={"width": width, "height": 256}).new_page()
    open_app(page, f"{server.url}/?data=sample")
    wide = {}
    for path in paths(page):
        open_app(page, f"{server.url}{path}?data=sample")
        drawn(page)
        wide[path] = sticks_out(page)
    open_app(page, server.url)
    upload(page, messy)
    unfold_all(page)
    drawn(page)
    wide["messy"] = sticks_out(page)
    assert {name: pixels for name, pixels in wide.items() if pixels} == {}


def sticks_out(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    pixels: int = page.evaluate(
        """() => Math.max(...[document.documentElement, document.querySelector("main")]
                          .map(one => one.scrollWidth - one.clientWidth))"""
    )
    return pixels


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
    open_app(page, f"{server.url}/?data=sample")
    drawn(page)
    turn_sidebar(page, "expand")
    page.get_by_test_id("stSidebarNav").get_by_text("Overview").click()
    expect(page.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    expect(page.get_by_role("main")).to_be_focused()


def test_choosing_a_page_on_a_desk_leaves_the_sidebar(page: Page, server: Server) -> None:
    open_app(page, f"{server.url}/?data=sample")
    page.get_by_test_id("stSidebarNav").get_by_text("Overview").click()
    expect(page.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    drawn(page)
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")


def test_a_table_offers_no_download_that_would_open_as_formulas(page: Page, server: Server) -> None:
    open_app(page, f"{server.url}/overview?data=sample")
    drawn(page)
    unfold(page, "All figures, with notes")
    table = page.get_by_test_id("stFullScreenFrame").filter(
        has=page.get_by_test_id("stDataFrame").locator("visible=true")
    )
    unsafe = page.locator('button[aria-label^="Download as CSV"]')
    for _ in ("in the page", "on the full screen"):
        table.last.hover()
        expect(table.last.get_by_role("button", name="Search")).to_be_visible(timeout=WAIT)
        expect(unsafe.locator("visible=true")).to_have_count(0)
        assert unsafe.count() > 0, "Streamlit names its download otherwise: see accessibility.css"
        table.last.get_by_role("button", name="Fullscreen").click()
        page.wait_for_timeout(500)
