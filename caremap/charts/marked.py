"""Values marked on an axis, each by a line with words that cross no other line."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import altair as alt
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.fitting import text_width

__all__ = ["Rule", "rules"]

_LINE = 20  # pixels of a line of words over the chart
_NARROW = 270  # pixels of the axis on a telephone
Across = Callable[[str], alt.X]


@dataclass(frozen=True)
class Rule:
    """A value on the axis with its words, how it is drawn, and where the words go."""

    value: float
    words: str
    dash: tuple[int, ...]
    width: float
    line: int = 0
    right: bool = False  # the words end at the rule


def rules(marked: list[Rule], end: float, x: Across) -> list[alt.Chart]:
    """Draw values on an axis from zero to ``end``, each labelled on a line of its own.

    Parameters
    ----------
    marked
        Values on the axis.
    end
        The value at its end.
    x
        The scale, for a column.
    """
    placed = min(_arrangements(marked), key=lambda some: _clutter(some, end))
    return [
        *(_line(rule, x) for rule in placed),
        *(label for rule in placed for label in _labels(rule, x)),
    ]


def _arrangements(marked: list[Rule]) -> Iterator[list[Rule]]:
    for lines in itertools.permutations(range(len(marked))):
        for sides in itertools.product((False, True), repeat=len(marked)):
            yield [
                replace(rule, line=line, right=right)
                for rule, line, right in zip(marked, lines, sides, strict=True)
            ]


def _clutter(marked: list[Rule], end: float) -> float:
    """Return how many pixels of words lie outside the axis or across a rule, on a telephone."""
    cost = 0.0
    for rule in marked:
        at, need = rule.value / end * _NARROW, text_width(rule.words) + 8
        low, high = (at - need, at) if rule.right else (at, at + need)
        cost += 10 * (max(0, -low) + max(0, high - _NARROW))
        crossed = [other.value / end * _NARROW for other in marked if other.line < rule.line]
        cost += sum(20 for other in crossed if low - 2 < other < high + 2)
    return cost


def _line(rule: Rule, x: Across) -> alt.Chart:
    data = pd.DataFrame({"value": [float(rule.value)], "words": [rule.words]})
    dash = list(rule.dash) or alt.Undefined
    mark = alt.MarkDef("rule", color=INK, strokeWidth=rule.width, strokeDash=dash)
    return alt.Chart(data, mark=mark).encode(
        x("value"),
        y=alt.value(4 + rule.line * _LINE),
        y2=alt.value("height"),
        tooltip=alt.Tooltip("words:N", title="Line"),
        description="words:N",
    )


def _labels(rule: Rule, x: Across) -> list[alt.Chart]:
    """Return the words beside a rule, behind them a patch of paper over any rule they cross."""
    data = pd.DataFrame({"value": [float(rule.value)], "words": [rule.words]})
    paper = alt.ExprRef("background")
    patch = alt.MarkDef("text", stroke=paper, strokeWidth=5)
    mark = alt.MarkDef("text")
    for text, colour in ((patch, paper), (mark, INK)):
        text.align, text.dx = ("right", -6) if rule.right else ("left", 6)
        text.baseline, text.fontSize, text.fontWeight = "middle", 12, 600
        text.color, text.aria = colour, False
    y = alt.value(4 + rule.line * _LINE + 8)
    return [
        alt.Chart(data, mark=mark).encode(x("value"), y=y, text="words:N") for mark in (patch, mark)
    ]
