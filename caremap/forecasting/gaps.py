"""Days the file does not cover, told from days on which nobody came.

A file of stays has no row for a day on which nobody came, and none for a day that was lost
either. Which it was is judged by how unlikely the empty days are: a hospital to which forty
people come every day does not stay empty for a week. A place that closes on some weekdays
closes on holidays too: there, only a gap longer than any holiday is taken for missing.

Counts say themselves which days they cover: a day without a count is a gap. But a sum over
places is complete only where all of them counted, and places begin and stop counting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from caremap.days import SURE, said
from caremap.measures.grid import named

__all__ = ["Reporting", "empty_by_chance", "reporting", "runs_of"]

Array = np.ndarray[Any, Any]

TOLERATED = 0.1
"""Share of the usual sum that may be lacking on a day before it counts as a gap."""

NEGLIGIBLE = 0.005  # share of the sum that is not worth a word
NEAR = 28  # days on either side that say what is usual
HOLIDAYS = 10  # days in a row that a place which closes on weekdays may be closed
LATE = {"day": 28, "week": 4}  # a place without a count for longer has stopped, not late
ENOUGH = {"day": 364, "week": 52}  # suffice once those are left out that many did not count on


@dataclass(frozen=True)
class Reporting:
    """Which days a sum over places is complete for.

    Attributes
    ----------
    complete
        By day: whether the places that make up the sum counted, up to `TOLERATED` of it.
    notes
        What is lacking, in sentences.
    """

    complete: pd.Series[bool]
    notes: tuple[str, ...] = field(default_factory=tuple)


def runs_of(empty: Array) -> list[tuple[int, int]]:
    """Return where runs of True begin, and where they have ended.

    Examples
    --------
    >>> runs_of(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    edges = np.diff(np.concatenate([[0], empty.astype("int8"), [0]]))
    begins, ends = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0)
    return list(zip(begins.tolist(), ends.tolist(), strict=True))


def empty_by_chance(counts: pd.Series[Any], among: int = 1) -> pd.Series[bool]:
    """Return which days are covered: those with a row, and those empty by chance.

    Parameters
    ----------
    counts
        Rows of a file per day, every day from the first to the last.
    among
        How many such series are judged together.

    Returns
    -------
    pandas.Series
        False on the days of a run of empty ones so long that it is expected less than once
        in a hundred such files: the four weeks on either side say how many rows a day of the
        week has; counts that vary more than a Poisson process are given more room.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=100)
    >>> busy = pd.Series(8.0, days).where((days < "2024-02-01") | (days > "2024-02-03"), 0.0)
    >>> days[~empty_by_chance(busy)].strftime("%d %b").tolist()
    ['01 Feb', '02 Feb', '03 Feb']
    >>> quiet = pd.Series(1.0, days).where(days.day != 10, 0.0)
    >>> bool(empty_by_chance(quiet).all())
    True
    """
    values = counts.to_numpy("float64")
    covered = np.ones(len(values), dtype=bool)
    runs = runs_of(values == 0)
    sure = SURE + np.log(max(len(values) * among, 1))
    longest = max((end - begin for begin, end in runs), default=0)
    if not runs or values.max(initial=0.0) == 0 or longest * values.max() < sure:
        return _said(covered, counts.index)
    weekday = pd.DatetimeIndex(counts.index).day_of_week.to_numpy()
    factor = _weekdays(values, weekday)
    closes = bool((factor < 0.05).any())
    room = _room(values, factor)
    for begin, end in runs:
        if closes and end - begin <= HOLIDAYS:
            continue
        usual = _usual(values, factor, begin, end)
        inside = np.r_[begin : min(begin + NEAR, end), max(end - NEAR, begin + NEAR) : end]
        unlikely = usual * factor[inside].sum() * room > sure
        if unlikely and not _every_year(values, begin, end):
            covered[begin:end] = False
    return _said(covered, counts.index)


def _said(true: Array, days: pd.Index[Any]) -> pd.Series[bool]:
    found: pd.Series[bool] = pd.Series(true, days, dtype="bool")
    return found


def _weekdays(values: Array, weekday: Array) -> Array:
    """Return for every day how many rows its weekday has, 1 being the mean of all."""
    weeks = np.bincount(weekday, weights=values, minlength=7)
    days = np.maximum(np.bincount(weekday, minlength=7), 1)
    means = weeks / days
    result: Array = (means / means.mean())[weekday]
    return result


def _usual(values: Array, factor: Array, begin: int, end: int) -> float:
    """Return how many rows a day has near a run of empty ones: on the quieter side of it.

    Where a season begins or ends, one side is busy and the other is not.
    """
    sides = (slice(max(begin - NEAR, 0), begin), slice(end, end + NEAR))
    levels = [float(values[side].sum() / factor[side].sum()) for side in sides
              if factor[side].sum() > 0]  # fmt: skip
    return min(levels, default=0.0)


def _every_year(values: Array, begin: int, end: int) -> bool:
    """Return whether a long run of empty days comes back: a ward for winter only."""
    if end - begin <= NEAR:
        return False
    years = [values[max(begin + year, 0) : max(end + year, 0)] for year in (-365, 365)]
    return any(len(other) > (end - begin) / 2 and (other == 0).mean() > 0.8 for other in years)


def _room(values: Array, factor: Array) -> float:
    """Return by how much less surely an empty day is unusual than in a Poisson process.

    A negative binomial of mean m and variance d·m is 0 with probability exp(−m·ln d/(d − 1)).
    """
    level = pd.Series(values / np.maximum(factor, 0.05)).rolling(15, 1, center=True).median()
    expected = np.maximum(level.to_numpy() * factor, 0.5)
    apart = ((values - expected) / np.sqrt(expected))[values > 0]
    spread = (1.4826 * float(np.median(np.abs(apart)))) ** 2 if len(apart) else 1.0
    return float(np.log(spread) / (spread - 1)) if spread > 1.05 else 1.0


def reporting(
    counted: pd.DataFrame, usual: pd.Series[Any], place: str = "places", every: str = "day"
) -> Reporting:
    """Return which days a sum over places is complete for.

    Parameters
    ----------
    counted
        Whether each place (column) counted on each day (index).
    usual
        What each place counts on a usual day.
    place
        What the places are called in a sentence.
    every
        ``day`` or ``week``: what a row stands for.

    Returns
    -------
    Reporting
        A place that counts no more has stopped after four weeks, before that it is late. Days
        on which many did not count yet are left out where a year, or four fifths of all
        days, remain; else they stay, and it is said.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=60)
    >>> counted = pd.DataFrame({"A": True, "B": days != "2024-01-20"}, days)
    >>> found = reporting(counted, pd.Series({"A": 5.0, "B": 5.0}), "facilities")
    >>> found.complete[~found.complete].index.strftime("%d %b").tolist()
    ['20 Jan']
    """
    here = counted.loc[:, counted.any(axis=0)]
    weights = usual.reindex(here.columns).fillna(0.0).clip(lower=0.0).to_numpy("float64")
    known = here.to_numpy("bool")
    none = np.asarray(~known.any(axis=1))
    if known.shape[1] < 2 or weights.sum() == 0:
        return Reporting(_said(~none, counted.index))
    days = np.arange(len(known))[:, None]
    first = known.argmax(axis=0)
    last = len(known) - 1 - known[::-1].argmax(axis=0)
    stopped = last < len(known) - 1 - LATE[every]
    in_service = (days >= first) & ((days <= last) | ~stopped)
    total = np.maximum((in_service * weights).sum(axis=1), 1e-9)
    lacking = ((in_service & ~known) * weights).sum(axis=1) / total
    absent = ~known & in_service
    complete = ~none & (lacking <= TOLERATED)
    notes = []
    for days_of, then in ((complete & (lacking > NEGLIGIBLE), "."),
                          (~complete & ~none, ": left out.")):  # fmt: skip
        if days_of.any():
            most = f"{100 * lacking[days_of].max():.0f} %"
            who = here.columns[absent[days_of].any(axis=0) & (weights > NEGLIGIBLE * weights.sum())]
            which = f" ({named(map(str, who))})" if len(who) else ""
            when = f"{'On' if every == 'day' else 'In'} {_several(int(days_of.sum()), every)}"
            notes.append(
                f"{when} nothing came from {place} that make up to {most} of the sum{which}{then}"
            )
    later, note = _begun_later(here, weights, first, ENOUGH[every])
    complete[:later] = False
    stops = [
        _of(here, weights, at, last[at], "until")
        for at in np.flatnonzero(stopped)
        if weights[at] > NEGLIGIBLE * weights.sum()
    ]
    if stops:
        notes.append(f"Some {place} stopped counting: {named(stops)}. Sums after that are lower.")
    return Reporting(_said(complete, counted.index), (*notes, *filter(None, [note])))


def _several(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def _begun_later(
    counted: pd.DataFrame, weights: Array, first: Array, enough: int
) -> tuple[int, str]:
    """Return how many days to leave out at the beginning, and what to say of it."""
    length = len(counted)
    missing = (np.arange(length)[:, None] < first) * weights
    share = missing.sum(axis=1) / weights.sum()
    late = np.flatnonzero((first > 0) & (weights > NEGLIGIBLE * weights.sum()))
    if not len(late):
        return 0, ""
    told = named([_of(counted, weights, at, first[at], "from") for at in late])
    later = int((share > TOLERATED).sum())  # it only falls
    if later and length - later >= min(enough, 0.8 * length):
        begin = said(counted.index[later])
        return later, f"Days before {begin} are left out: many were not counted yet ({told})."
    return 0, f"Some began to count later: {told}. Sums before that are lower."


def _of(counted: pd.DataFrame, weights: Array, at: Any, day: Any, since: str) -> str:
    share = 100 * weights[at] / weights.sum()
    return f"{counted.columns[at]} ({since} {said(counted.index[day])}, {share:.0f} % of the sum)"
