"""How often places are counted, and the days a count stands for.

The usual gap between the dates of a place tells it. A weekly count may carry the date of
either end of its week; a count per month, quarter or year stands for the whole one its date
lies in.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

__all__ = ["CALENDAR", "LENGTHS", "first_day", "last_day", "usual_gap"]

LENGTHS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
"""Days of a period, near enough to tell which of two is longer."""

CALENDAR = {"month": "M", "quarter": "Q", "year": "Y"}
"""The periods that begin on a day of the calendar, whatever the date within them."""

_GAPS = (("day", 1, 1), ("week", 6, 8), ("month", 27, 32), ("quarter", 89, 92),
         ("year", 365, 366))  # fmt: skip
_MONTHS = {"quarter": ({1, 4, 7, 10}, {3, 6, 9, 12}), "year": ({1}, {12})}


def usual_gap(dated: pd.DataFrame, places: Sequence[str]) -> str:
    """Return how often a place is counted: a name of `LENGTHS`, or empty if unclear.

    Quarters and years are those of the calendar, dated at their beginning or end: what a
    count dated 31 March stands for, one a year, cannot be told.

    Examples
    --------
    >>> usual_gap(pd.DataFrame({"date": pd.date_range("2024-01-07", periods=5, freq="7D")}), [])
    'week'
    >>> march = pd.DataFrame({"date": pd.to_datetime(["2022-03-31", "2023-03-31"])})
    >>> usual_gap(march, [])
    ''
    """
    ordered = dated.dropna(subset="date").sort_values([*places, "date"])
    dates = ordered.groupby(list(places))["date"] if places else ordered["date"]
    gaps = dates.diff().dt.days
    usual = gaps[gaps > 0].median()
    name = next((name for name, low, high in _GAPS if low <= usual <= high), "")
    edges = _MONTHS.get(name)
    if edges is None:
        return name
    months = set(ordered["date"].dt.month)
    return name if any(months <= edge for edge in edges) else ""


def first_day(day: pd.Timestamp, every: str) -> pd.Timestamp:
    """Return the first day of the month, quarter or year a day lies in.

    Examples
    --------
    >>> first_day(pd.Timestamp("2024-06-30"), "quarter")
    Timestamp('2024-04-01 00:00:00')
    """
    return pd.Period(day, freq=CALENDAR[every]).start_time.as_unit("us")


def last_day(day: pd.Timestamp, every: str) -> pd.Timestamp:
    """Return the last day of the month, quarter or year a day lies in.

    Examples
    --------
    >>> last_day(pd.Timestamp("2024-04-01"), "quarter")
    Timestamp('2024-06-30 00:00:00')
    """
    return pd.Period(day, freq=CALENDAR[every]).end_time.normalize().as_unit("us")
