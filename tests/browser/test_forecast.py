"""The Forecast page in a browser: three uploads, what a link carries, cancelling, what leaves."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    WAIT,
    click,
    download,
    drawn,
    go_to,
    open_app,
    parts_of,
    show_part,
    upload,
)

FIRST, DAYS = date(2024, 1, 1), 26 * 7


def stays(folder: Path) -> Path:
    """Half a year of stays of two departments: who came last is still in."""
    draw, rows = random.Random(7), []
    for day in range(DAYS):
        came = FIRST + timedelta(days=day)
        for _ in range(draw.randint(6, 12) if came.weekday() < 5 else draw.randint(2, 5)):
            nights = draw.randint(1, 6)
            left = f"{came + timedelta(days=nights)}" if day + nights < DAYS else ""
            unit = draw.choice(("Surgery", "Medicine", "Medicine"))
            rows.append(f"North,{unit},{came},{left}")
    file = folder / "stays.csv"
    file.write_text("\n".join(["Facility,Department,Admission Date,Discharge Date", *rows]))
    return file


def counts(folder: Path) -> Path:
    """The same half year counted by day: a row is a day of a hospital."""
    draw, rows = random.Random(8), []
    for day in range(DAYS):
        on = FIRST + timedelta(days=day)
        rows += [f"{on},{name},{draw.randint(20, 30)}" for name in ("North", "South")]
    file = folder / "counts.csv"
    file.write_text("\n".join(["Date,Hospital,Admissions", *rows]))
    return file


def few(folder: Path) -> Path:
    """Three weeks of stays: too few to forecast."""
    file = folder / "few.csv"
    rows = [f"North,{FIRST + timedelta(days=day)},{FIRST + timedelta(days=day + 2)}"
            for day in range(21)]  # fmt: skip
    file.write_text("\n".join(["Facility,Admission Date,Discharge Date", *rows]))
    return file


@pytest.fixture
def stayed(keep: Callable[..., Page], server: Server, tmp_path: Path) -> Page:
    """A session with half a year of stays, on the Forecast page."""

    def make(page: Page) -> None:
        open_app(page, server.url)
        upload(page, stays(tmp_path))
        go_to(page, "Forecast")
        come(page)

    return keep("stays", make)


def come(page: Page) -> None:
    """Wait until the forecast has been worked out."""
    expect(page.get_by_role("heading", name="Expect ").first).to_be_visible(timeout=WAIT)
    drawn(page)


def headline(page: Page) -> str:
    return page.get_by_role("heading", name="Expect ").first.inner_text()


def test_stays_give_a_forecast_and_what_it_takes(stayed: Page) -> None:
    assert "admissions in the next 14 days, 80 % between" in headline(stayed)
    assert parts_of(stayed)[-3:] == ["Beds", "Intensive care", "Staff"]
    show_part(stayed, "Beds")
    expect(stayed.get_by_role("heading", name="patients at midnight")).to_be_visible()
    expect(stayed.get_by_text("are included; how long")).to_be_visible()
    show_part(stayed, "Forecast")


def test_a_link_brings_the_same_settings_and_the_workbook_has_the_headline(
    stayed: Page, tmp_path: Path
) -> None:
    click(stayed.get_by_role("radio", name="Week", exact=True))
    expect(stayed.get_by_role("heading", name="in the next 12 weeks")).to_be_visible(timeout=WAIT)
    assert "forecast_by=Week" in stayed.url
    click(stayed.get_by_role("button", name="Make the workbook"))
    expect(stayed.get_by_text("Made: ")).to_be_visible(timeout=WAIT)
    saved = download(stayed.get_by_role("button", name="Workbook (Excel)"), tmp_path)
    told = headline(stayed)
    cells = [
        str(cell) for sheet in openpyxl.load_workbook(saved)
        for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]  # fmt: skip
    assert told in cells
    click(stayed.get_by_role("radio", name="Day", exact=True))
    come(stayed)


def test_counts_in_a_column_are_forecast_and_places_add_up(
    page: Page, server: Server, tmp_path: Path
) -> None:
    open_app(page, server.url)
    upload(page, counts(tmp_path))
    go_to(page, "Forecast")
    come(page)
    total = int(headline(page).split()[1].replace(",", ""))
    assert 40 * 14 < total < 60 * 14  # sums of the column, not rows
    assert "Beds" not in parts_of(page)
    show_part(page, "By place")
    expect(page.get_by_role("heading", name="in the next 14 days")).to_be_visible(timeout=WAIT)


def test_too_few_weeks_are_refused_in_words(page: Page, server: Server, tmp_path: Path) -> None:
    open_app(page, server.url)
    upload(page, few(tmp_path))
    go_to(page, "Forecast")
    expect(page.get_by_text("eight weeks").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(0)
    expect(page.get_by_test_id("stMetric")).to_have_count(0)


def test_it_is_cancelled_with_a_click_and_taken_up_again(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/forecast?data=sample")
    cancel = page.get_by_role("button", name="Cancel")
    cancel.click(timeout=WAIT)
    expect(page.get_by_text("Cancelled: nothing was computed.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(0)
    click(page.get_by_role("button", name="Compute the forecast"))
    come(page)


def test_a_forest_that_is_cancelled_leaves_the_forecast_that_was_there(stayed: Page) -> None:
    show_part(stayed, "How good it is")
    forest = stayed.get_by_role("switch", name="Compare a random forest too")
    stayed.get_by_text("Compare a random forest too").first.click()
    stayed.get_by_role("button", name="Cancel").click(timeout=WAIT)
    drawn(stayed)
    expect(forest).not_to_be_checked(timeout=WAIT)
    expect(stayed.get_by_role("heading", name="error").first).to_be_visible(timeout=WAIT)
    expect(stayed.get_by_text("Cancelled: nothing was computed.")).to_have_count(0)
