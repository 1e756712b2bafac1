"""How good predictions of stays are: errors, ranking, calibration and coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caremap.measures.intervals import wilson

__all__ = [
    "auprc",
    "auroc",
    "brier",
    "brier_losses",
    "calibration_error",
    "calibration_table",
    "distances",
    "length_scores",
    "log_losses",
    "risk_scores",
    "unordered",
]

Array = np.ndarray[Any, Any]

TENTHS = 10


def auroc(long: ArrayLike, risk: ArrayLike) -> float:
    """Return how often a long stay was given a higher risk than a short one, ties counting half.

    Parameters
    ----------
    long
        Whether each stay was long.
    risk
        What was predicted; only its order matters.

    Returns
    -------
    float
        Area under the receiver operating characteristic, 0.5 for a guess; NaN where all stays
        were long or none.

    Notes
    -----
    Mann and Whitney's U over the number of pairs: Hanley and McNeil (1982).

    Examples
    --------
    >>> auroc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    was, ranks = np.asarray(long, dtype=bool), _ranks(np.asarray(risk, dtype="float64"))
    found, others = int(was.sum()), int((~was).sum())
    if not found or not others:
        return float("nan")
    return float((ranks[was].sum() - found * (found + 1) / 2) / (found * others))


def _ranks(values: Array) -> Array:
    """Return ranks from 1, those of equal values averaged."""
    _, place, often = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(often)
    ranks: Array = (ends - (often - 1) / 2)[place]
    return ranks


def auprc(long: ArrayLike, risk: ArrayLike) -> float:
    """Return the average precision: the area under precision over recall, step by step.

    Examples
    --------
    >>> auprc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.8333
    """
    was, given = np.asarray(long, dtype="float64"), np.asarray(risk, dtype="float64")
    if not was.sum():
        return float("nan")
    values, place = np.unique(-given, return_inverse=True)
    found = np.cumsum(np.bincount(place, was, len(values)))
    called = np.cumsum(np.bincount(place, minlength=len(values)))
    gained = np.diff(found, prepend=0.0) / was.sum()
    return float((gained * found / called).sum())


def brier(long: ArrayLike, risk: ArrayLike) -> float:
    """Return the mean squared difference of risk and what happened (Brier, 1950).

    Examples
    --------
    >>> brier([0, 1], [0.5, 0.5])
    0.25
    """
    was, given = np.asarray(long, dtype="float64"), np.asarray(risk, dtype="float64")
    return float(((given - was) ** 2).mean()) if len(was) else float("nan")


def brier_losses(long: Array, risk: Array) -> Array:
    """Return the squared difference of each risk and what happened."""
    loss: Array = (risk - long) ** 2
    return loss


def log_losses(long: Array, risk: Array) -> Array:
    """Return how surprising what happened was: minus the logarithm of its predicted chance."""
    given = np.clip(risk, 1e-6, 1 - 1e-6)
    loss: Array = -np.log(np.where(long, given, 1 - given))
    return loss


def distances(stay: Array, predicted: Array) -> Array:
    """Return the distance of each prediction from the length, in nights."""
    off: Array = np.abs(predicted - stay)
    return off


def calibration_table(long: ArrayLike, risk: ArrayLike) -> pd.DataFrame:
    """Return predicted beside observed by tenths of the risk, each of as many stays.

    Equal risks stay together, so there are fewer rows where few different risks are given.

    Returns
    -------
    pandas.DataFrame
        ``predicted`` (mean risk), ``observed`` (fraction long), ``low`` and ``high`` (Wilson
        95 %), ``n``; by rising risk.

    Examples
    --------
    >>> calibration_table([0, 1, 1, 1], [0.5, 0.5, 0.9, 0.9])[["predicted", "observed", "n"]]
       predicted  observed  n
    0        0.5       0.5  2
    1        0.9       1.0  2
    """
    was, given = np.asarray(long, dtype="float64"), np.asarray(risk, dtype="float64")
    inner = np.quantile(given, np.arange(1, TENTHS) / TENTHS) if len(given) else np.empty(0)
    place = np.searchsorted(np.unique(inner), given, side="left")
    n = np.bincount(place)
    kept = n > 0
    n = n[kept]
    found = np.bincount(place, was)[kept]
    low, high = wilson(found, n)
    return pd.DataFrame(
        {
            "predicted": np.bincount(place, given)[kept] / n,
            "observed": found / n,
            "low": low,
            "high": high,
            "n": n.astype("int64"),
        }
    )


def calibration_error(long: ArrayLike, risk: ArrayLike) -> float:
    """Return the expected calibration error, over tenths of the risk of as many stays each.

    The mean distance of predicted and observed, weighted by stays: 0 to 1.

    Examples
    --------
    >>> calibration_error([0, 1, 1, 1], [0.5, 0.5, 0.9, 0.9])
    0.05
    """
    table = calibration_table(long, risk)
    if table.empty:
        return float("nan")
    apart = (table["predicted"] - table["observed"]).abs()
    return float((apart * table["n"]).sum() / table["n"].sum())


def risk_scores(long: ArrayLike, risk: ArrayLike, usual: ArrayLike) -> dict[str, float]:
    """Return the scores of a risk; ``usual`` is the risk the baseline gave the same stays.

    Returns
    -------
    dict
        ``auroc``, ``auprc``, ``brier``, ``brier_skill`` (1 - Brier score over the baseline's),
        ``calibration_error``, ``n``, ``long``, ``rate``.
    """
    was = np.asarray(long, dtype="float64")
    own, theirs = brier(was, risk), brier(was, usual)
    return {
        "auroc": auroc(was, risk),
        "auprc": auprc(was, risk),
        "brier": own,
        "brier_skill": 1 - own / theirs if theirs > 0 else float("nan"),
        "calibration_error": calibration_error(was, risk),
        "n": float(len(was)),
        "long": float(was.sum()),
        "rate": float(was.mean()) if len(was) else float("nan"),
    }


def unordered(scores: Mapping[str, float]) -> dict[str, float]:
    """Return the scores of order of a rule with one figure for all, which puts no stay first.

    Learned at several cuts it has several figures: in one heap they would seem to put the stays
    of one part before those of another, mostly the wrong way round.

    Examples
    --------
    >>> unordered({"auroc": 0.4, "auprc": 0.2, "rate": 0.3})
    {'auroc': 0.5, 'auprc': 0.3}
    """
    known = scores["auroc"] == scores["auroc"]
    return {"auroc": 0.5, "auprc": scores["rate"]} if known else {}


def length_scores(
    stay: ArrayLike, mean: ArrayLike, median: ArrayLike, low: ArrayLike, high: ArrayLike
) -> dict[str, float]:
    """Return the scores of predicted lengths, over stays that have ended.

    Returns
    -------
    dict
        ``mae`` and ``median_error`` (mean and median distance of the predicted median, nights),
        ``r2`` (of the predicted mean), ``coverage_80`` (percent within the interval).

    Notes
    -----
    The median is the prediction with the least mean distance, the mean that with the least
    squared distance: each is judged by what it is for.

    Examples
    --------
    >>> length_scores([1, 3], [1, 3], [1, 2], [0, 0], [2, 2])
    {'mae': 0.5, 'median_error': 0.5, 'r2': 1.0, 'coverage_80': 50.0}
    """
    was = np.asarray(stay, dtype="float64")
    known = ~np.isnan(was)
    was = was[known]
    if not len(was):
        return dict.fromkeys(("mae", "median_error", "r2", "coverage_80"), float("nan"))
    middle, centre = np.asarray(median, dtype="float64"), np.asarray(mean, dtype="float64")
    off = np.abs(middle[known] - was)
    spread = ((was - was.mean()) ** 2).sum()
    within = (np.asarray(low)[known] <= was) & (was <= np.asarray(high)[known])
    return {
        "mae": float(off.mean()),
        "median_error": float(np.median(off)),
        "r2": float(1 - ((centre[known] - was) ** 2).sum() / spread) if spread else float("nan"),
        "coverage_80": float(100 * within.mean()),
    }
