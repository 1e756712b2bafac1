"""Windows of days that figures are computed over, and what the data covers of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from caremap.dataset import Dataset
from caremap.days import day_from

__all__ = [
    "Window", "dates_assumed", "dates_in_doubt", "explained_by_chance", "reporting_windows",
    "resolve_as_of",
]  # fmt: skip

DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """Days from ``start`` to ``end``, both included; None where a side is open.

    ``comparison`` marks a window another one is compared with: it gives a figure only
    where the data covers it from its first day.
    """

    name: str
    start: pd.Timestamp | None = None
    end: pd.Timestamp | None = None
    comparison: bool = False

    @property
    def everything(self) -> bool:
        """Whether the window is open on both sides: rows without a date belong to it."""
        return self.start is None and self.end is None

    @property
    def days(self) -> float:
        """Number of days, NaN where a side is open."""
        if self.start is None or self.end is None:
            return float("nan")
        return float((self.end - self.start).days + 1)


def resolve_as_of(dataset: Dataset, as_of: object = None) -> pd.Timestamp | None:
    """Return the as-of date in force: as given, else the dataset's, capped by its period.

    Examples
    --------
    >>> resolve_as_of(Dataset(), "2024-04-30")
    Timestamp('2024-04-30 00:00:00')
    >>> resolve_as_of(Dataset()) is None
    True
    """
    if as_of is not None:
        return day_from(as_of, "as-of date")
    last = dataset.as_of
    end = dataset.period[1] if dataset.period else None
    return last if last is None or end is None else min(last, end)


def reporting_windows(dataset: Dataset, as_of: pd.Timestamp | None) -> list[Window]:
    """Return overall, month to date, the same days of the month before and of last year.

    A month that is shorter ends on its last day: 30 March is compared with 1-29 February
    of a leap year, 29 February with 1-28 February of the year before.

    Examples
    --------
    >>> for window in reporting_windows(Dataset(), pd.Timestamp("2024-03-30"))[1:]:
    ...     print(window.name, window.start.date(), window.end.date(), window.days)
    month_to_date 2024-03-01 2024-03-30 30.0
    previous 2024-02-01 2024-02-29 29.0
    last_year 2023-03-01 2023-03-30 30.0
    """
    start, end = dataset.period or (None, None)
    windows = [Window("overall", start, end)]
    if as_of is None:
        return windows
    for name, months in (("month_to_date", 0), ("previous", 1), ("last_year", 12)):
        last = as_of - pd.DateOffset(months=months)
        windows.append(Window(name, last.replace(day=1), last, comparison=months > 0))
    return windows


def dates_in_doubt(dataset: Dataset) -> str:
    """Return why no figure of a month is to be given; empty where dates are in no doubt.

    Dates with day and month swapped in part of the rows put stays into wrong months: until
    the user repairs or confirms them, only figures of the whole file are given.

    Examples
    --------
    >>> dates_in_doubt(Dataset())
    ''
    """
    for finding in dataset.findings:
        if finding.severity == "error" and finding.code in {"swapped-dates", "mixed-date-orders"}:
            named = f"of “{finding.column}” " if finding.column else ""
            return (
                f"Figures of a month are not given while dates {named}are in doubt: day and month "
                "seem to be swapped in part of the rows. Repair or confirm them on the Data page."
            )
    return ""


def dates_assumed(dataset: Dataset) -> str:
    """Return which order of day and month is only assumed; empty where none is.

    Examples
    --------
    >>> dates_assumed(Dataset())
    ''
    """
    named = [
        f"“{finding.column}”" for finding in dataset.findings if finding.code == "ambiguous-dates"
    ]
    if not named:
        return ""
    return (
        f"Whether dates in {' and '.join(dict.fromkeys(named))} are day first or month first is "
        "assumed, not known: please decide on the Data page."
    )


def explained_by_chance(days: float, per_day: float) -> bool:
    """Return whether that many days without a row may be chance rather than missing data.

    At ``per_day`` rows a day on average, ``days`` empty days in a row have the probability
    exp(-days x per_day); below one in a hundred they are taken for missing. Never more than
    three days are explained away.

    Examples
    --------
    >>> explained_by_chance(1, 3.0), explained_by_chance(2, 3.0), explained_by_chance(4, 0.1)
    (True, False, False)
    """
    return days <= 0 or (days <= 3 and days * per_day < 4.6)
