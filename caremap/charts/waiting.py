"""How long people wait: a histogram with the target, the median and the 90th percentile."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers
from caremap.charts.look import duration, nearly, nothing, times, words
from caremap.charts.marked import Rule, rules
from caremap.charts.points import capital
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, veiled
from caremap.hidden import WHY_HIDDEN

__all__ = ["waiting_figure"]

_WIDTHS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 14400)
_MOST_BARS = 24
_TAIL = 0.98  # of the visits; what waits longer is gathered in the last bar
_FAR = 1.5  # a target beyond so many times the axis would press all bars together
_HEIGHT = 340
_HEADROOM = 66  # pixels over the bars: three lines of labels that never meet
_VEIL = "*"  # stands where a bar is hidden
_HOURS_FROM, _DAYS_FROM = 180, 5 * 1440  # minutes on the axis
Across = Callable[[str], alt.X]


@dataclass(frozen=True)
class _Bins:
    """Bars of equal width, each with its upper edge in it; the last may hold a longer tail."""

    width: float
    count: int
    tail: bool

    @property
    def limit(self) -> float:
        return self.width * self.count

    @property
    def end(self) -> float:
        return self.limit + (1.5 * self.width if self.tail else 0)


def waiting_figure(
    lengths: pd.DataFrame, summary: pd.DataFrame, *, target: float = 240, period: str = ""
) -> Figure:
    """Draw how long people waited, with the share within a target.

    A bar holds the waits up to and including its upper edge, so that a wait of exactly the
    target lies within it. The longest waits are gathered in a last bar that says so.

    Parameters
    ----------
    lengths
        As `caremap.measures.wait_lengths` returns it: ``minutes`` and ``visits``.
    summary
        As `caremap.measures.waits` returns it without groups: one row of ``median`` and ``p90``
        (minutes), ``within_target`` (percent), ``n`` and ``unknown``.
    target
        The longest wait that is good enough, in minutes.
    period
        The days covered, in words, for the subtitle.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        Where a frame has no rows or lacks a column.

    Examples
    --------
    >>> lengths = pd.DataFrame({"minutes": [30, 90, 300], "visits": [5, 3, 2]})
    >>> summary = pd.DataFrame({"median": [60.0], "p90": [300.0], "within_target": [80.0],
    ...                         "n": [10], "unknown": [4]})
    >>> figure = waiting_figure(lengths, summary)
    >>> figure.title
    '80 % were seen within 4 h; half waited no longer than 1 h'
    >>> figure.subtitle
    'Waiting time · 10 known waits, 4 unknown'
    """
    needs(lengths, ["minutes", "visits"])
    needs(summary, ["median", "p90", "within_target", "n", "unknown"])
    known = _known(lengths)
    summary_hidden = bool(hidden_rows(summary).any())
    facts = {name: float(numbers(summary[name]).iloc[0]) for name in summary if name in _FACTS}
    bins = _bins(known, facts["p90"], target)
    bars = _bars(known, bins)
    title = _title(facts, target, hidden=summary_hidden)
    table = pd.DataFrame(
        {"Waiting time": bars["name"], "Waits": bars["visits"], "Share, %": bars["share"]}
    )
    return Figure(
        name="waiting_time",
        title=title,
        subtitle=_subtitle(facts, period, hidden=summary_hidden),
        chart=_chart(bars, bins, facts, target),
        alt=_words(bars, bins, facts, title),
        table=veiled(table, bars["hidden"]),
        notes=_notes(lengths, known, bins, facts, target, hidden=summary_hidden),
        plot=Plot("columns", "Waiting time", ("Waits",)),
    )


_FACTS = ("median", "p90", "within_target", "n", "unknown")


# --- the figures ----------------------------------------------------------------------------


def _known(lengths: pd.DataFrame) -> pd.DataFrame:
    """Return the waits there are, with those whose number is hidden."""
    waits = pd.DataFrame(
        {"minutes": numbers(lengths["minutes"]), "visits": numbers(lengths["visits"])}
    )
    waits["hidden"] = hidden_rows(lengths) & waits["visits"].isna()
    usable = (waits["minutes"] >= 0) & (waits["visits"].gt(0) | waits["hidden"])
    return waits[usable].sort_values("minutes", ignore_index=True)


def _bins(known: pd.DataFrame, p90: float, target: float) -> _Bins:
    """Choose bars: about twenty, of a width people know, the target at an edge where it can be."""
    if known.empty:
        return _Bins(15.0, 4, tail=False)
    visits = known["visits"].fillna(0)
    most = float(known["minutes"].iloc[-1])
    kept = known.loc[visits.cumsum() >= _TAIL * visits.sum(), "minutes"]
    reach = max(float(kept.iloc[0]), p90 if p90 <= most else 0, 1)
    if target <= _FAR * reach:
        reach = max(reach, target)
    wide = [width for width in _WIDTHS if reach / width <= _MOST_BARS]
    width = float(wide[0]) if wide else 10.0 ** math.ceil(math.log10(reach / _MOST_BARS))
    at_edge = [
        choice for choice in wide if target > 0 and target % choice == 0 and choice <= 3 * width
    ]
    width = float(at_edge[0]) if at_edge else width
    count = max(math.ceil(reach / width), 1)
    if most <= width * (count + 1):  # a tail of one bar is no tail
        return _Bins(width, max(math.ceil(most / width), count), tail=False)
    return _Bins(width, count, tail=True)


def _bars(known: pd.DataFrame, bins: _Bins) -> pd.DataFrame:
    """Return one row per bar, empty ones too."""
    at = np.ceil(known["minutes"] / bins.width).clip(1, bins.count + 1).astype("int64") - 1
    every = range(bins.count + bins.tail)
    visits = known["visits"].groupby(at.to_numpy()).sum().reindex(every, fill_value=0.0)
    hidden = known["hidden"].groupby(at.to_numpy()).any().reindex(every, fill_value=False)
    visits = visits.mask(hidden)
    first = visits.index.to_numpy() * bins.width
    last = first + bins.width
    names = [_name(low, high) for low, high in zip(first, last, strict=True)]
    left, right = first, last
    if bins.tail:
        names[-1] = f"over {duration(bins.limit)}"
        left[-1], right[-1] = left[-1] + bins.width / 2, right[-1] + bins.width / 2
    total = math.nan if hidden.any() else visits.sum()
    share = visits.to_numpy() / total * 100 if total else np.zeros(len(visits))
    bars = pd.DataFrame(
        {"name": names, "left": left, "right": right, "visits": visits.to_numpy(), "share": share}
    )
    shown = [f"{value:,.0f}" if value == value else HIDDEN_WORD for value in bars["visits"]]
    shares = [f"{value:,.1f} %" if value == value else HIDDEN_WORD for value in bars["share"]]
    each = [times(value, "wait") if value == value else HIDDEN_WORD for value in bars["visits"]]
    said = [
        f"{name}: {wait}{'' if hidden.any() else f', {part}'}"
        for name, wait, part in zip(names, each, shares, strict=True)
    ]
    return bars.assign(shown=shown, shares=shares, said=said, hidden=hidden.to_numpy())


def _name(low: float, high: float) -> str:
    return f"over {duration(low)} to {duration(high)}" if low else f"up to {duration(high)}"


# --- the words ------------------------------------------------------------------------------


def _title(facts: dict[str, float], target: float, *, hidden: bool) -> str:
    if hidden and math.isnan(facts["within_target"]):
        return f"How many were seen within {duration(target)} is hidden"
    if not facts["n"] > 0 or math.isnan(facts["within_target"]):
        return "No waiting time is known"
    share = capital(nearly(facts["within_target"]))
    half = f"; half waited no longer than {duration(facts['median'])}"
    return f"{share} were seen within {duration(target)}{half * math.isfinite(facts['median'])}"


def _subtitle(facts: dict[str, float], period: str, *, hidden: bool) -> str:
    if hidden:
        return " · ".join(filter(None, ["Waiting time", period, "some counts hidden"]))
    count = f"{times(np.nan_to_num(facts['n']), 'known wait')}"
    unknown = f", {np.nan_to_num(facts['unknown']):,.0f} unknown"
    return " · ".join(filter(None, ["Waiting time", period, count + unknown]))


def _words(bars: pd.DataFrame, bins: _Bins, facts: dict[str, float], title: str) -> str:
    sentences = [f"Histogram of waiting times. {title}"]
    if bars["visits"].sum():
        whole = not bars["hidden"].any()
        if math.isfinite(facts["p90"]):
            sentences.append(f"90 % waited no longer than {duration(facts['p90'])}")
        highest = bars.iloc[int(bars["visits"].argmax())]
        waits = times(highest["visits"], "wait")
        shown = "" if whole else " of those shown"
        sentences.append(f"The highest bar{shown} is {highest['name']}: {waits}")
        if bins.tail and not bars["hidden"].iloc[-1]:
            last = bars.iloc[-1]
            sentences.append(f"{times(last['visits'], 'wait')} of {last['name']}")
    return ". ".join(sentences) + "."


def _notes(
    lengths: pd.DataFrame,
    known: pd.DataFrame,
    bins: _Bins,
    facts: dict[str, float],
    target: float,
    *,
    hidden: bool,
) -> tuple[str, ...]:
    visits = numbers(lengths["visits"]).sum()
    left_out = visits - known["visits"].sum()
    longest = duration(known["minutes"].max()) if len(known) else ""
    notes = [
        "A bar holds the waits up to and including its upper edge.",
        f"The last bar holds all waits over {duration(bins.limit)}; the longest is {longest}."
        * bins.tail,
        f"The target, {duration(target)}, lies beyond the axis."
        * (target > bins.limit and len(known) > 0),
        f"Not drawn: {times(left_out, 'wait')} below zero or not a number." * bool(left_out > 0),
    ]
    if facts["unknown"] > 0:
        notes.append("Unknown waits are in no share.")
    if known["hidden"].any():
        notes.append(f"{_VEIL} marks a bar that is hidden. {WHY_HIDDEN} Bars have no shares.")
    elif hidden:
        notes.append(WHY_HIDDEN)
    return tuple(filter(None, notes))


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    bars: pd.DataFrame, bins: _Bins, facts: dict[str, float], target: float
) -> alt.LayerChart:
    if not bars["visits"].sum() and not bars["hidden"].any():
        return nothing("No waiting time is known.")
    highest = np.nan_to_num(bars["visits"].max()) or 1.0
    axis = alt.Axis(
        title="Waits", titleAngle=0, titleAlign="left", titleAnchor="end", titleX=0,
        titleY=_HEADROOM + 18, titleBaseline="bottom", titleFontSize=12, tickCount=4,
        tickMinStep=1, format=",~f", labelPadding=6, ticks=False, domain=False, labelColor=INK,
        titleColor=INK, grid=True,
        values=_ticks(float(highest)),
    )  # fmt: skip
    ceiling = highest * _HEIGHT / (_HEIGHT - _HEADROOM - 40)
    y = alt.Y("visits:Q", axis=axis, scale=alt.Scale(domain=[0, ceiling], nice=False))
    x = _across(bins)
    tooltip = [
        alt.Tooltip("name:N", title="Waiting time"),
        alt.Tooltip("shown:N", title="Waits"),
        alt.Tooltip("shares:N", title="Share of known waits"),
    ]
    bar = alt.MarkDef("bar", orient="vertical", xOffset=0.5, x2Offset=-0.5)
    layers = [
        alt.Chart(bars[~bars["hidden"]], mark=bar).encode(
            x("left"), alt.X2("right"), y, alt.Y2Datum(0), description="said:N", tooltip=tooltip
        )
    ]
    veil = bars[bars["hidden"]]
    if len(veil):
        star = words(_VEIL, size=15, baseline="bottom", dy=4, aria=True)
        middle = veil.assign(left=(veil["left"] + veil["right"]) / 2)
        layers.append(
            alt.Chart(middle, mark=star).encode(
                x("left"), y=alt.value("height"), description="said:N", tooltip=tooltip
            )
        )
    return alt.LayerChart(layer=[*layers, *_rules(bins, facts, target, x)], height=_HEIGHT)


def _ticks(highest: float) -> list[float]:
    """Return round numbers from zero to the highest bar; none among the labels above it."""
    step = 10 ** math.floor(math.log10(max(highest, 1)))
    step = next(part for part in (step / 5, step / 2, step, step * 2) if highest / part <= 5)
    step = max(step, 1)
    return [step * at for at in range(int(highest // step) + 1)]


def _across(bins: _Bins) -> Across:
    unit = 1 if bins.limit < _HOURS_FROM else 60 if bins.limit <= _DAYS_FROM else 1440
    words = {1: "minutes", 60: "hours", 1440: "days"}[unit]
    ticks = _axis_values(bins.limit, unit)
    plain = f"format(datum.value / {unit}, ',.6~f')"
    if bins.tail:
        ticks = [tick for tick in ticks if tick < bins.limit - bins.width / 2]
        ticks.append(bins.limit + bins.width)
        beyond = f"'> ' + format({bins.limit / unit}, ',.6~f')"
        plain = f"datum.value > {bins.limit} ? {beyond} : {plain}"
    axis = alt.Axis(
        title=f"Waiting time, {words}", values=ticks, labelExpr=plain,
        labelOverlap="greedy", labelFlush=False, labelBound=False, labelPadding=6, titlePadding=8,
        labelSeparation=4, grid=False, ticks=True, tickColor=INK, labelColor=INK, titleColor=INK,
        titleFontSize=12,
    )  # fmt: skip
    scale = alt.Scale(domain=[0, bins.end], nice=False)
    return lambda edge: alt.X(f"{edge}:Q", axis=axis, scale=scale)


def _axis_values(limit: float, unit: int) -> list[float]:
    """Return some six whole numbers of the unit."""
    units = limit / unit
    steps = [factor * 10**power for power in range(12) for factor in (1, 2, 5)]
    step = next((one for one in steps if units / one <= 8), units)
    return [at * step * unit for at in range(int(units // step) + 1)]


def _rules(bins: _Bins, facts: dict[str, float], target: float, x: Across) -> list[alt.Chart]:
    """Return the target and the two percentiles as lines."""
    marked = [
        Rule(target, f"Target {duration(target)}", (), 2.5),
        Rule(facts["median"], f"Median {duration(facts['median'])}", (5, 3), 1.5),
        Rule(facts["p90"], f"90 % within {duration(facts['p90'])}", (2, 2), 1.5),
    ]
    return rules([rule for rule in marked if 0 <= rule.value <= bins.limit], bins.end, x)
