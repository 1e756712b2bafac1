"""Patients placed in wards, as the frames of an allocation and in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.plan_words import counted, figure
from caremap.planning.ward_problem import WardProblem

__all__ = ["notes_of", "patients_placed", "sent_to_wards", "value_unit", "ward_limits"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

SMALL = 1e-6
_SEEN = 0.05
"""Beds from which one decimal is not 0."""
WORST = 3
"""Wards a note names."""


def value_unit(points: Mapping[str, float]) -> str:
    """Return what points count, in words.

    >>> value_unit({"general": 1.0, "intensive": 100.0})
    'points of care (a patient placed: general 1, intensive 100)'
    """
    said = ", ".join(f"{level} {value:g}" for level, value in points.items())
    return f"points of care (a patient placed: {said})"


def sent_to_wards(problem: WardProblem, units: Whole) -> pd.DataFrame:
    """Return who goes where, the most patients first."""
    some = np.flatnonzero(units)
    pair = problem.group[some] * len(problem.wards) + problem.ward[some]
    _, first, which = np.unique(pair, return_index=True, return_inverse=True)
    ways, placed = some[first], np.bincount(which, weights=units[some], minlength=len(first))
    placed = placed.astype("int64")
    people = problem.patients.iloc[problem.group[ways]].reset_index(drop=True)
    wards = problem.wards.iloc[problem.ward[ways]].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "from": people["label"].astype("str"),
            "to": wards["ward"].astype("str"),
            "units": placed,
            "km": np.full(len(ways), np.nan),
            "value": placed * problem.points[problem.group[ways]],
            "why": pd.Series([_why(problem, int(way)) for way in ways], dtype="str"),
            "level": people["level"].astype("str"),
            "ward_level": wards["level"].astype("str"),
            "row": people["row"],
        }
    )
    table = table.sort_values(["units", "from", "to"], ascending=[False, True, True])
    return table.drop(columns="row").reset_index(drop=True)


def _why(problem: WardProblem, way: int) -> str:
    level = problem.patients["level"].iloc[problem.group[way]]
    above = problem.wards["rank"].iloc[problem.ward[way]] > problem.patients["rank"].iloc[
        problem.group[way]
    ]  # fmt: skip
    care = "of a higher level than needed" if above else f"of {level} care"
    if problem.own[way]:
        return f"Their own department, a ward {care}."
    return f"Another department, a ward {care}: beds of their own do not suffice or do not fit."


def patients_placed(problem: WardProblem, units: Whole) -> pd.DataFrame:
    """Return the groups of patients in the order given, with what is missing and why."""
    people = problem.patients
    received = np.zeros(len(people), dtype="int64")
    np.add.at(received, problem.group, units)
    expected = people["expected"].to_numpy("int64")
    table = pd.DataFrame(
        {
            "place": people["label"].astype("str"),
            "need": np.full(len(people), np.nan),
            "demand": expected,
            "floor": np.zeros(len(people), dtype="int64"),
            "received": received,
            "unmet": expected - received,
            "reason": pd.Series(_reasons(problem, units, expected - received), dtype="str"),
            "level": people["level"].astype("str"),
            "stay": people["stay"],
            "risk": people["risk"],
        }
    )
    return table.iloc[np.argsort(people["row"].to_numpy())].reset_index(drop=True)


def _reasons(problem: WardProblem, units: Whole, unmet: Whole) -> list[str]:
    left = problem.free - problem.used(units)
    lines = []
    for group, short in enumerate(unmet):
        if not short:
            lines.append("")
            continue
        people = counted(int(short), "patient", "patients")
        level = problem.patients["level"].iloc[group]
        open_to = np.unique(problem.ward[problem.group == group])
        if not len(open_to):
            lines.append(f"{people} without a bed: no ward gives {level} care to this group.")
            continue
        many = "the ward" if len(open_to) == 1 else f"the {len(open_to)} wards"
        when = f" (fullest on day {int(np.argmin(left[open_to].sum(axis=0))) + 1})"
        lines.append(
            f"{people} without a bed: {many} of {level} care or above that they may go to have no "
            f"bed free for as long as they stay{when if problem.by_day else ''}."
        )
    return lines


def ward_limits(problem: WardProblem, units: Whole, worth: Array) -> pd.DataFrame:
    """Return the beds of each ward on its fullest day, and what one more would do."""
    used = problem.used(units)
    left = problem.spare - used
    day = np.argmin(left, axis=1)
    ward = np.arange(len(day))
    said = [f"Free beds on day {at + 1}, the fullest" if problem.by_day else "Free beds"
            for at in day]  # fmt: skip
    return pd.DataFrame(
        {
            "limit": pd.Series(said, dtype="str"),
            "at": problem.wards["ward"].astype("str"),
            "used": used[ward, day],
            "of": problem.free[ward, day],
            "binding": (left[ward, day] < 1 - SMALL) & (np.nan_to_num(worth) > SMALL),
            "one_more": worth,
        }
    )


def notes_of(
    problem: WardProblem, proven: tuple[bool, bool], worth: Array, held: pd.DataFrame | None
) -> tuple[str, ...]:
    """Return what a reader has to know, beds blocked by long stays first."""
    lines = list(_blocked(problem, held))
    if problem.unknown:
        unknown = counted(problem.unknown, "ward", "wards")
        lines.append(f"Beds are not known of {unknown}: left out.")
    if proven[0] and not proven[1]:
        lines.append(
            "That nothing places more is proven. That nobody else could be in their own department "
            "was not proven in the time given."
        )
    if not proven[0]:
        lines.append(
            "In the time given it is not proven that nothing is better. Allow more seconds, or "
            "use fewer groups."
        )
    if np.isnan(worth).any():
        lines.append(
            "What one more bed would do was not worked out for all wards in the time given."
        )
    return tuple(lines)


def _blocked(problem: WardProblem, held: pd.DataFrame | None) -> list[str]:
    """Return where long stays of today block the most beds at the end of the window."""
    if held is None or "long" not in held:
        return []
    inside = held[held["ward"].isin(problem.wards["ward"])]
    if inside.empty:
        return []
    inside = inside[inside["day"] == min(inside["day"].max(), problem.free.shape[1])]
    beds = inside["ward"].map(problem.wards.set_index("ward")["beds"])
    share = (inside["long"] / beds.where(beds > 0)).to_numpy("float64")
    table = inside.assign(beds=beds, part=share).sort_values(
        ["part", "ward"], ascending=[False, True]
    )
    return [
        f"{row['ward']}: on day {row['day']:.0f} long stays of today's patients are expected to "
        f"hold {row['long']:.1f} of {figure(row['beds'])} beds."
        for row in table[table["long"] >= _SEEN].head(WORST).to_dict("records")
    ]
