"""Days far from what is usual: pointed out, never changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["NO_OUTLIERS", "adjusted", "outliers"]

Array = np.ndarray[Any, Any]

NO_OUTLIERS = pd.DataFrame(
    {"date": pd.Series(dtype="datetime64[us]"), "value": pd.Series(dtype="float64"),
     "expected": pd.Series(dtype="float64")}
)  # fmt: skip

_WIDTH = 21  # days whose median is the level: an epidemic rises within weeks
_FAR = 4.5  # robust standard deviations
_APART = 0.2  # of the usual value: less is no news, however steady the series
_YEARLY = pd.Timedelta(days=4)  # holidays fall on other days from year to year


def adjusted(series: pd.Series[Any]) -> tuple[Array, Array]:
    """Return the usual level around each day, and by what its weekday differs from it.

    Parameters
    ----------
    series
        By day or week.

    Returns
    -------
    tuple of numpy.ndarray
        The level: a median over three weeks (of weeks, over five); and the factor of the
        weekday: a median of the ratios to that level, 1 for weeks.

    Examples
    --------
    >>> days = pd.Series([2.0, 4.0, 4.0, 4.0, 4.0, 4.0, 2.0] * 10,
    ...                  pd.date_range("2024-01-01", periods=70))
    >>> level, factor = adjusted(days)
    >>> float(level[35]), float(factor[35]), float(factor[36])
    (4.0, 0.5, 1.0)
    """
    weekly = _weekly(series)
    width = 5 if weekly else _WIDTH
    level = series.rolling(width, 1, center=True).median().to_numpy("float64")
    factor: Array = np.ones(len(series))
    if not weekly:
        ratio = pd.Series(series.to_numpy("float64") / np.where(level > 0, level, np.nan))
        weekday = pd.DatetimeIndex(series.index).day_of_week
        usual = ratio.groupby(np.asarray(weekday)).median()
        factor = usual.reindex(np.asarray(weekday)).fillna(1.0).to_numpy("float64")
    return level, factor


def _weekly(series: pd.Series[Any]) -> bool:
    days = pd.DatetimeIndex(series.index).to_numpy("datetime64[D]").astype("int64")
    return bool(len(days) > 1 and np.median(np.diff(days)) >= 7)


def outliers(series: pd.Series[Any], n: pd.Series[Any] | None = None) -> pd.DataFrame:
    """Return the days (weeks) far from what is usual for their weekday and time of the year.

    Parameters
    ----------
    series
        Numbers by day or week, gaps missing.
    n
        Of means: how many stays are behind each. A mean of few may lie far away.

    Returns
    -------
    pandas.DataFrame
        ``date``, ``value``, ``expected``, by date. Not a day that differs alike about the same
        date of another year: that is the calendar.

    Examples
    --------
    >>> days = pd.Series([9.0, 10.0, 11.0] * 40, pd.date_range("2024-01-01", periods=120))
    >>> days.iloc[60] = 45.0
    >>> outliers(days)
            date  value  expected
    0 2024-03-01   45.0      10.0
    """
    known = series.dropna()
    if len(known) < 21:
        return NO_OUTLIERS.copy()
    level, factor = adjusted(known)
    expected = level * factor
    values = known.to_numpy("float64")
    lowest = min(0.0, float(values.min()))
    usual = np.maximum(expected, 0)
    away = 2 * (np.sqrt(values - lowest + 0.375) - np.sqrt(usual - lowest + 0.375))
    if n is not None:
        behind = n.reindex(known.index).fillna(0.0).to_numpy("float64")
        away = away * np.sqrt(behind / max(float(np.median(behind)), 1.0))
    spread = 1.4826 * float(np.median(np.abs(away - np.median(away))))
    counts = bool((values == np.round(values)).all())
    spread = max(spread, 1.0 if counts else 1e-9)
    far = (np.abs(away) > _FAR * spread) & (
        np.abs(values - expected) > _APART * np.maximum(np.abs(expected), 1e-9)
    )
    index = pd.DatetimeIndex(known.index)
    found = pd.DataFrame({"date": index, "value": values, "expected": expected})[far]
    lonely = ~_every_year(index[far], np.sign(away[far]))
    result: pd.DataFrame = found[lonely].reset_index(drop=True).astype({"date": "datetime64[us]"})
    return result


def _every_year(days: pd.DatetimeIndex, sides: Array) -> Array:
    """Return which days have their like about the same date of the year before or after."""
    again = np.zeros(len(days), dtype=bool)
    for at, (day, side) in enumerate(zip(days, sides, strict=True)):
        same = days[sides == side]
        for years in (-1, 1):
            other = day + pd.DateOffset(years=years)
            again[at] |= bool((abs(same - other) <= _YEARLY).any())
    return again
