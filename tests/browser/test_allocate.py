"""The Allocate page in a browser: a table of one's own, what comes of it, and the workbook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import WAIT, click, download, drawn, go_to, open_app, show_part

PLACES = """Place,Units needed,Expected over usual
Calm,5,1.0
Stormy,5,2.0
"""


def test_a_table_of_ones_own_gets_its_allocation_and_its_workbook(
    page: Page, server: Server, tmp_path: Path
) -> None:
    open_app(page, server.url)
    go_to(page, "Allocate")
    expect(page.get_by_text("worked out from an invented example")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Proven optimal")).to_be_visible(timeout=WAIT)
    click(page.get_by_role("button", name="Upload a table").first)
    file = tmp_path / "places.csv"
    file.write_text(PLACES)
    page.locator('input[type="file"]').first.set_input_files(file)
    figure = page.get_by_role("heading", name="All 10 beds needed are sent")
    expect(figure).to_be_visible(timeout=WAIT)
    drawn(page)
    click(page.get_by_role("button", name="Make the workbook"))
    button = page.get_by_role("button", name="Workbook (Excel)")
    expect(button).to_be_visible(timeout=WAIT)
    book = openpyxl.load_workbook(download(button, tmp_path), read_only=True)
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"Calm", "Stormy", "National reserve"} <= cells


def test_what_was_typed_still_stands_after_another_part_was_looked_at(
    page: Page, server: Server, tmp_path: Path
) -> None:
    open_app(page, server.url)
    go_to(page, "Allocate")
    click(page.get_by_role("button", name="Upload a table").first)
    file = tmp_path / "places.csv"
    file.write_text(PLACES)
    page.locator('input[type="file"]').first.set_input_files(file)
    undo = page.get_by_role("button", name="Undo what was typed")
    expect(undo).to_be_visible(timeout=WAIT)
    show_part(page, "Telemedicine")
    expect(undo).to_have_count(0)
    show_part(page, "Emergency response")
    expect(undo).to_be_visible(timeout=WAIT)
