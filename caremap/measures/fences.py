"""How far is far out: Tukey's fences, the same wherever outliers are counted."""

from __future__ import annotations

import pandas as pd

__all__ = ["SHARES", "fences", "is_skewed"]

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles asked of `caremap.measures.reductions.quantiles`: ``q0`` to ``q4``."""

_LOPSIDED = 2.0


def is_skewed(whole: pd.DataFrame) -> bool:
    """Return whether values of all stays together reach much farther up than down.

    The 5th percentile is above 0, and the 95th lies more than twice as far from the median.

    Examples
    --------
    >>> is_skewed(pd.DataFrame({"q0": [1.0], "q2": [4.0], "q4": [16.0]}))
    True
    """
    low, middle, high = (float(whole[name].iloc[0]) for name in ("q0", "q2", "q4"))
    return bool(low > 0 and high - middle > _LOPSIDED * (middle - low))


def fences(found: pd.DataFrame, skewed: bool) -> dict[str, pd.Series[float]]:
    """Return Tukey's fences of each group, by logarithms where values are skewed.

    They lie 1.5 times the distance of the quartiles beyond these (Tukey, Exploratory Data
    Analysis, 1977); of logarithms in groups whose lower quartile has one.

    Examples
    --------
    >>> quartiles = pd.DataFrame({"q1": [2.0], "q3": [4.0]})
    >>> [float(end.iloc[0]) for end in fences(quartiles, skewed=False).values()]
    [-1.0, 7.0]
    """
    first, third = found["q1"], found["q3"]
    reach = 1.5 * (third - first)
    low, high = first - reach, third + reach
    if skewed:
        logs = first > 0
        factor = (third / first.where(logs)) ** 1.5
        low, high = (first / factor).where(logs, low), (third * factor).where(logs, high)
    return {"low": low, "high": high}
