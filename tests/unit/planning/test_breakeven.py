"""Break-even: published figures, brute force over every volume, and what makes no sense."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.planning import blended_price, breakeven, breakeven_steps, volume_for_profit

MIX = {"Insured": (0.25, 1250), "Public": (0.75, 950)}


@pytest.mark.parametrize(
    ("fixed", "variable", "price", "volume"),
    [
        (10_000_000, 200, 1_000, 12_500),
        (52_800_000, 750, MIX, 192_000),
        (52_800_000, 750, pd.DataFrame({"share": [25, 75], "price": [1250, 950]}), 192_000),
        (1_000, 300, 200, math.inf),
        (1_000, 300, 300, math.inf),
        (0, 200, 300, 0),
        (0, 300, 300, 0),
        (0, 300, 200, math.inf),
    ],
)
def test_the_volume_that_breaks_even(fixed, variable, price, volume):
    assert breakeven(fixed, variable, price) == volume


def test_a_profit_is_a_fixed_cost_more():
    assert volume_for_profit(10_000_000, 200, 1_000, 1_000_000) == 13_750
    assert volume_for_profit(0, 200, 200, 1) == math.inf


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1, "much", None])
@pytest.mark.parametrize("place", range(3))
def test_what_is_no_amount_is_refused(bad, place):
    amounts = [1_000, 100, 200]
    amounts[place] = bad
    with pytest.raises(ValueError, match="has to be a number"):
        breakeven(*amounts)


def test_shares_may_be_fractions_percentages_or_cases():
    prices = [1_250, 950, math.nan]
    for shares in ([0.25, 0.75, 0], [25, 75, 0], [1_000, 3_000, 0]):
        assert blended_price(prices, shares) == 1_025


@pytest.mark.parametrize(
    ("prices", "shares", "said"),
    [
        ([1, 2], [1], "one price for every share"),
        ([1, 2], [0, 0], "above 0"),
        ([], [], "above 0"),
        ([1, math.nan], [1, 1], "Every price"),
        ([1, 2], [1, -1], "Every share"),
    ],
)
def test_a_mix_that_is_none_is_refused(prices, shares, said):
    with pytest.raises(ValueError, match=said):
        blended_price(prices, shares)


@pytest.mark.parametrize("mix", [{"A": (1, 2, 3)}, pd.DataFrame({"price": [1.0]})])
def test_a_mix_without_a_share_is_refused(mix):
    with pytest.raises(ValueError, match="share"):
        breakeven(1, 1, mix)


EVEN, LOSS = "breaks even", "back in loss"


@pytest.mark.parametrize(
    ("steps", "variable", "price", "whole", "expected"),
    [
        ({0: 100}, 3, 5, False, [(50, math.inf, EVEN)]),
        ({0: 100, 60: 40}, 3, 5, False, [(50, 60, EVEN), (60, 70, LOSS), (70, math.inf, EVEN)]),
        ({0: 100, 60: 40}, 3, 5, True, [(50, 59, EVEN), (60, 69, LOSS), (70, math.inf, EVEN)]),
        # a step smaller than the profit made by then puts it back nowhere
        ({0: 100, 60: 20}, 3, 5, True, [(50, math.inf, EVEN)]),
        ({0: 100, 60: 20.01}, 3, 5, True, [(50, 59, EVEN), (60, 60, LOSS), (61, math.inf, EVEN)]),
        # the step comes just as it would break even
        ({0: 100, 50: 40}, 3, 5, False, [(70, math.inf, EVEN)]),
        ({0: 100, 51: 40}, 3, 5, True, [(50, 50, EVEN), (51, 69, LOSS), (70, math.inf, EVEN)]),
        # nothing is fixed before the first step
        ({40: 100}, 3, 5, False, [(0, 40, EVEN), (40, 50, LOSS), (50, math.inf, EVEN)]),
        ({40: 100}, 5, 5, False, [(0, 40, EVEN), (40, math.inf, LOSS)]),
        ({0: 100}, 5, 5, False, []),
        ({0: 0}, 6, 5, False, []),
        # decimals are taken as typed: a tenth times thirty is three
        ({0: 3}, 0.2, 0.3, True, [(30, math.inf, EVEN)]),
    ],
)
def test_every_stretch_of_a_cost_in_steps(steps, variable, price, whole, expected):
    wanted = pd.DataFrame(expected, columns=["volume", "to", "kind"]).astype(
        {"volume": "float64", "to": "float64", "kind": "str"}
    )
    frame = pd.DataFrame({"fixed": list(steps.values()), "from": list(steps), "said": "x"})
    for given_as in (steps, frame, frame.iloc[::-1], frame.astype("object")):
        found = breakeven_steps(given_as, variable, price, whole=whole)
        pd.testing.assert_frame_equal(found, wanted)


amounts = st.integers(0, 40).map(lambda tenths: tenths / 10)


@given(
    st.dictionaries(st.integers(0, 60), st.integers(0, 60), min_size=1, max_size=5),
    amounts, amounts,
)  # fmt: skip
def test_every_whole_volume_is_as_the_stretches_say(steps, variable, price):
    found = breakeven_steps(steps, variable, price, whole=True)
    kinds = found["kind"].to_list()
    assert kinds == ([EVEN, LOSS] * len(kinds))[: len(kinds)]
    volumes = np.arange(3_500)  # 5 steps of 60, and a contribution of a tenth
    tenths = round(10 * price) - round(10 * variable)
    fixed = sum(10 * cost * (volumes >= begin) for begin, cost in steps.items())
    # a unit that loses money breaks even with nobody at all, which is no volume
    pays = (tenths * volumes >= fixed) & (tenths >= 0)
    said = np.zeros(len(volumes), dtype=bool)
    for volume, to, kind in found.itertuples(index=False):
        said[int(volume) : int(min(to, 10_000)) + 1] = kind == EVEN
    np.testing.assert_array_equal(said, pays)


@given(st.integers(1, 10_000), amounts, amounts)
def test_one_step_at_zero_is_a_fixed_cost(fixed, variable, price):
    found = breakeven_steps({0: fixed}, variable, price)
    alone = breakeven(fixed, variable, price)
    assert found["volume"].to_list() == pytest.approx([alone] if math.isfinite(alone) else [])


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({}, "no step"),
        ({-1: 10}, "volume of every step"),
        ({0: math.nan}, "Every step"),
        (pd.DataFrame({"from": [0]}), "no column 'fixed'"),
    ],
)
def test_steps_that_are_none_are_refused(steps, said):
    with pytest.raises(ValueError, match=said):
        breakeven_steps(steps, 1, 2)


def test_a_frame_is_left_as_it_was():
    frame = pd.DataFrame({"from": [50, 0], "fixed": [1, 100]}, index=[7, 7])
    before = frame.copy()
    breakeven_steps(frame, 1, 2)
    pd.testing.assert_frame_equal(frame, before)
    assert np.isfinite(breakeven_steps(frame, 1, 2)["volume"]).all()
