"""How many people of each role a facility has, whatever shape its file counts them in.

A count of people is a stock: it holds on its day and is never added over days. Files count
people on a payroll (the last count holds) or people scheduled for a shift, day by day: then an
average day of the last four weeks stands for them, its shifts and units added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.geography.names import place_key
from caremap.intake.headers import words
from caremap.measures.windows import dates_in_doubt
from caremap.planning.plan_words import few
from caremap.planning.role_columns import (
    ALL_STAFF,
    is_all_staff,
    is_fte,
    numbers,
    role_columns,
    role_stem,
)
from caremap.problems import DataProblem

__all__ = ["RoleStaff", "role_staff"]

WEEKS = 4
OFTEN = 8
"""So many dates within four weeks are a roster, not counts of a payroll."""
_TABLES = ("facilities", "capacity", "population")
_CALLED = {"facilities": "facilities", "capacity": "beds", "population": "population"}


@dataclass(frozen=True, eq=False)
class RoleStaff:
    """People by facility and role.

    Attributes
    ----------
    frame
        ``facility`` (as written first), ``role``, ``staff``: one row each, in the order of the
        file. NaN where the file has the row and no number. No row where it says nothing.
    notes
        What was taken for what, and what was left out, in sentences.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def roles(self) -> list[str]:
        """The roles in the order of the file."""
        return list(self.frame["role"].unique())


def _keys(names: pd.Series[Any]) -> dict[Any, str]:
    """Return the key of each name: names are few where rows are many."""
    return {name: place_key(name) for name in names.unique()}


def role_staff(
    dataset: Dataset,
    facilities: pd.DataFrame | None = None,
    *,
    end: pd.Timestamp | None = None,
    columns: Sequence[str] | None = None,
    full_time_hours: float | None = None,
) -> RoleStaff:
    """Return the people of each role at each facility.

    Parameters
    ----------
    dataset
        Its staff table is read, one row per place and role or one column per role; without
        one, the columns of roles in its facilities, capacity or population table.
    facilities
        The facilities, each once, as `caremap.geography.facilities_of` gives them: their columns
        of roles are read instead of those of the table.
    end
        Counts after this day are left out; where there are none before, the first one is taken.
    columns
        The columns that are roles, where they are not to be recognised by their headers.
    full_time_hours
        Asks for full-time equivalents made of hours worked: what one full-time post works in the
        period a row stands for. Hours are taken for nothing else.

    Raises
    ------
    caremap.DataProblem
        Where a column named as a role is not there.

    Examples
    --------
    >>> staff = pd.DataFrame({"facility": ["A", "A", "B"], "role": ["Nurses", "Nurses", "Nurses"],
    ...                       "department": ["ICU", "ED", "ED"], "staff": [3, 4, 0]})
    >>> role_staff(Dataset(staff=staff)).frame.to_dict("list")
    {'facility': ['A', 'B'], 'role': ['Nurses', 'Nurses'], 'staff': [7.0, 0.0]}
    """
    table, names = dataset.staff, [] if facilities is None else list(facilities["facility"])
    if table is not None and "facility" in table and columns is None:
        found = _of_staff_table(table, end, full_time_hours, bool(dates_in_doubt(dataset)))
        if found is not None:
            return found if _within(dataset) else _with_columns(found, facilities)
    if within := _within(dataset):
        return RoleStaff(_nobody(), (within,))
    for kind in ("staff", *_TABLES):
        own = kind == "facilities" and facilities is not None
        other = facilities if own else getattr(dataset, kind)
        held = None if other is None else _by_facility(other, names)
        if held is not None:
            found = _of_columns(held, columns, _CALLED.get(kind, "staff"))
            if found is not None:
                return found
    if columns:
        raise DataProblem(
            f"No table of facilities has a column “{columns[0]}”.",
            "Name columns that count people of a role.",
        )
    return RoleStaff(_nobody(), ("No table counts the staff of facilities.",))


def _within(dataset: Dataset) -> str:
    """Return why staff of whole facilities is none to show under the filters; empty if it is."""
    finer = [name for name in dataset.filters if name not in ("facility", "region")]
    if not finer:
        return ""
    return (
        f"Staff is not counted by {' and '.join(finer)}: take the filter off to see the staff of "
        "whole facilities."
    )


def _nobody() -> pd.DataFrame:
    dtypes = {"facility": "str", "role": "str", "staff": "float64"}
    return pd.DataFrame(columns=list(dtypes)).astype(dtypes)


def _by_facility(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame | None:
    """Return a table with its names of facilities under ``facility``, None where it has none."""
    if "facility" in table:
        return table
    known = {place_key(name) for name in names}
    for column in table.columns if known else ():
        keys = {place_key(value) for value in table[column].dropna().unique()}
        if keys and keys <= known:
            return table.assign(facility=table[column])
    return None


def _with_columns(staff: RoleStaff, facilities: pd.DataFrame | None) -> RoleStaff:
    """Add the roles that only columns of the facilities count."""
    if facilities is None or any(is_all_staff(role) for role in staff.roles):
        return staff
    known = {role_stem(role) for role in staff.roles}
    columns = [name for name in role_columns(facilities)[0]
               if not is_all_staff(name) and role_stem(name) not in known]  # fmt: skip
    more = _of_columns(facilities, columns, _CALLED["facilities"]) if columns else None
    if more is None:
        return staff
    both = pd.concat([staff.frame, more.frame], ignore_index=True)
    return RoleStaff(both, (*staff.notes, *more.notes))


# --- a column per role ---------------------------------------------------------------------


def _of_columns(
    table: pd.DataFrame, columns: Sequence[str] | None, called: str
) -> RoleStaff | None:
    """Melt the columns of roles."""
    if columns is None:
        roles, notes = role_columns(table)
    else:
        roles, notes = [name for name in columns if name in table], []
    if not roles:
        return None
    rows = _once(table)
    alone = len(roles) == 1 and columns is None and is_all_staff(roles[0])
    parts = [
        pd.DataFrame(
            {
                "facility": rows["facility"].to_numpy(),
                "role": ALL_STAFF if alone else role,
                "staff": numbers(rows[role]).to_numpy(),
            }
        )
        for role in roles
    ]
    if alone and roles[0].casefold() != ALL_STAFF:
        notes.append(f"“{roles[0]}” names no role: it is called “staff”.")
    notes.append(f"Staff is from {_quoted(roles)} of the table of {called}.")
    long = pd.concat(parts)
    long = long[long["facility"].notna()]
    return RoleStaff(_added(long), (*notes, *_several(long, ["role"])))


def _once(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per row of the file: a row with beds of two kinds has become two."""
    keys = [name for name in ("source", "source_row") if name in table]
    if keys:
        return table.drop_duplicates(keys)
    if table.index.name == "source_row":
        return table[~table.index.duplicated()]
    return table.drop_duplicates()


# --- a row per place and role --------------------------------------------------------------


def _of_staff_table(
    table: pd.DataFrame, end: pd.Timestamp | None, full_time_hours: float | None, doubt: bool
) -> RoleStaff | None:
    """Add up the rows of a staff table; None where its roles stand in columns of their own."""
    roles = "role" in table and bool(table["role"].notna().any())
    if not roles and [name for name in role_columns(table)[0] if not is_all_staff(name)]:
        return None  # “Nurses” and “Doctors” beside a total say more than the total
    notes: list[str] = []
    if full_time_hours is not None and "hours" in table:
        if not full_time_hours > 0:
            raise DataProblem("A full-time post has to work more than 0 hours.", "Type its hours.")
        table = table.assign(staff=numbers(table["hours"]) / full_time_hours)
        notes.append(f"Staff is hours worked by {full_time_hours:g} hours of a full-time post.")
    elif "staff" not in table or not table["staff"].notna().any():
        return None
    named = table["facility"].notna()
    if not named.all():
        lost = numbers(table.loc[~named, "staff"]).sum()
        notes.append(f"{lost:,.0f} staff of rows without a facility are left out.")
    role = table["role"].where(table["role"].notna(), "Unknown") if roles else ALL_STAFF
    rows = table.assign(role=role, staff=numbers(table["staff"]))[named]
    rows = rows.assign(role=_one_spelling(rows["role"]))
    rows = _heads(_without_totals(rows, notes), notes)
    blank = int(rows["staff"].isna().sum())
    if blank:
        notes.append(f"Rows without a number of staff: {blank:,}. They are unknown, not 0.")
    timed = _typical(rows, end, doubt, notes)
    keys = [name for name in ("role", "department") if name in timed]
    return RoleStaff(_added(timed), (*notes, *_several(timed, keys)))


def _one_spelling(roles: pd.Series[Any]) -> pd.Series[Any]:
    """Write roles that differ in case or blanks only as most rows do."""
    often = roles.astype("str").value_counts(sort=True)
    spelled: dict[str, str] = {}
    for name in often.index:
        spelled.setdefault(place_key(name), " ".join(str(name).split()))
    written = {name: spelled[place_key(name)] for name in roles.unique()}
    return roles.map(written).astype("str")


def _without_totals(rows: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Leave out a role that is all others together."""
    total = rows["role"].map({name: is_all_staff(name) for name in rows["role"].unique()})
    if not total.any() or total.all():
        return rows
    notes.append(f"{_quoted(rows.loc[total, 'role'].unique())} beside single roles: taken for "
                 "their total and left out.")  # fmt: skip
    return rows[~total.astype(bool)]


def _heads(rows: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Leave out full-time equivalents of people whose heads are counted too: people move whole."""
    names = rows["role"].unique()
    places = {
        name: set(rows.loc[rows["role"] == name, "facility"].map(place_key)) for name in names
    }
    for name in filter(is_fte, names):
        for other in names:
            alike = not is_fte(other) and role_stem(other) == role_stem(name)
            if alike and places[name] <= places[other]:
                notes.append(f"“{name}” and “{other}” count the same people: “{other}” is taken.")
                rows = rows[rows["role"] != name]
    return rows


def _typical(
    rows: pd.DataFrame, end: pd.Timestamp | None, doubt: bool, notes: list[str]
) -> pd.DataFrame:
    """Return what holds now of counts at several dates: never their sum."""
    if "date" not in rows or not rows["date"].notna().any():
        return rows
    day = pd.to_datetime(rows["date"]).dt.normalize()
    rows = rows.assign(date=day)
    if doubt and day.min() < day.max():  # which count is the last is not known
        notes.append("Dates are in doubt: staff is the average of all its counts, not the last.")
        return _average_day(rows, _shift_of(rows), notes)
    if end is not None:
        until = day.le(end) | day.isna()
        first = day.min()
        kept = until if (day <= end).any() else day.eq(first) | day.isna()
        if not (day <= end).any():
            notes.append(f"Staff was first counted on {said(first)}, after {said(end)}: "
                         "the first count is taken.")  # fmt: skip
        rows = rows[kept]
    last = rows["date"].max()
    recent = rows[rows["date"] > last - pd.Timedelta(weeks=WEEKS)]
    shift = _shift_of(rows)
    if shift or recent["date"].nunique() >= OFTEN:
        return _average_day(recent, shift, notes)
    keys = [name for name in ("facility", "department", "role") if name in rows]
    latest = rows.groupby(keys, dropna=False)["date"].transform("max")
    held = rows[rows["date"].eq(latest) | (rows["date"].isna() & latest.isna())]
    dates = held["date"].dropna()
    between = said(last) if dates.min() == last else f"{said(dates.min())} to {said(last)}"
    notes.append(f"Staff is the last count of each place and role ({between}), never added "
                 "over dates.")  # fmt: skip
    return held


def _shift_of(rows: pd.DataFrame) -> str | None:
    """Return the column that names the shift of a row."""
    known = {"shift", "tour", "turno", "schicht", "dienst", "poste", "equipo"}
    for name in rows.columns:
        if set(words(str(name)).split()) & known and not pd.api.types.is_numeric_dtype(rows[name]):
            return str(name)
    return None


def _average_day(rows: pd.DataFrame, shift: str | None, notes: list[str]) -> pd.DataFrame:
    """Average each unit and shift over the days it is counted on."""
    places = [name for name in ("facility", "department", "role") if name in rows]
    keys = places if shift is None else [*places, shift]
    known = rows[rows["staff"].notna()]
    by = known.groupby(keys, dropna=False, sort=False)
    mean = (by["staff"].sum() / by["date"].nunique()).rename("staff").reset_index()
    first, last = said(rows["date"].min()), said(rows["date"].max())
    parts = "units and shifts" if shift else "units"
    notes.append(
        f"Staff is counted by {'shift' if shift else 'day'}: it is the average day of {first} to "
        f"{last}, {parts} added up and rounded to whole people, never added over days."
        + (" Someone who works two shifts of a day counts twice." if shift else "")
    )
    unknown = rows[rows["staff"].isna()][places].drop_duplicates().assign(staff=np.nan)
    total = pd.concat([mean, unknown]).groupby(["facility", "role"], sort=False, dropna=False)
    whole = bool((known["staff"] % 1 == 0).all())
    added = total["staff"].sum(min_count=1)
    return (added.round() if whole else added).reset_index()


def _several(rows: pd.DataFrame, keys: Sequence[str]) -> tuple[str, ...]:
    """Say which facilities have several rows for the same people, as far as the table tells."""
    counted = rows[rows["staff"].notna()]
    counted = counted.assign(place=counted["facility"].map(_keys(counted["facility"])))
    again = counted[counted.duplicated(["place", *keys])]
    names = again.drop_duplicates("place")["facility"].tolist()
    if not names:
        return ()
    named = few(names)
    return (f"Several rows count the same staff of {named}: they are added up.",)


def _added(rows: pd.DataFrame) -> pd.DataFrame:
    """Add up the units of each facility, whose name may differ in case and blanks."""
    keyed = rows.assign(place=rows["facility"].map(_keys(rows["facility"])))
    total = keyed.groupby(["place", "role"], sort=False)["staff"].sum(min_count=1)
    first = keyed.drop_duplicates("place").set_index("place")["facility"]
    result = total.reset_index()
    return pd.DataFrame(
        {
            "facility": result["place"].map(first).astype("str"),
            "role": result["role"].astype("str"),
            "staff": result["staff"].astype("float64"),
        }
    )


def _quoted(names: Sequence[str] | Mapping[str, object] | Any) -> str:
    quoted = [f"“{name}”" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
