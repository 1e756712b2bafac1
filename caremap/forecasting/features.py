"""What the calendar says of a date, known long before it: weekday, time of year, holidays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.forecasting.history import Floats
from caremap.problems import DataProblem

__all__ = ["FEAST_DAYS", "harmonics", "holiday_columns"]

FEAST_DAYS = ("12-24", "12-25", "12-26", "12-31", "01-01")
"""Days kept nearly everywhere: all that is assumed while no country is chosen."""


def harmonics(dates: pd.DatetimeIndex, count: int) -> Floats:
    """Return sine and cosine of ``count`` yearly waves, two columns each.

    Examples
    --------
    >>> harmonics(pd.DatetimeIndex(["2024-01-01"]), 2)
    array([[0., 1., 0., 1.]])
    """
    angle = 2 * np.pi * (dates.day_of_year.to_numpy() - 1) / 365.25
    waves = [f(k * angle) for k in range(1, count + 1) for f in (np.sin, np.cos)]
    return np.column_stack(waves) if waves else np.zeros((len(dates), 0))


def holiday_columns(
    dates: pd.DatetimeIndex, country: str | None, region: str | None, cycle: int = 7
) -> pd.DataFrame:
    """Return a column per holiday, and some for the days beside one.

    Parameters
    ----------
    dates
        Days, or first days of weeks.
    country, region
        Codes of the ``holidays`` package ("US", "CA"); without a country only the days around
        Christmas and New Year, which are kept nearly everywhere.
    cycle
        7 for days; for weeks (1) the columns say how many of a week's days are meant.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``dates``: 0 or 1 (for weeks 0 to 7).

    Raises
    ------
    DataProblem
        Where the country or region is unknown.

    Examples
    --------
    >>> days = pd.date_range("2024-07-03", periods=3)
    >>> holiday_columns(days, "US", None)[["holiday", "day before", "day after"]].to_numpy()
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 0., 1.]])
    """
    if cycle == 7:
        return _daily(dates, country, region)
    days = pd.date_range(dates[0], dates[-1] + pd.Timedelta(days=6))
    daily = _daily(days, country, region)
    general = [name for name in ("holiday", *FEAST_DAYS) if name in daily]
    weekly = daily[general].groupby(np.arange(len(days)) // 7).sum()
    return weekly.set_axis(dates)


def _daily(dates: pd.DatetimeIndex, country: str | None, region: str | None) -> pd.DataFrame:
    """Return the columns for days."""
    month_day = dates.strftime("%m-%d")
    columns: dict[str, Floats] = {day: (month_day == day).astype("float64") for day in FEAST_DAYS}
    if country:
        columns |= _national(dates, _holidays(dates, country, region))
    return pd.DataFrame(columns, index=dates)


def _holidays(dates: pd.DatetimeIndex, country: str, region: str | None) -> dict[pd.Timestamp, str]:
    """Return the public holidays around ``dates`` and their names."""
    import holidays

    years = range(dates[0].year - 1, dates[-1].year + 2)
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=years)
    except (NotImplementedError, KeyError, AttributeError) as error:
        place = f"{country}, {region}" if region else country
        raise DataProblem(
            f"The holidays of {place} are not known.",
            "Choose another country or region, or none.",
        ) from error
    return {pd.Timestamp(day): str(name) for day, name in found.items()}


def _national(dates: pd.DatetimeIndex, named: dict[pd.Timestamp, str]) -> dict[str, Floats]:
    """Return columns for holidays in general, the days beside them, and each by name."""
    around = pd.date_range(dates[0] - pd.Timedelta(days=3), dates[-1] + pd.Timedelta(days=3))
    working = around.day_of_week < 5
    off = pd.Series(around.isin(list(named)) & working, index=around)
    weekend = pd.Series(~working, index=around)
    beside = {by: off.shift(by, fill_value=False) for by in (-2, -1, 1, 2)}
    marks = {
        "holiday": off,
        "holiday at a weekend": pd.Series(around.isin(list(named)), index=around) & weekend,
        "day before": beside[-1] & ~off & ~weekend,
        "day after": beside[1] & ~off & ~weekend,
        "long weekend": weekend & (beside[-2] | beside[-1] | beside[1] | beside[2]),
    }
    columns = {name: mark.reindex(dates).to_numpy(dtype="float64") for name, mark in marks.items()}
    for day, names in named.items():
        if day in dates:
            for name in names.split("; "):
                plain = name.split(" (")[0]
                columns.setdefault(f"name: {plain}", np.zeros(len(dates)))
                columns[f"name: {plain}"][dates.get_loc(day)] = 1.0
    return columns
