"""Dates that stand in two columns, a year and a month, and years that stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from caremap.intake.dates import MONTHS
from caremap.intake.headers import words
from caremap.intake.matching import Column

__all__ = ["year_and_month", "year_column"]

_YEAR = frozenset("year yr jahr ano anho anno annee an exercice ejercicio calendar year".split())
_MONTH = frozenset("month mon monat mes mois mese month name month number month no".split())


def year_column(columns: Sequence[Column]) -> str | None:
    """Return the header of a column of calendar years, or None.

    Examples
    --------
    >>> from caremap.intake.profile import Profile
    >>> years = Profile(9, 1.0, 0.5, 3, number=1.0, integer=1.0, low=2019, high=2024)
    >>> year_column([Column("Año", 0, years)])
    'Año'
    """
    for column in columns:
        seen = column.seen
        named = set(words(column.header).split()) <= _YEAR
        if named and seen.integer >= 0.95 and seen.low >= 1900 and seen.high <= 2100:
            return column.header
    return None


def year_and_month(columns: Sequence[Column]) -> tuple[str, str] | None:
    """Return the headers of a year and a month column that make up a date, or None."""
    year = year_column(columns)
    if year is None:
        return None
    for column in columns:
        seen = column.seen
        if not set(words(column.header).split()) <= _MONTH:
            continue
        numbered = seen.integer >= 0.95 and seen.low >= 1 and seen.high <= 12
        # A cell or two may be “Total” or “Year”.
        named = sum(words(text) in MONTHS for text in seen.text)
        if numbered or (named and named >= 0.6 * len(seen.text)):
            return year, column.header
    return None
