"""The shapes in which a file's content leaves the reading layer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

__all__ = ["Body", "Cell", "Column", "Mask", "Merged", "Note", "Ragged", "Rows", "Sheet", "Source"]

Cell: TypeAlias = "str | float | bool | dt.date | dt.datetime | None"
Merged: TypeAlias = "tuple[int, int, int, int]"
Column: TypeAlias = "pa.Array[Any] | pa.ChunkedArray[Any]"
Rows: TypeAlias = "npt.NDArray[np.int64]"
Mask: TypeAlias = "npt.NDArray[np.bool_]"


@dataclass(frozen=True)
class Note:
    """Something about a file its user should see, in plain words.

    Attributes
    ----------
    code
        Short and stable, for tests and grouping.
    message
        One or two sentences that never quote a cell.
    rows
        Source rows concerned (1-based), at most the first `NOTE_ROWS` of them.
    sheet
        The sheet concerned, "" for the whole file.
    """

    code: str
    message: str
    rows: tuple[int, ...] = ()
    sheet: str = ""


class Ragged(NamedTuple):
    """A row with fewer or more cells than its table."""

    source_row: int
    found: int
    expected: int


@dataclass(frozen=True)
class Body:
    """The rows of a sheet from some row on, column by column.

    Attributes
    ----------
    columns
        One Arrow column each: strings, or for a workbook double, timestamp[us] or bool where
        every non-empty cell of the column is of that type. Empty text and missing cells are null.
    typed
        Aligned with `columns`. A workbook column of mixed types is a string column; its mask
        says which cells were numbers in the workbook. None everywhere else.
    source_rows
        Row in the file (1-based) of every row kept. A text record that spans several lines is
        one row, as a spreadsheet program counts.
    blank_rows
        How many wholly empty rows were dropped between and below the rows kept.
    ragged
        Rows whose number of cells is not the table's. Short ones are padded with null.
    extra
        Surplus cells of rows longer than `width`, by source row, where any of them is not empty.
    width
        Number of columns.
    """

    columns: tuple[Column, ...]
    typed: tuple[Mask | None, ...]
    source_rows: Rows
    blank_rows: int
    ragged: tuple[Ragged, ...]
    width: int
    extra: dict[int, list[str]] = field(default_factory=dict)


class Sheet(Protocol):
    """One rectangle of raw cells: a worksheet, or the whole of a text file.

    `merged` holds the merged ranges as (first row, first column, last row, last column), counted
    from zero and ends included.
    """

    @property
    def name(self) -> str:
        """The sheet's name; "" for text."""

    @property
    def merged(self) -> tuple[Merged, ...]:
        """Merged ranges, where the format has them."""

    @property
    def from_1904(self) -> bool:
        """Whether the workbook counts its days from 1904, as those of old Macs do."""

    def head(self, rows: int = 60) -> list[list[Cell]]:
        """Return the first rows exactly as they stand; item i is source row i + 1."""

    def body(self, first: int, width: int | None = None) -> Body:
        """Return the rows from source row `first` (1-based) on."""

    def emptied(self) -> Sheet:
        """Return the sheet without its cells: who has its body need not hold them twice."""


@dataclass(frozen=True)
class Source:
    """A file that was opened, before any understanding of its columns.

    Attributes
    ----------
    name
        File name without folder.
    format
        What the file is, whatever it is called: csv, tsv, xlsx, xlsm, xls, xlsb or ods.
    digest
        SHA-256 of the bytes as given, in hexadecimal.
    size
        Number of those bytes.
    encoding, separator
        Of a text; None for workbooks, and separator None for a text of one column.
    alternatives
        Encodings that would read the same bytes too, where the encoding is a guess.
    notes
        Facts about the file its user should see.
    sheets
        Visible worksheets with at least one cell that is not empty; one for a text.
    hidden
        Hidden worksheets: never used unless the user asks for one.
    """

    name: str
    format: str
    digest: str
    size: int
    encoding: str | None
    separator: str | None
    notes: tuple[Note, ...]
    sheets: tuple[Sheet, ...]
    hidden: tuple[Sheet, ...] = ()
    alternatives: tuple[str, ...] = ()

    def emptied(self) -> Source:
        """Return the file without its cells: who has the bodies need not hold them twice."""
        return replace(
            self,
            sheets=tuple(one.emptied() for one in self.sheets),
            hidden=tuple(one.emptied() for one in self.hidden),
        )
