"""axe-core, every rule it runs by default (WCAG 2.0 to 2.2, A and AA, and best practice) and
`target-size` (WCAG 2.2 AA, off by default), on every page of the menu in every state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    MENU,
    WAIT,
    choose,
    click,
    drawn,
    go_to,
    in_look,
    is_narrow,
    messy_file,
    open_app,
    rich_file,
    settle,
    turn_sidebar,
    unfold,
    unfold_all,
    upload,
)

APART = "Facility,Department,Admission Date,Discharge Date\n" + "".join(
    f"{place},2024-04-{day:02},2024-04-{day + 1:02}\n"
    for day in range(1, 29)
    for place in ("North,Medicine", "South,Surgery")
)

Faults = dict[str, list[str]]


# Colors depend on the theme, the order and size of things on the width: two looks hold both themes
# and both widths. What is on the page is the same, so it is drawn once and looked at twice.
LOOKS: list[tuple[Literal["light", "dark"], int]] = [("light", 1280), ("dark", 390)]


@pytest.fixture
def sample(keep: Callable[..., Page], server: Server) -> Page:
    """A session with the sample network, on its overview, with nothing open over the page."""
    page = keep("sample", lambda page: open_app(page, f"{server.url}/?data=sample"))
    page.keyboard.press("Escape")
    in_look(page, *LOOKS[0])
    go_to(page, "Overview")
    return page


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate(
        """() => axe.run({resultTypes: ["violations"], rules: {"target-size": {enabled: true}}})"""
    )
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def check(page: Page, state: str, found: Faults) -> None:
    """Write down what is wrong in each look, beginning with the one the page is in."""
    for theme, width in LOOKS[:: -1 if is_narrow(page) else 1]:
        in_look(page, theme, width)
        found[f"{state}, {theme}, {width}"] = faults(page)


def check_with_sidebar(page: Page, state: str, found: Faults) -> None:
    """The same, and with the sidebar turned the other way."""
    for theme, width in LOOKS[:: -1 if is_narrow(page) else 1]:
        in_look(page, theme, width)
        found[f"{state}, {theme}, {width}"] = faults(page)
        turn_sidebar(page, "expand" if is_narrow(page) else "collapse")
        drawn(page)
        found[f"{state}, {theme}, {width}, the sidebar turned"] = faults(page)
        turn_sidebar(page, "collapse" if is_narrow(page) else "expand")


def test_axe_sees_what_is_wrong(page: Page, server: Server) -> None:
    """The tests below would fail: a picture without words is found."""
    open_app(page, server.url)
    drawn(page)
    assert faults(page) == []
    page.evaluate("document.querySelector('main').append(new Image(30, 30))")
    assert [fault.split(":")[0] for fault in faults(page)] == ["image-alt"]


def wrong_ones(found: Faults) -> Faults:
    return {state: wrong for state, wrong in found.items() if wrong}


def test_no_fault_without_data(page: Page, server: Server) -> None:
    found: Faults = {}
    open_app(page, server.url)
    check_with_sidebar(page, "Data, the first page", found)
    for title in MENU:
        go_to(page, title)
        check(page, title, found)
    assert wrong_ones(found) == {}


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_no_fault_in_what_opens_over_the_page(
    sample: Page, theme: Literal["light", "dark"], width: int
) -> None:
    found: Faults = {}
    in_look(sample, theme, width)
    for name in ("How this is computed", "Main menu"):
        click(sample.get_by_role("button", name=name).first)
        drawn(sample)
        found[name] = faults(sample)
        sample.keyboard.press("Escape")
    turn_sidebar(sample, "expand")
    click(sample.get_by_role("button", name="Choose date").first)
    drawn(sample)
    found["calendar"] = faults(sample)
    sample.keyboard.press("Escape")
    click(sample.get_by_role("combobox", name="Department"))
    expect(sample.get_by_role("option").first).to_be_visible(timeout=WAIT)
    drawn(sample)
    found["list"] = faults(sample)
    sample.keyboard.press("Escape")
    assert wrong_ones(found) == {}


def test_no_fault_where_filters_leave_nothing(page: Page, server: Server, tmp_path: Path) -> None:
    found: Faults = {}
    file = tmp_path / "apart.csv"
    file.write_text(APART)
    open_app(page, server.url)
    upload(page, file)
    go_to(page, "Overview")
    for label, name in (("Facility", "North"), ("Department", "Surgery")):
        choose(page, label, name)
        page.keyboard.press("Escape")  # an open list hides all else from who reads the page
        settle(page)
    expect(page.get_by_text("The filters leave nothing")).to_be_visible(timeout=WAIT)
    check_with_sidebar(page, "nothing left", found)
    assert wrong_ones(found) == {}


def test_no_fault_with_a_messy_file(page: Page, server: Server, tmp_path: Path) -> None:
    found: Faults = {}
    messy = messy_file(tmp_path)
    open_app(page, server.url)
    upload(page, messy)
    check(page, "as loaded", found)
    unfold_all(page)
    check(page, "all unfolded", found)
    click(page.get_by_role("link", name="See the key figures"))
    expect(page.get_by_role("heading", level=1, name="Key figures")).to_be_visible(timeout=WAIT)
    check(page, "overview", found)
    assert wrong_ones(found) == {}


def test_no_fault_where_a_page_is_narrowed_and_its_report_made(
    page: Page, server: Server, tmp_path: Path
) -> None:
    found: Faults = {}
    open_app(page, server.url)
    upload(page, rich_file(tmp_path))
    go_to(page, "Breakdown")
    unfold(page, "Narrow this page")
    expect(page.get_by_role("combobox", name="Column", exact=True)).to_be_visible(timeout=WAIT)
    check(page, "the list of groups", found)
    choose(page, "Keep only these: Treatment", "Treatment 03")
    page.keyboard.press("Escape")
    settle(page)
    check(page, "the list of groups, one picked", found)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Treatment: Treatment 03")).to_be_visible(timeout=WAIT)
    click(page.get_by_role("button", name="Make the report"))
    expect(page.get_by_text("Made: ")).to_be_visible(timeout=WAIT)
    check(page, "the report made", found)
    assert wrong_ones(found) == {}
