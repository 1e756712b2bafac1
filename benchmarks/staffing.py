"""What a plan of staff moves costs: against a solver for whole numbers, and as networks grow.

    .venv/bin/python benchmarks/staffing.py
    .venv/bin/python benchmarks/staffing.py --only milp      # against scipy.optimize.milp
    .venv/bin/python benchmarks/staffing.py --only growth    # 500 facilities against 200
    .venv/bin/python benchmarks/staffing.py --only order     # rows shuffled 20 times
    .venv/bin/python benchmarks/staffing.py --only cap       # with a limit on moves, and the curve

- The same problem is put to scipy.optimize.milp as it stands in books: a variable for every pair
  of facilities and one for every post, dense matrices, first the fairest staffing, then the fewest
  kilometres at that fairness. Both have to come to the same floors missed, the same sum of squares
  and the same staff-kilometres. The time of the plan is that of `plan_moves` as a page calls it,
  with its tables, reasons and the plan made by hand; of the solver, its two calls alone.
- What is compared runs in turns; ratios are medians of the ratios of the turns.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy
from scipy.optimize import Bounds, LinearConstraint, milp

sys.path.insert(0, str(Path(__file__).parents[1]))  # the project is run, not installed
from caremap.geography import distances  # noqa: E402
from caremap.planning import MovePlan, moves_curve, plan_moves  # noqa: E402

LIMITS: dict[str, Any] = {
    "max_km": 80.0,
    "floor": 2,
    "ceiling": 90,
    "max_leave": 0.5,
    "max_arrive": 12,
}
ROLES = 5


def network(size: int, seed: int = 20240403) -> pd.DataFrame:
    """An invented network in a square of some 300 km, with five roles of some 20 people each."""
    chance = np.random.default_rng(seed)
    staff = {f"role {number}": chance.integers(0, 40, size) for number in range(1, ROLES + 1)}
    return pd.DataFrame(
        {
            "facility": [f"Facility {number:03}" for number in chance.permutation(size)],
            "latitude": 45 + 3 * chance.random(size),
            "longitude": -120 + 4 * chance.random(size),
            "population": chance.integers(500, 60_000, size),
            **staff,
        }
    )


def roles_of(frame: pd.DataFrame) -> list[str]:
    """The columns of staff."""
    return [name for name in frame if name.startswith("role")]


def by_milp(frame: pd.DataFrame, role: str, km: np.ndarray) -> tuple[np.ndarray, float]:
    """The moves of one role by two dense integer programs, and the seconds of their solution."""
    size, staff = len(frame), frame[role].to_numpy("int64")
    need = frame["population"].to_numpy("float64")
    most = min(LIMITS["ceiling"], int(staff.max()) + LIMITS["max_arrive"])
    count = np.arange(most)
    step = (2 * count + 1)[None, :] / need[:, None]
    step = step / step.max() - 2.0 * (count < LIMITS["floor"])[None, :]  # floors before all else
    pairs, posts = size * size, size * most
    rows = np.zeros((3 * size, pairs + posts))
    for at in range(size):
        rows[at, at * size : (at + 1) * size] = 1  # everybody goes somewhere, or stays
        rows[size + at, at:pairs:size] = 1  # who is there fills a post
        rows[size + at, pairs + at * most : pairs + (at + 1) * most] = -1
        rows[2 * size + at, at:pairs:size] = 1  # few arrive
        rows[2 * size + at, at * size + at] = 0
    low = np.r_[staff, np.zeros(size), np.full(size, -np.inf)]
    high = np.r_[staff, np.zeros(size), np.full(size, LIMITS["max_arrive"])]
    leaving = np.floor(LIMITS["max_leave"] * staff + 1e-9)
    allowed = np.where(km <= LIMITS["max_km"], np.minimum(staff, leaving)[:, None], 0)
    np.fill_diagonal(allowed, staff)
    least = np.zeros((size, size))
    np.fill_diagonal(least, staff - leaving)
    bounds = Bounds(np.r_[least.ravel(), np.zeros(posts)], np.r_[allowed.ravel(), np.ones(posts)])
    whole = np.ones(pairs + posts)
    unfair = np.r_[np.zeros(pairs), step.ravel()]
    length = np.r_[(km - np.diag(np.diag(km))).ravel(), np.zeros(posts)]
    options = {"mip_rel_gap": 0}
    start = time.perf_counter()
    first = milp(
        unfair, integrality=whole, bounds=bounds, constraints=LinearConstraint(rows, low, high),
        options=options,
    )  # fmt: skip
    fair = float(unfair @ np.rint(first.x))
    second = milp(
        length, integrality=whole, bounds=bounds, options=options,
        constraints=[
            LinearConstraint(rows, low, high),
            LinearConstraint(unfair[None, :], -np.inf, fair + 1e-7),
        ],
    )  # fmt: skip
    taken = time.perf_counter() - start
    best = second.x if second.x is not None else first.x
    return np.rint(best[:pairs]).astype("int64").reshape(size, size), taken


def worth(frame: pd.DataFrame, role: str, km: np.ndarray, moves: np.ndarray) -> tuple[float, ...]:
    """Posts missing to floors, sum of the squares and staff-kilometres."""
    moves = moves - np.diag(np.diag(moves))
    after = frame[role].to_numpy() + moves.sum(axis=0) - moves.sum(axis=1)
    need = frame["population"].to_numpy("float64")
    missing = np.maximum(LIMITS["floor"] - after, 0).sum()
    return float(missing), float((after**2 / need).sum()), float((moves * km).sum())


def as_matrix(frame: pd.DataFrame, plan: MovePlan, role: str) -> np.ndarray:
    """The moves of a role as a matrix."""
    place = {name: at for at, name in enumerate(frame["facility"])}
    matrix = np.zeros((len(frame), len(frame)), dtype="int64")
    rows = plan.moves[plan.moves["role"] == role]
    matrix[rows["from"].map(place), rows["to"].map(place)] = rows["staff"]
    return matrix


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What work gives, and its seconds."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def show_milp(size: int, runs: int) -> None:
    """Print a plan against the solver."""
    frame = network(size)
    km = distances(frame).to_numpy()
    roles = roles_of(frame)
    print(f"\nA plan of {size} facilities and {ROLES} roles with limits, {runs} turns")
    ratios = []
    for _ in range(runs):
        plan, ours = timed(lambda: plan_moves(frame, roles, **LIMITS))
        theirs, same = 0.0, True
        for role in roles:
            moves, seconds = by_milp(frame, role, km)
            theirs += seconds
            mine = worth(frame, role, km, as_matrix(frame, plan, role))
            other = worth(frame, role, km, moves)
            same &= bool(np.allclose(mine, other, rtol=1e-6))
        ratios.append(theirs / ours)
        print(
            f"  plan {ours:6.2f} s, dense integer programs {theirs:7.2f} s: {ratios[-1]:6.1f} "
            f"times faster; {plan.totals['moved']:,} people move; same objective: {same}",
            flush=True,
        )
    print(f"  median {statistics.median(ratios):.1f} times faster (goal: at least 20)")


def show_growth(runs: int) -> None:
    """Print 500 facilities against 200."""
    print("\nA plan with limits, five roles")
    small, large = network(200), network(500)
    ratios = []
    for _ in range(runs):
        _, few = timed(lambda: plan_moves(small, roles_of(small), **LIMITS))
        _, many = timed(lambda: plan_moves(large, roles_of(large), **LIMITS))
        ratios.append(many / few)
        print(
            f"  200 facilities {few:5.2f} s, 500 facilities {many:5.2f} s: {ratios[-1]:.1f} times"
        )
    print(f"  median {statistics.median(ratios):.1f} times (goal: at most 10)")


def show_order(shuffles: int) -> None:
    """Print whether the order of rows matters."""
    frame = network(200)
    first = plan_moves(frame, roles_of(frame), **LIMITS)
    same = 0
    for seed in range(shuffles):
        again = plan_moves(frame.sample(frac=1, random_state=seed), roles_of(frame), **LIMITS)
        same += first.moves.equals(again.moves)
    print(f"\nRows shuffled {shuffles} times, 200 facilities: {same} times the same plan")


def show_cap() -> None:
    """Print plans of a limited number of moves."""
    frame = network(200)
    whole, seconds = timed(lambda: plan_moves(frame, roles_of(frame), **LIMITS))
    most = whole.totals["moved"]
    print(f"\n200 facilities, five roles: {most:,} moves in {seconds:.1f} s")
    for part in (0.1, 0.5, 0.9):
        plan, seconds = timed(
            lambda p=part: plan_moves(frame, roles_of(frame), max_moves=int(p * most), **LIMITS)
        )
        print(f"  at most {int(part * most):5,} moves: {seconds:5.1f} s, proven: {plan.optimal}")
    few = network(50)
    curve, seconds = timed(lambda: moves_curve(few, roles_of(few), **LIMITS))
    print(f"  curve of 50 facilities, {len(curve)} points: {seconds:.1f} s, "
          f"proven: {curve['proven'].mean():.0%}")  # fmt: skip


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["milp", "growth", "order", "cap"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--size", type=int, default=200, help="facilities against the solver")
    given = parser.parse_args()
    print(f"python {sys.version.split()[0]}, scipy {scipy.__version__}")
    plan_moves(network(10), ["role 1"])  # libraries are loaded before the clock runs
    if given.only in (None, "milp"):
        show_milp(given.size, given.runs)
    if given.only in (None, "growth"):
        show_growth(given.runs)
    if given.only in (None, "order"):
        show_order(20)
    if given.only in (None, "cap"):
        show_cap()


if __name__ == "__main__":
    main()
