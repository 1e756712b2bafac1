"""Every plan there is for a handful of people, tried one by one: what the best has to equal.

Written from the definitions, with nothing of the product but a network's columns: a plan is a
matrix of people from facility to facility, kept if it breaks no limit, judged by floors missed,
then by the sum of the squares, in whole numbers, then by staff-kilometres.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Geod


def kilometres(network: pd.DataFrame) -> np.ndarray:
    """Distances between the rows."""
    place = network[["latitude", "longitude"]].to_numpy("float64")
    one, other = (grid.ravel() for grid in np.indices((len(place), len(place))))
    metres = Geod(ellps="WGS84").inv(
        place[one, 1], place[one, 0], place[other, 1], place[other, 0]
    )[2]
    return np.asarray(metres).reshape(len(place), len(place)) / 1000


def sendings(people: int, ends: list[int], size: int, most: int) -> np.ndarray:
    """Every way to send at most so many people to these ends."""
    ways = [
        counts
        for counts in itertools.product(range(min(people, most) + 1), repeat=len(ends))
        if sum(counts) <= min(people, most)
    ]
    rows = np.zeros((len(ways), size), dtype="int64")
    rows[:, ends] = ways
    return rows


def every_plan(network: pd.DataFrame, role: str, limits: dict[str, Any]) -> np.ndarray:
    """Every matrix of moves within the limits."""
    size, staff = len(network), network[role].to_numpy("int64")
    names = network["facility"].tolist()
    km = kilometres(network)
    no = {(names.index(a), names.index(b)) for a, b in limits.get("forbidden", [])}
    leave, arrive = limits.get("max_leave"), limits.get("max_arrive")

    def most(limit: Any, at: int) -> int:
        if limit is None:
            return 10**6
        return math.floor(limit * staff[at] + 1e-9) if isinstance(limit, float) else limit

    found = np.zeros((1, 0, size), dtype="int64")
    for one in range(size):
        ends = [
            other
            for other in range(size)
            if other != one
            and km[one, other] <= limits.get("max_km", math.inf)
            and (one, other) not in no
        ]
        rows = sendings(int(staff[one]), ends, size, most(leave, one))
        found = np.concatenate(
            [np.repeat(found, len(rows), 0), np.tile(rows, (len(found), 1))[:, None, :]], axis=1
        )
        coming = found.sum(axis=1)
        found = found[(coming <= [most(arrive, at) for at in range(size)]).all(axis=1)]
        found = found[found.sum(axis=(1, 2)) <= limits.get("max_moves", 10**6)]
    after = staff + found.sum(axis=1) - found.sum(axis=2)
    floor, ceiling = limits.get("floor", 0), limits.get("ceiling", 10**6)
    kept = (after >= np.minimum(floor, staff)) & (after <= np.maximum(ceiling, staff))
    found = found[kept.all(axis=1)]
    for start, end, count in limits.get("fixed", []):
        found = found[found[:, names.index(start), names.index(end)] == count]
    return found


def judged(
    network: pd.DataFrame, role: str, need: str, floor: int, ceiling: int, plans: np.ndarray
):
    """Posts missing to floors and above ceilings, squares over need, km, of each plan."""
    staff, wanted = network[role].to_numpy("int64"), network[need].to_numpy("int64")
    after = staff + plans.sum(axis=1) - plans.sum(axis=2)
    outside = (np.maximum(floor - after, 0) + np.maximum(after - ceiling, 0)).sum(axis=1)
    scale = math.lcm(*wanted.tolist())
    squares = (after**2 * (scale // wanted)).sum(axis=1)
    return outside, squares, (plans * kilometres(network)).sum(axis=(1, 2))


def best_plan(network: pd.DataFrame, role: str, need: str, limits: dict[str, Any]):
    """What the best plan comes to: posts outside floor and ceiling, squares, kilometres."""
    plans = every_plan(network, role, limits)
    floor, ceiling = limits.get("floor", 0), limits.get("ceiling", 10**6)
    outside, squares, km = judged(network, role, need, floor, ceiling, plans)
    best = (outside == outside.min()).nonzero()[0]
    best = best[squares[best] == squares[best].min()]
    return int(outside[best[0]]), int(squares[best[0]]), float(km[best].min())


def as_matrix(network: pd.DataFrame, moves: pd.DataFrame) -> np.ndarray:
    """The moves of a plan as one such matrix."""
    place = {name: at for at, name in enumerate(network["facility"])}
    matrix = np.zeros((1, len(place), len(place)), dtype="int64")
    for row in moves.to_dict("records"):
        matrix[0, place[row["from"]], place[row["to"]]] += row["staff"]
    return matrix
