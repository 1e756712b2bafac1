"""Values that can be no count of that day: a slip of the keyboard, or a month booked on one day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["slips"]

TIMES = 3.0
"""How many times the largest value of the weeks before it a value must be."""
BEYOND = 10.0
"""And by how many standard deviations of a Poisson process it must lie above that."""
WEEKS = 8
IN_A_ROW = 2
"""A level that stays is no slip: from the third value on it is believed."""


def slips(values: npt.NDArray[np.float64], cycle: int) -> list[int]:
    """Return the positions of values far above anything the eight weeks before have seen.

    Judged by what was known at the time only, so that a forecast of the past knows no more of
    them than it could have. Without four weeks of values before it nothing is judged.

    Parameters
    ----------
    values
        Numbers of zero or more on an even grid, missing in gaps.
    cycle
        Values in a week: 7, or 1.

    Examples
    --------
    >>> values = np.tile([20.0, 24.0, 22.0, 18.0], 20)
    >>> values[[50, 60, 61, 62, 63]] = [2300.0, 130.0, 130.0, 130.0, 130.0]
    >>> slips(values, 7)
    [50, 60, 61]
    """
    found: list[int] = []
    believed = values.copy()
    width, least = WEEKS * cycle, WEEKS * cycle // 2
    in_a_row = 0
    for at in range(least, len(values)):
        if np.isnan(values[at]):
            continue
        before = believed[max(at - width, 0) : at]
        known = before[~np.isnan(before)]
        highest = float(known.max()) if len(known) >= least else 0.0
        far = highest > 0 and values[at] > max(
            TIMES * highest, highest + BEYOND * np.sqrt(max(highest, 1.0))
        )
        in_a_row = in_a_row + 1 if far else 0
        if far and in_a_row <= IN_A_ROW:
            believed[at] = np.nan
            found.append(at)
    return found
