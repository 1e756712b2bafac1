"""CSV files that a spreadsheet program opens right and runs nothing from."""

from __future__ import annotations

import csv
import datetime
import io
import re
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caremap.exports import to_csv
from caremap.exports.guard import SKIPPED


def read(data: bytes) -> list[list[str]]:
    """What a program that knows CSV finds in the file."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def cells(values: object, **kind: object) -> list[str]:
    """What becomes of the values of one column."""
    frame = pd.DataFrame({"column": values}, **kind)  # type: ignore[call-overload]
    return [row[0] for row in read(to_csv(frame.assign(beside=1)))[1:]]


# --- nothing stays live ---------------------------------------------------------------------

LIVE = [
    "=1+1", '=HYPERLINK("http://127.0.0.1/?x="&A1,"click")', "@SUM(1+1)", "+1+1", "-1+1",
    "\t=1+1", "  =1+1", "=cmd|' /C calc'!A0", "＝1+1", "＋1", "－1+1", "＠SUM(1)",
    "﹦1+1", '"=1+1', "'=1+1", "“=1+1”", "|x", "%0A=1+1", "%0d=1", "%3D1+1", "+44 20 7946 0000",
    "+5", "-", "-inf", "- 5", "-1,5", "\u200b=1+1", "\ufeff=1+1", "\u202e=1+1", "\xa0=1+1",
    "\u3000=1+1", "\x00=1+1", "\x1b=1+1", "\xad=1+1", "\u2060\u2066=1", "\u3164=1", "\u2800=1",
    "−1+1",
    "\tplain", "\rplain", "\nplain", " \tplain", "==", "=", "+", "@", "-2+3+cmd|' /C calc'!D2",
]  # fmt: skip
HARMLESS = [
    "-42.50", "-42", "-.5", "-5.", "-1E5", "-1e-05", "42", "0-17", "65+", "A-1", "a=b", "x@y.org",
    "1E5", "000123", "100 %", "%", "%20x", "<b>", "'s-Hertogenbosch", "“quoted”", "St. John's",
    "", " ", "12:30", "Île-de-France", "京都", "a, b", 'say "hi"', "a\nb", "a;b", "${alert(1)}",
    "#N/A", "1 = 1", "~x", "²",
]  # fmt: skip


@pytest.mark.parametrize("text", LIVE)
def test_what_could_start_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cells([text]) == ["'" + text]
    assert cells(pd.Categorical([text])) == ["'" + text]
    assert cells(pd.Series([text], dtype="object")) == ["'" + text]
    assert read(to_csv(pd.DataFrame({text: [1], "beside": 1})))[0] == ["'" + text, "beside"]


@pytest.mark.parametrize("text", HARMLESS)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert cells([text]) == [text]
    assert read(to_csv(pd.DataFrame({text: [1], "beside": 1})))[0] == [text, "beside"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ok;=1+1", "ok;'=1+1"),
        ("x;=cmd|' /C calc'!A0;y", "x;'=cmd|' /C calc'!A0;y"),
        ("note\n=1+1", "note\n'=1+1"),
        ("note\r\n =1+1", "note\r\n' =1+1"),
        ("\r=1+1", "'\r'=1+1"),
        ("\n\n=1+1", "'\n\n'=1+1"),
        (";=1+1", ";'=1+1"),
        ("=1;=2", "'=1;'=2"),
        ("a; b - c", "a; b - c"),
    ],
)
def test_a_formula_after_another_separator_is_none_either(text: str, shown: str) -> None:
    assert cells([text]) == [shown]


def test_a_bracketed_level_or_index_name_is_guarded_too() -> None:
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("=1", "a"), ("", "@b")]))
    frame.index = pd.Index(["=2"], name="+3")
    assert read(to_csv(frame)) == [["'+3", "'=1: a", "'@b"], ["'=2", "1", "2"]]


@pytest.mark.parametrize("name", ["formula_injection.csv", "injection_in_headers.csv"])
def test_the_injection_files(shared: Path, name: str) -> None:
    text = (shared / "messy" / "own" / name).read_bytes().decode("utf-8-sig", "replace")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    written = read(to_csv(pd.DataFrame(rows, columns=header, dtype="object")))
    assert not [cell for row in written for cell in row if is_live(cell)]
    assert [[unguarded(cell) for cell in row] for row in written] == [header, *rows]
    assert name != "formula_injection.csv" or written[12] == ["P11", "-42.50", "1"]


# The rule once more, written from the Unicode tables rather than from the product.
QUOTES = "\"'`´‘’‚‛“”„‟«»‹›′″＂＇"
BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0" + "".join(
    chr(at)  # not to be drawn, assigned or not
    for first, last in (
        (0x180B, 0x180F),
        (0xFE00, 0xFE0F),
        (0xFFF0, 0xFFF8),
        (0x13430, 0x1343F),
        (0xE0000, 0xE0FFF),
    )
    for at in range(first, last + 1)
)
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
PASSED_OVER = set(QUOTES + BLANKS).union(
    char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) in UNSEEN
)
START = re.compile(r"[=+\-@|−＝﹦＋﹢－﹣＠﹫｜]|%(0[9ad]|2[bd]|3d|40|7c)", re.IGNORECASE)


def is_live(cell: str) -> bool:
    """Whether a spreadsheet program could run a cell as it stands in the file."""
    if cell.startswith("'") or re.fullmatch(
        r"-([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", cell, re.I
    ):
        return False
    return _starts_formula(cell)


def unguarded(cell: str) -> str:
    """What the cell held before it was guarded."""
    text = cell[1:] if cell.startswith("'") and _starts_formula(cell[1:]) else cell
    parts = re.split(r"(?<=[;\r\n])", text)
    return parts[0] + "".join(
        part[1:] if part.startswith("'") and _starts_formula(part[1:], alone="") else part
        for part in parts[1:]
    )


def _starts_formula(text: str, alone: str = "\t\r\n") -> bool:
    for at, char in enumerate(text):
        if char in alone:
            return True
        if char not in PASSED_OVER:
            return START.match(text, at) is not None
    return False


NASTY = st.text("=+-@|＝－;\t\r\n \u200b\ufeff\u202e\xa0'\"“,%0Ad1a.", max_size=8)
TEXTS = st.one_of(NASTY, st.text(max_size=8))


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4), st.tuples(TEXTS, TEXTS))
@example([("'=1", ";'=1")], ("\t;\t=1", "\r\n\r\n"))
@example([], ("", "\r'\r"))
def test_no_text_is_live_and_every_text_comes_back(
    rows: list[tuple[str, str]], header: tuple[str, str]
) -> None:
    frame = pd.DataFrame(rows, columns=list(header), dtype="object")
    written = read(to_csv(frame))
    assert not [cell for row in written for cell in row if is_live(cell)]
    assert not [
        part
        for row in written
        for cell in row
        for part in re.split(r"[;\r\n]", cell)[1:]
        if part.lstrip(" \u200b\xa0")[:1] in tuple("=+-@|")
    ]
    assert [tuple(unguarded(cell) for cell in row) for row in written] == [header, *rows]


def test_every_character_nobody_sees_is_looked_through() -> None:
    known = re.compile(rf"[{SKIPPED}\r\n]")
    assert set(filter(known.match, map(chr, range(sys.maxunicode + 1)))) == PASSED_OVER


@pytest.mark.parametrize("text", ["\n", ";", ";'", " ", "\t", "';\n"])
def test_a_long_run_of_blanks_costs_no_time(text: str) -> None:
    run = text * (100_000 // len(text)) + "x"
    assert unguarded(cells([run])[0]) == run


def test_half_a_surrogate_pair_breaks_nothing() -> None:
    assert cells(pd.Series(["\ud800=1"], dtype="object")) == ["?=1"]


# --- what is in the file --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        pytest.param([255168067.78, -42.5, -0.0], ["255168067.78", "-42.5", "0"], id="float"),
        pytest.param([0.1 + 0.2, 1 / 3], ["0.3", "0.333333333333333"], id="15 digits"),
        pytest.param([1e-5, 1e15, 123456789012.5], ["0.00001", "1" + "0" * 15, "123456789012.5"]),
        pytest.param([9007199254740991.0, 1e20], ["9007199254740991", "1" + "0" * 20], id="whole"),
        pytest.param([1e300, 1e-300], ["1e+300", "1e-300"], id="out of size"),
        pytest.param([float("inf"), float("-inf"), np.nan], ["inf", "'-inf", ""], id="infinite"),
        pytest.param(np.array([0.1, -2.5], dtype="float32"), ["0.1", "-2.5"], id="float32"),
        pytest.param(pd.array([0.5, None], dtype="Float64"), ["0.5", ""], id="Float64"),
        pytest.param([0, -3], ["0", "-3"], id="int"),
        pytest.param(pd.array([0, None, -3], dtype="Int64"), ["0", "", "-3"], id="Int64"),
        pytest.param(pd.array([2**63 - 1, None], dtype="Int64"), [str(2**63 - 1), ""], id="large"),
        pytest.param([True, False], ["True", "False"], id="bool"),
        pytest.param(pd.array([True, None], dtype="boolean"), ["True", ""], id="boolean"),
        pytest.param(["a", None, ""], ["a", "", ""], id="str"),
        pytest.param(pd.array(["=a", None], dtype="string"), ["'=a", ""], id="string"),
        pytest.param(pd.Categorical(["=a", None, "b"]), ["'=a", "", "b"], id="category"),
        pytest.param(pd.Categorical([-1.5, None]), ["-1.5", ""], id="category of numbers"),
        pytest.param(pd.to_datetime(["2024-02-29", None]), ["2024-02-29", ""], id="midnights"),
        pytest.param(
            pd.to_datetime(["2024-02-29", "2024-03-01 10:30"], format="ISO8601"),
            ["2024-02-29 00:00:00", "2024-03-01 10:30:00"],
            id="moments",
        ),
        pytest.param(
            pd.to_datetime(["2024-02-29"]).tz_localize("UTC"),
            ["2024-02-29 00:00:00+00:00"],
            id="zone",
        ),
        pytest.param(pd.period_range("2024-01", periods=1, freq="M"), ["2024-01"], id="period"),
        pytest.param(pd.to_timedelta(["-1 days"]), ["'-1 days +00:00:00"], id="duration"),
        pytest.param(pd.Series([-1, None], dtype="int64[pyarrow]"), ["-1", ""], id="arrow"),
    ],
)  # fmt: skip
def test_every_type_of_column(values: object, shown: list[str]) -> None:
    assert cells(values) == shown


def test_a_column_of_everything() -> None:
    values = [
        1, -1, 0.5, True, np.bool_(False), np.int64(-7), Decimal("-1.50"), "=1", "-1", None, pd.NA,
        pd.NaT, np.nan, datetime.date(2024, 2, 29), pd.Timestamp("2024-03-01"), [1], b"x",
    ]  # fmt: skip
    assert cells(pd.Series(values, dtype="object")) == [
        "1", "-1", "0.5", "True", "False", "-7", "-1.50", "'=1", "-1", "", "", "", "",
        "2024-02-29", "2024-03-01", "[1]", "b'x'",
    ]  # fmt: skip


def test_the_bytes() -> None:
    frame = pd.DataFrame({"ward": ['a "b"', "c\nd", "e, f", "é"], "cost": [1.5, np.nan, 0, -1]})
    assert to_csv(frame) == (
        b'\xef\xbb\xbfward,cost\r\n"a ""b""",1.5\r\n"c\nd",\r\n"e, f",0\r\n\xc3\xa9,-1\r\n'
    )


def test_pandas_reads_back_every_cell() -> None:
    frame = pd.DataFrame(
        {
            "period": pd.date_range("2024-01-01", periods=4, freq="MS", unit="us"),
            "admissions": pd.array([0, None, 12, 3], dtype="Int64"),
            "cost": [255168067.78, -42.5, np.nan, 0.0],
            "ward": ["a", 'say "hi"\nthere', None, "Île, 2"],
            "complete": [True, True, True, False],
        }
    )
    again = pd.read_csv(
        io.BytesIO(to_csv(frame)), parse_dates=["period"], dtype={"admissions": "Int64"}
    )
    pd.testing.assert_frame_equal(
        again.assign(period=again["period"].astype("datetime64[us]")), frame
    )


FLOATS = st.floats(-1e300, 1e300)


@given(st.lists(FLOATS, min_size=1), st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_numbers_come_back(floats: list[float], whole: list[int]) -> None:
    assert [float(cell) for cell in cells(floats)] == pytest.approx(floats, rel=1e-14, abs=0)
    assert [int(cell) for cell in cells(whole)] == whole
    assert not [cell for cell in cells(floats) if is_live(cell)]


# --- headers, index, edges ------------------------------------------------------------------


def test_the_index_is_written_only_if_it_has_a_name() -> None:
    frame = pd.DataFrame({"n": [1]}, index=pd.Index(["a"]))
    assert read(to_csv(frame)) == [["n"], ["1"]]
    assert read(to_csv(frame.rename_axis("ward"))) == [["ward", "n"], ["a", "1"]]
    several = pd.DataFrame(
        {"n": [1]}, index=pd.MultiIndex.from_tuples([("a", 2)], names=["w", None])
    )
    assert read(to_csv(several)) == [["w", "", "n"], ["a", "2", "1"]]


def test_headers_of_any_kind() -> None:
    columns = ["a", "a", 1, -2, None, pd.Timestamp("2024-01-01")]
    frame = pd.DataFrame([range(6)], columns=pd.Index(columns, dtype="object"))
    assert read(to_csv(frame)) == [["a", "a", "1", "-2", "", "2024-01-01"], list("012345")]


def test_levels_of_columns_become_one_header() -> None:
    columns = pd.MultiIndex.from_tuples([("ward", ""), ("admissions", 2024), ("admissions", 2025)])
    assert read(to_csv(pd.DataFrame([["a", 1, 2]], columns=columns))) == [
        ["ward", "admissions: 2024", "admissions: 2025"],
        ["a", "1", "2"],
    ]


def test_without_rows_or_columns() -> None:
    assert to_csv(pd.DataFrame(columns=["a", "b"])) == b"\xef\xbb\xbfa,b\r\n"
    assert to_csv(pd.DataFrame(index=[1, 2])) == b"\xef\xbb\xbf"
    assert read(to_csv(pd.DataFrame({"a": ["x", None, "y"]}))) == [["a"], ["x"], [""], ["y"]]


def test_a_repeated_index_changes_nothing() -> None:
    frame = pd.DataFrame({"a": ["x", "y"], "b": pd.Categorical(["u", "v"])}, index=[7, 7])
    assert read(to_csv(frame)) == [["a", "b"], ["x", "u"], ["y", "v"]]


def test_the_frame_is_not_touched() -> None:
    frame = pd.DataFrame({"=a": ["=1", None], "b": pd.Categorical(["=x", "y"])})
    before = frame.copy(deep=True)
    to_csv(frame)
    pd.testing.assert_frame_equal(frame, before)
