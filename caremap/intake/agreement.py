"""What a right reading of dates agrees with: months, lengths, spans and the order of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from caremap.intake.dates import Mask
from caremap.intake.evidence import Evidence
from caremap.intake.turned import NONE, Days, month_of

__all__ = ["AGREEING", "FEWEST", "STAYS", "SURE", "TOLD", "Check", "checks", "month_told"]

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Check = Callable[[Mapping[str, Days]], Mask]
"""Given the days of each date column, where a row is as it should be."""

FEWEST = 3
"""Rows that have to disagree: fewer are slips of single cells."""
AGREEING = 0.9
"""The share of sure rows a column has to agree with to be evidence."""
TOLD = 0.98
"""A share of rows that is next to all of them."""
SURE = 20
"""Rows that are enough to know how the others should be."""
SOME = 8
"""Rows from which on the others cannot be of quite another size."""
NEAR = 3
"""Days by which a row may stand out of the order of its neighbours."""
STAYS = "stays end before they begin or last absurdly long"
_SPAN = "they lie outside the span of the dates after the 12th"
_ORDER = "they stand out of the order of the rows"


def checks(
    days: Mapping[str, Days], can: Mask, movable: Mapping[str, Mask], evidence: Evidence
) -> dict[str, Check]:
    """Return what a right reading has to agree with: a sentence to a test of all rows.

    Parameters
    ----------
    days
        Field to the days of its column, `NONE` where there is none.
    can, movable
        Where a row, and where a column, can have day and month swapped.
    evidence
        What stands beside the dates.
    """
    found: dict[str, Check] = {}
    for name, values in days.items():
        sure = (values != NONE) & ~movable[name]
        if evidence.months is not None and _months_agree(values, evidence.months, sure):
            found[month_told(evidence)] = _month_check(name, evidence.months)
            break
    if {"admitted", "discharged"} <= set(days):
        found |= _stay_checks(days, can, evidence)
    for name, values in days.items():
        sure = (values != NONE) & ~movable[name]
        if sure.sum() >= SURE:
            found[_SPAN] = _all_of(found.get(_SPAN), _span_check(name, values[sure]))
            if ordered := _order_check(name, values, sure):
                found[_ORDER] = _all_of(found.get(_ORDER), ordered)
    return found


def month_told(evidence: Evidence) -> str:
    """Say that a column of months disagrees."""
    return f"the month in “{evidence.months_header}” disagrees"


def _all_of(one: Check | None, other: Check) -> Check:
    return other if one is None else lambda read: one(read) & other(read)


def _months_agree(values: Days, months: Days, sure: Mask) -> bool:
    """Whether a column of months is of these dates; with few sure rows it is taken to be."""
    both = sure & (months > 0)
    if both.sum() < FEWEST:
        return bool((months[values != NONE] > 0).any())
    return bool((month_of(values[both]) == months[both]).mean() >= AGREEING)


def _month_check(name: str, months: Days) -> Check:
    def agrees(read: Mapping[str, Days]) -> Mask:
        values = read[name]
        known = (values != NONE) & (months > 0)
        result = ~known
        result[known] = month_of(values[known]) == months[known]
        return np.asarray(result, dtype=bool)

    return agrees


def _stay_checks(days: Mapping[str, Days], can: Mask, evidence: Evidence) -> dict[str, Check]:
    """A stay ends after it begins, lasts no longer than stays do, and as long as the file says."""
    sure = _nights(days)[~can]
    sure = sure[~np.isnan(sure)]
    longest = 366.0
    if len(sure) >= SURE:
        longest = max(31.0, 1.5 * float(np.quantile(sure, 0.999)))
    elif len(sure) >= SOME:
        longest = max(62.0, 3 * float(sure.max()))

    def possible(read: Mapping[str, Days]) -> Mask:
        nights = _nights(read)
        return np.asarray(np.isnan(nights) | ((nights >= 0) & (nights <= longest)), dtype=bool)

    found: dict[str, Check] = {STAYS: possible}
    if (as_long := _length_check(days, can, evidence)) is not None:
        found = {f"the length of stay in “{evidence.lengths_header}” disagrees": as_long, **found}
    return found


def _length_check(days: Mapping[str, Days], can: Mask, evidence: Evidence) -> Check | None:
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


def _span_check(name: str, sure: Days) -> Check:
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


def _order_check(name: str, values: Days, sure: Mask) -> Check | None:
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


def _nights(days: Mapping[str, Days]) -> Numbers:
    start, end = days["admitted"], days["discharged"]
    known = (start != NONE) & (end != NONE)
    return np.where(known, np.where(known, end, 0) - np.where(known, start, 0), np.nan)
