"""Patients in hospital now: how likely each stays long, and the bed-days to expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.risk_distribution import Distribution

__all__ = ["DAYS", "Ahead", "ahead_of"]

Array = np.ndarray[Any, Any]

DAYS = 28
_TINY = 1e-300  # of a chance: a very long stay has a next night, however few got there
TENTH = 1.2816  # standard deviations between the median and the 90th percentile


@dataclass(frozen=True, eq=False)
class Ahead:
    """What is to be expected of patients, given that they are still in.

    Attributes
    ----------
    risk
        Chance that the stay lasts over the limit, in all.
    low, high
        Nights in all: the interval.
    more
        Midnights after that of the day itself that they are expected to be in at, of the whole
        distribution: over all patients, the sum of ``bed_days`` without an end.
    bed_days
        ``day`` (1 is the next midnight), ``patients`` expected in still, ``low_80``, ``high_80``.
    """

    risk: Array
    low: Array
    high: Array
    more: Array
    bed_days: pd.DataFrame


def ahead_of(found: Distribution, so_far: Array, over: float, level: float) -> Ahead:
    """Return what is to be expected of patients who have been in for so many nights.

    Parameters
    ----------
    found
        The distribution of their nights, as predicted at admission.
    so_far
        Nights they have been in at the last midnight known: they will stay one more at least.
    over
        Nights a stay has to last more than to be long.
    level
        Of the central interval.

    Notes
    -----
    P(N > n | N > so far) = S(n) / S(so far), S the survival of the predicted distribution.
    """
    survival = found.survival()
    so_far = np.minimum(so_far.astype("int64"), survival.shape[1] - 2)
    ends = np.arange(survival.shape[1])
    now = np.take_along_axis(survival, so_far[:, None], axis=1)
    given = np.where(ends <= so_far[:, None], 1.0, survival / np.maximum(now, _TINY))
    risk = np.where(so_far >= over, 1.0, given[:, min(int(over), survival.shape[1] - 1)])
    cuts = (1 - level) / 2, (1 + level) / 2
    low, high = ((given > 1 - cut + 1e-12).sum(axis=1).astype("float64") for cut in cuts)
    more = given.sum(axis=1) - so_far - 1  # the night of the day itself is counted already
    steps = np.minimum(so_far[:, None] + np.arange(1, DAYS + 1), survival.shape[1] - 1)
    chance = np.take_along_axis(given, steps, axis=1)
    return Ahead(risk, low, high, more, _bed_days(chance))


def _bed_days(chance: Array) -> pd.DataFrame:
    """Return the patients expected in still, each leaving by their own chance.

    The band is that of independent patients whose chances are right: rather too narrow.
    """
    mean = chance.sum(axis=0)
    spread = TENTH * np.sqrt((chance * (1 - chance)).sum(axis=0))
    return pd.DataFrame(
        {
            "day": np.arange(1, chance.shape[1] + 1),
            "patients": mean,
            "low_80": np.floor(np.clip(mean - spread, 0, None)),
            "high_80": np.ceil(np.clip(mean + spread, None, len(chance))),
        }
    )
