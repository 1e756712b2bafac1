"""Direct models: from what is known at an origin straight to a day some steps ahead.

One model serves all steps, with the step among its features, and learns by how much a day will
differ from the calendar's factor times the recent level, so that nothing learnt means exactly that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from caremap.forecasting.calendar import Calendar, Columns
from caremap.forecasting.history import Floats, History, Tick
from caremap.forecasting.smoothing import levels

__all__ = ["Moment", "boosted", "forest", "linear"]

SPEEDS = {7: (0.1, 0.02, 0.05, 0.2, 0.4), 1: (0.3, 0.05, 0.15, 0.5, 0.8)}
"""Speeds of the levels, by observations a week; the first is the recent level of it all."""
BEGIN = {7: 60, 1: 16}
"""Observations before the first example: levels need as many to settle."""
EXAMPLES = 6500
"""Pairs of an origin and a day after it, chosen evenly: more teach nothing new."""
REFIT = 8
"""Trees are grown at every so many origins; between them they see new days, and grow no more."""
RIDGE = 30.0
"""Penalty in observations: an effect has to show over more of them than that."""
HALF_LIFE = 500.0
"""Days after which an example counts half in the linear regression."""
EXTREME = 4.0
"""Standard deviations beyond which a day teaches no more than a day there."""


@dataclass(frozen=True, eq=False)
class Moment:
    """All that is known at an origin; values after it are not in here."""

    history: History  # its values end at the origin
    columns: Columns
    calendar: Calendar

    @property
    def origin(self) -> int:
        """How many values are known."""
        return self.history.known

    @cached_property
    def levels(self) -> Floats:
        """Smoothed values over smoothed factors after every day, a column per speed."""
        return levels(self.history.observed, self.calendar.factor, SPEEDS[self.history.cycle])

    @cached_property
    def ratios(self) -> Floats:
        """Values over calendar factors; in gaps the level of the time; outliers cut back."""
        ratio = self.history.observed / self.calendar.factor[: self.origin]
        recent = self.levels[:, 0]
        before = np.concatenate([recent[:1], recent[:-1]])
        miss = np.nan_to_num(ratio - before)
        far = EXTREME * np.sqrt(np.mean(miss**2))
        ratios: Floats = np.maximum(before + np.clip(miss, -far, far), 0.0)
        return ratios

    def around_last_year(self, days: Floats, seen: Floats, half: int) -> Floats:
        """Return the mean ratio about a year before ``days``, from values up to ``seen``.

        Missing where there is none, and while few examples have one to learn from.
        """
        sums = np.concatenate([[0.0], np.cumsum(self.ratios)])
        start = days - self.history.year - half
        end = np.minimum(days - self.history.year + half, seen) + 1
        good = (start >= 0) & (self.origin >= 1.5 * self.history.year)
        start, end = np.where(good, start, 0), np.where(good, np.maximum(end, start + 1), 1)
        return np.where(good, (sums[end] - sums[start]) / (end - start), np.nan)

    def features(self, seen: Any, steps: Any) -> Floats:
        """Return what is known at ``seen`` (positions) of the days ``steps`` later.

        Levels, the last value, the same weekday in past weeks and the same time a year before,
        all as fractions above or below the recent level; zero where not known.
        """
        history, days = self.history, seen + steps
        level = np.maximum(self.levels[seen, 0], 1e-9)
        cycle, half = history.cycle, history.cycle
        back = cycle * -(-steps // cycle)  # whole weeks until the last same weekday known
        weeks = [self.ratios[np.maximum(days - back - cycle * k, 0)] for k in range(4)]
        year = self.around_last_year(days, seen, half)
        then = self.around_last_year(seen, seen, 2 * half)
        known = [
            *self.levels[seen, 1:].T,
            self.ratios[seen],
            weeks[0],
            np.mean(weeks, axis=0),
            year,
            level + year - then,
            np.full(len(seen), self.levels[:, 1].mean()),
        ]
        return np.column_stack([np.nan_to_num(column / level - 1) for column in known])

    def times(self, seen: Any, steps: Any) -> Floats:
        """Return what the calendar says of those days, for models that split on it."""
        dates, days = self.history.dates, seen + steps
        free = self.columns.free
        last = len(free) - 1
        return np.column_stack(
            [
                steps,
                dates.day_of_week.to_numpy()[days],
                dates.day_of_year.to_numpy()[days],
                free[days],
                free[days - 1],
                free[np.minimum(days + 1, last)],
                np.log(np.maximum(self.levels[seen, 0], 1e-9)),
            ]
        )

    def expected(self, seen: Any, steps: Any) -> Floats:
        """Return the calendar's factor times the recent level."""
        found: Floats = self.calendar.factor[seen + steps] * self.levels[seen, 0]
        return np.maximum(found, 1e-9)


@dataclass(frozen=True, eq=False)
class Examples:
    """Pairs of a past day and a day after it, both known at a moment."""

    moment: Moment
    horizon: int
    seen: Any = field(init=False)
    steps: Any = field(init=False)

    def __post_init__(self) -> None:
        """Choose them."""
        moment = self.moment
        begin = BEGIN[moment.history.cycle]
        seen = np.repeat(np.arange(begin, max(moment.origin, begin)), self.horizon)
        steps = np.tile(np.arange(1, self.horizon + 1), len(seen) // self.horizon)
        kept = seen + steps < moment.origin
        kept[kept] &= ~np.isnan(moment.history.observed[(seen + steps)[kept]])
        if kept.sum() > EXAMPLES:
            share = EXAMPLES / kept.sum()
            kept &= np.random.default_rng(0).random(len(kept)) < share
        object.__setattr__(self, "seen", seen[kept])
        object.__setattr__(self, "steps", steps[kept])

    @property
    def values(self) -> Floats:
        """What came."""
        found: Floats = self.moment.history.observed[self.seen + self.steps]
        return found

    @property
    def expected(self) -> Floats:
        """What calendar and recent level made of it."""
        return self.moment.expected(self.seen, self.steps)

    def changes(self) -> Floats:
        """What came, as a fraction above or below what was expected; outliers cut back."""
        expected = self.expected
        miss = (self.values - expected) / np.sqrt(expected)
        far = EXTREME * max(float(np.std(miss)), 1e-9)
        found: Floats = np.clip(miss, -far, far) / np.sqrt(expected)
        return found

    def trees(self) -> Floats:
        """Features for models that split."""
        return _trees(self.moment, self.seen, self.steps)


class Fitted(Protocol):
    """Takes a moment and a horizon, and returns what to multiply the expected values by."""

    def __call__(self, moment: Moment, horizon: int) -> Floats: ...


def linear(moments: Sequence[Moment], horizon: int, tick: Tick) -> Floats:
    """Linear regression (ridge) on features and their products with the step, for each moment."""
    return _direct(_fit_linear, moments, horizon, tick, refit=1)


def boosted(moments: Sequence[Moment], horizon: int, tick: Tick) -> Floats:
    """Gradient-boosted trees (XGBoost): shallow, with Poisson deviance."""
    return _direct(_fit_boosted, moments, horizon, tick, refit=REFIT)


def forest(moments: Sequence[Moment], horizon: int, tick: Tick) -> Floats:
    """Random forest (scikit-learn's)."""
    return _direct(_fit_forest, moments, horizon, tick, refit=REFIT)


def _direct(
    fit: Callable[[Examples], Fitted],
    moments: Sequence[Moment],
    horizon: int,
    tick: Tick,
    refit: int,
) -> Floats:
    """Return forecasts, a row per moment; the last moment always has a fit of its own."""
    found = np.empty((len(moments), horizon))
    fitted: Fitted | None = None
    for row, moment in enumerate(moments):
        if fitted is None or (len(moments) - 1 - row) % refit == 0:
            examples = Examples(moment, horizon)
            enough = len(examples.seen) >= 30
            fitted = fit(examples) if enough else None
        factor = fitted(moment, horizon) if fitted else np.ones(horizon)
        found[row] = moment.expected(*_ahead(moment, horizon)) * factor
        tick()
    return found


def _ahead(moment: Moment, horizon: int) -> tuple[Any, Any]:
    """Return the last position known, and the steps from it."""
    return np.full(horizon, moment.origin - 1), np.arange(1, horizon + 1)


def _trees(moment: Moment, seen: Any, steps: Any) -> Floats:
    return np.hstack([moment.features(seen, steps), moment.times(seen, steps)])


def _fit_linear(examples: Examples) -> Fitted:
    """Fit a ridge regression of the changes, each weighted as its variance demands."""
    from sklearn.linear_model import Ridge

    horizon = examples.horizon

    def products(moment: Moment, seen: Any, steps: Any) -> Floats:
        plain = moment.features(seen, steps)
        far = (steps - (horizon + 1) / 2) / horizon
        return np.hstack([plain, plain * far[:, None]])

    columns = products(examples.moment, examples.seen, examples.steps)
    age = (examples.moment.origin - examples.seen) * 7 / examples.moment.history.cycle
    weight = examples.expected / examples.expected.mean() * 0.5 ** (age / HALF_LIFE)
    size = np.sqrt(np.average(columns**2, axis=0, weights=weight)) + 1e-9
    each = len(columns) / max(examples.moment.origin, 1)  # examples of one observation
    model = Ridge(alpha=RIDGE * each, fit_intercept=False, solver="cholesky")
    model.fit(columns / size, examples.changes(), sample_weight=weight)

    def predicted(moment: Moment, horizon: int) -> Floats:
        change: Floats = model.predict(products(moment, *_ahead(moment, horizon)) / size)
        return np.clip(1 + change, 0.0, 3.0)

    return predicted


def _fit_boosted(examples: Examples) -> Fitted:
    """Fit shallow trees by Poisson deviance, on top of what is expected."""
    import xgboost

    history = examples.moment.history
    unit = history.dispersion(examples.moment.origin) / 2  # to a variance as counts have it
    values, expected = examples.values / unit, examples.expected / unit
    ordinary = max(float(expected.mean()), 0.1)
    settings = {
        "objective": "count:poisson",
        "max_depth": 3,
        "eta": 0.05,
        "subsample": 0.7,
        "colsample_bytree": 0.6,
        "min_child_weight": 15 * ordinary,
        "reg_lambda": 10 * ordinary,
        "max_bin": 64,
        "max_delta_step": 0.7,
        "nthread": 1,
        "seed": 0,
    }
    rows = xgboost.DMatrix(examples.trees(), label=values, base_margin=np.log(expected), nthread=1)
    model = xgboost.train(settings, rows, num_boost_round=120)

    def predicted(moment: Moment, horizon: int) -> Floats:
        columns = _trees(moment, *_ahead(moment, horizon))
        rows = xgboost.DMatrix(columns, base_margin=np.zeros(horizon), nthread=1)
        factor: Floats = model.predict(rows).astype("float64")
        return factor

    return predicted


def _fit_forest(examples: Examples) -> Fitted:
    """Fit a forest of the changes."""
    from sklearn.ensemble import RandomForestRegressor

    model = RandomForestRegressor(
        n_estimators=100, min_samples_leaf=20, max_features=0.4, n_jobs=1, random_state=0
    )
    model.fit(examples.trees(), examples.changes(), sample_weight=examples.expected)

    def predicted(moment: Moment, horizon: int) -> Floats:
        change: Floats = model.predict(_trees(moment, *_ahead(moment, horizon)))
        return np.clip(1 + change, 0.0, 3.0)

    return predicted
