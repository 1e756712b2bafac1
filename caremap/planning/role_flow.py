"""One role as a flow: people, posts, and what the next post is worth.

From each facility's people an arc leads to its own posts (they stay) and one to the posts of every
facility they may move to; where arrivals are limited, all who arrive pass one arc that holds the
limit. From the posts of a facility an arc for one person each leads to the end, with what the
next person there costs (`role_problem.marginals`). These costs rise, so a cheapest flow fills them
in turn, and its cost is the sum of the squares: a convex cost made of straight pieces.

Only the order of these costs matters. A flow is cheapest if no simple way round, along arcs that
can take more and back along arcs that carry something, saves anything. Such a way passes the end
at most once, so it fills one post and empties one, or neither; whether it saves anything depends
on which of the two costs more, and on nothing else. So the costs are replaced by their ranks,
whole numbers without rounding, and the fairest flows, all of them, stay the same. Ranks
also carry what comes first whatever it costs: floors below all other posts, ceilings above.

Posts are listed only near where staff end up: a window of posts for each facility, those below
filled and those above empty. A flow that is the best within its windows and does not touch their
edges is the best altogether, for the cost is convex; else the windows are widened and it is
solved again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from caremap.planning.flows import Flows, cheapest, face
from caremap.planning.role_problem import RoleProblem, marginals

__all__ = ["RoleFlow", "Window", "as_flow", "fairest", "first_window", "shortest", "widened"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

MILLIMETRES = 1_000_000
"""In a kilometre: distances are compared to the millimetre."""


@dataclass(frozen=True, eq=False)
class Window:
    """Posts that are looked at: from ``low`` on, up to ``high``, of the people not held."""

    low: Whole
    high: Whole


@dataclass(frozen=True, eq=False)
class RoleFlow:
    """The flows of one role, and what their arcs mean.

    Attributes
    ----------
    flows
        Arcs in this order: staying, moving (as in the problem), arriving, posts.
    moves, posts
        Slices of the arcs.
    post_at, post_count
        Facility of each post, and the staff there before it is filled.
    post_class, post_cost
        What filling it costs, as `marginals` has it.
    """

    problem: RoleProblem
    window: Window
    flows: Flows
    moves: slice
    posts: slice
    post_at: Whole
    post_count: Array
    post_class: Whole
    post_cost: Array

    def ranks(self) -> Whole:
        """Return the cost of every arc where the fairest staffing is looked for.

        Equal fractions are equal when divided, and different ones differ as long as their parts
        multiply to less than 2^52: 10,000 staff for a need of 400 million.
        """
        distinct, rank = np.unique(self.post_cost, return_inverse=True)
        cost = np.zeros(len(self.flows.tail), dtype="int64")
        cost[self.posts] = self.post_class * len(distinct) + rank
        return cost

    def lengths(self) -> Whole:
        """Return the cost of every arc where the fewest staff-kilometres are looked for.

        A move counts a millimetre more than it is long, so that nobody moves without need
        between facilities at one place. Where no place is known, every move costs the same.
        """
        cost = np.zeros(len(self.flows.tail), dtype="int64")
        km = np.nan_to_num(self.problem.km)
        cost[self.moves] = np.rint(km * MILLIMETRES).astype("int64") + 1
        return cost

    def counted(self) -> Whole:
        """Return 1 for every arc that is a move."""
        cost = np.zeros(len(self.flows.tail), dtype="int64")
        cost[self.moves] = 1
        return cost

    def after(self, flow: Whole) -> Array:
        """Return the staff of each facility after the moves of a flow."""
        problem = self.problem
        moved = flow[self.moves]
        staff = problem.now
        np.subtract.at(staff, problem.origin, moved)
        np.add.at(staff, problem.destination, moved)
        return staff


def first_window(problem: RoleProblem) -> Window:
    """Return the posts around what there is and what would be fair."""
    fair = np.floor(np.nan_to_num(problem.target) - problem.held).astype("int64")
    low, high = np.minimum(problem.people, fair), np.maximum(problem.people, fair)
    around = 4 + high // 2
    return _within(problem, low - around, high + around)


def _within(problem: RoleProblem, low: Whole, high: Whole) -> Window:
    """Return a window cut to what can happen at all."""
    least, most = problem.least(), problem.most()
    return Window(np.clip(low, least, problem.people), np.clip(high, problem.people, most))


def as_flow(problem: RoleProblem, window: Window) -> RoleFlow:
    """Return the flows of a role, with the posts of a window."""
    size = len(problem.names)
    here = np.arange(size)
    posts, arrivals, end = here + size, here + 2 * size, 3 * size
    limited = problem.arrive < problem.people.sum()
    available = np.minimum(problem.people, problem.leave)
    into = np.where(limited, arrivals, posts)
    doors = np.flatnonzero(limited)

    many = window.high - window.low
    post_at = np.repeat(here, many)
    place = np.arange(len(post_at)) - np.repeat(np.cumsum(many) - many, many)
    post_count = window.low[post_at] + place + problem.held[post_at]
    kind, cost = marginals(problem, post_at, post_count)

    can_move = np.minimum(available[problem.origin], problem.arrive[problem.destination])
    supply = np.zeros(3 * size + 1, dtype="int64")
    supply[here] = problem.people
    supply[posts] = -window.low
    supply[end] = window.low.sum() - problem.people.sum()
    flows = Flows(
        tail=np.concatenate([here, problem.origin, arrivals[doors], posts[post_at]]),
        head=np.concatenate(
            [posts, into[problem.destination], posts[doors], np.full(len(post_at), end)]
        ),
        low=np.concatenate(
            [problem.people - available, np.zeros(len(can_move) + len(doors) + len(post_at))]
        ).astype("int64"),
        high=np.concatenate(
            [problem.people, can_move, problem.arrive[doors], np.ones(len(post_at))]
        ).astype("int64"),
        supply=supply,
    )
    moves = slice(size, size + len(can_move))
    return RoleFlow(
        problem, window, flows, moves, slice(moves.stop + len(doors), len(flows.tail)),
        post_at, post_count, kind, cost,
    )  # fmt: skip


def widened(role: RoleFlow, left: Flows) -> Window | None:
    """Return a wider window where the best flows touch the edge of this one, else None.

    ``left`` are the best flows. They touch the upper edge of a facility whose last post they may
    fill, the lower one where they may leave the first post empty.
    """
    problem, window = role.problem, role.window
    low, high = left.low[role.posts], left.high[role.posts]
    full = window.high == window.low
    touched_high, touched_low = full.copy(), full.copy()
    filled = np.zeros(len(full), dtype="int64")
    certain = np.zeros(len(full), dtype="int64")
    np.add.at(filled, role.post_at, high)
    np.add.at(certain, role.post_at, low)
    touched_high |= filled == window.high - window.low
    touched_low |= certain == 0
    touched_high &= window.high < problem.most()
    touched_low &= window.low > problem.least()
    if not (touched_high | touched_low).any():
        return None
    wider = 4 * (window.high - window.low) + 16
    return _within(
        problem,
        np.where(touched_low, window.low - wider, window.low),
        np.where(touched_high, window.high + wider, window.high),
    )


def fairest(problem: RoleProblem) -> tuple[RoleFlow, Flows]:
    """Return a role as a flow, and all its fairest flows."""
    window: Window | None = first_window(problem)
    while window is not None:
        role = as_flow(problem, window)
        cost = role.ranks()
        best = face(role.flows, cost, cheapest(role.flows, cost))
        window = widened(role, best)
    return role, best


def shortest(role: RoleFlow, best: Flows) -> tuple[Whole, bool]:
    """Return the flow of the fewest kilometres among flows, and whether there was another.

    Where several have as few, the one is taken that a fixed lottery of the pairs of facilities, in
    the order of their names, draws the lowest sum for; if the highest sum is another flow, there
    was a choice.
    """
    cost = role.lengths()
    left = face(best, cost, cheapest(best, cost))
    lots = np.zeros(len(cost), dtype="int64")
    drawn = np.random.default_rng(0).integers(1, 1_000_000, len(role.problem.names) ** 2)
    pair = role.problem.origin * len(role.problem.names) + role.problem.destination
    lots[role.moves] = drawn[pair]
    flow, other = cheapest(left, lots), cheapest(left, -lots)
    return flow, bool((flow[role.moves] != other[role.moves]).any())
