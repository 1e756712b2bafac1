"""The models that predict stays: a linear one, a random forest, and boosted trees (XGBoost).

Each is fitted twice, to the length (as the logarithm of nights + 1) and to whether the stay was
long. What a model gives is raw: `caremap.planning.risk_distribution` makes nights and risks of it
by what happened to stays it had not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from caremap.planning.risk_features import Coded, Encoder

__all__ = ["BINS", "MODELS", "ROUNDS", "SETTINGS", "Raw", "Training", "boosted", "forest", "linear"]

Array = np.ndarray[Any, Any]

THREADS = 1  # several fits run side by side, see `caremap.planning.risk_fitting`

ROUNDS, BINS = 150, 64
SETTINGS: dict[str, Any] = {
    "max_depth": 4,
    "learning_rate": 0.08,
    "min_child_weight": 5.0,
    "subsample": 0.8,
    "colsample_bytree": 0.7,
    "reg_lambda": 5.0,
    "max_bin": BINS,
    "tree_method": "hist",
    "nthread": THREADS,
    "verbosity": 0,
}
"""Shallow trees and small steps: what is known at admission tells little of the stay."""


@dataclass(frozen=True, eq=False)
class Training:
    """Stays to learn from: what was known, nights, and whether they were long."""

    table: Coded
    nights: Array
    long: Array
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Raw:
    """What a model gives: a number that rises with the length, and one with the risk (0 to 1)."""

    length: Array
    risk: Array


Predict = Callable[[Coded], Raw]


def linear(training: Training) -> Predict:
    """Fit ridge regression and regularised logistic regression on a column per category."""
    from sklearn.linear_model import LogisticRegression, Ridge

    encoder = Encoder.of(training.table)
    rows = encoder.indicators(training.table)
    length = np.log1p(training.nights)
    usual = float(length.mean())  # every column's categories add up to one: no other constant
    lengths = Ridge(alpha=10.0, solver="sparse_cg", tol=1e-3, fit_intercept=False)
    risks = LogisticRegression(C=0.1, tol=1e-3, max_iter=2_000)
    lengths.fit(rows, length - usual)
    risks.fit(rows, training.long)

    def predict(table: Coded) -> Raw:
        given = encoder.indicators(table)
        return Raw(usual + lengths.predict(given), risks.predict_proba(given)[:, 1])

    return predict


def forest(training: Training) -> Predict:
    """Fit one random forest to length and risk together."""
    from sklearn.ensemble import RandomForestRegressor

    encoder = Encoder.of(training.table)
    both = np.column_stack([np.log1p(training.nights), 2.0 * training.long])
    trees = RandomForestRegressor(
        n_estimators=50,
        min_samples_leaf=10,
        max_features=0.4,
        max_samples=min(len(both), 6_000),
        n_jobs=THREADS,
        random_state=training.seed,
    )
    trees.fit(encoder.trees(training.table), both)

    def predict(table: Coded) -> Raw:
        found = trees.predict(encoder.trees(table))
        return Raw(found[:, 0], np.clip(found[:, 1] / 2.0, 0, 1))

    return predict


def boosted(training: Training) -> Predict:
    """Fit gradient-boosted trees (Chen and Guestrin, 2016) to length and to risk."""
    import xgboost

    encoder = Encoder.of(training.table)
    rows = xgboost.QuantileDMatrix(encoder.trees(training.table), nthread=THREADS, max_bin=BINS)
    settings = {**SETTINGS, "seed": training.seed}
    rows.set_label(np.log1p(training.nights))
    lengths = xgboost.train({**settings, "objective": "reg:squarederror"}, rows, ROUNDS)
    rows.set_label(training.long.astype("float32"))
    risks = xgboost.train({**settings, "objective": "binary:logistic"}, rows, ROUNDS)

    def predict(table: Coded) -> Raw:
        given = encoder.trees(table)
        return Raw(
            lengths.inplace_predict(given).astype("float64"),
            risks.inplace_predict(given).astype("float64"),
        )

    return predict


MODELS: dict[str, Callable[[Training], Predict]] = {
    "linear": linear,
    "random forest": forest,
    "XGBoost": boosted,
}
