"""The Staffing page in a browser: a file with ZIP codes and staff, limits, and what leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    WAIT,
    click,
    download,
    drawn,
    go_to,
    insist,
    open_app,
    show_part,
    upload,
)

SITES = """Facility,ZIP,Population,Staff
A,98007,27571,21
B,98290,39873,52
C,98065,15960,43
D,98801,44801,9
E,98104,15052,64
"""


@pytest.fixture
def page(keep: Callable[..., Page], server: Server, tmp_path: Path) -> Page:
    """A session with five facilities, on the Staffing page, without limits."""

    def make(page: Page) -> None:
        open_app(page, server.url)
        file = tmp_path / "sites.csv"
        file.write_text(SITES)
        upload(page, file)
        go_to(page, "Staffing")

    page = keep("sites", make)
    limit(page, "Longest move (km)", "")
    show_part(page, "Facilities")
    return page


def moved(page: Page) -> Locator:
    """The card that says how many move."""
    return page.get_by_test_id("stMetric").filter(has_text="People to move")


def limit(page: Page, label: str, value: str) -> None:
    """Type a limit in; nothing takes it away."""
    box = page.get_by_role("spinbutton", name=label)

    def write() -> None:
        if not box.is_visible():
            page.get_by_role("button", name="Limits").click()
        box.fill(value)
        box.press("Enter")

    insist(page, write, lambda: expect(box).to_have_value(value))
    page.keyboard.press("Escape")
    drawn(page)


def test_a_file_with_zip_codes_and_staff_gets_the_best_plan(page: Page) -> None:
    expect(moved(page)).to_contain_text("66", timeout=WAIT)
    expect(page.get_by_text("Proven optimal")).to_be_visible()
    expect(page.get_by_text("6,988 staff-kilometres").first).to_be_visible()
    show_part(page, "Moves")
    heading = page.get_by_role("heading", name="66 people move 6,988")
    expect(heading).to_be_visible(timeout=WAIT)


def test_the_workbook_has_the_moves_within_the_longest_move(page: Page, tmp_path: Path) -> None:
    limit(page, "Longest move (km)", "60")
    expect(moved(page)).to_contain_text("50", timeout=WAIT)
    click(page.get_by_role("button", name="Make the workbook"))
    button = page.get_by_role("button", name="Workbook (Excel)")
    expect(button).to_be_visible(timeout=WAIT)
    book = openpyxl.load_workbook(download(button, tmp_path), read_only=True)
    rows = list(book["Moves"].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if "From" in row)
    at = {name: rows[head].index(name) for name in ("From", "To")}
    people = next(place for place, name in enumerate(rows[head]) if "eople" in str(name))
    km = next(place for place, name in enumerate(rows[head]) if "km" in str(name))
    moves = [row for row in rows[head + 1 :] if row[at["From"]] in set("ABCDE")]
    assert sum(row[people] for row in moves) == 50
    assert all(row[km] <= 60 for row in moves)
    assert "D" not in {row[at["To"]] for row in moves}
    show_part(page, "Still short")
    expect(page.get_by_text("50 people short of the targets")).to_be_visible(timeout=WAIT)


def test_a_point_of_the_curve_becomes_the_plan(page: Page) -> None:
    show_part(page, "How many moves")
    expect(page.get_by_role("heading", name="moves").first).to_be_visible(timeout=WAIT)
    slider = page.get_by_role("slider", name="People moved at most")
    insist(
        page,
        lambda: slider.press("ArrowLeft"),
        lambda: expect(page.get_by_role("button", name="Plan with at most 65")).to_be_visible(),
    )
    click(page.get_by_role("button", name="Plan with at most 65"))
    expect(moved(page)).to_contain_text("65", timeout=WAIT)
    click(page.get_by_role("button", name="Plan without this limit"))
    expect(moved(page)).to_contain_text("66", timeout=WAIT)


def test_a_point_of_the_curve_takes_the_place_of_a_number_typed_in_for_good(page: Page) -> None:
    box = page.get_by_role("spinbutton", name="People moved at most")
    box.fill("30")
    box.press("Enter")
    expect(moved(page)).to_contain_text("30", timeout=WAIT)
    show_part(page, "How many moves")
    slider = page.get_by_role("slider", name="People moved at most")
    taken = page.get_by_role("button", name="Plan with at most 29")
    insist(page, lambda: slider.press("ArrowLeft"), lambda: expect(taken).to_be_visible())
    click(taken)
    show_part(page, "Moves")
    expect(moved(page)).to_contain_text("29", timeout=WAIT)
    expect(box).to_have_value("29")
    show_part(page, "How many moves")
    click(page.get_by_role("button", name="Plan without this limit"))
    show_part(page, "Moves")
    expect(moved(page)).to_contain_text("66", timeout=WAIT)
