"""Days as people mean them: a day in words, and the days a column of dates really covers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.problems import DataProblem

__all__ = ["day_from", "said", "stray_days", "usual_days"]

SURE = 4.6  # exp(-4.6) = 0.01: what chance explains with less than that is not chance
FEW = 200


def usual_days(
    dates: pd.Series[Any], rows: pd.Series[Any] | None = None
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of dates, a few far from all others left out.

    With ``rows``, the dates are distinct days and that is how often each occurs.

    Left out are at most one in 200, more than a month away, where a gap that long between
    dates as frequent as the others has a probability below one in a hundred.

    Examples
    --------
    >>> dates = pd.Series(pd.date_range("2024-01-01", periods=366)).astype("datetime64[us]")
    >>> dates[7] = pd.Timestamp("2204-01-08")
    >>> usual_days(dates)
    (Timestamp('2024-01-01 00:00:00'), Timestamp('2024-12-31 00:00:00'))
    """
    known = dates.dropna().to_numpy("datetime64[D]").astype("int64")
    if rows is None:
        days, often = np.unique(known, return_counts=True)
    else:
        days, often = known, rows[dates.notna()].to_numpy()
    low, high = _inner(days, often), len(days) - 1 - _inner(-days[::-1], often[::-1])
    first, last = (pd.Timestamp(days[place], unit="D").as_unit("us") for place in (low, high))
    return first, last


def _inner(days: np.ndarray[Any, Any], rows: np.ndarray[Any, Any]) -> int:
    """Return the place of the first day that is not one of a few far before the others."""
    before = np.cumsum(rows)[:-1]
    few = int(np.searchsorted(before, rows.sum() / FEW, side="right"))
    gaps = np.diff(days)[:few]
    usual = (rows.sum() - before[:few]) / (days[-1:] - days[1 : few + 1] + 1)
    far = np.flatnonzero((gaps > 31) & (gaps * usual > SURE))
    return int(far[-1]) + 1 if len(far) else 0


def stray_days(table: pd.DataFrame, column: str) -> list[Finding]:
    """Say which rows have a date far from all others."""
    if column not in table or not table[column].notna().any():
        return []
    first, last = usual_days(table[column])
    days = table[column].dt.normalize()
    astray = table.index[(days < first) | (days > last)]
    if not len(astray):
        return []
    message = (
        f"Rows with a date far from all others, which run from {said(first)} to "
        f"{said(last)}: {len(astray):,}, probably mistakes. They count overall and do not move "
        f"the as-of date."
    )
    rows = table["source_row"][astray] if "source_row" in table else astray
    return [Finding("stray-dates", "warning", message, rows=tuple(int(row) for row in rows))]


def said(day: pd.Timestamp) -> str:
    """Return a day as it is written in a sentence: nobody can misread it.

    Examples
    --------
    >>> said(pd.Timestamp("2024-04-01"))
    '1 Apr 2024'
    """
    return f"{day.day} {day:%b %Y}"


def day_from(value: object, called: str = "date") -> pd.Timestamp:
    """Return the day a caller names by text, a date or a Timestamp.

    Raises
    ------
    caremap.DataProblem
        Where it is not a day; ``called`` says in the message what it was meant to be.

    Examples
    --------
    >>> day_from("2024-04-30 08:15")
    Timestamp('2024-04-30 00:00:00')
    """
    day = pd.to_datetime(value, errors="coerce")  # type: ignore[call-overload]
    if not isinstance(day, pd.Timestamp):
        raise DataProblem(f"The {called} is not a day.", "Write it like 2024-04-30.")
    return day.tz_localize(None).normalize().as_unit("us")
