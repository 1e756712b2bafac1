"""Text to dates: the format may vary by row, the order of day and month may not.

Whether ``03/04/2024`` is the third of April or the fourth of March is decided once for
a column, from all its values, and the decision is reported. Nothing here guesses row
by row: a column in which some rows can only be day-first and others only month-first
is said to be mixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.numerals import MISSING_WORDS

__all__ = ["DateOrder", "DateText", "Dates", "Datetimes", "Mask", "read_dates"]

DateOrder = Literal["day-first", "month-first"]
Datetimes = np.ndarray[Any, np.dtype[np.datetime64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_MONTH_NAMES = (
    "jan january januar janvier janv enero ene janeiro gennaio gen jaenner janner",
    "feb february februar fevrier fevr fev febrero fevereiro febbraio",
    "mar march marz maerz mars marzo marco mrz",
    "apr april avril avr abril abr aprile",
    "may mai mayo maio maggio mag",
    "jun june juni juin junio junho giugno giu",
    "jul july juli juillet juil julio julho luglio lug",
    "aug august aout agosto ago",
    "sep sept september septembre septiembre set setembro settembre",
    "oct october oktober okt octobre octubre outubro out ottobre ott",
    "nov november novembre noviembre novembro",
    "dec december dezember dez decembre diciembre dic dezembro dicembre",
)
MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_TIME = (
    r"(?:[t,;]?\s*(?:um\s+|at\s+|kl\.?\s*)?(?P<h>\d{1,2})[:h.](?P<i>\d{2})"
    r"(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<p>[ap]\.?\s?m\.?)?"
    r"\s*(?:z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY = r"^(?:[a-z]{2,10}\.?,?\s+)??"
_YEAR_FIRST = r"^(?P<y>\d{4})[-/.\s](?P<a>\d{1,2})[-/.\s](?P<b>\d{1,2})" + _TIME + "$"
_NUMERIC = (
    _WEEKDAY
    + r"(?P<a>\d{1,2})\s?[-/.\s]\s?(?P<b>\d{1,2})\s?[-/.\s]\s?(?P<y>\d{4}|\d{2})"
    + _TIME
    + "$"
)
_COMPACT = (
    r"^(?P<y>(?:19|20)\d{2})(?P<a>\d{2})(?P<b>\d{2})"
    r"(?:t?(?P<h>\d{2}):?(?P<i>\d{2}):?(?P<s>\d{2})?)?$"
)
_DAY_NAME = (
    _WEEKDAY + r"(?P<b>\d{1,2})(?:st|nd|rd|th|er|º)?[-/.\s]*(?:de\s+)?(?P<m>[a-z]{3,10})\.?[-/,\s]*"
    r"(?:de\s+|del\s+)?(?P<y>\d{4}|\d{2})" + _TIME + "$"
)
_NAME_DAY = (
    _WEEKDAY + r"(?P<m>[a-z]{3,10})\.?[-/\s]*(?P<b>\d{1,2})(?:st|nd|rd|th)?[-/,\s]+(?P<y>\d{4})"
    + _TIME + "$"
)  # fmt: skip
_YEAR_MONTH = r"^(?P<y>\d{4})[-/.](?P<a>\d{1,2})$"
_MONTH_YEAR = r"^(?P<a>\d{1,2})[-/.](?P<y>\d{4})$"
_NAME_YEAR = r"^(?P<m>[a-z]{3,10})\.?[-/\s,]*(?:de\s+)?(?P<y>\d{4}|\d{2})$"
_QUARTER = r"^(?:(?P<y>\d{4})[-/\s]*q(?P<q>[1-4])|q(?P<q2>[1-4])[-/\s]*(?P<y2>\d{4}))$"
_WEEK = r"^(?P<y>\d{4})[-/\s]?(?:w|kw)[-/\s]?(?P<w>\d{1,2})(?:-(?P<d>[1-7]))?$"
_WEEK_YEAR = (
    r"^(?:w|kw|week|woche|sem|semana|semaine|settimana)\.?\s?(?P<w>\d{1,2})[-/,\s]+(?P<y>\d{4})$"
)
_UTC = r"\d\s?(?:z|utc|gmt|[+-]00:?00)$"
_SERIAL = r"^(?P<n>[1-9]\d{4})(?:\.(?P<f>\d+))?$"


@dataclass(frozen=True)
class DateText:
    """The parts of each distinct date text, before day and month are told apart.

    ``first`` and ``second`` are the two numbers of ``03/04/2024`` where ``open`` is True;
    elsewhere the month is ``first`` and the day ``second``. A ``month`` granularity means
    the text names a month or quarter only. Unreadable text has year 0.
    """

    year: np.ndarray[Any, np.dtype[np.int64]]
    first: np.ndarray[Any, np.dtype[np.int64]]
    second: np.ndarray[Any, np.dtype[np.int64]]
    seconds: np.ndarray[Any, np.dtype[np.int64]]
    open: Mask
    missing: Mask
    month_only: Mask
    serial: Mask
    utc: Mask

    def resolve(self, order: DateOrder) -> Datetimes:
        """Return ``datetime64[us]``, NaT where the text is no date in that order."""
        swap = self.open & (order == "day-first")
        month = np.where(swap, self.second, self.first)
        day = np.where(swap, self.first, self.second)
        return _timestamps(self.year, month, day, self.seconds)

    def only(self, order: DateOrder) -> Mask:
        """Return where only that order gives a date: ``25/03/2024`` is day-first."""
        other: DateOrder = "month-first" if order == "day-first" else "day-first"
        return self.open & ~np.isnat(self.resolve(order)) & np.isnat(self.resolve(other))

    @property
    def either(self) -> Mask:
        """Where both orders give a date, and not the same one."""
        small = (self.first <= 12) & (self.second <= 12)
        return np.asarray(self.open & small & (self.first != self.second), dtype=bool)


@dataclass(frozen=True)
class Dates:
    """A column read as far as it goes without deciding the order of day and month.

    ``plain`` holds the dates of a column that needed no such care (ISO text, or cells
    that were dates already); otherwise ``codes`` says which distinct text a row holds.
    """

    plain: Datetimes | None
    text: DateText | None = None
    codes: np.ndarray[Any, np.dtype[np.int64]] | None = None

    def rows(self, mask: Mask) -> Mask:
        """Return, per row, whether its distinct text is in the mask."""
        assert self.codes is not None
        return np.asarray(np.append(mask, False)[self.codes], dtype=bool)

    def resolve(self, order: DateOrder) -> Datetimes:
        """Return one ``datetime64[us]`` per row, NaT where there is no date."""
        if self.text is None or self.codes is None:
            assert self.plain is not None
            return self.plain
        distinct = np.append(self.text.resolve(order), np.datetime64("NaT", "us"))
        return np.asarray(distinct[self.codes], dtype="datetime64[us]")

    def resolve_each(self, order: DateOrder, *, either: bool) -> Datetimes:
        """Return each value in the one order that fits it.

        What fits both is read in ``order`` where ``either``, else it is missing.
        """
        other: DateOrder = "month-first" if order == "day-first" else "day-first"
        first = self.resolve(order)
        result = np.where(np.isnat(first), self.resolve(other), first)
        if not either and self.text is not None:
            result[self.rows(self.text.either)] = np.datetime64("NaT")
        return np.asarray(result, dtype="datetime64[us]")

    @property
    def filled(self) -> Mask:
        """Where text stands that is no word for “missing”."""
        if self.text is None:
            assert self.plain is not None
            return ~np.isnat(self.plain)
        return self.rows(~self.text.missing)

    @property
    def utc(self) -> int:
        """How many values are said to be in UTC."""
        return 0 if self.text is None else int(self.rows(self.text.utc).sum())

    def bad(self, order: DateOrder) -> Mask:
        """Return the rows whose text is there but is no date in that order."""
        if self.text is None:
            assert self.plain is not None
            return np.zeros(len(self.plain), dtype=bool)
        return self.rows(np.isnat(self.text.resolve(order)) & ~self.text.missing)


def read_dates(values: pa.Array) -> Dates:
    """Take the texts of a column apart.

    Parameters
    ----------
    values
        Arrow array of strings or timestamps; null is missing.

    Examples
    --------
    >>> dates = read_dates(pa.array(["03/04/2024 14:20", "Apr 3, 2024", "20240403", "31/02/2024"]))
    >>> dates.resolve("day-first").astype("datetime64[D]").astype(str).tolist()
    ['2024-04-03', '2024-04-03', '2024-04-03', 'NaT']
    >>> dates.resolve("month-first").astype("datetime64[D]").astype(str).tolist()[0]
    '2024-03-04'
    """
    try:
        stamps = pc.cast(values, pa.timestamp("us"))
        return Dates(stamps.to_numpy(zero_copy_only=False))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        pass
    encoded = pc.dictionary_encode(values)
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return Dates(None, _take_apart(encoded.dictionary.cast(pa.string())), codes)


def _take_apart(texts: pa.Array) -> DateText:
    size = len(texts)
    text = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    text = pc.replace_substring_regex(text, r"[\s\x{00a0}\x{202f}]+", " ")
    missing = _bools(pc.is_in(text, pa.array(sorted({"", *MISSING_WORDS}), pa.string())))
    parts = {name: np.zeros(size, dtype=np.int64) for name in ("y", "a", "b", "t")}
    marks = {name: np.zeros(size, dtype=bool) for name in ("open", "month", "serial")}
    todo = ~missing
    for pattern, kind in (
        (_YEAR_FIRST, ""), (_NUMERIC, "open"), (_COMPACT, ""), (_DAY_NAME, ""), (_NAME_DAY, ""),
        (_YEAR_MONTH, "month"), (_MONTH_YEAR, "month"), (_NAME_YEAR, "month"),
        (_QUARTER, "quarter"), (_WEEK, "week"), (_WEEK_YEAR, "week"), (_SERIAL, "serial"),
    ):  # fmt: skip
        if not todo.any():
            break
        rows = np.flatnonzero(todo)
        found, where = _match(_fold(text.take(pa.array(rows))), pattern)
        at = rows[where]
        if len(at) == 0:
            continue
        _fill(parts, marks, found, at, kind)
        todo[at] = False
    return DateText(
        parts["y"], parts["a"], parts["b"], parts["t"],
        marks["open"], missing, marks["month"], marks["serial"],
        _bools(pc.match_substring_regex(text, _UTC)),
    )  # fmt: skip


def _match(text: pa.Array, pattern: str) -> tuple[dict[str, Any], Any]:
    """The named groups of the texts that match, and where those stand."""
    where = np.flatnonzero(_bools(pc.match_substring_regex(text, pattern)))
    if len(where) == 0:
        return {}, where
    groups = pc.extract_regex(text.take(pa.array(where)), pattern)
    return {item.name: groups.field(index) for index, item in enumerate(groups.type)}, where


def _fill(
    parts: dict[str, Any], marks: dict[str, Any], found: dict[str, Any], at: Any, kind: str
) -> None:
    if kind == "serial":
        base = np.datetime64("1899-12-30", "D") + _ints(found["n"])
        fraction = pc.cast(pc.binary_join_element_wise("0", pc.if_else(
            pc.equal(found["f"], ""), "0", found["f"]), "."), pa.float64())  # fmt: skip
        year, month, day = _split(base)
        seconds = np.round(fraction.to_numpy(zero_copy_only=False) * 86400).astype(np.int64)
        marks["serial"][at] = True
    elif kind == "week":
        base = _monday(_ints(found["y"]), _ints(found["w"]))
        base = base + (np.maximum(_ints(found["d"]), 1) - 1 if "d" in found else 0)
        year, month, day = _split(base)
        year = np.where((_ints(found["w"]) >= 1) & (_ints(found["w"]) <= 53), year, 0)
        seconds = np.zeros_like(year)
    elif kind == "quarter":
        year = _ints(found["y"]) + _ints(found["y2"])
        month = (_ints(found["q"]) + _ints(found["q2"])) * 3 - 2
        day, seconds = np.ones_like(year), np.zeros_like(year)
    else:
        year = _full_year(_ints(found["y"]), found["y"])
        month = _months(found["m"]) if "m" in found else _ints(found["a"])
        day = _ints(found["b"]) if "b" in found else np.ones_like(year)
        seconds = _seconds(found) if "h" in found else np.zeros_like(year)
        marks["open"][at] = kind == "open"
    marks["month"][at] = kind in {"month", "quarter"}
    parts["y"][at], parts["a"][at], parts["b"][at], parts["t"][at] = year, month, day, seconds


def _seconds(found: dict[str, Any]) -> Any:
    hour, minute, second = (_ints(found[part]) for part in "his")
    if "p" in found:
        afternoon = _bools(pc.starts_with(found["p"], "p"))
        morning = _bools(pc.starts_with(found["p"], "a"))
        hour = np.where(afternoon & (hour < 12), hour + 12, hour)
        hour = np.where(morning & (hour == 12), 0, hour)
    return np.where((hour < 24) & (minute < 60), hour * 3600 + minute * 60 + second, 0)


def _timestamps(year: Any, month: Any, day: Any, seconds: Any) -> Datetimes:
    months = np.clip(year, 1, 9999) * 12 + np.clip(month, 1, 12) - 1 - 1970 * 12
    first = months.astype("datetime64[M]")
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    good = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    result = first.astype("datetime64[D]").astype("datetime64[us]")
    result = result + ((day - 1) * 86400 + seconds).astype("timedelta64[s]")
    result[~good] = np.datetime64("NaT")
    return np.asarray(result, dtype="datetime64[us]")


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


def _full_year(year: Any, text: pa.Array) -> Any:
    """Two digits: 70-99 are the last century, as in POSIX and most databases."""
    short = _bools(pc.equal(pc.utf8_length(text), 2))
    return np.where(short, np.where(year >= 70, 1900 + year, 2000 + year), year)


def _months(names: pa.Array) -> Any:
    return np.array([MONTHS.get(name, 0) for name in names.to_pylist()], dtype=np.int64)


def _fold(text: pa.Array) -> pa.Array:
    """Accents of month names off: août, février, März."""
    if pc.all(pc.string_is_ascii(text)).as_py():
        return text
    for accented, plain in ("ûu", "ée", "äa", "çc", "èe", "íi"):
        text = pc.replace_substring(text, accented, plain)
    return text


def _ints(text: pa.Array) -> Any:
    filled = pc.if_else(pc.equal(text, ""), "0", text)
    return pc.cast(filled, pa.int64()).to_numpy(zero_copy_only=False)


def _bools(values: Any) -> Any:
    return pc.fill_null(values, False).to_numpy(zero_copy_only=False)
