"""Reports as one HTML file: all that belongs to it, nothing that runs, nothing from elsewhere."""

from __future__ import annotations

import base64
import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.exports import Page, report_html
from caremap.hidden import WHY_HIDDEN
from tests.unit.reports import (
    BANDS,
    DRAWING,
    HOSPITALS,
    WARDS,
    injected,
    injection_frames,
    report,
)
from tests.unit.test_exports import LIVE, TEXTS, is_live

VOID = {"meta", "img"}
ELEMENTS = VOID | set(
    "html head title style body header main footer nav section div figure h1 h2 p dl dt dd ol ul "
    "li a table caption thead tbody tr th td".split()
)
ATTRIBUTES = {
    "html": {"lang"}, "meta": {"charset", "name", "content", "http-equiv"},
    "img": {"src", "alt"}, "a": {"href"}, "th": {"scope", "class"}, "td": {"class"},
    "table": {"class"}, "p": {"class"}, "ul": {"class"}, "h2": {"id"}, "nav": {"aria-labelledby"},
    "section": {"id", "class", "aria-labelledby"},
    "div": {"class", "role", "tabindex", "aria-label"},
}  # fmt: skip


@dataclass
class Element:
    """An element with what is in it, in order."""

    tag: str
    attributes: dict[str, str]
    held: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        found = [self] if self.tag in tags else []
        for one in self.held:
            found += one.all(*tags) if isinstance(one, Element) else []
        return found

    @property
    def words(self) -> str:
        return "".join(one if isinstance(one, str) else one.words for one in self.held)


class Reader(HTMLParser):
    """Reads a page into elements, and refuses what is not one inside the other."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].held.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].held.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def page_of(data: bytes) -> Element:
    reader = Reader()
    reader.feed(data.decode())
    reader.close()
    assert reader.open == [reader.root]
    return reader.root


def rows_of(table: Element) -> list[list[str]]:
    return [[cell.words for cell in row.all("th", "td")] for row in table.all("tr")]


@pytest.fixture(scope="module")
def whole() -> Element:
    return page_of(report_html(report()))


# --- what is in it ----------------------------------------------------------------------------


def test_it_is_a_document_with_a_language_a_title_and_a_policy(whole: Element) -> None:
    assert report_html(report()).startswith(b"<!DOCTYPE html>\n")
    assert whole.all("html")[0].attributes == {"lang": "en"}
    assert [one.words for one in whole.all("title", "h1")] == ["Sample network"] * 2
    metas = [one.attributes for one in whole.all("meta")]
    assert metas[:2] == [
        {"charset": "utf-8"},
        {
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        },
    ]


def test_headings_are_in_order_and_the_contents_lead_to_them(whole: Element) -> None:
    titles = ["Surgery admits most", "Medicine's stays are longest", "Hospital 0 admits most",
              "7 of 10 stay longer", "Only numbers", "Definitions", "Notes"]  # fmt: skip
    assert [one.words for one in whole.all("h2")] == ["About this report", "Contents", *titles]
    links = whole.all("a")
    assert [one.words for one in links] == titles
    there = {one.attributes.get("id") for one in whole.all("section")}
    assert {one.attributes["href"].removeprefix("#") for one in links} <= there


def test_the_cover_stands_first(whole: Element) -> None:
    (cover,) = whole.all("dl")
    assert [one.words for one in cover.all("dt")] == ["Source files", "As of", "Small counts"]
    assert [one.words for one in cover.all("p")] == [
        "stays.csv (SHA-256 ab12)", "beds.csv (SHA-256 cd34)", "30 April 2024",
        "Counts of 1 to 10 are hidden.",
    ]  # fmt: skip


def test_a_figure_has_its_drawing_words_for_it_notes_and_numbers(whole: Element) -> None:
    figure = whole.all("section")[1]
    assert [one.words for one in figure.all("p")] == ["Stays, 2024, n = 1,231"]
    (image,) = figure.all("img")
    kind, _, data = image.attributes["src"].partition(",")
    assert (kind, base64.b64decode(data)) == ("data:image/svg+xml;base64", DRAWING)
    assert image.attributes["alt"] == "Bars: Surgery 1,200"
    assert [one.words for one in figure.all("li")] == ["Two are known.", WHY_HIDDEN]
    (table,) = figure.all("table")
    assert rows_of(table) == [
        ["Ward", "Stays", "Share (%)", "Figures hidden"],
        ["Surgery", "1,200", "97.5 %", ""],
        ["Medicine", "31", "2.5 %", ""],
        ["Neurology", "", "", "yes"],
    ]


def test_tables_have_captions_and_headers_of_rows_and_columns(whole: Element) -> None:
    for table in whole.all("table"):
        assert table.all("caption")[0].words
        head, *rows = table.all("tr")
        assert {cell.attributes["scope"] for cell in head.all("th")} == {"col"}
        for row in rows:
            assert [cell.attributes["scope"] for cell in row.all("th")] == ["row"]


def test_of_a_long_table_the_top_is_there_and_it_says_of_how_much(whole: Element) -> None:
    (table,) = whole.all("section")[3].all("table")
    rows = rows_of(table)
    assert len(rows) == 21
    assert rows[20][0] == "Hospital 19"
    assert table.all("caption")[0].words == (
        "The numbers of figure 3: the first 20 of 212 rows; the workbook holds all of them"
    )
    wide = pd.DataFrame([range(61)], columns=[f"c{at}" for at in range(61)])
    (table,) = page_of(report_html(report(Page("w", "t", "", wide)))).all("section")[1].all("table")
    assert len(rows_of(table)[0]) == 20
    assert table.all("caption")[0].words.endswith(
        "the first 20 of 61 columns; the workbook holds all of them"
    )


def test_a_page_without_a_drawing_has_no_picture(whole: Element) -> None:
    assert len(whole.all("img")) == 4
    assert whole.all("section")[5].all("img") == []


def test_definitions_notes_and_findings_are_there(whole: Element) -> None:
    definitions, notes = whole.all("section")[-2:]
    assert rows_of(definitions)[1][0] == "Stays"
    assert [one.words for one in notes.all("li")] == ["All figures are of the rows in view."]
    assert rows_of(notes)[1] == ["2 stays end before they begin.", "2"]
    nothing = page_of(report_html(report(findings=pd.DataFrame(), definitions=pd.DataFrame())))
    assert "Nothing was noticed" in nothing.all("section")[-1].words
    assert "Definitions" not in [one.words for one in nothing.all("h2")]


@pytest.mark.parametrize(
    ("header", "values", "said"),
    [
        ("Stays", [0, 12345], ["0", "12,345"]),
        ("Mean", [1.5, np.nan], ["1.5", ""]),
        ("Mean", [1 / 3, 2.0], ["0.333", "2.000"]),
        ("Share (%)", [97.5, 0.0], ["97.5 %", "0.0 %"]),
        ("Change", [-1234.5, -0.5], ["-1,234.5", "-0.5"]),
        ("Year", [2023, 2024], ["2023", "2024"]),
        ("n", pd.array([None, 3], dtype="Int64"), ["", "3"]),
        ("Whole", [True, False], ["yes", "no"]),
        ("Day", pd.to_datetime(["2024-02-29", None]), ["2024-02-29", ""]),
        ("Wait", pd.to_timedelta(["26:30:05", "00:00:07"]), ["26:30:05", "0:00:07"]),
        ("Tiny", [1e-12, 0.5], ["0.0000", "0.5000"]),
        ("Ratio", [np.inf, 1.0], ["inf", "1"]),
        ("Band", pd.Categorical(["0-17", None]), ["0-17", ""]),
    ],
)  # fmt: skip
def test_numbers_are_written_as_people_read_them(header: str, values: Any, said: list[str]) -> None:
    frame = pd.DataFrame({"Ward": ["A", "B"], header: values})
    table = page_of(report_html(report(Page("p", "t", "", frame)))).all("table")[0]
    assert [row[1] for row in rows_of(table)[1:]] == said


def test_columns_of_one_name_and_a_named_index_are_all_there() -> None:
    frame = pd.DataFrame([[1, "x"], [2, "y"]], columns=["a", "a"], index=pd.Index([7, 8], name="i"))
    table = page_of(report_html(report(Page("p", "t", "", frame)))).all("table")[0]
    assert rows_of(table) == [["i", "a", "a"], ["7", "1", "x"], ["8", "2", "y"]]


def test_equal_reports_give_equal_bytes_soon() -> None:
    page = Page("Hospitals", "t", "s", HOSPITALS, ("n",), DRAWING * 300)
    start = time.perf_counter()
    assert report_html(report(*[page] * 25)) == report_html(report(*[page] * 25))
    assert time.perf_counter() - start < 10


# --- nothing runs -----------------------------------------------------------------------------


def runs_nothing(data: bytes) -> None:
    """Walk every element: only those of ours, only with attributes of ours."""
    page = page_of(data)
    for element in page.all(*ELEMENTS):
        assert set(element.attributes) <= ATTRIBUTES.get(element.tag, set()), element.attributes
    everything = Element("", {}, [page])
    tags = {one.tag for one in _every(everything)} - {""}
    assert tags <= ELEMENTS
    for link in page.all("a"):
        assert re.fullmatch(r"#[a-z]+(-\d+)?", link.attributes["href"])
    for image in page.all("img"):
        assert re.fullmatch(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+", image.attributes["src"])
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import|expression|</|\\", style.words)
    for cell in page.all("th", "td", "h1", "h2", "p", "li", "dt", "dd", "caption", "title"):
        assert not is_live(cell.words), cell.words


def _every(element: Element) -> list[Element]:
    inside = [one for one in element.held if isinstance(one, Element)]
    return [element, *(deep for one in inside for deep in _every(one))]


def test_nothing_of_the_injection_files_runs(shared: Path) -> None:
    for frame in injection_frames(shared).values():
        runs_nothing(report_html(injected(frame)))


HOSTILE = ["<script>alert(1)</script>", "\"><svg onload=alert(1)>", "' onerror='alert(1)",
           "</style><b>", "</title><script>", "<!--", "]]>", "&lt;b&gt;", "javascript:alert(1)",
           "a\x00b", "\u202egnp.exe", "\u2028"]  # fmt: skip


@pytest.mark.parametrize("said", [*HOSTILE, *LIVE])
def test_text_is_text_wherever_it_stands(said: str) -> None:
    frame = pd.DataFrame({said: [said, "x"], "n": [1, 2]})
    page = Page(said, said, said, frame, (said,), DRAWING, said)
    data = report_html(
        report(page, title=said, cover=[(said, said)], definitions=frame, notes=[said],
               findings=frame)
    )  # fmt: skip
    runs_nothing(data)


@given(TEXTS | st.text("<>&\"'=/ab-! ", max_size=12))
def test_no_text_becomes_an_element(said: str) -> None:
    frame = pd.DataFrame({said: [said], "n": [1]})
    data = report_html(report(Page(said, said, said, frame, (said,), DRAWING, said)))
    runs_nothing(data)


def test_the_walk_sees_what_could_run() -> None:
    data = report_html(report())
    for was, becomes in (
        (b"<h1>", b"<script></script><h1>"),
        (b"<h1>", b'<h1 onclick="x">'),
        (b'href="#notes"', b'href="https://x.org"'),
        (b"data:image/svg+xml", b"data:text/html"),
        (b">Surgery<", b">=1+1<"),
        (b"</style>", b"a{background:url(x)}</style>"),
    ):
        assert was in data
        with pytest.raises(AssertionError):
            runs_nothing(data.replace(was, becomes, 1))


def test_the_report_is_not_touched() -> None:
    before = [WARDS.copy(deep=True), BANDS.copy(deep=True)]
    report_html(report())
    pd.testing.assert_frame_equal(WARDS, before[0])
    pd.testing.assert_frame_equal(BANDS, before[1])
