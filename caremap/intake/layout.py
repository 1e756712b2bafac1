"""Where the table stands on the sheet: title lines above, header rows, columns.

Hospital exports begin with a report title, a run date, a blank line; some have the
header on two rows. The header is the first row from which on the rows below look like
data: filled to the same width, and other than the header itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from caremap.intake.dateheaders import read_levels
from caremap.intake.dates import MONTHS
from caremap.intake.headers import clean_text, unique_headers, words

__all__ = ["Cell", "Layout", "cell_text", "dates_across", "find_layout"]

Cell = object
Merged = tuple[int, int, int, int]
TITLE = 80
"""A name of a group of columns is no longer than this; a longer text is a title."""

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
    levels
        Per column the names it has on each row of the header, group names first.
    titles
        What the rows above the header say, cell by cell.
    """

    header_row: int
    first_row: int
    headers: tuple[str, ...]
    above: tuple[int, ...]
    levels: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    titles: tuple[str, ...] = field(default=(), repr=False)


def find_layout(
    head: Sequence[Sequence[Cell]],
    header_row: int | None = None,
    merged: Sequence[Merged] = (),
) -> Layout | None:
    """Find the header among the first rows of a sheet.

    Parameters
    ----------
    head
        The first rows as they stand.
    header_row
        The row the user says is the header (from 1), 0 for a table that has none, or None to
        look for it.
    merged
        Merged ranges of the sheet: they say how far a group name reaches.

    Returns
    -------
    Layout or None
        None where the sheet has no cell with anything in it.

    Examples
    --------
    >>> find_layout([["Report"], [], ["Ward", "Beds"], ["A", "12"], ["B", "9"]])
    Layout(header_row=3, first_row=4, headers=('Ward', 'Beds'), above=(1,))
    """
    rows = [[cell_text(cell) for cell in row] for row in head]
    filled = [index for index, row in enumerate(rows) if any(row)]
    if not filled:
        return None
    if header_row == 0:
        return _unnamed(rows, filled[0])
    start = header_row - 1 if header_row else _header_index(rows, filled)
    if start >= len(rows):
        return None
    if not header_row and _no_header(rows, start):
        return _unnamed(rows, filled[0])
    height = 1
    if not header_row:
        start, height = _span(rows, start, merged)
    levels = _levels(rows, start, height, merged)
    width = max(len(levels), _usual_width(rows[start + height :]))
    levels += [("",) * height] * (width - len(levels))
    while len(levels) > 1 and not any(levels[-1]):
        if _column_filled(rows, start, len(levels) - 1):
            break
        levels = levels[:-1]
    above = tuple(index + 1 for index in filled if index < start)
    headers = unique_headers([_joined(names) or None for names in levels])
    titles = tuple(cell for index in above for cell in rows[index - 1] if cell)
    return Layout(start + 1, start + height + 1, tuple(headers), above, tuple(levels), titles)


def _unnamed(rows: list[list[str]], first: int) -> Layout:
    """A table without a header: columns are called by their place."""
    width = max(len(row) for row in rows)
    names = tuple(f"Column {place}" for place in range(1, width + 1))
    return Layout(0, first + 1, names, ())


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
    stamps = read_levels([(name,) for name in names])
    dates = {
        name for name, stamp in zip(names, stamps, strict=True)
        if _DATE.match(name) or (stamp and stamp.dated and not stamp.rest)
    }  # fmt: skip
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
        and sum(1 for row in below if place < len(row) and _alike(cell, row[place]))
        >= 0.8 * len(below)
    )
    return alike > 0 and alike >= 0.5 * len(numeric)


def _alike(cell: str, other: str) -> bool:
    """Whether a number stands below a number, a date below a date."""
    return bool(_NUMBER.match(other)) and bool(_DATE.match(cell)) == bool(_DATE.match(other))


def _looks_like_name(cell: str) -> bool:
    """A bare year heads a column as often as it stands in one."""
    return bool(re.fullmatch(r"(?:19|20)\d{2}", cell))


def _span(rows: list[list[str]], start: int, merged: Sequence[Merged]) -> tuple[int, int]:
    """First row of the header and how many rows it has, group names included."""
    last = start
    while last - start < 2 and _groups(rows, last, merged):
        last += 1
    while start and last - start < 2 and _groups(rows, start - 1, merged, last):
        start -= 1
    return start, last - start + 1


def _groups(
    rows: list[list[str]], place: int, merged: Sequence[Merged], last: int | None = None
) -> bool:
    """Whether a row names groups of the columns that the row below it names.

    ``last`` is the last row of the header where that is known.
    """
    last = place + 1 if last is None else last
    if last + 1 >= len(rows):
        return False
    first, second, third = rows[place], rows[place + 1], rows[last + 1]
    names, named = [cell for cell in first if cell], [cell for cell in second if cell]
    if not names or not named or any(len(cell) > TITLE for cell in names):
        return False
    # Years above months and dates above counts name groups; any other number is data, and a
    # single date stands beside “Run on”.
    dates = [cell for cell in names if _NUMBER.match(cell)]
    if not all(_DATE.match(cell) or _looks_like_name(cell) for cell in dates):
        return False
    if min(len(names), len(dates) or 2) == 1 and not _reaches(first, place, merged):
        return False
    wordy = all(not _NUMBER.match(cell) or _DATE.match(cell) for cell in named)
    data = any(_NUMBER.match(cell) for cell in third if cell)
    gaps = any(not cell for cell in first[1:]) or len(first) < len(second)
    short = len(names) < len(named) or not first[0]
    dated = len(names) > len(set(names)) and dates_across(names)
    if not (wordy and data and ((gaps and short) or dated)):
        return False
    return last > place + 1 or not _repeats(second, rows[last + 1 :])


def _reaches(row: list[str], place: int, merged: Sequence[Merged]) -> bool:
    """Whether the only name of a row is merged over columns, but not over the first one."""
    column = next(index for index, cell in enumerate(row) if cell)
    return column > 0 and any(
        top == place and left == column and right > left for top, left, _, right in merged
    )


def _repeats(row: list[str], below: list[list[str]]) -> bool:
    """Whether cells of the row come again further down: then it is data."""
    cells = {cell.casefold() for cell in row if cell}
    return any(cell and cell.casefold() in cells for other in below[:30] for cell in other)


def _levels(
    rows: list[list[str]], start: int, height: int, merged: Sequence[Merged]
) -> list[tuple[str, ...]]:
    """The names of every column, group names carried over the columns they span.

    A merged name reaches as far as its merge, any other one up to the next name, or to
    where the group above it ends.
    """
    header = rows[start : start + height]
    width = max(len(row) for row in header)
    spread: list[list[str]] = []
    for index, row in enumerate(header):
        cells = [*row, *[""] * (width - len(row))]
        reach = {left: right for top, left, _, right in merged if top == start + index}
        group, end, over = "", width, ""
        for place, cell in enumerate(cells):
            above = spread[-1][place] if spread else ""
            if cell or above != over or place > end:
                group = cell
                end = reach.get(place, width if index < height - 1 else place)
            over = above
            below = any(place < len(low) and low[place] for low in header[index + 1 :])
            if below or end < width:
                cells[place] = group
        spread.append(cells)
    return list(zip(*spread, strict=True))


def _joined(names: Sequence[str]) -> str:
    """The names of a column on all rows of the header, one after the other."""
    return " ".join(dict.fromkeys(name for name in names if name))


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


def cell_text(cell: Cell) -> str:
    """Return a cell of the head as text; a date without a time as YYYY-MM-DD."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean_text(str(cell))
