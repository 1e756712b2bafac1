"""Which figure matters most: the margin if each alone is lower or higher (a tornado chart)."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.lanes import Lanes
from caremap.charts.look import lower, nothing, short_number
from caremap.charts.money import AMOUNT, in_thousands, money
from caremap.charts.years import OUTLINE

__all__ = ["sensitivity_figure"]

_GAP, _AXIS = 6, 44  # pixels under the keys, and of the axis under the lanes
_FIGURES = ("margin_low", "margin_high", "breakeven_low", "breakeven_high", "margin", "breakeven")


def sensitivity_figure(
    table: pd.DataFrame, *, change: float = 0.1, unit: str = "cases", period: str = ""
) -> Figure:
    """Return the margin with each figure alone lower and higher, the largest effect on top.

    Parameters
    ----------
    table
        ``driver``, ``margin_low`` and ``margin_high`` (with the driver lower and higher),
        ``breakeven_low``, ``breakeven_high``, and unchanged ``margin`` and ``breakeven``; as
        `caremap.planning.sensitivity` returns it.
    change
        The fraction by which each was changed.
    unit
        What the volume counts.
    period
        The span of time, in words.

    Returns
    -------
    Figure
        A bar per driver about the unchanged margin: pale for the driver lower, filled for higher.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"driver": ["Price", "Volume"], "margin_low": [-50.0, 0.0],
    ...     "margin_high": [150.0, 100.0], "breakeven_low": [60.0, 50.0],
    ...     "breakeven_high": [40.0, 50.0], "margin": 50.0, "breakeven": 50.0})
    >>> sensitivity_figure(table).title
    'Price matters most: 10 % less or more takes the margin from 50 to -50 or 150'
    """
    needs(table, ["driver", *_FIGURES])
    rows = pd.DataFrame(
        {"driver": text_of(table["driver"].astype("object")).to_numpy()}
        | {name: numbers(table[name]) for name in _FIGURES}
    )
    by = f"{100 * change:g} %"
    title = _title(rows, by)
    said = [
        f"{row['driver']}: {money(row['margin_low'])} if {by} lower, "
        f"{money(row['margin_high'])} if {by} higher"
        for _, row in rows.iterrows()
    ]
    return Figure(
        name="sensitivity",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"Margin with each figure alone {by} lower and higher, in the currency "
                          "given", period])
        ),
        chart=_chart(rows.assign(said=said), by),
        alt=f"{title}. {'; '.join(said)}.",
        table=_table(rows, by, unit),
        notes=(
            "One figure is changed at a time; where several change together, effects do not "
            "simply add up.",
        ),
        plot=Plot("bars", "Figure", tuple(f"Margin, {by} {side}" for side in ("lower", "higher"))),
    )  # fmt: skip


def _title(rows: pd.DataFrame, by: str) -> str:
    known = rows[rows[["margin_low", "margin_high", "margin"]].notna().all(axis=1)]
    if known.empty:
        return "No figure's effect on the margin can be computed"
    first = known.iloc[0]
    if math.isclose(first["margin_low"], first["margin_high"]):
        return f"No figure changes the margin of {money(first['margin'])}"
    effect = (known["margin_high"] - known["margin_low"]).abs()
    tied = len(known) > 1 and math.isclose(effect.iloc[0], effect.iloc[1], rel_tol=1e-6)
    opening = (
        f"{first['driver']} and {lower(known['driver'].iloc[1])} matter most"
        if tied else f"{first['driver']} matters most"
    )  # fmt: skip
    each = " of the first" if tied else ""
    return (
        f"{opening}: {by} less or more{each} takes the margin from {money(first['margin'])} to "
        f"{money(first['margin_low'])} or {money(first['margin_high'])}"
    )


def _table(rows: pd.DataFrame, by: str, unit: str) -> pd.DataFrame:
    columns: dict[str, object] = {"Figure": rows["driver"]}
    for name, title in (("margin", "Margin"), ("breakeven", f"Break-even ({unit})")):
        for side in ("low", "high"):
            columns[f"{title}, {by} {side}er"] = rows[f"{name}_{side}"].round(2)
        columns[f"{title}, unchanged"] = rows[name].round(2)
    return pd.DataFrame(columns)


def _chart(rows: pd.DataFrame, by: str) -> alt.LayerChart:
    known = rows[["margin_low", "margin_high", "margin"]].notna().all(axis=1)
    if not known.any():
        return nothing("There is no figure to show.")
    drawn = rows.assign(row=range(len(rows)), one="")
    figures = [
        f"{short_number(low)} to {short_number(high)}" if is_known else "no figure"
        for low, high, is_known in zip(
            rows["margin_low"].where(rows["margin_low"].le(rows["margin_high"]),
                                     rows["margin_high"]),
            rows[["margin_low", "margin_high"]].max(axis=1), known, strict=True,
        )
    ]  # fmt: skip
    keys = Keys([Key("pale", f"{by} lower"), Key("solid", f"{by} higher"),
                 Key("mark", "Unchanged")])  # fmt: skip
    lanes = Lanes(rows["driver"].tolist(), figures, "Figure", head=f"({keys.height} + {_GAP})")
    ends = rows.loc[known, ["margin_low", "margin_high", "margin"]].to_numpy("float64")
    pad = float(ends.max() - ends.min()) * 0.03 or 1.0
    x = lanes.across(
        (float(ends.min()) - pad, float(ends.max()) + pad),
        {**in_thousands(), "title": AMOUNT, "grid": False, "orient": "bottom"},
    )
    tooltip = [
        alt.Tooltip("driver:N", title="Figure"),
        alt.Tooltip("said:N", title="Margin"),
    ]
    layers = []
    for side, opacity in (("margin_low", BANDS[0]), ("margin_high", 1.0)):
        mark = alt.MarkDef("bar", orient="horizontal", fillOpacity=opacity, strokeWidth=1)
        layers.append(
            alt.Chart(drawn[known], mark=mark).encode(
                x(side), alt.X2("margin"), OUTLINE, y=lanes.down(0.25, 0.48),
                y2=lanes.down(0.75, 0.9), description="said:N", tooltip=tooltip,
            )
        )  # fmt: skip
    rule = alt.MarkDef("rule", color=INK, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
    unchanged = alt.Chart(drawn[known], mark=rule).encode(
        x("margin"), y=lanes.down(0, 0.42), y2=lanes.down(1, 0.96)
    )
    return alt.LayerChart(
        layer=[*layers, unchanged, *lanes.texts(drawn["said"], known), *keys.charts()],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )
