"""Nothing leaks: what comes after an origin changes no forecast made at it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.forecasting.backtest import MIX, backtest
from caremap.forecasting.calendar import columns_of
from caremap.forecasting.history import history_of

WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.6, 0.5])


def visits(count: int) -> pd.Series:
    dates = pd.date_range("2022-01-03", periods=count)
    season = 1 + 0.2 * np.sin(np.arange(count) / 58)
    mean = 30 * season * WEEK[dates.day_of_week]
    return pd.Series(np.random.default_rng(8).poisson(mean), index=dates)


def stays(count: int) -> pd.Series:
    dates = pd.date_range("2022-01-03", periods=count)
    return pd.Series(np.random.default_rng(9).gamma(20, 0.2, count), index=dates)


def weeks(count: int) -> pd.Series:
    dates = pd.date_range("2022-01-03", periods=count, freq="W-MON")
    return pd.Series(np.random.default_rng(9).poisson(80, count), index=dates)


def told(series: pd.Series, extra=()):
    history = history_of(series, 10)
    return backtest(history, columns_of(history, "US", None), 10, extra)


@pytest.fixture(scope="module", params=["visits", "stays", "weeks"])
def pair(request):
    """Two backtests whose series are alike up to the sixth-last origin, and wild after it."""
    series = {"visits": visits(280), "stays": stays(275), "weeks": weeks(120)}[request.param]
    extra = ("random forest",) if request.param == "visits" else ()
    before = told(series, extra)
    cut = before.origins[-6]
    changed = series.copy()
    changed.iloc[cut:] = changed.iloc[cut:].to_numpy()[::-1] * 7 + 100
    return before, told(changed, extra), cut


def test_changing_the_future_changes_no_forecast_of_any_model_made_before_it(pair):
    before, after, cut = pair
    assert before.origins == after.origins
    rows = [row for row, origin in enumerate(before.origins) if origin <= cut]
    assert MIX in before.forecasts and "XGBoost" in before.forecasts
    for model, means in before.forecasts.items():
        np.testing.assert_allclose(means[rows], after.forecasts[model][rows], err_msg=model)


def test_the_test_can_fail_every_model_does_look_at_its_past(pair):
    before, after, cut = pair
    later = [row for row, origin in enumerate(before.origins) if origin > cut + 10]
    for model, means in before.forecasts.items():
        assert not np.allclose(means[later], after.forecasts[model][later]), model
