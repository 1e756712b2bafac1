"""Moves that are given (locked or edited by hand) and pairs that are forbidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.role_problem import RoleProblem
from caremap.problems import DataProblem

if TYPE_CHECKING:
    from caremap.planning.plan_problems import Settings

__all__ = ["Locked", "check_bounds", "locked_moves", "pairs_of"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Locked:
    """The locked moves of a role, as positions of facilities.

    ``pairs`` are all that are locked, those at 0 people too: nobody else moves between them.
    """

    origin: Whole
    destination: Whole
    staff: Whole
    km: Array
    pairs: Mask
    leaving: Whole
    coming: Whole


def pairs_of(frame: pd.DataFrame | None, role: str, names: npt.NDArray[np.object_]) -> Mask:
    """Return which pairs a frame of ``from`` and ``to`` (and perhaps ``role``) names."""
    found = np.zeros((len(names), len(names)), dtype=bool)
    rows = _rows(frame, role, "forbidden")
    place = {name: at for at, name in enumerate(names)}
    for start, end in zip(rows["from"].astype(str), rows["to"].astype(str), strict=True):
        if start in place and end in place:
            found[place[start], place[end]] = True
    return found


def locked_moves(
    settings: Settings,
    role: str,
    names: npt.NDArray[np.object_],
    people: Whole,
    limits: Mapping[str, Whole],
    forbidden: Mask,
    km: Array,
) -> Locked:
    """Return the moves that are given, or say which of them breaks what.

    Raises
    ------
    caremap.DataProblem
        Where a locked move is not possible or not within the limits.
    """
    rows = _rows(settings.fixed, role, "locked")
    place = {name: at for at, name in enumerate(names)}
    size = len(names)
    staff = np.zeros((size, size), dtype="int64")
    pairs = np.zeros((size, size), dtype=bool)
    for row in rows.itertuples(index=False):
        start, end, number = str(row[0]), str(row[1]), row[2]
        said = f"The locked move of {role} from {start} to {end}"
        for name in (start, end):
            if name not in place:
                raise DataProblem(
                    f"{said} is not possible: {name} takes no part in moves.",
                    "Its name, need, staff or place is not known. Unlock the move.",
                )
        if start == end:
            raise DataProblem(f"{said} goes nowhere.", "Unlock it.")
        one, other = place[start], place[end]
        count = float(number) if isinstance(number, int | float | np.number) else np.nan
        if np.isnan(count) or count < 0 or count != np.floor(count):
            raise DataProblem(f"{said} is not of whole people.", "Give 0, 1, 2 and so on.")
        if pairs[one, other]:
            raise DataProblem(f"{said} is given twice.", "Give it once.")
        pairs[one, other] = True
        staff[one, other] = int(count)
        if not count:
            continue
        if forbidden[one, other]:
            raise DataProblem(f"{said} is forbidden as well.", "Unlock it or allow it.")
        if settings.max_km is not None and km[one, other] > settings.max_km:
            raise DataProblem(
                f"{said} is {km[one, other]:,.1f} km long, beyond the longest move of "
                f"{settings.max_km:,g} km.",
                "Unlock it or allow longer moves.",
            )
    leaving, coming = staff.sum(axis=1), staff.sum(axis=0)
    _check(role, names, leaving, people, "moves {n} of {role} from {name}, which has {most}.")
    leave, arrive = limits["leave"], limits["arrive"]
    _check(role, names, leaving, leave, "takes {n} of {role} from {name}; {most} may leave.")
    _check(role, names, coming, arrive, "brings {n} of {role} to {name}; {most} may arrive.")
    origin, destination = np.nonzero(staff)
    return Locked(
        origin, destination, staff[origin, destination], km[origin, destination], pairs,
        leaving, coming,
    )  # fmt: skip


def check_bounds(problem: RoleProblem, after: Array) -> None:
    """Say where locked moves take a facility below its floor or above its ceiling for good.

    ``after`` is the fairest staffing around them. It fills floors before anything else, so what
    is missing there can be had from nobody.
    """
    below = np.flatnonzero(after < np.minimum(problem.floor, problem.staff) - 1e-9)
    above = np.flatnonzero(after > np.maximum(problem.ceiling, problem.staff) + 1e-9)
    for at, side, bound in (
        *((at, "below its floor", problem.floor[at]) for at in below[:1]),
        *((at, "above its ceiling", problem.ceiling[at]) for at in above[:1]),
    ):
        raise DataProblem(
            f"What is locked leaves {problem.names[at]} with {after[at]:g} of {problem.role}, "
            f"{side} of {bound}, and the other limits let nobody make up for it.",
            "Unlock a move, or move fewer.",
        )


def _check(
    role: str, names: npt.NDArray[np.object_], moved: Whole, most: Whole, words: str
) -> None:
    """Say where locked moves are too many."""
    for at in np.flatnonzero(moved > most)[:1]:
        said = words.format(n=moved[at], role=role, name=names[at], most=most[at])
        raise DataProblem(f"What is locked {said}", "Unlock a move, or move fewer.")


def _rows(frame: pd.DataFrame | None, role: str, what: str) -> pd.DataFrame:
    """Return the rows of a frame of pairs that are of a role."""
    columns = ["from", "to", "staff"]
    if frame is None or not len(frame):
        return pd.DataFrame(columns=columns)
    missing = [name for name in (columns if what == "locked" else columns[:2]) if name not in frame]
    if missing:
        raise DataProblem(f"The {what} moves have no column “{missing[0]}”.", "Add it.")
    rows = frame[frame["role"].astype(str) == role] if "role" in frame else frame
    return rows[[name for name in columns if name in rows]]
