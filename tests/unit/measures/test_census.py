"""The midnight census equals a count by hand of every day, and keeps to the complete days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.dataset import Dataset
from caremap.measures import census, headline
from caremap.problems import DataProblem
from tests.unit.measures.build import (
    counts,
    daily_admissions,
    days,
    generated,
    stays,
    worked_example,
)

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 3, 31))


@st.composite
def some_stays(draw: st.DrawFn) -> pd.DataFrame:
    """Any stays: open, same-day, impossible, without dates, in any order."""
    rows = []
    for number in range(draw(st.integers(1, 25))):
        admitted = draw(st.none() | DAYS)
        length = draw(st.none() | st.integers(-3, 40))
        left = None if admitted is None or length is None else admitted + dt.timedelta(length)
        rows.append((str(number), admitted, left))
    places = draw(
        st.lists(st.sampled_from(["N", "S", None]), min_size=len(rows), max_size=len(rows))
    )
    return stays(rows, facility=pd.Series(places, dtype="str"))


def by_hand(table: pd.DataFrame, day: pd.Timestamp, old_before: pd.Timestamp) -> int:
    """Count who is in hospital at the midnight that ends the day."""
    present = 0
    for admitted, left in zip(table["admitted"], table["discharged"], strict=True):
        if pd.isna(admitted) or left < admitted:
            continue
        if pd.isna(left) and admitted < old_before:
            continue
        present += admitted <= day and (pd.isna(left) or left > day)
    return present


def old_before(table: pd.DataFrame) -> pd.Timestamp:
    """The day before which an open stay is taken for a missing discharge date."""
    limit = max(90.0, table["length_of_stay"].max())
    return table["admitted"].max() - pd.Timedelta(days=limit)


@settings(max_examples=60, deadline=None)
@given(some_stays())
def test_the_census_equals_a_count_by_hand_of_every_day(table: pd.DataFrame) -> None:
    found = census(Dataset(stays=table))
    expected = [by_hand(table, day, old_before(table)) for day in found["date"]]
    assert found["occupied"].tolist() == expected
    assert found["date"].is_monotonic_increasing
    assert found["date"].is_unique


@settings(max_examples=20, deadline=None)
@given(some_stays())
def test_the_groups_of_the_census_add_up_to_the_whole(table: pd.DataFrame) -> None:
    whole = census(Dataset(stays=table)).set_index("date")["occupied"]
    parts = census(Dataset(stays=table), by="facility")
    if len(parts):
        added = parts.groupby("date")["occupied"].sum()
        pd.testing.assert_series_equal(added, whole, check_freq=False)
    assert set(parts["facility"]) <= {"N", "S", "Unknown"}


@settings(max_examples=20, deadline=None)
@given(some_stays())
def test_bed_days_are_the_census_added_up(table: pd.DataFrame) -> None:
    dataset = Dataset(stays=table)
    found, row = census(dataset), headline(dataset).loc["bed_days"]
    assert len(found) == 0 or row["overall"] == found["occupied"].sum()
    assert np.isnan(row["overall"]) == (len(found) == 0)


def test_the_census_of_hundreds_of_odd_stays() -> None:
    table = generated(400)
    found = census(Dataset(stays=table.drop(columns="was_admitted")))
    whole = table.assign(admitted=table["admitted"].dt.normalize())
    assert len(found) > 60
    for day, occupied in zip(found["date"], found["occupied"], strict=True):
        assert occupied == by_hand(whole, day, old_before(whole))


def test_columns_and_dtypes() -> None:
    for dataset in (worked_example(), Dataset(), Dataset(stays=stays())):
        found = census(dataset)
        assert found.dtypes.astype("str").to_dict() == {
            "date": "datetime64[us]", "occupied": "float64", "staffed": "float64",
        }  # fmt: skip


def test_only_admitted_visits_are_in_hospital() -> None:
    rows = [("A", "2024-04-01", "2024-04-03"), ("B", "2024-04-01", "2024-04-03")]
    table = stays([*rows, ("C", "2024-04-03", None)], was_admitted=[True, False, True])
    assert census(Dataset(stays=table))["occupied"].tolist() == [1]


def test_a_column_that_does_not_exist_is_named() -> None:
    with pytest.raises(DataProblem, match="no column “ward”"):
        census(worked_example(), by="ward")


# --- which days are complete ----------------------------------------------------------------


def span(dataset: Dataset, **options: Any) -> list[str]:
    found = census(dataset, **options)["date"]
    return [f"{day:%Y-%m-%d}" for day in (found.min(), found.max())]


def notes(dataset: Dataset) -> str:
    return str(headline(dataset).loc["bed_days", "note"])


def still_in(table: pd.DataFrame) -> pd.DataFrame:
    """The extract a hospital takes on the last admission day: later discharges are not known."""
    end = table["admitted"].max().normalize()
    open_ = table["discharged"] > end
    return table.assign(
        discharged=table["discharged"].mask(open_),
        length_of_stay=table["length_of_stay"].mask(open_),
    )


def mixed(first: str, last: str) -> pd.DataFrame:
    """Two admissions a day, for 2 nights and for 10."""
    short = daily_admissions(first, last, nights=2)
    return pd.concat([short, daily_admissions(first, last, nights=10)], ignore_index=True)


def test_chosen_by_admission_date_the_census_starts_after_the_95th_percentile() -> None:
    for table in (mixed("2024-01-01", "2024-04-30"), still_in(mixed("2024-01-01", "2024-04-30"))):
        dataset = Dataset(stays=table)
        assert span(dataset) == ["2024-01-11", "2024-04-30"]
        assert census(dataset)["occupied"].unique().tolist() == [12]
        assert "counted from 11 Jan 2024" in notes(dataset)


def long_and_short() -> pd.DataFrame:
    """One admission a day for 60 nights and five for 3: 75 patients at every midnight."""
    long = daily_admissions("2022-10-01", "2024-06-30", nights=60)
    short = daily_admissions("2023-08-01", "2024-06-30", nights=3, each=5)
    return pd.concat([long, short], ignore_index=True)


def test_chosen_by_overlap_it_starts_at_the_first_discharge() -> None:
    table = long_and_short()
    inside = (table["discharged"] >= "2024-01-01") & (table["admitted"] <= "2024-03-31")
    dataset = Dataset(stays=still_in(table[inside]))
    assert span(dataset) == ["2024-01-01", "2024-03-31"]
    assert census(dataset)["occupied"].unique().tolist() == [75]
    assert "the first discharge" in notes(dataset)


def test_chosen_by_discharge_date_it_also_ends_before_the_last_stays() -> None:
    table = long_and_short()
    dataset = Dataset(stays=table[table["discharged"].between("2024-01-01", "2024-03-31")])
    assert span(dataset) == ["2024-01-01", "2024-01-28"]  # 60 nights before 28 March
    assert census(dataset)["occupied"].unique().tolist() == [75]
    assert "no patient still in hospital" in notes(dataset)


def test_a_later_as_of_date_extends_it() -> None:
    assert span(worked_example()) == ["2024-04-01", "2024-04-28"]
    assert span(worked_example(), as_of="2024-04-30") == ["2024-04-01", "2024-04-30"]
    assert span(worked_example(), as_of="2024-04-10") == ["2024-04-01", "2024-04-28"]


def test_the_period_cuts_it() -> None:
    april = worked_example().filtered(start="2024-04-10", end="2024-04-12")
    assert span(april) == ["2024-04-10", "2024-04-12"]


def test_a_file_shorter_than_its_stays_has_no_census_and_says_so() -> None:
    dataset = Dataset(stays=daily_admissions("2024-01-01", "2024-01-20", nights=30))
    assert census(dataset).empty
    assert "too short" in notes(dataset)


def test_very_old_open_stays_are_left_out_and_reported() -> None:
    table = mixed("2023-01-01", "2024-04-30")
    table.loc[[3, 40], ["discharged", "length_of_stay"]] = [pd.NaT, np.nan]
    table.loc[480, ["discharged", "length_of_stay"]] = [pd.NaT, np.nan]  # 25 April 2024
    dataset = Dataset(stays=table)
    assert census(dataset)["occupied"].max() <= 13
    assert "Stays open for more than 90 days, left out" in notes(dataset)
    assert "probably missing: 2." in notes(dataset)
    frame = headline(dataset)
    assert frame.loc["admissions", "overall"] == len(table)
    assert frame.loc["still_in_hospital", "overall"] == 13


# --- beds beside it -------------------------------------------------------------------------


def network(**capacity: Any) -> Dataset:
    parts = [
        daily_admissions("2024-01-01", "2024-03-31", nights=2, facility=site, department=unit)
        for site, unit in (("North", "ED"), ("North", "ICU"), ("South", "ED"))
    ]
    return Dataset(stays=pd.concat(parts), capacity=pd.DataFrame(capacity))


def last_day(frame: pd.DataFrame) -> list[list[Any]]:
    return frame[frame["date"] == frame["date"].max()].drop(columns="date").to_numpy().tolist()


FINE = {"facility": ["North", "North", "South"], "department": ["ED", "ICU", "ED"],
        "units": [4.0, 3.0, 5.0]}  # fmt: skip


def test_beds_follow_the_groups() -> None:
    dataset = network(**FINE)
    assert last_day(census(dataset)) == [[6, 12]]
    assert last_day(census(dataset, by="facility")) == [["North", 4, 7], ["South", 2, 5]]
    assert last_day(census(dataset, by="department")) == [["ED", 4, 9], ["ICU", 2, 3]]
    assert last_day(census(dataset, by=["facility", "department"])) == [
        ["North", "ED", 2, 4], ["North", "ICU", 2, 3], ["South", "ED", 2, 5],
    ]  # fmt: skip


def test_beds_are_unknown_for_a_group_with_a_place_without_beds() -> None:
    dataset = network(**{name: values[:2] for name, values in FINE.items()})
    assert last_day(census(dataset, by="facility"))[0] == ["North", 4, 7]
    assert np.isnan(last_day(census(dataset, by="facility"))[1][2])
    assert np.isnan(last_day(census(dataset))[0][1])


def test_beds_are_unknown_for_groups_they_are_not_counted_by() -> None:
    dataset = network(facility=["North", "South"], units=[7.0, 5.0])
    assert last_day(census(dataset, by="facility")) == [["North", 4, 7], ["South", 2, 5]]
    assert np.isnan(census(dataset, by="department")["staffed"]).all()


def test_other_department_names_leave_the_facility_to_match_by() -> None:
    dataset = network(**{**FINE, "department": ["Emergency", "Intensive", "Emergency"]})
    assert last_day(census(dataset, by="facility")) == [["North", 4, 7], ["South", 2, 5]]
    assert np.isnan(census(dataset, by="department")["staffed"]).all()


# --- from counts ----------------------------------------------------------------------------


def test_counts_give_the_census_as_they_are() -> None:
    activity = counts(
        ["2024-04-01", "2024-04-01", "2024-04-02", "2024-04-02", None],
        facility=["North", "South", "North", "South", "South"],
        occupied_beds=[5.0, 6.0, 7.0, 8.0, 99.0],
        staffed_beds=[10.0, 10.0, 10.0, None, 10.0],
    )
    dataset = Dataset(activity=activity)
    expected = pd.DataFrame(
        {
            "date": days(["2024-04-01", "2024-04-02"]),
            "occupied": [11.0, 15.0],
            "staffed": [20.0, np.nan],
        }
    )
    pd.testing.assert_frame_equal(census(dataset), expected)
    assert last_day(census(dataset, by="facility"))[0] == ["North", 7, 10]
    undated = Dataset(activity=activity.drop(columns="date"))
    assert census(undated).empty
