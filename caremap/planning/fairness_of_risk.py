"""Whether predictions are as good, and as honest, for one group of patients as for another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.risk_scores import auroc

__all__ = ["FEWEST", "fairness_of_risk"]

FEWEST = 50
LEAST_LONG = 20
TITLES = {"age_band": "Age band", "gender": "Gender", "insurance": "Payer"}


def fairness_of_risk(predictions: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Return errors and calibration by group of patients.

    Parameters
    ----------
    predictions
        ``stay``, ``median``, ``risk``, ``long``: one row per stay not seen before.
    groups
        The same rows: ``age_band``, ``gender``, ``insurance`` or other columns, as text.

    Returns
    -------
    pandas.DataFrame
        ``dimension``, ``group``, ``n``, ``mae``, ``rate``, ``mean_risk``, ``calibration_gap``
        (mean risk - rate), ``low``, ``high`` (its 95 % interval), ``auroc`` (NaN with fewer than
        20 long or 20 short stays). Groups of fewer than 50 stays are not judged: only ``n`` is
        told of them.

    Examples
    --------
    >>> stays = pd.DataFrame({"stay": 3.0, "median": 2.0, "risk": 0.5, "long": [True, False] * 30})
    >>> fairness_of_risk(stays, pd.DataFrame({"gender": ["F"] * 60}))[
    ...     ["dimension", "group", "n", "mae", "calibration_gap"]]
      dimension group   n  mae  calibration_gap
    0    Gender     F  60  1.0              0.0
    """
    found = []
    for name in groups.columns:
        labels = groups[name].astype("str").fillna("Unknown").to_numpy()
        for label in sorted(set(labels)):
            rows = predictions[labels == label]
            found.append(
                {"dimension": TITLES.get(str(name), str(name)), "group": label, **_judged(rows)}
            )
    names = "dimension group n mae rate mean_risk calibration_gap low high auroc".split()
    return pd.DataFrame(found, columns=names)


def _judged(rows: pd.DataFrame) -> dict[str, Any]:
    if len(rows) < FEWEST:
        return {"n": len(rows)}
    long, risk = rows["long"].to_numpy("float64"), rows["risk"].to_numpy("float64")
    off = (rows["median"] - rows["stay"]).abs().mean()
    gap = risk - long
    half = 1.96 * gap.std(ddof=1) / np.sqrt(len(gap))
    enough = min(long.sum(), len(long) - long.sum()) >= LEAST_LONG
    return {
        "n": len(rows),
        "mae": float(off),
        "rate": float(long.mean()),
        "mean_risk": float(risk.mean()),
        "calibration_gap": float(gap.mean()),
        "low": float(gap.mean() - half),
        "high": float(gap.mean() + half),
        "auroc": auroc(long, risk) if enough else float("nan"),
    }
