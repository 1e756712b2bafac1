"""Staff a workload takes: the Workload Indicators of Staffing Need of the WHO.

The time the work takes in a year over the time one person has for it, more where everyone also
spends time on other things (a share of their time), and more where some do (hours in all).
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd

from caremap.problems import DataProblem

__all__ = ["allowance_factor", "available_time", "hours_per_patient_day", "wisn", "wisn_ratio"]

Amount = TypeVar("Amount", float, "pd.Series[float]")


def available_time(
    working_days: float = 260.0,
    *,
    public_holidays: float = 0.0,
    annual_leave: float = 0.0,
    sick_leave: float = 0.0,
    other: float = 0.0,
    hours_per_day: float = 8.0,
) -> float:
    """Return the hours a year in which one person is there to work.

    Parameters
    ----------
    working_days
        Days a year that could be worked: 52 weeks of 5.
    public_holidays, annual_leave, sick_leave, other
        Days of these a year; other is training and the like.
    hours_per_day
        Hours of a working day.

    Raises
    ------
    caremap.DataProblem
        Where nothing is left, or a number is below 0.

    Notes
    -----
    WHO, WISN user's manual: available working time = (A - (B + C + D + E)) x F.

    Examples
    --------
    >>> available_time(260, public_holidays=10, annual_leave=25, sick_leave=6)
    1752.0
    """
    away = (public_holidays, annual_leave, sick_leave, other)
    left = working_days - sum(away)
    if min(*away, working_days) < 0 or not 0 < hours_per_day <= 24 or working_days > 366:
        raise DataProblem(
            "Days and hours of working time are out of what is possible.",
            "Take at most 366 days a year and 24 hours a day, and nothing below 0.",
        )
    if not left > 0:
        raise DataProblem(
            "No working time is left after holidays, leave and sickness.", "Lower one of them."
        )
    return left * hours_per_day


def allowance_factor(share: float) -> float:
    """Return by how much more staff is needed where everyone spends a share of time elsewhere.

    Parameters
    ----------
    share
        Fraction of the available time that all staff of the role spend on other than the
        workload: meetings, records, training.

    Raises
    ------
    caremap.DataProblem
        Where the share is not from 0 to below 1.

    Notes
    -----
    WHO, WISN user's manual: the category allowance factor, 1 / (1 - share).

    Examples
    --------
    10 training days of 179 days:

    >>> round(allowance_factor(10 / 179), 4)
    1.0592
    """
    if not 0 <= share < 1:
        raise DataProblem(
            "An allowance is a share of the working time, from 0 to below 100 %.",
            "Change the allowance.",
        )
    return 1 / (1 - share)


def wisn(
    workload: Amount,
    unit_hours: float,
    available_hours: float,
    *,
    allowance: float = 0.0,
    individual: float = 0.0,
) -> Amount:
    """Return the staff a workload takes.

    Parameters
    ----------
    workload
        Units of work a year: visits, patient-days, deliveries. A number, or one per facility.
    unit_hours
        Hours one unit takes.
    available_hours
        Hours a year one person is there to work, see `available_time`.
    allowance
        Share of the time that everyone of the role spends on other work.
    individual
        Hours a year that single people spend on other work, of all of them together.

    Returns
    -------
    float or pandas.Series
        Full-time staff, not rounded. NaN where the workload is not known.

    Raises
    ------
    caremap.DataProblem
        Where a number is out of what is possible.

    Notes
    -----
    WHO, WISN user's manual: required = A x CAF + IAF, where A is the workload's own staff, CAF
    the category and IAF the individual allowance factor.

    Examples
    --------
    Kenya: 100,000 visits of a quarter of an hour, 179 days of 8 hours, 10 of them for training:

    >>> round(wisn(100_000, 0.25, 179 * 8), 2)
    17.46
    >>> round(wisn(100_000, 0.25, 179 * 8, allowance=10 / 179), 2)
    18.49
    """
    for name, value in (("unit of work", unit_hours), ("individual allowances", individual)):
        if not (np.isfinite(value) and value >= 0):
            raise DataProblem(f"The hours of {name} have to be 0 or more.", "Change the number.")
    if not (np.isfinite(available_hours) and available_hours > 0):
        raise DataProblem(
            "One person has to be there for more than 0 hours a year.", "Change the working time."
        )
    factor = allowance_factor(allowance)
    return workload * unit_hours / available_hours * factor + individual / available_hours


def wisn_ratio(current: Amount, required: Amount) -> Amount:
    """Return current over required staff: below 1 there are too few.

    Examples
    --------
    >>> round(wisn_ratio(12.0, 18.49), 2)
    0.65
    """
    if isinstance(required, pd.Series):
        return current / required.where(required > 0)
    return current / required if required > 0 else float("nan")


def hours_per_patient_day(
    staff: float, shifts: float, hours_per_shift: float, patients: float
) -> float:
    """Return the hours of care each patient gets a day.

    Parameters
    ----------
    staff
        People on duty in each shift.
    shifts, hours_per_shift
        Shifts a day, and the hours of one.
    patients
        In house.

    Examples
    --------
    8 nurses in each of 3 shifts of 8 hours, for 32 patients:

    >>> hours_per_patient_day(8, 3, 8, 32)
    6.0
    """
    if not patients > 0:
        return float("nan")
    return staff * shifts * hours_per_shift / patients
