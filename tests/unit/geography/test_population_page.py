"""Pages of population by ZIP code: what cells are, not where they stand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.geography.population_page import read_page
from caremap.problems import DataProblem

HEADER = "<tr><th>Rank</th><th>Zip Code</th><th>Population</th></tr>"
FOOTNOTE = (
    "United States Census Bureau. B01001 SEX BY AGE, 2018 American Community Survey 5-Year "
    "Estimates. Washington, DC 20233. Web. 19 December 2019. http://www.census.gov/."
)


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>\n{cell}\n</td>" for cell in cells) + "</tr>"


def read(*rows: str, header: str = HEADER) -> dict[str, int | None]:
    found = read_page(f"<html><body><table>{header}{''.join(rows)}</table></body></html>")
    assert found.dtypes.astype(str).to_dict() == {"zip": "str", "population": "Int64"}
    return {
        code: None if pd.isna(people) else int(people)
        for code, people in zip(found["zip"], found["population"], strict=True)
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("1", '<a href="/98052-demographics">98052</a>', "81,543")], {"98052": 81543}),
        ([row("12 TIE", "98052", "81,543")], {"98052": 81543}),
        ([row("TIE", "02138", "1")], {"02138": 1}),
        ([row("1", "2138", "900")], {"02138": 900}),  # a lost zero
        ([row("1", "98052-1234", "900")], {"98052": 900}),
        ([row("1", "98052 (Redmond)", "900")], {"98052": 900}),
        ([row("1", "ZIP Code 98052", "900")], {"98052": 900}),
        ([row("1", "98052", "27571")], {"98052": 27571}),
        ([row("1", "98052", "27 571")], {"98052": 27571}),
        ([row("1", "98052", "27&nbsp;571")], {"98052": 27571}),
        ([row("1", "98052", "27,571*")], {"98052": 27571}),
        ([row("1", "98052", "27,571<sup>1</sup>")], {"98052": 27571}),
        ([row("1", "98052", "27,571 [1]")], {"98052": 27571}),
        ([row("1", "98052", "0")], {"98052": 0}),
        *[
            ([row("1", "98052", text)], {"98052": None})
            for text in ("", "N/A", "-", "unknown", "1.2 million", "27.571", "-5", "27,57", "1e3")
        ],
        ([row("1", "98052")], {"98052": None}),
        ([row("1", "98052", "5"), row("2", "98052", "5")], {"98052": 5}),
        ([row("1", "98052", ""), row("2", "98052", "5")], {"98052": 5}),
        ([row("3 TIE", "98007 and 98290", "9")], {"98007": 9, "98290": 9}),
        ([row("3 TIE", "98007, 98290,98065", "9")], {"98007": 9, "98290": 9, "98065": 9}),
        ([row("3", "98007<br>98290", "571<br>398")], {"98007": 571, "98290": 398}),
        ([row("3", "98007 98290", "1,571 398")], {"98007": 1571, "98290": 398}),
        ([row("3", "98007 and 98290", "1,571")], {"98007": None, "98290": None}),  # of each?
        ([row("3", "98007", FOOTNOTE)], {"98007": None}),
    ],
)
def test_cells(rows, expected):
    assert read(*rows) == expected
    assert read(*rows, row(FOOTNOTE, FOOTNOTE, FOOTNOTE)) == expected
    assert read(*rows, f'<tr><td colspan="3">{FOOTNOTE}</td></tr>') == expected
    assert read(row(FOOTNOTE, FOOTNOTE, FOOTNOTE), *rows) == expected


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("<tr><th>Population</th><th>ZIP</th></tr>", ("81543", "98052"), 81543),
        ("<tr><th>City</th><th>People</th><th>Zip</th></tr>", ("A", "7", "98052"), 7),
        ("<tr><td>Zip Code</td><td>Zip Code Population</td></tr>", ("98052", "81543"), 81543),
        ("<tr><th>Zip Code</th><th>Area</th></tr>", ("98052", "81543"), None),
        ('<tr><th colspan="3">Zip Codes by Population</th></tr>' + HEADER, ("1", "98052", "7"), 7),
        ("", ("1", "98052", "81,543"), 81543),
        ("", ("98052", "Redmond", "81,543"), 81543),
    ],
)
def test_headers(header, cells, expected):
    assert read(row(*cells), header=header) == {"98052": expected}


def test_cells_merged_over_rows():
    rows = [
        '<tr><td rowspan="2">1</td><td>98007</td><td rowspan="2">9</td></tr>',
        "<tr><td>98290</td></tr>",
        '<tr><td>2</td><td>98065</td><td rowspan="2">8</td></tr>',
        "<tr><td>3</td><td>98104</td></tr>",
        '<tr><td>4</td><td rowspan="2">98801</td><td>7</td></tr>',
        "<tr><td>5</td><td></td></tr>",
    ]
    # a rank two rows share is a tie; without it the number may be that of both together
    assert read(*rows) == {
        "98007": 9, "98290": 9, "98065": None, "98104": None, "98801": 7,
    }  # fmt: skip


def test_every_table_counts_and_the_longest_is_the_one_meant():
    page = f"""
      <table><tr><th>Zip Code</th><th>Population</th></tr>{row("98007", "1")}</table>
      <table>{HEADER}{row("1", "98290", "39,873")}{row("2", "98007", "27,571")}</table>
      <table><tr><th>City</th><th>Population</th></tr>{row("Seattle", "98104")}</table>
      <table><tr><th>Zip codes without population</th></tr>{row("98174")}</table>
      <table><tr><td><table>{HEADER}{row("1", "98065", "5")}</table></td></tr></table>"""
    found = read_page(page)
    assert found["zip"].tolist() == ["98290", "98007", "98174", "98065"]
    assert found["population"].fillna(-1).tolist() == [39873, 27571, -1, 5]


@pytest.mark.parametrize(
    "page",
    [
        "",
        b"",
        b"\xff\xfe\x00<",
        "<html>",
        "<table></table>",
        "<table><tr></tr></table>",
        f"<table>{HEADER}</table>",
        f"<table>{HEADER}{row(FOOTNOTE, FOOTNOTE, FOOTNOTE)}</table>",
        "98052 81,543",
        f"<table>{row('Seattle', '737,015')}</table>",
        "<![CDATA[<table>",
        '{"zip": 98052}',
    ],
)
def test_a_page_without_such_a_table_is_said_to_be_one(page):
    with pytest.raises(DataProblem, match="no table of ZIP codes") as problem:
        read_page(page)
    assert problem.value.hint


def test_spans_without_end_do_no_harm():
    wild = '<td colspan="999999999999">x</td><td rowspan="99999999">1</td>'
    assert read(row("1", "98052", "7"), f"<tr>{wild}</tr>") == {"98052": 7}
    deep = "<div>" * 5000 + f"<table>{HEADER}{row('1', '98052', '7')}</table>"
    assert len(read_page(deep)) == 1


@given(
    st.dictionaries(
        st.integers(501, 99950).map("{:05}".format),
        st.one_of(st.none(), st.integers(0, 120_000)),
        min_size=1,
        max_size=40,
    ),
    st.integers(0, 40),
)
def test_no_zip_code_is_lost_wherever_the_footnote_stands(known, place):
    rows = [
        row(f"{rank}{' TIE' if rank % 3 else ''}", code, "" if people is None else f"{people:,}")
        for rank, (code, people) in enumerate(known.items(), 1)
    ]
    rows.insert(min(place, len(rows)), row(FOOTNOTE, FOOTNOTE, FOOTNOTE))
    assert read(*rows) == known
