"""How many of a role each facility would have if people could be anywhere: targets by need."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.apportionment import apportion
from caremap.planning.limits import Limit, per_facility
from caremap.planning.roster import Roster, roster
from caremap.problems import DataProblem

__all__ = ["shared_out", "targets", "ties"]


def targets(
    network: pd.DataFrame,
    role: str,
    need: str = "population",
    method: str = "webster",
    floor: Limit = 0,
) -> pd.Series:
    """Return the staff each facility would have if the role were shared out by need.

    Parameters
    ----------
    network
        One row per facility: ``facility``, the need, the staff of the role. No coordinates.
    role, need
        Columns.
    method
        ``webster`` (Sainte-Laguë), ``hamilton`` (largest remainder) or ``huntington-hill``.
    floor
        What each facility has at least: one number, a mapping or Series by facility, or a frame
        of ``facility`` (and ``role``) and ``floor``.

    Returns
    -------
    pandas.Series
        Whole people in the order and with the index of the network; their sum is the staff there
        is. A facility whose need or staff is unknown keeps what it has, and has no target (NA).
        Where staff work part of the time, that part stays where it is and whole people are shared
        out on top of it, so that the sum is kept: the Series is then of fractions.

    Raises
    ------
    caremap.DataProblem
        Where a column is missing or not numbers, the floors are more than there is, or there is
        no need at all.

    See Also
    --------
    ties : who was tied for the last post.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["A", "B", "C"], "population": [500, 300, 200],
    ...                         "nurses": [2, 2, 6]})
    >>> targets(network, "nurses").tolist()
    [5, 3, 2]
    >>> targets(network, "nurses", floor=3).tolist()
    [4, 3, 3]
    """
    known = roster(network, role, need)
    given, _ = shared_out(known, role, method, floor)
    values = pd.array([pd.NA] * len(network), dtype="Float64" if known.parts.any() else "Int64")
    values[known.rows[known.known]] = given[known.known]
    series = pd.Series(values, index=network.index, name="target")
    if series.isna().any():
        return series
    return series.astype("float64" if known.parts.any() else "int64")


def ties(
    network: pd.DataFrame,
    role: str,
    need: str = "population",
    method: str = "webster",
    floor: Limit = 0,
) -> tuple[str, ...]:
    """Return the facilities with an equal claim to the last post, which the first by name got.

    Takes what `targets` takes. Empty where there is no tie.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["C", "B", "A"], "population": 11, "staff": [4, 0, 0]})
    >>> targets(network, "staff").tolist(), ties(network, "staff")
    ([1, 1, 2], ('A', 'B', 'C'))
    """
    known = roster(network, role, need)
    return shared_out(known, role, method, floor)[1]


def shared_out(
    known: Roster, role: str, method: str, floor: Limit
) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """Return targets in the order of names (NaN where there is none), and who was tied."""
    least = per_facility(floor, role, known.names, 0, "floor")[known.known]
    base = known.parts[known.known]
    need = pd.Series(known.need[known.known], index=known.names[known.known])
    whole_floor = np.maximum(np.ceil(least - base), 0).astype("int64")
    if whole_floor.sum() > known.people.sum():
        raise DataProblem(
            f"The floors add up to {whole_floor.sum():,} of {role}, more than the "
            f"{known.people.sum():,} there are.",
            "Lower the floors, or leave this role out.",
        )
    given, tied = apportion(need, int(known.people.sum()), method, whole_floor, base=base)
    found = np.full(len(known.names), np.nan)
    found[known.known] = given + base
    return found, tuple(sorted(str(name) for name in tied))
