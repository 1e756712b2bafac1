"""The census to expect from arrivals and survival."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.planning import expected_census


def test_ten_a_day_for_exactly_seven_days_fill_an_empty_house():
    expected = expected_census([10] * 8, [1] * 7)
    assert expected.tolist() == [10, 20, 30, 40, 50, 60, 70, 70]


def test_eight_a_day_over_the_day_with_exponential_stays_of_five_days():
    # Averaged over the time of arrival, which is even over the day.
    survival = [5 * (1 - math.exp(-1 / 5)) * math.exp(-k / 5) for k in range(200)]
    expected = expected_census([8] * 14, survival)
    assert [round(expected[day - 1], 4) for day in (1, 5, 14)] == [7.2508, 25.2848, 37.5676]


def test_a_full_house_stays_full():
    ages = [age for age in range(7) for _ in range(10)]
    assert expected_census([10] * 9, [1] * 7, ages).tolist() == [70] * 9


@pytest.mark.parametrize(
    ("in_house", "left"),
    [
        ([0, 1], [0.5 / 1 + 0.25 / 0.5, 0.25 / 1, 0]),
        (np.array([0, 1]), [1, 0.25, 0]),
        (pd.Series([0, 1], index=[7, 8]), [1, 0.25, 0]),
        ({0: 1, 1: 1}, [1, 0.25, 0]),
        (pd.Series({0: 1.0, 1: 1.0}).rename_axis("age"), [1, 0.25, 0]),
        ({0: 2.5}, [1.25, 0.625, 0]),
        ([], [0, 0, 0]),
        (None, [0, 0, 0]),
    ],
)
def test_patients_in_house_leave_as_survival_says_of_their_age(in_house, left):
    expected = expected_census([0, 0, 0], [1, 0.5, 0.25], in_house)
    np.testing.assert_allclose(expected, left)


@pytest.mark.parametrize("survival", [[1, 0.5, 0.25], [1, 0.5, 0.25, 0, 0]])
def test_a_patient_older_than_any_stay_counts_as_one_of_the_oldest(survival):
    assert expected_census([0, 0], survival, [40]).tolist() == [0, 0]
    assert expected_census([0, 0], [0.0], [3]).tolist() == [0, 0]


def test_a_series_comes_back_as_one_and_rows_as_rows():
    days = pd.date_range("2024-05-01", periods=2, name="date")
    expected = expected_census(pd.Series([4.0, 6.0], index=days), pd.Series([1.0, 0.5]), [0])
    pd.testing.assert_series_equal(expected, pd.Series([4.5, 8.0], index=days, name="census"))
    rows = expected_census([[4.0, 6.0], [0.0, 2.0]], [1.0, 0.5], [0])
    assert rows.tolist() == [[4.5, 8.0], [0.5, 2.0]]
    assert expected_census([], [1.0], [0]).tolist() == []


@given(
    st.lists(st.floats(0, 50), max_size=20),
    st.lists(st.floats(0.01, 1), min_size=1, max_size=20),
    st.lists(st.integers(0, 25), max_size=10),
)
def test_it_is_the_sum_the_definition_says(arrivals, chances, ages):
    survival = np.cumprod(chances)

    def reaches(k: int) -> float:
        return float(survival[k]) if k < len(survival) else 0.0

    oldest = len(survival) - 1
    by_hand = [
        sum(came * reaches(t - u) for u, came in enumerate(arrivals[: t + 1]))
        + sum(reaches(min(a, oldest) + t + 1) / reaches(min(a, oldest)) for a in ages)
        for t in range(len(arrivals))
    ]
    np.testing.assert_allclose(expected_census(arrivals, survival, ages), by_hand, atol=1e-9)


@pytest.mark.parametrize(
    ("arrivals", "survival", "in_house", "said"),
    [
        ([1, -1], [1], None, "Arrivals"),
        ([1, math.nan], [1], None, "Arrivals"),
        (["a"], [1], None, "Arrivals"),
        (3, [1], None, "list"),
        ([1], [], None, "at least one"),
        ([1], [[1]], None, "at least one"),
        ([1], [0.5, 0.6], None, "rise"),
        ([1], [1.2], None, "between 0 and 1"),
        ([1], [math.nan], None, "between 0 and 1"),
        ([1], ["x"], None, "probabilities"),
        ([1], [1], [-1], "whole days"),
        ([1], [1], [0.5], "whole days"),
        ([1], [1], ["x"], "numbers of days"),
        ([1], [1], {0: -1}, "0 or more"),
        ([1], [1], {0: math.nan}, "none missing"),
        ([1], [1], pd.Series([2], pd.MultiIndex.from_tuples([("ICU", 0)])), "one group"),
    ],
)
def test_what_makes_no_sense_is_refused(arrivals, survival, in_house, said):
    with pytest.raises(ValueError, match=said):
        expected_census(arrivals, survival, in_house)


def test_nothing_given_is_changed():
    arrivals, survival, ages = np.array([1.0, 2.0]), np.array([1.0, 0.5]), np.array([0, 3])
    kept = [values.copy() for values in (arrivals, survival, ages)]
    expected_census(arrivals, survival, ages)
    for before, after in zip(kept, (arrivals, survival, ages), strict=True):
        np.testing.assert_array_equal(before, after)
