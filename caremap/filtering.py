"""Which rows of the tables a filter keeps, which tables cannot answer for it, and the period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype

from caremap.days import day_from, said
from caremap.problems import DataProblem

__all__ = ["UNKNOWN", "Values", "kept", "named", "period_from", "with_regions"]

UNKNOWN = "Unknown"
"""What a missing value is called wherever rows are grouped or filtered."""

Tables = Mapping[str, pd.DataFrame | None]

Values = Callable[[pd.DataFrame], "pd.Series[Any] | None"]
"""Returns what a table has under the column that is filtered; None where it has nothing."""

Period = tuple[pd.Timestamp | None, pd.Timestamp | None] | None
"""First and last day, either of them None where it is open; None where none was set."""

_PLACES = ("facilities", "population")
"""Tables of places, not of patients: what they lack they are not asked for."""


def kept(
    tables: Tables,
    facilities: pd.DataFrame | None,
    column: str,
    names: tuple[str, ...],
    values: Values | None = None,
) -> tuple[dict[str, pd.DataFrame | None], dict[str, str]]:
    """Filter every table by one column.

    Parameters
    ----------
    tables
        The tables by their names; None is passed over.
    facilities
        The facilities before any filter: they have the regions that stays and counts may lack.
    column, names
        The column, and the names to keep in it.
    values
        How to find the column in a table; by default under its name.

    Returns
    -------
    tuple
        The tables that change, None where one cannot answer for the filter, and the reason
        for each of these.

    Examples
    --------
    >>> beds = pd.DataFrame({"facility": ["North"], "units": [5]})
    >>> kept({"capacity": beds}, None, "gender", ("F",))[1]
    {'capacity': 'it has no gender column, so it cannot be filtered by gender'}
    """
    found: dict[str, pd.DataFrame | None] = {}
    lost: dict[str, str] = {}
    by_facility = column == "region" and not _patients_have(tables, column)
    for kind, table in tables.items():
        if table is None:
            continue
        of = table.get(column) if values is None else values(table)
        if of is None and by_facility and "facility" in table and _have_regions(facilities):
            of = table["facility"].map(_regions(facilities))
        if of is not None:
            # Beds go by name without case, see `caremap.measures.beds`.
            beds = kind in ("beds", "capacity")
            found[kind] = table[named(_folded(of), _folds(names)) if beds else named(of, names)]
        elif kind not in _PLACES or (kind == "facilities" and column == "region"):
            lost[kind] = f"it has no {column} column, so it cannot be filtered by {column}"
            found[kind] = None
    return found, lost


def named(column: pd.Series[Any], names: Sequence[str]) -> pd.Series[bool]:
    """Return which rows carry one of the names, as groups are named wherever rows are grouped.

    Missing is “Unknown”, a flag “Yes” or “No”, and a whole number “4” where it is held as 4.0.

    Examples
    --------
    >>> named(pd.Series([4.0, 5.0, None]), ["4", "Unknown"]).tolist()
    [True, False, True]
    """
    if is_bool_dtype(column.dtype):
        asked: list[Any] = [flag for flag, name in ((True, "Yes"), (False, "No")) if name in names]
        found = column.isin(asked)
    elif is_float_dtype(column.dtype):
        found = column.isin(pd.to_numeric(pd.Series(list(names)), errors="coerce").dropna())
    else:
        texts = column.astype("str")
        found = texts.isin(_as_written(texts, names))
    return found | column.isna() if UNKNOWN in names else found & column.notna()


def period_from(held: Period, start: object, end: object) -> Period:
    """Return the reporting period with this first and last day; None keeps the day held.

    Raises
    ------
    caremap.DataProblem
        Where a day cannot be read or the period ends before it starts.

    Examples
    --------
    >>> period_from(None, "2024-04-01", None)
    (Timestamp('2024-04-01 00:00:00'), None)
    """
    if start is None and end is None:
        return held
    first, last = held or (None, None)
    first = first if start is None else day_from(start, "start of the period")
    last = last if end is None else day_from(end, "end of the period")
    if first is not None and last is not None and first > last:
        raise DataProblem(
            f"The period ends ({said(last)}) before it starts ({said(first)}).",
            "Swap the two days.",
        )
    return first, last


def with_regions(tables: Tables, facilities: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """Return stays and counts with the regions of their facilities; nothing where they have own.

    Examples
    --------
    >>> places = pd.DataFrame({"facility": ["North"], "region": ["Up"]})
    >>> with_regions({"stays": pd.DataFrame({"facility": ["North"]})}, places)["stays"]
      facility region
    0    North     Up
    """
    if _patients_have(tables, "region") or facilities is None or not _have_regions(facilities):
        return {}
    names = _regions(facilities)
    return {
        kind: table.assign(region=table["facility"].map(names).astype("str"))
        for kind in ("stays", "activity")
        if (table := tables.get(kind)) is not None and "facility" in table
    }


def _regions(facilities: pd.DataFrame | None) -> pd.Series[str]:
    """Return the region of each facility that has one."""
    assert facilities is not None
    known = facilities.dropna(subset=["facility", "region"]).drop_duplicates("facility")
    return known.set_index("facility")["region"]


def _patients_have(tables: Tables, column: str) -> bool:
    """Return whether stays or counts have the column: a patient's region is not the hospital's."""
    return any(
        (table := tables.get(kind)) is not None and column in table
        for kind in ("stays", "activity")
    )


def _have_regions(facilities: pd.DataFrame | None) -> bool:
    return facilities is not None and {"facility", "region"} <= set(facilities)


def _as_written(texts: pd.Series[str], names: Sequence[str]) -> list[str]:
    """Return the names as the column writes them: 4 as 4.0 where all of it is such numbers."""
    numbers = [f"{name}.0" for name in names if name.lstrip("-").isdecimal()]
    if not numbers or not texts.isin(numbers).any():
        return list(names)
    known = pd.Series(texts.dropna().unique(), dtype="str")
    whole = known[known != UNKNOWN].str.fullmatch(r"-?\d+\.0").all()
    return [*names, *numbers] if whole else list(names)


def _folded(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype("str").str.strip().str.casefold().where(column.notna())


def _folds(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name if name == UNKNOWN else name.strip().casefold() for name in names)
