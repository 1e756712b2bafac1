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
from tests.browser.driving import (
    MENU,
    WAIT,
    choose,
    drawn,
    is_narrow,
    messy_file,
    open_app,
    rich_file,
    settle,
    turn_sidebar,
    unfold,
    unfold_all,
    upload,
    views,
    visit,
)

APART = "Facility,Department,Admission Date,Discharge Date\n" + "".join(
    f"{place},2024-04-{day:02},2024-04-{day + 1:02}\n"
    for day in range(1, 29)
    for place in ("North,Medicine", "South,Surgery")
)

Faults = dict[str, list[str]]
NewContext = Callable[..., BrowserContext]


# Colors depend on the theme, the order of things on the width: two of the four looks see all
# of the page with every rule, the others what depends on both.
LOOKS = [("light", 1280), ("dark", 390)]
OTHER_WIDTH = {1280: 390, 390: 1280}
BY_LOOK = ["color-contrast", "target-size"]


def options_of(request: pytest.FixtureRequest) -> dict[str, object]:
    theme, width = request.param
    return {"color_scheme": theme, "viewport": {"width": width, "height": 900}}


@pytest.fixture(scope="module", params=LOOKS, ids=str)
def sample(request: pytest.FixtureRequest, kept_context: NewContext, server: Server) -> Page:
    """A session with the sample network, for all tests of a look."""
    page = kept_context(**options_of(request)).new_page()
    open_app(page, f"{server.url}/overview?data=sample")
    drawn(page)
    return page


@pytest.fixture(params=LOOKS, ids=str)
def tab(request: pytest.FixtureRequest, new_context: NewContext) -> Page:
    """A session with nothing in it."""
    return new_context(**options_of(request)).new_page()


def faults(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe-core finds wrong on the page as it stands, by all rules or by some."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate(
        """only => axe.run({resultTypes: ["violations"], ...(only ? {runOnly: only}
                           : {rules: {"target-size": {enabled: true}}})})""",
        only,
    )
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def check(page: Page, state: str, found: Faults) -> None:
    """Write down what is wrong, with the sidebar open and closed."""
    for name in ("expand", "collapse") if is_narrow(page) else ("collapse", "expand"):
        drawn(page)
        if wrong := faults(page):
            found[f"{state}, before: {name} the sidebar"] = wrong
        turn_sidebar(page, name)


def test_axe_sees_what_is_wrong(page: Page, server: Server) -> None:
    """The tests below would fail: a picture without words is found."""
    open_app(page, server.url)
    drawn(page)
    assert faults(page) == []
    page.evaluate("document.querySelector('main').append(new Image(30, 30))")
    assert [fault.split(":")[0] for fault in faults(page)] == ["image-alt"]


def at_the_other_width(page: Page) -> list[str]:
    """What axe-core finds wrong in colors and sizes on a screen of the other look."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({**size, "width": OTHER_WIDTH[size["width"]]})
    drawn(page)
    found = faults(page, BY_LOOK)
    page.set_viewport_size(size)
    return found


def wrong_ones(found: Faults) -> Faults:
    return {state: wrong for state, wrong in found.items() if wrong}


def test_no_fault_without_data(tab: Page, server: Server) -> None:
    found: Faults = {}
    open_app(tab, server.url)
    drawn(tab)
    for title in MENU:
        visit(tab, title)
        check(tab, title, found)
    assert found == {}


def test_no_fault_with_the_sample_network(sample: Page) -> None:
    found: Faults = {}
    for title in MENU:
        visit(sample, title)
        check(sample, title, found)
        for part in views(sample):
            unfold_all(sample)
            drawn(sample)
            found[f"{title}, {part}, unfolded"] = faults(sample)
            found[f"{title}, {part}, the other width"] = at_the_other_width(sample)
    box = sample.get_by_role("searchbox", name="Search the measures")
    box.fill("KH03")
    box.press("Enter")
    expect(sample.get_by_text("2 measures found.")).to_be_visible(timeout=WAIT)
    drawn(sample)
    found["Glossary, a search"] = faults(sample)
    assert wrong_ones(found) == {}


def test_no_fault_in_what_opens_over_the_page(sample: Page) -> None:
    found: Faults = {}
    visit(sample, "Overview")
    for name in ("How this is computed", "Main menu"):
        sample.get_by_role("button", name=name).first.click()
        drawn(sample)
        found[name] = faults(sample)
        sample.keyboard.press("Escape")
    if is_narrow(sample):
        turn_sidebar(sample, "expand")
    sample.get_by_role("button", name="Choose date").first.click()
    drawn(sample)
    found["calendar"] = faults(sample)
    sample.keyboard.press("Escape")
    sample.get_by_role("combobox", name="Department").click()
    drawn(sample)
    found["list"] = faults(sample)
    sample.keyboard.press("Escape")
    if is_narrow(sample):
        turn_sidebar(sample, "collapse")
    assert wrong_ones(found) == {}


def test_no_fault_where_filters_leave_nothing(tab: Page, server: Server, tmp_path: Path) -> None:
    found: Faults = {}
    file = tmp_path / "apart.csv"
    file.write_text(APART)
    open_app(tab, server.url)
    upload(tab, file)
    tab.get_by_role("link", name="See the key figures").click()
    expect(tab.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    drawn(tab)
    if is_narrow(tab):
        turn_sidebar(tab, "expand")
    for label, name in (("Facility", "North"), ("Department", "Surgery")):
        choose(tab, label, name)
        tab.keyboard.press("Escape")  # an open list hides all else from who reads the page
        settle(tab)
    if is_narrow(tab):
        turn_sidebar(tab, "collapse")
    expect(tab.get_by_text("The filters leave nothing")).to_be_visible(timeout=WAIT)
    check(tab, "nothing left", found)
    assert found == {}


def test_no_fault_with_a_messy_file(tab: Page, server: Server, tmp_path: Path) -> None:
    found: Faults = {}
    messy = messy_file(tmp_path)
    open_app(tab, server.url)
    upload(tab, messy)
    check(tab, "as loaded", found)
    unfold_all(tab)
    drawn(tab)
    found["all unfolded"] = faults(tab)
    tab.get_by_role("link", name="See the key figures").click()
    expect(tab.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    check(tab, "overview", found)
    assert wrong_ones(found) == {}


def test_no_fault_where_a_page_is_narrowed_and_its_report_made(
    tab: Page, server: Server, tmp_path: Path
) -> None:
    found: Faults = {}
    open_app(tab, server.url)
    upload(tab, rich_file(tmp_path))
    visit(tab, "Breakdown")
    unfold(tab, "Narrow this page")
    expect(tab.get_by_role("combobox", name="Column", exact=True)).to_be_visible(timeout=WAIT)
    drawn(tab)
    found["the list of groups"] = faults(tab)
    choose(tab, "Keep only these: Treatment", "Treatment 03")
    tab.keyboard.press("Escape")
    settle(tab)
    found["the list of groups, one picked"] = faults(tab)
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("button", name="Treatment: Treatment 03")).to_be_visible(timeout=WAIT)
    tab.get_by_role("button", name="Make the report").click()
    expect(tab.get_by_text("Made: ")).to_be_visible(timeout=WAIT)
    drawn(tab)
    found["the report made"] = faults(tab)
    assert wrong_ones(found) == {}
