"""Which days a series is known for: judged on the whole file, place by place."""

from __future__ import annotations

from typing import Any

import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.days import said
from caremap.forecasting.counting import Counted
from caremap.forecasting.ends import cut_by_clock
from caremap.forecasting.gaps import Reporting, empty_by_chance, reporting
from caremap.measures import reductions
from caremap.measures.beds import PLACES
from caremap.measures.coverage import coverage_of, has, percentile

__all__ = ["covered", "cut_days", "in_view", "week_of"]

_FEWEST = 100  # rows of a facility below which no run of empty days tells anything
_MOST = 300  # facilities looked at one by one, the largest
_NOT = {"", "0", "0.0", "n", "no", "false", "f", "nein", "non", "não", "final", "complete",
        "unknown"}  # fmt: skip
_DAY = pd.Timedelta(days=1)


def week_of(dates: pd.Series[Any]) -> pd.Series[Any]:
    """Return the Monday of the week each date lies in.

    Examples
    --------
    >>> week_of(pd.Series(pd.to_datetime(["2024-04-07", "2024-04-08"]))).dt.day.tolist()
    [1, 8]
    """
    mondays: pd.Series[Any] = dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")
    return mondays


def covered(dataset: Dataset, measure: str, of: Counted, days: pd.DatetimeIndex) -> Reporting:
    """Return which days (or weeks, of weekly counts) are known, and what is lacking.

    Parameters
    ----------
    dataset
        As it is filtered; what its files cover is judged before any filter.
    measure, of
        What is counted, and how.
    days
        Every day, or the Monday of every week, from the first to the last.
    """
    if of.table == "activity":
        found = _by_counts(dataset, measure, of, days)
    else:
        found = _by_stays(dataset, "admitted" if of.date == "census" else of.date, days)
        if of.date != "admitted" and has((dataset.whole or dataset).stays, "admitted"):
            found = _after_gaps(dataset, found, days)
    unfinished = _unfinished(dataset, of)
    complete = found.complete & ~found.complete.index.isin(unfinished)
    told = (f"Days the file itself flags as not complete are left out: {len(unfinished)}.",)
    return Reporting(complete, (*(told if len(unfinished) else ()), *found.notes))


def _after_gaps(dataset: Dataset, found: Reporting, days: pd.DatetimeIndex) -> Reporting:
    """Leave out the days after admissions that are lacking: their discharges lack too.

    As in the census, for as long as 95 % of stays last.
    """
    coverage = coverage_of(dataset, None)
    lengths, came = coverage.lengths, coverage.admissions
    if lengths is None or lengths.empty or came is None:
        return found
    stay = int(percentile(lengths, 0.95))
    last = came.last if coverage.thin_from is None else coverage.thin_from - _DAY
    complete = pd.date_range(came.first, max(last, came.first), name="date").as_unit("us")
    arrivals = _by_stays(dataset, "admitted", complete).complete.reindex(
        complete.union(days), fill_value=True
    )
    lacking = (~arrivals).astype("float64").rolling(stay + 1, min_periods=1).max() > 0
    whole = ~lacking.reindex(days, fill_value=False)
    if not (found.complete & ~whole).any():
        return found
    note = f"Days up to {stay} after a gap in the admissions are left out: those patients lack."
    return Reporting(found.complete & whole, (*found.notes, note))


def in_view(dataset: Dataset, date: str) -> pd.DataFrame:
    """Return the rows of stays per day, before any filter, of the facilities it keeps.

    What a file covers is judged by all departments of a facility, and by no other facility.

    Returns
    -------
    pandas.DataFrame
        ``date``, ``facility`` (where there is one) and ``rows``.
    """
    unfiltered = dataset.whole or dataset
    if not has(dataset.stays, "facility"):
        return unfiltered.once("stays", reductions.flows, date).dropna(subset="date")
    rows = unfiltered.once("stays", reductions.flows, date, ("facility",)).dropna(subset="date")
    inside = dataset.once("stays", reductions.categories, "facility")["value"]
    return rows[rows["facility"].isin({*inside, UNKNOWN})]


def _by_stays(dataset: Dataset, date: str, days: pd.DatetimeIndex) -> Reporting:
    """Judge by empty days: of all stays together, and of each facility that has many."""
    by = in_view(dataset, date)
    total = by.groupby("date")["rows"].sum().reindex(days, fill_value=0)
    together = empty_by_chance(total)
    if "facility" not in by:
        return Reporting(together)
    sizes = by.groupby("facility")["rows"].sum()
    large = sizes[sizes >= _FEWEST].nlargest(_MOST).index
    if len(large) < 1 or sizes[large].sum() < 0.5 * sizes.sum():
        return Reporting(together)
    wide = by[by["facility"].isin(large)].pivot_table(
        index="date", columns="facility", values="rows", aggfunc="sum"
    )
    wide = wide.reindex(index=days, columns=sorted(large)).fillna(0)
    known = wide.apply(empty_by_chance, among=wide.shape[1])
    usual = wide.where(known).mean()
    found = reporting(known, usual, "facilities")
    return Reporting(found.complete & together, found.notes)


def _by_counts(dataset: Dataset, measure: str, of: Counted, days: pd.DatetimeIndex) -> Reporting:
    """Judge by which places have a count."""
    activity = dataset.activity
    assert activity is not None
    places = tuple(name for name in (*PLACES, "region") if has(activity, name))
    if measure == "occupied":
        found = dataset.once("activity", reductions.stocks, "date", places)
        found = found[found["occupied"].notna()].rename(columns={"occupied": "value"})
    else:
        found = dataset.once("activity", reductions.flows, "date", places, [measure])
        found = found[found[f"{measure}_n"] > 0].rename(columns={measure: "value"})
    found = found.dropna(subset="date")
    when = week_of(found["date"]) if of.every == "week" else found["date"]
    names = found[list(places)].agg(" ".join, axis=1) if places else "all"
    wide = found.assign(when=when, place=names).pivot_table(
        index="when", columns="place", values="value", aggfunc="sum"
    )
    wide = wide.reindex(days)
    known = wide.notna()
    closed = _closed(known.any(axis=1))
    shut = of.every == "day" and of.kind == "count" and bool(closed.any())
    if shut:
        known.loc[closed] = True
    called = {"facility": "facilities", "department": "departments", "region": "regions"}
    place = called.get(places[0], "places") if len(places) == 1 else "places"
    every = "week" if of.every == "week" else "day"
    result = reporting(known, wide.mean(), place, every)
    notes = [_weeks(found["date"])] if every == "week" else []
    if shut:
        never = pd.DatetimeIndex(closed.index[closed]).day_name().unique()
        notes.append(f"Never counted on a {' or '.join(map(str, never))}: taken for closed, 0.")
    return Reporting(result.complete, (*filter(None, notes), *result.notes))


def _weeks(dates: pd.Series[Any]) -> str:
    """Say where weeks that begin or end on other days stand."""
    named = dates.dt.day_name().unique()
    if len(named) != 1 or named[0] in ("Monday", "Sunday"):
        return ""
    return f"The file dates its weeks on a {named[0]}: each stands under the Monday before."


def _closed(known: pd.Series[bool]) -> pd.Series[bool]:
    """Return the days of weekdays that are never counted: the place is closed on them."""
    weekday = pd.DatetimeIndex(known.index).day_of_week
    share = known.groupby(weekday).mean()
    never = share[share == 0].index
    steady = len(known) >= 28 and len(never) <= 3 and share.drop(never).min() > 0.5
    return pd.Series(weekday.isin(never) & steady, known.index)


def _unfinished(dataset: Dataset, of: Counted) -> pd.DatetimeIndex:
    """Return the dates that the file flags as not complete."""
    unfiltered = dataset.whole or dataset
    table = getattr(unfiltered, of.table)
    column = "date" if of.table == "activity" else of.date
    dates = pd.DatetimeIndex([])
    for finding in dataset.findings:
        header = finding.column
        if finding.code != "incomplete-rows" or header is None or header not in table:
            continue
        rows = unfiltered.once(of.table, reductions.flows, column, (header,))
        raised = ~rows[header].str.strip().str.lower().isin(_NOT)
        dates = dates.union(pd.DatetimeIndex(rows.loc[raised, "date"].dropna()))
    return dates


def cut_days(
    dataset: Dataset, of: Counted, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[int, int, tuple[str, ...]]:
    """Return whether the first and the last day were cut by the clock (0 or 1), and say so."""
    if of.table != "stays" or of.date == "census":
        return 0, 0, ()
    hourly = (dataset.whole or dataset).once("stays", reductions.hourly, of.date)
    begins = int(cut_by_clock(hourly, first, first=True))
    ends = int(cut_by_clock(hourly, last))
    notes = []
    if begins:
        notes.append(f"{said(first)} is left out: its first hours are not in the file.")
    if ends:
        notes.append(f"{said(last)} is left out: the file ends before that day was over.")
    return begins, ends, tuple(notes)
