"""Which stays are predicted by what was learned from which others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caremap.planning.risk_cases import Cases

__all__ = ["Fold", "Validation", "validation_of"]

Array = np.ndarray[Any, Any]

CUTS = (0.4, 0.6, 0.8)
"""Parts of the stays, in order of admission, after which a model is learned anew."""

FOLDS = 4
FEW_GROUPS = 8
LEAST_DAYS = 56
LEAST_MEASURED = 100


@dataclass(frozen=True, eq=False)
class Fold:
    """Stays to learn from, to measure the model on, and to predict.

    Attributes
    ----------
    train, test
        Rows to learn from, and rows that are predicted without being seen.
    measured
        Rows of other folds whose predictions tell how those of this one are to be read; empty
        for the first stays in time, which are not judged.
    as_of
        Day on which the model is learned; a stay's nights after it are not known.
    """

    train: Array
    test: Array
    measured: Array
    as_of: float = np.inf


@dataclass(frozen=True, eq=False)
class Validation:
    """The folds, how they were made, and which stays share their luck.

    Attributes
    ----------
    folds
        The folds.
    said
        How they were made, in a sentence.
    by
        "time", "patient", "facility" or "stay".
    cluster
        A number per row: weeks, patients or facilities, whose stays are not independent.
    """

    folds: tuple[Fold, ...]
    said: str
    by: str
    cluster: Array

    @property
    def judged(self) -> Array:
        """The rows that are judged, in order."""
        return np.concatenate([fold.test for fold in self.folds if len(fold.measured)])


def validation_of(cases: Cases, patient: Array, facility: Array, seed: int = 0) -> Validation:
    """Return in which order stays are predicted without being seen.

    In time order where there are dates: learned from stays admitted earlier and known by then,
    tried on later ones, three times. Without dates in four parts, by patient, else by facility,
    else at random. Stays of one patient are never on both sides.

    Parameters
    ----------
    cases
        The stays.
    patient, facility
        A number per row of ``cases``; -1 where it is not known.
    seed
        Of the random parts.
    """
    usable = np.flatnonzero(cases.usable)
    dated = usable[~np.isnan(cases.day[usable])]
    if len(dated) >= 0.9 * len(usable) and np.ptp(cases.day[dated]) >= LEAST_DAYS:
        return _in_time(cases, dated, patient)
    return _in_parts(len(cases.nights), usable, patient, facility, seed)


def _in_time(cases: Cases, rows: Array, patient: Array) -> Validation:
    rows = rows[np.argsort(cases.day[rows], kind="stable")]
    days = cases.day[rows]
    begins = [float(np.quantile(days, cut, method="inverted_cdf")) + 1 for cut in CUTS]
    folds: list[Fold] = []
    for place, (start, end) in enumerate(zip(begins, [*begins[1:], np.inf], strict=True)):
        test = rows[(days >= start) & (days < end)]
        earlier = rows[days < start - cases.gap]
        earlier = earlier if len(earlier) >= LEAST_MEASURED else rows[days < start]
        train = _apart(earlier, test, patient)
        before = np.concatenate([rows[:0], *(fold.test for fold in folds)])
        known = before[cases.day[before] < start - cases.gap]
        measured = _apart(known if len(known) >= LEAST_MEASURED else before, test, patient)
        folds.append(Fold(train, test, measured if place else before, start))
    grouped = (patient[rows] >= 0).any()
    said = "In time order: learned from stays admitted earlier, judged on later ones, at two cuts"
    said += "; a patient’s stays are never on both sides." if grouped else "."
    week = np.where(np.isnan(cases.day), -1, np.nan_to_num(cases.day) // 7).astype("int64")
    return Validation(tuple(folds), said, "time", week)


def _apart(rows: Array, test: Array, patient: Array) -> Array:
    """Leave out rows of patients who are in the test."""
    known = patient[test]
    both = np.isin(patient[rows], known[known >= 0])
    return rows[~both]


def _in_parts(count: int, rows: Array, patient: Array, facility: Array, seed: int) -> Validation:
    by, group = "stay", np.full(count, -1, dtype="int64")
    said = f"Stays were put into {FOLDS} parts at random; each was judged by the others."
    sites, often = np.unique(facility[rows][facility[rows] >= 0], return_counts=True)
    if (patient[rows] >= 0).any():
        by, group = "patient", patient
        said = (
            f"Without dates, patients were put into {FOLDS} parts; each was judged by what the "
            "others taught, so a patient’s stays are never on both sides."
        )
    elif len(sites) >= FEW_GROUPS and often.max() <= 0.5 * len(rows):
        by, group = "facility", facility
        said = (
            f"Without dates and patients, facilities were put into {FOLDS} parts; each was judged "
            "by what the others taught, as a facility not seen before would be."
        )
    alone = group < 0
    cluster = np.where(alone, group.max(initial=-1) + 1 + np.arange(count), group)
    part = _balanced(cluster[rows], seed)
    tests = [rows[part == place] for place in range(FOLDS)]
    folds = []
    for place, test in enumerate(tests):
        others = np.concatenate([other for at, other in enumerate(tests) if at != place])
        folds.append(Fold(others, test, others))
    return Validation(tuple(folds), said, by, cluster)


def _balanced(group: Array, seed: int) -> Array:
    """Put groups into parts of about as many rows: the largest first, into the smallest part."""
    _, place, often = np.unique(group, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(often))
    order = order[np.argsort(-often[order], kind="stable")]
    part = np.zeros(len(often), dtype="int64")
    large = order[often[order] > 1] if (often > 1).any() else order[:0]
    filled = np.zeros(FOLDS, dtype="int64")
    for one in large:
        part[one] = int(np.argmin(filled))
        filled[part[one]] += often[one]
    rest = order[often[order] == 1]
    part[rest] = np.arange(len(rest)) % FOLDS
    return np.asarray(part[place])
