"""What maps of cells and blocks share: the scale of occupancy, words on colours, room for words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK

__all__ = [
    "ELLIPSIS",
    "MISSING",
    "UNKNOWN",
    "columns_named",
    "duration",
    "leaders",
    "listed",
    "needs",
    "number",
    "occupancy_colour",
    "on_colour",
    "percent",
    "place_name",
    "printable",
    "room",
    "shortened",
    "split",
    "text_of",
    "text_width",
    "times",
]

MISSING = "×"
UNKNOWN = "Unknown"
ELLIPSIS = "…"
# What no drawing may hold: a control character in a picture ends the whole process.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STEPS = [30, 40, 50, 60, 70, 80, 90, 100]
_STEP_WIDTH = 24  # pixels in the legend: "100" just fits
_WIDE = {"W", "F"}  # East Asian widths that take a whole em


def needs(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a frame without rows or without a column.

    Raises
    ------
    ValueError
        Where the frame has no row, or a column is missing.
    """
    for column in columns:
        if column not in frame.columns:
            raise ValueError(f"The frame has no column {column!r}: it has {list(frame.columns)}.")
    if frame.empty:
        raise ValueError("The frame has no rows: there is nothing to draw.")


def number(column: pd.Series) -> pd.Series:
    """Return figures as floats; what is not finite is missing."""
    values = pd.Series(column.to_numpy("float64", na_value=np.nan), index=column.index)
    return values.where(np.isfinite(values))


def text_of(column: pd.Series) -> pd.Series:
    """Return names as text on one line; a missing or empty one is "Unknown"."""
    words = [
        UNKNOWN if pd.isna(name) else " ".join(printable(str(name)).split()) for name in column
    ]
    return pd.Series([word or UNKNOWN for word in words], index=column.index, dtype="object")


def printable(text: str) -> str:
    """Return a text without what neither XML nor UTF-8 can hold.

    Examples
    --------
    >>> printable("Ward" + chr(7) + " 3")
    'Ward 3'
    """
    return _UNPRINTABLE.sub("", text)


def percent(value: float) -> str:
    """Return a percentage as people read it.

    Examples
    --------
    >>> percent(91.4), percent(float("nan"))
    ('91 %', 'no figure')
    """
    return f"{round(value) + 0:,.0f} %" if math.isfinite(value) else "no figure"


def times(count: float, one: str, many: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> times(1, "place"), times(1200, "place")
    ('1 place', '1,200 places')
    """
    return f"{count:,.0f} {one if count == 1 else many or one + 's'}"


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
    return " and ".join(filter(None, [comma.join(shown[:-1]), *shown[-1:]]))


def leaders(names: pd.Series, values: pd.Series) -> tuple[str, int]:
    """Return who has the highest value, in words, and how many they are.

    Examples
    --------
    >>> leaders(pd.Series(["A", "B", "C"]), pd.Series([7.0, 9.0, 9.0]))
    ('B and 1 other', 2)
    """
    first = names[values.round(1) == values.round(1).max()].tolist()
    return listed(first, most=1), len(first)


def place_name(levels: Sequence[str]) -> str:
    """Call a place by its parts, the widest first.

    Examples
    --------
    >>> place_name(["North", "Surgery", "Ward 3"]), place_name(["North", "ICU"])
    ('Ward 3, Surgery at North', 'ICU at North')
    """
    if not levels:
        return "The whole network"
    inner = ", ".join(reversed(levels[1:]))
    return f"{inner} at {levels[0]}" if inner else levels[0]


def columns_named(names: Sequence[str]) -> dict[str, str]:
    """Return headers for people, by column; each is different.

    Examples
    --------
    >>> columns_named(["facility", "bed_type"])
    {'facility': 'Facility', 'bed_type': 'Bed type'}
    """
    headers: dict[str, str] = {}
    for name in names:
        header = str(name).replace("_", " ").strip()
        header = header[:1].upper() + header[1:]
        while header in headers.values():
            header += " (again)"
        headers[name] = header
    return headers


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
        return "no figure"
    whole = round(minutes)
    big, small, units = (60, 1, ("h", "min")) if whole < 4320 else (1440, 60, ("d", "h"))
    if whole < 60:
        return f"{whole} min" if whole or not minutes else "under 1 min"
    high, low = divmod(round(whole / small), big // small)
    return f"{high:,} {units[0]}" + (f" {low} {units[1]}" if low else "")


# --- colour ---------------------------------------------------------------------------------


def occupancy_colour(field: str) -> alt.Color:
    """Return occupancy as colour: the same steps in every chart, from the theme's range."""
    legend = alt.Legend(
        title="Occupancy, %",
        orient="top",
        direction="horizontal",
        gradientLength=_STEP_WIDTH * (len(_STEPS) + 1),
        labelFontSize=12,
        titleFontSize=12,
        gradientThickness=12,
        titleLimit=0,
        labelOverlap=False,
        titleColor=INK,
        labelColor=INK,
        offset=8,
        padding=0,
    )
    scale = alt.Scale(type="threshold", domain=_STEPS)
    return alt.Color(f"{field}:Q", scale=scale, legend=legend)


def on_colour(field: str) -> alt.ExprRef:
    """Return black or white, whichever is legible on the colour of a cell (WCAG AA: 4.5:1).

    One of the two always reaches 4.58:1, in either theme and on paper.
    """
    cell = f"scale('color', datum.{field})"
    return alt.ExprRef(f"contrast({cell}, 'white') > contrast({cell}, 'black') ? 'white' : 'black'")


# --- room for words -------------------------------------------------------------------------


def text_width(text: str, size: float = 12) -> float:
    """Return about how many pixels a line takes: a little too many rather than too few.

    Examples
    --------
    >>> round(text_width("Surgery")), round(text_width("外科"))
    (50, 24)
    """
    return sum(map(_em, text)) * size


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in _WIDE:
        return 1.0
    if character in "iljtf.,:;|!' ":
        return 0.32
    return 0.8 if character in "mwMW%@…" else 0.7 if character.isupper() else 0.575


def shortened(text: str, pixels: float, size: float = 12) -> str:
    """Return as much of a text as fits, with an ellipsis where something is left out.

    Examples
    --------
    >>> shortened("Cardiothoracic surgery", 80), shortened("ICU", 80)
    ('Cardiothor…', 'ICU')
    """
    if text_width(text, size) <= pixels:
        return text
    left = pixels - text_width(ELLIPSIS, size)
    kept = ""
    for character in text:
        left -= text_width(character, size)
        if left < 0:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS


def split(text: str, pixels: float, size: float = 12, lines: int = 2) -> list[str]:
    """Return a text in lines of at most so many pixels; the last is shortened.

    Examples
    --------
    >>> split("Obstetrics and gynaecology", 100)
    ['Obstetrics and', 'gynaecology']
    """
    done: list[str] = []
    rest = text
    while rest and len(done) < lines - 1 and text_width(rest, size) > pixels:
        head = _head(rest, pixels, size)
        if not head:
            break
        done.append(head)
        rest = rest[len(head) :].lstrip()
    return [*done, *([shortened(rest, pixels, size)] if rest else [])]


def _head(text: str, pixels: float, size: float) -> str:
    """Return the words that fit on one line; none where the first does not."""
    words = text.split(" ")
    head = ""
    for word in words:
        longer = f"{head} {word}".strip()
        if text_width(longer, size) > pixels:
            break
        head = longer
    return head


def room(lines: Sequence[str], size: float = 12) -> float:
    """Return the width of the longest line, in pixels."""
    return max((text_width(line, size) for line in lines), default=0)
