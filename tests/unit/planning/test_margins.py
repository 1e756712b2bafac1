"""What is left after costs: at a volume, ahead, and if a figure changes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.planning import (
    breakeven,
    breakeven_curve,
    chance_of_loss,
    margin,
    margin_ahead,
    sensitivity,
)
from caremap.planning.breakeven import breakeven_steps
from caremap.problems import DataProblem
from tests.unit.planning.build import forecast_of

FIXED, VARIABLE, PRICE = 10_000_000, 200, 1_000


@pytest.mark.parametrize(
    ("volume", "left"), [(0, -10_000_000), (12_500, 0), (13_750, 1_000_000), (12_499, -800)]
)
def test_margin_at_a_volume(volume, left):
    assert margin(volume, FIXED, VARIABLE, PRICE) == left


def test_a_mix_of_payers_is_paid_on_average():
    mix = pd.DataFrame({"share": [0.25, 0.75], "price": [1250, 950]})
    assert margin(192_000, 52_800_000, 750, mix) == pytest.approx(0)


def test_steps_add_their_cost_from_their_volume_on():
    volumes = [0, 49.9, 50, 59, 60, 200]
    found = margin(volumes, 100, 3, 5, steps={60: 40, 200: 10})
    np.testing.assert_allclose(found, [-100, -0.2, 0, 18, -20, 250])
    assert np.shape(margin([[1, 2], [3, 4]], 1, 1, 1)) == (2, 2)


@given(st.integers(0, 300), st.integers(1, 60), st.integers(1, 100))
def test_a_margin_is_no_loss_just_where_it_breaks_even(volume, begin, added):
    stretches = breakeven_steps({0: 100, begin: added}, 3, 5)
    inside = stretches["volume"].le(volume) & stretches["to"].gt(volume)
    even = bool((inside & stretches["kind"].eq("breaks even")).any())
    assert (margin(volume, 100, 3, 5, steps={begin: added}) >= 0) == even


curves = st.dictionaries(st.integers(0, 60), st.integers(1, 60), max_size=4)


@given(st.integers(0, 200), curves, st.integers(0, 8), st.integers(0, 8), st.integers(0, 100))
def test_between_its_corners_the_curve_is_the_margin(fixed, steps, variable, price, volume):
    found = breakeven_curve(fixed, variable, price, steps=steps or None, volume=volume)
    assert found["volume"].is_monotonic_increasing and found["volume"].iloc[0] == 0
    assert found["volume"].iloc[-1] >= volume
    last = found.drop_duplicates("volume", keep="last").set_index("volume")["margin"]
    first = found.drop_duplicates("volume").set_index("volume")["margin"]
    expected = margin(last.index, fixed, variable, price, steps or None)
    np.testing.assert_allclose(last, expected, atol=1e-9)
    for start, end in zip(last.index[:-1], last.index[1:], strict=True):
        middle = margin((start + end) / 2, fixed, variable, price, steps or None)
        assert middle == pytest.approx((last[start] + first[end]) / 2, abs=1e-6)


# --- ahead -----------------------------------------------------------------------------------


def futures_of(*totals: float, days: int = 10, **kind: object):
    dates = pd.date_range("2024-05-01", periods=days)
    rows = [[total / days] * days for total in totals]
    return forecast_of(pd.DataFrame(rows, columns=dates), **kind)


def test_fewer_and_more_come_than_expected():
    found = margin_ahead(futures_of(*range(10, 110, 10)), 36_525, 2, 20)
    expected = pd.DataFrame(
        {
            "quantile": [10.0, 50.0, 90.0], "volume": [10.0, 50.0, 90.0],
            "revenue": [200.0, 1_000.0, 1_800.0], "fixed": 1_000.0,  # ten days of 100 a day
            "variable": [20.0, 100.0, 180.0], "cost": [1_020.0, 1_100.0, 1_180.0],
            "margin": [-820.0, -100.0, 620.0],
        }
    )  # fmt: skip
    pd.testing.assert_frame_equal(found, expected)


def test_days_err_together_so_the_sum_is_not_the_sum_of_quantiles():
    dates = pd.date_range("2024-05-01", periods=2)
    against = pd.DataFrame([[0.0, 10.0], [10.0, 0.0]], columns=dates)
    found = margin_ahead(forecast_of(against), 0, 0, 1)
    assert found["volume"].to_list() == [10, 10, 10]


def test_steps_of_a_year_come_after_the_same_part_of_their_volume():
    found = margin_ahead(futures_of(9, 10, 11), 0, 0, 1, steps={365.25: 73.05}, quantiles=[0, 100])
    assert found["fixed"].to_list() == [0, pytest.approx(2)]


@pytest.mark.parametrize(("name", "volume"), [("admissions", 20), ("occupied", 140)])
def test_a_week_of_patients_in_hospital_is_seven_days_of_them(name, volume):
    weekly = futures_of(20, days=2, name=name)
    weekly = type(weekly)(**{**vars(weekly), "every": "week"})
    found = margin_ahead(weekly, 365.25, 0, 1, quantiles=[50])
    assert found["volume"].to_list() == [volume]
    assert found["fixed"].to_list() == pytest.approx([14])


def test_the_chance_of_a_loss_is_that_of_the_futures():
    ahead = futures_of(*range(10, 110, 10))
    assert chance_of_loss(ahead, 36_525, 2, 20) == 0.5  # even at 55.6
    assert chance_of_loss(ahead, 36_525 * 0.9, 2, 20) == 0.4  # even at 50: no loss
    assert chance_of_loss(ahead, 0, 2, 1) == 1


@pytest.mark.parametrize("name", ["length_of_stay", "waiting", "cost", "charges"])
def test_what_is_no_volume_has_no_margin(name):
    with pytest.raises(DataProblem, match="no volume"):
        margin_ahead(futures_of(10, name=name), 1, 1, 1)


def test_without_futures_there_is_no_margin():
    with pytest.raises(DataProblem, match="no futures"):
        margin_ahead(forecast_of(pd.DataFrame()), 1, 1, 1)
    with pytest.raises(ValueError, match="percentage"):
        margin_ahead(futures_of(10), 1, 1, 1, quantiles=[110])


# --- if figures change ------------------------------------------------------------------------


def test_each_figure_alone_ten_percent_lower_and_higher():
    found = sensitivity(FIXED, VARIABLE, PRICE, 13_750).set_index("driver")
    assert list(found.index) == ["Price", "Volume", "Fixed cost", "Variable cost"]
    assert found["margin"].unique().tolist() == [1_000_000]
    assert found["breakeven"].unique().tolist() == [12_500]
    for driver, (fixed, variable, price, volume) in {
        "Price": (1, 1, 0.9, 1), "Volume": (1, 1, 1, 0.9), "Fixed cost": (0.9, 1, 1, 1),
        "Variable cost": (1, 0.9, 1, 1),
    }.items():  # fmt: skip
        even = breakeven(FIXED * fixed, VARIABLE * variable, PRICE * price)
        left = margin(13_750 * volume, FIXED * fixed, VARIABLE * variable, PRICE * price)
        assert found.loc[driver, "breakeven_low"] == pytest.approx(even)
        assert found.loc[driver, "margin_low"] == pytest.approx(left)
    assert found.loc["Price", ["low", "high"]].to_list() == pytest.approx([900, 1_100])


def test_the_largest_effect_comes_first():
    found = sensitivity(100, 50, 55, 10, change=0.5)
    effect = (found["margin_high"] - found["margin_low"]).abs()
    assert effect.is_monotonic_decreasing
    assert math.isinf(found.set_index("driver").loc["Price", "breakeven_low"])


def test_steps_are_a_figure_too():
    found = sensitivity(100, 3, 5, 80, steps={60: 40}).set_index("driver")
    assert found["breakeven"].unique().tolist() == [50]
    assert found["margin"].unique().tolist() == [20]
    assert found.loc["Steps of fixed cost", ["margin_low", "margin_high"]].to_list() == [24, 16]
    assert found.loc["Steps of fixed cost", ["low", "high"]].isna().all()
    assert found.loc["Fixed cost", "breakeven_high"] == pytest.approx(55)


@pytest.mark.parametrize("change", [0, -0.1, 1.5, math.nan])
def test_a_change_that_is_none_is_refused(change):
    with pytest.raises(ValueError, match="fraction"):
        sensitivity(1, 1, 2, 1, change)
