"""How evenly staff are spread: the largest over the smallest ratio, Gini, the worst off."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.problems import DataProblem

__all__ = ["fairness", "gini", "need_per_staff"]

Array = npt.NDArray[np.float64]


def need_per_staff(need: npt.ArrayLike, staff: npt.ArrayLike) -> Array:
    """Return need per staff member; NaN where there is no staff or either is unknown.

    Examples
    --------
    >>> need_per_staff([100, 100, 0], [4, 0, 2])
    array([25., nan,  0.])
    """
    wanted, there = np.asarray(need, dtype="float64"), np.asarray(staff, dtype="float64")
    ratio: Array = np.divide(wanted, there, out=np.full(len(wanted), np.nan), where=there > 0)
    return ratio


def gini(need: npt.ArrayLike, staff: npt.ArrayLike) -> float:
    """Return the Gini coefficient of staff over need: 0 where everybody has the same.

    Twice the area between the diagonal and the Lorenz curve, in which facilities stand by staff
    per need, need runs along the bottom and staff up the side. NaN without staff or without need.

    Examples
    --------
    >>> gini([100, 100], [5, 5]), gini([100, 100], [0, 10])
    (0.0, 0.5)
    """
    wanted, there = np.asarray(need, dtype="float64"), np.asarray(staff, dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.argsort(np.where(wanted > 0, there / wanted, np.inf), kind="stable")
    wanted, there = wanted[order], there[order]
    if not wanted.sum() or not there.sum():
        return float("nan")
    across = wanted / wanted.sum()
    up = np.cumsum(there) / there.sum()
    below = np.r_[0.0, up[:-1]]
    return float(max(0.0, 1 - (across * (up + below)).sum()))


def fairness(
    need: pd.Series | npt.ArrayLike, staff: npt.ArrayLike, names: npt.ArrayLike | None = None
) -> dict[str, Any]:
    """Return how evenly staff are spread over need.

    Parameters
    ----------
    need, staff
        One of each per facility, in one order. Facilities of which one is unknown, and those
        without need, are left out of ``max_min`` and ``worst``.
    names
        Facilities; by default the index of ``need`` if it is a Series.

    Returns
    -------
    dict
        ``max_min`` (largest over smallest need per staff member; without end where a facility has
        need and no staff), ``gini`` (of staff over need), ``worst`` (the facility with most need
        per staff member, the first by name of several; of those without staff the one with the
        most need) and ``worst_ratio`` (its need per staff member; infinite without staff). NaN,
        and no name, where nothing is known.

    Examples
    --------
    >>> fairness(pd.Series([1000, 300], index=["A", "B"]), [2, 6])
    {'max_min': 10.0, 'gini': 0.519..., 'worst': 'A', 'worst_ratio': 500.0}
    """
    wanted, there = np.asarray(need, dtype="float64"), np.asarray(staff, dtype="float64")
    if names is None:
        names = list(need.index) if isinstance(need, pd.Series) else list(range(len(wanted)))
    called = np.asarray(names, dtype=object)
    if not len(wanted) == len(there) == len(called):
        raise DataProblem("Need and staff are not of the same facilities.", "Give one of each.")
    known = ~np.isnan(wanted) & ~np.isnan(there)
    spread = gini(wanted[known], there[known])
    here = known & (wanted > 0)
    if not here.any() or not there[here].any():
        return {"max_min": np.nan, "gini": spread, "worst": None, "worst_ratio": np.nan}
    wanted, there, called = wanted[here], there[here], called[here]
    with np.errstate(divide="ignore"):
        ratio = wanted / there
    order = sorted(range(len(ratio)), key=lambda at: (-ratio[at], -wanted[at], str(called[at])))
    worst = order[0]
    return {
        "max_min": float(ratio[worst] / ratio.min()),
        "gini": spread,
        "worst": called[worst],
        "worst_ratio": float(ratio[worst]),
    }
