"""How long stays last: bands as a ring with its list, and days as a histogram."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.band_bars import band_bars
from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, one_line
from caremap.charts.look import INKED, as_percent, nothing, number, times, words
from caremap.charts.points import whole_column
from caremap.charts.ring import ring
from caremap.charts.timeline import HEIGHT
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, veiled
from caremap.hidden import WHY_HIDDEN

__all__ = ["stay_donut", "stay_histogram"]

_LONGEST = 30  # days from which on stays are gathered, unless more than 2 in 100 are longer
_KEPT = 0.98
_MOST_BARS = 52
_STEPS = (1, 7, 30, 365)
_ROOM = 64  # pixels over the bars for the words of mean and median
_VEIL = "*"  # stands where a bar is hidden
_EMPTY = "No stay has a known length"


def stay_donut(bands: pd.DataFrame, *, period: str = "") -> Figure:
    """Return the stays of each band of length as a ring beside a list of the bands.

    Parameters
    ----------
    bands
        As `caremap.measures.stay_bands` returns them: ``band`` in order, ``stays``.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        The ring runs clockwise from the top in the order of the list, from light to dark. The
        shares at the ring are those in the list; bands too small for one are in the list.

    Raises
    ------
    ValueError
        Where a column is missing or there is no row.

    Examples
    --------
    >>> bands = pd.DataFrame({"band": ["Same day", "1 day"], "stays": [30, 90]})
    >>> stay_donut(bands).title
    'Commonest length of stay: 1 day, 90 of 120 stays (75 %)'
    """
    needs(bands, ["band", "stays"])
    stays = _counts(bands["stays"])
    veil = hidden_rows(bands) & stays.isna()
    stays = stays.where(veil, stays.fillna(0))
    total = math.nan if veil.any() else float(stays.sum())
    share = stays / total if total else stays * np.nan
    names = [one_line(band) for band in bands["band"]]
    rows = pd.DataFrame({"band": names, "stays": stays, "share": share})
    title = _commonest(rows["band"], rows["stays"], hidden=bool(veil.any()))
    if veil.any():
        chart = band_bars(rows)
    else:
        chart = ring(rows) if total else nothing(_EMPTY + ".", HEIGHT)
    table = pd.DataFrame(
        {
            "Length of stay": names,
            "Stays": _whole(stays),
            "Share of stays (%)": (share * 100).round(1),
        }
    )
    return Figure(
        name="stays_by_length",
        title=title,
        subtitle=_subtitle("Stays by length of stay", period, total),
        chart=chart,
        alt=f"{title}. {_listed(rows)}." if total else f"{_EMPTY}.",
        table=veiled(table, veil),
        notes=(f"{WHY_HIDDEN} There is no total and no share.",) * bool(veil.any()),
        plot=Plot("bars" if veil.any() else "ring", "Length of stay", ("Stays",)),
    )


def _listed(rows: pd.DataFrame) -> str:
    """Say of each band how many stays it has and, where all are known, their share."""
    said = zip(rows["band"], rows["stays"].tolist(), rows["share"].tolist(), strict=True)
    return "; ".join(f"{band}: {_figure(n, part)}" for band, n, part in said)


def _figure(stays: float, share: float) -> str:
    if not math.isfinite(stays):
        return HIDDEN_WORD
    return f"{number(stays)}{f' ({as_percent(share)})' if math.isfinite(share) else ''}"


def stay_histogram(
    lengths: pd.DataFrame,
    *,
    period: str = "",
    mean: float | None = None,
    median: float | None = None,
) -> Figure:
    """Return how many stays lasted how many days; the few longest are gathered in one bar.

    Parameters
    ----------
    lengths
        As `caremap.measures.stay_lengths` returns them: ``days``, ``stays``.
    period
        The period covered, in words.
    mean, median
        In days, of the same stays; marked by a line where they are given.

    Returns
    -------
    Figure
        A bar per day; where more than two in a hundred stays are longer than the bars reach,
        bars of weeks, of 30 days or of years. The hollow bar at the end holds all longer ones.

    Raises
    ------
    ValueError
        Where a column is missing or there is no row.

    Examples
    --------
    >>> lengths = pd.DataFrame({"days": [0.0, 1.0, 40.0], "stays": [30, 90, 1]})
    >>> figure = stay_histogram(lengths, mean=1.07, median=1)
    >>> figure.title
    'Half of 121 stays lasted 1 day or less; the mean is 1.1 days'
    >>> figure.table["Length of stay"].iloc[-1]
    '30 days or more'
    """
    needs(lengths, ["days", "stays"])
    days, stays = numbers(lengths["days"]), _counts(lengths["stays"])
    veil = hidden_rows(lengths) & stays.isna()
    known = days.ge(0) & (stays.gt(0) | veil)
    total, left = float(stays[known].sum()), float(stays[~known].sum())
    bars, step = _bars(np.floor(days[known]), stays[known], veil[known])
    if bars["hidden"].any():
        total = math.nan
    mean, median = (
        value if value is not None and math.isfinite(value) else None for value in (mean, median)
    )
    title = _said(bars, total, mean, median)
    return Figure(
        name="stays_by_day_of_length",
        title=title,
        subtitle=_subtitle("Stays by days in hospital", period, total),
        chart=_histogram(bars, step, mean, median) if total else nothing(_EMPTY + ".", HEIGHT),
        alt=_told(bars, title, mean, median),
        table=veiled(
            pd.DataFrame(
                {
                    "Length of stay": bars["name"],
                    "Stays": _whole(bars["stays"]),
                    "Share of stays (%)": (bars["share"] * 100).round(1),
                }
            ),
            bars["hidden"],
        ),
        notes=tuple(
            filter(
                None,
                [
                    f"{number(left)} stays of unknown or negative length are left out."
                    * bool(left),
                    f"{_VEIL} marks a bar that is hidden. {WHY_HIDDEN} There is no total and no "
                    "share." * bool(bars["hidden"].any()),
                ],
            )
        ),
        plot=Plot("columns", "Length of stay", ("Stays",)),
    )


# --- what is counted ------------------------------------------------------------------------


def _counts(column: pd.Series) -> pd.Series:
    """Return counts; fewer than none is no count."""
    return numbers(column).clip(lower=0, upper=1e15)


def _whole(stays: pd.Series) -> pd.Series:
    return stays.astype("int64") if stays.notna().all() else whole_column(stays, 0)


def _bars(days: pd.Series, stays: pd.Series, veil: pd.Series) -> tuple[pd.DataFrame, int]:
    """Return one row per bar, those of none included, and how many days a bar has.

    A bar with a day that is hidden is hidden as a whole, and shares of all are not known.
    """
    if days.empty:
        columns = ["first", "stays", "name", "share", "tail", "hidden"]
        return pd.DataFrame(columns=columns).astype({"hidden": bool}), 1
    ordered = stays.groupby(days).sum()
    longest = float(ordered.index.max())
    most = float(ordered.index[int(ordered.cumsum().ge(_KEPT * ordered.sum()).argmax())])
    step = next((step for step in _STEPS if most < _MOST_BARS * step), _STEPS[-1])
    reach = min(max(most + 1, float(_LONGEST)), float(_MOST_BARS * step))
    tail = math.ceil(reach / step) * step
    if longest < tail + 5 * step:
        tail = (int(longest) // step + 1) * step
    first = (days // step * step).clip(upper=tail)
    every = list(range(0, tail, step)) + ([tail] if longest >= tail else [])
    counted = stays.groupby(first).sum().reindex(every, fill_value=0.0)
    hidden = veil.groupby(first).any().reindex(every, fill_value=False)
    bars = pd.DataFrame({"first": every, "stays": counted.mask(hidden).to_numpy()})
    bars["hidden"] = hidden.to_numpy()
    bars["tail"] = bars["first"].eq(tail)
    bars["name"] = [_name(at, step, last) for at, last in zip(every, bars["tail"], strict=True)]
    total = math.nan if hidden.any() else bars["stays"].sum()
    return bars.assign(share=bars["stays"] / total), step


def _name(first: int, step: int, tail: bool) -> str:
    if tail:
        return f"{first:,} days or more"
    if step > 1:
        return f"{first:,}-{first + step - 1:,} days"
    return {0: "0 days", 1: "1 day"}.get(first, f"{first} days")


# --- what is said ---------------------------------------------------------------------------


def _subtitle(what: str, period: str, total: float) -> str:
    stays = f"{number(total)} {'stay' if total == 1 else 'stays'} of known length"
    count = stays if math.isfinite(total) else "some counts hidden"
    return " · ".join(filter(None, [what, period, count]))


def _commonest(names: pd.Series, stays: pd.Series, *, hidden: bool) -> str:
    total, most = float(stays.sum()), float(stays.max()) if stays.notna().any() else 0.0
    if not total:
        return "No length of stay is shown" if hidden else _EMPTY
    first = names[stays.eq(most)].tolist()
    if hidden:
        return f"Commonest length of stay of those shown: {first[0]}, {times(most, 'stay')}"
    if len(first) > 1:
        return f"{number(total)} stays, as many of {first[0]} as of {first[1]}"
    of = f"{number(most)} of {number(total)} {'stay' if total == 1 else 'stays'}"
    return f"Commonest length of stay: {first[0]}, {of} ({as_percent(most / total)})"


def _days(value: float) -> str:
    return f"{number(value, decimals=0 if round(value, 1) == round(value) else 1)} " + (
        "day" if round(value, 1) == 1 else "days"
    )


def _said(bars: pd.DataFrame, total: float, mean: float | None, median: float | None) -> str:
    if not total or median is None or total == 1:
        return _commonest(bars["name"], bars["stays"], hidden=bool(bars["hidden"].any()))
    all_of_them = number(total) if math.isfinite(total) else "all"
    average = "" if mean is None else f"; the mean is {_days(mean)}"
    if median == 0:
        return f"At least half of {all_of_them} stays began and ended on one day{average}"
    return f"Half of {all_of_them} stays lasted {_days(median)} or less{average}"


def _told(bars: pd.DataFrame, title: str, mean: float | None, median: float | None) -> str:
    if bars.empty:
        return f"{_EMPTY}."
    said = []
    if bars["stays"].notna().any():
        peak = bars.iloc[int(bars["stays"].argmax())]
        said.append(f"Most stays in one bar: {peak['name']}, {number(peak['stays'])}")
    tail = bars[bars["tail"]]
    if not tail.empty:
        row = tail.iloc[0]
        figure = f"{number(row['stays'])} stays ({as_percent(row['share'])})"
        plain = HIDDEN_WORD if row["hidden"] else times(row["stays"], "stay")
        said.append(f"{row['name']}: {figure if row['share'] == row['share'] else plain}")
    for name, value in (("Mean", mean), ("Median", median)):
        if value is not None:
            said.append(f"{name} {_days(value)}")
    if bars["hidden"].any():
        said.append(f"{times(bars['hidden'].sum(), 'bar is', 'bars are')} hidden")
    return f"{title}. {'. '.join(said)}."


# --- what is drawn --------------------------------------------------------------------------


def _histogram(
    bars: pd.DataFrame, step: int, mean: float | None, median: float | None
) -> alt.LayerChart:
    shift = 0.8  # the last bar stands apart: it is as wide as the others, but holds more days
    at = bars["first"] / step + bars["tail"] * shift
    bars = bars.assign(
        left=at - 0.44,
        right=at + 0.44,
        shown=[_figure(stays, share) for stays, share in bars[["stays", "share"]].to_numpy()],
    )
    of = "" if bars["hidden"].any() else " of stays"
    bars = bars.assign(said=bars["name"] + ": " + bars["shown"] + of)
    end = float(at.max()) + 0.6
    x = _across(bars, step, end, shift)
    high = float(bars["stays"].max()) if bars["stays"].notna().any() else 1.0
    y = alt.Y(
        "stays:Q",
        axis=alt.Axis(
            title="Stays", titleAngle=0, titleAlign="left", titleAnchor="end",
            titleBaseline="bottom", titleX=0, titleY=14, labelPadding=6, tickCount=5,
            tickMinStep=1, domain=False, **INKED,
        ),
        scale=alt.Scale(domain=[0, high], range=[alt.ExprRef("height"), _ROOM], nice=False),
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("name:N", title="Length of stay"),
        alt.Tooltip("shown:N", title="Stays"),
    ]
    shown = bars[~bars["hidden"]]
    veil = bars[bars["hidden"]].assign(left=lambda part: part["left"] + 0.44)
    solid = alt.MarkDef("bar", orient="vertical")
    hollow = alt.MarkDef("bar", orient="vertical", filled=False, fill="transparent")
    layers = [
        alt.Chart(data, mark=mark).encode(
            x, alt.X2("right"), y, alt.Y2Datum(0), description="said:N", tooltip=tooltip
        )
        for data, mark in ((shown[~shown["tail"]], solid), (shown[shown["tail"]], hollow))
        if not data.empty
    ]
    if len(veil):
        mark = words(_VEIL, size=15, baseline="bottom", dy=4, aria=True)
        layers.append(
            alt.Chart(veil, mark=mark).encode(
                x, y=alt.value(alt.ExprRef("height")), description="said:N", tooltip=tooltip
            )
        )
    reach = float((bars["first"] + step)[~bars["tail"]].max())
    return alt.LayerChart(
        layer=[*layers, *_averages(x, step, end, reach, mean, median)], height=HEIGHT
    )


def _across(bars: pd.DataFrame, step: int, end: float, shift: float) -> alt.X:
    count = int((~bars["tail"]).sum())
    apart = 5 if count > 12 else 1
    last = [count + shift] if bars["tail"].any() else []
    values = [*(at for at in range(0, count, apart) if at < count - 2 or not last), *last]
    label = f"format(round(datum.value) * {step}, ',')"
    if last:
        label = f"datum.value > {count} ? '{bars['first'].iloc[-1]:,}+' : {label}"
    steps = f", {step} to a bar" if step > 1 else ""
    axis = alt.Axis(
        title=f"Days in hospital{steps}", values=values, labelExpr=label, grid=False,
        labelPadding=6, titlePadding=8, labelOverlap="parity", labelFlush=False, **INKED,
    )  # fmt: skip
    scale = alt.Scale(domain=[-0.6, end], nice=False, padding=0, zero=False)
    return alt.X("left:Q", axis=axis, scale=scale)


def _averages(
    x: alt.X, step: int, end: float, reach: float, mean: float | None, median: float | None
) -> list[alt.Chart]:
    """Return a line for the median and the mean, the left one's words over the right one's."""
    given = [("median", median), ("mean", mean)]
    known = sorted(((value, name) for name, value in given if value is not None), reverse=False)
    charts: list[alt.Chart] = []
    right = any((value / step) > 0.55 * end for value, _ in known if value < reach)
    for at, (value, name) in enumerate(reversed(known) if right else known):
        beyond = not 0 <= value < reach
        place = end if beyond else (value - (step - 1) / 2) / step
        text = f"{name} {_days(value)}{' (beyond the bars)' if beyond else ''}"
        row = pd.DataFrame({"left": [place], "said": [text]})
        top = 28 + 17 * at
        align, dx = ("right", -5) if right or beyond else ("left", 5)
        halo: dict[str, Any] = {
            "stroke": alt.ExprRef("background"),
            "strokeWidth": 4,
            "strokeJoin": "round",
        }
        if not beyond:
            dashes = [6, 3] if name == "mean" else [1, 0]
            line = alt.MarkDef("rule", color=INK, strokeWidth=1.5, strokeDash=dashes)
            charts.append(
                alt.Chart(row, mark=line).encode(
                    x, y=alt.value(top), y2=alt.value(alt.ExprRef("height")),
                    description="said:N", tooltip=alt.value(text),
                )
            )  # fmt: skip
        for options in (halo, {}):
            mark = words(text, align=align, baseline="middle", dx=dx, **options)
            charts.append(alt.Chart(row, mark=mark).encode(x, y=alt.value(top)))
    return charts
