"""A series to a forecast: intervals, and a backtest that says what to expect of it."""

from caremap.forecasting.result import Forecast

__all__ = ["Forecast"]
