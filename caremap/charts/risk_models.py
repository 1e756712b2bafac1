"""Models of the length of stay beside the simple rule, on stays none of them had seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import altair as alt
import pandas as pd

from caremap.charts.dots import AXIS, hollow_point, line_across, room_for
from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, one_line
from caremap.charts.keys import Key, Keys
from caremap.charts.lanes import Lanes
from caremap.charts.look import NO_FIGURE, nothing
from caremap.charts.years import OUTLINE

__all__ = ["SCORES", "Score", "risk_models_figure"]

_GAP = 6  # pixels under the keys


@dataclass(frozen=True)
class Score:
    """A score of predictions.

    Attributes
    ----------
    title
        What it is called, with its unit.
    decimals
        To show.
    up
        Whether more is better.
    means
        What it says, in a sentence.
    shown
        From where to where the axis runs at least: small differences are not to look large.
    """

    title: str
    decimals: int
    up: bool
    means: str
    shown: tuple[float, float] = (0.0, 0.0)

    def written(self, value: float) -> str:
        """Write a value.

        Examples
        --------
        >>> SCORES["mae"].written(2.345), SCORES["auroc"].written(0.63159)
        ('2.35', '0.632')
        """
        if not math.isfinite(value):
            return NO_FIGURE
        return f"{round(value, self.decimals) + 0:.{self.decimals}f}"


SCORES: dict[str, Score] = {
    "auroc": Score("AUROC", 3, True,
                   "How often a long stay was given more risk than a short one: 0.5 is a coin "
                   "toss, 1 never fails.", (0.5, 1.0)),
    "auprc": Score("AUPRC", 3, True,
                   "Of those called long, the share that was, on average over all thresholds: a "
                   "coin toss has the share of long stays.", (0.0, 1.0)),
    "brier_skill": Score("Brier skill", 3, True,
                         "How much closer the risk came to what happened than the department's "
                         "rate: 0 is no closer, 1 never wrong, below 0 worse.", (0.0, 0.5)),
    "calibration_error": Score("Calibration error", 3, False,
                               "How far predicted risk and the share that came true lie apart, on "
                               "average: 0 is not at all.", (0.0, 0.1)),
    "mae": Score("Mean error (days)", 2, False,
                 "Mean of the days by which the predicted stay was wrong."),
    "median_error": Score("Median error (days)", 2, False,
                          "Half of the stays were predicted closer than this."),
    "r2": Score("R²", 3, True,
                "Share of the variance of stays that is predicted: 0 is none of it, below 0 worse "
                "than one mean for all.", (0.0, 1.0)),
    "coverage_80": Score("Within the 80 % interval (%)", 1, True,
                         "Should be 80: more is too careful, less too sure.", (60.0, 100.0)),
    "accuracy": Score("Accuracy", 3, True, "Share of stays whose band was predicted.",
                      (0.0, 1.0)),
    "within_one": Score("Within one band", 3, True,
                        "Share of stays predicted in their band or the one beside it.", (0.0, 1.0)),
    "majority": Score("Largest band alone", 3, True,
                      "Accuracy of always saying the band most stays are in."),
}  # fmt: skip
"""Scores by their names in `caremap.planning.StayRisk.metrics`."""


def risk_models_figure(
    models: pd.DataFrame, *, chosen: str, baseline: str, score: str = "auroc", period: str = ""
) -> Figure:
    """Return a score of every model beside that of the simple rule.

    Parameters
    ----------
    models
        As `caremap.planning.StayRisk.models` has it: ``model`` and scores by their names in
        `SCORES`; those that are not there are left out of the table.
    chosen, baseline
        The model in use, and the simple rule, as the frame names them.
    score
        The score that is drawn.
    period
        How they were tried, in words.

    Returns
    -------
    Figure
        A point per model, the best on top, and a line at the simple rule. The table has every
        score.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or the chosen model has no row.

    Examples
    --------
    >>> models = pd.DataFrame({"model": ["XGBoost", "Department's rate"], "auroc": [0.71, 0.58]})
    >>> risk_models_figure(models, chosen="XGBoost", baseline="Department's rate").title
    'XGBoost: AUROC 0.710, where the simple rule alone has 0.580'
    """
    needs(models, ["model", score])
    rows = _rows(models, chosen, baseline, score)
    one = SCORES[score]
    title = _title(rows, one)
    told = (f"{row['name']} {one.written(row['value'])}" for _, row in rows.iterrows())
    table = _table(models.loc[rows["at"]].reset_index(drop=True), rows)
    return Figure(
        name="stay_risk_models",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"{one.title}: {'more' if one.up else 'less'} is better",
                          period or "on stays no model had seen"])
        ),
        chart=_chart(rows, one),
        alt=f"Points by model. {title}. From the best: {'; '.join(told)}.",
        table=table,
        notes=(one.means,),
        plot=Plot("bars", "Model", (one.title,)),
    )  # fmt: skip


def _rows(models: pd.DataFrame, chosen: str, baseline: str, score: str) -> pd.DataFrame:
    """Return the models from the best to the worst."""
    names = models["model"].map(one_line)
    if chosen not in set(names):
        raise ValueError(f"The chosen model {chosen!r} is not among {names.tolist()}.")
    part = names.map({baseline: "rule", chosen: "chosen"}).fillna("")
    rows = pd.DataFrame(
        {
            "name": names.to_numpy(),
            "value": numbers(models[score]),
            "part": part.to_numpy(),
            "rule": names.eq(baseline).to_numpy(),
            "at": models.index,
        }
    )
    rows = rows.sort_values(
        ["value", "name"], ascending=[not SCORES[score].up, True], na_position="last", kind="stable"
    )
    return rows.reset_index(drop=True)


def _title(rows: pd.DataFrame, one: Score) -> str:
    mine = rows[rows["part"].eq("chosen")].iloc[0]
    rule = rows[rows["rule"]]
    if mine["rule"]:
        return f"The simple rule is in use: {one.title} {one.written(mine['value'])}"
    opening = f"{mine['name']}: {one.title} {one.written(mine['value'])}"
    if rule.empty:
        return opening
    return f"{opening}, where the simple rule alone has {one.written(rule['value'].iloc[0])}"


_PARTS = {"chosen": "in use", "rule": "simple rule", "": ""}


def _table(models: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"Model": rows["name"]})
    for name, one in SCORES.items():
        if name in models.columns and numbers(models[name]).notna().any():
            table[one.title] = numbers(models[name]).round(max(one.decimals, 3))
    table["Part"] = rows["part"].map(_PARTS)
    table.loc[rows["rule"] & rows["part"].eq("chosen"), "Part"] = "simple rule, in use"
    return table


def _chart(rows: pd.DataFrame, one: Score) -> alt.LayerChart:
    known = rows["value"].notna()
    if not known.any():
        return nothing(f"{one.title} could not be measured.")
    figures = [one.written(value) for value in rows["value"]]
    parts = set(rows["part"])
    rule = rows.loc[rows["rule"], "value"].dropna()
    keys = Keys(
        [
            Key("dot", "Model in use", "In use"),
            *([Key("ring", "Other models", "Others")] if "" in parts else []),
            *([Key("miss", "Simple rule")] if "rule" in parts else []),
        ]
    )
    lanes = Lanes(rows["name"].tolist(), figures, "Model", head=f"({keys.height} + {_GAP})")
    x = lanes.across(
        room_for([*rows["value"], *one.shown]),
        {"title": one.title, "tickCount": 5, "grid": False, "orient": "bottom"},
    )
    drawn = rows.assign(row=range(len(rows)), shown=figures, tag=rows["part"].map(_PARTS), one="")
    drawn["said"] = list(map("{}: {} {}".format, drawn["name"], drawn["tag"], figures))
    tooltip = [
        alt.Tooltip("name:N", title="Model"),
        alt.Tooltip("shown:N", title=one.title),
        alt.Tooltip("tag:N", title="Part"),
    ]
    looks = {
        "chosen": alt.MarkDef("point", filled=True, size=130, opacity=1),
        "": hollow_point(),
        "rule": alt.MarkDef("point", filled=True, shape="diamond", size=120, opacity=1, color=INK),
    }  # fmt: skip
    points = [
        alt.Chart(drawn[known & drawn["part"].eq(part)], mark=look).encode(
            x("value"), OUTLINE, y=lanes.down(0.5, 0.68), description="said:N", tooltip=tooltip
        )
        for part, look in looks.items()
        if (known & drawn["part"].eq(part)).any()
    ]
    lines = [line_across(float(rule.iloc[0]), lanes, x)] if len(rule) else []
    return alt.LayerChart(
        layer=[*lines, *points, *lanes.texts(drawn["said"], known), *keys.charts()],
        height=lanes.height + keys.most + _GAP + AXIS,
    )
