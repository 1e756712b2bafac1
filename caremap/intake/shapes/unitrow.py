"""A row right below the header that says in which units the columns are: no data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from caremap.findings import Finding
from caremap.intake.headers import unique_headers, words
from caremap.intake.layout import Cell, Layout, cell_text

__all__ = ["with_units"]

_MEASURED = frozenset(
    "day days d night nights hour hours hr hrs h minute minutes min mins week weeks wk month "
    "months year years yr yrs second seconds sec usd eur gbp chf cad aud inr brl mxn $ € £ k$ k€ "
    "k£ keur kusd teur % percent pct per cent dollars dollar euro euros pounds thousands "
    "millions mio tage tag stunde stunden std minuten woche wochen monate jahre prozent tsd euro "
    "dia dias horas hora minutos semanas meses anos ano jours jour heures heure minutes semaines "
    "mois ans giorni giorno ore ora minuti settimane mesi anni kg cm mm km m2 c f bpm mmhg "
    "fte wte".split()
)
"""Units that belong to the name of a column: hours are no days."""
_TYPES = frozenset(
    "n no nr num number numbers count counts anzahl zahl numero nombre text string str integer "
    "int float decimal double char varchar character date datetime timestamp time boolean bool "
    "yyyy mm dd yyyymmdd ddmmyyyy mmddyyyy hh ss dd mm yyyy jjjj tt aaaa jj id code unit units "
    "category categorical y yes patients beds persons personen pacientes patienten betten camas "
    "lits letti pazienti staff people admissions discharges".split()
)
"""Words for what a column holds that change nothing about it."""
_WRAPPED = re.compile(r"^[\[(]?\s*(?:in\s+)?(?P<unit>[^\[\]()]{1,24}?)\s*[\])]?$", re.IGNORECASE)
_NUMBER = re.compile(r"^[\s$€£(+-]*\d")


def with_units(layout: Layout, head: Sequence[Sequence[Cell]]) -> tuple[Layout, Finding | None]:
    """Return the layout with units in its headers where a row of units stands below them.

    Parameters
    ----------
    layout
        Where the table stands.
    head
        The first rows of the sheet.

    Examples
    --------
    >>> head = [["Ward", "LOS"], [None, "hours"], ["A", 36.0], ["B", 12.0]]
    >>> layout, finding = with_units(Layout(1, 2, ("Ward", "LOS"), ()), head)
    >>> layout.headers, layout.first_row, finding.rows
    (('Ward', 'LOS (hours)'), 3, (2,))
    """
    place = layout.first_row - 1
    if not layout.header_row or place >= len(head):
        return layout, None
    cells = [cell_text(cell) for cell in head[place]]
    below = [[cell_text(cell) for cell in row] for row in head[place + 1 : place + 11]]
    if not _are_units(cells, [row for row in below if any(row)]):
        return layout, None
    headers, changed = list(layout.headers), []
    for index, cell in enumerate(cells[: len(headers)]):
        found = _WRAPPED.match(cell)
        unit = found["unit"] if found else ""
        if unit and _is(unit, _MEASURED) and words(unit) not in words(headers[index]).split():
            headers[index] = f"{headers[index]} ({unit})"
            changed.append(headers[index])
    named = f": {', '.join(f'“{header}”' for header in changed)}" if changed else ""
    joined = f" They are part of the column names now{named}." if changed else ""
    levels = tuple((header,) for header in headers) if changed else layout.levels
    row = layout.first_row
    return (
        replace(layout, first_row=row + 1, headers=tuple(unique_headers(headers)), levels=levels),
        Finding("units-row", "info", f"Row {row} below the header holds units or types of the "
                f"columns, no data: set aside.{joined}", rows=(row,)),
    )  # fmt: skip


def _are_units(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether all that stands in a row are units, over columns of something else."""
    filled = [place for place, cell in enumerate(cells) if cell]
    if not filled or not below:
        return False
    for place in filled:
        found = _WRAPPED.match(cells[place])
        if not found or not _is(found["unit"], _MEASURED | _TYPES):
            return False
    # The word comes again further down: then it is a value of the column.
    if any(place < len(row) and row[place].casefold() == cells[place].casefold()
           for place in filled for row in below):  # fmt: skip
        return False
    numbers = sum(
        any(place < len(row) and _NUMBER.match(row[place]) for row in below) for place in filled
    )
    return numbers >= 1 and numbers >= 0.4 * len(filled)


def _is(unit: str, known: frozenset[str]) -> bool:
    plain = unit.strip().casefold()
    if plain in known:
        return True
    tokens = words(unit).split()
    return bool(tokens) and all(token in known or token in {"per", "of", "in"} for token in tokens)
