"""Text -> records by Python's own csv module: exact, forgiving and slow."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Record", "UnclosedQuoteError", "records", "repaired"]

LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
QUOTE = '"'
LONGEST_CELL = 1 << 28


class Record(NamedTuple):
    """One record: its row, where it begins and ends in the text, its cells."""

    row: int
    begin: int
    end: int
    cells: list[str]
    mended: bool = False


class UnclosedQuoteError(Exception):
    """A quote opens in this row and nothing closes it."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


class Lines:
    """The lines of a text from `begin` on, whatever ends them; knows how far it was read."""

    def __init__(self, data: bytes, begin: int) -> None:
        self.data = data
        self.end = begin
        self.matches = LINE.finditer(data, begin)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        match = next(self.matches)
        if match.end() == match.start():
            raise StopIteration
        self.end = match.end()
        return match.group().decode("utf-8", "replace")


def reader(
    lines: Iterator[str], separator: str, *, strict: bool = False, quoted: bool = True
) -> Iterator[list[str]]:
    """Make a csv reader that takes cells of any length."""
    if csv.field_size_limit() < LONGEST_CELL:
        csv.field_size_limit(LONGEST_CELL)
    return csv.reader(
        lines,
        delimiter=separator,
        quotechar=QUOTE if quoted else None,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        doublequote=True,
        strict=strict,
    )


def records(
    data: bytes, begin: int, separator: str, *, quoted: bool = True, row: int = 1
) -> Iterator[Record]:
    """Yield the records of `data` from position `begin`, which is source row `row`, on.

    A blank line is a record without cells: spreadsheet programs count it as a row.
    """
    lines = Lines(data, begin)
    position = begin
    for number, cells in enumerate(reader(lines, separator, quoted=quoted), row):
        yield Record(number, position, lines.end, cells)
        position = lines.end


def repaired(
    data: bytes, begin: int, separator: str, expected: int, row: int = 1
) -> Iterator[Record]:
    """Yield records of a text with stray quotes, taking a quote literally where that fits.

    A cell such as ``"never closed`` or ``"A" and "B"`` breaks the rules of quoting and would
    swallow the rows below it. Where its line alone has the expected number of cells with quotes
    read as ordinary characters, it is read so.

    Raises
    ------
    UnclosedQuoteError
        A quote opens, nothing closes it, and no reading of its line fits the table.
    """
    position = begin
    while position < len(data):
        lines = Lines(data, position)
        strict = reader(lines, separator, strict=True)
        while True:
            try:
                cells = next(strict)
            except StopIteration:
                return
            except csv.Error:
                record = mend(data, position, separator, expected, row)
                yield record
                row, position = row + 1, record.end
                break
            yield Record(row, position, lines.end, cells)
            row, position = row + 1, lines.end


def mend(data: bytes, begin: int, separator: str, expected: int, row: int) -> Record:
    """Read the record at `begin`, which breaks the rules of quoting, as well as possible."""
    lines = Lines(data, begin)
    line = next(lines)
    literal = next(reader(iter([line]), separator, quoted=False))
    closed = line.count(QUOTE) % 2 == 0
    lenient = next(reader(iter([line]), separator))
    if closed and (len(lenient) == expected or len(literal) != expected):
        return Record(row, begin, lines.end, lenient, mended=True)
    if len(literal) == expected:
        return Record(row, begin, lines.end, literal, mended=True)
    through = next(records(data, begin, separator, row=row))
    if data[through.begin : through.end].count(b'"') % 2 == 0:
        return through._replace(mended=True)
    raise UnclosedQuoteError(row)
