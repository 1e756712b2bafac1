"""A crossed table as a network: which hidden counts its totals give away.

Every row total and every column total is a node, every hidden count an arc between the two it
adds up to. A count can be one more than it is only if others make up for it in its row and its
column, and others for those, and so on: a round trip through the network. As the network's
matrix is totally unimodular, a count without a round trip has one possible value, for fractions
too, and one with it has at least two whole ones (Kelly, Golden and Assad 1992).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from caremap.measures.disclosure.lines import Flags, Places

__all__ = ["Net", "Steps", "fixed", "reached", "turns"]

MANY = 50
"""Counts up to which each is looked at by itself."""

Steps = list[list[tuple[int, int]]]
"""Per node, where one gets to and by which count."""


@dataclass(frozen=True, eq=False)
class Net:
    """Counts between the totals they add up to.

    Attributes
    ----------
    row, column
        The node of each count's row total, and of its column total.
    rise, fall
        Whether a count could be one more or one less, for all that is known of it by itself.
    nodes
        How many totals there are.
    """

    row: Places
    column: Places
    rise: Flags
    fall: Flags
    nodes: int

    def steps(self, hidden: Flags) -> Steps:
        """Return the steps that hidden counts allow: up from row to column, down back."""
        found: Steps = [[] for _ in range(self.nodes)]
        for cell in np.flatnonzero(hidden).tolist():
            row, column = int(self.row[cell]), int(self.column[cell])
            if self.rise[cell]:
                found[row].append((column, cell))
            if self.fall[cell]:
                found[column].append((row, cell))
        return found


def reached(steps: Steps, start: int, cell: int, stop: int = -1) -> set[int]:
    """Return the nodes reached from one of them without a count; at ``stop`` it is enough."""
    seen, waiting = {start}, [start]
    while waiting:
        for node, way in steps[waiting.pop()]:
            if way != cell and node not in seen:
                seen.add(node)
                if node == stop:
                    return seen
                waiting.append(node)
    return seen


def turns(net: Net, steps: Steps, cell: int) -> bool:
    """Return whether a round trip leads through a count."""
    return _turns(net, steps, cell, bool(net.rise[cell]), bool(net.fall[cell]))


def _turns(net: Net, steps: Steps, cell: int, up: bool, down: bool) -> bool:
    row, column = int(net.row[cell]), int(net.column[cell])
    back = up and row in reached(steps, column, cell, row)
    return back or (down and column in reached(steps, row, cell, column))


def fixed(net: Net, hidden: Flags, of: Flags | None = None) -> Flags:
    """Return which hidden counts can only be what they are.

    Parameters
    ----------
    of
        Which to look at; all that are hidden by default.

    Examples
    --------
    >>> yes = np.full(4, True)
    >>> square = Net(np.array([0, 0, 1, 1]), np.array([2, 3, 2, 3]), yes, yes, 4)
    >>> fixed(square, yes).any(), fixed(square, np.array([True, True, True, False])).tolist()
    (np.False_, [True, True, True, False])
    """
    asked = hidden if of is None else of & hidden
    up, down = _beside(net, hidden)
    found = asked & (up | down)
    steps = net.steps(hidden)
    both = hidden & net.rise & net.fall
    sure = np.zeros(len(hidden), dtype=bool)
    if found.sum() > MANY:  # one by one would take too long
        found &= both | _within_parts(net, steps)
        sure = (found & ~both) | _on_rings(net, both)
    for cell in np.flatnonzero(found & ~sure).tolist():
        found[cell] = _turns(net, steps, cell, bool(up[cell]), bool(down[cell]))
    return asked & ~found


def _beside(net: Net, hidden: Flags) -> tuple[Flags, Flags]:
    """Return which counts others in their row and column could make up for, up and down."""
    up, down = net.rise, net.fall
    for ends in (net.row, net.column):
        rising, falling = (
            np.bincount(ends, weights=hidden & free, minlength=net.nodes)[ends] - (hidden & free)
            for free in (net.rise, net.fall)
        )
        up, down = up & (falling > 0), down & (rising > 0)
    return up, down


def _within_parts(net: Net, steps: Steps) -> Flags:
    """Return which counts lead from a total to one from which a way leads back.

    For a count that can go one way only, that is its round trip.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    ways = [(node, other) for node, there in enumerate(steps) for other, _ in there]
    start, end = np.array(ways, dtype=np.intp).reshape(-1, 2).T
    graph = csr_array((np.ones(len(ways)), (start, end)), shape=(net.nodes, net.nodes))
    _, part = connected_components(graph, directed=True, connection="strong")
    same: Flags = part[net.row] == part[net.column]
    return same


def _on_rings(net: Net, cells: Flags) -> Flags:
    """Return which counts, all free both ways, lie on a ring: no bridges (Tarjan 1974)."""
    steps = net.steps(cells)
    order = [-1] * net.nodes
    low = [0] * net.nodes
    found = cells.copy()
    clock = 0
    for root in range(net.nodes):
        if order[root] >= 0 or not steps[root]:
            continue
        order[root] = low[root] = clock = clock + 1
        walk: list[tuple[int, int, Iterator[tuple[int, int]]]] = [(root, -1, iter(steps[root]))]
        while walk:
            node, came, rest = walk[-1]
            for other, cell in rest:
                if cell == came:
                    continue
                if order[other] >= 0:
                    low[node] = min(low[node], order[other])
                    continue
                order[other] = low[other] = clock = clock + 1
                walk.append((other, cell, iter(steps[other])))
                break
            else:
                walk.pop()
                if walk:
                    before = walk[-1][0]
                    low[before] = min(low[before], low[node])
                    if low[node] > order[before]:
                        found[came] = False
    return found
