"""What a decision about dates would change, counted by hand."""

from __future__ import annotations

from caremap import open_file
from caremap.measures.readings import compare_readings

# day-first: 1 Feb - 3 Feb, 2 Mar - 4 Mar, 3 Mar - 1 Apr; 5 Mar, no discharge
# month-first: 2 Jan - 2 Mar, 3 Feb - 3 Apr, 3 Mar - 4 Jan (before it), 3 May
STAYS = b"""Admission Date,Discharge Date,Age
01/02/2024,03/02/2024,40
02/03/2024,04/03/2024,41
03/03/2024,01/04/2024,42
05/03/2024,,43
"""


def both(text: bytes) -> dict[str, dict[str, str]]:
    orders = ("day-first", "month-first")
    frame = compare_readings({one: open_file(text, options={"dates": one}) for one in orders})
    return {one: frame[one].to_dict() for one in orders}


def test_stays_by_month_and_to_date() -> None:
    seen = both(STAYS)
    assert seen["day-first"] == {
        "First date": "1 Feb 2024",
        "Last date": "5 Mar 2024",
        "Rows with a date": "4",
        "Admissions month to date": "3",
        "Discharged before admission": "0",
        "Admissions in Jan 2024": "0",
        "Admissions in Feb 2024": "1",
        "Admissions in Mar 2024": "3",
        "Admissions in May 2024": "0",
    }
    assert seen["month-first"] == {
        "First date": "2 Jan 2024",
        "Last date": "3 May 2024",
        "Rows with a date": "4",
        "Admissions month to date": "1",
        "Discharged before admission": "1",
        "Admissions in Jan 2024": "1",
        "Admissions in Feb 2024": "1",
        "Admissions in Mar 2024": "1",
        "Admissions in May 2024": "1",
    }


def test_counts_are_added_up_and_not_the_rows() -> None:
    rows = "".join(f"{day:02}/02/2024,{10 * (5 * day % 12 + 1)},3\n" for day in range(1, 13))
    seen = both(b"Date,Admissions,Beds Occupied\n" + rows.encode())
    assert seen["day-first"]["Admissions in Feb 2024"] == "780"
    assert seen["day-first"]["Admissions month to date"] == "780"
    # read month-first every row is the 2nd of another month
    assert seen["month-first"]["Admissions in Feb 2024"] == "110"
    assert seen["month-first"]["Last date"] == "2 Dec 2024"
    assert "Discharged before admission" not in seen["day-first"]


def test_visits_are_called_visits() -> None:
    rows = "".join(f"{day:02}/02/2024,{5 * day % 12 + 1}\n" for day in range(1, 13))
    seen = both(b"Date,ED Visits\n" + rows.encode())
    assert seen["day-first"]["Visits in Feb 2024"] == "78"
