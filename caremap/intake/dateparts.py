"""Columns of dates that are more than a day each: years, months beside years, and weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyarrow as pa

from caremap.findings import Finding
from caremap.intake.dates import MONTHS, Datetimes, read_dates
from caremap.intake.headers import words
from caremap.intake.matching import Column

__all__ = [
    "day_column", "financial_findings", "week_edge", "week_findings", "year_and_month",
    "year_column",
]  # fmt: skip

_YEAR = frozenset("year yr jahr ano anho anno annee an exercice ejercicio calendar year".split())
_MONTH = frozenset("month mon monat mes mois mese month name month number month no".split())
_DAY = frozenset("day tag jour dia giorno of month mon du mois del mes do mese des monats".split())
_WEEK = frozenset("week wk w woche semana semaine settimana sem".split())
_FIRST = frozenset(
    "commencing beginning starting start begin begins starts first c b ab vom beginnend beginn "
    "erster inicio comienza inicia iniciada primer primero primeiro debut commencant premier "
    "inizio primo".split()
)
_LAST = frozenset(
    "ending ended end ends last e bis endend ende letzter fin termina terminada finalizada ultimo "
    "fim terminant finissant dernier fine terminata finita".split()
)
_FROM, _TO = (
    frozenset("of from von desde del du dal da".split()),
    frozenset("to hasta al ate au".split()),
)
"""Words that say it only where none of the others stands: “week of”, but “last day of week”."""
_EDGES: dict[str, Literal["start", "end"]] = {
    **dict.fromkeys("wc wb weekcommencing weekbeginning weekstart weekstarting wochenbeginn "
                    "wochenstart wochenanfang".split(), "start"),
    **dict.fromkeys("we weekending weekended weekend wochenende".split(), "end"),
}  # fmt: skip
"""What a header of weeks says of its dates, in one word."""


def week_edge(header: str, dates: Datetimes) -> Literal["start", "end", ""]:
    """Return which end of its week each date of a column is, where the header says so.

    Only a column with one row or more every seven days is one of weeks.

    Parameters
    ----------
    header
        The header of the column.
    dates
        Its dates, NaT for none.

    Examples
    --------
    >>> fridays = np.array(["2024-04-05", "2024-04-12", "2024-04-26"], "datetime64[us]")
    >>> week_edge("Week Ending", fridays), week_edge("w/c", fridays), week_edge("Date", fridays)
    ('end', 'start', '')
    """
    days = np.unique(dates[~np.isnat(dates)].astype("datetime64[D]")).astype(np.int64)
    gaps = np.diff(days)
    if not len(gaps) or gaps.min() != 7 or (gaps % 7).any():
        return ""
    tokens = set(words(header).split())
    for token in tokens & set(_EDGES):
        return _EDGES[token]
    if tokens & _WEEK:
        for first, last in ((_FIRST, _LAST), (_FROM, _TO)):
            if bool(tokens & first) != bool(tokens & last):
                return "start" if tokens & first else "end"
            if tokens & first:
                break
    return ""


def week_findings(header: str, dates: Datetimes) -> list[Finding]:
    """Return what a header says of the weeks its dates stand for.

    Parameters
    ----------
    header, dates
        The column of dates of a table of counts.
    """
    match week_edge(header, dates):
        case "end":
            told = "the last days of weeks: each row counts the seven days up to its date"
        case "start":
            told = "the first days of weeks: each row counts the seven days from its date on"
        case _:
            return []
    return [Finding("weeks", "info", f"Dates in “{header}” are {told}.", header)]


def year_column(columns: Sequence[Column]) -> str | None:
    """Return the header of a column of calendar or financial years, or None.

    Examples
    --------
    >>> from caremap.intake.profile import Profile
    >>> years = Profile(9, 1.0, 0.5, 3, number=1.0, integer=1.0, low=2019, high=2024)
    >>> year_column([Column("Año", 0, years)])
    'Año'
    """
    return _calendar_years(columns) or financial_column(columns)


def _calendar_years(columns: Sequence[Column]) -> str | None:
    for column in columns:
        seen = column.seen
        named = set(words(column.header).split()) <= _YEAR
        if named and seen.integer >= 0.95 and seen.low >= 1900 and seen.high <= 2100:
            return column.header
    return None


def financial_column(columns: Sequence[Column]) -> str | None:
    """Return the header of a column of financial years or quarters of them, or None.

    Examples
    --------
    >>> from caremap.intake.profile import Profile
    >>> years = Profile(9, 1.0, 0.5, 2, text=("2022/23", "2023/24"))
    >>> financial_column([Column("Year", 0, years)])
    'Year'
    """
    for column in columns:
        seen = column.seen
        if seen.number > 0.5 or seen.date > 0.5 or not seen.text:
            continue
        read = read_dates(pa.array(seen.text)).text
        if read is not None and read.financial.mean() >= 0.8:
            return column.header
    return None


def financial_findings(columns: Sequence[Column]) -> list[Finding]:
    """Return that a table has financial years and why its rows have no date.

    Parameters
    ----------
    columns
        The columns of the sheet.
    """
    header = financial_column(columns)
    if header is None:
        return []
    return [
        Finding("financial-years", "warning", f"“{header}” holds financial years or their "
                "quarters: in which month they begin differs by country and the file does not "
                "say, so its rows have no date. Ask for counts per day, week or month.", header)
    ]  # fmt: skip


def year_and_month(columns: Sequence[Column]) -> tuple[str, str] | None:
    """Return the headers of a year and a month column that make up a date, or None."""
    year = _calendar_years(columns)
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


def day_column(columns: Sequence[Column]) -> str | None:
    """Return the header of a column of days of the month, 1 to 31, or None.

    Without it, rows of single days with a year and a month column would pass for monthly ones.
    A column that ends before the 20th may be days of the week.

    Examples
    --------
    >>> from caremap.intake.profile import Profile
    >>> days = Profile(90, 1.0, 0.3, 31, number=1.0, integer=1.0, low=1, high=31)
    >>> day_column([Column("Day", 0, days)]), day_column([Column("Bed days", 0, days)])
    ('Day', None)
    """
    for column in columns:
        seen, named = column.seen, set(words(column.header).split())
        numbered = seen.integer >= 0.95 and seen.low >= 1 and 20 <= seen.high <= 31
        if numbered and named and named <= _DAY:
            return column.header
    return None
