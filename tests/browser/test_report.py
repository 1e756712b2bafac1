"""A report in a browser and on paper: it asks nothing, has no fault, and is whole on A4."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from caremap import exports
from caremap.exports import report_html
from tests.browser.driving import pause
from tests.browser.test_accessibility import faults
from tests.browser.test_print import SHEET
from tests.unit.reports import HOSPITALS, PAGES, report

WIDE = HOSPITALS.head(20).assign(**{f"Ward {at}": HOSPITALS["Stays"] for at in range(18)})
ACROSS = 1024
"""What a sheet across is wide, within its margins, in pixels."""

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as a file of its own, as people open it."""
    page = exports.Page("Wide", "A wide table is whole", "Stays", WIDE)
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_bytes(report_html(report(*PAGES, page)))
    return file


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=str)
def opened(
    request: pytest.FixtureRequest, new_context: NewContext, file: Path
) -> Iterator[tuple[Page, list[str]]]:
    """The report in a look, and everything that was asked for or complained of."""
    theme, width = request.param
    page = new_context(color_scheme=theme, viewport={"width": width, "height": 900}).new_page()
    heard: list[str] = []
    page.on("request", lambda asked: heard.append(asked.url))
    page.on("console", lambda said: heard.append(said.text))
    page.goto(file.as_uri())
    yield page, heard


def test_it_asks_nothing_of_anybody_and_has_no_fault(opened: tuple[Page, list[str]]) -> None:
    page, heard = opened
    assert faults(page) == []
    assert [one for one in heard if not re.match("data:image|file:.*/report.html$", one)] == []
    loaded = page.locator("img").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert loaded == [1000] * 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_drawing_is_not_shrunk_unreadably_and_tables_are_pushed_by_the_keyboard(
    opened: tuple[Page, list[str]],
) -> None:
    page, _ = opened
    image = page.locator("img").first.bounding_box()
    assert image is not None
    assert image["width"] >= 640
    table = page.get_by_role("group", name="Table of figure 6")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("one => one.scrollLeft > 0", arg=table.element_handle())


def test_it_is_dark_on_a_dark_screen_and_white_on_paper(
    opened: tuple[Page, list[str]],
) -> None:
    page, _ = opened
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    behind = "rgb(12, 27, 33)" if dark else "rgb(255, 255, 255)"
    expect(page.locator("body")).to_have_css("background-color", behind)
    page.emulate_media(media="print")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")


def test_on_a4_nothing_is_wider_than_the_sheet_and_no_figure_is_cut(
    opened: tuple[Page, list[str]],
) -> None:
    page, _ = opened
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    ends = "all => all.map(one => one.getBoundingClientRect().right)"
    upright = page.locator("section:not(:has(.widest)) :is(table, img), h2")
    assert max(upright.evaluate_all(ends)) <= SHEET["width"]
    page.set_viewport_size({"width": ACROSS, "height": SHEET["width"]})
    assert max(page.locator(".widest").evaluate_all(ends)) <= ACROSS
    styles = page.locator(".head, thead, td.number").evaluate_all(
        "all => all.map(one => [one.className || one.tagName, getComputedStyle(one)])"
        ".map(([name, style]) => `${name}: "
        "${{head: style.breakInside, THEAD: style.display, number: style.whiteSpace}[name]}`)"
    )
    assert set(styles) == {"head: avoid", "THEAD: table-header-group", "number: nowrap"}


def test_a_wide_table_has_a_sheet_across(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)
    sizes = [tuple(map(float, box.split()[2:])) for box in boxes]
    for size in sizes:
        assert sorted(size) == pytest.approx([595, 842], abs=1)
    assert [width > height for width, height in sizes].count(True) == 1


def test_a_script_in_a_drawing_does_not_run(new_context: NewContext, tmp_path: Path) -> None:
    """Even where somebody put one in: a drawing is a picture."""
    first = PAGES[0]
    drawing = first.svg.replace(b"</svg>", b"<script>parent.ran = 1; window.ran = 1</script></svg>")
    hostile = exports.Page("p", "t", "s", first.table, (), drawing, "words")
    file = tmp_path / "hostile.html"
    file.write_bytes(report_html(report(hostile)))
    page = new_context().new_page()
    page.goto(file.as_uri())
    assert page.evaluate("window.ran === undefined")
    assert page.locator("img").evaluate("one => one.naturalWidth") == 1000
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"ran=1\">')")
    page.wait_for_function("[...document.images].every(one => one.complete)")
    pause(page)
    assert page.evaluate("window.ran === undefined")
