"""Beds for a load, by three rules."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.planning import beds_needed, erlang_b


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
