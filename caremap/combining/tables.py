"""Tables of one kind put one under the other, rows that repeat another file's kept once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from caremap.combining.activity import finest, sheets_as_places, undated, without_totals
from caremap.combining.origin import Source, Tables, called, labels, sheet_of
from caremap.combining.rows import occurs
from caremap.combining.stays import (
    completed,
    identified,
    reused_number,
    shared_number,
    updated,
    visits_and_stays,
)
from caremap.days import said
from caremap.findings import Finding
from caremap.intake.conflicts import conflicts_between_files
from caremap.schema import FIELDS

__all__ = ["put_together"]

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


def put_together(kind: str, tables: Tables) -> tuple[pd.DataFrame, list[Finding]]:
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
        (name of the file, and the sheet where a workbook gave several) and ``source_row``
        (the row's index there). And what was noticed.

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
        for step in (finest, without_totals, sheets_as_places):
            distinct, noticed = step(distinct)
            findings.extend(noticed)
        findings.extend(undated(distinct))
    if len(distinct) == 1:
        return distinct[0][1], findings
    findings.extend(_different_days(kind, distinct))
    if kind == "stays":
        distinct, noticed = visits_and_stays(distinct)
        findings.extend(noticed)
    named = labels([origin for origin, _ in distinct])
    frames = _aligned(
        [
            table.assign(source=label, source_row=table.index)
            for label, (_, table) in zip(named, distinct, strict=True)
        ]
    )
    result = frames[0]
    columns = set(distinct[0][1])
    for (origin, table), frame in zip(distinct[1:], frames[1:], strict=True):
        shared = [str(name) for name in table if name in columns and name not in _OWN]
        same = columns - {*_OWN} == set(table) - {*_OWN}
        if kind == "stays":
            result, frame, noticed = updated(result, frame, shared, called(origin))
            findings.extend(noticed)
        repeated, noticed = _overlap(kind, result, frame, shared, same, called(origin))
        findings.extend(noticed)
        if kind == "stays" and repeated.any():
            result, noticed = completed(result, frame, repeated, shared, called(origin))
            findings.extend(noticed)
        result = pd.concat([result, frame[~repeated]], ignore_index=True)
        columns |= set(table)
    if kind == "stays":
        findings.extend(conflicts_between_files(result))
        findings.extend(_some_undated(distinct, named, result))
    return result, findings


def _without_repeats(tables: Tables) -> tuple[Tables, list[Finding]]:
    """Leave out a table that was given twice; two sheets may have the same numbers."""
    distinct: list[tuple[Source, pd.DataFrame]] = []
    findings = []
    for origin, table in tables:
        own = (origin.digest, sheet_of(origin))
        if any(own == (s.digest, sheet_of(s)) and table.equals(held) for s, held in distinct):
            message = f"{called(origin)} was given twice: it is counted once."
            findings.append(Finding("same-file", "warning", message))
        else:
            distinct.append((origin, table))
    return distinct, findings


def _different_days(kind: str, tables: Tables) -> list[Finding]:
    """Say where files that run side by side do not cover the same days."""
    column = {"stays": "admitted", "activity": "date"}.get(kind, "")
    spans = sorted(
        (table[column].min(), table[column].max(), called(origin))
        for origin, table in tables
        if column in table and table[column].notna().any()
    )
    for (first, last, name), (begin, end, other) in zip(spans, spans[1:], strict=False):
        beside = begin < last - _MONTH
        if beside and (begin - first > _MONTH or abs(end - last) > _MONTH):
            message = (
                f"{name} covers {said(first)} to {said(last)}, {other} {said(begin)} "
                f"to {said(end)}: a total of days that only one covers is of that file alone."
            )
            return [Finding("different-days", "warning", message)]
    return []


def _some_undated(tables: Tables, named: Sequence[str], result: pd.DataFrame) -> list[Finding]:
    """Say where stays of a file without any date are counted beside stays that have dates."""
    dated = [
        any(name in table and table[name].notna().any() for name in ("admitted", "discharged"))
        for _, table in tables
    ]
    if not any(dated):
        return []
    dates = [name for name in ("admitted", "discharged") if name in result]
    undated = result[dates].isna().all(axis=1)  # another file may have completed a row
    return [
        Finding("undated-stays", "error", f"{called(origin)} has no dates, and {count:,} of its "
                "rows are counted as admissions beside those of the other files. If its rows are "
                "patients or a part of the same stays, leave it out or open it as a look-up.")
        for (origin, _), label, yes in zip(tables, named, dated, strict=True)
        if not yes and (count := int((undated & (result["source"] == label)).sum()))
    ]  # fmt: skip


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
    equal = occurs(held, added, shared)
    if kind == "stays":
        known = identified(added, shared)
        both = shared_number(held, added, shared) & ~(equal & known)
        reused = both & reused_number(held, added, shared) if both.any() else both
        both &= ~reused
    else:
        names = [key for key in _NAMES if key in shared and key in _KEYS[kind]]
        known = added[names].notna().any(axis=1) & same
        both = _same_subject(kind, held, added, shared) & ~(equal & known)
        reused = pd.Series(False, index=added.index)
    findings = []
    for rows, code, severity, text in (
        (equal & known, "kept-once", "info", "that are in another file too, kept once"),
        (reused, "stay-number-reused", "warning",
         "with the number of a stay of another file that has another patient or admission date, "
         "taken as stays of their own"),
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
            twice |= added[name].notna() & occurs(given, added, keys)
    return twice
