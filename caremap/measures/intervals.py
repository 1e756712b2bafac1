"""What range a share is in, by what was counted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["wilson"]

_SURE = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""

Numbers = npt.NDArray[np.float64]


def wilson(found: npt.ArrayLike, of: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    """Return the ends of the 95 % interval of a proportion, by Wilson's score method.

    Parameters
    ----------
    found, of
        How many had it, of how many.

    Returns
    -------
    tuple
        Lower and upper end, as fractions; NaN where it is of none.

    Notes
    -----
    Wilson (1927), without continuity correction: method 3 of Newcombe (1998), whose examples
    are 81 of 263 (0.2553 to 0.3662), 15 of 148 (0.0624 to 0.1605) and 0 of 20 (0 to 0.1611).

    Examples
    --------
    >>> low, high = wilson(81, 263)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2553, 0.3662)
    """
    n = np.asarray(of, dtype="float64")
    n = np.where(n > 0, n, np.nan)
    share = np.asarray(found, dtype="float64") / n
    square = _SURE**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _SURE / (1 + square / n) * np.sqrt(share * (1 - share) / n + square / (4 * n**2))
    # At none and at all an end is exactly there; rounding must not put it beyond.
    low = np.where(share == 0, 0.0, np.clip(middle - half, 0.0, 1.0))
    high = np.where(share == 1, 1.0, np.clip(middle + half, 0.0, 1.0))
    return low, high
