"""How a model's predictions are read: calibrated, as nights, with intervals that hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from caremap.planning.conformal import level_for, levels_needed
from caremap.planning.risk_cases import Cases
from caremap.planning.risk_distribution import (
    LONG_STAYS,
    SHORT_STAYS,
    Bins,
    Distribution,
    by_group,
    by_value,
    calibration,
)
from caremap.planning.risk_models import Raw
from caremap.planning.risk_validation import Fold, Validation

__all__ = ["Judged", "Reading", "baseline_reading", "judged", "judged_baseline", "model_reading"]

Array = np.ndarray[Any, Any]

SHARE = 0.8
SHRINK = 20.0  # stays of the usual rate that a department's own are added to


@dataclass(frozen=True, eq=False)
class Reading:
    """What to make of a raw prediction.

    Attributes
    ----------
    risk
        From raw risks to calibrated ones.
    short, long
        Lengths of known stays of similar prediction.
    level
        Of the central interval that holds four stays in five.
    """

    risk: Callable[[Array], Array]
    short: Bins
    long: Bins
    level: float = SHARE

    def of(self, raw: Raw) -> Distribution:
        """Return the distribution of each prediction."""
        places = self.short.of(raw.length), self.long.of(raw.length)
        return Distribution(self.risk(raw.risk), self.short, self.long, *places)


def model_reading(raw: Raw, nights: Array, long: Array, ended: Array, seed: int = 0) -> Reading:
    """Return how a model is to be read, from stays it had not seen.

    The level of the interval is measured on halves: what one half needs when it is read by the
    other.
    """
    half = np.random.default_rng(seed).permutation(len(nights)) % 2 == 0
    needed = []
    for one, other in ((half, ~half), (~half, half)):
        if min(long[one].sum(), (~long[one]).sum(), other.sum()) == 0:
            continue
        found = _read(_rows(raw, one), nights[one], long[one]).of(_rows(raw, other & ended))
        known = nights[other & ended]
        needed.append(levels_needed(found.chance(known, below=True), found.chance(known)))
    whole = _read(raw, nights, long)
    level = level_for(np.concatenate(needed), SHARE) if needed else 1.0
    return Reading(whole.risk, whole.short, whole.long, level)


def _rows(raw: Raw, rows: Array) -> Raw:
    return Raw(raw.length[rows], raw.risk[rows])


def _read(raw: Raw, nights: Array, long: Array) -> Reading:
    return Reading(
        calibration(raw.risk, long),
        by_value(raw.length[~long], nights[~long], SHORT_STAYS),
        by_value(raw.length[long], nights[long], LONG_STAYS),
    )


def baseline_reading(department: Array, nights: Array, long: Array, ended: Array) -> Reading:
    """Return the simple rule: every stay is as those of its department were.

    Parameters
    ----------
    department
        A number per stay, from 0.
    nights, long, ended
        What became of them.
    """
    count = int(department.max(initial=0)) + 1
    often, found = np.bincount(department, minlength=count), np.bincount(department, long, count)
    rates = (found + SHRINK * long.mean()) / (often + SHRINK)
    short = by_group(department[~long], nights[~long], SHORT_STAYS // 4, count)
    others = by_group(department[long], nights[long], LONG_STAYS // 2, count)

    def risk(groups: Array) -> Array:
        return np.asarray(rates[groups.astype("int64")])

    reading = Reading(risk, short, others)
    same = Raw(department[ended].astype("float64"), department[ended].astype("float64"))
    own = reading.of(same)
    known = nights[ended]
    needed = levels_needed(own.chance(known, below=True), own.chance(known))
    return Reading(risk, short, others, level_for(needed, SHARE))


@dataclass(frozen=True, eq=False)
class Judged:
    """Predictions of stays that had not been seen, in the order of `Validation.judged`."""

    risk: Array
    mean: Array
    median: Array
    low: Array
    high: Array


def judged(cases: Cases, validation: Validation, raw: Raw, seed: int = 0) -> Judged:
    """Return what a model says of every stay that is judged; ``raw`` has a place per stay."""
    parts = []
    for fold in validation.folds:
        if len(fold.measured):
            reading = model_reading(
                _rows(raw, fold.measured), *_known(cases, fold, fold.measured), seed
            )
            parts.append(_said(reading, _rows(raw, fold.test)))
    return _joined(parts)


def judged_baseline(cases: Cases, validation: Validation, department: Array) -> Judged:
    """Return what the simple rule says of every stay that is judged."""
    parts = []
    for fold in validation.folds:
        if len(fold.measured):
            known = np.union1d(fold.train, fold.measured)
            own = np.unique(department, return_inverse=True)[1]
            reading = baseline_reading(own[known], *_known(cases, fold, known))
            given = own[fold.test].astype("float64")
            parts.append(_said(reading, Raw(given, given)))
    return _joined(parts)


def _known(cases: Cases, fold: Fold, rows: Array) -> tuple[Array, Array, Array]:
    """Return nights, long and ended as they were known when the model was learned."""
    since = np.where(np.isnan(cases.day[rows]), np.inf, fold.as_of - cases.day[rows])
    nights = np.minimum(cases.nights[rows], since)
    return nights, nights > cases.over, cases.ended[rows] & (cases.nights[rows] <= since)


def _said(reading: Reading, raw: Raw) -> Judged:
    found = reading.of(raw)
    return Judged(found.risk, found.mean(), found.quantile(0.5), *found.interval(reading.level))


def _joined(parts: list[Judged]) -> Judged:
    names = ("risk", "mean", "median", "low", "high")
    return Judged(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
