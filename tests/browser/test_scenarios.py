"""The Scenarios page in a browser: surges of an upload, a table typed over, a link, a workbook."""

from __future__ import annotations

from collections.abc import Callable
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
    show_part,
    unfold,
    upload,
)
from tests.browser.test_forecast import stays

BEDS = "Facility,Department,Resource,Units\nNorth,Surgery,beds,16\nNorth,Medicine,beds,12\n"


@pytest.fixture
def page(keep: Callable[..., Page], server: Server, tmp_path: Path) -> Page:
    """A session with half a year of stays and the beds of two departments."""

    def make(page: Page) -> None:
        open_app(page, server.url)
        beds = tmp_path / "beds.csv"
        beds.write_text(BEDS)
        upload(page, stays(tmp_path), beds)
        go_to(page, "Scenarios")

    page = keep("scenarios", make)
    show_part(page, "Scenarios")
    return page


def test_a_surge_stands_beside_the_baseline_and_leaves_as_a_workbook(
    page: Page, tmp_path: Path
) -> None:
    expect(page.get_by_role("heading", name="Pandemic surge peaks at")).to_be_visible(timeout=WAIT)
    click(page.get_by_role("button", name="Make the workbook"))
    button = page.get_by_role("button", name="Workbook (Excel)")
    expect(button).to_be_visible(timeout=WAIT)
    book = openpyxl.load_workbook(download(button, tmp_path), read_only=True)
    rows = list(book["Summary"].iter_rows(values_only=True))
    head = next(row for row in rows if "Baseline" in row)
    census = next(row for row in rows if "Patients in hospital, on average" in row)
    of = {name: census[head.index(name)] for name in ("Baseline", "Winter surge")}
    assert 1.1 < of["Winter surge"] / of["Baseline"] < 1.25


def test_a_link_brings_the_scenarios_typed_in(page: Page) -> None:
    unfold(page, "Change these scenarios")
    text = page.get_by_role("textbox", name="As text")
    text.fill("Heat wave;demand=35|Closed;beds.Surgery=-10")
    text.press("Enter")
    pill = page.get_by_role("button", name="Heat wave", exact=True)
    expect(pill).to_be_visible(timeout=WAIT)
    drawn(page)
    assert "Heat" in page.url
    expect(page.get_by_role("heading", name="Heat wave peaks at")).to_be_visible(timeout=WAIT)
    text.fill("")
    text.press("Enter")
    expect(page.get_by_role("button", name="Winter surge", exact=True)).to_be_visible(timeout=WAIT)
    drawn(page)


def test_waits_are_those_of_erlang_and_shared_beds_are_saved(page: Page) -> None:
    show_part(page, "Waiting")
    for label, value in (("Patients an hour", "10"), ("Minutes each takes a place", "60"),
                         ("Places", "14"), ("Target (minutes)", "30")):  # fmt: skip
        box = page.get_by_role("spinbutton", name=label, exact=True)
        box.fill(value)
        box.press("Enter")
        drawn(page)
    card = page.get_by_test_id("stMetric").filter(has_text="Mean wait")
    expect(card).to_contain_text("2.6 min", timeout=WAIT)
    show_part(page, "Sharing beds")
    saved = page.get_by_test_id("stMetric").filter(has_text="Beds saved by sharing")
    expect(saved).to_be_visible(timeout=WAIT)
