"""Cheapest flows with a limit on how many people move.

Without the limit a flow of least cost is whole by itself. With it, it may not be, so the limit is
turned into a price: each move costs something, and the price is raised until no more than allowed
move. The least costs at all prices are the corners of a convex curve of cost over moves, from
below. `Curve` finds the piece of it over the number asked for, exactly, by asking for what
lies below the line between two corners until nothing does.

Where the number is that of a corner, or can be made on the piece (by some of the rounds that lead
from one end to the other, each of which saves what its moves are priced at), no flow of so many
moves costs less: all flows lie on or above the curve. Else there may be a gap: where people can
only be sent on in chains, A to B so that B can send to C, it takes several moves at once to save
anything. Then a search in whole numbers (HiGHS) decides, over the few arcs that can be part of a
better flow: one person on an arc that costs more beyond the curve than the best flow known cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from caremap.planning.changes import towards
from caremap.planning.flows import Flows, cheapest, face, reduced

__all__ = ["Curve", "Found", "Piece", "cheapest_of", "in_whole_numbers", "least"]

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Piece:
    """The piece of the curve over a number of moves.

    Attributes
    ----------
    flows
        All flows that were asked about.
    line
        Those on the line of the piece.
    fewer, more
        Flows at its ends: with no more and with no fewer moves than asked for.
    steps, price
        The slope: it costs ``price`` less for ``steps`` more moves.
    priced
        ``steps`` times the cost of an arc, and ``price`` more if it is a move.
    """

    flows: Flows
    line: Flows
    fewer: Whole
    more: Whole
    steps: int
    price: int
    priced: Whole

    def beyond(self, narrow: int | None = None) -> tuple[Flows, Whole]:
        """Return what a person on each arc costs beyond the curve, and the arcs that can matter.

        It is 0 on the line, above 0 for arcs best at their lower bound, below 0 for those best at
        their upper one. With ``narrow``, arcs that cost more than so much are settled.
        """
        beyond = reduced(self.flows, self.priced, self.fewer)
        if narrow is None:
            return self.flows, beyond
        low = np.where(beyond < -narrow, self.flows.high, self.flows.low)
        high = np.where(beyond > narrow, self.flows.low, self.flows.high)
        return replace(self.flows, low=low, high=high), beyond


@dataclass(frozen=True, eq=False)
class Found:
    """The cheapest flow of so many moves.

    Attributes
    ----------
    flow
        The best there is, or the best found.
    proven
        Whether none is better.
    piece
        The piece of the curve it is compared with.
    above
        How much more it costs than the curve at the most moves: 0 where it lies on it. In the
        units of ``piece.priced``.
    """

    flow: Whole
    proven: bool
    piece: Piece
    above: int


def least(flows: Flows, first: Whole, second: Whole) -> Whole:
    """Return a flow of the least second cost among those of the least first cost."""
    return cheapest(face(flows, first, cheapest(flows, first)), second)


class Curve:
    """The corners of a curve of cost over moves, as far as they are known.

    It starts from two: the flow of the fewest moves, and the one from which on more moves cost
    nothing less. Each question adds what it finds, so that the next one is nearer to its answer.
    """

    def __init__(self, flows: Flows, cost: Whole, count: Whole, first: Whole, last: Whole) -> None:
        """Take flows, what each arc costs, 1 for arcs that are moves, and the outer corners."""
        self.flows, self.cost, self.count = flows, cost, count
        self._corners = {int(count @ flow): flow for flow in (last, first)}

    def over(self, most: int) -> Piece:
        """Return the piece that a number of moves between the outer corners is on."""
        cost, count = self.cost, self.count
        while True:
            here = self._corners
            fewer = here[max(moves for moves in here if moves <= most)]
            more = here[min((moves for moves in here if moves > most), default=most)]
            steps = int(count @ more - count @ fewer)
            price = int(cost @ fewer - cost @ more)
            if not steps:  # the last corner, and the number is its own
                return Piece(self.flows, self.flows, fewer, more, 0, 0, np.zeros_like(cost))
            divisor = int(np.gcd(steps, price))
            steps, price = steps // divisor, price // divisor
            priced = steps * cost + price * count
            flow = cheapest(self.flows, priced)
            if priced @ flow == priced @ fewer:
                line = face(self.flows, priced, flow)
                return Piece(self.flows, line, fewer, more, steps, price, priced)
            self._corners[int(count @ flow)] = flow


def cheapest_of(
    piece: Piece,
    count: Whole,
    most: int,
    seconds: float,
    known: Whole | None = None,
    exactly: bool = False,
) -> Found:
    """Return the cheapest flow of at most (or exactly) so many moves.

    Parameters
    ----------
    piece
        What `Curve.over` gives for that number.
    count, most
        1 for arcs that are moves, and how many are allowed.
    seconds
        How long to search where there is a gap.
    known
        A flow of so many moves, the best known beside what lies on the piece.
    exactly
        Whether there have to be as many.
    """
    flow = towards(piece.flows, piece.fewer, piece.more, count, most)
    if count @ flow == most:
        return Found(flow, True, piece, 0)
    if known is None:
        known = flow
    gap = _above(piece, known, count, most)
    if gap > 0:
        narrow, beyond = piece.beyond(gap)
        goal = (beyond if exactly else beyond - piece.price * count) / gap
        better, proven = in_whole_numbers(narrow, goal, count, most, seconds, exactly)
        if better is not None and _above(piece, better, count, most) < gap:
            known = better
        return Found(known, proven, piece, _above(piece, known, count, most))
    return Found(known, True, piece, 0)


def _above(piece: Piece, flow: Whole, count: Whole, most: int) -> int:
    """Return how much more a flow costs than the curve does at the most moves."""
    line = int(piece.priced @ piece.fewer)
    return int(piece.priced @ flow) - line + piece.price * (most - int(count @ flow))


def in_whole_numbers(
    flows: Flows,
    goal: npt.NDArray[np.float64],
    count: Whole,
    most: int,
    seconds: float,
    exactly: bool = False,
    below: tuple[npt.NDArray[np.float64], float] | None = None,
) -> tuple[Whole | None, bool]:
    """Return the flow of the least goal of at most (or exactly) so many moves, and if it is proven.

    ``below`` is a second cost of every arc, and how much it may come to on the arcs that are not
    settled. None where no flow was found in time.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    arcs = np.flatnonzero(flows.free)
    settled = np.where(flows.free, 0, flows.low)
    room = most - int(count @ settled)
    if not len(arcs):
        return (settled, True) if room >= 0 and not (exactly and room) else (None, True)
    supply = flows.supply.copy()
    np.subtract.at(supply, flows.tail, settled)
    np.add.at(supply, flows.head, settled)
    place = np.arange(len(arcs))
    ends = np.r_[flows.tail[arcs], flows.head[arcs]]
    signs = np.repeat([1.0, -1.0], len(arcs))
    balance = csr_array((signs, (ends, np.r_[place, place])), shape=(len(supply), len(arcs)))
    used = np.unique(ends)
    limits = [
        LinearConstraint(balance[used], supply[used], supply[used]),
        LinearConstraint(
            csr_array(count[arcs][None, :].astype("float64")), room if exactly else -np.inf, room
        ),
    ]
    if below is not None:
        limits.append(LinearConstraint(csr_array(below[0][arcs][None, :]), -np.inf, below[1]))
    answer = milp(
        1000 * goal[arcs],
        integrality=np.ones(len(arcs)),
        bounds=Bounds(flows.low[arcs], flows.high[arcs]),
        constraints=limits,
        options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 0},
    )
    if answer.x is None:
        return None, answer.status == 2
    flow = settled.copy()
    flow[arcs] = np.rint(answer.x).astype("int64")
    return flow, answer.status == 0
