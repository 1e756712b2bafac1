"""Figure frames as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from caremap.exports.cells import cells_of, text_cell
from caremap.exports.looks import Look, looks_of, units_of, width_of
from caremap.exports.package import Rows, packed
from caremap.exports.sheetnames import sheet_names
from caremap.exports.values import columns

__all__ = ["Notes", "to_workbook"]

Notes = Mapping[str, object] | Sequence[tuple[str, object]] | pd.DataFrame
"""What is said about the sheets: one subject and text to a row."""

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_PIECE = 1_000  # rows held as XML at a time
_WIDEST, _NOTE = 60, 100  # widths of columns, in characters


def to_workbook(sheets: Mapping[str, pd.DataFrame], notes: Notes | None = None) -> bytes:
    r"""Return frames as an Excel workbook (xlsx), one sheet each, that nothing runs from.

    A cell is text, a number, yes or no, or empty: never a formula, a link or a connection.
    Text that could become a formula once the cell is typed again or the sheet is saved as CSV
    gets an apostrophe in front, exactly as in `to_csv`.

    Parameters
    ----------
    sheets
        Frames by the name of their sheet. An index is written only where it has a name; several
        levels of columns become one header, joined by a colon. Names are cut to 31 characters,
        cleared of what a sheet may not be called, and numbered where they repeat.
    notes
        Where the figures come from: subjects and texts, as a mapping, as pairs or as a frame. A
        text that is a list becomes one row for each of its items. They become a last sheet
        "Notes".

    Returns
    -------
    bytes
        The same for the same frames. Numbers have 15 significant digits and a format with
        thousands marks, by column and, where a column is called ``Unit``, by unit; dates are
        dates; what is missing is an empty cell; zero is 0. As text stand: infinity, whole
        numbers beyond 2\ :sup:`53`, moments with a time zone, dates before March 1900,
        negative durations. Characters that the format cannot hold become U+FFFD; a text over
        32,767 characters is cut and says so. The document names no person and no machine.

    Raises
    ------
    ValueError
        Where there is neither a sheet nor a note, or a frame has more rows or columns than a
        sheet: a CSV file can hold it.

    Notes
    -----
    ECMA-376 (Office Open XML); limits: Microsoft, "Excel specifications and limits". Cells are
    written here, everything around them by openpyxl, and nothing is ever put on disk.

    Examples
    --------
    >>> import io
    >>> from openpyxl import load_workbook
    >>> figures = pd.DataFrame({"ward": ["A", "=1+1"], "cost": [-42.5, None]})
    >>> data = to_workbook({"Cost by ward": figures}, {"As of": "30 April 2024"})
    >>> [list(row) for row in load_workbook(io.BytesIO(data))["Cost by ward"].values]
    [['ward', 'cost'], ['A', -42.5], ["'=1+1", None]]
    """
    frames = [(name, frame, _WIDEST) for name, frame in sheets.items()]
    if notes is not None:
        frames.append(("Notes", _as_frame(notes), _NOTE))
    if not frames:
        raise ValueError("A workbook needs at least one sheet.")
    for name, frame, _ in frames:
        _must_fit(str(name), frame)
    book = Workbook()
    del book[book.active.title]  # type: ignore[union-attr]
    rows: dict[str, Rows] = {}
    for name, (_, frame, widest) in zip(
        sheet_names([name for name, _, _ in frames]), frames, strict=True
    ):
        sheet = book.create_sheet(name)
        table = _table(frame)
        widths = [
            width_of(header, values, looks, widest)
            for header, values, looks in zip(table.headers, table.columns, table.looks, strict=True)
        ]
        _dress(sheet, table, widths)
        rows[sheet.title] = _rows(sheet, table, widths)
    return packed(book, rows)


def _as_frame(notes: Notes) -> pd.DataFrame:
    """Return notes as a frame, a text that is a list as one row for each item."""
    if isinstance(notes, pd.DataFrame):
        return notes
    pairs = notes.items() if isinstance(notes, Mapping) else notes
    rows = [
        (what, text)
        for what, texts in pairs
        for text in (texts if isinstance(texts, list | tuple) else [texts])
    ]
    return pd.DataFrame(rows, columns=["What", "Note"], dtype="object")


def _must_fit(name: str, frame: pd.DataFrame) -> None:
    levels = sum(level is not None for level in frame.index.names) and frame.index.nlevels
    for count, most, what in (
        (len(frame), MOST_ROWS - 1, "rows"),
        (frame.shape[1] + levels, MOST_COLUMNS, "columns"),
    ):
        if count > most:
            raise ValueError(
                f"“{name}” has {count:,} {what}, and a sheet of a workbook holds {most:,}: "
                "take a CSV file."
            )


@dataclass(frozen=True)
class _Table:
    """What goes on a sheet: headers, columns, and how each looks."""

    headers: list[str]
    columns: list[pd.Series]
    looks: list[list[Look]]
    units: npt.NDArray[np.intp] | None
    length: int


def _table(frame: pd.DataFrame) -> _Table:
    named = columns(frame)
    headers = [header for header, _ in named]
    values = [column.reset_index(drop=True) for _, column in named]
    units = units_of(headers, values)
    looks = [
        looks_of(header, column, units) for header, column in zip(headers, values, strict=True)
    ]
    return _Table(headers, values, looks, units, len(frame) if named else 0)


# --- how a sheet looks ------------------------------------------------------------------------


def _dress(sheet: Worksheet, table: _Table, widths: list[float]) -> None:
    """Freeze the header, filter by it, fit the widths, and fit the paper."""
    last = table.length + 1
    for corner in ((1, 1), (last, max(len(widths), 1))):  # tell readers how large the sheet is
        sheet.cell(*corner)
    sheet.freeze_panes = "A2"
    if widths:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{last}"
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0  # as many pages down as it takes
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = sheet.oddFooter
    if footer is not None and footer.left is not None and footer.right is not None:
        footer.left.text, footer.right.text = "&A", "&P / &N"


def _rows(sheet: Worksheet, table: _Table, widths: list[float]) -> Rows:
    """Yield the rows as XML: the header, then a thousand at a time."""
    style, header = _styles(sheet)
    letters = [get_column_letter(at) for at in range(1, len(widths) + 1)]
    columns_of_cells = [
        cells_of(values, looks, table.units, partial(style, wrap=width >= _WIDEST))
        for values, looks, width in zip(table.columns, table.looks, widths, strict=True)
    ]
    yield _row(1, letters, [text_cell(said, header) for said in table.headers])
    rows = enumerate(zip(*columns_of_cells, strict=True), 2)
    while piece := "".join(_row(at, letters, cells) for at, cells in islice(rows, _PIECE)):
        yield piece


def _row(at: int, letters: Sequence[str], cells: Sequence[str]) -> str:
    held = "".join(
        f'<c r="{letter}{at}"{cell}' for letter, cell in zip(letters, cells, strict=True) if cell
    )
    return f'<row r="{at}">{held}</row>'


def _styles(sheet: Worksheet) -> tuple[Callable[..., int], int]:
    """Return a function from number format to style, and the style of headers."""

    @cache
    def style(number_format: str, wrap: bool = False) -> int:
        cell = Cell(sheet, 1, 1)
        cell.number_format = number_format
        cell.alignment = Alignment(vertical="top", wrap_text=wrap or None)
        return int(cell.style_id)

    header = Cell(sheet, 1, 1)
    header.number_format = "@"
    header.font = Font(name="Calibri", size=11, bold=True)
    header.fill = PatternFill("solid", fgColor="EEF6F7")
    header.border = Border(bottom=Side("thin", color="0B7285"))
    header.alignment = Alignment(vertical="top", wrap_text=True)
    return style, int(header.style_id)
