"""The drawing of two groupings crossed: cells, numbers, signs, and names that fit any width."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from caremap.charts.cells import (
    FIGURES,
    LABEL,
    ROW,
    down_axis,
    figures_in,
    filled,
    period_axis,
    period_labels,
    sign_in,
)
from caremap.charts.figure import INK, Quantity
from caremap.charts.fitting import fit, room, wrap
from caremap.charts.look import MASKED, adds_up, header, nothing, words
from caremap.charts.picking import PICK, PICK_THEN, outlined, picking
from caremap.charts.points import Every, capital

__all__ = ["cross_cells"]

_COLUMN = 92  # pixels a name over a column may take, lying
_ABOVE = 96  # pixels for the legend, its title in two lines: a squeezed row would cut its name
_STANDING = 96  # and standing, where columns are narrower
_BETWEEN = "\n\n"  # of the two ways to write a name; names have one line


def cross_cells(
    cells: pd.DataFrame,
    down: pd.DataFrame,
    across: pd.DataFrame,
    measure: Quantity,
    titles: Sequence[str],
    every: Every | None,
) -> alt.LayerChart:
    """Draw the cells, a row for each group of the one side, a column for each of the other.

    Parameters
    ----------
    cells
        ``down``, ``across`` (keys), ``value``, ``hidden``, ``n`` and what is told of them.
    down, across
        The groups in order: ``key``, ``name``, ``pick``.
    measure
        What the figures are.
    titles
        What a group is, down and across.
    every
        What one period is, where periods go across.

    Returns
    -------
    altair.LayerChart
    """
    known, hidden = cells[cells["value"].notna()], cells[cells["hidden"]]
    if known.empty and hidden.empty:
        return nothing("No cell has a figure.")
    count = len(across)
    rows = [f"{at:04d}" + "\n".join(wrap(name, LABEL)) for at, name in enumerate(down["name"])]
    columns, axis = _columns(across, every)
    places = cells.assign(
        row=cells["down"].map(dict(zip(down["key"], rows, strict=True))),
        column=cells["across"].map(dict(zip(across["key"], columns, strict=True))),
        **{
            PICK: cells["down"].map(dict(zip(down["key"], down["pick"], strict=True))),
            PICK_THEN: cells["across"].map(dict(zip(across["key"], across["pick"], strict=True))),
        },
    )
    places = places.drop(columns=["down", "across", "complete"])
    x = alt.X("column:O", axis=axis, scale=alt.Scale(domain=columns))
    y = alt.Y("row:O", axis=down_axis(), scale=alt.Scale(domain=rows))
    tooltip = [
        alt.Tooltip("name:N", title=titles[0]),
        alt.Tooltip("when:N", title=capital(every) if every else titles[1]),
        alt.Tooltip("shown:N", title=header(measure)),
    ]
    if cells["of"].ne("").any():
        tooltip.append(alt.Tooltip("of:N", title="Computed from"))
    known, hidden = places[places["value"].notna()], places[places["hidden"]]
    rest = known[PICK].eq("") | known[PICK_THEN].eq("")
    layers = _others(known[rest], count, x, y, tooltip)
    if not rest.all():
        named = known[~rest]
        layers.append(filled(named, x, y, _colour(named["value"], measure), tooltip))
        layers += figures_in(named, count, x, y, named["value"].isna())
    if len(hidden):
        layers.append(sign_in(hidden, MASKED, count, x, y, tooltip))
    layers += _to_pick(known, x, y, tooltip)
    return alt.LayerChart(
        layer=layers, height=ROW * len(rows) + _ABOVE + (30 if every else _STANDING)
    )


def _others(
    rest: pd.DataFrame, count: int, x: alt.X, y: alt.Y, tooltip: list[alt.Tooltip]
) -> list[alt.Chart]:
    """Return the cells of what was put together, hollow: no colour is left for groups beside it."""
    if rest.empty:
        return []
    hollow = alt.MarkDef("rect", filled=False, fill="transparent", opacity=1)
    need = room(rest["figure"].tolist(), FIGURES) + 4
    figures = alt.Chart(rest, mark=words(size=FIGURES)).encode(x, y, text="figure:N")
    return [
        alt.Chart(rest, mark=hollow).encode(x, y, description="said:N", tooltip=tooltip),
        figures.transform_filter(f"width / {count} >= {need:.0f}"),
    ]


def _columns(across: pd.DataFrame, every: Every | None) -> tuple[list[str], alt.Axis]:
    """Return the texts columns go by, and the axis that writes them."""
    if every:
        labels = period_labels(across["key"].tolist(), every)
        return [f"{at:04d}{label}" for at, (_, label) in enumerate(labels)], period_axis(
            len(labels), every
        )
    lying = [wrap(name, _COLUMN) for name in across["name"]]
    need = max(room(lines) for lines in lying) + 8
    columns = [
        f"{at:04d}" + "\n".join(lines) + _BETWEEN + fit(name, _STANDING)
        for at, (lines, name) in enumerate(zip(lying, across["name"], strict=True))
    ]
    lies = f"width / {len(columns)} >= {need:.0f}"
    text = f"split(slice(datum.value, 4), '{_BETWEEN}')".replace("\n", "\\n")
    axis = alt.Axis(
        title=None,
        orient="top",
        labelExpr=f"{lies} ? split({text}[0], '\\n') : {text}[1]",
        labelAngle=alt.ExprRef(f"{lies} ? 0 : -90"),
        labelAlign=alt.ExprRef(f"{lies} ? 'center' : 'left'"),
        labelBaseline=alt.ExprRef(f"{lies} ? 'bottom' : 'middle'"),
        labelLineHeight=14,
        labelPadding=alt.ExprRef(f"{lies} ? {6 + 14 * (max(map(len, lying)) - 1)} : 6"),
        labelLimit=0,
        labelOverlap=False,
        labelFlush=False,
        labelBound=False,
        labelFontSize=12,
        labelColor=INK,
        domain=False,
        ticks=False,
        grid=False,
    )
    return columns, axis


def _colour(values: pd.Series, measure: Quantity) -> alt.Color:
    """Return the colours of the theme: of what adds up from zero, else from the least."""
    low, high = float(values.min()), float(values.max())
    low = min(low, 0.0) if adds_up(measure) or low == high else low
    legend = alt.Legend(
        title=wrap(header(measure), 215),
        orient="top",
        direction="horizontal",
        gradientLength=200,
        gradientThickness=12,
        titleLimit=0,
        labelFontSize=12,
        titleFontSize=12,
        tickCount=4,
        titleColor=INK,
        labelColor=INK,
        offset=8,
        padding=0,
    )
    scale = alt.Scale(type="linear", domain=[low, high if high > low else low + 1], nice=False)
    return alt.Color("value:Q", scale=scale, legend=legend)


def _to_pick(
    known: pd.DataFrame, x: alt.X, y: alt.Y, tooltip: list[alt.Tooltip]
) -> list[alt.Chart]:
    """Return a field over each cell that can be picked."""
    cells = known[known[PICK].ne("") & known[PICK_THEN].ne("")]
    if cells.empty:
        return []
    picks = picking(PICK, PICK_THEN)
    mark = alt.MarkDef("rect", fill="transparent", strokeWidth=2.5, cursor="pointer", aria=False)
    field = alt.Chart(cells, mark=mark).encode(x, y, outlined(picks), tooltip=tooltip)
    return [field.add_params(picks)]
