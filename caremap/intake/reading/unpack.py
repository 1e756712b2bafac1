"""The frames of the child process -> columns; `child.py` says what they look like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.reading.arrow import Array, missing
from caremap.intake.reading.contents import Cell, Merged, Rows

__all__ = ["Chunk", "ChildError", "Piece", "RawSheet", "blanked", "unpack"]


class ChildError(Exception):
    """The child ended with a code instead of its last frame."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Piece:
    """Some rows of one column: a kind and Arrow values, with kinds cell by cell if mixed."""

    kind: str
    values: Array
    kinds: npt.NDArray[np.bytes_] | None = None


@dataclass(frozen=True)
class Chunk:
    """Some rows, by their numbers in the sheet; empty rows are left out."""

    rows: Rows
    pieces: tuple[Piece, ...]


@dataclass
class RawSheet:
    """One sheet as the child sent it; `left` counts the empty columns before its first."""

    name: str
    type: str
    visible: bool
    left: int = 0
    merged: tuple[Merged, ...] = ()
    chunks: list[Chunk] = field(default_factory=list)


def unpack(stream: bytes) -> list[RawSheet]:
    """Read all frames.

    Raises
    ------
    ChildError
        The child says so, or its output ends too early ("cut off").
    """
    sheets: list[RawSheet] = []
    for head, blobs in frames(stream):
        if "end" in head:
            return sheets
        if "failed" in head:
            raise ChildError(str(head["failed"]))
        if "sheet" in head:
            start = head.get("start") or (0, 0)
            merged = tuple((a, b, c, d) for a, b, c, d in head.get("merged", ()))
            visible = head["visible"] == "Visible"
            sheets.append(RawSheet(head["sheet"], head["type"], visible, start[1], merged))
        else:
            sheets[-1].chunks.append(chunk(head, blobs))
    raise ChildError("cut off")


def frames(stream: bytes) -> Iterator[tuple[dict[str, Any], list[pa.Buffer]]]:
    """Split the stream; a frame that is not complete is not given."""
    whole = pa.py_buffer(stream)
    position = 0
    while (line := stream.find(b"\n", position)) >= 0:
        head = json.loads(stream[position:line])
        position = line + 1
        blobs = []
        for size in head["bytes"]:
            if position + size > len(stream):
                return
            blobs.append(whole.slice(position, size))
            position += size
        yield head, blobs


def chunk(head: dict[str, Any], blobs: list[pa.Buffer]) -> Chunk:
    """Wrap the buffers of some rows as Arrow arrays, without copying text."""
    count = head["rows"]
    rows = np.frombuffer(memoryview(blobs[0]), dtype=np.int32).astype(np.int64)
    pieces = []
    position = 1
    for kind, parts in zip(head["kinds"], head["parts"], strict=True):
        pieces.append(piece(kind, count, blobs[position : position + parts]))
        position += parts
    return Chunk(rows, tuple(pieces))


def piece(kind: str, count: int, blobs: list[pa.Buffer]) -> Piece:
    """Make one column of some rows."""
    if kind == "e":
        return Piece(kind, missing(count))
    if kind == "n":
        return Piece(
            kind, pa.array(np.frombuffer(memoryview(blobs[0]), np.float64), from_pandas=True)
        )
    if kind == "b":
        flags = np.frombuffer(memoryview(blobs[0]), np.uint8)
        return Piece(kind, pa.array(flags == 1, mask=flags == 2))
    kinds = None
    if kind == "mixed":
        kinds = np.frombuffer(memoryview(blobs[0]), dtype="S1")
        blobs = blobs[1:]
    strings = pa.StringArray.from_buffers(count, blobs[0], blobs[1])
    strings.validate(full=True)
    filled = pc.not_equal(pc.binary_length(strings), pa.scalar(0))
    values: Array = pc.if_else(filled, strings, pa.scalar(None, pa.string()))
    if kind == "d":
        values = values.cast(pa.timestamp("us"))
    return Piece(kind, values, kinds)


def blanked(chunks: list[Chunk], places: list[tuple[int, int]], left: int) -> list[Chunk]:
    """Return the chunks with the cells in `places` (row from 1, column from 0) made empty."""
    by_column: dict[int, list[int]] = {}
    for row, column in places:
        by_column.setdefault(column - left, []).append(row)
    if not by_column:
        return chunks
    return [
        Chunk(
            one.rows,
            tuple(
                emptied(part, np.isin(one.rows, by_column[place])) if place in by_column else part
                for place, part in enumerate(one.pieces)
            ),
        )
        for one in chunks
    ]


def emptied(part: Piece, where: npt.NDArray[np.bool_]) -> Piece:
    """Make some cells of a piece empty."""
    if part.kind == "e":
        return part
    nothing = pa.scalar(None, part.values.type)
    values: Array = pc.if_else(pa.array(where), nothing, part.values)
    kinds = None if part.kinds is None else np.where(where, b"e", part.kinds)
    return Piece(part.kind, values, kinds)


def cells(part: Piece) -> list[Cell]:
    """Return the cells of a piece as Python values."""
    values: list[Cell] = part.values.to_pylist()
    if part.kinds is None:
        return values
    return [restore(kind, value) for kind, value in zip(part.kinds.tolist(), values, strict=True)]


def restore(kind: bytes, value: Cell) -> Cell:
    """Return the value a spelled cell stands for."""
    if kind == b"n" and isinstance(value, str):
        return float(value)
    if kind == b"b":
        return value == "TRUE"
    if kind == b"d" and isinstance(value, str):
        import datetime as dt

        return dt.datetime.fromisoformat(value)
    return value
