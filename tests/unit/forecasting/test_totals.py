"""The total over the horizon: a sum of what adds up, a mean of what does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.forecasting import Forecast, forecast, forecast_parts


@pytest.fixture(scope="module")
def cost() -> pd.Series:
    days = pd.date_range("2024-01-01", periods=84, name="date")
    draw = np.random.default_rng(1)
    return pd.Series(draw.normal(1000, 50, 84).round(2), index=days, name="cost")


@pytest.fixture(scope="module")
def occupied() -> pd.Series:
    days = pd.date_range("2024-01-01", periods=84, name="date")
    return pd.Series(np.random.default_rng(2).poisson(80, 84), index=days, name="occupied")


def holds(made: Forecast, times: float) -> None:
    """The total is its samples' sum or mean, and so are its bounds."""
    total = made.total
    assert total["mean"] == pytest.approx(made.frame["mean"].sum() * times)
    sums = made.samples.sum(axis=1) * times
    for name, at in (("low_80", 0.1), ("high_80", 0.9), ("low_95", 0.025), ("high_95", 0.975)):
        assert total[name] == pytest.approx(sums.quantile(at))


def test_cost_adds_up_though_it_is_not_whole(cost: pd.Series) -> None:
    holds(forecast(cost, horizon=7, adds=True), 1)


def test_patients_in_hospital_do_not_add_up_though_they_are_whole(occupied: pd.Series) -> None:
    holds(forecast(occupied, horizon=7, adds=False), 1 / 7)


@pytest.mark.parametrize("name", ["occupied", "length_of_stay", "waiting"])
def test_unsaid_the_name_of_a_measure_that_does_not_add_up_says_so(
    cost: pd.Series, occupied: pd.Series, name: str
) -> None:
    """Whatever the digits: the series is as `caremap.forecasting.series` gives it."""
    for series in (cost, occupied):
        made = forecast(series.rename(name), horizon=7)
        assert made.total["mean"] == pytest.approx(made.frame["mean"].mean())
        assert made.total["low_95"] < made.total["mean"] < made.total["high_95"]
        assert made.limit == {}  # a Poisson's limit is none of theirs


@pytest.mark.parametrize("name", ["cost", "admissions", "y", None])
def test_unsaid_any_other_series_adds_up(
    cost: pd.Series, occupied: pd.Series, name: str | None
) -> None:
    for series in (cost, occupied):
        made = forecast(series.rename(name), horizon=7)
        assert made.total["mean"] == pytest.approx(made.frame["mean"].sum())
        assert made.total["low_95"] < made.total["mean"] < made.total["high_95"]


def test_the_history_keeps_its_name(cost: pd.Series) -> None:
    assert forecast(cost, horizon=7).history.name == "cost"


def test_totals_of_parts_are_sums_of_cost_too(cost: pd.Series) -> None:
    made = forecast_parts(pd.DataFrame({"North": cost, "South": cost / 2}), horizon=7)
    sums = made.frame.groupby("part")["mean"].sum()
    pd.testing.assert_series_equal(
        made.total.set_index("part")["mean"].sort_index(), sums, check_names=False
    )
    assert made.whole.total["mean"] == pytest.approx(sums.sum())
    assert (made.total["low_80"] < made.total["mean"]).all()
    assert (made.total["mean"] < made.total["high_80"]).all()
