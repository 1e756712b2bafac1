"""Parts add up to the whole, in their forecasts as in their history, and follow their own ways."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.forecasting.parts import Parts, forecast_parts
from caremap.forecasting.shares import shares_of

DAYS = 126


def wards(seed: int = 2, every: str = "D") -> pd.DataFrame:
    """Return four wards: steady, closed at weekends, growing, and thin."""
    chance = np.random.default_rng(seed)
    dates = pd.date_range("2024-01-01", periods=DAYS, freq=every)
    open_days = dates.day_of_week < 5 if every == "D" else np.full(DAYS, True)
    return pd.DataFrame(
        {
            "medicine": chance.poisson(40.0, DAYS),
            "surgery": np.where(open_days, chance.poisson(20.0, DAYS), 0),
            "geriatrics": chance.poisson(np.linspace(5, 25, DAYS)),
            "burns": chance.poisson(0.2, DAYS),
        },
        index=dates,
    ).astype("float64")


@pytest.fixture(scope="module")
def ahead() -> Parts:
    return forecast_parts(wards())


def wide(parts: Parts, column: str = "mean") -> pd.DataFrame:
    return parts.frame.pivot_table(index="date", columns="part", values=column)


def test_means_add_up_to_the_whole(ahead: Parts) -> None:
    np.testing.assert_allclose(wide(ahead).sum(axis=1), ahead.whole.frame["mean"], rtol=1e-12)
    assert ahead.total["mean"].sum() == pytest.approx(ahead.whole.total["mean"], rel=1e-12)
    assert ahead.whole.history.tolist() == wards().sum(axis=1).tolist()
    assert ahead.total["part"].tolist() == ["medicine", "geriatrics", "surgery", "burns"]
    assert list(ahead.frame) == ["date", "part", "mean", "low_80", "high_80", "low_95", "high_95"]


def test_every_part_goes_its_own_way(ahead: Parts) -> None:
    mean = wide(ahead)
    weekend = mean.index.day_of_week >= 5
    assert mean.loc[weekend, "surgery"].max() < 2  # closed
    assert mean.loc[~weekend, "surgery"].mean() == pytest.approx(20, rel=0.15)
    assert mean["medicine"].mean() == pytest.approx(40, rel=0.1)
    assert mean["geriatrics"].mean() == pytest.approx(25, rel=0.15)  # not its average of 15
    assert 0.05 < mean["burns"].mean() < 0.4


def test_every_part_has_intervals(ahead: Parts) -> None:
    frame = ahead.frame
    assert (frame["low_95"] <= frame["low_80"]).all()
    assert (frame["low_80"] <= frame["high_80"]).all()
    assert (frame["low_95"] >= 0).all()
    burns = frame[frame["part"] == "burns"]
    assert burns["high_95"].isin([1, 2, 3]).all()
    totals = ahead.total.set_index("part")
    assert totals.loc["burns", "low_80"] >= 0
    coming = wards(seed=2).sum()  # a part's own total is as wide as its patients make it
    widths = (totals["high_80"] - totals["low_80"]).loc[coming.index]
    assert (widths > 2 * 1.28 * np.sqrt(totals["mean"].loc[coming.index]) * 0.8).all()


def test_nothing_later_than_an_origin_enters_its_forecast(ahead: Parts) -> None:
    origins = ahead.errors["origin"].drop_duplicates().sort_values()
    assert (ahead.errors["date"] > ahead.errors["origin"]).all()
    cut = origins.iloc[-1]
    numbers = wards()
    known = int((numbers.index <= cut).sum())
    later = numbers.copy()
    later.iloc[known:] = 99.0
    one, other = (
        shares_of(frame, frame.sum(axis=1), 7).ahead(known, 14) for frame in (numbers, later)
    )
    np.testing.assert_array_equal(one, other)


def test_a_whole_known_from_elsewhere_is_what_they_add_up_to() -> None:
    numbers = wards()
    short = forecast_parts(numbers.drop(columns="burns"), whole=numbers.sum(axis=1), horizon=7)
    np.testing.assert_allclose(wide(short).sum(axis=1), short.whole.frame["mean"])
    assert short.whole.history.tolist() == numbers.sum(axis=1).tolist()


def test_a_whole_forecast_before_is_not_forecast_again(ahead: Parts) -> None:
    numbers = wards()
    told: list[str] = []
    again = forecast_parts(numbers, whole=ahead.whole, progress=lambda *step: told.append(step[0]))
    assert again.whole is ahead.whole
    assert set(told) == {"parts"}
    pd.testing.assert_frame_equal(again.frame, ahead.frame)
    with pytest.raises(ValueError, match="14 steps long, 7 are asked for"):
        forecast_parts(numbers, horizon=7, whole=ahead.whole)
    with pytest.raises(ValueError, match="no interval of 50 percent"):
        forecast_parts(numbers, levels=(50, 80), whole=ahead.whole)


def test_gaps_are_told_and_a_part_that_came_later_was_none_before() -> None:
    numbers = wards()
    numbers.iloc[:40, 1] = np.nan  # surgery opened later
    numbers.iloc[60, 3] = np.nan  # a thin part is not missed
    numbers.iloc[70, 0] = np.nan  # half of all patients are
    found = forecast_parts(numbers, horizon=7)
    assert found.notes[:2] == (
        "1 part has no values at the beginning; until its first value a part counts as none.",
        "On 2 of 126 dates not all parts have a value; a part without one keeps the share it had.",
    )
    assert np.flatnonzero(found.whole.history.isna()).tolist() == [70]
    np.testing.assert_allclose(wide(found).sum(axis=1), found.whole.frame["mean"])


def test_weeks_and_progress() -> None:
    told: list[tuple[str, int, int]] = []
    found = forecast_parts(
        wards(every="W-MON"), horizon=4, progress=lambda *step: told.append(step)
    )
    assert found.whole.every == "week"
    np.testing.assert_allclose(wide(found).sum(axis=1), found.whole.frame["mean"])
    assert told[-1] == ("parts", 4, 4)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (pd.DataFrame(), "no parts"),
        (wards().set_axis(["a", "a", "b", "c"], axis=1), "same name"),
        (wards().assign(medicine="many"), "no numbers"),
        (-wards(), "below zero"),
        (wards().iloc[:30], "week"),
    ],
)
def test_refusals(parts: pd.DataFrame, words: str) -> None:
    with pytest.raises(DataProblem, match=words):
        forecast_parts(parts)


def test_shares_add_up_for_any_past() -> None:
    empty = wards() * 0
    shares = shares_of(empty, empty.sum(axis=1), 7).ahead(DAYS, 14)
    np.testing.assert_allclose(shares, 0.25)


def test_a_slip_in_a_small_part_is_left_out_though_the_whole_hides_it():
    draw = np.random.default_rng(0)
    days = pd.date_range("2023-01-02", periods=120)
    right = pd.DataFrame({"A": draw.poisson(30, 120), "C": draw.poisson(3, 120)}, index=days)
    wrong = right.copy()
    wrong.loc[days[-3], "C"] = 55  # in all, not twice what is usual
    made, expected = forecast_parts(wrong, 7), forecast_parts(right, 7)
    by_part = made.frame.groupby("part")["mean"].mean()
    usual = expected.frame.groupby("part")["mean"].mean()
    assert by_part["C"] == pytest.approx(usual["C"], rel=0.1)
    assert any("left out of C." in note for note in made.notes)
    assert not any("left out of" in note for note in expected.notes)
