"""The plan one would make by hand: the nearest facility with too many gives to one with too few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.needs import need_of
from caremap.planning.plan_frames import Moved, moves_frame
from caremap.planning.plan_problems import Asked, Settings, problems
from caremap.planning.role_problem import RoleProblem
from caremap.planning.roster import need_for, roles_asked
from caremap.planning.ways import ways_of

__all__ = ["by_hand", "greedy_moves", "nearest_first"]

Whole = npt.NDArray[np.int64]


def greedy_moves(
    network: pd.DataFrame,
    roles: str | Sequence[str],
    need: str | Mapping[str, str] = "population",
    **limits: Any,
) -> pd.DataFrame:
    """Return the moves made by hand, nearest first: the simple rule a plan is compared with.

    Parameters
    ----------
    network, roles, need
        As `plan_moves` takes them.
    **limits
        The limits of `plan_moves`: ``max_km``, ``floor``, ``max_leave`` and so on.

    Returns
    -------
    pandas.DataFrame
        As the moves of a `MovePlan`: the nearest pair of a facility above its target and one
        below it comes first, and moves as many as it can; then the next nearest.

    Raises
    ------
    caremap.DataProblem
        As `plan_moves`.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["A", "B", "C"], "population": [500, 300, 200],
    ...     "nurses": [2, 2, 6], "latitude": [47.5, 47.6, 47.7], "longitude": -122.1})
    >>> greedy_moves(network, "nurses", max_moves=2)[["from", "to", "staff"]]
      from to  staff
    0    C  A      1
    1    C  B      1
    """
    settings, names = Settings(need=need, **limits), roles_asked(roles)
    asked = problems(network, names, ways_of(network), settings)
    words = [need_of(need_for(need, role)).unit for role in names]
    return moves_frame(by_hand(asked, settings.max_moves), words)


def by_hand(asked: Sequence[Asked], most: int | None) -> list[Moved]:
    """Return the plan made by hand, role by role, within the number of moves."""
    plans: list[Moved] = []
    left = most
    for one in asked:
        locked = int(one.locked.staff.sum())
        room = None if left is None else max(left - locked, 0)
        plans.append(Moved(one, nearest_first(one.problem, room)))
        left = None if left is None else left - plans[-1].count
    return plans


def nearest_first(problem: RoleProblem, most: int | None = None) -> Whole:
    """Return the people moved on each allowed pair, nearest pairs first.

    Each pair in turn moves as many as the one has above its target, the other below it, and the
    limits allow; until ``most`` have moved. It never looks back, so people near by may be gone
    when somebody needs them who can reach nobody else.
    """
    over, short = _spare(problem)
    useful = np.flatnonzero((over[problem.origin] > 0) & (short[problem.destination] > 0))
    order = useful[np.argsort(problem.km[useful], kind="stable")]
    moved = np.zeros(len(problem.origin), dtype="int64")
    giving, lacking = over.tolist(), short.tolist()
    left = min(sum(giving), sum(lacking), most if most is not None else 2**40)
    pairs = zip(
        order.tolist(),
        problem.origin[order].tolist(),
        problem.destination[order].tolist(),
        strict=True,
    )
    for pair, one, other in pairs:
        count = min(giving[one], lacking[other], left)
        if not count:
            continue
        moved[pair] = count
        giving[one] -= count
        lacking[other] -= count
        left -= count
        if not left:
            break
    return moved


def _spare(problem: RoleProblem) -> tuple[Whole, Whole]:
    """Return how many may leave towards the target, and how many may come."""
    now = problem.now
    over = np.floor(now - np.maximum(problem.target, problem.floor) + 1e-9)
    short = np.floor(np.minimum(problem.target, problem.ceiling) - now + 1e-9)
    over = np.clip(over, 0, np.minimum(problem.people, problem.leave))
    return over.astype("int64"), np.clip(short, 0, problem.arrive).astype("int64")
