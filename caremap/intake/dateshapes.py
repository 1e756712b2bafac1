"""Dates of long columns, taken apart by shape: a pattern is tried once, not once per row.

The shape of a text is the text with every digit made a zero: ``00/00/0000 00:00``. A column
has a handful of shapes however many different times it holds. Where the pattern of a date
fits the shape, the numbers stand at the same places of every row and are read with whole
columns of bytes; days are few, so that the order of day and month is decided on them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.bytewise import text_ends
from caremap.intake.dateforms import BY_DIGITS, MONTHS, Parts, clock

__all__ = ["Shaped", "by_shape"]

SHORTEST, LONGEST = 6, 40
SHAPES = 200
"""At most so many shapes of one length are tried: months by name, with and without weekdays."""
PIECE = 1 << 16
ZERO, NINE = ord("0"), ord("9")
_UTC, _ZONE = (
    re.compile(r"0\s?(?:z|utc|gmt)$"),
    re.compile(r"(?:(?<=[+-])00:?00|(?<=[:.]00[+-])00|(?<=000[+-])00)$"),
)
_IN_UTC = 1_000_000_000
_PATTERNS = tuple((re.compile(pattern, re.ASCII), kind) for pattern, kind in BY_DIGITS)
_COUNTED = ("y", "a", "b", "h", "i", "s")

Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Shaped:
    """The rows whose shape is that of a date.

    Attributes
    ----------
    codes
        Per row the place of its day in ``parts``, -1 where the shape is no date's.
    parts
        The distinct days.
    seconds
        Per row the seconds after midnight, or None where no row has a time.
    """

    codes: Ints
    parts: Parts
    seconds: np.ndarray[Any, np.dtype[np.int32]] | None


def by_shape(values: pa.Array) -> Shaped:
    """Read the rows of a column of text whose shape is that of a date.

    Examples
    --------
    >>> shaped = by_shape(pa.array(["03/04/2024 14:20", "03/04/2024 15:00", "soon"]))
    >>> shaped.codes.tolist(), shaped.parts.year.tolist()
    ([0, 0, -1], [2024])
    """
    size = len(values)
    codes = np.full(size, -1, dtype=np.int64)
    seconds = np.zeros(size, dtype=np.int32)
    found: list[Parts] = []
    count = 0
    ends = text_ends(values)
    lengths = np.diff(ends)
    if values.null_count:
        lengths = np.where(values.is_valid().to_numpy(zero_copy_only=False), lengths, 0)
    data = np.frombuffer(values.buffers()[2] or b"", dtype=np.uint8)
    for length in np.unique(lengths).tolist():
        if not SHORTEST <= length <= LONGEST:
            continue
        rows = np.flatnonzero(lengths == length)
        cells = _cells(data, ends, rows, length)
        for text, within in _shapes(cells):
            read = _read(text, cells if within is None else cells[within])
            if read is None:
                continue
            parts, days, times = read
            here = rows if within is None else rows[within]
            codes[here] = days + count
            if times is not None:
                seconds[here] = times
            found.append(parts)
            count += len(parts.year)
    joined = Parts.joined(found) if found else Parts.none(0)
    return Shaped(codes, joined, seconds if seconds.any() else None)


def _cells(data: Any, ends: Any, rows: Any, length: int) -> Any:
    """The bytes of the texts of one length, a row each."""
    if len(rows) == len(ends) - 1:
        return data[ends[0] : ends[-1]].reshape(len(rows), length)
    cells = np.empty((len(rows), length), dtype=np.uint8)
    for begin in range(0, len(rows), PIECE):
        starts = ends[:-1][rows[begin : begin + PIECE]]
        cells[begin : begin + PIECE] = data[starts[:, None] + np.arange(length)]
    return cells


def _shapes(cells: Any) -> list[tuple[str, Any]]:
    """The shapes of texts of one length and the rows of each, None for all rows."""
    size, length = cells.shape
    shapes = np.where((cells >= ZERO) & (cells <= NINE), np.uint8(ZERO), cells)
    kind = pa.binary(length)
    encoded = pc.dictionary_encode(
        pa.Array.from_buffers(kind, size, [None, pa.py_buffer(np.ascontiguousarray(shapes))])
    )
    texts = [item.decode("latin-1").lower() for item in encoded.dictionary.to_pylist()]
    if len(texts) == 1:
        return [(texts[0], None)]
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    sizes = np.bincount(codes)
    largest = np.argsort(-sizes, kind="stable")[:SHAPES].tolist()
    return [(texts[place], np.flatnonzero(codes == place)) for place in largest]


def _read(text: str, cells: Any) -> tuple[Parts, Any, Any] | None:
    """The distinct days of texts of one shape, the place of each row's day, and its time."""
    if not text.isascii():
        return None
    fitting = ((pattern.fullmatch(text), kind) for pattern, kind in _PATTERNS)
    match, kind = next((one for one in fitting if one[0] is not None), (None, ""))
    if match is None:
        return None
    groups = match.groupdict()
    number = {
        name: _number(cells, *match.span(name)) for name in _COUNTED if groups.get(name)
    }  # fmt: skip
    month = MONTHS.get(groups["m"], 0) if "m" in groups else None
    first = number["a"] if month is None else np.full(len(cells), month, dtype=np.int32)
    key = number["y"] * 10_000 + first * 100 + number["b"]
    zone = _ZONE.search(text)
    if zone is not None:  # in UTC where the offset is nought
        key += (_number(cells, *zone.span()) == 0) * np.int32(_IN_UTC)
    keys = pc.dictionary_encode(pa.array(key))
    days = keys.dictionary.to_numpy(zero_copy_only=False).astype(np.int64)
    utc, days = days // _IN_UTC > 0, days % _IN_UTC
    parts = Parts.none(len(days))
    parts.year, parts.first, parts.second = days // 10_000, days // 100 % 100, days % 100
    if kind == "compact":  # eight digits are a date only within two centuries
        parts = _either_end(parts, days, bool(groups.get("h")))
    parts.open |= kind == "open"
    parts.short[:] = len(groups["y"]) == 2
    parts.utc[:] = utc | (_UTC.search(text) is not None)
    times = None
    if groups.get("h"):
        late, early = (str(groups.get("p") or "").startswith(letter) for letter in "pa")
        times = clock(number["h"], number["i"], number.get("s", np.int32(0)), late, early)
    return parts, keys.indices.to_numpy(zero_copy_only=False), times


def _either_end(parts: Parts, days: Any, timed: bool) -> Parts:
    """Eight digits, with the year at the beginning or, without a time, at the end: 03012022."""
    within = (parts.year >= 1900) & (parts.year < 2100)
    last = days % 10_000
    ends = (last >= 1900) & (last < 2100) & ~(within & (parts.first <= 12)) & (not timed)
    parts.year = np.where(ends, last, np.where(within, parts.year, 0))
    parts.second = np.where(ends, days // 10_000 % 100, parts.second)
    parts.first = np.where(ends, days // 1_000_000, parts.first)
    parts.open, parts.bare = ends, ends.copy()
    return parts


def _number(cells: Any, begin: int, end: int) -> Any:
    """The number that stands at the same place of every text."""
    result = np.zeros(len(cells), dtype=np.int32)
    for place in range(begin, end):
        digit = cells[:, place] - np.uint8(ZERO)
        if digit.max(initial=0) <= 9:  # else the colon of an offset
            result *= 10
            result += digit
    return result
