"""The drawing of several scenarios: a strip each, one scale for all, the baseline in every one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.fitting import fit, text_width, wrap
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.look import INKED, number, words

__all__ = ["scenario_strips"]

_STRIP = 104
_HEAD = 24  # pixels of a strip over its lines, for the name where it is narrow
_NAMES = 170
_AXIS = 56  # pixels of the time axis
_GAP = 6  # pixels under the keys
_WIDE = "width >= 560"
_BEDS = [8, 3, 2, 3]  # dashes, as in all charts
_USUAL = [5, 3]

Down = Callable[[str], Any]


def scenario_strips(rows: pd.DataFrame, baseline: str) -> alt.LayerChart:
    """Draw a strip for every scenario.

    Parameters
    ----------
    rows
        ``strip`` (its place), ``name``, ``date``, ``median``, ``low``, ``high``, ``beds``,
        ``usual`` (the median of the baseline), ``shown``, ``within``, ``said``, and ``peak``
        (what is written at the right of a strip).
    baseline
        What the baseline is called.

    Returns
    -------
    altair.LayerChart
        Without a title, as wide as it is told to be, readable from 340 pixels on.
    """
    keys = Keys(_keys(rows, baseline))
    count = int(rows["strip"].max()) + 1
    figures = pd.concat([rows[name] for name in ("low", "high", "median", "beds", "usual")])
    least, most = _reach(figures.dropna())
    top = f"({keys.height} + {_GAP})"
    step = f"((height - {top}) / {count})"

    def down(value: str) -> Any:
        share = f"(({value} - {least!r}) / {most - least!r})"
        foot = f"{top} + (datum.strip + 1) * {step} - 5"
        return alt.value(alt.ExprRef(f"{foot} - {share} * ({step} - {_HEAD} - 5)"))

    aside = max(text_width(text, 12) for text in rows["peak"]) + 10
    x = _across(rows["date"], aside)
    tooltip = [
        alt.Tooltip("name:N", title="Scenario"),
        alt.Tooltip("day:N", title="Day"),
        alt.Tooltip("shown:N", title="Patients (median)"),
        alt.Tooltip("within:N", title="80 % of futures"),
    ]
    ends = (alt.value(alt.ExprRef(f"({_WIDE} ? {_NAMES} : 0)")),
            alt.value(alt.ExprRef(f"width - {aside:.0f}")))  # fmt: skip
    layers = [
        *_frame(rows, least, most, down, ends),
        *_band(rows, x, down),
        *_lines(rows, x, down),
        _points(rows, x, down, tooltip),
        *_names(rows, top, step, down, ends[1]),
        *keys.charts(),
    ]
    return alt.LayerChart(
        layer=[one for one in layers if len(one.data)],
        height=_STRIP * count + keys.most + _GAP + _AXIS,
    )


def _keys(rows: pd.DataFrame, baseline: str) -> list[Key]:
    several = rows["strip"].max() > 0
    return [
        Key("known", "Median of patients in hospital", "Median"),
        Key("band0", "80 % of futures (the upper edge: nine of ten are below)", "80 % of futures"),
        *([Key("mark", f"Median of the {baseline.lower()}", baseline)] if several else []),
        *([Key("beds", "Staffed beds", "Beds")] if rows["beds"].notna().any() else []),
    ]


def _reach(values: pd.Series) -> tuple[float, float]:
    """Return whole numbers that all figures lie between; lines need no zero, and 0 is the least."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    room = 0.08 * (high - low) or 1.0
    return float(max(math.floor(low - room), 0)), float(math.ceil(high + room))


def _across(dates: pd.Series, aside: float) -> alt.X:
    axis = alt.Axis(
        title="Day", format="%-d %b", grid=False, labelOverlap="greedy", labelSeparation=8,
        tickCount=alt.ExprRef(f"{_WIDE} ? 8 : 4"), labelPadding=6, titlePadding=8,
        labelFlush=False, **INKED,
    )  # fmt: skip
    half = pd.Timedelta(hours=12)
    first, last = pd.Timestamp(dates.min()) - half, pd.Timestamp(dates.max()) + half
    scale = alt.Scale(
        domain=[_moment(first), _moment(last)],
        range=[alt.ExprRef(f"({_WIDE} ? {_NAMES} : 0)"), alt.ExprRef(f"width - {aside:.0f}")],
        nice=False, padding=0,
    )  # fmt: skip
    return alt.X("date:T", axis=axis, scale=scale)


def _moment(day: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day, hours=day.hour)


def _frame(
    rows: pd.DataFrame, least: float, most: float, down: Down, ends: tuple[Any, Any]
) -> list[alt.Chart]:
    """Return the foot and the top of each strip, with what they mean."""
    strips = rows.drop_duplicates("strip")[["strip"]]
    both = pd.concat([strips.assign(value=value) for value in (least, most)])
    both = both.assign(label=[number(value) for value in both["value"]])
    rule = alt.MarkDef("rule", color=INK, opacity=0.3, aria=False)
    text = words(size=11, align="left", dx=4, baseline="middle")
    return [
        alt.Chart(both, mark=rule).encode(x=ends[0], x2=ends[1], y=down("datum.value")),
        alt.Chart(both, mark=text).encode(x=ends[1], y=down("datum.value"), text="label:N"),
    ]


def _band(rows: pd.DataFrame, x: alt.X, down: Down) -> list[alt.Chart]:
    area = alt.MarkDef("area", opacity=1, fillOpacity=BANDS[0], line=False, aria=False)
    edge = alt.MarkDef("line", strokeWidth=1, aria=False)
    return [
        alt.Chart(rows, mark=area).encode(
            x, y=down("datum.low"), y2=down("datum.high"), detail="strip:N"
        ),
        alt.Chart(rows, mark=edge).encode(x, y=down("datum.high"), detail="strip:N"),
    ]


def _lines(rows: pd.DataFrame, x: alt.X, down: Down) -> list[alt.Chart]:
    usual = rows[rows["strip"].gt(0) & rows["usual"].notna()]
    beds = rows[rows["beds"].notna()]
    looks: tuple[tuple[pd.DataFrame, str, dict[str, Any]], ...] = (
        (usual, "usual", {"strokeWidth": 1.5, "strokeDash": _USUAL}),
        (beds, "beds", {"strokeWidth": 2, "strokeDash": _BEDS, "interpolate": "step"}),
        (rows, "median", {"strokeWidth": 1.75, "strokeJoin": "round"}),
    )
    return [
        alt.Chart(part, mark=alt.MarkDef("line", color=INK, aria=False, **look)).encode(
            x, y=down(f"datum.{name}"), detail="strip:N"
        )
        for part, name, look in looks
    ]


def _points(rows: pd.DataFrame, x: alt.X, down: Down, tooltip: list[alt.Tooltip]) -> alt.Chart:
    size = 18 if rows["date"].nunique() <= 45 else 6
    dot = alt.MarkDef("point", filled=True, color=INK, size=size, opacity=1)
    return alt.Chart(rows, mark=dot).encode(
        x, y=down("datum.median"), description="said:N", tooltip=tooltip
    )


def _names(rows: pd.DataFrame, top: str, step: str, down: Down, end: Any) -> list[alt.Chart]:
    """Return the names of the scenarios and, at the right, how high each peaks."""
    names = rows.drop_duplicates("strip")[["strip", "name", "peak", "highest"]]
    names = names.assign(
        beside=["\n".join(wrap(name, _NAMES - 14, 13)) for name in names["name"]],
        above=[fit(name, 300, 13) for name in names["name"]],
    )
    mark = words(
        size=13, lineBreak="\n",
        align=alt.ExprRef(f"{_WIDE} ? 'right' : 'left'"),
        baseline=alt.ExprRef(f"{_WIDE} ? 'middle' : 'top'"),
    )  # fmt: skip
    middle = f"{top} + (datum.strip + 0.5) * {step}"
    peak = words(size=12, align="left", dx=4, baseline="middle", fontWeight=600)
    return [
        alt.Chart(names, mark=mark).encode(
            x=alt.value(alt.ExprRef(f"{_WIDE} ? {_NAMES - 10} : 0")),
            y=alt.value(alt.ExprRef(f"{_WIDE} ? {middle} : {top} + datum.strip * {step} + 2")),
            text=alt.value(alt.ExprRef(f"{_WIDE} ? datum.beside : datum.above")),
        ),
        alt.Chart(names, mark=peak).encode(
            x=end,
            y=down("datum.highest"),
            text="peak:N",
        ),
    ]
