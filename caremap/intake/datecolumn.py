"""What parts of dates mean where only the whole column can tell.

``24-04-03`` is the third of April where the first number runs past 31, ``2011/12`` is a
financial year where every value names two years in a row, “S2” is a week where there is
an “S5”, and two-digit years belong together in one stretch of time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from caremap.intake.dateforms import MONTH, Parts

__all__ = ["settled"]

POSIX, NEAR, FAR, LATE = 70, 5, 50, 2040
"""Where the century is cut by default; years that belong together; years that do not; and the
last year that is taken for this century however far behind the others it lies."""


def settled(parts: Parts) -> Parts:
    """Return the parts of the distinct texts of one column with four-digit years.

    Examples
    --------
    >>> from caremap.intake.dateforms import take_apart
    >>> import pyarrow as pa
    >>> found = settled(take_apart(pa.array(["99-04-30", "98-12-01"])))
    >>> found.year.tolist(), found.first.tolist(), found.second.tolist()
    ([1999, 1998], [4, 12], [30, 1])
    """
    parts = replace(parts, year=parts.year.copy(), open=parts.open.copy())
    parts = _financial(_weeks(_year_first(parts)))
    short = parts.short & (parts.year >= 0)
    parts.year[short] = _full_years(parts.year[short])
    return parts


def _year_first(parts: Parts) -> Parts:
    """Short dates that can only be year, month and day, or plainly are."""
    here = parts.open & parts.short
    if not here.any():
        return parts
    year, month, day = parts.first[here], parts.second[here], parts.year[here]
    if not (((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all()):
        return parts
    first, last = len(np.unique(year)), len(np.unique(day))
    # Days take many values and years few; the first of every month is a day as well.
    plain = (last >= 10 and 3 * first <= last) or (
        (day == 1).all() and first <= 2 < len(np.unique(month))
    )
    if not ((year > 31).any() or plain):
        return parts
    firsts, seconds = parts.first.copy(), parts.second.copy()
    parts.year[here], firsts[here], seconds[here] = year, month, day
    parts.open[here] = False
    return replace(parts, first=firsts, second=seconds)


def _weeks(parts: Parts) -> Parts:
    """“S1” and “S2” are halves of a year unless other weeks stand beside them."""
    if parts.letter.any() and parts.letter.max() <= 2:
        parts.year[parts.letter > 0] = 0
    return parts


def _financial(parts: Parts) -> Parts:
    """``2010/11``, ``2011/12``, ``2012/13`` are financial years, not months."""
    pair = parts.pair & (parts.period == MONTH)
    following = parts.first == (parts.year + 1) % 100
    if not pair.any():
        return parts
    years = following[pair].all() and (pair.sum() > 1 or (parts.first[pair] > 12).any())
    # A lone “2023/24” among months is one as well: there is no month 24.
    found = pair & (following if years else following & (parts.first > 12))
    parts.year[found] = 0
    return replace(parts, financial=parts.financial | found)


def _full_years(years: Any) -> Any:
    """Centuries for two-digit years.

    70-99 are the last century, as in POSIX and most databases. Where that cuts a stretch of
    years in two (68, 69, 70, 71) the century begins at the widest gap instead; and years from
    2041 on that lie far behind all others are the last century's.
    """
    full = np.where(years >= POSIX, 1900 + years, 2000 + years)
    kinds = np.unique(years)
    before, behind = kinds[kinds < POSIX], kinds[kinds >= POSIX]
    if len(before) and len(behind) and behind[0] - before[-1] < NEAR:
        gaps = np.diff(kinds, append=kinds[0] + 100)
        start = kinds[(int(np.argmax(gaps)) + 1) % len(kinds)]
        return np.where(years >= start, 1900, 2000) + years if gaps.max() >= NEAR else full
    ordered = np.unique(full)
    for last, following in zip(ordered[:-1], ordered[1:], strict=True):
        if following - last >= FAR and following > LATE:
            return np.where(full >= following, full - 100, full)
    return full
