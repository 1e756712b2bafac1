"""Beds that belong together: the same beds occupied and staffed, bed-days, percent of use.

Occupancy is a ratio of two columns, so both have to count the same beds: general beds
occupied over core beds open is no occupancy. A column of bed-days becomes the average
number of beds of its period, and a percentage of use times the beds becomes beds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.intake.headers import words
from caremap.intake.matching import Candidate, Column
from caremap.intake.resources import resource_of

__all__ = [
    "BEDS",
    "available_days",
    "beds_of_days",
    "is_use",
    "occupied_of_use",
    "same_beds",
    "use_columns",
]

BEDS = ("occupied_beds", "staffed_beds", "free_beds")
"""The counts of beds of a table of activity; two of them give the third."""
_STATES = frozenset(
    "occupied used inuse in use occ filled taken belegt belegte ocupadas ocupados occupes "
    "occupees occupati open available avail staffed total all number of no num count capacity "
    "service operational gesamt disponibles totales installes free empty vacant frei".split()
)
"""Words that say in which state beds are, not which beds."""
_DAYS = frozenset(
    "days tage bettentage belegungstage pflegetage berechnungstage patiententage dias estancias "
    "journees jours giornate giorni bedday beddays".split()
)
_USE = frozenset(
    "util utilisation utilization occupancy occupation auslastung bettenauslastung ocupacion "
    "ocupacao occupazione belegungsquote".split()
)
_PERCENT = frozenset("% percent pct percentage rate taux tasso taxa tasa porcentaje".split())


def same_beds(mapping: Mapping[str, object], pairs: Sequence[Candidate]) -> dict[str, str]:
    """Return the staffed (and free) beds that are the beds of the occupied column.

    Parameters
    ----------
    mapping
        Field to column as matched.
    pairs
        All acceptable pairs of field and column.

    Examples
    --------
    >>> names = ("Core beds open", "G&A beds open")
    >>> pairs = [Candidate("staffed_beds", name, 0.8, 0.8, 1.0) for name in names]
    >>> same_beds({"occupied_beds": "G&A beds occupied", "staffed_beds": names[0]}, pairs)
    {'staffed_beds': 'G&A beds open'}
    """
    occupied = mapping.get("occupied_beds")
    if not isinstance(occupied, str) or is_use(occupied):
        return {}
    taken = set(map(str, mapping.values()))
    asked = _which(occupied)
    better: dict[str, str] = {}
    for name in ("staffed_beds", "free_beds"):
        now = mapping.get(name)
        if not isinstance(now, str):
            continue
        rivals = [pair.column for pair in pairs
                  if pair.field == name and pair.column not in taken]  # fmt: skip
        best = min([now, *rivals], key=lambda header: len(asked ^ _which(header)))
        if len(asked ^ _which(best)) < len(asked ^ _which(now)):
            better[name] = best
    return better


def _which(header: str) -> set[str]:
    """The words that say which beds a column counts."""
    return set(words(header).split()) - _STATES


def is_use(header: str) -> bool:
    """Whether a header names a share of beds in use: utilisation, occupancy, Auslastung.

    Examples
    --------
    >>> is_use("util_nonicu"), is_use("Taux d'occupation (%)"), is_use("Beds occupied")
    (True, True, False)
    """
    return bool(set(words(header).split()) & _USE)


def use_columns(columns: Sequence[Column], beds: str) -> str | None:
    """Return the column of the percentage of use of the beds in another column, or None.

    Parameters
    ----------
    columns
        The columns of the sheet.
    beds
        The header of the beds.
    """
    asked = _which(beds) - {"beds", "lits", "betten", "camas", "leitos", "letti", "posti", "letto"}
    for column in columns:
        seen = column.seen
        if not is_use(column.header) or resource_of(column.header) != resource_of(beds):
            continue
        plain = _which(column.header) - _USE - _PERCENT - {"d", "de", "di", "bed", "beds"}
        fits = seen.number >= 0.9 and 0 <= seen.middle <= 130
        if fits and not (plain ^ asked) - {"installed", "staffed", "aufgestellte"}:
            return column.header
    return None


def occupied_of_use(use: Any, beds: Any, header: str, named: str) -> tuple[Any, Finding]:
    """Return beds times their use, and the finding that says so.

    Parameters
    ----------
    use, beds
        The percentages (or fractions) and the beds, per row.
    header, named
        The headers of both.

    Examples
    --------
    >>> occupied_of_use(np.array([50.0, 90.0]), np.array([10.0, 20.0]), "util", "beds")[0]
    array([ 5., 18.])
    """
    whole = 100.0 if np.nanmax(use, initial=0.0) > 1.5 else 1.0
    # No beds are no occupied beds, whatever percentage is given for them.
    occupied = np.where(beds == 0, 0.0, beds * use / whole)
    told = (
        f"Occupied beds are “{named}” times “{header}”"
        f"{' in percent' if whole > 1 else ''}: the file has no column that counts them."
    )
    return occupied, Finding("occupied-from-use", "warning", told, header)


_AVAILABLE = frozenset(
    "available avail disponible disponibles disponivel disponiveis disponibili disponibile".split()
)
_SAME_DAYS = 0.8
"""Beds of this share of the occupied bed-days, or more, are bed-days themselves: as beds they
would be in use for less than one day in five of a week, and one in twenty of a month."""


def available_days(table: pd.DataFrame, headers: Mapping[str, str]) -> tuple[bool, list[str]]:
    """Tell whether “available” beds are all beds, and which columns count bed-days unsaid.

    Beds available on a day may be the empty ones; available bed-days are those of every bed,
    occupied or not. Files also leave out the word days beside a column that has it.

    Parameters
    ----------
    table
        A table of activity.
    headers
        Field to the header it was read from.

    Returns
    -------
    tuple
        Whether the free beds are available bed-days, so staffed beds; the fields that count
        bed-days though their header does not say so.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2024-01-01", "2024-02-01"]),
    ...                      "occupied_beds": [250.0, 240.0], "free_beds": [310.0, 290.0]})
    >>> available_days(days, {"occupied_beds": "Dias cama", "free_beds": "Camas disponibles"})
    (True, ['free_beds'])
    """
    unsaid = []
    length = _length(table["date"]) if "date" in table else None
    if "occupied_beds" in table and _says_days(headers, "occupied_beds") and length is not None:
        days = float(table["occupied_beds"].median())
        unsaid = [
            name for name in ("staffed_beds", "free_beds")
            if name in table and not _says_days(headers, name) and (length > 1).all()
            and days > 0 and float(table[name].median()) >= _SAME_DAYS * days
        ]  # fmt: skip
    counted = "free_beds" in unsaid or _says_days(headers, "free_beds")
    named = bool(set(words(headers.get("free_beds", "")).split()) & _AVAILABLE)
    return counted and named and "staffed_beds" not in table and "free_beds" in table, unsaid


def _says_days(headers: Mapping[str, str], name: str) -> bool:
    return bool(set(words(headers.get(name, "")).split()) & _DAYS)


def beds_of_days(
    table: pd.DataFrame, headers: Mapping[str, str], unsaid: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[str], list[Finding]]:
    """Turn bed-days of weeks, months, quarters or years into average beds.

    Parameters
    ----------
    table
        A table of activity.
    headers
        Field to the header it was read from.
    unsaid
        Fields that count bed-days though their header does not say so.

    Returns
    -------
    tuple
        The table; the fields that had to go, because bed-days without a period say
        nothing of beds; what to tell.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2024-01-01", "2024-02-01"]),
    ...                      "occupied_beds": [310.0, 290.0]})
    >>> beds_of_days(days, {"occupied_beds": "Bed days"})[0]["occupied_beds"].tolist()
    [10.0, 10.0]
    """
    named = [
        name for name in BEDS
        if name in table and (name in unsaid or _says_days(headers, name))
    ]  # fmt: skip
    if not named:
        return table, [], []
    length = _length(table["date"]) if "date" in table else None
    if length is None:
        told = " and ".join(f"“{headers[name]}”" for name in named)
        return table.drop(columns=named), named, [
            Finding("bed-days", "warning", f"{told} count bed-days, and nothing says of how many "
                    "days: beds cannot be computed from them.", headers[named[0]])
        ]  # fmt: skip
    if (length == 1).all():
        return table, [], []
    table = table.assign(**{name: table[name] / length for name in named})
    return table, [], [
        Finding("bed-days", "warning", f"“{headers[name]}” counts bed-days: divided by the days "
                "of each period, it is the average number of beds.", headers[name])
        for name in named
    ]  # fmt: skip


def _length(dates: pd.Series[Any]) -> pd.Series[Any] | None:
    """Days of the period each row stands for, None where that cannot be told."""
    distinct = np.sort(dates.dropna().dt.normalize().unique())
    if len(distinct) < 2:
        return None
    gaps = np.diff(distinct).astype("timedelta64[D]").astype(int)
    usual = int(np.median(gaps))
    if usual == 1:
        return pd.Series(1.0, index=dates.index)
    if usual == 7:
        return pd.Series(7.0, index=dates.index)
    for low, high, unit in ((28, 31, "M"), (89, 92, "Q"), (365, 366, "Y")):
        if low <= usual <= high:
            periods = dates.dt.to_period(unit)
            days = (periods.dt.end_time.dt.normalize() - periods.dt.start_time).dt.days + 1
            return pd.Series(days.to_numpy(dtype="float64"), index=dates.index)
    return None
