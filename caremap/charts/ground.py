"""Places on the ground without a base map: true to scale at any width, with a scale bar.

The width of a page is known to the drawing alone, so places are kilometres from the middle and
expressions on the width make pixels of them, the same for both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caremap.charts.far import KM_OF_A_MILE
from caremap.charts.figure import INK
from caremap.charts.fitting import fit, text_width
from caremap.charts.look import words, words_over

__all__ = ["Ground", "eastings_northings"]

Align = Literal["left", "right", "center"]
_KM_OF_A_DEGREE = 111.195  # of a great circle, radius 6,371 km
_MARGIN, _FOOT = 26, 34  # pixels around the places, and for the scale bar under them
_WIDTHS = (300, 560, 860)  # pixels of a drawing names are chosen for
_LEAST, _MOST = 240, 520  # pixels of its height
_NAMED = 60  # places whose names are tried
_NAME = 118
_LINE = 14  # pixels of a name's height
_CLEAR = 100  # lines that names keep clear of
_SIDES: tuple[tuple[int, int, Align], ...] = (
    (1, 0, "left"), (-1, 0, "right"), (0, -1, "center"), (0, 1, "center"),
)  # fmt: skip
"""Sides of a place: how far to the right, how far down, and how a name is aligned there."""

Pixels = NDArray[np.float64]


def eastings_northings(places: pd.DataFrame) -> pd.DataFrame:
    """Return kilometres east and north of the middle: ``east``, ``north``.

    A degree of longitude is as long as it is at the middle latitude. Longitudes are cut where the
    widest gap between places is, so that a network across 180 degrees stays in one piece.

    Parameters
    ----------
    places
        ``latitude``, ``longitude`` in degrees, all known.

    Examples
    --------
    >>> places = pd.DataFrame({"latitude": [0.0, 0.0], "longitude": [179.0, -179.0]})
    >>> eastings_northings(places).round(0)
        east  north
    0 -111.0    0.0
    1  111.0    0.0
    """
    longitude = places["longitude"].to_numpy("float64") % 360
    around = np.sort(longitude)
    gaps = np.diff(np.append(around, around[0] + 360))
    start = around[(int(gaps.argmax()) + 1) % len(around)]
    east = (longitude - start) % 360
    latitude = places["latitude"].to_numpy("float64")
    middle = (latitude.min() + latitude.max()) / 2
    per_degree = _KM_OF_A_DEGREE * np.cos(np.radians(middle))
    return pd.DataFrame(
        {
            "east": (east - east.max() / 2) * per_degree,
            "north": (latitude - middle) * _KM_OF_A_DEGREE,
        },
        index=places.index,
    )


@dataclass(frozen=True)
class Ground:
    """An extent of land and how it lies on the paper.

    Attributes
    ----------
    wide, high
        Kilometres from the westernmost to the easternmost place, and from south to north.
    """

    wide: float
    high: float

    @classmethod
    def of(cls, points: pd.DataFrame) -> Ground:
        """Return the extent of places by ``east`` and ``north``; of one place, a kilometre."""
        wide, high = (float(points[side].max() - points[side].min()) for side in ("east", "north"))
        return cls(max(wide, high * 0.05, 1.0), max(high, wide * 0.05, 1.0))

    @property
    def height(self) -> int:
        """Pixels of the drawing: as many as the extent has use for on a page."""
        return round(min(max(620 * self.high / self.wide, _LEAST), _MOST)) + _FOOT

    @property
    def _scale(self) -> str:
        """Pixels of a kilometre, an expression."""
        across = f"(width - {2 * _MARGIN}) / {self.wide}"
        return f"min({across}, (height - {2 * _MARGIN + _FOOT}) / {self.high})"

    def x(self, field: str = "east") -> alt.Value:
        """Return where a column of kilometres east lies."""
        return alt.value(alt.ExprRef(f"width / 2 + datum.{field} * {self._scale}"))

    def y(self, field: str = "north") -> alt.Value:
        """Return where a column of kilometres north lies."""
        middle = f"(height - {_FOOT}) / 2"
        return alt.value(alt.ExprRef(f"{middle} - datum.{field} * {self._scale}"))

    def bar(self, *, miles: bool = False) -> list[alt.Chart]:
        """Return a scale bar in the lower left: a round length, a quarter of the width at most."""
        unit = KM_OF_A_MILE if miles else 1.0
        room = f"(width * 0.3 / ({self._scale}) / {unit})"
        power = f"pow(10, floor(log({room}) / LN10))"
        share = f"({room} / {power})"
        length = f"(({share} >= 5 ? 5 : {share} >= 2 ? 2 : 1) * {power})"
        end = alt.value(alt.ExprRef(f"2 + {length} * {unit} * {self._scale}"))
        one = pd.DataFrame({"one": [""]})
        mark = alt.MarkDef("rule", color=INK, strokeWidth=2, aria=False)
        low = alt.value(alt.ExprRef("height - 6"))
        bar = alt.Chart(one, mark=mark).encode(x=alt.value(2), x2=end, y=low)
        name = "miles" if miles else "km"
        text = alt.value(alt.ExprRef(f"format({length}, ',~f') + ' {name}'"))
        label = alt.Chart(one, mark=words(align="left", baseline="bottom"))
        return [
            bar,
            label.encode(x=alt.value(2), y=alt.value(alt.ExprRef("height - 11")), text=text),
        ]

    def names(self, points: pd.DataFrame, lines: pd.DataFrame) -> list[alt.Chart]:
        """Return the names that have room beside their place, the most important first.

        Parameters
        ----------
        points
            ``name``, ``east``, ``north`` and ``radius`` (pixels), the most important first.
        lines
            What names keep clear of: ``east``, ``north``, ``to_east``, ``to_north``.
        """
        some = points.head(_NAMED)
        sides = pd.DataFrame(
            {f"side{at}": self._sides(points, lines, width) for at, width in enumerate(_WIDTHS)},
            index=some.index,
        )
        drawn = some[["east", "north", "radius"]].join(sides)
        drawn["label"] = [fit(name, _NAME) for name in some["name"]]
        wide, middle = (f"width >= {width}" for width in _WIDTHS[:0:-1])
        chosen = f"({wide} ? datum.side2 : {middle} ? datum.side1 : datum.side0)"
        layers = []
        for side, (right, down, align) in enumerate(_SIDES):
            part = drawn[sides.eq(side).any(axis=1)]
            if part.empty:
                continue
            away = "(datum.radius + 4)" if right else f"(datum.radius + {_LINE / 2 + 1})"
            x = f"width / 2 + datum.east * {self._scale} + {right} * {away}"
            y = f"(height - {_FOOT}) / 2 - datum.north * {self._scale} + {down} * {away}"
            text = alt.value(alt.ExprRef(f"{chosen} == {side} ? datum.label : ''"))
            place = {"x": alt.value(alt.ExprRef(x)), "y": alt.value(alt.ExprRef(y))}
            for mark in words_over(align=align, baseline="middle"):
                layers.append(alt.Chart(part, mark=mark).encode(**place, text=text))
        return layers

    def _sides(self, points: pd.DataFrame, lines: pd.DataFrame, width: int) -> list[int]:
        """Return for the first places on which side their names go; -1 where there is no room."""
        high = self.height - _FOOT
        scale = min((width - 2 * _MARGIN) / self.wide, (high - 2 * _MARGIN) / self.high)

        def pixels(east: pd.Series, north: pd.Series) -> tuple[Pixels, Pixels]:
            return (
                width / 2 + east.to_numpy("float64") * scale,
                high / 2 - north.to_numpy("float64") * scale,
            )

        x, y = pixels(points["east"], points["north"])
        radius = points["radius"].to_numpy("float64")
        places = np.column_stack([x - radius, x + radius, y - radius, y + radius])
        start = pixels(lines["east"], lines["north"])
        end = pixels(lines["to_east"], lines["to_north"])
        taken = np.vstack([places, _along(start, end)])
        sides = []
        for at, name in enumerate(points["name"].head(_NAMED)):
            need = text_width(fit(name, _NAME))
            taken[at] = np.nan  # its own place is no hindrance
            boxes = [_box(x[at], y[at], radius[at], need, side) for side in range(len(_SIDES))]
            side = next(
                (side for side, box in enumerate(boxes)
                 if box[0] >= 0 and box[1] <= width and box[2] >= 0 and box[3] <= high
                 and not _meets(taken, box)),
                -1,
            )  # fmt: skip
            taken[at] = places[at]
            if side >= 0:
                taken = np.vstack([taken, boxes[side]])
            sides.append(side)
        return sides


def _box(x: float, y: float, radius: float, need: float, side: int) -> Pixels:
    """Return the left, right, top and bottom of a name on a side of its place."""
    right, down, _ = _SIDES[side]
    if right:
        near = x + right * (radius + 4)
        left, end = sorted((near, near + right * need))
    else:
        left, end = x - need / 2, x + need / 2
    middle = y + down * (radius + _LINE / 2 + 1)
    return np.array([left, end, middle - _LINE / 2, middle + _LINE / 2])


def _along(start: tuple[Pixels, Pixels], end: tuple[Pixels, Pixels]) -> Pixels:
    """Return small boxes along the first lines."""
    share = np.linspace(0, 1, 60)
    x, y = (
        (first[:_CLEAR, None] + (last - first)[:_CLEAR, None] * share).ravel()
        for first, last in zip(start, end, strict=True)
    )
    return np.column_stack([x - 3, x + 3, y - 3, y + 3])


def _meets(boxes: Pixels, box: Pixels) -> bool:
    """Return whether a box (left, right, top, bottom) meets any of the others."""
    across = (boxes[:, 0] < box[1]) & (boxes[:, 1] > box[0])
    down = (boxes[:, 2] < box[3]) & (boxes[:, 3] > box[2])
    return bool((across & down).any())
