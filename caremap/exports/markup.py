"""Values and frames as HTML: text and numbers, and never anything that runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from caremap.exports.cells import printable
from caremap.exports.guard import guarded
from caremap.exports.looks import Look, drawn, looks_of, units_of
from caremap.exports.values import columns, text_of

__all__ = ["MOST_ROWS", "html_table", "text"]

MOST_ROWS = 20
MOST_COLUMNS = 20
"""What a table shows at most: more are in the workbook."""
_WIDE, _WIDEST = 7, 12  # columns from which a table is printed smaller
_SHORT = 15  # rows that are printed on one sheet
_LONG = 25  # letters of a word that must be broken to fit
_NUMBER = ' class="number"'
_NO_NAME = "(no name)"

_Cell = tuple[str, bool]
"""A value as HTML, and whether it is a number."""


def text(said: object) -> str:
    """Return words as HTML that is read as just these words, also where it is pasted.

    A spreadsheet program opens HTML, and takes what is pasted from a browser, cell by cell: what
    could start a formula is guarded as in `caremap.exports.to_csv`.

    Examples
    --------
    >>> text("<b>A & B</b>"), text("=1+1")
    ('&lt;b&gt;A &amp; B&lt;/b&gt;', '&#x27;=1+1')
    """
    return escape(guarded(printable(str(said))), quote=True)


def html_table(
    frame: pd.DataFrame, caption: str, rows: int | None = MOST_ROWS, kind: str = ""
) -> str:
    """Return the top of a frame as a table that says how much of it there is.

    Parameters
    ----------
    frame
        Any frame.
    caption
        What it holds, in words.
    rows
        How many rows to show at most; all where it is None.
    kind
        A class for the style sheet.

    Examples
    --------
    >>> print(html_table(pd.DataFrame({"Ward": ["A"], "Stays": [1200]}), "By ward"))
    <table class="short"><caption>By ward</caption>
    <thead><tr><th scope="col">Ward</th><th scope="col" class="number">Stays</th></tr></thead>
    <tbody>
    <tr><th scope="row">A</th><td class="number">1,200</td></tr>
    </tbody></table>
    """
    named = columns(frame, guarded)
    headers = [header for header, _ in named[:MOST_COLUMNS]]
    most = len(frame) if rows is None else min(rows, len(frame))
    cells = _cells(headers, [values for _, values in named[:MOST_COLUMNS]], most)
    numeric = [any(number for _, number in column) for column in cells]
    head = "".join(
        f'<th scope="col"{_NUMBER if right else ""}>{escape(printable(header)) or _NO_NAME}</th>'
        for header, right in zip(headers, numeric, strict=True)
    )
    body = "\n".join(_row(row) for row in zip(*cells, strict=True))
    classes = " ".join(filter(None, [kind, *_sizes(cells, most)]))
    said = caption + _cut(most, len(frame), len(headers), len(named))
    return (
        f'<table class="{classes}"><caption>{text(said)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
    )


def _cells(headers: list[str], columns: list[pd.Series], most: int) -> list[list[_Cell]]:
    """Return the top of columns, cell by cell."""
    values = [column.reset_index(drop=True) for column in columns]
    units = units_of(headers, values)
    which = [0] * most if units is None else units[:most].tolist()
    cells = []
    for header, column in zip(headers, values, strict=True):
        looks = looks_of(header, column, units)
        held = column.head(most).astype("object")
        cells.append([_cell(value, looks[look]) for value, look in zip(held, which, strict=True)])
    return cells


def _sizes(cells: list[list[_Cell]], rows: int) -> Iterator[str]:
    """Yield what the style sheet must know to fit a table on paper."""
    if len(cells) > _WIDE:
        yield "widest" if len(cells) > _WIDEST else "wide"
    words = (word for column in cells for said, number in column if not number
             for word in said.split())  # fmt: skip
    if max(map(len, words), default=0) > _LONG:
        yield "long"
    if rows <= _SHORT:
        yield "short"


def _cut(rows: int, of_rows: int, shown: int, of_columns: int) -> str:
    """Say what a table leaves out."""
    parts = []
    if rows < of_rows:
        parts.append(f"the first {rows:,} of {of_rows:,} rows")
    if shown < of_columns:
        parts.append(f"the first {shown:,} of {of_columns:,} columns")
    return f": {' and '.join(parts)}; the workbook holds all of them" if parts else ""


def _row(cells: tuple[_Cell, ...]) -> str:
    """Return a row, its first cell as the name of the row."""
    (first, number), *rest = cells
    held = f'<th scope="row"{_NUMBER if number else ""}>{first}</th>' if first else "<td></td>"
    return f"<tr>{held}" + "".join(
        f"<td{_NUMBER if right else ''}>{said}</td>" for said, right in rest
    ) + "</tr>"  # fmt: skip


def _cell(value: Any, look: Look) -> _Cell:
    """Return a value as HTML, and whether it is a number; nothing stands where it is missing."""
    match value:
        case str():
            return text(value), False
        case bool() | np.bool_():
            return "yes" if value else "no", False
        case int() | np.integer():
            return drawn(int(value), look.whole), True
        case float() | np.floating() if np.isfinite(value):
            return drawn(float(value), look.number), True
        case Decimal() if value.is_finite():
            return f"{value:,f}", True
        case timedelta() if not pd.isna(value) and value >= timedelta(0):
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}", True
    return text(text_of(value, timed="h" in look.date)), False
