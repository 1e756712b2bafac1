"""Days the file does not cover are gaps; days on which nobody came are zeros."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.forecasting import prepared, series
from caremap.forecasting.gaps import empty_by_chance, reporting
from tests.unit.forecasting.arrivals import arrivals, daily_counts, gaps, span, without

CLINIC = (1, 1, 1, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("per_day", "weekday", "first", "last", "gap"),
    [
        (12, None, "2023-03-06", "2023-03-12", True),  # a week of a busy hospital
        (25, None, "2023-03-06", "2023-03-06", True),  # one day of a large one
        (3, None, "2023-03-06", "2023-03-06", False),  # one day of a small one
        (3, None, "2023-03-06", "2023-03-19", True),
        (0.5, None, "2023-03-06", "2023-03-12", False),  # a week of a quiet ward
        (0.5, None, "2023-03-01", "2023-04-15", True),
        (12, CLINIC, "2023-05-01", "2023-05-01", False),  # a holiday of a day clinic
        (12, CLINIC, "2022-12-24", "2023-01-02", False),  # closed over the holidays
        (12, CLINIC, "2023-03-06", "2023-03-28", True),  # three weeks of it
    ],
)
def test_empty_days_are_judged_by_how_unlikely_they_are(per_day, weekday, first, last, gap):
    table = without(arrivals("2022-01-01", "2023-12-31", per_day, weekday=weekday), first, last)
    found = series(Dataset(stays=table))
    inside = found.loc[first:last]
    assert inside.isna().all() if gap else (inside == 0).all()
    assert found.drop(inside.index).isna().sum() <= 12  # empty days beside the gap are of it


@pytest.mark.parametrize("per_day", [0.2, 1, 3, 6])
def test_no_gap_is_seen_where_there_is_none(per_day):
    days = pd.date_range("2021-01-01", "2023-12-31")
    for seed in range(20):
        rows = np.random.default_rng(seed).poisson(per_day, len(days))
        assert empty_by_chance(pd.Series(rows, days)).all()


def test_a_season_that_empties_a_ward_is_no_gap():
    days = pd.date_range("2020-01-01", "2023-12-31")
    random = np.random.default_rng(1)
    winter = 4.0 * np.clip(np.cos(2 * np.pi * days.day_of_year / 365), 0, None) ** 2
    counts = pd.Series(random.poisson(winter), days)
    assert empty_by_chance(counts).all()


def test_a_gap_is_said_and_its_week_is_not_known():
    table = without(arrivals("2023-01-01", "2023-12-31"), "2023-03-06", "2023-03-12")
    found = prepared(Dataset(stays=table), every="week")
    assert gaps(found.series) == ["2023-03-06"]
    assert "The file does not cover 7 days: 6 Mar 2023 to 12 Mar 2023." in found.notes


def test_patients_who_lack_are_not_discharged_either():
    table = without(arrivals("2023-01-01", "2023-12-31", stay=3), "2023-06-05", "2023-06-11")
    for measure in ("discharges", "length_of_stay", "occupied"):
        found = series(Dataset(stays=table), measure)
        assert gaps(found)[0] == "2023-06-05"
        assert "2023-06-15" in gaps(found)
        assert "2023-07-01" not in gaps(found)


def test_a_day_without_a_count_is_a_gap_not_a_zero():
    table = without(daily_counts("2023-01-01", "2023-12-31"), "2023-03-01", "2023-03-02", "date")
    table.loc[table["date"] == "2023-05-05", "admissions"] = 0.0
    table.loc[table["date"] == "2023-06-06", "admissions"] = np.nan
    found = series(Dataset(activity=table))
    assert gaps(found) == ["2023-03-01", "2023-03-02", "2023-06-06"]
    assert found["2023-05-05"] == 0


def test_weekdays_never_counted_are_closed():
    table = daily_counts("2023-01-01", "2023-12-31")
    table = table[table["date"].dt.day_of_week < 5]
    table = without(table, "2023-05-01", "2023-05-01", "date")
    found = prepared(Dataset(activity=table))
    assert (found.series[found.series.index.day_of_week >= 5] == 0).all()
    assert gaps(found.series) == ["2023-05-01"]
    assert "Never counted on a Saturday or Sunday: taken for closed, 0." in found.notes
    stock = table.rename(columns={"admissions": "occupied_beds"})
    assert series(Dataset(activity=stock), "occupied")["2023-01-07":"2023-01-08"].isna().all()


@pytest.mark.parametrize(
    ("lost", "left_out"), [(("A", "2023-05-01", "2023-05-14"), 14), (("C", "2023-05-01",
                           "2023-05-14"), 0)]
)  # fmt: skip
def test_a_sum_without_a_large_facility_is_no_sum(lost, left_out):
    table = arrivals("2023-01-01", "2023-12-31", 60, facilities={"A": 0.6, "B": 0.34, "C": 0.06})
    name, first, last = lost
    here = (table["facility"] == name) & table["admitted"].between(first, f"{last} 23:59")
    found = prepared(Dataset(stays=table[~here]))
    assert found.series.isna().sum() == left_out
    assert any(f"({name})" in note for note in found.notes)


def long_counts(**places: tuple[str, str]) -> pd.DataFrame:
    """Counts of ten a day at each place over its own days."""
    return pd.concat(
        daily_counts(first, last, 10).assign(facility=name)
        for name, (first, last) in places.items()
    )


@pytest.mark.parametrize(
    ("places", "days", "words"),
    [
        # many began late, a year remains: the days before are left out
        ({"A": ("2022-01-01", "2023-12-31"), "B": ("2022-06-01", "2023-12-31")},
         ("2022-06-01", "2023-12-31"), "Days before 1 Jun 2022 are left out"),
        # too little would remain: they stay, and it is said
        ({"A": ("2022-01-01", "2023-12-31"), "B": ("2023-10-01", "2023-12-31")},
         ("2022-01-01", "2023-12-31"), "Some began to count later: B (from 1 Oct 2023"),
        # one has stopped for good
        ({"A": ("2022-01-01", "2023-12-31"), "B": ("2022-01-01", "2023-06-30")},
         ("2022-01-01", "2023-12-31"), "stopped counting: B (until 30 Jun 2023"),
        # one is late
        ({"A": ("2022-01-01", "2023-12-31"), "B": ("2022-01-01", "2023-12-24")},
         ("2022-01-01", "2023-12-24"), "nothing came from facilities"),
    ],
)  # fmt: skip
def test_facilities_that_begin_stop_or_are_late(places, days, words):
    found = prepared(Dataset(activity=long_counts(**places)))
    assert span(found.series) == days
    assert any(words in note for note in found.notes)


def test_places_that_count_in_turns_are_complete_when_all_did():
    days = pd.date_range("2024-01-01", periods=100)
    counted = pd.DataFrame(dict.fromkeys("ABCDEFGHIJKL", True), days)
    counted.loc[days[40], "A"] = False  # a twelfth of the sum: tolerated, and said
    counted.loc[days[50], ["A", "B"]] = False
    found = reporting(counted, pd.Series(5.0, list("ABCDEFGHIJKL")))
    assert found.complete[~found.complete].index.tolist() == [days[50]]
    assert len(found.notes) == 2


def test_days_flagged_as_not_complete_are_left_out():
    table = daily_counts("2023-01-01", "2023-12-31").assign(INCOMPLETE=0)
    table.loc[table["date"] >= "2023-12-27", "INCOMPLETE"] = 61030
    flagged = Finding("incomplete-rows", "warning", "5 rows", "INCOMPLETE", (1, 2))
    found = prepared(Dataset(activity=table, findings=(flagged,)))
    assert span(found.series)[1] == "2023-12-26"
    assert "Days the file itself flags as not complete are left out: 5." in found.notes
