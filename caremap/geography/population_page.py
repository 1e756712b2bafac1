"""What a web page says of the people of ZIP codes: read by what cells are, never by row number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from caremap.geography.zips import zip_code
from caremap.problems import DataProblem

if TYPE_CHECKING:
    from bs4 import Tag

__all__ = ["read_page"]

_CODE = r"\d{5}(?:-\d{4})?"
_CODES = re.compile(  # one or several, perhaps with the name of a town; no other number
    rf"(?:zip(?: codes?)?:? )?({_CODE}(?: ?(?:,|;|/|&|\band\b| ) ?{_CODE})*)(?!\w)\D*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+")
_BETWEEN = re.compile(r"\s*(?:;|/|&|\band\b|, |\s)\s*")
_NOTE_MARKS = re.compile(r"\s*(?:[*†‡§]+|\[\w{1,2}\])$")
_POPULATION = ("population", "people", "residents", "inhabitants")
_WIDEST = 50  # columns: more is not a table for people


def read_page(page: bytes | str) -> pd.DataFrame:
    """Return the population of every ZIP code a page lists.

    Parameters
    ----------
    page
        HTML with a table of a ZIP code and a population in each row, such as those of
        ``www.washington-demographics.com/zip_codes_by_population``.

    Returns
    -------
    pandas.DataFrame
        ``zip`` (text of five digits, each once, in the order of the page) and ``population``
        (Int64; missing where the page gives none, or one number for several ZIP codes whose
        ranks are not tied, which may be their sum).

    Raises
    ------
    caremap.DataProblem
        Where the page has no such table.

    Examples
    --------
    >>> read_page('''<table><tr><th>Rank</th><th>Zip Code</th><th>Population</th></tr>
    ...   <tr><td>1</td><td>98052</td><td>81,543</td></tr>
    ...   <tr><td>2 TIE</td><td>98007 and 98290</td><td>27,571</td></tr>
    ...   <tr><td colspan="3">United States Census Bureau, 2018.</td></tr></table>''')
         zip  population
    0  98052       81543
    1  98007       27571
    2  98290       27571
    """
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    try:
        soup = BeautifulSoup(page, "html.parser")
    except (ParserRejectedMarkup, RecursionError) as error:
        raise _no_table() from error
    for mark in soup.find_all(["sup", "script", "style"]):  # 27,571¹ is not 275,711
        mark.decompose()
    tables = [_read(_grid(table)) for table in soup.find_all("table")]
    # the longest table is the one the page is about; a shorter one may only add to it
    rows = [row for table in sorted(tables, key=len, reverse=True) for row in table]
    if not rows:
        raise _no_table()
    known: dict[str, int | None] = {}
    for code, people in rows:
        if known.get(code) is None:
            known[code] = people
    return pd.DataFrame(
        {
            "zip": pd.Series([*known], dtype="str"),
            "population": pd.Series([*known.values()], dtype="Int64"),
        }
    )


def _no_table() -> DataProblem:
    return DataProblem(
        "The page holds no table of ZIP codes and their population.",
        "It may have changed. Upload a table with the columns “zip” and “population” instead.",
    )


class _Cell(NamedTuple):
    text: str
    merged: bool = False  # with a cell of another row


def _read(grid: list[list[_Cell]]) -> list[tuple[str, int | None]]:
    """Return ZIP codes and people of a table; nothing where it is about something else."""
    columns = _columns(grid)
    if columns is None:
        return []
    codes_at, people_at, rank_at = columns
    found: list[tuple[str, int | None]] = []
    for row in grid:
        codes = _codes(row[codes_at].text)
        rank, given = row[rank_at], row[people_at] if people_at is not None else _Cell("")
        tied = rank.merged or "tie" in rank.text.casefold()
        people = _people(given.text, len(codes))
        if len(people) == 1 and tied:
            people = people * len(codes)
        if len(people) != len(codes) or (given.merged and not tied):
            people = [None] * len(codes)  # one number for several: of all, or of each
        found += zip(codes, people, strict=True)
    return found


def _columns(grid: list[list[_Cell]]) -> tuple[int, int | None, int] | None:
    """Return where ZIP codes, people and ranks are: by the header, or else by what cells hold."""
    width = max((len(row) for row in grid), default=0)
    for row in grid:
        row.extend([_Cell("")] * (width - len(row)))
    holding = [sum(bool(_codes(row[at].text)) for row in grid) for at in range(width)]
    if not any(holding):
        return None
    header = _header(grid)
    named = _named(header, "zip")
    codes_at = max(named or range(width), key=lambda at: holding[at])
    people = [at for at in _named(header, *_POPULATION) if at != codes_at]
    if not header and any(_named(row, *_POPULATION) for row in grid):
        return None  # the people of something else: 98104 of them live in Seattle
    if not header:  # the last column that holds nothing but numbers beside ZIP codes
        rows = [row for row in grid if _codes(row[codes_at].text)]
        people = [
            at
            for at in range(codes_at + 1, width)
            if all(row[at].text == "" or None not in _people(row[at].text, 1) for row in rows)
        ][-1:]
    ranks = _named(header, "rank")
    return codes_at, people[0] if people else None, ranks[0] if ranks else 0


def _header(grid: list[list[_Cell]]) -> list[_Cell]:
    """Return the row that names ZIP codes and, if there is one, people too."""
    rows = [row for row in grid if _named(row, "zip") and not any(_codes(one.text) for one in row)]
    return next((row for row in rows if _named(row, *_POPULATION)), rows[0] if rows else [])


def _named(row: list[_Cell], *words: str) -> list[int]:
    """Return the columns a row names by one of these words; a title across columns names none."""
    texts = [cell.text.casefold() for cell in row]
    return [
        at
        for at, text in enumerate(texts)
        if texts.count(text) == 1 and any(word in text for word in words)
    ]


def _codes(text: str) -> list[str]:
    """Return the ZIP codes of a cell of nothing else; a footnote may name one further on."""
    if found := _CODES.fullmatch(text):
        return [code[:5] for code in re.findall(_CODE, found[1])]
    # a spreadsheet's 2138 is 02138
    return [zip_code(text)] if text.isdecimal() and 3 <= len(text) <= 4 else []


def _people(text: str, codes: int) -> list[int | None]:
    """Return the numbers of a cell: one, or as many as there are ZIP codes; None for no number."""
    plain = _NOTE_MARKS.sub("", text)
    parts = [part for part in _BETWEEN.split(plain) if part] if codes > 1 else [plain]
    if not all(_NUMBER.fullmatch(part) for part in parts):
        return [None]
    return [int(re.sub(r"[, ]", "", part)) for part in parts]


def _grid(table: Tag) -> list[list[_Cell]]:
    """Return the cells of a table, each merged one in every place it covers."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    grid: list[list[_Cell]] = []
    hanging: dict[int, tuple[int, _Cell]] = {}  # column: rows still covered from above, by what
    for row in rows:
        line: list[_Cell] = []
        for found in row.find_all(["td", "th"]):
            if found.find_parent("tr") is not row:
                continue
            _hang(line, hanging)
            down = _span(found, "rowspan", len(rows))
            cell = _Cell(" ".join(found.get_text(" ").split()), down > 1)
            for _ in range(_span(found, "colspan", _WIDEST - len(line))):
                if down > 1:
                    hanging[len(line)] = (down - 1, cell)
                line.append(cell)
        _hang(line, hanging)
        grid.append(line)
    return grid


def _hang(line: list[_Cell], hanging: dict[int, tuple[int, _Cell]]) -> None:
    """Fill in cells that reach down from rows above."""
    while len(line) in hanging:
        left, cell = hanging.pop(len(line))
        if left > 1:
            hanging[len(line)] = (left - 1, cell)
        line.append(cell)


def _span(cell: Tag, name: str, most: int) -> int:
    given = str(cell.get(name, "1"))
    return max(1, min(int(given), most)) if given.isdecimal() and len(given) < 9 else 1
