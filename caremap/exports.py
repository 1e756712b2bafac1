"""Figure frames as files that are safe to open in a spreadsheet program."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Hashable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["to_csv"]

# What a spreadsheet program, or whoever retypes the cell, may skip before it looks for a formula:
# controls and white space, characters nobody sees, quotation marks.
_SKIPPED = (
    r"\x00-\x09\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    r"\u08e2\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    r"\"'`´‘’‚‛“”„‟«»‹›′″＂＇"
)
# What starts a formula: as typed, in other widths, and as an address would spell it.
_STARTS = r"(?:[=+\-@|−＝﹦＋﹢－﹣＠﹫｜]|%(?:0[9ad]|2[bd]|3d|40|7c))"
# A cell also begins inside a text where another separator than the comma is in use: Excel splits
# at semicolons wherever the comma is the decimal mark, and then takes no notice of our quotes
# around a semicolon or the end of a line.
_LIVE = re.compile(
    rf"^(?=[{_SKIPPED}]*[\t\r\n])"
    rf"|^(?=[{_SKIPPED}]*{_STARTS})"
    rf"|(?<=[;\r\n])(?=[{_SKIPPED}]*{_STARTS})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GUARD = "'"


def to_csv(frame: pd.DataFrame) -> bytes:
    r"""Return a frame as a CSV file that Excel and LibreOffice open right and run nothing from.

    Text that a spreadsheet program could take for a formula gets an apostrophe in front, in
    cells and in headers; a number never does, and neither does text that is nothing but a
    negative number.

    Parameters
    ----------
    frame
        Any frame. Its index is written only where it has a name; several levels of columns
        become one header, joined by a colon.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, commas, CRLF, one header row. Dates are ISO, without a time
        where all of a column are midnight. Numbers have at most 15 significant digits and no
        thousands separator. What is missing is an empty cell; zero is ``0``.

    Notes
    -----
    After OWASP, "CSV Injection". A carriage return, tab or line feed at the start counts as live,
    and so does a formula after a semicolon or a line break within a text.

    Examples
    --------
    >>> figures = pd.DataFrame({"ward": ["A", "=1+1"], "cost": [-42.5, None]})
    >>> to_csv(figures).decode("utf-8-sig").splitlines()
    ['ward,cost', 'A,-42.5', "'=1+1,"]
    """
    columns = _columns(frame)
    if not columns:
        return b"\xef\xbb\xbf"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([header for header, _ in columns])
    writer.writerows(zip(*(_cells(values) for _, values in columns), strict=True))
    return text.getvalue().encode("utf-8-sig", errors="replace")  # half a surrogate pair is no text


def _columns(frame: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """Return every header with its values, by position: headers may repeat."""
    index = frame.index
    named = any(name is not None for name in index.names)
    levels = [
        (_header(name), pd.Series(index.get_level_values(at)))
        for at, name in enumerate(index.names)
        if named
    ]
    return levels + [(_header(name), frame.iloc[:, at]) for at, name in enumerate(frame.columns)]


def _header(name: Hashable) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return _guarded(": ".join(filter(None, (_text(part, _has_time(part)) for part in parts))))


def _cells(values: pd.Series) -> list[str]:
    """Return a column as the text of its cells."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _each_once(values.cat.codes, pd.Series(dtype.categories))
    if pd.api.types.is_object_dtype(dtype):
        return _formatted(values)
    if pd.api.types.is_float_dtype(dtype):
        digits = np.finfo(np.float32).precision if "32" in str(dtype) else 15
        return [
            _guarded(_number(value, digits))
            for value in values.to_numpy("float64", na_value=np.nan)
        ]
    codes, different = pd.factorize(values)
    return _each_once(codes, pd.Series(different))


def _each_once(codes: Iterable[int], different: pd.Series) -> list[str]:
    """Format each different value once; the code -1 stands for a missing one."""
    cells = [*_formatted(different), ""]
    return [cells[code] for code in codes]


def _formatted(values: pd.Series) -> list[str]:
    """Format value by value; a column shows times where one of its moments has one."""
    timed = any(_has_time(value) for value in values)
    return [_guarded(_text(value, timed)) for value in values]


def _text(value: Any, timed: bool) -> str:
    """Return a value as text, the same for a number in any kind of column."""
    match value:
        case str():
            return value
        case bool() | np.bool_():
            return str(bool(value))
        case int() | np.integer():
            return str(int(value))
        case float() | np.floating():
            return _number(float(value))
        case _ if pd.api.types.is_scalar(value) and pd.isna(value):
            return ""
        case Decimal() if value.is_finite():
            return f"{value:f}"
        case datetime():
            return value.isoformat(sep=" ") if timed else value.date().isoformat()
        case date():
            return value.isoformat()
    return str(value)


def _number(value: float, digits: int = 15) -> str:
    """Return a number as people write it: no exponent where the size is an ordinary one."""
    if math.isnan(value):
        return ""
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    shown = f"{value:.{digits}g}"
    return f"{Decimal(shown):f}" if 1e-9 <= abs(value) < 1e21 else shown


def _guarded(text: str) -> str:
    """Put an apostrophe in front of whatever could start a formula."""
    return text if _NUMBER.fullmatch(text) else _LIVE.sub(_GUARD, text)


def _has_time(value: object) -> bool:
    if not isinstance(value, datetime) or pd.isna(value):
        return False
    nanosecond = getattr(value, "nanosecond", 0)
    return value.time() != time.min or value.tzinfo is not None or nanosecond != 0
