"""A series to a forecast: intervals, and a backtest that says what to expect of it."""

from caremap.forecasting.fitness import unfit
from caremap.forecasting.forecast import forecast
from caremap.forecasting.intervals import intervals, scored, with_bounds
from caremap.forecasting.limits import attainable
from caremap.forecasting.outliers import outliers
from caremap.forecasting.parts import Parts, forecast_parts
from caremap.forecasting.preparing import Prepared, measures_of, prepared
from caremap.forecasting.result import Forecast
from caremap.forecasting.series import series
from caremap.forecasting.shifts import shifts

__all__ = [
    "Forecast",
    "Parts",
    "Prepared",
    "attainable",
    "forecast",
    "forecast_parts",
    "intervals",
    "measures_of",
    "outliers",
    "prepared",
    "scored",
    "series",
    "shifts",
    "unfit",
    "with_bounds",
]
