"""Small drawings in a grid, as many in a row as there is width for.

Facets do not get the width of the page, a layered chart does: so every mark says in which tile it
lies and where in it, as shares of its width and height, and expressions on the width of the chart
put it there. On a telephone there are fewer in a row, and the same height is shared by more rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.ahead import Pace, on_day
from caremap.charts.figure import INK
from caremap.charts.fitting import fit, text_width
from caremap.charts.keys import BANDS, DOTTED
from caremap.charts.look import number, words

__all__ = ["Mosaic", "ends_of", "marks_up"]

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
    figures
        What is written after the names, which are cut to leave room for it.
    """

    def __init__(
        self,
        names: Sequence[str],
        columns: tuple[int, int],
        head: str = "0",
        most: float = 0,
        row: int = _ROW,
        figures: Sequence[str] = (),
    ) -> None:
        self._names = list(names)
        self._figures = [f": {one}" if one else "" for one in figures] or [""] * len(names)
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
        room = 290 / self._narrow - 8
        both = list(zip(self._names, self._figures, strict=True))
        rows = pd.DataFrame(
            {
                "tile": range(len(both)),
                "name": [f"{name}{figure}" for name, figure in both],
                "short": [
                    f"{fit(name, room - text_width(figure), 12)}{figure}" for name, figure in both
                ],
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

    def named(self, rows: pd.DataFrame) -> list[alt.Chart]:
        """Return the highest and the lowest figure of every tile, at the ends of their columns.

        ``rows`` have ``middle``, ``v``, ``zero`` (where columns begin) and ``shown``.
        """
        groups = rows.groupby("tile")["v"]
        far = rows[rows["v"].eq(groups.transform("max")) | rows["v"].eq(groups.transform("min"))]
        far = far[~far.duplicated(["tile", "v"])]
        layers = []
        for above in (True, False):
            part = far[far["v"].ge(far["zero"]).eq(above)]
            mark = words(size=_FONT, baseline="bottom" if above else "top", fontWeight=600)
            layers.append(
                alt.Chart(part, mark=mark).encode(
                    x=self.x("middle"), y=self.y(more=-3 if above else 3), text="shown:N"
                )
            )
        return [layer for layer in layers if len(layer.data)]

    def place(self, mark: alt.MarkDef, rows: pd.DataFrame, **more: Any) -> alt.Chart:
        """Return a layer whose marks lie at ``u`` and ``v``."""
        return alt.Chart(rows, mark=mark).encode(x=self.x(), y=self.y(), **more)

    def bands(self, placed: pd.DataFrame, levels: Sequence[int]) -> list[alt.Chart]:
        """Return the bands, the widest first, each as far as the days it is for.

        ``placed`` has ``tile``, ``u``, ``half`` (half the width of a step) and the bounds as
        shares of the height, ``at_low_80``, ``at_high_80``, ...
        """
        layers = []
        for at in reversed(range(len(levels))):
            place = min(at, 1)
            sides = {f"at_low_{levels[at]}": "v", f"at_high_{levels[at]}": "top"}
            rows = placed[["tile", "u", "half", *sides]].rename(columns=sides).dropna()
            first, last = rows.groupby("tile").head(1), rows.groupby("tile").tail(1)
            rows = pd.concat(
                [
                    first.assign(u=first["u"] - first["half"]),
                    rows,
                    last.assign(u=last["u"] + last["half"]),
                ]
            ).sort_values(["tile", "u"], kind="stable")
            area = alt.MarkDef(
                "area", orient="vertical", fillOpacity=BANDS[place], opacity=1, line=False,
                aria=False,
            )  # fmt: skip
            edge = alt.MarkDef(
                "line", aria=False, strokeWidth=1.25 if place else 1,
                strokeDash=DOTTED if place else alt.Undefined,
            )  # fmt: skip
            layers.append(self.place(area, rows, y2=self.y("top"), detail="tile:N"))
            layers += [
                self.place(edge, rows.assign(v=rows[side]), detail="tile:N")
                for side in ("v", "top")
            ]
        return layers


def marks_up(tile: int, low: float, top: float, high: float) -> list[dict[str, Any]]:
    """Return the foot of a tile and a round figure near its top, as `Mosaic.levels` takes them.

    ``low`` and ``high`` are the ends of its scale, ``top`` the greatest figure in it.

    Examples
    --------
    >>> [mark["label"] for mark in marks_up(0, 0.0, 38.0, 41.0)]
    ['0', '30']
    >>> [mark["label"] for mark in marks_up(0, 3.5, 6.2, 6.4)]
    ['4', '6']
    """
    if low < 0 or low >= top:
        ends = [low, top]
    elif low == 0:
        ends = [0.0, _round_below(top)]
    else:
        step = _round_below((top - low) / 2)
        ends = [float(np.ceil(low / step) * step), float(np.floor(top / step) * step)]
    return [
        {
            "tile": tile,
            "v": (value - low) / (high - low),
            "label": number(value, "", 0 if float(value).is_integer() else 1),
        }
        for value in dict.fromkeys(ends)
    ]


def _round_below(value: float) -> float:
    """Return the greatest round number that is not above the value."""
    if value <= 0:
        return 0.0
    power = 10.0 ** np.floor(np.log10(value))
    steps = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
    return float(max([power, *(step * power for step in steps if step * power <= value)]))


def ends_of(placed: pd.DataFrame, every: Pace) -> pd.DataFrame:
    """Return the first and the last day of every tile, as `Mosaic.feet` takes them."""
    rows = []
    for tile, part in placed.groupby("tile"):
        first, last = part.iloc[0], part.iloc[-1]
        ends = [(first["date"], float(first["u"] - first["half"]), "left")]
        if last["date"] > first["date"]:
            ends.append((last["date"], float(last["u"] + last["half"]), "right"))
        for day, u, align in ends:
            label = on_day(day, every).removeprefix("week of ")
            short = on_day(day, "week").removeprefix("week of ")
            rows.append({"tile": tile, "u": u, "align": align, "label": label, "short": short})
    return pd.DataFrame(rows)
