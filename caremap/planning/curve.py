"""Fairness against the number of moves: how far the first moves go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.capped import Budget
from caremap.planning.plan_frames import Moved, by_role, totals
from caremap.planning.plan_problems import Settings, problems
from caremap.planning.role_flow import fairest, shortest
from caremap.planning.roster import roles_asked
from caremap.planning.ways import ways_of

__all__ = ["moves_curve"]

ALL = 80
"""Up to so many moves each is a point of its own, beyond there are `SPREAD` of them."""

SPREAD = 60

MANY, FEW = 10_000, 30
"""Above so many pairs of facilities (of all roles) there are only so many points."""

COLUMNS = ["moves", "max_min", "gini", "worst", "worst_ratio", "staff_km", "proven"]


def moves_curve(
    network: pd.DataFrame,
    roles: str | Sequence[str],
    need: str | Mapping[str, str] = "population",
    *,
    points: int | Sequence[int] | None = None,
    seconds: float = 2.0,
    progress: Callable[[str, float], object] | None = None,
    **limits: Any,
) -> pd.DataFrame:
    """Return how even staffing can be with so many moves, from none to the whole plan.

    Parameters
    ----------
    network, roles, need
        As `plan_moves` takes them.
    points
        How many numbers of moves to try, or which. By default all up to 80, or else about 60 (30
        in a large network), closer together at the beginning. Locked moves are made at every point.
    seconds
        How long to search for the proof of a point that takes one.
    progress
        Is called with what comes next, in words, and the part done (0 to 1).
    **limits
        The limits of `plan_moves` but ``max_moves``: ``max_km``, ``aim``, ``floor`` and so on.

    Returns
    -------
    pandas.DataFrame
        A row for each number of ``moves`` (people; at most so many), each the best plan of that
        many: ``max_min`` (largest over smallest need per staff member, the largest of the roles),
        ``gini`` (the largest), ``worst`` (facility with most need per staff member),
        ``worst_ratio``, ``staff_km``, ``proven``. The last one is the whole plan.

    Raises
    ------
    caremap.DataProblem
        As `plan_moves`.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["A", "B", "C"], "population": [500, 300, 200],
    ...     "nurses": [2, 2, 6], "latitude": [47.5, 47.6, 47.7], "longitude": -122.1})
    >>> moves_curve(network, "nurses")[["moves", "max_min", "worst"]].round(2)
       moves  max_min worst
    0      0     7.50     A
    1      1     4.17     A
    2      2     3.00     B
    3      3     1.87     A
    4      4     1.00     A
    """
    settings = Settings(need=need, **{**limits, "max_moves": None})
    asked = problems(network, roles_asked(roles), ways_of(network), settings)
    flows, whole = [], []
    for one in asked:
        role, best = fairest(one.problem)
        flow, _ = shortest(role, best)
        flows.append(role)
        whole.append(Moved(one, flow[role.moves]))
    budget = Budget(flows)
    locked = sum(int(one.locked.staff.sum()) for one in asked)
    full = sum(plan.count for plan in whole)
    pairs = sum(len(one.problem.origin) for one in asked)
    counts = _counts(locked, full, points, FEW if pairs > MANY else SPREAD)
    rows = []
    for place, moves in enumerate(counts):
        if progress is not None:
            progress(f"The fairest staffing within {moves:,} moves", place / len(counts))
        plans, proven = whole, True
        if moves < full:
            found = budget.plan(moves - locked, seconds)
            plans = [Moved(one, moved) for one, moved in zip(asked, found.moved, strict=True)]
            proven = found.proven
        numbers = totals(by_role(plans, plans))
        rows.append(
            {
                "moves": moves,
                "max_min": numbers["max_min_after"],
                "gini": numbers["gini_after"],
                "worst": numbers["worst_after"],
                "worst_ratio": numbers["worst_ratio_after"],
                "staff_km": numbers["staff_km"],
                "proven": proven,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"moves": "int64"})


def _counts(first: int, last: int, points: int | Sequence[int] | None, spread: int) -> list[int]:
    """Return the numbers of moves to try: the first and the last are among them."""
    if points is not None and not isinstance(points, int):
        return sorted({first, last, *(int(one) for one in points if first < one < last)})
    number = spread if points is None else max(points, 2)
    if last - first < (ALL + 1 if points is None else number):
        return list(range(first, last + 1))
    places = first + (last - first) * np.linspace(0, 1, number) ** 1.5
    return [int(one) for one in np.unique(np.rint(places))]
