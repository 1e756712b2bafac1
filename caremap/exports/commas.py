"""Figure frames as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import numpy as np
import pandas as pd

from caremap.exports.guard import Guard, guard_of
from caremap.exports.values import columns, has_time, number, text_of

__all__ = ["to_csv"]


def to_csv(frame: pd.DataFrame, raw: bool = False) -> bytes:
    r"""Return a frame as a CSV file that Excel and LibreOffice open right and run nothing from.

    Text that a spreadsheet program could take for a formula gets an apostrophe in front, in
    cells and in headers; a number never does, and neither does text that is nothing but a
    negative number.

    Parameters
    ----------
    frame
        Any frame. Its index is written only where it has a name; several levels of columns
        become one header, joined by a colon.
    raw
        Leave text as it is in the data, for a program that reads it back. A spreadsheet program
        may then run what is in it: say so where it is offered.

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
    guard = guard_of(raw)
    named = columns(frame, guard)
    if not named:
        return b"\xef\xbb\xbf"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([header for header, _ in named])
    writer.writerows(zip(*(_cells(values, guard) for _, values in named), strict=True))
    return text.getvalue().encode("utf-8-sig", errors="replace")  # half a surrogate pair is no text


def _cells(values: pd.Series, guard: Guard) -> list[str]:
    """Return a column as the text of its cells."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _each_once(values.cat.codes, pd.Series(dtype.categories), guard)
    if pd.api.types.is_object_dtype(dtype):
        return _formatted(values, guard)
    if pd.api.types.is_float_dtype(dtype):
        digits = np.finfo(np.float32).precision if "32" in str(dtype) else 15
        return [
            guard(number(value, digits)) for value in values.to_numpy("float64", na_value=np.nan)
        ]
    codes, different = pd.factorize(values)
    return _each_once(codes, pd.Series(different), guard)


def _each_once(codes: Iterable[int], different: pd.Series, guard: Guard) -> list[str]:
    """Format each different value once; the code -1 stands for a missing one."""
    cells = [*_formatted(different, guard), ""]
    return [cells[code] for code in codes]


def _formatted(values: pd.Series, guard: Guard) -> list[str]:
    """Format value by value; a column shows times where one of its moments has one."""
    timed = any(has_time(value) for value in values)
    return [guard(text_of(value, timed)) for value in values]
