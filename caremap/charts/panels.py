"""Rows of bars, one panel per measure, drawn as one chart.

Charts put together (concatenated, faceted) do not get the width of the page, a layered one
does. So the panels share it by expressions on its width, and where there is little of it the
names go over the bars.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Quantity
from caremap.charts.fitting import fit, text_width, wrap
from caremap.charts.groups import NOT_ADDED, Groups
from caremap.charts.look import (
    MASKED_FIGURE,
    NO_FIGURE,
    as_percent,
    header,
    number,
    short_number,
    words,
)
from caremap.charts.picking import PICK, faded, outlined, picking

__all__ = ["fits_scale", "label", "panels"]

_ROW = 38  # pixels a group has
_NAMES = 200  # pixels of the names beside the bars
_ABOVE = 310  # pixels of a name above its bar, on a screen of 340
_GAP = 20  # pixels between two measures
_PADDING = 25  # pixels that are taken from the height around the drawing
_OUT_OF_SCALE = 2.0  # how many times the longest bar the others may be before they dwarf it
_WIDE = "width >= 560"  # from here on names stand beside the bars, over them where it is narrower
_FONT = 13


def fits_scale(shown: pd.DataFrame, at: int) -> pd.Series:
    """Return which rows have a bar: the others have none where it would dwarf every group's."""
    values = shown[f"value{at}"]
    longest = values[~shown["kind"].eq("others")].abs().max()
    fits = values.abs().le(_OUT_OF_SCALE * longest) | ~shown["kind"].eq("others")
    return fits & values.notna()


def label(
    row: pd.Series, at: int, measure: Quantity, write: Callable[[float, Quantity], str]
) -> str:
    """Write the figure of a row, with its share of the total where that means something."""
    value, share = row[f"value{at}"], row[f"share{at}"]
    if not np.isfinite(value):
        missing = NOT_ADDED if row["kind"] == "others" else NO_FIGURE
        return MASKED_FIGURE if row[f"hidden{at}"] else missing
    return (
        f"{write(value, measure)} ({as_percent(share)})"
        if np.isfinite(share)
        else write(value, measure)
    )


def panels(groups: Groups, title_of_by: str, measures: Sequence[Quantity]) -> alt.LayerChart:
    """Draw the rows of `groups_of`: names, and for each measure bars with their figures."""
    heads = [wrap(header(measure), 145, _FONT) for measure in measures]
    top = 0 if len(measures) == 1 else 8 + 16 * max(map(len, heads))
    shown = _written(groups.shown, measures)
    place = _Place(len(shown), top, len(measures))
    said = [
        alt.Tooltip("name:N", title=title_of_by),
        *(alt.Tooltip(f"full{at}:N", title=header(measure)) for at, measure in enumerate(measures)),
    ]
    picks = picking() if shown[PICK].ne("").any() else None
    layers = [
        _panel(shown, at, place, said, heads[at] if top else [], picks)
        for at in range(len(measures))
    ]
    return alt.LayerChart(
        layer=[*layers, _names(shown, place, said), *_to_pick(shown, place, said, picks)],
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(x="independent")),
        height=top + _ROW * len(shown) + _PADDING,
    )


def _written(shown: pd.DataFrame, measures: Sequence[Quantity]) -> pd.DataFrame:
    """Add to the rows all that is written in them."""

    def full(value: float, measure: Quantity) -> str:
        return number(value, measure.unit, measure.decimals)

    def short(value: float, measure: Quantity) -> str:
        return short_number(value, measure.unit, measure.decimals)

    names = shown["name"]
    beside = [wrap(name, _NAMES - 16, _FONT) for name in names]
    shown = shown.assign(
        row=range(len(shown)),
        lines=[len(lines) for lines in beside],
        beside=["\n".join(lines) for lines in beside],
        above=[fit(name, _ABOVE, _FONT) for name in names],
    )
    columns: dict[str, list[str]] = {}
    rows = [row for _, row in shown.iterrows()]
    alone = shown.assign(**{f"share{at}": np.nan for at in range(len(measures))})
    for at, measure in enumerate(measures):
        columns[f"full{at}"] = [label(row, at, measure, full) for row in rows]
        columns[f"long{at}"] = [label(row, at, measure, short) for row in rows]
        columns[f"short{at}"] = [label(row, at, measure, short) for _, row in alone.iterrows()]
        columns[f"said{at}"] = [
            f"{row['name']}, {header(measure)}: {label(row, at, measure, full)}" for row in rows
        ]
    return shown.assign(**columns)


class _Place:
    """Where things lie, as expressions on the width and the height of the chart."""

    def __init__(self, rows: int, top: int, panels: int) -> None:
        self.top, self.panels = top, panels
        self._row = f"((height - {top}) / {rows})"
        names = f"({_WIDE} ? {_NAMES} : 0)"
        self.width = f"((width - {names} - {_GAP * (panels - 1)}) / {panels})"
        self._names = names
        self.roomy = f"{self.width} >= 200"

    def down(self, wide: float, narrow: float, less: str = "0") -> alt.Value:
        """Return how far down, in shares of a row from its top, less so many pixels."""
        share = f"(datum.row + ({_WIDE} ? {wide} : {narrow}))"
        return alt.value(alt.ExprRef(f"{self.top} + {share} * {self._row} - {less}"))

    def left(self, panel: int) -> str:
        """Return where a panel begins."""
        return f"{self._names} + {panel} * ({self.width} + {_GAP})"


def _panel(
    shown: pd.DataFrame,
    at: int,
    place: _Place,
    said: list[alt.Tooltip],
    head: list[str],
    picks: alt.Parameter | None,
) -> alt.LayerChart:
    """Return the bars of one measure, with their figures at their ends."""
    mine = ["row", "name", PICK, "kind", *(f"{what}{at}" for what in ("long", "short", "said"))]
    full = [name for name in shown.columns if name.startswith("full")]
    rows = shown[[*mine, *full]].assign(value=shown[f"value{at}"].where(fits_scale(shown, at)))
    rows = rows.assign(end=rows["value"].fillna(0))
    x = _scale(rows, at, place)
    bars = rows[rows["value"].notna()]
    grouped = bars["kind"].eq("group")
    hollow = alt.MarkDef("bar", orient="horizontal", filled=False, fill="transparent")
    solid = alt.MarkDef("bar", orient="horizontal")
    baseline = alt.MarkDef("rule", color=INK, opacity=0.4, aria=False)
    charts = [
        alt.Chart(data, mark=mark).encode(
            x, alt.X2Datum(0), faded(picks), y=place.down(0.16, 0.46), y2=place.down(0.84, 0.9),
            description=f"said{at}:N", tooltip=said,
        )
        for data, mark in ((bars[grouped], solid), (bars[~grouped], hollow))
        if not data.empty
    ]  # fmt: skip
    charts.append(
        alt.Chart(rows.assign(end=0.0), mark=baseline).encode(
            x, y=place.down(0, 0.46), y2=place.down(1, 0.9)
        )
    )
    text = alt.value(alt.ExprRef(f"{place.roomy} ? datum.long{at} : datum.short{at}"))
    for missing, below in ((False, False), (False, True), (True, False)):
        part = rows[rows["value"].isna().eq(missing) & rows["end"].lt(0).eq(below)]
        align, dx = ("right", -5) if below else ("left", 5)
        mark = words(size=_FONT, align=align, dx=dx, baseline="middle", aria=missing)
        if not part.empty:
            charts.append(
                alt.Chart(part, mark=mark).encode(
                    x, y=place.down(0.5, 0.68), text=text,
                    description=f"said{at}:N", tooltip=said,
                )
            )  # fmt: skip
    if head:
        mark = words("\n".join(head), size=_FONT, align="left", baseline="top", fontWeight="bold",
                     lineBreak="\n")  # fmt: skip
        start = alt.value(alt.ExprRef(place.left(at)))
        charts.append(alt.Chart(rows.head(1), mark=mark).encode(x=start, y=alt.value(0)))
    return alt.LayerChart(layer=charts)


def _scale(rows: pd.DataFrame, at: int, place: _Place) -> alt.X:
    """Return the scale of a panel, with room at its ends for the figures."""
    low, high = min(0.0, rows["end"].min()), max(0.0, rows["end"].max())
    long, short = (
        max(text_width(text, _FONT) for text in rows[f"{length}{at}"]) + 8
        for length in ("long", "short")
    )
    room = f"({place.roomy} ? {long:.0f} : {short:.0f})"
    left = place.left(at)
    start = f"{left} + {room if low < 0 else 0}"
    end = f"{left} + {place.width} - {room if high > 0 or low == 0 else 0}"
    scale = alt.Scale(
        domain=[low, high if high > low else low + 1],
        range=[alt.ExprRef(start), alt.ExprRef(end)],
        nice=False, zero=True, padding=0,
    )  # fmt: skip
    return alt.X("end:Q", axis=None, scale=scale)


def _names(shown: pd.DataFrame, place: _Place, said: list[alt.Tooltip]) -> alt.Chart:
    """Return the names of the rows, beside the bars or over them."""
    mark = words(
        size=_FONT,
        lineBreak="\n",
        align=alt.ExprRef(f"{_WIDE} ? 'right' : 'left'"),
        baseline=alt.ExprRef(f"{_WIDE} ? 'middle' : 'bottom'"),
    )
    return alt.Chart(shown, mark=mark).encode(
        x=alt.value(alt.ExprRef(f"{_WIDE} ? {_NAMES - 10} : 0")),
        y=place.down(0.5, 0.42, f"({_WIDE} ? (datum.lines - 1) * 7.5 : 0)"),
        text=alt.value(alt.ExprRef(f"{_WIDE} ? datum.beside : datum.above")),
        tooltip=said,
    )


def _to_pick(
    shown: pd.DataFrame, place: _Place, said: list[alt.Tooltip], picks: alt.Parameter | None
) -> list[alt.Chart]:
    """Return a field over each row that can be picked, from its name to its figures."""
    if picks is None:
        return []
    rows = shown[shown[PICK] != ""]
    mark = alt.MarkDef(
        "rect", fill="transparent", strokeWidth=1.5, cornerRadius=4, cursor="pointer", aria=False
    )
    field = alt.Chart(rows, mark=mark).encode(
        outlined(picks), x=alt.value(0), x2=alt.value(alt.ExprRef("width")),
        y=place.down(0.03, 0.03), y2=place.down(0.97, 0.97), tooltip=said,
    )  # fmt: skip
    return [field.add_params(picks)]
