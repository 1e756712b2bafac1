"""Where the table stands on the sheet: title lines above, header rows, columns.

Hospital exports begin with a report title, a run date, a blank line; some have the
header on two rows. The header is the first row from which on the rows below look like
data: filled to the same width, and other than the header itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from caremap.intake.dates import MONTHS
from caremap.intake.headers import clean_text, unique_headers, words

__all__ = ["Layout", "dates_across", "find_layout"]

Cell = object
_DATE = re.compile(r"^\d{4}-\d{1,2}(-\d{1,2}.*)?$|^\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})$")
_NUMBER = re.compile(r"^[\s$€£(+-]*\d[\d.,\s:/T%-]*\)?[+-]?$")


@dataclass(frozen=True)
class Layout:
    """Where the table stands.

    Attributes
    ----------
    header_row
        First row of the header, counted from 1; 0 where the table has none.
    first_row
        First row of data, counted from 1.
    headers
        One unique name per column, as typed.
    above
        Non-empty rows above the header (titles, run dates), counted from 1.
    """

    header_row: int
    first_row: int
    headers: tuple[str, ...]
    above: tuple[int, ...]


def find_layout(head: Sequence[Sequence[Cell]], header_row: int | None = None) -> Layout | None:
    """Find the header among the first rows of a sheet.

    Parameters
    ----------
    head
        The first rows as they stand.
    header_row
        The row the user says is the header (from 1), or None to look for it.

    Returns
    -------
    Layout or None
        None where the sheet has no cell with anything in it.

    Examples
    --------
    >>> find_layout([["Report"], [], ["Ward", "Beds"], ["A", "12"], ["B", "9"]])
    Layout(header_row=3, first_row=4, headers=('Ward', 'Beds'), above=(1,))
    """
    rows = [[_content(cell) for cell in row] for row in head]
    filled = [index for index, row in enumerate(rows) if any(row)]
    if not filled:
        return None
    start = header_row - 1 if header_row else _header_index(rows, filled)
    if start >= len(rows):
        return None
    if not header_row and _no_header(rows, start):
        width = max(len(row) for row in rows)
        names = tuple(f"Column {place}" for place in range(1, width + 1))
        return Layout(0, filled[0] + 1, names, ())
    if not header_row and _groups_above(rows, start):
        start -= 1
    height = _header_height(rows, start) if not header_row else 1
    cells = rows[start] if height == 1 else _joined(rows[start], rows[start + 1])
    width = max(len(cells), _usual_width(rows[start + height :]))
    cells = [*cells, *[""] * (width - len(cells))]
    while len(cells) > 1 and not cells[-1] and not _column_filled(rows, start, len(cells) - 1):
        cells = cells[:-1]
    above = tuple(index + 1 for index in filled if index < start)
    headers = unique_headers([cell or None for cell in cells])
    return Layout(start + 1, start + height + 1, tuple(headers), above)


def _header_index(rows: list[list[str]], filled: list[int]) -> int:
    """The best header: wide, made of different words, with data of its width below."""
    best, best_score = filled[0], -1.0
    widths = [sum(map(bool, row)) for row in rows]
    widest = max(widths)
    for index in filled[:40]:
        row = rows[index]
        names = [cell for cell in row if cell]
        if not names:
            continue
        below = [widths[later] for later in filled if later > index][:20]
        typical = sorted(below)[len(below) // 2] if below else 0
        across = dates_across(names)
        words = sum(across or not _NUMBER.match(cell) for cell in names) / len(names)
        different = len({name.casefold() for name in names}) / len(names)
        breadth = len(names) / max(widest, 1)
        match = min(len(names), typical) / max(len(names), typical, 1) if below else 0.3
        score = 2 * breadth + words * 2 + different + match - 0.02 * index
        if score > best_score + 0.15:
            best, best_score = index, score
    return best


def dates_across(names: Sequence[str]) -> bool:
    """Whether dates or months run across a header: a cross-tab, not one row per date.

    Examples
    --------
    >>> dates_across(["Ward", "2024-01-01", "2024-01-02", "2024-01-03"])
    True
    >>> dates_across(["Dept", "Jan Adm", "Jan Dis", "Feb Adm", "Feb Dis"])
    True
    >>> dates_across(["Ward", "Admission date", "May admit"])
    False
    """
    dates = {name for name in names if _DATE.match(name)}
    months = [words(name).split() for name in names]
    named = {part for parts in months for part in parts if MONTHS.get(part) and len(part) > 2}
    monthly = sum(bool(set(parts) & named) for parts in months)
    rows = len(names)
    return len(dates) >= max(3, rows / 2) or (len(named) >= 2 and monthly >= max(3, rows / 2))


def _no_header(rows: list[list[str]], start: int) -> bool:
    """Whether the first row is data itself: numbers where numbers stand below."""
    names = rows[start]
    if dates_across([cell for cell in names if cell]):
        return False
    numeric = [bool(_NUMBER.match(cell)) for cell in names if cell]
    if len(numeric) < 2 or not any(numeric):
        return False
    below = [row for row in rows[start + 1 : start + 21] if any(row)]
    alike = sum(
        1
        for place, cell in enumerate(names)
        if cell
        and _NUMBER.match(cell)
        and not _looks_like_name(cell)
        and below
        and sum(1 for row in below if place < len(row) and _NUMBER.match(row[place]))
        >= 0.8 * len(below)
    )
    return alike > 0 and alike >= 0.5 * len(numeric)


def _looks_like_name(cell: str) -> bool:
    """A bare year heads a column as often as it stands in one."""
    return bool(re.fullmatch(r"(?:19|20)\d{2}", cell))


def _groups_above(rows: list[list[str]], start: int) -> bool:
    """Whether the row right above names groups of columns: several words, with gaps."""
    if start == 0:
        return False
    names = [cell for cell in rows[start - 1] if cell]
    return (
        2 <= len(names) < sum(map(bool, rows[start]))
        and not any(_NUMBER.match(cell) for cell in names)
        and _header_height(rows, start - 1) == 2
    )


def _header_height(rows: list[list[str]], start: int) -> int:
    """Two where a row of group names with gaps stands above a full row of names."""
    if start + 2 >= len(rows):
        return 1
    first, second, third = rows[start], rows[start + 1], rows[start + 2]
    gaps = any(not cell for cell in first[1:])
    named = [cell for cell in second if cell]
    if not gaps or not named:
        return 1
    wordy = all(not _NUMBER.match(cell) for cell in named)
    data = any(_NUMBER.match(cell) for cell in third if cell)
    short = sum(map(bool, first)) < sum(map(bool, second)) or not first[0]
    return 2 if wordy and data and short and not _repeats(second, rows[start + 2 :]) else 1


def _repeats(row: list[str], below: list[list[str]]) -> bool:
    """Whether cells of the row come again further down: then it is data."""
    cells = {cell.casefold() for cell in row if cell}
    return any(cell and cell.casefold() in cells for other in below[:30] for cell in other)


def _joined(first: list[str], second: list[str]) -> list[str]:
    """Group names carried over the columns they span, before the names below."""
    width = max(len(first), len(second))
    group, joined = "", []
    for place in range(width):
        above = first[place] if place < len(first) else ""
        group = above or group
        below = second[place] if place < len(second) else ""
        joined.append(f"{group} {below}".strip() if below else above)
    return joined


def _usual_width(rows: list[list[str]]) -> int:
    """The width most rows have, so that one long row does not widen the table."""
    widths = sorted(
        max((place + 1 for place, cell in enumerate(row) if cell), default=0)
        for row in rows
        if any(row)
    )
    return widths[len(widths) // 2] if widths else 0


def _column_filled(rows: list[list[str]], start: int, place: int) -> bool:
    return any(place < len(row) and row[place] for row in rows[start + 1 :])


def _content(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()
    return clean_text(str(cell))
