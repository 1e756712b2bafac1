"""Values and frames as HTML: text and numbers, and never anything that runs."""

from __future__ import annotations

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

MOST_ROWS = 50
MOST_COLUMNS = 20
_WIDE, _WIDEST = 7, 12  # columns from which a table is printed smaller


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
    <table><caption>By ward</caption>
    <thead><tr><th scope="col">Ward</th><th scope="col" class="number">Stays</th></tr></thead>
    <tbody>
    <tr><th scope="row">A</th><td class="number">1,200</td></tr>
    </tbody></table>
    """
    named = columns(frame, guarded)
    shown = named[:MOST_COLUMNS]
    headers = [header for header, _ in shown]
    values = [column.reset_index(drop=True) for _, column in shown]
    units = units_of(headers, values)
    most = len(frame) if rows is None else min(rows, len(frame))
    cells = []
    for header, column in zip(headers, values, strict=True):
        looks = looks_of(header, column, units)
        which = np.zeros(most, "intp") if units is None else units[:most]
        held = column.head(most).astype("object")
        cells.append([_cell(value, looks[look]) for value, look in zip(held, which, strict=True)])
    numeric = [any(number for _, number in column) for column in cells]
    size = "widest" if len(headers) > _WIDEST else "wide" if len(headers) > _WIDE else ""
    classes = " ".join(filter(None, (kind, size)))
    named_so = f' class="{classes}"' if classes else ""
    head = "".join(
        f'<th scope="col"{_NUMBER if right else ""}>{escape(printable(header)) or _NO_NAME}</th>'
        for header, right in zip(headers, numeric, strict=True)
    )
    body = "\n".join(_row(row) for row in zip(*cells, strict=True))
    said = caption + _cut(most, len(frame), len(shown), len(named))
    return (
        f"<table{named_so}><caption>{text(said)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
    )


_NUMBER = ' class="number"'
_NO_NAME = "(no name)"


def _cut(rows: int, of_rows: int, shown: int, of_columns: int) -> str:
    """Say what a table leaves out."""
    parts = []
    if rows < of_rows:
        parts.append(f"the first {rows:,} of {of_rows:,} rows")
    if shown < of_columns:
        parts.append(f"the first {shown:,} of {of_columns:,} columns")
    return f": {' and '.join(parts)}; the workbook holds all of them" if parts else ""


def _row(cells: tuple[tuple[str, bool], ...]) -> str:
    """Return a row, its first cell as the name of the row."""
    (first, number), *rest = cells
    held = f'<th scope="row"{_NUMBER if number else ""}>{first}</th>' if first else "<td></td>"
    return f"<tr>{held}" + "".join(
        f"<td{_NUMBER if right else ''}>{said}</td>" for said, right in rest
    ) + "</tr>"  # fmt: skip


def _cell(value: Any, look: Look) -> tuple[str, bool]:
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
