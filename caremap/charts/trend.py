"""A measure over time, drawn.

Colours are the theme's: no mark names one, so that light, dark and print each get their own.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable
from typing import Literal

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.points import (
    MANY,
    NOTHING,
    Every,
    capital,
    halves,
    points_of,
    span_of,
)

__all__ = ["trend_chart"]

Kind = Literal["flow", "ratio", "stock"]
Side = Literal["left", "right"]
Across = Callable[[str], alt.X]

_HEIGHT = 360
_TITLE_WIDTH = 34  # characters that fit beside nothing on a screen of 340 pixels
_SUBTITLE_WIDTH = 50
_FEWEST_SLOTS = 4  # one period alone is no wall of colour
_MOST_NAMED = 8  # periods that can all have a label of their own
_DASHES = [3, 2]
_MISSING = "×"


def trend_chart(
    frame: pd.DataFrame,
    measure: str,
    title: str,
    unit: str,
    *,
    every: Every = "month",
    kind: Kind = "flow",
    decimals: int = 0,
) -> alt.LayerChart:
    """Draw one measure period by period: bars for flows, a line with points for the rest.

    A period that is not complete is hollow, dashed and labelled "so far" (or "part of", at
    the start); one without a figure is a cross on the axis, which zero is not.

    Parameters
    ----------
    frame
        As `caremap.measures.trend` returns it: ``period``, the measure, ``complete``.
    measure
        The column to draw.
    title
        What the chart shows, such as "Admissions by month".
    unit
        What the numbers count, such as "admissions" or "days"; may be empty.
    every
        What one period is.
    kind
        ``flow`` is drawn as bars from zero, ``ratio`` and ``stock`` as a line.
    decimals
        How many decimals the tooltip shows.

    Returns
    -------
    altair.LayerChart
        As wide as it is told to be, readable from 340 pixels on.

    Raises
    ------
    ValueError
        Where a column is missing, or ``every`` is none of the choices.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": pd.to_datetime(["2024-01-01", "2024-02-01"]),
    ...                       "admissions": [31.0, 12.0], "complete": [True, False]})
    >>> chart = trend_chart(frame, "admissions", "Admissions by month", "admissions")
    >>> chart.to_dict()["title"]["subtitle"]
    ['Admissions per month, January to February 2024']
    """
    points = points_of(frame, measure, unit, every, decimals)
    head = _head(points, title, unit, every, kind)
    known = points[points["value"].notna()]
    if known.empty:
        return alt.LayerChart(layer=[_nothing(points)], title=head, height=_HEIGHT)
    x = _across(points, every)
    y = _upwards(known["value"], unit, kind)
    tooltip = _tooltip(unit, every)
    draw = _bars if kind == "flow" else _line
    layers = [
        *draw(points, x, y, tooltip),
        *_crosses(points[points["value"].isna()], x, tooltip),
        *_labels(points, x, y, every),
    ]
    return alt.LayerChart(layer=layers, title=head, height=_HEIGHT)


def _head(points: pd.DataFrame, title: str, unit: str, every: Every, kind: Kind) -> alt.TitleParams:
    """Return title and subtitle, in lines that fit a telephone."""
    what = capital(f"{unit} {'per' if kind == 'flow' and unit else 'by'} {every}".strip())
    lines = [what if points.empty else f"{what}, {span_of(points['name'].tolist())}"]
    if points["value"].isna().any():
        lines.append(f"{_MISSING} no figure")
    wrapped = [part for line in lines for part in textwrap.wrap(line, _SUBTITLE_WIDTH)]
    return alt.TitleParams(
        textwrap.wrap(title, _TITLE_WIDTH) or "",
        subtitle=wrapped,
        subtitleColor=INK,
        subtitlePadding=6,
        anchor="start",
    )


def _nothing(points: pd.DataFrame) -> alt.Chart:
    words = pd.DataFrame({"words": [NOTHING[points.empty]]})
    return alt.Chart(words, mark=alt.MarkDef("text", fontSize=14, color=INK)).encode(text="words:N")


def _across(points: pd.DataFrame, every: Every) -> Across:
    """Return the time axis, for an edge of the periods; labels lie under their middles."""
    first, last = points["start"].iloc[0], points["end"].iloc[-1]
    slots = max(len(points), _FEWEST_SLOTS)
    margin = (last - first) * (slots - len(points)) / (2 * len(points))
    named = len(points) <= _MOST_NAMED or every == "week"  # elsewhere a week begins on Sunday
    ticks = [_moment(start) for start in points["start"]] if named else alt.Undefined
    count = alt.ExprRef(f"max(2, min({len(points)}, floor(width / 70)))")
    axis = alt.Axis(
        title=capital(every),
        values=ticks,
        tickCount=alt.Undefined if named else count,
        labelExpr=_LABELS[every],
        labelOffset=alt.ExprRef(f"width / {slots} / 2"),
        labelFlush=False,
        labelOverlap="parity",
        labelSeparation=12,
        labelPadding=6,
        titlePadding=8,
        grid=False,
        ticks=False,
        labelColor=INK,
        titleColor=INK,
    )
    minute = pd.Timedelta(minutes=1)  # so that no label stands where the next period begins
    ends = [_moment(first - margin), _moment(last + margin - minute)]
    scale = alt.Scale(domainMin=ends[0], domainMax=ends[1], nice=False, padding=0)
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


def _upwards(known: pd.Series, unit: str, kind: Kind) -> alt.Y:
    """Return the axis of figures: from zero wherever zero is not far."""
    low, high = float(known.min()), float(known.max())
    from_zero = kind == "flow" or low < 0 or low < high / 2 or low == high
    floor, ceiling = (min(low, 0), max(high, 0)) if from_zero else (low, high)
    room = (ceiling - floor) * 0.08 or 1
    words = capital(unit) + ("" if from_zero else " (axis does not start at 0)")
    axis = alt.Axis(
        title=words.strip() or None,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleBaseline="bottom",
        titleX=0,
        titleY=-10,
        labelExpr=_FIGURES if max(abs(low), abs(high)) >= 1e6 else "format(datum.value, ',.6~f')",
        labelPadding=6,
        tickCount=5,
        tickMinStep=1 if kind == "flow" else alt.Undefined,
        ticks=False,
        labelColor=INK,
        titleColor=INK,
        domain=False,
    )
    below = 0 if from_zero and low >= 0 else room
    domain = [floor - below, ceiling + room]
    return alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=domain, zero=from_zero))


_FIGURES = "replace(format(datum.value, '~s'), 'G', 'bn')"


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
        "bar", orient="vertical", filled=False, fill="transparent", strokeDash=_DASHES
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
    dashed = alt.MarkDef("line", strokeWidth=1.5, strokeDash=_DASHES)
    hollow = alt.MarkDef("point", filled=False, fill="transparent", size=60, opacity=1)
    charts = [
        alt.Chart(unbroken, mark=alt.MarkDef("line", strokeWidth=2)),
        alt.Chart(_steps(points), mark=dashed).encode(detail="step:N"),
        alt.Chart(whole, mark=filled).encode(description="said:N", tooltip=tooltip),
        alt.Chart(part, mark=hollow).encode(description="said:N", tooltip=tooltip),
    ]
    return [chart.encode(x("middle"), y) for chart in charts if not chart.data.empty]


def _steps(points: pd.DataFrame) -> pd.DataFrame:
    """Return the two ends of every step to or from a period that is not complete."""
    both = points["value"].notna() & points["value"].shift().notna()
    open_ended = ~(points["complete"] & points["complete"].shift(fill_value=True))
    ends = [points.loc[[at - 1, at]].assign(step=at) for at in points.index[both & open_ended]]
    return pd.concat(ends) if ends else pd.DataFrame()


def _crosses(missing: pd.DataFrame, x: Across, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """Return a cross on the axis for every period without a figure: it is not zero."""
    if missing.empty:
        return []
    marks = alt.Chart(missing).mark_text(text=_MISSING, baseline="bottom", fontSize=14, color=INK)
    return [marks.encode(x("middle"), y=alt.value("height"), description="said:N", tooltip=tooltip)]


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
    period: pd.DataFrame, beside: pd.DataFrame, words: str, side: Side, x: Across, y: alt.Y
) -> list[alt.Chart]:
    if period["complete"].all() or period["value"].isna().all():
        return []
    height = max(beside["value"].max(), 0)
    mark = alt.MarkDef(
        "text",
        text=words,
        align=side,
        baseline="bottom",
        dy=-6,
        fontSize=12,
        color=INK,
        aria=False,
    )
    return [alt.Chart(period.assign(value=height), mark=mark).encode(x(side), y)]
