"""slips(): values no hospital can have had that day, and none that it can."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.forecasting.slips import slips


def drawn(mean: float, count: int = 1000, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, count).astype("float64")


@pytest.mark.parametrize("mean", [0.15, 0.3, 1, 3, 20, 300])
def test_chance_makes_no_slip_even_where_days_differ_more_than_a_poisson(mean):
    for seed in range(5):
        means = np.random.default_rng(seed).gamma(4, mean / 4, 1000)
        values = np.random.default_rng(seed).poisson(means).astype("float64")
        assert slips(values, 7) == []


@pytest.mark.parametrize(
    ("values", "cycle"),
    [
        (np.resize([40.0, 0, 0, 0, 0, 0, 0], 300), 7),  # a clinic on Mondays
        (np.r_[np.zeros(100), drawn(15, 100)], 7),  # a ward for winter
        (np.r_[np.full(100, np.nan), drawn(15, 100)], 7),
        (np.exp(np.arange(60) / 8), 7),  # a wave that doubles in six days
        (drawn(200, 60), 1),
    ],
    ids=["one weekday", "opens after zeros", "after a gap", "a wave", "weeks"],
)
def test_what_hospitals_do_is_no_slip(values, cycle):
    assert slips(values, cycle) == []


@pytest.mark.parametrize(("mean", "slip"), [(23, 230), (300, 3000), (1, 40), (0.3, 30)])
def test_a_digit_too_many_is_one_wherever_it_stands(mean, slip):
    for at in (30, 200, 399):
        values = drawn(mean, 400)
        values[at] = slip
        assert slips(values, 7) == [at]


def test_a_level_that_stays_is_believed_from_the_third_value_on():
    values = drawn(20, 200)
    values[150:] = drawn(150, 50)
    assert slips(values, 7) == [150, 151]


def test_in_the_first_four_weeks_nothing_is_judged():
    values = drawn(20, 27)
    values[20] = 5000
    assert slips(values, 7) == []


@given(st.lists(st.integers(0, 400), min_size=40, max_size=80), st.integers(30, 79))
def test_what_comes_later_changes_no_judgement(values, cut):
    series = np.array(values, dtype="float64")
    assert slips(series[:cut], 7) == [at for at in slips(series, 7) if at < cut]
