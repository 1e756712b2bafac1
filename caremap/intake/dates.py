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

from caremap.intake.datecolumn import settled
from caremap.intake.dateforms import MONTH, MONTHS, PERIODS, QUARTER, Parts, take_apart
from caremap.intake.dateshapes import by_shape

__all__ = ["MONTHS", "DateOrder", "DateText", "Dates", "Datetimes", "Mask", "read_dates"]

DateOrder = Literal["day-first", "month-first"]
Datetimes = np.ndarray[Any, np.dtype[np.datetime64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class DateText:
    """The parts of each distinct date text, before day and month are told apart.

    ``first`` and ``second`` are the two numbers of ``03/04/2024`` where ``open`` is True;
    elsewhere the month is ``first`` and the day ``second``. ``period`` is the code of what a
    text names in `PERIODS`. Unreadable text has year 0; ``financial`` says where it is a
    financial year or a quarter of one, which begins in another month in every country.
    ``bare`` are numbers that are dates only under a header that says so: Excel day numbers
    (``serial``), seconds since 1970, 202406.
    """

    year: np.ndarray[Any, np.dtype[np.int64]]
    first: np.ndarray[Any, np.dtype[np.int64]]
    second: np.ndarray[Any, np.dtype[np.int64]]
    seconds: np.ndarray[Any, np.dtype[np.int64]]
    open: Mask
    missing: Mask
    period: np.ndarray[Any, np.dtype[np.int64]]
    serial: Mask
    utc: Mask
    bare: Mask
    financial: Mask

    @classmethod
    def of(cls, parts: Parts) -> DateText:
        """Settle the parts of a column's texts among each other."""
        made = settled(parts)
        return cls(
            made.year, made.first, made.second, made.seconds, made.open, made.missing,
            made.period, made.serial, made.utc, made.bare, made.financial,
        )  # fmt: skip

    @property
    def month_only(self) -> Mask:
        """Where a text names a month or a quarter, no day."""
        return np.asarray((self.period == MONTH) | (self.period == QUARTER), dtype=bool)

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
    that were dates already); otherwise ``codes`` says which distinct text, or which day, a
    row holds, and ``clock`` the seconds after midnight of texts that are told apart by day.
    """

    plain: Datetimes | None
    text: DateText | None = None
    codes: np.ndarray[Any, np.dtype[np.int64]] | None = None
    clock: np.ndarray[Any, np.dtype[np.int32]] | None = None

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
        result = np.asarray(distinct[self.codes], dtype="datetime64[us]")
        if self.clock is not None:
            result += self.clock.astype("timedelta64[s]")
        return result

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
    def timed(self) -> Mask:
        """Where a date has a time of day."""
        if self.text is None or self.codes is None:
            assert self.plain is not None
            return np.asarray(self.plain != self.plain.astype("datetime64[D]"), dtype=bool)
        timed = self.rows(self.text.seconds > 0)
        return timed if self.clock is None else timed | (self.clock > 0)

    @property
    def words(self) -> int:
        """How many cells hold a word for “none” or “not yet”."""
        if self.text is None:
            return 0
        return int(self.rows(self.text.missing).sum())

    def share(self, period: str) -> float:
        """Return the share of the dates whose text names such a period, as in `PERIODS`."""
        if self.text is None:
            return float(period == "day")
        read = self.rows(self.text.year > 0)
        named = self.rows((self.text.year > 0) & (self.text.period == PERIODS.index(period)))
        return float(named.sum() / max(read.sum(), 1))

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
        pc.cast(values.slice(0, 20), pa.timestamp("us"))  # a cast that fails is slow: try a few
        stamps = pc.cast(values, pa.timestamp("us"))
        return Dates(stamps.to_numpy(zero_copy_only=False))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        pass
    if not pa.types.is_string(values.type):
        codes, parts = _distinct(values.cast(pa.string()))
        return Dates(None, DateText.of(parts), codes)
    shaped = by_shape(values)
    others = np.flatnonzero(shaped.codes < 0)
    if not len(others):
        return Dates(None, DateText.of(shaped.parts), shaped.codes, shaped.seconds)
    rest = values if len(others) == len(values) else values.take(pa.array(others))
    codes, parts = _distinct(rest)
    shaped.codes[others] = np.where(codes < 0, -1, codes + len(shaped.parts.year))
    text = DateText.of(Parts.joined([shaped.parts, parts]))
    return Dates(None, text, shaped.codes, shaped.seconds)


def _distinct(values: pa.Array) -> tuple[Any, Parts]:
    """The place of each row's text among the distinct ones, -1 for null, and their parts."""
    encoded = pc.dictionary_encode(values)
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, take_apart(encoded.dictionary)


def _timestamps(year: Any, month: Any, day: Any, seconds: Any) -> Datetimes:
    months = np.clip(year, 1, 9999) * 12 + np.clip(month, 1, 12) - 1 - 1970 * 12
    first = months.astype("datetime64[M]")
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    good = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    result = first.astype("datetime64[D]").astype("datetime64[us]")
    result = result + ((day - 1) * 86400 + seconds).astype("timedelta64[s]")
    result[~good] = np.datetime64("NaT")
    return np.asarray(result, dtype="datetime64[us]")
