"""One sheet of a workbook: words above, a table, words below, and charts beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from textwrap import wrap
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from caremap.exports.cells import cells_of, text_cell
from caremap.exports.guard import Guard
from caremap.exports.looks import Look, looks_of, units_of, width_of
from caremap.exports.native import Plot, native_charts
from caremap.exports.package import Rows
from caremap.exports.styles import Styles
from caremap.exports.values import columns

__all__ = ["MOST_COLUMNS", "WIDEST", "Drawing", "Line", "Sheet", "filled"]

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
WIDEST = 60  # width of a column of a table, in characters
_PIECE = 1_000  # rows held as XML at a time
_READABLE = 100  # characters to a line of a note
_USUAL_WIDTH = 8.43  # of a column nobody has set
_LINE_HEIGHT = 15.0  # points
_HEIGHTS = {"title": 21.0, "heading": 18.0}
_MOST_LINES = 20  # of a row: what is longer is read in the cell
_LOOSE = 1.1  # lines end at a space: they are not full
_ROW_OF_CHART = 0.53  # centimetres


@dataclass(frozen=True)
class Line:
    """A row of words above or below a table; a note is as wide as people read, and wrapped."""

    cells: tuple[object, ...] = ()
    look: Literal["title", "subtitle", "heading", "pair", "note"] = "note"


@dataclass(frozen=True)
class Drawing:
    """How a sheet's table is drawn: what its chart is called, and what it shows in words."""

    plot: Plot
    title: str
    alt: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """What goes on a sheet."""

    name: str
    frame: pd.DataFrame
    above: tuple[Line, ...] = ()
    below: tuple[Line, ...] = ()
    widest: float = WIDEST
    drawing: Drawing | None = None
    filtered: bool = True


def filled(sheet: Worksheet, content: Sheet, guard: Guard) -> Rows:
    """Set up an empty worksheet for its content, and return that as rows of XML.

    Raises
    ------
    ValueError
        Where the table has more rows or columns than a sheet: a CSV file can hold it.
    """
    _must_fit(content)
    table = _table(content.frame, guard)
    header = len(content.above) + 1
    widths = _widths(content, table)
    below = max(header + table.length + 2, _draw(sheet, content, table, header))
    _dress(sheet, content, table, widths, below)
    across, _ = _span(widths)
    for at, line in [*enumerate(content.above, 1), *enumerate(content.below, below)]:
        if line.look == "note" and line.cells and across > 1:
            sheet.merged_cells.add(CellRange(min_row=at, max_row=at, min_col=1, max_col=across))
    return _rows(sheet, content, table, widths, below, guard)


def _must_fit(content: Sheet) -> None:
    levels = sum(level is not None for level in content.frame.index.names)
    levels = content.frame.index.nlevels if levels else 0
    beside = len(content.above) + (len(content.below) + 1 if content.below else 0)
    room = MOST_ROWS - 1 - beside
    for found, most, what in (
        (len(content.frame), room, "rows"),
        (content.frame.shape[1] + levels, MOST_COLUMNS, "columns"),
    ):
        if found > most:
            raise ValueError(
                f"“{content.name}” has {found:,} {what}, and a sheet of a workbook holds {most:,}: "
                "take a CSV file."
            )


@dataclass(frozen=True)
class _Table:
    """A frame as a sheet holds it: headers, columns, and how each looks."""

    headers: list[str]
    columns: list[pd.Series]
    looks: list[list[Look]]
    units: npt.NDArray[np.intp] | None
    length: int


def _table(frame: pd.DataFrame, guard: Guard) -> _Table:
    named = columns(frame, guard)
    headers = [header for header, _ in named]
    values = [column.reset_index(drop=True) for _, column in named]
    units = units_of(headers, values)
    looks = [
        looks_of(header, column, units) for header, column in zip(headers, values, strict=True)
    ]
    return _Table(headers, values, looks, units, len(frame) if named else 0)


# --- how a sheet looks ------------------------------------------------------------------------


def _widths(content: Sheet, table: _Table) -> list[float]:
    """Return widths that show each column whole, and what stands in pairs above it."""
    widths = [
        width_of(header, values, looks, content.widest)
        for header, values, looks in zip(table.headers, table.columns, table.looks, strict=True)
    ]
    pairs = pd.DataFrame([line.cells for line in content.above if line.look == "pair"])
    for at, (_, values) in enumerate(pairs.items()):
        width = width_of("", values, [Look()], content.widest)
        widths[at : at + 1] = [max(width, *widths[at : at + 1], 0.0)]
    return widths


def _dress(
    sheet: Worksheet, content: Sheet, table: _Table, widths: Sequence[float], below: int
) -> None:
    """Freeze the header, filter by it, fit the widths, and fit the paper."""
    header = len(content.above) + 1
    last = header + table.length
    end = below + len(content.below) - 1 if content.below else last
    for corner in ((1, 1), (end, max(len(widths), 1))):  # tell readers how large the sheet is
        sheet.cell(*corner)
    tall = any(line.look == "note" and line.cells for line in content.above)
    if content.filtered and not tall:  # what stays on the screen must leave room for the rest
        sheet.freeze_panes = f"A{header + 1}"
        sheet.print_title_rows = f"{header}:{header}"
    if content.filtered and table.headers:
        sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(table.headers))}{last}"
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0  # as many pages down as it takes
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = sheet.oddFooter
    if footer is not None and footer.left is not None and footer.right is not None:
        footer.left.text, footer.right.text = "&A", "&P / &N"


def _draw(sheet: Worksheet, content: Sheet, table: _Table, header: int) -> int:
    """Put charts beside the table, one below the other; return the first row below them."""
    if content.drawing is None:
        return 0
    row = header + 1  # the header is printed on every sheet of paper, a chart on one
    beside = get_column_letter(min(len(table.headers) + 2, MOST_COLUMNS))
    for chart in native_charts(
        content.drawing.plot, content.frame, table.headers, content.drawing.title,
        sheet.title, header, levels=len(table.headers) - content.frame.shape[1],
    ):  # fmt: skip
        sheet.add_chart(chart, f"{beside}{row}")
        row += math.ceil(chart.height / _ROW_OF_CHART) + 1
    return row


def _span(widths: Sequence[float]) -> tuple[int, float]:
    """Return over how many columns a note goes, and how many characters that holds."""
    held, at = 0.0, 0
    while held < _READABLE:
        held += widths[at] if at < len(widths) else _USUAL_WIDTH
        at += 1
    return at, held


# --- rows -------------------------------------------------------------------------------------


def _rows(
    sheet: Worksheet,
    content: Sheet,
    table: _Table,
    widths: Sequence[float],
    below: int,
    guard: Guard,
) -> Rows:
    """Yield the rows as XML: words, the header, the table a thousand rows at a time, words."""
    styles = Styles(sheet)
    letters = [get_column_letter(at) for at in range(1, len(table.headers) + 1)]
    columns_of_cells = [
        cells_of(values, looks, table.units, partial(styles.of, wrap=width >= WIDEST), guard)
        for values, looks, width in zip(table.columns, table.looks, widths, strict=False)
    ]
    header = len(content.above) + 1
    yield from _lines(content.above, 1, styles, widths, guard)
    words = [text_cell(said, styles.header) for said in table.headers]
    yield _row(header, letters, words, _tallest(table.headers, widths))
    rows = zip(zip(*columns_of_cells, strict=True), _lines_of(table, widths), strict=True)
    numbered = enumerate(rows, header + 1)
    while piece := "".join(
        _row(at, letters, cells, lines) for at, (cells, lines) in islice(numbered, _PIECE)
    ):
        yield piece
    yield from _lines(content.below, below, styles, widths, guard)


def _lines(
    lines: Sequence[Line], first: int, styles: Styles, widths: Sequence[float], guard: Guard
) -> Iterator[str]:
    for at, line in enumerate(lines, first):
        if not line.cells:
            continue
        letters = [get_column_letter(place) for place in range(1, len(line.cells) + 1)]
        cells = [_word(value, line.look, place, styles, guard)
                 for place, value in enumerate(line.cells)]  # fmt: skip
        room = [_span(widths)[1]] if line.look == "note" else widths
        taken = _tallest(list(map(str, line.cells)), room) if line.look in ("note", "pair") else 1
        yield _row(at, letters, cells, taken, _HEIGHTS.get(line.look, _LINE_HEIGHT))


def _tallest(texts: Sequence[str], widths: Sequence[float]) -> int:
    """Return how many lines a row of texts takes, each wrapped to its width."""
    return max(
        (
            sum(max(len(wrap(line, max(int(width), 1))), 1) for line in text.splitlines())
            for text, width in zip(texts, widths, strict=False)
        ),
        default=1,
    )


def _lines_of(table: _Table, widths: Sequence[float]) -> list[int]:
    """Return how many lines each row of a table takes, about, by its columns of long texts."""
    taken = np.ones(table.length, "intp")
    for values, width in zip(table.columns, widths, strict=False):
        if width >= WIDEST and not pd.api.types.is_numeric_dtype(values.dtype):
            letters = values.astype("str").str.len().fillna(0).to_numpy("float64")
            taken = np.maximum(taken, np.ceil(letters * _LOOSE / width).astype("intp"))
    return [int(lines) for lines in np.minimum(taken, _MOST_LINES)]


def _word(value: object, look: str, place: int, styles: Styles, guard: Guard) -> str:
    """Return one value of a line as a cell."""
    kind = "label" if look == "pair" and place == 0 else look
    held = pd.Series([value], dtype="object")
    return next(cells_of(held, [Look()], None, partial(styles.of, kind=kind), guard))


def _row(
    at: int,
    letters: Sequence[str],
    cells: Sequence[str],
    lines: int = 1,
    height: float = _LINE_HEIGHT,
) -> str:
    """Return a row; its height is said where not every program would find it."""
    held = "".join(
        f'<c r="{letter}{at}"{cell}' for letter, cell in zip(letters, cells, strict=True) if cell
    )
    tall = lines * height
    said = f' ht="{tall:g}" customHeight="1"' if tall > _LINE_HEIGHT else ""
    return f'<row r="{at}"{said}>{held}</row>'
