"""Control charts: which periods chance alone does not explain (Wheeler; Making Data Count)."""

from __future__ import annotations

import json
import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot, Quantity
from caremap.charts.frames import needs, numbers
from caremap.charts.look import (
    INKED,
    MISSING,
    as_percent,
    header,
    joined,
    lower,
    nothing,
    number,
    unit_of,
    words,
)  # fmt: skip
from caremap.charts.points import MANY, Every, capital, points_of, span_of, whole_column
from caremap.charts.timeline import HEIGHT, upwards
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, veiled
from caremap.charts.words import amount
from caremap.hidden import WHY_HIDDEN

__all__ = ["control_figure"]

_NAMED = 3  # signals the title and the chart name
_UNSTABLE = 1 / 3  # share of signals from which on the limits mean little
_LINES = (("upper", "Upper limit"), ("centre", "Mean"), ("lower", "Lower limit"))
_WIDE = "width >= 560"
_ROOM = f"({_WIDE} ? 128 : 62)"  # pixels at the right, for the words of the lines
_MARGIN = 8  # pixels before the first and after the last point
_APART = 5  # labelled signals lie a fifth of the chart apart: a label's width on a telephone


def control_figure(
    frame: pd.DataFrame, measure: Quantity, *, every: Every = "month", period: str = ""
) -> Figure:
    """Return a measure period by period, with the limits chance keeps within.

    Parameters
    ----------
    frame
        As `caremap.measures.control_chart` returns it, of one group: ``period`` (first day),
        ``value``, ``centre``, ``lower``, ``upper`` and ``signal`` (chance does not explain it).
    measure
        What was measured.
    every
        What one period is.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        A line of values; those chance does not explain are diamonds with their figures. The
        title counts them and names the three farthest out, or says that there are none.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or a period stands in several rows.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> frame = pd.DataFrame({"period": pd.date_range("2023-01-01", periods=12, freq="MS"),
    ...     "value": [300.0] * 11 + [420.0], "centre": 305.0, "lower": 270.0, "upper": 340.0,
    ...     "signal": [False] * 11 + [True]})
    >>> control_figure(frame, MEASURES["admissions"]).title
    '1 of 12 months of admissions lies outside what chance explains: December 2023 (420)'
    """
    needs(frame, ["period", "value", "centre", "lower", "upper", "signal"])
    if frame["period"].duplicated().any():
        raise ValueError(f"A {every} stands in several rows: a chart shows one group.")
    points = _points(frame, measure, every)
    title = _title(points, measure, every)
    known = int(points["value"].notna().sum())
    parts = [
        f"{measure.title} by {every}{f', {unit_of(measure)}' if unit_of(measure) else ''}",
        period or span_of(points["name"].tolist()),
        f"{known} {every}s",
        "XmR chart: mean and natural process limits",
    ]
    return Figure(
        name=f"{measure.name}_control_by_{every}",
        title=title,
        subtitle=" · ".join(parts),
        chart=_chart(points, measure, every),
        alt=_alt(title, points, measure),
        table=_table(points, measure, every),
        notes=_notes(points, every),
        plot=Plot("line", capital(every), (header(measure), "Mean", "Lower limit", "Upper limit")),
    )


def _points(frame: pd.DataFrame, measure: Quantity, every: Every) -> pd.DataFrame:
    """Return one row per period: its figure, the limits and whether it is a signal."""
    ordered = frame.sort_values("period", kind="stable").reset_index(drop=True)
    periods = ordered[["period", "value"]].assign(complete=True)
    points = points_of(periods, "value", measure.unit, every, measure.decimals)
    limits = {name: numbers(ordered[name]) for name, _ in _LINES}
    signal = ordered["signal"].astype("boolean").fillna(value=False).to_numpy(dtype=bool)
    points = points.assign(**limits, hidden=hidden_rows(ordered))
    points["signal"] = signal & points["value"].notna().to_numpy()
    points["shown"] = points["shown"].mask(points["hidden"] & points["value"].isna(), HIDDEN_WORD)
    verdict = np.where(points["signal"], "outside what chance explains", "explained by chance")
    points["state"] = np.where(points["value"].notna(), verdict, "")
    said = map("{}: {}{}".format, points["name"], points["shown"],
               np.where(points["state"].ne(""), ", " + points["state"], ""))  # fmt: skip
    return points.assign(said=list(said))


# --- the words ------------------------------------------------------------------------------


def _title(points: pd.DataFrame, measure: Quantity, every: Every) -> str:
    known, what = points[points["value"].notna()], lower(measure.title)
    if known.empty:
        return f"{measure.title}: no {every} has a figure"
    signals = known[known["signal"]]
    shown = " shown" if points["hidden"].any() else ""
    if signals.empty:
        span = _span(known, measure)
        return f"{measure.title}: nothing in {len(known)} {every}s{shown} but chance{span}"
    lies = "lies" if len(signals) == 1 else "lie"
    far = (signals["value"] - signals["centre"]).abs().sort_values(ascending=False, kind="stable")
    named = signals[signals.index.isin(far.index[:_NAMED])]
    names = [f"{row['name']} ({amount(row['value'], measure)})" for _, row in named.iterrows()]
    farthest = "farthest " if len(signals) > _NAMED else ""
    return (
        f"{len(signals)} of {len(known)} {every}s{shown} of {what} {lies} outside what chance "
        f"explains: {farthest}{joined(names)}"
    )


def _span(known: pd.DataFrame, measure: Quantity) -> str:
    """Say between which limits figures vary, where the limits are the same throughout."""
    low, high = known["lower"].dropna().unique(), known["upper"].dropna().unique()
    if len(low) != 1 or len(high) != 1:
        return ""
    written = number(low[0], measure.unit, measure.decimals)
    return f": limits {written} to {amount(high[0], measure)}"


def _alt(title: str, points: pd.DataFrame, measure: Quantity) -> str:
    last = points.iloc[-1]
    lines = [
        f"{name} {amount(last[column], measure)}"
        for column, name in _LINES
        if math.isfinite(last[column])
    ]
    known = points[points["value"].notna()]
    extremes = []
    if len(known):
        at = int(known["value"].argmax()), int(known["value"].argmin())
        said = [f"{known['shown'].iloc[one]} {known['when'].iloc[one]}" for one in at]
        extremes = [f"Highest {said[0]}; lowest {said[1]}"]
    parts = [f"Control chart. {title}", *extremes, "; ".join(lines)]
    return ". ".join(filter(None, parts)) + "."


def _notes(points: pd.DataFrame, every: Every) -> tuple[str, ...]:
    known = points[points["value"].notna()]
    share = float(known["signal"].mean()) if len(known) else 0.0
    missing = int((points["value"].isna() & ~points["hidden"]).sum())
    inside = known[known["signal"] & known["value"].between(known["lower"], known["upper"])]
    notes = [
        "Limits: mean plus and minus 2.66 times the mean difference between neighbours (XmR, "
        f"Wheeler). Only whole {every}s.",
        f"Mean and limits follow how long each {every} is; the figures at them are the last ones."
        * (len(points["centre"].dropna().unique()) > 1),
        "A diamond lies outside what chance explains. It says that something differed, not what."
        if known["signal"].any()
        else "",
        f"{len(inside)} of them lie within the limits but in a run that chance does not explain."
        * bool(len(inside)),
        f"{as_percent(share)} of the {every}s are signals: the course is not stable, and one mean "
        "with limits describes it badly." * (share > _UNSTABLE),
        f"{MISSING} marks a {every} without a figure ({missing} of {len(points)}): "
        "missing is not zero." * bool(missing),
        WHY_HIDDEN * bool(points["hidden"].any()),
    ]
    return tuple(filter(None, notes))


def _table(points: pd.DataFrame, measure: Quantity, every: Every) -> pd.DataFrame:
    places = max(measure.decimals, 2)
    table = pd.DataFrame(
        {
            capital(every): points["code"],
            header(measure): whole_column(points["value"], measure.decimals),
            "Mean": points["centre"].round(places),
            "Lower limit": points["lower"].round(places),
            "Upper limit": points["upper"].round(places),
            "Outside what chance explains": points["signal"].map({True: "yes", False: ""}),
        }
    )
    return veiled(table, points["hidden"])


# --- the drawing ----------------------------------------------------------------------------


def _chart(points: pd.DataFrame, measure: Quantity, every: Every) -> alt.LayerChart:
    known = points[points["value"].notna()]
    if known.empty:
        return nothing(f"No {every} has a figure.", HEIGHT)
    x, y = _across(points, every), _up(points, measure)
    tooltip = [
        alt.Tooltip("name:N", title=capital(every)),
        alt.Tooltip("shown:N", title=header(measure)),
        alt.Tooltip("state:N", title="Verdict"),
    ]
    small, large = (45, 190) if len(points) <= MANY else (12, 70)
    line = alt.MarkDef("line", aria=False, strokeWidth=1.5)
    dot = alt.MarkDef("point", filled=True, size=small, opacity=1)
    diamond = alt.MarkDef(
        "point", filled=True, shape="diamond", size=large, opacity=1, stroke=INK, strokeWidth=1.5
    )
    layers = [
        *_limits(points, measure, x, y),
        alt.Chart(points, mark=line).encode(x, y),
        alt.Chart(known[~known["signal"]], mark=dot).encode(
            x, y, description="said:N", tooltip=tooltip
        ),
        alt.Chart(known[known["signal"]], mark=diamond).encode(
            x, y, description="said:N", tooltip=tooltip
        ),
        *_labels(known, x, y),
    ]
    missing = points[points["value"].isna()]
    cross = words(MISSING, size=14, baseline="bottom", aria=True)
    layers.append(
        alt.Chart(missing, mark=cross).encode(
            x, y=alt.value("height"), description="said:N", tooltip=tooltip
        )
    )
    return alt.LayerChart(layer=[one for one in layers if len(one.data)], height=HEIGHT)


def _across(points: pd.DataFrame, every: Every) -> alt.X:
    year = "timeFormat(datum.value, '%Y')"
    new = f"datum.index == 0 || month(datum.value) == 0 ? {year} : ''"
    label = {
        "month": f"[timeFormat(datum.value, '%b'), {new}]",
        "quarter": f"['Q' + quarter(datum.value), {new}]",
        "year": year,
    }.get(every, f"[timeFormat(datum.value, '%-d %b'), {year}]")
    axis = alt.Axis(
        title=capital(every), labelExpr=label, grid=False, labelFlush=False, labelPadding=6,
        labelOverlap="parity", labelSeparation=12, titlePadding=8, titleAnchor="start",
        tickCount=alt.ExprRef(f"max(2, min({len(points)}, floor((width - {_ROOM}) / 70)))"),
        **INKED,
    )  # fmt: skip
    first, last = (
        alt.DateTime(year=day.year, month=day.month, date=day.day)
        for day in (points["start"].iloc[0], points["start"].iloc[-1])
    )
    scale = alt.Scale(
        domain=[first, last], nice=False, padding=0,
        range=[_MARGIN, alt.ExprRef(f"width - {_ROOM} - {_MARGIN}")],
    )  # fmt: skip
    return alt.X("start:T", axis=axis, scale=scale)


def _up(points: pd.DataFrame, measure: Quantity) -> alt.Y:
    """Return the axis: it need not begin at zero, as points are compared with lines."""
    parts = [points[name] for name in ("value", "centre", "lower", "upper")]
    return upwards(pd.concat(parts).dropna(), unit_of(measure), from_zero=False)


def _limits(points: pd.DataFrame, measure: Quantity, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the mean and the limits as lines with their words at the right."""
    charts = []
    for column, name in _LINES:
        known = points[points[column].notna()]
        if known.empty:
            continue
        rows = known[["start", column]].rename(columns={column: "value"})
        end = rows.tail(1)
        dash = [1, 0] if column == "centre" else [5, 3]
        line = alt.MarkDef(
            "line", color=INK, strokeWidth=1.5, strokeDash=dash, aria=False, opacity=0.8,
            interpolate="step",
        )  # fmt: skip
        charts.append(alt.Chart(rows, mark=line).encode(x, y))
        figure = number(float(end["value"].iloc[0]), measure.unit, measure.decimals)
        short = f"[{json.dumps(name.split()[0])}, {json.dumps(figure)}]"
        text = f"{_WIDE} ? {json.dumps(f'{name} {figure}')} : {short}"
        label = words(
            align="left", baseline="middle", dx=5, lineHeight=14,
            dy=alt.ExprRef(f"{_WIDE} ? 0 : -7"),
        )  # fmt: skip
        charts.append(
            alt.Chart(end, mark=label).encode(
                x=alt.value(alt.ExprRef(f"width - {_ROOM}")),
                y=y,
                text=alt.value(alt.ExprRef(text)),
            )
        )
    return charts


def _labels(known: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the figures at the signals farthest out, as far as they do not meet."""
    signals = known[known["signal"]]
    far = (signals["value"] - signals["centre"]).abs().sort_values(ascending=False)
    labelled: list[int] = []
    for at in far.index[: 2 * _NAMED]:
        if all(abs(at - other) * _APART >= len(known) for other in labelled):
            labelled.append(at)
    charts = []
    for above in (True, False):
        part = signals.loc[labelled].assign(first=[at * 20 < len(known) for at in labelled])
        part = part[part["value"].ge(part["centre"]).eq(above)]
        mark = words(
            fontWeight=600, baseline="bottom" if above else "top", dy=-9 if above else 9,
            align=alt.ExprRef("datum.first ? 'left' : 'center'"),
        )  # fmt: skip
        charts.append(alt.Chart(part, mark=mark).encode(x, y, text="shown:N"))
    return charts
