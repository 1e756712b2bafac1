"""Workbooks that hold what the frames held, and run nothing."""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from caremap.exports import sheet as module
from caremap.exports import sheetnames, to_csv, to_workbook
from tests.unit.test_exports import HARMLESS, LIVE, TEXTS, is_live, read

Grid = list[list[Any]]


def by_openpyxl(data: bytes, sheet: int = 0) -> Grid:
    """What one reader finds, escapes of the format undone (it leaves them)."""
    book = load_workbook(io.BytesIO(data))
    rows = book.worksheets[sheet].iter_rows(values_only=True)
    return [[_unescaped(value) for value in row] for row in rows]


def by_calamine(data: bytes, sheet: int = 0) -> Grid:
    """What another reader finds; an empty cell is its empty text."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    return [[None if value == "" else value for value in row] for row in rows]


def _unescaped(value: object) -> object:
    if not isinstance(value, str):
        return value
    return re.sub("_x005F_", "_", value)


def column(values: object, header: str = "column", **kind: Any) -> list[Any]:
    """What becomes of the values of one column."""
    frame = pd.DataFrame({header: values}, **kind).assign(beside=1)
    return [row[0] for row in by_openpyxl(to_workbook({"Sheet": frame}))[1:]]


def formats(frame: pd.DataFrame) -> list[list[str]]:
    """The number formats of the cells below the header."""
    sheet = load_workbook(io.BytesIO(to_workbook({"Sheet": frame}))).worksheets[0]
    return [[cell.number_format for cell in row] for row in sheet.iter_rows(min_row=2)]


def parts(data: bytes) -> dict[str, str]:
    """The parts of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


# --- nothing stays live -----------------------------------------------------------------------

DDE = ["=cmd|'/C calc'!A0", "=DDE(\"cmd\";\"/C calc\";\"x\")", "=WEBSERVICE(\"http://127.0.0.1\")",
       "=[book.xlsx]Sheet1!A1", "{=SUM(A1:A9)}", "#REF!", "#N/A", "_x003D_1+1", "https://x.org",
       "mailto:x@y.org", "\\\\server\\share", "javascript:alert(1)"]  # fmt: skip


@pytest.mark.parametrize("text", [*LIVE, *HARMLESS, *DDE])
def test_text_is_text_whatever_it_looks_like(text: str) -> None:
    frame = pd.DataFrame({text: [text], "beside": [1]})
    data = to_workbook({text: frame, "again": frame.astype("category")}, {text: text})
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "b"), cell.value
                assert cell.hyperlink is None
                assert cell.value is None or isinstance(cell.value, str | int)
                assert not is_live(str(cell.value).replace("�", "\x00"))


@pytest.mark.parametrize("text", [*LIVE, *DDE])
def test_there_is_no_formula_link_or_connection_anywhere(text: str) -> None:
    data = to_workbook({"Sheet": pd.DataFrame({text: [text]})}, [(text, text)])
    names = set(parts(data))
    assert names == {
        "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml",
        "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/theme/theme1.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
    }  # fmt: skip
    for name, part in parts(data).items():
        if name.startswith("xl/worksheets"):
            assert not re.search(r"<(f|hyperlinks?|legacyDrawing|oleObjects?|extLst)\b", part)
        assert 'TargetMode="External"' not in part


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_text_is_guarded_as_in_a_csv_file(texts: list[str]) -> None:
    frame = pd.DataFrame({"column": pd.Series(texts, dtype="object"), "beside": 1})
    said = [row[0] for row in by_openpyxl(to_workbook({"Sheet": frame}))]
    csv_said = [row[0] for row in read(to_csv(frame))]
    assert [text or "" for text in said] == [held_by_xml(text) for text in csv_said]


def held_by_xml(text: str) -> str:
    """What a cell of a workbook can hold of a text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("�" if ord(c) < 32 and c not in "\t\n" or c in "\ufffe\uffff" else c
                   for c in lines)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("a\x00b", "a�b"),
        ("a\x1bb", "a�b"),
        ("\ud800x", "�x"),
        ("a\uffffb", "a�b"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        (" padded ", " padded "),
        ("tab\tinside", "tab\tinside"),
        ("<b> & \"c\" ]]> &amp;", "<b> & \"c\" ]]> &amp;"),
        ("_x000D_ and _x41_", "_x000D_ and _x41_"),
        ("😀 京都", "😀 京都"),
        ("007", "007"),
        ("1E5", "1E5"),
    ],
)  # fmt: skip
def test_both_readers_find_the_text(text: str, held: str) -> None:
    data = to_workbook({"Sheet": pd.DataFrame({"a": pd.Series([text, "x"], dtype="object")})})
    assert by_openpyxl(data)[1][0] == held
    assert by_calamine(data)[1][0] == held


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    whole, long, wide = "a" * 32_767, "b" * 32_768, "😀" * 16_384
    fits, cut, cut_wide = column([whole, long, wide])
    assert fits == whole
    for text, start in ((cut, "bbb"), (cut_wide, "😀😀😀")):
        assert len(text.encode("utf-16-le")) / 2 <= 32_767
        assert text.startswith(start)
        assert text.endswith("(cut: a cell holds no more)")


# --- what is in the cells ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "found"),
    [
        pytest.param([1, 0, -3], [1, 0, -3], id="int"),
        pytest.param([1.5, np.nan, 0.0], [1.5, None, 0], id="zero and missing"),
        pytest.param([0.1 + 0.2], [0.3], id="15 digits"),
        pytest.param(np.array([0.1], dtype="float32"), [0.1], id="float32"),
        pytest.param([math.inf, -math.inf], ["inf", "'-inf"], id="infinite"),
        pytest.param(pd.array([0, None], dtype="Int64"), [0, None], id="Int64"),
        pytest.param(pd.array([0.5, None], dtype="Float64"), [0.5, None], id="Float64"),
        pytest.param([2**53, 2**53 + 1], [2**53, str(2**53 + 1)], id="too large"),
        pytest.param([True, False], [True, False], id="bool"),
        pytest.param(pd.array([True, None], dtype="boolean"), [True, None], id="boolean"),
        pytest.param(["a", None, ""], ["a", None, None], id="str"),
        pytest.param(pd.Categorical(["a", None]), ["a", None], id="category"),
        pytest.param(pd.Categorical([1.5, None]), [1.5, None], id="category of numbers"),
        pytest.param(
            pd.to_datetime(["2024-02-29", None]), [datetime.datetime(2024, 2, 29), None], id="days"
        ),
        pytest.param(
            pd.to_datetime(["2024-02-29 10:30", "1900-03-01"], format="mixed"),
            [datetime.datetime(2024, 2, 29, 10, 30), datetime.datetime(1900, 3, 1)],
            id="moments",
        ),
        pytest.param([datetime.date(1899, 12, 31)], ["1899-12-31"], id="before Excel's days"),
        pytest.param(
            np.array(["12000-01-01"], dtype="datetime64[s]"), ["12000-01-01"], id="after them"
        ),
        pytest.param(
            pd.to_datetime(["2024-02-29"]).tz_localize("UTC"),
            ["2024-02-29 00:00:00+00:00"],
            id="zone",
        ),
        pytest.param(pd.period_range("2024-01", periods=1, freq="M"), ["2024-01"], id="period"),
        pytest.param(
            pd.to_timedelta(["26:30:00", "-1 days"]),
            [datetime.timedelta(hours=26, minutes=30), "'-1 days +00:00:00"],
            id="duration",
        ),
        pytest.param(pd.Series([-1, None], dtype="int64[pyarrow]"), [-1, None], id="arrow"),
    ],
)  # fmt: skip
def test_every_type_of_column(values: object, found: list[object]) -> None:
    assert column(values) == found


def test_a_column_of_everything() -> None:
    values = [
        1, 0.5, True, np.bool_(False), np.int64(-7), Decimal("-1.50"), Decimal("NaN"), "=1", None,
        pd.NA, pd.NaT, np.nan, datetime.date(2024, 2, 29), pd.Timestamp("2024-03-01"), [1], b"x",
        datetime.time(8, 30), 1j,
    ]  # fmt: skip
    assert column(pd.Series(values, dtype="object")) == [
        1, 0.5, True, False, -7, -1.5, None, "'=1", None, None, None, None,
        datetime.datetime(2024, 2, 29), datetime.datetime(2024, 3, 1), "[1]", "b'x'", "08:30:00",
        "1j",
    ]  # fmt: skip


FRAMES = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
        st.floats(-1e300, 1e300) | st.none(),
        st.integers(-(2**53), 2**53) | st.none(),
        st.datetimes(datetime.datetime(1900, 3, 1), datetime.datetime(9999, 12, 31)),
        st.booleans() | st.none(),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(FRAMES)
def test_two_readers_find_the_values_of_a_frame(rows: list[tuple[Any, ...]]) -> None:
    rows = [(a, b, c, d.replace(microsecond=0), e) for a, b, c, d, e in rows]
    frame = pd.DataFrame(rows, columns=list("abcde"), dtype="object").astype(
        {"b": "float64", "c": "Int64", "d": "datetime64[us]", "e": "boolean"}
    )
    frame["z"] = 0  # so that no reader drops a row
    data = to_workbook({"Sheet": frame})
    texts = [row[0] for row in read(to_csv(frame))[1:]]
    for grid in (by_openpyxl(data), by_calamine(data)):
        assert grid[0] == [*"abcdez"]
        assert len(grid) == len(rows) + 1
        for row, told, text in zip(grid[1:], rows, texts, strict=True):
            assert (row[0] or "") == text.replace("\ufffe", "�").replace("\uffff", "�")
            assert row[1] == (None if told[1] is None else pytest.approx(told[1], rel=1e-14, abs=0))
            assert row[2] == told[2]
            assert moment(row[3]) == told[3]
            assert row[4] is told[4] or row[4] == told[4]
            assert row[5] == 0


def moment(value: object) -> datetime.datetime:
    """A day as the moment it begins, to the second: readers round the fraction of a day."""
    assert isinstance(value, datetime.date)
    if not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time.min)
    return (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0)


# --- how it looks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "values", "number_format"),
    [
        ("Admissions", [1, 20_000], "#,##0"),
        ("Admissions", [1.0, np.nan], "#,##0"),
        ("Cost", [100.25, 3.5], "#,##0.00"),
        ("Latitude", [47.602055, -122.1], "#,##0.000000"),
        ("Length of stay", [1 / 3, 15.5], "#,##0.00"),
        ("Change", [1 / 3, -0.25], "#,##0.0000"),
        ("Occupancy (%)", [93.2, 100.0], '#,##0.0" %"'),
        ("Occupancy, percent", [93.0], '#,##0" %"'),
        ("Year", [2023, 2024], "0"),
        ("Year before", [2023, 10], "#,##0"),
        ("Huge", [1e300], "General"),
        ("Tiny", [1e-12], "General"),
        ("Date", pd.to_datetime(["2024-01-01"]), "yyyy-mm-dd"),
        ("Date", pd.to_datetime(["2024-01-01 08:30"]), "yyyy-mm-dd hh:mm"),
        ("Date", pd.to_datetime(["2024-01-01 08:30:01"]), "yyyy-mm-dd hh:mm:ss"),
        ("Wait", pd.to_timedelta(["26:30:00"]), "[h]:mm:ss"),
        ("Ward", ["007"], "@"),
        ("Note", ["long " * 100], "General"),
    ],
)  # fmt: skip
def test_number_formats(header: str, values: Any, number_format: str) -> None:
    assert formats(pd.DataFrame({header: values}))[0] == [number_format]


def test_rows_of_different_units_have_formats_of_their_own() -> None:
    frame = pd.DataFrame({"Unit": ["admissions", "days", "admissions"], "Overall": [10.0, 2.25, 4]})
    assert [row[1] for row in formats(frame)] == ["#,##0", "#,##0.00", "#,##0"]


def test_the_header_is_bold_and_stays_and_filters_and_repeats_on_paper() -> None:
    frame = pd.DataFrame({"Ward": ["A very long name of a ward", None], "n": [1, 2]})
    data = to_workbook({"By ward": frame})
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert '<dimension ref="A1:B3" />' in parts(data)["xl/worksheets/sheet1.xml"]
    assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == ("&A", "&P / &N")
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert not sheet["A2"].font.bold
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")
    assert (sheet.dimensions, sheet.print_title_rows) == ("A1:B3", "$1:$1")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["A"].width >= len("A very long name of a ward")
    assert sheet.column_dimensions["B"].width == 9


def test_a_column_of_long_texts_is_wrapped_and_not_wider_than_a_screen() -> None:
    frame = pd.DataFrame({"Note": ["word " * 60]})
    sheet = load_workbook(io.BytesIO(to_workbook({"Sheet": frame}))).worksheets[0]
    assert sheet.column_dimensions["A"].width == 60
    assert sheet["A2"].alignment.wrap_text


# --- headers, index, edges --------------------------------------------------------------------


def test_headers_and_index_are_those_of_the_csv_file() -> None:
    columns = pd.MultiIndex.from_tuples([("=ward", ""), ("admissions", 2024), ("admissions", 2025)])
    frame = pd.DataFrame([["a", 1, 2]], columns=columns, index=pd.Index(["x"], name="+place"))
    assert by_openpyxl(to_workbook({"Sheet": frame})) == [
        ["'+place", "'=ward", "admissions: 2024", "admissions: 2025"], ["x", "a", 1, 2],
    ]  # fmt: skip
    assert read(to_csv(frame))[0] == by_openpyxl(to_workbook({"Sheet": frame}))[0]


def test_without_rows_or_columns() -> None:
    assert by_openpyxl(to_workbook({"S": pd.DataFrame(columns=["a", "b"])})) == [["a", "b"]]
    assert by_openpyxl(to_workbook({"S": pd.DataFrame(index=[1, 2])})) in ([], [[None]])


def test_headers_that_repeat_and_an_index_that_repeats() -> None:
    frame = pd.DataFrame([[1, "x"], [2, "y"]], columns=["a", "a"], index=[7, 7])
    assert by_openpyxl(to_workbook({"S": frame})) == [["a", "a"], [1, "x"], [2, "y"]]


def test_a_frame_no_sheet_holds_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame(index=pd.RangeIndex(1_048_576), columns=[])
    with pytest.raises(ValueError, match=r"“Stays” has 1,048,576 rows, .* 1,048,575: take a CSV"):
        to_workbook({"Stays": rows})
    wide = pd.DataFrame([range(16_384)], index=pd.Index([1], name="ward"))
    with pytest.raises(ValueError, match="16,385 columns"):
        to_workbook({"Wide": wide})
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    assert len(by_openpyxl(to_workbook({"S": pd.DataFrame({"a": [1, 2]})}))) == 3


def test_a_workbook_has_at_least_one_sheet() -> None:
    with pytest.raises(ValueError, match="at least one sheet"):
        to_workbook({})
    assert by_openpyxl(to_workbook({}, {"As of": "today"})) == [
        ["What", "Note"],
        ["As of", "today"],
    ]


def test_rows_beyond_one_piece_are_all_there() -> None:
    frame = pd.DataFrame({"n": range(2_500), "text": [f"row {n}" for n in range(2_500)]})
    grid = by_calamine(to_workbook({"S": frame}))
    assert grid[1:] == frame.to_numpy().tolist()


def test_the_frames_are_not_touched() -> None:
    frame = pd.DataFrame({"=a": ["=1", None], "b": pd.Categorical(["=x", "y"])})
    before = frame.copy(deep=True)
    to_workbook({"S": frame}, frame)
    pd.testing.assert_frame_equal(frame, before)


# --- names of sheets --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "given_"),
    [
        (["Stays"], ["Stays"]),
        (["a/b\\c:d*e?f[g]"], ["a-b-c-d-e-f-g-"]),
        (["'quoted'"], ["quoted"]),
        (["", "  ", "''"], ["Sheet", "Sheet (2)", "Sheet (3)"]),
        (["Cost", "COST", "cost"], ["Cost", "COST (2)", "cost (3)"]),
        (["History", "history"], ["History (2)", "history (3)"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
        (["a\x00b\nc\ud800"], ["a-b-c-"]),
        (["😀" * 20], ["😀" * 15]),
        (["=1+1"], ["=1+1"]),
        (["x" * 30 + "' y"], ["x" * 30]),
        ([1, "1"], ["1", "1 (2)"]),
    ],
)  # fmt: skip
def test_names_of_sheets(wanted: list[object], given_: list[str]) -> None:
    assert sheetnames.sheet_names(wanted) == given_


@given(st.lists(st.text(max_size=40) | st.text("aA'(2) ", max_size=40), max_size=6))
def test_every_name_is_one_a_program_takes(wanted: list[str]) -> None:
    names = sheetnames.sheet_names(wanted)
    assert len(names) == len(wanted) == len({name.casefold() for name in names})
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_two_readers_find_the_sheets_in_order() -> None:
    frame = pd.DataFrame({"a": [1]})
    data = to_workbook({"b & <c>": frame, "It's": frame, "notes": frame}, {"x": "y"})
    names = ["b & <c>", "It's", "notes", "Notes (2)"]
    assert load_workbook(io.BytesIO(data)).sheetnames == names
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == names


# --- notes and properties ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "notes",
    [
        {"As of": "30 April 2024", "Finding": ["one", "two"]},
        [("As of", "30 April 2024"), ("Finding", ["one", "two"])],
        pd.DataFrame(
            {"What": ["As of", "Finding", "Finding"], "Note": ["30 April 2024", "one", "two"]}
        ),
    ],
)
def test_notes_are_the_last_sheet(notes: Any) -> None:
    data = to_workbook({"S": pd.DataFrame({"a": [1]})}, notes)
    assert by_openpyxl(data, 1) == [
        ["What", "Note"], ["As of", "30 April 2024"], ["Finding", "one"], ["Finding", "two"],
    ]  # fmt: skip
    assert load_workbook(io.BytesIO(data)).sheetnames == ["S", "Notes"]


def test_long_notes_are_wrapped() -> None:
    data = to_workbook({}, {"Definition": "word " * 60})
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet["B2"].alignment.wrap_text
    assert sheet.column_dimensions["B"].width == 100


def test_equal_frames_give_equal_bytes_that_name_nobody() -> None:
    frame = pd.DataFrame({"a": [1.5, None], "b": ["x", "y"]})
    data = to_workbook({"S": frame}, {"x": "y"})
    assert data == to_workbook({"S": frame.copy()}, {"x": "y"})
    assert "<dc:creator>CareMap</dc:creator>" in parts(data)["docProps/core.xml"]
    assert "lastModifiedBy" not in parts(data)["docProps/core.xml"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in archive.infolist()} == {0}


def test_nothing_is_put_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert to_workbook({"S": pd.DataFrame({"a": ["secret"] * 3_000})})


def test_the_rows_of_a_sheet_are_in_order() -> None:
    sheet = parts(to_workbook({"S": pd.DataFrame({"a": range(1_200)})}))["xl/worksheets/sheet1.xml"]
    rows = [int(number) for number in re.findall(r'<row r="(\d+)"', sheet)]
    assert all(later == earlier + 1 for earlier, later in pairwise(rows))
    assert rows[-1] == 1_201
