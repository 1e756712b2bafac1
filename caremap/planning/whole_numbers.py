"""The best choice in whole numbers under limits that are no flow: one wish after the other.

Where a budget meets units of different cost, or a bed is taken for some nights only, the best in
fractions is not the best in whole numbers, and a search decides (HiGHS). Each wish is held before
the next is asked, so that the later ones choose only among the choices the earlier ones like best.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Choice", "Rules", "best_choice", "upper_bound"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

WITHIN = 1e-6
"""By how much a limit may be passed: what a search in floating point takes for equal."""
LEAST = 0.05  # seconds a wish is given however late it is


@dataclass(frozen=True, eq=False)
class Rules:
    """What may be chosen: whole numbers from 0 to ``most``, and limits on weighted sums of them.

    Attributes
    ----------
    most
        How many of each there may be.
    row, column, weight
        The limits' coefficients: which limit, which number, how much one of it counts.
    limit
        What each weighted sum may not exceed.
    """

    most: Whole
    row: Whole
    column: Whole
    weight: Array
    limit: Array

    def kept(self, numbers: Whole) -> bool:
        """Return whether numbers keep all limits."""
        if ((numbers < 0) | (numbers > self.most)).any():
            return False
        used = np.zeros(len(self.limit))
        np.add.at(used, self.row, self.weight * numbers[self.column])
        return bool((used <= self.limit + WITHIN * np.maximum(1, np.abs(self.limit))).all())


@dataclass(frozen=True, eq=False)
class Choice:
    """The numbers chosen, and of every wish whether it is proven that no others are better."""

    numbers: Whole
    proven: tuple[bool, ...]


def best_choice(
    rules: Rules, wishes: Sequence[Array], seconds: float, known: Whole | None = None
) -> Choice:
    """Return the whole numbers that are best by the first wish, then by the second, and so on.

    Parameters
    ----------
    rules
        What may be chosen. Choosing nothing has to be allowed.
    wishes
        For each wish, what one of every number adds to it: as much as possible is wanted.
    seconds
        How long to search, all wishes together.
    known
        Numbers that keep the limits: what is chosen is not worse by the first wish.

    Examples
    --------
    Six seats in a van, families of four, three and three, the larger worth a little more each:

    >>> van = Rules(np.array([1, 1, 1]), np.zeros(3, "int64"), np.arange(3),
    ...             np.array([4.0, 3.0, 3.0]), np.array([6.0]))
    >>> best_choice(van, [np.array([5.0, 3.0, 3.0])], seconds=1).numbers
    array([0, 1, 1])
    """
    until = time.monotonic() + seconds
    best = np.zeros(len(rules.most), dtype="int64") if known is None else known
    held: list[tuple[Array, float]] = []
    proven = []
    for place, wish in enumerate(wishes):
        if not (wish.any() and rules.most.any()):
            proven.append(True)
            continue
        left = (until - time.monotonic()) / (len(wishes) - place)
        found, sure = _searched(rules, wish, held, max(left, LEAST))
        good = _as_good(found, held)
        if good and float(wish @ found) > float(wish @ best):
            best = found
        proven.append(sure and good)
        held.append((wish, float(wish @ best)))
    return Choice(best, tuple(proven))


def _as_good(found: Whole, held: Sequence[tuple[Array, float]]) -> bool:
    """Return whether numbers are as good by the earlier wishes, more exactly than a search is."""
    return all(
        float(wish @ found) >= reached - 1e-9 * max(1.0, abs(reached)) for wish, reached in held
    )


def _searched(
    rules: Rules, wish: Array, held: Sequence[tuple[Array, float]], seconds: float
) -> tuple[Whole, bool]:
    """Return the best by one wish among those that keep the others; nothing where none is found."""
    from scipy.sparse import csr_array

    size, also = len(rules.most), []
    for earlier, reached in held:
        scale = 1 / np.abs(earlier).max()
        least = reached * scale - 1e-9 * max(1.0, abs(reached * scale))
        also.append((csr_array(earlier[None, :] * scale), least))
    options = {"time_limit": seconds, "mip_rel_gap": 0}
    answer = _asked(rules, wish, also, options, whole=True)
    if answer.x is None:
        return np.zeros(size, dtype="int64"), False
    numbers = np.rint(answer.x).astype("int64")
    return (numbers, answer.status == 0) if rules.kept(numbers) else (0 * numbers, False)


def upper_bound(rules: Rules, wish: Array) -> float:
    """Return what no numbers can pass by a wish: the best where parts are allowed too.

    Examples
    --------
    >>> van = Rules(np.array([1, 1, 1]), np.zeros(3, "int64"), np.arange(3),
    ...             np.array([4.0, 3.0, 3.0]), np.array([6.0]))
    >>> round(upper_bound(van, np.array([5.0, 3.0, 3.0])), 9)
    7.0
    """
    if not (wish.any() and rules.most.any()):
        return 0.0
    answer = _asked(rules, wish, [], {}, whole=False)
    return float(wish @ answer.x) if answer.status == 0 else np.inf


def _asked(
    rules: Rules,
    wish: Array,
    also: Sequence[tuple[Any, float]],
    options: dict[str, Any],
    *,
    whole: bool,
) -> Any:
    """Return the library's answer to which numbers are best by a wish, and keep what is asked."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    size = len(rules.most)
    limits = [LinearConstraint(row, least, np.inf) for row, least in also]
    if len(rules.limit):
        table = csr_array((rules.weight, (rules.row, rules.column)), (len(rules.limit), size))
        limits.insert(0, LinearConstraint(table, -np.inf, rules.limit))
    scale = 1000 / np.abs(wish).max()  # gaps are told apart absolutely too
    return milp(
        -wish * scale,
        integrality=np.full(size, int(whole)),
        bounds=Bounds(np.zeros(size), rules.most),
        constraints=limits,
        options=options,
    )
