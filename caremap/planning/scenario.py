"""What changes in a scenario, and what comes of several of them: two values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

__all__ = ["BASELINE", "Scenario", "ScenarioRun"]

BASELINE = "Baseline"
"""What the run without any change is called."""


@dataclass(frozen=True)
class Scenario:
    """Changes over a window of days; the defaults change nothing.

    Attributes
    ----------
    name
        What it is called; not “Baseline”.
    start, end
        First and last day of the window, None for that of the forecast. Demand and extra patients
        arrive within it; beds, staff and prices change on its days; a stay that begins within it
        has the changed length, and lasts beyond it where it does.
    demand, stay
        Percent more (or, below 0, fewer) arrivals, and longer stays. -100 or more.
    extra
        Patients who come on the first day of the window on top, as after a mass-casualty event.
    icu_share, ventilated_share
        Percent of admissions in intensive care, and of those on a ventilator; None: unchanged.
    absence
        Percentage points of staff absent beyond the usual.
    beds
        Beds opened (or, below 0, closed) by department; the key “” for beds of no department.
    icu_beds, ventilators
        Intensive care beds (part of all beds) and ventilators opened or closed.
    cost, price
        Percent by which cost per bed-day and price per case change.
    """

    name: str
    start: pd.Timestamp | None = None
    end: pd.Timestamp | None = None
    demand: float = 0.0
    stay: float = 0.0
    extra: int = 0
    icu_share: float | None = None
    ventilated_share: float | None = None
    absence: float = 0.0
    beds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    icu_beds: int = 0
    ventilators: int = 0
    cost: float = 0.0
    price: float = 0.0


@dataclass(frozen=True, eq=False)
class ScenarioRun:
    """Several scenarios beside the baseline, on the same random numbers.

    Attributes
    ----------
    daily
        One row per scenario and day, the baseline first: ``scenario``, ``date``, ``median``,
        ``mean``, ``high_90`` (census: the midnight that is not exceeded in nine futures of ten),
        ``low_10``, ``arrivals`` (mean), ``beds`` (staffed; NaN where not known), ``short`` (mean
        patients beyond the beds), ``chance_short`` (fraction of futures), ``refused`` (mean
        arrivals for whom no bed is free), ``icu``, ``icu_high_90``, ``icu_beds``, ``ventilated``,
        ``ventilated_high_90``, ``ventilators``.
    summary
        Indexed by ``scenario``: ``mean_census``, ``peak_date``, ``peak_median``, ``peak_high_90``,
        ``beds``, ``beds_short`` (at the peak, of ``high_90``, 0 where enough), ``refused``,
        ``refused_share``, ``icu_short``, ``ventilators_short``, ``staff_short`` (full-time posts
        on the worst day, all roles), ``overtime_hours`` (over the horizon), ``bed_days``,
        ``cost``, ``revenue``, ``margin``. Each but dates and shares also as ``…_low`` and
        ``…_high`` (80 % of futures) where futures differ. NaN: not known, see ``notes``.
    differences
        As ``summary``, each scenario less the baseline, future by future.
    staff
        One row per scenario and role: ``scenario``, ``role``, ``needed``, ``available``,
        ``short`` (full-time posts on the worst day), ``overtime_hours``.
    departments
        One row per scenario and department where it was asked for: ``scenario``,
        ``department``, ``peak_date``, ``peak_median``, ``peak_high_90``, ``beds``, ``short``.
    scenarios
        Those that were run, the baseline first.
    assumptions
        What all of it takes for granted, in sentences a board can read.
    notes
        What could not be computed and why.
    settings
        What it was run with.
    """

    daily: pd.DataFrame
    summary: pd.DataFrame
    differences: pd.DataFrame
    staff: pd.DataFrame
    departments: pd.DataFrame
    scenarios: tuple[Scenario, ...]
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
