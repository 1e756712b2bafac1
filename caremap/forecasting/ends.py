"""The ends of a series: a last day or week that is not over yet is left out.

A file exported at noon holds half of its last day, a week's file on Wednesday three days of
its last week, and a registry that is filled in late has a few low days at its end. A model
takes them for a fall. What is left out is said.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.days import SURE

__all__ = ["cut_by_clock", "low_at_end", "usual_before"]

Array = np.ndarray[Any, Any]

_LOW = -3.3  # standard deviations: once in two thousand days
_FALL = 0.75  # of the usual value: what is not lower than that is not cut
_MOST = 14  # days at an end that may be late; a longer fall is no late report
_FESTIVE = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)}


def usual_before(values: Array, season: int) -> Array:
    """Return what was usual before each value: the mean of the last eight of its weekday.

    Parameters
    ----------
    values
        Numbers by day, gaps missing.
    season
        7 for days, 1 for weeks.

    Examples
    --------
    >>> usual_before(np.array([2.0, 4.0, 9.0]), 1)
    array([nan,  2.,  3.])
    """
    result = np.full(len(values), np.nan)
    for phase in range(season):
        own = pd.Series(values[phase::season])
        result[phase::season] = own.shift(1).rolling(8, min_periods=1).mean().to_numpy()
    return result


def low_at_end(series: pd.Series[Any], season: int = 7) -> int:
    """Return how many values at the end are far below what is usual.

    Each is compared with the last eight of its weekday (or the last eight weeks), and with the
    same day of the year before, by a square-root scale on which counts vary alike. A holiday
    the file has not seen before is not taken for a partial day.

    Examples
    --------
    >>> busy = pd.Series(40.0, pd.date_range("2024-01-01", periods=100))
    >>> low_at_end(busy), low_at_end(busy.where(busy.index < "2024-04-08", 11.0))
    (0, 2)
    """
    values = series.to_numpy("float64")
    index = pd.DatetimeIndex(series.index)
    for cut in range(_MOST + 1):
        kept = values[: len(values) - cut]
        if len(kept) <= 4 * season or not _falls(kept, index[: len(kept)], season):
            return cut
    return 0  # too long a fall: the level is lower, no report is late


def _falls(values: Array, index: pd.DatetimeIndex, season: int) -> bool:
    """Return whether the last value is far below what is usual."""
    usual = usual_before(values, season)
    last, expected = values[-1], usual[-1]
    if np.isnan(last) or np.isnan(expected):
        return False
    limit = _FALL
    if season == 7:
        day = index[-1]
        before = [values[at] for at in np.flatnonzero((index.month == day.month)
                  & (index.day == day.day))[:-1]]  # fmt: skip
        known = [value for value in before if not np.isnan(value)]
        expected = min([expected, *known])
        if (day.month, day.day) in _FESTIVE and not known:
            limit = 0.2
    apart = _scaled(values[:-1]) - _scaled(usual[:-1])
    apart = apart[~np.isnan(apart)][-182:]
    spread = max(1.0, 1.4826 * float(np.median(np.abs(apart)))) if len(apart) else 1.0
    away = float(_scaled(np.array([last]))[0] - _scaled(np.array([expected]))[0]) / spread
    return bool(last < limit * expected and away < _LOW)


def _scaled(values: Array) -> Array:
    result: Array = 2 * np.sqrt(np.clip(values, 0, None) + 0.375)
    return result


def cut_by_clock(hourly: pd.DataFrame, day: pd.Timestamp, first: bool = False) -> bool:
    """Return whether the times of day show that a day was cut.

    Parameters
    ----------
    hourly
        As `caremap.measures.reductions.hourly` gives it.
    day
        The day in question.
    first
        Whether it is the first day of the file, cut at its beginning; else the last.

    Returns
    -------
    bool
        True where after the last hour with a row (before the first) so many are usual that
        none by chance has a probability below one in a hundred.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=30)
    >>> rows = pd.MultiIndex.from_product([days, range(24)], names=["date", "hour"])
    >>> hourly = rows.to_frame(index=False).assign(rows=2, midnight=0)
    >>> cut_by_clock(hourly, days[-1])
    False
    >>> noon = hourly[(hourly["date"] < days[-1]) | (hourly["hour"] < 12)]
    >>> cut_by_clock(noon, days[-1])
    True
    """
    timed = hourly.assign(rows=hourly["rows"] - hourly["midnight"])
    own = timed[(timed["date"] == day) & (timed["rows"] > 0)]
    others = timed[timed["date"] != day]
    total = others["rows"].sum()
    if own.empty or 2 * total < others["midnight"].sum() + total:
        return False
    near = others[(others["date"] - day).abs() <= pd.Timedelta(days=56)]
    days = near["date"].nunique()
    hour = own["hour"].min() if first else own["hour"].max()
    outside = near["hour"] < hour if first else near["hour"] > hour
    expected, usual = (near.loc[part, "rows"].sum() / max(days, 1) for part in (outside, ~outside))
    share = min(1.0, own["rows"].sum() / usual) if usual else 1.0  # a facility may be late
    return bool(share * expected > SURE)
