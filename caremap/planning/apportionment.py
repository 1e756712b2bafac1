"""Whole people shared out by need: the methods of apportionment.

A divisor method gives the next person to the facility whose claim is the strongest, where the
claim of a facility of need w that has n already is w / (n + 1/2) by Webster (Sainte-Laguë) and
w / sqrt(n (n + 1)) by Huntington and Hill. Hamilton (largest remainder) gives everybody the whole
part of its share, and what is left over to the largest remainders. Claims are compared as exact
fractions, so that a tie is a tie: it is reported, and broken by the name.

Staff who work part of the time stay where they are: the part of a post they fill counts as there
already (``base``), and whole people are shared out on top of it.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.problems import DataProblem

__all__ = ["METHODS", "apportion"]

METHODS = ("webster", "hamilton", "huntington-hill")

Whole = npt.NDArray[np.int64]
Rank = Callable[[Fraction, Fraction], Fraction]


def apportion(
    weights: pd.Series | npt.ArrayLike,
    seats: int,
    method: str = "webster",
    floor: int | npt.ArrayLike = 0,
    *,
    base: npt.ArrayLike | None = None,
) -> tuple[Whole, tuple[Any, ...]]:
    """Share out whole seats by weight.

    Parameters
    ----------
    weights
        Need, nowhere below zero or missing. Of a Series, the index has the names.
    seats
        How many there are to share out.
    method
        ``webster`` (Sainte-Laguë), ``hamilton`` (largest remainder) or ``huntington-hill``.
    floor
        What each has at least: one number, or one each, in the order of the weights.
    base
        Parts of a seat each has already and keeps, below 1.

    Returns
    -------
    tuple of numpy.ndarray and tuple
        Seats in the order of the weights, their sum is ``seats``; and who was tied for the last
        of them: names of a Series, else positions. The tie went to the first by name (position).

    Raises
    ------
    caremap.DataProblem
        Where the floors together are more than there is, or nobody has any need.

    Notes
    -----
    Balinski and Young, *Fair Representation* (1982). Whoever has no weight gets its floor and no
    more.

    Examples
    --------
    >>> apportion([5117, 4400, 162, 161, 160], 100)
    (array([51, 43,  2,  2,  2]), ())
    >>> apportion([5117, 4400, 162, 161, 160], 100, "hamilton")[0]
    array([51, 44,  2,  2,  1])
    >>> apportion(pd.Series(11, index=["North", "South", "East"]), 4)
    (array([1, 1, 2]), ('North', 'South', 'East'))
    """
    names = list(weights.index) if isinstance(weights, pd.Series) else None
    need = [Fraction(float(weight)) for weight in np.asarray(weights, dtype="float64")]
    least = np.broadcast_to(np.asarray(floor, dtype="int64"), len(need)).copy()
    parts = np.zeros(len(need)) if base is None else np.asarray(base, dtype="float64")
    if method not in METHODS:
        raise DataProblem(
            f"“{method}” is no method of apportionment.", f"Choose one of: {', '.join(METHODS)}."
        )
    if least.sum() > seats:
        raise DataProblem(
            f"The floors add up to {least.sum():,}, more than the {seats:,} there are.",
            "Lower the floors.",
        )
    if seats > least.sum() and not any(need):
        raise DataProblem(
            "Nobody has any need, so there is nothing to share staff out by.",
            "Choose another column as the need.",
        )
    held = [Fraction(float(part)) for part in parts]
    order = sorted(range(len(need)), key=lambda at: (str(names[at]), at) if names else ("", at))
    share = _hamilton if method == "hamilton" else _divisor(method)
    given, tied = share(need, int(seats), least, held, order)
    return given, tuple(names[at] if names else at for at in sorted(tied))


def _divisor(method: str) -> Callable[..., tuple[Whole, list[int]]]:
    """Return how a divisor method shares out."""
    rank = _webster if method == "webster" else _huntington_hill

    def share(
        need: list[Fraction], seats: int, least: Whole, held: list[Fraction], order: Sequence[int]
    ) -> tuple[Whole, list[int]]:
        given = _sure(need, seats, least, held, rank is _webster)
        queue = [
            (rank(given[at] + held[at], need[at]), place, at)
            for place, at in enumerate(order)
            if need[at]
        ]
        heapq.heapify(queue)
        last: dict[int, Fraction] = {}
        level = None
        for _ in range(seats - int(given.sum())):
            level, place, at = queue[0]
            last[at] = level
            given[at] += 1
            heapq.heapreplace(queue, (rank(given[at] + held[at], need[at]), place, at))
        if level is None or queue[0][0] != level:
            return given, []
        waiting = {at for claim, _, at in queue if claim == level}
        return given, [*waiting | {at for at, claim in last.items() if claim == level}]

    return share


def _webster(count: Fraction, need: Fraction) -> Fraction:
    """Return what the next one is ranked by, lowest first: twice (n + 1/2) / w."""
    return (2 * count + 1) / need


def _huntington_hill(count: Fraction, need: Fraction) -> Fraction:
    """Return what the next one is ranked by, lowest first: n (n + 1) / w²."""
    return count * (count + 1) / need**2


def _sure(
    need: list[Fraction], seats: int, least: Whole, held: list[Fraction], half: bool
) -> Whole:
    """Return seats that everyone gets for certain, so that few are left to hand out one by one.

    A level of x seats per need at which all the claims together are no more than there is cannot
    be above the last one; one seat each is spared for rounding.
    """
    weights = np.asarray([float(weight) for weight in need])
    parts = np.asarray([float(part) for part in held])

    def claimed(level: float) -> Whole:
        fair = weights * level
        count = fair + 0.5 if half else np.sqrt(0.25 + fair**2) + 0.5
        whole = np.where(weights > 0, np.floor(count - parts), 0)
        return np.maximum(whole, 0).astype("int64")

    low, high = 0.0, (seats + parts.sum() + len(need)) / weights.sum() if weights.sum() else 0.0
    for _ in range(60):
        middle = (low + high) / 2
        fits = np.maximum(claimed(middle), least).sum() <= seats
        low, high = (middle, high) if fits else (low, middle)
    sure: Whole = np.maximum(claimed(low) - 1, least)
    return sure if sure.sum() <= seats else least.copy()


def _hamilton(
    need: list[Fraction], seats: int, least: Whole, held: list[Fraction], order: Sequence[int]
) -> tuple[Whole, list[int]]:
    """Share out by largest remainder; whoever's share is below its floor gets the floor."""
    given = [int(number) for number in least]
    free = [at for at in range(len(need)) if need[at]]
    while True:
        rest = (
            sum(held[at] for at in free)
            + seats
            - sum(int(least[at]) for at in range(len(need)) if at not in set(free))
        )
        whole = sum(need[at] for at in free)
        share = {at: need[at] * rest / whole - held[at] for at in free}
        stay = [at for at in free if share[at] >= int(least[at])]
        if len(stay) == len(free):
            break
        free = stay
    for at in free:
        given[at] = math.floor(share[at])
    over = seats - sum(given)
    ranked = sorted(
        (at for at in order if at in share), key=lambda at: given[at] - share[at]
    )  # sorting keeps the order of names among equals
    for at in ranked[:over]:
        given[at] += 1
    if not 0 < over < len(ranked):
        return np.asarray(given), []
    level = share[ranked[over - 1]] % 1
    if share[ranked[over]] % 1 != level:
        return np.asarray(given), []
    return np.asarray(given), [at for at in ranked if share[at] % 1 == level]
