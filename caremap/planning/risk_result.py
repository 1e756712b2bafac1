"""A prediction of stays put together: models fitted, judged on stays not seen, one chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.admission import Admission
from caremap.planning.fairness_of_risk import fairness_of_risk
from caremap.planning.in_hospital import ahead_of
from caremap.planning.model_card import model_card
from caremap.planning.plan_words import title
from caremap.planning.progress import Progress
from caremap.planning.risk import StayRisk
from caremap.planning.risk_cases import Cases, cases_of
from caremap.planning.risk_choice import gain_beyond_chance, too_good
from caremap.planning.risk_drivers import importance, in_groups
from caremap.planning.risk_features import Coded
from caremap.planning.risk_fitting import learned, training
from caremap.planning.risk_models import MODELS, Predict, Raw
from caremap.planning.risk_reading import (
    Judged,
    baseline_reading,
    judged,
    judged_baseline,
    model_reading,
)
from caremap.planning.risk_rows import named, numbers, taken, without_facility
from caremap.planning.risk_scores import (
    auroc,
    brier_losses,
    calibration_table,
    distances,
    length_scores,
    log_losses,
    risk_scores,
    unordered,
)
from caremap.planning.risk_validation import Validation, validation_of

__all__ = ["BASELINE", "METRICS", "risk_of"]

Array = np.ndarray[Any, Any]

BASELINE = "baseline"
FEW = 10
RISK, LENGTH = "the risk of a long stay", "the length of the stay"
METRICS = (
    "mae median_error r2 auroc auprc brier brier_skill calibration_error coverage_80 n long rate"
).split()


def risk_of(
    admission: Admission,
    over: float | str,
    *,
    models: Sequence[str] | None,
    progress: Progress,
    seed: int,
) -> StayRisk:
    """Return the prediction of stays that a table of what is known at admission allows.

    See `caremap.planning.stay_risk`.
    """
    cases = cases_of(admission, over)
    patient, facility, department = (
        numbers(column, cases.rows)
        for column in (admission.patient, admission.facility, admission.department)
    )
    department = np.where(department < 0, department.max(initial=-1) + 1, department)
    validation = validation_of(cases, patient, facility, seed)
    of_facility: dict[str, str] = {}
    if validation.by == "facility":
        cases, of_facility = without_facility(cases, facility)
    tried = {name: fit for name, fit in MODELS.items() if models is None or name in models}
    found = learned(tried, cases, validation, progress, seed)
    raw = {name: _spread(cases, validation, one.given) for name, one in found.items()}
    progress("Judging on stays not seen", 0.75)
    said = {name: judged(cases, validation, one, seed) for name, one in raw.items()}
    said[BASELINE] = judged_baseline(cases, validation, department)
    scored = _scores(cases, validation, said)
    if len(np.unique(department)) == 1:
        scored[BASELINE] |= unordered(scored[BASELINE])
    best = min(raw, key=lambda name: scored[name]["brier"])
    gains = _better(cases, validation, said, best, seed)
    chosen = best if gains else BASELINE
    predictions = _predictions(admission, cases, validation, said[chosen])
    progress("What the prediction rests on", 0.8)
    drivers, within = _drivers(admission, cases, validation, found[best].last, seed)
    progress("Patients in hospital", 0.9)
    current, bed_days = _in_hospital(
        admission, cases, validation, raw[best], chosen, department, seed
    )
    groups = taken(admission.groups, cases.rows[validation.judged])
    strongest = title(str(drivers["column"].iloc[0])) if len(drivers) else ""
    result = StayRisk(
        metrics=MappingProxyType(scored[chosen]),
        baseline=MappingProxyType(scored[BASELINE]),
        models=_models(scored),
        left_out=MappingProxyType({**admission.left_out, **of_facility}),
        predictions=predictions,
        chosen=chosen,
        over=cases.over,
        better=bool(gains),
        better_in=gains,
        suspicion=too_good(scored[best], strongest, tuple(map(title, admission.kept_leaks))),
        used=cases.table.names,
        calibration=calibration_table(predictions["long"], predictions["risk"]),
        importance=drivers,
        group_importance=within,
        fairness=fairness_of_risk(predictions, groups),
        current=current,
        bed_days=bed_days,
        as_of=admission.as_of,
        validation=validation.said,
        notes=_notes(admission, cases, validation, gains),
        settings=MappingProxyType(
            {"over": over, "kept": tuple(admission.kept_leaks), "seed": seed}
        ),
    )
    progress("Model card", 1.0)
    return replace(result, card=model_card(result))


def _spread(cases: Cases, validation: Validation, given: Sequence[Raw]) -> Raw:
    """Return the raw predictions with a place per stay, missing where none was made."""
    length, risk = np.full(len(cases.nights), np.nan), np.full(len(cases.nights), np.nan)
    for fold, raw in zip(validation.folds, given, strict=True):
        length[fold.test], risk[fold.test] = raw.length, raw.risk
    return Raw(length, risk)


def _scores(
    cases: Cases, validation: Validation, said: Mapping[str, Judged]
) -> dict[str, dict[str, float]]:
    rows = validation.judged
    long, stay = cases.long[rows], np.where(cases.ended[rows], cases.nights[rows], np.nan)
    found = {}
    for name, one in said.items():
        scores = risk_scores(long, one.risk, said[BASELINE].risk)
        scores |= length_scores(stay, one.mean, one.median, one.low, one.high)
        found[name] = {key: scores[key] for key in METRICS}
    return found


def _better(
    cases: Cases, validation: Validation, said: Mapping[str, Judged], best: str, seed: int
) -> tuple[str, ...]:
    """Return in what the model is better than the simple rule, and than one rule for all.

    For the risk by the Brier score or the logarithmic score, which minds rare long stays; for
    the length by the mean absolute error.
    """
    rows = validation.judged
    long, stay = cases.long[rows], cases.nights[rows]
    whole = np.full(len(rows), long.mean()), np.full(len(rows), np.median(stay))
    own, usual = said[best], said[BASELINE]
    ways = {
        RISK: ((brier_losses, log_losses), long, own.risk, (usual.risk, whole[0])),
        LENGTH: ((distances,), stay, own.median, (usual.median, whole[1])),
    }
    cluster = validation.cluster[rows]
    found = []
    for name, (losses, was, mine, others) in ways.items():
        for loss in losses:
            least = [
                gain_beyond_chance(loss(was, mine), loss(was, other), cluster, seed)[1]
                for other in others
            ]
            if min(least) > 0 and name not in found:
                found.append(name)
    return tuple(found)


def _models(scored: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    rows = [{"model": name, **scores} for name, scores in scored.items()]
    frame = pd.DataFrame(rows, columns=["model", *METRICS])
    return frame.sort_values("brier", ignore_index=True, kind="stable")


def _predictions(
    admission: Admission, cases: Cases, validation: Validation, said: Judged
) -> pd.DataFrame:
    rows = validation.judged
    return named(admission, cases.rows[rows]).assign(
        stay=np.where(cases.ended[rows], cases.nights[rows], np.nan),
        predicted=said.mean,
        median=said.median,
        low_80=said.low,
        high_80=said.high,
        risk=said.risk,
        long=cases.long[rows],
    )


def _drivers(
    admission: Admission, cases: Cases, validation: Validation, predict: Predict, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the model rests on: all of the last part not seen, and by department."""
    rows = validation.folds[-1].test
    table, long = cases.table.taken(rows), cases.long[rows]

    def risk(given: Coded) -> Array:
        return predict(given).risk

    whole = importance(risk, table, long, auroc, seed)
    names = admission.department.iloc[cases.rows[rows]].reset_index(drop=True)
    return whole, in_groups(risk, table, long, names, auroc, seed)


def _in_hospital(
    admission: Admission,
    cases: Cases,
    validation: Validation,
    held: Raw,
    chosen: str,
    department: Array,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the patients in hospital by risk, and their bed-days ahead."""
    rows = np.flatnonzero(cases.current)
    if not len(rows):
        return _nobody(admission)
    known = np.flatnonzero(cases.usable & ~cases.current)
    if chosen == BASELINE:
        own = np.unique(department, return_inverse=True)[1]
        reading = baseline_reading(
            own[known], cases.nights[known], cases.long[known], cases.ended[known]
        )
        raw = Raw(own[rows].astype("float64"), own[rows].astype("float64"))
    else:
        raw = MODELS[chosen](training(cases, known, np.inf, seed))(cases.table.taken(rows))
        seen = np.concatenate([fold.test for fold in validation.folds])
        seen = seen[~cases.current[seen]]
        known_of = Raw(held.length[seen], held.risk[seen])
        reading = model_reading(
            known_of, cases.nights[seen], cases.long[seen], cases.ended[seen], seed
        )
    so_far = cases.as_of - cases.day[rows]
    ahead = ahead_of(reading.of(raw), so_far, cases.over, reading.level)
    frame = named(admission, cases.rows[rows], ids=True).assign(
        so_far=so_far,
        risk=ahead.risk,
        low_80=ahead.low,
        high_80=ahead.high,
        more_nights=ahead.more,
    )
    order = [
        "risk",
        "more_nights",
        *(n for n in ("admitted", "facility", "department") if n in frame),
    ]
    frame = frame.sort_values(
        order, ascending=[False, False, *[True] * (len(order) - 2)], ignore_index=True
    )
    return frame, ahead.bed_days


def _nobody(admission: Admission) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = named(admission, np.empty(0, dtype="int64"), ids=True)
    numbers = dict.fromkeys(("so_far", "risk", "low_80", "high_80", "more_nights"), np.empty(0))
    days = pd.DataFrame({"day": np.empty(0, dtype="int64")})
    return frame.assign(**numbers), days.assign(
        **dict.fromkeys(("patients", "low_80", "high_80"), np.empty(0))
    )


def _stays(count: int) -> str:
    """Return a count of stays for the card, which is handed round: few are not told exactly."""
    return "1 to 10 stays" if 1 <= count <= FEW else f"{count:,} stays"


def _notes(
    admission: Admission,
    cases: Cases,
    validation: Validation,
    gains: tuple[str, ...],
) -> tuple[str, ...]:
    """Return what a reader has to know."""
    known = (admission.department != admission.department.iloc[0]).any()
    whose = "the department" if known else "all stays together"
    notes = [*admission.notes]
    if not gains:
        notes.append(
            f"No model predicts long stays better than the rate of {whose} beyond chance: nothing "
            "is claimed, and the figures are those of that rate."
        )
    elif RISK not in gains:
        notes.append(
            f"Lengths are predicted better than by {whose} beyond chance; who stays long is not, "
            "so the risks are to be read as little more than that rate."
        )
    elif LENGTH not in gains:
        notes.append(
            f"Who stays long is told better than by {whose} beyond chance; the length in nights "
            "is not."
        )
    late = int((cases.day > cases.as_of - cases.gap).sum())
    if cases.gap and late:
        notes.append(
            f"Not judged are {_stays(late)} admitted in the last {cases.gap} days: of these only "
            "short ones would have ended."
        )
    still = int((~cases.ended & cases.usable).sum())
    if still:
        notes.append(
            f"Still in hospital, and longer than {cases.over:g} nights already: {_stays(still)}. "
            "They count as long with the nights so far, and not in errors of the length."
        )
    if validation.by == "stay":
        notes.append(
            "There are neither dates, patients nor enough facilities: stays of one patient may be "
            "on both sides, which makes every model look better than it is."
        )
    notes.append(
        "Columns that say the same stand in for each other: each alone seems to matter less than "
        "they do together."
    )
    return tuple(notes)
