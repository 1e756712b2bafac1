"""The model card: what a prediction is made of, how good it is, what it is not for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from caremap.days import said
from caremap.planning.fairness_of_risk import FEWEST
from caremap.planning.risk import StayRisk

__all__ = ["NOT_A_DEVICE", "model_card"]

NOT_A_DEVICE = (
    "Not a medical device: decision support for capacity, not for care. It must not decide on the "
    "treatment, the discharge or the place of a single patient."
)
_LINES = (
    ("auroc", "AUROC", 3),
    ("auprc", "AUPRC", 3),
    ("brier", "Brier score", 4),
    ("calibration_error", "expected calibration error", 3),
    ("mae", "mean absolute error of the median (nights)", 2),
    ("r2", "R² of the mean", 3),
    ("coverage_80", "stays within the 80 % interval (%)", 1),
    ("accuracy", "accuracy", 3),
    ("within_one", "within one band", 3),
    ("majority", "share of the commonest band", 3),
)


def model_card(risk: StayRisk) -> Mapping[str, str]:
    """Return the model card of a prediction: heading and text, in order.

    Parameters
    ----------
    risk
        The prediction; its own card is not read.

    Notes
    -----
    After Mitchell et al., Model Cards for Model Reporting (2019).
    """
    card = {
        "What it is for": _purpose(risk),
        "Data": _data(risk),
        "Predicted from": ", ".join(risk.used) + "." if risk.used else "Nothing.",
        "Left out": _left_out(risk.left_out),
        "Model": _model(risk),
        "Validation": risk.validation,
        "How good it is": _figures(risk),
        "Calibration": _calibration(risk),
        "Fairness": _fairness(risk.fairness),
        "What it rests on": _drivers(risk.importance),
        "Limits": " ".join(risk.notes),
        "Not a medical device": NOT_A_DEVICE,
    }
    if risk.suspicion:
        card = {"Suspicion": risk.suspicion, **card}
    return MappingProxyType(card)


def _purpose(risk: StayRisk) -> str:
    if risk.bands:
        return "The band of the length of stay, told at admission, for planning beds."
    return (
        f"The length of stay and the risk of a stay over {risk.over:g} nights, told at admission, "
        "for planning beds."
    )


def _data(risk: StayRisk) -> str:
    n = risk.metrics.get("n", 0.0)
    text = f"{n:,.0f} stays were predicted without being seen"
    long = risk.metrics.get("long")
    if long is not None and long == long and not risk.bands:
        text += f"; {long:,.0f} of them ({100 * risk.metrics['rate']:.1f} %) were long"
    dates = risk.predictions.get("admitted", pd.Series(dtype="datetime64[us]")).dropna()
    if len(dates) and risk.as_of is not None:
        text += f". They were admitted from {said(dates.min())} to {said(dates.max())}"
        return text + f"; the data are known up to {said(risk.as_of)}."
    return text + ". The data have no dates that could be used."


def _left_out(left_out: Mapping[str, str]) -> str:
    if not left_out:
        return "No column had to be left out."
    return " ".join(f"{name}: {reason.rstrip('.')}." for name, reason in left_out.items())


def _model(risk: StayRisk) -> str:
    tried = ", ".join(risk.models["model"]) if "model" in risk.models else risk.chosen
    text = f"Tried, best first: {tried}."
    if risk.better:
        return f"{text} Chosen: {risk.chosen}, which is better than the baseline beyond chance."
    return f"{text} None is better than the baseline beyond chance, so nothing is claimed."


def _figures(risk: StayRisk) -> str:
    parts = []
    for key, title, digits in _LINES:
        own, usual = risk.metrics.get(key), risk.baseline.get(key)
        if own is not None and own == own:
            beside = "" if usual is None or usual != usual else f" (baseline {usual:.{digits}f})"
            parts.append(f"{title} {own:.{digits}f}{beside}")
    return "On stays not seen: " + "; ".join(parts) + "."


def _calibration(risk: StayRisk) -> str:
    table = risk.calibration
    if table.empty:
        return "Cannot be told."
    apart = (table["predicted"] - table["observed"]).abs()
    worst = table.iloc[int(apart.to_numpy().argmax())]
    return (
        f"By tenths of the risk it is {100 * apart.mean():.1f} points off on average; most where "
        f"{100 * worst['predicted']:.0f} % were predicted and {100 * worst['observed']:.0f} % came."
    )


def _fairness(table: pd.DataFrame) -> str:
    judged = table.dropna(subset=["calibration_gap"]) if "calibration_gap" in table else table
    if judged.empty:
        return f"No group of patients has {FEWEST} stays or more: it cannot be told."
    off = judged[(judged["low"] > 0) | (judged["high"] < 0)]
    few = len(table) - len(judged)
    text = (
        f"{len(judged)} groups by {', '.join(judged['dimension'].str.lower().unique())} were judged"
    )
    text += f", {few} with fewer than {FEWEST} stays were not. " if few else ". "
    if off.empty:
        return text + "In none of them is the risk too high or too low beyond chance."
    worst = off.iloc[int(off["calibration_gap"].abs().to_numpy().argmax())]
    side = "too high" if worst["calibration_gap"] > 0 else "too low"
    return text + (
        f"In {len(off)} the risk is off beyond chance (at 95 %, so one in twenty is to be "
        f"expected); most for {worst['dimension'].lower()} {worst['group']}: "
        f"{100 * abs(worst['calibration_gap']):.1f} points {side}."
    )


def _drivers(table: pd.DataFrame) -> str:
    told = table[table["low"] > 0] if "low" in table else table
    if told.empty:
        return "No column matters by itself."
    return "Most: " + ", ".join(told["column"].head(5)) + "."
