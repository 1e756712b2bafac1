"""An emergency allocation of 500 places, against dense integer programs of the same problem.

- The problem is put to scipy.optimize.milp as it stands in books: a variable for every pair of a
  place that can give and one that is in need, dense matrices, what is promised as a limit; first
  the most need points, then the fewest unit-kilometres at that many. Both have to come to the same
  points and the same unit-kilometres. The time of the allocation is that of `emergency` as a page
  calls it, with its tables, reasons, worth of one more unit, and the simple rule; of the solver,
  its two calls alone.
- What is compared runs in turns; the ratio is the median of the ratios of the turns.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np
import pandas as pd
import scipy
from scipy.optimize import Bounds, LinearConstraint, milp

from caremap.geography import kilometres
from caremap.planning import Allocation, emergency

PLACES = 500
LIMITS: dict[str, Any] = {"max_km": 120.0, "minimum": 0.2}
GOAL = 20


def places(size: int = PLACES, seed: int = 20240501) -> pd.DataFrame:
    """Invented places in a square of some 300 km: three of five are short of units."""
    chance = np.random.default_rng(seed)
    short = chance.random(size) < 0.6
    return pd.DataFrame(
        {
            "place": [f"Place {number:03}" for number in chance.permutation(size)],
            "latitude": 45 + 3 * chance.random(size),
            "longitude": -120 + 4 * chance.random(size),
            "demand": np.where(short, chance.integers(1, 30, size), 0),
            "spare": np.where(short, 0, chance.integers(0, 35, size)),
            "score": np.round(25 * chance.random(size), 2),
        }
    )


def by_milp(frame: pd.DataFrame) -> tuple[float, float, float]:
    """Need points, unit-kilometres, and the seconds of their solution by dense programs."""
    giving, wanting = frame[frame["spare"] > 0], frame[frame["demand"] > 0]
    km = kilometres(
        giving["latitude"].to_numpy()[:, None], giving["longitude"].to_numpy()[:, None],
        wanting["latitude"].to_numpy()[None, :], wanting["longitude"].to_numpy()[None, :],
    )  # fmt: skip
    many, few = km.shape
    demand = wanting["demand"].to_numpy("float64")
    rows = np.zeros((many + few, many * few))
    for at in range(many):
        rows[at, at * few : (at + 1) * few] = 1  # no more is given than there is
    for at in range(few):
        rows[many + at, at::few] = 1  # nor received than is needed, nor less than is promised
    least = np.ceil(LIMITS["minimum"] * demand - 1e-9)
    limits = LinearConstraint(
        rows, np.r_[np.zeros(many), least], np.r_[giving["spare"].to_numpy("float64"), demand]
    )
    allowed = np.where(km <= LIMITS["max_km"], demand[None, :], 0)
    points = np.tile(wanting["score"].to_numpy("float64"), many)
    options, whole = {"mip_rel_gap": 0}, np.ones(many * few)
    bounds = Bounds(0, allowed.ravel())
    start = time.perf_counter()
    first = milp(-points, integrality=whole, bounds=bounds, constraints=limits, options=options)
    same = LinearConstraint(points[None, :], -first.fun - 1e-6, np.inf)
    second = milp(
        km.ravel(), integrality=whole, bounds=bounds, constraints=[limits, same], options=options
    )
    taken = time.perf_counter() - start
    return -float(first.fun), float(second.fun), taken


def shown(found: Allocation) -> str:
    """An allocation in a line."""
    totals = found.totals
    return (
        f"{totals['units']:,} units sent, {totals['value']:,.2f} need points "
        f"(simple rule {totals['greedy_value']:,.2f}), {totals['unit_km']:,.1f} unit-km"
    )


def show(runs: int) -> None:
    """Print an allocation against the solver."""
    frame = places()
    print(
        f"\nAn emergency allocation of {len(frame)} places, {runs} turns, scipy {scipy.__version__}"
    )
    emergency(frame[:20], **LIMITS)  # libraries are loaded before the clock runs
    ratios = []
    for _ in range(runs):
        start = time.perf_counter()
        found = emergency(frame, **LIMITS)
        ours = time.perf_counter() - start
        value, km, theirs = by_milp(frame)
        same = np.isclose(found.totals["value"], value, rtol=1e-9) and np.isclose(
            found.totals["unit_km"], km, rtol=1e-6
        )
        ratios.append(theirs / ours)
        print(
            f"  allocation {ours:5.2f} s, dense integer programs {theirs:7.2f} s: "
            f"{ratios[-1]:6.1f} times faster; same objective: {bool(same)}; "
            f"floors not kept: {found.totals['floors_unmet']}",
            flush=True,
        )
    print(f"  {shown(found)}")
    print(f"  median {statistics.median(ratios):.1f} times faster (goal: at least {GOAL})")
