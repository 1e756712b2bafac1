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
from itertools import product

import numpy as np

from caremap.intake.agreement import AGREEING, FEWEST, STAYS, SURE, TOLD, Check, checks, month_told
from caremap.intake.dates import Datetimes, Mask
from caremap.intake.evidence import Evidence
from caremap.intake.turned import Days, days_of, swapped, turned

__all__ = ["Swap", "disagreeing", "find_swaps"]

TIMES = 5.0
"""How many times more often rows that can be swapped have to disagree than the others."""
MENDED = 0.6
"""The share of the disagreeing rows that a swap has to mend."""


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
    >>> from caremap.intake.turned import swappable
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


def disagreeing(
    moments: Mapping[str, Datetimes], movable: Mapping[str, Mask], evidence: Evidence
) -> bool:
    """Whether any row that can be swapped disagrees with the evidence as it is read."""
    days = {name: days_of(values) for name, values in moments.items()}
    can = np.logical_or.reduce(list(movable.values()))
    return bool((_asked(days, can, movable, evidence)[2] & can).any())


def _asked(
    days: Mapping[str, Days], can: Mask, movable: Mapping[str, Mask], evidence: Evidence
) -> tuple[dict[str, Check], dict[str, Mask], Mask]:
    """The checks, where rows as read fail each of them, and where they fail any."""
    held = checks(days, can, movable, evidence)
    asked = {why: ~check(days) for why, check in held.items()}
    return held, asked, np.logical_or.reduce([*asked.values(), np.zeros_like(can)])


def _by_evidence(
    moments: Mapping[str, Datetimes],
    names: list[str],
    movable: Mapping[str, Mask],
    evidence: Evidence,
) -> dict[str, Swap]:
    """Hold every way to read the rows against the evidence."""
    days = {name: days_of(values) for name, values in moments.items()}
    can = np.logical_or.reduce([movable[name] for name in names])
    held, asked, wrong = _asked(days, can, movable, evidence)
    # A wrong month is mended by a swap once in eleven times by accident, so two rows will do.
    by_month = asked.get(month_told(evidence))
    fewest = FEWEST if by_month is None or (by_month & can).sum() < 2 else 2
    if (wrong & can).sum() < fewest or not _more_often(wrong, can):
        return {}
    other = {name: turned(days[name]) for name in names}
    rows = np.flatnonzero(can)
    ways = list(product([False, True], repeat=len(names)))
    fits = np.zeros((len(ways), len(rows)), dtype=bool)
    for place, way in enumerate(ways):
        read = days | {name: other[name] for name, turn in zip(names, way, strict=True) if turn}
        good = np.logical_and.reduce([check(read)[rows] for check in held.values()])
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
        if is_swapped.sum() < fewest:
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
        [*(no for why, no in asked.items() if why != STAYS), np.zeros_like(can)]
    )
    return result if (mended & exact).sum() >= fewest or _no_slips(wrong, can) else {}


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


def _at(places: Days, size: int) -> Mask:
    result = np.zeros(size, dtype=bool)
    result[places] = True
    return result
