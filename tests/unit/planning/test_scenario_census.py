"""Futures drawn patient by patient: figures known beforehand, and what may never happen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.planning import BASELINE, Scenario, census_forecast, expected_census
from caremap.planning.scenario_census import Needs, admitted_within, arriving, outcome_of
from caremap.planning.scenario_patients import (
    Arriving,
    Patients,
    World,
    coming_of,
    level_of,
    world_of,
)
from caremap.planning.survival import Sojourns
from tests.unit.planning.build import forecast_of, futures, sample

USUAL = Scenario(BASELINE)
FIRST = pd.Timestamp("2024-03-02")


def empty_house(samples: np.ndarray, survival: np.ndarray) -> World:
    """A house nobody is in, where all stay by one survival whatever the weekday."""
    days = pd.date_range(FIRST, periods=samples.shape[1])
    arriving = Arriving(np.ones((len(days), 1)), [[survival] * 7], days[0].day_of_week, 1)
    whole, parts = np.zeros(0, "int64"), np.zeros(0)
    return World(
        days, len(samples), ("",), Patients(*[whole] * 4, *[parts] * 4),
        coming_of(arriving, samples), level_of(samples), arriving,
        Sojourns(pd.DataFrame(), days[0], days[0]), 1000.0,
    )  # fmt: skip


def run(world: World, scenario: Scenario = USUAL, beds: float = np.nan, icu=0.2, air=0.4):
    days = len(world.dates)
    needs = Needs((icu, air), np.full(days, icu), np.full(days, air))
    own = np.full((len(world.groups), days), np.nan)
    return outcome_of(world, scenario, needs, np.full(days, beds), own)


def test_ten_a_day_for_seven_days_each() -> None:
    found = run(empty_house(np.full((20, 8), 10.0), np.array([1.0] * 7 + [0.0])))
    assert (found.census == [10, 20, 30, 40, 50, 60, 70, 70]).all()
    assert (found.arrivals == 10).all()


def test_eight_a_day_who_stay_five_days_on_average() -> None:
    """Arrivals spread evenly over the day: the chance to be in is averaged over the hour."""
    at = np.arange(120)
    survival = 5 * (np.exp(-at / 5) - np.exp(-(at + 1) / 5))
    arrivals = np.random.default_rng(3).poisson(8.0, (4000, 14)).astype("float64")
    census = run(empty_house(arrivals, survival)).census
    error = census.std(axis=0) / np.sqrt(len(census))
    expected = expected_census([8.0] * 14, survival)
    assert expected[[0, 4, 13]].round(4).tolist() == [7.2508, 25.2848, 37.5676]
    assert (abs(census.mean(axis=0) - expected) < 3.5 * error).all()


@pytest.fixture(scope="module")
def world() -> World:
    ahead = forecast_of(futures([35] * 10, "2024-03-02", spread=0.07, draws=200))
    return world_of(sample(), ahead, "department")


def test_the_baseline_is_the_census_forecast() -> None:
    ahead = forecast_of(futures([35] * 14, "2024-03-02", spread=0.07, draws=500))
    for by in (None, "department"):
        found = run(world_of(sample(), ahead, by)).census
        usual = census_forecast(sample(), ahead, by=by)
        error = found.std(axis=0) / np.sqrt(len(found))
        assert (abs(found.mean(axis=0) - usual.frame["mean"]) < 4 * error).all()
        assert (abs(np.quantile(found, 0.9, axis=0) - usual.frame["high_80"]) <= 5).all()
        assert (abs(np.quantile(found, 0.1, axis=0) - usual.frame["low_80"]) <= 5).all()


def test_groups_are_the_groups_of_the_census_forecast(world: World) -> None:
    found = run(world)
    assert (found.groups.sum(axis=0) == found.census).all()
    ahead = forecast_of(futures([35] * 10, "2024-03-02", spread=0.07, draws=200))
    parts = census_forecast(sample(), ahead, by="department").parts
    means = parts.pivot_table(index="department", columns="date", values="mean")
    assert list(means.index) == list(world.groups)
    error = found.groups.std(axis=1) / np.sqrt(world.futures)
    assert (abs(found.groups.mean(axis=1) - means) < 4.5 * error).all(axis=None)


changes = st.integers(-100, 200)


@given(low=changes, high=changes, longer=st.integers(0, 80), share=st.floats(0, 1))
@settings(max_examples=15, deadline=None)
def test_more_patients_and_longer_stays_never_lower_any_night(
    world: World, low: int, high: int, longer: int, share: float
) -> None:
    low, high = sorted([low, high])
    few = run(world, Scenario("few", demand=low), icu=share)
    many = run(world, Scenario("many", demand=high, stay=longer, extra=longer), icu=share)
    for name in ("arrivals", "census", "icu", "ventilated", "groups"):
        assert (getattr(many, name) >= getattr(few, name)).all(), name
    for found in (few, many):
        assert (found.ventilated <= found.icu).all()
        assert (found.icu <= found.census).all()
        assert (found.ventilated >= 0).all()


@pytest.mark.parametrize("change", [-100, -40, 20, 60, 200])
def test_demand_changes_arrivals_by_as_much_on_average_and_no_more_widely(change: int) -> None:
    samples = np.random.default_rng(5).poisson(20.0, (3000, 8)).astype("float64")
    found = empty_house(samples, np.array([1.0, 0.0]))
    came = run(found, Scenario("x", demand=change)).arrivals
    mean = 20 * (1 + change / 100)
    assert abs(came.mean() - mean) < 4 * np.sqrt(max(mean, 1) * 2.5 / came.size)
    assert came.var() <= 1.6 * mean  # a count of such a mean varies by it, or little more


def test_stays_are_longer_by_as_much_on_average_and_only_within_the_window() -> None:
    samples = np.full((2000, 6), 5.0)
    world = empty_house(samples, np.cumprod(np.full(60, 0.8)))
    days = {"start": FIRST + pd.Timedelta(days=2), "end": FIRST + pd.Timedelta(days=3)}
    usual, longer = (arriving(world, one) for one in (USUAL, Scenario("x", stay=50.0, **days)))
    within = (usual.day >= 2) & (usual.day <= 3)
    assert (usual.nights[~within] == longer.nights[~within]).all()
    ratio = longer.nights[within].sum() / usual.nights[within].sum()
    assert ratio == pytest.approx(1.5, abs=0.01)


def test_extra_patients_come_on_the_first_day_of_the_window(world: World) -> None:
    start = FIRST + pd.Timedelta(days=4)
    more = run(world, Scenario("x", start, extra=17)).arrivals - run(world).arrivals
    assert (more == [0, 0, 0, 0, 17, 0, 0, 0, 0, 0]).all()
    for day in (-1, 10):  # on a day that is not looked at nobody comes
        nobody = Scenario("x", FIRST + pd.Timedelta(days=day), extra=17)
        assert (run(world, nobody).arrivals == run(world).arrivals).all()


def patient_by_patient(inside, coming, beds, cells):
    """Refusals told one by one, as a clerk would."""
    days = beds.shape[1]
    refused = np.zeros((cells, days))
    for cell in range(cells):
        leaves = [n for c, n in zip(inside.future, inside.nights, strict=True) if c == cell]
        for day in range(days):
            leaves = [last for last in leaves if last > day]
            for c, d, nights in zip(coming.future, coming.day, coming.nights, strict=True):
                if c != cell or d != day or nights == 0:
                    continue
                if len(leaves) < beds[cell, day]:
                    leaves.append(day + nights)
                else:
                    refused[cell, day] += 1
    return refused


def some_patients(random: np.random.Generator, count: int, days: int, cells: int) -> Patients:
    parts = np.zeros(count)
    order = np.sort(random.integers(0, days, count)) if days else np.zeros(count, "int64")
    return Patients(
        random.integers(0, cells, count), order, np.zeros(count, "int64"),
        random.integers(0, 6, count), parts, parts, parts, parts,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_refusals_are_those_of_a_clerk(seed: int) -> None:
    random = np.random.default_rng(seed)
    inside, coming = some_patients(random, 15, 0, 3), some_patients(random, 80, 7, 3)
    beds = random.integers(0, 14, (3, 7)).astype("float64")
    found = admitted_within(inside, coming, beds, 3)
    np.testing.assert_array_equal(found, patient_by_patient(inside, coming, beds, 3))
    assert found.sum() > 0


def test_without_beds_refusals_are_not_known_and_with_enough_there_are_none(world: World) -> None:
    assert np.isnan(run(world).refused).all()
    assert (run(world, beds=10_000).refused == 0).all()
    tight = run(world, beds=150).refused
    assert (run(world, Scenario("x", demand=20.0), beds=150).refused.sum() > tight.sum()).all()
