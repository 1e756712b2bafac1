"""Text -> Arrow string columns at memory speed, for texts that keep the rules of quoting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from caremap.intake.reading.contents import Column, Rows

__all__ = ["InexactError", "Part", "parse"]

Handler: TypeAlias = "Callable[[arrow_csv.InvalidRow], Literal['skip', 'error']]"

BLOCK = 1 << 20
LONGEST_PIECE = 2_000_000_000  # bytes of text; Arrow counts them with 31 bits
CR, LF = b"\r\n"


class InexactError(Exception):
    """The fast reader cannot promise the same cells as Python's csv module."""


class Misfit(NamedTuple):
    """A row of another width than expected: its place (from 0), its width, its raw text."""

    place: int
    width: int
    text: str


class Part(NamedTuple):
    """Rows of one width by their places (from 0, ascending), and their columns."""

    places: Rows
    columns: list[Column]


def parse(data: bytes, begin: int, separator: str, width: int, *, quoted: bool) -> list[Part]:
    """Parse `data` from position `begin` on, one part per number of cells.

    The first part holds the rows of the expected `width`. Blank lines are rows of nulls in it,
    so that places are rows. Places of misfits are known only to a reader on one thread: at the
    first misfit the file is read again. Its misfits are then parsed together, per width.

    Raises
    ------
    InexactError
        Something about the text asks for the slow reader.
    """
    columns, misfits = attempt(data, begin, separator, width, quoted=quoted, threads=True)
    if not misfits:
        return [Part(np.arange(len(columns[0]), dtype=np.int64), columns)]
    columns, misfits = attempt(data, begin, separator, width, quoted=quoted, threads=False)
    regular = np.ones(len(columns[0]) + len(misfits), dtype=np.bool_)
    regular[[misfit.place for misfit in misfits]] = False
    parts = [Part(np.flatnonzero(regular), columns)]
    by_width: dict[int, list[Misfit]] = {}
    for misfit in misfits:
        by_width.setdefault(misfit.width, []).append(misfit)
    for other, group in by_width.items():
        text = "\n".join(misfit.text for misfit in group).encode("utf-8")
        found, strange = attempt(text, 0, separator, other, quoted=quoted, threads=False)
        if strange or len(found[0]) != len(group):
            raise InexactError
        parts.append(Part(np.array([misfit.place for misfit in group], dtype=np.int64), found))
    return parts


def attempt(
    data: bytes, begin: int, separator: str, width: int, *, quoted: bool, threads: bool
) -> tuple[list[Column], list[Misfit]]:
    """Parse once, with blocks as large as the longest row needs."""
    block = BLOCK
    while True:
        misfits: list[Misfit] = []
        block = safe_block(data, begin, block) if quoted else block
        try:
            return read(data, begin, separator, width, quoted, threads, block, misfits), misfits
        except pa.ArrowInvalid:
            # A row longer than a block; nothing else is invalid where every column is text.
            if threads and misfits:
                return [], misfits
            if block > len(data):
                raise InexactError from None
            block *= 16


def safe_block(data: bytes, begin: int, block: int) -> int:
    """Return a block size, at least `block`, that cuts no CR LF in two.

    pyarrow drops a line feed at the start of a block after a carriage return at the end of the
    one before, which is right between rows and loses a character within a quoted cell.
    """
    for size in range(block, block + 100):
        cuts = range(begin + size, len(data), size)
        if not any(data[cut] == LF and data[cut - 1] == CR for cut in cuts):
            return size
    return max(block, len(data))


def read(
    data: bytes,
    begin: int,
    separator: str,
    width: int,
    quoted: bool,
    threads: bool,
    block: int,
    misfits: list[Misfit],
) -> list[Column]:
    """Call pyarrow's reader with every conversion of its own switched off."""
    names = [str(column) for column in range(width)]
    text: Any = pa.BufferReader(pa.py_buffer(data).slice(begin))  # the stubs know paths only
    table = arrow_csv.read_csv(
        text,
        read_options=arrow_csv.ReadOptions(
            use_threads=threads, column_names=names, block_size=min(block, 2**31 - 1)
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=separator,
            quote_char='"' if quoted else False,
            double_quote=True,
            newlines_in_values=quoted,
            ignore_empty_lines=False,
            invalid_row_handler=collector(misfits, stop=threads),
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
            check_utf8=False,
        ),
    )
    columns: list[Column] = list(table.columns)
    del table
    for place, column in enumerate(columns):  # each block is let go before the next is copied
        columns[place] = column = whole(column)
    pa.default_memory_pool().release_unused()
    return columns


def whole(column: Column) -> Column:
    """Return a column in one piece, unless it is longer than one piece can be."""
    if isinstance(column, pa.ChunkedArray) and column.nbytes < LONGEST_PIECE:
        return column.combine_chunks()
    return column


def collector(misfits: list[Misfit], *, stop: bool) -> Handler:
    """Make the handler that keeps rows of another width, or stops at the first."""

    def handle(row: arrow_csv.InvalidRow) -> Literal["skip", "error"]:
        place = 0 if row.number is None else row.number - 1
        misfits.append(Misfit(place, row.actual_columns, row.text))
        return "error" if stop else "skip"

    return handle
