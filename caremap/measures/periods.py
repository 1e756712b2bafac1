"""The periods a network is reported by: which there are, and which of them are whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.counts import cadence_of, span_of
from caremap.measures.coverage import Coverage, coverage_of
from caremap.measures.figures import Span
from caremap.measures.rhythm import LENGTHS
from caremap.measures.windows import Window, dates_in_doubt, explained_by_chance
from caremap.problems import DataProblem

__all__ = ["Periods", "periods_of"]

_PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


@dataclass(frozen=True, eq=False)
class Periods:
    """Periods from the first day of the data to the as-of date, cut to the reporting period.

    Attributes
    ----------
    windows
        The days of each that are asked for and lie within the data.
    starts
        The first day of each, whether the data has it or not.
    complete
        Whether the data, the reporting period and the as-of date cover the whole of each; of
        dates in doubt none is whole.
    coverage
        What the stays cover; None without stays.
    """

    windows: list[Window]
    starts: list[pd.Timestamp]
    complete: list[bool]
    coverage: Coverage | None


def periods_of(dataset: Dataset, every: str, day: pd.Timestamp | None) -> Periods:
    """Return the periods of a network.

    Parameters
    ----------
    dataset
        The network.
    every
        ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``year``.
    day
        The as-of date.

    Raises
    ------
    ValueError
        Where ``every`` is none of the choices.
    caremap.DataProblem
        Where counts are less frequent than the periods asked for.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-02-01", "2024-03-10"])})
    >>> dataset = Dataset(stays=stays)
    >>> periods_of(dataset, "month", dataset.as_of).complete
    [True, False]
    """
    if every not in _PERIODS:
        raise ValueError(f"every is one of {', '.join(_PERIODS)}, got {every!r}")
    coverage = None if dataset.stays is None else coverage_of(dataset, day)
    if dataset.stays is None and dataset.activity is not None:
        _refuse_too_fine(dataset.once("activity", cadence_of), every)
    span = _range(dataset, coverage, day)
    windows = _windows(span, dataset, every)
    starts = [
        pd.Period(window.end, freq=_PERIODS[every]).start_time.as_unit("us") for window in windows
    ]
    thin_from = coverage.thin_from if coverage else None
    sure = not dates_in_doubt(dataset)
    complete = [
        sure and whole and (thin_from is None or window.end is None or window.end < thin_from)
        for window, whole in zip(windows, _complete(windows, every, span), strict=True)
    ]
    return Periods(windows, starts, complete, coverage)


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
