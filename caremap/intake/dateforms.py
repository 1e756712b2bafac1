"""The ways a date is written, each as a pattern that takes its parts out of the text.

Six languages, numbers in every order, week and quarter numbers, Excel day numbers and
seconds since 1970. A pattern says what the parts are; what they mean where that depends
on the other values of the column is settled in `datecolumn`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.bytewise import has_letters
from caremap.intake.numerals import MISSING_WORDS

__all__ = ["BY_DIGITS", "MONTHS", "PERIODS", "Parts", "clock", "take_apart"]

PERIODS = ("day", "week", "month", "quarter", "year")
"""What a text may name, by the code in `Parts.period`."""
DAY, WEEK, MONTH, QUARTER, YEAR = range(5)

_MONTH_NAMES = (
    "jan january januar janvier janv enero ene janeiro gennaio gen jaenner janner",
    "feb february februar fevrier fevr fev febrero fevereiro febbraio",
    "mar march marz maerz mars marzo marco mrz",
    "apr april avril avr abril abr aprile",
    "may mai mayo maio maggio mag",
    "jun june juni juin junio junho giugno giu",
    "jul july juli juillet juil julio julho luglio lug",
    "aug august aout agosto ago",
    "sep sept september septembre septiembre setiembre set setembro settembre sett",
    "oct october oktober okt octobre octubre outubro out ottobre ott",
    "nov november novembre noviembre novembro",
    "dec december dezember dez decembre diciembre dic dezembro dicembre",
)
MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_NAMED = "|".join(sorted(MONTHS, key=len, reverse=True))
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_STILL_IN = (
    "ongoing|still admitted|still in|still inpatient|still in hospital|in hospital|inpatient|"
    "current|admitted|not discharged|open|noch da|noch stationar|stationar|laufend|offen|"
    "en cours|hospitalise|present|ingresado|ingresada|hospitalizado|hospitalizada|en curso|"
    "internado|internada|em curso|em andamento|ricoverato|ricoverata|in corso"
).split("|")
"""What stands for the end of a stay that goes on."""

_TIME = (
    r"(?:[t,;:_-]?\s*(?:um\s+|at\s+|kl\.?\s*|a\s+las\s+|as\s+|alle\s+)?(?P<h>\d{1,2})[:h.](?P<i>\d{2})"
    r"(?:[:.](?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<p>[ap]\.?\s?m\.?)?(?:\s?(?:uhr|hrs?|hs?))?"
    r"\s*(?:z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?)?"
)
_WEEKDAY = r"^(?:[a-z]{2,10}(?:-feira)?\.?,?\s+(?:den\s+|the\s+)?)??"
_YEAR_FIRST = r"^(?P<y>\d{4})[-/.\s](?P<a>\d{1,2})[-/.\s](?P<b>\d{1,2})" + _TIME + "$"
_NUMERIC = (
    _WEEKDAY
    + r"(?P<a>\d{1,2})\s?[-/.\s]\s?(?P<b>\d{1,2})\s?[-/.\s]\s?(?P<y>\d{4}|\d{2})"
    + _TIME
    + "$"
)
_COMPACT_TIME = (
    r"(?P<a>\d{2})(?P<b>\d{2})(?:[t ]?(?P<h>\d{2}):?(?P<i>\d{2}):?(?P<s>\d{2})?"
    r"(?:[.,]\d{1,9})?\s?(?:z|utc|[+-]\d{2}(?::?\d{2})?)?)?$"
)
_COMPACT = r"^(?P<y>(?:19|20)\d{2})" + _COMPACT_TIME
_YEAR_LAST = r"^(?P<a>\d{1,2})(?P<b>[0-3]\d)(?P<y>(?:19|20)\d{2})$"
"""03012022, or 3012022 where a program took it for a number: no month of a year is a 19 or 20."""
_DAY_NAME = (
    _WEEKDAY + r"(?P<b>\d{1,2})(?:(?:st|nd|rd|th|er|re|o|a|°)[-/.\s]+|[-/.\s]*)(?:of\s+|de\s+)?"
    r"(?P<m>" + _NAMED + r")\.?[-/,\s]*(?:de\s+|del\s+)?(?P<y>\d{4}|\d{2})" + _TIME + "$"
)
_NAME_DAY = (
    _WEEKDAY + r"(?P<m>" + _NAMED + r")\.?[-/\s]*(?P<b>\d{1,2})(?:st|nd|rd|th)?[-/,\s]+(?P<y>\d{4})"
    + _TIME + "$"
)  # fmt: skip
_YEAR_NAME_DAY = (
    r"^(?P<y>\d{4})[-/.,\s]+(?P<m>" + _NAMED + r")\.?[-/.,\s]+(?P<b>\d{1,2})" + _TIME + "$"
)
_CHINESE = r"^(?P<y>\d{4})\s?年\s?(?P<a>\d{1,2})\s?月\s?(?P<b>\d{1,2})\s?日" + _TIME + "$"
_CHINESE_MONTH = r"^(?P<y>\d{4})\s?年\s?(?P<a>\d{1,2})\s?月$"
_YEAR_MONTH = r"^(?P<y>\d{4})[-/.](?P<a>\d{1,2})$"
_YEAR_M_MONTH = r"^(?P<y>(?:19|20)\d{2})[-\s]?m(?P<a>0?[1-9]|1[0-2])$"
_MONTH_YEAR = r"^(?P<a>\d{1,2})[-/.](?P<y>\d{4})$"
_BARE_MONTH = r"^(?P<y>(?:19|20)\d{2})(?P<a>0[1-9]|1[0-2])$"
_NAME_YEAR = r"^(?P<m>" + _NAMED + r")\.?[-/\s,'’]*(?:de\s+|del\s+)?(?P<y>\d{4}|\d{2})$"
_YEAR_NAME = r"^(?P<y>\d{4})[-/\s,]+(?P<m>" + _NAMED + r")\.?$"
_TRIMESTER = r"(?:q|t|qtr|quarter|quartal|trim|trimestre|trimester)\.?"
_QUARTERS = (
    r"^(?P<y>\d{4})[-/\s]*" + _TRIMESTER + r"\s?(?P<q>[1-4])$",
    r"^" + _TRIMESTER + r"\s?(?P<q>[1-4])(?:\s+(?:de\s+)?|[-/,.]\s?)?(?P<y>\d{4})$",
    r"^q(?P<q>[1-4])[-/\s']+(?P<y>\d{2})$",
    r"^(?P<q>[1-4])q[-/\s']?(?P<y>\d{2})$",
    r"^(?:(?P<q>[1-4])|(?P<r>i{1,3}|iv))(?:st|nd|rd|th|er|e|eme|o|°)?[.\s-]*"
    + _TRIMESTER
    + r"(?:\s+(?:de\s+)?|[-/,]\s?)?(?P<y>\d{4})$",
    r"^(?P<y>\d{4})[-/,\s]+(?P<q>[1-4])(?:st|nd|rd|th|er|e|eme|o|°|\.)?\s?" + _TRIMESTER + "$",
)
_MONTH_SPAN = (
    r"^(?P<m>" + _NAMED + r")\.?\s?(?:-|to|bis|a|au)\s?(?P<n>" + _NAMED + r")\.?[-\s]+(?P<y>\d{4})$"
)
_WEEK_WORD = r"(?:w|kw|wk|week|woche|sem|semana|semaine|settimana|(?P<x>s))\.?"
_WEEKS = (
    r"^(?P<y>\d{4})[-/\s]*" + _WEEK_WORD + r"[-/\s]?(?P<w>\d{1,2})(?:-(?P<d>[1-7]))?$",
    r"^" + _WEEK_WORD + r"\s?(?P<w>\d{1,2})(?:[-/,.\s]+(?:of\s+|de\s+)?)(?P<y>\d{4})$",
    r"^(?P<w>\d{1,2})[.\s]+(?:kw|kalenderwoche|woche)[-/,.\s]+(?P<y>\d{4})$",
)
_FINANCIAL = (
    r"^(?:fy|f/y|financial year|fiscal year|gj|ejercicio|exercice)\s?'?\d{2,4}"
    r"(?:\s?[-/]\s?\d{2,4})?"
    r"(?:[-/\s]*(?:q|qtr|quarter)\s?[1-4])?$"
    r"|^\d{4}\s?[-/]\s?(?:\d{2}|\d{4})[-/\s]*(?:q|qtr|quarter)\s?[1-4]$"
    r"|^(?:q|qtr|quarter)\s?[1-4][-/\s]*(?:fy\s?)?\d{4}\s?[-/]\s?\d{2,4}$"
    r"|^(?:q|qtr|quarter)\s?[1-4][-/\s]*fy\s?'?\d{2,4}$|^\d{4}\s?[-/]\s?\d{4}$"
    r"|^[a-z]{3,10}\.? \d{4}\s?(?:-|to|bis|a|au)\s?[a-z]{3,10}\.? \d{4}$"
)
_UTC = r"\d\s?(?:z|utc|gmt|[+-]00:?00)$|:\d\d(?:\.\d+)?[+-]00$"
_SERIAL = r"^(?P<n>[1-9]\d{4})(?:\.(?P<f>\d+))?$"
_EPOCH = r"^(?P<e>1\d{9}|20[0-4]\d{7})(?P<k>\d{3})?$"
"""Seconds or milliseconds since 1970, from September 2001 to 2034."""

BY_DIGITS = (
    (_YEAR_FIRST, ""), (_NUMERIC, "open"), (r"^(?P<y>\d{4})" + _COMPACT_TIME, "compact"),
    (_DAY_NAME, ""), (_NAME_DAY, ""), (_YEAR_NAME_DAY, ""),
)  # fmt: skip
"""Patterns that ask only where digits stand, not which: all texts of a shape match or none."""

_FORMS = (
    (_YEAR_FIRST, ""), (_NUMERIC, "open"), (_YEAR_LAST, "year last"), (_COMPACT, ""),
    (_DAY_NAME, ""), (_NAME_DAY, ""), (_YEAR_NAME_DAY, ""), (_CHINESE, ""),
    (_CHINESE_MONTH, "month"), (_YEAR_MONTH, "year month"), (_MONTH_YEAR, "month"),
    (_YEAR_M_MONTH, "month"), (_BARE_MONTH, "bare month"), (_NAME_YEAR, "month"),
    (_YEAR_NAME, "month"), *((pattern, "quarter") for pattern in _QUARTERS),
    (_MONTH_SPAN, "quarter"), *((pattern, "week") for pattern in _WEEKS),
    (_SERIAL, "serial"), (_EPOCH, "epoch"),
)  # fmt: skip


_WORDED = {_DAY_NAME, _NAME_DAY, _YEAR_NAME_DAY, _CHINESE, _CHINESE_MONTH, _NAME_YEAR, _YEAR_NAME,
           _YEAR_M_MONTH,
           *_QUARTERS, _MONTH_SPAN, *_WEEKS}  # fmt: skip
"""Patterns that no text without a letter fits."""


@dataclass
class Parts:
    """The parts of distinct texts. Where there are none the year is 0.

    ``open``: ``first`` and ``second`` are day and month in an order still to be decided, else
    month and day. ``short``: the year has two digits. ``pair``: a year and two digits that may
    be a month or the next year. ``letter``: the number behind a lone “S”, which is a week or
    half a year. ``bare``: a number
    that is a date only under a header that says so.
    """

    year: Any
    first: Any
    second: Any
    seconds: Any
    period: Any
    letter: Any
    open: Any
    short: Any
    pair: Any
    missing: Any
    bare: Any
    serial: Any
    utc: Any
    financial: Any

    @classmethod
    def none(cls, size: int) -> Parts:
        """Parts of texts not read yet."""
        numbers = (np.zeros(size, dtype=np.int64) for _ in range(6))
        marks = (np.zeros(size, dtype=bool) for _ in range(len(fields(cls)) - 6))
        return cls(*numbers, *marks)

    @classmethod
    def joined(cls, several: list[Parts]) -> Parts:
        """Parts one after the other."""
        return cls(*(
            np.concatenate([getattr(one, item.name) for one in several]) for item in fields(cls)
        ))  # fmt: skip


def take_apart(texts: pa.Array) -> Parts:
    """Return the parts of distinct texts, one pattern after the other.

    Examples
    --------
    >>> parts = take_apart(pa.array(["12. März 2024", "Q2 2024", "soon"]))
    >>> parts.year.tolist(), parts.first.tolist(), parts.second.tolist()
    ([2024, 2024, 0], [3, 4, 0], [12, 1, 0])
    """
    text = _folded(texts)
    parts = Parts.none(len(texts))
    words = sorted({"", *MISSING_WORDS, *_STILL_IN})
    parts.missing = bools(pc.is_in(text, pa.array(words, pa.string())))
    parts.utc = bools(pc.match_substring_regex(text, _UTC))
    todo = ~parts.missing & bools(pc.match_substring_regex(text, r"\d\d"))
    worded = has_letters(text)
    for pattern, kind in _FORMS:
        if not todo.any():
            break
        if not worded and pattern in _WORDED:
            continue
        rows = np.flatnonzero(todo)
        found, where = _match(text.take(pa.array(rows)), pattern)
        if len(where):
            _fill(parts, found, rows[where], kind)
            todo[rows[where]] = False
    if todo.any():
        rows = np.flatnonzero(todo)
        said = pc.match_substring_regex(text.take(pa.array(rows)), _FINANCIAL)
        parts.financial[rows] = bools(said)
    return parts


def _folded(texts: pa.Array) -> pa.Array:
    """Small letters without accents, plain digits and single spaces: août, février, ２０２４."""
    text = pc.utf8_lower(texts)
    if not pc.all(pc.string_is_ascii(text)).as_py():
        text = pc.replace_substring_regex(pc.utf8_normalize(text, "NFKD"), r"\p{Mn}", "")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"[\s\x{00a0}\x{202f}]+", " "))


def _match(text: pa.Array, pattern: str) -> tuple[dict[str, Any], Any]:
    """The named groups of the texts that match, and where those stand."""
    where = np.flatnonzero(bools(pc.match_substring_regex(text, pattern)))
    if len(where) == 0:
        return {}, where
    groups = pc.extract_regex(text.take(pa.array(where)), pattern)
    return {item.name: groups.field(index) for index, item in enumerate(groups.type)}, where


def _fill(parts: Parts, found: dict[str, Any], at: Any, kind: str) -> None:
    """Write the parts a pattern found to their places."""
    period, second = DAY, np.ones(len(at), dtype=np.int64)
    seconds: Any = 0
    match kind:
        case "serial":
            year, first, second = _split(np.datetime64("1899-12-30", "D") + ints(found["n"]))
            seconds = _of_day(found["f"])
            parts.serial[at] = True
        case "epoch":
            moment = ints(found["e"])
            year, first, second = _split((moment // 86400).astype("datetime64[D]"))
            seconds = moment % 86400
            parts.utc[at] = True
        case "week":
            year, first, second = _split_week(found)
            if "x" in found:
                parts.letter[at] = np.where(bools(pc.equal(found["x"], "s")), ints(found["w"]), 0)
            period = WEEK
        case "quarter":
            year = _year(parts, found, at)
            first = _months(found["m"]) if "m" in found else _quarter(found) * 3 - 2
            if "n" in found:  # January to March, not January to May
                year = np.where(_months(found["n"]) - first == 2, year, 0)
            period = QUARTER
        case _:
            year = _year(parts, found, at)
            first = _months(found["m"]) if "m" in found else ints(found["a"])
            second = ints(found["b"]) if "b" in found else second
            if "h" in found:
                said = found["p"] if "p" in found else pa.nulls(len(at), pa.string())
                late, early = (bools(pc.starts_with(said, letter)) for letter in "pa")
                hour, minute, second_ = (ints(found[part]) for part in "his")
                seconds = clock(hour, minute, second_, late, early)
            period = MONTH if "b" not in found else DAY
            parts.open[at] = kind in {"open", "year last"}
            parts.pair[at] = kind == "year month"
    parts.bare[at] = kind in {"serial", "epoch", "bare month", "year last"}
    parts.period[at] = period
    parts.year[at], parts.first[at], parts.second[at] = year, first, second
    parts.seconds[at] = seconds


def _year(parts: Parts, found: dict[str, Any], at: Any) -> Any:
    parts.short[at] = bools(pc.equal(pc.utf8_length(found["y"]), 2))
    return ints(found["y"])


def _quarter(found: dict[str, Any]) -> Any:
    quarter = ints(found["q"])
    if "r" not in found:
        return quarter
    return quarter + np.array([_ROMAN.get(text, 0) for text in found["r"].to_pylist()])


def _split_week(found: dict[str, Any]) -> tuple[Any, Any, Any]:
    """The Monday of an ISO week, or the day of it that is named."""
    year, week = ints(found["y"]), ints(found["w"])
    base = _monday(year, week)
    good = (week >= 1) & (base < _monday(year + 1, np.ones_like(week)))
    day = base + (np.maximum(ints(found["d"]), 1) - 1 if "d" in found else 0)
    split = _split(day)
    return np.where(good, split[0], 0), split[1], split[2]


def _of_day(fraction: pa.Array) -> Any:
    """Seconds of the fraction of a day behind a decimal point."""
    digits = pc.if_else(pc.equal(fraction, ""), "0", fraction)
    part = pc.cast(pc.binary_join_element_wise("0", digits, "."), pa.float64())
    return np.round(part.to_numpy(zero_copy_only=False) * 86400).astype(np.int64)


def clock(hour: Any, minute: Any, second: Any, late: Any, early: Any) -> Any:
    """Return seconds after midnight, 0 for no time of day; 24:00 is the end of the day.

    Parameters
    ----------
    hour, minute, second
        As written.
    late, early
        Where “p.m.” or “a.m.” stands.
    """
    hour = np.where(late & (hour < 12), hour + 12, hour)
    hour = np.where(early & (hour == 12), 0, hour)
    end = (hour == 24) & (minute == 0) & (second == 0)
    good = ((hour < 24) & (minute < 60) & (second < 61)) | end
    return np.where(good, hour * 3600 + minute * 60 + second, 0)


def _split(days: Any) -> tuple[Any, Any, Any]:
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return (
        year,
        months.astype(np.int64) % 12 + 1,
        (days - months.astype("datetime64[D]")).astype(np.int64) + 1,
    )


def _monday(year: Any, week: Any) -> Any:
    """The Monday of an ISO week: week 1 is the one with the fourth of January."""
    fourth = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 3
    weekday = (fourth.astype(np.int64) + 3) % 7
    return fourth - weekday + (week - 1) * 7


def _months(names: pa.Array) -> Any:
    return np.array([MONTHS.get(name, 0) for name in names.to_pylist()], dtype=np.int64)


def ints(text: pa.Array) -> Any:
    """Return the whole numbers that groups of digits are, 0 for none."""
    filled = pc.if_else(pc.equal(pc.fill_null(text, ""), ""), "0", text)
    return pc.cast(filled, pa.int64()).to_numpy(zero_copy_only=False)


def bools(values: Any) -> Any:
    """Return an Arrow mask as a writable numpy one, null as False."""
    return pc.fill_null(values, False).to_numpy(zero_copy_only=False).copy()
