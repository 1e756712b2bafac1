"""What lies between two flows: rounds along which people change places, and parts of them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from caremap.planning.flows import Flows

__all__ = ["rounds", "towards"]

Whole = npt.NDArray[np.int64]
Round = tuple[Whole, int]
"""What changes on each arc if it is gone once, and how often it can be gone."""


def rounds(flows: Flows, start: Whole, end: Whole) -> list[Round]:
    """Return closed rounds that lead from one flow to another, all together.

    Each goes along arcs that carry more in the end, and back along arcs that carry less. Any part
    of them can be gone from the start without breaking a bound.
    """
    left = end - start
    out: dict[int, list[int]] = defaultdict(list)
    for arc in np.flatnonzero(left).tolist():
        out[int(flows.tail[arc] if left[arc] > 0 else flows.head[arc])].append(arc)
    found: list[Round] = []
    for first in sorted(out):
        while out[first]:
            arcs = _round(flows, left, out, first)
            signs = np.sign(left[arcs])
            often = int(np.abs(left[arcs]).min())
            change = np.zeros(len(left), dtype="int64")
            change[arcs] = signs
            left[arcs] -= often * signs
            found.append((change, often))
            for node in list(out):
                out[node] = [arc for arc in out[node] if left[arc]]
    return found


def _round(flows: Flows, left: Whole, out: dict[int, list[int]], first: int) -> list[int]:
    """Return the arcs of one round, walking on until a node is met again."""
    path: list[int] = []
    seen = {first: 0}
    node = first
    while True:
        arc = out[node][0]
        path.append(arc)
        node = int(flows.head[arc] if left[arc] > 0 else flows.tail[arc])
        if node in seen:
            return path[seen[node] :]
        seen[node] = len(path)


def towards(flows: Flows, start: Whole, end: Whole, count: Whole, most: int) -> Whole:
    """Return a flow between two with as many moves as can be had, and no more than allowed.

    It is the start, with part of the rounds that lead to the end.
    """
    best = _sums(rounds(flows, start, end), count, most - int(count @ start))
    flow = start.copy()
    for change, times in best:
        flow += times * change
    return flow


def _sums(changes: list[Round], count: Whole, room: int) -> list[Round]:
    """Return rounds, and how often each, whose moves add up to as many as there is room for."""
    reached: dict[int, tuple[int, int, int]] = {0: (0, -1, 0)}  # sum: (sum before, round, times)
    for place, (change, often) in enumerate(changes):
        moves = int(count @ change)
        if not moves:
            continue
        step = 1
        while often > 0 and room not in reached:
            times = min(step, often)
            for total in sorted(reached):
                new = total + times * moves
                if new not in reached and abs(new) <= 4 * room + 64:
                    reached[new] = (total, place, times)
            often -= times
            step *= 2
    total = max((total for total in reached if total <= room), default=0)
    used: dict[int, int] = defaultdict(int)
    while total:
        total, place, times = reached[total]
        used[place] += times
    return [(changes[place][0], times) for place, times in used.items()]
