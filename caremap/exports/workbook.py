"""Figure frames as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from openpyxl import Workbook

from caremap.exports.guard import Guard, guard_of
from caremap.exports.package import Rows, packed
from caremap.exports.sheet import Sheet, filled
from caremap.exports.sheetnames import sheet_names

__all__ = ["NOTE", "Notes", "to_workbook", "workbook_of"]

Notes = Mapping[str, object] | Sequence[tuple[str, object]] | pd.DataFrame
"""What is said about the sheets: one subject and text to a row."""

NOTE = 100  # width of a column of words, in characters


def to_workbook(
    sheets: Mapping[str, pd.DataFrame], notes: Notes | None = None, raw: bool = False
) -> bytes:
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
    raw
        Leave text as it is in the data. It is text all the same until somebody types it again or
        saves the sheet as CSV: say so where it is offered.

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
    frames = [Sheet(str(name), frame) for name, frame in sheets.items()]
    if notes is not None:
        frames.append(Sheet("Notes", _as_frame(notes), widest=NOTE))
    if not frames:
        raise ValueError("A workbook needs at least one sheet.")
    return workbook_of(frames, guard_of(raw))


def workbook_of(sheets: Sequence[Sheet], guard: Guard) -> bytes:
    """Return sheets as a workbook, each under a name a spreadsheet program takes."""
    book = Workbook()
    del book[book.active.title]  # type: ignore[union-attr]
    rows: dict[str, Rows] = {}
    said: dict[str, str] = {}
    for name, content in zip(sheet_names([one.name for one in sheets]), sheets, strict=True):
        sheet = book.create_sheet(name)
        rows[name] = filled(sheet, content, guard)
        if content.drawing is not None:
            said[name] = content.drawing.alt
    return packed(book, rows, said)


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
