"""Ends of a file that are not whole are cut off, and it is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.forecasting import prepared, series
from caremap.forecasting.ends import low_at_end
from tests.unit.forecasting.arrivals import arrivals, daily_counts, span

YEAR = arrivals("2023-01-01", "2023-12-31")


@pytest.mark.parametrize(
    ("table", "days", "words"),
    [
        (YEAR, ("2023-01-01", "2023-12-31"), ""),
        (YEAR[YEAR["admitted"] < "2023-11-20 12:00"], ("2023-01-01", "2023-11-19"),
         "20 Nov 2023 is left out: the file ends before that day was over."),
        (YEAR[YEAR["admitted"] > "2023-02-06 14:00"], ("2023-02-07", "2023-12-31"),
         "6 Feb 2023 is left out: its first hours are not in the file."),
        (YEAR[YEAR["admitted"] < "2023-11-20 23:00"], ("2023-01-01", "2023-11-20"), ""),
    ],
    ids=["whole", "ends at noon", "begins in the afternoon", "ends late at night"],
)  # fmt: skip
def test_a_day_cut_by_the_clock(table, days, words):
    found = prepared(Dataset(stays=table.drop(columns=["discharged", "length_of_stay"])))
    assert span(found.series) == days
    assert words == "" or words in found.notes


@pytest.mark.parametrize(
    ("ends", "left"),
    [
        ([20, 20, 20], 3),
        ([20, 19, 3], 2),
        ([6, 3, 1], 0),  # filled in late
        ([12, 14, 13], 3),  # low, by chance
        ([20, 3, 20], 3),  # the last day is whole: an outlier before it is none of ours
    ],
)
def test_days_far_below_what_is_usual(ends, left):
    table = daily_counts("2023-01-01", "2023-11-20")
    table.loc[table.index[-3:], "admissions"] = np.array(ends, dtype="float64")
    found = prepared(Dataset(activity=table))
    assert len(found.series) == len(table) - 3 + left
    assert any("far below what is usual" in note for note in found.notes) == (left < 3)


def test_a_sheet_made_for_a_year_is_not_filled_in_to_its_end():
    table = daily_counts("2023-01-01", "2023-12-31")
    blank = table.assign(admissions=table["admissions"].where(table["date"] < "2023-10-01"))
    zeros = blank.assign(admissions=blank["admissions"].fillna(0.0))
    for sheet in (blank, zeros):
        assert span(series(Dataset(activity=sheet)))[1] == "2023-09-30"
    parts = pd.concat([table.assign(facility="A"), zeros.assign(facility="B")])
    closed = series(Dataset(activity=parts).filtered(facility="B"))
    assert span(closed)[1] == "2023-12-31"  # A goes on: B has closed
    assert (closed["2023-10":] == 0).all()


def test_another_facility_that_is_late_cuts_nothing():
    table = arrivals("2023-01-01", "2023-12-31", 40, facilities={"A": 0.5, "B": 0.5})
    late = table[(table["facility"] == "A") | (table["admitted"] < "2023-12-27")]
    late = late.drop(columns=["discharged", "length_of_stay"])
    assert span(series(Dataset(stays=late).filtered(facility="A")))[1] == "2023-12-31"
    assert span(series(Dataset(stays=late)))[1] == "2023-12-26"


def test_a_weekday_that_is_always_quiet_is_not_cut():
    weekday = (1, 1, 1, 1, 1, 0.1, 0.1)
    table = arrivals("2023-01-01", "2023-11-19", 30, weekday=weekday, timed=False)  # a Sunday
    table = table.drop(columns=["discharged", "length_of_stay"])
    assert span(series(Dataset(stays=table)))[1] == "2023-11-19"


def test_a_holiday_is_not_cut():
    values = pd.Series(40.0, pd.date_range("2022-06-01", "2023-12-25"))
    assert low_at_end(values) == 0
    christmas = values.index.strftime("%m-%d") == "12-25"
    assert low_at_end(values.mask(christmas, 12.0)) == 0  # as the year before
    assert low_at_end(values.iloc[-100:].mask(christmas[-100:], 12.0)) == 0  # never seen before
    assert low_at_end(values.iloc[-101:-1].where(values.index[-101:-1] < "2023-12-24", 3.0)) == 1


def test_a_lasting_fall_is_no_late_report():
    values = pd.Series(40.0, pd.date_range("2023-01-01", "2023-12-20"))
    assert low_at_end(values.where(values.index < "2023-11-20", 20.0)) == 0


def test_whole_days_are_hardly_ever_cut():
    random = np.random.default_rng(1)
    cut = [
        low_at_end(pd.Series(random.poisson(mean, 120), pd.date_range("2023-05-01", periods=120)))
        for mean in (2, 5, 12, 40)
        for _ in range(40)
    ]
    assert np.mean(np.array(cut) > 0) < 0.01


def by_discharge(first: str, last: str) -> pd.DataFrame:
    """The stays that ended within a period: how most registries choose them."""
    table = arrivals("2022-01-01", "2024-01-31", 20, stay=5)
    left = table["discharged"].dt.normalize()
    return table[left.between(first, last)]


def test_a_file_chosen_by_discharge_date_lacks_admissions_at_both_ends():
    dataset = Dataset(stays=by_discharge("2022-06-01", "2023-06-30"))
    found = prepared(dataset)
    assert found.series.index[0] == pd.Timestamp("2022-06-01")
    assert pd.Timestamp("2023-05-20") < found.series.index[-1] < pd.Timestamp("2023-06-16")
    assert any("no patient who had not left yet" in note for note in found.notes)
    assert any("chosen by discharge date" in note for note in found.notes)
    truth = arrivals("2022-01-01", "2024-01-31", 20, stay=5)["admitted"].dt.normalize()
    whole = truth.value_counts().reindex(found.series.index)
    assert (found.series.tail(14).sum() / whole.tail(14).sum()) > 0.98
    discharges = series(dataset, "discharges")
    assert span(discharges) == ("2022-06-01", "2023-06-30")


def test_discharges_begin_once_those_who_were_there_before_have_left():
    dataset = Dataset(stays=arrivals("2023-01-01", "2023-12-31", 40, stay=5))
    found = prepared(dataset, "length_of_stay")
    assert pd.Timestamp("2023-01-20") < found.series.index[0] < pd.Timestamp("2023-02-10")
    assert found.series.iloc[:28].mean() == pytest.approx(5.0, rel=0.05)
    assert any("Counted from" in note for note in found.notes)


def test_weeks_are_dropped_where_they_are_not_whole():
    found = prepared(Dataset(stays=arrivals("2023-01-04", "2023-12-29")), every="week")
    assert span(found.series) == ("2023-01-09", "2023-12-18")
    assert "The first and the last week are not whole and left out." in found.notes


def test_weekly_counts_stand_under_their_monday_and_a_late_week_is_cut():
    weeks = pd.DataFrame({"date": pd.date_range("2023-01-01", periods=52, freq="7D").as_unit("us")})
    weeks = weeks.assign(visits=np.random.default_rng(1).poisson(200, 52) * 1.0)
    weeks.loc[51, "visits"] = 60.0
    found = prepared(Dataset(activity=weeks), "visits", "week")
    assert span(found.series) == ("2022-12-26", "2023-12-11")  # Sundays end their weeks
    assert "Left out as not complete: the week of 18 Dec 2023, far below what is usual." in (
        found.notes
    )
    midweek = weeks.assign(date=weeks["date"] + pd.Timedelta(days=2))
    told = prepared(Dataset(activity=midweek), "visits", "week").notes
    assert "The file dates its weeks on a Tuesday: each stands under the Monday before." in told
