"""What all charts have in common to the eye: how numbers and names are written, ink."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Quantity

__all__ = [
    "INKED",
    "NO_FIGURE",
    "adds_up",
    "fit",
    "header",
    "joined",
    "lower",
    "number",
    "numbers",
    "one_line",
    "percent",
    "short_number",
    "text_width",
    "unit_of",
    "words",
    "wrap",
]

NO_FIGURE = "no figure"
"""What stands for a number that is missing: it is not zero."""

INKED: dict[str, Any] = {"labelColor": INK, "titleColor": INK, "ticks": False}
"""Options of every axis: words in ink, no ticks."""

_LARGE = ((1e12, "tn", "trillion"), (1e9, "bn", "billion"), (1e6, "m", "million"))
_SCIENTIFIC = 1e15
_OVERFLOW = 1e100


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
    return f"{round(value, decimals) + 0:,.{decimals}f}{' %' if unit == '%' else ''}"


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


def percent(share: float) -> str:
    """Write a fraction as a percentage that is 0 or 100 only where it is all or nothing.

    Examples
    --------
    >>> percent(0.342), percent(0.004), percent(0.99999), percent(0.00001), percent(1)
    ('34 %', '0.4 %', 'over 99.9 %', 'under 0.1 %', '100 %')
    """
    if not math.isfinite(share):
        return NO_FIGURE
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    near = 0 < share < 0.0095 or 0.99 < share < 1
    return f"{share * 100:.{1 if near else 0}f} %"


def one_line(name: object) -> str:
    r"""Return a name as one line of plain text, whatever a file has in it.

    Examples
    --------
    >>> one_line("  Cardio-\nlogy  A "), one_line(12.0)
    ('Cardio- logy A', '12')
    """
    text = str(int(name)) if isinstance(name, float) and name.is_integer() else str(name)
    shown = (char if char.isprintable() else " " for char in text)
    return " ".join("".join(shown).split()) or "(blank)"


def text_width(text: str, size: int = 12) -> float:
    """Estimate how many pixels a text takes: rather too many than too few.

    Examples
    --------
    >>> text_width("Surgery") < text_width("SURGERY") < text_width("外科外科外科外")
    True
    """
    return sum(map(_em, text)) * size


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if char in " .,:;'|!ijltfr()[]-/":
        return 0.36
    if char in "mwMW@%&—":
        return 0.92
    return 0.7 if char.isupper() else 0.57


def fit(name: object, pixels: float, size: int = 12) -> str:
    """Cut a name that is too long in the middle, as names that begin alike differ at the end.

    Examples
    --------
    >>> fit("Department of Cardiology, North Campus", 150)
    'Department…rth Campus'
    """
    text = one_line(name)
    widths = [_em(char) * size for char in text]
    if sum(widths) <= pixels:
        return text
    left, right, room = 0, len(text), pixels - 0.92 * size  # the room of the dots
    while left < right:
        from_left = left <= len(text) - right
        taken = widths[left] if from_left else widths[right - 1]
        if taken > room:
            break
        room -= taken
        left, right = (left + 1, right) if from_left else (left, right - 1)
    return f"{text[:left].rstrip()}…{text[right:].lstrip()}"


def wrap(name: object, pixels: float, size: int = 12, lines: int = 2) -> list[str]:
    """Break a name into lines of so many pixels; the last is cut in its middle if need be.

    Examples
    --------
    >>> wrap("Department of Cardiology", 90)
    ['Department of', 'Cardiology']
    """
    rest = one_line(name).split(" ")
    broken: list[str] = []
    while rest and len(broken) < lines - 1:
        line = rest.pop(0)
        while rest and text_width(f"{line} {rest[0]}", size) <= pixels:
            line = f"{line} {rest.pop(0)}"
        broken.append(fit(line, pixels, size))
    return [*broken, fit(" ".join(rest), pixels, size)] if rest else broken


def numbers(column: pd.Series) -> pd.Series:
    """Return the figures of a column as floats; what is no number a chart can hold is missing.

    Examples
    --------
    >>> numbers(pd.Series([1, None, float("inf"), 1e200, "many"], dtype="object")).tolist()
    [1.0, nan, nan, nan, nan]
    """
    values = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan)
    return pd.Series(np.where(np.abs(values) < _OVERFLOW, values, np.nan))


def joined(names: list[str]) -> str:
    """Join names as people do.

    Examples
    --------
    >>> joined(["A"]), joined(["A", "B", "C"])
    ('A', 'A, B and C')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def lower(title: str) -> str:
    """Return a title as it stands within a sentence; what is written in capitals stays so.

    Examples
    --------
    >>> lower("Average length of stay"), lower("ICU days")
    ('average length of stay', 'ICU days')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


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


def words(text: str | None = None, *, size: int = 12, **options: Any) -> alt.MarkDef:
    """Return a mark of text in ink; screen readers pass over it, the marks say what it says."""
    said = {"text": text} if text is not None else {}
    settings: dict[str, Any] = {"color": INK, "fontSize": size, "aria": False, **said, **options}
    return alt.MarkDef("text", **settings)
