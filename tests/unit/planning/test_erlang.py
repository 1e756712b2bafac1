"""Erlang's formulas: published values, and what must hold of every one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.planning import erlang_b, erlang_c


@pytest.mark.parametrize(
    ("servers", "load", "refused"),
    [
        (2, 1, 0.2),
        (4, 2, 0.095238),
        (30, 25, 0.052603),
        (16, 10, 0.022302),
        (17, 10, 0.012949),
        (0, 3, 1.0),
        (3, 0, 0.0),
        (0, 0, 1.0),
    ],
)
def test_erlang_b_gives_the_published_values(servers, load, refused):
    assert round(erlang_b(servers, load), 6) == refused


@pytest.mark.parametrize(("servers", "load", "wait"), [(14, 10, 0.174132), (55, 48, 0.2387)])
def test_erlang_c_gives_the_published_values(servers, load, wait):
    assert erlang_c(servers, load) == pytest.approx(wait, abs=5e-7 if wait == 0.174132 else 5e-5)


@pytest.mark.parametrize(("servers", "load"), [(10, 10), (10, 11), (0, 0), (0, 1)])
def test_a_queue_that_grows_without_end_has_no_probability(servers, load):
    assert math.isnan(erlang_c(servers, load))


def test_many_at_once_are_each_what_they_are_alone():
    servers, loads = np.array([[0], [3], [40]]), np.array([0.0, 2.5, 30.0, 80.0])
    for formula in (erlang_b, erlang_c):
        alone = [[formula(int(c), float(a)) for a in loads] for c in servers.ravel()]
        np.testing.assert_array_equal(formula(servers, loads), alone)


@given(st.integers(1, 60), st.floats(0.01, 80))
def test_erlang_b_is_the_defining_fraction(servers, load):
    terms = [load**n / math.factorial(n) for n in range(servers + 1)]
    assert erlang_b(servers, load) == pytest.approx(terms[-1] / math.fsum(terms), rel=1e-9)


def test_ten_thousand_beds_are_no_matter():
    assert erlang_b(10_000, 10_000) == pytest.approx(math.sqrt(2 / (math.pi * 10_000)), rel=0.01)
    assert erlang_b(10_000, 1) == 0
    assert 0 < erlang_c(10_000, 9_900) < 1


@pytest.mark.parametrize(
    ("servers", "load", "said"),
    [
        (2.5, 1, "whole numbers"),
        (-1, 1, "whole numbers"),
        (math.nan, 1, "whole numbers"),
        (2, -1, "0 or more"),
        (2, math.nan, "not missing"),
        ([2, 3], [1, math.inf], "infinite"),
        ("many", 1, "numbers"),
    ],
)
@pytest.mark.parametrize("formula", [erlang_b, erlang_c])
def test_what_is_no_number_of_beds_is_refused(formula, servers, load, said):
    with pytest.raises(ValueError, match=said):
        formula(servers, load)
