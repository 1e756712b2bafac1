"""What is left if fewer or more come than expected."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.lanes import Lanes
from caremap.charts.look import as_percent, number
from caremap.charts.money import AMOUNT, in_thousands, money, money_with_sign
from caremap.charts.years import OUTLINE

__all__ = ["margin_figure"]

_GAP, _AXIS = 6, 44  # pixels under the keys, and of the axis under the lanes


def margin_figure(
    ahead: pd.DataFrame, *, unit: str = "cases", period: str = "", loss: float | None = None
) -> Figure:
    """Return the margin where few, where as many as expected, and where many come.

    Parameters
    ----------
    ahead
        ``quantile`` (percent of the futures in which no more come), ``volume``, ``revenue``,
        ``cost``, ``margin``; as `caremap.planning.margin_ahead` returns it.
    unit
        What the volume counts.
    period
        The days of the forecast, in words.
    loss
        Fraction of the futures that end in a loss, where it is known.

    Returns
    -------
    Figure
        A bar per quantile from zero: a loss to the left and pale, a margin to the right.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> ahead = pd.DataFrame({"quantile": [10.0, 50.0, 90.0], "volume": [90.0, 100.0, 110.0],
    ...                       "revenue": [900.0, 1000.0, 1100.0], "cost": [950.0, 960.0, 970.0],
    ...                       "margin": [-50.0, 40.0, 130.0]})
    >>> margin_figure(ahead, loss=0.3).title
    'A margin of 40 at the middle of the forecast, from -50 to 130; 30 % of futures end in a loss'
    """
    needs(ahead, ["quantile", "volume", "revenue", "cost", "margin"])
    columns = ["quantile", "volume", "revenue", "cost", "margin"]
    rows = pd.DataFrame({name: numbers(ahead[name]) for name in columns})
    rows = rows.sort_values("quantile", kind="stable", ignore_index=True)
    title = _title(rows, loss)
    named = rows.assign(name=[_name(quantile) for quantile in rows["quantile"]])
    said = [f"{row['name']}: {number(row['volume'])} {unit}, {money_with_sign(row['margin'])}"
            for _, row in named.iterrows()]  # fmt: skip
    return Figure(
        name="margin_ahead",
        title=title,
        subtitle=" · ".join(
            filter(None, ["Revenue less cost, in the currency given, by how many come", period])
        ),
        chart=_chart(named.assign(said=said)),
        alt=f"{title}. {'; '.join(said)}.",
        table=_table(named, unit),
        notes=(
            "In one future of ten fewer come than at the 10th percentile, in one of ten more than "
            "at the 90th, as far as the forecast knows.",
        ),
        plot=Plot("bars", "Of the forecast", ("Margin",)),
    )


def _name(quantile: float) -> str:
    if quantile == 50:
        return "As many as expected (median)"
    return f"{'Few' if quantile < 50 else 'Many'} come ({_nth(quantile)} percentile)"


def _nth(quantile: float) -> str:
    whole = f"{quantile:g}"
    if not whole.isdigit() or whole[-2:] in ("11", "12", "13"):
        return f"{whole}th"
    return whole + {"1": "st", "2": "nd", "3": "rd"}.get(whole[-1], "th")


def _title(rows: pd.DataFrame, loss: float | None) -> str:
    known = rows[rows["margin"].notna()]
    if known.empty:
        return "The margin cannot be computed"
    middle = known.iloc[(known["quantile"] - 50).abs().argmin()]["margin"]
    low, high = float(known["margin"].min()), float(known["margin"].max())
    told = money_with_sign(middle)
    opening = f"{told[:1].upper()}{told[1:]} at the middle of the forecast"
    span = f", from {money(low)} to {money(high)}" if low < high else ""
    if loss is None or not math.isfinite(loss):
        return opening + span
    return f"{opening}{span}; {as_percent(loss)} of futures end in a loss"


def _table(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Of the forecast": rows["name"],
            f"Volume ({unit})": rows["volume"].round(1),
            "Revenue": rows["revenue"].round(2),
            "Cost": rows["cost"].round(2),
            "Margin": rows["margin"].round(2),
        }
    )


def _chart(rows: pd.DataFrame) -> alt.LayerChart:
    drawn = rows.assign(row=range(len(rows)), zero=0.0, one="")
    figures = [f"{money(margin)} at {number(volume)}"
               for volume, margin in zip(rows["volume"], rows["margin"], strict=True)]  # fmt: skip
    known = drawn["margin"].notna()
    lost = drawn["margin"].lt(0)
    keys = Keys([Key("solid", "Margin")] * bool((known & ~lost).any())
                + [Key("pale", "Loss")] * bool(lost.any()))  # fmt: skip
    lanes = Lanes(rows["name"].tolist(), figures, "Forecast", head=f"({keys.height} + {_GAP})")
    values = drawn.loc[known, "margin"].to_numpy("float64")
    ends = np.array([*values, 0.0])
    pad = float(np.ptp(ends)) * 0.03 or 1.0
    x = lanes.across(
        (float(ends.min()) - pad * bool(ends.min() < 0), float(ends.max()) + pad),
        {**in_thousands(), "title": AMOUNT, "grid": False, "orient": "bottom"},
    )
    tooltip = [
        alt.Tooltip("name:N", title="Of the forecast"),
        alt.Tooltip("said:N", title="Margin"),
    ]
    layers = []
    for some, opacity in ((known & ~lost, 1.0), (lost, BANDS[0])):
        if some.any():
            mark = alt.MarkDef("bar", orient="horizontal", fillOpacity=opacity, strokeWidth=1)
            layers.append(
                alt.Chart(drawn[some], mark=mark).encode(
                    x("margin"), alt.X2("zero"), OUTLINE, y=lanes.down(0.25, 0.48),
                    y2=lanes.down(0.75, 0.9), description="said:N", tooltip=tooltip,
                )
            )  # fmt: skip
    rule = alt.MarkDef("rule", color=INK, strokeWidth=1.5, aria=False)
    nought = alt.Chart(drawn, mark=rule).encode(
        x("zero"), y=lanes.down(0, 0.42), y2=lanes.down(1, 0.96)
    )
    return alt.LayerChart(
        layer=[*layers, nought, *lanes.texts(drawn["said"], known), *keys.charts()],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )
