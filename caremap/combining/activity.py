"""Counts of several files: per day or per month, with or without their own total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.combining.origin import Tables, called, sheet_of
from caremap.findings import Finding

__all__ = ["finest", "sheets_as_places", "undated", "without_totals"]

_PLACES = ("facility", "department", "region", "ward")
_RHYTHMS = ((1, 1), (6, 8), (27, 32), (89, 92), (365, 366))
_ADDED = ("admissions", "discharges", "visits", "cost", "occupied_beds", "staffed_beds")


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


def finest(tables: Tables) -> tuple[Tables, list[Finding]]:
    """Of counts of the same time per day and per month, keep those per day."""
    rhythms = [_days_apart(table) for _, table in tables]
    kept, findings = [], []
    for (origin, table), own in zip(tables, rhythms, strict=True):
        finer = [
            called(other)
            for (other, beside), its in zip(tables, rhythms, strict=True)
            if own and its and its[0] < own[0] and its[1] <= own[2] and own[1] <= its[2]
            and _numbers(table, beside)
        ]  # fmt: skip
        if finer:
            message = (
                f"{called(origin)} counts the same time as {finer[0]}, less often: the two cannot "
                f"be added up. It is left out; the more frequent counts are used."
            )
            findings.append(Finding("coarser-counts", "error", message))
        else:
            kept.append((origin, table))
    return kept, findings


def without_totals(tables: Tables) -> tuple[Tables, list[Finding]]:
    """Leave out a table that is the sum of the others: of its file, or of all."""
    for place in reversed(range(len(tables))):
        origin, table = tables[place]
        others = [item for at, item in enumerate(tables) if at != place]
        own = [beside for other, beside in others if other.digest == origin.digest]
        if _is_sum(table, own) or _is_sum(table, [beside for _, beside in others]):
            message = f"{called(origin)} is the sum of the other tables: it is left out."
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


def sheets_as_places(tables: Tables) -> tuple[Tables, list[Finding]]:
    """Name the sheets of a workbook that count the same dates and say no place."""
    result, named = [], []
    for origin, table in tables:
        placed = any(name in table and table[name].notna().any() for name in _PLACES)
        beside = [
            other
            for source, other in tables
            if other is not table and source.digest == origin.digest
            and sheet_of(source) != sheet_of(origin) and _numbers(table, other)
            and "date" in table and "date" in other
            and table["date"].dropna().isin(other["date"]).any()
        ]  # fmt: skip
        if sheet_of(origin) and beside and not placed:
            named.append(called(origin))
            table = table.assign(facility=pd.Series(sheet_of(origin), table.index, dtype="str"))
        result.append((origin, table))
    if not named:
        return tables, []
    message = f"Without a column of places the sheet names the facility: {'; '.join(named)}."
    return result, [Finding("sheet-as-facility", "warning", message)]


def undated(tables: Tables) -> list[Finding]:
    """Say which counts lack the date others have."""
    findings = []
    for origin, table in tables:
        blank = table["date"].isna() if "date" in table else pd.Series(dtype="bool")
        if blank.any() and not blank.all():
            message = f"Rows of {called(origin)} without a date, in no month: {blank.sum():,}."
            where = tuple(dict.fromkeys(int(row) for row in table.index[blank]))
            findings.append(Finding("undated-counts", "warning", message, "date", where))
    return findings
