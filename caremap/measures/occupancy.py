"""Bed occupancy by place and by period: patients at midnight over staffed beds.

A ratio of sums over the days and places where both are known. From stays it rests on the
midnight census, from counts on the counts as given; beds are never added over days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.measures.beds import beds_of
from caremap.measures.census import from_stays, require
from caremap.measures.counts import counts_of
from caremap.measures.coverage import coverage_of
from caremap.measures.figures import Span
from caremap.measures.grid import grid_of
from caremap.measures.rhythm import LENGTHS
from caremap.measures.windows import dates_in_doubt, resolve_as_of
from caremap.problems import DataProblem

__all__ = ["occupancy", "occupancy_notes"]

_PERIODS = {"week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
_NUMBERS = ("occupied", "staffed", "occupancy", "days")


def occupancy(
    dataset: Dataset,
    by: str | Sequence[str] = (),
    every: str | None = None,
    as_of: object = None,
) -> pd.DataFrame:
    """Return the occupancy of staffed beds, by place and by period.

    Parameters
    ----------
    dataset
        With stays and beds (from a capacity file, from counts, or typed in), or with counts
        of occupied and staffed (or free) beds; filtered as it is.
    by
        Column or columns to group by: places, or any other column for the patients alone.
    every
        ``week`` (from Monday), ``month``, ``quarter`` or ``year``; None for the whole period.
    as_of
        A day after the last admission up to which the file is complete, by your word.

    Returns
    -------
    pandas.DataFrame
        The columns in ``by`` (missing is “Unknown”); with ``every`` also ``period``
        (Timestamp of its first day) and ``complete`` (False where the data or the reporting
        period does not cover all of its days: the figures are those of the days covered).
        Then

        - ``occupied``: patients at midnight, mean over the days (or counts)
        - ``staffed``: staffed beds, mean over the days they are known; NaN where unknown
        - ``occupancy``: percent, over the days and places where both are known, not clipped;
          NaN where no beds are known, or all of them are 0
        - ``days``: days with a midnight census, or dates counted; an undated count is one

        A place with beds and no patients is 0 %. Patients whose place is not recorded are in
        no place's figure; in that of a larger group they count as long as every place of it
        that is recorded has beds. Sorted by group and period. Empty where there is nothing to
        compute from: `occupancy_notes` says what is missing.

    Raises
    ------
    ValueError
        Where ``every`` is none of the choices.
    caremap.DataProblem
        Where a column in ``by`` does not exist, or counts are less frequent than ``every``.

    Notes
    -----
    NHS England KH03, AIHW: occupied bed-days over available staffed bed-days. Without ``by``
    and ``every`` it is the occupancy of `caremap.measures.headline`. Counts weigh the same
    each, so the counts of every midnight give what the stays give. While day and month of
    dates are in doubt there is nothing by period, nor of a reporting period.

    Examples
    --------
    >>> counts = pd.DataFrame({"facility": ["North", "North", "South"],
    ...                        "department": ["ED", "ICU", "ED"],
    ...                        "occupied_beds": [18.0, 5.0, 6.0],
    ...                        "staffed_beds": [20.0, 5.0, None]})
    >>> occupancy(Dataset(activity=counts), by="facility")
      facility  occupied  staffed  occupancy  days
    0    North      23.0     25.0       92.0     1
    1    South       6.0      NaN        NaN     1
    """
    return _answer(dataset, by, every, as_of).frame


def occupancy_notes(
    dataset: Dataset,
    by: str | Sequence[str] = (),
    every: str | None = None,
    as_of: object = None,
) -> tuple[str, ...]:
    """Return what is to be said of `occupancy`, in sentences.

    Where the beds come from, what was cut at the edges of the file, what was left out, and
    what is missing. Parameters and errors are those of `occupancy`.

    Examples
    --------
    >>> weekly = pd.DataFrame({"department": ["ED"], "admissions": [30.0], "staffed_beds": [9.0]})
    >>> occupancy_notes(Dataset(activity=weekly))[0]
    'No occupied beds are counted; admissions are not patients in hospital.'
    """
    return _answer(dataset, by, every, as_of).notes


@dataclass(frozen=True, eq=False)
class _Answer:
    """Occupancy with what is to be said of it."""

    frame: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def worth(self) -> tuple[bool, bool]:
        return bool(self.frame["occupancy"].notna().any()), not self.frame.empty


def _answer(dataset: Dataset, by: str | Sequence[str], every: str | None, as_of: object) -> _Answer:
    """Return occupancy from stays, else from counts."""
    if every is not None and every not in _PERIODS:
        raise ValueError(f"every is one of {', '.join(_PERIODS)}, got {every!r}")
    groups = (by,) if isinstance(by, str) else tuple(by)
    if "region" in groups:
        dataset = dataset.with_regions()
    stays, activity = dataset.stays, dataset.activity
    tables = [table for table in (stays, activity) if table is not None]
    if tables and not any(set(groups) <= set(table) for table in tables):
        require(tables[0], groups)
    if (every or dataset.period) and (doubt := dates_in_doubt(dataset)):
        return _nothing(groups, every, doubt)
    answers = []
    if from_stays(dataset) and stays is not None and set(groups) <= set(stays):
        answers.append(_of_stays(dataset, groups, every, as_of))
        if answers[0].worth[0]:
            return answers[0]
    if activity is not None and set(groups) <= set(activity):
        answers.append(_of_counts(dataset, groups, every, alone=not answers))
    if not answers:
        return _nothing(groups, every, "Needs stays with admission and discharge dates, or counts "
                        "of occupied beds.")  # fmt: skip
    return max(answers, key=lambda answer: answer.worth)


def _nothing(groups: Sequence[str], every: str | None, *notes: str) -> _Answer:
    return _Answer(
        _shaped(pd.DataFrame(), groups, every), tuple(dict.fromkeys(filter(None, notes)))
    )


def _of_stays(
    dataset: Dataset, groups: tuple[str, ...], every: str | None, as_of: object
) -> _Answer:
    """Return occupancy from the midnight census."""
    coverage = coverage_of(dataset, None if as_of is None else resolve_as_of(dataset, as_of))
    if coverage.census is None:
        return _nothing(groups, every, *(coverage.notes or ("No stay has both dates.",)))
    grid = grid_of(dataset, coverage, beds_of(dataset), groups)
    covered = _within(coverage.census, dataset)
    inside = (grid.days >= covered.first) & (grid.days <= covered.last)
    if not inside.any():
        return _nothing(
            groups, every, "Patients in hospital are not known for these days.", *coverage.notes
        )
    periods = _Periods.of(grid.days[inside], every, covered)
    members = grid.groups(groups)
    names, columns = list(members), list(members.values())
    sums = {
        name: np.add.reduceat(values[inside], periods.begins, axis=0)
        for name, values in grid.sums(columns).items()
    }
    frame = _crossed(names, groups, periods)
    totals = pd.DataFrame({name: values.T.ravel() for name, values in sums.items()})
    frame = frame.assign(
        occupied=totals["occupied"] / frame["days"],
        staffed=_over(totals["beds"], totals["known_days"]),
        occupancy=100 * _over(totals["of"], totals["beds"]),
    )
    left = 1 - totals["of"].sum() / totals["occupied"].sum() if totals["occupied"].any() else 0.0
    missing = np.isnan(grid.beds[inside])
    late = bool((missing[0] & ~missing[-1]).any())
    start, end = dataset.period or (None, None)
    cut = bool((start and covered.first > start) or (end and covered.last < end))
    notes = (
        grid.note,
        grid.finer,
        *grid.apart,
        "All of them are 0." if totals["known_days"].any() and not totals["beds"].any() else "",
        f"{100 * left:.1f} % of bed-days, where no beds are known, are left out."
        if left > 0 and totals["known_days"].any() else "",
        "Some bed counts begin later." if late else "",
        f"Only {said(covered.first)} to {said(covered.last)} is counted." if cut else "",
        *coverage.notes,
        coverage.old_note,
    )  # fmt: skip
    return _Answer(_shaped(frame, groups, every), tuple(dict.fromkeys(filter(None, notes))))


def _of_counts(
    dataset: Dataset,
    groups: tuple[str, ...],
    every: str | None,
    alone: bool,
) -> _Answer:
    """Return occupancy from counts: means per place, added up; ratios of sums."""
    counts = counts_of(dataset, groups)
    if every and LENGTHS.get(counts.every, 0) > LENGTHS[every]:
        told = f"The file has one count per {counts.every}: it cannot be shown by {every}."
        if alone:
            raise DataProblem(told, f"Choose {counts.every} or longer.")
        return _nothing(groups, every, told)
    if every and counts.span is None:
        return _nothing(groups, every, counts.unclear)
    table = _reported(counts.beds, dataset, every)
    patients, beds = table["occupied"].notna().any(), table["staffed"].notna().any()
    if not (patients or beds):
        return _nothing(groups, every, *counts.lacking, "Not counted in this time.")
    keys = list(groups)
    if every and counts.span is not None:
        table, keys = _by_period(table, every), [*groups, "period"]
    frame = _mean_stocks(table, keys, [name for name in counts.places if name not in groups])
    if every and counts.span is not None:
        whole = _within(counts.span, dataset)
        frame["complete"] = _whole(frame["period"], every, whole, counts.every == every)
    alone_in = table["occupied"].notna() & table["staffed_of"].isna()
    notes = (
        *counts.lacking,
        (counts.note or "Staffed beds from the file of counts.") if patients and beds else "",
        counts.finer,
        f"Counts of patients without staffed beds beside them, left out: {alone_in.sum():,} of "
        f"{table['occupied'].notna().sum():,}."
        if alone_in.any() and table["staffed_of"].notna().any() else "",
        "Weekly counts: a period has the whole weeks dated within it."
        if every and counts.every == "week" else "",
    )  # fmt: skip
    return _Answer(_shaped(frame, groups, every), tuple(dict.fromkeys(filter(None, notes))))


def _mean_stocks(table: pd.DataFrame, keys: list[str], places: list[str]) -> pd.DataFrame:
    """Average stocks over the dates of each place, add up places, and take the ratio of sums."""
    known = table["occupied"].notna() | table["staffed"].notna()
    table = table.assign(
        every=0, days=table["date"].fillna(pd.Timestamp(0)).where(known).astype("datetime64[us]")
    )
    keys = ["every", *keys]
    each = table.groupby([*keys, *places])[["occupied", "staffed"]].mean()
    means = each.groupby(keys).sum(min_count=1)
    sums = table.groupby(keys)[["occupied_of", "staffed_of"]].sum()
    ratio = 100 * _over(sums["occupied_of"], sums["staffed_of"])
    days = table.groupby(keys)["days"].nunique().astype("float64")
    return means.assign(occupancy=ratio, days=days).reset_index()


def _reported(table: pd.DataFrame, dataset: Dataset, every: str | None) -> pd.DataFrame:
    """Keep the counts of the reporting period; with periods, those that have a date."""
    start, end = dataset.period or (None, None)
    if every or start is not None or end is not None:
        table = table[table["date"].notna()]
    table = table if start is None else table[table["date"] >= start]
    return table if end is None else table[table["date"] <= end]


def _by_period(table: pd.DataFrame, every: str) -> pd.DataFrame:
    begins = table["date"].dt.to_period(_PERIODS[every]).dt.start_time
    return table.assign(period=begins.astype("datetime64[us]"))


@dataclass(frozen=True)
class _Periods:
    """Consecutive days cut into periods: where each begins among them, and which are whole."""

    begins: list[int]
    days: list[int]
    starts: pd.DatetimeIndex | None = None
    complete: tuple[bool, ...] = ()

    @classmethod
    def of(cls, days: pd.DatetimeIndex, every: str | None, covered: Span) -> _Periods:
        if every is None:
            return cls([0], [len(days)])
        starts = days.to_period(_PERIODS[every]).start_time.as_unit("us")
        first, begins, often = np.unique(starts, return_index=True, return_counts=True)
        whole = _whole(pd.Series(first), every, covered)
        return cls(begins.tolist(), often.tolist(), pd.DatetimeIndex(first), tuple(whole))


def _crossed(
    names: list[tuple[str, ...]], groups: Sequence[str], periods: _Periods
) -> pd.DataFrame:
    """Return a row for every group and period."""
    often = len(periods.days)
    keys = np.array(names, dtype="object").reshape(len(names), len(groups))
    frame = pd.DataFrame(np.repeat(keys, often, axis=0), columns=list(groups))
    if periods.starts is not None:
        frame["period"] = np.tile(periods.starts.to_numpy(), len(names))
        frame["complete"] = np.tile(periods.complete, len(names))
    return frame.assign(days=np.tile(np.array(periods.days, dtype="float64"), len(names)))


def _whole(
    starts: pd.Series[pd.Timestamp], every: str, covered: Span, one_each: bool = False
) -> list[bool]:
    """Return which periods are covered throughout; a count of just that period is whole."""
    result = []
    for start in starts:
        end = pd.Period(start, freq=_PERIODS[every]).end_time.normalize()
        inside = start >= covered.first and end <= covered.last
        result.append(bool(inside or (one_each and covered.first <= end <= covered.last)))
    return result


def _within(span: Span, dataset: Dataset) -> Span:
    """Return the part of a span that lies in the reporting period."""
    start, end = dataset.period or (None, None)
    first = span.first if start is None else max(span.first, start)
    return Span(first, span.last if end is None else min(span.last, end), span.per_day)


def _over(top: pd.Series[float], bottom: pd.Series[float]) -> pd.Series[float]:
    return top / bottom.where(bottom > 0)


def _shaped(frame: pd.DataFrame, groups: Sequence[str], every: str | None) -> pd.DataFrame:
    """Return the columns of a result in their order, sorted by group and period."""
    dtypes: dict[str, str] = dict.fromkeys(groups, "str")
    if every:
        dtypes |= {"period": "datetime64[us]", "complete": "bool"}
    dtypes |= dict.fromkeys(_NUMBERS, "float64") | {"days": "int64"}
    if frame.empty:
        frame = pd.DataFrame(columns=list(dtypes))
    keys = [*groups, *(["period"] if every else [])]
    shaped = frame[list(dtypes)].astype(dtypes)
    return shaped.sort_values(keys, ignore_index=True) if keys else shaped.reset_index(drop=True)
