"""From an empty start to defended figures, in a real browser, with a real file."""

from __future__ import annotations

import csv
import re
import struct
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    WAIT,
    card,
    choose,
    click,
    download,
    drawn,
    go_to,
    open_app,
    settle,
    unfold,
    upload,
)

STAYS = "Facility,Admission Date,Discharge Date,Cost\n"


@pytest.fixture
def healthcare(shared: Path) -> Path:
    """Ten thousand synthetic stays."""
    return shared / "data" / "kaggle_healthcare" / "healthcare_dataset_original.csv"


def stays_file(folder: Path, cost: int) -> Path:
    """A file whose name and shape never change, only its cost."""
    rows = "".join(f"North,2024-04-{day:02},2024-04-{day + 2:02},{cost}\n" for day in range(1, 29))
    folder.mkdir()
    file = folder / "stays.csv"
    file.write_text(STAYS + rows)
    return file


def downloaded(page: Page, figure: str, kind: str, folder: Path) -> Path:
    """Download a figure as CSV, Excel or PNG."""
    held = page.locator(f".st-key-downloads_{figure}")
    return download(held.get_by_role("button", name=kind), folder)


def test_a_real_file_becomes_key_figures(
    page: Page, server: Server, healthcare: Path, tmp_path: Path, outside_requests: list[str]
) -> None:
    open_app(page, server.url)
    upload(page, healthcare)
    expect(page.get_by_text("10,000 rows read, 10,000 used, 0 set aside")).to_be_visible()
    go_to(page, "Overview", "Key figures")
    expect(card(page, "Total admissions")).to_contain_text("10,000")
    expect(card(page, "Total admissions")).to_contain_text("1–30 Oct 2023")
    expect(card(page, "Total admissions")).to_contain_text("174")
    expect(card(page, "Total treatment cost")).to_contain_text("255,168,067.78")
    expect(card(page, "Average length of stay")).to_contain_text("15.56")
    expect(card(page, "Average bed occupancy")).to_contain_text("No staffed beds are known")

    saved = downloaded(page, "admissions_by_month", "CSV", tmp_path)
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1]["Admissions"] == "174"
    hidden = [row["Month"] for row in rows if row["Hidden figures"]]
    assert hidden[0] == "2018-10"  # two days of the file
    assert len(hidden) > 1  # or 10,000 less all others would tell it
    assert all(int(row["Admissions"]) > 10 for row in rows if row["Admissions"])

    unfold(page, "What downloads hold")
    choose(page, "Counts of 1 to 10 patients are hidden", "nowhere")
    settle(page)
    saved = downloaded(page, "admissions_by_month", "CSV", tmp_path)
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1] == {"Month": "2023-10", "Admissions": "174", "Whole month": "no, so far"}
    assert sum(int(row["Admissions"]) for row in rows) == 10_000

    beds = page.get_by_label("Type in the number of staffed beds")
    beds.fill("120")
    beds.press("Enter")
    settle(page)
    expect(card(page, "Average bed occupancy")).to_contain_text("%", timeout=WAIT)
    assert "beds=120" in page.url

    go_to(page, "Data", "Your data")
    expect(page.get_by_text("10,000 rows read")).to_be_visible()
    go_to(page, "Overview", "Key figures")
    expect(card(page, "Total admissions")).to_contain_text("10,000")
    expect(card(page, "Average bed occupancy")).not_to_contain_text("No staffed beds are known")
    assert "beds=120" in page.url
    assert outside_requests == []


def test_a_column_match_is_changed(page: Page, server: Server, healthcare: Path) -> None:
    open_app(page, server.url)
    upload(page, healthcare)
    unfold(page, "How the columns were read, and how to change it")
    choose(page, "Treatment", "Test Results")
    click(page.get_by_role("button", name="Apply"))
    expect(page.get_by_role("combobox", name="Treatment")).to_have_value("Test Results")


def test_a_deep_link_into_a_fresh_server_gets_the_page(page: Page, fresh_server: Server) -> None:
    open_app(page, f"{fresh_server.url}/overview")
    expect(page.get_by_role("heading", name="Key figures", level=1)).to_be_visible(timeout=WAIT)
    menu = page.get_by_test_id("stSidebarNav")
    expect(menu.get_by_text("Data", exact=True)).to_be_visible()
    expect(menu.get_by_text("Overview", exact=True)).to_be_visible()
    assert page.url.split("?")[0].endswith("/overview")


def test_a_link_brings_the_sample_network_and_its_filters(page: Page, fresh_server: Server) -> None:
    link = "/overview?data=sample&department=Surgery&as_of=2025-03-31&beds=200"
    open_app(page, fresh_server.url + link)
    expect(card(page, "Total admissions")).to_contain_text("1–31 Mar 2025", timeout=WAIT)
    expect(page.get_by_role("button", name="Department: Surgery")).to_be_visible()


def test_files_chosen_together_are_all_read(page: Page, server: Server, tmp_path: Path) -> None:
    files = []
    for number in range(6):
        file = stays_file(tmp_path / str(number), 100 + number)
        files.append(file.rename(file.with_name(f"stays {number}.csv")))
    open_app(page, server.url)
    upload(page, *files)
    expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(6, timeout=WAIT)
    go_to(page, "Overview", "Key figures")
    expect(card(page, "Total admissions")).to_contain_text("168")


def test_two_sessions_never_see_each_others_figures(
    new_context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    pages = []
    for cost in (100, 999):
        page = new_context().new_page()
        open_app(page, server.url)
        upload(page, stays_file(tmp_path / str(cost), cost))
        pages.append(page)
    for page, total in zip(pages, ("2,800.00", "27,972.00"), strict=True):
        go_to(page, "Overview", "Key figures")
        expect(card(page, "Total treatment cost")).to_contain_text(total)
    fresh = new_context().new_page()
    open_app(fresh, f"{server.url}/overview")
    expect(fresh.get_by_text("No data yet")).to_be_visible(timeout=WAIT)


def test_a_hostile_file_leaves_the_server_and_its_log_clean(
    page: Page, server: Server, tmp_path: Path, outside_requests: list[str]
) -> None:
    name = "$x$ :red[y] <img src=x onerror=alert(1)>"
    file = tmp_path / "hostile.csv"
    rows = "".join(f'"{name}",2024-04-{day:02},2024-04-{day + 1:02},1\n' for day in range(1, 29))
    file.write_text(f'"{name}",Admission Date,Discharge Date,Cost\n{rows}')
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    open_app(page, server.url)
    upload(page, file)
    go_to(page, "Overview", "Key figures")
    expect(card(page, "Total admissions")).to_contain_text("28")
    assert alerts == []
    assert outside_requests == []
    assert "onerror" not in server.log
    assert "Traceback" not in server.log


def test_five_files_of_three_hospitals_become_figures_one_can_defend(
    new_context: Callable[..., BrowserContext], server: Server, shared: Path, tmp_path: Path
) -> None:
    page = new_context().new_page()
    open_app(page, server.url)
    upload(page, *sorted((shared / "data" / "halifax_synth").glob("*.csv")))
    go_to(page, "Overview", "Key figures")
    drawn(page)
    occupancy = card(page, "Average bed occupancy").get_by_test_id("stMetricValue").first
    expect(occupancy).to_contain_text("%", timeout=WAIT)
    from_the_files = occupancy.inner_text()
    heat = page.locator('[class*="st-key-figure_occupancy_by_"]')
    tree = page.locator('[class*="st-key-figure_occupancy_tree_"]')
    for figure in (heat, tree):
        expect(figure.get_by_test_id("stVegaLiteChart")).to_be_visible(timeout=WAIT)

    name = re.search(r"st-key-figure_(\S+)", tree.get_attribute("class") or "")
    assert name is not None
    book = openpyxl.load_workbook(downloaded(page, name[1], "Excel", tmp_path))
    table = list(book.worksheets[0].values)
    assert len(table) > 3
    assert any("ccupancy" in str(title) for title in table[0])
    picture = downloaded(page, name[1], "PNG", tmp_path).read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert width > 800
    assert height > 400

    length = card(page, "Average length of stay").get_by_test_id("stMetricValue").first
    with_none = length.inner_text()
    unfold(page, "How figures are counted")
    choose(page, "A same-day stay counts", "1 day")
    settle(page)
    dropped = page.get_by_role("button", name="same-day stays count 1 day")
    expect(dropped).to_be_visible(timeout=WAIT)
    expect(length).not_to_have_text(with_none, timeout=WAIT)
    assert from_the_files.endswith("%")
