"""Beds for a load, by three rules."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.dataset import Dataset
from caremap.planning import beds_needed, beds_rules, census_forecast, erlang_b
from tests.unit.planning.build import forecast_of, futures


@pytest.mark.parametrize(
    ("load", "rule", "beds", "refused"),
    [
        (20, "occupancy", 24, 6.6),
        (20, "quantile", 28, None),
        (20, "refusal", 28, None),
        (100, "occupancy", 118, 0.8),
        (100, "quantile", 117, None),
        (100, "refusal", 113, None),
        (17, "occupancy", 20, None),
        (0, "occupancy", 0, None),
        (0, "quantile", 0, None),
        (0, "refusal", 1, None),
    ],
)
def test_beds_for_a_load(load, rule, beds, refused):
    assert beds_needed(load, rule) == beds
    if refused is not None:
        assert round(100 * erlang_b(beds, load), 1) == refused


def test_a_level_of_ones_own():
    assert beds_needed(20, "occupancy", 1) == 20
    assert beds_needed(20, "quantile", 0.5) == 20
    assert beds_needed(20, "refusal", 0.0001) > beds_needed(20, "refusal", 0.01)


@given(st.floats(0, 300), st.floats(0.001, 0.5))
def test_one_bed_fewer_would_refuse_more_than_is_allowed(load, refused):
    beds = beds_needed(load, "refusal", refused)
    assert erlang_b(beds, load) <= refused < erlang_b(max(beds - 1, 0), load)


@given(st.floats(0.1, 60), st.floats(0.05, 0.99))
def test_the_quantile_is_the_first_number_the_census_seldom_passes(load, share):
    def at_most(beds: int) -> float:
        terms = (n * math.log(load) - load - math.lgamma(n + 1) for n in range(beds + 1))
        return math.fsum(map(math.exp, terms))

    beds = beds_needed(load, "quantile", share)
    assert at_most(beds) >= share - 1e-9
    assert at_most(beds - 1) < share + 1e-9


def test_a_very_large_load_has_a_quantile():
    assert 10_150 < beds_needed(10_000, "quantile") < 10_180


@pytest.mark.parametrize(
    ("load", "rule", "level", "said"),
    [
        (20, "luck", None, "one of occupancy, quantile, refusal"),
        (-1, "refusal", None, "0 or more"),
        (math.nan, "quantile", None, "missing"),
        (math.inf, "occupancy", None, "infinite"),
        (20, "occupancy", 85, "fraction"),
        (20, "quantile", 1, "fraction"),
        (20, "refusal", 0, "fraction"),
    ],
)
def test_what_makes_no_sense_is_refused(load, rule, level, said):
    with pytest.raises(ValueError, match=said):
        beds_needed(load, rule, level)


def test_three_rules_stand_beside_the_beds_there_are():
    found = beds_rules(100, staffed=110)
    assert found["rule"].to_list() == ["occupancy", "quantile", "refusal", "staffed"]
    assert found["beds"].to_list() == [118, 117, 113, 110]
    assert found["refusal"].round(1)[0] == 0.8
    np.testing.assert_allclose(found["refusal"], 100 * erlang_b(found["beds"], 100))
    np.testing.assert_allclose(found["occupancy"], (100 - found["refusal"]) * 100 / found["beds"])


def test_a_census_ahead_brings_its_own_load_and_quantile():
    samples = futures([30, 50], "2024-05-01", draws=4000)
    census = census_forecast(Dataset(), forecast_of(samples, [30, 50], "occupied"))
    found = beds_rules(census).set_index("rule")["beds"]
    assert found["occupancy"] == math.ceil(40 / 0.85)
    assert found["refusal"] == beds_needed(40)
    enough = (samples.to_numpy() <= found["quantile"]).mean()
    assert 0.95 <= enough < 0.97
    assert found["quantile"] > beds_needed(40, "quantile")  # some nights are fuller than others


def test_no_beds_have_no_occupancy():
    assert beds_rules(0, staffed=0)["occupancy"].isna().to_list() == [True, True, False, True]


@pytest.mark.parametrize("level", [{"occupancy": 0}, {"quantile": 100}, {"refusal": 120}])
def test_a_level_that_is_no_percentage_is_refused(level):
    with pytest.raises(ValueError, match="percentage"):
        beds_rules(20, **level)
