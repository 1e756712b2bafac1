"""A scarce resource: as much good as possible, floors kept, every limit's worth exact."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.planning.scarce import scarce
from caremap.planning.scarce_asked import asked_for
from caremap.planning.scarce_solved import _flow, _search, best
from caremap.planning.whole_numbers import Choice, best_choice

GROUPS = pd.DataFrame(
    {
        "area": ["North", "North", "South", "South"],
        "group": ["over 80", "under 80", "over 80", "under 80"],
        "demand": [3, 4, 2, 4],
        "outcome": [0.5, 0.1, 0.4, 0.2],
        "cost": [30.0, 20.0, 30.0, 10.0],
        "score": [10, 10, 21, 21],
        "remark": "kept out",
    },
    index=[7, 7, 1, 2],
)


def every_use(asked: Any) -> list[np.ndarray]:
    """Every use of the supply that keeps supply and budgets, listed."""
    counts = product(*(range(units + 1) for units in asked.units))
    return [np.array(one) for one in counts if allowed(asked, np.array(one))]


def allowed(asked: Any, units: np.ndarray) -> bool:
    periods = range(len(asked.periods))
    used = np.array([units[asked.when == at].sum() for at in periods])
    spent = np.array([(units * np.nan_to_num(asked.cost))[asked.when == at].sum()
                      for at in periods])  # fmt: skip
    stock, taken = asked.supply, used
    if asked.carry:
        stock, taken = stock.cumsum(), taken.cumsum()
    return bool(
        (taken <= stock).all()
        and (spent <= asked.budgets + 1e-9).all()
        and spent.sum() <= asked.budget + 1e-9
    )


def kept(asked: Any, units: np.ndarray) -> list[int]:
    there = [units[asked.place == place].sum() for place in range(len(asked.places))]
    return [min(int(one), int(floor)) for one, floor in zip(there, asked.floors, strict=True)]


def of_floors(asked: Any, units: np.ndarray) -> tuple[Any, ...]:
    """How well floors are kept: in all, and the order in which single units of them are."""
    there = kept(asked, units)
    keys = sorted(
        {(n / floor, int(floor)) for floor in asked.floors for n in range(floor)}
    )  # share kept before the unit, then the smaller floor
    held = [(n / floor, int(floor)) for place, floor in enumerate(asked.floors)
            for n in range(there[place])]  # fmt: skip
    return sum(there), -sum(keys.index(one) for one in held)


def brute(asked: Any) -> tuple[tuple[Any, ...], float]:
    """The best by floors and then by outcome, of every use there is."""
    ranked = [(of_floors(asked, units), float(units @ asked.outcome)) for units in every_use(asked)]
    best_floors = max(floors for floors, _ in ranked)
    return best_floors, max(value for floors, value in ranked if floors == best_floors)


def test_the_most_outcome_first_and_floors_before_it():
    found = scarce(GROUPS, 6, floors={"South": 5})
    assert found.places.drop(columns="reason").to_dict("list") == {
        "place": ["North", "South"], "need": [10.0, 21.0], "demand": [7, 6], "floor": [0, 5],
        "received": [1, 5], "unmet": [6, 1], "area": ["North", "South"], "period": ["", ""],
    }  # fmt: skip
    assert found.sent[["from", "to", "group", "units"]].to_numpy().tolist() == [
        ["Supply", "South", "under 80", 3],
        ["Supply", "South", "over 80", 2],
        ["Supply", "North", "over 80", 1],
    ]
    assert found.totals["value"] == pytest.approx(0.5 + 0.8 + 0.6)
    assert found.totals["value_without_floors"] == pytest.approx(1.5 + 0.8 + 0.2)
    assert found.optimal and found.use == "scarce" and found.value_unit == "good outcomes"
    assert any("costs 0.6 expected good outcomes" in note for note in found.notes)
    assert "next unit here, for over 80, would add 0.5" in found.places["reason"][0]


def test_each_limit_says_what_one_more_would_do():
    found = scarce(GROUPS, 6, floors={"South": 5, "North": 1}, budget=1000)
    limits = found.limits.set_index(["limit", "at"])
    assert limits["one_more"].round(6).to_dict() == {
        ("Supply", ""): 0.5,
        ("Budget (one more: 30, the price of a unit)", ""): 0.0,
        ("Floor (one unit less promised)", "North"): 0.0,
        ("Floor (one unit less promised)", "South"): 0.3,
    }
    assert limits["binding"].tolist() == [True, False, False, True]
    assert limits["used"].tolist() == [6, 120, 1, 5]


def test_units_of_different_cost_are_chosen_in_whole_numbers():
    """A knapsack: by outcome for the money North's over 80 go first, by whole units they do not."""
    groups = pd.DataFrame({"area": list("ABC"), "group": "x", "demand": 1,
                           "outcome": [0.9, 0.5, 0.5], "cost": [6.0, 5.0, 5.0]})  # fmt: skip
    found = scarce(groups, 3, budget=10)
    assert found.places["received"].tolist() == [0, 1, 1]
    assert found.totals["cost"] == 10 and found.optimal
    budget = found.limits.iloc[1]
    assert budget["binding"] and budget["one_more"] == pytest.approx(0.9)  # 16: all three
    assert scarce(groups, 3, budget=9.99).places["received"].tolist() == [1, 0, 0]


def test_goods_are_carried_over_and_hours_are_not():
    groups = pd.DataFrame({
        "area": "A", "group": "x", "period": ["Week 10", "Week 2", "Week 1"],
        "demand": [5, 5, 5], "outcome": [0.9, 0.5, 0.1],
    })  # fmt: skip
    supply = {"Week 1": 4, "Week 2": 3, "Week 10": 1}
    goods = scarce(groups, supply).places.set_index("period")["received"].to_dict()
    assert goods == {"Week 1": 0, "Week 2": 3, "Week 10": 5}
    hours = scarce(groups, supply, carry=False).places.set_index("period")["received"].to_dict()
    assert hours == {"Week 1": 4, "Week 2": 3, "Week 10": 1}
    sent = scarce(groups, supply).sent
    assert sent[["from", "period", "units"]].to_numpy().tolist() == [
        ["Supply of Week 1", "Week 2", 3],  # the oldest first
        ["Supply of Week 2", "Week 10", 3],
        ["Supply of Week 1", "Week 10", 1],
        ["Supply of Week 10", "Week 10", 1],
    ]


def test_periods_may_be_days_and_the_budget_by_period():
    days = pd.to_datetime(["2024-05-01", "2024-05-02"])
    groups = pd.DataFrame({"area": "A", "group": "x", "period": days, "demand": 5,
                           "outcome": 0.5, "cost": 2.0})  # fmt: skip
    budget = pd.DataFrame({"period": days, "budget": [3.0, 8.0]})
    found = scarce(groups, pd.Series([4, 4], index=days), budget=budget)
    assert found.places["place"].tolist() == ["A, 2024-05-01", "A, 2024-05-02"]
    assert found.places["received"].tolist() == [1, 4]
    assert found.places["period"].tolist() == list(days)


@pytest.mark.parametrize(
    ("floors", "promised"),
    [
        (None, [0, 0]), (2, [2, 2]), (0.5, [4, 3]), (1.0, [7, 6]), (99, [7, 6]),
        ({"South": 0.1}, [0, 1]), (pd.Series({"North": 3}), [3, 0]),
        (pd.DataFrame({"area": ["South", "North"], "share": [1, 0.01]}), [1, 6]),
        (pd.DataFrame({"area": ["South", "North"], "units": [1.0, None]}), [0, 1]),
    ],
)  # fmt: skip
def test_floors_are_units_or_shares_rounded_up(floors: object, promised: list[int]):
    assert scarce(GROUPS, 0, floors=floors).places["floor"].tolist() == promised


def test_later_units_may_do_less():
    groups = pd.DataFrame({"area": ["A", "B"], "group": "x", "demand": [5, 3],
                           "outcome": [0.9, 0.4], "outcome_2": [0.2, None]})  # fmt: skip
    found = scarce(groups, 5)  # of A the first three bring 0.9 each, the other two 0.2
    assert found.places["received"].tolist() == [3, 2]
    tiers = pd.DataFrame({"area": ["A", "A", "B"], "group": "x", "units": [2, 3, 3],
                          "outcome": [0.2, 0.9, 0.4]})  # fmt: skip
    assert scarce(groups, 5, tiers=tiers).totals["value"] == found.totals["value"]


@pytest.mark.parametrize(
    ("changed", "more", "words"),
    [
        ({"outcome": 35.0}, {}, "above 1"),
        ({"outcome": None}, {}, "outcome"),
        ({"demand": 1.5}, {}, "whole units"),
        ({"demand": -1}, {}, "0 or more"),
        ({"outcome_2": 0.9}, {}, "later units"),
        ({"area": "A", "group": "x"}, {}, "twice"),
        ({"cost": None}, {"budget": 5}, "cost"),
        ({}, {"floors": {"East": 1}}, "floors name an area"),
        ({}, {"floors": 1.5}, "whole units"),
        ({}, {"supply": 2.5}, "whole units"),
        ({}, {"supply": {"Week 1": 4}}, "no periods"),
        ({"period": [1, 2, 1, 2]}, {"carry": False}, "too little"),
    ],
)
def test_what_cannot_be_used_is_said(changed: dict[str, Any], more: dict[str, Any], words: str):
    with pytest.raises(DataProblem, match=words):
        scarce(GROUPS.assign(**changed), **{"supply": 5, **more})


def test_nothing_changes_with_the_order_of_rows_and_nothing_is_changed():
    before = GROUPS.copy(deep=True)
    for cost in (None, 7.0):
        first = scarce(GROUPS, 7, floors=0.4, budget=140, cost=cost)
        second = scarce(GROUPS.iloc[[2, 0, 3, 1]], 7, floors=0.4, budget=140, cost=cost)
        for name in ("sent", "places", "limits"):
            pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
        assert first.totals["value"] == second.totals["value"]
    pd.testing.assert_frame_equal(GROUPS, before)


@pytest.mark.parametrize("groups", [GROUPS.iloc[:0], GROUPS.assign(demand=0)])
def test_of_nothing_wanted_nothing_is_sent(groups: pd.DataFrame):
    found = scarce(groups, 4, budget=10)
    assert found.sent.empty and found.totals["value"] == 0 and found.optimal
    assert not found.limits["binding"].any()


def test_what_is_not_proven_is_said_and_claims_no_worth(monkeypatch: pytest.MonkeyPatch):
    def cut_short(rules: Any, wishes: Any, seconds: float) -> Choice:
        return Choice(best_choice(rules, wishes, seconds).numbers, proven=(False,))

    monkeypatch.setattr("caremap.planning.scarce_solved.best_choice", cut_short)
    found = scarce(GROUPS, 6, budget=100, floors=1)
    assert not found.optimal
    assert found.limits["one_more"].isna().any() and not found.limits["binding"].any()
    assert any("not proven" in note for note in found.notes)
    assert not any("Keeping the floors costs" in note for note in found.notes)


def test_progress_is_told_from_the_start_to_the_end():
    told: list[float] = []
    scarce(GROUPS, 5, floors=1, progress=lambda words, part: told.append(part))
    assert told[0] == 0 and told[-1] == 1 and told == sorted(told)


@st.composite
def cases(draw: Any) -> dict[str, Any]:
    """Small allocations of every kind: periods, tiers, costs, budgets, floors."""
    periods = draw(st.integers(1, 2))
    rows = draw(st.integers(1, 4 if periods == 1 else 2))
    one = st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.9])
    groups = pd.DataFrame([
        {"area": "AB"[row % 2], "group": str(row), "period": period,
         "demand": draw(st.integers(0, 3)), "outcome": draw(one),
         "cost": float(draw(st.sampled_from([1, 2, 2, 5])))}
        for row in range(rows) for period in range(periods)
    ])  # fmt: skip
    if draw(st.booleans()):
        groups["cost"] = 2.0
    units = st.integers(0, 5)
    money = st.integers(0, 12).map(float)
    each = {period: draw(units) for period in range(periods)}
    floor = draw(st.sampled_from([None, 0.5, 1, 2]))
    budget = draw(st.one_of(st.none(), money, st.fixed_dictionaries(
        dict.fromkeys(range(periods), money))))  # fmt: skip
    return {"groups": groups, "supply": each, "floors": floor, "budget": budget,
            "carry": draw(st.booleans())}  # fmt: skip


@settings(max_examples=25)
@given(cases())
def test_as_good_as_the_best_of_all_there_are(case: dict[str, Any]):
    found = scarce(**case)
    asked = asked_for(case["groups"], case["supply"], case["budget"], None, case["floors"],
                      case["carry"])  # fmt: skip
    floors, value = brute(asked)
    assert found.optimal
    assert found.totals["value"] == pytest.approx(value)
    assert int(asked.floors.sum()) - found.totals["floors_unmet"] == floors[0]
    units = best(asked, 5.0).received
    assert allowed(asked, units) and of_floors(asked, units) == floors
    # what is sent is what is received, and the simple rule does no better
    received = found.sent.groupby(["to", "period"])["units"].sum()
    listed = found.places.set_index(["area", "period"])["received"]
    assert received.reindex(listed.index, fill_value=0).tolist() == listed.tolist()
    simple = (found.totals["greedy_floors_unmet"], -found.totals["greedy_value"])
    assert (found.totals["floors_unmet"], -found.totals["value"] - 1e-9) <= simple


@settings(max_examples=8)
@given(cases())
def test_the_worth_of_one_more_is_the_difference_of_two_solutions(case: dict[str, Any]):
    found = scarce(**case)
    supplies = found.limits[found.limits["limit"].str.startswith("Supply")]
    for period, worth in zip(case["supply"], supplies["one_more"], strict=True):
        more = {**case["supply"], period: case["supply"][period] + 1}
        again = scarce(**{**case, "supply": more})
        assert again.totals["value"] - found.totals["value"] == pytest.approx(worth, abs=1e-9)
    floors = found.limits[found.limits["limit"].str.startswith("Floor")]
    for row in floors.to_dict("records"):
        place = found.places[found.places["place"].eq(row["at"])].iloc[0]
        promised = found.places.rename(columns={"floor": "units"})
        promised = promised[["area", "period", "units"]].assign(
            units=promised["units"] - promised["place"].eq(place["place"])
        )
        again = scarce(**{**case, "floors": promised})
        gain = again.totals["value"] - found.totals["value"]
        assert gain == pytest.approx(row["one_more"], abs=1e-9)


@settings(max_examples=25)
@given(cases())
def test_the_flow_and_the_search_agree_where_both_can_be_asked(case: dict[str, Any]):
    asked = asked_for(case["groups"], case["supply"], None, None, case["floors"], case["carry"])
    searched = _search(asked, 5.0, value_only=False)
    flow = _flow(asked, asked.supply).received
    assert searched.proven
    assert searched.value == pytest.approx(float(flow @ asked.outcome))
    assert of_floors(asked, searched.received) == of_floors(asked, flow)
