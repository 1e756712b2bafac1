"""One scenario in every possible future: who is in at midnight, and who finds no bed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from caremap.planning.scenario import Scenario
from caremap.planning.scenario_patients import Patients, World, joined

__all__ = ["Needs", "Outcome", "admitted_within", "midnights", "outcome_of", "window_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Needs:
    """The part of patients in house in intensive care, and of these on a ventilator, by day.

    Attributes
    ----------
    before
        Both, of patients in house when the forecast begins; NaN where they are not known.
    icu, ventilator
        By day of arrival.
    """

    before: tuple[float, float]
    icu: Array
    ventilator: Array


@dataclass(frozen=True, eq=False)
class Outcome:
    """What happens, by future (rows) and day (columns).

    Attributes
    ----------
    arrivals, census, icu, ventilated
        Patients who come, and those in house at midnight if beds were no limit.
    refused
        Arrivals for whom no bed is free; NaN where beds are not known.
    groups, refused_by_group
        The census of each group, and the same of refusals where each has beds of its own: the
        group comes first.
    """

    arrivals: Array
    census: Array
    icu: Array
    ventilated: Array
    refused: Array
    groups: Array
    refused_by_group: Array


def window_of(scenario: Scenario, world: World) -> Array:
    """Return which days ahead lie within the window of a scenario."""
    days = world.dates
    inside = np.ones(len(days), dtype=bool)
    if scenario.start is not None:
        inside &= np.asarray(days >= scenario.start)
    if scenario.end is not None:
        inside &= np.asarray(days <= scenario.end)
    return inside


def outcome_of(
    world: World, scenario: Scenario, needs: Needs, beds: Array, beds_of_groups: Array
) -> Outcome:
    """Return what happens in a scenario.

    Parameters
    ----------
    world
        The possible futures.
    scenario
        What changes.
    needs
        Of intensive care and ventilators.
    beds
        Staffed beds by day, of all; NaN where not known.
    beds_of_groups
        The same by group (rows) and day (columns).
    """
    coming = arriving(world, scenario)
    futures, days, groups = world.futures, len(world.dates), len(world.groups)
    by_group = np.zeros((groups * futures, days), dtype="int64")
    icu: Array = np.zeros((futures, days), dtype="int64")
    ventilated: Array = np.zeros((futures, days), dtype="int64")
    before = (np.full(days, needs.before[0]), np.full(days, needs.before[1]))
    for who, (in_icu, on_ventilator) in (
        (world.inside, before),
        (coming, (needs.icu, needs.ventilator)),
    ):
        needs_icu = who.icu < in_icu[who.day]
        breathing = needs_icu & (who.ventilator < on_ventilator[who.day])
        by_group += midnights(who, who.group * futures + who.future, groups * futures, days)
        icu += midnights(who, who.future, futures, days, needs_icu)
        ventilated += midnights(who, who.future, futures, days, breathing)
    came = np.bincount(coming.future * days + coming.day, minlength=futures * days)
    pooled = np.broadcast_to(beds, (futures, days))
    own = np.repeat(beds_of_groups, futures, axis=0)
    apart = (
        _by_group(world, coming, own)
        if np.isfinite(own).any()
        else np.full((groups * futures, days), np.nan)
    )
    if np.isnan(needs.before).any():  # nobody is not the same as not known
        icu, ventilated = (np.full((futures, days), np.nan) for _ in range(2))
    census = by_group.reshape(groups, futures, days)
    return Outcome(
        arrivals=came.reshape(futures, days),
        census=census.sum(axis=0),
        icu=icu,
        ventilated=ventilated,
        refused=admitted_within(world.inside, coming, pooled, futures),
        groups=census,
        refused_by_group=apart.reshape(groups, futures, days),
    )


def arriving(world: World, scenario: Scenario) -> Patients:
    """Return who comes in a scenario, with the nights they stay in it."""
    inside = window_of(scenario, world)
    demand = np.where(inside, 1 + scenario.demand / 100, 1.0)
    parts = [world.coming, *world.more(float(demand.max(initial=1.0)) - 1)]
    some = [part.comes < demand[part.day] for part in parts]
    coming = joined(
        [part if chosen.all() else part.those(chosen)
         for part, chosen in zip(parts, some, strict=True)]
    )  # fmt: skip
    if scenario.extra and inside.any() and _starts_within(scenario, world):
        coming = joined([coming, world.extra(scenario.extra, int(np.argmax(inside)))])
    if not scenario.stay or not inside.any():
        return coming
    longer = np.floor(coming.nights * (1 + scenario.stay / 100) + coming.rounding).astype("int64")
    nights = np.where(inside[coming.day], longer, coming.nights)
    return replace(coming, nights=nights)


def _starts_within(scenario: Scenario, world: World) -> bool:
    """Return whether the first day of the window is one of the days ahead."""
    return scenario.start is None or scenario.start >= world.dates[0]


def midnights(
    patients: Patients, cell: Array, cells: int, days: int, chosen: Array | None = None
) -> Array:
    """Count who is in at each midnight, by cell (rows) and day (columns): all, or those chosen."""
    wide = days + 1
    start = cell * wide + patients.day
    end = cell * wide + np.minimum(patients.day + patients.nights, days)
    if chosen is not None:
        start, end = start[chosen], end[chosen]
    change = np.bincount(start, minlength=cells * wide) - np.bincount(end, minlength=cells * wide)
    census: Array = change.reshape(cells, wide).cumsum(axis=1)[:, :days]
    return census


def _by_group(world: World, coming: Patients, beds: Array) -> Array:
    """Return refusals where every group has beds of its own alone."""
    futures = world.futures

    def apart(patients: Patients) -> Patients:
        return replace(patients, future=patients.group * futures + patients.future)

    return admitted_within(apart(world.inside), apart(coming), beds, len(beds))


def admitted_within(inside: Patients, coming: Patients, beds: Array, cells: int) -> Array:
    """Return arrivals for whom no bed is free, by cell and day.

    Parameters
    ----------
    inside, coming
        Who is in and who comes; ``future`` says which cell they belong to.
    beds
        By cell (rows) and day (columns); NaN where not known.
    cells
        How many.

    Notes
    -----
    Day by day: who leaves makes room before who comes takes it; who is in keeps the bed, also
    where beds are closed; of those who come and stay over midnight as many are let in as beds are
    free. Who leaves the same day takes no bed at midnight and is never refused.
    """
    days = beds.shape[1]
    refused = np.full((cells, days), np.nan)
    if not np.isfinite(beds).any():
        return refused
    leaving = np.zeros((cells, days + 1), dtype="int64")
    np.add.at(leaving, (inside.future, np.minimum(inside.nights, days)), 1)
    occupied = np.bincount(inside.future, minlength=cells)
    staying = np.flatnonzero(coming.nights > 0)
    key = coming.day[staying] * cells + coming.future[staying]
    order = np.argsort(key, kind="stable")  # quick: what is drawn comes in runs of this order
    cell, nights = key[order] % cells, coming.nights[staying[order]]
    ends = np.searchsorted(key[order], np.arange(days + 1) * cells)
    room = np.where(np.isfinite(beds), beds, np.inf)
    for day in range(days):
        occupied = occupied - leaving[:, day]
        today, stay = cell[ends[day] : ends[day + 1]], nights[ends[day] : ends[day + 1]]
        place = np.arange(len(today)) - np.searchsorted(today, today)
        free = np.maximum(np.floor(room[:, day]) - occupied, 0)
        let_in = place < free[today]
        taken = np.bincount(today[let_in], minlength=cells)
        np.add.at(leaving, (today[let_in], np.minimum(day + stay[let_in], days)), 1)
        occupied = occupied + taken
        refused[:, day] = np.bincount(today[~let_in], minlength=cells)
    return np.where(np.isfinite(beds), refused, np.nan)
