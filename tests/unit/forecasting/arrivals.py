"""Stays and counts whose arrivals are known, for tests of series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def arrivals(
    first: str,
    last: str,
    per_day: float = 12.0,
    stay: float = 4.0,
    weekday: Any = None,
    timed: bool = True,
    facilities: dict[str, float] | None = None,
    seed: int = 1,
) -> pd.DataFrame:
    """Stays that begin as a Poisson process and last an exponential time, in days."""
    random = np.random.default_rng(seed)
    days = pd.date_range(first, last)
    factor = np.ones(7) if weekday is None else np.asarray(weekday, dtype="float64")
    came = days.repeat(random.poisson(per_day * factor[days.day_of_week]))
    hours = random.uniform(0, 24, len(came)) if timed else np.zeros(len(came))
    admitted = (came + pd.to_timedelta(hours, unit="h")).as_unit("us")
    left = (admitted + pd.to_timedelta(random.exponential(stay, len(came)), unit="D")).as_unit("us")
    table = pd.DataFrame({"admitted": admitted, "discharged": left})
    nights = table["discharged"].dt.normalize() - table["admitted"].dt.normalize()
    table = table.assign(length_of_stay=nights.dt.days.astype("float64"))
    if facilities:
        names = random.choice(list(facilities), len(table), p=list(facilities.values()))
        table = table.assign(facility=pd.Series(names, dtype="str"))
    return table


def daily_counts(first: str, last: str, mean: float = 20.0, seed: int = 1) -> pd.DataFrame:
    """A file with a number of admissions a day."""
    days = pd.date_range(first, last).as_unit("us")
    random = np.random.default_rng(seed)
    return pd.DataFrame({"date": days, "admissions": random.poisson(mean, len(days)) * 1.0})


def without(table: pd.DataFrame, first: str, last: str, column: str = "admitted") -> pd.DataFrame:
    """The rows but those of these days."""
    day = table[column].dt.normalize()
    return table[~day.between(pd.Timestamp(first), pd.Timestamp(last))]


def span(series: pd.Series) -> tuple[str, str]:
    """The first and last day of a series."""
    return str(series.index[0].date()), str(series.index[-1].date())


def gaps(series: pd.Series) -> list[str]:
    """The days of a series without a value."""
    return [str(day.date()) for day in series.index[series.isna()]]
