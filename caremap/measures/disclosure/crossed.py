"""Which counts to hide where each adds up to two known totals, of its row and its column."""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np

from caremap.measures.disclosure.least import MOST, least_hidden
from caremap.measures.disclosure.lines import Flags, Floats, Places, hidden_along
from caremap.measures.disclosure.network import Net, fixed, turns

__all__ = ["hidden_across"]

PRUNED = 2_000_000
"""Steps up to which a table beyond the least is gone through for counts hidden needlessly."""


def hidden_across(
    values: Floats, must: Flags, rise: Flags, fall: Flags, lines: tuple[Places, Places], most: float
) -> tuple[Flags, Flags]:
    """Return which counts to hide, and which of these the totals give away all the same.

    Parameters
    ----------
    values, must, rise, fall
        As in `caremap.measures.disclosure.lines.hidden_along`.
    lines
        The row total and the column total a count adds up to, numbered from 0 each.
    most
        Totals up to this are counts to hide themselves.

    Notes
    -----
    A count that both totals give away, were every other one hidden (the only one of its row,
    say), cannot be kept while these are known. If such a total is itself a count to hide, it
    is taken as hidden, with a second one, as a list of these totals would have it: then the
    totals across are kept from giving the count away.
    """
    rows = int(lines[0].max(initial=-1)) + 1
    nodes = rows + int(lines[1].max(initial=-1)) + 1
    net = Net(lines[0], lines[1] + rows, rise, fall, nodes)
    everything = values > 0
    lost = fixed(net, everything, must)
    hidden = _kept(net, values, must, np.flatnonzero(must & ~lost))
    if not lost.any():
        return hidden, lost
    looser = _without_small_totals(net, values, lost, rows, most)
    still = fixed(looser, everything, lost)
    return _kept(looser, values, hidden, np.flatnonzero(lost & ~still)), lost


def _without_small_totals(net: Net, values: Floats, lost: Flags, rows: int, most: float) -> Net:
    """Put totals that are hidden themselves together, as only their sum is known."""
    totals = np.zeros(net.nodes)
    for ends in (net.row, net.column):
        totals += np.bincount(ends, weights=values, minlength=net.nodes)
    touched = np.zeros(net.nodes, dtype=bool)
    touched[net.row[lost]] = touched[net.column[lost]] = True
    small = touched & (totals > 0) & (totals <= most)
    side = (np.arange(net.nodes) >= rows).astype(np.intp)
    open_, _ = hidden_along(totals, small, totals > 0, totals > 1, side)
    names = np.arange(net.nodes)
    for one in (0, 1):
        together = np.flatnonzero(open_ & (side == one))
        names[together] = together.min(initial=net.nodes)
    return replace(net, row=names[net.row], column=names[net.column])


def _kept(net: Net, values: Floats, must: Flags, wanted: Places) -> Flags:
    """Return what to hide so that no count wanted is given away."""
    if not wanted.size:
        return must.copy()
    near = _near_least(net, values, must, wanted)
    added = int((near & ~must).sum())
    if not added or int((values > 0).sum()) > MOST:
        return near
    best = least_hidden(net, values, must, wanted, near)
    return near if best is None else best


def _near_least(net: Net, values: Floats, must: Flags, wanted: Places) -> Flags:
    """Close the cheapest round trip for one count after the other, then drop what is not needed."""
    hidden = must.copy()
    every, steps = net.steps(values > 0), net.steps(hidden)
    for cell in np.flatnonzero(fixed(net, hidden, _flags(wanted, len(hidden)))).tolist():
        if turns(net, steps, cell):
            continue
        for way in _cheapest(net, every, values, hidden, cell):
            hidden[way] = True
        steps = net.steps(hidden)
    added = np.flatnonzero(hidden & ~must)
    if len(added) * int(hidden.sum()) > PRUNED:
        return hidden
    for cell in added[np.argsort(-values[added], kind="stable")].tolist():
        hidden[cell] = False
        if fixed(net, hidden, _flags(wanted, len(hidden))).any():
            hidden[cell] = True
    return hidden


def _flags(places: Places, size: int) -> Flags:
    found = np.zeros(size, dtype=bool)
    found[places] = True
    return found


def _cheapest(
    net: Net, every: list[list[tuple[int, int]]], values: Floats, hidden: Flags, cell: int
) -> list[int]:
    """Return the counts of the cheapest round trip: fewest not hidden yet, then the smallest."""
    row, column = int(net.row[cell]), int(net.column[cell])
    found: list[tuple[tuple[int, float], list[int]]] = []
    for free, start, goal in ((net.rise[cell], column, row), (net.fall[cell], row, column)):
        if not free:
            continue
        came: dict[int, tuple[int, int]] = {}
        done: set[int] = set()
        waiting: list[tuple[int, float, int, int, int]] = [(0, 0.0, start, -1, -1)]
        while waiting:
            more, size, node, before, way = heapq.heappop(waiting)
            if node in done:
                continue
            done.add(node)
            came[node] = before, way
            if node == goal:
                found.append(((more, size), _walked(came, goal)))
                break
            for other, step in every[node]:
                if step != cell and other not in done:
                    new = not hidden[step]
                    cost = float(values[step]) if new else 0.0
                    heapq.heappush(waiting, (more + new, size + cost, other, node, step))
    return min(found)[1] if found else []


def _walked(came: dict[int, tuple[int, int]], goal: int) -> list[int]:
    cells, node = [], goal
    while came[node][1] >= 0:
        node, cell = came[node]
        cells.append(cell)
    return cells
