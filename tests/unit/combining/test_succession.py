"""What a new file is to an old one: in its place, beside it, or a question."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from caremap.combining.succession import succession
from caremap.exports import to_csv
from caremap.intake import Loaded, open_all


@cache
def stays(
    first: str, last: str, *, per_day: int = 3, seed: int = 1, places: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Invented stays admitted between two days; those of a day are always the same."""
    rows = []
    for day in pd.date_range("2024-01-01", "2024-12-31"):
        rng = np.random.default_rng([seed, day.day_of_year])
        for number in range(per_day):
            nights = int(rng.integers(0, 12))
            rows.append(
                {
                    "Stay ID": f"S{seed}{day.day_of_year:03}{number}",
                    **({"Hospital": places[number % len(places)]} if places else {}),
                    "Admission Date": day,
                    "Discharge Date": day + pd.Timedelta(days=nights),
                    "Age": int(rng.integers(0, 95)),
                    "Gender": "FM"[int(rng.integers(2))],
                    "Cost": round(float(rng.lognormal(7, 1)), 2),
                }
            )
    table = pd.DataFrame(rows)
    return table[table["Admission Date"].between(first, last)]


def nameless(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns="Stay ID")


def left(table: pd.DataFrame, day: str) -> pd.DataFrame:
    """What an extract made on a day knows: who had not left has neither discharge nor cost."""
    known = table[table["Admission Date"] <= day].copy()
    known.loc[known["Discharge Date"] > day, ["Discharge Date", "Cost"]] = None
    return known


def by_discharge(first: str, last: str) -> pd.DataFrame:
    every = stays("2024-01-01", "2024-12-31")
    return every[every["Discharge Date"].between(first, last)]


def corrected(table: pd.DataFrame) -> pd.DataFrame:
    """The same extract after the coders looked at it."""
    again = table.copy()
    again.loc[again.index[::20], "Cost"] += 1
    again.loc[again.index[5::40], "Age"] += 1
    return again.iloc[1:]


def counts(first: str, last: str, hospitals: str = "AB", seed: int = 1) -> pd.DataFrame:
    rows = []
    for day in pd.date_range(first, last):
        for place in hospitals:
            rng = np.random.default_rng([seed, day.day_of_year, ord(place)])
            admissions, discharges, beds = rng.integers(0, 40, 3)
            rows.append(
                {"Date": day, "Hospital": f"Hospital {place}", "Admissions": admissions,
                 "Discharges": discharges, "Occupied Beds": 60 + beds}
            )  # fmt: skip
    return pd.DataFrame(rows)


def beds(places: str, more: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {"Hospital": [f"Hospital {one}" for one in places],
         "Beds": [20 + more + ord(one) for one in places]}
    )  # fmt: skip


def facilities(places: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"Facility": [f"Site {one}" for one in places],
         "Latitude": [47.1 + ord(one) / 100 for one in places],
         "Longitude": [8.2 + ord(one) / 100 for one in places]}
    )  # fmt: skip


ALL = ("2024-01-01", "2024-12-31")
Make = Callable[[], pd.DataFrame]

CASES: dict[str, tuple[Make, Make, str]] = {
    # stays with numbers
    "a week more": (
        lambda: stays("2024-01-01", "2024-06-02"), lambda: stays("2024-01-01", "2024-06-09"),
        "replaces",
    ),
    "a week more, stays discharged since": (
        lambda: left(stays(*ALL), "2024-06-02"), lambda: left(stays(*ALL), "2024-06-09"),
        "replaces",
    ),
    "the window of a year moves on by a week": (
        lambda: stays("2024-01-01", "2024-06-30"), lambda: stays("2024-01-08", "2024-07-07"),
        "replaces",
    ),
    "the window of four weeks moves on by one": (
        lambda: stays("2024-01-01", "2024-01-28"), lambda: stays("2024-01-08", "2024-02-04"),
        "replaces",
    ),
    "the same period corrected": (
        lambda: stays("2024-01-01", "2024-06-30"),
        lambda: corrected(stays("2024-01-01", "2024-06-30")), "replaces",
    ),
    "a month, then the quarter": (
        lambda: stays("2024-02-01", "2024-02-29"), lambda: stays("2024-01-01", "2024-03-31"),
        "replaces",
    ),
    "January, then February": (
        lambda: stays("2024-01-01", "2024-01-31"), lambda: stays("2024-02-01", "2024-02-29"),
        "beside",
    ),
    "two halves of a year, the second first": (
        lambda: stays("2024-07-01", "2024-12-31"), lambda: stays("2024-01-01", "2024-06-30"),
        "beside",
    ),
    "January and February by discharge": (
        lambda: by_discharge("2024-01-01", "2024-01-31"),
        lambda: by_discharge("2024-02-01", "2024-02-29"), "beside",
    ),
    "a quarter that shares a month with the next": (
        lambda: stays("2024-01-01", "2024-03-31"), lambda: stays("2024-03-01", "2024-05-31"),
        "beside",
    ),
    "last week's file after this week's": (
        lambda: stays("2024-01-01", "2024-06-09"), lambda: stays("2024-01-01", "2024-06-02"),
        "ask",
    ),
    "another hospital, the same days, numbers of its own": (
        lambda: stays(*ALL), lambda: stays(*ALL, seed=2), "beside",
    ),
    "another hospital that numbers alike": (
        lambda: stays(*ALL, places=("North",)), lambda: stays(*ALL, places=("South",)), "beside",
    ),
    "a file with one facility more": (
        lambda: stays(*ALL, per_day=2, places=("North", "South")),
        lambda: stays(*ALL, per_day=3, places=("North", "South", "West")), "replaces",
    ),
    "one facility of two": (
        lambda: stays(*ALL, per_day=2, places=("North", "South")),
        lambda: stays(*ALL, per_day=1, places=("North",)), "ask",
    ),
    # stays without numbers
    "without numbers: a week more": (
        lambda: nameless(left(stays(*ALL), "2024-06-02")),
        lambda: nameless(left(stays(*ALL), "2024-06-09")), "replaces",
    ),
    "without numbers: the window moves on": (
        lambda: nameless(stays("2024-01-01", "2024-06-30")),
        lambda: nameless(stays("2024-01-08", "2024-07-07")), "replaces",
    ),
    "without numbers: corrected": (
        lambda: nameless(stays("2024-01-01", "2024-06-30")),
        lambda: nameless(corrected(stays("2024-01-01", "2024-06-30"))), "replaces",
    ),
    "without numbers: two months": (
        lambda: nameless(stays("2024-01-01", "2024-01-31")),
        lambda: nameless(stays("2024-02-01", "2024-02-29")), "beside",
    ),
    "without numbers: two months by discharge": (
        lambda: nameless(by_discharge("2024-01-01", "2024-01-31")),
        lambda: nameless(by_discharge("2024-02-01", "2024-02-29")), "beside",
    ),
    "without numbers: another hospital, the same days": (
        lambda: nameless(stays(*ALL)), lambda: nameless(stays(*ALL, seed=2)), "beside",
    ),
    "without numbers: a hospital ten times as large": (
        lambda: nameless(stays(*ALL)), lambda: nameless(stays(*ALL, per_day=30, seed=2)), "beside",
    ),
    "dates alone, a week more": (
        lambda: stays("2024-01-01", "2024-06-02")[["Admission Date", "Discharge Date"]],
        lambda: stays("2024-01-01", "2024-06-09")[["Admission Date", "Discharge Date"]],
        "replaces",
    ),
    "dates alone of many stays a day": (
        lambda: stays("2024-01-01", "2024-06-02", per_day=30)[["Admission Date", "Discharge Date"]],
        lambda: stays("2024-01-01", "2024-06-09", per_day=30)[["Admission Date", "Discharge Date"]],
        "ask",
    ),
    "dates alone, the next month": (
        lambda: stays("2024-01-01", "2024-01-31")[["Admission Date", "Discharge Date"]],
        lambda: stays("2024-02-01", "2024-02-29")[["Admission Date", "Discharge Date"]], "beside",
    ),
    "one stay a day and every cost another": (
        lambda: stays(*ALL, per_day=1)[["Admission Date", "Discharge Date", "Cost"]],
        lambda: stays(*ALL, per_day=1)[["Admission Date", "Discharge Date", "Cost"]].assign(Cost=1),
        "ask",
    ),
    # counts
    "counts: a week more": (
        lambda: counts("2024-01-01", "2024-06-02"), lambda: counts("2024-01-01", "2024-06-09"),
        "replaces",
    ),
    "counts: the window moves on": (
        lambda: counts("2024-01-01", "2024-06-30"), lambda: counts("2024-01-08", "2024-07-07"),
        "replaces",
    ),
    "counts: the next month": (
        lambda: counts("2024-01-01", "2024-01-31"), lambda: counts("2024-02-01", "2024-02-29"),
        "beside",
    ),
    "counts: other hospitals": (
        lambda: counts("2024-01-01", "2024-01-31"),
        lambda: counts("2024-01-01", "2024-01-31", "CD"), "beside",
    ),
    "counts: one hospital more": (
        lambda: counts("2024-01-01", "2024-01-31"),
        lambda: counts("2024-01-01", "2024-01-31", "ABC"), "replaces",
    ),
    "counts: the same days and places, all other numbers": (
        lambda: counts("2024-01-01", "2024-01-31"),
        lambda: counts("2024-01-01", "2024-01-31", seed=2), "ask",
    ),
    "counts: of a place without a name, all other numbers": (
        lambda: counts("2024-01-01", "2024-03-31", "A").drop(columns="Hospital"),
        lambda: counts("2024-01-01", "2024-03-31", "B").drop(columns="Hospital"), "ask",
    ),
    # without dates: names decide
    "beds: revised": (lambda: beds("ABCD"), lambda: beds("ABC", 0).pipe(
        lambda one: pd.concat([one, beds("D", 5)])), "replaces"),
    "beds: one hospital more": (lambda: beds("ABC"), lambda: beds("ABCD"), "replaces"),
    "beds: other hospitals": (lambda: beds("ABC"), lambda: beds("DEF"), "beside"),
    "beds: some hospitals": (lambda: beds("ABC"), lambda: beds("CDE"), "ask"),
    "facilities: one more": (lambda: facilities("ABC"), lambda: facilities("ABCD"), "replaces"),
    "facilities: others": (lambda: facilities("ABC"), lambda: facilities("XYZ"), "beside"),
}  # fmt: skip


def read(table: pd.DataFrame) -> list[Loaded]:
    return open_all(to_csv(table), "extract.csv")


@pytest.mark.parametrize(("old", "new", "verdict"), CASES.values(), ids=CASES)
def test_the_rows_decide(old: Make, new: Make, verdict: str) -> None:
    found = succession(read(old()), read(new()))
    assert found is not None
    assert found.verdict == verdict, found.why


def test_a_moving_window_says_from_when_on_the_rows_come_again() -> None:
    found = succession(
        read(stays("2024-01-01", "2024-06-30")), read(stays("2024-01-08", "2024-07-07"))
    )
    assert found is not None
    assert found.why == (
        "It has the same columns and begins later, on 8 Jan 2024; from then on it has the rows "
        "of the old file again."
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.drop(columns="Cost"),
        lambda table: table.assign(Ward="A"),
        lambda table: table.rename(columns={"Cost": "Charges"}),
    ],
)
def test_another_layout_is_another_file(change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    table = stays("2024-01-01", "2024-01-31")
    assert succession(read(table), read(change(table))) is None


def test_the_order_of_columns_and_rows_and_their_case_is_no_layout() -> None:
    table = stays("2024-01-01", "2024-01-31")
    turned = table[table.columns[::-1]].rename(columns=str.upper).iloc[::-1]
    found = succession(read(table), read(turned))
    assert found is not None
    assert found.verdict == "replaces"


def test_a_dated_table_decides_over_a_list_that_comes_with_every_month() -> None:
    wards = read(beds("ABC"))
    january, february = (
        read(stays(f"2024-{month}-01", f"2024-{month}-28")) for month in ("01", "02")
    )
    found = succession([*january, *wards], [*wards, *february])
    assert found is not None
    assert found.verdict == "beside"
