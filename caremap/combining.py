"""Several tables of one kind put one under the other, with every overlap reported.

Counts are never added to their own total or to the same counts per month. A row that
occurs in two files would count twice. It is kept once where something names what it is
about: a stay or patient number, or the place and date of a count. Without such a name two
equal rows may be two equal events, so they stay and a finding says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.schema import FIELDS

__all__ = ["Source", "put_together"]

_DTYPES = {
    **dict.fromkeys(("identifier", "category", "band"), "str"),
    **dict.fromkeys(("number", "count", "money"), "float64"),
    **{"date": "datetime64[us]", "flag": "boolean"},
}
_KEYS = {
    "activity": ("date", "facility", "department", "region"),
    "facilities": ("facility",),
    "staff": ("facility", "department", "role", "date"),
    "capacity": ("facility", "department", "ward", "resource", "date"),
    "population": ("zip",),
}
_NAMES = ("facility", "department", "region", "ward", "zip")
_MONTH = pd.Timedelta(days=31)
_OWN = ("source_row", "source")
_PLACES = _NAMES[:4]
_RHYTHMS = ((1, 1), (6, 8), (27, 32), (89, 92), (365, 366))
_ADDED = ("admissions", "discharges", "visits", "cost", "occupied_beds", "staffed_beds")


class Source(Protocol):
    """Where a table came from; a sheet of a workbook has a ``sheet`` too."""

    @property
    def name(self) -> str:
        """Name of the file."""

    @property
    def digest(self) -> str:
        """Digest of its bytes."""


_Tables = Sequence[tuple[Source, pd.DataFrame]]


def put_together(kind: str, tables: _Tables) -> tuple[pd.DataFrame, list[Finding]]:
    """Put tables of one kind one under the other.

    Parameters
    ----------
    kind
        The canonical table they are.
    tables
        Where each came from, and the table.

    Returns
    -------
    tuple
        One table; where there were several, with canonical dtypes and the columns ``source``
        (name of the file) and ``source_row`` (the row's index there). And what was noticed.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> july, august = (SimpleNamespace(name=name, digest=name) for name in ("july", "august"))
    >>> table, noticed = put_together("stays", [(july, pd.DataFrame({"stay_id": ["1", "2"]})),
    ...                                         (august, pd.DataFrame({"stay_id": ["2", "3"]}))])
    >>> table["stay_id"].tolist(), noticed[0].message
    (['1', '2', '3'], 'Rows of “august” that are in another file too, kept once: 1.')
    """
    distinct, findings = _without_repeats(tables)
    if kind == "activity":
        for step in (_finest, _without_totals, _sheets_as_places):
            distinct, noticed = step(distinct)
            findings.extend(noticed)
        findings.extend(_undated(distinct))
    if len(distinct) == 1:
        return distinct[0][1], findings
    findings.extend(_different_days(kind, distinct))
    if kind == "stays":
        distinct, noticed = _visits_and_stays(distinct)
        findings.extend(noticed)
    frames = _aligned(
        [table.assign(source=origin.name, source_row=table.index) for origin, table in distinct]
    )
    result = frames[0]
    columns = set(distinct[0][1])
    for (origin, table), frame in zip(distinct[1:], frames[1:], strict=True):
        shared = [str(name) for name in table if name in columns and name not in _OWN]
        same = columns - {*_OWN} == set(table) - {*_OWN}
        if kind == "stays":
            result, frame, noticed = _updated(result, frame, shared, _called(origin))
            findings.extend(noticed)
        repeated, noticed = _overlap(kind, result, frame, shared, same, _called(origin))
        findings.extend(noticed)
        result = pd.concat([result, frame[~repeated]], ignore_index=True)
        columns |= set(table)
    return result, findings


def _without_repeats(tables: _Tables) -> tuple[_Tables, list[Finding]]:
    """Leave out a table that was given twice; two sheets may have the same numbers."""
    distinct: list[tuple[Source, pd.DataFrame]] = []
    findings = []
    for origin, table in tables:
        own = (origin.digest, _sheet(origin))
        if any(own == (s.digest, _sheet(s)) and table.equals(held) for s, held in distinct):
            message = f"{_called(origin)} was given twice: it is counted once."
            findings.append(Finding("same-file", "warning", message))
        else:
            distinct.append((origin, table))
    return distinct, findings


def _sheet(origin: Source) -> str:
    return str(getattr(origin, "sheet", None) or "")


def _called(origin: Source) -> str:
    """Return how a table is called in a sentence."""
    sheet = _sheet(origin)
    return f"“{origin.name}”, sheet “{sheet}”" if sheet else f"“{origin.name}”"


def _numbers(*tables: pd.DataFrame) -> list[str]:
    """Return the counts all tables have, of those that are added up."""
    return [name for name in _ADDED if all(name in t and t[name].notna().any() for t in tables)]


def _days_apart(table: pd.DataFrame) -> tuple[int, pd.Timestamp, pd.Timestamp] | None:
    """Return the usual gap between dates (day 1, week 8, month 32...), and the days they mean."""
    if "date" not in table:
        return None
    places = [name for name in _PLACES if name in table]
    rows = table[["date", *places]].assign(date=table["date"].dt.normalize()).drop_duplicates()
    rows = rows.dropna(subset="date").sort_values("date")
    dates = rows.groupby(places, dropna=False)["date"] if places else rows["date"]
    gap = dates.diff().dt.days.median()
    length = next((high for low, high in _RHYTHMS if low <= gap <= high), None)
    if length is None:
        return None
    first, last = rows["date"].iloc[0], rows["date"].iloc[-1]
    if length > 8:
        first, last = first.replace(day=1), last + pd.offsets.MonthEnd(0)
    return length, first, last


def _finest(tables: _Tables) -> tuple[_Tables, list[Finding]]:
    """Of counts of the same time per day and per month, keep those per day."""
    rhythms = [_days_apart(table) for _, table in tables]
    kept, findings = [], []
    for (origin, table), own in zip(tables, rhythms, strict=True):
        finer = [
            _called(other)
            for (other, beside), its in zip(tables, rhythms, strict=True)
            if own and its and its[0] < own[0] and its[1] <= own[2] and own[1] <= its[2]
            and _numbers(table, beside)
        ]  # fmt: skip
        if finer:
            message = (
                f"{_called(origin)} counts the same time as {finer[0]}, less often: the two cannot "
                f"be added up. It is left out; the more frequent counts are used."
            )
            findings.append(Finding("coarser-counts", "error", message))
        else:
            kept.append((origin, table))
    return kept, findings


def _without_totals(tables: _Tables) -> tuple[_Tables, list[Finding]]:
    """Leave out a table that is the sum of the others: of its file, or of all."""
    for place in reversed(range(len(tables))):
        origin, table = tables[place]
        others = [item for at, item in enumerate(tables) if at != place]
        own = [beside for other, beside in others if other.digest == origin.digest]
        if _is_sum(table, own) or _is_sum(table, [beside for _, beside in others]):
            message = f"{_called(origin)} is the sum of the other tables: it is left out."
            return others, [Finding("total-left-out", "warning", message)]
    return tables, []


def _is_sum(table: pd.DataFrame, others: Sequence[pd.DataFrame]) -> bool:
    names = _numbers(table, *others)
    if not others or not names or not all("date" in one for one in (table, *others)):
        return False
    parts = pd.concat([one[["date", *names]] for one in others])
    if len(parts) <= len(table) or table["date"].nunique() < 2:
        return False
    total, summed = (t.groupby("date")[names].sum() for t in (table, parts))
    same = total.index.equals(summed.index) and bool(total.to_numpy().any())
    return same and bool(np.allclose(total, summed))


def _sheets_as_places(tables: _Tables) -> tuple[_Tables, list[Finding]]:
    """Name the sheets of a workbook that count the same dates and say no place."""
    result, named = [], []
    for origin, table in tables:
        placed = any(name in table and table[name].notna().any() for name in _PLACES)
        beside = [
            other
            for source, other in tables
            if other is not table and source.digest == origin.digest
            and _sheet(source) != _sheet(origin) and _numbers(table, other)
            and "date" in table and "date" in other
            and table["date"].dropna().isin(other["date"]).any()
        ]  # fmt: skip
        if _sheet(origin) and beside and not placed:
            named.append(_called(origin))
            table = table.assign(facility=pd.Series(_sheet(origin), table.index, dtype="str"))
        result.append((origin, table))
    if not named:
        return tables, []
    message = f"Without a column of places the sheet names the facility: {'; '.join(named)}."
    return result, [Finding("sheet-as-facility", "warning", message)]


def _undated(tables: _Tables) -> list[Finding]:
    """Say which counts lack the date others have."""
    findings = []
    for origin, table in tables:
        blank = table["date"].isna() if "date" in table else pd.Series(dtype="bool")
        if blank.any() and not blank.all():
            message = f"Rows of {_called(origin)} without a date, in no month: {blank.sum():,}."
            where = tuple(dict.fromkeys(int(row) for row in table.index[blank]))
            findings.append(Finding("undated-counts", "warning", message, "date", where))
    return findings


def _updated(
    held: pd.DataFrame, added: pd.DataFrame, shared: list[str], name: str
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Of one stay as two extracts give it keep one row: the later, unless it says less."""
    on = [key for key in ("stay_id", "admitted", "facility", "patient_id") if key in shared]
    keys: list[pd.DataFrame] = []
    if not {"stay_id", "admitted"} <= set(on):
        return held, added, []
    for frame in (added, held):
        one = frame[on].assign(admitted=frame["admitted"].dt.normalize(), at=np.arange(len(frame)))
        one = one.dropna(subset=["stay_id", "admitted"])
        keys.append(one[~one.duplicated(on, keep=False)])
    both = keys[0].merge(keys[1], on=on, suffixes=("", "_held"))
    both = both[~_occurs(held, added, shared).to_numpy()[both["at"]]]
    if both.empty:
        return held, added, []
    new, old = (frame.notna().sum(axis=1).to_numpy() for frame in (added, held))
    later = new[both["at"]] >= old[both["at_held"]]
    message = (
        f"Stays of {name} that update one of another file, the fuller row kept: {len(both):,}."
    )
    rows = added["source_row"].iloc[both["at"]].tolist()
    finding = Finding("stay-updated", "info", message, rows=tuple(rows))
    held = held[~np.isin(np.arange(len(held)), both.loc[later, "at_held"])]
    added = added[~np.isin(np.arange(len(added)), both.loc[~later, "at"])]
    return held.reset_index(drop=True), added.reset_index(drop=True), [finding]


def _different_days(kind: str, tables: _Tables) -> list[Finding]:
    """Say where files that run side by side do not cover the same days."""
    column = {"stays": "admitted", "activity": "date"}.get(kind, "")
    spans = sorted(
        (table[column].min(), table[column].max(), _called(origin))
        for origin, table in tables
        if column in table and table[column].notna().any()
    )
    for (first, last, name), (begin, end, other) in zip(spans, spans[1:], strict=False):
        beside = begin < last - _MONTH
        if beside and (begin - first > _MONTH or abs(end - last) > _MONTH):
            message = (
                f"{name} covers {first:%Y-%m-%d} to {last:%Y-%m-%d}, {other} {begin:%Y-%m-%d} "
                f"to {end:%Y-%m-%d}: a total of days that only one covers is of that file alone."
            )
            return [Finding("different-days", "warning", message)]
    return []


def _visits_and_stays(tables: _Tables) -> tuple[_Tables, list[Finding]]:
    """Beside a file of visits, flag the rows of a file of stays: each is an admission."""
    flag = "was_admitted"
    visits = [_called(origin) for origin, table in tables if flag in table]
    others = [_called(origin) for origin, table in tables if flag not in table]
    if not visits or not others:
        return list(tables), []
    message = (
        f"{visits[0]} has a row per visit and {others[0]} a row per stay: an admission that is "
        f"in both is counted twice."
    )
    flagged = [(o, t if flag in t else t.assign(was_admitted=True)) for o, t in tables]
    return flagged, [Finding("visits-and-stays", "warning", message)]


def _aligned(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Give every frame every column, in one order and with one dtype per column."""
    order = list(dict.fromkeys(str(name) for frame in frames for name in frame))
    dtypes = {name: _common(name, [f[name] for f in frames if name in f]) for name in order}
    dtypes["source_row"] = "int64"
    return [frame.reindex(columns=order).astype(dtypes) for frame in frames]


def _common(name: str, columns: Sequence[pd.Series[Any]]) -> Any:
    if name in FIELDS:
        return _DTYPES[FIELDS[name].type]
    kinds = {column.dtype for column in columns}
    if all(pd.api.types.is_bool_dtype(kind) for kind in kinds):
        return "boolean"
    if all(pd.api.types.is_numeric_dtype(kind) for kind in kinds):
        return "float64"
    if all(pd.api.types.is_datetime64_dtype(kind) for kind in kinds):
        return "datetime64[us]"
    return "str"


def _overlap(
    kind: str, held: pd.DataFrame, added: pd.DataFrame, shared: list[str], same: bool, name: str
) -> tuple[pd.Series[bool], list[Finding]]:
    """Return which added rows repeat a held one and are left out, and what to say."""
    equal = _occurs(held, added, shared)
    if kind == "stays":
        known = _identified(added, shared)
        both = _shared_number(held, added, shared) & ~(equal & known)
    else:
        names = [key for key in _NAMES if key in shared and key in _KEYS[kind]]
        known = added[names].notna().any(axis=1) & same
        both = _same_subject(kind, held, added, shared) & ~(equal & known)
    findings = []
    for rows, code, severity, text in (
        (equal & known, "kept-once", "info", "that are in another file too, kept once"),
        (equal & ~known & ~both & same, "equal-rows", "warning",
         "that equal a row of another file, with no number to say they are the same, all counted"),
        (both, "counted-twice", "warning",
         "that are about the same as a row of another file but differ from it, both counted"),
    ):  # fmt: skip
        count = int(rows.sum())
        if count:
            message = f"Rows of {name} {text}: {count:,}."
            where = tuple(added.loc[rows, "source_row"].tolist())
            findings.append(Finding(code, severity, message, rows=where))  # type: ignore[arg-type]
    return equal & known, findings


def _occurs(held: pd.DataFrame, added: pd.DataFrame, on: list[str]) -> pd.Series[bool]:
    """Return which added rows equal a held row in these columns, missing equal to missing."""
    found = pd.Series(False, index=added.index)
    if not on:
        return found
    hashes = [pd.util.hash_pandas_object(frame[on], index=False) for frame in (held, added)]
    maybe = hashes[1].isin(hashes[0]).to_numpy()
    if maybe.any():  # equal hashes are rare; only then are the values compared
        among = held.loc[hashes[0].isin(hashes[1]).to_numpy(), on].drop_duplicates()
        exact = added.loc[maybe, on].merge(among, how="left", on=on, indicator=True)
        found[maybe] = (exact["_merge"] == "both").to_numpy()
    return found


def _identified(added: pd.DataFrame, shared: list[str]) -> pd.Series[bool]:
    """Return which stays carry what tells one stay from another in both files."""
    known = pd.Series(False, index=added.index)
    if "stay_id" in shared:
        known |= added["stay_id"].notna()
    dates = [name for name in ("admitted", "discharged") if name in shared]
    if "patient_id" in shared and dates:
        known |= added["patient_id"].notna() & added[dates].notna().any(axis=1)
    return known


def _shared_number(held: pd.DataFrame, added: pd.DataFrame, shared: list[str]) -> pd.Series[bool]:
    """Return which stays have a stay number that the other files use too."""
    if "stay_id" not in shared:
        return pd.Series(False, index=added.index)
    on = [name for name in shared if name in ("stay_id", "facility")]
    return added["stay_id"].notna() & _occurs(held, added, on)


def _same_subject(
    kind: str, held: pd.DataFrame, added: pd.DataFrame, shared: list[str]
) -> pd.Series[bool]:
    """Return which rows give a number the other files already give for the same subject."""
    keys = [key for key in _KEYS[kind] if key in shared]
    numbers = [
        name
        for name in shared
        if name in FIELDS and FIELDS[name].type in ("count", "number", "money") and name not in keys
    ]
    twice = pd.Series(False, index=added.index)
    if keys:
        for name in numbers:
            given = held[held[name].notna()]
            twice |= added[name].notna() & _occurs(given, added, keys)
    return twice
