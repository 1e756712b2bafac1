"""Dates whose day and month were swapped in part of the rows.

A spreadsheet program that expects month first turns 04/03/2024, meant as the fourth of
March, into the third of April, and leaves 13/03/2024 alone: every date after the twelfth
is right, and no value fails to parse. Such a column is told by what stands beside it: a
column of months, a supplied length of stay, the other date of the stay, the order of the
rows, and the span of the dates that cannot be swapped.

Each row is read in every way its dates allow, and each way is held against that evidence.
A column counts as swapped only where rows that can be swapped disagree far more often than
rows that cannot, and swapping mends most of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from caremap.intake.dates import Datetimes, Mask
from caremap.intake.evidence import Evidence

__all__ = ["Swap", "find_swaps", "swappable", "swapped"]

Days = np.ndarray[Any, np.dtype[np.int64]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

FEWEST = 3
"""Rows that have to disagree: fewer are slips of single cells."""
TIMES = 5.0
"""How many times more often rows that can be swapped have to disagree than the others."""
MENDED = 0.6
"""The share of the disagreeing rows that a swap has to mend."""
AGREEING = 0.9
"""The share of sure rows a column has to agree with to be evidence."""
TOLD = 0.98
"""From this share of rows on that are told one way or the other, the column can be repaired."""
SURE = 20
"""From so many swapped rows on, with next to none that is right, all of them are."""
NEAR = 3
"""Days by which a row may stand out of the order of its neighbours."""
_STAYS = "stays end before they begin or last absurdly long"
_SPAN = "they lie outside the span of the dates after the 12th"
_ORDER = "they stand out of the order of the rows"
NONE = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Swap:
    """One column with days and months swapped in part of its rows.

    Attributes
    ----------
    rows
        Where day and month are swapped.
    open
        Where it cannot be told.
    why
        What shows it, in words.
    """

    rows: Mask
    open: Mask
    why: str

    @property
    def provable(self) -> bool:
        """Whether few enough rows stay open for a repair to give figures by date."""
        doubtful = self.rows.sum() + self.open.sum()
        few = self.open.sum() <= (1 - TOLD) * len(self.open)
        return bool(few and self.open.sum() <= (1 - AGREEING) * doubtful)


def swappable(moments: Datetimes) -> Mask:
    """Return where day and month can change places and make another date.

    Examples
    --------
    >>> swappable(np.array(["2024-03-04", "2024-03-13", "2024-03-03"], "datetime64[us]")).tolist()
    [True, False, False]
    """
    days = _days(moments)
    return np.asarray(_turned(days) != days, dtype=bool)


def swapped(moments: Datetimes) -> Datetimes:
    """Return the dates with day and month in each other's place, the time of day kept.

    Dates that cannot be swapped stay as they are.

    Examples
    --------
    >>> swapped(np.array(["2024-03-04T10:30", "2024-03-13"], "datetime64[us]")).astype(str).tolist()
    ['2024-04-03T10:30:00.000000', '2024-03-13T00:00:00.000000']
    """
    days = _days(moments)
    shift = (_turned(days) - days).astype("timedelta64[D]")
    return np.asarray(moments + shift, dtype="datetime64[us]")


def find_swaps(
    moments: Mapping[str, Datetimes],
    movable: Mapping[str, Mask],
    evidence: Evidence,
    proved: Mapping[str, Mask] | None = None,
) -> dict[str, Swap]:
    """Find the date columns that are swapped in part of their rows.

    Parameters
    ----------
    moments
        Field to the dates as read: ``admitted`` and ``discharged``, or ``date``.
    movable
        Field to where day and month may have changed places.
    evidence
        What stands beside the dates.
    proved
        Field to where the way the cells are written proves that they are swapped.

    Examples
    --------
    Admissions of March, three of them with day and month swapped:

    >>> starts = ["2024-03-14", "2024-03-20", "2024-04-03", "2024-06-03", "2024-07-03"]
    >>> dates = {"admitted": np.array(starts, "datetime64[us]")}
    >>> where = {name: swappable(values) for name, values in dates.items()}
    >>> months = Evidence(months=np.full(5, 3), months_header="Month")
    >>> find_swaps(dates, where, months)["admitted"].rows.tolist()
    [False, False, True, True, True]
    """
    proved = proved or {}
    found = {
        name: Swap(mask, np.zeros(len(mask), dtype=bool), "they stand beside dates written as text "
                   "that are all after the 12th, as a spreadsheet program leaves them")
        for name, mask in proved.items()
    }  # fmt: skip
    names = [name for name in moments if name not in found and movable[name].any()]
    if not names:
        return found
    fixed = {
        name: swapped(values) if name in found else values
        for name, values in moments.items()
        if name not in names
    }
    return found | _by_evidence({**moments, **fixed}, names, movable, evidence)


def _by_evidence(
    moments: Mapping[str, Datetimes],
    names: list[str],
    movable: Mapping[str, Mask],
    evidence: Evidence,
) -> dict[str, Swap]:
    """Hold every way to read the rows against the evidence."""
    days = {name: _days(values) for name, values in moments.items()}
    can = np.logical_or.reduce([movable[name] for name in names])
    checks = _checks(days, can, movable, evidence)
    asked = {why: ~check(days) for why, check in checks.items()}
    wrong = np.logical_or.reduce([*asked.values(), np.zeros_like(can)])
    if (wrong & can).sum() < FEWEST or not _more_often(wrong, can):
        return {}
    turned = {name: _turned(days[name]) for name in names}
    rows = np.flatnonzero(can)
    ways = list(product([False, True], repeat=len(names)))
    fits = np.zeros((len(ways), len(rows)), dtype=bool)
    for place, way in enumerate(ways):
        read = days | {name: turned[name] for name, turn in zip(names, way, strict=True) if turn}
        good = np.logical_and.reduce([check(read)[rows] for check in checks.values()])
        for name, turn in zip(names, way, strict=True):
            if turn:
                good &= movable[name][rows]
        fits[place] = good
    result: dict[str, Swap] = {}
    for index, name in enumerate(names):
        turns = np.array([way[index] for way in ways])
        may = movable[name][rows]
        is_swapped = may & fits[turns].any(axis=0) & ~fits[~turns].any(axis=0)
        is_right = may & fits[~turns].any(axis=0) & ~fits[turns].any(axis=0)
        open_ = may & ~is_swapped & ~is_right
        if is_swapped.sum() < FEWEST:
            continue
        if is_swapped.sum() >= SURE and is_right.sum() <= (1 - TOLD) * is_swapped.sum():
            is_swapped, open_ = is_swapped | open_, np.zeros_like(open_)
        result[name] = Swap(
            _at(rows[is_swapped], len(can)), _at(rows[open_], len(can)), _why(asked, rows)
        )
    mended = np.logical_or.reduce([*(swap.rows for swap in result.values()), np.zeros_like(can)])
    if (mended & wrong).sum() < MENDED * (wrong & can).sum():
        return {}
    exact = np.logical_or.reduce(
        [*(no for why, no in asked.items() if why != _STAYS), np.zeros_like(can)]
    )
    return result if (mended & exact).sum() >= FEWEST or _no_slips(wrong, can) else {}


def _checks(
    days: Mapping[str, Days], can: Mask, movable: Mapping[str, Mask], evidence: Evidence
) -> dict[str, Any]:
    """What a right reading has to agree with: a sentence to a test of all rows."""
    checks: dict[str, Any] = {}
    for name, values in days.items():
        sure = (values != NONE) & ~movable[name]
        if evidence.months is not None and _months_agree(values, evidence.months, sure):
            told = f"the month in “{evidence.months_header}” disagrees"
            checks[told] = _month_check(name, evidence.months)
            break
    if {"admitted", "discharged"} <= set(days):
        checks |= _stay_checks(days, can, evidence)
    for name, values in days.items():
        sure = (values != NONE) & ~movable[name]
        if sure.sum() >= SURE:
            checks[_SPAN] = _all_of(checks.get(_SPAN), _span_check(name, values[sure]))
            if ordered := _order_check(name, values, sure):
                checks[_ORDER] = _all_of(checks.get(_ORDER), ordered)
    return checks


def _all_of(one: Any, other: Any) -> Any:
    return other if one is None else lambda read: one(read) & other(read)


def _months_agree(values: Days, months: Days, sure: Mask) -> bool:
    """Whether a column of months is of these dates; with few sure rows it is taken to be."""
    both = sure & (months > 0)
    if both.sum() < FEWEST:
        return bool((months[values != NONE] > 0).any())
    return bool((_month(values[both]) == months[both]).mean() >= AGREEING)


def _month_check(name: str, months: Days) -> Any:
    def agrees(read: Mapping[str, Days]) -> Mask:
        values = read[name]
        known = (values != NONE) & (months > 0)
        result = ~known
        result[known] = _month(values[known]) == months[known]
        return np.asarray(result, dtype=bool)

    return agrees


def _stay_checks(days: Mapping[str, Days], can: Mask, evidence: Evidence) -> dict[str, Any]:
    """A stay ends after it begins, lasts no longer than stays do, and as long as the file says."""
    sure = _nights(days)[~can]
    sure = sure[~np.isnan(sure)]
    longest = max(31.0, 1.5 * float(np.quantile(sure, 0.999))) if len(sure) >= SURE else 366.0

    def possible(read: Mapping[str, Days]) -> Mask:
        nights = _nights(read)
        return np.asarray(np.isnan(nights) | ((nights >= 0) & (nights <= longest)), dtype=bool)

    checks: dict[str, Any] = {_STAYS: possible}
    if (as_long := _length_check(days, can, evidence)) is not None:
        checks = {f"the length of stay in “{evidence.lengths_header}” disagrees": as_long, **checks}
    return checks


def _length_check(days: Mapping[str, Days], can: Mask, evidence: Evidence) -> Any:
    """Stays last as long as a column says, None where sure rows do not agree with it."""
    lengths = evidence.lengths
    if lengths is None:
        return None
    apart = _nights(days) - np.floor(lengths)
    known = ~can & ~np.isnan(apart)
    offset = float(np.clip(np.median(apart[known]), -1, 1)) if known.sum() >= FEWEST else 0.0
    exact = known.sum() >= SURE and (apart[known] == offset).mean() >= TOLD
    near = 0.0 if exact else 1.0
    if known.sum() >= FEWEST and (np.abs(apart[known] - offset) <= near).mean() < AGREEING:
        return None

    def as_long(read: Mapping[str, Days]) -> Mask:
        off = np.abs(_nights(read) - np.floor(lengths) - offset)
        return np.asarray(np.isnan(off) | (off <= near), dtype=bool)

    return as_long


def _span_check(name: str, sure: Days) -> Any:
    """Dates lie between the oldest and the newest that cannot be swapped.

    The file may begin or end within the first twelve days of a month, and sure dates may be
    few and far between: at least a month is spared, and seven times their usual distance.
    """
    low, high = int(sure.min()), int(sure.max())
    spared = max(31.0, 7 * (high - low) / len(sure))
    first, last = low - spared, high + spared

    def inside(read: Mapping[str, Days]) -> Mask:
        values = read[name]
        return np.asarray((values == NONE) | ((values >= first) & (values <= last)), dtype=bool)

    return inside


def _order_check(name: str, values: Days, sure: Mask) -> Any:
    """Rows stand between their neighbours, where the sure ones are in order of date."""
    places = np.flatnonzero(sure)
    steps = np.diff(values[places])
    rising, falling = (steps >= -NEAR).mean(), (steps <= NEAR).mean()
    if len(steps) < SURE or max(rising, falling) < TOLD or rising == falling:
        return None
    at = np.searchsorted(places, np.arange(len(values)))
    before = values[places[np.maximum(at - 1, 0)]]
    after = values[places[np.minimum(at, len(places) - 1)]]
    # Before the first and after the last sure row one side is open.
    one_sided = (at == 0) | (at == len(places))
    low = np.minimum(before, after) - np.where(one_sided, 31, NEAR)
    high = np.maximum(before, after) + np.where(one_sided, 31, NEAR)

    def between(read: Mapping[str, Days]) -> Mask:
        held = read[name]
        return np.asarray((held == NONE) | ((held >= low) & (held <= high)), dtype=bool)

    return between


def _more_often(wrong: Mask, can: Mask) -> bool:
    """Whether rows that can be swapped disagree far more often than the others."""
    others = float(wrong[~can].mean()) if (~can).any() else 0.0
    return bool(wrong[can].mean() > TIMES * others + 0.002)


def _no_slips(wrong: Mask, can: Mask) -> bool:
    """Whether impossible stays alone are too many, in rows that can be swapped, to be slips.

    A slip of the pen makes a stay end before it begins as well, and swapping may mend it by
    accident; but slips do not care whether a row can be swapped (Chernoff's bound), nor do
    they spoil a quarter of the rows.
    """
    count, among = int(wrong.sum()), int((wrong & can).sum())
    share, expected = among / count, float(can.mean())
    if among >= 4 and among >= 0.25 * can.sum():
        return True
    if share <= expected:
        return False
    rest = (1 - share) * np.log((1 - share) / (1 - expected)) if share < 1 else 0.0
    return bool(np.exp(-count * (share * np.log(share / expected) + rest)) < 1e-4)


def _why(asked: Mapping[str, Mask], rows: Days) -> str:
    """The strongest evidence that half of the disagreeing rows disagree with."""
    counts = {why: int(mask[rows].sum()) for why, mask in asked.items()}
    return next(why for why, count in counts.items() if 2 * count >= max(counts.values()))


def _nights(days: Mapping[str, Days]) -> Numbers:
    start, end = days["admitted"], days["discharged"]
    known = (start != NONE) & (end != NONE)
    return np.where(known, np.where(known, end, 0) - np.where(known, start, 0), np.nan)


@lru_cache(maxsize=1)
def _calendar() -> tuple[int, Days]:
    """The first day of a calendar, and what each of its days is with day and month swapped.

    A table of the days of four centuries: looking up is ten times faster than calculating.
    """
    first, last = np.datetime64("1800-01-01", "D"), np.datetime64("2200-01-01", "D")
    days = np.arange(first, last)
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    year, month = np.divmod(months.astype(np.int64), 12)
    other = (year * 12 + day - 1).astype("datetime64[M]").astype("datetime64[D]") + month
    return int(first.astype(np.int64)), np.where(day <= 12, other, days).astype(np.int64)


def _turned(days: Days) -> Days:
    """Days with day of the month and month in each other's place, where that is a date."""
    first, table = _calendar()
    at = days - first
    known = (days != NONE) & (at >= 0) & (at < len(table))
    return np.where(known, table[np.where(known, at, 0)], days)


def _days(moments: Datetimes) -> Days:
    """Whole days since 1970, `NONE` where there is no date."""
    return np.asarray(moments.astype("datetime64[D]").astype(np.int64))


def _month(days: Days) -> Days:
    return np.asarray(
        days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    )


def _at(places: Days, size: int) -> Mask:
    result = np.zeros(size, dtype=bool)
    result[places] = True
    return result
