"""What a forecast is: values and what they were judged on, without the models behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

__all__ = ["Forecast"]


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast with its intervals, and the backtest that says what to expect of it.

    Attributes
    ----------
    frame
        One row per day (or week, then its first day) ahead: ``date``, ``mean`` (expected value,
        in the unit of the series) and for every level ``low_80``, ``high_80``, ``low_95``,
        ``high_95``: bounds of the central interval that holds that many percent.
    total
        The same for the sum over the horizon (for an average, or patients in hospital: their
        mean over the horizon): ``mean``, ``low_80``, ``high_80``, ``low_95``, ``high_95``. Its
        interval is its own, not a sum of the daily ones: days err together.
    backtest
        One row per model, best first: ``model``, ``mase`` (mean absolute error over that of
        the same weekday a week before within the history before the first origin), ``rmse``,
        ``mae`` (unit of the series), ``r2``, ``coverage_80``, ``coverage_95`` (percent of
        days within the interval), ``gain`` (fraction by which its RMSE is lower than that of
        the overall average), ``gain_same_day`` (the same against the same day last week).
        Scored on days no model had seen.
    chosen
        The model of ``frame``, as ``backtest`` names it.
    limit
        The best any forecast can do on such counts, a Poisson with a known mean: ``r2``,
        ``mase``. Empty for series that are no counts: averages, and patients in hospital, most of
        whom are the same as the day before.
    notes
        What a reader must know, one sentence each.
    history
        The series as it was used, under its own name: gaps missing, the partial end dropped.
    errors
        The backtest day by day: ``model``, ``origin`` (last day known), ``date``, ``step`` (1 is
        the day after the origin), ``actual``, ``mean`` and, for the chosen model, the bounds.
    weights
        What the mix is made of: ``model``, ``weight`` (sum 1).
    components
        What the forecast is made of, over history and horizon: ``date``, ``level`` (unit of the
        series), and ``weekday``, ``season``, ``holiday``: factors by which it is multiplied.
    samples
        Possible futures, one row each, one column per date of ``frame``: they err together as
        the backtest's errors did, so that sums and whatever is computed from them have
        intervals of their own.
    every
        ``day`` or ``week``.
    better_than
        The best of the simple rules (overall average, same weekday average, same day last week),
        where the forecast was better than it beyond chance; empty where it was not, or is one.
    """

    frame: pd.DataFrame
    total: pd.Series
    backtest: pd.DataFrame
    chosen: str
    limit: dict[str, float]
    notes: tuple[str, ...] = ()
    history: pd.Series = field(default_factory=lambda: pd.Series(dtype="float64"))
    errors: pd.DataFrame = field(default_factory=pd.DataFrame)
    weights: pd.DataFrame = field(default_factory=pd.DataFrame)
    components: pd.DataFrame = field(default_factory=pd.DataFrame)
    samples: pd.DataFrame = field(default_factory=pd.DataFrame)
    every: str = "day"
    better_than: str = ""

    @property
    def measure(self) -> str:
        """What was forecast: the measure asked of `caremap.forecasting.series`, or any name."""
        return str(self.history.name or "")
