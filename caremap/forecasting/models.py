"""The models there are, by the name a reader sees, and how each makes its forecasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from caremap.forecasting.calendar import Columns, calendar_at
from caremap.forecasting.direct import Moment, boosted, forest, linear
from caremap.forecasting.history import Floats, History, Tick
from caremap.forecasting.smoothing import smoothed_weeks

__all__ = ["MIXED", "ON_DEMAND", "YARDSTICKS", "Model", "models_for", "moment_at"]

Model = Callable[[Sequence[Moment], int, Tick], Floats]
"""Moments, horizon, what to call after each -> forecasts: a row per moment, a column per step."""

WEEKS = 8
"""Weeks of which the same weekday is averaged."""


def moment_at(history: History, columns: Columns, origin: int) -> Moment:
    """Return what is known at an origin, and no value after it."""
    known = replace(history, observed=history.observed[:origin])
    return Moment(known, columns, calendar_at(known, columns, origin))


def models_for(history: History, extra: Sequence[str] = ()) -> dict[str, Model]:
    """Return the models a series is long enough for, those on demand included.

    Examples
    --------
    >>> import pandas as pd
    >>> from caremap.forecasting.history import history_of
    >>> ten_weeks = pd.Series(1.0, index=pd.date_range("2024-01-01", periods=70))
    >>> list(models_for(history_of(ten_weeks, 14)))
    ['exponential smoothing', 'same weekday average', 'overall average', 'same day last week']
    """
    daily = history.cycle == 7
    learning = {**MIXED, **{name: ON_DEMAND[name] for name in extra}}
    found = {
        name: model
        for name, (model, days, weeks) in learning.items()
        if history.known >= (days if daily else weeks) and (daily or name != WEEKDAYS)
    }
    yardsticks = YARDSTICKS if daily else WEEKLY
    return found | yardsticks


def _smoothing(moments: Sequence[Moment], horizon: int, tick: Tick) -> Floats:
    last = moments[-1]
    bases = np.array([moment.calendar.season * moment.calendar.holiday for moment in moments])
    origins = [moment.origin for moment in moments]
    found = smoothed_weeks(last.history.observed, bases, origins, last.history.cycle, horizon)
    for _ in moments:
        tick()
    return found


def _each(rule: Callable[[History, int], Floats]) -> Model:
    """Return a model that applies a simple rule to what is known."""

    def model(moments: Sequence[Moment], horizon: int, tick: Tick) -> Floats:
        found = np.empty((len(moments), horizon))
        for row, moment in enumerate(moments):
            found[row] = rule(moment.history, horizon)
            tick()
        return found

    return model


def _same_weekday(history: History, horizon: int) -> Floats:
    """Return the average of the same weekday over the last weeks; overall where it has none."""
    cycle = history.cycle
    weeks = min(WEEKS, history.known // cycle)
    last = history.observed[history.known - weeks * cycle :].reshape(weeks, cycle)
    seen = ~np.isnan(last)
    overall = np.nanmean(last) if seen.any() else np.nanmean(history.observed)
    mean = np.where(
        seen.any(axis=0), np.nansum(last, axis=0) / np.maximum(seen.sum(axis=0), 1), overall
    )
    return np.resize(mean, horizon)


def _overall(history: History, horizon: int) -> Floats:
    return np.full(horizon, np.nanmean(history.observed))


def _last_week(history: History, horizon: int) -> Floats:
    """Return the last known value of the same weekday."""
    cycle = history.cycle
    found = np.full(cycle, np.nanmean(history.observed))
    for day in range(cycle):
        same = history.observed[history.known - cycle + day :: -cycle]
        seen = same[~np.isnan(same)]
        found[day] = seen[0] if len(seen) else found[day]
    return np.resize(found, horizon)


WEEKDAYS = "same weekday average"
MIXED: dict[str, tuple[Model, int, int]] = {
    "linear regression": (linear, 140, 40),
    "XGBoost": (boosted, 270, 104),
    "exponential smoothing": (_smoothing, 0, 0),
    WEEKDAYS: (_each(_same_weekday), 0, 0),
}
"""What the mix is made of, and the days or weeks of history each needs to learn anything."""
ON_DEMAND: dict[str, tuple[Model, int, int]] = {"random forest": (forest, 270, 104)}
"""Compared only where asked for: costs more than all the others and adds nothing to the mix."""
YARDSTICKS: dict[str, Model] = {
    "overall average": _each(_overall),
    "same day last week": _each(_last_week),
}
WEEKLY: dict[str, Model] = {
    "overall average": YARDSTICKS["overall average"],
    "last week": YARDSTICKS["same day last week"],
}
"""What every forecast is held against."""
