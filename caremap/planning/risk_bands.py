"""Stays given as bands: classes with an order, never replaced by the middle of a band."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.admission import Admission
from caremap.planning.band_models import BAND_MODELS, BandFit, accuracy, ranked_losses, within_one
from caremap.planning.conformal import level_for, levels_needed
from caremap.planning.fairness_of_risk import fairness_of_risk
from caremap.planning.model_card import model_card
from caremap.planning.plan_words import title
from caremap.planning.progress import Progress
from caremap.planning.risk import StayRisk
from caremap.planning.risk_cases import TOP_TENTH, Cases, cases_of, limit_of
from caremap.planning.risk_choice import gain_beyond_chance, too_good
from caremap.planning.risk_distribution import calibration
from caremap.planning.risk_drivers import importance, in_groups
from caremap.planning.risk_features import Coded
from caremap.planning.risk_fitting import learned
from caremap.planning.risk_models import Training
from caremap.planning.risk_rows import named, numbers, taken, without_facility
from caremap.planning.risk_scores import calibration_table, risk_scores, unordered
from caremap.planning.risk_validation import Validation, validation_of

__all__ = ["bands_risk", "long_from"]

Array = np.ndarray[Any, Any]

BASELINE = "baseline"
CHANCES, BAND = "the chances of the bands", "the band it names"
SHARE, SHRINK = 0.8, 20.0
KEYS = (
    "accuracy within_one majority n auroc auprc brier brier_skill calibration_error coverage_80 "
    "long rate"
).split()


def long_from(bands: Sequence[str], over: float | str, places: Array) -> tuple[int, float]:
    """Return the first band that is long, and the nights a stay in it lasts more than.

    Parameters
    ----------
    bands
        In order.
    over
        Nights, or "top tenth". A band that lies on both sides is not long: nothing tells which
        of its stays are.
    places
        The bands of known stays, as places in order.

    Examples
    --------
    >>> long_from(["0-10", "11-20", "More than 20 Days"], 7, np.array([0, 1, 2]))
    (1, 10.0)
    """
    ends = [max(map(float, re.findall(r"\d+", band)), default=0.0) for band in bands]
    if isinstance(over, str) and over.strip().lower() == TOP_TENTH:
        beyond = [(places > place).mean() for place in range(len(bands))]
        first = next(place for place, share in enumerate(beyond) if share <= 0.1)
        first = min(first, len(bands) - 2)
    else:
        limit = limit_of(over, places)
        first = next((p for p, end in enumerate(ends[:-1]) if end >= limit), len(bands) - 2)
    return first + 1, ends[first]


def bands_risk(
    admission: Admission,
    over: float | str,
    *,
    models: Sequence[str] | None,
    progress: Progress,
    seed: int,
) -> StayRisk:
    """Return the prediction of stays given as bands; see `caremap.planning.stay_risk`.

    ``stay``, ``median``, ``low_80`` and ``high_80`` are places in ``bands`` from 0, and so is
    ``predicted``: the likeliest band.
    """
    count = len(admission.bands)
    places = admission.nights.dropna().to_numpy("float64")
    first, nights = long_from(admission.bands, over, places)
    cases = cases_of(admission, first - 0.5, said=f"more than {nights:g} nights")
    patient, facility, department = (
        numbers(column, cases.rows)
        for column in (admission.patient, admission.facility, admission.department)
    )
    validation = validation_of(cases, patient, facility, seed)
    of_facility: dict[str, str] = {}
    if validation.by == "facility":
        cases, of_facility = without_facility(cases, facility)
    fits = {
        name: _of_bands(fit, count)
        for name, fit in BAND_MODELS.items()
        if models is None or name in models
    }
    found = learned(fits, cases, validation, progress, seed)
    progress("Judging on stays not seen", 0.75)
    chances = {name: _spread(cases, validation, one.given, count) for name, one in found.items()}
    chances[BASELINE] = _usual(cases, validation, department, count)
    rows = validation.judged
    band = cases.nights[rows]
    losses = {name: ranked_losses(band, given[rows]) for name, given in chances.items()}
    best = min(found, key=lambda name: float(losses[name].mean()))
    whole = np.bincount(band.astype("int64"), minlength=count) / len(band)
    held = losses[BASELINE], ranked_losses(band, np.tile(whole, (len(band), 1)))
    cluster = validation.cluster[rows]
    better = all(gain_beyond_chance(losses[best], usual, cluster, seed)[1] > 0 for usual in held)
    chosen = best if better else BASELINE
    frames = {
        name: _predictions(admission, cases, validation, given, first)
        for name, given in chances.items()
    }
    scored = {name: _scores(frame, frames[BASELINE], whole) for name, frame in frames.items()}
    if len(np.unique(department)) == 1:
        scored[BASELINE] |= unordered(scored[BASELINE])
    predictions = frames[chosen]
    named_better = better and _names_better(frames[best], frames[BASELINE], whole, cluster, seed)
    gains = (*((CHANCES,) if better else ()), *((BAND,) if named_better else ()))
    progress("What the prediction rests on", 0.85)
    drivers, within = _drivers(admission, cases, validation, found[best].last, seed)
    strongest = title(str(drivers["column"].iloc[0])) if len(drivers) else ""
    table = pd.DataFrame([{"model": name, **scores} for name, scores in scored.items()])
    order = np.argsort([losses[name].mean() for name in scored], kind="stable")
    leaks = tuple(admission.kept_leaks)
    result = StayRisk(
        metrics=MappingProxyType(scored[chosen]),
        baseline=MappingProxyType(scored[BASELINE]),
        models=table.iloc[order].reset_index(drop=True),
        left_out=MappingProxyType({**admission.left_out, **of_facility}),
        predictions=predictions,
        chosen=chosen,
        over=nights,
        better=better,
        better_in=gains,
        suspicion=too_good(scored[best], strongest, tuple(map(title, leaks))),
        used=cases.table.names,
        calibration=calibration_table(predictions["long"], predictions["risk"]),
        importance=drivers,
        group_importance=within,
        fairness=fairness_of_risk(predictions, taken(admission.groups, cases.rows[rows])),
        bands=admission.bands,
        as_of=admission.as_of,
        validation=validation.said,
        notes=_notes(admission, gains, over, nights),
        settings=MappingProxyType({"over": over, "kept": leaks, "seed": seed}),
    )
    progress("Model card", 1.0)
    return replace(result, card=model_card(result))


def _of_bands(fit: BandFit, count: int) -> Callable[[Training], Callable[[Coded], Array]]:
    return lambda training: fit(training, count)


def _spread(cases: Cases, validation: Validation, given: Sequence[Array], count: int) -> Array:
    chances = np.full((len(cases.nights), count), np.nan)
    for fold, found in zip(validation.folds, given, strict=True):
        chances[fold.test] = found
    return chances


def _usual(cases: Cases, validation: Validation, department: Array, count: int) -> Array:
    """Return the chances of the simple rule: how often each band was in the department."""
    own = np.unique(department, return_inverse=True)[1]
    chances = np.full((len(cases.nights), count), np.nan)
    for fold in validation.folds:
        known = np.union1d(fold.train, fold.measured)
        place = own[known] * count + cases.nights[known].astype("int64")
        often = np.bincount(place, minlength=(own.max() + 1) * count).reshape(-1, count)
        usual = often.sum(axis=0) / often.sum()
        rates = (often + SHRINK * usual) / (often.sum(axis=1, keepdims=True) + SHRINK)
        chances[fold.test] = rates[own[fold.test]]
    return chances


def _predictions(
    admission: Admission, cases: Cases, validation: Validation, chances: Array, first: int
) -> pd.DataFrame:
    """Return bands, risks and intervals of the stays that are judged, each read by others."""
    parts = []
    for fold in validation.folds:
        if not len(fold.measured):
            continue
        seen, band = chances[fold.measured], cases.nights[fold.measured].astype("int64")
        up_to, at = seen.cumsum(axis=1), np.arange(len(seen))
        level = level_for(levels_needed(up_to[at, band] - seen[at, band], up_to[at, band]), SHARE)
        read = calibration(seen[:, first:].sum(axis=1), band >= first)
        given = chances[fold.test]
        total = given.cumsum(axis=1)
        ends = [
            np.minimum((total < cut - 1e-9).sum(axis=1), given.shape[1] - 1)
            for cut in (0.5, (1 - level) / 2, (1 + level) / 2)
        ]
        columns = (given.argmax(axis=1), *ends, read(given[:, first:].sum(axis=1)))
        parts.append(np.column_stack(columns))
    rows = validation.judged
    told = pd.DataFrame(
        np.concatenate(parts), columns=["predicted", "median", "low_80", "high_80", "risk"]
    )
    told.insert(0, "stay", cases.nights[rows])
    frame = named(admission, cases.rows[rows]).join(told)
    return frame.assign(long=cases.long[rows])


def _scores(frame: pd.DataFrame, usual: pd.DataFrame, whole: Array) -> dict[str, float]:
    band, told = frame["stay"].to_numpy(), frame["predicted"].to_numpy()
    held = frame["stay"].between(frame["low_80"], frame["high_80"])
    scores = risk_scores(frame["long"], frame["risk"], usual["risk"]) | {
        "accuracy": accuracy(band, told),
        "within_one": within_one(band, told),
        "majority": float(whole.max()),
        "coverage_80": float(100 * held.mean()),
    }
    return {key: scores[key] for key in KEYS}


def _drivers(
    admission: Admission,
    cases: Cases,
    validation: Validation,
    predict: Callable[[Coded], Array],
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = validation.folds[-1].test
    table, band = cases.table.taken(rows), cases.nights[rows]

    def told(given: Coded) -> Array:
        return np.asarray(predict(given).argmax(axis=1))

    whole = importance(told, table, band, accuracy, seed)
    names = taken(admission.department.to_frame(), cases.rows[rows]).iloc[:, 0]
    return whole, in_groups(told, table, band, names, accuracy, seed)


def _names_better(
    found: pd.DataFrame, usual: pd.DataFrame, whole: Array, cluster: Array, seed: int
) -> bool:
    """Return whether the band named is right more often than that of the rule, and the largest."""
    band = found["stay"].to_numpy()
    wrong = (found["predicted"].to_numpy() != band).astype("float64")
    others = usual["predicted"].to_numpy(), np.full(len(band), whole.argmax())
    return all(
        gain_beyond_chance(wrong, (other != band).astype("float64"), cluster, seed)[1] > 0
        for other in others
    )


def _notes(
    admission: Admission, gains: tuple[str, ...], over: float | str, nights: float
) -> tuple[str, ...]:
    notes = [
        *admission.notes,
        "Stays are given as bands: they are predicted as classes with an order. No nights, mean "
        "or bed-days are told, for nothing says where in its band a stay lies.",
    ]
    if over != nights:
        notes.append(
            f"A stay is long from the band after {nights:g} nights on: bands do not tell any other "
            "limit."
        )
    if not gains:
        notes.append(
            "No model predicts the bands better than how often each was in the department, beyond "
            "chance: nothing is claimed."
        )
    elif BAND not in gains:
        notes.append(
            "How likely each band is, is told better than by the department beyond chance. The "
            "single band that is named is not right more often: plan by the risk, not by the band."
        )
    return tuple(notes)
