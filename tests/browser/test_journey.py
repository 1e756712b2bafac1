"""From an empty start to defended figures, in a real browser, with a real file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import WAIT, card, choose, go_to, open_app, settle, unfold, upload

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


def test_a_real_file_becomes_key_figures(
    page: Page, server: Server, healthcare: Path, outside_requests: list[str]
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


def test_the_downloaded_table_holds_the_numbers_of_the_page(
    page: Page, server: Server, healthcare: Path, tmp_path: Path
) -> None:
    open_app(page, server.url)
    upload(page, healthcare)
    go_to(page, "Overview", "Key figures")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the table (CSV)").click()
    saved = tmp_path / "trend.csv"
    started.value.save_as(saved)
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1] == {"Month": "2023-10", "Admissions": "174", "Whole month": "no, so far"}
    assert sum(int(row["Admissions"]) for row in rows) == 10_000


def test_a_column_match_is_changed(page: Page, server: Server, healthcare: Path) -> None:
    open_app(page, server.url)
    upload(page, healthcare)
    unfold(page, "How the columns were read, and how to change it")
    choose(page, "Treatment", "Test Results")
    page.get_by_role("button", name="Apply").click()
    settle(page)
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
    expect(page.get_by_text("department: Surgery")).to_be_visible()


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
