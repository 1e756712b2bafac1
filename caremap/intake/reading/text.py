"""A text file as one sheet."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from caremap.intake.reading import fast
from caremap.intake.reading.arrow import Array, chunked, texts
from caremap.intake.reading.assemble import assemble
from caremap.intake.reading.contents import Body, Cell, Column
from caremap.intake.reading.guard import guarded
from caremap.intake.reading.limits import Limits
from caremap.intake.reading.records import Record, records
from caremap.intake.reading.separators import usual_width
from caremap.problems import DataProblem

__all__ = ["TextSheet"]

SAMPLE_ROWS = 200
CHUNK = 50_000


@dataclass(frozen=True)
class TextSheet:
    """The table of a text file.

    Attributes
    ----------
    data, begin
        UTF-8 bytes and where the first record starts in them.
    separator
        One character, never None: a text of one column is read with a character it lacks.
    quoted
        Whether the text has quotes at all.
    file, limits
        Name for messages, and bounds.
    """

    data: bytes
    begin: int
    separator: str
    quoted: bool
    file: str
    limits: Limits

    name: str = ""
    from_1904: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def records(self, begin: int | None = None, row: int = 1) -> Iterator[Record]:
        """Yield records from position `begin`, which is source row `row`, on."""
        start = self.begin if begin is None else begin
        return records(self.data, start, self.separator, quoted=self.quoted, row=row)

    @guarded
    def head(self, rows: int = 60) -> list[list[Cell]]:
        """Return the first rows exactly as they stand; item i is source row i + 1."""
        return [list(record.cells) for record in itertools.islice(self.records(), rows)]

    @guarded
    def body(self, first: int, width: int | None = None) -> Body:
        """Return the rows from source row `first` (1-based) on.

        Parameters
        ----------
        first
            Source row to begin with.
        width
            Number of columns of the header. The body is at least as wide, and as wide as most
            of its own rows.
        """
        begin = self.position(first)
        sample = [len(r.cells) for r in itertools.islice(self.records(begin), SAMPLE_ROWS)]
        usual = usual_width(sample, width or 0) or width or 1
        if max(usual, width or 0) > self.limits.columns:
            raise DataProblem(
                f"“{self.file}” has more than {self.limits.columns:,} columns.",
                "Leave out the columns you do not need, or turn the table on its side.",
            )
        try:
            parts = fast.parse(self.data, begin, self.separator, usual, quoted=self.quoted)
        except fast.InexactError:
            parts = self.slow_parts(begin, usual)
        return assemble(parts, first, usual, width or 0)

    def emptied(self) -> TextSheet:
        """Return the sheet without its text: who has its body need not hold it twice."""
        return replace(self, data=b"", begin=0)

    def position(self, row: int) -> int:
        """Return where source row `row` begins."""
        for record in itertools.islice(self.records(), max(0, row - 1), None):
            return record.begin
        return len(self.data)

    def slow_parts(self, begin: int, usual: int) -> list[fast.Part]:
        """Do what `fast.parse` does with Python's csv module."""
        stream = self.records(begin, row=0)
        places: dict[int, list[int]] = {usual: []}
        chunks: dict[int, list[list[Array]]] = {usual: []}
        while batch := list(itertools.islice(stream, CHUNK)):
            by_width: dict[int, list[Record]] = {}
            for record in batch:
                by_width.setdefault(len(record.cells) or usual, []).append(record)
            for width, group in by_width.items():
                rows = [record.cells or [""] * usual for record in group]
                places.setdefault(width, []).extend(record.row for record in group)
                columns = [texts(column) for column in zip(*rows, strict=True)]
                chunks.setdefault(width, []).append(columns)
        return [
            fast.Part(np.array(places[width], dtype=np.int64), put_together(chunks[width], width))
            for width in places
        ]


def put_together(chunks: list[list[Array]], width: int) -> list[Column]:
    """Make columns of chunks of columns."""
    return [chunked([chunk[place] for chunk in chunks]) for place in range(width)]
