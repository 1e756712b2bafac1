"""What the calendar and a patient's earlier stays tell on the day of an admission."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["CALENDAR", "HISTORY", "calendar_of", "history_of"]

CALENDAR = ("Weekday of admission", "Month of admission", "Hour of admission")
HISTORY = ("Days since the last discharge", "Stays in the year before")

_YEAR = 365
_MOSTLY = 0.5


def calendar_of(admitted: pd.Series[Any]) -> pd.DataFrame:
    """Return weekday, month and hour of admissions.

    Parameters
    ----------
    admitted
        Dates, with a time where it is known.

    Returns
    -------
    pandas.DataFrame
        The columns of `CALENDAR`: names of weekday and month (``Unknown`` without a date), and
        the hour, missing at 00:00 sharp, where dates without a time lie. Without a date at all
        no column; no hour where most dates have no time.

    Examples
    --------
    >>> calendar_of(pd.Series(pd.to_datetime(["2024-04-01 09:30"])))
      Weekday of admission Month of admission  Hour of admission
    0               Monday              April                9.0
    """
    known = admitted.notna()
    if not known.any():
        return pd.DataFrame(index=admitted.index)
    weekday, month, hour = CALENDAR
    result = pd.DataFrame(
        {
            weekday: admitted.dt.day_name().fillna("Unknown").astype("str"),
            month: admitted.dt.month_name().fillna("Unknown").astype("str"),
        }
    )
    timed = admitted != admitted.dt.normalize()
    if timed[known].mean() > _MOSTLY:
        result[hour] = admitted.dt.hour.astype("float64").where(timed & known)
    return result


def history_of(
    patient: pd.Series[Any], admitted: pd.Series[Any], left: pd.Series[Any]
) -> pd.DataFrame:
    """Return what a patient's earlier stays tell, as it was known on the day of admission.

    Parameters
    ----------
    patient
        Codes, missing where the patient is not known.
    admitted
        Dates of admission, one of each stay.
    left
        Dates of discharge, missing for stays that had not ended.

    Returns
    -------
    pandas.DataFrame
        The columns of `HISTORY`. Days since the last discharge up to the day of admission:
        missing where there was none. Stays begun in the 365 days before the day of admission:
        missing where the patient or the date is not known. Both are of stays begun on an
        earlier day: which of two on one day came first is not known. Without a patient of two
        stays there are no columns.

    Examples
    --------
    >>> came = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-20", "2024-01-20"]))
    >>> left = pd.Series(pd.to_datetime(["2024-01-05", None, None]))
    >>> history_of(pd.Series([0.0, 0.0, 1.0]), came, left).to_numpy().tolist()
    [[nan, 0.0], [15.0, 1.0], [nan, 0.0]]
    """
    known = patient.notna() & admitted.notna()
    if not patient[known].duplicated().any():
        return pd.DataFrame(index=patient.index)
    of = pd.factorize(patient[known])[0].astype("int64")
    day, end = _days(admitted[known]), _days(left[known])
    first, last = int(day.min()), int(max(day.max(), end[end != _NEVER].max(initial=day.max())))
    reach = last - first + _YEAR + 2  # from one patient to the next, with a year of room
    start = of * reach + (day - first)
    begun = np.sort(start)
    before = np.searchsorted(begun, start) - np.searchsorted(
        begun, np.maximum(start - _YEAR, of * reach)
    )
    # A stay that ends on its first day would be its own last one: it is known from the next day.
    over = end != _NEVER
    seen, ended = np.where(end > day, end, day + 1)[over], end[over]
    order = np.lexsort([ended, seen, of[over]])
    closed = (of[over] * reach + seen - first)[order]
    place = np.searchsorted(closed, start, side="right") - 1
    since = np.full(len(start), np.nan)
    found = place >= 0
    found[found] = closed[place[found]] >= of[found] * reach
    since[found] = day[found] - ended[order][place[found]]
    result = pd.DataFrame(np.nan, index=patient.index, columns=list(HISTORY))
    result.iloc[known.to_numpy().nonzero()[0]] = np.column_stack([since, before])
    return result


_NEVER = np.iinfo("int64").min


def _days(dates: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return day numbers, the lowest number where there is no date."""
    moments = dates.to_numpy("datetime64[D]")
    return np.where(np.isnat(moments), _NEVER, moments.view("int64"))
