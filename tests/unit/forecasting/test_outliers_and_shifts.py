"""Days far from the usual, and weeks from which the level is another one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.forecasting import outliers, shifts

DAYS = pd.date_range("2021-01-01", "2023-12-31")
WEEKDAY = np.array([1.2, 1.1, 1.0, 1.0, 1.1, 0.8, 0.8])
SEASON = 1 + 0.25 * np.cos(2 * np.pi * DAYS.day_of_year / 365.25)


def simulated(mean: float = 40.0, seed: int = 1, factor: object = 1.0) -> pd.Series:
    """Counts with a weekday and a season."""
    random = np.random.default_rng(seed)
    expected = mean * WEEKDAY[DAYS.day_of_week] * SEASON * np.asarray(factor)
    return pd.Series(random.poisson(expected) * 1.0, DAYS)


@pytest.mark.parametrize("seed", range(4))
def test_weekdays_and_seasons_are_neither(seed):
    assert len(outliers(simulated(seed=seed))) <= 1  # once in thousands of days by chance
    assert shifts(simulated(seed=seed)).empty
    weeks = simulated(seed=seed).resample("W-MON", closed="left", label="left").sum().iloc[1:-1]
    assert shifts(weeks).empty


def test_single_days_far_off_are_found():
    series = simulated()
    series["2022-05-10"], series["2022-08-20"] = 150.0, 1.0
    found = outliers(series)
    assert found["date"].dt.strftime("%Y-%m-%d").tolist() == ["2022-05-10", "2022-08-20"]
    assert found["value"].tolist() == [150.0, 1.0]
    assert found["expected"].between(20, 60).all()


def test_a_holiday_every_year_is_no_outlier():
    series = simulated()
    series[series.index.strftime("%m-%d") == "12-25"] = 5.0
    assert outliers(series).empty


def test_a_mean_of_few_may_lie_far_away():
    random = np.random.default_rng(1)
    series = pd.Series(5 + random.normal(0, 0.5, len(DAYS)), DAYS)
    series.iloc[500] = 12.0
    n = pd.Series(20.0, DAYS)
    assert outliers(series, n)["date"].tolist() == [DAYS[500]]
    n.iloc[500] = 1.0
    assert outliers(series, n).empty


@pytest.mark.parametrize("factor", [0.6, 1.5])
def test_a_lasting_change_is_found_to_the_week(factor):
    change = pd.Timestamp("2022-06-15")
    found = shifts(simulated(100.0, factor=np.where(change > DAYS, 1.0, factor)))
    assert len(found) == 1
    assert abs(found["date"].iloc[0] - change) <= pd.Timedelta(days=7)
    assert found["after"].iloc[0] / found["before"].iloc[0] == pytest.approx(factor, abs=0.2)


def test_a_closure_shows_its_beginning_and_its_end():
    closed = (DAYS >= "2022-03-14") & (DAYS < "2022-07-04")
    found = shifts(simulated(factor=np.where(closed, 0.5, 1.0)))
    assert len(found) == 2


def test_a_trend_is_no_shift():
    assert shifts(simulated(factor=np.linspace(1.0, 2.0, len(DAYS)))).empty


def test_an_average_that_wanders_has_no_shift():
    random = np.random.default_rng(1)
    walk = pd.Series(random.normal(0, 1, len(DAYS))).ewm(span=40).mean().to_numpy()
    assert len(shifts(pd.Series(80 + 12 * walk / walk.std(), DAYS))) <= 1


def test_short_or_empty_series_have_none_and_gaps_do_no_harm():
    for series in (pd.Series(dtype="float64", index=pd.DatetimeIndex([])), simulated().iloc[:10]):
        assert outliers(series).empty
        assert shifts(series).empty
        assert list(outliers(series)) == ["date", "value", "expected"]
        assert list(shifts(series)) == ["date", "before", "after"]
    holey = simulated()
    holey["2022-03-01":"2022-04-30"] = np.nan
    assert shifts(holey).empty
