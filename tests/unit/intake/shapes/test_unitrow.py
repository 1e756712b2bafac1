"""Rows of units below the header."""

from __future__ import annotations

import pytest

from caremap import open_file


def test_hours_in_a_row_of_units_are_no_days() -> None:
    text = "Patient ID,Admission date,LOS\n,yyyy-mm-dd,hours\nP1,2024-01-01,48\nP2,2024-01-03,24\n"
    loaded = open_file(text.encode(), "x.csv")
    assert loaded.mapping["length_of_stay"] == "LOS (hours)"
    assert loaded.table["length_of_stay"].tolist() == [2, 1]
    (told,) = [one for one in loaded.findings if one.code == "units-row"]
    assert told.rows == (2,)


@pytest.mark.parametrize("units", ["n,n,(USD)", "text,number,$", ",count,€"])
def test_types_and_currencies(units: str) -> None:
    text = f"Month,Admissions,Cost\n{units}\n2024-01,5,100\n2024-02,6,200\n"
    loaded = open_file(text.encode(), "x.csv")
    assert loaded.table["admissions"].tolist() == [5, 6]
    assert loaded.table["cost"].tolist() == [100, 200]
    assert "unreadable" not in {one.code for one in loaded.findings}


@pytest.mark.parametrize("text", [
    "Patient ID,Admission date,Days,Unit\nP1,2024-01-01,2,days\nP2,2024-01-03,1,days\n",
    "Ward,Code,Beds\nY,N,5\nN,Y,6\n",
])  # fmt: skip
def test_a_row_of_data_is_no_row_of_units(text: str) -> None:
    loaded = open_file(text.encode(), "x.csv")
    assert "units-row" not in {one.code for one in loaded.findings}
    assert loaded.rows_read == 2
