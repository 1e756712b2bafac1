"""Minimum-cost flows of whole people, and all the cheapest flows at once.

A `Flows` is everything that may happen: people who start at nodes and go along arcs, each between
a lower and an upper bound. `cheapest` finds one flow of least cost, in whole numbers. `face`
narrows the bounds so that exactly the flows of least cost are left: the next wish (fewest
kilometres) is then met by a cheapest flow among them, and so on, wish after wish.

Why the face is right. From a flow of least cost, let d(v) be the length of the shortest way to v
over arcs that can still take one more (at their cost) or give one back (at minus their cost); no
way round is shorter than zero, else going round it would be cheaper still. Then an arc from u to
v that can take one more has cost + d(u) - d(v) >= 0, and one that can give one back has <= 0. Add
up cost + d(u) - d(v) over all arcs of any flow: people who start and end where they must add the
same d everywhere, so this differs from its cost by a constant. It is least exactly where arcs
above zero carry their lower bound and arcs below zero their upper one; arcs at zero are free. This
holds for every flow of least cost, whichever of them was found first, and for every node, those
people only pass through included (arrivals with a limit, for instance): nothing in it asks what a
node stands for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

__all__ = ["Flows", "Unsolvable", "cheapest", "face", "potentials", "together"]

Whole = npt.NDArray[np.int64]


class Unsolvable(Exception):
    """No flow keeps the bounds."""


@dataclass(frozen=True, eq=False)
class Flows:
    """The flows that are allowed: arcs with bounds, and how many start (or end) at each node."""

    tail: Whole
    head: Whole
    low: Whole
    high: Whole
    supply: Whole

    @property
    def free(self) -> npt.NDArray[np.bool_]:
        """Which arcs are not settled by their bounds."""
        return self.high > self.low


def cheapest(flows: Flows, cost: Whole) -> Whole:
    """Return a flow of least cost, arc by arc.

    Raises
    ------
    Unsolvable
        Where the bounds allow none.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    arcs = np.flatnonzero(flows.free)
    tail, head = flows.tail[arcs], flows.head[arcs]
    supply = flows.supply.copy()
    np.subtract.at(supply, flows.tail, flows.low)
    np.add.at(supply, flows.head, flows.low)
    flow = flows.low.copy()
    if not len(arcs):
        if supply.any():
            raise Unsolvable
        return flow
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        tail.astype("int32"), head.astype("int32"), (flows.high - flows.low)[arcs], cost[arcs]
    )
    solver.set_nodes_supplies(np.arange(len(supply), dtype="int32"), supply)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        raise Unsolvable
    if status != solver.OPTIMAL:
        raise OverflowError(f"the minimum-cost flow was not solved: status {status}")
    flow[arcs] += np.asarray(solver.flows(np.arange(len(arcs), dtype="int32")), dtype="int64")
    return flow


def potentials(flows: Flows, cost: Whole, flow: Whole) -> Whole:
    """Return the length of the shortest residual way to every node (Bellman and Ford).

    ``flow`` has least cost; each node is a start at 0.
    """
    more, back = flow < flows.high, flow > flows.low
    start = np.concatenate([flows.tail[more], flows.head[back]])
    end = np.concatenate([flows.head[more], flows.tail[back]])
    length = np.concatenate([cost[more], -cost[back]])
    order = np.argsort(end, kind="stable")
    start, end, length = start[order], end[order], length[order]
    found = np.zeros(len(flows.supply), dtype="int64")
    if not len(end):
        return found
    first = np.flatnonzero(np.r_[True, end[1:] != end[:-1]])
    into = end[first]
    for _ in range(len(found) + 1):
        best = np.minimum.reduceat(found[start] + length, first)
        shorter = best < found[into]
        if not shorter.any():
            return found
        found[into[shorter]] = best[shorter]
    raise AssertionError("a flow of least cost leaves no way round that is shorter than zero")


def reduced(flows: Flows, cost: Whole, flow: Whole) -> Whole:
    """Return what each arc costs beyond the potentials of its ends."""
    length = potentials(flows, cost, flow)
    result: Whole = cost + length[flows.tail] - length[flows.head]
    return result


def face(flows: Flows, cost: Whole, flow: Whole) -> Flows:
    """Return the flows that cost as little as one of least cost."""
    beyond = reduced(flows, cost, flow)
    return replace(
        flows,
        low=np.where(beyond < 0, flows.high, flows.low),
        high=np.where(beyond > 0, flows.low, flows.high),
    )


def together(parts: list[Flows]) -> Flows:
    """Return flows side by side, without a node in common."""
    starts = np.cumsum([0, *(len(part.supply) for part in parts)])
    pairs = list(zip(parts, starts, strict=False))
    return Flows(
        tail=np.concatenate([part.tail + start for part, start in pairs]),
        head=np.concatenate([part.head + start for part, start in pairs]),
        low=np.concatenate([part.low for part in parts]),
        high=np.concatenate([part.high for part in parts]),
        supply=np.concatenate([part.supply for part in parts]),
    )
