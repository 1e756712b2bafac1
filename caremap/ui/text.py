"""Numbers, days and names as they stand on the screen."""

from __future__ import annotations

import math
import re

import pandas as pd

from caremap.schema import FIELDS

__all__ = ["NONE", "amount", "day", "days_between", "escaped", "percent", "times", "title_of"]

NONE = "–"
"""Stands where a figure cannot be computed. It is not a zero."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^=@])")


def escaped(text: str) -> str:
    r"""Return text of a file so that Markdown shows it as typed.

    Examples
    --------
    >>> print(escaped("$x$ :red[y] *z*"))
    \$x\$ \:red\[y\] \*z\*
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def amount(value: float, decimals: int = 0) -> str:
    """Return a number with thousands marks, or a dash where there is none.

    Examples
    --------
    >>> amount(255168067.784, 2), amount(float("nan")), amount(0)
    ('255,168,067.78', '–', '0')
    """
    if value is None or math.isnan(value):
        return NONE
    return f"{value:,.{decimals}f}".replace("-", "−")


def percent(fraction: float) -> str:
    """Return a fraction as percent, signed.

    Examples
    --------
    >>> percent(0.1226), percent(-0.2), percent(float("nan"))
    ('+12.3 %', '−20.0 %', '–')
    """
    if math.isnan(fraction):
        return NONE
    return f"{fraction * 100:+,.1f} %".replace("-", "−")


def day(value: pd.Timestamp | None) -> str:
    """Return a day in words nobody can misread.

    Examples
    --------
    >>> day(pd.Timestamp("2023-10-30")), day(None)
    ('30 Oct 2023', '–')
    """
    return NONE if value is None or pd.isna(value) else f"{value.day} {value:%b %Y}"


def days_between(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Return a span of days, saying each part once.

    Examples
    --------
    >>> days_between(pd.Timestamp("2023-10-01"), pd.Timestamp("2023-10-30"))
    '1–30 Oct 2023'
    >>> days_between(pd.Timestamp("2023-09-15"), pd.Timestamp("2023-10-30"))
    '15 Sep 2023 – 30 Oct 2023'
    """
    if (start.year, start.month) == (end.year, end.month):
        same = start.day == end.day
        return day(end) if same else f"{start.day}–{end.day} {end:%b %Y}"
    return f"{day(start)} – {day(end)}"


def times(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> times(1, "row"), times(2000, "row"), times(2, "entry", "entries")
    ('1 row', '2,000 rows', '2 entries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def title_of(column: str) -> str:
    """Return what a column is called on the screen: one of the file by its own header.

    Examples
    --------
    >>> title_of("admission_type"), title_of("Blood Type")
    ('Admission type', 'Blood Type')
    """
    return FIELDS[column].title if column in FIELDS else column
