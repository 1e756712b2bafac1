"""What share of a whole each part has: followed at several speeds, with weekdays of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.forecasting.history import Floats

__all__ = ["Shares", "shares_of"]

SPEEDS = (0.003, 0.01, 0.03, 0.1, 0.3)
"""At which a share may follow the last days: from nearly constant to nearly the last week's."""
WEEKS = 0.98
"""What a week counts beside the next one in the weekdays of a part."""
PATIENTS = 20.0
"""Patients on a weekday that count as much as the assumption that it is like all others."""
JUDGED = 52
"""Weeks over which the speed of a part is judged."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of parts as they were known after every day.

    Attributes
    ----------
    level
        The share after each day: speeds by days by parts.
    weekday
        By how much it is larger on this weekday: days by parts.
    missed
        Squared errors up to each day, summed: speeds by days by parts.
    cycle
        Observations in a week.
    """

    level: Floats
    weekday: Floats
    missed: Floats
    cycle: int

    def ahead(self, known: int, horizon: int) -> Floats:
        """Return the shares of the next dates (rows, sum 1) from the first ``known`` days alone."""
        last = known - 1
        before = max(last - JUDGED * self.cycle, 0)
        best = (self.missed[:, last] - self.missed[:, before]).argmin(axis=0)
        level = self.level[best, last, np.arange(len(best))]
        same = last - (last - np.arange(known, known + horizon)) % self.cycle
        shares = level * self.weekday[np.maximum(same, 0)]
        sums = shares.sum(axis=1, keepdims=True)
        even = np.full_like(shares, 1 / shares.shape[1])
        return np.asarray(np.where(sums > 0, shares / np.where(sums > 0, sums, 1.0), even))


def shares_of(parts: pd.DataFrame, whole: pd.Series, cycle: int) -> Shares:
    """Return the shares of the columns in the whole, as known after every row.

    Parameters
    ----------
    parts
        Numbers by date and part; missing where not known: then the part's share stays what it was.
    whole
        What they add up to, on the same dates; missing where that is not known.
    cycle
        7 for days, 1 for weeks.

    Examples
    --------
    >>> weeks = pd.DataFrame({"East": [6.0, 7, 6, 7], "West": [2.0, 3, 2, 3]})
    >>> shares_of(weeks, weeks.sum(axis=1), cycle=1).ahead(known=4, horizon=1).round(2)
    array([[0.72, 0.28]])
    """
    from scipy.signal import lfilter

    values = parts.to_numpy(dtype="float64")
    among = whole.to_numpy(dtype="float64")[:, None]
    seen = ~np.isnan(values) & ~np.isnan(among)
    own, all_of_it = np.where(seen, values, 0.0), np.where(seen, among, 0.0)

    def followed(speed: float, among: Floats) -> Floats:
        fade = [1.0, speed - 1.0]
        above, below = (lfilter([1.0], fade, kept, axis=0) for kept in (own, among))
        return np.asarray(above / np.maximum(below, 1e-9))

    weekday = np.ones_like(own)
    if cycle > 1:
        fade = [1.0, *[0.0] * (cycle - 1), -WEEKS]
        usual = lfilter([1.0], fade, all_of_it, axis=0) * followed(SPEEDS[0], all_of_it)
        weekday = (lfilter([1.0], fade, own, axis=0) + PATIENTS) / (usual + PATIENTS)
    level = np.array([followed(speed, all_of_it * weekday) for speed in SPEEDS])
    missed = np.zeros_like(level)
    error = own[cycle:] - all_of_it[cycle:] * level[:, :-cycle] * weekday[:-cycle]
    missed[:, cycle:] = (error**2).cumsum(axis=1)
    return Shares(level, weekday, missed, cycle)
