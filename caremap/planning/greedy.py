"""The plan one would make by hand: the nearest facility with too many gives to one with too few."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caremap.planning.role_problem import RoleProblem

__all__ = ["nearest_first"]

Whole = npt.NDArray[np.int64]


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
