"""The staff that each possible future takes, and what is missing of it with more absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.staffing import (
    ABSENT,
    ALL,
    checked_units,
    duty,
    full_time_staff,
    people_there,
    unit_key,
)
from caremap.problems import DataProblem

__all__ = ["Roles", "Rota", "rota_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Roles:
    """Staff by role, then future and day.

    Attributes
    ----------
    needed, available, short
        By role, in full-time posts (of a shift: people on duty). NaN where not known.
    hours
        Hours of work a day that one who is missing leaves undone, by role.
    """

    needed: Mapping[str, Array]
    available: Mapping[str, Array]
    short: Mapping[str, Array]
    hours: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Rota:
    """What patients take, and who is there.

    Attributes
    ----------
    units
        As `caremap.planning.staffing_defaults` gives them, those with a number.
    there
        People by unit, role and shift.
    hours_per_week, absence
        Of a full-time post, and percent of them lost to leave, sickness and training.
    left_out
        Roles without a number of patients or hours.
    """

    units: pd.DataFrame
    there: Mapping[tuple[str, str, str], float]
    hours_per_week: float
    absence: float
    left_out: tuple[str, ...]

    @property
    def roles(self) -> list[str]:
        """Names of the roles, in order."""
        return sorted(self.units["role"].astype("str").unique())

    def roles_in(self, census: Mapping[str, Array], more_absent: Array) -> Roles:
        """Return the staff that patients take.

        Parameters
        ----------
        census
            Patients in house by unit, “All units” being everybody: futures and days.
        more_absent
            Percentage points more absent than usual, by day.
        """
        worked = self.hours_per_week * (1 - self.absence / 100)
        shifts = sorted({shift for _, _, shift in self.there}) or [""]
        # of a hundred posts 78 are usually at work; with 15 points more absent 63 are
        present = np.clip(1 - more_absent / (100 - self.absence), 0.0, None)
        needed: dict[str, Array] = {}
        available, hours = {}, {}
        for role in self.roles:
            rows = self.units[self.units["role"].astype("str").eq(role)]
            parts = [duty(census[str(row.unit)], row) for row in rows.itertuples(index=False)]
            on_duty = np.sum([part[0] for part in parts], axis=0)
            posts = full_time_staff(7.0, 1.0, worked) * np.sum([part[1] for part in parts], axis=0)
            for shift in shifts:
                name = f"{role}, {shift}" if shift else role
                known = self.there.get(unit_key(ALL, role, shift), np.nan)
                needed[name] = on_duty if shift else posts
                available[name] = known * present
                hours[name] = 24 / len(shifts) if shift else worked / 7
        short = {name: np.maximum(needed[name] - available[name], 0.0) for name in needed}
        return Roles(needed, available, short, hours)


def rota_of(
    units: pd.DataFrame,
    staff: pd.DataFrame | None,
    census_units: set[str],
    by: str,
    *,
    hours_per_week: float,
    absence: float = ABSENT,
) -> Rota:
    """Return what patients take and who is there, checked.

    Parameters
    ----------
    units, staff, hours_per_week, absence
        As `caremap.planning.staff_needed` takes them.
    census_units
        Units that patients are counted in.
    by
        The column of the units; empty for all together.

    Raises
    ------
    caremap.DataProblem
        Where a unit is not among those, or a number is no number.
    ValueError
        Where hours or absence leave nothing to work.
    """
    if not (0 < hours_per_week <= 168 and 0 <= absence < 100):
        raise ValueError("A full-time post has to work more than 0 of 168 hours a week.")
    asked = checked_units(units)
    unknown = [str(unit) for unit in asked["unit"] if str(unit) not in census_units | {ALL}]
    if unknown:
        raise DataProblem(
            f"The census ahead has no unit “{unknown[0]}”.", "Take units that the stays name."
        )
    roles = set(asked["role"].astype("str"))
    left = sorted({*units["role"].astype("str")} - roles)
    return Rota(asked, people_there(staff, by), hours_per_week, absence, tuple(left))
