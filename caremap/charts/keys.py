"""What the marks of a chart mean, said in a line over the drawing.

A legend of the theme tells colours apart; here shapes, dashes and shades are told apart, so that
the chart reads alike in grey. As charts have no width of their own, the line breaks where there is
no room, by expressions on the width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.fitting import text_width
from caremap.charts.look import words
from caremap.charts.years import OUTLINE

__all__ = ["BANDS", "CENTRE", "DOTTED", "KNOWN", "Key", "Keys", "Sign"]

Sign = Literal[
    "known",
    "expected",
    "band0",
    "band1",
    "high",
    "low",
    "beds",
    "point",
    "dot",
    "ring",
    "solid",
    "pale",
    "hollow",
    "mark",
    "limit",
    "miss",
]

CENTRE = [5, 3]
"""Dashes of what is expected."""

KNOWN = 1.75
"""Width of the line of what is known."""

DOTTED = [1, 3]
"""Dashes of the edges of the wider band."""

BANDS = (0.34, 0.15)
"""How strong the bands are filled, the narrower first."""

_SIGN, _AFTER, _LINE = 22, (18, 9), 19  # pixels: a sign, between keys (wide, narrow), a line
_SHAPES = {"high": "triangle-up", "low": "triangle-down", "point": "circle", "miss": "diamond"}
_ROOMS = {"width >= 860": 850.0, "width >= 560": 550.0, "": 270.0}


@dataclass(frozen=True)
class Key:
    """A sign with what it means; in fewer words where the chart is narrow."""

    sign: Sign
    words: str
    short: str = ""


class Keys:
    """Keys over a drawing.

    Parameters
    ----------
    keys
        In order, from the left.
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        placed = [_placed(keys, room, short=not when) for when, room in _ROOMS.items()]
        self._rows = pd.DataFrame(
            {
                "one": "",
                "sign": [key.sign for key in keys],
                "wide": [key.words for key in keys],
                "short": [key.short or key.words for key in keys],
                **{f"x{at}": [x for x, _ in places] for at, places in enumerate(placed)},
                **{f"y{at}": [y for _, y in places] for at, places in enumerate(placed)},
            }
        )
        lines = [max((y for _, y in places), default=0) + _LINE for places in placed]
        self.height = _by_width(*(f"{line:.0f}" for line in lines))
        """Pixels they need, an expression on the width."""
        self.most = max(lines)
        """Pixels they need where they need most."""

    def charts(self) -> list[alt.Chart]:
        """Return the layers that draw them."""
        layers = [
            _drawn(self._rows[self._rows["sign"] == sign], sign)
            for sign in dict.fromkeys(self._rows["sign"])
        ]
        text = words(align="left", baseline="middle")
        said = alt.value(alt.ExprRef("width >= 560 ? datum.wide : datum.short"))
        labels = alt.Chart(self._rows, mark=text).encode(x=_x(_SIGN + 5), y=_y(0), text=said)
        return [*layers, labels]


def _placed(keys: Sequence[Key], room: float, *, short: bool) -> list[tuple[float, float]]:
    """Return where each key begins, from left to right and in lines that fit the room."""
    x = y = 0.0
    places = []
    for key in keys:
        need = _SIGN + 5 + text_width((short and key.short) or key.words)
        if x and x + need > room:
            x, y = 0.0, y + _LINE
        places.append((x, y))
        x += need + _AFTER[short]
    return places


def _by_width(wide: str, middle: str, narrow: str) -> str:
    first, second = list(_ROOMS)[:2]
    return f"({first} ? {wide} : {second} ? {middle} : {narrow})"


def _x(more: float) -> alt.Value:
    return alt.value(alt.ExprRef(f"{_by_width('datum.x0', 'datum.x1', 'datum.x2')} + {more}"))


def _y(more: float) -> alt.Value:
    return alt.value(alt.ExprRef(f"{_by_width('datum.y0', 'datum.y1', 'datum.y2')} + 4 + {more}"))


def _drawn(rows: pd.DataFrame, sign: Sign) -> alt.Chart:
    """Return the signs of one kind."""
    silent: dict[str, Any] = {"aria": False}
    if sign in ("known", "expected", "beds", "mark", "limit"):
        looks: dict[str, dict[str, Any]] = {
            "known": {"color": INK, "strokeWidth": KNOWN},
            "expected": {"strokeDash": CENTRE, "strokeWidth": 2},
            "beds": {"color": INK, "strokeWidth": 2, "strokeDash": [8, 3, 2, 3]},
            "mark": {"color": INK, "strokeWidth": 1.5, "strokeDash": [5, 3]},
            "limit": {"color": INK, "strokeWidth": 2.5},
        }
        mark = alt.MarkDef("rule", **looks[sign], **silent)
        chart = alt.Chart(rows, mark=mark).encode(x=_x(0), x2=_x(_SIGN), y=_y(0))
        return chart.encode(OUTLINE) if sign == "expected" else chart  # rules have no theme colour
    if sign in ("dot", "ring"):
        fill = alt.ExprRef("background") if sign == "ring" else alt.Undefined
        dot = alt.MarkDef("point", filled=True, size=90, opacity=1, fill=fill, **silent)
        place = alt.Chart(rows, mark=dot).encode(x=_x(_SIGN / 2), y=_y(0))
        return place.encode(OUTLINE) if sign == "ring" else place
    if sign in ("high", "low", "point", "miss"):
        shape = _SHAPES[sign]
        mark = alt.MarkDef(
            "point", filled=True, shape=shape, size=70, color=INK, opacity=1, **silent
        )
        return alt.Chart(rows, mark=mark).encode(x=_x(_SIGN / 2), y=_y(0))
    looks = {
        "band0": {"fillOpacity": BANDS[0], "strokeWidth": 1},
        "band1": {"fillOpacity": BANDS[1], "strokeWidth": 1.25, "strokeDash": DOTTED},
        "solid": {"fillOpacity": 1},
        "pale": {"fillOpacity": BANDS[0], "strokeWidth": 1},
        "hollow": {"fillOpacity": 0, "strokeWidth": 1},
    }
    mark = alt.MarkDef("rect", **looks[sign], **silent)
    return alt.Chart(rows, mark=mark).encode(OUTLINE, x=_x(1), x2=_x(_SIGN), y=_y(-6), y2=_y(6))
