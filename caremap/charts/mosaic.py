"""Small drawings in a grid, as many in a row as there is width for.

Facets do not get the width of the page, a layered chart does: so every mark says in which tile it
lies and where in it, as shares of its width and height, and expressions on the width of the chart
put it there. On a telephone there are fewer in a row, and the same height is shared by more rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.fitting import fit
from caremap.charts.look import words

__all__ = ["Mosaic"]

_WIDE = "width >= 560"
_GAP = 18  # pixels between two tiles of a row
_TITLE, _FOOT = 20, 34  # pixels of a tile for its name, and for the words under it
_SCALE = 34  # pixels at the left of a tile for what its lines mean
_ROW = 168  # pixels of a row where it is wide; narrow ones are no lower
_FONT = 11


class Mosaic:
    """Where the tiles of a chart lie.

    Data have ``tile`` (its place, from 0), ``u`` and ``v`` (where in it, from the left and from
    the bottom, as shares).

    Parameters
    ----------
    names
        Of the tiles.
    columns
        How many stand in a row: on a wide page, and on a telephone.
    head
        Pixels over the tiles, an expression on the width.
    most
        The same where it is most.
    row
        Pixels of a row.
    """

    def __init__(
        self,
        names: Sequence[str],
        columns: tuple[int, int],
        head: str = "0",
        most: float = 0,
        row: int = _ROW,
    ) -> None:
        self._names = list(names)
        wide, narrow = (max(1, min(many, len(names))) for many in columns)
        self._narrow = narrow
        self._columns = f"({_WIDE} ? {wide} : {narrow})"
        rows = [-(-max(len(names), 1) // many) for many in (wide, narrow)]
        self.height = round(row * max(rows) * (0.85 if rows[1] > rows[0] else 1) + most)
        self._rows = f"({_WIDE} ? {rows[0]} : {rows[1]})"
        self._head = head
        self._width = f"((width - {_GAP} * ({self._columns} - 1)) / {self._columns})"
        self._high = f"((height - {head}) / {self._rows})"

    def x(self, field: str = "u", more: float = 0) -> alt.Value:
        """Return how far right: a share of the part of the tile that is drawn in."""
        left = f"(datum.tile % {self._columns}) * ({self._width} + {_GAP})"
        inner = f"({self._width} - {_SCALE})"
        return alt.value(alt.ExprRef(f"{left} + {_SCALE} + datum.{field} * {inner} + {more}"))

    def y(self, field: str = "v", more: float = 0) -> alt.Value:
        """Return how far down: a share of the part of the tile that is drawn in."""
        inner = f"({self._high} - {_TITLE + _FOOT})"
        return alt.value(
            alt.ExprRef(f"{self._top} + {_TITLE} + (1 - datum.{field}) * {inner} + {more}")
        )

    @property
    def _top(self) -> str:
        return f"({self._head} + floor(datum.tile / {self._columns}) * {self._high})"

    def titles(self, tooltip: str = "Part") -> alt.Chart:
        """Return the names of the tiles."""
        room = 310 / self._narrow - 8
        rows = pd.DataFrame(
            {
                "tile": range(len(self._names)),
                "name": self._names,
                "short": [fit(name, room * 1.06, 12) for name in self._names],
                "u": 0.0,
            }
        )
        mark = words(size=12, align="left", baseline="top", fontWeight=600)
        text = alt.value(alt.ExprRef(f"{_WIDE} ? datum.name : datum.short"))
        return alt.Chart(rows, mark=mark).encode(
            x=self.x(more=-_SCALE), y=alt.value(alt.ExprRef(f"{self._top} + 1")), text=text,
            tooltip=alt.Tooltip("name:N", title=tooltip),
        )  # fmt: skip

    def levels(self, marks: pd.DataFrame) -> list[alt.Chart]:
        """Return lines across tiles with their figures: ``tile``, ``v``, ``label``."""
        rule = alt.MarkDef("rule", color=INK, opacity=0.2, aria=False)
        text = words(size=_FONT, align="right", baseline="middle")
        rows = marks.assign(u=0.0, end=1.0)
        return [
            alt.Chart(rows, mark=rule).encode(x=self.x(), x2=self.x("end"), y=self.y()),
            alt.Chart(rows, mark=text).encode(x=self.x(more=-4), y=self.y(), text="label:N"),
        ]

    def feet(self, marks: pd.DataFrame) -> alt.Chart:
        """Return words under the tiles: ``tile``, ``u``, ``label``, ``short``, ``align``."""
        text = words(
            size=_FONT, baseline="top", lineBreak="\n", align=alt.ExprRef("datum.align"),
        )  # fmt: skip
        rows = marks.assign(v=0.0)
        said = alt.value(alt.ExprRef(f"{_WIDE} ? datum.label : datum.short"))
        return alt.Chart(rows, mark=text).encode(x=self.x(), y=self.y(more=5), text=said)

    def place(self, mark: alt.MarkDef, rows: pd.DataFrame, **more: Any) -> alt.Chart:
        """Return a layer whose marks lie at ``u`` and ``v``."""
        return alt.Chart(rows, mark=mark).encode(x=self.x(), y=self.y(), **more)
