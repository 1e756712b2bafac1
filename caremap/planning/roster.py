"""A network as a plan needs it: checked, in the order of names, whole people apart from parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.problems import DataProblem

__all__ = ["Roster", "need_for", "numbers", "roles_asked", "roster"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Roster:
    """Staff of one role, facility by facility, in the order of their names.

    Attributes
    ----------
    names, rows
        Facilities, and the row of the network each stands in.
    need, staff
        NaN where unknown.
    known
        Where both are known: the others keep their staff and have no target.
    people, parts
        Whole people, who can move, and the rest of the staff, who work part of the time and stay;
        0 where not known.
    """

    names: npt.NDArray[np.object_]
    rows: Whole
    need: Array
    staff: Array
    known: Mask
    people: Whole
    parts: Array


def roster(network: pd.DataFrame, role: str, need: str) -> Roster:
    """Return the staff of a role and the need beside it, in the order of names.

    Raises
    ------
    caremap.DataProblem
        Where a column is missing or holds what is no number, a number is below zero, or a
        facility has no name or stands there twice.
    """
    names = facilities(network)
    rows = np.asarray(sorted(range(len(names)), key=lambda row: names[row]), dtype="int64")
    staff = numbers(network, role, "staff")[rows]
    wanted = numbers(network, need, "need")[rows]
    known = ~np.isnan(staff) & ~np.isnan(wanted)
    people = np.floor(np.where(known, staff, 0) + 1e-9)
    parts = np.maximum(np.where(known, staff, 0) - people, 0)
    parts[parts < 1e-9] = 0
    ordered = np.asarray(names, dtype=object)[rows]
    return Roster(ordered, rows, wanted, staff, known, people.astype("int64"), parts)


def facilities(network: pd.DataFrame) -> list[str]:
    """Return the names of the facilities, in the order of rows."""
    if "facility" not in network:
        raise DataProblem(
            "The network has no column “facility”.", "Give each row the name of its facility."
        )
    column = network["facility"]
    unnamed = [str(at + 1) for at in np.flatnonzero(column.isna())]
    if unnamed:
        raise DataProblem(f"No facility is named in row {', '.join(unnamed[:5])}.", "Name it.")
    names = [str(name) for name in column]
    twice = [str(at + 1) for at in np.flatnonzero(pd.Series(names).duplicated(keep=False))]
    if twice:
        raise DataProblem(
            f"Rows {', '.join(twice[:6])} have a facility's name in common.",
            "Put the rows of a facility together, or give each its own name.",
        )
    return names


def numbers(network: pd.DataFrame, column: str, what: str) -> Array:
    """Return a column of numbers, NaN where nothing is known."""
    if column not in network:
        have = [str(name) for name in network.columns if name != "facility"]
        raise DataProblem(
            f"The network has no column “{column}” for the {what}.",
            f"Choose one of: {', '.join(have)}." if have else "",
        )
    try:
        values = (
            pd.to_numeric(network[column]).astype("Float64").to_numpy("float64", na_value=np.nan)
        )
    except (TypeError, ValueError):
        raise DataProblem(
            f"The column “{column}” holds something that is no number.", "Correct it."
        ) from None
    wrong = [str(at + 1) for at in np.flatnonzero((values < 0) | np.isinf(values))]
    if wrong:
        raise DataProblem(
            f"The column “{column}” is below zero or without end in row {', '.join(wrong[:5])}.",
            "Correct the file: neither staff nor need can be that.",
        )
    return np.array(values)


def roles_asked(roles: str | Sequence[str]) -> tuple[str, ...]:
    """Return the roles a plan is for, each once."""
    asked = (roles,) if isinstance(roles, str) else tuple(dict.fromkeys(roles))
    if not asked:
        raise DataProblem("No role is chosen.", "Choose at least one.")
    return asked


def need_for(need: str | Mapping[str, str], role: str) -> str:
    """Return the column that is the need of a role."""
    if isinstance(need, str):
        return need
    if role not in need:
        raise DataProblem(f"No need is named for the role “{role}”.", "Name a column for each.")
    return need[role]
