"""Rows of several widths -> one body, in the order of the file, without losing a cell."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.reading.arrow import Array, chunked, missing
from caremap.intake.reading.contents import Body, Column, Mask, Ragged, Rows
from caremap.intake.reading.fast import Part

__all__ = ["assemble"]

FEW_RUNS = 2_000


def assemble(parts: list[Part], first: int, usual: int, width: int) -> Body:
    """Put parts together.

    Parameters
    ----------
    parts
        Rows by width, their places counted from 0; the first part has the `usual` width.
    first
        Source row of place 0.
    usual, width
        Cells of most rows, and of the header. The body is as wide as the larger of the two; a
        row of either width is no ragged one.
    """
    wide = max(usual, width)
    extra: dict[int, list[str]] = {}
    ragged: list[Ragged] = []
    for part in parts[1:]:
        found = len(part.columns)
        if found not in (usual, width):
            ragged += [Ragged(first + place, found, wide) for place in part.places.tolist()]
        extra |= surplus(part, wide, first)
    rows = np.concatenate([part.places for part in parts]) + first
    columns = merge(parts, wide)
    rows.sort()
    keep = filled(columns)
    blank = 0
    if keep is not None:
        keep |= np.isin(rows, list(extra))
        blank = int(len(keep) - keep.sum())
    if keep is not None and blank:
        mask = pa.array(keep)
        columns = [column.filter(mask) for column in columns]
        rows = rows[keep]
    return Body(tuple(columns), (None,) * wide, rows, blank, tuple(sorted(ragged)), wide, extra)


def surplus(part: Part, wide: int, first: int) -> dict[int, list[str]]:
    """Return the cells beyond the body's width of rows where any of them is filled."""
    beyond = part.columns[wide:]
    if not beyond or all(column.null_count == len(column) for column in beyond):
        return {}
    rows = zip(*(column.to_pylist() for column in beyond), strict=True)
    return {
        first + place: [cell or "" for cell in row]
        for place, row in zip(part.places.tolist(), rows, strict=True)
        if any(row)
    }


def merge(parts: list[Part], wide: int) -> list[Column]:
    """Return `wide` columns with the rows of all parts in the order of their places."""
    padded = [
        [*part.columns[:wide], *[missing(len(part.places))] * (wide - len(part.columns))]
        for part in parts
    ]
    if len(parts) == 1:
        return padded[0]
    order = np.argsort(np.concatenate([part.places for part in parts]), kind="stable")
    which = np.repeat(np.arange(len(parts)), [len(part.places) for part in parts])[order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(which)) + 1, [len(which)]])
    if len(starts) > FEW_RUNS:
        return [
            chunked([chunk for columns in padded for chunk in chunks_of(columns[place])])
            .combine_chunks()
            .take(order)
            for place in range(wide)
        ]
    runs = runs_of(which, starts)
    return [
        chunked(
            [
                chunk
                for part, begin, length in runs
                for chunk in chunks_of(padded[part][place].slice(begin, length))
            ]
        )
        for place in range(wide)
    ]


def runs_of(which: Rows, starts: Rows) -> list[tuple[int, int, int]]:
    """Return stretches of rows of one part: the part, where it goes on in it, how long."""
    position: dict[int, int] = {}
    runs: list[tuple[int, int, int]] = []
    for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        part = int(which[begin])
        runs.append((part, position.get(part, 0), end - begin))
        position[part] = position.get(part, 0) + end - begin
    return runs


def chunks_of(column: Column) -> list[Array]:
    """Return the arrays a column is made of."""
    return [column] if isinstance(column, pa.Array) else list(column.chunks)


def filled(columns: list[Column]) -> Mask | None:
    """Say which rows hold anything; None where one column alone shows that all do."""
    if any(column.null_count == 0 for column in columns):
        return None
    result = np.zeros(len(columns[0]), dtype=np.bool_)
    for column in columns:
        result |= np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), dtype=np.bool_)
    return result
