"""Several tables on one sheet, below one another or side by side, told apart.

An ordinary table has blank rows, headings, subtotals and footnotes, too. A second table is
only believed where a header of words stands after a blank row or column, with data of its
own below, and where its names are known or a title of its own stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa

from caremap.intake.cells import as_array, text_of
from caremap.intake.headers import words
from caremap.intake.layout import Layout, cell_text, dates_across, find_layout
from caremap.intake.matching import name_score
from caremap.intake.reading import Body, Sheet
from caremap.intake.setaside import header_rows, is_total
from caremap.intake.shapes.parts import Box, Part, part_of
from caremap.schema import FIELDS

__all__ = ["tables_on"]

BLOCKS = 300
"""Blank rows looked at; a table with more of them is one with blank rows in it."""
PEEK = 12
"""Rows of a block that are looked at."""
_DATA = re.compile(
    r"^[\s$€£(+-]*\d[\d.,\s:/T%-]*\)?[+-]?$|^\d{1,2}[-\s][^\W\d]{3,9}[-\s]\d{2,4}$|"
    r"^[^\W\d]{3,9}[-\s]\d{2,4}$|^\d{4}[-\s]?[QWK]+\d+$"
)
_COUNT = re.compile(r"[\d.,\s%]+")
_NOTE = re.compile(r"^\s*(?:\*|†|note|source|quelle|fuente|fonte|anmerkung|nota|remark)", re.I)

Rows = list[list[str]]


def tables_on(sheet: Sheet, layout: Layout, body: Body) -> list[Part]:
    """Return the tables of a sheet where it has several, else nothing.

    Parameters
    ----------
    sheet
        The sheet.
    layout, body
        Its table as it looks when there is only one.
    """
    if not len(body.source_rows):
        return []
    below = _stacked(sheet, layout, body)
    boxes: list[Box] = []
    for box in below or [Box()]:
        boxes += _beside(sheet, box, body) or [box]
    if len(boxes) < 2:
        return []
    return [part_of(sheet, box, number) for number, box in enumerate(boxes, start=1)]


def _stacked(sheet: Sheet, layout: Layout, body: Body) -> list[Box]:
    """Tables below one another, with blank rows between them."""
    blocks = _blocks_above(sheet, layout) + [layout.header_row or layout.first_row]
    starts = list(blocks)
    gaps: list[int] = []
    if body.blank_rows:
        gaps = (np.flatnonzero(np.diff(body.source_rows) > 1) + 1).tolist()
    begins = sorted({*gaps, *_titles_of_repeats(layout, body)})
    if 0 < len(begins) <= BLOCKS:
        starts += _starts_below(layout, body, begins)
    if len(starts) < 2:
        return []
    starts[0] = 1
    ends = [start - 1 for start in starts[1:]]
    return [Box(start, end) for start, end in zip(starts, [*ends, None], strict=True)]


def _titles_of_repeats(layout: Layout, body: Body) -> list[int]:
    """Rows of a single cell right above the header repeated: titles of further tables.

    “Discharges” above the same months as “Admissions” begins another table even where no
    blank row stands between them.
    """
    columns = [as_array(column) for column in body.columns]
    found = []
    for row in np.flatnonzero(header_rows(columns, layout.headers))[:BLOCKS].tolist():
        begin = row
        while begin and row - begin < 3 and sum(
            column[begin - 1].is_valid for column in columns
        ) == 1:  # fmt: skip
            begin -= 1
        if begin < row:
            found.append(begin)
    return found


def _blocks_above(sheet: Sheet, layout: Layout) -> list[int]:
    """First rows of the tables that stand above the one that was found."""
    if len(layout.above) < 3:
        return []
    rows = [[cell_text(cell) for cell in row] for row in sheet.head()[: layout.header_row - 1]]
    starts = [
        row for row in layout.above
        if row == 1 or not any(rows[row - 2])
    ]  # fmt: skip
    found, titled = [], None
    for start, end in zip(starts, [*starts[1:], layout.header_row], strict=True):
        block = [row for row in rows[start - 1 : end - 1] if any(row)]
        if all(sum(map(bool, row)) == 1 for row in block):
            titled = start if titled is None else titled
            continue
        header = _header_of(block, own_title=titled is not None)
        if header is not None and len(block) - header >= 3:
            found.append(start if titled is None else titled)
        titled = None
    return found


def _starts_below(layout: Layout, body: Body, gaps: Sequence[int]) -> list[int]:
    """Source rows in which further tables begin, their titles included."""
    columns = [as_array(column) for column in body.columns]
    current = _names(layout.headers)
    data = _data_places(columns, 0, gaps[0])
    starts: list[int] = []
    titled: int | None = None
    for begin, end in zip(gaps, [*gaps[1:], len(body.source_rows)], strict=True):
        block = _block(columns, body, begin, min(end, begin + PEEK))
        single = all(sum(map(bool, row)) == 1 for row in block)
        if single and end - begin <= 3 and not _NOTE.match("".join(block[-1])):
            titled = begin
            continue
        title = titled if titled is not None else begin
        own = titled is not None or sum(map(bool, block[0])) == 1
        header = None if single else _header_of(block, own)
        if header is not None:
            names = _names(block[header])
            again = names == current or (dates_across(names) and dates_across(current))
            if not (again or _unlike(block[header], data, columns, begin)):
                titled = None
                continue
            if own or names != current:
                starts.append(int(body.source_rows[title]))
                current = names
                data = _data_places(columns, begin + header + 1, end)
        titled = None
    return starts


def _block(columns: Sequence[pa.Array], body: Body, begin: int, end: int) -> Rows:
    """The cells of a few rows as text, surplus ones included."""
    texts = [text_of(column.slice(begin, end - begin)).to_pylist() for column in columns]
    rows = [[cell or "" for cell in row] for row in zip(*texts, strict=True)]
    for place, row in enumerate(rows):
        row += body.extra.get(int(body.source_rows[begin + place]), [])
    return rows


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.casefold() for cell in cells if cell)


def _data_places(columns: Sequence[pa.Array], begin: int, end: int) -> set[int]:
    """Places of the columns that hold numbers or dates in some rows."""
    found = set()
    for place, column in enumerate(columns):
        cells = [cell for cell in text_of(column.slice(begin, min(end - begin, 40))).to_pylist()
                 if cell]  # fmt: skip
        if cells and sum(bool(_DATA.match(cell)) for cell in cells) >= 0.8 * len(cells):
            found.add(place)
    return found


def _unlike(
    header: Sequence[str], data: set[int], columns: Sequence[pa.Array], begin: int
) -> bool:  # fmt: skip
    """Whether a row cannot be one more row of the table above: words where numbers stood."""
    named = {place for place, cell in enumerate(header) if cell and not _DATA.match(cell)}
    beyond = {place for place, cell in enumerate(header) if cell and (place >= len(columns)
              or columns[place].slice(0, begin).null_count == begin)}  # fmt: skip
    return bool(named & data or beyond)


def _header_of(block: Rows, own_title: bool) -> int | None:
    """The place of a header among the first rows of a block, or None where it has none."""
    place = 0
    while place < len(block) - 1 and sum(map(bool, block[place])) == 1 and place < 4:
        place += 1
        own_title = True
    if place >= len(block) - 1:
        return None
    header, below = block[place], block[place + 1 :]
    names = [cell for cell in header if cell]
    across = dates_across(names)
    if len(names) < 2 or any(len(cell) > 60 for cell in names) or is_total(names[0]):
        return None
    if any(_DATA.match(cell) for cell in names) and not across:
        return None
    if len({cell.casefold() for cell in names}) < len(names):
        return None
    span = [index for index, cell in enumerate(header) if cell]
    if span[-1] - span[0] + 1 > len(span) + 1:  # gaps: a row of a table, not its header
        return None
    if not any(_holds_data(below, index) for index in span):
        return None
    known = sum(any(name_score(cell, item) >= 0.55 for item in FIELDS.values()) for cell in names)
    believed = (own_title and len(names) >= 3) or known >= (2 if len(names) == 2 else 1) or across
    return place if believed else None


def _holds_data(rows: Rows, place: int) -> bool:
    cells = [row[place] for row in rows if place < len(row) and row[place]]
    return bool(cells) and sum(bool(_DATA.match(cell)) for cell in cells) >= 0.8 * len(cells)


def _beside(sheet: Sheet, box: Box, body: Body) -> list[Box]:
    """Tables side by side, with an empty column between them."""
    if box == Box() and not any(column.null_count == len(column) for column in body.columns):
        return []
    head = [[cell_text(cell) for cell in row] for row in Part(sheet, box, "").head()]
    width = max((len(row) for row in head), default=0)
    used = [place for place in range(width) if any(place < len(row) and row[place] for row in head)]
    bands = _bands(used)
    if len(bands) < 2:
        return []
    rows = pa.array([box.holds(row) for row in body.source_rows.tolist()])
    for (_, end), (begin, _) in pairwise(bands):
        for column in body.columns[end + 1 : begin]:
            filled = as_array(column).filter(rows)
            if filled.null_count < len(filled):  # only empty so far
                return []
    found = []
    for left, right in bands:
        one = find_layout(Part(sheet, Box(box.top, box.bottom, left, right), "").head())
        if one is None or right == left or not one.header_row:
            return []
        data = [row[left : right + 1] for row in head[one.first_row - 1 :]]
        data = [row for row in data if any(row)]
        if not data or sum(not name.startswith("Column ") for name in one.headers) < 2:
            return []
        found.append((left, one, data))
    return _separate(box, found)


def _bands(places: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of successive columns."""
    bands: list[tuple[int, int]] = []
    for place in places:
        if bands and place == bands[-1][1] + 1:
            bands[-1] = (bands[-1][0], place)
        else:
            bands.append((place, place))
    return bands


def _separate(box: Box, bands: Sequence[tuple[int, Layout, Rows]]) -> list[Box]:
    """The bands as tables of their own, where they are no spaced-out single table."""
    _, first, rows_of_first = bands[0]
    known = {words(name) for name in first.headers}
    for index, (_, one, rows) in enumerate(bands):
        # A table of its own has a key of its own: words or dates, no counts.
        key = [row[0] for row in rows if row[0]]
        if not key or all(_COUNT.fullmatch(cell) for cell in key):
            return []
        if not any(_holds_data(rows, place) for place in range(len(one.headers))):
            return []
        alike = bool(known & {words(name) for name in one.headers})
        apart = one.header_row != first.header_row or len(rows) != len(rows_of_first)
        if index and not (alike or apart):
            return []
    rights = [left - 1 for left, *_ in bands[1:]]
    return [
        Box(box.top, box.bottom, left, end)
        for (left, *_), end in zip(bands, [*rights, None], strict=True)
    ]
