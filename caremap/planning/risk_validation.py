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
LEAST_OF_A_KIND = 5  # long stays, and short ones, without which nothing is learned

WORDS = {
    "patient": "patients were put into {} parts; each was judged by what the others taught, so a "
    "patient’s stays are never on both sides.",
    "facility": "facilities were put into {} parts; each was judged by what the others taught, as "
    "a facility not seen before would be.",
    "stay": "stays were put into {} parts at random; each was judged by what the others taught.",
}


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
    why = "Without dates"
    if len(dated) >= 0.9 * len(usable):
        why = "As the dates hold too few days or long stays to learn in time order"
        found = _in_time(cases, dated, patient) if np.ptp(cases.day[dated]) >= LEAST_DAYS else None
        if found is not None and _sound(found, cases):
            return found
    for by, group in (("patient", patient), ("facility", facility)):
        if _parts_well(group[usable], by):
            found = _in_parts(usable, by, group, why, seed)
            if _sound(found, cases):
                return found
    return _in_parts(usable, "stay", np.full(len(patient), -1), why, seed)


def _sound(found: Validation, cases: Cases) -> bool:
    """Return whether there are long and short stays in all that is learned from."""
    folds = found.folds
    parts = [*(fold.train for fold in folds), *(f.measured for f in folds if len(f.measured))]
    judged = sum(len(fold.measured) > 0 for fold in folds)
    kinds = [min(cases.long[rows].sum(), (~cases.long[rows]).sum()) for rows in parts]
    tried = all(len(fold.test) for fold in folds)
    return tried and judged > 1 and min(kinds) >= LEAST_OF_A_KIND


def _parts_well(group: Array, by: str) -> bool:
    """Return whether groups can be put into parts: enough of them, and none of half the stays."""
    names, often = np.unique(group[group >= 0], return_counts=True)
    if by == "patient":
        return bool(len(names) and often.max() <= 0.5 * len(group))
    return bool(len(names) >= FEW_GROUPS and often.max() <= 0.5 * len(group))


def _in_time(cases: Cases, rows: Array, patient: Array) -> Validation:
    rows = rows[np.argsort(cases.day[rows], kind="stable")]
    days = cases.day[rows]
    begins = [float(np.quantile(days, cut, method="inverted_cdf")) + 1 for cut in CUTS]
    folds: list[Fold] = []
    for start, end in zip(begins, [*begins[1:], np.inf], strict=True):
        test = rows[(days >= start) & (days < end)]
        train = _apart(rows[days < start - cases.gap], test, patient)
        before = np.concatenate([rows[:0], *(fold.test for fold in folds)])
        measured = _apart(before[cases.day[before] < start - cases.gap], test, patient)
        folds.append(Fold(train, test, measured, start))
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


def _in_parts(rows: Array, by: str, group: Array, why: str, seed: int) -> Validation:
    alone = group < 0
    cluster = np.where(alone, group.max(initial=-1) + 1 + np.arange(len(group)), group)
    part = _balanced(cluster[rows], seed)
    tests = [rows[part == place] for place in range(FOLDS)]
    folds = []
    for place, test in enumerate(tests):
        others = np.concatenate([other for at, other in enumerate(tests) if at != place])
        folds.append(Fold(others, test, others))
    return Validation(tuple(folds), f"{why}, {WORDS[by].format(FOLDS)}", by, cluster)


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
