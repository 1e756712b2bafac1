"""Drawn patients: as many as expected, spread as theory says, and never out of nowhere."""

from __future__ import annotations

import math

import numpy as np

from caremap.planning.simulation import drawn, expected, split
from caremap.planning.survival import Leaving

EVEN = np.ones(7)
FIVE_DAYS = Leaving(np.full(60, 1 - math.exp(-1 / 5)), EVEN, EVEN, 1000)
NOBODY = np.array([], dtype="int64")


def test_poisson_arrivals_give_a_poisson_census_whatever_the_stays():
    random = np.random.default_rng(1)
    census = drawn(random.poisson(8, (8_000, 30)), NOBODY, NOBODY, FIVE_DAYS, 2, random)
    mean = expected(np.full(30, 8.0), NOBODY, NOBODY, FIVE_DAYS, 2)
    np.testing.assert_allclose(census.mean(axis=0), mean, rtol=0.01)
    np.testing.assert_allclose(census.var(axis=0), mean, rtol=0.05)


def test_patients_in_house_leave_as_binomials():
    random = np.random.default_rng(1)
    ages, patients = np.array([0, 4, 90]), np.array([30, 50, 20])
    census = drawn(np.zeros((20_000, 10), "int64"), ages, patients, FIVE_DAYS, 0, random)
    still = np.exp(-np.arange(1, 11) / 5)
    np.testing.assert_allclose(census.mean(axis=0), 100 * still, rtol=0.01)
    np.testing.assert_allclose(census.var(axis=0), 100 * still * (1 - still), rtol=0.05)
    assert (np.diff(census, axis=1) <= 0).all()  # who has left does not come back


def test_nobody_leaves_on_a_day_on_which_nobody_leaves():
    closed = np.array([1, 1, 1, 1, 1, 0, 0], dtype="float64")  # no one leaves at the weekend
    chance = Leaving(FIVE_DAYS.hazard, closed, closed, 1000)
    random = np.random.default_rng(1)
    census = drawn(np.zeros((50, 7), "int64"), np.array([3]), np.array([400]), chance, 0, random)
    assert (census[:, 4] == census[:, 6]).all() and (census[:, 3] > census[:, 4]).all()


def test_arrivals_are_split_without_losing_one():
    random = np.random.default_rng(1)
    arrivals = random.poisson(12, (5000, 3))
    shares = np.array([[0.2, 0.8, 0.0], [0.5, 0.25, 0.25], [0.0, 0.0, 1.0]])
    found = split(arrivals, shares, random)
    assert found.shape == (5000, 3, 3)
    np.testing.assert_array_equal(found.sum(axis=2), arrivals)
    np.testing.assert_allclose(found.mean(axis=0), 12 * shares, atol=0.2)
