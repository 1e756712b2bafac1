"""Models of stays given as bands: the chance of every band, for classes that have an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from caremap.planning.risk_features import Coded, Encoder
from caremap.planning.risk_models import BINS, SETTINGS, THREADS, Training

__all__ = ["BAND_MODELS", "BandFit", "accuracy", "chances_of", "ranked_losses", "within_one"]

Array = np.ndarray[Any, Any]
Chances = Callable[[Coded], Array]
BandFit = Callable[[Training, int], Chances]

ROUNDS = 60


def ranked_losses(band: Array, chances: Array) -> Array:
    """Return the ranked probability score of each stay: wrong by many bands costs more.

    Epstein (1969): squared differences of predicted and observed, cumulated over the bands.

    Examples
    --------
    >>> ranked_losses(np.array([0]), np.array([[0.0, 0.0, 1.0]])).tolist()
    [2.0]
    """
    steps = np.arange(chances.shape[1])
    happened = steps >= np.asarray(band)[:, None]
    loss: Array = ((chances.cumsum(axis=1) - happened) ** 2).sum(axis=1)
    return loss


def accuracy(band: Array, predicted: Array) -> float:
    """Return the fraction of stays whose band was told."""
    return float((np.asarray(band) == predicted).mean())


def within_one(band: Array, predicted: Array) -> float:
    """Return the fraction of stays whose band was told, or the one beside it."""
    return float((np.abs(np.asarray(band) - predicted) <= 1).mean())


def chances_of(bands: Array, found: Array, count: int) -> Array:
    """Return chances of all bands from those of the bands that were seen in training."""
    chances = np.zeros((len(found), count))
    chances[:, bands.astype("int64")] = found
    return chances


def _linear(training: Training, count: int) -> Chances:
    from sklearn.linear_model import LogisticRegression

    encoder = Encoder.of(training.table)
    model = LogisticRegression(C=0.1, tol=1e-3, max_iter=2_000)
    model.fit(encoder.indicators(training.table), training.nights)

    def predict(table: Coded) -> Array:
        found = model.predict_proba(encoder.indicators(table))
        return chances_of(model.classes_, found, count)

    return predict


def _forest(training: Training, count: int) -> Chances:
    from sklearn.ensemble import RandomForestClassifier

    encoder = Encoder.of(training.table)
    model = RandomForestClassifier(
        n_estimators=50,
        min_samples_leaf=10,
        max_features=0.4,
        max_samples=min(len(training.nights), 6_000),
        n_jobs=THREADS,
        random_state=training.seed,
    )
    model.fit(encoder.trees(training.table), training.nights)

    def predict(table: Coded) -> Array:
        found = model.predict_proba(encoder.trees(table))
        return chances_of(model.classes_, found, count)

    return predict


def _boosted(training: Training, count: int) -> Chances:
    import xgboost

    encoder = Encoder.of(training.table)
    rows = xgboost.QuantileDMatrix(
        encoder.trees(training.table),
        label=training.nights,
        nthread=THREADS,
        max_bin=BINS,
    )
    asked = {"objective": "multi:softprob", "num_class": count, "seed": training.seed}
    model = xgboost.train({**SETTINGS, "learning_rate": 0.12, **asked}, rows, ROUNDS)

    def predict(table: Coded) -> Array:
        found = model.inplace_predict(encoder.trees(table)).astype("float64")
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    return predict


BAND_MODELS: dict[str, BandFit] = {
    "linear": _linear,
    "random forest": _forest,
    "XGBoost": _boosted,
}
