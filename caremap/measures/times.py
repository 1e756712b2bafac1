"""When in the calendar a row lies: its week, month, quarter or year; its season, weekday or hour.

Part of `caremap.measures.reductions`: rows are grouped by it like by a column of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd

__all__ = ["PERIODS", "Time", "Unit", "in_memory", "lazily"]

Unit = Literal["week", "month", "quarter", "year", "season", "month_of_year", "weekday", "hour"]
"""What a moment is grouped by.

The first four are periods, known by their first day (weeks begin on Monday). The others come
round again: ``season`` 0-3 (0 is December to February), ``month_of_year`` 1-12, ``weekday`` 0-6
(0 is Monday) and ``hour`` 0-23.
"""

PERIODS = ("week", "month", "quarter", "year")

Array = np.ndarray[Any, Any]

_DAY = 86_400_000_000  # microseconds
_HOUR = 3_600_000_000


@dataclass(frozen=True)
class Time:
    """A date column and what its moments are grouped by."""

    date: str
    unit: Unit

    @property
    def name(self) -> str:
        """The column of the answer: ``period`` for those that have a first day."""
        return "period" if self.unit in PERIODS else self.unit

    @property
    def dtype(self) -> str:
        """The type of that column."""
        return "datetime64[us]" if self.unit in PERIODS else "int64"


def lazily(time: Time) -> nw.Expr:
    """Return the time as an expression: a midnight or a number, missing without a date."""
    moment = nw.col(time.date).cast(nw.Datetime("us"))
    day = moment.dt.truncate("1d")
    if time.unit == "week":
        weekday = moment.dt.weekday()
        return reduce(
            lambda other, back: (
                nw.when(weekday == back + 1).then(day.dt.offset_by(f"-{back}d")).otherwise(other)
            ),
            range(1, 7),
            day,
        )
    if time.unit in PERIODS:
        return moment.dt.truncate({"month": "1mo", "quarter": "1q", "year": "1y"}[time.unit])
    number = {
        "season": (moment.dt.month().cast(nw.Int64) % 12 / 3).floor(),
        "month_of_year": moment.dt.month(),
        "weekday": moment.dt.weekday() - 1,
        "hour": moment.dt.hour(),
    }[time.unit]
    return nw.when(~moment.is_null()).then(number.cast(nw.Int64))


def in_memory(time: Time, rows: pd.DataFrame) -> tuple[Array, pd.Index[Any]]:
    """Return where the time of each row stands among all there can be, and these.

    Rows without a date stand at -1. Every day from the first to the last is looked at once.

    Examples
    --------
    >>> rows = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-03", None, "2024-05-01"])})
    >>> codes, times = in_memory(Time("admitted", "month"), rows)
    >>> codes.tolist(), [str(day.date()) for day in times]
    ([0, -1, 1], ['2024-04-01', '2024-05-01'])
    """
    moments = rows[time.date].to_numpy("datetime64[us]")
    missing = np.isnat(moments)
    counted = moments.view("int64")
    if time.unit == "hour":
        hours = counted % _DAY // _HOUR
        return np.where(missing, -1, hours), pd.Index(np.arange(24))
    if missing.all():
        return np.full(len(moments), -1), pd.Index(np.array([], dtype=time.dtype))
    days = counted // _DAY
    known = days[~missing] if missing.any() else days
    first, last = int(known.min()), int(known.max())
    codes, times = pd.factorize(_of_days(time.unit, np.arange(first, last + 1)), sort=True)
    place = np.where(missing, first, days) - first
    found = codes[place]
    return (np.where(missing, -1, found) if missing.any() else found), pd.Index(times)


def _of_days(unit: Unit, days: Array) -> Array:
    """Return the time of whole days, given by their number since 1970."""
    dates = days.astype("datetime64[D]")
    if unit == "week":
        mondays: Array = (days - (days + 3) % 7).astype("datetime64[D]")
        return mondays.astype("datetime64[us]")
    if unit == "weekday":
        return (days + 3) % 7
    months = dates.astype("datetime64[M]").view("int64")
    if unit == "month_of_year":
        return months % 12 + 1
    if unit == "season":
        return (months + 1) % 12 // 3
    length = {"month": 1, "quarter": 3, "year": 12}[unit]
    firsts: Array = (months - months % length).astype("datetime64[M]")
    return firsts.astype("datetime64[us]")
