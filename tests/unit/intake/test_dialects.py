"""Tables and numbers written in every dialect come back as they were written."""

from __future__ import annotations

import codecs
import gzip
import itertools
import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import open_file
from caremap.intake.reading import Body, open_source

Table = list[list[str]]

letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
ANY = st.text(letters, max_size=10) | st.sampled_from(
    ["", " ", "  x ", "007", "0", "-1.50", "1,5", "1.234,50", "1;2", "a\tb", "a|b", 'say "no"', '"',
     '""', "'", "two\nlines", "cr\rhere", "two\r\nlines", "#N/A", "=1+1", "\u00a0", "é", "漢字",
     "😀", "a, b; c | d", ",", ";;", "\\", "\\n", "sep=;", "--", "<b>"]
)  # fmt: skip
# Words as Western files hold them: bytes of lone random signs could be any encoding.
WESTERN = st.sampled_from(
    ["", "Chirurgie générale", "Pédiatrie", "Straße 7", "Köln", "Año 2", "São Paulo", "7", "0012",
     'dit "été"', "à; ç, è", "Málaga", "Zürich", "two\nlines: é", "1,5"]
)  # fmt: skip
PLAIN = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "bom-le", "bom-be", "utf-32")
QUOTING = ("minimal", "all", "nonnumeric")


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[str]) -> Table:
    """Draw a table of at least two columns under a header of plain words."""
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=9))
    return [[f"h{column}" for column in range(width)], *rows]


def quoted(cell: str, separator: str, quoting: str) -> str:
    """Write one cell."""
    number = cell.replace(".", "", 1).isdecimal() and cell.isascii()
    needed = any(mark in cell for mark in (separator, '"', "\r", "\n"))
    if needed or quoting == "all" or (quoting == "nonnumeric" and not number):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def written(table: Table, separator: str, quoting: str, end: str) -> str:
    """Write a table."""
    return "".join(
        separator.join(quoted(cell, separator, quoting) for cell in row) + end for row in table
    )


def encoded(text: str, codec: str) -> bytes:
    """Encode, with byte order marks by name."""
    if codec == "bom-le":
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    if codec == "bom-be":
        return codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    return text.encode(codec)


def rows_of(body: Body) -> Table:
    """Return a body as rows, "" for null."""
    return [
        [cell or "" for cell in row]
        for row in zip(*(column.to_pylist() for column in body.columns), strict=True)
    ]


def expect(table: Table, data: bytes, separator: str | None = None) -> None:
    """Open and compare, cell by cell and row number by row number."""
    opened = open_source(data, "stays.csv", separator=separator)
    (sheet,) = opened.sheets
    body = sheet.body(2, len(table[0]))
    kept = [(number, row) for number, row in enumerate(table[1:], 2) if any(row)]
    assert sheet.head(1) == [table[0]]
    assert rows_of(body) == [row for _, row in kept]
    assert body.source_rows.tolist() == [number for number, _ in kept]
    assert (body.ragged, body.extra) == ((), {})


@settings(max_examples=250)
@given(
    table=tables(ANY),
    separator=st.sampled_from(",;\t|"),
    quoting=st.sampled_from(QUOTING),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    codec=st.sampled_from(PLAIN),
    packed=st.booleans(),
    said=st.booleans(),
)
def test_any_table_in_any_dialect_is_read_back_equal(
    table: Table, separator: str, quoting: str, end: str, codec: str, packed: bool, said: bool
) -> None:
    first = f"sep={separator}{end}" if said else ""
    data = encoded(first + written(table, separator, quoting, end), codec)
    # Few random rows may split as well by another mark: the file says its own, or the user does.
    expect(table, gzip.compress(data) if packed else data, None if said else separator)


@settings(max_examples=100)
@given(
    table=tables(WESTERN),
    separator=st.sampled_from(",;\t|"),
    quoting=st.sampled_from(QUOTING),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    codec=st.sampled_from(["cp1252", "latin-1"]),
    packed=st.booleans(),
)
def test_western_tables_are_read_back_equal(
    table: Table, separator: str, quoting: str, end: str, codec: str, packed: bool
) -> None:
    data = encoded(written(table, separator, quoting, end), codec)
    expect(table, gzip.compress(data) if packed else data, separator)


WARDS = ["Cardiology", "General, acute", "Ear; nose", "Day | night", 'The "new" wing', "Été", "",
         "Line\nbreak", "O'Brien", "50 % ward"]  # fmt: skip


def stays(rows: int, decimal: str) -> Table:
    """Make stays whose text holds every separator and whose amounts hold the decimal mark."""
    chance = random.Random(7)
    table = [["Stay ID", "Ward", "Admission Date", "Discharge Date", "Cost", "Note"]]
    for row in range(rows):
        day = row % 27 + 1
        cost = f"{chance.randrange(1, 9999)}{decimal}{chance.randrange(10, 99)}"
        table.append([f"{row:06}", WARDS[row % len(WARDS)], f"2024-03-{day:02}",
                      f"2024-04-{day:02}", cost, chance.choice(WARDS)])  # fmt: skip
    return table


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("codec", [*PLAIN, "cp1252", "latin-1"])
def test_a_file_that_does_not_say_its_dialect_is_read_back_equal(
    separator: str, codec: str
) -> None:
    for decimal in ".,":
        table = stays(24, decimal)
        for quoting, end in itertools.product(QUOTING, ["\n", "\r\n", "\r"]):
            data = encoded(written(table, separator, quoting, end), codec)
            expect(table, data)
            expect(table, gzip.compress(data))


# Thousands marks and decimal marks as they are written; a mark of its own proves the other.
STYLES = {
    "1234.5": ("", "."), "1234,5": ("", ","), "1,234.5": (",", "."), "1.234,5": (".", ","),
    "1 234,5": (" ", ","), "1 234.5": (" ", "."), "NBSP": ("\u00a0", ","),
    "narrow NBSP": ("\u202f", ","), "thin space": ("\u2009", ","), "1'234.5": ("'", "."),
    "1’234.5": ("’", "."),
}  # fmt: skip
SHAPES = {
    "plain": "{0}", "dollar": "${0}", "euro behind": "{0} €", "code before": "EUR {0}",
    "code behind": "{0} CHF", "real": "R$ {0}", "pound": "£{0}", "spaces": "  {0} ",
}  # fmt: skip
NEGATIVES = {"minus": "-{0}", "accounting": "({0})", "trailing": "{0}-", "true minus": "−{0}"}


def number(value: float, style: str, digits: int = 2) -> str:
    """Write a number with the marks of a style."""
    thousands, decimal = STYLES[style]
    text = f"{abs(value):,.{digits}f}"
    return text.replace(",", "\x00").replace(".", decimal).replace("\x00", thousands)


def costs(texts: list[str]) -> tuple[list[float], set[str]]:
    """Open a file with these texts as costs; return them as read, and the findings."""
    rows = "".join(
        f'{row:05},2024-01-{row % 27 + 1:02},2024-02-{row % 27 + 1:02},"{text}"\n'
        for row, text in enumerate(texts)
    )
    loaded = open_file(f"Stay ID,Admission Date,Discharge Date,Cost\n{rows}".encode(), "s.csv")
    assert loaded.mapping["cost"] == "Cost"
    read = pd.Series(loaded.table["cost"]).astype(float).tolist()
    return read, {one.code for one in loaded.findings}


VALUES = [0.5, 12.34, 999.99, 1234.5, 98765.43, 1234567.89, 7.0, 100.0, 250000.0, 3210.01]


@pytest.mark.parametrize(("style", "shape"), list(itertools.product(STYLES, SHAPES)))
def test_amounts_of_every_style_are_read_back_equal(style: str, shape: str) -> None:
    read, codes = costs([SHAPES[shape].format(number(value, style)) for value in VALUES])
    assert read == pytest.approx(VALUES)
    assert not codes & {"unreadable", "ambiguous-numbers"}


@pytest.mark.parametrize(("style", "negative"), list(itertools.product(STYLES, NEGATIVES)))
def test_negative_amounts_of_every_style_are_read_back_equal(style: str, negative: str) -> None:
    signed = [value * (-1) ** place for place, value in enumerate(VALUES)]
    texts = [
        NEGATIVES[negative].format(number(value, style)) if value < 0 else number(value, style)
        for value in signed
    ]
    read, codes = costs(texts)
    assert read == pytest.approx(signed)
    assert "unreadable" not in codes


@pytest.mark.parametrize("style", STYLES)
def test_whole_numbers_with_two_marks_prove_themselves(style: str) -> None:
    values = [1234567.0, 2345678.0, 12345.0, 999.0]
    if STYLES[style][0] == "":
        return
    read, codes = costs([number(value, style, 0) for value in values])
    assert read == values
    assert "ambiguous-numbers" not in codes


@pytest.mark.parametrize("mark", [",", "."])
def test_a_lone_mark_that_nothing_explains_is_asked_about(mark: str) -> None:
    _, codes = costs([f"1{mark}234", f"2{mark}500", f"12{mark}750", "900"])
    assert "ambiguous-numbers" in codes


def test_percent_signs_are_told() -> None:
    read, codes = costs(["12%", "7.5 %", "100%"])
    assert read == [12, 7.5, 100]
    assert "percent" in codes
