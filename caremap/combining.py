"""Several tables of one kind put one under the other, with every overlap reported.

A row that occurs in two files would count twice. It is kept once where something names
what it is about: a stay or patient number, or the place and date of a count. Without such
a name two equal rows may be two equal events, so they stay and a finding says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd

from caremap.findings import Finding
from caremap.schema import FIELDS

__all__ = ["put_together"]

_DTYPES = {
    "identifier": "str",
    "category": "str",
    "band": "str",
    "date": "datetime64[us]",
    "number": "float64",
    "count": "float64",
    "money": "float64",
    "flag": "boolean",
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


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...


def put_together(
    kind: str, tables: Sequence[tuple[_Named, pd.DataFrame]]
) -> tuple[pd.DataFrame, list[Finding]]:
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
        repeated, noticed = _overlap(kind, result, frame, shared, same, origin.name)
        findings.extend(noticed)
        result = pd.concat([result, frame[~repeated]], ignore_index=True)
        columns |= set(table)
    return result, findings


def _without_repeats(
    tables: Sequence[tuple[_Named, pd.DataFrame]],
) -> tuple[list[tuple[_Named, pd.DataFrame]], list[Finding]]:
    """Leave out a file that was given twice."""
    distinct: list[tuple[_Named, pd.DataFrame]] = []
    findings = []
    for origin, table in tables:
        if any(origin.digest == seen.digest and table.equals(held) for seen, held in distinct):
            message = f"“{origin.name}” was given twice: it is counted once."
            findings.append(Finding("same-file", "warning", message))
        else:
            distinct.append((origin, table))
    return distinct, findings


def _different_days(kind: str, tables: Sequence[tuple[_Named, pd.DataFrame]]) -> list[Finding]:
    """Say where files that run side by side do not cover the same days."""
    column = {"stays": "admitted", "activity": "date"}.get(kind, "")
    spans = sorted(
        (table[column].min(), table[column].max(), origin.name)
        for origin, table in tables
        if column in table and table[column].notna().any()
    )
    for (first, last, name), (begin, end, other) in zip(spans, spans[1:], strict=False):
        beside = begin < last - _MONTH
        if beside and (begin - first > _MONTH or abs(end - last) > _MONTH):
            message = (
                f"“{name}” covers {first:%Y-%m-%d} to {last:%Y-%m-%d}, “{other}” {begin:%Y-%m-%d} "
                f"to {end:%Y-%m-%d}: a total of days that only one covers is of that file alone."
            )
            return [Finding("different-days", "warning", message)]
    return []


def _visits_and_stays(
    tables: Sequence[tuple[_Named, pd.DataFrame]],
) -> tuple[list[tuple[_Named, pd.DataFrame]], list[Finding]]:
    """Beside a file of visits, flag the rows of a file of stays: each is an admission."""
    flag = "was_admitted"
    visits = [origin.name for origin, table in tables if flag in table]
    others = [origin.name for origin, table in tables if flag not in table]
    if not visits or not others:
        return list(tables), []
    message = (
        f"“{visits[0]}” has a row per visit and “{others[0]}” a row per stay: an admission that "
        f"is in both is counted twice."
    )
    flagged = [
        (origin, table if flag in table else table.assign(was_admitted=True))
        for origin, table in tables
    ]
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
    kind: str,
    held: pd.DataFrame,
    added: pd.DataFrame,
    shared: list[str],
    same: bool,
    name: str,
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
            message = f"Rows of “{name}” {text}: {count:,}."
            findings.append(Finding(code, severity, message, rows=_source_rows(added, rows)))  # type: ignore[arg-type]
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


def _source_rows(frame: pd.DataFrame, where: pd.Series[bool]) -> tuple[int, ...]:
    return tuple(int(row) for row in frame.loc[where, "source_row"].dropna())
