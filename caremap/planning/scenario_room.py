"""The beds and machines there are, and what a scenario opens or closes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.beds import Beds, beds_of, plain
from caremap.planning.resource_units import ICU_BEDS, VENTILATORS, resource_units, total_of
from caremap.planning.scenario import Scenario
from caremap.problems import DataProblem

__all__ = ["Room", "room_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Room:
    """Beds and machines by day; NaN where not known.

    Attributes
    ----------
    beds, icu_beds, ventilators
        Of all, by day. Intensive care beds are part of the beds.
    departments
        Beds by day of each department, by its name as it is compared.
    groups
        Beds by group (rows) and day.
    names
        Of the groups, as they are compared; empty where they are no departments.
    note
        Where the beds come from, or what is missing.
    """

    beds: Array
    icu_beds: Array
    ventilators: Array
    departments: Mapping[str, Array]
    groups: Array
    names: tuple[str, ...]
    note: str

    def changed(self, scenario: Scenario, inside: Array) -> Room:
        """Return the room in a scenario: changed on the days of its window, never below none."""
        beds, groups = self.beds.copy(), self.groups.copy()
        for name, count in scenario.beds.items():
            key = plain([name])[0]
            change = _change(inside, count, self.departments.get(key, self.beds))
            beds = beds + change
            if key in self.names:
                groups[self.names.index(key)] += change
        intensive = _change(inside, scenario.icu_beds, self.icu_beds)
        machines = _change(inside, scenario.ventilators, self.ventilators)
        return replace(
            self,
            beds=np.maximum(beds + intensive, 0.0),
            icu_beds=self.icu_beds + intensive,
            ventilators=self.ventilators + machines,
            groups=groups,
        )

    def notes(self, scenario: Scenario) -> list[str]:
        """Say which changes of beds find nothing to change."""
        told = []
        for name, count in scenario.beds.items():
            there = self.departments.get(plain([name])[0])
            if name and self.departments and there is None:
                told.append(
                    f"{scenario.name}: no beds are known of “{name}”; all beds change by "
                    f"{count:+,}."
                )
            elif there is not None and count < 0 and -count > np.nanmax(there, initial=0):
                told.append(
                    f"{scenario.name}: “{name}” has {np.nanmax(there, initial=0):,.0f} beds, no "
                    "more can be closed."
                )
        return told


def _change(inside: Array, count: int, there: Array) -> Array:
    """Return what is opened or closed by day: no more can be closed than there are."""
    most = np.where(np.isnan(there), np.inf, there)
    change: Array = np.where(inside, np.maximum(count, -most), 0.0)
    return change


def room_of(
    dataset: Dataset,
    dates: pd.DatetimeIndex,
    by: str | None,
    groups: tuple[str, ...],
    beds: Mapping[str, float] | float | None = None,
) -> Room:
    """Return the beds and machines of a dataset on days ahead.

    Parameters
    ----------
    dataset
        With beds typed in, a capacity file or counts.
    dates
        The days ahead.
    by, groups
        What patients are grouped by, and the groups.
    beds
        Staffed beds: all, or by department; None: as the dataset says.

    Raises
    ------
    caremap.DataProblem
        Where beds given are missing, infinite or below zero.
    """
    units = resource_units(dataset, as_of=dates[0])
    nothing = np.full(len(dates), np.nan)
    if beds is None:
        known = beds_of(dataset)
        total, note = known.on(dates, (), [()])[:, 0], known.note
        departments = _departments(known, dates)
    else:
        given = {str(k): _checked(v) for k, v in beds.items()} if isinstance(beds, Mapping) else {}
        count = sum(given.values()) if isinstance(beds, Mapping) else _checked(beds)
        total, note = np.full(len(dates), count), "Staffed beds as typed in."
        departments = {plain([k])[0]: np.full(len(dates), v) for k, v in given.items()}
    named = tuple(plain(groups)) if by == "department" else ()
    if named:
        own = np.array([departments.get(name, nothing) for name in named])
    elif beds is None and by is not None and by in known.places:
        own = known.on(dates, [by], [(name,) for name in groups]).T.copy()
    else:
        own = np.tile(nothing, (len(groups), 1))
    return Room(
        beds=total,
        icu_beds=np.full(len(dates), total_of(units, ICU_BEDS)),
        ventilators=np.full(len(dates), total_of(units, VENTILATORS)),
        departments=departments,
        groups=own,
        names=named,
        note=note,
    )


def _departments(known: Beds, dates: pd.DatetimeIndex) -> dict[str, Array]:
    if "department" not in known.places:
        return {}
    keys = known.keys(["department"])
    units = known.on(dates, ["department"], keys)
    return {plain(key)[0]: units[:, at] for at, key in enumerate(keys)}


def _checked(beds: float) -> float:
    count = float(beds)
    if not (np.isfinite(count) and count >= 0):
        raise DataProblem("Staffed beds have to be a number, 0 or more.", "Change the number.")
    return count
