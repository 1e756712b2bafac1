"""The least that can be hidden in a crossed table, by integer programming with cuts.

Fischetti and Salazar (2001) in small: a binary variable per count, and for every count that
must not be found out a cut for each set of totals its round trip would have to leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from caremap.measures.disclosure.lines import Flags, Floats, Places
from caremap.measures.disclosure.network import Net, Steps, reached, turns

__all__ = ["MOST", "least_hidden"]

MOST = 400
"""Counts above 0 up to which the least is looked for; beyond it near to the least will do."""
ROUNDS = 60
NODES = 3_000


@dataclass
class _Cuts:
    """Rows of ``sum of counts hidden (- or + a direction) >= at least``."""

    size: int
    directions: dict[int, int] = field(default_factory=dict)
    rows: list[tuple[list[int], list[float], float]] = field(default_factory=list)

    def add(self, cells: Places, at_least: float, more: Sequence[tuple[int, float]] = ()) -> None:
        places = [*cells.tolist(), *(place for place, _ in more)]
        self.rows.append((places, [1.0] * len(cells) + [value for _, value in more], at_least))

    def direction(self, cell: int) -> int:
        """Return the variable that says whether a count goes up (1) or down (0)."""
        return self.directions.setdefault(cell, self.size + len(self.directions))


def least_hidden(
    net: Net, values: Floats, must: Flags, wanted: Places, known: Flags
) -> Flags | None:
    """Return the least to hide: fewest counts, of these the smallest sum; None if not found.

    Parameters
    ----------
    values
        The counts.
    must
        Which are hidden whatever else is.
    wanted
        Which of them must not be given away; each can be kept, were all counts hidden.
    known
        A set of hidden counts that would do, to start from.
    """
    may = (values > 0) & (net.rise | net.fall) & ~must
    cuts = _first_cuts(net, may, must, wanted)
    lines: list[tuple[Floats, float]] = []
    hidden = known
    for weights in (np.ones(len(values)), values):
        best = _by_cuts(net, weights, must, may, wanted, cuts, lines)
        if best is None:
            return None
        hidden = best
        lines.append((np.ones(len(values)), float((hidden & may).sum())))
    return hidden


def _first_cuts(net: Net, may: Flags, must: Flags, wanted: Places) -> _Cuts:
    """Every total of a count to keep has another hidden one; so has that of any hidden one."""
    cuts = _Cuts(len(may))
    for ends in (net.row, net.column):
        for cell in wanted.tolist():
            beside = ends == ends[cell]
            beside[cell] = False
            if not (beside & must).any():
                cuts.add(np.flatnonzero(beside & may), 1.0)
        for cell in np.flatnonzero(may).tolist():
            beside = ends == ends[cell]
            beside[cell] = False
            if not (beside & must).any():
                cuts.add(np.flatnonzero(beside & may), 0.0, [(cell, -1.0)])
    return cuts


def _by_cuts(
    net: Net,
    weights: Floats,
    must: Flags,
    may: Flags,
    wanted: Places,
    cuts: _Cuts,
    lines: Sequence[tuple[Floats, float]],
) -> Flags | None:
    """Solve, look for counts given away, forbid what gave them away, and so on."""
    for _ in range(ROUNDS):
        chosen = _solved(weights, may, cuts, lines)
        if chosen is None:
            return None
        hidden = must | chosen
        steps = net.steps(hidden)
        lost = [cell for cell in wanted.tolist() if not turns(net, steps, cell)]
        if not lost:
            return hidden
        for cell in lost:
            _forbid(net, steps, hidden, may, cell, cuts)
    return None


def _forbid(net: Net, steps: Steps, hidden: Flags, may: Flags, cell: int, cuts: _Cuts) -> None:
    """Add what any round trip through a count needs: a step out of where it gets stuck."""
    ends = int(net.row[cell]), int(net.column[cell])
    both = bool(net.rise[cell] and net.fall[cell])
    backwards: Steps = [[] for _ in steps]
    for node, ways in enumerate(steps):
        for other, way in ways:
            backwards[other].append((node, way))
    for up in (True, False):
        if not (net.rise[cell] if up else net.fall[cell]):
            continue
        start, goal = (ends[1], ends[0]) if up else ends
        more: list[tuple[int, float]] = []
        at_least = 1.0
        if both:  # up or down: one of them has to lead back
            more = [(cuts.direction(cell), -1.0 if up else 1.0)]
            at_least = 0.0 if up else 1.0
        inside = np.zeros(net.nodes, dtype=bool)
        inside[list(reached(steps, start, cell))] = True
        before = np.full(net.nodes, True)
        before[list(reached(backwards, goal, cell))] = False
        for near in (inside, before):
            out = net.rise & near[net.row] & ~near[net.column]
            out |= net.fall & near[net.column] & ~near[net.row]
            out[cell] = False
            cuts.add(np.flatnonzero(out & may & ~hidden), at_least, more)


def _solved(
    weights: Floats, may: Flags, cuts: _Cuts, lines: Sequence[tuple[Floats, float]]
) -> Flags | None:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    size, width = cuts.size, cuts.size + len(cuts.directions)
    if not cuts.rows:
        return np.zeros(size, dtype=bool)
    row = np.repeat(np.arange(len(cuts.rows)), [len(places) for places, _, _ in cuts.rows])
    column = np.concatenate([places for places, _, _ in cuts.rows]).astype(np.intp)
    data = np.concatenate([data for _, data, _ in cuts.rows])
    matrix = csr_array((data, (row, column)), shape=(len(cuts.rows), width))
    conditions = [LinearConstraint(matrix, lb=[least for _, _, least in cuts.rows])]
    for line, number in lines:
        full = np.append(line * may, np.zeros(width - size))
        conditions.append(LinearConstraint(full[None, :], lb=number, ub=number))
    upper = np.append(may.astype(float), np.ones(width - size))
    solution = milp(
        np.append(weights * may, np.zeros(width - size)),
        integrality=np.ones(width),
        bounds=Bounds(0.0, upper),
        constraints=conditions,
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if solution.x is None or solution.status != 0:
        return None
    chosen: Flags = solution.x[:size] > 0.5
    return chosen & may
