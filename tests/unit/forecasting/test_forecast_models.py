"""The parts of the forecast, each where the right answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.forecasting.backtest import origins_of
from caremap.forecasting.calendar import calendar_at, columns_of
from caremap.forecasting.features import holiday_columns
from caremap.forecasting.history import history_of
from caremap.forecasting.mixing import mixed, weights
from caremap.forecasting.models import models_for, moment_at
from caremap.forecasting.scores import beats, scale_of, scores
from caremap.forecasting.smoothing import levels, smoothed_weeks


def test_the_calendar_finds_weekday_season_and_holiday_in_counts_made_of_them():
    dates = pd.date_range("2020-01-01", periods=4 * 365)
    weekday = np.array([1.3, 1.1, 1.0, 1.0, 1.0, 0.8, 0.8])
    season = np.exp(0.2 * np.sin(2 * np.pi * (dates.day_of_year - 1) / 365.25))
    closed = dates.strftime("%m-%d").isin(["12-25", "01-01"])
    mean = 300 * weekday[dates.day_of_week] * season * np.where(closed, 0.5, 1.0)
    counts = pd.Series(np.random.default_rng(0).poisson(mean), index=dates)
    history = history_of(counts, 7)
    calendar = calendar_at(history, columns_of(history, None, None), len(counts))
    truth = np.asarray(mean) / np.mean(mean)
    assert np.abs(calendar.factor[: len(counts)] / truth - 1).mean() < 0.03
    christmas = calendar.holiday[dates.get_loc("2021-12-25")]
    assert christmas == pytest.approx(0.5, abs=0.06)


def test_growth_is_not_taken_for_a_season():
    dates = pd.date_range("2020-01-01", periods=3 * 365)
    counts = pd.Series(np.rint(np.linspace(50, 110, len(dates))), index=dates)
    history = history_of(counts, 7)
    calendar = calendar_at(history, columns_of(history, None, None), len(counts))
    assert calendar.season.min() > 0.95 and calendar.season.max() < 1.05


@pytest.mark.parametrize(
    ("country", "region", "day", "column"),
    [
        ("US", None, "2024-07-04", "name: Independence Day"),
        ("US", None, "2024-07-05", "day after"),
        ("GB", "ENG", "2024-05-06", "holiday"),
        ("CA", "BC", "2024-02-19", "name: Family Day"),
        ("DE", "BY", "2024-01-06", "holiday at a weekend"),
        ("BR", None, "2024-09-08", "holiday"),
        (None, None, "2024-12-24", "12-24"),
    ],
)
def test_holidays_are_those_of_the_country(country, region, day, column):
    columns = holiday_columns(pd.DatetimeIndex([day]), country, region)
    expected = 0.0 if (country, column) == ("BR", "holiday") else 1.0  # the day after theirs
    assert columns[column].iloc[0] == expected


def test_weeks_say_how_many_of_their_days_are_holidays():
    weeks = pd.DatetimeIndex(["2024-12-16", "2024-12-23"])
    assert holiday_columns(weeks, "US", None, cycle=1)["holiday"].tolist() == [0, 1]


def test_levels_follow_the_values_past_gaps_and_at_their_speed():
    values = np.concatenate([np.full(50, 10.0), np.full(10, np.nan), np.full(50, 20.0)])
    found = levels(values, np.ones(110), [0.1, 0.5])
    assert found[59] == pytest.approx([10, 10])
    old, new = 0.9**60, 1 - 0.9**50  # the gap has aged what was known
    assert found[-1] == pytest.approx([(10 * old + 20 * new) / (old + new), 20])


def test_smoothing_repeats_a_week_that_repeats():
    week = np.array([5.0, 4, 4, 4, 4, 2, 1])
    found = smoothed_weeks(np.tile(week, 12), np.ones((2, 98)), [70, 84], 7, 14)
    assert found == pytest.approx(np.tile(week, (2, 2)), rel=0.05)


def test_a_mix_weighs_by_errors_before_the_origin_only():
    values = np.arange(40.0)
    exact = np.array([[values[o : o + 2]] for o in (20, 22, 24, 38)])[:, 0]
    forecasts = np.array([exact, exact + 3])
    forecasts[:, 3] = [[1, 1], [5, 5]]
    mean, shares = mixed(forecasts, values, [20, 22, 24, 38])
    assert shares[0].tolist() == [0.5, 0.5]  # nothing is known yet
    assert shares[1:, 0] == pytest.approx([1, 1, 1], abs=1e-3)
    assert mean[3] == pytest.approx([1, 1], abs=1e-2)


@given(st.lists(st.floats(0.1, 9), min_size=2, max_size=5), st.integers(1, 15))
def test_weights_add_to_one_and_fall_with_the_error(sizes, origins):
    found = weights(np.array(sizes)[:, None, None] * np.ones((1, origins, 3)))
    assert found.sum() == pytest.approx(1)
    order = np.argsort(sizes)
    assert (np.diff(found[order]) <= 1e-12).all()


def test_models_that_need_more_history_are_left_out_where_it_is_short():
    def named(count: int) -> set[str]:
        series = pd.Series(2.0, index=pd.date_range("2022-01-01", periods=count))
        return set(models_for(history_of(series, 14)))

    assert "linear regression" not in named(100) and "XGBoost" not in named(200)
    assert {"linear regression", "XGBoost", "exponential smoothing"} <= named(300)


def test_simple_rules_are_what_their_names_say():
    values = np.arange(1.0, 71.0)
    values[65] = np.nan
    history = history_of(pd.Series(values, index=pd.date_range("2022-01-03", periods=70)), 8)
    moment = moment_at(history, columns_of(history, None, None), 70)
    rules = models_for(history)
    ahead = {name: rule([moment], 8, lambda: None)[0] for name, rule in rules.items()}
    assert ahead["same day last week"].tolist() == [64, 65, 59, 67, 68, 69, 70, 64]
    assert ahead["overall average"] == pytest.approx(np.full(8, np.nanmean(values)))
    same = np.nanmean(values[14:].reshape(8, 7), axis=0)
    assert ahead["same weekday average"] == pytest.approx(np.resize(same, 8))


@given(st.integers(56, 2500), st.integers(1, 60))
def test_a_backtest_starts_with_four_weeks_and_ends_with_the_last_day(known, horizon):
    origins, steps = origins_of(known, horizon, 7)
    assert origins[0] >= 28
    assert origins[-1] + steps == known
    assert 1 <= steps <= horizon
    assert 1 <= len(origins) <= 24
    assert (np.diff(origins) > 0).all()


def test_scores_of_a_table_by_hand():
    errors = pd.DataFrame(
        {
            "model": ["ours"] * 4 + ["average"] * 4 + ["naive"] * 4,
            "actual": [10.0, 20, 30, np.nan] * 3,
            "mean": [12.0, 20, 26, 5, 20, 20, 20, 5, 16, 26, 36, 5],
        }
    )
    found = scores(errors, 4.0, overall="average", naive="naive")
    expected = pd.DataFrame(
        {
            "model": ["ours", "average", "naive"],
            "mase": [0.5, 20 / 12, 1.5],
            "rmse": np.sqrt([20 / 3, 200 / 3, 36]),
            "mae": [2.0, 20 / 3, 6.0],
            "r2": [0.9, 0.0, 1 - 36 / (200 / 3)],
            "gain": 1 - np.sqrt([0.1, 1.0, 36 * 3 / 200]),
            "gain_same_day": 1 - np.sqrt([20 / 3 / 36, 200 / 3 / 36, 1.0]),
        }
    )
    pd.testing.assert_frame_equal(found, expected)


def test_mase_is_held_against_the_same_weekday_a_week_before():
    values = np.concatenate([np.arange(7.0), np.arange(7.0) + 3, [np.nan]])
    assert scale_of(values, 7) == 3
    assert np.isnan(scale_of(np.array([1.0, 2.0]), 7))


def test_chance_beats_nothing_in_about_nineteen_of_twenty_tests():
    chance = np.random.default_rng(12)
    told = 0
    for _ in range(150):
        errors = pd.DataFrame(
            {
                "model": np.repeat(["a", "b"], 12 * 7),
                "origin": np.tile(np.repeat(np.arange(12), 7), 2),
                "actual": 0.0,
                "mean": chance.normal(size=2 * 12 * 7),
            }
        )
        told += beats(errors, "a", "b")
    assert told / 150 < 0.1
