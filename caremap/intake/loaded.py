"""What `open_file` gives back: a canonical table and everything that was noticed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from caremap.findings import Finding
from caremap.schema import Kind

__all__ = ["ColumnUse", "Loaded", "Mapping", "SheetInfo", "SourceInfo"]

Mapping = dict[str, "str | list[str]"]
"""Field to the header of the column it was read from, or to several that are added up."""


@dataclass(frozen=True)
class SourceInfo:
    """The file a table came from, without its content.

    ``digest`` is the SHA-256 of the bytes as given; ``encoding`` and ``separator`` are None
    for workbooks; ``sheet`` is empty for text; rows count from 1.
    """

    name: str
    digest: str
    format: str
    size: int
    encoding: str | None
    separator: str | None
    sheet: str
    header_row: int
    rows: int
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetInfo:
    """One sheet of the file: what it seems to hold, and whether it is hidden."""

    name: str
    kind: Kind | None
    rows: int
    hidden: bool = False


@dataclass(frozen=True)
class ColumnUse:
    """What became of one column of the file.

    ``field`` is the field it was matched to; a column that matches none is ``kept`` under
    its own header unless it identifies a person: then ``why`` says so. ``other`` names
    fields it could have been too.
    """

    header: str
    field: str | None
    kept: bool
    why: str = ""
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """One table of a file, understood.

    Attributes
    ----------
    kind
        Which of the seven tables it is.
    table
        The canonical table: fields in the order of the schema, then the columns that match
        no field under their own headers. Indexed by source row, counted from 1.
    mapping
        Field to column of the file.
    findings
        What was noticed, most serious first.
    set_aside
        Rows that belong to no figure: source row, reason, the row.
    columns
        What became of each column of the file.
    sheets
        All sheets of the file.
    source
        The file.
    """

    kind: Kind
    table: pd.DataFrame
    mapping: Mapping
    findings: tuple[Finding, ...]
    set_aside: pd.DataFrame
    columns: tuple[ColumnUse, ...]
    sheets: tuple[SheetInfo, ...]
    source: SourceInfo

    @property
    def rows_read(self) -> int:
        """Rows of the file below its header, set aside or not."""
        return self.source.rows

    @property
    def rows_used(self) -> int:
        """Rows of the canonical table."""
        return len(self.table)
