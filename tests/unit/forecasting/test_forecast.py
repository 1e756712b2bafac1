"""forecast(): what it promises of every series, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.forecasting import forecast
from caremap.problems import DataProblem

WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.6, 0.5])  # Monday first


def days(count: int, start: str = "2022-01-03") -> pd.DatetimeIndex:
    return pd.date_range(start, periods=count)


def visits(count: int, mean: float = 30.0, seed: int = 1) -> pd.Series:
    """Poisson counts with weekdays and nothing else, whose best forecast is known."""
    dates = days(count)
    counts = np.random.default_rng(seed).poisson(mean * WEEK[dates.day_of_week])
    return pd.Series(counts, index=dates, name="visits")


@pytest.fixture(scope="module")
def of_visits():
    return forecast(visits(400), horizon=14)


def test_the_forecast_has_a_row_for_every_day_ahead_and_bounds_around_its_mean(of_visits):
    frame = of_visits.frame
    assert list(frame) == ["date", "mean", "low_80", "high_80", "low_95", "high_95"]
    assert frame["date"].tolist() == list(pd.date_range("2023-02-07", periods=14))
    ordered = frame[["low_95", "low_80", "mean", "high_80", "high_95"]].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert of_visits.total["mean"] == pytest.approx(frame["mean"].sum())


def test_counts_with_weekdays_alone_are_forecast_near_the_mean_they_were_drawn_with(of_visits):
    truth = 30 * WEEK[pd.DatetimeIndex(of_visits.frame["date"]).day_of_week]
    assert np.abs(of_visits.frame["mean"] / truth - 1).max() < 0.12


def test_the_backtest_names_every_model_with_every_score(of_visits):
    table = of_visits.backtest
    assert list(table) == [
        *("model", "mase", "rmse", "mae", "r2", "coverage_80", "coverage_95"),
        *("gain", "gain_same_day"),
    ]
    assert set(table["model"]) == {
        *("CareMap mix", "linear regression", "XGBoost", "exponential smoothing"),
        *("same weekday average", "overall average", "same day last week"),
    }
    assert table["rmse"].is_monotonic_increasing
    assert table.notna().all(axis=None)
    by_model = table.set_index("model")
    assert by_model.loc["overall average", "gain"] == 0
    assert by_model.loc["same day last week", "gain_same_day"] == 0
    gain = 1 - by_model.loc["CareMap mix", "rmse"] / by_model.loc["overall average", "rmse"]
    assert by_model.loc["CareMap mix", "gain"] == pytest.approx(gain)


def test_the_scores_are_those_of_the_days_it_shows(of_visits):
    own = of_visits.errors[of_visits.errors["model"] == of_visits.chosen]
    miss = own["actual"] - own["mean"]
    row = of_visits.backtest.set_index("model").loc[of_visits.chosen]
    assert row["mae"] == pytest.approx(miss.abs().mean())
    assert row["rmse"] == pytest.approx(np.sqrt((miss**2).mean()))
    inside = own["actual"].between(own["low_80"], own["high_80"])
    assert row["coverage_80"] == pytest.approx(100 * inside.mean())
    assert (own["date"] > own["origin"]).all()
    assert own["actual"].tolist() == of_visits.history[own["date"]].tolist()


def test_the_limit_is_about_what_the_best_possible_forecast_scores(of_visits):
    own = of_visits.errors[of_visits.errors["model"] == of_visits.chosen]
    truth = 30 * WEEK[pd.DatetimeIndex(own["date"]).day_of_week]
    before = of_visits.history[: own["origin"].min()].to_numpy()
    scale = np.abs(before[7:] - before[:-7]).mean()
    best = np.abs(own["actual"] - truth).mean() / scale
    assert of_visits.limit["mase"] == pytest.approx(best, rel=0.1)
    assert 0.5 < of_visits.limit["r2"] < 0.8


def test_components_multiply_to_the_forecast(of_visits):
    parts = of_visits.components.set_index("date")
    assert list(parts) == ["level", "weekday", "season", "holiday"]
    assert len(parts) == 400 + 14
    product = parts.prod(axis=1)[of_visits.frame["date"]]
    assert product.to_numpy() == pytest.approx(of_visits.frame["mean"].to_numpy())
    by_day = parts["weekday"].groupby(parts.index.day_of_week).mean()
    assert by_day.to_numpy() == pytest.approx(WEEK / WEEK.mean(), rel=0.08)


def test_weights_add_up_and_are_those_of_the_models_in_the_mix(of_visits):
    assert of_visits.weights["weight"].sum() == pytest.approx(1)
    assert (of_visits.weights["weight"] > 0).all()
    assert set(of_visits.weights["model"]) <= set(of_visits.backtest["model"])


def test_the_same_series_gives_the_same_forecast():
    one, two = forecast(visits(90)), forecast(visits(90))
    pd.testing.assert_frame_equal(one.frame, two.frame)
    pd.testing.assert_frame_equal(one.samples, two.samples)


def test_the_series_of_the_caller_is_left_as_it_was():
    given = visits(70).sample(frac=1, random_state=3)
    before = given.copy()
    forecast(given)
    pd.testing.assert_series_equal(given, before)


@pytest.mark.parametrize("count", [56, 63, 100, 140])
def test_short_series_are_forecast_and_it_is_said_that_they_are_short(count):
    ahead = forecast(visits(count))
    assert ahead.frame["mean"].between(8, 45).all()
    assert ahead.frame.notna().all(axis=None)
    assert any("series is short" in note for note in ahead.notes)


def test_counts_without_structure_are_claimed_no_gain():
    flat = pd.Series(np.random.default_rng(5).poisson(6.0, 200), index=days(200))
    ahead = forecast(flat)
    assert any("no gain over it is claimed" in note for note in ahead.notes)
    assert ahead.better_than == ""
    assert ahead.frame["mean"].between(5.4, 6.6).all()


def test_random_admissions_of_a_real_file_are_claimed_no_gain(shared):
    path = shared / "data/kaggle_healthcare/healthcare_dataset_original.csv"
    admitted = pd.to_datetime(pd.read_csv(path)["Date of Admission"])
    ahead = forecast(admitted.value_counts().sort_index().iloc[-250:])
    assert any("no gain over it is claimed" in note for note in ahead.notes)
    assert ahead.better_than == ""


def test_a_gain_that_is_there_is_not_denied():
    waves = 60 + 40 * np.sin(np.arange(250) / 30)
    ahead = forecast(pd.Series(np.random.default_rng(2).poisson(waves), index=days(250)))
    assert ahead.chosen == "CareMap mix"
    assert not any("no gain" in note for note in ahead.notes)


def test_weeks_are_forecast_as_weeks():
    dates = pd.date_range("2021-01-04", periods=60, freq="W-MON")
    counts = pd.Series(np.random.default_rng(4).poisson(200, 60), index=dates)
    ahead = forecast(counts, horizon=12)
    assert ahead.every == "week"
    assert ahead.frame["date"].tolist() == list(pd.date_range("2022-02-28", periods=12, freq="7D"))
    assert ahead.frame["mean"].between(185, 215).all()
    assert "last week" in set(ahead.backtest["model"])
    assert (ahead.components["weekday"] == 1).all()


def test_averages_are_no_counts_and_their_total_is_a_mean():
    stays = pd.Series(np.random.default_rng(3).gamma(20, 4.5 / 20, 200), index=days(200))
    stays.iloc[60:80] = np.nan
    ahead = forecast(stays.rename("length_of_stay"))
    assert ahead.limit == {}
    assert ahead.total["mean"] == pytest.approx(ahead.frame["mean"].mean())
    assert ahead.total["mean"] == pytest.approx(4.5, abs=0.3)
    assert any("20 of 200 days have no value" in note for note in ahead.notes)


def test_a_forecast_of_averages_does_not_depend_on_their_unit():
    stays = pd.Series(np.random.default_rng(3).gamma(20, 4.5 / 20, 160), index=days(160))
    in_days, in_minutes = forecast(stays), forecast(stays * 1440)
    assert in_minutes.frame["mean"].to_numpy() / 1440 == pytest.approx(
        in_days.frame["mean"].to_numpy(), rel=1e-3
    )


def test_thin_counts_stay_at_or_above_zero():
    ahead = forecast(visits(200, mean=0.4))
    assert (ahead.frame["low_95"] >= 0).all()
    assert (ahead.samples >= 0).all(axis=None)
    assert ahead.frame["mean"].between(0.05, 1.0).all()


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (np.zeros(50), "starts with zeros"),
        (np.full(50, 9.0), "starts alike on all days"),
    ],
)
def test_a_service_that_opens_late_is_forecast_at_its_level(values, what):
    later = np.random.default_rng(6).poisson(9, 120)
    ahead = forecast(pd.Series(np.concatenate([values, later]), index=days(170)))
    assert ahead.frame["mean"].between(5, 14).all(), what


def test_a_series_that_never_changes_is_forecast_to_go_on():
    ahead = forecast(pd.Series(7, index=days(80)))
    assert ahead.frame["mean"].to_numpy() == pytest.approx(np.full(14, 7.0), rel=0.02)


def test_bounds_hold_the_mean_where_next_to_nobody_comes():
    dates = days(200)
    drawn = np.random.default_rng(7).random(200) < np.where(dates.day_of_week < 5, 0.5, 0.03)
    ahead = forecast(pd.Series(drawn.astype(int), index=dates))
    edges = ["low_95", "low_80", "mean", "high_80", "high_95"]
    assert (ahead.frame["mean"] < 0.1).any()  # where the upper 80 % bound would be 0
    assert (np.diff(ahead.frame[edges].to_numpy(), axis=1) >= 0).all()
    assert (np.diff(ahead.errors[edges].dropna().to_numpy(), axis=1) >= 0).all()


@pytest.mark.parametrize("at", [40, 150, 178, 179])
def test_a_slip_of_the_keyboard_changes_next_to_nothing_and_is_said(at):
    right = visits(180)
    wrong = right.copy()
    wrong.iloc[at] = 4000
    ahead = forecast(wrong)
    expected = forecast(right).frame["mean"].to_numpy()
    assert ahead.frame["mean"].to_numpy() == pytest.approx(expected, rel=0.1)
    day = right.index[at].strftime("%-d %b %Y")
    assert any(f"eight weeks before: {day} (4,000)." in note for note in ahead.notes)
    assert np.isnan(ahead.history.iloc[at])


def test_a_level_that_stays_is_no_slip():
    risen = visits(200)
    risen.iloc[-40:] *= 6
    ahead = forecast(risen)
    assert ahead.frame["mean"].mean() > 3 * risen.iloc[:-40].mean()
    assert ahead.history.isna().sum() <= 2


def test_weekdays_that_are_never_counted_are_closed_and_not_guessed():
    open_days = visits(182)
    open_days = open_days[open_days.index.day_of_week < 5]
    ahead = forecast(open_days)
    weekend = pd.DatetimeIndex(ahead.frame["date"]).day_of_week >= 5
    assert (ahead.frame.loc[weekend, "mean"] < 0.5).all()
    assert (ahead.frame.loc[~weekend, "mean"] > 20).all()
    assert "Never counted on a Saturday or Sunday: taken for closed, 0." in ahead.notes


def test_patients_in_hospital_are_there_on_days_nobody_counts_them():
    counted = visits(182)[lambda on: on.index.day_of_week < 5]
    ahead = forecast(counted.rename("occupied"))
    assert ahead.frame["mean"].min() > 20
    words = "There is no value of a Saturday or Sunday: their forecast is a guess from other days."
    assert words in ahead.notes


def test_three_days_a_week_may_be_all_that_is_counted_or_all_that_is_open():
    some = visits(182)[lambda on: on.index.day_of_week.isin([0, 2, 4])]
    assert any("no value of a Tuesday or Thursday or" in note for note in forecast(some).notes)


@pytest.mark.parametrize("fallen", [14, 10])
def test_no_rule_is_the_forecast_that_the_last_weeks_contradict(fallen):
    """Averages over a level that is gone were the best, as long as it was not gone."""
    counts = visits(280)
    counts.iloc[-fallen:] //= 5
    ahead = forecast(counts)
    assert ahead.chosen == "CareMap mix"
    assert ahead.frame["mean"].mean() < 18  # at 28 before, at 6 now


def test_dates_left_out_are_gaps_and_dates_out_of_order_are_sorted():
    whole = visits(120)
    holes = whole.drop(whole.index[[30, 31, 70]])
    missing = whole.astype("float64").where(whole.index.isin(holes.index))
    shuffled = holes.sample(frac=1, random_state=1)
    one, two = forecast(missing), forecast(shuffled)
    pd.testing.assert_frame_equal(one.frame, two.frame)
    assert any("3 of 120 days have no value" in note for note in one.notes)
    assert any("not in order" in note for note in two.notes)


@pytest.mark.parametrize(
    "index",
    [
        days(80).astype("str"),
        days(80).tz_localize("UTC"),
        days(80).to_period("D"),
        days(80) + pd.Timedelta(hours=6),
    ],
    ids=["text", "time zone", "periods", "hours"],
)
def test_dates_in_other_forms_are_understood(index):
    expected = forecast(visits(80)).frame
    pd.testing.assert_frame_equal(forecast(visits(80).set_axis(index)).frame, expected)


@pytest.mark.parametrize(
    ("series", "words"),
    [
        (visits(50), "at least eight weeks"),
        (pd.Series(["a"] * 80, index=days(80)), "no numbers"),
        (visits(80) - 40, "below zero"),
        (visits(80) / 0.0, "infinite"),
        (pd.Series(range(80)), "where its dates should be"),
        (visits(80).set_axis([f"day {k}" for k in range(80)]), "cannot be read as dates"),
        (pd.concat([visits(80), visits(3)]), "more than one value for 3"),
        (pd.Series(np.nan, index=days(80)), "no values"),
        (pd.Series(4.0, index=pd.date_range("2020-01-01", periods=40, freq="MS")), "by week"),
        (pd.Series(dtype="float64"), "."),
        ([1, 2, 3], "needs a series"),
    ],
)
def test_what_cannot_be_forecast_is_refused_in_words(series, words):
    with pytest.raises(DataProblem, match=words) as refused:
        forecast(series)
    assert refused.value.hint


@pytest.mark.parametrize(
    "arguments",
    [
        {"horizon": 0},
        {"horizon": 1.5},
        {"horizon": 1000},
        {"horizon": None},
        {"horizon": "14"},
        {"horizon": float("nan")},
        {"levels": (0.8, 0.95)},
        {"levels": ()},
        {"levels": (120,)},
        {"country": "XX"},
        {"country": "US", "region": "ZZ"},
        {"models": ("oracle",)},
    ],
)
def test_arguments_that_mean_nothing_are_refused_in_words(arguments):
    with pytest.raises(DataProblem):
        forecast(visits(80), **arguments)


def test_progress_is_told_of_every_step_and_may_stop_the_work():
    told = []
    forecast(visits(60), progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(1, told[-1][2] + 1))
    assert {"calendar", "exponential smoothing"} <= {stage for stage, _, _ in told}

    def stop(stage, done, total):
        raise InterruptedError(stage)

    with pytest.raises(InterruptedError):
        forecast(visits(60), progress=stop)


def test_the_forest_is_compared_on_demand_and_changes_nothing_else():
    without, asked = (forecast(visits(271), 2, models=more) for more in ((), ("random forest",)))
    assert "random forest" in set(asked.backtest["model"])
    pd.testing.assert_frame_equal(asked.frame, without.frame)
