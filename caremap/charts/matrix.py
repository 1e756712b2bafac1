"""The drawing of a table of cells with several lines of words in each, for any width."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.fitting import wrap
from caremap.charts.look import words
from caremap.charts.places import on_colour

__all__ = ["LINES", "matrix"]

LINES = 5
"""Lines of words a cell has room for."""

_HEAD = 40  # pixels of the names of the columns
_OVER = 24  # pixels of the name of a row, where it stands over it
_CELL = 92
_SIDE = 130  # pixels of the names of the rows, where they stand beside
_WIDE = "width >= 640"
_LINE = 15
_ROOMY = "width >= 900"
_LEFT = f"({_WIDE} ? {_SIDE} : 0)"
_GAP = 4


def matrix(
    cells: pd.DataFrame,
    rows: Sequence[str],
    columns: Sequence[str],
    tooltip: list[alt.Tooltip],
    highest: float,
) -> alt.LayerChart:
    """Draw cells in rows and columns; the deeper the colour, the greater the value.

    Parameters
    ----------
    cells
        ``down`` and ``over`` (positions), ``value`` (NaN: without colour), ``line0`` to
        ``line4`` (words; ``lines`` of them), ``more`` (words there is room for on a wide
        screen alone), ``bold`` (how many lines are), ``said``, and what the tooltip names.
    rows, columns
        Their names.
    tooltip
        What is said of a cell.
    highest
        The value of the deepest colour.

    Returns
    -------
    altair.LayerChart
    """
    row = f"((height - {_HEAD}) / {max(len(rows), 1)})"
    column = f"((width - {_LEFT}) / {max(len(columns), 1)})"
    top = f"({_HEAD} + datum.down * {row} + ({_WIDE} ? 0 : {_OVER}))"
    left = f"({_LEFT} + datum.over * {column})"
    bottom = f"({_HEAD} + (datum.down + 1) * {row} - {_GAP})"
    edges = {
        "x": _at(left), "x2": _at(f"{left} + {column} - {_GAP}"), "y": _at(top), "y2": _at(bottom)
    }  # fmt: skip
    middle = {"x": _at(f"{left} + ({column} - {_GAP}) / 2")}
    coloured, plain = cells[cells["value"].notna()], cells[cells["value"].isna()]
    layers = []
    if len(coloured):
        shade = alt.Color(
            "value:Q", legend=None,
            scale=alt.Scale(type="linear", domain=[0, highest], range="ramp", clamp=True),
        )  # fmt: skip
        cell = alt.Chart(coloured, mark=alt.MarkDef("rect", stroke=None))
        layers.append(cell.encode(shade, description="said:N", tooltip=tooltip, **edges))
    if len(plain):
        outline = alt.MarkDef("rect", fill="transparent", stroke=INK, strokeOpacity=0.35)
        layers.append(
            alt.Chart(plain, mark=outline).encode(description="said:N", tooltip=tooltip, **edges)
        )
    for part, ink in ((coloured, on_colour("value")), (plain, INK)):
        for line in range(LINES + 1 if len(part) else 0):
            mark = words(
                size=12, align="center", baseline="middle", color=ink,
                fontWeight=alt.ExprRef(f"datum.bold > {line} ? 600 : 400"),
            )  # fmt: skip
            extra = f"({_ROOMY} && datum.more != '' ? 1 : 0)"
            own = f"datum.line{line}" if line < LINES else f"({_ROOMY} ? datum.more : '')"
            rank = str(line) if line < LINES else "datum.lines"
            down = f"({top} + {bottom}) / 2 + ({rank} - (datum.lines + {extra} - 1) / 2) * {_LINE}"
            text = alt.value(alt.ExprRef(own))
            layers.append(alt.Chart(part, mark=mark).encode(text=text, y=_at(down), **middle))
    return alt.LayerChart(
        layer=[*layers, *_names(rows, columns, row, column)],
        height=_HEAD + (_CELL + _OVER) * len(rows) + 20,
    )


def _at(expression: str) -> alt.Value:
    return alt.value(alt.ExprRef(expression))


def _names(rows: Sequence[str], columns: Sequence[str], row: str, column: str) -> list[alt.Chart]:
    """Return the names over the columns, and beside the rows or over them."""
    heads = pd.DataFrame(
        {"over": range(len(columns)), "name": ["\n".join(wrap(one, 78, 12)) for one in columns]}
    )
    sides = pd.DataFrame({"down": range(len(rows)), "name": list(rows)})
    head = words(
        size=12, align="center", baseline="bottom", fontWeight=600, lineBreak="\n", lineHeight=14
    )
    heads["lift"] = heads["name"].str.count("\n") * 14
    side = words(size=13, align="left", baseline="middle", fontWeight=600)
    middle = f"({_WIDE} ? {row} / 2 : {_OVER} / 2 + 2)"
    return [
        alt.Chart(heads, mark=head).encode(
            x=_at(f"{_LEFT} + (datum.over + 0.5) * {column}"),
            y=_at(f"{_HEAD} - 8 - datum.lift"),
            text="name:N",
        ),
        alt.Chart(sides, mark=side).encode(
            x=alt.value(0), y=_at(f"{_HEAD} + datum.down * {row} + {middle}"), text="name:N"
        ),
    ]
