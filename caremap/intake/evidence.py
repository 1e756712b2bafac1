"""What stands beside the dates of a table and tells how they are to be read.

A column of months, a supplied length of stay and other dates of the file know nothing of
the order of day and month, and so can decide it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.cells import text_of
from caremap.intake.dates import MONTHS, read_dates
from caremap.intake.headers import words
from caremap.intake.matching import Column

__all__ = ["Evidence", "gathered"]

_MONTH_WORDS = frozenset("month months mon monat mes mois mese mth".split())


@dataclass(frozen=True)
class Evidence:
    """What stands beside the dates of a table, row by row.

    Attributes
    ----------
    lengths
        Lengths of stay as supplied, in days, NaN where none is.
    months
        Months as supplied, 1 to 12, 0 where none is.
    lengths_header, months_header
        What the columns are called, for the message.
    newest
        The newest date of the file's other columns, in days since 1970, where it is sure.
    """

    lengths: np.ndarray[Any, np.dtype[np.float64]] | None = None
    months: np.ndarray[Any, np.dtype[np.int64]] | None = None
    lengths_header: str = ""
    months_header: str = ""
    newest: int | None = None

    def at(self, rows: slice) -> Evidence:
        """Return the evidence of some rows."""
        lengths = None if self.lengths is None else self.lengths[rows]
        months = None if self.months is None else self.months[rows]
        return replace(self, lengths=lengths, months=months)


def gathered(
    columns: Sequence[Column],
    arrays: Mapping[str, pa.Array],
    dates: Sequence[str],
    lengths: tuple[str, Any] | None,
    open_order: bool = False,
) -> Evidence:
    """Return what the file says beside its dates.

    Parameters
    ----------
    columns, arrays
        The columns of the table, and their cells.
    dates
        Headers of the columns that are dates themselves: those are no evidence.
    lengths
        Header and values of the supplied length of stay, None where there is none.
    open_order
        Whether the order of day and month is open, so that the newest date is worth finding.
    """
    months_header, months = "", None
    newest: int | None = None
    for column in columns:
        if column.header in dates or column.seen.empty:
            continue
        if months is None and set(words(column.header).split()) & _MONTH_WORDS:
            months = _months(arrays[column.header])
            months_header = column.header if months is not None else ""
        elif open_order and column.seen.date >= 0.9:
            day = _newest(arrays[column.header])
            newest = day if newest is None or (day is not None and day > newest) else newest
    header, values = lengths or ("", None)
    return Evidence(values, months, header, months_header, newest)


def _months(values: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]] | None:
    """The month each cell names, as a number, a name or “Apr-17”; None where few name one."""
    text = text_of(values) if not pa.types.is_timestamp(values.type) else values
    encoded = pc.dictionary_encode(text)
    if len(encoded.dictionary) > 2000:
        return None
    named = np.array([_month(item) for item in encoded.dictionary.to_pylist()] + [0], np.int64)
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    months = named[codes]
    filled = codes >= 0
    return months if filled.any() and (months[filled] > 0).mean() >= 0.9 else None


def _month(cell: Any) -> int:
    if not isinstance(cell, str):
        return int(cell.month)
    name = words(cell)
    if name in MONTHS:
        return MONTHS[name]
    if cell.strip().isdigit() and 1 <= int(cell) <= 12:
        return int(cell)
    read = read_dates(pa.array([cell]))
    # “Apr-17” and “2017-04” name a month, and so does a date that is the first of one.
    if read.text is None:
        stamp = read.resolve("day-first")
        return int(stamp.astype("datetime64[M]").astype(np.int64)[0] % 12 + 1)
    return int(read.text.first[0]) if read.text.month_only[0] else 0


def _newest(values: pa.Array) -> int | None:
    """The newest date of a column that is sure of its order, in days since 1970."""
    read = read_dates(values)
    if read.text is not None and read.text.open.any():
        return None
    moments = read.resolve("day-first")
    known = moments[~np.isnat(moments)]
    return int(known.max().astype("datetime64[D]").astype(np.int64)) if len(known) else None
