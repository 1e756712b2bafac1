"""Forecasts of the past, each made with what was known then: how good to expect the next to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.forecasting.calendar import Columns
from caremap.forecasting.direct import Moment
from caremap.forecasting.history import Floats, History
from caremap.forecasting.mixing import mixed
from caremap.forecasting.models import MIXED, models_for, moment_at

__all__ = ["MIX", "Backtest", "backtest", "origins_of"]

MIX = "CareMap mix"
SCORED, BEFORE = 12, 12
"""Origins that are scored, and origins before them that teach the first of them its weights."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Backtest:
    """What every model said at every origin, the last of which is the end of the series.

    Attributes
    ----------
    origins
        How many values were known at each; the last one is all of them.
    forecasts
        For every model, the mix among them, origins by steps.
    weights
        Of the models in the mix, at the end of the series: ``model``, ``weight``.
    last
        What is known at the end of the series.
    steps
        Steps that are scored: fewer than the horizon where the series is short.
    """

    history: History
    origins: tuple[int, ...]
    forecasts: dict[str, Floats]
    weights: pd.DataFrame
    last: Moment
    steps: int

    def errors(self) -> pd.DataFrame:
        """Return ``model``, ``origin``, ``date``, ``step``, ``actual``, ``mean`` of the past.

        Where there are enough, without the first origins: a mix that has nothing to weigh by
        yet errs more than the one that stands at the end.
        """
        history = self.history
        few = min(BEFORE // 2, max(0, len(self.origins) - 1 - SCORED))
        frames = []
        for model, means in self.forecasts.items():
            for row, origin in list(enumerate(self.origins[:-1]))[few:]:
                days = slice(origin, origin + self.steps)
                frame = {
                    "model": model,
                    "origin": history.dates[origin - 1],
                    "date": history.dates[days],
                    "step": np.arange(1, self.steps + 1),
                    "actual": history.observed[days],
                    "mean": means[row, : self.steps],
                }
                frames.append(pd.DataFrame(frame))
        return pd.concat(frames, ignore_index=True)

    def scored(self) -> pd.DatetimeIndex:
        """Return the origins that are scored, as dates: those with others before them."""
        past = self.origins[:-1]
        count = min(SCORED, max(len(past) - BEFORE // 2, -(-len(past) // 2)))
        return self.history.dates[[origin - 1 for origin in past[-count:]]]

    @property
    def overlap(self) -> int:
        """How many origins' horizons overlap at any time."""
        past = self.origins[:-1]
        apart = past[-1] - past[-2] if len(past) > 1 else self.steps
        return -(-self.steps // apart)


def origins_of(known: int, horizon: int, cycle: int) -> tuple[tuple[int, ...], int]:
    """Return the origins of a backtest (how many values are known at each), and its steps.

    The last is followed by the last ``steps`` values. Two weeks apart for days (four for weeks),
    closer where the series is short; before the first there are at least four weeks, and half a
    year where that leaves enough.

    Examples
    --------
    >>> origins, steps = origins_of(1826, 14, 7)
    >>> len(origins), origins[0], origins[-2:], steps
    (24, 1490, (1798, 1812), 14)
    >>> origins_of(56, 14, 7)
    ((28, 35, 42), 14)
    >>> origins_of(8, 12, 1)
    ((4, 5, 6), 2)
    """
    steps = max(1, min(horizon, known // 4))
    least = max(4 * cycle, min(26 * cycle, known // 2))
    room = known - steps - least
    wide = (2 if cycle == 7 else 4) * cycle
    enough = SCORED + BEFORE // 2
    spacings = (wide, cycle) if cycle == 7 else (wide, 2, 1)
    apart = next((gap for gap in spacings if room // gap + 1 >= enough), spacings[-1])
    count = max(1, min(SCORED + BEFORE, room // apart + 1))
    last = known - steps
    return tuple(last - apart * back for back in range(count - 1, -1, -1)), steps


def backtest(
    history: History,
    columns: Columns,
    horizon: int,
    extra: Sequence[str] = (),
    progress: Progress | None = None,
) -> Backtest:
    """Return the forecasts of every model at every origin and at the end of the series.

    Parameters
    ----------
    history, columns
        The series, and what the calendar says of its dates.
    horizon
        Steps ahead.
    extra
        Models on demand, compared but not in the mix.
    progress
        Called with the stage, how much of it is done, and of how much.
    """
    past, steps = origins_of(history.known, horizon, history.cycle)
    origins = (*past, history.known)
    models = models_for(history, extra)
    total, done = len(origins) * (len(models) + 1), 0

    def tick(stage: str) -> Callable[[], None]:
        def report() -> None:
            nonlocal done
            done += 1
            if progress:
                progress(stage, done, total)

        return report

    calendar = tick("calendar")
    moments = []
    for origin in origins:
        moments.append(moment_at(history, columns, origin))
        calendar()
    forecasts = {name: model(moments, horizon, tick(name)) for name, model in models.items()}
    parts = [name for name in models if name in MIXED]
    stacked = np.array([forecasts[name] for name in parts])
    _, shares = mixed(stacked[:, :, :steps], history.observed, origins)
    mix = np.einsum("om,moh->oh", shares, stacked)
    weights = pd.DataFrame({"model": parts, "weight": shares[-1]})
    return Backtest(history, origins, {MIX: mix, **forecasts}, weights, moments[-1], steps)
