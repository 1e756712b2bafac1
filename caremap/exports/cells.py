"""The cells of a worksheet as XML: text, numbers and yes or no, and never anything else."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.exports.guard import Guard
from caremap.exports.looks import Look
from caremap.exports.sheetnames import within
from caremap.exports.values import has_time, number, text_of

__all__ = ["LONGEST_TEXT", "cells_of", "printable", "text_cell"]

LONGEST_TEXT = 32_767
"""What a cell holds, in UTF-16 units."""

_CUT = " … (cut: a cell holds no more)"
_AS_TEXT = 255  # a longer text formatted as text is drawn as ##### by some versions of Excel
_EXACT = 2**53  # a larger whole number would lose digits
_DIGITS = 15  # of a number, as spreadsheet programs show it
_DAY = timedelta(days=1)
_EPOCH = datetime(1899, 12, 30)
_FIRST = datetime(1900, 3, 1)  # before, Excel counts a day that never was
_LAST_YEAR = 9999
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

Style = Callable[[str], int]
"""The number of the cell style of a number format."""


def cells_of(
    values: pd.Series,
    looks: list[Look],
    units: npt.NDArray[np.intp] | None,
    style: Style,
    guard: Guard,
) -> Iterator[str]:
    """Yield the cells of a column, each from its style on; empty where a value is missing.

    Parameters
    ----------
    values
        The column.
    looks, units
        `caremap.exports.looks.looks_of` and the number of the look of each row.
    style
        The number of the cell style of a number format.
    guard
        What is done to a text.
    """
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _each_once(values.cat.codes, pd.Series(dtype.categories), looks[0], style, guard)
    if pd.api.types.is_object_dtype(dtype) or pd.api.types.is_float_dtype(dtype):
        short = pd.api.types.is_float_dtype(dtype) and "32" in str(dtype)
        digits = np.finfo(np.float32).precision if short else _DIGITS
        held = values.astype("object")
        which = [0] * len(values) if units is None else units.tolist()
        return (
            _cell(value, looks[look], style, guard, digits)
            for value, look in zip(held, which, strict=True)
        )
    codes, different = pd.factorize(values)
    return _each_once(codes, pd.Series(different), looks[0], style, guard)


def text_cell(text: str, style: int) -> str:
    """Return a cell of text that has been guarded.

    What XML forbids becomes U+FFFD, every line break a line feed; text that looks like one of
    the escapes of the format is escaped itself, so that no reader turns it into another.

    Examples
    --------
    >>> text_cell("A & B", 4)
    ' s="4" t="inlineStr"><is><t>A &amp; B</t></is></c>'
    """
    said = text.replace("\r\n", "\n").replace("\r", "\n")
    said = _shortened(printable(said))
    said = _LOOKS_ESCAPED.sub("_x005F_", said)
    kept = ' xml:space="preserve"' if said != said.strip() or "\n" in said else ""
    return f' s="{style}" t="inlineStr"><is><t{kept}>{escape(said)}</t></is></c>'


def printable(text: str) -> str:
    """Return a text with U+FFFD for what XML forbids."""
    return _NOT_XML.sub("\ufffd", text)


def _shortened(text: str) -> str:
    if within(text, LONGEST_TEXT) == text:
        return text
    return within(text, LONGEST_TEXT - len(_CUT)) + _CUT


def _each_once(
    codes: Iterable[int], different: pd.Series, look: Look, style: Style, guard: Guard
) -> Iterator[str]:
    """Write each different value once; the code -1 stands for a missing one."""
    cells = [*(_cell(value, look, style, guard) for value in different.astype("object")), ""]
    return (cells[code] for code in codes)


def _cell(value: Any, look: Look, style: Style, guard: Guard, digits: int = _DIGITS) -> str:
    """Return a value as a cell of its own type, as text where the program has no such type."""
    match value:
        case str():
            return _text(value, look, style, guard)
        case bool() | np.bool_():
            return f' s="{style("General")}" t="b"><v>{int(value)}</v></c>'
        case int() | np.integer() if abs(int(value)) <= _EXACT:
            return f' s="{style(look.whole)}"><v>{int(value)}</v></c>'
        case float() | np.floating() if math.isfinite(value):
            return f' s="{style(look.number)}"><v>{_digits(float(value), digits)}</v></c>'
        case _ if pd.api.types.is_scalar(value) and pd.isna(value):
            return ""
        case Decimal() if value.is_finite() and len(value.as_tuple().digits) <= _DIGITS:
            return f' s="{style("General")}"><v>{float(value)!r}</v></c>'
        case timedelta() if value >= timedelta(0):
            return f' s="{style(look.duration)}"><v>{float(value / _DAY)!r}</v></c>'
        case date() if _datable(value):
            return f' s="{style(look.date)}"><v>{_serial(value)}</v></c>'
    return _text(text_of(value, timed=has_time(value)), look, style, guard)


def _text(text: str, look: Look, style: Style, guard: Guard) -> str:
    if not text:
        return ""
    return text_cell(guard(text), style(look.text if len(text) <= _AS_TEXT else "General"))


def _digits(value: float, digits: int) -> str:
    return number(value) if value.is_integer() else f"{value:.{digits}g}"


def _datable(value: date) -> bool:
    """Whether a spreadsheet program counts the day; it knows no time zones."""
    if not _FIRST.year <= value.year <= _LAST_YEAR:
        return False
    if isinstance(value, datetime):
        return value.tzinfo is None and value >= _FIRST
    return value >= _FIRST.date()


def _serial(value: date) -> str:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    days = (moment - _EPOCH) / _DAY
    return str(int(days)) if days.is_integer() else repr(float(days))
