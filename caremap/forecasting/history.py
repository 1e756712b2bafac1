"""A series as the models see it: checked, on an even grid, and known up to an origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.days import said
from caremap.forecasting.slips import slips
from caremap.problems import DataProblem

__all__ = ["Floats", "History", "Tick", "history_of"]

Floats = npt.NDArray[np.float64]
Tick = Callable[[], None]

CLOSED = 3
"""Weekdays a place may be closed on: where more have no count, they are lacking."""
NAMED = 3
"""Values left out that are named in a sentence."""
DISPERSION = 2.0
"""Variance of daily hospital counts beside that of a Poisson, before any is seen."""


@dataclass(frozen=True, eq=False)
class History:
    """The known part of a series and the dates ahead of it.

    Attributes
    ----------
    observed
        One value per known date; missing where the series has a gap, or a value that can be none.
    dates
        The known dates and the horizon after them.
    cycle
        Observations in a week: 7 days, or 1.
    counts
        Whether the series counts (whole numbers).
    notes
        What was repaired, one sentence each.
    """

    observed: Floats
    dates: pd.DatetimeIndex
    cycle: int
    counts: bool
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """How many dates are known."""
        return len(self.observed)

    @property
    def every(self) -> str:
        """``day`` or ``week``."""
        return "day" if self.cycle == 7 else "week"

    @property
    def year(self) -> int:
        """Observations in 52 weeks: the same weekday a year before."""
        return 52 * self.cycle

    def dispersion(self, origin: int) -> float:
        """Return the variance beside the mean of the values before ``origin``, roughly.

        For averages what they show themselves; for counts a prior: they lie near a Poisson.
        """
        if self.counts:
            return DISPERSION
        values = pd.Series(self.observed[:origin]).dropna()
        around = values.rolling(4 * self.cycle + 1, center=True, min_periods=1).mean()
        mean = float(values.mean())
        return max(float(((values - around) ** 2).mean()) / mean, 1e-6 * mean) if mean > 0 else 1.0

    def series(self) -> pd.Series:
        """Return the known part in its own unit."""
        values = pd.Series(self.observed, index=self.dates[: self.known], name="value")
        return values.rename_axis("date")


def history_of(series: pd.Series, horizon: int, *, adds: bool = True) -> History:
    """Return a series on an even grid of days or weeks, or refuse it in words.

    Parameters
    ----------
    series
        Numbers by date. Sorted where it is not; dates left out become gaps; gaps at either end
        are dropped.
    horizon
        How many days (or weeks) ahead there will be a forecast for.
    adds
        Whether values of several days add up: only then can no value mean nobody.

    Raises
    ------
    DataProblem
        Where it cannot be told what is meant: dates given twice, numbers below zero, words,
        neither days nor weeks.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-03", "2024-01-01", "2024-01-04"])
    >>> history = history_of(pd.Series([3, 1, 4], index=days), horizon=2)
    >>> history.observed, len(history.dates), history.every
    (array([ 1., nan,  3.,  4.]), 6, 'day')
    """
    if not isinstance(series, pd.Series):
        raise DataProblem(
            "A forecast needs a series: numbers with a date each.",
            "Pass a pandas Series whose index holds the dates.",
        )
    numbers = pd.Series(_numbers(series), index=_dates(series.index)).sort_index()
    given = numbers.index
    numbers = numbers.loc[numbers.first_valid_index() : numbers.last_valid_index()]
    if numbers.notna().sum() < 2:
        raise DataProblem(
            "The series has no values to forecast from.", "Give at least eight weeks of numbers."
        )
    cycle = _cycle(pd.DatetimeIndex(numbers.index))
    step = pd.Timedelta(days=7 // cycle)
    dates = pd.date_range(numbers.index[0], numbers.index[-1] + horizon * step, freq=step)
    even = numbers.reindex(dates[: len(dates) - horizon])
    counts = bool((numbers.dropna() % 1 == 0).all())
    even, closed = _closed(even, counts and adds) if cycle == 7 else (even, "")
    observed = np.array(even, dtype=np.float64)
    far = slips(observed, cycle)
    notes = (*_repairs(series, given, even, cycle), closed, _far(even.iloc[far]))
    observed[far] = np.nan
    return History(observed, dates, cycle, counts, tuple(filter(None, notes)))


def _dates(index: pd.Index) -> pd.DatetimeIndex:
    """Return the index as days."""
    if not isinstance(index, (pd.DatetimeIndex, pd.PeriodIndex)):
        if pd.api.types.is_numeric_dtype(index):
            raise DataProblem(
                "The series has numbers where its dates should be.",
                "Set the dates as its index.",
            )
        try:
            index = pd.DatetimeIndex(pd.to_datetime(index, format="ISO8601"))
        except (ValueError, TypeError) as error:
            raise DataProblem(
                "The index of the series cannot be read as dates.",
                "Use dates such as 2024-05-31.",
            ) from error
    stamps = index.to_timestamp() if isinstance(index, pd.PeriodIndex) else index
    if stamps.isna().any():
        raise DataProblem("The series has values without a date.", "Remove them first.")
    dates = stamps.tz_localize(None).normalize()
    twice = dates[dates.duplicated()]
    if len(twice):
        raise DataProblem(
            f"The series has more than one value for {twice.nunique()} of its dates, "
            f"the first {twice.min():%Y-%m-%d}.",
            "Add them up, or choose one of them: which is right cannot be told from here.",
        )
    return dates


def _numbers(series: pd.Series) -> Floats:
    """Return the values as numbers, missing where there is none."""
    try:
        numbers = pd.to_numeric(series).to_numpy(dtype="float64", na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise DataProblem(
            "The series has values that are no numbers.", "Replace or remove them first."
        ) from error
    if np.isinf(numbers).any():
        raise DataProblem("The series has infinite values.", "Replace or remove them first.")
    if (numbers < 0).any():
        below = int((numbers < 0).sum())
        raise DataProblem(
            f"The series has {below} values below zero: no count or average of patients is.",
            "Correct or remove them first.",
        )
    return numbers


def _cycle(dates: pd.DatetimeIndex) -> int:
    """Return 7 for days and 1 for weeks."""
    apart = (dates[1:] - dates[:-1]).days
    if len(apart) and (apart % 7 == 0).all():
        return 1
    if np.median(apart) > 3:
        raise DataProblem(
            "The series is neither by day nor by week.",
            "A forecast needs a value per day, or one per week on the same weekday.",
        )
    return 7


def _closed(even: pd.Series, adds: bool) -> tuple[pd.Series, str]:
    """Put 0 on weekdays that never have a count, and say so: the place is closed on them.

    Where that cannot be (patients in hospital are there every day), say what is not known.
    """
    weekday = pd.DatetimeIndex(even.index).day_of_week
    share = even.notna().groupby(weekday).mean()
    never = share.index[share == 0]
    if len(even) < 28 or not len(never):
        return even, ""
    shut = weekday.isin(never)
    names = " or ".join(pd.DatetimeIndex(even.index[shut]).sort_values().day_name().unique())
    if adds and len(never) <= CLOSED and share.drop(never).min() > 0.5:
        return even.mask(shut, 0.0), f"Never counted on a {names}: taken for closed, 0."
    return even, f"There is no value of a {names}: their forecast is a guess from other days."


def _far(values: pd.Series) -> str:
    """Say which values were left out as slips."""
    if values.empty:
        return ""
    days = pd.DatetimeIndex(values.index[:NAMED])
    named = ", ".join(
        f"{said(day)} ({value:,.10g})" for day, value in zip(days, values, strict=False)
    )
    more = f" and {len(values) - NAMED:,} more" if len(values) > NAMED else ""
    return (
        "Left out, being more than three times as high as anything in the eight weeks before: "
        f"{named}{more}."
    )


def _repairs(series: pd.Series, given: pd.Index, even: pd.Series, cycle: int) -> tuple[str, ...]:
    """Return what was done to the series, in words."""
    unit = "day" if cycle == 7 else "week"
    notes = []
    gaps = int(even.isna().sum())
    if not series.index.is_monotonic_increasing:
        notes.append("The dates were not in order; they were sorted.")
    if gaps:
        verb = "has" if gaps == 1 else "have"
        notes.append(
            f"{gaps} of {len(even)} {unit}s {verb} no value; they are gaps, not zeros, "
            "and were left out."
        )
    ends = len(given) - int(given.isin(even.index).sum())
    if ends:
        notes.append(f"{unit.capitalize()}s without a value at the ends were dropped: {ends}.")
    return tuple(notes)
