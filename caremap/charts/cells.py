"""What maps of cells share: their axes, colours with numbers on them, and signs.

A column and a row go by a text whose first four letters are its place, as Vega sorts and names
both; the rest is what its label needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.fitting import room
from caremap.charts.places import on_colour
from caremap.charts.points import Every

__all__ = ["FIGURES", "LABEL", "ROW", "down_axis", "figures_in", "filled", "period_axis"]
__all__ += ["period_labels", "sign_in"]

LABEL = 118  # pixels for names: a third of a telephone
ROW = 28
FIGURES = 11.5  # pixels: numbers in cells
_MOST_WITH_NUMBERS = 36  # more columns leave no room for a number, however wide the screen


def filled(
    known: pd.DataFrame, x: alt.X, y: alt.Y, colour: alt.Color, tooltip: list[alt.Tooltip]
) -> alt.Chart:
    """Return the cells that have a figure, as colours."""
    cell = alt.Chart(known, mark=alt.MarkDef("rect", stroke=None))
    return cell.encode(x, y, colour, description="said:N", tooltip=tooltip)


def sign_in(
    cells: pd.DataFrame, sign: str, count: int, x: alt.X, y: alt.Y, tooltip: list[alt.Tooltip]
) -> alt.Chart:
    """Return a sign in each of the cells, which have no figure."""
    size = alt.ExprRef(f"max(6, min(14, width / {count}))")
    mark = alt.MarkDef("text", text=sign, fontSize=size, color=INK)
    return alt.Chart(cells, mark=mark).encode(x, y, description="said:N", tooltip=tooltip)


def figures_in(
    known: pd.DataFrame, count: int, x: alt.X, y: alt.Y, bold: pd.Series
) -> list[alt.Chart]:
    """Return the numbers in the cells, where the columns are wide enough for all of them."""
    if known.empty or count > _MOST_WITH_NUMBERS:
        return []
    need = room(known["figure"].tolist(), FIGURES) + 4
    charts = []
    for cells, heavy in ((known[~bold], False), (known[bold], True)):
        mark = alt.MarkDef(
            "text", fontSize=FIGURES, fontWeight=700 if heavy else 400,
            color=on_colour("value"), aria=False,
        )  # fmt: skip
        chart = alt.Chart(cells, mark=mark).transform_filter(f"width / {count} >= {need:.0f}")
        charts += [chart.encode(x, y, text="figure:N")] if len(cells) else []
    return charts


def period_labels(slots: Sequence[pd.Period], every: Every) -> list[tuple[pd.Period, str]]:
    """Return for every column what its label needs: its rank, the rank before it, its words.

    A label is shown where its rank (the distance to its like) leaves room for it, and holds
    the year where none before it in the year is shown.
    """
    labels = []
    before, year = 0, None
    for at, slot in enumerate(slots):
        rank, words = _RANKS[every](slot, at)
        before = 0 if slot.year != year else before
        labels.append((slot, f"{rank}|{before}|{words}|{slot.year if every != 'year' else ''}"))
        before, year = max(before, rank), slot.year
    return labels


def _power(at: int) -> int:
    return at & -at if at else 64


def _month(slot: pd.Period | pd.Timestamp) -> str:
    return "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[slot.month - 1]


_RANKS: dict[str, Callable[[pd.Period, int], tuple[int, str]]] = {
    "week": lambda slot, at: (_power(at), f"{slot.start_time.day} {_month(slot.start_time)}"),
    "month": lambda slot, _: ({1: 12, 7: 6, 4: 3, 10: 3}.get(slot.month, 1), _month(slot)),
    "quarter": lambda slot, _: ({1: 4, 3: 2}.get(slot.quarter, 1), f"Q{slot.quarter}"),
    "year": lambda slot, at: (_power(at), f"{slot.year}"),
}


def period_axis(count: int, every: Every) -> alt.Axis:
    """Return the axis of the labels of `period_labels`, over the cells."""
    part = "split(slice(datum.value, 4), '|')"
    step, need = f"(width / {count})", 46 if every == "week" else 32
    return alt.Axis(
        title=None,
        orient="top",
        labelExpr=(
            f"toNumber({part}[0]) * {step} < {need} ? '' : toNumber({part}[1]) * {step} < {need} "
            f"? [{part}[3], {part}[2]] : ['', {part}[2]]"
        ),
        labelAngle=0,
        labelBaseline="bottom",
        labelLineHeight=14,
        labelPadding=16,
        labelOverlap=False,
        labelFlush=False,
        labelBound=False,
        labelFontSize=12,
        labelColor=INK,
        domain=False,
        ticks=False,
        grid=False,
    )


def down_axis() -> alt.Axis:
    """Return the axis of names beside the cells; the first four letters keep their order."""
    return alt.Axis(
        title=None,
        labelExpr="split(slice(datum.value, 4), '\\n')",
        labelLimit=0,
        labelOverlap=False,
        labelFlush=False,
        labelLineHeight=13,
        labelFontSize=12,
        labelPadding=6,
        labelOffset={  # the middle of two lines, not of the first
            "condition": {"test": "indexof(datum.value, '\\n') > 0", "value": -6},
            "value": 0,
        },
        labelColor=INK,
        domain=False,
        ticks=False,
        grid=False,
    )
