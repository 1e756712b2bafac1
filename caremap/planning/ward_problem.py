"""Who can be placed where, and how long a bed is taken: patients and wards, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.care_levels import level_rank
from caremap.problems import DataProblem

__all__ = ["OTHER_DEPARTMENT", "WardProblem", "ward_problem"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

OTHER_DEPARTMENT = 10
"""Steps that a place in another department counts; each level more than is needed counts one."""


@dataclass(frozen=True, eq=False)
class WardProblem:
    """Patients and wards in the order of names.

    Attributes
    ----------
    patients
        ``label`` (each once), ``group``, ``department``, ``facility``, ``level``, ``rank`` (of
        the level), ``expected`` (whole), ``stay``, ``risk``, ``row`` (position as given).
    wards
        ``ward`` (each once), ``department``, ``facility``, ``level``, ``rank``, ``beds``.
    free
        Beds of each ward (rows) that today's patients leave free, day by day.
    cohort, waiting, taken
        Those of a group who come on one day: the group, how many they are, and the beds one of
        them is expected to take, day by day.
    coming, ward
        Every way a patient can be placed: who (position of the cohort) and where.
    own, steps
        Of each way, whether the ward is one of the own department, and how far it is from the own
        department at the level needed.
    points
        What one patient placed counts, by group.
    unknown
        Wards left out, because their beds are not known.
    """

    patients: pd.DataFrame
    wards: pd.DataFrame
    free: Array
    cohort: Whole
    waiting: Whole
    taken: Array
    coming: Whole
    ward: Whole
    own: npt.NDArray[np.bool_]
    steps: Whole
    points: Array
    unknown: int

    @property
    def group(self) -> Whole:
        """The group of patients each way is for."""
        return self.cohort[self.coming]

    @property
    def by_day(self) -> bool:
        """Whether beds are taken for some days only, so that days have to be told apart."""
        return bool((self.taken != 1).any())

    def used(self, placed: Whole) -> Array:
        """Return the beds taken in each ward, day by day."""
        used = np.zeros_like(self.free)
        np.add.at(used, self.ward, placed[:, None] * self.taken[self.coming])
        return used


def ward_problem(
    patients: pd.DataFrame,
    wards: pd.DataFrame,
    days: int,
    survival: Mapping[str, Any] | pd.DataFrame | None,
    held: pd.DataFrame | None,
    points: Mapping[str, float],
) -> WardProblem:
    """Return what the arguments of `caremap.planning.place_patients` ask for."""
    if int(days) != days or days < 1:
        raise DataProblem("The days ahead have to be a whole number, 1 or more.", "Change them.")
    people, places = _patients(patients, int(days)), _wards(wards)
    cohort, waiting, taken = _cohorts(people, {} if survival is None else survival, int(days))
    rank, ward_rank = people["rank"].to_numpy("int64"), places["rank"].to_numpy("int64")
    may = (rank[:, None] <= ward_rank) & _same(people["facility"], places["facility"], blank=True)
    coming, ward = np.nonzero(may[cohort])
    group = cohort[coming]
    own = _same(people["department"], places["department"], blank=False)[group, ward]
    return WardProblem(
        patients=people,
        wards=places,
        free=_free(places, held, int(days)),
        cohort=cohort,
        waiting=waiting,
        taken=taken,
        coming=coming,
        ward=ward,
        own=own,
        steps=np.where(own, 0, OTHER_DEPARTMENT) + ward_rank[ward] - rank[group],
        points=np.array([_points(points, level) for level in people["level"]]),
        unknown=len(wards) - len(places),
    )


def _points(points: Mapping[str, float], level: str) -> float:
    value = float(points.get(level, np.nan))
    if not (np.isfinite(value) and value > 0):
        raise DataProblem("The points of a level of care have to be above 0.", "Change the points.")
    return value


def _require(frame: pd.DataFrame, what: str, names: list[str]) -> None:
    for name in names:
        if name not in frame:
            raise DataProblem(f"The table of {what} has no column “{name}”.", "Add it.")
        if frame[name].isna().any():
            raise DataProblem(f"A cell of “{name}” in the table of {what} is empty.", "Fill it.")


def _column(frame: pd.DataFrame, name: str, default: object) -> pd.Series[Any]:
    """Return a column as text, the default where it is blank or not there."""
    if name not in frame:
        return pd.Series([default] * len(frame), index=frame.index, dtype="object")
    given = frame[name].astype("object")
    return given.where(given.notna(), default).map(lambda value: str(value).strip())


def _number(frame: pd.DataFrame, name: str, *, whole: bool = False) -> Array:
    """Return a column as numbers of 0 or more, NaN where there are none."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    found = np.asarray(pd.to_numeric(frame[name], errors="coerce"), dtype="float64")
    if (found < 0).any() or np.isinf(found).any():
        raise DataProblem(f"A number in “{name}” is below 0 or no number.", "Change it.")
    if whole and (np.isnan(found) | (found != np.rint(found))).any():
        raise DataProblem(f"“{name}” has to be a whole number in every row.", "Round it.")
    return found


def _patients(patients: pd.DataFrame, days: int) -> pd.DataFrame:
    _require(patients, "patients", ["group", "expected"])
    group = _column(patients, "group", "")
    level = _column(patients, "level", "general").map(str.casefold)
    day = _number(patients, "day")
    if ((day < 1) | (day > days) | ((day != np.floor(day)) & ~np.isnan(day))).any():
        raise DataProblem(f"A day of arrival is not one of 1 to {days}.", "Change the day.")
    table = pd.DataFrame(
        {
            "group": group.to_numpy(),
            "facility": _column(patients, "facility", "").to_numpy(),
            "level": level.to_numpy(),
            "day": day,
            "department": _column(patients, "department", "").to_numpy(),
            "rank": [level_rank(one) for one in level],
            "expected": _number(patients, "expected", whole=True).astype("int64"),
            "stay": _number(patients, "stay"),
            "risk": _number(patients, "risk"),
            "row": np.arange(len(patients)),
        }
    )
    table["department"] = table["department"].where(table["department"].ne(""), table["group"])
    keys = ["group", "facility", "level", "day"]
    if table.duplicated(keys).any():
        raise DataProblem("A group of patients stands twice.", "Give each group one row.")
    table = table.sort_values(keys, kind="stable", ignore_index=True)
    table["label"] = _labels(table)
    return table


def _labels(table: pd.DataFrame) -> list[str]:
    """Return a name for every group of patients, with as much as tells it from the others."""
    parts = [table["group"].astype("str")]
    if len(table["facility"].unique()) > 1:
        parts.append(table["facility"].astype("str"))
    if table.duplicated(["group", "facility", "day"], keep=False).any():
        parts.append(table["level"].astype("str"))
    if table["day"].notna().any():
        parts.append(table["day"].map(lambda day: "" if pd.isna(day) else f"day {day:.0f}"))
    return [", ".join(filter(None, row)) for row in zip(*parts, strict=True)]


def _wards(wards: pd.DataFrame) -> pd.DataFrame:
    _require(wards, "wards", ["ward"])
    if "beds" not in wards:
        raise DataProblem("The table of wards has no column “beds”.", "Add it.")
    wards = wards[wards["beds"].notna()]
    level = _column(wards, "level", "general").map(str.casefold)
    names = _column(wards, "ward", "")
    occupied = _number(wards, "occupied")
    table = pd.DataFrame(
        {
            "ward": names.to_numpy(),
            "department": _column(wards, "department", "").to_numpy(),
            "facility": _column(wards, "facility", "").to_numpy(),
            "level": level.to_numpy(),
            "rank": [level_rank(one) for one in level],
            "beds": _number(wards, "beds", whole=True),
            "occupied": np.nan_to_num(occupied),
        }
    )
    table["department"] = table["department"].where(table["department"].ne(""), table["ward"])
    if table["ward"].duplicated().any():
        raise DataProblem("A ward stands twice.", "Give each ward one row and a name of its own.")
    return table.sort_values("ward", kind="stable", ignore_index=True)


def _same(first: pd.Series[str], second: pd.Series[str], *, blank: bool) -> npt.NDArray[np.bool_]:
    """Return which names agree, whatever their case; ``blank``: an empty one agrees with all."""
    one = first.map(str.casefold).to_numpy("object")[:, None]
    other = second.map(str.casefold).to_numpy("object")[None, :]
    same = one == other
    if blank:
        same = same | (one == "") | (other == "")
    return np.asarray(same, dtype=bool)


def _free(wards: pd.DataFrame, held: pd.DataFrame | None, days: int) -> Array:
    """Return beds less those today's patients hold: by day where known, else all of the time."""
    taken = np.repeat(wards["occupied"].to_numpy("float64")[:, None], days, axis=1)
    if held is not None:
        for name in ("ward", "day", "held"):
            if name not in held:
                raise DataProblem(f"The table of held beds has no column “{name}”.", "Add it.")
        here = {name: row for row, name in enumerate(wards["ward"])}
        inside = held[held["ward"].isin(list(here)) & held["day"].between(1, days)]
        inside = inside[inside["held"].notna()]
        rows = inside["ward"].map(here).to_numpy("int64")
        taken[rows, inside["day"].to_numpy("int64") - 1] = inside["held"].to_numpy("float64")
    free: Array = np.maximum(wards["beds"].to_numpy("float64")[:, None] - taken, 0.0)
    return free


def _cohorts(
    people: pd.DataFrame, survival: Mapping[str, Any] | pd.DataFrame, days: int
) -> tuple[Whole, Whole, Array]:
    """Return who comes together: group, how many, and the beds one of them takes day by day.

    Where no day is told, patients come as evenly over the days as whole ones can. Who stays for
    an unknown time takes a bed throughout.
    """
    found: list[tuple[int, int, Array]] = []
    for group, row in enumerate(people.to_dict("records")):
        curve = _curve(row, survival, days)
        if curve is None:
            found.append((group, int(row["expected"]), np.ones(days)))
            continue
        told = not np.isnan(row["day"])
        many = np.zeros(days, dtype="int64")
        if told:
            many[int(row["day"]) - 1] = row["expected"]
        else:
            middle = (np.arange(row["expected"]) + 0.5) * days / max(row["expected"], 1)
            np.add.at(many, middle.astype("int64"), 1)
        for late in np.flatnonzero(many):
            taken = np.r_[np.zeros(late), curve[: days - late]]
            found.append((group, int(many[late]), taken))
    return (
        np.array([group for group, _, _ in found], dtype="int64"),
        np.array([many for _, many, _ in found], dtype="int64"),
        np.array([taken for _, _, taken in found]).reshape(len(found), days),
    )


def _curve(
    row: Mapping[Any, Any], survival: Mapping[str, Any] | pd.DataFrame, days: int
) -> Array | None:
    """Return the chance to be in still at each midnight; None where no stay is known."""
    for name in (row["label"], row["group"]):
        if name in survival:
            given = np.asarray(survival[name], dtype="float64")
            given = np.nan_to_num(given)  # columns of a frame end at different midnights
            if ((given < 0) | (given > 1 + 1e-9)).any() or (np.diff(given) > 1e-9).any():
                raise DataProblem(
                    "A survival of the stay rises, or leaves the range from 0 to 1.",
                    "Give the chance to be in still, midnight by midnight.",
                )
            known: Array = np.r_[given, np.zeros(days)][:days]
            return known
    if np.isnan(row["stay"]):
        return None
    chance = row["stay"] / (1 + row["stay"])
    curve: Array = chance ** np.arange(1, days + 1)
    return curve
