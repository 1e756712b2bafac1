"""Whether counts differ by more than chance: a title names no winner where none is known."""

from __future__ import annotations

import math
from collections.abc import Iterable

__all__ = ["alike"]

_SURE = 2.326  # standard normal, one in a hundred


def alike(counts: Iterable[float], exposures: Iterable[float]) -> bool:
    """Return whether counts may well be equal but for chance, given what each was counted over.

    Parameters
    ----------
    counts
        How often something happened in each group.
    exposures
        What it could happen in: days, say. Groups without any are left out.

    Returns
    -------
    bool
        Whether Pearson's chi-square of the counts, expected in proportion to the exposures, has
        a probability above one in a hundred. Counts below two a group on average decide
        nothing and are alike.

    Notes
    -----
    The probability is by the cube-root approximation of Wilson and Hilferty (1931), off by less
    than a thousandth here. It takes events as independent: where they come in bursts it sees
    differences too readily, never too rarely.

    Examples
    --------
    >>> alike([50, 48, 55, 47, 52, 49, 51], [10] * 7)
    True
    >>> alike([60, 60, 60, 60, 60, 25, 20], [10] * 7)
    False
    """
    groups = [(n, over) for n, over in zip(counts, exposures, strict=True) if over > 0]
    total, whole = (sum(column) for column in zip(*groups, strict=True)) if groups else (0, 0)
    freedom = len(groups) - 1
    if freedom < 1 or total < 2 * len(groups):
        return True
    expected = [total * over / whole for _, over in groups]
    found = sum((n - e) ** 2 / e for (n, _), e in zip(groups, expected, strict=True))
    spread = 2 / (9 * freedom)
    return bool(((found / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread) < _SURE)
