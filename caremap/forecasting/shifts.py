"""Level shifts: weeks from which a series runs at another level for good."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.forecasting.outliers import adjusted

__all__ = ["NO_SHIFTS", "shifts"]

Array = np.ndarray[Any, Any]

NO_SHIFTS = pd.DataFrame(
    {"date": pd.Series(dtype="datetime64[us]"), "before": pd.Series(dtype="float64"),
     "after": pd.Series(dtype="float64")}
)  # fmt: skip

_SIDE = 8  # weeks on either side that are compared
_WANDER = 3.0  # times the usual change within weeks: some series wander all the time
_LARGE = 0.15  # of the level before
_CLEAR = 6.0  # times the spread of the difference of two medians
_AT_ONCE = 0.6  # share of the change that two weeks see


def shifts(series: pd.Series[Any]) -> pd.DataFrame:
    """Return where the level changes at once and stays changed.

    The medians of the eight weeks before and after each week are compared, weekdays taken out.
    A change counts where it is at least 15 % and far beyond the usual differences from week to
    week, where two weeks see most of it (a season comes and goes by degrees), and where the
    same weeks of another year did not see the like.

    Parameters
    ----------
    series
        Numbers by day or week, gaps missing.

    Returns
    -------
    pandas.DataFrame
        ``date`` (first day at the new level), ``before``, ``after``: the medians of eight weeks
        on either side, per day or week as the series is.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=200)
    >>> noise = np.tile([0.0, 1.0, -1.0, 2.0, -2.0], 40)
    >>> shifts(pd.Series(np.where(days < "2024-04-15", 30.0, 20.0) + noise, days))
            date  before  after
    0 2024-04-15    30.0   20.0
    """
    known = series.dropna()
    if len(known) < 4:
        return NO_SHIFTS.copy()
    _, factor = adjusted(known)
    levels = known.to_numpy("float64") / np.where(factor > 0, factor, np.nan)
    level = pd.Series(levels, known.index).dropna()
    index = pd.DatetimeIndex(level.index)
    mondays = index - pd.to_timedelta(index.day_of_week, unit="D")
    weekly = level.groupby(mondays).mean()
    weekly = weekly.reindex(pd.date_range(weekly.index[0], weekly.index[-1], freq="7D"))
    values = weekly.to_numpy("float64")
    found = [_line(level, weekly, week) for week in _weeks(values) if not _seasonal(values, week)]
    return pd.DataFrame(found or NO_SHIFTS).astype({"date": "datetime64[us]"})


def _sides(values: Array, week: int, wide: int) -> tuple[float, float]:
    """Return the medians of the weeks before and from a week on, NaN where too few are known."""
    before, after = values[max(week - wide, 0) : week], values[week : week + wide]
    least = (wide + 1) // 2
    if np.isfinite(before).sum() < least or np.isfinite(after).sum() < least:
        return float("nan"), float("nan")
    return float(np.nanmedian(before)), float(np.nanmedian(after))


def _changes(values: Array, wide: int) -> Array:
    sides = [_sides(values, week, wide) for week in range(len(values))]
    return np.array([after - before for before, after in sides])


def _weeks(values: Array) -> list[int]:
    """Return the weeks from which the level is another one, the clearest first."""
    if len(values) < 2 * _SIDE:
        return []
    change, sudden = _changes(values, _SIDE), _changes(values, 2)
    change[: _SIDE // 2 + 2] = np.nan
    steps = np.diff(values)
    steps = steps[np.isfinite(steps)]
    noise = 1.4826 * float(np.median(np.abs(steps))) / np.sqrt(2) if len(steps) else 0.0
    usual = np.abs(sudden[np.isfinite(sudden)])
    wander = float(np.quantile(usual, 0.25)) / 0.3186 if len(usual) else 0.0  # of a normal
    spread = max(noise * 1.2533 * np.sqrt(2 / _SIDE), 1e-9)
    found: list[int] = []
    score = np.nan_to_num(np.abs(change))
    for week in np.argsort(-score, kind="stable"):
        before, _ = _sides(values, week, _SIDE)
        if score[week] < _CLEAR * spread or score[week] < _LARGE * abs(before):
            continue
        if not np.abs(sudden[week]) >= _WANDER * wander:
            continue
        at_once = sudden[week] / change[week]
        apart = all(abs(week - other) >= _SIDE for other in found)
        if apart and np.isfinite(at_once) and at_once >= _AT_ONCE:
            found.append(int(week))
    return sorted(found)


def _seasonal(values: Array, week: int) -> bool:
    """Return whether the same weeks of another year saw the like."""
    before, after = _sides(values, week, _SIDE)
    own = (after - before) / max(abs(before), 1e-9)
    for year in (-52, 52):
        for near in range(-2, 3):
            other = week + year + near
            if 0 <= other < len(values):
                low, high = _sides(values, other, _SIDE)
                if np.isfinite(low) and (high - low) / max(abs(low), 1e-9) / own > 0.5:
                    return True
    return False


def _line(level: pd.Series[Any], weekly: pd.Series[Any], week: int) -> dict[str, Any]:
    """Return a shift, dated to the day within the weeks beside it that parts them best."""
    monday = weekly.index[week]
    near = level.loc[monday - pd.Timedelta(days=28) : monday + pd.Timedelta(days=34)]
    before, after = _sides(weekly.to_numpy("float64"), week, _SIDE)
    days = near.loc[monday - pd.Timedelta(days=7) : monday + pd.Timedelta(days=7)].index
    middle = (before + after) / 2
    side = np.sign(after - before)
    right = (np.sign(near - middle) == side).astype(int)
    scores = [(int(right[near.index >= day].sum() + (1 - right[near.index < day]).sum()))
              for day in days]  # fmt: skip
    day = days[int(np.argmax(scores))] if len(days) else monday
    return {"date": day, "before": before, "after": after}
