"""Headers that name a day, week, month or quarter, and what else they say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pyarrow as pa

from caremap.intake.dates import MONTHS, DateOrder, Datetimes, read_dates
from caremap.intake.headers import clean_text

__all__ = ["Stamp", "read_label", "read_levels", "resolved", "with_years"]

Span = Literal["day", "week", "month", "quarter"]

_NAME = r"[a-z]{3,10}\.?"
_DE = r"(?:de[l]?\s+)?"
_PATTERNS: tuple[tuple[Span, str], ...] = (
    ("day", r"(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:[t ]\d{1,2}:\d{2}(?::\d{2})?)?"),
    ("day", r"(?P<open>\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))"),
    ("day", r"(?P<iso>(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d)"),
    ("day", rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?[-/.\s]+{_DE}(?P<name>{_NAME})"
            rf"[-/,\s]+{_DE}(?P<year>\d{{4}}|\d{{2}})"),
    ("day", rf"(?P<name>{_NAME})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,\s*(?P<year>\d{{4}})"),
    ("quarter", r"(?P<year>\d{4})[-/\s]*(?:q|qtr|quarter|quartal|t)[-\s]?(?P<q>[1-4])"),
    ("quarter", r"(?:q|qtr|quarter|quartal|t|trimestre)\s?(?P<q>[1-4])[-/,\s]*(?P<year>\d{4})"),
    ("quarter", r"(?P<q>[1-4])\.?\s?(?:q|t|quartal|trimestre)[-/\s]*(?P<year>\d{4})"),
    ("week", r"(?P<year>\d{4})[-/,\s]*(?:w|wk|week|kw|semana|semaine|settimana|woche)[-/.\s]*"
             r"(?P<w>\d{1,2})"),
    ("week", r"(?:w|wk|week|kw|semana|semaine|settimana|woche)[-.\s]?(?P<w>\d{1,2})"
             r"[-/,\s]+(?P<year>\d{4})"),
    ("month", r"(?P<year>\d{4})[-/.](?P<month>0?[1-9]|1[0-2])"),
    ("month", r"(?P<month>0?[1-9]|1[0-2])[-/.](?P<year>\d{4})"),
    ("month", r"(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])"),
    ("month", rf"(?P<name>{_NAME})[-/\s,']*{_DE}(?P<year>\d{{4}}|\d{{2}})"),
    ("month", rf"(?P<year>\d{{4}})[-/\s,]+(?P<name>{_NAME})"),
    ("month", rf"(?P<name>{_NAME})"),
    ("quarter", r"(?:q|qtr|quarter|quartal|trimestre)\s?(?P<q>[1-4])"),
    ("week", r"(?:w|wk|week|kw|semana|semaine|settimana|woche)[-.\s]?(?P<w>\d{1,2})"),
)  # fmt: skip
_COMPILED = [
    (
        span,
        re.compile(rf"(?P<all>{pattern})(?![\w])"),
        re.compile(rf"(?<![\w])(?P<all>{pattern})[\s)\]]*$"),
    )
    for span, pattern in _PATTERNS
]
_WEEKLY = re.compile(
    r"^(?:(?P<end>w/e|wk/e|week ending|week end|wk ending|woche bis|woche endend|"
    r"semana que termina|semana terminada|semaine se terminant|settimana che termina)|"
    r"(?P<begin>w/c|w/b|week commencing|week beginning|week starting|week of|wk commencing|"
    r"woche vom|woche ab|semana del|semana de|semaine du|settimana del))"
    r"(?:\s+(?:on|the|el|le|il|em|am))?[\s:]+"
)
_LIKELY = re.compile(
    r"[a-z]{3}|\d{8}|(?:19|20)\d{4}|\d{4}[-/.]\d|\d[-/.]\d{1,2}[-/.]\d|\d[-/.]\d{4}|[a-z][-/.\s]?\d|\d\s?[a-z]"
)
_SERIAL = re.compile(r"[3-5]\d{4}(?:\.0)?")
_EDGES = " -–—_:;/|,.()[]"  # noqa: RUF001
_YEAR = re.compile(r"(?:fy|year|yr|jahr|ano|año|annee|année|anno)?\s*((?:19|20)\d{2})")


@dataclass(frozen=True)
class Stamp:
    """The time a header names.

    Attributes
    ----------
    text
        A date as `read_dates` takes it, with ``{year}`` where the header leaves the year out.
    span
        How long the time is that it names.
    rest
        What else the header says: the measure.
    place
        Month of the year (1 to 12) or week of the year: the order within a year.
    week
        ``Week ending`` or ``Week commencing`` where the header says so.
    """

    text: str
    span: Span
    rest: str = ""
    place: int = 0
    week: str = ""

    @property
    def dated(self) -> bool:
        """Whether the year is known."""
        return "{year}" not in self.text


def read_label(label: str) -> Stamp | None:
    """Return the time a header names at its beginning or its end, or None.

    Examples
    --------
    >>> read_label("Jan-24").text, read_label("Q1 2024").text, read_label("Feb Adm").rest
    ('2024-01', '2024 Q1', 'Adm')
    >>> read_label("Week ending 05/01/2024").week, read_label("2016"), read_label("Ward")
    ('Week ending', None, None)
    """
    text = clean_text(label)
    if len(text) > 60:
        return None
    folded = _folded(text)
    if not _LIKELY.search(folded):
        return None
    weekly = _WEEKLY.match(folded)
    week = ""
    if weekly:
        week = "Week ending" if weekly["end"] else "Week commencing"
        text, folded = text[weekly.end() :], folded[weekly.end() :]
    for span, first, last in _COMPILED:
        found = first.match(folded) or last.search(folded)
        made = _stamp(span, found.groupdict()) if found else None
        if made is None or found is None:
            continue
        begin, end = found.span("all")
        rest = f"{text[:begin].strip(_EDGES)} {text[end:].strip(_EDGES)}".strip()
        if week and made.span == "day":
            return replace(made, rest=rest, week=week, span="week")
        return replace(made, rest=rest)
    return None


def _stamp(span: Span, parts: dict[str, str | None]) -> Stamp | None:
    """The time the parts of a match name, or None where they are no date."""
    year = parts.get("year") or "{year}"
    if len(year) == 2:
        year = str(_century(int(year)))
    if text := parts.get("iso") or parts.get("open"):
        return Stamp(text.replace(".", "-") if parts.get("iso") else text, "day")
    if span == "quarter":
        return Stamp(f"{year} Q{parts['q']}", span, place=3 * int(parts["q"] or 0) - 2)
    if span == "week":
        week = int(parts["w"] or 0)
        return Stamp(f"{year}-W{week:02d}", span, place=week) if 1 <= week <= 53 else None
    month = parts.get("month") or MONTHS.get((parts.get("name") or "").rstrip("."))
    if not month:
        return None
    day = f"-{int(parts['day'] or 0):02d}" if parts.get("day") else ""
    return Stamp(f"{year}-{int(month):02d}{day}", span, place=int(month))


def _century(year: int) -> int:
    """Two digits: 70-99 are the last century, as everywhere in intake."""
    return 1900 + year if year >= 70 else 2000 + year


def _folded(text: str) -> str:
    """Lower case without accents, letter for letter, so that places stay the same."""
    return "".join(unicodedata.normalize("NFKD", letter)[0] for letter in text.lower())


def read_levels(levels: Sequence[Sequence[str]]) -> list[Stamp | None]:
    """Return the time each column's header names, on whichever of its rows it stands.

    A year on one row and a month on another make up one date.

    Parameters
    ----------
    levels
        Per column its names on each row of the header.

    Examples
    --------
    >>> [one.text for one in read_levels([("2023", "Dec", "Adm"), ("2024", "Jan", "Adm")])]
    ['2023-12', '2024-01']
    """
    made = [_of_column([name for name in names if name]) for names in levels]
    names = [[name for name in one if name] for one in levels]
    if _serials([one[0] if len(one) == 1 else "" for one in names]):
        base = np.datetime64("1899-12-30", "D")
        return [
            Stamp(str(base + int(float(one[0]))), "day")
            if len(one) == 1 and _SERIAL.fullmatch(one[0]) else None
            for one in names
        ]  # fmt: skip
    return [None] * len(made) if _financial(names) or _same_month(names, made) else made


def _of_column(names: Sequence[str]) -> Stamp | None:
    read = [(place, stamp) for place, name in enumerate(names) if (stamp := read_label(name))]
    if not read:
        return None
    place, stamp = max(read, key=lambda one: (one[1].dated, not one[1].rest, -one[0]))
    others = [name for index, name in enumerate(names) if index != place]
    if not stamp.dated:
        years = [name for name in others if _YEAR.fullmatch(_folded(name))]
        if len(years) == 1:
            others.remove(years[0])
            year = _YEAR.fullmatch(_folded(years[0]))
            stamp = replace(stamp, text=stamp.text.format(year=year[1] if year else ""))
    rest = " ".join(part for part in [*others, stamp.rest] if part)
    return replace(stamp, rest=rest)


def _serials(names: Sequence[str]) -> bool:
    """Whether headers are Excel day numbers: at least three that follow one another."""
    numbers = [int(float(name)) for name in names if _SERIAL.fullmatch(name)]
    steps = {after - before for before, after in zip(numbers, numbers[1:], strict=False)}
    return len(numbers) >= 3 and (steps in ({1}, {7}, {14}) or steps <= {28, 29, 30, 31})


def _financial(names: Sequence[Sequence[str]]) -> bool:
    """Whether headers are financial years: “2010-11” is no November."""
    pairs = [
        re.fullmatch(r"((?:19|20)\d\d)[-/](\d\d)", name) for one in names for name in one
    ]  # fmt: skip
    found = [pair for pair in pairs if pair]
    return len(found) > 1 and all((int(one[1]) + 1) % 100 == int(one[2]) for one in found)


def _same_month(names: Sequence[Sequence[str]], stamps: Sequence[Stamp | None]) -> bool:
    """Whether “Jan-05, Jan-06, Jan-07” may be days of a month as well as years."""
    short = [
        stamp.text for one, stamp in zip(names, stamps, strict=True)
        if stamp and any(re.search(r"[A-Za-z][-\s']\d{2}$", name) for name in one)
    ]  # fmt: skip
    return len(set(short)) >= 2 and len({text[5:] for text in short}) == 1


def with_years(stamps: Sequence[Stamp], years: tuple[int, ...]) -> list[Stamp] | None:
    """Return the times with the year put in where headers leave it out, or None.

    Parameters
    ----------
    stamps
        The times in the order of the columns.
    years
        The one year the file names, or the two a financial year lies in.

    Examples
    --------
    >>> months = [read_label(name) for name in ("Nov", "Dec", "Jan")]
    >>> [one.text for one in with_years(months, (2023, 2024))]
    ['2023-11', '2023-12', '2024-01']
    >>> with_years(months, (2024,)) is None
    True
    """
    if all(stamp.dated for stamp in stamps):
        return list(stamps)
    if not years or any(stamp.dated for stamp in stamps):
        return None
    order = list(dict.fromkeys(stamp.place for stamp in stamps))
    falls = [place for place in range(1, len(order)) if order[place] < order[place - 1]]
    if len(falls) != len(years) - 1 or (falls and order[0] <= order[-1]):
        return None
    later = set(order[falls[0] :]) if falls else set()
    return [
        replace(one, text=one.text.format(year=years[-1] if one.place in later else years[0]))
        for one in stamps
    ]


def resolved(stamps: Sequence[Stamp], order: DateOrder | None) -> tuple[list[str], bool] | None:
    """Return the dates as text, and whether day and month are told apart; None for no dates.

    The order is decided once for all headers: the user's, the only one that gives dates,
    or the only one in which they follow one another evenly. Where nothing decides, the
    texts stay as they are, for the column they become to be asked about.

    Examples
    --------
    >>> stamps = [read_label(name) for name in ("03/04/2024", "04/04/2024", "05/04/2024")]
    >>> resolved(stamps, None)
    (['2024-04-03', '2024-04-04', '2024-04-05'], True)
    >>> stamps = [read_label(name) for name in ("01/02/2024", "01/03/2024", "01/04/2024")]
    >>> resolved(stamps, None)[1]
    False
    """
    texts = [stamp.text for stamp in stamps]
    distinct = list(dict.fromkeys(texts))
    read = read_dates(pa.array(distinct))
    days, months = read.resolve("day-first"), read.resolve("month-first")
    both: list[tuple[DateOrder, Datetimes]] = [("day-first", days), ("month-first", months)]
    fit = [one for one in both if _sensible(one[1]) and order in (None, one[0])]
    if not fit:
        return None
    if len(fit) == 2 and not (days == months).all():
        even = [one for one in fit if _even(one[1])]
        fit = even if len(even) == 1 else fit
        if len(fit) == 2:
            return texts, False
    day = {stamp.text for stamp in stamps if stamp.span == "day" or stamp.week}
    iso = np.datetime_as_string(fit[0][1].astype("datetime64[D]")).tolist()
    found = dict(zip(distinct, iso, strict=True))
    return [found[text] if text in day else text for text in texts], True


def _sensible(dates: Datetimes) -> bool:
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    return not np.isnat(dates).any() and bool(((years >= 1950) & (years <= 2100)).all())


def _even(dates: Datetimes) -> bool:
    """Whether dates are successive days, weeks, or firsts or lasts of successive months."""
    day = dates.astype("datetime64[D]")
    if set(np.diff(day).astype(np.int64).tolist()) in ({1}, {7}, {14}, {-1}, {-7}):
        return True
    month = day.astype("datetime64[M]")
    if set(np.diff(month).astype(np.int64).tolist()) not in ({1}, {3}, {-1}):
        return False
    first = (day == month.astype("datetime64[D]")).all()
    return bool(first or ((day + 1).astype("datetime64[M]") != month).all())
