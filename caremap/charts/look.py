"""What all charts have in common to the eye: how numbers and names are written, ink."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import altair as alt

from caremap.charts.figure import INK

__all__ = ["INKED", "NO_FIGURE", "number", "one_line", "short_number", "shortened", "words", "wrap"]

NO_FIGURE = "no figure"
"""What stands for a number that is missing: it is not zero."""

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
    return f"{_digits(value, decimals)}{' %' if unit == '%' else ''}"


def short_number(value: float, unit: str = "", decimals: int = 0, *, spelt: bool = False) -> str:
    """Write a number with three or four digits from a million on, for labels and titles.

    Examples
    --------
    >>> short_number(25_516_806.78, decimals=2), short_number(2_516_806, spelt=True)
    ('25.5m', '2.52 million')
    >>> short_number(999_999.4), short_number(83.14, "%", 1)
    ('999,999', '83.1 %')
    """
    if not math.isfinite(value):
        return NO_FIGURE
    for size, letter, word in _LARGE:
        if abs(round(value)) >= size and abs(value) < _SCIENTIFIC:
            share = value / size
            places = 2 if abs(share) < 9.995 else 1 if abs(share) < 99.95 else 0
            return f"{share:,.{places}f}{' ' + word if spelt else letter}"
    return number(value, unit, decimals)


def _digits(value: float, decimals: int) -> str:
    if abs(value) >= _SCIENTIFIC:
        return f"{value:.3g}"
    return f"{round(value, decimals) + 0:,.{decimals}f}"


def one_line(name: object) -> str:
    r"""Return a name as one line of plain text, whatever a file has in it.

    Examples
    --------
    >>> one_line("  Cardio-\nlogy  A ")
    'Cardio- logy A'
    """
    return " ".join(str(name).split()) or "(blank)"


def shortened(name: object, most: int) -> str:
    """Cut a long name in the middle, where names that begin alike still differ at the end.

    Examples
    --------
    >>> shortened("Department of Cardiology, North Campus", 24)
    'Department o…orth Campus'
    """
    text = one_line(name)
    if len(text) <= most:
        return text
    head = most // 2
    return f"{text[:head].rstrip()}…{text[-(most - 1 - head) :].lstrip()}"


def wrap(name: object, width: int, lines: int = 2) -> list[str]:
    """Break a name into lines; what is over is cut in the middle of the name.

    Examples
    --------
    >>> wrap("Department of Cardiology", 14)
    ['Department of', 'Cardiology']
    """
    text = one_line(name)
    for most in range(width * lines, width - 1, -1):
        broken = textwrap.wrap(shortened(text, most), width)
        if len(broken) <= lines:
            return broken
    return [shortened(text, width)]


def words(text: str | None = None, *, size: int = 12, **options: Any) -> alt.MarkDef:
    """Return a mark of text in ink; screen readers pass over it, the marks say what it says."""
    said = {"text": text} if text is not None else {}
    settings: dict[str, Any] = {"color": INK, "fontSize": size, "aria": False, **said, **options}
    return alt.MarkDef("text", **settings)
