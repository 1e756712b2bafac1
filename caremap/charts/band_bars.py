"""Bands as bars: what is drawn for a ring where a part of the whole is hidden."""

from __future__ import annotations

import altair as alt
import pandas as pd

from caremap.charts.lanes import Lanes
from caremap.charts.look import number, short_number
from caremap.charts.veiled import HIDDEN_WORD

__all__ = ["band_bars"]


def band_bars(rows: pd.DataFrame) -> alt.LayerChart:
    """Draw counts of bands in order, those hidden without a bar: a ring would show their sum.

    Parameters
    ----------
    rows
        ``band`` and ``stays``, missing where they are hidden.
    """
    known = rows["stays"].notna()
    figures = [short_number(stays) if stays == stays else HIDDEN_WORD for stays in rows["stays"]]
    lanes = Lanes(rows["band"].tolist(), figures, "Length of stay")
    full = [number(stays) if stays == stays else HIDDEN_WORD for stays in rows["stays"]]
    drawn = rows.assign(row=range(len(rows)), full=full, zero=0.0)
    drawn = drawn.assign(said=drawn["band"] + ": " + drawn["full"])
    high = float(rows["stays"].max()) if known.any() else 1.0
    x = lanes.across((0.0, high or 1.0), {"title": "Stays", "tickCount": 4, "tickMinStep": 1})
    tooltip = [alt.Tooltip("band:N", title="Length of stay"), alt.Tooltip("full:N", title="Stays")]
    bar = alt.MarkDef("bar", orient="horizontal")
    bars = alt.Chart(drawn[known], mark=bar).encode(
        x("stays"), alt.X2("zero"), y=lanes.down(0.25, 0.48), y2=lanes.down(0.75, 0.9),
        description="said:N", tooltip=tooltip,
    )  # fmt: skip
    layers = [bars] if known.any() else []
    return alt.LayerChart(layer=[*layers, *lanes.texts(drawn["said"], known)], height=lanes.height)
