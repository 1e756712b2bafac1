"""Plans of a limited number of moves: every plan tried, gaps searched, the curve, moves by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.planning import counted_flows, fairness, greedy_moves, moves_curve, plan_moves
from tests.unit.planning.every_plan import best_plan, every_plan
from tests.unit.planning.test_moves import SEED, after, asked, limits, networks, pairs, worth


def test_twenty_moves_take_the_seed_network_from_21_to_4_5() -> None:
    plan = plan_moves(SEED, "staff", max_moves=20)
    assert after(plan) == [21, 52, 43, 29, 44]
    assert plan.totals["moved"] == 20
    assert plan.totals["max_min_before"] == pytest.approx(21.17, abs=0.005)
    assert plan.totals["max_min_after"] == pytest.approx(4.52, abs=0.005)
    assert plan.optimal
    assert plan.unmet["missing"].tolist() == [30, 15, 1]
    assert plan.unmet["reason"][0] == (
        "All 20 moves allowed are used up; without that limit none would be missing."
    )


def test_more_moves_than_it_takes_change_nothing() -> None:
    plan, whole = plan_moves(SEED, "staff", max_moves=66), plan_moves(SEED, "staff")
    pd.testing.assert_frame_equal(plan.moves, whole.moves)
    assert plan_moves(SEED, "staff", max_moves=0).moves.empty


@settings(max_examples=30)
@given(networks(), limits, st.integers(0, 6))
def test_no_plan_of_as_few_moves_is_better(
    network: pd.DataFrame, found: dict[str, Any], most: int
) -> None:
    assume(found.get("floor", 0) * 4 <= network["staff"].sum())
    found = {**found, "max_moves": most}
    plan = plan_moves(network, "staff", **asked(found))
    outside, squares, km = best_plan(network, "staff", "population", found)
    got = worth(network, plan.moves, found)
    assert got[:2] == (outside, squares)
    assert got[2] == pytest.approx(km, abs=1e-4)
    assert plan.optimal


@pytest.mark.parametrize(
    ("population", "staff"),
    [
        ([2, 3, 4, 2, 7], [0, 4, 4, 2, 0]),
        ([2, 4, 3, 3, 4], [0, 0, 1, 5, 0]),
        ([3, 2, 3, 7, 4], [0, 4, 5, 1, 0]),
        ([7, 3, 3, 3, 2], [0, 4, 2, 4, 0]),
    ],
)
def test_where_people_are_sent_on_in_chains_a_search_proves_the_plan(
    population: list[int], staff: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a road, each in reach of its neighbours alone, several moves at once save something."""
    network = pd.DataFrame(
        {"facility": list("ABCDE"), "latitude": 45 + np.arange(5) / 10, "longitude": -120.0,
         "population": population, "staff": staff}
    )  # fmt: skip
    searches = []
    search = counted_flows.in_whole_numbers
    monkeypatch.setattr(
        counted_flows, "in_whole_numbers", lambda *a, **k: searches.append(a) or search(*a, **k)
    )
    for most in range(plan_moves(network, "staff", max_km=12).totals["moved"] + 1):
        found = {"max_km": 12.0, "max_moves": most}
        plan = plan_moves(network, "staff", **found)
        _, squares, km = best_plan(network, "staff", "population", found)
        got = worth(network, plan.moves, found)
        assert got[1] == squares
        assert got[2] == pytest.approx(km, abs=1e-4)
        assert plan.optimal
    assert searches  # no price makes every number of moves


def chains(seed: int) -> pd.DataFrame:
    """A few facilities with many people among many with none, in reach of few."""
    chance = np.random.default_rng(seed)
    size = 12
    return pd.DataFrame(
        {
            "facility": [f"F{number:02}" for number in range(size)],
            "latitude": 47 + chance.random(size),
            "longitude": -122 + chance.random(size) * 1.5,
            "population": chance.integers(1, 200, size),
            "staff": chance.integers(0, 30, size) * (chance.random(size) < 0.4),
        }
    )


def test_what_cannot_be_proven_in_time_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    network = chains(5)
    searches = []

    def out_of_time(*given: Any, **named: Any) -> tuple[None, bool]:
        searches.append(given)
        return None, False

    monkeypatch.setattr(counted_flows, "in_whole_numbers", out_of_time)
    whole = plan_moves(network, "staff", max_km=35).totals["moved"]
    for most in range(1, whole):
        plan = plan_moves(network, "staff", max_km=35, max_moves=most)
        if searches:
            break
    assert searches
    assert not plan.optimal
    assert "best found" in plan.notes[-1] or "not proven" in plan.notes[-1]
    assert plan.totals["moved"] <= most
    assert plan.before_after["after"].sum() == network["staff"].sum()


def test_roles_share_the_moves() -> None:
    network = SEED.assign(nurses=SEED["staff"], doctors=[2, 5, 4, 1, 6])
    plan = plan_moves(network, ["nurses", "doctors"], max_moves=12)
    assert plan.totals["moved"] == plan.moves["staff"].sum() == 12
    assert set(plan.moves["role"]) == {"nurses", "doctors"}
    need = network["population"].to_numpy("float64")

    def unfair(role: str, staff: Any) -> float:
        fair = need * network[role].sum() / need.sum()
        return float(((np.asarray(staff) - fair) ** 2 / fair).sum())

    def best(role: str) -> list[float]:
        return [
            unfair(role, plan_moves(network, role, max_moves=most).before_after["after"])
            for most in range(13)
        ]

    nurses, doctors = best("nurses"), best("doctors")
    together = min(nurses[12 - most] + doctors[most] for most in range(13))
    got = sum(
        unfair(role, rows["after"]) for role, rows in plan.before_after.groupby("role", sort=False)
    )
    assert got == pytest.approx(together)


def test_locked_moves_count() -> None:
    fixed = pd.DataFrame({"from": ["B"], "to": ["D"], "staff": [5]})
    plan = plan_moves(SEED, "staff", fixed=fixed, max_moves=8)
    assert pairs(plan.moves) == {"B D": 5, "E D": 3}
    with pytest.raises(DataProblem, match="add up to 5, more than the 4 allowed"):
        plan_moves(SEED, "staff", fixed=fixed, max_moves=4)


locked = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from("CD"), st.integers(0, 3)),
    min_size=1,
    max_size=2,
    unique_by=lambda move: move[:2],
)


@settings(max_examples=30)
@given(networks(), limits, locked, st.none() | st.integers(0, 6))
def test_around_locked_moves_no_plan_is_better_or_none_is_possible(
    network: pd.DataFrame, found: dict[str, Any], fixed: Any, most: int | None
) -> None:
    assume(found.get("floor", 0) * 4 <= network["staff"].sum())
    found = {**found, "fixed": fixed} | ({} if most is None else {"max_moves": most})
    if not len(every_plan(network, "staff", found)):
        with pytest.raises(DataProblem):
            plan_moves(network, "staff", **asked(found))
        return
    plan = plan_moves(network, "staff", **asked(found))
    outside, squares, km = best_plan(network, "staff", "population", found)
    got = worth(network, plan.moves, found)
    assert got[:2] == (outside, squares)
    assert got[2] == pytest.approx(km, abs=1e-4)
    moved = pairs(plan.moves)
    assert all(moved.get(f"{start} {end}", 0) == count for start, end, count in fixed)


@settings(max_examples=25)
@given(networks(), limits, st.none() | st.integers(0, 6))
def test_it_is_never_worse_than_by_hand(
    network: pd.DataFrame, found: dict[str, Any], most: int | None
) -> None:
    assume(found.get("floor", 0) * 4 <= network["staff"].sum())
    if most is not None:
        found = {**found, "max_moves": most}
    given_ = asked(found)
    plan, hand = plan_moves(network, "staff", **given_), greedy_moves(network, "staff", **given_)
    mine, theirs = worth(network, plan.moves, found), worth(network, hand, found)
    assert mine[:2] <= theirs[:2]
    if mine[:2] == theirs[:2]:
        assert mine[2] <= theirs[2] + 1e-4
    assert plan.totals["greedy_moved"] == hand["staff"].sum()


# --- the curve --------------------------------------------------------------------------------


def test_each_point_of_the_curve_is_the_plan_of_that_many_moves() -> None:
    curve = moves_curve(SEED, "staff")
    assert curve["moves"].tolist() == list(range(67))
    assert curve["proven"].all()
    at = curve.set_index("moves")
    assert at.loc[[0, 20], "max_min"].round(2).tolist() == [21.17, 4.52]
    assert at.loc[66, "staff_km"] == pytest.approx(6988.5, abs=0.05)
    for most in (0, 13, 47, 66):
        plan = plan_moves(SEED, "staff", max_moves=most)
        row = at.loc[most]
        assert row["max_min"] == pytest.approx(plan.totals["max_min_after"])
        assert row["staff_km"] == pytest.approx(plan.totals["staff_km"])
        assert (row["worst"], row["gini"]) == (
            plan.totals["worst_after"],
            pytest.approx(plan.totals["gini_after"]),
        )


@pytest.mark.parametrize(
    ("points", "expected"),
    [(5, [0, 8, 23, 43, 66]), ([20, 40, 900], [0, 20, 40, 66])],
)
def test_points_of_the_curve_may_be_chosen(points: Any, expected: list[int]) -> None:
    assert moves_curve(SEED, "staff", points=points)["moves"].tolist() == expected


def test_the_curve_keeps_the_limits() -> None:
    curve = moves_curve(SEED, "staff", max_km=60, points=[25])
    assert curve["moves"].tolist() == [0, 25, 50]
    assert curve["worst"].tolist() == ["D"] * 3


# --- fairness ---------------------------------------------------------------------------------


def test_fairness_counts_facilities_without_staff_as_the_worst_off() -> None:
    found = fairness(pd.Series([10, 30, 20, 0, np.nan], index=list("ABCDE")), [5, 0, 0, 3, 4])
    assert (found["worst"], found["worst_ratio"], found["max_min"]) == ("B", np.inf, np.inf)
    nothing = fairness([0.0, 0.0], [1, 2])
    assert nothing["worst"] is None
    assert np.isnan(nothing["max_min"])


def test_gini_is_that_of_the_lorenz_curve() -> None:
    """A quarter of the need has no staff, the next quarter a tenth, the rest nine tenths."""
    area = 0.25 * 0 + 0.25 * 0.05 + 0.5 * (0.1 + 1) / 2  # under the curve
    assert fairness([25, 25, 50], [0, 1, 9])["gini"] == pytest.approx(1 - 2 * area)


def test_both_tell_what_comes_next_and_the_part_done() -> None:
    told: list[tuple[str, float]] = []

    def progress(stage: str, done: float) -> None:
        told.append((stage, done))

    plan_moves(SEED, "staff", max_moves=20, progress=progress)
    assert told == [
        ("The fairest staffing: staff", 0.0),
        ("The fairest staffing within 20 moves", 0.5),
    ]
    told.clear()
    moves_curve(SEED, "staff", points=[0, 20], progress=progress)
    parts = [done for _, done in told]
    assert parts == sorted(parts)
    assert (parts[0], told[0][0]) == (0.0, "The fairest staffing within 0 moves")
    assert parts[-1] < 1
