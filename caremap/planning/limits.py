"""The limits of a plan as a user gives them, made one number per facility."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.problems import DataProblem

__all__ = ["NO_LIMIT", "Limit", "per_facility", "share_or_number"]

Limit = int | float | Mapping[str, Any] | pd.Series | pd.DataFrame | None
Whole = npt.NDArray[np.int64]

NO_LIMIT = 2**40
"""More people than there are anywhere."""


def per_facility(
    limit: Limit, role: str, names: npt.NDArray[np.object_], missing: int, what: str
) -> Whole:
    """Return a limit in people for each facility, in the order of names.

    Parameters
    ----------
    limit
        One number for all; a mapping or Series by facility, or by role; or a frame of
        ``facility``, perhaps ``role``, and a column named as the limit (or else its last column).
        None: no limit.
    role
        The role it is asked for.
    names
        Facilities.
    missing
        What holds where nothing is said.
    what
        What the limit is called: ``floor``, ``ceiling``.

    Raises
    ------
    caremap.DataProblem
        Where it is no whole number of 0 or more, or names a facility that is not there.
    """
    if limit is None:
        return np.full(len(names), missing, dtype="int64")
    if isinstance(limit, Real):
        return np.full(len(names), _whole(limit, what), dtype="int64")
    given = _by_name(limit, role, names, what)
    return np.asarray(
        [_whole(given[name], what) if name in given else missing for name in names], dtype="int64"
    )


def share_or_number(limit: Limit, role: str, names: Any, staff: Any, what: str) -> Whole:
    """Return how many people may leave or arrive: a whole number, or a share of the staff.

    A share is a fraction up to 1, of the whole people a facility has of the role; what is not a
    whole person is rounded down.
    """
    if limit is None:
        return np.full(len(names), NO_LIMIT, dtype="int64")
    given = (
        dict.fromkeys(names, limit)
        if isinstance(limit, Real)
        else _by_name(limit, role, names, what)
    )
    found = np.full(len(names), NO_LIMIT, dtype="int64")
    for at, name in enumerate(names):
        if name not in given:
            continue
        value = given[name]
        if isinstance(value, float | np.floating) and 0 <= value <= 1:
            found[at] = int(np.floor(float(value) * float(staff[at]) + 1e-9))
        else:
            found[at] = _whole(value, what)
    return found


def _by_name(limit: Any, role: str, names: Any, what: str) -> dict[str, Any]:
    """Return a limit by facility of one role; what is not given is not in it."""
    if isinstance(limit, pd.DataFrame):
        rows = limit[limit["role"] == role] if "role" in limit else limit
        if "facility" not in rows:
            raise DataProblem(f"The {what} has no column “facility”.", "Name the facilities.")
        column = what if what in rows else rows.columns[-1]
        given = dict(zip(rows["facility"].astype(str), rows[column], strict=True))
    else:
        given = {str(name): value for name, value in dict(limit).items()}
        if role in given and role not in names:
            return dict.fromkeys(names, given[role])
    unknown = sorted(set(given) - set(names))
    if unknown and not isinstance(limit, pd.DataFrame) and not set(given) & set(names):
        return {}  # by role, and this role has none
    if unknown:
        raise DataProblem(
            f"The {what} names {len(unknown)} that the network does not have: "
            f"{', '.join(unknown[:3])}.",
            "Use the names of the network.",
        )
    return {name: value for name, value in given.items() if not pd.isna(value)}


def _whole(value: Any, what: str) -> int:
    """Return a limit that is a whole number of people."""
    number = float(value) if isinstance(value, Real) else np.nan
    if np.isnan(number) or number < 0 or number != np.floor(number):
        raise DataProblem(f"A {what} is no whole number of people.", "Give 0, 1, 2 and so on.")
    return int(min(number, NO_LIMIT))
