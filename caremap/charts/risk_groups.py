"""Whether a predicted risk can be taken at its word in every group alike."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.beyond_chance import sides
from caremap.charts.dots import AXIS, line_across, points_in_lanes, room_for
from caremap.charts.figure import Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.lanes import Lanes
from caremap.charts.look import NO_FIGURE, joined, lower, nothing, number
from caremap.charts.points import whole_column
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, own_name, veiled
from caremap.charts.words import isolated
from caremap.hidden import WHY_HIDDEN

__all__ = ["risk_groups_figure"]

SMALL = 50
"""Stays below which a group is not judged."""

_LEAST = 0.05  # points: what is written as 0.0 is nothing to plan by
_NAMED = 3
_SIDES = {1: "too high", -1: "too low"}


def risk_groups_figure(
    fairness: pd.DataFrame, title_of_groups: str, *, long: str, unit: str = "days", period: str = ""
) -> Figure:
    """Return how far the predicted risk of each group lies from the share that came true.

    Parameters
    ----------
    fairness
        Rows of one dimension of `caremap.planning.StayRisk.fairness`: ``group``, ``n``, ``mae``,
        ``rate``, ``mean_risk``, ``calibration_gap``, ``low``, ``high`` (fractions),
        ``auroc``.
    title_of_groups
        What a group is: "Age band".
    long
        What is predicted, in words: "a stay over 7 nights".
    unit
        What errors of the length are counted in.
    period
        The stays it is of, in words.

    Returns
    -------
    Figure
        A point per group with its 95 % interval, beside a line at no difference. The title names
        only groups that are off by more than chance, all groups together (Bonferroni); groups
        below 50 stays are hollow and not named.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> found = pd.DataFrame({"group": ["18-64", "80+"], "n": [900, 400], "mae": [2.0, 3.1],
    ...     "rate": [0.1, 0.3], "mean_risk": [0.101, 0.22], "calibration_gap": [0.001, -0.08],
    ...     "low": [-0.02, -0.12], "high": [0.02, -0.04], "auroc": [0.7, 0.66]})
    >>> risk_groups_figure(found, "Age band", long="a stay over 7 nights").title
    'Risk is too low in 80+ (by 8.0 points), beyond chance'
    """
    needs(fairness, ["group", "n", "calibration_gap", "low", "high"])
    rows = _rows(fairness)
    title = _title(rows, lower(title_of_groups))
    table = _table(rows, title_of_groups, unit)
    return Figure(
        name=f"stay_risk_by_{'_'.join(title_of_groups.lower().split())}",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"Mean risk of {long} less the share that came true, percentage points, "
                          f"by {lower(title_of_groups)}, with 95 % intervals", period])
        ),
        chart=_chart(rows, title_of_groups),
        alt=_alt(title, rows),
        table=table,
        notes=_notes(rows),
        plot=Plot("bars", table.columns[0], ("Difference (points)",)),
    )  # fmt: skip


def _rows(fairness: pd.DataFrame) -> pd.DataFrame:
    frame = fairness.reset_index(drop=True)

    def figures(name: str, times: float = 1.0) -> pd.Series:
        return (
            numbers(frame[name]) * times
            if name in frame.columns
            else pd.Series(np.nan, frame.index)
        )

    rows = pd.DataFrame(
        {
            "name": text_of(frame["group"]),
            "n": figures("n"),
            "mae": figures("mae"),
            "rate": figures("rate", 100),
            "mean_risk": figures("mean_risk", 100),
            "value": figures("calibration_gap", 100),
            "low": figures("low", 100),
            "high": figures("high", 100),
            "auroc": figures("auroc"),
            "hidden": hidden_rows(frame),
        }
    )
    rows["hollow"] = ~(rows["n"] >= SMALL) | rows["low"].isna() | rows["high"].isna()
    return rows.assign(side=_sides(rows))


def _sides(rows: pd.DataFrame) -> pd.Series:
    """Return for each group whether its risk is too high (1) or too low (-1) beyond chance."""
    found = (rows[name].mask(rows["hollow"]).tolist() for name in ("value", "low", "high"))
    return pd.Series(sides(*found, least=_LEAST), index=rows.index, dtype="int64")


def _title(rows: pd.DataFrame, what: str) -> str:
    judged = rows[~rows["hollow"] & rows["value"].notna()]
    if judged.empty:
        return f"No {what} has enough stays to judge its risk"
    off = rows[rows["side"].ne(0)]
    if off.empty:
        among = "alone" if len(judged) == 1 else f"among {len(judged)} compared"
        return f"By {what}: no group's risk is off beyond what chance explains {among}"
    said = []
    for side, word in _SIDES.items():
        found = off[off["side"].eq(side)]
        found = found.loc[found["value"].abs().sort_values(ascending=False, kind="stable").index]
        if len(found):
            named = [f"{isolated(row['name'])} (by {abs(row['value']):.1f} points)"
                     for _, row in found.head(_NAMED).iterrows()]  # fmt: skip
            more = [f"{len(found) - _NAMED} more"] if len(found) > _NAMED else []
            said.append(f"{word} in {joined([*named, *more])}")
    return f"Risk is {'; '.join(said)}, beyond chance"


def _figures(row: pd.Series) -> str:
    if not math.isfinite(row["value"]):
        few = f"n {number(row['n'])}, not judged" if row["n"] < SMALL else NO_FIGURE
        return HIDDEN_WORD if row["hidden"] else few
    small = ", not judged" if row["hollow"] else ""
    return f"{_signed(row['value'])} · n {number(row['n'])}{small}"


def _signed(points: float) -> str:
    """Write a difference with its sign; what rounds to nothing has none."""
    rounded = round(points, 1)
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"


def _said(row: pd.Series) -> str:
    if not math.isfinite(row["value"]):
        return f"{row['name']}: {_figures(row)}"
    word = "not judged" if row["hollow"] else _SIDES.get(int(row["side"]), "not off beyond chance")
    return (
        f"{row['name']}: mean risk {row['mean_risk']:.1f} %, came true {row['rate']:.1f} %, "
        f"{word}, n {number(row['n'])}"
    )


def _alt(title: str, rows: pd.DataFrame) -> str:
    said = [_said(row) for _, row in rows.head(6).iterrows()]
    more = [f"{len(rows) - 6} more groups"] if len(rows) > 6 else []
    return f"Points with intervals. {title}. {'; '.join([*said, *more])}."


def _notes(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        filter(
            None,
            [
                "Too low a risk leaves a group's long stays unplanned for, too high a risk plans "
                "for stays that do not come. Groups may differ in more than their name.",
                "The title names groups by 95 % intervals that are widened for as many groups as "
                "are compared.",
                f"Hollow: fewer than {SMALL} stays, or no interval; not judged."
                if rows["hollow"].any()
                else "",
                WHY_HIDDEN if rows["hidden"].any() else "",
            ],
        )
    )


def _table(rows: pd.DataFrame, title_of_groups: str, unit: str) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "Stays": whole_column(rows["n"], 0),
            "Mean risk (%)": rows["mean_risk"].round(1),
            "Came true (%)": rows["rate"].round(1),
            "Difference (points)": rows["value"].round(1),
            "95 % from (points)": rows["low"].round(1),
            "95 % to (points)": rows["high"].round(1),
            f"Mean error ({unit})": rows["mae"].round(2),
            "AUROC": rows["auroc"].round(3),
            "Judged": ["" if hollow else "yes" for hollow in rows["hollow"]],
        }
    )
    table = veiled(table, rows["hidden"])
    table.insert(0, own_name(title_of_groups, table), rows["name"])
    return table


def _chart(rows: pd.DataFrame, title_of_groups: str) -> alt.LayerChart:
    known = rows["value"].notna()
    if not known.any():
        return nothing("There is no group that can be shown.")
    figures = [_figures(row) for _, row in rows.iterrows()]
    lanes = Lanes(rows["name"].tolist(), figures, title_of_groups)
    drawn = rows.assign(
        row=range(len(rows)), said=[_said(row) for _, row in rows.iterrows()],
        shown=[f"{_signed(value)} points" for value in rows["value"]],
        span=[f"{low:.1f} to {high:.1f}" if math.isfinite(low + high) else "not known"
              for low, high in zip(rows["low"], rows["high"], strict=True)],
        count=[number(n) for n in rows["n"]],
    )  # fmt: skip
    x = lanes.across(
        room_for([0.0, *rows["value"], *rows["low"], *rows["high"]]),
        {"title": "← risk too low · percentage points · risk too high →", "tickCount": 5},
    )
    tooltip = [
        alt.Tooltip("name:N", title=title_of_groups),
        alt.Tooltip("shown:N", title="Risk less what came true"),
        alt.Tooltip("span:N", title="95 % interval"),
        alt.Tooltip("count:N", title="Stays"),
    ]
    layers = [
        line_across(0.0, lanes, x),
        *points_in_lanes(drawn[known], lanes, x, tooltip),
        *lanes.texts(drawn["said"], known),
    ]
    return alt.LayerChart(layer=layers, height=lanes.height + AXIS)
