"""Admissions and discharges by weekday and hour, per weekday the data covers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import open_file
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import clock, clock_notes
from tests.unit.measures.build import counts, daily_admissions, days, generated, stays

COLUMNS = ["weekday", "hour", "admissions", "days", "per_day"]


def came(moments: Any, **columns: Any) -> Dataset:
    return Dataset(stays=pd.DataFrame({"admitted": days(moments), **columns}))


def cells(found: pd.DataFrame, event: str = "admissions") -> dict[tuple[int, float], int]:
    there = found[found[event] > 0]
    return {(line.weekday, line.hour): getattr(line, event) for line in there.itertuples()}


def every_half_hour(first: str, last: str) -> list[pd.Timestamp]:
    return list(pd.date_range(first, f"{last} 23:30", freq="30min"))


def test_a_fortnight_by_weekday_and_hour() -> None:
    # Monday 1 to Sunday 14 April: two of every weekday; 9:15 on Mondays, 22:59 on the last day.
    found = clock(came(["2024-04-01 09:15", "2024-04-08 09:45", "2024-04-14 22:59"]), "admissions")
    assert list(found) == COLUMNS
    assert found[["weekday", "hour"]].to_numpy().tolist() == [
        [day, hour] for day in range(7) for hour in range(24)
    ]
    assert cells(found) == {(0, 9): 2, (6, 22): 1}
    assert set(found["days"]) == {2}
    assert found.set_index(["weekday", "hour"])["per_day"][(0, 9)] == 1.0
    assert (found["per_day"] == found["admissions"] / 2).all()
    assert found.dtypes.to_dict() == {
        "weekday": "int64", "hour": "float64", "admissions": "int64", "days": "int64",
        "per_day": "float64",
    }  # fmt: skip


@settings(max_examples=30)
@given(
    st.integers(0, 60),
    st.sampled_from([{}, {"start": "2024-02-05", "end": "2024-02-29"}, {"end": "2024-01-10"}]),
    st.sampled_from(["admissions", "visits"]),
)
def test_every_cell_is_a_count_by_hand(seed: int, period: dict[str, Any], event: str) -> None:
    table = generated(400, seed=seed)
    found = clock(Dataset(stays=table).filtered(**period), event)
    taken = table[table["was_admitted"].fillna(False)] if event == "admissions" else table
    moments = taken["admitted"].dropna()
    first, last = table["admitted"].min(), table["admitted"].max()
    low = max(first.normalize(), pd.Timestamp(period.get("start", first)).normalize())
    high = min(last.normalize(), pd.Timestamp(period.get("end", last)).normalize())
    moments = moments[(moments >= low) & (moments < high + pd.Timedelta(days=1))]
    weekdays = pd.date_range(low, high).day_of_week
    for line in found.itertuples():
        here = (moments.dt.day_of_week == line.weekday) & (moments.dt.hour == line.hour)
        assert getattr(line, event) == here.sum()
        assert line.days == (weekdays == line.weekday).sum()
    assert len(found) == 7 * 24


def test_a_weekday_outside_the_period_has_no_mean() -> None:
    dataset = came(["2024-04-01 09:00", "2024-04-12 10:30"])
    found = clock(dataset.filtered(start="2024-04-01", end="2024-04-03"), "admissions")
    by_weekday = found.groupby("weekday")["days"].first().to_list()
    assert by_weekday == [1, 1, 1, 0, 0, 0, 0]
    assert found.loc[found["weekday"] < 3, "per_day"].notna().all()
    assert found.loc[found["weekday"] >= 3, "per_day"].isna().all()


@pytest.mark.parametrize("at", ["00:00", "12:00", "23:59", "05:00"])
def test_one_time_for_all_is_no_time(at: str) -> None:
    dataset = came([f"2024-04-{day:02} {at}" for day in range(1, 15)])
    found = clock(dataset, "admissions")
    assert found["weekday"].to_list() == list(range(7))
    assert found["hour"].isna().all()
    assert found["admissions"].to_list() == [2] * 7
    assert found["per_day"].to_list() == [1.0] * 7
    assert clock_notes(dataset, "admissions") == (
        "Counted from 1 Apr 2024 to 14 Apr 2024.",
        f"No times of day: all are recorded at {at}.",
    )


def test_too_many_at_midnight_are_dates_without_a_time() -> None:
    real = every_half_hour("2024-04-01", "2024-04-14")  # 14 of them at midnight
    untimed = ["2024-04-02"] * 200
    dataset = came([*real, *untimed])
    found = clock(dataset, "admissions")
    assert cells(found)[(1, 0)] == 2  # 0:30 on both Tuesdays
    assert found["admissions"].sum() == len(real) - 14
    assert (
        clock_notes(dataset, "admissions")[-1]
        == "At 00:00 sharp, taken for dates without a time and left out: 214 of 872."
    )
    march = dataset.filtered(start="2024-04-08")
    assert clock_notes(march, "admissions")[-1].endswith("left out: 7 of 336.")


def test_where_most_have_no_time_no_hour_is_given_and_all_are_counted() -> None:
    dataset = came([*every_half_hour("2024-04-01", "2024-04-14"), *["2024-04-02"] * 900])
    found = clock(dataset, "admissions")
    assert found["hour"].isna().all()
    assert found["admissions"].sum() == 672 + 900
    assert "most are dates without a time" in clock_notes(dataset, "admissions")[-1]


REAL_NIGHTS = {
    "to the hour": list(pd.date_range("2024-04-01", "2024-04-28 23:00", freq="h")),
    "to the half hour": every_half_hour("2024-04-01", "2024-04-28"),
    "to the minute": list(pd.date_range("2024-04-01", "2024-04-07 23:59", freq="min")),
    "to the second": list(pd.date_range("2024-04-01", "2024-04-02 23:59:53", freq="7s")),
    "minutes rounded to the hour by many": [
        *pd.date_range("2024-04-01", "2024-04-07 23:59", freq="7min"),
        *list(pd.date_range("2024-04-01", "2024-04-07 23:00", freq="h")) * 20,
    ],
    "few": ["2024-04-01", "2024-04-01 00:30", "2024-04-02 14:00", "2024-04-03 09:00"],
}


@pytest.mark.parametrize("case", REAL_NIGHTS)
def test_real_arrivals_at_midnight_stay(case: str) -> None:
    moments = REAL_NIGHTS[case]
    dataset = came([str(moment) for moment in moments])
    found = clock(dataset, "admissions")
    assert found["admissions"].sum() == len(moments)
    assert found["hour"].notna().all()
    assert len(clock_notes(dataset, "admissions")) == 1


def test_discharges_of_days_the_file_has_only_in_part_are_left_out() -> None:
    # Ten nights each: until 10 April nobody leaves, after the last admission only those before.
    dataset = Dataset(stays=daily_admissions("2024-04-01", "2024-05-31", nights=10, each=2))
    found = clock(dataset)
    covered = pd.date_range("2024-04-11", "2024-05-31")
    assert found["days"].to_list() == np.bincount(covered.day_of_week).tolist()
    assert found["discharges"].to_list() == (2 * np.bincount(covered.day_of_week)).tolist()
    assert found["per_day"].to_list() == [2.0] * 7  # not fewer for the days that lack some
    assert clock_notes(dataset)[:2] == (
        "Counted from 11 Apr 2024 to 31 May 2024.",
        "On days the file covers in part only, left out: 20 discharges.",
    )


def test_as_of_ends_the_count_and_later_days_count_as_days() -> None:
    dataset = came(["2024-04-01 09:00", "2024-04-02 10:00", "2024-04-09 11:30"])
    assert cells(clock(dataset, "admissions", as_of="2024-04-02")) == {(0, 9): 1, (1, 10): 1}
    found = clock(dataset, "admissions", as_of="2024-04-14")
    assert set(found["days"]) == {2}
    assert found["admissions"].sum() == 3


def test_a_stray_date_adds_no_days() -> None:
    moments = [str(moment) for moment in every_half_hour("2024-04-01", "2024-04-28")]
    for event, column in (("admissions", "admitted"), ("discharges", "discharged")):
        dataset = Dataset(stays=pd.DataFrame({column: days(["1924-04-01 10:30", *moments])}))
        found = clock(dataset, event)
        assert set(found["days"]) == {4}
        assert found[event].sum() == len(moments)


def test_daily_counts_have_weekdays() -> None:
    activity = counts(
        pd.date_range("2024-04-01", "2024-04-14").repeat(2),
        facility=["N", "S"] * 14,
        admissions=[1.0, 2.0] * 12 + [None, None, 5.5, None],
    )
    dataset = Dataset(activity=activity)
    found = clock(dataset, "admissions")
    assert found["hour"].isna().all()
    assert found["days"].to_list() == [2, 2, 2, 2, 2, 1, 2]  # Saturday the 13th is blank
    assert found["admissions"].to_list() == [6, 6, 6, 6, 6, 3, 8.5]
    assert found["per_day"].to_list() == [3, 3, 3, 3, 3, 3, 4.25]
    assert "Days without a count, left out: 1." in clock_notes(dataset, "admissions")
    week = dataset.filtered(start="2024-04-08", end="2024-04-10")
    assert clock(week, "admissions")["days"].to_list() == [1, 1, 1, 0, 0, 0, 0]


DOUBT = Finding("swapped-dates", "error", "Day and month are swapped.", column="Admitted")
EMPTY: dict[str, tuple[Dataset, str, str]] = {
    "nothing": (Dataset(), "discharges", "No discharge date column"),
    "no dates": (Dataset(stays=pd.DataFrame({"ward": ["A"]})), "admissions", "No admission date"),
    "dates in doubt": (
        Dataset(stays=pd.DataFrame({"admitted": days(["2024-04-01"])}), findings=(DOUBT,)),
        "admissions",
        "Figures of a month are not given",
    ),
    "weekly counts": (
        Dataset(activity=counts(pd.date_range("2024-04-07", periods=9, freq="7D"),
                                admissions=[3.0] * 9)),
        "admissions",
        "The counts are not daily",
    ),
    "monthly counts": (
        Dataset(activity=counts(pd.date_range("2024-01-01", periods=9, freq="MS"),
                                admissions=[3.0] * 9)),
        "admissions",
        "The counts are not daily",
    ),
    "a snapshot": (
        Dataset(activity=pd.DataFrame({"discharges": [3.0]})), "discharges", "No discharge date",
    ),
    "a period before the file": (
        came(["2024-04-01 09:00", "2024-04-05 10:00"]).filtered(end="2024-03-01"),
        "admissions",
        "The data covers admissions from 1 Apr 2024 to 5 Apr 2024 only.",
    ),
    "stays are no visits": (came(["2024-04-01"]), "visits", "No admission date column, nor daily"),
    "nobody says who was admitted": (
        came(["2024-04-01"], was_admitted=pd.array([None], dtype="boolean")),
        "admissions",
        "No admission date column, nor daily",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EMPTY)
def test_where_weekdays_cannot_be_told_there_is_no_row_and_a_reason(case: str) -> None:
    dataset, event, why = EMPTY[case]
    found = clock(dataset, event)
    assert found.empty
    assert list(found) == [event if name == "admissions" else name for name in COLUMNS]
    assert clock_notes(dataset, event)[0].startswith(why)


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(ValueError, match="event is one of discharges, admissions, visits"):
        clock(Dataset(), "deaths")


def test_filters_that_leave_nothing_leave_zeros_on_days_that_are_covered() -> None:
    dataset = Dataset(stays=daily_admissions("2024-04-01", "2024-04-14", facility="N"))
    nobody = dataset.filtered(facility=["nowhere"])
    assert clock_notes(nobody, "admissions") == ("Counted from 1 Apr 2024 to 14 Apr 2024.",)
    found = clock(nobody, "admissions")
    assert found["admissions"].to_list() == [0] * 7
    assert found["per_day"].to_list() == [0.0] * 7


def test_an_assumed_order_of_dates_is_said() -> None:
    assumed = Finding("ambiguous-dates", "warning", "Either.", column="Admitted")
    table = stays([("1", "2024-04-03", "2024-04-05"), ("2", "2024-04-09", "2024-04-11")])
    dataset = Dataset(stays=table, findings=(assumed,))
    assert "assumed, not known" in clock_notes(dataset, "admissions")[-1]


# --- real files -----------------------------------------------------------------------------


def test_visits_of_an_emergency_room_by_hour(shared: Path) -> None:
    path = shared / "data/kaggle_er/Hospital ER.csv"
    file = pd.read_csv(path, keep_default_na=False)
    moment = pd.to_datetime(file["date"])
    dataset = Dataset.of(open_file(path))
    for event, rows in (("visits", moment), ("admissions", moment[file["patient_admin_flag"]])):
        found = clock(dataset, event)
        plain = rows.groupby([rows.dt.day_of_week, rows.dt.hour]).size()
        assert cells(found, event) == plain.to_dict()
        assert found.groupby("weekday")["days"].first().sum() == 579  # 1 Apr 2019 to 30 Oct 2020


def test_discharges_of_three_hospitals_by_hour(shared: Path) -> None:
    path = shared / "data/halifax_synth/admissions.csv"
    file = pd.read_csv(path, parse_dates=["admit_ts", "discharge_ts"])
    nights = (file["discharge_ts"].dt.normalize() - file["admit_ts"].dt.normalize()).dt.days
    first = file["admit_ts"].min().normalize() + pd.Timedelta(days=nights.quantile(0.95))
    last = file["admit_ts"].max().normalize() + pd.Timedelta(days=1)
    left = file["discharge_ts"][file["discharge_ts"].between(first, last, inclusive="left")]
    plain = left.groupby([left.dt.day_of_week, left.dt.hour]).size()
    found = clock(Dataset.of(open_file(path)))
    assert cells(found, "discharges") == plain.to_dict()


def test_ten_thousand_stays_have_weekdays_and_no_hours(shared: Path) -> None:
    path = shared / "data/kaggle_healthcare/healthcare_dataset_original.csv"
    file = pd.read_csv(path, parse_dates=["Date of Admission"])
    found = clock(Dataset.of(open_file(path)), "admissions")
    assert found["hour"].isna().all()
    plain = file["Date of Admission"].dt.day_of_week.value_counts().sort_index()
    assert found["admissions"].to_list() == plain.to_list()
    assert found["days"].sum() == 1827  # 30 Oct 2018 to 30 Oct 2023


def test_daily_counts_of_new_jersey(shared: Path) -> None:
    path = shared / "data/nj_hospitals/nj_hosp_2020_06_19.csv"
    file = pd.read_csv(path)
    date = pd.to_datetime(file["date"])
    found = clock(Dataset.of(open_file(path)), "admissions")
    plain = file["admitted"].groupby(date.dt.day_of_week).sum()
    assert found["admissions"].to_list() == plain.to_list()
    assert found["days"].to_list() == [11] * 7
