"""The XmR chart: which periods differ from the others by more than they usually do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.by_group import COUNTED_BY
from caremap.measures.coverage import coverage_of, has
from caremap.measures.definitions import MEASURES
from caremap.measures.occupancy import occupancy
from caremap.measures.trend import trend
from caremap.measures.windows import dates_in_doubt, resolve_as_of
from caremap.problems import DataProblem

__all__ = ["POINTS", "charted", "control_chart"]

Array = np.ndarray[Any, Any]

POINTS = 12
"""A chart needs this many whole periods."""

_LIMIT = 2.66  # 3 / 1.128: three standard deviations in terms of the mean moving range
_UNBIASED = 1.128  # mean range of two of a normal distribution, in standard deviations
_EVERY = ("week", "month")
_PLACES = ("facility", "department", "region")
_OF_DISCHARGES = ("discharges", "length_of_stay", "median_stay", "cost", "mean_cost", "charges",
                  "readmission", "satisfaction")  # fmt: skip
_COLUMNS = ("period", "value", "centre", "lower", "upper", "signal", "p", "n")
_MADE_OF = COUNTED_BY | {
    "waiting_p90": "waiting_n", "waiting_within": "waiting_n", "survival": "survival_n",
    "occupancy": "bed_days", "mean_census": "bed_days", "turnover": "discharges",
    "turnover_interval": "discharges",
}  # fmt: skip
"""The column that says how many stays (patients' days) a value is made of."""


def control_chart(
    dataset: Dataset,
    measure: str = "admissions",
    every: str = "month",
    by: str | None = None,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> pd.DataFrame:
    """Return a measure period by period, with the limits of its usual variation.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    measure
        Any of `caremap.measures.MEASURES`.
    every
        ``week`` (from Monday) or ``month``.
    by
        ``facility``, ``department`` or ``region``, for a chart of each; None for one of all.
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        The group, where asked for; ``period`` (its first day), ``value`` (as in
        `caremap.measures.trend`), ``centre``, ``lower`` and ``upper`` (in the same unit; of a
        count they follow the days of the month, so that February is no signal; not below 0
        where the measure cannot be), ``signal`` (outside the limits), ``p`` (probability of
        a value as far from the others by chance, see Notes) and ``n`` (stays, or bed-days,
        behind the value; NaN where the value is itself a count, or is of rows of counts).
        Whole periods only; of what goes by discharge date only those after nearly all patients
        of before the file have left.
        Empty with fewer than 12, without dates, and while dates are in doubt.

    Raises
    ------
    ValueError
        Where ``measure`` or ``every`` is none of the choices.
    caremap.DataProblem
        Where ``by`` is none of the places, or counts are less frequent than ``every``.

    Notes
    -----
    XmR chart: mean, and limits 2.66 mean moving ranges from it (Wheeler, Understanding
    Variation, 1993; NHS England, Making Data Count). Only the rule of a point outside the
    limits is used: runs and trends arise too easily where a period resembles the one before.
    So do points outside the limits; ``p`` therefore compares each value with the mean of all
    others, in their standard deviation or that of their moving ranges, whichever is larger
    (Student's t; counts by their square roots, lengths and money by their logarithms).

    Examples
    --------
    >>> days = pd.date_range("2023-01-01", "2024-01-31")
    >>> stays = pd.DataFrame({"admitted": days.append(pd.DatetimeIndex(["2023-05-05"] * 40))})
    >>> chart = control_chart(Dataset(stays=stays))
    >>> chart.loc[chart["signal"], ["period", "value", "lower", "upper"]]
          period  value  lower  upper
    4 2023-05-01   71.0   16.3   51.8
    """
    if every not in _EVERY:
        raise ValueError(f"every is one of {', '.join(_EVERY)}, got {every!r}")
    if measure not in MEASURES:
        raise ValueError(f"measure is one of {', '.join(MEASURES)}, got {measure!r}")
    switches = (as_of, same_day, overnight_only, cost_date)
    if by is None:
        return _chart(dataset, measure, every, switches)
    if by not in _PLACES:
        raise DataProblem(
            f"There is no control chart by “{by}”.", f"Choose one of {', '.join(_PLACES)}."
        )
    parts = []
    for name in dataset.options(by):
        chart = _chart(dataset.filtered(**{by: [name]}), measure, every, switches)
        chart.insert(0, by, pd.Series([name] * len(chart), index=chart.index, dtype="str"))
        parts.append(chart)
    if not parts:
        empty = _chart(dataset, measure, every, switches).iloc[:0]
        empty.insert(0, by, pd.Series([], dtype="str"))
        return empty
    return pd.concat(parts, ignore_index=True)


def _chart(dataset: Dataset, measure: str, every: str, switches: tuple[Any, ...]) -> pd.DataFrame:
    if dates_in_doubt(dataset):
        return _shaped([], [], charted(np.array([]), np.array([])), [])
    if measure == "occupancy":
        found = occupancy(dataset, every=every, as_of=switches[0])
        found = found.assign(bed_days=(found["occupied"] * found["days"]).round())
    else:
        as_of, same_day, overnight_only, cost_date = switches
        found = trend(dataset, every, as_of, same_day, overnight_only, cost_date)
    whole = found[found["complete"] & found[measure].notna()]
    first = _first(dataset, measure, switches[0])
    whole = whole if first is None else whole[whole["period"] >= first]
    if len(whole) < POINTS:
        whole = whole.iloc[:0]
    days = np.ones(len(whole))
    if MEASURES[measure].kind == "flow":
        days = whole["period"].dt.days_in_month.to_numpy("float64") if every == "month" else days
    chart = charted(whole[measure].to_numpy("float64"), days, measure)
    n = whole.get(_MADE_OF.get(measure, ""), pd.Series(np.nan, index=whole.index))
    return _shaped(whole["period"], whole[measure], chart, n)


def _first(dataset: Dataset, measure: str, as_of: object) -> pd.Timestamp | None:
    """Return the day from which discharges are complete, for what goes by them."""
    if measure not in _OF_DISCHARGES or dataset.stays is None:
        return None
    if not has((dataset.whole or dataset).stays, "admitted", "discharged"):
        return None
    census = coverage_of(dataset, resolve_as_of(dataset, as_of)).census
    return None if census is None else census.first


def charted(values: Array, days: Array, measure: str = "admissions") -> pd.DataFrame:
    """Return centre, limits, signals and probabilities of values in order of time.

    ``days`` is what a value grows with: the limits of each follow it.

    Examples
    --------
    >>> chart = charted(np.array([10.0, 12, 11, 13, 30]), np.ones(5))
    >>> chart[["centre", "lower", "upper", "signal"]].round(2).tail(1)
       centre  lower  upper  signal
    4    15.2   0.57  29.83    True
    """
    rates = values / days
    centre = float(rates.mean()) if len(rates) else np.nan
    moving = float(np.abs(np.diff(rates)).mean()) if len(rates) > 1 else np.nan
    lower, upper = centre - _LIMIT * moving, centre + _LIMIT * moving
    positive = bool((rates >= 0).all())
    lower = max(lower, 0.0) if positive else lower
    kind = MEASURES[measure].kind
    if positive and kind == "flow":
        even = np.sqrt(rates)
    elif measure in ("length_of_stay", "median_stay", "mean_cost") and (rates > 0).all():
        even = np.log(rates)
    else:
        even = rates
    return pd.DataFrame(
        {
            "centre": centre * days,
            "lower": lower * days,
            "upper": upper * days,
            "signal": (rates < lower) | (rates > upper),
            "p": against_others(even)[0],
        }
    )


def against_others(values: Array) -> tuple[Array, Array, Array]:
    """Return, of each value, its probability given all others, and their mean and error.

    Examples
    --------
    >>> p, mean, _ = against_others(np.array([1.0, 2.0, 1.0, 2.0, 9.0]))
    >>> p.round(3).tolist()[-1], float(mean[-1])
    (0.006, 1.5)
    """
    from scipy.stats import t

    n = len(values)
    if n < 4:
        return np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    mean = (values.sum() - values) / (n - 1)
    centred = values - values.mean()
    squares = (centred**2).sum() - centred**2 * n / (n - 1)
    spread = np.sqrt(np.maximum(squares, 0.0) / (n - 2))
    moves = np.abs(np.diff(values))
    beside = np.zeros(n)
    beside[:-1] += moves
    beside[1:] += moves
    pairs = np.array([1, *[2] * (n - 2), 1])
    ranges = (moves.sum() - beside) / (n - 1 - pairs) / _UNBIASED
    error = np.maximum(spread, ranges) * np.sqrt(1 + 1 / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(error > 0, np.abs(values - mean) / error, np.nan)
    constant = np.where(values == mean, 1.0, 0.0)
    p = np.where(np.isnan(statistic), constant, 2 * t.sf(statistic, n - 2))
    return p, mean, error


def _shaped(
    periods: Sequence[Any] | pd.Series[Any],
    values: Sequence[Any] | pd.Series[Any],
    chart: pd.DataFrame,
    n: Sequence[Any] | pd.Series[Any],
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "period": pd.Series(list(periods), dtype="datetime64[us]"),
            "value": pd.Series(list(values), dtype="float64"),
            "n": pd.Series(list(n), dtype="float64"),
        }
    )
    return frame.join(chart)[list(_COLUMNS)].astype({"signal": "bool"})
