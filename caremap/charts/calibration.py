"""How far a predicted risk can be taken at its word: what was predicted against what came."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers
from caremap.charts.keys import Key, Keys
from caremap.charts.look import INKED, NO_FIGURE, nothing, number
from caremap.charts.points import whole_column
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, veiled
from caremap.hidden import WHY_HIDDEN

__all__ = ["calibration_figure"]

_HEIGHT = 380
_TENTHS = 10
_GAP = 10  # pixels under the keys
_ROOM = 1.06


def calibration_figure(
    calibration: pd.DataFrame, *, long: str, error: float = math.nan, period: str = ""
) -> Figure:
    """Return predicted risk against the share that came true, tenth by tenth.

    Parameters
    ----------
    calibration
        As `caremap.planning.StayRisk.calibration` has it: ``predicted`` (mean risk of a tenth),
        ``observed`` (fraction that came true), ``low``, ``high`` (its 95 % interval), all from 0
        to 1, and ``n`` (stays).
    long
        What is predicted, in words: "a stay over 7 nights".
    error
        Expected calibration error, from 0 to 1; missing: not known.
    period
        The stays it is of, in words.

    Returns
    -------
    Figure
        A point per tenth with its interval, beside the line on which risks are to be taken at
        their word. The title says how far off they are, and how many tenths lie outside.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> tenths = pd.DataFrame({"predicted": [0.05, 0.4], "observed": [0.06, 0.3],
    ...                        "low": [0.04, 0.25], "high": [0.08, 0.35], "n": [900, 900]})
    >>> calibration_figure(tenths, long="a stay over 7 nights", error=0.055).title
    'Predicted risk is off by 5.5 points on average; 1 of 2 parts lies outside its 95 % interval'
    """
    needs(calibration, ["predicted", "observed", "low", "high", "n"])
    rows = _rows(calibration)
    title = _title(rows, error)
    table = _table(rows)
    return Figure(
        name="stay_risk_calibration",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"Risk of {long}: predicted, and share that came true, by tenths of the "
                          "risk, with 95 % intervals", period])
        ),
        chart=_chart(rows),
        alt=_alt(title, rows),
        table=table,
        notes=_notes(rows),
        plot=Plot("line", "Predicted risk (%)", ("Came true (%)",)),
    )  # fmt: skip


def _rows(calibration: pd.DataFrame) -> pd.DataFrame:
    shares = ("predicted", "observed", "low", "high")
    rows = pd.DataFrame({name: numbers(calibration[name]) * 100 for name in shares})
    rows = rows.assign(n=numbers(calibration["n"]), hidden=hidden_rows(calibration))
    rows = rows.sort_values(["predicted", "n"], kind="stable").reset_index(drop=True)
    outside = (rows["predicted"] < rows["low"]) | (rows["predicted"] > rows["high"])
    return rows.assign(off=outside)


def _title(rows: pd.DataFrame, error: float) -> str:
    known = rows[rows["predicted"].notna() & rows["observed"].notna()]
    opening = (
        f"Predicted risk is off by {error * 100:.1f} points on average"
        if math.isfinite(error)
        else "Predicted risk beside what came true"
    )
    if known.empty:
        return f"{opening}; its tenths cannot be shown"
    off = int(known["off"].sum())
    parts = "tenths" if len(rows) == _TENTHS else "parts"
    if not off:
        return f"{opening}; all {len(known)} {parts} lie within their 95 % intervals"
    lie = "lies outside its 95 % interval" if off == 1 else "lie outside their 95 % intervals"
    return f"{opening}; {off} of {len(known)} {parts} {lie}"


def _said(row: pd.Series) -> str:
    if not math.isfinite(row["predicted"] + row["observed"]):
        return HIDDEN_WORD if row["hidden"] else NO_FIGURE
    interval = (
        f", 95 % interval {row['low']:.1f} to {row['high']:.1f} %"
        if math.isfinite(row["low"] + row["high"])
        else ""
    )
    return (
        f"predicted {row['predicted']:.1f} %, came true {row['observed']:.1f} %{interval}, "
        f"n {number(row['n'])}"
    )


def _alt(title: str, rows: pd.DataFrame) -> str:
    ends = [rows.iloc[0], *([rows.iloc[-1]] if len(rows) > 1 else [])]
    said = [f"{name} tenth: {_said(row)}"
            for name, row in zip(("Lowest", "highest"), ends, strict=False)]  # fmt: skip
    return f"Points beside a line of equal shares. {title}. {'; '.join(said)}."


def _notes(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        filter(
            None,
            [
                "On the line a risk can be taken at its word: of stays given 30 %, 30 % came true. "
                "Below it the risk was too high, above it too low.",
                "Tenths hold equally many stays, none of which the model had seen; where many have "
                "the same risk there are fewer parts. One in twenty intervals misses the truth by "
                "chance alone.",
                WHY_HIDDEN if rows["hidden"].any() else "",
            ],
        )
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "Tenth": range(1, len(rows) + 1),
            "Predicted risk (%)": rows["predicted"].round(1),
            "Came true (%)": rows["observed"].round(1),
            "95 % from (%)": rows["low"].round(1),
            "95 % to (%)": rows["high"].round(1),
            "Stays": whole_column(rows["n"], 0),
        }
    )
    return veiled(table, rows["hidden"])


def _chart(rows: pd.DataFrame) -> alt.LayerChart:
    known = rows[rows["predicted"].notna() & rows["observed"].notna()]
    if known.empty:
        return nothing("There is no tenth that can be shown.")
    keys = Keys([Key("dot", "A tenth of the stays", "Tenth"), Key("mark", "Taken at its word")])
    top = min(float(known[["predicted", "observed", "high"]].max().max()) * _ROOM, 100.0)
    top = max(top, 1.0)
    scale = alt.Scale(domain=[0, top], nice=False, zero=True)
    across = alt.Axis(title="Predicted risk, %", grid=False, tickCount=6, **INKED)
    x = alt.X("predicted:Q", scale=scale, axis=across)
    up = alt.Scale(
        domain=[0, top], nice=False, zero=True,
        range=[alt.ExprRef("height"), alt.ExprRef(f"{keys.height} + {_GAP}")],
    )  # fmt: skip
    axis = alt.Axis(title="Came true, %", grid=True, tickCount=6, **INKED)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=up, axis=axis)

    drawn = known.assign(
        said=[f"Tenth {at + 1}: {_said(row)}" for at, row in known.iterrows()],  # type: ignore[operator]
        given=[f"{value:.1f} %" for value in known["predicted"]],
        came=[f"{value:.1f} %" for value in known["observed"]],
        interval=[f"{low:.1f} to {high:.1f} %" if math.isfinite(low + high) else "not known"
                  for low, high in zip(known["low"], known["high"], strict=True)],
        count=[number(n) for n in known["n"]],
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("given:N", title="Predicted risk"),
        alt.Tooltip("came:N", title="Came true"),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("count:N", title="Stays"),
    ]
    equal = pd.DataFrame({"predicted": [0.0, top], "observed": [0.0, top]})
    line = alt.MarkDef("line", color=INK, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
    spread = alt.MarkDef("rule", color=INK, strokeWidth=2, aria=False)
    dot = alt.MarkDef("point", filled=True, size=110, opacity=1)
    bars = drawn[drawn["low"].notna() & drawn["high"].notna()]
    layers = [
        alt.Chart(equal, mark=line).encode(x, y("observed")),
        *([alt.Chart(bars, mark=spread).encode(x, y("low"), alt.Y2("high"), tooltip=tooltip)]
          if len(bars) else []),
        alt.Chart(drawn, mark=dot).encode(x, y("observed"), description="said:N", tooltip=tooltip),
        *keys.charts(),
    ]  # fmt: skip
    return alt.LayerChart(layer=layers, height=_HEIGHT)
