"""What all charts have in common to the eye: how numbers and lists are written, ink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from caremap.charts.figure import INK, Quantity

__all__ = [
    "INKED",
    "MASKED",
    "MASKED_FIGURE",
    "MISSING",
    "NO_FIGURE",
    "adds_up",
    "as_percent",
    "duration",
    "header",
    "joined",
    "listed",
    "lower",
    "most_of",
    "nearly",
    "nothing",
    "number",
    "percent",
    "short_number",
    "times",
    "unit_of",
    "whole_ticks",
    "words",
    "words_over",
]

NO_FIGURE = "no figure"
"""What stands for a number that is missing: it is not zero."""

MISSING = "×"
"""What is drawn in its place."""

MASKED_FIGURE = "hidden"
"""What stands for a number that is hidden as it counts few patients: it is not zero either."""

MASKED = "••"
"""What is drawn in its place."""

INKED: dict[str, Any] = {"labelColor": INK, "titleColor": INK, "ticks": False}
"""Options of every axis: words in ink, no ticks."""

_LARGE = ((1e12, "tn", "trillion"), (1e9, "bn", "billion"), (1e6, "m", "million"))
_SCIENTIFIC = 1e15


def number(value: float, unit: str = "", decimals: int = 0) -> str:
    """Write a number in full, as tooltips and alternative texts have it.

    Examples
    --------
    >>> number(1203), number(85.25, "%", 1), number(-0.001, decimals=1), number(float("nan"))
    ('1,203', '85.2 %', '0.0', 'no figure')
    """
    if not math.isfinite(value):
        return NO_FIGURE
    if abs(value) >= _SCIENTIFIC:
        return f"{value:.3g}"
    rounded = round(float(value), decimals) + 0  # numpy rounds otherwise: one figure, one way
    return f"{rounded:,.{decimals}f}{' %' if unit == '%' else ''}"


def short_number(value: float, unit: str = "", decimals: int = 0, *, spelt: bool = False) -> str:
    """Write a number with three or four digits from a million on, for labels and titles.

    Examples
    --------
    >>> short_number(25_516_806.78, decimals=2), short_number(2_516_806, spelt=True)
    ('25.5m', '2.52 million')
    >>> short_number(999_999.4), short_number(83.14, "%", 1)
    ('999,999', '83.1 %')
    """
    if math.isfinite(value) and abs(value) < _SCIENTIFIC:
        for size, letter, word in _LARGE:
            if abs(round(value)) >= size:
                share = value / size
                places = 2 if abs(share) < 9.995 else 1 if abs(share) < 99.95 else 0
                return f"{share:,.{places}f}{' ' + word if spelt else letter}"
    return number(value, unit, decimals)


def as_percent(share: float) -> str:
    """Write a fraction as a percentage that is 0 or 100 only where it is all or nothing.

    Examples
    --------
    >>> as_percent(0.342), as_percent(0.004), as_percent(0.99999), as_percent(1)
    ('34 %', '0.4 %', 'over 99.9 %', '100 %')
    """
    if not math.isfinite(share):
        return NO_FIGURE
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    near = 0 < share < 0.0095 or 0.99 < share < 1
    return f"{share * 100:.{1 if near else 0}f} %"


def percent(value: float) -> str:
    """Write a percentage as people read it.

    Examples
    --------
    >>> percent(91.4), percent(float("nan"))
    ('91 %', 'no figure')
    """
    return f"{round(value) + 0:,.0f} %" if math.isfinite(value) else NO_FIGURE


def nearly(value: float) -> str:
    """Write a percentage so that what is more than nothing and less than all is neither.

    Examples
    --------
    >>> nearly(0.2), nearly(0), nearly(99.7), nearly(37.2)
    ('under 1 %', '0 %', 'over 99 %', '37 %')
    """
    if 0 < value < 0.5:
        return "under 1 %"
    return "over 99 %" if 99.5 <= value < 100 else percent(value)


def times(count: float, one: str, many: str = "") -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> times(1, "place"), times(1200, "place")
    ('1 place', '1,200 places')
    """
    return f"{count:,.0f} {one if count == 1 else many or one + 's'}"


def joined(names: Sequence[str], last: str = "and", *, comma: str = ", ") -> str:
    """Join names as people do.

    Examples
    --------
    >>> joined(["A"]), joined(["A", "B", "C"]), joined(["A", "B"], "or")
    ('A', 'A, B and C', 'A or B')
    """
    return f" {last} ".join(filter(None, [comma.join(names[:-1]), *names[-1:]]))


def listed(names: Sequence[str], most: int = 3) -> str:
    """Name a few, count the others.

    Examples
    --------
    >>> listed(["A", "B", "C", "D", "E"])
    'A, B, C and 2 others'
    >>> listed(["A", "B"])
    'A and B'
    """
    shown, others = list(names[:most]), len(names) - most
    comma = "; " if any("," in name for name in shown) else ", "
    if others > 0:
        return f"{comma.join(shown)} and {times(others, 'other')}"
    return joined(shown, comma=comma)


def duration(minutes: float) -> str:
    """Say how long, in the units people use.

    Examples
    --------
    >>> [duration(m) for m in (45, 120, 135, 1440, 3000)]
    ['45 min', '2 h', '2 h 15 min', '24 h', '50 h']
    >>> duration(100_000)
    '69 d 11 h'
    """
    if not math.isfinite(minutes):
        return NO_FIGURE
    whole = round(minutes)
    big, small, units = (60, 1, ("h", "min")) if whole < 4320 else (1440, 60, ("d", "h"))
    if whole < 60:
        return f"{whole} min" if whole or not minutes else "under 1 min"
    high, low = divmod(round(whole / small), big // small)
    return f"{high:,} {units[0]}" + (f" {low} {units[1]}" if low else "")


def whole_ticks(high: float, most: int = 6) -> list[int]:
    """Return whole numbers for an axis from zero: of a short one a program would write halves.

    Examples
    --------
    >>> whole_ticks(1), whole_ticks(23)
    ([0, 1], [0, 5, 10, 15, 20])
    """
    sizes = (step * 10**power for power in range(16) for step in (1, 2, 5))
    step = next((size for size in sizes if high / size < most), 10**16)
    return list(range(0, math.floor(high) + 1, step))


def lower(title: str) -> str:
    """Return a title as it stands within a sentence; what is written in capitals stays so.

    Examples
    --------
    >>> lower("Average length of stay"), lower("ICU days"), lower("Blood Type")
    ('average length of stay', 'ICU days', 'Blood Type')
    """
    kept = title[1:2].isupper() or any(word[:1].isupper() for word in title.split()[1:])
    return title if kept else title[:1].lower() + title[1:]


def most_of(measure: Quantity) -> str:
    """Return how the group is announced that has most: "Most admissions", "Highest cost"."""
    counted = unit_of(measure) == "" and measure.kind == "flow"
    return f"{'Most' if counted else 'Highest'} {lower(measure.title)}"


def unit_of(measure: Quantity) -> str:
    """Return the unit where the title does not name it: "days", but not "admissions"."""
    return "" if measure.unit.lower() in measure.title.lower() else measure.unit


def header(measure: Quantity) -> str:
    """Return the name of a column of numbers, with the unit.

    A percentage has its sign here, as the numbers of a table are bare.
    """
    unit = unit_of(measure)
    return f"{measure.title} ({unit})" if unit else measure.title


def adds_up(measure: Quantity) -> bool:
    """Return whether the groups or periods of a measure may be added: flows that are counted.

    A flow that is divided by something (turnover: discharges per bed) does not add up.
    """
    return measure.kind == "flow" and not measure.denominator


def words(text: str | None = None, *, size: float = 12, **options: Any) -> alt.MarkDef:
    """Return a mark of text in ink; screen readers pass over it, the marks say what it says."""
    said = {"text": text} if text is not None else {}
    settings: dict[str, Any] = {"color": INK, "fontSize": size, "aria": False, **said, **options}
    return alt.MarkDef("text", **settings)


def words_over(**options: Any) -> tuple[alt.MarkDef, alt.MarkDef]:
    """Return two marks of text: a patch of paper over any line they cross, then the words."""
    paper = alt.ExprRef("background")
    return words(**options, color=paper, stroke=paper, strokeWidth=4), words(**options)


def nothing(text: str, height: int = 80) -> alt.LayerChart:
    """Draw a sentence where there is nothing to draw."""
    said = pd.DataFrame({"words": [text]})
    chart = alt.Chart(said, mark=words(size=14)).encode(text="words:N")
    return alt.LayerChart(layer=[chart], height=height)
