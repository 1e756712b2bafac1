"""Figure frames as charts, and the same in words for those who cannot see one."""

from caremap.charts.bars import bars_figure
from caremap.charts.figure import Figure, Quantity
from caremap.charts.lengths import stay_donut, stay_histogram
from caremap.charts.trend import trend_chart, trend_figure
from caremap.charts.words import describe_trend

__all__ = [
    "Figure",
    "Quantity",
    "bars_figure",
    "describe_trend",
    "stay_donut",
    "stay_histogram",
    "trend_chart",
    "trend_figure",
]
