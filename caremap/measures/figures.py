"""A figure with what it was computed from, and how daily frames are cut into windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from caremap.measures.windows import Window

__all__ = [
    "Figure",
    "Figures",
    "Span",
    "missing",
    "quantiles",
    "ratios",
    "told",
    "unknown",
    "window_sums",
]

NAN = float("nan")


@dataclass(frozen=True)
class Figure:
    """One number and where it comes from.

    ``n`` is the number of rows (or days, for beds) it was computed from; ``value`` is NaN
    where it cannot be computed, and ``notes`` say why. ``days`` are the days a flow was
    counted over, where they are not the days of its window; ``of`` is how many counts it could
    have had, where blanks are possible. ``every`` is ``week``, ``month``, ... where whole
    ones were counted, whatever the days of its window.
    """

    value: float = NAN
    numerator: float = NAN
    denominator: float = NAN
    n: float = NAN
    notes: tuple[str, ...] = ()
    days: float = NAN
    of: float = NAN
    every: str = ""

    def noting(self, *sentences: str) -> Figure:
        """Return the figure with more sentences in its notes, none of them twice."""
        told = dict.fromkeys((*self.notes, *filter(None, sentences)))
        return replace(self, notes=tuple(told))


Figures = dict[str, list[Figure]]
"""Measure to one figure per window."""


def unknown(*notes: str) -> Figure:
    """Return a figure that cannot be computed, and why.

    Examples
    --------
    >>> unknown("No cost column.").notes
    ('No cost column.',)
    """
    return Figure(notes=tuple(filter(None, notes)))


@dataclass(frozen=True)
class Span:
    """The days a kind of row is complete for, and how many there are a day on average."""

    first: pd.Timestamp
    last: pd.Timestamp
    per_day: float


def missing(windows: Sequence[Window], *notes: str) -> list[Figure]:
    """Return a figure that cannot be computed for every window."""
    return [unknown(*notes) for _ in windows]


def window_sums(daily: pd.DataFrame, windows: Sequence[Window]) -> pd.DataFrame:
    """Sum every column of a daily frame over windows.

    Parameters
    ----------
    daily
        ``date`` (NaT for rows without one) and numbers.
    windows
        Rows without a date belong to a window that is open on both sides only.

    Returns
    -------
    pandas.DataFrame
        One row per window, the columns of ``daily`` but the date.

    Examples
    --------
    >>> daily = pd.DataFrame({"date": pd.to_datetime(["2024-04-01", "2024-04-02", None]),
    ...                       "rows": [2, 3, 1]})
    >>> day = pd.Timestamp("2024-04-02")
    >>> window_sums(daily, [Window("overall"), Window("day", day, day)])["rows"].tolist()
    [6.0, 3.0]
    """
    columns = [name for name in daily if name != "date"]
    dated = daily[daily["date"].notna()].sort_values("date")
    values = dated[columns].to_numpy("float64")
    undated = daily.loc[daily["date"].isna(), columns].to_numpy("float64").sum(axis=0)
    sums = [
        values[low:high].sum(axis=0) + (undated if window.everything else 0.0)
        for window, (low, high) in zip(windows, bounds(dated["date"], windows), strict=True)
    ]
    return pd.DataFrame(sums, columns=columns)


def quantiles(
    counted: pd.DataFrame, value: str, windows: Sequence[Window], shares: Sequence[float]
) -> list[tuple[list[float], int]]:
    """Return quantiles of a value over windows, from how often it occurred each day.

    Parameters
    ----------
    counted
        ``date``, the value and ``rows``.
    value
        Name of the value's column.
    windows
        As in `window_sums`.
    shares
        Shares between 0 and 1; a quantile between two values is interpolated, so that 0.5
        is the usual median.

    Returns
    -------
    list
        For each window the quantiles (NaN without rows) and the number of rows.

    Examples
    --------
    >>> stays = pd.DataFrame({"date": pd.NaT, "length": [0.0, 3, 6, 10], "rows": [2, 1, 1, 1]})
    >>> quantiles(stays, "length", [Window("overall")], [0.5])
    [([3.0], 5)]
    """
    dated = counted[counted["date"].notna()].sort_values("date")
    rest = counted[counted["date"].isna()]
    found = []
    for window, (low, high) in zip(windows, bounds(dated["date"], windows), strict=True):
        values = dated[value].to_numpy("float64")[low:high]
        rows = dated["rows"].to_numpy("int64")[low:high]
        if window.everything:
            values = np.concatenate([values, rest[value].to_numpy("float64")])
            rows = np.concatenate([rows, rest["rows"].to_numpy("int64")])
        found.append((_weighted_quantiles(values, rows, shares), int(rows.sum())))
    return found


def _weighted_quantiles(
    values: np.ndarray, rows: np.ndarray, shares: Sequence[float]
) -> list[float]:
    if not rows.sum():
        return [NAN for _ in shares]
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(rows[order])
    ordered = values[order]
    found = []
    for share in shares:
        place = share * (reached[-1] - 1)
        low = ordered[np.searchsorted(reached, np.floor(place), side="right")]
        high = ordered[np.searchsorted(reached, np.ceil(place), side="right")]
        found.append(float(low + (high - low) * (place - np.floor(place))))
    return found


def bounds(dates: pd.Series[pd.Timestamp], windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Return where each window begins and ends in sorted dates."""
    days = dates.to_numpy("datetime64[us]")
    return [
        (
            0 if w.start is None else int(np.searchsorted(days, w.start.to_numpy(), "left")),
            len(days) if w.end is None else int(np.searchsorted(days, w.end.to_numpy(), "right")),
        )
        for w in windows
    ]


def ratios(
    numerators: Iterable[float],
    denominators: Iterable[float],
    n: Iterable[float],
    empty: str = "",
    scale: float = 1.0,
) -> list[Figure]:
    """Return numerator ÷ denominator for every window, NaN with a note where there is none."""
    return [
        Figure(scale * top / bottom, top, bottom, count)
        if bottom
        else Figure(NAN, top, bottom, count).noting(empty)
        for top, bottom, count in zip(numerators, denominators, n, strict=True)
    ]


def told(figures: Sequence[Figure], *sentences: str) -> list[Figure]:
    """Add sentences to the notes of the first figure: the overall one."""
    return [
        figure.noting(*sentences) if place == 0 else figure for place, figure in enumerate(figures)
    ]
