"""The tables of a sheet: found, brought into shape, their columns profiled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from caremap.findings import Finding
from caremap.intake.cells import as_array
from caremap.intake.dates import DateOrder
from caremap.intake.kinds import Guess, guess_kinds
from caremap.intake.layout import Layout, find_layout
from caremap.intake.matching import Column
from caremap.intake.profile import profile
from caremap.intake.reading import Body, Sheet
from caremap.intake.shapes import (
    Context,
    Left,
    Shape,
    base_name,
    reshaped,
    table_at,
    tables_on,
)

__all__ = ["Understood", "look_at", "tables_of"]


@dataclass(frozen=True)
class Understood:
    """A table with its header found and its columns profiled.

    ``told`` is what was done to bring it into shape, ``left`` the rows left out on the way,
    ``read`` how many rows it had before; where ``unsure``, no figure may rest on it before
    the user says what it is.
    """

    sheet: Sheet
    layout: Layout
    body: Body
    told: tuple[Finding, ...] = ()
    left: tuple[Left, ...] = ()
    unsure: bool = False
    read: int = 0

    @cached_property
    def arrays(self) -> dict[str, pa.Array]:
        """The columns by header."""
        return {
            header: as_array(column)
            for header, column in zip(self.layout.headers, self.body.columns, strict=False)
        }

    @cached_property
    def typed(self) -> dict[str, Any]:
        """Where cells of a mixed workbook column were numbers, by header."""
        return dict(zip(self.layout.headers, self.body.typed, strict=False))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns with their profiles."""
        return tuple(
            Column(header, place, profile(values))
            for place, (header, values) in enumerate(self.arrays.items())
        )

    @cached_property
    def guesses(self) -> list[Guess]:
        """What the sheet may be, most likely first."""
        if self.unsure:
            return [Guess("lookup", 0.0, {}, ())]
        guesses = guess_kinds(self.columns)
        if any(one.code == "dates-to-rows" for one in self.told):
            # A cell under a date counts something: it is nobody's stay.
            guesses = [one for one in guesses if one.kind != "stays"]
        return guesses

    @property
    def rows(self) -> int:
        """Rows below the header that hold anything."""
        return len(self.body.source_rows)


def look_at(sheet: Sheet, header_row: int | None = None) -> Understood | None:
    """Find the table on a sheet, or None where there is none.

    Parameters
    ----------
    sheet
        The sheet.
    header_row
        The row the user says is the header, counted from 1; 0 for a table without one.
    """
    found = tables_of(sheet, header_row)
    return found[0] if found else None


def tables_of(
    sheet: Sheet,
    header_row: int | None = None,
    order: DateOrder | None = None,
    file: str = "",
) -> list[Understood]:
    """Find the tables on a sheet and bring each into the shape of one row per record.

    Parameters
    ----------
    sheet
        The sheet.
    header_row
        The row the user says is the header, counted from 1; 0 for a table without one.
    order
        The order of day and month the user chose for all dates.
    file
        The name of the file.
    """
    head = sheet.head()
    layout = find_layout(head, None, sheet.merged)
    whole = None if layout is None else table_at(sheet, layout, head)
    parts = tables_on(sheet, whole.layout, whole.body) if whole else []
    if header_row:  # the table it is the header of, or the whole sheet
        parts = [part for part in parts if part.box.holds(header_row)]
    if parts and header_row != 0:
        read = [_table(part, header_row) for part in parts]
        return [_shaped(part, one, order, file)
                for part, one in zip(parts, read, strict=True) if one]  # fmt: skip
    whole = whole if header_row is None else _table(sheet, header_row)
    return [_shaped(sheet, whole, order, file)] if whole else []


def _table(sheet: Sheet, header_row: int | None) -> Shape | None:
    head = sheet.head(max(60, (header_row or 0) + 20))
    layout = find_layout(head, header_row, sheet.merged)
    return None if layout is None else table_at(sheet, layout, head)


def _shaped(sheet: Sheet, table: Shape, order: DateOrder | None, file: str) -> Understood:
    made = reshaped(table, Context(base_name(sheet), file, order, sheet.merged))
    return Understood(
        sheet.emptied(), made.layout, made.body, made.told, made.left, made.unsure,
        len(table.body.source_rows),
    )  # fmt: skip
