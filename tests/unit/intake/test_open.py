"""The door as a caller sees it: what comes out, what can be decided, what is refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import caremap
from caremap import DataProblem, Dataset, open_all, open_file
from caremap.intake import Loaded

WORKED = """Stay;Admitted;Discharged
A;28.03.2024;03.04.2024
B;01.04.2024;01.04.2024
C;02.04.2024;05.04.2024
D;10.04.2024;20.04.2024
E;15.04.2024;
F;15.04.2024;15.04.2024
G;28.04.2024;04.05.2024
H;01.02.2024;30.04.2024
"""
STAYS = (
    "Visit No,Admission Date,Discharge Date,Ward,Amount,Other\n"
    "V1,2024-01-01,2024-01-04,North,100,7\n"
    "V2,2024-01-02,2024-01-04,South,50,8\n"
    "V3,2024-01-05,2024-01-10,North,30,9\n"
)


def opened(text: str, **choices: Any) -> Loaded:
    return open_file(text.encode(), name="file.csv", **choices)


def codes(loaded: Loaded) -> set[str]:
    return {one.code for one in loaded.findings}


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.rstrip("_"))
        for row in rows:
            sheet.append(row)
        if name.endswith("_"):
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# --- the worked example ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "average"),
    [({}, 18.0), ({"same_day": 1}, 18.0 + 2 / 6), ({"overnight_only": True}, 27.0)],
)
def test_the_worked_example_comes_out_to_the_digit(choices: Any, average: float) -> None:
    dataset = Dataset.of(opened(WORKED))
    april = caremap.measures.headline(dataset, as_of="2024-04-30", **choices)["month_to_date"]
    assert april["admissions"] == 6
    assert april["discharges"] == 6
    assert april["length_of_stay"] == pytest.approx(average)


# --- what comes out -----------------------------------------------------------------------


def test_a_plain_table_of_stays() -> None:
    loaded = opened(STAYS)
    assert loaded.kind == "stays"
    assert loaded.mapping == {
        "stay_id": "Visit No", "admitted": "Admission Date", "discharged": "Discharge Date",
        "ward": "Ward", "cost": "Amount",
    }  # fmt: skip
    expected = pd.DataFrame(
        {
            "stay_id": pd.Series(["V1", "V2", "V3"], dtype="str"),
            "admitted": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-05"]),
            "discharged": pd.to_datetime(["2024-01-04", "2024-01-04", "2024-01-10"]),
            "length_of_stay": [3.0, 2.0, 5.0],
            "ward": pd.Series(["North", "South", "North"], dtype="str"),
            "cost": [100.0, 50.0, 30.0],
            "Other": pd.Series([7, 8, 9], dtype="Int64"),
        }
    ).set_axis(pd.Index([2, 3, 4], name="source_row"))
    expected = expected.astype({"admitted": "datetime64[us]", "discharged": "datetime64[us]"})
    pd.testing.assert_frame_equal(loaded.table, expected, check_index_type=False)
    assert loaded.rows_read == loaded.rows_used == 3
    assert len(loaded.set_aside) == 0
    assert [use.field for use in loaded.columns][-1] is None


def test_what_is_set_aside_is_counted_listed_and_whole() -> None:
    text = "Report of 2024\n\n" + STAYS + "V3,2024-01-05,2024-01-10,North,30,9\nTotal,,,,180,\n"
    text += "* preliminary figures,,,,,\n"
    loaded = opened(text)
    aside = loaded.set_aside
    assert aside["source row"].tolist() == [7, 8, 9]
    assert aside["reason"].tolist() == [
        "an exact copy of an earlier row", "a total of other rows", "a note below the table",
    ]  # fmt: skip
    assert aside.loc[1, "Amount"] == "180"
    assert loaded.rows_read == loaded.rows_used + len(aside)
    assert {"duplicates-removed", "total-rows", "footnotes", "title-rows"} <= codes(loaded)
    assert loaded.table["cost"].sum() == 180


def test_findings_come_most_serious_first() -> None:
    rows = "".join(f"{place},0{place}/0{9 - place}/2024,{place}\n" for place in range(1, 8))
    loaded = opened(f"Patient ID,Admission Date,LOS\n{rows}8,05/06/2024,x\n9,1/2/24,-1\n")
    ranks = [{"error": 0, "warning": 1, "info": 2}[one.severity] for one in loaded.findings]
    assert ranks == sorted(ranks)
    assert {"ambiguous-dates", "unreadable", "out-of-range", "derived"} <= codes(loaded)


def test_impossible_dates_are_missing_and_said() -> None:
    rows = "".join(f"{place},2024-01-0{place},2024-01-09\n" for place in range(1, 7))
    loaded = opened(
        "Patient ID,Admission Date,Discharge Date\n" + rows
        + "7,2024-01-02,9999-12-31\n8,1900-01-01,2024-01-05\n"
    )  # fmt: skip
    assert loaded.table["discharged"].isna().sum() == 1
    assert loaded.table["admitted"].isna().sum() == 1
    assert loaded.table["length_of_stay"].max() == 8
    found = [one.rows for one in loaded.findings if one.code == "impossible-dates"]
    assert sorted(found) == [(8,), (9,)]


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("Patient ID,Admission Date,LOS (hours)\n1,2024-01-13,36\n", "unit-converted", "warning"),
        ("Patient ID,LOS,Cost\n1,2,$5\n2,3,€6\n", "mixed-currencies", "error"),
        ("Patient ID,LOS,Cost\n1,2,\"1,5\"\n2,3,\"6,25\"\n", "decimal-comma", "info"),
        ("Patient ID,Admission Date,LOS\n1,2024-01-13T10:00:00Z,3\n", "utc-times", "warning"),
        ("Patient ID,LOS,Charges\n1,2,5\n2,3,6\n", "no-cost", "info"),
        ("Patient ID,LOS,Billing Amount\n1,2,5\n2,3,6\n", "billed-as-cost", "warning"),
        ("Ward,Jan,Feb,Mar\nA,1,2,3\nB,4,5,6\n", "crosstab", "warning"),
        ("Year,Hospital,Admissions\n2021,A,900\n2022,A,950\n2023,A,990\n", "years-only", "warning"),
        ("12,34,56\n13,35,57\n14,36,58\n", "no-header", "warning"),
        ("Colour,Size\nred,1\nblue,2\n", "no-page", "warning"),
        ("Patient ID,LOS,Age\n1,2,5\n2,3\n", "ragged-rows", "warning"),
        ("Patient ID,LOS,Ward\n1,2,5\nWard B closed,,\n1,2,5\n", "duplicates-removed", "warning"),
        ("date,hospital,beds occupied,x\n2024-01-13,A,5,1\nRenovation,,,\n2024-01-14,A,6,1\n",
         "undated-rows", "warning"),
    ],
)  # fmt: skip
def test_what_is_noticed(text: str, code: str, severity: str) -> None:
    found = {one.code: one.severity for one in opened(text).findings}
    assert found.get(code) == severity, found


def test_duplicates_without_an_identifier_are_counted_and_reported() -> None:
    text = "LOS,Age,Cost\n" + "3,50,10\n" * 2 + "4,51,20\n"
    loaded = opened(text)
    assert len(loaded.table) == 3
    assert [one.rows for one in loaded.findings if one.code == "duplicates-reported"] == [(3,)]


def test_a_comment_in_the_middle_is_no_stay() -> None:
    text = STAYS.replace("V2,", "Ward South opens,,,,,\nV2,", 1)
    loaded = opened(text, mapping={"stay_id": None})
    assert len(loaded.table) == 3
    assert "notes" in codes(loaded)


def test_a_place_that_adds_up_the_others_is_no_place() -> None:
    rows = [("Land", 100), ("A", 30), ("B", 10), ("C", 25), ("D", 20), ("E", 15)]
    text = "date,region,admissions\n" + "".join(
        f"2024-01-{day:02d},{name},{count + 2 * (name == 'Land') * 0}\n"
        for day in (1, 2, 13) for name, count in rows
    )  # fmt: skip
    loaded = opened(text)
    assert loaded.table["admissions"].sum() == 300
    assert "total-rows" in codes(loaded)


# --- what a caller can decide ---------------------------------------------------------------


def test_a_field_can_be_given_to_a_column_or_to_none() -> None:
    assert opened(STAYS, mapping={"cost": "Other"}).table["cost"].sum() == 24
    without = opened(STAYS, mapping={"cost": None})
    assert "cost" not in without.mapping
    assert "Amount" in without.table
    both = opened(STAYS, mapping={"cost": ["Amount", "Other"]})
    assert both.table["cost"].tolist() == [107, 58, 39]
    assert "summed-columns" in codes(both)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"mapping": {"colour": "Ward"}}, "no field called “colour”"),
        ({"mapping": {"cost": "Price"}}, "no column “Price”"),
        ({"mapping": {"ward": ["Ward", "Other"]}}, "cannot be put together"),
        ({"mapping": {"ward": "Ward", "units": "Other"}, "options": {"kind": "stays"}},
         "has no field “units”"),
        ({"mapping": {"admitted": "Admission Date", "population": "Other"}}, "No single table"),
        ({"options": {"colour": 1}}, "no option “colour”"),
        ({"options": {"dates": "backwards"}}, "order of dates"),
        ({"options": {"kind": "people"}}, "kind of table"),
        ({"options": {"decimal": ";"}}, "decimal mark"),
        ({"options": {"header_row": -1}}, "header row"),
        ({"sheet": "Nope"}, "no sheet “Nope”"),
    ],
)  # fmt: skip
def test_a_choice_that_cannot_be_is_refused_in_words(choices: Any, words: str) -> None:
    with pytest.raises(DataProblem, match=words) as caught:
        opened(STAYS, **choices)
    assert caught.value.hint


def test_the_kind_can_be_overruled() -> None:
    loaded = opened("code,place,number\n1,A,5\n2,B,6\n", options={"kind": "capacity"},
                    mapping={"facility": "place", "units": "number"})  # fmt: skip
    assert loaded.kind == "capacity"
    assert loaded.table["units"].tolist() == [5, 6]


@pytest.mark.parametrize(
    ("dates", "first"),
    [("day-first", "2024-04-03"), ("month-first", "2024-03-04"),
     ({"Admission Date": "month-first"}, "2024-03-04"),
     ({"admitted": "month-first"}, "2024-03-04")],
)  # fmt: skip
def test_the_order_of_dates_is_switchable(dates: Any, first: str) -> None:
    text = "Patient ID,Admission Date,LOS\n1,03/04/2024,2\n2,05/06/2024,3\n"
    assert "ambiguous-dates" in codes(opened(text))
    loaded = opened(text, options={"dates": dates})
    assert "ambiguous-dates" not in codes(loaded)
    assert str(loaded.table["admitted"].iloc[0].date()) == first


@pytest.mark.parametrize(("decimal", "cost"), [(".", 1234.0), (",", 1.234)])
def test_the_decimal_mark_is_switchable(decimal: str, cost: float) -> None:
    text = 'Patient ID,LOS,Cost\n1,2,"1,234"\n'
    assert opened(text, options={"decimal": decimal}).table["cost"].tolist() == [cost]


def test_the_header_row_can_be_said() -> None:
    loaded = opened("x,y,z\n" + STAYS, options={"header_row": 2})
    assert loaded.source.header_row == 2
    assert len(loaded.table) == 3


def test_the_sheet_with_the_table_is_taken_and_the_others_named() -> None:
    rows = [line.split(",") for line in STAYS.splitlines()]
    beds: list[list[object]] = [["Hospital", "Beds"], ["A", 5], ["B", 7]]
    data = workbook(Notes=[["Read me"], ["x"]], Stays=rows, Beds=beds, Secret_=rows)
    loaded = open_file(data, name="book.xlsx")
    assert (loaded.kind, loaded.source.sheet) == ("stays", "Stays")
    assert {"other-sheets", "hidden-sheets"} <= codes(loaded)
    named = {one.name: (one.kind, one.hidden) for one in loaded.sheets}
    assert named["Beds"] == ("capacity", False)
    assert named["Secret"] == (None, True)
    assert open_file(data, name="book.xlsx", sheet="Beds").table["units"].sum() == 12
    assert open_file(data, name="book.xlsx", sheet="Secret").kind == "stays"
    assert [one.kind for one in open_all(data, name="book.xlsx")] == ["stays", "capacity"]


def test_totals_in_a_native_column_of_a_workbook() -> None:
    import datetime as dt

    rows: list[list[object]] = [["Date", "Ward", "Admissions"]]
    rows += [[dt.datetime(2024, 1, day), "A", day] for day in range(1, 11)]
    rows += [["Total", None, 55]]
    loaded = open_file(workbook(Daily=rows), name="daily.xlsx")
    assert loaded.table["admissions"].sum() == 55
    assert loaded.set_aside["source row"].tolist() == [12]


def test_progress_over_several_tables_never_runs_backwards() -> None:
    book = io.BytesIO()
    with pd.ExcelWriter(book) as writer:
        for name in ("North", "South", "West"):
            pd.read_csv(io.StringIO(STAYS)).to_excel(writer, sheet_name=name, index=False)
    told: list[float] = []
    assert len(open_all(book.getvalue(), progress=lambda _, done: told.append(done))) == 3
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_progress_over_the_tables_within_one_never_runs_backwards() -> None:
    text = "Facility,ZIP,Latitude,Longitude,Population,Doctors,Nurses,Beds\n" + "".join(
        f"F{row},{98100 + row},47.{row},-122.{row},{1000 + row},{row + 3},{row + 9},{row + 10}\n"
        for row in range(12)
    )
    told: list[float] = []
    tables = open_all(text.encode(), progress=lambda _, done: told.append(done))
    assert [one.kind for one in tables] == ["facilities", "staff", "capacity"]
    assert told == sorted(told)
    assert told[-1] == 1


def test_progress_is_told_in_words() -> None:
    told: list[tuple[str, float]] = []
    opened(STAYS, progress=lambda stage, done: told.append((stage, done)))
    assert told[0][0] == "Reading the file"
    assert told[-1] == ("Done", 1.0)


def test_a_path_and_its_bytes_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(STAYS)
    one, other = open_file(path), open_file(path.read_bytes(), name="file.csv")
    pd.testing.assert_frame_equal(one.table, other.table)
    assert one.source == other.source
    with pytest.raises(DataProblem):
        open_file(tmp_path / "absent.csv")


def test_inputs_are_not_mutated() -> None:
    mapping = {"cost": ["Amount", "Other"], "ward": None}
    options = {"dates": {"Admission Date": "day-first"}, "keep": ["Ward"]}
    before = repr((mapping, options))
    opened(STAYS, mapping=mapping, options=options)
    assert repr((mapping, options)) == before


# --- nothing but a DataProblem ----------------------------------------------------------------


@settings(max_examples=40)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_problem(data: bytes) -> None:
    try:
        open_file(data, name="file.csv")
    except DataProblem as problem:
        assert problem.message


HEADERS = ["Patient ID", "Admission Date", "Discharge Date", "LOS", "Cost", "Age", "Ward", "Date",
           "Admissions", "Beds", "Occupied Beds", "Hospital", "ZIP", "Population", "Visit ID", "",
           "Latitude", "Staff", "Gender", "Year", "Month"]  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(["", "1", "2,5", "1.234", "-3", "120 +", "03/04/2024", "2024-01-05", "Total",
                     "x", "9999-12-31", "Yes", "n/a", "=1+1", "45385", "2024-W05", "36 h",
                     "31/02/2024", "1E5", "£5", "Jan"]),
    st.text(max_size=6),
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> str:
    heads = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=6))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(heads), max_size=len(heads)), max_size=8))
    return pd.DataFrame(rows, columns=range(len(heads))).to_csv(index=False, header=heads)


@settings(max_examples=60)
@given(tables())
def test_any_table_is_understood_or_refused_in_words(text: str) -> None:
    try:
        loaded = opened(text)
    except DataProblem as problem:
        assert "could not be understood" not in problem.message
        return
    if not {"folded-stays", "resources"} & codes(loaded):
        assert loaded.rows_read == loaded.rows_used + len(loaded.set_aside)
    for name in loaded.mapping:
        assert name in loaded.table
    for one in loaded.findings:
        assert one.message.endswith((".", ")", "?"))
    Dataset.of(loaded)


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"options": {"dates": {"Nope": "day-first"}}}, "no column “Nope”"),
        ({"options": {"keep": ["Nope"]}}, "no column “Nope”"),
        ({"mapping": ["Cost"]}, "mapping is not"),
        ({"mapping": {"cost": 5}}, "mapping is not"),
    ],
)
def test_choices_that_name_nothing_are_refused(choices: Any, told: str) -> None:
    with pytest.raises(DataProblem, match=told):
        opened(STAYS, **choices)


@pytest.mark.parametrize(
    ("field", "column", "what"),
    [
        ("age", "Ward", "no numbers in years"),
        ("admitted", "Ward", "no dates"),
        ("readmitted", "Cost", "no yes or no"),
        ("age", "Cost", "no numbers in years"),
    ],
)
def test_a_match_by_hand_that_no_value_fits_is_refused(field: str, column: str, what: str) -> None:
    rows = "".join(f"North,2024-04-0{day},{900 + day}\n" for day in range(1, 8))
    text = f"Ward,Admission Date,Cost\n{rows}".encode()
    with pytest.raises(DataProblem, match=what) as problem:
        open_file(text, name="a.csv", mapping={field: column}, options={"kind": "stays"})
    assert f"“{column}” cannot be" in problem.value.message
    assert "7 of its 7 values" in problem.value.message
