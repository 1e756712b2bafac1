"""Beds by the rules in use, beside the beds there are, with the refusal each implies."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, one_line
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.lanes import Lanes
from caremap.charts.look import NO_FIGURE, joined, nearly, number
from caremap.charts.years import OUTLINE

__all__ = ["beds_figure"]

_THERE = "staffed"
_ROOM = 1.02
_GAP = 6  # pixels under the keys
_AXIS = 44  # pixels of the axis under the lanes


def beds_figure(rules: pd.DataFrame, *, period: str = "") -> Figure:
    """Return the beds three rules ask for beside those there are.

    Parameters
    ----------
    rules
        One row per rule: ``rule`` (``staffed`` for the beds there are), ``title`` (the rule in
        words), ``beds``, ``occupancy`` (mean, percent) and ``refusal`` (percent of arrivals who
        find no bed free, Erlang B) with that many beds; as `caremap.planning.beds_rules` returns
        it. Without ``title`` the rule is called by its name.
    period
        The days it is for, in words.

    Returns
    -------
    Figure
        A bar per rule. The title says how many beds the rules ask for and how many there are.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> rules = pd.DataFrame({"rule": ["occupancy", "staffed"], "beds": [24, 22],
    ...                       "title": ["85 % occupied", "beds there are"],
    ...                       "occupancy": [77.8, 80.9], "refusal": [6.6, 11.0]})
    >>> beds_figure(rules).title
    '24 beds by the rule “85 % occupied”; there are 22, 2 fewer'
    """
    needs(rules, ["rule", "beds", "occupancy", "refusal"])
    rows = _rows(rules)
    title = _title(rows)
    return Figure(
        name="beds_needed",
        title=title,
        subtitle=" · ".join(
            filter(None, ["Beds, their mean occupancy and the arrivals refused", period])
        ),
        chart=_chart(rows),
        alt=_alt(title, rows),
        table=_table(rows),
        notes=(
            "Refused is the share of arrivals that find every bed taken (Erlang B): in practice "
            "they wait, go elsewhere or lie in a corridor.",
            "85 % is a convention, not a law: a small unit at 85 % turns away many, a large one "
            "hardly anybody.",
        ),
        plot=Plot("bars", "Rule", ("Beds",)),
    )  # fmt: skip


def _rows(rules: pd.DataFrame) -> pd.DataFrame:
    there = rules["rule"].eq(_THERE).to_numpy()
    names = rules["title" if "title" in rules.columns else "rule"].map(one_line)
    figures = {name: numbers(rules[name]) for name in ("beds", "occupancy", "refusal")}
    return pd.DataFrame({"rule": names.to_numpy(), "there": there, **figures}).assign(
        rule=lambda rows: rows["rule"].mask(rows["there"], "Beds there are")
    )


def _title(rows: pd.DataFrame) -> str:
    asked = rows[~rows["there"] & rows["beds"].notna()]
    there = rows.loc[rows["there"], "beds"].dropna()
    have = float(there.iloc[0]) if len(there) else np.nan
    if asked.empty:
        return (
            f"There are {number(have)} beds"
            if np.isfinite(have)
            else "No rule gives a number of beds"
        )
    low, high = float(asked["beds"].min()), float(asked["beds"].max())
    if len(asked) == 1:
        which = f" by the rule “{asked['rule'].iloc[0]}”"
    else:
        which = " by every rule" if low == high else ", by the rule"
    span = number(low) if low == high else f"{number(low)} to {number(high)}"
    there_are = f"; there are {_against(have, low, high)}" if np.isfinite(have) else ""
    return f"{span} beds{which}{there_are}"


def _against(have: float, low: float, high: float) -> str:
    if have >= high:
        more = have - high
        return f"{number(have)}, {f'{number(more)} more' if more else 'just enough'}"
    if have >= low:
        return f"{number(have)}, enough by some of the rules"
    short = f"{number(low - have)} fewer"
    return f"{number(have)}, {short if low == high else f'at least {short}'}"


def _alt(title: str, rows: pd.DataFrame) -> str:
    return f"{title}. {joined(rows.apply(_said, axis=1).tolist(), comma='; ')}."


def _said(row: pd.Series) -> str:
    return f"{row['rule']}: {_figures(row)}"


def _figures(row: pd.Series) -> str:
    """Write what a number of beds means: "28 beds · 70 % full · 1.4 % refused"."""
    parts = [f"{number(row['beds'])} beds"] if np.isfinite(row["beds"]) else [NO_FIGURE]
    if np.isfinite(row["occupancy"]):
        parts.append(f"{nearly(row['occupancy'])} full")
    if np.isfinite(row["refusal"]):
        parts.append(f"{_share(row['refusal'])} refused")
    return " · ".join(parts)


def _share(percent: float) -> str:
    """Write a small percentage: what is more than none is not 0."""
    if 0 < percent < 0.05:
        return "under 0.1 %"
    return f"{percent:.1f} %"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Rule": rows["rule"],
            "Beds": rows["beds"].round().astype("Int64"),
            "Mean occupancy (%)": rows["occupancy"].round(1),
            "Arrivals refused (%)": rows["refusal"].round(2),
        }
    )


def _chart(rows: pd.DataFrame) -> alt.LayerChart:
    drawn = rows.assign(row=range(len(rows)), zero=0.0, one="", shown=rows.apply(_figures, axis=1))
    drawn["said"] = list(map("{}: {}".format, drawn["rule"], drawn["shown"]))
    has = bool(drawn["there"].any())
    keys = Keys([Key("pale", "By a rule")] + [Key("solid", "Beds there are")] * has)
    lanes = Lanes(drawn["rule"].tolist(), _short(drawn), "Rule", head=f"({keys.height} + {_GAP})")
    known = drawn["beds"].notna()
    high = float(drawn["beds"].max()) if known.any() else 1.0
    x = lanes.across(
        (0.0, (high or 1.0) * _ROOM),
        {"title": "Beds", "tickCount": 5, "tickMinStep": 1, "grid": False, "orient": "bottom"},
    )
    tooltip = [
        alt.Tooltip("rule:N", title="Rule"),
        alt.Tooltip("shown:N", title="Beds"),
    ]
    layers = [
        alt.Chart(drawn[known & drawn["there"].eq(there)], mark=mark).encode(
            x("beds"), alt.X2("zero"), OUTLINE, y=lanes.down(0.25, 0.48),
            y2=lanes.down(0.75, 0.9), description="said:N", tooltip=tooltip,
        )
        for there, mark in (
            (False, alt.MarkDef("bar", orient="horizontal", fillOpacity=BANDS[0], strokeWidth=1)),
            (True, alt.MarkDef("bar", orient="horizontal", fillOpacity=1, strokeWidth=1)),
        )
        if (known & drawn["there"].eq(there)).any()
    ]  # fmt: skip
    across = alt.MarkDef("rule", color=INK, strokeDash=[5, 3], strokeWidth=1.5, aria=False)
    have = drawn.loc[known & drawn["there"], "beds"].head(1)
    if len(have):  # on a telephone over the bars alone: names and figures stand between them
        rows = drawn[["row"]].assign(beds=float(have.iloc[0]))
        layers.append(
            alt.Chart(rows, mark=across).encode(
                x("beds"), y=lanes.down(0, 0.42), y2=lanes.down(1, 0.96)
            )
        )
    return alt.LayerChart(
        layer=[*layers, *lanes.texts(drawn["said"], known), *keys.charts()],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )


def _short(drawn: pd.DataFrame) -> Sequence[str]:
    """Return what is written beside the bars: as much as a telephone has room for."""
    return [
        f"{number(row['beds'])} · {_share(row['refusal'])} refused"
        if np.isfinite(row["beds"]) and np.isfinite(row["refusal"])
        else _figures(row)
        for _, row in drawn.iterrows()
    ]
