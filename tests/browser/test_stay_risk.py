"""The Stay-risk page in a browser: a file of stays, the main figure, a list, what leaves."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import WAIT, click, download, go_to, open_app, show_part, upload

FIRST, DAYS = date(2024, 1, 1), 200


def stays(folder: Path) -> Path:
    """Stays that are longer the older a patient is; who came last is still in."""
    draw, rows = random.Random(3), []
    for day in range(DAYS):
        for _ in range(5):
            age, unit = draw.randint(20, 95), draw.choice(("Surgery", "Medicine"))
            nights = 1 + int(draw.expovariate(1 / (1 + max(age - 40, 0) / 6)))
            left = FIRST + timedelta(days=day + nights)
            ended = f"{left}" if day + nights < DAYS else ""
            outcome = "Home" if ended else ""
            rows.append(f"North,{unit},{FIRST + timedelta(days=day)},{ended},{age},{outcome}")
    file = folder / "long_stays.csv"
    head = "Facility,Department,Admission Date,Discharge Date,Age,Outcome"
    file.write_text("\n".join([head, *rows]) + "\n")
    return file


@pytest.fixture
def page(keep: Callable[..., Page], server: Server, tmp_path: Path) -> Page:
    """A session with a thousand stays, on the Stay-risk page."""

    def make(page: Page) -> None:
        open_app(page, server.url)
        upload(page, stays(tmp_path))
        go_to(page, "Stay risk")

    return keep("long stays", make)


def test_a_model_stands_beside_the_simple_rule_and_says_what_it_is_not(page: Page) -> None:
    show_part(page, "How good")
    figure = page.get_by_role("heading", name="AUROC")
    expect(figure.first).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Not a medical device").first).to_be_visible()
    expect(page.get_by_text("by the department alone").first).to_be_visible()
    show_part(page, "What was left out")
    expect(page.get_by_role("heading", name="columns are left out")).to_be_visible(timeout=WAIT)


def test_the_card_and_the_workbook_leave_without_a_single_patient(
    page: Page, tmp_path: Path
) -> None:
    show_part(page, "Patients in hospital")
    expect(page.get_by_text("The list is not offered as a file")).to_be_visible(timeout=WAIT)
    show_part(page, "Model card")
    card = download(page.get_by_role("button", name="Markdown"), tmp_path)
    assert "Not a medical device" in card.read_text()
    click(page.get_by_role("button", name="Make the workbook"))
    button = page.get_by_role("button", name="Workbook (Excel)")
    expect(button).to_be_visible(timeout=WAIT)
    book = openpyxl.load_workbook(download(button, tmp_path), read_only=True)
    assert {"Cover", "Scores", "Left out", "Model card"} <= set(book.sheetnames)
