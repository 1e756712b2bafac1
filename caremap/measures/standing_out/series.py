"""Counts and means in order of time, of the days the data is complete for.

What was cut off (the first and last days of an extract, days on which not all places were
counted) is no part of a series: it would look like a change.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.measures import reductions
from caremap.measures.counts import cadence_of, span_of
from caremap.measures.coverage import Coverage, coverage_of, has
from caremap.measures.figures import Span
from caremap.measures.rhythm import last_day
from caremap.measures.view import Choices
from caremap.measures.windows import DAY, resolve_as_of

__all__ = ["Daily", "daily_counts", "daily_lengths", "whole_periods"]

PERIODS = {"week": "W-SUN", "month": "M"}

ALIKE = 0.98  # share of the places counted on the fullest day that makes a day whole


@dataclass(frozen=True, eq=False)
class Daily:
    """Something counted day by day.

    Attributes
    ----------
    measure
        ``admissions``, ``visits``, or what a mean is of.
    frame
        ``date`` (every day covered), ``value`` (count or sum) and ``n`` (what a mean is over;
        1 a day for counts); NaN on days that were not counted in full.
    mean
        Whether a period's figure is value / n, not the sum of the values.
    notes
        What was left out and why, in sentences.
    every
        ``month`` where whole months were counted: each is spread evenly over its days, so
        that single days and weeks mean nothing.
    """

    measure: str
    frame: pd.DataFrame
    mean: bool = False
    notes: tuple[str, ...] = field(default=())
    every: str = "day"


def daily_counts(dataset: Dataset, as_of: object = None) -> Daily | None:
    """Return admissions (visits, in a file of visits) of every day covered; None without any.

    Counts of whole months count too, see `Daily`; those of weeks do not: the date of one may
    be that of either of its ends.
    """
    day = resolve_as_of(dataset, as_of)
    if has((dataset.whole or dataset).stays, "admitted") and dataset.stays is not None:
        coverage = coverage_of(dataset, day)
        if coverage.admissions is None:
            return None
        visits = "was_admitted" in dataset.stays
        counted = dataset.once("stays", reductions.flows, "admitted").dropna(subset="date")
        span = _within(_before(coverage.admissions, coverage), dataset, day)
        frame = _filled(counted.assign(value=counted["rows"].astype("float64")), span)
        notes = (
            (f"Admissions are taken up to {said(span.last)}: later ones are not all in the file.",)
            if coverage.thin_from is not None
            else ()
        )
        return Daily("visits" if visits else "admissions", frame, notes=notes)
    return _from_counts(dataset, day)


def _from_counts(dataset: Dataset, day: pd.Timestamp | None) -> Daily | None:
    activity = dataset.activity
    measure = next((m for m in ("admissions", "visits") if has(activity, m)), None)
    if activity is None or measure is None or not has(activity, "date"):
        return None
    every = dataset.once("activity", cadence_of)
    span = dataset.once("activity", span_of)
    if every not in ("day", "month") or span is None:
        return None
    counted = dataset.once("activity", reductions.flows, "date", (), [measure])
    counted = counted.dropna(subset="date")[["date", measure, f"{measure}_n"]]
    if every == "month":
        first = counted["date"].dt.to_period("M").dt.start_time.dt.as_unit("us")
        counted = counted.assign(date=first).groupby("date").sum().reset_index()
    known = counted[f"{measure}_n"] >= ALIKE * counted[f"{measure}_n"].max()
    values = counted.assign(value=counted[measure].where(known))
    left, called = int((~known).sum()), f"{every.capitalize()}s"
    if every == "month":
        values = _spread(values)
        day = None if day is None else last_day(day, "month")  # a date stands for its month
    frame = _filled(values[["date", "value"]], _within(span, dataset, day), missing=np.nan)
    if every == "day":
        left = int(frame["value"].isna().sum())
    note = f"{called} on which not all places were counted, left out: {left:,}." if left else ""
    return Daily(measure, frame, notes=tuple(filter(None, [note])), every=every)


def _spread(months: pd.DataFrame) -> pd.DataFrame:
    """Return a row for every day of each month, the value spread evenly over them."""
    length = months["date"].dt.days_in_month.to_numpy()
    days = months.loc[months.index.repeat(length)].reset_index(drop=True)
    place = days.groupby("date").cumcount()
    value = days["value"] / days["date"].dt.days_in_month
    return days.assign(date=days["date"] + pd.to_timedelta(place, unit="D"), value=value)


def daily_lengths(
    dataset: Dataset, as_of: object = None, choices: Choices | None = None
) -> Daily | None:
    """Return days of stay and stays discharged, day by day; None without any.

    Only from the day on which nearly all patients of before the file have left: the first
    discharges of a file are those of short stays.
    """
    chosen = choices or Choices()
    if dataset.stays is None or not has(
        (dataset.whole or dataset).stays, "discharged", "length_of_stay", "admitted"
    ):
        return None
    day = resolve_as_of(dataset, as_of)
    coverage = coverage_of(dataset, day)
    if coverage.discharges is None or coverage.census is None:
        return None
    only = "was_admitted" if has((dataset.whole or dataset).stays, "was_admitted") else None
    counted = dataset.once(
        "stays", reductions.histogram, "discharged", "length_of_stay", only=only
    ).dropna(subset="date")
    low = 1.0 if chosen.overnight_only else 0.0
    counted = counted[counted["length_of_stay"] >= low]
    lengths = counted["length_of_stay"]
    if chosen.same_day:
        lengths = lengths.mask(lengths < 1, 1.0)
    sums = counted.assign(value=lengths * counted["rows"], n=counted["rows"])
    per_day = sums.groupby("date")[["value", "n"]].sum().reset_index()
    span = replace(coverage.discharges, first=coverage.census.first)
    if day is not None and coverage.admissions is not None:
        span = replace(span, last=min(span.last, max(day, coverage.admissions.first)))
    return Daily("length_of_stay", _filled(per_day, _within(span, dataset, day)), mean=True)


def whole_periods(daily: Daily, every: str) -> pd.DataFrame:
    """Return the figures of whole weeks (from Monday) or months.

    Returns
    -------
    pandas.DataFrame
        ``period`` (its first day), ``value`` (sum, or mean), ``days``, and ``n`` (of a mean:
        what it is over). A period with a day that was not counted in full is left out.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.date_range("2024-01-30", "2024-03-02"), "value": 2.0})
    >>> whole_periods(Daily("admissions", days.assign(n=1.0)), "month")
          period  value  days     n
    0 2024-02-01   58.0    29  29.0
    """
    frame = daily.frame
    if frame.empty:
        return pd.DataFrame({"period": frame["date"], "value": [], "days": [], "n": []})
    period = frame["date"].dt.to_period(PERIODS[every])
    grouped = frame.groupby(period)
    found = grouped[["value", "n"]].sum()
    found["days"] = grouped["value"].count()
    index = pd.PeriodIndex(found.index)
    lengths = (index.end_time.normalize() - index.start_time).days + 1
    found = found.assign(period=index.start_time.as_unit("us"))[found["days"] == lengths]
    if daily.mean:
        found = found[found["n"] > 0]
        found = found.assign(value=found["value"] / found["n"])
    return found.reset_index(drop=True)[["period", "value", "days", "n"]]


def _before(span: Span, coverage: Coverage) -> Span:
    """Return a span without the days on which admissions are lacking."""
    if coverage.thin_from is None:
        return span
    return replace(span, last=min(span.last, coverage.thin_from - DAY))


def _within(span: Span, dataset: Dataset, as_of: pd.Timestamp | None) -> Span:
    start, end = dataset.period or (None, None)
    first = span.first if start is None else max(span.first, start)
    last = span.last if end is None else min(span.last, end)
    return replace(span, first=first, last=last if as_of is None else min(last, as_of))


def _filled(counted: pd.DataFrame, span: Span, missing: float = 0.0) -> pd.DataFrame:
    """Return every day of a span; a day without rows is 0 (or not known)."""
    days = pd.date_range(span.first, span.last, name="date").as_unit("us")
    columns = [name for name in ("value", "n") if name in counted]
    values = counted.set_index("date")[columns].reindex(days).fillna(
        {"value": missing, "n": 0.0}
    ) if missing == 0.0 else counted.set_index("date")[columns].reindex(days)  # fmt: skip
    frame = values.astype("float64").reset_index()
    return frame if "n" in frame else frame.assign(n=1.0)
