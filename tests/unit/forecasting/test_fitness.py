"""What cannot be forecast is refused in words, with what would help."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.forecasting import measures_of, prepared, series, unfit
from caremap.problems import DataProblem
from tests.unit.forecasting.arrivals import arrivals, daily_counts


def shifted(patients: int, each: int, years: tuple[int, int]) -> pd.DataFrame:
    """Stays as research data has them: true days, years shifted for each patient."""
    random = np.random.default_rng(1)
    shift = random.integers(*years, patients).repeat(each)
    day = pd.Timestamp("2010-01-01") + pd.to_timedelta(random.integers(0, 3000, len(shift)), "D")
    moved = [one + pd.DateOffset(years=int(by)) for one, by in zip(day, shift, strict=True)]
    admitted = pd.Series(pd.to_datetime(moved)).astype("datetime64[us]")
    return pd.DataFrame({"admitted": admitted})


MONTHLY = pd.DataFrame({"date": pd.date_range("2020-01-01", periods=40, freq="MS").as_unit("us")})
IN_DOUBT = Finding("swapped-dates", "error", "Day and month are swapped.", "Admitted")


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        (Dataset(), "There are no dates"),
        (Dataset(stays=pd.DataFrame({"length_of_stay": [1.0]})), "There are no dates"),
        (Dataset(activity=pd.DataFrame({"admissions": [9.0]})), "snapshot"),
        (Dataset(activity=daily_counts("2023-01-01", "2023-01-01")), "snapshot of 1 Jan 2023"),
        (Dataset(activity=MONTHLY.assign(admissions=9.0)), "one count per month"),
        (Dataset(activity=MONTHLY.assign(visits=9.0)), "one count per month"),
        (Dataset(stays=arrivals("2023-01-01", "2023-12-31"), findings=(IN_DOUBT,)),
         "A forecast is not given while dates of “Admitted” are in doubt"),
        (Dataset(stays=arrivals("2023-01-01", "2023-12-31")).filtered(region="North"),
         "cannot be filtered by region"),
        (Dataset(activity=daily_counts("2023-01-01", "2023-12-31").rename(
            columns={"admissions": "visits"})), "no admissions by date"),
    ],
)  # fmt: skip
def test_where_there_is_no_series_both_say_why(dataset, words):
    found = prepared(dataset)
    assert words in found.refusal
    assert found.hint
    assert found.series.empty
    with pytest.raises(DataProblem, match=words):
        series(dataset)


@pytest.mark.parametrize(
    ("dataset", "every", "words"),
    [
        (Dataset(stays=arrivals("2023-01-01", "2023-02-20")), "day", "51 days long"),
        (Dataset(stays=arrivals("2023-01-01", "2023-02-27")), "week", "8 weeks"),
        (Dataset(stays=arrivals("2020-01-01", "2023-12-31", 0.1)), "day", "less than one a week"),
        (Dataset(stays=arrivals("2020-01-01", "2023-12-31", 0.1)), "week", "less than one a week"),
        (Dataset(stays=shifted(900, 3, (100, 130))), "day", "years were shifted"),
        (Dataset(stays=shifted(40, 3, (-60, 0))), "day", "less than one a week"),
    ],
)
def test_a_series_that_cannot_be_forecast_is_there_but_refused(dataset, every, words):
    found = prepared(dataset, every=every)
    if words == "8 weeks":  # 1 January is a Sunday: eight whole weeks follow
        assert found.refusal == ""
        assert len(found.series) == 8
        return
    assert words in found.refusal
    pd.testing.assert_series_equal(series(dataset, every=every), found.series)
    assert unfit(found.series, every) == (found.refusal, found.hint)


@pytest.mark.parametrize(
    ("values", "days", "fit"),
    [
        ([3.0] * 56, 1, True),
        ([3.0] * 55, 1, False),
        ([30.0] * 8, 7, True),
        ([30.0] * 7, 7, False),
        ([1.0, 0, 0, 0, 0, 0, 0] * 20, 1, True),  # one a week
        ([1.0, *[0.0] * 13] * 20, 1, False),
        ([0.05, 0.04] * 40, 1, True),  # a fraction is no count
        ([np.nan] * 100, 1, False),
        ([4.5, *[np.nan] * 13] * 20, 1, True),  # 20 weeks with a value
        ([4.5, *[np.nan] * 27] * 7, 1, False),
    ],
)
def test_the_least_a_forecast_needs(values, days, fit):
    index = pd.date_range("2023-01-02", periods=len(values), freq=f"{days}D")
    found = unfit(pd.Series(values, index), "week" if days == 7 else "day")
    assert (found is None) == fit
    assert found is None or all(found)


def test_too_few_stays_behind_a_mean():
    table = arrivals("2020-01-01", "2023-12-31", 0.1)
    assert "less than one a week" in prepared(Dataset(stays=table), "length_of_stay").refusal


def test_weekly_counts_give_no_days():
    weeks = pd.DataFrame({"date": pd.date_range("2023-01-01", periods=52, freq="7D").as_unit("us")})
    dataset = Dataset(activity=weeks.assign(admissions=20.0))
    assert prepared(dataset).refusal == "The file has one count per week: it gives no days."
    assert measures_of(dataset) == ["admissions"]
    assert measures_of(dataset, "day") == []
    assert prepared(dataset, every="week").refusal == ""


def test_nothing_to_offer_while_dates_are_in_doubt():
    dataset = Dataset(stays=arrivals("2023-01-01", "2023-12-31"), findings=(IN_DOUBT,))
    assert measures_of(dataset) == []
