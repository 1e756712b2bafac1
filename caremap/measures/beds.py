"""Staffed beds per place and day: typed in, else from a capacity file, else from counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.measures import reductions
from caremap.measures.coverage import has
from caremap.measures.rhythm import CALENDAR, usual_gap

__all__ = ["PLACES", "Beds", "beds_of", "one_spelling", "plain"]

PLACES = ("facility", "department", "ward")
_RESOURCES = ("staffed_beds", "staffed_bed", "beds", "bed", "total_beds", "inpatient_beds", "")
_ADVICE = "Type in the number of staffed beds, or add a file with beds per facility."


@dataclass(frozen=True)
class Beds:
    """Staffed beds.

    Attributes
    ----------
    table
        Columns of places, ``date`` (NaT where a number holds always) and ``units`` (NaN where
        a place has beds of an unknown number); None where no bed count is known.
    note
        Where the beds come from, or what is missing.
    """

    table: pd.DataFrame | None
    note: str

    @property
    def places(self) -> tuple[str, ...]:
        """The place columns that are filled throughout."""
        if self.table is None:
            return ()
        return tuple(
            name for name in PLACES if name in self.table and self.table[name].notna().all()
        )

    def on(
        self, days: pd.DatetimeIndex, places: Sequence[str], keys: Sequence[tuple[str, ...]]
    ) -> np.ndarray[Any, Any]:
        """Return staffed beds per day (rows) and key (columns), NaN where not known.

        A number holds from its date until the next one of the same place; before the first
        it is not known. Places within a key are added, and one that is not known makes the
        key not known. Names that differ in case only are one place.
        """
        held: dict[tuple[str, ...], np.ndarray[Any, Any]] = {}
        if self.table is not None:
            finest = [name for name in PLACES if name in self.table]
            seen: dict[tuple[str, ...], int] = {}
            codes = [seen.setdefault(plain(row), len(seen)) for row in self._names(finest)]
            for _, rows in self.table.groupby(np.array(codes or [0] * len(self.table), int)):
                key = plain([rows[name].iloc[0] for name in places])
                held[key] = held.get(key, 0.0) + _standing(rows, days)
        unknown = np.full(len(days), np.nan)
        columns = [held.get(plain(key), unknown) for key in keys]
        return np.column_stack(columns) if columns else np.empty((len(days), 0))

    def keys(self, places: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the places that have a bed count, each once, as they are written first."""
        known: dict[tuple[str, ...], tuple[str, ...]] = {}
        for row in self._names(places):
            known.setdefault(plain(row), tuple(map(str, row)))
        return sorted(known.values())

    def _names(self, places: Sequence[str]) -> list[tuple[Any, ...]]:
        if self.table is None or not places:
            return []
        return list(self.table[list(places)].itertuples(index=False, name=None))


def beds_of(dataset: Dataset) -> Beds:
    """Return the staffed beds of a dataset: typed in, else capacity, else counts."""
    if dataset.beds is not None:
        return Beds(_undated(dataset.beds), "Staffed beds as typed in.")
    if dataset.capacity is not None:
        table = _from_capacity(dataset.capacity)
        if table is not None:
            return _as_counted(table, "Staffed beds from the capacity file.")
    if has(dataset.activity, "staffed_beds") or has(dataset.activity, "occupied_beds", "free_beds"):
        apart = [one for one in dataset.findings if one.code == "stays-against-counts"]
        note = " ".join(["Staffed beds from the file of counts.", *(one.message for one in apart)])
        return _as_counted(_from_activity(dataset), note)
    for table_name, called in (("beds", "typed-in bed counts"), ("capacity", "capacity file")):
        if table_name in dataset.lost:
            return Beds(None, f"The {called} cannot be used: {dataset.lost[table_name]}.")
    if dataset.capacity is not None:
        return Beds(None, f"The capacity file has no count of staffed beds. {_ADVICE}")
    return Beds(None, f"No staffed beds are known. {_ADVICE}")


def _as_counted(table: pd.DataFrame, note: str) -> Beds:
    """Take beds counted once to hold on every day, and say so."""
    given = table.loc[table["units"].notna(), "date"]
    dates = given.dropna().unique()
    if len(dates) != 1 or given.isna().any():
        return Beds(table, note)
    return Beds(_undated(table), f"{note} Counted on {said(dates[0])}, taken to hold on all days.")


def plain(names: Sequence[object]) -> tuple[str, ...]:
    """Return names as they are compared: without case and outer blanks.

    Examples
    --------
    >>> plain(["North ", "ICU"])
    ('north', 'icu')
    """
    return tuple(str(name).strip().casefold() for name in names)


def one_spelling(
    table: pd.DataFrame, places: Sequence[str], weight: pd.Series[Any]
) -> pd.DataFrame:
    """Write names of places that differ in case only as most of the weight does.

    They are one place, whose beds count once.

    Examples
    --------
    >>> table = pd.DataFrame({"ward": ["ICU", "icu", "ED"]})
    >>> one_spelling(table, ["ward"], pd.Series([1, 2, 3]))["ward"].tolist()
    ['icu', 'icu', 'ED']
    """
    for name in places:
        often = weight.groupby(table[name]).sum().sort_values(ascending=False, kind="stable")
        spelled: dict[tuple[str, ...], str] = {}
        for value in often.index:
            spelled.setdefault(plain([value]), str(value))
        if len(spelled) < len(often):
            once = {value: spelled[plain([value])] for value in often.index}
            table = table.assign(**{name: table[name].map(once).astype("str")})
    return table


def _from_capacity(capacity: pd.DataFrame) -> pd.DataFrame | None:
    """Keep the rows that count staffed beds; of several such counts of a place the best."""
    if "units" not in capacity:
        return None
    capacity = capacity.reset_index(drop=True)  # one row of a file may give several counts
    resource = (
        capacity["resource"].astype("object").where(capacity["resource"].notna(), "").map(_slug)
        if "resource" in capacity
        else pd.Series("", index=capacity.index)
    )
    rank = resource.map({name: place for place, name in enumerate(_RESOURCES)})
    counted = capacity[rank.notna() & capacity["units"].notna()]
    if counted.empty:
        return None
    places = [name for name in PLACES if has(counted, name)]
    other = capacity[rank.isna() & resource.str.endswith(("bed", "beds"))]
    rank = rank[counted.index]
    best = (
        rank.groupby([counted[name] for name in places], dropna=False).transform("min")
        if places
        else rank.min()
    )
    columns = [*places, "units", *(["date"] if "date" in capacity else [])]
    kept = counted.loc[rank == best, columns]
    kept = _with_unknown(kept, _of_other_beds(other, places), places)
    if "date" not in kept:
        return _undated(kept)
    return kept.assign(date=kept["date"].dt.normalize())


def _of_other_beds(rows: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """Return the places of rows that count intensive care beds and the like."""
    return rows[list(places)].dropna().drop_duplicates()


def _with_unknown(kept: pd.DataFrame, other: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """Add the places that have beds of another kind only: how many are staffed is not known.

    Were they left out, a hospital would seem to have no beds where its intensive care is.
    """
    known = {plain(row) for row in kept[list(places)].itertuples(index=False, name=None)}
    names = [row for row in other.itertuples(index=False, name=None) if plain(row) not in known]
    if not names:
        return kept
    unknown = pd.DataFrame(names, columns=list(places), dtype="str").assign(units=np.nan)
    return pd.concat([kept, unknown], ignore_index=True)


def _undated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(date=pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]"))


def _from_activity(dataset: Dataset) -> pd.DataFrame:
    activity = dataset.activity
    assert activity is not None
    places = [name for name in PLACES if has(activity, name)]
    counted = reductions.stocks(activity, "date" if has(activity, "date") else None, places)
    counted = counted[counted["staffed"].notna()]
    every = usual_gap(counted, places)
    begins = counted["date"]
    if every in CALENDAR:
        begins = begins.dt.to_period(CALENDAR[every]).dt.start_time.astype("datetime64[us]")
    elif every == "week" and _end_of_week(dataset):
        begins = begins - pd.Timedelta(days=6)
    return counted[places].assign(date=begins, units=counted["staffed"])


def _end_of_week(dataset: Dataset) -> bool:
    """Return whether the file says that its dates are the last days of weeks."""
    return any(
        finding.code == "weeks" and "last days" in finding.message for finding in dataset.findings
    )


def _standing(rows: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray[Any, Any]:
    """Return the number in force on each day."""
    dated = rows[rows["date"].notna()]
    if dated.empty:
        return np.full(len(days), float(rows["units"].sum(skipna=False)))
    given = dated.groupby("date")["units"].sum(min_count=1).sort_index()
    place = np.searchsorted(given.index.to_numpy(), days.to_numpy(), side="right") - 1
    return np.where(place >= 0, given.to_numpy("float64")[np.maximum(place, 0)], np.nan)


def _slug(text: object) -> str:
    return re.sub(r"[^a-z0-9]+", "_", str(text).strip().lower()).strip("_")
