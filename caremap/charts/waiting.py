"""How long people wait: a histogram with the target, the median and the 90th percentile."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.fitting import text_width
from caremap.charts.frames import needs, numbers
from caremap.charts.look import duration, nearly, nothing, times
from caremap.charts.points import capital

__all__ = ["waiting_figure"]

_WIDTHS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 7200, 14400)
_MOST_BARS = 24
_TAIL = 0.98  # of the visits; what waits longer is gathered in the last bar
_FAR = 1.5  # a target beyond so many times the axis would press all bars together
_HEIGHT = 340
_HEADROOM = 66  # pixels over the bars: three lines of labels that never meet
_LINE = 20
_HOURS_FROM, _DAYS_FROM = 180, 5 * 1440  # minutes on the axis
_NARROW = 270  # pixels of the axis on a telephone
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
    facts = {name: float(numbers(summary[name]).iloc[0]) for name in summary if name in _FACTS}
    bins = _bins(known, facts["p90"], target)
    bars = _bars(known, bins)
    title = _title(facts, target)
    return Figure(
        name="waiting_time",
        title=title,
        subtitle=_subtitle(facts, period),
        chart=_chart(bars, bins, facts, target),
        alt=_words(bars, bins, facts, title),
        table=pd.DataFrame(
            {"Waiting time": bars["name"], "Waits": bars["visits"], "Share, %": bars["share"]}
        ),
        notes=_notes(lengths, known, bins, facts, target),
        plot=Plot("columns", "Waiting time", ("Waits",)),
    )


_FACTS = ("median", "p90", "within_target", "n", "unknown")


# --- the figures ----------------------------------------------------------------------------


def _known(lengths: pd.DataFrame) -> pd.DataFrame:
    waits = pd.DataFrame(
        {"minutes": numbers(lengths["minutes"]), "visits": numbers(lengths["visits"])}
    )
    usable = (waits["minutes"] >= 0) & (waits["visits"] > 0)
    return waits[usable].sort_values("minutes", ignore_index=True)


def _bins(known: pd.DataFrame, p90: float, target: float) -> _Bins:
    """Choose bars: about twenty, of a width people know, the target at an edge where it can be."""
    if known.empty:
        return _Bins(15.0, 4, tail=False)
    up_to = known["visits"].cumsum() / known["visits"].sum()
    most = float(known["minutes"].iloc[-1])
    reach = max(float(known.loc[up_to >= _TAIL, "minutes"].iloc[0]), p90 if p90 <= most else 0, 1)
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
    visits = known["visits"].groupby(at.to_numpy()).sum()
    visits = visits.reindex(range(bins.count + bins.tail), fill_value=0.0)
    first = visits.index.to_numpy() * bins.width
    last = first + bins.width
    names = [_name(low, high) for low, high in zip(first, last, strict=True)]
    left, right = first, last
    if bins.tail:
        names[-1] = f"over {duration(bins.limit)}"
        left[-1], right[-1] = left[-1] + bins.width / 2, right[-1] + bins.width / 2
    total = visits.sum()
    share = visits.to_numpy() / total * 100 if total else np.zeros(len(visits))
    bars = pd.DataFrame(
        {"name": names, "left": left, "right": right, "visits": visits.to_numpy(), "share": share}
    )
    shown = [f"{value:,.0f}" for value in bars["visits"]]
    shares = [f"{value:,.1f} %" for value in bars["share"]]
    each = [times(value, "wait") for value in bars["visits"]]
    said = [*map("{}: {}, {}".format, names, each, shares)]
    return bars.assign(shown=shown, shares=shares, said=said)


def _name(low: float, high: float) -> str:
    return f"over {duration(low)} to {duration(high)}" if low else f"up to {duration(high)}"


# --- the words ------------------------------------------------------------------------------


def _title(facts: dict[str, float], target: float) -> str:
    if not facts["n"] > 0 or math.isnan(facts["within_target"]):
        return "No waiting time is known"
    share = capital(nearly(facts["within_target"]))
    half = f"; half waited no longer than {duration(facts['median'])}"
    return f"{share} were seen within {duration(target)}{half * math.isfinite(facts['median'])}"


def _subtitle(facts: dict[str, float], period: str) -> str:
    count = f"{times(np.nan_to_num(facts['n']), 'known wait')}"
    unknown = f", {np.nan_to_num(facts['unknown']):,.0f} unknown"
    return " · ".join(filter(None, ["Waiting time", period, count + unknown]))


def _words(bars: pd.DataFrame, bins: _Bins, facts: dict[str, float], title: str) -> str:
    sentences = [f"Histogram of waiting times. {title}"]
    if bars["visits"].sum():
        if math.isfinite(facts["p90"]):
            sentences.append(f"90 % waited no longer than {duration(facts['p90'])}")
        highest = bars.iloc[int(bars["visits"].argmax())]
        waits = times(highest["visits"], "wait")
        sentences.append(f"The highest bar is {highest['name']}: {waits}")
        if bins.tail:
            last = bars.iloc[-1]
            sentences.append(f"{times(last['visits'], 'wait')} of {last['name']}")
    return ". ".join(sentences) + "."


def _notes(
    lengths: pd.DataFrame,
    known: pd.DataFrame,
    bins: _Bins,
    facts: dict[str, float],
    target: float,
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
    return tuple(filter(None, notes))


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    bars: pd.DataFrame, bins: _Bins, facts: dict[str, float], target: float
) -> alt.LayerChart:
    if not bars["visits"].sum():
        return nothing("No waiting time is known.")
    highest = bars["visits"].max()
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
    drawn = alt.Chart(bars, mark=bar).encode(
        x("left"), alt.X2("right"), y, alt.Y2Datum(0), description="said:N", tooltip=tooltip
    )
    return alt.LayerChart(layer=[drawn, *_rules(bins, facts, target, x)], height=_HEIGHT)


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


@dataclass(frozen=True)
class _Rule:
    """A value on the axis with its words, how it is drawn, and where the words go."""

    minutes: float
    words: str
    dash: tuple[int, ...]
    width: float
    line: int = 0
    right: bool = False  # the words end at the rule


def _rules(bins: _Bins, facts: dict[str, float], target: float, x: Across) -> list[alt.Chart]:
    """Return the target and the two percentiles, each labelled on a line of its own."""
    marked = [
        _Rule(target, f"Target {duration(target)}", (), 2.5),
        _Rule(facts["median"], f"Median {duration(facts['median'])}", (5, 3), 1.5),
        _Rule(facts["p90"], f"90 % within {duration(facts['p90'])}", (2, 2), 1.5),
    ]
    within = [rule for rule in marked if 0 <= rule.minutes <= bins.limit]
    placed = min(_arrangements(within), key=lambda rules: _clutter(rules, bins.end))
    return [
        *(_line(rule, x) for rule in placed),
        *(label for rule in placed for label in _labels(rule, x)),
    ]


def _arrangements(rules: list[_Rule]) -> Iterator[list[_Rule]]:
    for lines in itertools.permutations(range(len(rules))):
        for sides in itertools.product((False, True), repeat=len(rules)):
            yield [
                replace(rule, line=line, right=right)
                for rule, line, right in zip(rules, lines, sides, strict=True)
            ]


def _clutter(rules: list[_Rule], end: float) -> float:
    """Return how many pixels of words lie outside the axis or across a rule, on a telephone."""
    cost = 0.0
    for rule in rules:
        at, need = rule.minutes / end * _NARROW, text_width(rule.words) + 8
        low, high = (at - need, at) if rule.right else (at, at + need)
        cost += 10 * (max(0, -low) + max(0, high - _NARROW))
        crossed = [other.minutes / end * _NARROW for other in rules if other.line < rule.line]
        cost += sum(20 for other in crossed if low - 2 < other < high + 2)
    return cost


def _line(rule: _Rule, x: Across) -> alt.Chart:
    data = pd.DataFrame({"minutes": [float(rule.minutes)], "words": [rule.words]})
    dash = list(rule.dash) or alt.Undefined
    mark = alt.MarkDef("rule", color=INK, strokeWidth=rule.width, strokeDash=dash)
    return alt.Chart(data, mark=mark).encode(
        x("minutes"),
        y=alt.value(4 + rule.line * _LINE),
        y2=alt.value("height"),
        tooltip=alt.Tooltip("words:N", title="Line"),
        description="words:N",
    )


def _labels(rule: _Rule, x: Across) -> list[alt.Chart]:
    """Return the words beside a rule, behind them a patch of paper over any rule they cross."""
    data = pd.DataFrame({"minutes": [float(rule.minutes)], "words": [rule.words]})
    paper = alt.ExprRef("background")
    patch = alt.MarkDef("text", stroke=paper, strokeWidth=5)
    mark = alt.MarkDef("text")
    for words, colour in ((patch, paper), (mark, INK)):
        words.align, words.dx = ("right", -6) if rule.right else ("left", 6)
        words.baseline, words.fontSize, words.fontWeight = "middle", 12, 600
        words.color, words.aria = colour, False
    y = alt.value(4 + rule.line * _LINE + 8)
    return [
        alt.Chart(data, mark=mark).encode(x("minutes"), y=y, text="words:N")
        for mark in (patch, mark)
    ]
