"""Need per staff member, in numbers and words: no staff, no need and unknown are three things."""

from __future__ import annotations

import math

import pandas as pd

from caremap.charts.look import NO_FIGURE, number

__all__ = ["NO_STAFF", "per_staff", "ratio", "spread", "written"]

NO_STAFF = "no staff"
"""What stands where there is need and nobody to meet it: the ratio has no figure, nor is it 0."""


def ratio(value: float) -> str:
    """Write a ratio with three digits, as its size varies with what is needed.

    Examples
    --------
    >>> ratio(4423.4), ratio(21.04), ratio(1.0249), ratio(0), ratio(float("nan"))
    ('4,423', '21.0', '1.02', '0', 'no figure')
    """
    size = abs(value)
    return number(value, decimals=0 if size >= 99.95 or not size else 1 if size >= 9.995 else 2)


def per_staff(need: pd.Series, staff: pd.Series) -> pd.Series:
    """Return need over staff; infinite where there is need and no staff, missing where neither.

    Examples
    --------
    >>> per_staff(pd.Series([600.0, 600, 0, None]), pd.Series([2.0, 0, 0, 3])).tolist()
    [300.0, inf, nan, nan]
    """
    share: pd.Series = need.astype("float64") / staff.astype("float64")
    return share


def written(value: float) -> str:
    """Write what `per_staff` returns.

    Examples
    --------
    >>> written(300.0), written(math.inf), written(math.nan)
    ('300', 'no staff', 'no figure')
    """
    return NO_STAFF if math.isinf(value) else ratio(value) if value == value else NO_FIGURE


def spread(values: pd.Series) -> str:
    """Say from where to where ratios go, and how many have no staff at all.

    Examples
    --------
    >>> spread(pd.Series([210.0, 4423.0])), spread(pd.Series([598.2, 598.4]))
    ('210 to 4,423', '598')
    >>> spread(pd.Series([210.0, 4423.0, math.inf]))
    '210 to 4,423 and 1 facility without staff'
    """
    known = values[values.map(math.isfinite)]
    bare = int(values.map(math.isinf).sum())
    without = f"{bare:,} {'facility' if bare == 1 else 'facilities'} without staff" * bool(bare)
    if known.empty:
        return without or NO_FIGURE
    ends = [ratio(float(known.min())), ratio(float(known.max()))]
    span = ends[0] if ends[0] == ends[1] else " to ".join(ends)
    return f"{span} and {without}" if without else span
