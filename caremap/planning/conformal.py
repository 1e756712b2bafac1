"""Intervals that hold what they promise: how wide they have to be is measured on stays not seen.

Vovk, Gammerman and Shafer (2005): if a new stay is like those measured on, an interval as wide as
80 % of them needed holds it four times in five, whatever the model. The distribution gives the
shape (Chernozhukov, Wüthrich and Zhu, 2021), the measured stays the level.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["level_for", "levels_needed"]

Array = np.ndarray[Any, Any]


def levels_needed(below: ArrayLike, up_to: ArrayLike) -> Array:
    """Return the level of the narrowest central interval that holds each stay.

    Parameters
    ----------
    below, up_to
        The predicted chance of fewer nights than there were, and of as many or fewer.

    Examples
    --------
    >>> levels_needed([0.4, 0.9, 0.0], [0.6, 0.95, 0.05]).round(2).tolist()
    [0.0, 0.8, 0.9]
    """
    under, over = np.asarray(below, dtype="float64"), np.asarray(up_to, dtype="float64")
    needed: Array = np.maximum.reduce([1 - 2 * over, 2 * under - 1, np.zeros(len(under))])
    return needed


def level_for(needed: ArrayLike, share: float = 0.8) -> float:
    """Return the level that holds a share of new stays, from what measured ones needed.

    The share is of one stay more than were measured, as conformal prediction asks for: with too
    few of them the interval holds everything.

    Examples
    --------
    >>> level_for([0.1, 0.3, 0.5, 0.7, 0.9, 0.2, 0.4, 0.6, 0.8])
    0.8
    >>> level_for([0.1, 0.2])
    1.0
    """
    sorted_levels = np.sort(np.asarray(needed, dtype="float64"))
    place = int(np.ceil(share * (len(sorted_levels) + 1) - 1e-9))
    return 1.0 if place > len(sorted_levels) else float(sorted_levels[max(place, 1) - 1])
