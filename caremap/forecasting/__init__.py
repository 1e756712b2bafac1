"""A series to a forecast: intervals, and a backtest that says what to expect of it."""

from caremap.forecasting.intervals import intervals, scored, with_bounds
from caremap.forecasting.result import Forecast

__all__ = ["Forecast", "intervals", "scored", "with_bounds"]
