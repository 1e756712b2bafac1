"""The model card: what a prediction is made of, how good it is, what it is not for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from caremap.beyond_chance import sides
from caremap.days import said
from caremap.planning.fairness_of_risk import FEWEST
from caremap.planning.plan_words import counted, title
from caremap.planning.risk import StayRisk

__all__ = ["NOT_A_DEVICE", "model_card"]

NOT_A_DEVICE = (
    "Not a medical device: decision support for capacity, not for care. It must not decide on the "
    "treatment, the discharge or the place of a single patient."
)
_LINES = (
    ("auroc", "AUROC", 3, "how often a long stay had more risk than a short one; 0.5 is a coin "
                          "toss, 1 never fails"),
    ("auprc", "AUPRC", 3, "how many of those called long were, over all thresholds; a coin toss "
                          "has the share of long stays"),
    ("brier", "Brier score", 4, "mean squared distance of the risk from what came; 0 is never "
                                "wrong"),
    ("calibration_error", "expected calibration error", 3, "how far risk and what came lie apart, "
                                                           "as a fraction"),
    ("mae", "mean error of the length (nights)", 2, "of the predicted median"),
    ("r2", "R²", 3, "share of the variance of stays that the predicted mean tells"),
    ("coverage_80", "stays within the 80 % interval (%)", 1, "should be 80"),
    ("accuracy", "accuracy", 3, "share of stays whose band was named"),
    ("within_one", "within one band", 3, "share of stays named in their band or one beside it"),
    ("majority", "largest band alone", 3, "accuracy of always naming the commonest band"),
)  # fmt: skip
_CALLED = {
    "linear": "a linear model (points for what is known at admission, added up)",
    "random forest": "a random forest (the average of many decision trees)",
    "XGBoost": "XGBoost (decision trees, each mending the errors of those before)",
    "baseline": "the simple rule",
}
_LEAST = 0.0005  # a gap below this is written as 0.0 points: nothing to plan by


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
        "Predicted from": ", ".join(map(title, risk.used)) + "." if risk.used else "Nothing.",
        "Left out": _left_out(risk.left_out),
        "Model": _model(risk),
        "Validation": risk.validation,
        "How good it is": _figures(risk),
        "Calibration": _calibration(risk),
        "Fairness": _fairness(risk.fairness),
        "What it rests on": _drivers(risk),
        "Limits": "\n".join(risk.notes),
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
    return "\n".join(f"{title(name)}: {reason.rstrip('.')}." for name, reason in left_out.items())


def _model(risk: StayRisk) -> str:
    names = risk.models.get("model", [risk.chosen])
    rule = f"The simple rule knows {_known_to_the_rule(risk)} and nothing else."
    text = f"Tried, best first: {'; '.join(map(_called, names))}. {rule}"
    if not risk.better:
        return (
            f"{text} No model is better than it beyond chance: the simple rule is in use and "
            "nothing is claimed."
        )
    return f"{text} In use: {_called(risk.chosen)}, better than the simple rule {_in_what(risk)}."


def _called(model: str) -> str:
    return _CALLED.get(model, model)


def _known_to_the_rule(risk: StayRisk) -> str:
    what = "how often each band was" if risk.bands else "the median and the rate of long stays"
    return f"{what} in the department" if "department" in risk.used else f"{what} in all stays"


def _in_what(risk: StayRisk) -> str:
    return f"beyond chance in {' and in '.join(risk.better_in)}" if risk.better_in else (
        "beyond chance"
    )  # fmt: skip


def _figures(risk: StayRisk) -> str:
    """Return a line per score: what the model has, what the simple rule has, what it says."""
    lines = ["On stays not seen, and by the simple rule on the same stays:"]
    for key, name, digits, means in _LINES:
        own, usual = risk.metrics.get(key), risk.baseline.get(key)
        if own is not None and own == own:
            beside = "" if usual is None or usual != usual else f" (simple rule {usual:.{digits}f})"
            lines.append(f"{name[0].upper()}{name[1:]} {own:.{digits}f}{beside}: {means}.")
    return "\n".join(lines)


def _calibration(risk: StayRisk) -> str:
    table, error = risk.calibration, risk.metrics.get("calibration_error", float("nan"))
    if table.empty or error != error:
        return "Cannot be told."
    apart = (table["predicted"] - table["observed"]).abs()
    worst = table.iloc[int(apart.to_numpy().argmax())]
    return (
        f"By tenths of the risk it is {100 * error:.1f} percentage points off on average; most "
        f"where {100 * worst['predicted']:.0f} % were predicted and "
        f"{100 * worst['observed']:.0f} % came."
    )


def _fairness(table: pd.DataFrame) -> str:
    judged = table.dropna(subset=["calibration_gap"]) if "calibration_gap" in table else table
    if judged.empty:
        return f"No group of patients has {FEWEST} stays or more: it cannot be told."
    side = pd.concat(
        [
            pd.Series(sides(*(g[name].tolist() for name in _GAP), least=_LEAST), index=g.index)
            for _, g in judged.groupby("dimension", sort=False)
        ]
    )
    off = judged[side.ne(0)]
    few = len(table) - len(judged)
    by = _joined(list(judged["dimension"].str.lower().unique()))
    text = f"Judged by {by}: {counted(len(judged), 'group', 'groups')}; not judged, with fewer "
    text += f"than {FEWEST} stays: {few}. "
    if off.empty:
        return text + "In none of them is the risk too high or too low beyond chance."
    worst = off.iloc[int(off["calibration_gap"].abs().to_numpy().argmax())]
    word = "too high" if worst["calibration_gap"] > 0 else "too low"
    return text + (
        f"In {len(off)} of them the risk is off beyond chance (95 % intervals, widened for as many "
        f"groups as are compared); most for {worst['dimension'].lower()} {worst['group']}: "
        f"{100 * abs(worst['calibration_gap']):.1f} percentage points {word}."
    )


_GAP = ("calibration_gap", "low", "high")


def _joined(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _drivers(risk: StayRisk) -> str:
    if not risk.better:
        return "No model is in use: the simple rule knows the department at most."
    table = risk.importance
    told = table[table["low"] > 0] if "low" in table else table
    if told.empty:
        return "No column matters by itself."
    return "Most: " + ", ".join(map(title, told["column"].astype("str").head(5))) + "."
