"""One sheet of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.reading.arrow import Array, chunked, missing, texts
from caremap.intake.reading.contents import Body, Cell, Column, Mask, Merged
from caremap.intake.reading.guard import guarded
from caremap.intake.reading.unpack import Chunk, Piece, cells

__all__ = ["WorkbookSheet", "number_texts"]

NATIVE: dict[str, Any] = {"n": pa.float64(), "b": pa.bool_(), "d": pa.timestamp("us")}
WHOLE = 2.0**53


@dataclass(frozen=True)
class WorkbookSheet:
    """The cells of a worksheet, in true sheet rows and columns.

    Attributes
    ----------
    name
        The sheet's name.
    left
        Number of empty columns before the first used one.
    chunks
        Its rows without the empty ones.
    merged
        Merged ranges: first row, first column, last row, last column, from zero, ends included.
    from_1904
        Whether the workbook counts its days from 1904.
    """

    name: str
    left: int
    chunks: tuple[Chunk, ...]
    merged: tuple[Merged, ...] = ()
    from_1904: bool = False

    @property
    def width(self) -> int:
        """Number of columns, empty leading ones included."""
        return self.left + (len(self.chunks[0].pieces) if self.chunks else 0)

    @guarded
    def head(self, rows: int = 60) -> list[list[Cell]]:
        """Return the first rows exactly as they stand; item i is source row i + 1."""
        last = self.chunks[-1].rows[-1] if self.chunks else 0
        result: list[list[Cell]] = [[] for _ in range(min(rows, int(last)))]
        for chunk in self.chunks:
            if chunk.rows[0] > rows:
                break
            by_row = zip(*(cells(piece) for piece in chunk.pieces), strict=True)
            for number, values in zip(chunk.rows.tolist(), by_row, strict=True):
                if number > rows:
                    break
                result[number - 1] = [None] * self.left + list(values)
        return result

    def emptied(self) -> WorkbookSheet:
        """Return the sheet without its cells: who has its body need not hold them twice."""
        return replace(self, chunks=())

    @guarded
    def body(self, first: int, width: int | None = None) -> Body:
        """Return the rows from source row `first` (1-based) on."""
        kept: list[Chunk] = []
        for chunk in self.chunks:
            begin = int(np.searchsorted(chunk.rows, first))
            if begin < len(chunk.rows):
                kept.append(tail(chunk, begin) if begin else chunk)
        rows = np.concatenate([c.rows for c in kept]) if kept else np.array([], dtype=np.int64)
        columns: list[Column] = [missing(len(rows))] * self.left
        typed: list[Mask | None] = [None] * self.left
        for place in range(self.width - self.left):
            column, mask = put_together([chunk.pieces[place] for chunk in kept])
            columns.append(column)
            typed.append(mask)
        lacking = max(0, (width or 0) - self.width)
        columns += [missing(len(rows))] * lacking
        typed += [None] * lacking
        blank = int(rows[-1]) - first + 1 - len(rows) if len(rows) else 0
        return Body(tuple(columns), tuple(typed), rows, blank, (), len(columns))


def tail(chunk: Chunk, begin: int) -> Chunk:
    """Return a chunk without its first rows."""
    return Chunk(
        chunk.rows[begin:],
        tuple(
            narrowed(
                Piece(
                    piece.kind,
                    piece.values.slice(begin),
                    None if piece.kinds is None else piece.kinds[begin:],
                )
            )
            for piece in chunk.pieces
        ),
    )


def narrowed(piece: Piece) -> Piece:
    """Give a mixed piece its single type back once the rows that mixed it are cut off."""
    if piece.values.null_count == len(piece.values):
        return Piece("e", missing(len(piece.values)))
    if piece.kinds is None:
        return piece
    kinds = set(piece.kinds.tolist()) - {b"e"}
    if len(kinds) > 1:
        return piece
    kind = kinds.pop().decode()
    if kind == "b":
        return Piece(kind, pc.equal(piece.values, pa.scalar("TRUE")))
    return Piece(kind, piece.values.cast(NATIVE[kind]) if kind in NATIVE else piece.values)


def put_together(pieces: list[Piece]) -> tuple[Column, Mask | None]:
    """Make one column of its pieces: native where all agree, else text and a mask of numbers."""
    kinds = {piece.kind for piece in pieces} - {"e"}
    if not kinds:
        return missing(sum(len(piece.values) for piece in pieces)), None
    only = kinds.pop() if len(kinds) == 1 else "mixed"
    if only in NATIVE:
        type_ = NATIVE[only]
        arrays = [
            missing(len(piece.values), type_) if piece.kind == "e" else piece.values
            for piece in pieces
        ]
        return chunked(arrays, type_), None
    column = chunked([as_text(piece) for piece in pieces])
    if only == "t":
        return column, None
    return column, np.concatenate([number_mask(piece) for piece in pieces])


def number_mask(piece: Piece) -> Mask:
    """Say which cells were numbers in the workbook."""
    if piece.kinds is not None:
        return np.asarray(piece.kinds == b"n")
    if piece.kind != "n":
        return np.zeros(len(piece.values), dtype=np.bool_)
    return np.asarray(pc.is_valid(piece.values).to_numpy(zero_copy_only=False), dtype=np.bool_)


def as_text(piece: Piece) -> Array:
    """Spell the cells of a piece exactly."""
    if piece.kind == "n":
        return number_texts(piece.values)
    if piece.kind == "b":
        spelled: Array = pc.if_else(piece.values, pa.scalar("TRUE"), pa.scalar("FALSE"))
        return spelled
    if piece.kind == "d":
        return date_texts(piece.values)
    return piece.values


def number_texts(values: Array) -> Array:
    """Spell numbers: whole ones without a decimal point, the others as Python does."""
    return texts(
        [
            None
            if value is None
            else str(int(value))
            if abs(value) < WHOLE and value == int(value)
            else repr(value)
            for value in values.to_pylist()
        ]
    )


def date_texts(values: Array) -> Array:
    """Spell dates: YYYY-MM-DD, with a time where there is one."""
    return texts(
        [
            None
            if value is None
            else value.date().isoformat()
            if value.time() == value.min.time()
            else value.isoformat()
            for value in values.to_pylist()
        ]
    )
