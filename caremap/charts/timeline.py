"""A measure over time, drawn from left to right.

Colours are the theme's: no mark names one, so that light, dark and print each get their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import altair as alt
import pandas as pd

from caremap.charts.look import INKED, MASKED, MASKED_FIGURE, MISSING, nothing, words
from caremap.charts.points import MANY, NOTHING, Every, capital, halves
from caremap.hidden import HIDDEN

__all__ = [
    "DASHES",
    "HEIGHT",
    "Across",
    "Kind",
    "Style",
    "across",
    "signs_of",
    "steps_of",
    "timeline",
    "upwards",
]

Kind = Literal["flow", "ratio", "stock"]
Style = Literal["bars", "line", "area"]
Side = Literal["left", "right"]
Across = Callable[[str], alt.X]

HEIGHT = 360
DASHES = [3, 2]
_FEWEST_SLOTS = 4  # one period alone is no wall of colour
_MOST_NAMED = 8  # periods that can all have a label of their own


def timeline(
    points: pd.DataFrame, unit: str, *, every: Every, kind: Kind, style: Style | None = None
) -> alt.LayerChart:
    """Draw the periods of `points_of` from left to right.

    A period that is not complete is hollow, dashed and labelled "so far" (or "part of", at
    the start); one without a figure is a cross on the axis, which zero is not.

    Parameters
    ----------
    points
        As `caremap.charts.points.points_of` returns them.
    unit
        What the numbers count; may be empty.
    every
        What one period is.
    kind
        Flows are drawn as bars from zero and the rest as a line, unless ``style`` is given.
    style
        ``bars`` and ``area`` start at zero whatever they show.

    Returns
    -------
    altair.LayerChart
        Without a title, as wide as it is told to be, readable from 340 pixels on.
    """
    style = style or ("bars" if kind == "flow" else "line")
    known = points[points["value"].notna()]
    if known.empty:
        return nothing(NOTHING[points.empty], HEIGHT)
    x = across(points, every)
    y = upwards(known["value"], unit, from_zero=style != "line" or kind == "flow")
    tooltip = _tooltip(unit, every)
    layers = [
        *_DRAWN[style](points, x, y, tooltip),
        *_crosses(points[points["value"].isna()], x, tooltip),
        *_labels(points, x, y, every),
    ]
    return alt.LayerChart(layer=layers, height=HEIGHT)


def across(points: pd.DataFrame, every: Every, left: str = "0", right: str = "width") -> Across:
    """Return the time axis, for an edge of the periods; labels lie under their middles.

    It goes from ``left`` to ``right``, which are expressions on the width of the chart.
    """
    first, last = points["start"].iloc[0], points["end"].iloc[-1]
    slots = max(len(points), _FEWEST_SLOTS)
    margin = (last - first) * (slots - len(points)) / (2 * len(points))
    signs = signs_of(points)
    named = len(points) <= _MOST_NAMED or every == "week"  # elsewhere a week begins on Sunday
    ticks = [_moment(start) for start in points["start"]] if named else alt.Undefined
    count = alt.ExprRef(f"max(2, min({len(points)}, floor(({right} - {left}) / 70)))")
    axis = alt.Axis(
        title=capital(every) + (f" ({', '.join(signs)})" if signs else ""),
        values=ticks,
        tickCount=alt.Undefined if named else count,
        labelExpr=_LABELS[every],
        labelOffset=alt.ExprRef(f"({right} - {left}) / {slots} / 2"),
        labelFlush=False,
        labelOverlap="parity",
        labelSeparation=12,
        labelPadding=6,
        titlePadding=8,
        grid=False,
        **INKED,
    )
    minute = pd.Timedelta(minutes=1)  # so that no label stands where the next period begins
    ends = [_moment(first - margin), _moment(last + margin - minute)]
    scale = alt.Scale(
        domainMin=ends[0], domainMax=ends[1], nice=False, padding=0,
        range=[alt.ExprRef(left), alt.ExprRef(right)],
    )  # fmt: skip
    return lambda edge: alt.X(f"{edge}:T", axis=axis, scale=scale)


_YEAR = "timeFormat(datum.value, '%Y')"
_NEW_YEAR = f"datum.index == 0 || month(datum.value) == 0 ? {_YEAR} : ''"
_LABELS = {
    "day": f"[timeFormat(datum.value, '%-d %b'), {_YEAR}]",
    "week": f"[timeFormat(datum.value, '%-d %b'), {_YEAR}]",
    "month": f"[timeFormat(datum.value, '%b'), {_NEW_YEAR}]",
    "quarter": f"['Q' + quarter(datum.value), {_NEW_YEAR}]",
    "year": _YEAR,
}


def _moment(moment: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(
        year=moment.year,
        month=moment.month,
        date=moment.day,
        hours=moment.hour,
        minutes=moment.minute,
    )


def signs_of(points: pd.DataFrame) -> list[str]:
    """Say what the signs mean that stand for figures which are not there."""
    missing, hidden = points["value"].isna(), points[HIDDEN]
    signs = {f"{MISSING} no figure": missing & ~hidden, f"{MASKED} {MASKED_FIGURE}": hidden}
    return [sign for sign, rows in signs.items() if rows.any()]


def upwards(known: pd.Series, unit: str, *, from_zero: bool) -> alt.Y:
    """Return the axis of figures: from zero where it must or zero is not far."""
    floor, ceiling = reach(known, from_zero=from_zero)
    counts = bool(known.eq(known.round()).all())
    says = capital(unit) + ("" if floor <= 0 else " (axis does not start at 0)")
    axis = alt.Axis(
        title=says.strip() or None,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleBaseline="bottom",
        titleX=0,
        titleY=-10,
        labelExpr=_LARGE if max(abs(floor), abs(ceiling)) >= 1e6 else _PLAIN,
        labelPadding=6,
        tickCount=5,
        tickMinStep=1 if counts else alt.Undefined,
        domain=False,
        **INKED,
    )
    scale = alt.Scale(domain=[floor, ceiling], zero=floor <= 0, nice=False)
    return alt.Y("value:Q", axis=axis, scale=scale)


def reach(known: pd.Series, *, from_zero: bool) -> tuple[float, float]:
    """Return the least and the greatest figure the axis has room for."""
    low, high = float(known.min()), float(known.max())
    if from_zero or low < 0 or low < high / 2 or low == high:
        low, high = min(low, 0), max(high, 0)
    room = (high - low) * 0.08 or 1
    return low - room if low else 0, high + room


_PLAIN = "format(datum.value, ',.6~f')"
_LARGE = "replace(replace(format(datum.value, '~s'), 'G', 'bn'), 'M', 'm')"


def _tooltip(unit: str, every: Every) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=capital(every)),
        alt.Tooltip("shown:N", title=capital(unit) or "Figure"),
        alt.Tooltip("state:N", title="Covers"),
    ]


def _bars(points: pd.DataFrame, x: Across, y: alt.Y, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """Return bars as wide as their period, hollow where it is not complete."""
    whole, part = halves(points)
    solid = alt.MarkDef("bar", orient="vertical")
    hollow = alt.MarkDef(
        "bar", orient="vertical", filled=False, fill="transparent", strokeDash=DASHES
    )
    edges = (x("left"), alt.X2("right"), y, alt.Y2Datum(0))
    return [
        alt.Chart(data, mark=mark).encode(*edges, description="said:N", tooltip=tooltip)
        for data, mark in ((whole, solid), (part, hollow))
        if not data.empty
    ]


def _line(points: pd.DataFrame, x: Across, y: alt.Y, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """Return a line with points over complete periods, dashed to those that are not."""
    whole, part = halves(points)
    unbroken = points.assign(value=points["value"].where(points["complete"]))
    size = 45 if len(points) <= MANY else 12
    filled = alt.MarkDef("point", filled=True, size=size, opacity=1)
    dashed = alt.MarkDef("line", aria=False, strokeWidth=1.5, strokeDash=DASHES)
    hollow = alt.MarkDef("point", filled=False, fill="transparent", size=60, opacity=1)
    charts = [
        alt.Chart(unbroken, mark=alt.MarkDef("line", aria=False, strokeWidth=2)),
        alt.Chart(steps_of(points), mark=dashed).encode(detail="step:N"),
        alt.Chart(whole, mark=filled).encode(description="said:N", tooltip=tooltip),
        alt.Chart(part, mark=hollow).encode(description="said:N", tooltip=tooltip),
    ]
    return [chart.encode(x("middle"), y) for chart in charts if not chart.data.empty]


def _area(points: pd.DataFrame, x: Across, y: alt.Y, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """Return the line with the area between it and zero, over complete periods only."""
    unbroken = points.assign(value=points["value"].where(points["complete"]))
    mark = alt.MarkDef("area", opacity=0.25, line=False, aria=False)
    filled = alt.Chart(unbroken, mark=mark).encode(x("middle"), y, alt.Y2Datum(0))
    return [filled, *_line(points, x, y, tooltip)]


_DRAWN = {"bars": _bars, "line": _line, "area": _area}


def steps_of(points: pd.DataFrame) -> pd.DataFrame:
    """Return the two ends of every step to or from a period that is not complete."""
    both = points["value"].notna() & points["value"].shift().notna()
    open_ended = ~(points["complete"] & points["complete"].shift(fill_value=True))
    ends = [points.loc[[at - 1, at]].assign(step=at) for at in points.index[both & open_ended]]
    return pd.concat(ends) if ends else pd.DataFrame()


def _crosses(missing: pd.DataFrame, x: Across, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """Return a sign on the axis for every period without a figure: it is not zero."""
    signs = ((MISSING, missing[~missing[HIDDEN]]), (MASKED, missing[missing[HIDDEN]]))
    return [
        alt.Chart(rows, mark=words(sign, size=14, baseline="bottom", aria=True)).encode(
            x("middle"), y=alt.value("height"), description="said:N", tooltip=tooltip
        )
        for sign, rows in signs
        if len(rows)
    ]


def _labels(points: pd.DataFrame, x: Across, y: alt.Y, every: Every) -> list[alt.Chart]:
    """Return the words over a first or last period that is not complete."""
    beside = math.ceil(len(points) / 3)  # as far as the words may reach: stay clear of those too
    first, last = points.head(1), points.tail(1)
    return [
        *_label(last, points.tail(beside), f"{every} so far", "right", x, y),
        *(
            _label(first, points.head(beside), f"part of a {every}", "left", x, y)
            if len(points) > 1
            else []
        ),
    ]


def _label(
    period: pd.DataFrame, beside: pd.DataFrame, text: str, side: Side, x: Across, y: alt.Y
) -> list[alt.Chart]:
    if period["complete"].all() or period["value"].isna().all():
        return []
    height = max(beside["value"].max(), 0)
    mark = words(text, align=side, baseline="bottom", dy=-6)
    return [alt.Chart(period.assign(value=height), mark=mark).encode(x(side), y)]
