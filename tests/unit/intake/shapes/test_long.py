"""Measure names in a column."""

from __future__ import annotations

import pandas as pd

from caremap import Loaded, open_file


def opened(text: str) -> Loaded:
    return open_file(text.encode(), "report.csv")


def test_blank_stays_blank_and_units_join_the_name() -> None:
    loaded = opened(
        "Month,Site,Code,Indicator,Unit,Value\n2024-01,A,X1,Admissions,count,5\n"
        "2024-01,A,X2,Bed occupancy,%,85\n2024-02,A,X1,Admissions,count,7\n"
        "2024-02,B,X2,Bed occupancy,%,90\n"
    )
    assert loaded.kind == "activity"
    assert loaded.table["admissions"].tolist()[:2] == [5, 7]
    assert pd.isna(loaded.table["admissions"].iloc[2])
    assert [one.header for one in loaded.columns][2:] == [
        "Admissions (count)", "Bed occupancy (%)",
    ]  # fmt: skip
    (told,) = [one for one in loaded.findings if one.code == "measures-to-columns"]
    assert "4 rows became 3 rows" in told.message
    assert "2 values" in told.message


def test_the_same_measure_twice_is_never_added_up() -> None:
    loaded = opened(
        "Date,Ward,Measure Names,Measure Values\n2024-01-01,A,Admissions,5\n"
        "2024-01-01,A,Admissions,4\n2024-01-02,A,Discharges,6\n"
    )
    assert loaded.kind == "lookup"
    (told,) = [one for one in loaded.findings if one.code == "measures-twice"]
    assert told.severity == "error"
    assert told.rows == (2, 3)


def test_tables_that_are_long_on_purpose_stay() -> None:
    capacity = opened("Hospital,Resource,Units\nA,beds,10\nA,icu_beds,2\nB,beds,20\n")
    assert (capacity.kind, len(capacity.table)) == ("capacity", 3)
    staff = opened("Hospital,Role,Staff\nA,nurse,10\nA,doctor,2\nB,nurse,20\n")
    assert (staff.kind, len(staff.table)) == ("staff", 3)


def test_values_of_patients_are_no_measures_of_a_table() -> None:
    loaded = opened(
        "Patient ID,Admission date,Discharge date,Parameter,Value\n"
        "P1,2024-01-01,2024-01-03,Temp,37\nP2,2024-01-02,2024-01-04,Pulse,80\n"
    )
    assert loaded.kind == "stays"
    assert loaded.table["Parameter"].tolist() == ["Temp", "Pulse"]


def test_footnotes_and_rows_without_a_measure_are_listed() -> None:
    loaded = opened(
        "Datum;Klinik;Kennzahl;Wert\n2024-01-01;A;Aufnahmen;5\n2024-01-01;A;Entlassungen;4\n"
        "2024-01-01;B;;9\nQuelle: Register;;;\n"
    )
    assert loaded.table["admissions"].tolist() == [5]
    assert loaded.set_aside["source row"].tolist() == [4, 5]
