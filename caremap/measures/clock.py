"""When patients come and go: admissions and discharges by weekday and hour."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said, usual_days
from caremap.measures import reductions
from caremap.measures.counts import cadence_of, span_of
from caremap.measures.coverage import Coverage, coverage_of, has
from caremap.measures.view import DATES, View
from caremap.measures.windows import dates_assumed, dates_in_doubt, resolve_as_of

__all__ = ["clock", "clock_notes"]

EVENTS = {"discharges": "discharged", "admissions": "admitted", "visits": "admitted"}
"""What can be counted, and the date that says when it happened."""

SURE = 5.0  # standard deviations by which a count stands out beyond chance
FAR = 3.0  # and how many times what is usual around it


@dataclass(frozen=True)
class Times:
    """What the times of day of a date column are worth.

    ``hours`` says whether there are any to go by, ``note`` why not. ``unrecorded`` says that
    rows at 00:00 sharp are dates without a time among others that have one.
    """

    hours: bool
    unrecorded: bool = False
    note: str = ""


@dataclass(frozen=True, eq=False)
class _Read:
    """Events per day (and hour, where there are hours), the days covered, and what to say."""

    counted: pd.DataFrame | None = None
    days: pd.DatetimeIndex = field(default_factory=lambda: pd.DatetimeIndex([]))
    hours: bool = False
    notes: tuple[str, ...] = ()


def clock(dataset: Dataset, event: str = "discharges", as_of: object = None) -> pd.DataFrame:
    """Return how often something happened by weekday and hour.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    event
        ``discharges``, ``admissions`` or, in a file of visits, ``visits``.
    as_of
        As in `caremap.measures.headline`; nothing after it is counted.

    Returns
    -------
    pandas.DataFrame
        ``weekday`` (0 is Monday), ``hour`` (0-23; NaN throughout where there are no times), a
        column named like the event with its count, ``days`` (how many such weekdays the data
        covers) and ``per_day`` (count / days; NaN without such a day). All 7 x 24 combinations
        (7 without hours) are there, a zero is a zero. Empty where weekdays cannot be told:
        without dates, while dates are in doubt, from counts that are not daily, or where the
        data does not cover the period. `clock_notes` says why, and what was left out.

    Raises
    ------
    ValueError
        Where the event is none of the choices.

    Notes
    -----
    Counted are the days the data is complete for: admissions from the first one to the as-of
    date; discharges from the day on which nearly all patients from before the file have left
    (the 95th percentile of stay, as in the census) to the as-of date, as later discharges are
    only those of patients who came before it.

    A column in which all times are the same holds dates without times. Where more rows stand
    at 00:00:00 than chance explains (over three times, and five standard deviations above,
    what the hours around midnight suggest), these are taken for dates without a time and left
    out; where they are more than half of all rows no hour is given.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01", "2024-04-03"])})
    >>> clock(Dataset(stays=stays), "admissions").head(3)
       weekday  hour  admissions  days  per_day
    0        0   NaN           1     1      1.0
    1        1   NaN           0     1      0.0
    2        2   NaN           1     1      1.0
    """
    read = _read(dataset, event, as_of)
    if read.counted is None or read.days.empty:
        return _shaped(event, [], [], np.array([]), np.array([], dtype="int64"))
    days = np.bincount(read.days.day_of_week, minlength=7)
    width = 24 if read.hours else 1
    place = read.counted["date"].dt.day_of_week.to_numpy() * width
    if read.hours:
        place = place + read.counted["hour"].to_numpy()
    counts = np.bincount(place, weights=read.counted["rows"], minlength=7 * width)
    hours = list(range(24)) * 7 if read.hours else [np.nan] * 7
    return _shaped(event, np.repeat(np.arange(7), width), hours, counts, np.repeat(days, width))


def clock_notes(
    dataset: Dataset, event: str = "discharges", as_of: object = None
) -> tuple[str, ...]:
    """Return what is to be said of `clock`: the days counted, what was left out, and why.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01", "2024-04-03"])})
    >>> clock_notes(Dataset(stays=stays), "admissions")
    ('Counted from 1 Apr 2024 to 3 Apr 2024.', 'No times of day: all are recorded at 00:00.')
    """
    return _read(dataset, event, as_of).notes


def _shaped(event: str, weekday: Any, hour: Any, counts: Any, days: Any) -> pd.DataFrame:
    whole = bool((counts == np.round(counts)).all())
    with np.errstate(invalid="ignore"):
        per_day = np.where(days > 0, counts / np.where(days > 0, days, 1), np.nan)
    return pd.DataFrame(
        {
            "weekday": pd.Series(weekday, dtype="int64"),
            "hour": pd.Series(hour, dtype="float64"),
            event: pd.Series(counts, dtype="float64").astype("int64" if whole else "float64"),
            "days": pd.Series(days, dtype="int64"),
            "per_day": pd.Series(per_day, dtype="float64"),
        }
    )


def _read(dataset: Dataset, event: str, as_of: object) -> _Read:
    if event not in EVENTS:
        raise ValueError(f"event is one of {', '.join(EVENTS)}, got {event!r}")
    if doubt := dates_in_doubt(dataset):
        return _Read(notes=(doubt,))
    day = resolve_as_of(replace(dataset, period=None), as_of)  # the file's, whatever is asked of it
    whole = (dataset.whole or dataset).stays
    if dataset.stays is not None and _tells(whole, event):
        read = _from_stays(dataset, dataset.stays, event, day)
    elif dataset.activity is not None and has(dataset.activity, "date", event):
        read = _from_counts(dataset, dataset.activity, event, day)
    else:
        called = DATES[EVENTS[event]]
        read = _Read(notes=(f"No {called} column, nor daily counts of {event}.",))
    assumed = dates_assumed(dataset)
    return _Read(read.counted, read.days, read.hours, (*read.notes, *filter(None, [assumed])))


def _tells(stays: pd.DataFrame | None, event: str) -> bool:
    """Return whether the stays say when this happened; stays are visits if a flag says so."""
    if stays is None or not has(stays, EVENTS[event]):
        return False
    visits = "was_admitted" in stays
    return {
        "discharges": True,
        "admissions": not visits or has(stays, "was_admitted"),
        "visits": visits,
    }[event]


def _from_stays(
    dataset: Dataset, stays: pd.DataFrame, event: str, day: pd.Timestamp | None
) -> _Read:
    view = View(dataset, stays, [], coverage_of(dataset, day), day)
    date, only = EVENTS[event], None if event == "visits" else view.only
    counted = reductions.hourly(stays, date, only)
    first, last = _covered(view, event, counted)
    counted, days, notes = _within(dataset, counted, first, last, event)
    if days.empty:
        return _Read(notes=notes)
    times = times_of(reductions.moments(stays, date, only))
    if times.unrecorded:
        unknown, all_rows = int(counted["midnight"].sum()), int(counted["rows"].sum())
        counted = counted.assign(rows=counted["rows"] - counted["midnight"])
        if unknown:
            notes += (
                "At 00:00 sharp, taken for dates without a time and left out: "
                f"{unknown:,} of {all_rows:,}.",
            )
    return _Read(counted, days, times.hours, (*notes, *filter(None, [times.note])))


def _covered(
    view: View, event: str, counted: pd.DataFrame
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Return the first and last day the stays are complete for, of this event."""
    covered: Coverage = view.coverage
    span = covered.discharges if event == "discharges" else covered.admissions
    if span is None:
        return None, None
    first = span.first
    if not view.has("admitted"):
        daily = counted.groupby("date")["rows"].sum().reset_index()
        first = first if daily.empty else max(first, usual_days(daily["date"], daily["rows"])[0])
    elif event == "discharges" and covered.census is not None:
        first = max(first, covered.census.first)
    return first, view.as_of


def _within(
    dataset: Dataset,
    counted: pd.DataFrame,
    first: pd.Timestamp | None,
    last: pd.Timestamp | None,
    event: str,
) -> tuple[pd.DataFrame, pd.DatetimeIndex, tuple[str, ...]]:
    """Cut counts to the days covered and the reporting period; say which days these are."""
    if first is None or last is None:
        return counted, pd.DatetimeIndex([]), ("Which days the file covers cannot be told.",)
    start, end = dataset.period or (None, None)
    low = first if start is None else max(first, start)
    high = last if end is None else min(last, end)
    if low > high:
        why = f"The data covers {event} from {said(first)} to {said(last)} only."
        return counted, pd.DatetimeIndex([]), (why,)
    asked = _between(counted, start, end)
    kept = _between(counted, low, high)
    notes = [f"Counted from {said(low)} to {said(high)}."]
    outside = asked["rows"].sum() - kept["rows"].sum()
    if outside:
        notes.append(
            f"On days the file covers in part only, left out: {outside:,.10g} "
            f"{event if outside != 1 else event[:-1]}."
        )
    return kept, pd.date_range(low, high), tuple(notes)


def _between(
    counted: pd.DataFrame, low: pd.Timestamp | None, high: pd.Timestamp | None
) -> pd.DataFrame:
    inside = counted["date"].notna()
    inside = inside if low is None else inside & (counted["date"] >= low)
    inside = inside if high is None else inside & (counted["date"] <= high)
    return counted[inside]


def times_of(moments: pd.DataFrame) -> Times:
    """Judge the times of day of a date column by how often each occurs.

    Parameters
    ----------
    moments
        What `caremap.measures.reductions.moments` gives: ``minute``, ``second``, ``rows``.

    Examples
    --------
    >>> times_of(pd.DataFrame({"minute": [0, 540, 541], "second": 0, "rows": [90, 95, 80]}))
    Times(hours=True, unrecorded=True, note='')
    >>> times_of(pd.DataFrame({"minute": [720], "second": 0, "rows": [90]})).note
    'No times of day: all are recorded at 12:00.'
    """
    minutes = moments["minute"].unique()
    if not len(minutes):
        return Times(False)
    if len(minutes) == 1:
        at = int(minutes[0])
        return Times(
            False, note=f"No times of day: all are recorded at {at // 60:02}:{at % 60:02}."
        )
    total = int(moments["rows"].sum())
    midnight = (moments["second"] == 0) & (moments["minute"] == 0)
    there = int(moments.loc[midnight, "rows"].sum())
    usual = _usual_at_midnight(moments)
    if there <= FAR * usual or there - usual <= SURE * np.sqrt(usual + 1):
        return Times(True)
    if there > total / 2:
        return Times(False, note="No times of day: most are dates without a time (00:00 sharp).")
    return Times(True, unrecorded=True)


def _usual_at_midnight(moments: pd.DataFrame) -> float:
    """Return how many rows the hours around midnight let expect at 00:00:00.

    People round times: the sharp hours on either side are compared with, and the mean of all
    moments between 23:00 and 2:00 as finely as times are written; the higher of the two.
    """
    sharp = moments[moments["second"] == 0].set_index("minute")["rows"]
    other = moments[(moments["minute"] > 0) | (moments["second"] > 0)]
    beside = float(sharp.reindex([23 * 60, 60]).fillna(0).mean())
    grain = int(np.gcd.reduce([60, *other["minute"].unique().tolist()]))
    fine = 60 if (moments["second"] > 0).any() else 1
    near = other.loc[(other["minute"] < 120) | (other["minute"] >= 23 * 60), "rows"].sum()
    return max(beside, float(near) / (3 * 60 // grain * fine - 1))


def _from_counts(
    dataset: Dataset, activity: pd.DataFrame, event: str, day: pd.Timestamp | None
) -> _Read:
    """Read daily counts: they have weekdays, and no hours."""
    span = span_of(activity)
    if span is None or cadence_of(activity) != "day":
        return _Read(notes=("The counts are not daily: they have no weekdays.",))
    daily = reductions.flows(activity, "date", sums=[event])
    counted = daily[daily[f"{event}_n"] > 0].drop(columns="rows").rename(columns={event: "rows"})
    kept, days, notes = _within(dataset, counted, span.first, day or span.last, event)
    if not days.empty:
        blank = len(days) - len(kept)
        days = pd.DatetimeIndex(kept["date"])
        blanks = [f"Days without a count, left out: {blank:,}."] if blank else []
        notes = (*notes, *blanks, "The counts are by day: they have no hours.")
    return _Read(kept, days, False, notes)
