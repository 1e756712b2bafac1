"""A measure as a series a model can learn from, and what was done to get there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import day_from, said
from caremap.forecasting.counting import KINDS, Counted, counted, source_of
from caremap.forecasting.covering import covered, cut_days, week_of
from caremap.forecasting.fitness import unfit
from caremap.forecasting.gaps import runs_of
from caremap.forecasting.late import late_end
from caremap.forecasting.outliers import NO_OUTLIERS, outliers
from caremap.forecasting.reducing import parts_of, reduced, whole_weeks
from caremap.forecasting.shifts import NO_SHIFTS, shifts
from caremap.measures.counts import cadence_of
from caremap.measures.coverage import has
from caremap.measures.rhythm import LENGTHS
from caremap.measures.view import Choices
from caremap.measures.windows import dates_assumed, dates_in_doubt
from caremap.problems import DataProblem

__all__ = ["Prepared", "measures_of", "prepared"]

_DAY = pd.Timedelta(days=1)
_FREQUENCY = {"day": "D", "week": "W-MON"}
MOST_GROUPS = 500
_NAMED = 3  # gaps named in a sentence


@dataclass(frozen=True, eq=False)
class Prepared:
    """A series and what a reader must know of it.

    Attributes
    ----------
    series
        By day, or by week (its Monday): 0 where the file covers the day and nobody came,
        missing where it does not.
    parts
        The same by group, one column each; None where no group was asked for.
    kind
        ``count`` adds up over days; ``mean`` does not (average stay, median wait, patients in
        hospital).
    n
        How many stays are behind each mean; None for counts and for patients in hospital.
    notes
        What was cut off, left out or assumed, in sentences.
    refusal, hint
        Why it cannot be forecast and what would help; empty where it can.
    outliers
        ``date``, ``value``, ``expected``: days far from what is usual.
    shifts
        ``date``, ``before``, ``after``: days from which the level is another one.
    every
        ``day`` or ``week``.
    """

    series: pd.Series[Any]
    parts: pd.DataFrame | None = None
    kind: Literal["count", "mean"] = "count"
    n: pd.Series[Any] | None = None
    notes: tuple[str, ...] = ()
    refusal: str = ""
    hint: str = ""
    outliers: pd.DataFrame = field(default_factory=lambda: NO_OUTLIERS.copy())
    shifts: pd.DataFrame = field(default_factory=lambda: NO_SHIFTS.copy())
    every: str = "day"


def measures_of(dataset: Dataset, every: str = "week") -> list[str]:
    """Return the measures there is a series of, the most telling first.

    Parameters
    ----------
    dataset
        The network, filtered as it is.
    every
        ``week`` for all of them, ``day`` for those that are counted by day.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01"]), "cost": [1.0]})
    >>> measures_of(Dataset(stays=stays))
    ['admissions', 'cost']
    """
    if dates_in_doubt(dataset):
        return []
    found = [
        name
        for name in KINDS
        if source_of(dataset, name) and not _too_coarse(dataset, name, every)[0]
    ]
    if "visits" in found and source_of(dataset, "visits") == "stays":
        found = ["visits", *(name for name in found if name != "visits")]
    return found


def prepared(
    dataset: Dataset,
    measure: str = "admissions",
    every: str = "day",
    by: str | None = None,
    *,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> Prepared:
    """Return a measure by day or week, ready for a forecast, or why there is none.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    measure
        ``admissions``, ``visits``, ``discharges``, ``length_of_stay`` (mean of the stays that
        ended that day), ``occupied`` (patients in hospital at midnight), ``waiting`` (median
        minutes), ``cost`` or ``charges``.
    every
        ``day`` or ``week`` (from Monday).
    by
        A column to group by too.
    as_of
        The day to end on; a day after the last of the stays says they are complete up to it.
    same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.

    Returns
    -------
    Prepared
        A day of its series has the value that `caremap.measures.trend` gives of it (patients in
        hospital: `caremap.measures.census`).

    Raises
    ------
    ValueError
        Where a measure or a choice is none of those above.
    caremap.DataProblem
        Where ``by`` names no column of the table, one that makes no groups, or too many.

    Examples
    --------
    >>> admitted = pd.date_range("2024-01-01", periods=70).repeat(3)
    >>> found = prepared(Dataset(stays=pd.DataFrame({"admitted": admitted})))
    >>> len(found.series), float(found.series.iloc[-1]), found.refusal
    (70, 3.0, '')
    """
    if measure not in KINDS:
        raise ValueError(f"measure is one of {', '.join(KINDS)}, got {measure!r}")
    if every not in _FREQUENCY:
        raise ValueError(f"every is 'day' or 'week', got {every!r}")
    choices = Choices(same_day, overnight_only, cost_date)
    refusal, hint = _refused(dataset, measure, every)
    kind: Literal["count", "mean"] = "mean" if KINDS[measure] == "mean" else "count"
    if refusal:
        nothing = _empty(measure, every)
        parts = None if by is None else nothing.to_frame().iloc[:, :0]
        return Prepared(nothing, parts, kind, refusal=refusal, hint=hint, every=every)
    day = None if as_of is None else day_from(as_of, "as-of date")
    of = counted(dataset, measure, by, day, choices)
    if by is not None and (groups := of.rows["group"].nunique()) > MOST_GROUPS:
        raise DataProblem(
            f"There are {groups:,} different values to group by: too many to forecast apart.",
            f"Choose a column with at most {MOST_GROUPS}, or filter first.",
        )
    found = _series(dataset, measure, every, of, day)
    series = found.series
    problem = unfit(series, every) or _too_few(found, every)
    if problem:
        return replace(found, refusal=problem[0], hint=problem[1])
    return replace(found, outliers=outliers(series, found.n), shifts=shifts(series))


def _empty(measure: str, every: str) -> pd.Series[Any]:
    index = pd.DatetimeIndex([], dtype="datetime64[us]", freq=_FREQUENCY[every], name="date")
    return pd.Series([], index, dtype="float64", name=measure)


def _refused(dataset: Dataset, measure: str, every: str) -> tuple[str, str]:
    """Return why there is no series at all, and what would help."""
    if doubt := dates_in_doubt(dataset):
        return (
            doubt.partition(" Repair")[0].replace("Figures of a month are", "A forecast is"),
            "Repair or confirm the dates on the Data page.",
        )
    if source_of(dataset, measure):
        return _too_coarse(dataset, measure, every)
    for table, why in dataset.lost.items():
        if table in ("stays", "activity") and getattr(dataset.whole, table, None) is not None:
            return f"The {table} cannot be used: {why}.", "Take the filter off."
    stays, activity = dataset.stays, dataset.activity
    if not (has(stays, "admitted") or has(stays, "discharged") or has(activity, "date")):
        if activity is not None and stays is None:
            return (
                "The file is a snapshot: its counts have no dates, so nothing can be forecast.",
                "Upload counts with a date, by day or by week.",
            )
        return (
            "There are no dates: nothing can be forecast.",
            "Upload stays with an admission date, or counts with a date.",
        )
    known = measures_of(dataset, every)
    others = [name for name in KINDS if source_of(dataset, name)]
    if others and not known:
        return _too_coarse(dataset, others[0], every)
    choose = f"Choose one of: {', '.join(known)}." if known else "Upload a file that has it."
    return f"The files have no {measure.replace('_', ' ')} by date.", choose


def _too_coarse(dataset: Dataset, measure: str, every: str) -> tuple[str, str]:
    """Return why counts cannot be shown by these periods; empty where they can."""
    if source_of(dataset, measure) != "activity":
        return "", ""
    cadence = (dataset.whole or dataset).once("activity", cadence_of)
    if not cadence:
        span = dataset.span
        if span is not None and span[0] == span[1]:
            return (
                f"The file is a snapshot of {said(span[0])}: one day gives no forecast.",
                "Upload counts of many days or weeks.",
            )
        return (
            "How many days a count stands for cannot be told from its dates.",
            "Upload counts by day or by week.",
        )
    if LENGTHS[cadence] <= LENGTHS[every]:
        return "", ""
    if cadence == "week":
        return "The file has one count per week: it gives no days.", "Choose weeks."
    return (
        f"The file has one count per {cadence}: a forecast needs counts by day or by week.",
        "Upload counts by day or by week, or the stays themselves.",
    )


def _too_few(found: Prepared, every: str) -> tuple[str, str] | None:
    """Return why too few stays are behind the means."""
    if found.n is None:
        return None
    return unfit(found.n.where(found.series.notna() | (found.n == 0)), every)


def _series(
    dataset: Dataset, measure: str, every: str, of: Counted, as_of: pd.Timestamp | None
) -> Prepared:
    """Count by day, leave out what is not known, and put weeks together."""
    start, end = dataset.period or (None, None)
    first = of.first if start is None else max(of.first, start)
    last = min(day for day in (of.last, end, as_of) if day is not None)
    if last < first:
        return Prepared(_empty(measure, every), _no_parts(of), kind=_kind(of), every=every)
    own = "week" if of.every == "week" else "day"
    index = _index(of.first, of.last, own)
    known = covered(dataset, measure, of, index)
    begins, ends, clock = cut_days(dataset, of, of.first, of.last)
    complete = known.complete.copy()
    complete.iloc[:begins] = False
    complete.iloc[len(complete) - ends :] = False
    late, told = (0, "") if _asserted(dataset, as_of) else late_end(dataset, measure, of, complete)
    complete.iloc[len(complete) - late :] = False
    inside = pd.DatetimeIndex(complete.index)
    low, high = (_monday(first), _monday(last)) if own == "week" else (first, last)
    complete = complete[(inside >= low) & (inside <= high)]
    notes = [*of.notes, *clock, *known.notes, told, dates_assumed(dataset)]
    return _put_together(of, complete, every, own, measure, [note for note in notes if note])


def _asserted(dataset: Dataset, as_of: pd.Timestamp | None) -> bool:
    """Return whether the user says that the file is complete to a day after its last."""
    return as_of is not None and dataset.as_of is not None and as_of > dataset.as_of


def _kind(of: Counted) -> Literal["count", "mean"]:
    return "mean" if of.kind == "mean" else "count"


def _no_parts(of: Counted) -> pd.DataFrame | None:
    return pd.DataFrame() if "group" in of.rows else None


def _monday(day: pd.Timestamp) -> pd.Timestamp:
    return day - day.weekday() * _DAY


def _index(first: pd.Timestamp, last: pd.Timestamp, every: str) -> pd.DatetimeIndex:
    """Return every day, or the Monday of every week, from the first to the last."""
    low, high = (_monday(first), _monday(last)) if every == "week" else (first, last)
    return pd.date_range(low, high, freq=_FREQUENCY[every], name="date").as_unit("us")


def _put_together(
    of: Counted, complete: pd.Series[bool], every: str, own: str, measure: str, notes: list[str]
) -> Prepared:
    """Return the series of the days that are known, its parts, and what is behind each mean."""
    known = pd.DatetimeIndex(complete.index[complete])
    if not len(known):
        return Prepared(_empty(measure, every), _no_parts(of), _kind(of), every=every)
    complete = complete.loc[known[0] : known[-1]]
    when = week_of(of.rows["date"]) if own == "week" else of.rows["date"]
    rows = of.rows.assign(period=when)
    rows = rows[rows["period"].isin(known)]
    gaps = _gaps(complete, own)
    enough, partial = complete, ""
    if every == "week" and own == "day":
        rows = rows.assign(period=week_of(rows["period"]))
        enough, partial = whole_weeks(complete, _kind(of))
    index = pd.DatetimeIndex(enough.index)
    zero = 0.0 if _kind(of) == "count" else np.nan
    series = reduced(rows, of, []).reindex(index, fill_value=zero).where(enough)
    series = _dated(series.rename(measure), every)
    parts = None
    if "group" in of.rows:
        parts = parts_of(rows, of, series, zero if of.table == "stays" else np.nan)
    n = None
    if _kind(of) == "mean" and not of.stock:
        n = rows.groupby("period")["n"].sum().reindex(index, fill_value=0).astype("float64")
        n = _dated(n.where(enough).rename("n"), every)
    told = tuple(dict.fromkeys([*notes, *filter(None, [gaps, partial])]))
    return Prepared(series, parts, _kind(of), n, told, every=every)


def _dated(series: pd.Series[Any], every: str) -> pd.Series[Any]:
    """Return the series with the frequency of its index, gaps at its ends cut off."""
    inside = series.loc[series.first_valid_index() : series.last_valid_index()]
    if series.notna().sum() == 0:
        inside = series.iloc[:0]
    index = pd.DatetimeIndex(inside.index, freq=_FREQUENCY[every], name="date")
    return inside.astype("float64").set_axis(index)


def _gaps(complete: pd.Series[bool], own: str) -> str:
    """Say which days within the series the file does not cover."""
    runs = runs_of(~complete.to_numpy("bool"))
    if not runs:
        return ""
    total = sum(end - begin for begin, end in runs)
    days = complete.index
    named = [
        said(days[begin]) + (f" to {said(days[end - 1])}" if end - begin > 1 else "")
        for begin, end in runs[:_NAMED]
    ]
    more = f" and {len(runs) - _NAMED} more" if len(runs) > _NAMED else ""
    unit = own if total == 1 else f"{own}s"
    return f"The file does not cover {total:,} {unit}: {', '.join(named)}{more}."
