"""The two-step floating catchment and its decays: published figures, and what must hold."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.geography import access, gaussian, inverse, nearest, step
from caremap.problems import DataProblem
from tests.unit.geography.places import seed_network

PEOPLE = pd.Series({1: 100, 2: 50, 3: 10})
DOCTORS = pd.Series({1: 15, 2: 20, 3: 100})
LONG = pd.DataFrame(
    [(1, 1, 1), (2, 2, 1), (3, 3, 1), (1, 3, 40), (3, 1, 40), (2, 3, 40), (3, 2, 40)],
    columns=["origin", "destination", "cost"],
)  # within 61: 1 and 2 are 80 apart
WIDE = pd.DataFrame([[1, 80, 40], [80, 1, 40], [40, 40, 1]], index=[1, 2, 3], columns=[1, 2, 3])
BY_DISTANCE = [0.33144, 0.57983, 7.28642]
EQUALLY = [0.76136, 0.95833, 1.09470]


@pytest.mark.parametrize(
    ("costs", "decay", "expected"),
    [
        (LONG, lambda d: 1 / d, BY_DISTANCE),
        (LONG, inverse(), BY_DISTANCE),
        (LONG, None, EQUALLY),
        (LONG, lambda d: 1, EQUALLY),
        (LONG.sample(frac=1, random_state=1), None, EQUALLY),
        (LONG.set_index(["origin", "destination"])["cost"], None, EQUALLY),
        (LONG.astype(object), None, EQUALLY),
        (WIDE.where(WIDE <= 61), None, EQUALLY),
        (WIDE, {61: 1}, EQUALLY),
        (WIDE.rename_axis("facility").reset_index(), {61: 1}, EQUALLY),
        (WIDE, step({61: 1}), EQUALLY),
        (WIDE, lambda d: (d <= 61) / d, BY_DISTANCE),
        (WIDE, lambda d: 1 / d if d <= 61 else 0, BY_DISTANCE),
        (WIDE, lambda d: math.exp(-math.log(d)) * (d <= 61), BY_DISTANCE),
        (WIDE, inverse(reach=61), BY_DISTANCE),
    ],
)
def test_the_published_example(costs, decay, expected):
    found = access(PEOPLE, DOCTORS, costs, decay)
    pd.testing.assert_series_equal(
        found, pd.Series(expected, index=[1, 2, 3], name="access"), atol=5e-6, rtol=0
    )
    assert (PEOPLE * found).sum() == pytest.approx(DOCTORS.sum())


def test_without_any_known_cost_access_is_missing():
    costs = pd.DataFrame(np.nan, index=[1, 2], columns=[1, 2])
    expected = pd.Series([np.nan, np.nan, 0.0], index=[1, 2, 3], name="access")
    pd.testing.assert_series_equal(access(PEOPLE, DOCTORS, costs), expected)


@pytest.mark.parametrize(
    "shape",
    [
        dict,
        lambda given: given.rename_axis("place").reset_index(name="population"),
        lambda given: given.reset_index().set_axis(["where", "how many"], axis=1),
        lambda given: given.to_frame("population"),
        lambda given: given.astype(str),
        lambda given: given.astype("Int64"),
    ],
)
def test_places_and_numbers_come_in_many_shapes(shape):
    found = access(shape(PEOPLE), shape(DOCTORS), LONG)
    assert found.round(5).tolist() == EQUALLY


def test_nothing_in_reach_is_zero_and_not_known_is_missing():
    costs = pd.DataFrame(
        {"origin": ["A", "B", "C"], "destination": "X", "cost": [5, np.nan, 900], "note": "?"}
    )
    people = pd.Series({"A": 10, "B": 10, "C": 10, "D": 10})
    found = access(people, {"X": 2, "Y": 9}, costs, {60: 1})
    assert found.fillna(-1).to_dict() == {"A": 0.2, "B": -1, "C": 0, "D": 0}


def test_neighbours_do_for_costs_and_each_place_is_where_it_is():
    network = seed_network()
    found = access(dict.fromkeys(network["facility"], 1000), {"E": 4}, nearest(network, 4), {38: 1})
    assert found.round(4).to_dict() == {
        "A": 0.0013, "B": 0.0013, "C": 0, "D": 0, "E": 0.0013,
    }  # fmt: skip


@given(st.data())
def test_everything_within_reach_is_given_out(data):
    places = data.draw(st.integers(1, 6))
    numbers = st.lists(st.integers(0, 1000), min_size=places, max_size=places)
    people, stock = pd.Series(data.draw(numbers)), pd.Series(data.draw(numbers))
    costs = pd.DataFrame(
        data.draw(st.lists(numbers, min_size=places, max_size=places)), dtype="float64"
    )
    decay = data.draw(
        st.sampled_from([None, {300: 1, 600: 0.4}, gaussian(200), inverse(2, reach=500)])
    )
    weight = np.ones(costs.shape) if decay is None else costs.to_numpy()
    if isinstance(decay, dict):
        weight = np.where(weight <= 300, 1, np.where(weight <= 600, 0.4, 0))
    elif decay is not None:
        weight = decay(weight)
    reached = (people.to_numpy()[:, None] * weight).sum(axis=0) > 0
    found = access(people, stock, costs, decay)
    assert (people * found).sum() == pytest.approx(stock[reached].sum(), rel=1e-9)
    assert (found >= 0).all()


@pytest.mark.parametrize(
    ("decay", "costs", "expected"),
    [
        (step({40: 0.68, 20: 1}), [0, 20, 21, 40, 40.01], [1, 1, 0.68, 0.68, 0]),
        (gaussian(10), [0, 10, 1000], [1, math.exp(-0.5), 0]),
        (gaussian(10, reach=10), [10, 11], [math.exp(-0.5), 0]),
        (inverse(), [0, 0.5, 2, np.inf], [1, 1, 0.5, 0]),
        (inverse(2, floor=2), [0, 4], [0.25, 0.0625]),
        (step({20: 1}), [np.nan], [np.nan]),
        (gaussian(10), [np.nan], [np.nan]),
    ],
)
def test_decays(decay, costs, expected):
    assert decay(costs) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    "make",
    [
        lambda: step({}),
        lambda: step({-1: 1}),
        lambda: step({10: -1}),
        lambda: step({10: float("nan")}),
        lambda: gaussian(0),
        lambda: gaussian(float("nan")),
        lambda: inverse(0),
        lambda: inverse(floor=0),
        lambda: inverse(reach=-1),
    ],
)
def test_decays_that_are_none(make):
    with pytest.raises(DataProblem) as problem:
        make()
    assert problem.value.hint


@pytest.mark.parametrize(
    ("demand", "supply", "costs", "decay", "words"),
    [
        (PEOPLE.where(PEOPLE > 10), DOCTORS, LONG, None, "1 of 3 places of demand"),
        (PEOPLE, -DOCTORS, LONG, None, "3 of 3 places of supply"),
        (PEOPLE, pd.Series([1, 2], index=[1, 1]), LONG, None, "supply is there twice"),
        (PEOPLE, DOCTORS, pd.concat([LONG, LONG.tail(1)]), None, "between two places is there"),
        (PEOPLE, DOCTORS, LONG.assign(cost=-1), None, "below zero"),
        (PEOPLE, DOCTORS, LONG.assign(origin="1"), None, "No cost is from a place"),
        (PEOPLE, DOCTORS, LONG["cost"], None, "from where to where"),
        (PEOPLE, DOCTORS, LONG.assign(cost=0), lambda d: 1 / d, "no weight of zero or more at 0"),
        (PEOPLE, DOCTORS, LONG.assign(cost=0), lambda d: 1 / d if d < 9 else 0, "at 0"),
        (PEOPLE, DOCTORS, LONG, lambda d: -d, "at 1"),
        (pd.DataFrame(), DOCTORS, LONG, None, "no column"),
    ],
)
def test_what_cannot_be_worked_out_is_said(demand, supply, costs, decay, words):
    with pytest.raises(DataProblem, match=words) as problem:
        access(demand, supply, costs, decay)
    assert problem.value.hint
