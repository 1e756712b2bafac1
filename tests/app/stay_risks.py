"""A prediction of stays made up by hand, so that a page can be tried without learning anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning import StayRisk

SCORES = {
    "mae": 2.3, "median_error": 1.6, "r2": 0.21, "auroc": 0.712, "auprc": 0.41, "brier": 0.12,
    "brier_skill": 0.11, "calibration_error": 0.018, "coverage_80": 80.4, "n": 1800.0,
    "long": 320.0, "rate": 0.178,
}  # fmt: skip
RULE = SCORES | {"mae": 2.9, "r2": 0.04, "auroc": 0.581, "brier_skill": 0.0}


def current(patients: int = 14) -> pd.DataFrame:
    """Patients in hospital: those of Surgery first, the risk falling."""
    places = np.arange(patients)
    return pd.DataFrame(
        {
            "stay_id": [f"SECRET-{place}" for place in places],
            "facility": "North",
            "department": ["Surgery" if place < patients - 3 else "Medicine" for place in places],
            "admitted": pd.Timestamp("2024-04-20") + pd.to_timedelta(places % 9, unit="D"),
            "so_far": 9.0 - places % 9,
            "risk": 0.9 - 0.05 * places,
            "low_80": 4.0,
            "high_80": 12.0,
            "more_nights": 5.0,
        }
    )


def risk(patients: int = 14, **changes: Any) -> StayRisk:
    """A prediction that is better than the simple rule, of stays over 7 nights."""
    models = pd.DataFrame([{"model": "XGBoost", **SCORES}, {"model": "baseline", **RULE}])
    tenths = pd.DataFrame({"predicted": np.linspace(0.02, 0.5, 10), "n": 180})
    tenths["observed"] = tenths["predicted"] + 0.01
    drivers = pd.DataFrame(
        {"column": ["age", "admission_type"], "drop": [0.05, 0.001], "low": [0.045, -0.002],
         "high": [0.056, 0.004]}
    )  # fmt: skip
    groups = pd.DataFrame(
        {"dimension": ["Age band"] * 2 + ["Gender"] * 2, "group": ["0-64", "65+", "F", "M"],
         "n": 900, "mae": 2.3, "rate": [0.1, 0.3, 0.2, 0.2], "mean_risk": [0.1, 0.2, 0.2, 0.2],
         "calibration_gap": [0.0, -0.1, 0.0, 0.0], "low": [-0.02, -0.13, -0.02, -0.02],
         "high": [0.02, -0.07, 0.02, 0.02], "auroc": 0.7}
    )  # fmt: skip
    still = patients * 0.9 ** np.arange(1, 15)
    made = StayRisk(
        metrics=SCORES, baseline=RULE, models=models,
        left_out={"stay_id": "A number of a stay.", "discharged": "How the stay ended.",
                  "cost": "Known only at discharge.", "Month of admission": "One value."},
        predictions=pd.DataFrame(
            {"department": ["Surgery", "Medicine"], "stay": 3.0, "predicted": 4.0, "risk": 0.2}
        ),
        chosen="XGBoost", over=7.0, better=True, used=("age", "admission_type", "department"),
        calibration=tenths.assign(low=tenths["observed"] - 0.03, high=tenths["observed"] + 0.03),
        importance=drivers, group_importance=drivers.assign(group="Surgery"), fairness=groups,
        current=current(patients),
        bed_days=pd.DataFrame({"day": range(1, 15), "patients": still, "low_80": still * 0.9,
                               "high_80": still * 1.1}),
        as_of=pd.Timestamp("2024-04-30"),
        validation="Tried on later stays, no patient on both sides.",
        card={"Data": "2,400 stays of two [hospitals](http://a.example).", "Limits": "Many."},
        notes=("A note of the maker's.",),
    )  # fmt: skip
    return replace(made, **changes)


def of_bands() -> StayRisk:
    """A prediction of stays that are given as bands: nobody is known to be in hospital."""
    risks = {name: SCORES[name] for name in ("auroc", "brier_skill", "calibration_error", "rate")}
    scores = {"accuracy": 0.42, "within_one": 0.78, "majority": 0.27, "n": 900.0, **risks}
    rule = scores | {"accuracy": 0.31, "within_one": 0.6}
    models = pd.DataFrame([{"model": "linear", **scores}, {"model": "baseline", **rule}])
    none = pd.DataFrame()
    return risk(
        metrics=scores, baseline=rule, models=models, chosen="linear", over=10.0, current=none,
        bed_days=none, bands=("0-10", "11-20", "21+"), as_of=None,
    )  # fmt: skip
