"""Positions as names whose order, as text, is that of the positions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

__all__ = ["numbered", "positions"]


def numbered(places: Iterable[int]) -> list[str]:
    """Return names for positions: names settle ties, so they have to be in the same order.

    >>> numbered([2, 10])
    ['000002', '000010']
    """
    return [f"{place:06d}" for place in places]


def positions(names: Iterable[str]) -> npt.NDArray[np.int64]:
    """Return the positions that names stand for.

    >>> positions(["000002", "000010"])
    array([ 2, 10])
    """
    return np.array([int(name) for name in names], dtype="int64")
