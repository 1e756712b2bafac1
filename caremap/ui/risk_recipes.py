"""How the figures of the Stay-risk page come about, each from a prediction already worked out.

Counts of patients in them are hidden as any other: a group's stays, a tenth's, those in hospital.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from caremap import charts
from caremap.charts import Figure
from caremap.charts.risk_models import SCORES
from caremap.ui.recipes import Recipe, settled
from caremap.ui.risk import Predicted
from caremap.ui.text import day, title_of

__all__ = ["bed_days", "calibration", "drivers", "groups", "models", "scores_of"]


_OF_BANDS = ("accuracy", "within_one")
_SAME_FOR_ALL = "majority"  # of bands: no model has any part in it


def _of(
    made: Predicted, name: str, frame: pd.DataFrame, draw: Callable[..., Figure], told: str = "",
    **more: Any,
) -> Recipe:  # fmt: skip
    options = {"period": made.tried} | more
    return settled(name, f"{made.asked.settings} {told}", frame, draw, **options)


def scores_of(made: Predicted) -> list[str]:
    """Return the scores there are of every model, the one to begin with first."""
    models = made.risk.models
    there = [name for name in SCORES if name in models.columns and models[name].notna().any()]
    of_bands = [name for name in _OF_BANDS if name in there]
    return [*of_bands, *(name for name in there if name not in (*of_bands, _SAME_FOR_ALL))]


def models(made: Predicted, score: str) -> Recipe:
    """A score of every model, beside the simple rule."""
    frame = made.risk.models[["model", *scores_of(made)]]
    frame = frame.assign(model=frame["model"].map(made.called).astype("str"))
    return _of(made, "stay_risk_models", frame, charts.risk_models_figure, score,
               chosen=made.chosen, baseline=made.rule, score=score)  # fmt: skip


def calibration(made: Predicted) -> Recipe:
    """What was predicted against what came, by tenths."""
    tenths = made.risk.calibration
    frame = tenths.assign(long_stays=(tenths["observed"] * tenths["n"]).round())
    error = float(made.risk.metrics.get("calibration_error", float("nan")))
    return _of(made, "stay_risk_calibration", frame, charts.calibration_figure,
               long=made.long, error=error)  # fmt: skip


def drivers(made: Predicted, group: str = "") -> Recipe:
    """What the prediction rests on, of all stays or of a group."""
    frame = made.risk.importance
    if group:
        of_groups = made.risk.group_importance
        frame = of_groups[of_groups["group"].astype("str").eq(group)].drop(columns="group")
    named = frame.assign(column=frame["column"].astype("str").map(title_of).astype("str"))
    score = "accuracy" if made.risk.bands else "AUROC"
    return _of(made, "stay_risk_drivers", named.reset_index(drop=True), charts.importance_figure,
               group, score=score, group=group)  # fmt: skip


def groups(made: Predicted, dimension: str) -> Recipe:
    """Whether the risk can be taken at its word in every group alike."""
    fairness = made.risk.fairness
    frame = fairness[fairness["dimension"].astype("str").eq(dimension)].drop(columns="dimension")
    frame = frame.assign(long_stays=(frame["rate"] * frame["n"]).round())

    def risk_groups_figure(found: pd.DataFrame, *, period: str) -> Figure:
        title = title_of(dimension)
        unit = "bands" if made.risk.bands else "days"
        return charts.risk_groups_figure(found, title, long=made.long, unit=unit, period=period)

    return _of(made, "stay_risk_groups", frame.reset_index(drop=True), risk_groups_figure,
               dimension)  # fmt: skip


def bed_days(made: Predicted) -> Recipe:
    """How many of today's patients are expected to be in at each coming midnight."""
    found, as_of = made.risk.bed_days, made.risk.as_of
    assert as_of is not None  # there are no patients in hospital without a date
    frame = pd.DataFrame(
        {
            "date": as_of + pd.to_timedelta(found["day"].astype("int64"), unit="D"),
            "patients": found["patients"].astype("float64"),
            "low_80": found["low_80"].astype("float64"),
            "high_80": found["high_80"].astype("float64"),
            "n": len(made.risk.current),
        }
    )
    return _of(
        made, "stay_risk_bed_days", frame, charts.bed_days_figure, period=f"as of {day(as_of)}"
    )
