"""How the use of a place falls with its distance: weights between 1 (near) and 0 (not used)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caremap.problems import DataProblem

__all__ = ["Decay", "DecayLike", "gaussian", "inverse", "step", "weights"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Decay:
    """A weight for every distance or travel time, and what it is called.

    Attributes
    ----------
    words
        What it does, for a reader: "1 within 20, 0.68 within 40, nobody beyond".
    reach
        Beyond it the weight is 0; infinite where it never quite is.
    """

    words: str
    reach: float = np.inf
    _weigh: Callable[[Array], Array] = field(default=np.ones_like, repr=False)

    def __call__(self, costs: ArrayLike) -> Array:
        """Return the weights of distances: 0 beyond the reach, NaN where one is missing."""
        given = np.asarray(costs, dtype="float64")
        found: Array = np.where(given > self.reach, 0.0, self._weigh(given))
        return np.where(np.isnan(given), np.nan, found)


DecayLike = Callable[[Any], Any] | Mapping[float, float] | None
"""What may be given for a decay: a function of costs, steps, or none for a weight of 1."""


def step(steps: Mapping[float, float]) -> Decay:
    """Return weights that hold up to a distance each: rings around a place.

    Parameters
    ----------
    steps
        The weight up to and including each distance; beyond the last it is 0.

    Raises
    ------
    caremap.DataProblem
        Where there are none, or a distance or a weight is missing or below zero.

    Notes
    -----
    The rings of the enhanced two-step floating catchment: Luo and Qi (2009) use 1, 0.68 and 0.22
    within 10, 20 and 30 minutes by car.

    Examples
    --------
    >>> rings = step({20: 1, 40: 0.68})
    >>> rings([0, 20, 20.1, 40, 41])
    array([1.  , 1.  , 0.68, 0.68, 0.  ])
    >>> rings.words
    '1 within 20, 0.68 within 40, nobody beyond'
    """
    ordered = sorted((float(far), float(weight)) for far, weight in steps.items())
    if not ordered or not all(far >= 0 and weight >= 0 for far, weight in ordered):
        raise DataProblem(
            "A decay in steps needs distances and weights of zero or more.",
            "Give it like {20: 1, 40: 0.68}: 1 up to 20, 0.68 up to 40.",
        )
    ends = np.array([far for far, _ in ordered])
    values = np.array([*(weight for _, weight in ordered), 0.0])

    def weigh(costs: Array) -> Array:
        return values[np.searchsorted(ends, costs)]

    words = ", ".join(f"{weight:g} within {far:g}" for far, weight in ordered)
    return Decay(f"{words}, nobody beyond", float(ends[-1]), weigh)


def gaussian(width: float, reach: float = np.inf) -> Decay:
    """Return weights that fall as a bell curve does: exp(-d² / 2 width²).

    Parameters
    ----------
    width
        Where the weight is 0.61; at twice as far it is 0.14, at three times 0.01.
    reach
        Beyond it the weight is 0.

    Raises
    ------
    caremap.DataProblem
        Where the width is not above zero, or the reach below it.

    Examples
    --------
    >>> gaussian(20, reach=60)([0, 20, 40, 60, 61]).round(4)
    array([1.    , 0.6065, 0.1353, 0.0111, 0.    ])
    """
    if not (0 < width < np.inf and reach >= 0):
        raise DataProblem(
            "A bell curve needs a width above zero.", "Give the distance by which use has fallen."
        )
    beyond = "" if np.isinf(reach) else f", nobody beyond {reach:g}"
    return Decay(
        f"a bell curve of width {width:.3g}{beyond}",
        float(reach),
        lambda costs: np.exp(-((costs / width) ** 2) / 2),
    )


def inverse(power: float = 1, *, floor: float = 1, reach: float = np.inf) -> Decay:
    """Return weights that fall with a power of the distance: 1 / d**power.

    Parameters
    ----------
    power
        1 for the plain inverse, 2 as gravity falls.
    floor
        Distances below it count as this one: 1 / 0 is no weight.
    reach
        Beyond it the weight is 0.

    Raises
    ------
    caremap.DataProblem
        Where power or floor is not above zero.

    Examples
    --------
    >>> inverse()([0, 1, 4, 10])
    array([1.  , 1.  , 0.25, 0.1 ])
    >>> inverse(2, floor=5)([0, 10])
    array([0.04, 0.01])
    """
    if not (0 < power < np.inf and 0 < floor < np.inf and reach >= 0):
        raise DataProblem(
            "An inverse of the distance needs a power and a floor above zero.",
            "At no distance at all its weight would be infinite: the floor says what counts there.",
        )
    beyond = "" if np.isinf(reach) else f", nobody beyond {reach:g}"
    name = "1 / distance" if power == 1 else f"1 / distance to the power of {power:g}"
    return Decay(
        f"{name}, from {floor:g} on{beyond}",
        float(reach),
        lambda costs: np.maximum(costs, floor) ** -power,
    )


def weights(costs: Array, decay: DecayLike) -> Array:
    """Return the weight of every cost, each checked to be a number of zero or more.

    Parameters
    ----------
    costs
        Distances or times, none missing.
    decay
        A function of a pandas Series of them, or of a single one; a mapping of steps; None for 1.

    Raises
    ------
    caremap.DataProblem
        Where a weight is missing, infinite or below zero.

    Examples
    --------
    >>> weights(np.array([1.0, 50.0]), lambda cost: 1 if cost <= 20 else 0)
    array([1., 0.])
    """
    if decay is None:
        return np.ones(len(costs))
    function = step(decay) if isinstance(decay, Mapping) else decay
    found = _applied(function, costs)
    wrong = ~np.isfinite(found) | (found < 0)
    if wrong.any():
        raise DataProblem(
            f"The decay gives no weight of zero or more at {costs[wrong][0]:g}.",
            "Let it give a number from 0 on for every distance, 0 itself included: "
            "geography.inverse, for one, has a floor.",
        )
    return found


def _applied(function: Callable[[Any], Any], costs: Array) -> Array:
    """Return what a function gives for all costs at once or, where it cannot, one by one."""
    with np.errstate(all="ignore"):
        try:
            found = np.asarray(function(pd.Series(costs)), dtype="float64")
        except (TypeError, ValueError):  # "if cost < 20", math.exp
            found = np.array([_one(function, float(cost)) for cost in costs], dtype="float64")
    return np.array(np.broadcast_to(found, costs.shape))


def _one(function: Callable[[Any], Any], cost: float) -> float:
    try:
        return float(function(cost))
    except ZeroDivisionError:
        return np.inf
