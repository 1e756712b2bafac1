"""A header that is no date, or a wrong one, between two dates that leave one date open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from caremap.findings import Finding
from caremap.intake.dateheaders import Stamp, resolved
from caremap.intake.dates import DateOrder

__all__ = ["mended"]

FEWEST = 5
"""Dates that have to follow one another evenly before one between them is believed."""


def mended(
    stamps: Sequence[Stamp | None], headers: Sequence[str], order: DateOrder | None
) -> tuple[list[Stamp | None], list[Finding]]:
    """Return the times of headers, the odd one among even dates read as its place says.

    In published tables single headers of a long row are day numbers, have a slip of the pen
    or an “x” behind them. Where the columns on both sides leave exactly one date open, that
    is what the column between them is.

    Parameters
    ----------
    stamps, headers
        The time each header names, and the headers.
    order
        The order of day and month the user chose.

    Examples
    --------
    >>> days = [Stamp(f"2024-01-0{day}", "day") for day in (1, 2, 3, 4, 6, 7)]
    >>> made, told = mended([*days[:4], None, *days[4:]], ["…"] * 4 + ["39668"] + ["…"] * 2, None)
    >>> made[4].text
    '2024-01-05'
    >>> print(told[0].message)
    The column heading “39668” stands between 2024-01-04 and 2024-01-06: read as 2024-01-05.
    """
    rests = Counter(stamp.rest for stamp in stamps if stamp)
    if not rests or rests.most_common(1)[0][1] < FEWEST:
        return list(stamps), []
    usual = rests.most_common(1)[0][0]
    plain = {place: one for place, one in enumerate(stamps) if one and one.rest == usual}
    spans = {one.span for one in plain.values()}
    if not all(one.dated for one in plain.values()) or not spans <= {"day", "month"}:
        return list(stamps), []
    told = resolved(list(plain.values()), order)
    if told is None or not told[1] or len(spans) > 1:
        return list(stamps), []
    daily = spans == {"day"}
    dates = {
        place: np.datetime64(text[:10], "D") if daily else np.datetime64(text[:7], "M")
        for place, text in zip(plain, told[0], strict=True)
    }
    steps = Counter(
        int((dates[place + 1] - dates[place]).astype(int)) for place in dates if place + 1 in dates
    )
    made, findings = list(stamps), []
    if not steps or steps.most_common(1)[0][1] < FEWEST - 2:
        return made, []
    step = steps.most_common(1)[0][0]
    for place in range(1, len(stamps) - 1):
        before, after = dates.get(place - 1), dates.get(place + 1)
        if before is None or after is None or int((after - before).astype(int)) != 2 * step:
            continue
        date = before + step
        if dates.get(place) == date:
            continue
        named = stamps[place]
        made[place] = replace(next(iter(plain.values())), text=str(date))
        if named is None or named.text != str(date) or named.rest != usual:
            findings.append(
                Finding("odd-header", "warning", f"The column heading “{headers[place]}” stands "
                        f"between {before} and {after}: read as {date}.", headers[place])
            )  # fmt: skip
    return made, findings
