"""The best plan of at most so many moves, over all roles together.

Roles share the number of moves, so they are one flow side by side, and their unfairness is added
up: for each role the sum of (n - e)² / e, e the staff a facility would have by its need. That is
the sum of w (n/w - fair)² over the role's staff per need, so that ten of a hundred weigh as much
as one of ten. Costs are whole numbers here, some ten digits of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from caremap.planning.counted_flows import Found, cheapest_of, in_whole_numbers, least, piece_over
from caremap.planning.flows import Flows, cheapest, face, together
from caremap.planning.role_flow import RoleFlow, as_flow, widened

__all__ = ["Capped", "capped"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

LARGEST = 2**60
"""Costs times nodes times moves stay below this: the solver counts in 64 bits."""


@dataclass(frozen=True, eq=False)
class Capped:
    """The best plan found: people moved on the allowed pairs of each role.

    ``proven`` says whether none is fairer, or as fair and shorter. ``gap`` is how much fairer one
    might be, as a part of what the plan improves; 0 if none can be.
    """

    moved: list[Whole]
    proven: bool
    gap: float


@dataclass(frozen=True, eq=False)
class _Together:
    """Several roles as one flow."""

    roles: list[RoleFlow]
    flows: Flows
    count: Whole
    km: Whole
    cost: Whole

    @classmethod
    def of(cls, roles: list[RoleFlow]) -> _Together:
        flows = together([role.flows for role in roles])
        count = np.concatenate([role.counted() for role in roles])
        km = np.concatenate([role.lengths() for role in roles])
        people = sum(int(role.problem.people.sum()) for role in roles)
        most = LARGEST // (len(flows.supply) * max(people, 1))
        return cls(roles, flows, count, km, _costs(roles, max(most, 2**20)))

    def parted(self, arcs: Whole) -> list[Whole]:
        """Return what belongs to each role."""
        return np.split(arcs, np.cumsum([len(role.flows.tail) for role in self.roles])[:-1])

    def moved(self, flow: Whole) -> list[Whole]:
        """Return the people moved on the allowed pairs of each role."""
        parts = self.parted(flow)
        return [part[role.moves] for part, role in zip(parts, self.roles, strict=True)]

    def wider(self, left: Flows) -> list[RoleFlow] | None:
        """Return roles with wider windows where flows touch their edge, else None."""
        windows = []
        for role, low, high in zip(
            self.roles, self.parted(left.low), self.parted(left.high), strict=True
        ):
            part = Flows(role.flows.tail, role.flows.head, low, high, role.flows.supply)
            windows.append(widened(role, part))
        if not any(windows):
            return None
        return [
            as_flow(role.problem, window) if window else role
            for role, window in zip(self.roles, windows, strict=True)
        ]


def capped(roles: Sequence[RoleFlow], most: int, seconds: float) -> Capped:
    """Return the fairest plan of at most so many moves, and of those the shortest.

    ``roles`` have the windows their fairest staffing without that limit has been found in.
    """
    every = _Together.of(list(roles))
    while True:
        fair = together([_fairest(role) for role in every.roles])
        enough = cheapest(fair, every.count)
        if every.count @ enough <= most:
            return _as_fair_as_any(every, fair, enough, most, seconds)
        nobody = least(every.flows, every.count, every.cost)
        piece = piece_over(every.flows, every.cost, every.count, most, (nobody, enough))
        found = cheapest_of(piece, every.count, most, seconds)
        wider = every.wider(piece.beyond(found.above)[0])
        if wider is None:
            break
        every = _Together.of(wider)
    flow, proven = _shortest(every, found, most, seconds)
    saved = int(every.cost @ nobody - every.cost @ flow) * max(piece.steps, 1)
    gap = 0.0 if found.proven or not saved else found.above / saved
    return Capped(every.moved(flow), proven, gap)


def _fairest(role: RoleFlow) -> Flows:
    """Return all the fairest flows of a role within its window."""
    cost = role.ranks()
    return face(role.flows, cost, cheapest(role.flows, cost))


def _as_fair_as_any(
    every: _Together, fair: Flows, enough: Whole, most: int, seconds: float
) -> Capped:
    """Return the shortest of the fairest plans where there are moves enough for one of them."""
    shortest = cheapest(fair, every.km)
    if every.count @ shortest <= most:
        return Capped(every.moved(shortest), True, 0.0)
    fewest = cheapest(face(fair, every.count, enough), every.km)
    piece = piece_over(fair, every.km, every.count, most, (fewest, shortest))
    found = cheapest_of(piece, every.count, most, seconds)
    return Capped(every.moved(found.flow), found.proven, 0.0)


def _shortest(every: _Together, found: Found, most: int, seconds: float) -> tuple[Whole, bool]:
    """Return the shortest plan that is as fair as the one found, and whether both are proven."""
    piece, count, km = found.piece, every.count, every.km
    if found.above == 0 and count @ found.flow == most:  # all that are as fair lie on the line
        ends = least(piece.line, count, km), least(piece.line, -count, km)
        over = piece_over(piece.line, km, count, most, ends)
        shorter = cheapest_of(over, count, most, seconds, known=found.flow, exactly=True)
        return shorter.flow, found.proven and shorter.proven
    narrow, beyond = piece.beyond(found.above)
    free = narrow.free
    scale = max(found.above, 1)
    cost = (beyond - piece.price * count) / scale
    within = float(cost[free] @ found.flow[free]) + 1e-7
    flow, proven = in_whole_numbers(
        narrow, km / max(int(km @ found.flow), 1), count, most, seconds, below=(cost, within)
    )
    if flow is None or every.cost @ flow > every.cost @ found.flow or km @ flow > km @ found.flow:
        return found.flow, False
    return flow, found.proven and proven


def _costs(roles: list[RoleFlow], most: int) -> Whole:
    """Return what every post costs in whole numbers up to ``most``, comparable between roles."""
    parts = []
    for role in roles:
        cost = role.post_cost
        if role.problem.measure == "huntington-hill":
            cost = 2 * np.sqrt(cost)  # as the others: twice the staff per need
        parts.append(cost / role.problem.fair if role.problem.fair > 0 else 0 * cost)
    finite = np.concatenate([part[np.isfinite(part)] for part in parts])
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    spread = max(high - low, 1e-300)
    rounded = []
    for role, part in zip(roles, parts, strict=True):
        # what comes first, or last, whatever it costs: further apart than any two others
        value = (np.where(np.isfinite(part), part, high + spread) - low) / spread
        value = value + 4.0 * role.post_class
        cost = np.zeros(len(role.flows.tail), dtype="int64")
        cost[role.posts] = np.rint(value * (most / 12)).astype("int64")
        rounded.append(cost)
    return np.concatenate(rounded)
