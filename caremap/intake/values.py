"""Columns of a file to columns of a canonical table, by the type of the field.

Each converter returns the values and the places of what could not be read. A bad value
becomes missing in its own field and the row stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.cells import text_of, without_blank
from caremap.intake.headers import words
from caremap.intake.numerals import (
    GROUPED_DOT,
    Mark,
    Numbers,
    decimal_evidence,
    parse_numbers,
)
from caremap.intake.sentinels import SUPPRESSED, filler_numbers, mended_bands
from caremap.intake.units import bring_to_unit, day_fractions
from caremap.schema import Field

__all__ = ["Converted", "extra_column", "file_decimal", "to_numbers", "to_text"]

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Converted:
    """A converted column.

    Attributes
    ----------
    series
        The canonical column.
    bad
        Where something stood that could not be read: missing now.
    outside
        Where a value was outside what is possible: missing now.
    floor
        Where “at least” stood (``120 +``): the value is the floor.
    words
        How many cells held a word for “missing”.
    ambiguous
        How many numbers could be read with either decimal mark.
    percent
        How many numbers carried a percent sign.
    decimal
        The decimal mark, where the column holds one.
    dotted
        Whether the numbers that could be read either way have a dot.
    converted
        Units of time that were brought to the field's own.
    hidden
        How many small counts are suppressed (``<5``, ``*``, ``[c]``): missing, not zero.
    filler
        How many numbers stand for “no value”: the same impossible one, all nines, repeated.
    mended
        How many bands a spreadsheet program had made dates of (``10-Dec`` for ``10-12``).
    """

    series: pd.Series[Any]
    bad: Mask
    outside: Mask
    floor: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))
    words: int = 0
    ambiguous: int = 0
    percent: int = 0
    decimal: Mark = "."
    dotted: bool = False
    converted: tuple[str, ...] = ()
    hidden: int = 0
    filler: int = 0
    mended: int = 0


def to_text(values: pa.Array, item: Field) -> Converted:
    """Read a category, identifier or band: text as typed, words for “missing” taken out.

    “None” and “Unknown” stay: in a department or payer column they are categories.
    """
    text, words = without_blank(text_of(values))
    if item.name == "zip":
        text = pc.replace_substring_regex(text, r"\.0$", "")
    none = np.zeros(len(values), dtype=bool)
    text, mended = mended_bands(text) if item.type == "band" else (text, 0)
    series = pd.Series(text.to_pandas(), dtype="str")
    return Converted(series, none, none, words=words, mended=mended)


def to_numbers(
    values: pa.Array,
    item: Field,
    decimal: Mark | None = None,
    typed: Mask | None = None,
    header: str = "",
) -> Converted:
    """Read numbers; what lies outside the field's possible range becomes missing.

    Parameters
    ----------
    values
        Text, or numbers of a workbook.
    item
        The field, whose ``low`` and ``high`` bound what is possible.
    decimal
        The file's decimal mark where the column does not prove one.
    typed
        Where a text column of a workbook held real numbers: those never have a decimal
        comma, whatever the column or file says.
    header
        The column's header, which may name another unit of time than the field's.

    Examples
    --------
    >>> from caremap.schema import FIELDS
    >>> item = FIELDS["length_of_stay"]
    >>> to_numbers(pa.array(["36", "12"]), item, header="LOS (hours)").series.tolist()
    [1.5, 0.5]
    """
    text, factors, converted = bring_to_unit(values, header, item)
    if pa.types.is_floating(text.type) or pa.types.is_integer(text.type):
        numbers = text.cast(pa.float64()).to_numpy(zero_copy_only=False)
        if day_fractions(numbers, header, item):
            factors, converted = factors * 1440, {*converted, "days"}
        found = _within(numbers * factors, np.zeros(len(text), dtype=bool), item)
    elif not pa.types.is_string(text.type):
        bad = pc.is_valid(text).to_numpy(zero_copy_only=False)
        found = _within(np.full(len(text), np.nan), bad, item)
    elif typed is not None and typed.any():
        found = _mixed_numbers(text, item, decimal, typed, factors)
    else:
        read = _read(text, item, decimal)
        if day_fractions(read.numbers, header, item):
            factors, converted = factors * 1440, {*converted, "days"}
        found = _noted(_within(read.numbers * factors, read.bad, item), read, text, item)
        if item.type == "count" and (read.bad.any() or read.missing.any()):
            found = _suppressed(found, text)
    return replace(found, converted=tuple(sorted(converted)))


def _suppressed(found: Converted, text: pa.Array) -> Converted:
    """Tell suppressed small counts from words for “missing” and from what cannot be read."""
    hidden = pc.fill_null(pc.match_substring_regex(text, SUPPRESSED), False)
    where = hidden.to_numpy(zero_copy_only=False) & found.series.isna().to_numpy()
    words = int((where & ~found.bad).sum())
    return replace(
        found, bad=found.bad & ~where, hidden=int(where.sum()), words=found.words - words
    )


def _read(text: pa.Array, item: Field, decimal: Mark | None) -> Numbers:
    """Numbers of a column, lone marks with three digits behind read as the field suggests.

    Nobody writes a sum of money with three decimals, or half a patient: ``1.234`` all the
    way down a column is a thousand. Where thousands are more than the field can be, as with
    ``47,606`` for a latitude, the mark is a decimal one.
    """
    if decimal is None and item.type in {"count", "money"} and _all_grouped(text, item):
        grouped = parse_numbers(text, ",")
        dots = pc.fill_null(pc.match_substring_regex(text, GROUPED_DOT), False)
        return replace(grouped, ambiguous=dots.to_numpy(zero_copy_only=False), decimal=",")
    read = parse_numbers(text, decimal)
    if item.high is not None and read.ambiguous.any():
        other = parse_numbers(text, "," if read.decimal == "." else ".")
        over = read.numbers[read.ambiguous] > item.high
        fits = other.numbers[read.ambiguous] <= item.high
        if over.all() and fits.all():
            return other
    return read


def _all_grouped(text: pa.Array, item: Field) -> bool:
    """Whether every dot of the column has three digits behind it, as thousands have."""
    dotted = pc.fill_null(pc.match_substring(text, "."), False)
    count = pc.sum(dotted).as_py() or 0
    if count < (1 if item.type == "count" else 3):
        return False
    return bool(pc.all(pc.match_substring_regex(text.filter(dotted), GROUPED_DOT)).as_py())


def _noted(found: Converted, read: Numbers, text: pa.Array, item: Field) -> Converted:
    """A conversion with what was noticed while its text was read."""
    comma = read.decimal == "," and pc.any(pc.match_substring(text, ",")).as_py()
    return replace(
        found,
        floor=read.floor & ~found.outside,
        words=int(read.missing.sum()),
        # There is no part of a bed or a patient: a lone mark in a count is a thousands mark.
        ambiguous=0 if item.type == "count" else int(read.ambiguous.sum()),
        percent=int(read.percent.sum()),
        dotted=read.decimal == "," and bool(read.ambiguous.any()),
        decimal="," if comma else ".",
    )


def _mixed_numbers(
    values: pa.Array, item: Field, decimal: Mark | None, typed: Mask, factors: Any
) -> Converted:
    nothing = pa.scalar(None, pa.string())
    written = _read(pc.if_else(pa.array(typed), nothing, values), item, decimal)
    native = parse_numbers(pc.if_else(pa.array(typed), values, nothing), ".")
    numbers = np.where(typed, native.numbers, written.numbers)
    bad = np.where(typed, native.bad, written.bad)
    return _noted(_within(numbers * factors, bad, item), written, values, item)


def _within(numbers: Any, bad: Mask, item: Field) -> Converted:
    outside = np.zeros(len(numbers), dtype=bool)
    filler = None if item.name in {"latitude", "longitude"} else filler_numbers(numbers, item.low)
    if filler is not None:
        numbers = np.where(filler, np.nan, numbers)
    if item.low is not None:
        outside |= numbers < item.low
    if item.high is not None:
        outside |= numbers > item.high
    numbers[outside] = np.nan
    count = 0 if filler is None else int(filler.sum())
    return Converted(pd.Series(numbers, dtype="float64"), bad, outside, filler=count)


def extra_column(values: pa.Array, leading_zero: float, header: str = "") -> pd.Series[Any]:
    """Read a column that matches no field: numbers where every value is one, else text.

    Whole numbers become ``Int64``. Codes stay text: those with leading zeros, and those
    whose header says so, because the mean of ``admission_type_id`` is nothing.

    Examples
    --------
    >>> extra_column(pa.array(["1", "6"]), 0.0, "admission_type_id").tolist()
    ['1', '6']
    """
    leading_zero += bool(set(words(header).split()) & _CODED)
    if pa.types.is_boolean(values.type):
        return pd.Series(values.to_pandas(), dtype="boolean")
    if pa.types.is_timestamp(values.type):
        return pd.Series(values.to_pandas())
    text, _ = without_blank(text_of(values))
    if leading_zero == 0 and pc.any(pc.is_valid(text)).as_py() and not _codes(text):
        for kind, dtype in ((pa.int64(), "Int64"), (pa.float64(), "float64")):
            try:
                return pd.Series(
                    pc.cast(text, kind).to_pandas(integer_object_nulls=True), dtype=dtype
                )
            except (pa.ArrowInvalid, ValueError):
                continue
    return pd.Series(text.to_pandas(), dtype="str")


_CODED = frozenset(
    "id ids code codes cd cod codigo codice kennzeichen schlussel icd drg ccn fips npi mrn nr "
    "nummer finess ubigeo cnes".split()
)


def _codes(text: pa.Array) -> bool:
    """Whether any text is a number by accident: 007, 1E5, or longer than numbers are exact."""
    code = r"^[+-]?0\d|[A-Za-z]|^\d{16,}"
    return bool(pc.any(pc.match_substring_regex(text, code)).as_py())


def file_decimal(columns: list[pa.Array]) -> Mark | None:
    """Return the decimal mark the columns of a file prove together, or None.

    Examples
    --------
    >>> file_decimal([pa.array(["1,5"]), pa.array(["1.234", "x"])])
    ','
    """
    marks = [decimal_evidence(values.slice(0, 2000)) for values in columns
             if pa.types.is_string(values.type)]  # fmt: skip
    found = {mark for mark in marks if mark}
    return found.pop() if len(found) == 1 else None
