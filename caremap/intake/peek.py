"""The first rows of a sheet as they stand in the file, to choose sheet and header row by.

What would identify a person is masked before it leaves here: columns that intake leaves
out, and whatever stands below a cell that reads like the name of such a column, because
the header row may be the very thing that is not right yet.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from caremap.intake.headers import clean_text, words
from caremap.intake.privacy import personal_reason
from caremap.intake.profile import Profile
from caremap.intake.reading import Cell, Limits, Sheet, open_source
from caremap.intake.reading.source import gunzip, load
from caremap.problems import DataProblem
from caremap.schema import FIELDS

__all__ = ["MASK", "Peek", "letters_beyond_ascii", "peek"]

MASK = "•••"
LOOKED = 60
WIDEST = 40
LONGEST = 60
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"(?:\+|00)\d[\d ()/-]{7,}|\d{3}-\d{2}-\d{4}|\d{3} \d{3} \d{4}")


@dataclass(frozen=True)
class Peek:
    """The top of a sheet.

    Attributes
    ----------
    rows
        The first rows, item i is source row i + 1; every cell as text, all of one width.
    sheets
        Names of the sheets that can be chosen, hidden ones last; empty for text.
    wider
        How many columns there are beyond those shown.
    """

    rows: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...] = ()
    wider: int = 0


def peek(
    source: str | os.PathLike[str] | bytes,
    name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    rows: int = 12,
    hidden: Collection[str] = (),
    people: bool = True,
) -> Peek:
    r"""Return the first rows of a sheet as they stand, without what identifies people.

    Parameters
    ----------
    source, name, sheet, encoding, separator
        As in `caremap.open_file`; the first sheet where none is named.
    rows
        How many rows.
    hidden
        Headers of columns to mask, as `Loaded.columns` names them.
    people
        Whether rows may be people: then columns called “Name” or “MRN” are masked.

    Raises
    ------
    caremap.DataProblem
        The file cannot be read so, or has no such sheet.

    Examples
    --------
    >>> text = "Report\n\nPatient Name,Beds\nAda Byron,12\n"
    >>> peek(text.encode(), hidden={"Patient Name"}).rows[2:]
    (('Patient Name', 'Beds'), ('•••', '12'))
    """
    opened = open_source(source, name, encoding=encoding, separator=separator)
    every = (*opened.sheets, *opened.hidden)
    found = [one for one in every if sheet in (None, "", one.name)]
    if not found:
        raise DataProblem(f"“{opened.name}” has no sheet “{sheet}”.", "Choose one of its sheets.")
    texts, wider = _texts(found[0])
    names = tuple(one.name for one in every if one.name)
    return Peek(tuple(map(tuple, masked(texts, hidden, people)[:rows])), names, wider)


def masked(
    texts: Sequence[Sequence[str]], hidden: Collection[str] = (), people: bool = True
) -> list[list[str]]:
    """Return rows of one width with the cells of people’s columns masked.

    Examples
    --------
    >>> masked([["Ward", "Phone"], ["A", "030 123"], ["", ""]], (), people=True)
    [['Ward', 'Phone'], ['A', '•••'], ['', '']]
    """
    names = {re.sub(r" \(column \d+\)$", "", name).casefold() for name in hidden}
    places = {int(name[7:]) - 1 for name in hidden if re.fullmatch(r"Column \d+", name)}
    covered = set(places)
    result = []
    for row in texts:
        line = []
        for place, cell in enumerate(row):
            heads = cell.casefold() in names or (people and _heads_people(cell))
            if heads and place not in places:
                covered.add(place)
                line.append(cell)
            elif cell and (place in covered or _EMAIL.search(cell) or _NUMBER.fullmatch(cell)):
                line.append(MASK)
            else:
                line.append(cell)
        result.append(line)
    return result


_ABOVE = 20
"""Rows above the chosen names that are looked at for what to mask."""
_UNKNOWN = Profile(0, 0.0, 0.0, 0)
_CODES = frozenset(phrase for item in FIELDS.values() if item.personal for phrase in item.words)


def _heads_people(cell: str) -> bool:
    """Whether a cell reads like the name of a column that identifies people, or their stays."""
    if not cell:
        return False
    return words(cell) in _CODES or personal_reason(cell, _UNKNOWN, people=True) is not None


def letters_beyond_ascii(
    source: bytes, name: str, encodings: Sequence[str], separator: str | None = None,
    header_row: int = 1, rows: int = 4, hidden: Collection[str] = (), people: bool = True,
) -> dict[str, tuple[tuple[str, ...], ...]]:  # fmt: skip
    r"""Return the header and the first rows with letters beyond ASCII, read in each encoding.

    An encoding that does not fit these rows is left out. Columns to mask are found by place,
    because their names may be what is misread.

    Parameters
    ----------
    source, name
        The text file.
    encodings
        The encodings to try; the first one is the one the file is read in now.
    separator
        The separator it is read with.
    header_row
        Row of the column names, 0 for none.
    rows
        How many rows besides the header.
    hidden, people
        As in `peek`.

    Examples
    --------
    >>> data = "Ward,Town\nA,Köln\nB,Bonn\n".encode("cp1252")
    >>> letters_beyond_ascii(data, "wards.csv", ["Windows-1252", "DOS 850 (Western European)"])
    {'Windows-1252': (('Ward', 'Town'), ('A', 'Köln')),
     'DOS 850 (Western European)': (('Ward', 'Town'), ('A', 'K÷ln'))}
    """
    limits = Limits()
    data = load(source, name, limits)
    if data.startswith(b"\x1f\x8b"):
        data = gunzip(data, name, limits)
    lines = data[: 1 << 22].splitlines(keepends=True)
    # Rows above may be the true names: they say what to mask where the wrong row was chosen.
    head = lines[max(header_row - _ABOVE, 0) : header_row]
    telling = [line for line in lines[header_row:] if not line.isascii()][:rows]
    sample = b"".join([*head, *telling])
    result: dict[str, tuple[tuple[str, ...], ...]] = {}
    count = len(telling) + bool(head)
    cover: list[set[int]] | None = None
    for encoding in encodings:
        try:
            opened = open_source(sample, name, encoding=encoding, separator=separator)
        except DataProblem:
            continue
        texts, _ = _texts(opened.sheets[0])
        safe = masked(texts, hidden, people)[-count:]
        if cover is None:
            whole = {place for row in safe for place, cell in enumerate(row) if cell == MASK}
            names = {place for place, cell in enumerate(safe[0]) if cell == MASK}
            cover = [names if head else whole, *[whole] * (count - 1)]
        shown = [
            [MASK if place in covered and cell else cell for place, cell in enumerate(row)]
            for covered, row in zip(cover, safe, strict=False)
        ]
        result[encoding] = tuple(map(tuple, shown))
    return result


def _texts(sheet: Sheet) -> tuple[list[list[str]], int]:
    """The first rows as text, all of one width, and how many columns are beyond it."""
    head = sheet.head(LOOKED)
    width = max(map(len, head), default=0)
    shown = min(width, WIDEST)
    texts = [[_text(cell) for cell in row[:shown]] for row in head]
    return [[*row, *[""] * (shown - len(row))] for row in texts], width - shown


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    text = clean_text(str(cell))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
