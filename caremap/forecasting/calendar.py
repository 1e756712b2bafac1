"""What the calendar alone explains: weekday, season and holidays as factors of a level."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from caremap.forecasting.features import FEAST_DAYS, harmonics, holiday_columns
from caremap.forecasting.history import Floats, History

__all__ = ["Calendar", "Columns", "calendar_at", "columns_of"]

WAVES = ((2.0, 4), (1.2, 2))
"""Years of history from which on so many yearly waves are told apart; below, none."""
WEEKDAY, WAVE, LEVEL = 0.5, 0.15, 0.5
FEAST, HOLIDAY, BESIDE, NAMED = 0.5, 0.2, 0.05, 0.03
"""How large effects are expected to be, as standard deviations of the logarithm: what is rare
in the data is drawn towards none by as much as that."""
HALF_LIFE = 900.0
"""Days after which an observation counts half: habits change slowly."""


@dataclass(frozen=True, eq=False)
class Columns:
    """What is known of every date before any value is: computed once for a whole backtest."""

    weekday: Floats
    waves: Floats
    holiday: Floats
    spread: Floats  # the size expected of every holiday column's effect
    free: Floats  # whether a date is a holiday or kept like one


@dataclass(frozen=True, eq=False)
class Calendar:
    """Factors by date, each around 1, learnt from the values before an origin."""

    weekday: Floats
    season: Floats
    holiday: Floats

    @property
    def factor(self) -> Floats:
        """Their product."""
        return self.weekday * self.season * self.holiday


def columns_of(history: History, country: str | None, region: str | None) -> Columns:
    """Return what the calendar says of every date of ``history``, horizon included."""
    dates = history.dates
    holidays = holiday_columns(dates, country, region, history.cycle)
    general = holidays["holiday"] if "holiday" in holidays else holidays.max(axis=1)
    return Columns(
        weekday=np.eye(7)[dates.day_of_week] if history.cycle == 7 else np.zeros((len(dates), 0)),
        waves=harmonics(dates, max(count for _, count in WAVES)),
        holiday=holidays.to_numpy(dtype="float64"),
        spread=np.array([_size(str(name)) for name in holidays]),
        free=general.to_numpy(dtype="float64"),
    )


def _size(holiday: str) -> float:
    """Return how large the effect of a column of `holiday_columns` is expected to be.

    What holidays have in common can be learnt from all of them; what is peculiar to one, and the
    days beside it, hardly: on short series more would be made of chance than it is worth.
    """
    if holiday in FEAST_DAYS:
        return FEAST
    if holiday.startswith("name: "):
        return NAMED
    return HOLIDAY if holiday == "holiday" else BESIDE


def calendar_at(history: History, columns: Columns, origin: int) -> Calendar:
    """Return the factors of all dates, learnt from the first ``origin`` values.

    A Poisson regression (scikit-learn's) whose ridge penalty draws every effect towards none. A
    level that bends once a year goes in beside them, so that growth is not taken for a season.

    Examples
    --------
    >>> import pandas as pd
    >>> from caremap.forecasting.history import history_of
    >>> days = pd.date_range("2023-01-02", periods=210)
    >>> values = pd.Series(np.where(days.day_of_week < 5, 24, 12), index=days)
    >>> history = history_of(values, 7)
    >>> calendar = calendar_at(history, columns_of(history, None, None), 210)
    >>> (calendar.factor[4] / calendar.factor[5]).round(1)
    np.float64(2.0)
    """
    day = 7 / history.cycle  # in days, one observation
    waves = next((count for years, count in WAVES if origin * day / 365.25 >= years), 0)
    season = columns.waves[:, : 2 * waves]
    sizes = WAVE / np.repeat(np.arange(1, waves + 1), 2)
    blocks = [
        columns.weekday * WEEKDAY,
        season * sizes,
        columns.holiday * columns.spread,
        _bends(len(history.dates), origin, round(365 / day)) * LEVEL,
    ]
    design = np.hstack(blocks)
    seen = np.flatnonzero(~np.isnan(history.observed[:origin]))
    weight = np.asarray(0.5 ** ((origin - 1 - seen) * day / HALF_LIFE), dtype=np.float64)
    values = history.observed[seen]
    average = float(np.average(values, weights=weight))
    if average <= 0:
        flat = np.ones(len(history.dates))
        return Calendar(flat, flat, flat)
    penalty = history.dispersion(origin) / weight.sum()
    effect = _effects(design[seen], values, weight, penalty)
    ends = np.cumsum([block.shape[1] for block in blocks])
    logs = [
        design[:, start:end] @ effect[start:end]
        for start, end in zip([0, *ends[:2]], ends[:3], strict=True)
    ]
    return Calendar(*(_centred(np.exp(np.clip(log, -5, 5)), origin) for log in logs))


def _effects(design: Floats, values: Floats, weight: Floats, penalty: float) -> Floats:
    """Return the coefficients of a Poisson regression."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import PoissonRegressor

    model = PoissonRegressor(alpha=penalty, solver="newton-cholesky", tol=1e-5)
    with warnings.catch_warnings():  # at the very optimum no step is an improvement: it says so
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(design, values, sample_weight=weight)
    found: Floats = model.coef_
    return found


def _centred(factor: Floats, origin: int) -> Floats:
    """Return a factor whose mean over what is known is 1."""
    centred: Floats = factor / factor[:origin].mean()
    return centred


def _bends(length: int, origin: int, apart: int) -> Floats:
    """Return a level made of straight lines that bend every ``apart``, flat after the origin."""
    knots = np.arange(origin - 1, -apart, -apart, dtype="float64")[::-1]
    time = np.minimum(np.arange(length), origin - 1)
    return np.column_stack([np.interp(time, knots, unit) for unit in np.eye(len(knots))])
