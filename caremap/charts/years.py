"""The same periods of each year, side by side or as one line per year."""

from __future__ import annotations

import altair as alt
import pandas as pd

from caremap.charts.figure import Quantity
from caremap.charts.look import INKED, MASKED, MISSING, adds_up, nothing, number, words
from caremap.charts.points import MONTHS, NOTHING, Every, capital, halves, span_of
from caremap.charts.timeline import (
    DASHES,
    HEIGHT,
    Style,
    reach,
    signs_of,
    steps_of,
    upwards,
)
from caremap.hidden import HIDDEN

__all__ = ["YEARS", "by_year", "like_with_like", "years_drawn"]

YEARS = 4
"""Years drawn, the last ones: more cannot be told apart."""

OUTLINE = alt.Stroke("one:N", scale=alt.Scale(range="category"), legend=None)
_SHADES = (1.0, 0.5, 0.25, 0.08)  # the years, the last first
_PLACES = {"month": 12, "quarter": 4, "week": 53, "day": 366}
_APART = 17  # pixels from one label to the next
_PLOT = 285  # pixels the figures have of the height, about
_STRENGTHS = (1.0, 0.75, 0.6, 0.5)
_SHAPES = ("circle", "square", "triangle-up", "diamond")
_SIGNS = "●■▲◆"
_NAME = 52  # pixels for the name of a year
_FEW = 12  # places with room for bars of several years


def by_year(points: pd.DataFrame, every: Every) -> pd.DataFrame:
    """Add to `points_of` the year, the place in it and the figure of a year before.

    Returns
    -------
    pandas.DataFrame
        ``year``; ``place``, counted from 0, alike for what is compared (weeks by their ISO
        number, days as in a leap year); and of the same place a year before: ``before``,
        ``before_when``, ``before_days`` and whether that was whole too, ``both``.
    """
    start = points["start"]
    if every == "week":
        iso = start.dt.isocalendar()
        year, place = iso["year"].astype("int64"), iso["week"].astype("int64") - 1
    else:
        year = start.dt.year
        leap = start.dt.day_of_year - 1 + ((start.dt.month > 2) & ~start.dt.is_leap_year)
        place = {"month": start.dt.month - 1, "quarter": start.dt.quarter - 1}.get(every, leap)
    points = points.assign(year=year.to_numpy(), place=place.to_numpy())
    before = points[["year", "place", "value", "when", "days", "complete"]].assign(
        year=points["year"] + 1
    )
    before.columns = ["year", "place", "before", "before_when", "before_days", "both"]
    joined = points.merge(before, on=["year", "place"], how="left")
    known = joined["value"].notna() & joined["before"].notna()
    both = joined["complete"] & joined["both"].eq(True) & known
    return joined.assign(both=both)


def like_with_like(points: pd.DataFrame, measure: Quantity, every: Every) -> str:
    """Say what the last year is against the same periods of the year before, both whole.

    Empty for what does not add up, or where no two periods can be compared.
    """
    pairs = points[points["both"] & points["year"].eq(points["year"].max())]
    if not adds_up(measure) or len(pairs) < 2 or every == "year":
        return ""
    after, before = float(pairs["value"].sum()), float(pairs["before"].sum())
    year = int(pairs["year"].iloc[0])
    span = span_of([name.removesuffix(f" {year}") for name in pairs["name"]])
    gaps = len(pairs) < pairs["place"].iloc[-1] - pairs["place"].iloc[0] + 1
    which = f"{len(pairs)} {every}s, {span}" if gaps or every in ("week", "day") else span
    both = [number(total, measure.unit, measure.decimals) for total in (after, before)]
    return (
        f"The {every}s that are whole in both years ({which}): "
        f"{both[0]} in {year}, {both[1]} in {year - 1}."
    )


def years_drawn(points: pd.DataFrame, unit: str, *, every: Every, style: Style) -> alt.LayerChart:
    """Draw the last years of `by_year` over one another.

    Parameters
    ----------
    points
        As `by_year` returns them.
    unit
        What the numbers count.
    every
        What one period is.
    style
        ``bars``, for months and quarters; all else is lines.

    Returns
    -------
    altair.LayerChart
        Without a title. Each year has its name beside it; the last one is the strongest.
    """
    drawn = points[points["year"] > points["year"].max() - YEARS]
    known = drawn[drawn["value"].notna()]
    if known.empty:
        return nothing(NOTHING[drawn.empty], HEIGHT)
    bars = style == "bars" and _PLACES[every] <= _FEW
    ranks = {year: at for at, year in enumerate(sorted(known["year"].unique()))}
    drawn = drawn[drawn["year"].isin(ranks.keys())].assign(
        age=lambda rows: [len(ranks) - 1 - ranks[year] for year in rows["year"]]
    )
    from_zero = bars or style == "area"
    y = upwards(known["value"], unit, from_zero=from_zero)
    tooltip = [
        alt.Tooltip("name:N", title=capital(every)),
        alt.Tooltip("shown:N", title=capital(unit) or "Figure"),
        alt.Tooltip("state:N", title="Covers"),
    ]
    if bars:
        layers = _bars(drawn, every, y, tooltip)
    else:
        layers = _lines(drawn, every, y, tooltip)
        layers += _names(drawn, every, y, reach(known["value"], from_zero=from_zero))
    return alt.LayerChart(layer=layers, height=HEIGHT)


def _across(every: Every, right: str, key: list[str]) -> alt.X:
    """Return the axis of one year; months go by their first letter where it is narrow."""
    count = _PLACES[every]
    starts = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335]
    values = {
        "month": [at + 0.5 for at in range(12)],
        "quarter": [at + 0.5 for at in range(4)],
        "week": [at + 0.5 for at in (0, 9, 19, 29, 39, 51)],
        "day": [at + 15.5 for at in starts],
    }[every]
    months = f"[{', '.join(repr(month[:3]) for month in MONTHS)}]"
    month = f"slice({months}[%s], 0, width < 430 ? 1 : 3)"
    place = "floor(datum.value)"
    labels = {
        "month": month % place,
        "quarter": f"'Q' + ({place} + 1)",
        "week": f"'' + ({place} + 1)",
        "day": month % "floor(datum.value / 30.5)",
    }[every]
    title = {"week": "Week of the year (ISO 8601)", "day": "Day of the year"}.get(every)
    lines = [title or capital(every), *key]
    axis = alt.Axis(
        title=lines, values=values, labelExpr=labels, grid=False,
        labelPadding=6, titlePadding=8, labelOverlap="parity", labelFlush=False, **INKED,
    )  # fmt: skip
    scale = alt.Scale(domain=[0, count], range=[0, alt.ExprRef(right)], nice=False, padding=0)
    return alt.X("at:Q", axis=axis, scale=scale)


def _bars(
    drawn: pd.DataFrame, every: Every, y: alt.Y, tooltip: list[alt.Tooltip]
) -> list[alt.Chart]:
    """Return a group of bars per place: from left to right the years, the last one full."""
    oldest = int(drawn["age"].max())
    wide = 0.84 / (oldest + 1)
    left = drawn["place"] + 0.08 + (oldest - drawn["age"]) * wide
    drawn = drawn.assign(
        at=left + wide * 0.06,
        to=left + wide * 0.94,
        shade=drawn["age"].map(_SHADES.__getitem__),
        one="",
    )
    years = sorted(drawn["year"].unique().tolist())
    order = f"in each from left to right: {', '.join(map(str, years))}" if oldest else ""
    x = _across(every, "width", _key(drawn, order))
    known = drawn[drawn["value"].notna()]
    solid = alt.MarkDef("bar", orient="vertical", strokeWidth=1)
    hollow = alt.MarkDef(
        "bar", orient="vertical", filled=False, fill="transparent", strokeDash=DASHES
    )
    edges = (x, alt.X2("to"), y, alt.Y2Datum(0))
    shade = alt.FillOpacity("shade:Q", scale=None)
    whole = alt.Chart(known[known["complete"]], mark=solid).encode(*edges, shade, OUTLINE)
    part = alt.Chart(known[~known["complete"]], mark=hollow).encode(*edges)
    charts = [
        chart.encode(description="said:N", tooltip=tooltip)
        for chart in (whole, part)
        if not chart.data.empty
    ]
    return [*charts, *_crosses(drawn.assign(at=left + wide / 2), x, tooltip)]


def _lines(
    drawn: pd.DataFrame, every: Every, y: alt.Y, tooltip: list[alt.Tooltip]
) -> list[alt.Chart]:
    """Return a line per year, each with points of a shape of its own; the last one is thick."""
    drawn = drawn.assign(at=drawn["place"] + 0.5)
    x = _across(every, f"width - {_NAME}", _key(drawn, ""))
    charts: list[alt.Chart] = []
    for age in sorted(drawn["age"].unique().tolist(), reverse=True):
        rows = drawn[drawn["age"] == age]
        unbroken = rows.assign(value=rows["value"].where(rows["complete"]))
        steps = steps_of(rows.reset_index(drop=True))
        thick, strength = (1.5 if age else 3), _STRENGTHS[age]
        line = alt.MarkDef("line", aria=False, strokeWidth=thick, opacity=strength)
        dashed = alt.MarkDef("line", aria=False, strokeDash=DASHES, strokeWidth=1.5)
        charts.append(alt.Chart(unbroken, mark=line).encode(x, y))
        if not steps.empty:
            charts.append(alt.Chart(steps, mark=dashed).encode(x, y, detail="step:N"))
        for points, mark in zip(halves(rows), _points(age, every), strict=True):
            if not points.empty:
                chart = alt.Chart(points, mark=mark)
                charts.append(chart.encode(x, y, description="said:N", tooltip=tooltip))
    return [*charts, *_crosses(drawn, x, tooltip)]


def _points(age: int, every: Every) -> tuple[alt.MarkDef, alt.MarkDef]:
    """Return the points of whole periods and of the others; days have room for none."""
    size, shape = {"day": (20, "circle"), "week": (12, "circle")}.get(every, (45, _SHAPES[age]))
    opacity = 0 if every == "day" else _STRENGTHS[age]
    whole = alt.MarkDef("point", filled=True, shape=shape, size=size, opacity=opacity)
    part = alt.MarkDef("point", filled=False, fill="transparent", size=60, opacity=1)
    return whole, part


def _names(
    drawn: pd.DataFrame, every: Every, y: alt.Y, span: tuple[float, float]
) -> list[alt.Chart]:
    """Return the year beside the end of each line, moved apart where ends are close."""
    known = drawn[drawn["value"].notna()].assign(at=drawn["place"] + 0.5)
    ends = known.sort_values("place").groupby("year").tail(1)
    ends = ends.sort_values("value").reset_index(drop=True)
    apart = (span[1] - span[0]) * _APART / _PLOT
    heights = ends["value"].tolist()
    for at in range(1, len(heights)):
        if abs(ends["place"][at] - ends["place"][at - 1]) <= _PLACES[every] / 6:
            heights[at] = max(heights[at], heights[at - 1] + apart)
    over = max(0.0, heights[-1] - span[1])
    signs = ["" if _PLACES[every] > _FEW else f"{_SIGNS[age]} " for age in ends["age"]]
    ends = ends.assign(
        value=[height - over for height in heights], label=signs + ends["year"].astype("str")
    )
    x = _across(every, f"width - {_NAME}", _key(drawn, ""))
    return [
        alt.Chart(rows, mark=words(align="left", dx=9, fontWeight=weight)).encode(
            x, y, text="label:N"
        )
        for rows, weight in ((ends[ends["age"] == 0], "bold"), (ends[ends["age"] > 0], "normal"))
        if not rows.empty
    ]


def _key(drawn: pd.DataFrame, order: str) -> list[str]:
    """Return what must be known to read the marks, in lines under the axis."""
    part = (~drawn["complete"] & drawn["value"].notna()).any()
    dashed = "dashed: so far, or only a part" if part else ""
    return [*filter(None, [order, dashed]), *signs_of(drawn)]


def _crosses(drawn: pd.DataFrame, x: alt.X, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    missing = drawn["value"].isna()
    signs = ((MISSING, missing & ~drawn[HIDDEN]), (MASKED, drawn[HIDDEN]))
    return [
        alt.Chart(drawn[rows], mark=words(sign, size=14, baseline="bottom", aria=True)).encode(
            x, y=alt.value("height"), description="said:N", tooltip=tooltip
        )
        for sign, rows in signs
        if rows.any()
    ]
