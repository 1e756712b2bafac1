"""The drawing of several groups over time: a strip each, one scale for all.

Facets do not get the width of the page, a layered chart does: the strips share its height by
expressions, as the rows of `caremap.charts.panels` do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd

from caremap.charts.figure import INK, Quantity
from caremap.charts.fitting import fit, wrap
from caremap.charts.frames import UNKNOWN
from caremap.charts.look import (
    MASKED,
    MASKED_FIGURE,
    MISSING,
    header,
    nothing,
    number,
    short_number,
    words,
)
from caremap.charts.points import Every, capital
from caremap.charts.timeline import DASHES, Across, across, reach
from caremap.hidden import HIDDEN

__all__ = ["strips"]

_STRIP = 74
_HEAD = 20  # pixels of a strip over its columns, for the name where it is narrow
_NAMES = 170
_WIDE = "width >= 560"
_SCALE = 46  # pixels at the right for what the line on top means
_AXIS = 60  # pixels of the time axis

Down = Callable[[str], Any]


def strips(
    strip: pd.DataFrame, slots: pd.DataFrame, measure: Quantity, title_of_by: str, every: Every
) -> alt.LayerChart:
    """Draw a strip for every group: ``strip`` (its place), ``name``, ``start``, ``value``.

    ``slots`` are the periods as `caremap.charts.points.points_of` returns them. What is not
    whole is hollow and dashed, what has no figure a cross, what is hidden two dots.
    """
    known = strip[strip["value"].notna()]
    if known.empty:
        return nothing("No figure can be shown.")
    columns = measure.kind == "flow"
    low, high = reach(known["value"], from_zero=columns)
    count = int(strip["strip"].max()) + 1
    points = _told(strip, slots, measure)
    step = f"(height / {count})"
    zero = max(low, 0.0)

    def down(value: str) -> Any:
        share = f"(({value} - {low!r}) / {high - low!r})"
        return alt.value(
            alt.ExprRef(f"(datum.strip + 1) * {step} - 4 - {share} * ({step} - {_HEAD} - 4)")
        )

    x = across(slots, every, f"({_WIDE} ? {_NAMES} : 0)", f"width - {_SCALE}")
    tooltip = [
        alt.Tooltip("name:N", title=title_of_by),
        alt.Tooltip("when:N", title=capital(every)),
        alt.Tooltip("shown:N", title=header(measure)),
        alt.Tooltip("state:N", title="Covers"),
    ]
    drawn = points[points["value"].notna()]
    layers = [*_scale_lines(points, measure, known["value"].max(), down, zero)]
    if columns:
        layers += _columns(drawn, x, down, repr(zero), tooltip)
    else:
        layers += _line(drawn, x, down, tooltip)
    for sign, part in ((MISSING, ~points[HIDDEN]), (MASKED, points[HIDDEN])):
        missing = points[points["value"].isna() & part]
        mark = words(sign, size=12, baseline="bottom", aria=True)
        chart = alt.Chart(missing, mark=mark).encode(
            x("middle"), y=down(repr(zero)), description="said:N", tooltip=tooltip
        )
        layers += [chart] if len(missing) else []
    layers.append(_names(points, step))
    return alt.LayerChart(layer=layers, height=_STRIP * count + _AXIS)


def _told(strip: pd.DataFrame, slots: pd.DataFrame, measure: Quantity) -> pd.DataFrame:
    """Add to the strips where periods lie and all that is said of them."""
    places = slots[["start", "left", "middle", "right", "name", "state", "complete"]]
    points = strip.merge(places.rename(columns={"name": "when"}), on="start", how="left")
    full = [number(value, measure.unit, measure.decimals) for value in points["value"]]
    shown = [
        MASKED_FIGURE if hidden else text for hidden, text in zip(points[HIDDEN], full, strict=True)
    ]
    points = points.assign(shown=shown)
    said = map("{}, {}: {}, {}".format, points["name"], points["when"], shown, points["state"])
    return points.assign(said=list(said))


def _columns(
    drawn: pd.DataFrame, x: Across, down: Down, zero: str, tooltip: list[alt.Tooltip]
) -> list[alt.Chart]:
    """Return a column per period, hollow where it is not whole or the strip is no group."""
    group = drawn["complete"] & ~_apart(drawn)
    solid = alt.MarkDef("rect", stroke=None)
    hollow = alt.MarkDef("rect", filled=False, fill="transparent", opacity=1)
    dashed = alt.MarkDef("rect", filled=False, fill="transparent", opacity=1, strokeDash=DASHES)
    parts = (
        (drawn[group], solid),
        (drawn[drawn["complete"] & ~group], hollow),
        (drawn[~drawn["complete"]], dashed),
    )
    return [
        alt.Chart(part, mark=mark).encode(
            x("left"), alt.X2("right"), y=down("datum.value"), y2=down(zero),
            description="said:N", tooltip=tooltip,
        )
        for part, mark in parts
        if len(part)
    ]  # fmt: skip


def _apart(rows: pd.DataFrame) -> pd.Series:
    """Return what is no group: the others, and what is not known."""
    return rows["name"].eq(UNKNOWN) | rows["name"].str.fullmatch(r"Others \([\d,]+ groups\)")


def _line(
    drawn: pd.DataFrame, x: Across, down: Down, tooltip: list[alt.Tooltip]
) -> list[alt.Chart]:
    """Return a line through the whole periods of each strip, broken where one has no figure."""
    whole, part = drawn[drawn["complete"]], drawn[~drawn["complete"]]
    size = 30 if drawn["start"].nunique() <= 40 else 8
    marks = (
        (whole, alt.MarkDef("point", filled=True, size=size, opacity=1)),
        (part, alt.MarkDef("point", filled=False, fill="transparent", size=40, opacity=1)),
    )
    runs = whole.sort_values(["strip", "start"])
    place = runs["start"].map(
        {start: at for at, start in enumerate(sorted(drawn["start"].unique()))}
    )
    broken = runs["strip"].ne(runs["strip"].shift()) | place.diff().ne(1)
    line = alt.Chart(
        runs.assign(run=broken.cumsum()), mark=alt.MarkDef("line", aria=False, strokeWidth=1.5)
    )
    points = [
        alt.Chart(rows, mark=mark).encode(
            x("middle"), y=down("datum.value"), description="said:N", tooltip=tooltip
        )
        for rows, mark in marks
        if len(rows)
    ]
    lines = [line.encode(x("middle"), y=down("datum.value"), detail="run:N")] if len(runs) else []
    return [*lines, *points]


def _scale_lines(
    points: pd.DataFrame, measure: Quantity, high: float, down: Down, zero: float
) -> list[alt.Chart]:
    """Return in every strip a line at its foot and one at the greatest figure of all, named."""
    ends = points.drop_duplicates("strip")[["strip"]]
    start = alt.value(alt.ExprRef(f"{_WIDE} ? {_NAMES} : 0"))
    end = alt.value(alt.ExprRef(f"width - {_SCALE}"))
    both = pd.concat([ends.assign(value=value) for value in dict.fromkeys((zero, high))])
    rule = alt.MarkDef("rule", color=INK, opacity=0.35, aria=False)
    text = words(size=11, align="left", dx=4, baseline="middle")
    named = both.assign(label=[short_number(value, measure.unit, measure.decimals if value else 0)
                               for value in both["value"]])  # fmt: skip
    return [
        alt.Chart(both, mark=rule).encode(x=start, x2=end, y=down("datum.value")),
        alt.Chart(named, mark=text).encode(x=end, y=down("datum.value"), text="label:N"),
    ]


def _names(points: pd.DataFrame, step: str) -> alt.Chart:
    """Return the names of the strips, beside them or over them."""
    names = points.drop_duplicates("strip")[["strip", "name"]]
    names = names.assign(
        beside=["\n".join(wrap(name, _NAMES - 14, 13)) for name in names["name"]],
        above=[fit(name, 280, 13) for name in names["name"]],
    )
    mark = words(
        size=13,
        lineBreak="\n",
        align=alt.ExprRef(f"{_WIDE} ? 'right' : 'left'"),
        baseline=alt.ExprRef(f"{_WIDE} ? 'bottom' : 'top'"),
    )
    lines = "(indexof(datum.beside, '\\n') < 0 ? 0 : 16)"
    foot = f"(datum.strip + 1) * {step} - 22 - {lines}"
    return alt.Chart(names, mark=mark).encode(
        x=alt.value(alt.ExprRef(f"{_WIDE} ? {_NAMES - 10} : 0")),
        y=alt.value(alt.ExprRef(f"{_WIDE} ? {foot} : datum.strip * {step} + 2")),
        text=alt.value(alt.ExprRef(f"{_WIDE} ? datum.beside : datum.above")),
    )
