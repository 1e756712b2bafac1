"""Groups that are off by more than chance, where several are compared at once.

Of twenty groups that are all right, one lies outside its own 95 % interval. A text and a figure
of the same groups must not judge them by different rules: both ask here.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

__all__ = ["sides"]

_SURE = 0.05  # chance that any group is named where none is off
_NORMAL = NormalDist()


def sides(
    value: Sequence[float], low: Sequence[float], high: Sequence[float], *, least: float = 0.0
) -> list[int]:
    """Return for each group whether its value is above 0 (1), below (-1), or neither (0).

    Parameters
    ----------
    value, low, high
        A difference of each group and its own 95 % interval; missing where it is not judged.
    least
        Differences nearer to 0 than this are nothing to speak of.

    Notes
    -----
    Bonferroni: intervals are widened for as many groups as are judged.

    Examples
    --------
    >>> sides([0.02, -0.08, float("nan")], [0.001, -0.12, 0.0], [0.039, -0.04, 0.0])
    [0, -1, 0]
    """
    middle, below, above = (np.asarray(side, dtype="float64") for side in (value, low, high))
    judged = np.isfinite(middle + below + above) & (np.abs(middle) >= least)
    if not judged.any():
        return [0] * len(middle)
    wider = _NORMAL.inv_cdf(1 - _SURE / 2 / int(judged.sum())) / _NORMAL.inv_cdf(0.975)
    too_high = judged & (middle - (middle - below) * wider > 0)
    too_low = judged & (middle + (above - middle) * wider < 0)
    found: list[int] = (too_high.astype("int64") - too_low.astype("int64")).tolist()
    return found
