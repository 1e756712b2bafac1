"""What maps of places share: the scale of occupancy, words on colours, names of places."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.look import listed

__all__ = ["columns_named", "leaders", "occupancy_colour", "on_colour", "place_name"]

_STEPS = [30, 40, 50, 60, 70, 80, 90, 100]
_STEP_WIDTH = 24  # pixels in the legend: "100" just fits


def leaders(names: pd.Series, values: pd.Series) -> tuple[str, int]:
    """Return who has the highest value, in words, and how many they are.

    Examples
    --------
    >>> leaders(pd.Series(["A", "B", "C"]), pd.Series([7.0, 9.0, 9.0]))
    ('B and 1 other', 2)
    """
    first = names[values.round(1) == values.round(1).max()].tolist()
    return listed(first, most=1), len(first)


def place_name(levels: Sequence[str]) -> str:
    """Call a place by its parts, the widest first.

    Examples
    --------
    >>> place_name(["North", "Surgery", "Ward 3"]), place_name(["North", "ICU"])
    ('Ward 3, Surgery at North', 'ICU at North')
    """
    if not levels:
        return "The whole network"
    inner = ", ".join(reversed(levels[1:]))
    return f"{inner} at {levels[0]}" if inner else levels[0]


def columns_named(names: Sequence[str]) -> dict[str, str]:
    """Return headers for people, by column; each is different.

    Examples
    --------
    >>> columns_named(["facility", "bed_type"])
    {'facility': 'Facility', 'bed_type': 'Bed type'}
    """
    headers: dict[str, str] = {}
    for name in names:
        header = str(name).replace("_", " ").strip()
        header = header[:1].upper() + header[1:]
        while header in headers.values():
            header += " (again)"
        headers[name] = header
    return headers


def occupancy_colour(field: str) -> alt.Color:
    """Return occupancy as colour: the same steps in every chart, from the theme's range."""
    legend = alt.Legend(
        title="Occupancy, %",
        orient="top",
        direction="horizontal",
        gradientLength=_STEP_WIDTH * (len(_STEPS) + 1),
        labelFontSize=12,
        titleFontSize=12,
        gradientThickness=12,
        titleLimit=0,
        labelOverlap=False,
        titleColor=INK,
        labelColor=INK,
        offset=8,
        padding=0,
    )
    scale = alt.Scale(type="threshold", domain=_STEPS)
    return alt.Color(f"{field}:Q", scale=scale, legend=legend)


def on_colour(field: str) -> alt.ExprRef:
    """Return black or white, whichever is legible on the colour of a cell (WCAG AA: 4.5:1).

    One of the two always reaches 4.58:1, in either theme and on paper.
    """
    cell = f"scale('color', datum.{field})"
    return alt.ExprRef(f"contrast({cell}, 'white') > contrast({cell}, 'black') ? 'white' : 'black'")
