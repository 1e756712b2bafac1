"""The value a prediction of lengths of stay is: how good, for whom, from what, and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

__all__ = ["StayRisk"]


@dataclass(frozen=True, eq=False)
class StayRisk:
    """Lengths of stay predicted from what is known at admission, and the risk of a long one.

    Attributes
    ----------
    metrics
        Of the chosen model, on stays it had not seen: ``mae``, ``median_error`` (mean and median
        distance of the predicted median, nights), ``r2`` (of the predicted mean),
        ``auroc``, ``auprc``, ``brier``, ``brier_skill`` (against the department's rate),
        ``calibration_error`` (expected, 0 to 1), ``coverage_80`` (percent of stays within the
        80 % interval), ``n``, ``long`` (how many of them were long), ``rate`` (their fraction).
        Of stays given as bands: ``accuracy``, ``within_one``, ``majority`` (fractions) and ``n``.
        Missing where it cannot be computed.
    baseline
        The same keys, of the simple rule: median and rate of the department.
    models
        One row per model, best first, the baseline among them: ``model``, and the keys of
        ``metrics``.
    left_out
        Column to reason, in words: known only at discharge, made from the stay, a person's
        identifier, follows the stay too closely. A header of the file may be asked for as well.
    predictions
        One row per stay that was predicted without being seen: ``admitted``, ``facility``,
        ``department`` (where there are such columns), ``stay`` (nights, as it was), ``predicted``
        (mean), ``median``, ``low_80``, ``high_80``, ``risk`` (chance of a long stay), ``long``
        (as it was).
    chosen
        The model the page speaks of: the baseline where nothing beats it beyond chance.
    over
        Nights a stay has to last more than to be long.
    better
        Whether the chosen model is better than the baseline beyond chance: where not, the page
        claims nothing.
    better_in
        In what it is: "the risk of a long stay", "the length of the stay"; of bands "the chances
        of the bands", "the band it names". Empty where it is not, or where that is not told.
    suspicion
        Why the fit looks too good to be true; empty where it does not.
    used
        The columns predicted from, by their names in the data.
    calibration
        ``predicted`` (mean risk of a tenth), ``observed`` (fraction long), ``low``, ``high``
        (Wilson 95 %), ``n``; by tenths of the risk.
    importance
        ``column``, ``drop`` (fall of AUROC, for bands of accuracy, when the column is shuffled on
        held-out stays), ``low``, ``high`` (over repetitions); the largest first.
    group_importance
        The same within the largest departments: ``group`` before the columns of ``importance``.
    fairness
        ``dimension`` (age band, gender, payer), ``group``, ``n``, ``mae``, ``rate``,
        ``mean_risk``, ``calibration_gap`` (mean risk - rate), ``low``, ``high`` (its 95 %
        interval), ``auroc`` (NaN where too few).
    current
        Patients still in hospital on ``as_of``, by risk: ``stay_id`` where there is one,
        ``facility``, ``department``, ``ward``, ``admitted``, ``so_far`` (nights before that of
        ``as_of``), ``risk`` (of a stay over ``over``, given it has lasted so far), ``low_80``,
        ``high_80`` (nights in all), ``more_nights`` (expected after the night of ``as_of``: the
        midnights that ``bed_days`` counts, without an end).
    bed_days
        Expected bed-days of the current patients, by day ahead: ``day`` (1 is the next midnight),
        ``patients`` (expected still in, of the predicted distribution), ``low_80``, ``high_80``.
    bands
        The bands in order, where stays are given as bands; else empty.
    as_of
        The day up to which stays are known; missing without dates.
    validation
        How it was validated, in a sentence: in time order, by patient, by facility.
    card
        The model card: heading and text, in order.
    notes
        What a reader has to know.
    """

    metrics: Mapping[str, float]
    baseline: Mapping[str, float]
    models: pd.DataFrame
    left_out: Mapping[str, str]
    predictions: pd.DataFrame
    chosen: str
    over: float
    better: bool
    better_in: tuple[str, ...] = ()
    suspicion: str = ""
    used: tuple[str, ...] = ()
    calibration: pd.DataFrame = field(default_factory=pd.DataFrame)
    importance: pd.DataFrame = field(default_factory=pd.DataFrame)
    group_importance: pd.DataFrame = field(default_factory=pd.DataFrame)
    fairness: pd.DataFrame = field(default_factory=pd.DataFrame)
    current: pd.DataFrame = field(default_factory=pd.DataFrame)
    bed_days: pd.DataFrame = field(default_factory=pd.DataFrame)
    bands: tuple[str, ...] = ()
    as_of: pd.Timestamp | None = None
    validation: str = ""
    card: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
