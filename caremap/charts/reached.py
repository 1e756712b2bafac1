"""Whom facilities serve, and how well the places people live in are served."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.bars import bars_figure
from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.look import (
    INKED,
    as_percent,
    nothing,
    short_number,
    times,
    whole_ticks,
    words,
)
from caremap.charts.marked import Rule, rules
from caremap.charts.per_staff import ratio
from caremap.charts.points import capital

__all__ = ["access_figure", "catchment_figure"]

_HEIGHT = 280
_LINE = 24  # pixels over the columns for the words of the middle
_BARS = 20  # about as many columns
_BEYOND = 0.98  # share of ZIP codes the columns reach; few far ones would flatten all


@dataclass(frozen=True)
class _People:
    """People served, as charts know a measure."""

    name: str = "people"
    title: str = "People served"
    unit: str = "people"
    denominator: str = ""
    kind: Literal["flow", "ratio", "stock"] = "flow"
    decimals: int = 0


def catchment_figure(
    served: pd.Series, left_out: pd.DataFrame | None = None, *, method: str = "", top: int = 12
) -> Figure:
    """Return how many people each facility serves, and how many none does.

    Parameters
    ----------
    served
        People by facility (its index); missing where it cannot be known. As ``served`` of
        `caremap.geography.Catchment`.
    left_out
        ``zip``, ``population`` (missing where it is not known) and ``reason``: who is in no
        catchment.
    method
        How people were given to facilities, in words: "nearest facility".
    top
        How many facilities to draw; the others are one row.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        Where there is no facility, or a column is missing.

    Examples
    --------
    >>> served = pd.Series({"Kent": 40_000.0, "Auburn": 10_000.0})
    >>> left_out = pd.DataFrame({"zip": ["98001"], "population": [3000], "reason": "too far"})
    >>> catchment_figure(served, left_out).title
    'Most people served: Kent, 40,000 of 50,000 (80 %); 3,000 people are in no catchment'
    """
    frame = pd.DataFrame({"facility": served.index.astype("object"), "people": served.to_numpy()})
    made = bars_figure(frame, "facility", "Facility", [_People()], period=method, top=top)
    if left_out is None or left_out.empty:
        return replace(made, name="catchment")
    needs(left_out, ["zip", "population", "reason"])
    people = numbers(left_out["population"])
    total = float(people.sum())
    are = "person is" if total == 1 else "people are"
    more = f"; {short_number(total, spelt=True)} {are} in no catchment" if total > 0 else ""
    return replace(
        made,
        name="catchment",
        title=f"{made.title}{more}",
        alt=f"{made.alt.removesuffix('.')}{more}.",
        notes=(*made.notes, *_left(left_out, people)),
    )


def _left(left_out: pd.DataFrame, people: pd.Series) -> list[str]:
    """Say who is in no catchment, by reason, the most people first."""
    rows = pd.DataFrame(
        {"reason": text_of(left_out["reason"].astype("object")).to_numpy(), "people": people}
    )
    rows["unknown"] = rows["people"].isna()
    sums = rows.groupby("reason", sort=False).agg(
        zips=("people", "size"), people=("people", "sum"), unknown=("unknown", "sum")
    )
    notes = []
    for reason, row in sums.sort_values("people", ascending=False, kind="stable").iterrows():
        known, unknown = row["unknown"] < row["zips"], row["unknown"]
        counted = f", {times(row['people'], 'person', 'people')}" if known else ""
        partly = f", {unknown:,.0f} of them of unknown population" if known and unknown else ""
        codes = f"In no catchment: {times(row['zips'], 'ZIP code')}{counted}{partly}"
        notes.append(f"{codes} ({str(reason).rstrip('. ')}).")
    return notes


# --- access ---------------------------------------------------------------------------------


def access_figure(
    access: pd.Series,
    *,
    people: pd.Series | None = None,
    unit: str = "staff per 10,000 people",
    method: str = "",
) -> Figure:
    """Return how much supply the ZIP codes have in reach, as a distribution.

    Parameters
    ----------
    access
        Supply per 10,000 people by ZIP code (its index); 0 where nothing is in reach, missing
        where it is not known. As ``access`` of `caremap.geography.Catchment`.
    people
        Who lives there, by ZIP code: says how many have nothing in reach.
    unit
        What the figures are.
    method
        How it was reckoned, in words: "60 km, falling with distance".

    Returns
    -------
    Figure
        Columns count ZIP codes; those with nothing in reach have a hollow one of their own.

    Raises
    ------
    ValueError
        Where there is no ZIP code.

    Examples
    --------
    >>> access_figure(pd.Series({"98001": 0.0, "98002": 12.0, "98003": 20.0})).title
    'Half of 3 ZIP codes have 12.0 staff per 10,000 people or less; 1 has none in reach'
    """
    if access.empty:
        raise ValueError("The series has no rows: there is nothing to draw.")
    values = numbers(access)
    values = values.where(values.ge(0))
    known = values.dropna()
    bars = _bars(known)
    home = _home(access, values, people)
    title = _title(known, unit, home)
    count = times(len(known), "ZIP code")
    return Figure(
        name="access",
        title=title,
        subtitle=" · ".join(filter(None, [f"ZIP codes by {unit}", method, count])),
        chart=_chart(bars, known, unit),
        alt=_alt(bars, title),
        table=pd.DataFrame(
            {
                capital(unit): bars["name"],
                "ZIP codes": bars["count"].astype("Int64"),
                "Share of ZIP codes (%)": (bars["count"] / max(len(known), 1) * 100).round(1),
            }
        ),
        notes=_notes(values, bars),
        plot=Plot("columns", capital(unit), ("ZIP codes",)) if len(known) else None,
    )


def _home(access: pd.Series, values: pd.Series, people: pd.Series | None) -> float:
    """Return how many people live where nothing is in reach; NaN where that is not known."""
    if people is None:
        return math.nan
    living = people[~people.index.duplicated()].reindex(access.index)
    none = numbers(living)[values.eq(0)]
    return float(none.sum()) if len(none) and none.notna().all() else math.nan


def _bars(known: pd.Series) -> pd.DataFrame:
    """Return the columns: none in reach, then steps of round width, the last without an end."""
    some = known[known.gt(0)]
    rows = [("none", 0.0, 0.0, int(known.eq(0).sum()))] if known.eq(0).any() else []
    if len(some):
        step = _step(float(some.quantile(_BEYOND)))
        count = max(math.ceil(float(some.quantile(_BEYOND)) / step), 1)
        at = (some / step).astype("int64").clip(upper=count)
        for place in range(count + 1):
            low, high = place * step, (place + 1) * step
            here = int(at.eq(place).sum())
            if place == count and not here:
                continue
            last = place == count
            name = f"{_edge(low)} and more" if last else f"{_edge(low)} to under {_edge(high)}"
            rows.append((name.replace("0 to under", "over 0 to under", 1) if not place else name,
                         low, high, here))  # fmt: skip
    bars = pd.DataFrame(rows, columns=["name", "low", "high", "count"])
    return bars.assign(open=bars["name"].str.endswith("and more"), none=bars["name"].eq("none"))


def _step(reach: float) -> float:
    """Return a round width of which about twenty make the reach."""
    raw = reach / _BARS
    power = 10.0 ** math.floor(math.log10(raw))
    return next(size * power for size in (1, 2, 5, 10) if size * power >= raw * 0.999)


def _edge(value: float) -> str:
    return f"{value:,.6g}"


def _title(known: pd.Series, unit: str, home: float) -> str:
    if known.empty:
        return f"No ZIP code has a figure of {unit}"
    none = int(known.eq(0).sum())
    if none == len(known):
        return f"None of {times(none, 'ZIP code')} has any {unit.split(' per ')[0]} in reach"
    half = ratio(float(known.quantile(0.5, interpolation="lower")))
    count = times(len(known), "ZIP code")
    if len(known) == 1:
        return f"{half} {unit} in the only ZIP code"
    live = f", home to {short_number(home, spelt=True)} people," if math.isfinite(home) else ""
    rest = f"; {none:,}{live} {'has' if none == 1 else 'have'} none in reach" if none else ""
    return f"Half of {count} have {half} {unit} or less{rest}"


def _alt(bars: pd.DataFrame, title: str) -> str:
    if bars.empty:
        return f"{title}."
    most = bars.sort_values("count", ascending=False, kind="stable").head(3)
    said = [f"{row['name']}: {times(row['count'], 'ZIP code')}" for _, row in most.iterrows()]
    return f"Columns by access. {title}. Most ZIP codes: {'; '.join(said)}."


def _notes(values: pd.Series, bars: pd.DataFrame) -> tuple[str, ...]:
    unknown = int(values.isna().sum())
    notes = ["Each ZIP code counts once, however many live there."] if len(bars) else []
    if unknown:
        are = times(unknown, "ZIP code has", "ZIP codes have")
        notes.append(f"{are} no figure, as the place is not known: that is not 0.")
    if bars["open"].any():
        notes.append("The hollow column at the right holds all higher figures.")
    if bars["none"].any():
        notes.append("The hollow column at the left holds ZIP codes with nothing in reach.")
    return tuple(notes)


def _chart(bars: pd.DataFrame, known: pd.Series, unit: str) -> alt.LayerChart:
    if bars.empty:
        return nothing("No ZIP code has a figure.")
    some = bars[~bars["none"]]
    step = float((some["high"] - some["low"]).iloc[0]) if len(some) else 1.0
    end = float(some["high"].max()) if len(some) else step
    last = end if bars["open"].any() else math.nextafter(end, math.inf)  # it has no end
    gap = step * 0.06
    drawn = bars.assign(
        left=np.where(bars["none"], -1.5 * step, bars["low"] + gap),
        right=np.where(bars["none"], -0.5 * step, bars["high"] - gap),
        shown=[times(count, "ZIP code") for count in bars["count"]],
        share=[as_percent(count / len(known)) for count in bars["count"]],
    )
    drawn["said"] = drawn["name"] + ": " + drawn["shown"]
    start = -2 * step if bars["none"].any() else 0.0
    scale = alt.Scale(domain=[start, end], nice=False, zero=False)
    axis = alt.Axis(
        title=capital(unit), grid=False, tickCount=6, titleLimit=0, labelFlush=False,
        labelExpr=f"datum.value < 0 || datum.value >= {last} ? '' : datum.label", **INKED,
    )  # fmt: skip

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    most = float(bars["count"].max())
    room = 1 + _LINE * 1.6 / (_HEIGHT - 60)
    y = alt.Y(
        "count:Q",
        scale=alt.Scale(domain=[0, most * room], nice=False),
        axis=alt.Axis(title="ZIP codes", values=whole_ticks(most), format=",d", **INKED),
    )
    tooltip = [
        alt.Tooltip("name:N", title=capital(unit)),
        alt.Tooltip("shown:N", title="ZIP codes"),
        alt.Tooltip("share:N", title="Share"),
    ]
    solid = alt.MarkDef("bar")
    hollow = alt.MarkDef("bar", fill="transparent", stroke=INK, strokeWidth=1)
    layers = []
    edge = drawn["open"] | drawn["none"]
    for part, mark in ((drawn[~edge], solid), (drawn[edge], hollow)):
        if len(part):
            layers.append(
                alt.Chart(part, mark=mark).encode(
                    x("left"), alt.X2("right"), y, alt.Y2Datum(0),
                    description="said:N", tooltip=tooltip,
                )
            )  # fmt: skip
    if bars["none"].any():
        mark = words("none", baseline="bottom", dy=-3)
        middle = drawn[drawn["none"]].assign(middle=-step)
        layers.append(alt.Chart(middle, mark=mark).encode(x("middle"), y))
    half = float(known.quantile(0.5, interpolation="lower"))
    if half > 0:
        layers += rules([Rule(half, f"half: up to {ratio(half)}", (5, 3), 1.5)], end, x)
    return alt.LayerChart(layer=layers, height=_HEIGHT)
