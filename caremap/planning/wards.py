"""Which ward the patients to expect go to, by level of care and how long they may stay."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import fsum
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.allocating import solve
from caremap.planning.allocation import Allocation
from caremap.planning.care_levels import CARE_POINTS
from caremap.planning.numbered import numbered
from caremap.planning.progress import Progress, silent
from caremap.planning.ward_frames import (
    notes_of,
    patients_placed,
    sent_to_wards,
    value_unit,
    ward_limits,
)
from caremap.planning.ward_problem import WardProblem, ward_problem
from caremap.planning.whole_numbers import Choice, Rules, best_choice, upper_bound

__all__ = ["place_patients"]

Whole = npt.NDArray[np.int64]

SMALL = 1e-9
SMALL_POINTS = 1e-6
"""By how much a search in floating point may miss a whole number of points."""


@dataclass(frozen=True, eq=False)
class _Placed:
    """How many patients go each way, and of which ways it is proven that none are worth more."""

    problem: WardProblem
    units: Whole
    sure: npt.NDArray[np.bool_]
    settled: bool = True

    @property
    def proven(self) -> bool:
        """Whether nothing is worth more."""
        return bool(self.sure.all())

    @property
    def value(self) -> float:
        """The points of all who are placed."""
        return fsum(self.units * self.problem.points[self.problem.group])


def place_patients(
    patients: pd.DataFrame,
    wards: pd.DataFrame,
    *,
    days: int = 14,
    survival: Mapping[str, Any] | pd.DataFrame | None = None,
    held: pd.DataFrame | None = None,
    points: Mapping[str, float] = CARE_POINTS,
    seconds: float = 20.0,
    progress: Progress | None = None,
) -> Allocation:
    """Return which wards the patients to expect are placed in, within the beds of every day.

    Parameters
    ----------
    patients
        One row per group, as `expected_patients` gives them: ``group``, ``expected`` (whole
        patients of the window), and perhaps ``department`` (else the group is it), ``facility``,
        ``level`` (``general``, ``intermediate``, ``intensive``; else general), ``stay`` (nights
        to expect), ``risk`` (of a long stay, shown only) and ``day`` (of arrival, 1 to ``days``;
        without it they come as evenly over the days as whole patients can).
    wards
        ``ward`` (each once), ``beds`` (missing: the ward is left out), and perhaps
        ``department``, ``facility``, ``level`` and ``occupied``, as `wards_of` gives them.
    days
        How many days ahead.
    survival
        By group the chance to be in still at the k-th midnight after arrival, as
        `stay_curves` gives it. Else stays are taken to be as likely to end after a long time as
        after a short one, with the mean ``stay``; where that is missing too, a patient keeps the
        bed for the whole window.
    held
        ``ward``, ``day``, ``held``: beds that today's patients still hold, as `blocked_beds` gives
        them. Where a ward is not in it, its ``occupied`` beds stay occupied.
    points
        What one patient placed counts, by the level needed.
    seconds
        How long to search.
    progress
        Is called with what comes next, in words, and the part done (0 to 1).

    Returns
    -------
    Allocation
        ``use`` is ``wards``. ``sent``: from a group of patients to a ward, with the columns
        ``level`` (needed) and ``ward_level``. ``places`` has one row per *group of patients*:
        ``demand`` (patients to expect), ``received`` (placed), ``unmet``, ``need`` NaN, and
        ``level``, ``stay``, ``risk``. ``limits`` has one row per ward, on its fullest day:
        ``used`` (beds newly taken), ``of`` (beds today's patients leave free), ``one_more`` (one
        more bed on all days). ``totals`` also has ``own_department`` and ``above_level``
        (patients).

    Raises
    ------
    caremap.DataProblem
        Where columns are missing, numbers are not whole, or a ward or a group stands twice.

    Notes
    -----
    Nobody is placed below the level of care needed, nor in another facility. The most points
    first; among these, as many as can be in their own department, then in wards no higher than
    needed; then by name. A bed is taken by the *expected* part of a patient on each day: half of
    all futures take more. With beds taken for the whole window it is a flow of least cost
    (`caremap.planning.allocating`); by day, whole numbers are searched (HiGHS), and ``optimal``
    says whether the best is proven. The simple rule beside it places the highest level first,
    group by group, in the first ward with a free bed.

    Examples
    --------
    >>> patients = pd.DataFrame({"group": ["Surgery", "Medicine"], "expected": [3, 4]})
    >>> wards = pd.DataFrame({"ward": ["Surgery", "Medicine"], "beds": [6, 5], "occupied": [2, 3]})
    >>> found = place_patients(patients, wards)
    >>> found.sent[["from", "to", "units"]]
           from        to  units
    0   Surgery   Surgery      3
    1  Medicine  Medicine      2
    2  Medicine   Surgery      1
    >>> found.places[["place", "unmet"]].to_dict("list")
    {'place': ['Surgery', 'Medicine'], 'unmet': [0, 1]}
    """
    tell = progress or silent
    until = time.monotonic() + seconds
    problem = ward_problem(patients, wards, days, survival, held, points)
    tell("The best places", 0.0)
    simple = _simple(problem)
    found = _best(problem, simple.units, time.monotonic() + 0.6 * seconds, tell)
    tell("What one more bed would do", 0.6)
    worth = _worth(found, until, lambda part: tell("What one more bed would do", 0.6 + 0.4 * part))
    tell("Done", 1.0)
    return Allocation(
        use="wards",
        sent=sent_to_wards(problem, found.units),
        places=patients_placed(problem, found.units),
        limits=ward_limits(problem, found.units, worth),
        totals=MappingProxyType(_totals(found, simple)),
        value_unit=value_unit(points),
        optimal=found.proven,
        settings=MappingProxyType({"days": days, "points": dict(points)}),
        assumptions=_assumptions(problem, held),
        notes=notes_of(problem, (found.proven, found.settled), worth, held),
    )


def _best(problem: WardProblem, simple: Whole, until: float, tell: Progress) -> _Placed:
    """Return the best: every facility, or whatever shares no ward with the rest, for itself."""
    units = np.zeros(len(problem.ward), dtype="int64")
    sure, settled = np.ones(len(units), dtype=bool), True
    parts = _parts(problem)
    for number, ways in enumerate(parts):
        tell(f"The best places{_in_facility(problem, ways)}", 0.6 * number / len(parts))
        left = (until - time.monotonic()) / (len(parts) - number)
        found = _of_part(problem, ways, left, simple[ways])
        units[ways], sure[ways] = found.numbers, found.proven[0]
        settled = settled and all(found.proven)
    return _Placed(problem, units, sure, settled)


def _in_facility(problem: WardProblem, ways: Whole) -> str:
    """Return where some ways lead, in words; empty where that is not one facility by name."""
    names = set(problem.wards["facility"].iloc[problem.ward[ways]])
    return f" in {names.pop()}" if len(names) == 1 and "" not in names else ""


def _of_part(
    problem: WardProblem, ways: Whole, seconds: float, known: Whole, *, value_only: bool = False
) -> Choice:
    """Return how many patients go each of some ways; ``known`` is one way to do it."""
    if not problem.by_day:
        return Choice(_flow(problem, ways), (True,))
    return best_choice(_rules(problem, ways), _wishes(problem, ways, value_only), seconds, known)


def _parts(problem: WardProblem) -> list[Whole]:
    """Return the ways that have cohorts or wards in common, part by part."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(problem.cohort) + len(problem.wards)
    ends = (problem.coming, len(problem.cohort) + problem.ward)
    joined = coo_array((np.ones(len(problem.ward)), ends), shape=(size, size))
    part = connected_components(joined, directed=False)[1][problem.coming]
    return [np.flatnonzero(part == one) for one in dict.fromkeys(part.tolist())]


def _flow(problem: WardProblem, ways: Whole) -> Whole:
    """Return the best by the model all allocations share: beds go to groups of patients."""
    free = np.floor(problem.free.min(axis=1) + SMALL).astype("int64")
    wards, people = np.unique(problem.ward[ways]), np.unique(problem.coming[ways])
    names = [numbered(problem.ward[ways]), numbered(problem.coming[ways])]
    solved = solve(
        pd.DataFrame({"source": numbered(wards), "units": free[wards]}),
        pd.DataFrame({"place": numbered(people), "tier": 0, "units": problem.waiting[people],
                      "value": problem.points[problem.cohort[people]]}),
        pd.DataFrame({"source": names[0], "place": names[1],
                      "km": problem.steps[ways].astype("float64")}),
    )  # fmt: skip
    sent = solved.sent.groupby(["source", "place"])["units"].sum().to_dict()
    return np.array([sent.get(pair, 0) for pair in zip(*names, strict=True)], dtype="int64")


def _rules(problem: WardProblem, ways: Whole) -> Rules:
    """Return what limits placing: the patients there are, and the beds of every ward and day."""
    days, each = problem.spare.shape[1], np.arange(len(ways))
    people, person = np.unique(problem.coming[ways], return_inverse=True)
    wards, place = np.unique(problem.ward[ways], return_inverse=True)
    taken = problem.taken[problem.coming[ways]]
    way, day = np.nonzero(taken)
    return Rules(
        most=problem.waiting[problem.coming[ways]],
        row=np.r_[person, len(people) + place[way] * days + day],
        column=np.r_[each, way],
        weight=np.r_[np.ones(len(ways)), taken[way, day]],
        limit=np.r_[problem.waiting[people].astype("float64"), problem.free[wards].ravel()],
    )


def _wishes(problem: WardProblem, ways: Whole, value_only: bool) -> list[npt.NDArray[np.float64]]:
    points = problem.points[problem.group[ways]]
    if value_only:
        return [points]
    return [points, -problem.steps[ways].astype("float64")]


def _worth(
    found: _Placed, until: float, tell: Callable[[float], object]
) -> npt.NDArray[np.float64]:
    """Return what one more bed in each ward would add; NaN where it is not proven in time."""
    problem = found.problem
    worth = np.zeros(len(problem.wards))
    done = 0
    for ways in _parts(problem):
        wards = np.unique(problem.ward[ways])
        people = np.unique(problem.coming[ways])
        if found.units[ways].sum() == problem.waiting[people].sum():
            done += len(wards)
            continue  # nobody is left who could use it
        sure = bool(found.sure[ways].all())
        for ward in wards:
            tell(done / len(worth))
            done += 1
            left = until - time.monotonic()
            worth[ward] = _gain(found, ways, ward, left) if sure and left > 0 else np.nan
    return worth


def _gain(found: _Placed, ways: Whole, ward: int, seconds: float) -> float:
    """Return what one more bed in a ward adds to some ways; NaN where it is not proven in time.

    Mostly no search is needed: where those who find room beside the patients placed already add
    as much as there could be in parts of patients, nothing adds more.
    """
    problem, points = found.problem, found.problem.points[found.problem.group[ways]]
    spare = problem.spare.copy()
    spare[ward] += 1
    wider = replace(problem, spare=spare)
    known = found.units[ways]
    if problem.by_day:
        known = _filled(wider, found.units)[ways]
        most = upper_bound(_rules(wider, ways), points)
        whole = np.array_equal(points, np.rint(points))
        most = np.floor(most + SMALL_POINTS) if whole else most
        more = Choice(known, (fsum(known * points) >= most - SMALL,))
    if not (problem.by_day and more.proven[0]):
        more = _of_part(wider, ways, seconds, known, value_only=True)
    gain = fsum(more.numbers * points) - fsum(found.units[ways] * points)
    return (gain if abs(gain) > SMALL else 0.0) if more.proven[0] else float("nan")


def _simple(problem: WardProblem) -> _Placed:
    """Return the simple rule: the highest level first, each in the nearest ward with a free bed."""
    units = _filled(problem, np.zeros(len(problem.group), dtype="int64"))
    return _Placed(problem, units, np.ones(len(units), dtype=bool))


def _filled(problem: WardProblem, placed: Whole) -> Whole:
    """Return patients placed by the simple rule too, beside those who have a place."""
    units = placed.copy()
    left = problem.free
    if not problem.by_day:
        left = np.floor(left + SMALL)
    left = left - problem.used(units)
    rank = problem.patients["rank"].to_numpy("int64")[problem.cohort]
    for coming in np.argsort(-rank, kind="stable"):
        taken = problem.taken[coming]
        ways = np.flatnonzero(problem.coming == coming)
        waiting = int(problem.waiting[coming] - units[ways].sum())
        for way in ways[np.argsort(problem.steps[ways], kind="stable")]:
            ward = problem.ward[way]
            fits = (left[ward][taken > 0] / taken[taken > 0]).min(initial=float(waiting))
            more = max(min(waiting, int(fits + SMALL)), 0)
            units[way] += more
            waiting -= more
            left[ward] -= more * taken
    return units


def _totals(found: _Placed, simple: _Placed) -> dict[str, Any]:
    problem, units = found.problem, found.units
    wanted = int(problem.patients["expected"].sum())
    ranks = problem.wards["rank"].to_numpy("int64")[problem.ward]
    above = ranks > problem.patients["rank"].to_numpy("int64")[problem.group]
    return {
        "value": found.value,
        "units": int(units.sum()),
        "unit_km": float("nan"),
        "unmet": wanted - int(units.sum()),
        "floors_unmet": 0,
        "greedy_value": simple.value,
        "greedy_unmet": wanted - int(simple.units.sum()),
        "own_department": int(units[problem.own].sum()),
        "above_level": int(units[above].sum()),
    }


def _assumptions(problem: WardProblem, held: pd.DataFrame | None) -> tuple[str, ...]:
    lines = [
        "Nobody is placed in a ward below the level of care needed, or in another facility.",
        "Every bed of a ward can be used by every patient it takes: rooms, isolation and sex are "
        "not modelled.",
    ]
    if problem.by_day:
        if problem.patients["day"].isna().any():
            lines.append("Patients of a group come evenly over the days.")
        lines.append(
            "Beds are counted as they are expected to be taken, day by day. About half the time "
            "more are taken than that: leave some free."
        )
        lines.append(
            "Short stays fit where long ones do not, so where beds are short the patients with "
            "long stays of a level wait first."
        )
    else:
        lines.append("How long patients stay is not given: each takes a bed for the whole window.")
    if held is None:
        lines.append("Beds that are occupied today stay occupied for the whole window.")
    else:
        lines.append("Beds become free as today's patients are expected to leave.")
    return tuple(lines)
