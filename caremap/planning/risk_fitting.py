"""Models fitted at every cut, side by side, and tried on the stays after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from caremap.planning.progress import Progress
from caremap.planning.risk_cases import Cases
from caremap.planning.risk_features import Coded
from caremap.planning.risk_models import Training
from caremap.planning.risk_validation import Validation

__all__ = ["Learned", "learned", "training"]

Array = np.ndarray[Any, Any]
Given = TypeVar("Given")
Predict = Callable[[Coded], Given]
Fit = Callable[[Training], Predict[Given]]

WORKERS = 2


@dataclass(frozen=True, eq=False)
class Learned(Generic[Given]):
    """What a model gave for each fold's stays, not seen, and how it predicts the last fold's."""

    given: tuple[Given, ...]
    last: Predict[Given]


def _loaded() -> None:
    """Load the libraries before two threads would at once, which they do not stand."""
    import sklearn.ensemble  # noqa: F401
    import sklearn.linear_model  # noqa: F401
    import xgboost  # noqa: F401


def training(cases: Cases, rows: Array, as_of: float, seed: int) -> Training:
    """Return stays to learn from as they were known on a day: no night after it."""
    since = np.where(np.isnan(cases.day[rows]), np.inf, as_of - cases.day[rows])
    nights = np.minimum(cases.nights[rows], since)
    return Training(cases.table.taken(rows), nights, nights > cases.over, seed)


def learned(
    models: Mapping[str, Fit[Given]],
    cases: Cases,
    validation: Validation,
    progress: Progress,
    seed: int,
) -> dict[str, Learned[Given]]:
    """Fit every model at every cut and let it predict the stays after it.

    Two are fitted at a time, each on one thread: threads that wait for each other inside a fit
    take many times as long where the machine has other work too. The result does not depend on
    which is done first.
    """
    _loaded()
    folds = validation.folds
    largest = sorted(range(len(folds)), key=lambda at: -len(folds[at].train))
    done: dict[tuple[str, int], tuple[Predict[Given], Given]] = {}

    def work(name: str, at: int) -> tuple[Predict[Given], Given]:
        predict = models[name](training(cases, folds[at].train, folds[at].as_of, seed))
        return predict, predict(cases.table.taken(folds[at].test))

    pool = ThreadPoolExecutor(WORKERS)
    try:
        waiting: dict[Future[tuple[Predict[Given], Given]], tuple[str, int]] = {
            pool.submit(work, name, at): (name, at) for at in largest for name in models
        }
        for ready in as_completed(waiting):
            name, at = waiting[ready]
            done[name, at] = ready.result()
            progress(f"Learning: {name}", 0.05 + 0.7 * len(done) / len(waiting))
    finally:
        pool.shutdown(cancel_futures=True)
    last = len(folds) - 1
    return {
        name: Learned(tuple(done[name, at][1] for at in range(last + 1)), done[name, last][0])
        for name in models
    }
