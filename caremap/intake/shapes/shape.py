"""A table while it is brought into shape: header, rows, and what was done to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from caremap.findings import Finding
from caremap.intake.cells import as_array, text_of
from caremap.intake.dates import DateOrder
from caremap.intake.derive import counted_rows, some_rows
from caremap.intake.layout import Layout
from caremap.intake.reading.contents import Body, Mask, Merged

__all__ = ["Context", "Left", "Shape", "columns_of", "rows_out", "shaped_like", "stacked"]


@dataclass(frozen=True)
class Left:
    """Rows left out before the table was turned: why, and their cells by header."""

    reason: str
    rows: tuple[int, ...]
    cells: dict[str, list[object]]


@dataclass(frozen=True)
class Context:
    """What is known of a table beside its cells.

    Attributes
    ----------
    sheet, file
        Names of the sheet and of the file.
    order
        The order of day and month the user chose.
    merged
        Merged ranges of the sheet.
    """

    sheet: str = ""
    file: str = ""
    order: DateOrder | None = None
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True)
class Shape:
    """A header and the rows below it.

    Attributes
    ----------
    layout, body
        The header and the rows.
    told
        What was done, in words.
    left
        Rows that are no data, left out on the way.
    unsure
        Whether no figure may rest on the table before the user has said what it is.
    """

    layout: Layout
    body: Body
    told: tuple[Finding, ...] = ()
    left: tuple[Left, ...] = field(default=())
    unsure: bool = False

    def telling(self, *findings: Finding, unsure: bool = False) -> Shape:
        """Return the same table with more said of it."""
        return replace(self, told=(*self.told, *findings), unsure=self.unsure or unsure)


def columns_of(shape: Shape) -> list[pa.Array]:
    """Return the columns, each in one piece."""
    return [as_array(column) for column in shape.body.columns]


def rows_out(
    shape: Shape, columns: Sequence[pa.Array], reasons: Iterable[tuple[Mask, str, str]]
) -> tuple[Mask, list[Left], list[Finding]]:
    """Return which rows stay, those that are left out, each for its first reason, and why.

    Parameters
    ----------
    shape, columns
        The table, and its columns each in one piece.
    reasons
        Masks of rows, each with the code of its finding and the reason in words.
    """
    rows = shape.body.source_rows
    kept = np.ones(len(rows), dtype=bool)
    left: list[Left] = []
    told: list[Finding] = []
    for mask, code, reason in reasons:
        out = np.flatnonzero(mask & kept) if len(mask) else np.zeros(0, dtype=np.int64)
        if not len(out):
            continue
        kept[out] = False
        told.append(
            Finding(code, "info", f"{counted_rows(len(out))} set aside: {reason}.",
                    rows=some_rows(rows[out]))
        )  # fmt: skip
        cells = {
            header: column.take(pa.array(out)).to_pylist()
            for header, column in zip(shape.layout.headers, columns, strict=False)
        }
        left.append(Left(reason, tuple(rows[out].tolist()), cells))
    return kept, left, told


def shaped_like(
    shape: Shape, headers: Sequence[str], columns: Sequence[pa.Array],
    typed: Sequence[Mask | None], rows: Any,
) -> Shape:  # fmt: skip
    """Return the shape with other columns; ``rows`` are the source rows they come from."""
    body = Body(
        tuple(columns), tuple(typed), np.asarray(rows, dtype=np.int64), shape.body.blank_rows,
        shape.body.ragged, len(columns), shape.body.extra,
    )  # fmt: skip
    levels = tuple((header,) for header in headers)
    return replace(
        shape, layout=replace(shape.layout, headers=tuple(headers), levels=levels), body=body
    )


def stacked(
    columns: Sequence[pa.Array], typed: Sequence[Mask | None]
) -> tuple[pa.Array, Mask | None]:
    """Return columns below one another, and which cells were numbers where types are mixed."""
    filled = [column for column in columns if column.null_count < len(column)]
    kinds = {column.type for column in filled}
    if len(kinds) <= 1:
        kind = kinds.pop() if kinds else pa.string()
        made = pa.concat_arrays([
            column if column.type == kind else pa.nulls(len(column), kind) for column in columns
        ])  # fmt: skip
    else:
        made = pa.concat_arrays([text_of(column).cast(pa.string()) for column in columns])
    if not pa.types.is_string(made.type):
        return made, None
    masks = []
    for column, mask in zip(columns, typed, strict=True):
        number = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
        there = column.is_valid().to_numpy(zero_copy_only=False)
        masks.append(there if number else np.zeros(len(column), dtype=bool)
                     if mask is None else mask)  # fmt: skip
    numbers = np.concatenate(masks) if masks else np.zeros(0, dtype=bool)
    return made, numbers if numbers.any() else None
