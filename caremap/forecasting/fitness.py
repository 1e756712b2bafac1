"""Whether a series can be forecast at all; where not, why, in words."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from caremap.days import said

__all__ = ["LEAST_WEEKS", "Every", "unfit"]

Every = Literal["day", "week"]

LEAST_WEEKS = 8
"""Weeks a series must run for: fewer show no weekday, let alone a season."""

_LAST_YEAR = 2100
_LONGEST = 80  # years
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def unfit(series: pd.Series[Any], every: str = "day") -> tuple[str, str] | None:
    """Return why a series cannot be forecast, and what would help; None where it can.

    Parameters
    ----------
    series
        Numbers by day or by week (its first day), gaps missing.
    every
        ``day`` or ``week``.

    Returns
    -------
    tuple of str, or None
        The reason and the hint, a sentence or two each: no value at all; years that were
        shifted to protect patients (research data); shorter than eight weeks; mostly gaps;
        fewer than one case a week.

    Examples
    --------
    >>> month = pd.Series(4.0, pd.date_range("2024-01-01", periods=30))
    >>> unfit(month)[0]
    'The series is 30 days long: a forecast needs at least eight weeks (56 days).'
    >>> unfit(pd.Series(4.0, pd.date_range("2024-01-01", periods=90))) is None
    True
    """
    known = series.dropna().sort_index()
    if known.empty:
        return f"There is no whole {every} with a known value.", "Upload a longer file."
    first, last = known.index[0], known.index[-1]
    if last.year >= _LAST_YEAR or last.year - first.year > _LONGEST:
        return (
            f"The dates run from {said(first)} to {said(last)}: these years were shifted, as in "
            "research data made to protect patients. Days of different patients do not belong "
            "together, so nothing can be forecast from them.",
            "Upload stays with their true dates.",
        )
    length = (last - first).days + (7 if every == "week" else 1)
    if length < 7 * LEAST_WEEKS:
        number = length // 7 if every == "week" else length
        lasting = f"{number} {every}{'' if number == 1 else 's'}"
        return (
            f"The series is {lasting} long: a forecast needs at least eight weeks "
            f"({7 * LEAST_WEEKS} days).",
            "Upload a longer file, or choose a longer reporting period.",
        )
    return _thin(known, length, every)


def _thin(known: pd.Series[Any], length: int, every: str) -> tuple[str, str] | None:
    """Return why what is known is too little."""
    weeks = known if every == "week" else known.resample("W").count()
    having = int((weeks > 0).sum()) if every != "week" else len(known)
    if having < LEAST_WEEKS:
        return (
            f"Only {_number(having)} of {length // 7} weeks have a known value: a forecast needs "
            "at least eight.",
            "Choose weeks instead of days, or a measure with fewer gaps.",
        )
    values = known.to_numpy("float64")
    counts = bool((values == np.round(values)).all())
    a_week = float(values.mean()) * (1 if every == "week" else 7)
    if counts and a_week < 1:
        return (
            f"There is less than one a week ({a_week:.2g} on average): too few for a forecast.",
            "Choose a larger part of the network, or a measure that counts more.",
        )
    return None


def _number(value: int) -> str:
    return _WORDS[value] if value < len(_WORDS) else str(value)
