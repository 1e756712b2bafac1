"""Several tables on a sheet."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from caremap import DataProblem, open_all, open_file

STACKED = """Admissions 2024
Date,Ward,Admissions
2024-01-01,A,3
2024-01-02,B,4

Staff in post
Ward,Role,Staff
A,nurse,12
B,doctor,3
C,nurse,7
"""


def beside() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    for row in (
        ["Admissions", None, None, None, "Staff"],
        ["Date", "Ward", "Admissions", None, "Ward", "Role", "Staff"],
        [dt.datetime(2024, 1, 1), "A", 3, None, "A", "nurse", 4],
        [dt.datetime(2024, 1, 2), "A", 5, None, "B", "nurse", 6],
        [dt.datetime(2024, 1, 3), "B", 5],
    ):
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_tables_below_one_another() -> None:
    tables = {one.kind: one for one in open_all(STACKED.encode(), "x.csv")}
    assert set(tables) == {"staff", "activity"}
    assert tables["activity"].table["admissions"].tolist() == [3, 4]
    assert tables["activity"].table.index.tolist() == [3, 4]
    assert tables["staff"].table["staff"].tolist() == [12, 3, 7]
    assert tables["staff"].table.index.tolist() == [8, 9, 10]
    assert [(one.name, one.rows) for one in tables["staff"].sheets] == [
        ("table 1", 2), ("table 2", 3),
    ]  # fmt: skip
    (told,) = [one for one in tables["staff"].findings if one.code == "several-tables"]
    assert "“table 1” (2 rows)" in told.message


def test_tables_side_by_side() -> None:
    tables = {one.kind: one for one in open_all(beside(), "x.xlsx")}
    assert tables["activity"].table["admissions"].sum() == 13
    assert tables["staff"].table["staff"].sum() == 10
    assert tables["staff"].source.sheet == "Data, table 2"


@pytest.mark.parametrize(("data", "name"), [(STACKED.encode(), "x.csv"), (beside(), "x.xlsx")])
def test_every_table_can_be_chosen_by_its_name(data: bytes, name: str) -> None:
    tables = open_all(data, name)
    assert len(tables) == 2
    for one in tables:
        again = open_file(data, name, sheet=one.source.sheet)
        assert again.table.equals(one.table)
        assert again.source.sheet in [sheet.name for sheet in again.sheets]
        same = open_file(data, name, sheet=one.source.sheet,
                         options={"header_row": one.source.header_row})  # fmt: skip
        assert same.table.equals(one.table)
    with pytest.raises(DataProblem, match="no sheet"):
        open_file(data, name, sheet="table 9")


ONE = {
    "subtotals and notes": (
        "Date,Ward,Admissions\n2024-01-01,A,3\n2024-01-02,A,4\n\nSubtotal,,7\n\n2024-01-01,B,5\n"
        "2024-01-02,B,6\n\nNote: provisional,,\n", 18,
    ),
    "the header again on a new page": (
        "Date,Ward,Admissions\n2024-01-01,A,3\n2024-01-02,A,4\n\nDate,Ward,Admissions\n"
        "2024-01-01,B,5\n2024-01-02,B,6\n", 18,
    ),
    "what was asked for above": (
        "Hospital,St Mary\nFrom,2024-01-01\nTo,2024-01-31\n\nDate,Ward,Admissions\n"
        "2024-01-01,A,3\n2024-01-02,A,4\n", 7,
    ),
    "an empty column as a space": (
        "Date,Ward,,Admissions,Discharges\n2024-01-01,A,,3,1\n2024-01-02,A,,4,2\n", 7,
    ),
    "headings of blocks": (
        "Date,Ward,Admissions\n2024-01-01,A,3\n\nSurgery,,\n2024-01-02,B,4\n\nMedicine,,\n"
        "2024-01-02,C,5\n", 12,
    ),
    "a row that says closed": (
        "Date,Ward,Admissions\n2024-01-01,A,3\n\nunknown,B,closed\n2024-01-02,B,4\n", 7,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "admissions"), ONE.values(), ids=ONE)
def test_one_table_stays_one(text: str, admissions: int) -> None:
    (loaded,) = open_all(text.encode(), "x.csv")
    assert loaded.kind == "activity"
    assert loaded.table["admissions"].sum() == admissions
    assert loaded.source.sheet == ""


@pytest.mark.parametrize("between", ["\n", ""])
def test_the_same_months_below_another_title(between: str) -> None:
    months = "Ward,Jan 2024,Feb 2024,Mar 2024\n"
    text = f"Admissions\n{months}A,1,2,3\nB,4,5,6\n{between}Discharges\n{months}A,1,1,3\nB,4,4,6\n"
    tables = open_all(text.encode(), "x.csv")
    sums = {name: one.table[name].sum() for one in tables for name in ("admissions", "discharges")
            if name in one.table}  # fmt: skip
    assert sums == {"admissions": 21, "discharges": 19}
    assert all("several-tables" in {told.code for told in one.findings} for one in tables)


def test_a_summary_above_the_table() -> None:
    text = (
        "Ward,Beds\nA,10\nB,20\nC,5\n\nDate,Ward,Admissions,Discharges\n2024-01-01,A,3,1\n"
        "2024-01-02,A,4,2\n2024-01-03,A,4,2\n"
    )
    tables = {one.kind: one.table for one in open_all(text.encode(), "x.csv")}
    assert tables["activity"]["admissions"].sum() == 11
    assert tables["capacity"]["units"].sum() == 35


def test_no_header_at_all() -> None:
    loaded = open_file(b"A,1\nB,2\n", "x.csv", options={"header_row": 0})
    assert [one.header for one in loaded.columns] == ["Column 1", "Column 2"]
    assert loaded.rows_read == 2
