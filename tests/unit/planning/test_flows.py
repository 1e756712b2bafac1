"""Flows of least cost, against a transport problem of the textbooks and every flow listed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.planning.flows import Flows, Unsolvable, cheapest, face


def transport(supply: list[int], demand: list[int]) -> Flows:
    """Everything from each supply to each demand, arcs row by row."""
    pairs = list(product(range(len(supply)), range(len(demand))))
    most = max(supply)
    return Flows(
        tail=np.array([start for start, _ in pairs]),
        head=np.array([len(supply) + end for _, end in pairs]),
        low=np.zeros(len(pairs), dtype="int64"),
        high=np.full(len(pairs), most),
        supply=np.array([*supply, *(-one for one in demand)]),
    )


def test_powerco() -> None:
    """Winston, Operations Research: three plants and four cities, 1,020 (thousand dollars)."""
    cost = np.array([8, 6, 10, 9, 9, 12, 13, 7, 14, 9, 16, 5])
    flow = cheapest(transport([35, 50, 40], [45, 20, 30, 30]), cost)
    assert int((flow * cost).sum()) == 1020
    assert flow.reshape(3, 4).sum(axis=1).tolist() == [35, 50, 40]
    assert flow.reshape(3, 4).sum(axis=0).tolist() == [45, 20, 30, 30]


def test_more_than_the_arcs_can_take_is_no_flow() -> None:
    flows = transport([3], [3])
    narrow = Flows(flows.tail, flows.head, flows.low, np.array([2]), flows.supply)
    with pytest.raises(Unsolvable):
        cheapest(narrow, np.array([1]))


@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=2),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
    st.integers(0, 6),
)
def test_the_face_holds_all_flows_of_least_cost_and_no_other(
    supply: list[int], cost: list[int], first: int
) -> None:
    first = min(first, sum(supply))
    flows = transport(supply, [first, sum(supply) - first])
    price = np.array(cost)
    allowed = [
        np.array(flow)
        for flow in product(range(max(supply) + 1), repeat=4)
        if [flow[0] + flow[1], flow[2] + flow[3]] == supply and flow[0] + flow[2] == first
    ]
    least = min(int((flow * price).sum()) for flow in allowed)
    found = cheapest(flows, price)
    assert int((found * price).sum()) == least
    narrowed = face(flows, price, found)
    for flow in allowed:
        inside = bool(((flow >= narrowed.low) & (flow <= narrowed.high)).all())
        assert inside == (int((flow * price).sum()) == least)
