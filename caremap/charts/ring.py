"""A ring of shares with its list: beside it where there is room, else below."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.fitting import fit
from caremap.charts.look import as_percent, number, short_number, words

__all__ = ["ring"]

_LIST = 236  # pixels of the list
_LINE = 26  # pixels of a line in it
_LABEL = 38  # pixels for the shares around the ring
_SMALL = 78  # pixels of the radius where the list is below
_LARGE = 146
_NAMED = 0.055  # shares from which on two beside each other have room for their words
_PADDING = 25
_FONT = 13
_WIDE = "(width >= 440)"
_RADIUS = f"({_WIDE} ? min({_LARGE}, (width - {_LIST}) / 2 - {_LABEL}) : {_SMALL})"
_START = f"((width - 2 * ({_RADIUS} + {_LABEL}) - {_LIST}) / 2)"
_X = f"({_WIDE} ? {_START} + {_RADIUS} + {_LABEL} : width / 2)"
_Y = f"({_WIDE} ? height / 2 : {_SMALL + 24})"
_LIST_X = f"({_WIDE} ? {_START} + 2 * ({_RADIUS} + {_LABEL}) : max(0, (width - {_LIST}) / 2))"


def ring(rows: pd.DataFrame) -> alt.LayerChart:
    """Draw shares clockwise from the top, with a list in the same order.

    Parameters
    ----------
    rows
        ``band``, ``stays`` and ``share`` (a fraction), in order; colours run from light to dark.
    """
    count = len(rows)
    ends = rows["share"].cumsum()
    drawn = rows.assign(
        order=range(count),
        name=[fit(band, 110, _FONT) for band in rows["band"]],
        start=(ends - rows["share"]) * 2 * math.pi,
        end=ends * 2 * math.pi,
        middle=(ends - rows["share"] / 2) * 2 * math.pi,
        shown=[short_number(stays) for stays in rows["stays"]],
        full=[number(stays) for stays in rows["stays"]],
        percent=[as_percent(share) for share in rows["share"]],
    )
    drawn = drawn.assign(
        brief=drawn["percent"].str.replace("under ", "<").str.replace("over ", ">"),
    )
    drawn = drawn.assign(said=drawn["band"] + ": " + drawn["full"] + " stays, " + drawn["percent"])
    tooltip = [
        alt.Tooltip("band:N", title="Length of stay"),
        alt.Tooltip("full:N", title="Stays"),
        alt.Tooltip("percent:N", title="Share"),
    ]
    shade = alt.Color(
        "order:Q", legend=None, scale=alt.Scale(domain=[-1, max(count - 1, 1)], range="ramp")
    )
    layers = [
        _slices(drawn[drawn["share"] > 0], shade, tooltip),
        *_around(drawn),
        *_inside(float(rows["stays"].sum())),
        *_list(drawn, shade, tooltip),
    ]
    narrow = 2 * _SMALL + 52 + _LINE * (count + 1)
    height = max(narrow, 2 * (_LARGE + 24)) + _PADDING
    return alt.LayerChart(layer=layers, height=height)


def _slices(drawn: pd.DataFrame, shade: alt.Color, tooltip: list[alt.Tooltip]) -> alt.Chart:
    mark = alt.MarkDef(
        "arc",
        outerRadius=alt.ExprRef(_RADIUS),
        innerRadius=alt.ExprRef(f"{_RADIUS} * 0.6"),
        stroke=INK,
        strokeWidth=0.7,
    )
    return alt.Chart(drawn, mark=mark).encode(
        alt.Theta("start:Q", scale=None),
        alt.Theta2("end"),
        shade,
        x=alt.value(alt.ExprRef(_X)),
        y=alt.value(alt.ExprRef(_Y)),
        description="said:N",
        tooltip=tooltip,
    )


def _around(drawn: pd.DataFrame) -> list[alt.Chart]:
    """Return the shares around the ring; those too close are in the list alone."""
    named = drawn[drawn["share"] >= _NAMED]
    if named.empty:
        return []
    out = f"({_RADIUS} + 19)"
    mark = words(size=_FONT, align="center", baseline="middle")
    return [
        alt.Chart(named, mark=mark).encode(
            x=alt.value(alt.ExprRef(f"{_X} + {out} * sin(datum.middle)")),
            y=alt.value(alt.ExprRef(f"{_Y} - {out} * cos(datum.middle)")),
            text="brief:N",
        )
    ]


def _inside(total: float) -> list[alt.Chart]:
    """Return how many stays there are, in the middle."""
    one = pd.DataFrame({"one": [1]})
    lines = ((short_number(total), 20, -8, "bold"), ("stay" if total == 1 else "stays", 13, 12, ""))
    return [
        alt.Chart(
            one,
            mark=words(
                text, size=size, dy=dy, align="center", baseline="middle",
                fontWeight=weight or "normal",
            ),
        ).encode(x=alt.value(alt.ExprRef(_X)), y=alt.value(alt.ExprRef(_Y)))
        for text, size, dy, weight in lines
    ]  # fmt: skip


def _list(drawn: pd.DataFrame, shade: alt.Color, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """Return a line for each band: its colour, its name, its stays and its share."""
    count = len(drawn)
    first = f"({_WIDE} ? (height - {_LINE * count}) / 2 : {2 * _SMALL + 52 + _LINE})"
    y = alt.value(alt.ExprRef(f"{first} + (datum.order + 0.5) * {_LINE}"))
    head = alt.value(alt.ExprRef(f"{first} - {_LINE} * 0.5"))

    def x(pixels: int) -> alt.Value:
        return alt.value(alt.ExprRef(f"{_LIST_X} + {pixels}"))

    swatch = alt.MarkDef(
        "point",
        filled=True,
        shape="square",
        size=150,
        opacity=1,
        stroke=INK,
        strokeWidth=0.7,
        aria=False,
    )
    charts = [alt.Chart(drawn, mark=swatch).encode(shade, x=x(8), y=y, tooltip=tooltip)]
    for field, title, at, align in (
        ("name", "", 24, "left"),
        ("shown", "stays", 172, "right"),
        ("brief", "share", _LIST - 4, "right"),
    ):
        mark = words(size=_FONT, align=align, baseline="middle")
        charts.append(
            alt.Chart(drawn, mark=mark).encode(x=x(at), y=y, text=f"{field}:N", tooltip=tooltip)
        )
        if title:
            text = words(title, size=12, align=align, baseline="middle")
            charts.append(alt.Chart(drawn.head(1), mark=text).encode(x=x(at), y=head))
    return charts
