"""A part of a sheet that is a table of its own: read as if it were a sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.cells import as_array
from caremap.intake.reading import Body, Sheet
from caremap.intake.reading.contents import Cell, Mask, Merged

__all__ = ["Box", "Part", "base_name", "part_of"]


@dataclass(frozen=True)
class Box:
    """Rows (from 1) and columns (from 0) of a part, ends included; None is the end."""

    top: int = 1
    bottom: int | None = None
    left: int = 0
    right: int | None = None

    def holds(self, row: int) -> bool:
        """Whether a row lies inside."""
        return self.top <= row and (self.bottom is None or row <= self.bottom)


@dataclass(frozen=True)
class Part:
    """One of several tables on a sheet; its rows keep the numbers they have in the file.

    Attributes
    ----------
    sheet
        The sheet it stands on.
    box
        Where it stands.
    name
        What it is called: the sheet's name and its number.
    """

    sheet: Sheet
    box: Box
    name: str

    @property
    def merged(self) -> tuple[Merged, ...]:
        """Merged ranges inside, columns counted from its own first."""
        left, right = self.box.left, self.box.right
        return tuple(
            (top, first - left, bottom, last - left)
            for top, first, bottom, last in self.sheet.merged
            if first >= left and (right is None or last <= right) and self.box.holds(top + 1)
        )

    @property
    def from_1904(self) -> bool:
        """Whether the workbook counts its days from 1904."""
        return self.sheet.from_1904

    def head(self, rows: int = 60) -> list[list[Cell]]:
        """Return the first rows; those above it are empty."""
        # A table that begins far below needs as many rows below its own first one.
        end = self.box.top - 1 + rows
        end = end if self.box.bottom is None else min(end, self.box.bottom)
        found: list[list[Cell]] = []
        for number, row in enumerate(self.sheet.head(end), start=1):
            inside = row[self.box.left : None if self.box.right is None else self.box.right + 1]
            found.append(inside if self.box.holds(number) else [])
        return found

    def emptied(self) -> Part:
        """Return the part without its cells: who has its body need not hold them twice."""
        return replace(self, sheet=self.sheet.emptied())

    def body(self, first: int, width: int | None = None) -> Body:
        """Return its rows from a source row on."""
        left, right = self.box.left, self.box.right
        whole = None if width is None else width + left
        body = self.sheet.body(max(first, self.box.top), whole)
        keep = np.ones(len(body.source_rows), dtype=bool)
        if self.box.bottom is not None:
            keep = body.source_rows <= self.box.bottom
        end = body.width if right is None else min(right + 1, body.width)
        if self.box.bottom is not None and whole is not None:
            end = min(end, whole)  # what lies further right is of a wider table below
        columns = [as_array(column) for column in body.columns[left:end]]
        filled = np.zeros(len(keep), dtype=bool)
        for column in columns:
            filled |= column.is_valid().to_numpy(zero_copy_only=False)
        keep &= filled
        rows = body.source_rows[keep]
        made = [
            _cut(column, mask, keep)
            for column, mask in zip(columns, body.typed[left:end], strict=True)
        ]
        inside = set(rows.tolist())
        ragged = tuple(one for one in body.ragged if one.source_row in inside)
        if left or right is not None:
            ragged = ()  # the width of the row is no matter of the part
        extra = {row: cells for row, cells in body.extra.items() if row in inside and not left}
        blank = int(rows[-1]) - max(first, self.box.top) + 1 - len(rows) if len(rows) else 0
        return Body(
            tuple(column for column, _ in made), tuple(mask for _, mask in made), rows, blank,
            ragged, len(made), extra,
        )  # fmt: skip


def _cut(column: pa.Array, mask: Mask | None, keep: Any) -> tuple[pa.Array, Mask | None]:
    """A column's rows of the part; numbers again where only another part mixed the types."""
    column = column.filter(pa.array(keep))
    if mask is None:
        return column, None
    mask = mask[keep]
    there = column.is_valid().to_numpy(zero_copy_only=False)
    if there.any() and bool((mask == there).all()):
        return pc.cast(column, pa.float64()), None
    return column, mask if mask.any() else None


def part_of(sheet: Sheet, box: Box, number: int) -> Part:
    r"""Return a numbered part of a sheet.

    Examples
    --------
    >>> from caremap.intake.reading import open_source
    >>> text = open_source(b"a,b\\n1,2\\n", "x.csv").sheets[0]
    >>> part_of(text, Box(), 2).name
    'table 2'
    """
    return Part(sheet, box, f"{sheet.name}, table {number}" if sheet.name else f"table {number}")


def base_name(sheet: Sheet) -> str:
    """Return the name of the sheet a table stands on."""
    return sheet.sheet.name if isinstance(sheet, Part) else sheet.name
