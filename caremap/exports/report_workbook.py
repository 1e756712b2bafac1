"""A report as a workbook: a cover, a sheet for each figure, definitions, notes."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from caremap.exports.guard import guard_of
from caremap.exports.native import drawn_rows
from caremap.exports.report import Page, Report, cover_rows, notes_of, table_of
from caremap.exports.sheet import Drawing, Line, Sheet
from caremap.exports.sheetnames import sheet_names
from caremap.exports.workbook import NOTE, workbook_of

__all__ = ["report_workbook"]

_RAW = (
    "Text values",
    "As they are in the data: text that looks like a formula is not marked. It is text here, and "
    "could run where a cell is typed again or a sheet is saved as CSV and opened.",
)
_NOTHING = "Nothing was noticed while the files were read."
_LONG, _WIDE = 25, 90  # rows of a table, and characters of its headers, that fill a screen


def report_workbook(report: Report, raw: bool = False) -> bytes:
    """Return a report as an Excel workbook (xlsx) that nothing runs from.

    Parameters
    ----------
    report
        The figures and what is said of them.
    raw
        Leave text as it is in the data, and say so on the cover.

    Returns
    -------
    bytes
        The same for the same report. A sheet "Cover" with the contents; a sheet for each page
        with its title, the table under a header that stays, notes below, and beside it, where
        the page says how, a chart that the program draws from the cells: of bars, columns and
        parts the first 30, and the sheet says so; "Definitions"; "Notes" with the findings. Cells
        are as in `caremap.exports.to_workbook`.

    Raises
    ------
    ValueError
        Where a table has more rows or columns than a sheet.

    Examples
    --------
    >>> import io
    >>> from openpyxl import load_workbook
    >>> wards = pd.DataFrame({"Ward": ["A", "B"], "Stays": [12, 30]})
    >>> page = Page("Stays by ward", "B admits most", "Stays, April 2024", wards)
    >>> report = Report("April", [("As of", "30 April 2024")], [page], pd.DataFrame(), (),
    ...                 pd.DataFrame())
    >>> load_workbook(io.BytesIO(report_workbook(report))).sheetnames
    ['Cover', 'Stays by ward', 'Notes']
    """
    pages = [_page(page) for page in report.pages]
    rest = [*([_definitions(report)] if len(report.definitions) else []), _notes(report)]
    names = sheet_names(["Cover", *(sheet.name for sheet in (*pages, *rest))])[1:]
    titles = [page.title for page in report.pages] + [sheet.name for sheet in rest]
    contents = pd.DataFrame({"Sheet": names, "What it shows": titles}, dtype="object")
    return workbook_of([_cover(report, contents, raw), *pages, *rest], guard_of(raw))


def _cover(report: Report, contents: pd.DataFrame, raw: bool) -> Sheet:
    pairs = [*cover_rows(report), *([_RAW] if raw else [])]
    lines = [Line((report.title,), "title"), Line(), *(Line(pair, "pair") for pair in pairs)]
    above = (*lines, Line(), Line(("Contents",), "heading"))
    return Sheet("Cover", contents, above, widest=NOTE, filtered=False)


def _page(page: Page) -> Sheet:
    table, notes = table_of(page), notes_of(page)
    drawing = None
    if page.plot is not None and drawn_rows(page.plot, table):
        drawing = Drawing(page.plot, page.title, page.alt)
    pointers = " ".join(_pointers(page, table, notes))
    return Sheet(
        page.name,
        table,
        above=(
            Line((page.title,), "title"),
            Line((page.subtitle,), "subtitle"),
            Line((pointers,) if pointers else (), "subtitle"),
        ),
        below=_below("Notes", notes),
        drawing=drawing,
    )


def _pointers(page: Page, table: pd.DataFrame, notes: list[str]) -> Iterator[str]:
    """Say what a screen does not show at once, and what the chart leaves out."""
    shown = drawn_rows(page.plot, table) if page.plot is not None else 0
    if shown and sum(len(str(name)) + 3 for name in table.columns) > _WIDE:
        yield "A chart stands to the right of the table."
    if 0 < shown < len(table):
        yield f"The chart shows the first {shown:,} of {len(table):,} rows."
    if notes and (shown or len(table) > _LONG):
        yield "Notes stand below."


def _below(title: str, notes: list[str]) -> tuple[Line, ...]:
    if not notes:
        return ()
    return (Line((title,), "heading"), *(Line((note,)) for note in notes))


def _definitions(report: Report) -> Sheet:
    above = (Line(("Definitions",), "title"), Line())
    return Sheet("Definitions", report.definitions, above)


def _notes(report: Report) -> Sheet:
    said = [*report.notes, *([] if len(report.findings) else [_NOTHING])]
    lines = [Line(("Notes",), "title"), *(Line((note,)) for note in said), Line()]
    if len(report.findings):
        lines.append(Line(("What was noticed while the files were read",), "heading"))
    return Sheet("Notes", report.findings, tuple(lines))
