"""The Glossary page in a real browser: links to a measure, downloads, telephone, paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    WAIT,
    download,
    open_app,
    settle,
    unfold,
)


def test_a_link_to_a_heading_shows_it(page: Page, server: Server) -> None:
    open_app(page, server.url)  # the first request to a fresh server is sent on without its anchor
    open_app(page, f"{server.url}/glossary#occupancy")
    heading = page.get_by_role("heading", name="Bed occupancy", level=3)
    expect(heading).to_be_in_viewport(timeout=WAIT)


def test_a_link_to_a_measure_shows_it_alone(page: Page, fresh_server: Server) -> None:
    open_app(page, f"{fresh_server.url}/glossary?data=sample&glossary=occupancy")
    expect(page.get_by_role("heading", name="Bed occupancy", level=3)).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("heading", name="Admissions", level=3)).to_have_count(0)
    expect(page.get_by_text("The data in view gives this measure.")).to_be_visible()


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
def test_nothing_is_in_the_way_of_anybody(
    new_context: Callable[..., BrowserContext], server: Server, width: int, theme: str
) -> None:
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    page = new_context(**options).new_page()
    open_app(page, f"{server.url}/glossary")
    settle(page)
    unfold(page, "Stays: a row is")
    table = page.get_by_role("table").first
    expect(table).to_contain_text("discharge date minus admission date. (number, days, added up")
    assert Axe().run(page).violations_count == 0
    assert table.evaluate("table => table.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_search_keeps_what_speaks_of_it(page: Page, server: Server) -> None:
    open_app(page, f"{server.url}/glossary")
    box = page.get_by_role("searchbox", name="Search the measures")
    box.fill("KH03")
    box.press("Enter")
    expect(page.get_by_text("2 measures found.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("heading", name="Admissions")).to_have_count(0)


def test_the_whole_glossary_leaves_as_a_workbook(
    page: Page, server: Server, tmp_path: Path
) -> None:
    open_app(page, f"{server.url}/glossary")
    button = page.get_by_role("button", name="Download the whole glossary (Excel)")
    saved = download(button, tmp_path)
    book = openpyxl.load_workbook(saved)
    assert book.sheetnames[:3] == ["Measures", "Choices", "Stays"]
    assert book["Measures"]["A2"].value == "Admissions"


def test_paper_holds_all_of_it(page: Page, server: Server) -> None:
    open_app(page, f"{server.url}/glossary")
    settle(page)
    page.emulate_media(media="print")
    pages = re.findall(rb"/Type /Page\b", page.pdf(format="A4"))
    assert len(pages) > 5, "what lies below the window is not printed"
