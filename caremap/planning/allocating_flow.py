"""What may be sent as one flow, and the best of it by the rank of every unit received."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from caremap.planning.allocating_frames import Frames
from caremap.planning.flows import Flows, cheapest
from caremap.problems import DataProblem

__all__ = ["Ranked", "counted", "ranked"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

MOST = 2_000_000
"""Promised units that are shared out one by one: more should be counted in packs."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """Everything that may be sent as one flow, and the best of it by rank.

    Arcs stand in this order: links, units not sent, units received (one arc or more per tier).

    Attributes
    ----------
    rank
        What every arc costs.
    worth, floor
        Of the arcs received: what a unit is worth, whether it is promised.
    flow
        Units on every arc.
    """

    frames: Frames
    flows: Flows
    rank: Whole
    worth: Array
    floor: npt.NDArray[np.bool_]
    flow: Whole

    @property
    def links(self) -> slice:
        """The arcs from sources to places."""
        return slice(0, len(self.frames.origin))

    @property
    def unsent(self) -> slice:
        """The arcs of what stays at each source."""
        return slice(len(self.frames.origin), self.received.start)

    @property
    def received(self) -> slice:
        """The arcs of what places receive."""
        return slice(len(self.frames.origin) + len(self.frames.units), len(self.rank))

    @property
    def value(self) -> float:
        """What all units received are worth."""
        units = self.flow[self.received]
        return fsum(float(n) * v for n, v in zip(units, self.worth, strict=True) if n)

    @property
    def floor_unmet(self) -> int:
        """How many units of the floors are not kept."""
        arcs = self.received
        return int((self.flows.high[arcs] - self.flow[arcs])[self.floor].sum())


def ranked(frames: Frames) -> Ranked:
    """Return the flow of the first two wishes.

    Floors are looked at as a whole first: where all can be kept, nothing has to be shared out.
    """
    found = _by_rank(frames, one_by_one=False)
    if not found.floor_unmet:
        return found
    promised = int(frames.promised.sum())
    if promised > MOST:
        raise DataProblem(
            f"{promised:,} units are promised and cannot all be kept; up to {MOST:,} can be shared "
            "out fairly.",
            "Count in packs (tens, hundreds), or promise less.",
        )
    return _by_rank(frames, one_by_one=True)


def _by_rank(frames: Frames, *, one_by_one: bool) -> Ranked:
    """Return the best flow by rank, the units of floors one by one or all of one rank."""
    at, units, worth, floor = frames.place, frames.most, frames.value, frames.floor
    first, whole = np.zeros(len(at)), np.zeros(len(at))
    if one_by_one:
        many = np.where(floor, units, 1)
        first = np.repeat(np.where(floor, frames.before, 0), many).astype("float64")
        first += counted(many) * np.repeat(floor, many)
        at, worth = np.repeat(at, many), np.repeat(worth, many)
        floor = np.repeat(floor, many)
        units = np.where(floor, 1, np.repeat(units, many))
        whole = np.where(floor, frames.promised[at], 0).astype("float64")
        first = np.divide(first, whole, out=np.zeros(len(first)), where=whole > 0)
    size, places = len(frames.sources), len(frames.places)
    end = size + places
    # By (others after floors, share met before, size of the floor, falling value); not sent last.
    keys = [
        np.r_[np.full(size, 2.0 if frames.worthless else 1.0), ~floor],
        np.r_[np.zeros(size), first],
        np.r_[np.zeros(size), whole],
        np.r_[np.zeros(size), np.where(floor & (not one_by_one), 0, -_rounded(worth))],
    ]
    rank = np.r_[np.zeros(len(frames.origin), dtype="int64"), _order(keys)]
    total = frames.units
    flows = Flows(
        tail=np.r_[frames.origin, np.arange(size), size + at],
        head=np.r_[size + frames.destination, np.full(size + len(at), end)],
        low=np.zeros(len(rank), dtype="int64"),
        high=np.r_[frames.limit, total, units],
        supply=np.r_[total, np.zeros(places, dtype="int64"), -total.sum()],
    )
    return Ranked(frames, flows, rank, worth, floor, cheapest(flows, rank))


def counted(many: Whole) -> Whole:
    """Return 0, 1, 2, … within each of several runs."""
    result: Whole = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return result


def _rounded(values: Array) -> Array:
    """Return values to twelve digits."""
    digits = np.floor(np.log10(np.where(values > 0, values, 1.0)))
    scale = 10.0 ** (11 - np.maximum(digits, -250))
    result: Array = np.rint(values * scale) / scale
    return result


def _order(keys: list[Array]) -> Whole:
    """Return the rank of every row by several keys, the first weighing most; equal rows share."""
    table = np.stack([np.asarray(key, dtype="float64") for key in keys])
    order = np.lexsort(table[::-1])
    ordered = table[:, order]
    steps = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    rank = np.zeros(table.shape[1], dtype="int64")
    rank[order[1:]] = np.cumsum(steps)
    return rank
