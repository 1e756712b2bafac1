"""Revenue and cost along the volume, and where the one covers the other."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers
from caremap.charts.keys import CENTRE, KNOWN, Key, Keys
from caremap.charts.look import joined, nothing, number, short_number
from caremap.charts.money import AMOUNT, in_thousands, money, money_with_sign
from caremap.charts.points import capital
from caremap.charts.years import OUTLINE

__all__ = ["breakeven_figure"]

_EVEN, _LOSS = "breaks even", "back in loss"
_HEIGHT = 320
_GAP = 8
_NAMED = 3  # stretches a title names


def breakeven_figure(
    curve: pd.DataFrame,
    stretches: pd.DataFrame,
    *,
    unit: str = "cases",
    volume: float | None = None,
    volume_title: str = "Expected",
    period: str = "",
) -> Figure:
    """Return revenue and cost by volume, with every volume at which it breaks even.

    Parameters
    ----------
    curve
        ``volume``, ``cost``, ``revenue`` and ``margin`` at the corners of straight lines; as
        `caremap.planning.breakeven_curve` returns it.
    stretches
        ``volume``, ``to`` and ``kind`` (“breaks even” or “back in loss”); as
        `caremap.planning.breakeven_steps` returns it. No row: it never breaks even.
    unit
        What the volume counts: cases, patient-days.
    volume, volume_title
        A volume to mark, and what it is.
    period
        The span of time it is over, in words.

    Returns
    -------
    Figure
        Two lines, and a point where revenue comes to cover cost. The title names these volumes.

    Raises
    ------
    ValueError
        Where there is no point of the curve, or a column is missing.

    Examples
    --------
    >>> curve = pd.DataFrame({"volume": [0.0, 50, 60], "cost": [100.0, 250, 280],
    ...                       "revenue": [0.0, 250, 300], "margin": [-100.0, 0, 20]})
    >>> even = pd.DataFrame({"volume": [50.0], "to": [float("inf")], "kind": ["breaks even"]})
    >>> breakeven_figure(curve, even).title
    'It breaks even at 50 cases'
    """
    needs(curve, ["volume", "cost", "revenue", "margin"])
    needs(stretches, ["volume", "to", "kind"], rows=False)
    rows = pd.DataFrame({name: numbers(curve[name]) for name in curve.columns if name in _COLUMNS})
    marks = _marks(stretches, rows)
    own = math.nan if volume is None or not math.isfinite(volume) else float(volume)
    title = _title(marks, unit)
    left = _at(rows, own)
    beside = f" {_expected(own, left, unit, volume_title)}." if math.isfinite(own) else ""
    return Figure(
        name="break_even",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"Revenue and cost by number of {unit}, in the currency given", period])
        ),
        chart=_chart(rows, marks, own, unit, volume_title),
        alt=f"Two lines, revenue and cost. {title}.{beside}",
        table=_table(rows, unit),
        notes=(
            "Price and variable cost are taken to be the same at every volume.",
            *(("A step adds fixed cost from its volume on.",) if _stepped(rows) else ()),
        ),
        plot=Plot("line", f"Volume ({unit})", ("Cost", "Revenue")),
    )


_COLUMNS = ("volume", "cost", "revenue", "margin")


def _stepped(rows: pd.DataFrame) -> bool:
    return bool(rows["volume"].duplicated().any())


def _marks(stretches: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return where stretches begin: volume, money there, kind."""
    at = numbers(stretches["volume"])
    marks = pd.DataFrame({"volume": at, "kind": stretches["kind"].astype("str").to_numpy()})
    marks = marks[marks["volume"].notna()]
    last = rows.drop_duplicates("volume", keep="last")
    return marks.assign(
        money=np.interp(marks["volume"], last["volume"], last["revenue"]),
    ).reset_index(drop=True)


def _at(rows: pd.DataFrame, volume: float) -> float:
    """Return the margin at a volume, after any step that begins there."""
    below, above = rows[rows["volume"].le(volume)], rows[rows["volume"].gt(volume)]
    if below.empty or (above.empty and not below["volume"].eq(volume).any()):
        return math.nan
    here = pd.concat([below.tail(1), above.head(1)])
    return float(np.interp(volume, here["volume"], here["margin"]))


# --- the words ------------------------------------------------------------------------------


def _units(value: float) -> str:
    whole = abs(value - round(value)) < 1e-6 or abs(value) >= 1_000
    return short_number(value, decimals=0 if whole else 1, spelt=True)


def _title(marks: pd.DataFrame, unit: str) -> str:
    if marks.empty:
        return f"It never breaks even, however many {unit} there are"
    if marks["kind"].eq(_EVEN).all() and len(marks) == 1:
        at = float(marks["volume"].iloc[0])
        return f"It breaks even at {_units(at)} {unit}" if at else "It breaks even at any volume"
    told: list[str] = []
    for volume, kind in zip(marks["volume"], marks["kind"], strict=True):
        again = " again" * (_EVEN in "".join(told) and kind == _EVEN)
        told.append(
            f"breaks even{again} at {_units(volume)}" if kind == _EVEN
            else f"is back in loss from {_units(volume)}"
        )  # fmt: skip
    told[0] = f"{told[0]} {unit}"
    more = len(told) - _NAMED
    named = [*told[:_NAMED], *([f"changes {more} more times"] if more > 0 else [])]
    return f"It {joined(named)}"


def _expected(volume: float, left: float, unit: str, title: str) -> str:
    opening = f"{title}: {_units(volume)} {unit}"
    return f"{opening}, {money_with_sign(left)}" if math.isfinite(left) else opening


def _table(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            f"Volume ({unit})": rows["volume"].round(2),
            "Cost": rows["cost"].round(2),
            "Revenue": rows["revenue"].round(2),
            "Margin": rows["margin"].round(2),
        }
    )


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    rows: pd.DataFrame, marks: pd.DataFrame, own: float, unit: str, title: str
) -> alt.LayerChart:
    known = rows.dropna()
    if known.empty:
        return nothing("There is no figure to show.")
    end = max(float(known["volume"].max()), own if math.isfinite(own) else 0.0, 1e-9)
    top = float(known[["cost", "revenue"]].to_numpy().max()) or 1.0
    said = [
        f"{number(v)} {unit}: cost {money(c)}, revenue {money(r)}"
        for v, c, r in zip(known["volume"], known["cost"], known["revenue"], strict=True)
    ]
    drawn = known.assign(said=said, one="", order=range(len(known)))
    keys = Keys(
        [Key("known", "Revenue"), Key("expected", "Cost")]
        + [Key("point", "Breaks even")] * bool(marks["kind"].eq(_EVEN).any())
        + [Key("miss", "Back in loss")] * bool(marks["kind"].eq(_LOSS).any())
        + [Key("mark", title)] * math.isfinite(own)
    )
    x = alt.X(
        "volume:Q",
        scale=alt.Scale(domain=[0, end], nice=False),
        axis=alt.Axis(title=capital(unit), grid=False, **in_thousands()),
    )
    span = alt.ExprRef(f"{keys.height} + {_GAP}")
    scale = alt.Scale(domain=[0, top * 1.05], nice=False, range=[alt.ExprRef("height"), span])
    axis = alt.Axis(title=AMOUNT, titleLimit=0, **in_thousands())
    y = {name: alt.Y(f"{name}:Q", scale=scale, axis=axis) for name in ("cost", "revenue", "money")}
    tooltip = [alt.Tooltip("said:N", title="Volume")]
    order = alt.Order("order:Q")
    line = alt.MarkDef("line", color=INK, strokeWidth=KNOWN, aria=False)
    dashed = alt.MarkDef("line", strokeDash=CENTRE, strokeWidth=2, aria=False)
    corner = alt.MarkDef("point", filled=True, size=40, opacity=0)
    layers = [
        alt.Chart(drawn, mark=line).encode(x, y["revenue"], order),
        alt.Chart(drawn, mark=dashed).encode(x, y["cost"], OUTLINE, order),
        alt.Chart(drawn, mark=corner).encode(
            x, y["cost"], description="said:N", tooltip=tooltip
        ),
        *_marked(marks, unit, x, y["money"]),
    ]  # fmt: skip
    if math.isfinite(own):
        rule = alt.MarkDef("rule", color=INK, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
        here = pd.DataFrame({"volume": [own]})
        layers.append(
            alt.Chart(here, mark=rule).encode(x, y=alt.value(span), y2=alt.value("height"))
        )
    return alt.LayerChart(layer=[*layers, *keys.charts()], height=_HEIGHT + keys.most + _GAP)


def _marked(marks: pd.DataFrame, unit: str, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    said = [f"{capital(kind)} {'at' if kind == _EVEN else 'from'} {_units(volume)} {unit}"
            for volume, kind in zip(marks["volume"], marks["kind"], strict=True)]  # fmt: skip
    drawn = marks.assign(said=said)
    tooltip = [alt.Tooltip("said:N", title="Volume")]
    layers = []
    for kind, shape in ((_EVEN, "circle"), (_LOSS, "diamond")):
        some = drawn[drawn["kind"].eq(kind)]
        if len(some):
            mark = alt.MarkDef("point", filled=True, shape=shape, size=110, color=INK, opacity=1)
            layers.append(
                alt.Chart(some, mark=mark).encode(x, y, description="said:N", tooltip=tooltip)
            )
    return layers
