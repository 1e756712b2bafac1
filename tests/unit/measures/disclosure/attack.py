"""Who tries to find hidden counts out: linear and integer programming over what is published."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.linalg import null_space
from scipy.optimize import Bounds, LinearConstraint, linprog, milp


def totals(frame: pd.DataFrame, by: list[str], apart: list[str] | None = None) -> np.ndarray:
    """A row per known total: which rows of the frame it adds up."""
    rows = []
    for name in by:
        others = [key for key in (*by, *(apart or [])) if key != name]
        groups = [np.zeros(len(frame), dtype=int)]
        if others:
            groups = [frame.groupby(others, dropna=False).ngroup().to_numpy()]
        rows += [(groups[0] == one).astype(float) for one in np.unique(groups[0])]
    return np.array(rows)


def bounds(
    values: np.ndarray, hidden: np.ndarray, known: np.ndarray, wanted: np.ndarray
) -> dict[int, tuple[float, float]]:
    """The least and the most each hidden count that is wanted can be, fractions allowed."""
    cells = np.flatnonzero(hidden)
    matrix = known[:, cells]
    sums = known @ np.where(hidden, values, 0.0)
    found = {}
    for place in np.flatnonzero(wanted):
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(cells))
            goal[place] = sign
            solved = linprog(goal, A_eq=matrix, b_eq=sums, bounds=(1, None), method="highs")
            assert solved.status in (0, 3), solved.message
            ends.append(np.inf if solved.status == 3 else sign * solved.fun)
        found[int(cells[place])] = (ends[0], ends[1])
    return found


def given_away(values: np.ndarray, hidden: np.ndarray, known: np.ndarray) -> list[int]:
    """Which hidden counts have one possible value.

    A program is solved only where the equations alone do not tell: a count that no solution of
    them moves is given away; one that moves with none but counts above the least of 1 is not.
    """
    cells = np.flatnonzero(hidden)
    assert (values[cells] >= 1).all()
    moves = _moves(known[:, cells])
    above = values[cells] > 1
    freely = np.zeros(len(cells), dtype=bool)
    freely[above] = _moves(known[:, cells[above]])
    in_doubt = moves & ~freely
    found = bounds(values, hidden, known, in_doubt)
    fixed = {cell for cell, (low, high) in found.items() if high - low < 1e-6}
    return [
        int(cell) for cell, moved in zip(cells, moves, strict=True) if not moved or cell in fixed
    ]


def _moves(matrix: np.ndarray) -> np.ndarray:
    """Which unknowns the solutions of linear equations differ in."""
    if not matrix.size:
        return np.ones(matrix.shape[1], dtype=bool)
    return np.abs(null_space(matrix)).max(axis=1, initial=0.0) > 1e-9


def whole_bounds(
    values: np.ndarray, hidden: np.ndarray, known: np.ndarray, cell: int
) -> tuple[float, float]:
    """The least and the most one hidden count can be, in whole numbers."""
    cells = np.flatnonzero(hidden)
    sums = known @ np.where(hidden, values, 0.0)
    ends = []
    for sign in (1.0, -1.0):
        goal = np.where(cells == cell, sign, 0.0)
        solved = milp(
            goal,
            integrality=np.ones(len(cells)),
            bounds=Bounds(1, values.sum()),
            constraints=LinearConstraint(known[:, cells], sums, sums),
        )
        ends.append(sign * solved.fun)
    return ends[0], ends[1]


def least(values: np.ndarray, must: np.ndarray, known: np.ndarray) -> tuple[int, float] | None:
    """By trying everything: the fewest counts to hide beside those that must be, and their sum.

    None where a count that must be hidden is given away whatever is hidden.
    """
    others = np.flatnonzero((values > 0) & ~must)
    if set(np.flatnonzero(must)) & set(given_away(values, values > 0, known)):
        return None
    for size in range(len(others) + 1):
        sums = []
        for more in combinations(others, size):
            hidden = must.copy()
            hidden[list(more)] = True
            if not set(np.flatnonzero(must)) & set(given_away(values, hidden, known)):
                sums.append(values[list(more)].sum())
        if sums:
            return size, min(sums)
    raise AssertionError("hiding everything would have done")
