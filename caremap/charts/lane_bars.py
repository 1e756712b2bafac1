"""Bars in lanes: amounts side by side in each, with marks across them, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.lanes import LANE, LOW_LANE, PAIR_LANE, Lanes, in_pairs
from caremap.charts.look import number, whole_ticks
from caremap.charts.years import OUTLINE

__all__ = ["Bar", "counted", "lane_bars", "plainly"]

Bar = tuple[str, str, Literal["solid", "pale", "hollow"]]
"""The columns a bar goes from and to, and how it is filled."""

_FILLED = {"solid": 1.0, "pale": BANDS[0], "hollow": 0.0}
_FEW = 12  # lanes up to which each has all the room it likes
_GAP, _AXIS = 6, 50  # pixels under the keys, and of the axis under the lanes
_ROOM = 1.02


def plainly(value: float) -> str:
    """Write an amount with no more decimals than it has, two at most.

    Examples
    --------
    >>> plainly(1200), plainly(2.25), plainly(2.5)
    ('1,200', '2.25', '2.5')
    """
    written = number(value, decimals=2)
    return written.rstrip("0").rstrip(".") if "." in written else written


def counted(count: float, units: str) -> str:
    """Write units with their noun, which is given as of many.

    Examples
    --------
    >>> counted(1, "beds"), counted(1200, "beds"), counted(1, "staff")
    ('1 bed', '1,200 beds', '1 staff')
    """
    one = units[:-1] if units.endswith("s") and not units.endswith("ss") else units
    return f"{plainly(count)} {one if count == 1 else units}"


def lane_bars(
    rows: pd.DataFrame,
    bars: Sequence[Bar],
    keys: Sequence[Key],
    *,
    axis: str,
    title_of_names: str,
    mark: str = "",
    pairs: bool = False,
    whole: bool = True,
) -> alt.LayerChart:
    """Draw a lane for each row, from the top.

    Parameters
    ----------
    rows
        ``name``, ``figures`` and ``said`` (what is written of each, and the sentence), and the
        columns of the bars and of the mark; missing figures are not drawn.
    bars
        Those of every lane, from the one below to the one on top.
    keys
        What the signs mean.
    axis
        The title of the scale.
    title_of_names
        What a row is.
    mark
        A column drawn as a line across its lane; empty for none.
    pairs
        Whether names are pairs, see `caremap.charts.lanes.pair`.
    whole
        Whether the scale counts whole units.

    Returns
    -------
    altair.LayerChart
    """
    shown = Keys(keys)
    lane = PAIR_LANE if pairs else LANE if len(rows) <= _FEW else LOW_LANE
    lanes = Lanes(
        rows["name"].tolist(), rows["figures"].tolist(), title_of_names,
        f"({shown.height} + {_GAP})", lane=lane, **({"lines": in_pairs} if pairs else {}),
    )  # fmt: skip
    ends = [end for _, end, _ in bars] + [mark] * bool(mark)
    most = float(rows[ends].max().max())
    high = most * _ROOM if most > 0 else 1.0
    ticks = {"values": whole_ticks(high), "format": ",d"} if whole else {"tickCount": 5}
    x = lanes.across((0.0, high), {"title": axis, "orient": "bottom", "grid": False, **ticks})
    drawn = rows.assign(row=range(len(rows)), zero=0.0, one="")
    places = (0.25, 0.62), (0.75, 0.86)
    if pairs:
        places = (0.25, 0.58), (0.75, 0.84)
    tooltip = [
        alt.Tooltip("name:N", title=title_of_names),
        alt.Tooltip("figures:N", title="Figures"),
    ]
    layers = []
    for start, end, sign in bars:
        kept = drawn[drawn[end].notna() & drawn[end].gt(drawn[start])]
        if kept.empty:
            continue
        filled = alt.MarkDef(
            "bar", orient="horizontal", fillOpacity=_FILLED[sign], strokeWidth=1, aria=True
        )
        layers.append(
            alt.Chart(kept, mark=filled).encode(
                x(start),
                alt.X2(end),
                OUTLINE,
                y=lanes.down(*places[0]),
                y2=lanes.down(*places[1]),
                description="said:N",
                tooltip=tooltip,
            )  # fmt: skip
        )
    if mark and drawn[mark].notna().any():
        line = alt.MarkDef("rule", color=INK, strokeWidth=2.5, aria=False)
        layers.append(
            alt.Chart(drawn[drawn[mark].notna()], mark=line).encode(
                x(mark), y=lanes.down(0.15, 0.56), y2=lanes.down(0.85, 0.92)
            )
        )
    known = rows[[end for _, end, _ in bars]].gt(0).any(axis=1)
    return alt.LayerChart(
        layer=[*layers, *lanes.texts(rows["said"], known), *(shown.charts() if len(keys) else [])],
        height=lanes.height + shown.most + _GAP + _AXIS,
    )
