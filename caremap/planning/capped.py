"""The best plan of at most so many moves, over all roles together.

Roles share the number of moves, so they are one flow side by side, and their unfairness is added
up: for each role the sum of (n - e)² / e, e the staff a facility would have by its need. That is
the sum of w (n/w - fair)² over the role's staff per need, so that ten of a hundred weigh as much
as one of ten. What a person weighs is rounded to a whole number here, of some eight digits, where
it is not one by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

import numpy as np
import numpy.typing as npt

from caremap.planning.counted_flows import Curve, Found, cheapest_of, in_whole_numbers, least
from caremap.planning.flows import Flows, cheapest, face, together
from caremap.planning.role_flow import RoleFlow, as_flow, widened
from caremap.planning.role_problem import STEPS
from caremap.problems import DataProblem

__all__ = ["Budget", "Capped"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

LARGEST = 2**60
"""Costs times nodes times moves stay below this: the solver counts in 64 bits."""


APART = 40
"""A missing post of a floor counts so many times what two others differ at most, move for move."""


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
        flows = together([_kept(role) for role in roles])
        count = np.concatenate([role.counted() for role in roles])
        km = np.concatenate([role.lengths() for role in roles])
        people = sum(int(role.problem.people.sum()) for role in roles)
        most = max(LARGEST // (len(flows.supply) * max(people, 1)), 2**20)
        if len(km) and km.max() > most:  # a large network over a large area: to the metre or so
            km = np.maximum(km // (km.max() // most + 1), count)
        return cls(roles, flows, count, km, _costs(roles, most))

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


class Budget:
    """Plans of a limited number of moves: what they have in common is worked out once."""

    def __init__(self, roles: Sequence[RoleFlow]) -> None:
        """Take roles with the windows their fairest staffing without that limit is in."""
        self._start(list(roles))

    def _start(self, roles: list[RoleFlow]) -> None:
        every = _Together.of(roles)
        self._every = every
        self._fair = together([_fairest(role) for role in roles])
        self._enough = cheapest(self._fair, every.count)
        self._nobody = least(every.flows, every.count, every.cost)
        self._needed = int(every.count @ self._nobody)
        self._curve = Curve(every.flows, every.cost, every.count, self._nobody, self._enough)

    def plan(self, most: int, seconds: float) -> Capped:
        """Return the fairest plan of at most so many moves, and of those the shortest."""
        if self._needed > most:
            raise DataProblem(
                f"What is locked breaks a floor or a ceiling, and it takes {self._needed:,} more "
                f"moves to make up for it; {most:,} are left.",
                "Allow more moves, or unlock some.",
            )
        while True:
            every = self._every
            if every.count @ self._enough <= most:
                return _as_fair_as_any(every, self._fair, self._enough, most, seconds)
            piece = self._curve.over(most)
            found = cheapest_of(piece, every.count, most, seconds)
            wider = every.wider(piece.beyond(found.above)[0])
            if wider is None:
                break
            self._start(wider)
        flow, proven = _shortest(every, found, most, seconds)
        saved = int(every.cost @ self._nobody - every.cost @ flow) * max(piece.steps, 1)
        gap = 0.0 if found.proven or not saved else found.above / saved
        return Capped(every.moved(flow), proven, gap)


def _kept(role: RoleFlow) -> Flows:
    """Return the flows of a role that break no floor and no ceiling.

    Posts a floor protects stay filled, and none is filled above a ceiling that is not now.
    """
    low, high = role.flows.low.copy(), role.flows.high.copy()
    low[role.posts] = np.where(role.post_class == -2, 1, low[role.posts])
    high[role.posts] = np.where(role.post_class == 2, 0, high[role.posts])
    return replace(role.flows, low=low, high=high)


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
    curve = Curve(fair, every.km, every.count, fewest, shortest)
    found = cheapest_of(curve.over(most), every.count, most, seconds)
    return Capped(every.moved(found.flow), found.proven, 0.0)


def _shortest(every: _Together, found: Found, most: int, seconds: float) -> tuple[Whole, bool]:
    """Return the shortest plan that is as fair as the one found, and whether both are proven."""
    piece, count, km = found.piece, every.count, every.km
    if found.above == 0 and count @ found.flow == most:  # all that are as fair lie on the line
        ends = least(piece.line, count, km), least(piece.line, -count, km)
        over = Curve(piece.line, km, count, *ends).over(most)
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
    """Return what every post costs in whole numbers up to ``most``, comparable between roles.

    A post costs a step (2n + 1, for instance) times what one person weighs at the facility. It is
    the weights that are made whole, exactly where they are fractions of a small common
    denominator: what is equal, or adds up to the same, stays so.
    """
    longest = max((float(np.abs(_steps(role)).max(initial=1)) for role in roles), default=1.0)
    apart = APART if any(role.post_class.any() for role in roles) else 1
    weights = _whole_weights([_weights(role) for role in roles], most / (4 * apart * longest))
    costs = []
    for role, weight in zip(roles, weights, strict=True):
        costs.append(np.rint(_steps(role) * weight[role.post_at]).astype("int64"))
    finite = [role.problem.need[role.post_at] > 0 for role in roles]
    known = np.concatenate([cost[here] for cost, here in zip(costs, finite, strict=True)])
    low, high = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    spread = high - low + 1
    arcs = []
    for role, cost, here in zip(roles, costs, finite, strict=True):
        # what comes first, or last: far more than any other two posts can differ
        every = np.zeros(len(role.flows.tail), dtype="int64")
        every[role.posts] = np.where(here, cost, high + spread) + APART * spread * role.post_class
        arcs.append(every)
    return np.concatenate(arcs)


def _steps(role: RoleFlow) -> Array:
    """Return the steps in the measure of unfairness that the posts of a role are."""
    step = STEPS[role.problem.measure](role.post_count, role.problem.target[role.post_at])
    if role.problem.measure == "huntington-hill":
        step = 2 * np.sqrt(step)  # as the others: about twice the staff
    return step


def _weights(role: RoleFlow) -> list[Fraction]:
    """Return what one person weighs at each facility: 1 / e for each of the staff there is."""
    need = [Fraction(float(value)) for value in role.problem.need]
    total, staff = sum(need), Fraction(float(role.problem.staff.sum()))
    share = total / staff if staff else Fraction(0)
    return [share / one if one else Fraction(0) for one in need]


def _whole_weights(weights: list[list[Fraction]], most: float) -> list[Whole]:
    """Return weights as whole numbers up to ``most``: exactly if they can be, else rounded."""
    every = [one for role in weights for one in role if one]
    if not every:
        return [np.zeros(len(role), dtype="int64") for role in weights]
    largest, common, divisor = max(every), 1, 0
    for one in every:
        common = lcm(common, one.denominator)
        if common * largest > most * 2**64:
            break
    else:
        for one in every:
            divisor = gcd(divisor, int(one * common))
    exact = divisor > 0 and largest * common / divisor <= most
    factor = Fraction(common, divisor) if exact else Fraction(int(most)) / largest
    return [np.asarray([round(one * factor) for one in role], dtype="int64") for role in weights]
