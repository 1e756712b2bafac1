"""Distances as people write them, in kilometres or miles."""

from __future__ import annotations

import math

import pandas as pd

from caremap.charts.frames import numbers
from caremap.charts.look import NO_FIGURE, number

__all__ = ["KM_OF_A_MILE", "bare", "far", "lengths", "unit_of_length"]

KM_OF_A_MILE = 1.609344
"""Kilometres, since 1959."""


def unit_of_length(miles: bool) -> str:
    """Return the unit: "km", or "miles"."""
    return "miles" if miles else "km"


def lengths(km: pd.Series, miles: bool) -> pd.Series:
    """Return kilometres in the unit asked for; what is no distance is missing.

    Examples
    --------
    >>> lengths(pd.Series([1.609344, None, -1.0]), miles=True).tolist()
    [1.0, nan, nan]
    """
    known = numbers(km)
    return known.where(known.ge(0)) / (KM_OF_A_MILE if miles else 1)


def bare(value: float) -> str:
    """Write a distance without its unit: a decimal where it is short.

    Examples
    --------
    >>> bare(9.54), bare(99.97), bare(1234.5), bare(0.0), bare(0.004)
    ('9.5', '100', '1,234', '0', 'under 0.1')
    """
    if not math.isfinite(value):
        return NO_FIGURE
    if 0 < value < 0.05:
        return "under 0.1"
    return number(value, decimals=0 if value >= 99.95 or value == 0 else 1)


def far(value: float, unit: str) -> str:
    """Write a distance with its unit.

    Examples
    --------
    >>> far(9.54, "km"), far(1.0, "miles"), far(math.nan, "km")
    ('9.5 km', '1.0 miles', 'no figure')
    """
    return f"{bare(value)} {unit}" if math.isfinite(value) else NO_FIGURE
