"""The Data page in a real browser: files as people have them, overruled and remembered."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    WAIT,
    choose,
    click,
    download,
    open_app,
    settle,
    unfold,
    upload,
)

COLUMNS = "How the columns were read, and how to change it"
LAYOUT = "Change the sheet, the row of column names or the kind of table"
PREVIEW = "Preview and rows set aside"
STAYS = "Facility,Unit code,Admission Date,Discharge Date,Cost\n" + "".join(
    f"North,{'AB'[day % 2]}{day % 3},2024-04-{day:02},2024-04-{day + 1:02},{day}00\n"
    for day in range(1, 29)
)

# Which of the real files is understood and which refused, and words that must be said of it.
FIVE = [
    ("data/kaggle_healthcare/healthcare_dataset_original.csv", "10,000 rows read"),
    ("data/texas_tsa/hospitalizations.xlsx", "rows read"),
    ("messy/own/title_and_total_rows.csv", "rows read"),
    ("messy/own/png_named.csv", "is a PNG picture"),
    ("messy/own/zip_bomb_600MB_sheet.xlsx", "unpack"),
]


def give(page: Page, file: Path) -> None:
    """Put a file into the uploader, whatever becomes of it."""
    page.locator('input[type="file"]').first.set_input_files(file)
    settle(page)


def test_five_real_files_in_a_row_are_understood_or_refused_in_words(
    page: Page, server: Server, shared: Path, outside_requests: list[str]
) -> None:
    open_app(page, server.url)
    for path, said in FIVE:
        give(page, shared / path)
        expect(page.get_by_text(said).last).to_be_visible(timeout=WAIT)
    removable = page.get_by_role("button", name="Remove", exact=True)
    expect(removable).to_have_count(3)
    refusals = page.get_by_test_id("stAlert").filter(has_text="_")
    for name in ("png_named.csv", "zip_bomb_600MB_sheet.xlsx"):
        expect(refusals.filter(has_text=name)).to_be_visible()
    click(page.get_by_role("button", name="Dismiss").first)
    expect(page.get_by_text("is a PNG picture")).to_have_count(0, timeout=WAIT)
    expect(refusals.filter(has_text="zip_bomb")).to_be_visible()
    for word in ("Traceback", "Error:", "Exception"):
        expect(page.get_by_text(word)).to_have_count(0)
        assert word not in server.log
    assert outside_requests == []


def test_the_rows_set_aside_are_downloaded(page: Page, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "april.csv"
    file.write_text(STAYS + "Total,,,,40600\n,,,,\nSource: billing,,,,\n")
    open_app(page, server.url)
    upload(page, file)
    expect(page.get_by_text("28 used, 2 set aside")).to_be_visible()
    unfold(page, PREVIEW)
    offered = page.locator("[class*=st-key-downloads_aside]")
    saved = download(offered.get_by_role("button", name="CSV"), tmp_path)
    with saved.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["source row"] for row in rows] == ["30", "32"]
    assert [row["Facility"] for row in rows] == ["Total", "Source: billing"]


def test_the_sheet_of_a_workbook_is_switched(page: Page, server: Server, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Stays"
    for line in STAYS.splitlines():
        sheet.append(line.split(","))
    beds = book.create_sheet("Ward beds")
    for row in (["Ward", "Beds"], ["A", 12], ["B", 9], ["C", 7]):
        beds.append(row)
    file = tmp_path / "book.xlsx"
    book.save(file)
    open_app(page, server.url)
    upload(page, file)
    expect(page.get_by_text("Sheet “Stays”").first).to_be_visible()
    unfold(page, LAYOUT)
    choose(page, "Sheet", "Ward beds")
    settle(page)
    expect(page.get_by_text("3 rows read, 3 used").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("combobox", name="Sheet").first).to_have_value("Ward beds")


def test_another_row_of_names_is_chosen_beside_the_rows_as_they_stand(
    page: Page, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "april.csv"
    file.write_text("Site,Code,Start,End,Euro\n" + STAYS)
    open_app(page, server.url)
    upload(page, file)
    unfold(page, LAYOUT)
    shown = page.get_by_test_id("stDataFrame")
    expect(shown.first).to_be_visible(timeout=WAIT)
    cells = shown.first.locator("td")
    expect(cells.filter(has_text="Unit code").first).to_be_attached(timeout=WAIT)
    other = "2" if page.get_by_text("The column names are in row 1.").count() else "1"
    choose(page, "Column names are in", f"Row {other}")
    settle(page)
    expect(page.get_by_text(f"The column names are in row {other}.")).to_be_visible(timeout=WAIT)
    expect(cells.filter(has_text=f"{other} ← names")).to_be_attached(timeout=WAIT)
    expect(page.get_by_role("combobox", name="Column names are in")).to_have_value(f"Row {other}")
    choose(page, "Column names are in", "Row 60")  # no such row: refused, and put back
    settle(page)
    expect(page.get_by_text("Not changed.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("combobox", name="Column names are in")).to_have_value(f"Row {other}")


def test_choices_are_saved_and_used_in_a_fresh_session(
    new_context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    april, may = tmp_path / "april.csv", tmp_path / "may.csv"
    april.write_text(STAYS)
    may.write_text(STAYS.replace("2024-04", "2024-05"))
    page = new_context().new_page()
    open_app(page, server.url)
    upload(page, april)
    unfold(page, COLUMNS)
    choose(page, "Diagnosis", "Unit code")
    click(page.get_by_role("button", name="Apply"))
    expect(page.get_by_role("combobox", name="Diagnosis")).to_have_value("Unit code", timeout=WAIT)
    saved = download(
        page.get_by_role("button", name="Save these choices for the next file"), tmp_path
    )
    assert saved.name.startswith("caremap_choices_stays_")
    assert json.loads(saved.read_text())["choices"]["mapping"] == {"diagnosis": "unit code"}

    fresh = new_context().new_page()
    open_app(fresh, server.url)
    give(fresh, saved)
    expect(fresh.get_by_text("The saved choices are kept")).to_be_visible(timeout=WAIT)
    upload(fresh, may)
    expect(fresh.get_by_text("The columns are known: read with")).to_be_visible(timeout=WAIT)
    unfold(fresh, COLUMNS)
    expect(fresh.get_by_role("combobox", name="Diagnosis")).to_have_value("Unit code")
    click(fresh.get_by_role("button", name="Undo"))
    expect(fresh.get_by_role("combobox", name="Diagnosis")).to_have_value("(no column)")
    expect(fresh.get_by_text("The columns are known")).to_have_count(0)


@pytest.mark.parametrize("encoding", ["Shift-JIS (Japanese)", "EUC-JP (Japanese)"])
def test_the_encoding_of_a_japanese_file_is_chosen_by_what_reads_right(
    page: Page, server: Server, tmp_path: Path, encoding: str
) -> None:
    codec = {"Shift-JIS (Japanese)": "cp932", "EUC-JP (Japanese)": "euc_jp"}[encoding]
    text = "診療科,入院日,退院日\n" + "".join(
        f"リハビリテーション科,2024-04-{day:02},2024-04-{day + 1:02}\n整形外科,2024-04-{day:02},\n"
        for day in range(1, 20)
    )
    file = tmp_path / "stays.csv"
    file.write_bytes(text.encode(codec))
    open_app(page, server.url)
    upload(page, file)
    unfold(page, LAYOUT)
    choose(page, "Letters are written in", "Windows-1252")
    settle(page)
    cells = page.get_by_test_id("stDataFrame").first.locator("td")
    expect(cells.filter(has_text="診療科")).to_have_count(0, timeout=WAIT)
    box = page.get_by_role("combobox", name="Letters are written in")
    settle(page)
    box.click()
    as_found = page.get_by_role("option", name=f"As found: {encoding}")
    expect(as_found).to_be_visible(timeout=WAIT)
    click(as_found)
    expect(cells.filter(has_text="診療科").first).to_be_attached(timeout=WAIT)
