"""Days with day of the month and month in each other's place."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from caremap.intake.dates import Datetimes, Mask

__all__ = ["NONE", "Days", "days_of", "month_of", "swappable", "swapped", "turned"]

Days = np.ndarray[Any, np.dtype[np.int64]]
NONE = np.iinfo(np.int64).min
"""The day of no date: what NaT is as an integer."""


def swappable(moments: Datetimes) -> Mask:
    """Return where day and month can change places and make another date.

    Examples
    --------
    >>> swappable(np.array(["2024-03-04", "2024-03-13", "2024-03-03"], "datetime64[us]")).tolist()
    [True, False, False]
    """
    days = days_of(moments)
    return np.asarray(turned(days) != days, dtype=bool)


def swapped(moments: Datetimes) -> Datetimes:
    """Return the dates with day and month in each other's place, the time of day kept.

    Dates that cannot be swapped stay as they are.

    Examples
    --------
    >>> swapped(np.array(["2024-03-04T10:30", "2024-03-13"], "datetime64[us]")).astype(str).tolist()
    ['2024-04-03T10:30:00.000000', '2024-03-13T00:00:00.000000']
    """
    days = days_of(moments)
    shift = (turned(days) - days).astype("timedelta64[D]")
    return np.asarray(moments + shift, dtype="datetime64[us]")


@lru_cache(maxsize=1)
def _calendar() -> tuple[int, Days]:
    """The first day of a calendar, and what each of its days is with day and month swapped.

    A table of the days of four centuries: looking up is ten times faster than calculating.
    """
    first, last = np.datetime64("1800-01-01", "D"), np.datetime64("2200-01-01", "D")
    days = np.arange(first, last)
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    year, month = np.divmod(months.astype(np.int64), 12)
    other = (year * 12 + day - 1).astype("datetime64[M]").astype("datetime64[D]") + month
    return int(first.astype(np.int64)), np.where(day <= 12, other, days).astype(np.int64)


def turned(days: Days) -> Days:
    """Return days with day of the month and month swapped, where that is a date.

    Examples
    --------
    >>> turned(np.array(["2024-03-04", "2024-03-13"], "datetime64[D]").astype(int)) - 19786
    array([30,  9])
    """
    first, table = _calendar()
    at = days - first
    known = (days != NONE) & (at >= 0) & (at < len(table))
    return np.where(known, table[np.where(known, at, 0)], days)


def days_of(moments: Datetimes) -> Days:
    """Return whole days since 1970, `NONE` where there is no date."""
    return np.asarray(moments.astype("datetime64[D]").astype(np.int64))


def month_of(days: Days) -> Days:
    """Return the month, 1 to 12, of days since 1970."""
    return np.asarray(
        days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    )
