"""Forecasts to draw, as `caremap.forecasting.Forecast` holds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

BY_WEEKDAY = np.array([24.0, 22, 21, 20, 20, 17, 16])


def known(days: int = 120, end: str = "2026-04-26") -> pd.Series:
    """Admissions by day: the same every week, and one more or less every other day."""
    dates = pd.date_range(end=end, periods=days)
    return pd.Series(BY_WEEKDAY[dates.day_of_week] + np.arange(days) % 2, index=dates)


def expected(days: int = 14, start: str = "2026-04-27", step: str = "D") -> pd.DataFrame:
    """What is expected after it, with bounds at two levels."""
    dates = pd.date_range(start, periods=days, freq=step)
    mean = BY_WEEKDAY[dates.day_of_week] + (np.arange(days) if step != "D" else 0)
    return bounded(pd.DataFrame({"date": dates, "mean": mean}))


def bounded(frame: pd.DataFrame, centre: str = "mean") -> pd.DataFrame:
    """Add bounds: six and ten off."""
    more = {
        f"{side}_{level}": frame[centre] + sign * reach
        for level, reach in ((80, 6.0), (95, 10.0))
        for side, sign in (("low", -1), ("high", 1))
    }
    return frame.assign(**more)


TOTAL = pd.Series(
    {"mean": 280.2, "low_80": 257.6, "high_80": 303.0, "low_95": 246.0, "high_95": 316.0}
)


def errors(origins: int = 3, days: int = 14, **more: Any) -> pd.DataFrame:
    """Forecasts of the past by two models; the intervals of the first hold all but one day."""
    parts = []
    for at in range(origins):
        origin = pd.Timestamp("2025-06-01") + pd.Timedelta(days=28 * at)
        made = expected(days, str(origin.date() + pd.Timedelta(days=1)))
        made = made.assign(
            model="CareMap mix", origin=origin, step=range(1, days + 1), actual=made["mean"]
        )
        parts += [
            made,
            made.drop(columns=list(made.filter(regex="_80|_95"))).assign(model="XGBoost"),
        ]
    frame = pd.concat(parts, ignore_index=True)
    frame.loc[2, "actual"] = frame.loc[2, "mean"] + 11
    return frame.assign(**more)
