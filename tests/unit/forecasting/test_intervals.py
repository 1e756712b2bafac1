"""Intervals hold what they promise where the truth is known, and refuse what they cannot tell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.forecasting.intervals import intervals, scored, with_bounds

Draw = Callable[[np.random.Generator, np.ndarray], np.ndarray]


def poisson(chance: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    return chance.poisson(mean)


def negative_binomial(chance: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Variance twice the mean."""
    return chance.negative_binomial(mean, 0.5)


def level(chance: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """All days of one forecast higher or lower than expected together, by a tenth or so."""
    return chance.poisson(mean * chance.gamma(100, 1 / 100, (len(mean), 1)))


def drifting(chance: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """A level that walks away from what was known at the origin."""
    steps = chance.normal(0, 0.025, mean.shape).cumsum(axis=1)
    return chance.poisson(mean * np.exp(steps))


def past(
    draw: Draw, usual: float, origins: int, *, steps: int = 14, every: str = "D", seed: int = 1
) -> pd.DataFrame:
    """Return past forecasts by someone who knows the mean, weekdays and all, but not the future."""
    chance = np.random.default_rng(seed)
    ends = pd.date_range("2020-01-05", periods=origins, freq="28D" if every == "D" else "84D")
    week = np.array([1.2, 1.1, 1.0, 1.0, 1.05, 0.85, 0.8])
    mean = usual * np.tile(np.resize(week if every == "D" else [1.0], steps), (origins, 1))
    step = pd.Timedelta(days=1 if every == "D" else 7)
    return pd.DataFrame(
        {
            "origin": ends.repeat(steps),
            "step": np.tile(np.arange(1, steps + 1), origins),
            "date": [end + step * k for end in ends for k in range(1, steps + 1)],
            "actual": draw(chance, mean).ravel().astype("float64"),
            "mean": mean.ravel(),
        }
    )


def ahead(errors: pd.DataFrame) -> pd.Series:
    """Return the last forecast, as it is to be given intervals."""
    last = errors[errors["origin"] == errors["origin"].max()]
    return last.set_index("date")["mean"]


def held(errors: pd.DataFrame, behind: int, *, counts: bool = True) -> dict[str, float]:
    """Return how often days and totals lie within, each forecast knowing those ``behind`` it."""
    steps = int(errors["step"].max())
    days, totals = [], []
    for start in range(behind * steps, len(errors), steps):
        now, known = errors[start : start + steps], errors[start - behind * steps : start]
        frame, total, _ = intervals(now.set_index("date")["mean"], known, counts=counts, draws=500)
        days.append(frame.assign(actual=now["actual"].to_numpy()))
        actual = now["actual"].sum() if counts else now["actual"].mean()
        totals.append({**total.to_dict(), "actual": actual})
    by_day, by_total = scored(pd.concat(days)), scored(pd.DataFrame(totals))
    return {"days": by_day["coverage_80"], "days_95": by_day["coverage_95"]} | {
        "totals": by_total["coverage_80"]
    }


@pytest.mark.parametrize(
    ("draw", "usual", "days", "days_95", "totals"),
    [
        (poisson, 60.0, (77, 83), (93, 97), (72, 93)),
        (poisson, 12.0, (76, 84), (93, 98), (72, 93)),
        (negative_binomial, 40.0, (77, 83), (93, 97), (70, 90)),
        (level, 100.0, (76, 84), (93, 98), (70, 92)),
        (drifting, 100.0, (76, 84), (93, 98), (70, 92)),
        (poisson, 0.3, (85, 100), (95, 100), (74, 98)),  # whole numbers hold more than asked for
        (poisson, 2.0, (80, 97), (95, 100), (74, 95)),
    ],
)
def test_intervals_hold_what_they_promise(
    draw: Draw,
    usual: float,
    days: tuple[int, int],
    days_95: tuple[int, int],
    totals: tuple[int, int],
) -> None:
    found = held(past(draw, usual, origins=24 + 80), behind=24)
    assert days[0] <= found["days"] <= days[1]
    assert days_95[0] <= found["days_95"] <= days_95[1]
    assert totals[0] <= found["totals"] <= totals[1]


def test_weeks_and_averages_hold_too() -> None:
    weeks = held(past(negative_binomial, 300.0, 24 + 80, steps=12, every="W"), behind=24)
    assert 76 <= weeks["days"] <= 84
    stays = past(lambda chance, mean: chance.normal(mean, 0.7), 5.0, 24 + 80)
    assert 76 <= held(stays, behind=24, counts=False)["days"] <= 84


def test_a_handful_of_origins_do() -> None:
    found = held(past(level, 100.0, origins=4 + 100), behind=4)
    assert 74 <= found["days"] <= 88
    assert 66 <= found["totals"] <= 92


def test_days_that_err_together_have_a_wider_total_than_their_days_alone_would() -> None:
    def width(errors: pd.DataFrame) -> tuple[float, float]:
        frame, total, _ = intervals(ahead(errors), errors)
        alone = np.sqrt(((frame["high_80"] - frame["low_80"]) ** 2).sum())
        return (total["high_80"] - total["low_80"]) / alone, float(alone)

    apart, _ = width(past(poisson, 100.0, origins=60))
    together, _ = width(past(level, 100.0, origins=60))
    assert 0.9 < apart < 1.25
    assert 1.9 < together < 2.8  # truth: sqrt((1 + 13 * 0.5)) = 2.7; days correlate by a half


def test_bounds_are_quantiles_of_the_samples() -> None:
    errors = past(level, 40.0, origins=24)
    frame, total, samples = intervals(ahead(errors), errors)
    assert samples.columns.tolist() == frame["date"].tolist()
    for name, chance in {"low_80": 0.1, "high_80": 0.9, "low_95": 0.025, "high_95": 0.975}.items():
        assert np.abs(samples.quantile(chance).to_numpy() - frame[name]).max() <= 0.75
        assert total[name] == samples.sum(axis=1).quantile(chance)
    assert (samples == samples.round()).all(axis=None)


def test_an_average_has_a_mean_for_its_total() -> None:
    errors = past(lambda chance, mean: chance.normal(mean, 0.7), 5.0, 24)
    frame, total, samples = intervals(ahead(errors), errors, counts=False)
    assert total["mean"] == pytest.approx(frame["mean"].mean())
    assert total["high_80"] == pytest.approx(samples.mean(axis=1).quantile(0.9))
    assert not (samples == samples.round()).any(axis=None)


def test_a_level_shift_widens_them_and_is_forgotten_again() -> None:
    def width(errors: pd.DataFrame) -> float:
        frame, *_ = intervals(ahead(errors), errors)
        return float((frame["high_80"] - frame["low_80"]).mean())

    errors = past(poisson, 60.0, origins=26)
    ends = errors["origin"].drop_duplicates().tolist()
    shifted = [
        width(errors.assign(actual=errors["actual"] + 40 * (errors["origin"] == end)))
        for end in (ends[-1], ends[0])
    ]
    assert shifted[0] > 1.3 * shifted[1]
    assert shifted[1] < 1.1 * width(errors)


def test_a_thin_series_has_whole_bounds_from_zero() -> None:
    errors = past(poisson, 0.3, origins=24)
    frame, total, samples = intervals(ahead(errors), errors)
    assert (frame["low_80"] == 0).all()
    assert frame["high_80"].isin([1, 2]).all()
    assert samples.mean().mean() == pytest.approx(0.3, rel=0.25)
    assert total["low_80"] >= 0


def test_without_past_forecasts_counts_are_a_little_wider_than_poisson() -> None:
    none = past(poisson, 50.0, origins=1).iloc[:0]
    mean = pd.Series(50.0, index=pd.date_range("2024-01-01", periods=14))
    frame, *_ = intervals(mean, none)
    poisson_width = 2 * 1.2816 * np.sqrt(50)
    assert poisson_width < (frame["high_80"] - frame["low_80"]).iloc[0] < 1.4 * poisson_width


@given(
    usual=st.floats(0.05, 3000),
    origins=st.integers(1, 12),
    steps=st.integers(1, 20),
    horizon=st.integers(1, 20),
    counts=st.booleans(),
)
def test_bounds_are_in_order_and_never_below_zero(
    usual: float, origins: int, steps: int, horizon: int, counts: bool
) -> None:
    errors = past(negative_binomial, usual, origins, steps=steps)
    mean = pd.Series(usual, index=pd.date_range("2024-01-01", periods=horizon))
    frame, total, samples = intervals(mean, errors, counts=counts, draws=200)
    for bounds in (frame, total.to_frame().T):
        inner = bounds[["low_95", "low_80", "high_80", "high_95"]].astype("float64")
        assert (inner.diff(axis=1).iloc[:, 1:] >= -1e-9).all(axis=None)
        assert (inner >= 0).all(axis=None)
    assert samples.shape == (200, horizon)
    assert (samples >= 0).all(axis=None)


def test_order_and_missing_actuals_do_not_matter_and_nothing_is_changed() -> None:
    errors = past(level, 40.0, origins=12)
    gap = pd.concat([errors, errors.tail(14).assign(actual=np.nan, step=range(1, 15))])
    before = gap.copy()
    expected = intervals(ahead(errors), errors)
    for given_ in (gap, errors.sample(frac=1, random_state=3)):
        for one, other in zip(intervals(ahead(errors), given_), expected, strict=True):
            (pd.testing.assert_series_equal if one.ndim == 1 else pd.testing.assert_frame_equal)(
                one, other
            )
    pd.testing.assert_frame_equal(gap, before)


def test_past_bounds_know_only_what_was_known() -> None:
    errors = past(level, 40.0, origins=8)
    ends = errors["origin"].drop_duplicates().tolist()
    bounded = with_bounds(errors)
    assert bounded["low_80"].isna().to_numpy().reshape(8, 14).all(axis=1).tolist() == [
        *[True] * 3,
        *[False] * 5,
    ]
    later = errors["date"] > ends[5]
    changed = with_bounds(errors.assign(actual=errors["actual"].mask(later, 9999.0)))
    same = errors["origin"] <= ends[5]
    pd.testing.assert_frame_equal(
        bounded[same].drop(columns="actual"), changed[same].drop(columns="actual")
    )
    frame, *_ = intervals(ahead(errors), errors[errors["origin"] < ends[7]])
    np.testing.assert_allclose(bounded["high_95"].tail(14), frame["high_95"])


def test_scores_by_hand() -> None:
    errors = pd.DataFrame(
        {
            "actual": [10.0, 13.0, 4.0, np.nan, 7.0],
            "low_80": [8.0, 8.0, 8.0, 8.0, np.nan],
            "high_80": [12.0, 12.0, 12.0, 12.0, np.nan],
        }
    )
    found = scored(errors, [80])
    assert found["coverage_80"] == pytest.approx(100 / 3)
    assert found["winkler_80"] == pytest.approx((4 + (4 + 10) + (4 + 40)) / 3)
    assert all(np.isnan(value) for value in scored(errors.iloc[3:], [80]).values())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"errors": pd.DataFrame({"origin": [], "step": []})}, "lack actual, mean"),
        ({"mean": pd.Series(dtype="float64")}, "every date"),
        ({"mean": pd.Series([np.nan], index=pd.date_range("2024-01-01", periods=1))}, "every date"),
        ({"mean": pd.Series([-1.0], index=pd.date_range("2024-01-01", periods=1))}, "below zero"),
        ({"levels": [0.8, 195]}, "between 0 and 100"),
        ({"errors": past(poisson, 5.0, 1).iloc[:0], "counts": False}, "nothing is known"),
    ],
)
def test_refusals(change: dict[str, object], words: str) -> None:
    errors = past(poisson, 5.0, origins=3)
    asked = {"mean": ahead(errors), "errors": errors} | change
    with pytest.raises(ValueError, match=words):
        intervals(**asked)  # type: ignore[arg-type]
