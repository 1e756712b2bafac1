"""Beds that units need apart beside the beds they need together."""

from __future__ import annotations

import math
from collections.abc import Mapping

import altair as alt
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.lanes import Lanes
from caremap.charts.look import NO_FIGURE, as_percent, nothing, number, times
from caremap.charts.years import OUTLINE

__all__ = ["pooling_figure"]

_GAP, _AXIS = 6, 44  # pixels under the keys, and of the axis under the lanes
_APART, _TOGETHER = "All, with beds of their own", "All, sharing beds"


def pooling_figure(
    frame: pd.DataFrame, pooled: Mapping[str, float], *, level: float = 0.02, top: int = 12,
    period: str = "",
) -> Figure:  # fmt: skip
    """Return the beds units need apart, and those they need if they share them.

    Parameters
    ----------
    frame
        ``unit``, ``load``, ``beds`` (there; NaN where not known), ``needed``, ``refused``
        (fraction with the beds there are); as `caremap.planning.pooling` returns it.
    pooled
        Of all units: ``load``, ``beds``, ``needed``, ``refused``, ``needed_apart`` and
        ``refused_apart``.
    level
        Fraction of arrivals that may be refused, which the beds needed are for.
    top
        How many units are drawn, those of the largest load; the table has all.
    period
        The days the loads are of, in words.

    Returns
    -------
    Figure
        A pale bar per unit, their sum, and a filled bar for all sharing beds; a mark across each
        where the beds there are known.

    Raises
    ------
    ValueError
        Where there is no row, or a column or figure is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"unit": ["Medicine", "Surgery"], "load": [10.0, 10.0],
    ...     "beds": [17.0, 16.0], "needed": [17, 17], "refused": [0.013, 0.022]})
    >>> pooling_figure(frame, {"load": 20.0, "beds": 33.0, "needed": 28.0, "refused": 0.003,
    ...                        "needed_apart": 34.0, "refused_apart": 0.018}).title
    'Sharing beds, 28 do for what takes 34 apart, with 2 % refused: 6 fewer'
    """
    needs(frame, ["unit", "load", "beds", "needed", "refused"])
    missing = [name for name in _POOLED if name not in pooled]
    if missing:
        raise ValueError(f"The figures of all units together have no {missing[0]!r}.")
    rows = pd.DataFrame(
        {"name": text_of(frame["unit"].astype("object")).to_numpy()}
        | {name: numbers(frame[name]) for name in ("load", "beds", "needed", "refused")}
    ).assign(kind="unit")
    both = pd.DataFrame(
        {
            "name": [_APART, _TOGETHER], "kind": ["apart", "together"],
            "load": pooled["load"], "beds": pooled["beds"],
            "needed": [pooled["needed_apart"], pooled["needed"]],
            "refused": [pooled["refused_apart"], pooled["refused"]],
        }
    )  # fmt: skip
    every = pd.concat([rows, both], ignore_index=True)
    said = [_said(row) for _, row in every.iterrows()]
    every = every.assign(said=said)
    kept = rows["load"].sort_values(ascending=False, kind="stable").index[: max(top, 1)]
    shown = every[every.index.isin(kept) | every["kind"].ne("unit")].reset_index(drop=True)
    title = _title(pooled, level)
    left = len(rows) - len(kept)
    return Figure(
        name="beds_shared",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"Beds needed to refuse at most {as_percent(level)} of arrivals",
                          times(len(rows), "unit"), period])
        ),
        chart=_chart(shown),
        alt=f"{title}. {'; '.join(shown['said'])}.",
        table=_table(every),
        notes=(
            "Needed is the fewest beds that refuse no more than the level (Erlang B), by the load: "
            "the patients there are on an average midnight.",
            *((f"{times(left, 'other unit')} with a smaller load not drawn; the table has all.",)
              if left else ()),
        ),
        plot=Plot("bars", "Unit", ("Beds needed",)),
    )  # fmt: skip


_POOLED = ("load", "beds", "needed", "refused", "needed_apart", "refused_apart")


def _title(pooled: Mapping[str, float], level: float) -> str:
    apart, together = float(pooled["needed_apart"]), float(pooled["needed"])
    if not (math.isfinite(apart) and math.isfinite(together)):
        return "What sharing beds saves cannot be computed"
    saved = apart - together
    if not saved:
        return f"Sharing beds saves none: {number(together)} are needed either way"
    return (
        f"Sharing beds, {number(together)} do for what takes {number(apart)} apart, with "
        f"{as_percent(level)} refused: {number(saved)} fewer"
    )


def _said(row: pd.Series) -> str:
    figures = [
        f"{number(row['needed'])} beds needed for a load of {number(row['load'], decimals=1)}"
    ]
    if math.isfinite(row["beds"]):
        now = f", {as_percent(row['refused'])} refused" if math.isfinite(row["refused"]) else ""
        figures.append(f"{number(row['beds'])} there are{now}")
    return f"{row['name']}: {'; '.join(figures)}"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Unit": rows["name"],
            "Load (beds)": rows["load"].round(1),
            "Beds needed": rows["needed"].round().astype("Int64"),
            "Beds there are": rows["beds"].round().astype("Int64"),
            "Refused with the beds there are (%)": (100 * rows["refused"]).round(2),
        }
    )


def _chart(rows: pd.DataFrame) -> alt.LayerChart:
    known = rows["needed"].notna()
    if not known.any():
        return nothing(f"There is {NO_FIGURE} to show.")
    drawn = rows.assign(row=range(len(rows)), zero=0.0, one="")
    figures = [
        f"{number(needed)} needed" if math.isnan(beds) else f"{number(beds)} of {number(needed)}"
        for needed, beds in zip(rows["needed"], rows["beds"], strict=True)
    ]
    there = drawn["beds"].notna()
    keys = Keys([Key("pale", "Needed apart"), Key("solid", "Needed together"),
                 *([Key("limit", "Beds there are")] * bool(there.any()))])  # fmt: skip
    lanes = Lanes(rows["name"].tolist(), figures, "Unit", head=f"({keys.height} + {_GAP})")
    high = float(rows.loc[known, ["needed", "beds"]].max().max()) or 1.0
    x = lanes.across(
        (0.0, high * 1.02),
        {"title": "Beds", "tickCount": 5, "tickMinStep": 1, "grid": False, "orient": "bottom"},
    )
    tooltip = [alt.Tooltip("name:N", title="Unit"), alt.Tooltip("said:N", title="Beds")]
    layers = []
    for some, opacity in ((drawn["kind"].ne("together"), BANDS[0]),
                          (drawn["kind"].eq("together"), 1.0)):  # fmt: skip
        if (known & some).any():
            mark = alt.MarkDef("bar", orient="horizontal", fillOpacity=opacity, strokeWidth=1)
            layers.append(
                alt.Chart(drawn[known & some], mark=mark).encode(
                    x("needed"), alt.X2("zero"), OUTLINE, y=lanes.down(0.25, 0.48),
                    y2=lanes.down(0.75, 0.9), description="said:N", tooltip=tooltip,
                )
            )  # fmt: skip
    if there.any():
        tick = alt.MarkDef("rule", color=INK, strokeWidth=2.5, aria=False)
        layers.append(
            alt.Chart(drawn[there], mark=tick).encode(
                x("beds"), y=lanes.down(0.17, 0.44), y2=lanes.down(0.83, 0.96)
            )
        )
    return alt.LayerChart(
        layer=[*layers, *lanes.texts(drawn["said"], known), *keys.charts()],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )
