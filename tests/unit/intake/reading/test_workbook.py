"""Workbooks: true rows and types, what is hidden, what calamine does not tell."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from caremap.intake.reading import Source, open_source
from caremap.problems import DataProblem
from tests.unit.intake.reading.workbooks import (
    binary_workbook,
    ods_cell,
    ods_row,
    ods_table,
    of_rows,
    open_document,
    raw,
    sheet_xml,
    workbook,
)


def codes(source: Source) -> dict[str, tuple[int, ...]]:
    """Return the notes as {code: rows}."""
    return {note.code: note.rows for note in source.notes}


def test_columns_of_one_type_stay_native_and_mixed_ones_are_spelled_exactly() -> None:
    day, moment = dt.datetime(2024, 4, 3), dt.datetime(2024, 4, 9, 23, 59, 59)
    data = of_rows(
        ["number", "day", "flag", "text", "mixed", "empty", "when"],
        [1, day, True, "a", 45389, None, day],
        [2.5, moment, False, "b", "120 +", None, "soon"],
        [None, None, None, None, 0.1, None, moment],
        [-3, day, True, "007", True, None, None],
    )
    opened = open_source(data, "x.xlsx")
    (sheet,) = opened.sheets
    assert (opened.format, opened.encoding, opened.separator) == ("xlsx", None, None)
    assert sheet.head(2) == [
        ["number", "day", "flag", "text", "mixed", "empty", "when"],
        [1.0, day, True, "a", 45389.0, None, day],
    ]
    body = sheet.body(2, 7)
    assert [str(column.type) for column in body.columns] == [
        "double",
        "timestamp[us]",
        "bool",
        "string",
        "string",
        "string",
        "string",
    ]
    assert [column.to_pylist() for column in body.columns] == [
        [1.0, 2.5, None, -3.0],
        [day, moment, None, day],
        [True, False, None, True],
        ["a", "b", None, "007"],
        ["45389", "120 +", "0.1", "TRUE"],
        [None] * 4,
        ["2024-04-03", "soon", "2024-04-09T23:59:59", None],
    ]
    assert [None if mask is None else mask.tolist() for mask in body.typed] == [
        None,
        None,
        None,
        None,
        [True, False, True, False],
        None,
        [False] * 4,
    ]


@pytest.mark.parametrize(
    ("value", "spelled"),
    [(5, "5"), (0.1, "0.1"), (2**53 - 1, "9007199254740991"), (1e308, "1e+308"), (-0.5, "-0.5")],
)
def test_numbers_among_text_are_spelled_without_loss(value: float, spelled: str) -> None:
    body = open_source(of_rows(["h"], ["text"], [value])).sheets[0].body(2)
    assert body.columns[0].to_pylist() == ["text", spelled]


def test_types_are_found_beyond_the_first_rows() -> None:
    rows: list[list[Any]] = [["a", "b", "c"]] + [[row, row, "x"] for row in range(300)]
    rows[250][1] = "late"
    body = open_source(of_rows(*rows)).sheets[0].body(2)
    assert [str(column.type) for column in body.columns] == ["double", "string", "string"]
    assert body.columns[1].to_pylist()[248:251] == ["248", "late", "250"]
    assert body.typed[1] is not None
    assert not body.typed[1][249]
    assert body.typed[1].sum() == 299


def test_a_table_that_does_not_start_at_a1_keeps_its_true_rows_and_columns() -> None:
    def fill(book: Any) -> None:
        book.active["B4"], book.active["C4"] = "id", "n"
        book.active["B6"], book.active["C6"] = "x", 1
        book.active["B7"], book.active["C7"] = "y", 2

    (sheet,) = open_source(workbook(fill)).sheets
    assert sheet.head(4) == [[], [], [], [None, "id", "n"]]
    body = sheet.body(5, 3)
    assert [column.to_pylist() for column in body.columns] == [[None, None], ["x", "y"], [1, 2]]
    assert (body.source_rows.tolist(), body.blank_rows) == ([6, 7], 1)


def test_hidden_sheets_are_kept_apart_and_named_charts_and_empty_ones_left_out() -> None:
    def fill(book: Any) -> None:
        book.active.append(["a"])
        for name, state in (("secret", "hidden"), ("deep", "veryHidden")):
            sheet = book.create_sheet(name)
            sheet.append(["b"])
            sheet.sheet_state = state
        book.create_sheet("Empty")
        book.create_chartsheet("Chart")

    opened = open_source(workbook(fill))
    assert [sheet.name for sheet in opened.sheets] == ["Sheet"]
    assert [sheet.name for sheet in opened.hidden] == ["secret", "deep"]
    assert list(codes(opened)) == ["chart_sheet", "hidden_sheets"]
    assert "“secret”, “deep”" in opened.notes[-1].message


def test_merged_ranges_are_told() -> None:
    def fill(book: Any) -> None:
        book.active.append(["Dept", "Jan", None, "Feb"])
        book.active.merge_cells("B1:C1")

    assert open_source(workbook(fill)).sheets[0].merged == ((0, 1, 0, 2),)


def test_formulas_never_calculated_and_errors_are_told_apart_from_blanks() -> None:
    xml = sheet_xml(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>h</t></is></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f><v></v></c></row>'
        '<row r="4"><c r="A4"><f t="shared" si="0"/><v/></c></row>'
        '<row r="5"><c r="A5" t="str"><f>""</f><v></v></c></row>'
        '<row r="6"><c r="A6" t="e"><v>#N/A</v></c></row>'
        '<row r="7"><c r="B7" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    opened = open_source(raw(xml))
    assert codes(opened) == {"not_calculated": (2, 3, 4), "error_values": (6, 7)}
    assert {note.sheet for note in opened.notes} == {"S & T"}


def test_both_epochs_give_the_same_day(shared: Path) -> None:
    for name in ("dates-1900.xls", "dates-1904.xls", "dates-1900-LibreOffice.xlsx"):
        (sheet,) = open_source(shared / "messy/readxl" / name).sheets
        assert sheet.head() == [[dt.datetime(2000, 1, 1)] * 5], name


def test_ods_is_read() -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" '
        f'xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="T"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>'
        "</table:table-row><table:table-row>"
        '<table:table-cell office:value-type="float" office:value="7"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    opened = open_source(buffer.getvalue(), "x.xls")
    assert (opened.format, list(codes(opened))) == ("ods", ["misnamed"])
    assert opened.sheets[0].head() == [["id"], [7.0]]


def test_every_workbook_of_readxl_opens_or_is_refused_with_a_reason(shared: Path) -> None:
    files = sorted((shared / "messy/readxl").glob("*.xls*"))
    assert len(files) > 30
    for path in files:
        try:
            opened = open_source(path)
        except DataProblem as problem:
            assert path.name in problem.message
            assert problem.hint
            continue
        for sheet in opened.sheets:
            body = sheet.body(1)
            assert len(body.columns) == body.width == len(body.typed)
            assert {len(column) for column in body.columns} == {len(body.source_rows)}


OWN = {
    "billion_laughs.xlsx": "declares XML entities",
    "xxe_file.xlsx": "declares XML entities",
    "far_cell.xlsx": "row 1,048,576 and column 16,384",
    "zip_bomb_600MB_sheet.xlsx": "295 times its size",
    "zip_bomb_padding_1GB_comment.xlsx": "the limit is 1 GB",
    "zip_slip_names.xlsx": "without its main part",
}


@pytest.mark.parametrize("name", OWN)
def test_a_hostile_workbook_is_refused_with_its_reason(shared: Path, name: str) -> None:
    with pytest.raises(DataProblem) as caught:
        open_source(shared / "messy/own" / name)
    assert OWN[name] in caught.value.message


def test_a_false_dimension_and_a_far_row_are_no_reason_to_refuse(shared: Path) -> None:
    assert open_source(shared / "messy/own/lying_dimension.xlsx").sheets[0].head() == [[1.0]]
    body = open_source(shared / "messy/own/far_row_one_col.xlsx").sheets[0].body(1)
    assert (body.source_rows.tolist(), body.blank_rows) == ([1, 1048576], 1048574)


def columns(source: Source, sheet: int = 0) -> list[list[Any]]:
    """Return all cells of a sheet, column by column, mixed ones spelled."""
    return [column.to_pylist() for column in source.sheets[sheet].body(1).columns]


def test_xlsb_is_read_and_its_error_values_are_told() -> None:
    rows = [["id", "n", "flag", "e"], ["ü", 1.5, True, ValueError()], ["b", -2, False, "x"]]
    opened = open_source(binary_workbook(rows), "x.xlsb")
    assert (opened.format, codes(opened)) == ("xlsb", {"error_values": (2,)})
    body = opened.sheets[0].body(2)
    assert [column.to_pylist() for column in body.columns] == [
        ["ü", "b"], [1.5, -2], [True, False], [None, "x"]
    ]  # fmt: skip


@pytest.mark.parametrize("state", [1, 2])
def test_hidden_sheets_of_xlsb_are_not_used(state: int) -> None:
    opened = open_source(binary_workbook([["a"], [1]], state), "x.xlsb")
    assert (opened.sheets, [sheet.name for sheet in opened.hidden]) == ((), ["Stays"])


def number(value: float, kind: str = "float", **attributes: str) -> str:
    return ods_cell(str(value), kind, office_value=str(value), **attributes)


def test_repeated_rows_and_columns_of_ods_are_as_many_as_they_say() -> None:
    empty = ods_cell("", "", repeated=16380)
    data = open_document(
        ods_table(
            ods_row(ods_cell("id"), ods_cell("n", repeated=2), empty),
            ods_row(ods_cell("", "", repeated=16383), repeated=1_000_000),
            ods_row(ods_cell("x"), number(3), number(4), repeated=3),
            ods_row(empty, repeated=40_000),
        )
    )
    body = open_source(data, "x.ods").sheets[0].body(2)
    assert body.source_rows.tolist() == [1_000_002, 1_000_003, 1_000_004]
    assert [column.to_pylist() for column in body.columns] == [["x"] * 3, [3.0] * 3, [4.0] * 3]


def test_every_type_of_ods_is_read() -> None:
    data = open_document(
        ods_table(
            ods_row(*[ods_cell("h")] * 6),
            ods_row(
                ods_cell("3.4.24", "date", office_date__value="2024-04-03"),
                number(0.12, "percentage"),
                ods_cell("TRUE", "boolean", office_boolean__value="true"),
                number(12.5, "currency"),
                ods_cell("26:15:30", "time", office_time__value="PT26H15M30S"),
                ods_cell("a", "string", office_string__value="abc"),
            ),
        )
    )
    body = open_source(data, "x.ods").sheets[0].body(2)
    assert [column[0].as_py() for column in body.columns] == [
        dt.datetime(2024, 4, 3), 0.12, True, 12.5, "26:15:30", "abc"
    ]  # fmt: skip


def test_formulas_errors_and_merged_cells_of_ods_are_told() -> None:
    formula = {"table_formula": "of:=1/0"}
    data = open_document(
        ods_table(
            ods_row(ods_cell("h", table_number__columns__spanned="2"), ods_cell("", "")),
            ods_row(number(1), number(2)),
            ods_row(ods_cell("", "", **formula), number(5, **formula)),
            ods_row(ods_cell("#DIV/0!", "string", office_string__value="",
                             calcext_value__type="error", **formula), number(6)),
            ods_row(ods_cell("#N/A", "float", office_value="0", **formula), number(7)),
            ods_row(ods_cell("", "string", office_string__value="", **formula), number(8)),
        )
    )  # fmt: skip
    opened = open_source(data, "x.ods")
    assert codes(opened) == {"not_calculated": (3,), "error_values": (4, 5)}
    assert opened.sheets[0].merged == ((0, 0, 0, 1),)
    assert columns(opened)[0] == ["h", "1", None, None, None, None]
    assert opened.sheets[0].body(2).columns[1].to_pylist() == [2, 5, 6, 7, 8]


def test_hidden_sheets_of_ods_are_not_used() -> None:
    style = (
        '<style:style style:name="off" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    data = open_document(
        ods_table(ods_row(number(1)), name="seen")
        + ods_table(ods_row(number(2)), name="unseen", style="off"),
        style,
    )
    opened = open_source(data, "x.ods")
    assert [sheet.name for sheet in opened.sheets] == ["seen"]
    assert [sheet.name for sheet in opened.hidden] == ["unseen"]


def test_entities_declared_late_in_an_ods_are_refused() -> None:
    part = f'<!--{"x" * 70_000}--><!DOCTYPE a [<!ENTITY b "c">]><a formula="1"/>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", part)
    with pytest.raises(DataProblem, match="damaged"):
        open_source(buffer.getvalue(), "x.ods")


def test_attributes_in_single_quotes_are_understood() -> None:
    xml = sheet_xml(
        "<row r='1'><c r='A1'><f>1+1</f></c><c r='B1' t='e'><v>#N/A</v></c>"
        "<c r='C1'><v>2</v></c></row>"
    )
    assert codes(open_source(raw(xml))) == {"not_calculated": (1,), "error_values": (1,)}


def test_a_sheet_name_keeps_no_character_that_turns_or_ends_a_line() -> None:
    data = open_document(ods_table(ods_row(number(1)), name="../a\u202eb&#10;&lt;c&gt;"))
    assert [sheet.name for sheet in open_source(data).sheets] == ["../ab<c>"]


def test_a_macro_workbook_is_read_without_its_macros() -> None:
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')
    opened = open_source(raw(xml, **{"xl/vbaProject.bin": "macros"}), "x.xlsm")
    assert (opened.format, columns(opened)) == ("xlsm", [[1.0]])


def test_durations_times_and_old_dates_are_exact() -> None:
    def fill(book: Any) -> None:
        book.active.append([dt.timedelta(hours=26, minutes=5), dt.time(10, 30)])
        book.active.append([dt.timedelta(hours=-2), dt.time(0, 0)])

    assert columns(open_source(workbook(fill))) == [
        ["26:05:00", "-02:00:00"], ["10:30:00", "00:00:00"]
    ]  # fmt: skip
