"""Figures from counts: flows are added, stocks never, blanks are not zeros."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.measures import headline, occupancy, trend
from caremap.problems import DataProblem
from tests.unit.measures.build import counts, daily_admissions

PERIODS = ["month_to_date", "previous", "last_year"]


def two_sites(first: str, last: str, freq: str = "D", **columns: Any) -> pd.DataFrame:
    """Two places counted at the same dates, the same numbers each time."""
    dates = pd.date_range(first, last, freq=freq)
    sites = [
        counts(dates, facility=site, **{name: values[n] for name, values in columns.items()})
        for n, site in enumerate(("North", "South"))
    ]
    return pd.concat(sites, ignore_index=True)


DAILY = two_sites(
    "2024-01-01",
    "2024-03-30",
    admissions=(2.0, 3.0),
    discharges=(2.0, 4.0),
    visits=(10.0, 0.0),
    cost=(100.0, 200.0),
    occupied_beds=(30.0, 10.0),
    staffed_beds=(40.0, 40.0),
    satisfaction=(4.0, 2.0),
    team_score=(70.0, 90.0),
)


def test_flows_are_added_and_stocks_are_not() -> None:
    frame = headline(Dataset(activity=DAILY))
    assert frame["overall"].dropna().to_dict() == {
        "admissions": 450,
        "discharges": 540,
        "visits": 900,
        "cost": 27000,
        "occupancy": 50,
        "bed_days": 3600,  # a count of every midnight adds up, by definition
        "mean_census": 40,
        "staffed_beds": 80,
        "turnover": 540 / 80,
        "turnover_interval": 3600 / 540,
        "satisfaction": 3,
        "team_score": 80,
    }
    assert frame.loc["admissions", PERIODS[:2]].tolist() == [150, 145]
    assert frame.loc["occupancy", PERIODS[:2]].tolist() == [50, 50]
    assert frame.loc["mean_census", PERIODS[:2]].tolist() == [40, 40]
    assert frame["last_year"].isna().all()
    assert frame.loc["admissions", "change"] == pytest.approx(0)
    assert "Change per day: 30 days against 29." in frame.loc["admissions", "note"]


def test_occupancy_is_a_ratio_of_sums_where_both_are_known() -> None:
    activity = counts(
        ["2024-04-01", "2024-04-02", "2024-04-03"],
        occupied_beds=[90.0, 5.0, 50.0],
        staffed_beds=[100.0, 10.0, None],
    )
    row = headline(Dataset(activity=activity)).loc["occupancy"]
    assert row[["numerator", "denominator", "n"]].tolist() == [95, 110, 2]
    assert row["overall"] == pytest.approx(100 * 95 / 110)


def test_a_place_that_reports_less_often_keeps_its_weight() -> None:
    activity = DAILY.copy()
    gone = (activity["facility"] == "South") & (activity["date"] >= "2024-02-01")
    activity.loc[gone, ["occupied_beds", "staffed_beds"]] = np.nan
    frame = headline(Dataset(activity=activity))
    assert frame.loc[["mean_census", "staffed_beds"], "overall"].tolist() == [40, 80]


def test_blanks_are_counted_not_taken_for_zero() -> None:
    activity = DAILY.copy()
    march = (activity["facility"] == "South") & (activity["date"] >= "2024-03-01")
    activity.loc[march, "admissions"] = np.nan
    row = headline(Dataset(activity=activity)).loc["admissions"]
    assert row[["month_to_date", "previous"]].tolist() == [60, 145]
    assert np.isnan(row["change"])
    assert "30 of 60 counts are blank" in row["note"]
    assert "more counts are blank in one month" in row["note"]
    activity.loc[activity["date"] >= "2024-03-01", "admissions"] = np.nan
    row = headline(Dataset(activity=activity)).loc["admissions"]
    assert np.isnan(row["month_to_date"])
    assert "No admissions counted in this time." in row["note"]


def test_weeks_enter_a_month_whole_and_are_compared_per_day() -> None:
    weekly = two_sites("2024-01-07", "2024-03-31", "7D", admissions=(10.0, 20.0),
                       occupied_beds=(30.0, 10.0), staffed_beds=(40.0, 40.0))  # fmt: skip
    frame = headline(Dataset(activity=weekly))
    assert frame.loc["admissions", PERIODS[:2]].tolist() == [150, 120]  # five weeks, four
    assert frame.loc["admissions", "change"] == pytest.approx(0)
    assert "Weekly counts" in frame.loc["admissions", "note"]
    assert "35 days against 28" in frame.loc["admissions", "note"]
    assert frame.loc[["occupancy", "mean_census"], "month_to_date"].tolist() == [50, 40]
    assert np.isnan(frame.loc["bed_days", "overall"])


@pytest.mark.parametrize("freq", ["MS", "ME"])
def test_months_are_shown_as_given(freq: str) -> None:
    monthly = two_sites("2023-01-01", "2024-03-31", freq, admissions=(10.0, 20.0),
                        discharges=(9.0, 9.0), occupied_beds=(30.0, 10.0),
                        staffed_beds=(40.0, 40.0))  # fmt: skip
    frame = headline(Dataset(activity=monthly))
    assert frame.loc["admissions", ["overall", *PERIODS]].tolist() == [450, 30, 30, 30]
    assert frame.loc["admissions", "change"] == pytest.approx(30 / 31 / (30 / 29) - 1)
    assert "month as the file gives it" in frame.loc["admissions", "note"]
    assert frame.loc["staffed_beds", PERIODS].tolist() == [80, 80, 80]
    by_month = trend(Dataset(activity=monthly))
    assert by_month["admissions"].tolist() == [30] * 15
    assert by_month["complete"].all()


def test_a_snapshot_without_dates_gives_a_ratio_but_no_bed_days() -> None:
    snapshot = pd.DataFrame(
        {"facility": ["A", "B"], "occupied_beds": [90.0, 10.0], "staffed_beds": [100.0, 100.0]}
    )
    frame = headline(Dataset(activity=snapshot))
    assert frame.loc[["occupancy", "mean_census", "staffed_beds"], "overall"].tolist() == [
        50, 100, 200,
    ]  # fmt: skip
    assert np.isnan(frame.loc["bed_days", "overall"])
    assert frame[[*PERIODS, "change"]].isna().all(axis=None)
    assert trend(Dataset(activity=snapshot)).empty


def test_one_date_may_be_a_day_a_week_or_a_month() -> None:
    one = counts(["2024-04-01"], admissions=[30.0], occupied_beds=[8.0], staffed_beds=[10.0])
    frame = headline(Dataset(activity=one))
    assert frame.loc[["admissions", "occupancy"], "overall"].tolist() == [30, 80]
    assert frame[PERIODS].isna().all(axis=None)
    assert "cannot be told from its dates" in frame.loc["admissions", "note"]


@pytest.mark.parametrize(
    ("freq", "every"), [("7D", "day"), ("MS", "day"), ("MS", "week"), ("ME", "week")]
)
def test_a_count_is_never_shown_over_less_than_it_stands_for(freq: str, every: str) -> None:
    activity = two_sites("2024-01-01", "2024-06-30", freq, admissions=(1.0, 1.0))
    with pytest.raises(DataProblem, match="one count per"):
        trend(Dataset(activity=activity), every)
    beside = Dataset(activity=activity.rename(columns={"admissions": "visits"}),
                     stays=daily_admissions("2024-01-01", "2024-06-30"))  # fmt: skip
    found = trend(beside, every)
    assert found["visits"].isna().all()
    assert found["admissions"].notna().all()


def test_beds_typed_in_or_from_a_capacity_file_serve_counts_too() -> None:
    activity = DAILY.drop(columns="staffed_beds")
    assert np.isnan(headline(Dataset(activity=activity)).loc["occupancy", "overall"])
    capacity = pd.DataFrame({"facility": ["North", "South"], "units": [40.0, 40.0]})
    for dataset in (
        Dataset(activity=activity, capacity=capacity),
        Dataset(activity=activity).with_beds({"north": 40, "SOUTH": 40}),
        Dataset(activity=activity).with_beds(80),
    ):
        frame = headline(dataset)
        assert frame.loc[["occupancy", "staffed_beds"], "overall"].tolist() == [50, 80]
        assert frame.loc["turnover_interval", "overall"] == pytest.approx(3600 / 540)
    override = Dataset(activity=DAILY).with_beds({"North": 60, "South": 20})
    assert headline(override).loc["occupancy", "overall"] == 50
    assert headline(override.filtered(facility=["North"])).loc["occupancy", "overall"] == 50


def test_several_bed_counts_of_one_row_of_a_capacity_file_are_told_apart() -> None:
    capacity = pd.DataFrame(
        {
            "facility": ["North", "North", "South", "South"],
            "resource": ["Beds", "ICU beds"] * 2,
            "units": [40.0, 2.0, 40.0, 3.0],
        },
        index=pd.Index([2, 2, 3, 3], name="source_row"),
    )
    dataset = Dataset(activity=DAILY.drop(columns="staffed_beds"), capacity=capacity)
    assert headline(dataset).loc["staffed_beds", "overall"] == 80
    north = dataset.filtered(facility=["North"])
    assert headline(north).loc["staffed_beds", "overall"] == 40


def test_counts_without_a_date_are_in_no_month_and_every_flow_says_so() -> None:
    activity = DAILY.copy()
    activity.loc[activity.index[:3], "date"] = pd.NaT
    frame = headline(Dataset(activity=activity))
    said = "Counts without a date, in no month: 3 rows (sum {})."
    for flow, total in {"admissions": "6", "visits": "30", "cost": "300"}.items():
        assert said.format(total) in frame.loc[flow, "note"]
    assert frame.loc["admissions", "overall"] == 450
    for dated in (DAILY, DAILY.drop(columns="date")):
        notes = headline(Dataset(activity=dated))["note"]
        assert not notes.str.contains("Counts without a date").any()


def test_stays_give_what_they_can_and_counts_the_rest() -> None:
    stays = daily_admissions("2024-01-01", "2024-03-30", nights=2)
    frame = headline(Dataset(stays=stays, activity=DAILY))
    assert frame.loc["admissions", "overall"] == 90
    assert frame.loc["visits", "overall"] == 900
    assert "From the file of counts." in frame.loc["visits", "note"]
    assert frame.loc["bed_days", "month_to_date"] == 60


def test_a_filter_that_leaves_no_count_gives_unknowns() -> None:
    frame = headline(Dataset(activity=DAILY).filtered(facility=["Nowhere"]))
    assert frame["overall"].isna().all()


def test_a_month_that_is_not_over_gives_no_month_to_date_from_monthly_counts() -> None:
    counts = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01"]),
            "facility": pd.Series(["North"] * 4, dtype="str"),
            "visits": [300.0, 310.0, 320.0, 330.0],
        }
    )
    dataset = Dataset(activity=counts)
    line = headline(dataset, as_of="2024-05-15").loc["visits"]
    assert line[["month_to_date", "previous", "last_year"]].isna().all()
    assert "not over" in line["note"]
    whole = headline(dataset, as_of="2024-05-31").loc["visits"]
    assert (whole["month_to_date"], whole["previous"], whole["every"]) == (320.0, 310.0, "month")


@pytest.mark.parametrize("edge", ["start", "end"])
@pytest.mark.parametrize(("every", "freq"), [("quarter", "QS"), ("year", "YS")])
def test_counts_per_quarter_or_year_are_shown_by_it(every: str, freq: str, edge: str) -> None:
    """NHS KH03: mean beds occupied and available of every trust per quarter."""
    first, months = pd.Timestamp("2021-01-01"), {"quarter": 3, "year": 12}[every]
    starts = pd.date_range(first, periods=4, freq=freq)
    dates = starts if edge == "start" else starts + pd.DateOffset(months=months, days=-1)
    used = [80.0, 90.0, 70.0, 100.0]
    table = counts(
        dates, facility="North", admissions=[500.0] * 4,
        occupied_beds=used, staffed_beds=[100.0] * 4,
    )  # fmt: skip
    dataset = Dataset(activity=table)
    found = trend(dataset, every)
    assert found["period"].tolist() == starts.tolist()
    assert found["complete"].all()
    assert found["occupancy"].tolist() == used
    assert found["admissions"].tolist() == [500] * 4
    beds = occupancy(dataset, every=every)
    assert beds["occupancy"].tolist() == used
    assert beds["complete"].all()
    frame = headline(dataset)
    assert frame.loc["occupancy", "overall"] == 85
    assert frame[PERIODS].isna().all(axis=None)
    cut = trend(dataset.filtered(end=starts[-1] + pd.Timedelta(days=40)), every)
    assert not cut["complete"].iloc[-1]
    with pytest.raises(DataProblem, match=f"one count per {every}"):
        trend(dataset, "month")


def test_a_year_that_is_none_of_the_calendar_is_in_no_year() -> None:
    table = counts(
        pd.to_datetime(["2021-03-31", "2022-03-31", "2023-03-31"]), admissions=[1.0, 2, 3]
    )
    assert trend(Dataset(activity=table), "year").empty
    assert headline(Dataset(activity=table)).loc["admissions", "overall"] == 6
