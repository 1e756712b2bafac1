"""A point in each lane with the interval chance leaves it: full, or hollow if not judged."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.lanes import Across, Lanes
from caremap.charts.years import OUTLINE

__all__ = ["AXIS", "hollow_point", "line_across", "points_in_lanes", "room_for"]

AXIS = 48
"""Pixels of an axis over or under lanes, so that few of them have their height too."""

_MOST_ROOM = 0.08  # of the span of the figures, left on either side


def points_in_lanes(
    rows: pd.DataFrame, lanes: Lanes, x: Across, tooltip: Sequence[alt.Tooltip]
) -> list[alt.Chart]:
    """Return intervals and points.

    Parameters
    ----------
    rows
        One for each lane that has a figure: ``row`` (its lane), ``value``, ``low`` and ``high``
        (missing: no interval), ``hollow`` (not judged) and ``said`` (the sentence read out).
    lanes, x
        Where lanes lie, and the scale across them.
    tooltip
        What the pointer is told.
    """
    y = lanes.down(0.5, 0.68)
    line = alt.MarkDef("rule", color=INK, strokeWidth=2, aria=False)
    layers = []
    with_interval = rows[rows["low"].notna() & rows["high"].notna()]
    if len(with_interval):
        chart = alt.Chart(with_interval, mark=line)
        layers.append(chart.encode(x("low"), alt.X2("high"), y=y, tooltip=tooltip))
    full = alt.MarkDef("point", size=110, opacity=1, filled=True)
    for part, mark in ((rows[~rows["hollow"]], full), (rows[rows["hollow"]], hollow_point())):
        if len(part):
            layers.append(
                alt.Chart(part.assign(one=""), mark=mark).encode(
                    x("value"), OUTLINE, y=y, description="said:N", tooltip=tooltip
                )
            )
    return layers


def hollow_point() -> alt.MarkDef:
    """Return a ring that hides what lies behind it; its outline is `OUTLINE`."""
    return alt.MarkDef(
        "point", size=110, opacity=1, filled=True, fill=alt.ExprRef("background"), strokeWidth=2
    )


def line_across(value: float, lanes: Lanes, x: Across, dash: Sequence[int] = (5, 3)) -> alt.Chart:
    """Return a line through all lanes, on a telephone not through the words over them."""
    rows = lanes.written[["row"]].assign(value=value)
    mark = alt.MarkDef("rule", color=INK, strokeWidth=1.5, strokeDash=list(dash), aria=False)
    return alt.Chart(rows, mark=mark).encode(
        x("value"), y=lanes.down(0, 0.46), y2=lanes.down(1, 0.96)
    )


def room_for(values: Sequence[float]) -> tuple[float, float]:
    """Return from where to where a scale runs that shows all of these, with a little room.

    Examples
    --------
    >>> room_for([0.0, 1.0, float("nan")])
    (-0.08, 1.08)
    >>> room_for([2.0])
    (1.92, 2.08)
    """
    known = [value for value in values if value == value]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    room = ((high - low) or 1.0) * _MOST_ROOM
    return round(low - room, 12), round(high + room, 12)
