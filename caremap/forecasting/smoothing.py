"""Levels by exponential smoothing: at several speeds, and with weekdays that move slowly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caremap.forecasting.history import Floats

__all__ = ["levels", "smoothed_weeks"]

SPEEDS = np.array([(a, g) for a in (0.03, 0.07, 0.12, 0.2, 0.35) for g in (0.01, 0.03, 0.07, 0.15)])
"""Of the level and of the weekday factors: the pair that did best so far is used."""
MEMORY = 365
"""Observations over which it is judged which did best."""


def levels(values: Floats, factors: Floats, speeds: Sequence[float]) -> Floats:
    """Return the level after every value, for each speed: smoothed values over smoothed factors.

    Where a value is missing the level stays what it was, and counts for less afterwards.

    Examples
    --------
    >>> levels(np.array([2.0, 4.0, np.nan]), np.array([1.0, 2.0, 1.0]), [0.5]).ravel()
    array([2., 2., 2.])
    """
    from scipy.signal import lfilter

    seen = ~np.isnan(values)
    start = np.flatnonzero(seen)[:28]
    first, base = float(np.mean(values[start])), float(np.mean(factors[: len(values)][start]))
    numbers = np.where(seen, values, 0.0)
    weights = np.where(seen, factors[: len(values)], 0.0)
    found = np.empty((len(values), len(speeds)))
    for column, speed in enumerate(speeds):
        kept = 1 - speed
        above = lfilter([speed], [1, -kept], numbers, zi=[kept * first])[0]
        below = lfilter([speed], [1, -kept], weights, zi=[kept * base])[0]
        found[:, column] = above / below
    return found


def smoothed_weeks(
    values: Floats, bases: Floats, origins: Sequence[int], cycle: int, horizon: int
) -> Floats:
    """Return forecasts by Holt-Winters smoothing without a trend, a row for each origin.

    Parameters
    ----------
    values
        Missing in gaps.
    bases
        A row of factors (season and holidays) for each origin, over all dates: divided out and
        put back.
    origins
        How many values are known to each forecast.
    cycle
        Length of the week: 7, or 1 where there are no weekdays.
    horizon
        Steps ahead.

    Notes
    -----
    Every pair of `SPEEDS` runs along; at an origin the pair whose one-step errors were smallest
    so far (recent ones weigh more) makes the forecast.

    Examples
    --------
    >>> smoothed_weeks(np.tile([3.0, 5.0, 4.0], 20), np.ones((1, 63)), [60], 3, 3).round(1)
    array([[3., 5., 4.]])
    """
    rise, turn = SPEEDS.T
    shape = (len(origins), len(SPEEDS))
    start = values[: min(8 * cycle, *origins)]
    level = np.full(shape, max(float(np.nanmean(start[: 4 * max(cycle, 2)])), 1e-9))
    seasons = np.tile(_first_week(start, cycle), (*shape, 1))
    misses = np.zeros(shape)
    wanted = {origin: row for row, origin in enumerate(origins)}
    forecasts = np.empty((len(origins), horizon))
    for day in range(max(origins) + 1):
        if day in wanted:
            row = wanted[day]
            best = int(misses[row].argmin())
            ahead = np.arange(day, day + horizon)
            forecasts[row] = (
                level[row, best] * seasons[row, best, ahead % cycle] * bases[row, ahead]
            )
        if day >= len(values) or np.isnan(values[day]):
            continue
        season, base = seasons[:, :, day % cycle], bases[:, day, None]
        miss = values[day] / base - level * season
        misses = misses * (1 - 1 / MEMORY) + (miss * base) ** 2
        before = level
        level = np.maximum(level + rise * miss / np.maximum(season, 0.05), 1e-9)
        if cycle > 1:
            seasons[:, :, day % cycle] = np.clip(
                season + turn * miss / np.maximum(before, level), 0.01, 7.0
            )
    return forecasts


def _first_week(start: Floats, cycle: int) -> Floats:
    """Return the weekday factors of the first weeks."""
    days = [start[day::cycle] for day in range(cycle)]
    mean = np.nanmean(start)
    if cycle == 1 or not mean > 0:
        return np.ones(cycle)
    sums = np.array([np.nansum(day) for day in days])
    counts = np.array([np.sum(~np.isnan(day)) for day in days])
    factors: Floats = np.maximum((sums + mean) / (counts + 1) / mean, 0.05)
    return factors
