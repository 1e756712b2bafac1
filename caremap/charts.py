"""Figure frames as charts, and the same in words for those who cannot see one.

Colours are the theme's: no mark names one, so that light, dark and print each get their own.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

__all__ = ["describe_trend", "trend_chart"]

Every = Literal["day", "week", "month", "quarter", "year"]
Kind = Literal["flow", "ratio", "stock"]
Side = Literal["left", "right"]
Across = Callable[[str], alt.X]

_FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()  # not from the locale: the words of the page are English everywhere

_HEIGHT = 360
_TITLE_WIDTH = 34  # characters that fit beside nothing on a screen of 340 pixels
_SUBTITLE_WIDTH = 50
_FEWEST_SLOTS = 4  # one period alone is no wall of colour
_MOST_NAMED = 8  # periods that can all have a label of their own
_MANY = 60  # periods that leave no room for gaps and large points
_DASHES = [3, 2]
# The theme gives words in a chart no colour, or a pale one: legible on whatever is behind them.
_INK = alt.ExprRef(
    "contrast(background, 'white') > contrast(background, 'black') ? 'white' : 'black'"
)
_MISSING = "×"
_WHEN = {"day": "on", "week": "in the"}
_SO_FAR, _PART = "so far", "only a part"


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
    points = _points(frame, measure, unit, every, decimals)
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


def describe_trend(
    frame: pd.DataFrame,
    measure: str,
    title: str,
    unit: str,
    *,
    every: Every = "month",
    decimals: int = 0,
) -> str:
    """Say in words what `trend_chart` shows: its alternative text.

    Parameters
    ----------
    frame, measure, title, unit, every, decimals
        As in `trend_chart`.

    Returns
    -------
    str
        The first and the last complete period, the highest and the lowest, what is not complete,
        and which periods have no figure.

    Raises
    ------
    ValueError
        As in `trend_chart`.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": pd.to_datetime(["2024-01-01", "2024-02-01"]),
    ...                       "admissions": [31.0, 12.0], "complete": [True, False]})
    >>> describe_trend(frame, "admissions", "Admissions by month", "admissions")
    'Admissions by month, in admissions. One complete month has a figure: 31 in January 2024.
    February 2024 is not complete: 12 so far.'
    """
    points = _points(frame, measure, unit, every, decimals)
    known = points[points["value"].notna()]
    opening = f"{title}, in {unit}." if unit and unit != "%" else f"{title}."
    if known.empty:
        return f"{opening} {_NOTHING[points.empty]}"
    whole, part = _halves(points)
    sentences = [
        opening,
        _course(whole, every, gaps=len(known) < len(points)),
        *map(_unfinished, part["name"], part["shown"], part["state"]),
        _gaps(points.loc[points["value"].isna(), "name"].tolist(), every),
    ]
    return " ".join(filter(None, sentences))


_NOTHING = {True: "There is no period to show.", False: "No period has a figure."}


def _course(whole: pd.DataFrame, every: Every, gaps: bool) -> str:
    """Say where the complete periods begin, end, and lie highest and lowest."""
    if whole.empty:
        return f"No complete {every} has a figure."
    shown, when = whole["shown"].tolist(), whole["when"].tolist()
    if len(whole) == 1:
        return f"One complete {every} has a figure: {shown[0]} {when[0]}."
    if len(set(shown)) == 1:
        span = _span(whole["name"].tolist())
        return f"{shown[0]} in each of {len(whole)} complete {every}s, {span}."
    value = whole["value"].reset_index(drop=True)
    highest, lowest = (
        f"{shown[at]} {when[at]}{_also(shown.count(shown[at]) - 1, every)}"
        for at in (value.argmax(), value.argmin())
    )
    which = f"the first and the last complete {every}{' with a figure' if gaps else ''}"
    return (
        f"From {shown[0]} {when[0]} to {shown[-1]} {when[-1]}, {which}. "
        f"Highest {highest}; lowest {lowest}."
    )


def _also(others: int, every: Every) -> str:
    return f" and {others} other {every}{'s' if others > 1 else ''}" if others else ""


def _unfinished(name: str, shown: str, state: str) -> str:
    extent = "so far" if state == _SO_FAR else "in the part there is"
    return f"{_capital(name)} is not complete: {shown} {extent}."


def _gaps(names: Sequence[str], every: Every) -> str:
    if not names:
        return ""
    has = f"{len(names)} {every}s have" if len(names) > 1 else f"1 {every} has"
    listed = ", ".join(names) if len(names) <= 3 else f"the first {names[0]}, the last {names[-1]}"
    return f"{has} no figure: {listed}."


# --- what is shown --------------------------------------------------------------------------


def _points(
    frame: pd.DataFrame, measure: str, unit: str, every: Every, decimals: int
) -> pd.DataFrame:
    """Return one row per period: where it lies, its figure, and what to call it."""
    if every not in _FREQUENCIES:
        raise ValueError(f"every is one of {', '.join(_FREQUENCIES)}, got {every!r}")
    for column in ("period", measure, "complete"):
        if column not in frame.columns:
            raise ValueError(f"The frame has no column {column!r}: it has {list(frame.columns)}.")
    ordered = frame.sort_values("period").reset_index(drop=True)
    start = pd.to_datetime(ordered["period"])
    end = pd.Series(
        [moment.to_period(_FREQUENCIES[every]).end_time.ceil("D") for moment in start],
        dtype="datetime64[us]",
    )
    value = pd.Series(ordered[measure].to_numpy("float64", na_value=np.nan))
    gap = (end - start) * (0.1 if len(start) <= _MANY else 0)
    complete = ordered["complete"].astype("bool")
    unfinished = np.where(complete.index == len(complete) - 1, _SO_FAR, _PART)
    points = pd.DataFrame(
        {
            "start": start,
            "end": end,
            "left": start + gap,
            "middle": start + (end - start) / 2,
            "right": end - gap,
            "value": value.where(np.isfinite(value)),
            "shown": [_shown(figure, unit, decimals) for figure in value],
            "complete": complete,
            "name": [_name(moment, every) for moment in start],
            "when": [f"{_WHEN.get(every, 'in')} {_name(moment, every)}" for moment in start],
            "state": np.where(complete, f"whole {every}", unfinished),
        }
    )
    said = map("{}: {}, {}".format, points["name"], points["shown"], points["state"])
    return points.assign(said=list(said))


def _shown(value: float, unit: str, decimals: int) -> str:
    if not math.isfinite(value):
        return "no figure"
    return f"{round(value, decimals) + 0:,.{decimals}f}{' %' if unit == '%' else ''}"


def _name(start: pd.Timestamp, every: Every) -> str:
    """Call a period what people call it."""
    day = f"{start.day} {_MONTHS[start.month - 1]} {start.year}"
    return {
        "day": day,
        "week": f"week of {day}",
        "month": f"{_MONTHS[start.month - 1]} {start.year}",
        "quarter": f"Q{start.quarter} {start.year}",
        "year": f"{start.year}",
    }[every]


def _span(names: Sequence[str]) -> str:
    """Say from when to when, a year that is the same only once."""
    first, last = names[0], names[-1]
    if first == last:
        return first
    year = last[-5:]
    return f"{first.removesuffix(year)} to {last}"


# --- what is drawn --------------------------------------------------------------------------


def _head(points: pd.DataFrame, title: str, unit: str, every: Every, kind: Kind) -> alt.TitleParams:
    """Return title and subtitle, in lines that fit a telephone."""
    what = _capital(f"{unit} {'per' if kind == 'flow' and unit else 'by'} {every}".strip())
    lines = [what if points.empty else f"{what}, {_span(points['name'].tolist())}"]
    if points["value"].isna().any():
        lines.append(f"{_MISSING} no figure")
    wrapped = [part for line in lines for part in textwrap.wrap(line, _SUBTITLE_WIDTH)]
    return alt.TitleParams(
        textwrap.wrap(title, _TITLE_WIDTH) or "",
        subtitle=wrapped,
        subtitleColor=_INK,
        subtitlePadding=6,
        anchor="start",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _nothing(points: pd.DataFrame) -> alt.Chart:
    words = pd.DataFrame({"words": [_NOTHING[points.empty]]})
    return alt.Chart(words, mark=alt.MarkDef("text", fontSize=14, color=_INK)).encode(
        text="words:N"
    )


def _across(points: pd.DataFrame, every: Every) -> Across:
    """Return the time axis, for an edge of the periods; labels lie under their middles."""
    first, last = points["start"].iloc[0], points["end"].iloc[-1]
    slots = max(len(points), _FEWEST_SLOTS)
    margin = (last - first) * (slots - len(points)) / (2 * len(points))
    named = len(points) <= _MOST_NAMED or every == "week"  # elsewhere a week begins on Sunday
    ticks = [_moment(start) for start in points["start"]] if named else alt.Undefined
    count = alt.ExprRef(f"max(2, min({len(points)}, floor(width / 70)))")
    axis = alt.Axis(
        title=_capital(every),
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
        labelColor=_INK,
        titleColor=_INK,
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
    words = _capital(unit) + ("" if from_zero else " (axis does not start at 0)")
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
        labelColor=_INK,
        titleColor=_INK,
        domain=False,
    )
    below = 0 if from_zero and low >= 0 else room
    domain = [floor - below, ceiling + room]
    return alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=domain, zero=from_zero))


_FIGURES = "replace(format(datum.value, '~s'), 'G', 'bn')"


def _tooltip(unit: str, every: Every) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=_capital(every)),
        alt.Tooltip("shown:N", title=_capital(unit) or "Figure"),
        alt.Tooltip("state:N", title="Covers"),
    ]


def _bars(points: pd.DataFrame, x: Across, y: alt.Y, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """Return bars as wide as their period, hollow where it is not complete."""
    whole, part = _halves(points)
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
    whole, part = _halves(points)
    unbroken = points.assign(value=points["value"].where(points["complete"]))
    size = 45 if len(points) <= _MANY else 12
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


def _halves(points: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures of complete periods, and those of the others."""
    known = points[points["value"].notna()]
    return known[known["complete"]], known[~known["complete"]]


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
    marks = alt.Chart(missing).mark_text(text=_MISSING, baseline="bottom", fontSize=14, color=_INK)
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
        color=_INK,
        aria=False,
    )
    return [alt.Chart(period.assign(value=height), mark=mark).encode(x(side), y)]
