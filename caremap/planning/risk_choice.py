"""Whether a model is better than the simple rule, or only luckier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["gain_beyond_chance", "too_good"]

Array = np.ndarray[Any, Any]

DRAWS = 4000
MOST_CLUSTERS = 500
FEW_CLUSTERS = 20
CHANCE = 0.0025  # three models are held against the rule in three ways: one in 40 in all

LIMITS = {"r2": ("R²", 0.8), "auroc": ("AUROC", 0.93), "accuracy": ("accuracy", 0.9)}
"""Beyond these a fit is better than what is known at admission allows: an assumption."""


def gain_beyond_chance(
    loss: Array, usual: Array, cluster: Array, seed: int = 0
) -> tuple[float, float]:
    """Return how much smaller a loss is than the usual one, and what it is at least.

    Parameters
    ----------
    loss, usual
        Per stay, of a model and of what it is held against.
    cluster
        A number per stay: those that share their luck are drawn together.
    seed
        Of the drawing.

    Returns
    -------
    tuple
        The mean gain, and its 0.25th percentile over drawings of clusters with replacement. Of
        fewer than 20 clusters drawings say too little: the lower end of Student's t interval of
        the same level, over clusters. Of one cluster, or none, nothing is sure: minus infinity.

    Notes
    -----
    Cluster bootstrap; few clusters after Donald and Lang (2007): as many degrees of freedom as
    clusters less one, however many stays they have.

    Examples
    --------
    >>> gain, least = gain_beyond_chance(np.zeros(400), np.ones(400), np.arange(400))
    >>> gain, least
    (1.0, 1.0)
    """
    gain = np.asarray(usual, dtype="float64") - np.asarray(loss, dtype="float64")
    _, place = np.unique(cluster, return_inverse=True)
    groups = int(place.max(initial=-1)) + 1
    if groups > MOST_CLUSTERS:
        place, groups = place % MOST_CLUSTERS, MOST_CLUSTERS
    total, often = np.bincount(place, gain, groups), np.bincount(place, minlength=groups)
    if groups < FEW_CLUSTERS:
        return float(gain.mean()), _least_of_few(total, often)
    random = np.random.default_rng(seed)
    drawn = random.multinomial(groups, np.full(groups, 1 / groups), DRAWS)
    means = (drawn @ total) / np.maximum(drawn @ often, 1)
    return float(gain.mean()), float(np.quantile(means, CHANCE))


def _least_of_few(total: Array, often: Array) -> float:
    """Return the lower end of the t interval of a mean over few clusters of different sizes."""
    from scipy.special import stdtrit  # at a call: scipy is heavy

    groups = len(total)
    if groups < 2:
        return float("-inf")
    mean = total.sum() / often.sum()
    off = total - mean * often
    error = np.sqrt(groups / (groups - 1) * (off**2).sum()) / often.sum()
    return float(mean + stdtrit(groups - 1, CHANCE) * error)


def too_good(metrics: Mapping[str, float], strongest: str, kept: Sequence[str]) -> str:
    """Return why a fit looks too good to be true; empty where it does not.

    Parameters
    ----------
    metrics
        Of a model, on stays it had not seen: ``r2`` and ``auroc``; of bands ``accuracy`` too.
    strongest
        The column that tells most, or empty.
    kept
        Columns known only at discharge that were put back.

    Examples
    --------
    >>> too_good({"r2": 0.2, "auroc": 0.75}, "age", ())
    ''
    """
    said = []
    beyond = [
        f"{title} {metrics[key]:.2f}"
        for key, (title, limit) in LIMITS.items()
        if metrics.get(key, np.nan) > limit
    ]
    if beyond:
        most = f" “{strongest}” tells most: look at it first." if strongest else ""
        said.append(
            f"This fit is too good to be true ({', '.join(beyond)}): real stays are not known that "
            "well at admission. Either the file is simulated, or a column knows how the stay "
            f"ended.{most}"
        )
    if kept:
        few = ", ".join(f"“{name}”" for name in kept[:6]) + (" and others" if kept[6:] else "")
        said.append(
            f"This fit is leaking: it uses what is known only at discharge ({few}). It cannot be "
            "had at admission, and no figure of it is to be relied on."
        )
    return " ".join(said)
