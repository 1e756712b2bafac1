"""A weekly upload, work kept in a file, and tables that leave by our downloads alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
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
    toolbar_of,
    unfold,
    upload,
)

COLUMNS = "How the columns were read, and how to change it"
CARDS = ("Total admissions", "Total discharges", "Total treatment cost", "Average length of stay")


def extract(folder: Path, name: str, days: int, cost: int = 100) -> Path:
    """Two stays for each of the first days of 2024, in two hospitals."""
    rows = ["Stay ID,Facility,Admission Date,Discharge Date,Cost,Unit code"]
    for day, first in enumerate(pd.date_range("2024-01-01", periods=days)):
        last = first + pd.Timedelta(2, "D")
        for place in ("North", "South"):
            dates = f"{first:%Y-%m-%d},{last:%Y-%m-%d}"
            rows.append(f"S{day}{place},{place},{dates},{cost + day}.37,W{day % 3}")
    file = folder / name
    file.write_text("\n".join(rows))
    return file


def figures(page: Page) -> list[str]:
    return [card(page, title).inner_text() for title in CARDS]


def test_a_weekly_upload_is_one_step_and_can_be_undone(
    page: Page, server: Server, tmp_path: Path
) -> None:
    week_23, week_24 = extract(tmp_path, "week 23.csv", 161), extract(tmp_path, "week 24.csv", 168)
    open_app(page, f"{server.url}/?facility=North")
    upload(page, week_23)
    upload(page, week_24)
    assert "facility=North" in page.url  # what was in force stays in force
    expect(page.get_by_text("“week 24.csv” took the place of “week 23.csv”.")).to_be_visible()
    remove = page.get_by_role("button", name="Remove", exact=True)
    expect(remove).to_have_count(1)
    changed = page.get_by_test_id("stDataFrame").first
    expect(changed.locator("tr td").nth(3)).to_be_attached(timeout=WAIT)
    told = [cell.inner_text() for cell in changed.locator("tr td").all()]
    assert told[:4] == ["Stays", "322", "336", "rows"]
    click(page.get_by_role("button", name="Go back to the old file"))
    expect(page.get_by_text("took the place of")).to_have_count(0, timeout=WAIT)
    expect(remove).to_have_count(1)
    upload(page, week_24)  # the browser sends it again, as its box was emptied
    click(page.get_by_role("button", name="Keep both"))
    expect(remove).to_have_count(2, timeout=WAIT)


def test_files_chosen_together_stay_together(page: Page, server: Server, tmp_path: Path) -> None:
    files = [extract(tmp_path, f"week {days}.csv", days) for days in (20, 27)]
    open_app(page, server.url)
    upload(page, *files)
    expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(2)
    expect(page.get_by_text("took the place of")).to_have_count(0)


def test_work_is_saved_and_opened_in_another_session(
    new_context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    page = new_context().new_page()
    open_app(page, server.url)
    upload(page, extract(tmp_path, "stays.csv", 100))
    unfold(page, COLUMNS)
    choose(page, "Ward", "Unit code")
    click(page.get_by_role("button", name="Apply"))
    choose(page, "Facility", "North", within=page.get_by_test_id("stSidebar"))
    page.keyboard.press("Escape")
    drawn(page)
    saved = download(page.get_by_role("button", name="Save this work"), tmp_path)
    assert saved.suffix == ".caremap"
    go_to(page, "Overview", "Key figures")
    before = figures(page)
    assert "100" in before[0]

    page = new_context().new_page()
    open_app(page, server.url)
    page.locator('input[type="file"]').first.set_input_files(saved)
    expect(page.get_by_text("Opened the saved work in “work.caremap”: 1 file.")).to_be_visible(
        timeout=WAIT
    )
    settle(page)
    unfold(page, COLUMNS)
    expect(page.get_by_role("combobox", name="Ward")).to_have_value("Unit code")
    assert "facility=North" in page.url
    go_to(page, "Overview", "Key figures")
    expect(page.get_by_role("button", name="Facility: North")).to_be_visible()
    assert figures(page) == before


def test_a_table_is_searched_and_enlarged_and_leaves_by_our_downloads_alone(
    page: Page, server: Server, tmp_path: Path
) -> None:
    open_app(page, server.url)
    upload(page, extract(tmp_path, "stays.csv", 100))
    unfold(page, "Preview and rows set aside")
    table = page.get_by_test_id("stFullScreenFrame").filter(has=page.get_by_test_id("stDataFrame"))
    toolbar = toolbar_of(table.last)
    labels = [one.get_attribute("aria-label") or "" for one in toolbar.locator("button").all()]
    offered = {label.split(":")[0] for label in labels}
    assert offered >= {"Search", "Fullscreen"}
    assert not [label for label in offered if "ownload" in label]
    offered_below = page.locator("[class*=st-key-downloads_preview]")
    saved = download(offered_below.get_by_role("button", name="CSV"), tmp_path)
    rows = pd.read_csv(saved)
    assert len(rows) == 200
    assert not {"Stay number", "Stay ID"} & set(rows)
