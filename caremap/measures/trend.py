"""Every measure period by period: days, weeks, months, quarters or years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.counts import cadence_of, span_of
from caremap.measures.coverage import Coverage, coverage_of
from caremap.measures.definitions import MEASURES
from caremap.measures.figures import Span, missing
from caremap.measures.headline import all_figures
from caremap.measures.rhythm import LENGTHS
from caremap.measures.view import Choices
from caremap.measures.windows import Window, dates_in_doubt, explained_by_chance, resolve_as_of
from caremap.problems import DataProblem

__all__ = ["trend"]

_PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def trend(
    dataset: Dataset,
    every: str = "month",
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> pd.DataFrame:
    """Return every measure for each period from the first date to the as-of date.

    Parameters
    ----------
    dataset
        The network, filtered as it is.
    every
        ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``year``.
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        ``period`` (Timestamp of its first day), one column per measure, and ``complete``:
        False where the data, the reporting period or the as-of date does not cover the
        whole of it. A period without rows is 0 in flows and NaN in means. While dates are in
        doubt (day and month swapped in part) every figure is NaN and nothing is complete.
        Empty where there are no dates.

    Raises
    ------
    ValueError
        Where ``every`` is none of the choices.
    caremap.DataProblem
        Where counts are less frequent than the periods asked for.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-02-01", "2024-02-29",
    ...                                                   "2024-03-10"])})
    >>> trend(Dataset(stays=stays))[["period", "admissions", "complete"]]
          period  admissions  complete
    0 2024-02-01         2.0      True
    1 2024-03-01         1.0     False
    """
    if every not in _PERIODS:
        raise ValueError(f"every is one of {', '.join(_PERIODS)}, got {every!r}")
    choices = Choices(same_day, overnight_only, cost_date)
    day = resolve_as_of(dataset, as_of)
    coverage = None if dataset.stays is None else coverage_of(dataset, day)
    if dataset.stays is None and dataset.activity is not None:
        _refuse_too_fine(dataset.once("activity", cadence_of), every)
    span = _range(dataset, coverage, day)
    windows = _windows(span, dataset, every)
    sure = not dates_in_doubt(dataset)
    figures = all_figures(dataset, windows, day, choices, coverage) if windows and sure else {}
    none = missing(windows)
    columns = {
        name: pd.Series([figure.value for figure in figures.get(name, none)], dtype="float64")
        for name in MEASURES
    }
    starts = [pd.Period(window.end, freq=_PERIODS[every]).start_time for window in windows]
    frame = pd.DataFrame({"period": pd.Series(starts, dtype="datetime64[us]"), **columns})
    thin_from = coverage.thin_from if coverage else None
    complete = [
        sure and whole and (thin_from is None or window.end is None or window.end < thin_from)
        for window, whole in zip(windows, _complete(windows, every, span), strict=True)
    ]
    return frame.assign(complete=pd.Series(complete, dtype="bool"))


def _refuse_too_fine(cadence: str, every: str) -> None:
    if cadence and LENGTHS[cadence] > LENGTHS[every]:
        raise DataProblem(
            f"The file has one count per {cadence}: it cannot be shown by {every}.",
            f"Choose {cadence} or longer.",
        )


def _windows(span: Span | None, dataset: Dataset, every: str) -> list[Window]:
    """Return the periods from the first day to the last, cut to the reporting period."""
    if span is None:
        return []
    start, end = dataset.period or (None, None)
    first = span.first if start is None else max(span.first, start)
    last = span.last if end is None else min(span.last, end)
    if last < first:
        return []
    periods = pd.period_range(first, last, freq=_PERIODS[every])
    return [
        Window(every, max(period.start_time, first), min(_last_day(period), last), comparison=True)
        for period in periods
    ]


def _range(dataset: Dataset, coverage: Coverage | None, as_of: pd.Timestamp | None) -> Span | None:
    """Return the days from the first admission (or count) to the as-of date."""
    span = coverage.admissions if coverage else None
    if span is None and dataset.activity is not None:
        span = dataset.once("activity", span_of)
        if span is not None and as_of is not None and as_of != dataset.as_of:
            span = replace(span, last=as_of)
        return span
    return span if span is None or as_of is None else replace(span, last=as_of)


def _complete(windows: Sequence[Window], every: str, span: Span | None) -> list[bool]:
    """Return whether each period is whole: begun by chance a little late, or cut."""
    result = []
    for window in windows:
        assert span is not None and window.start is not None and window.end is not None
        period = pd.Period(window.end, freq=_PERIODS[every])
        late = float((window.start - period.start_time).days)
        begun = late == 0 or (
            window.start == span.first and explained_by_chance(late, span.per_day)
        )
        result.append(bool(begun and window.end >= _last_day(period)))
    return result


def _last_day(period: pd.Period) -> pd.Timestamp:
    return period.end_time.normalize().as_unit("us")
