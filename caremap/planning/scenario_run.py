"""Several scenarios beside the baseline, on the same random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.forecasting import Forecast
from caremap.planning.ahead import UNCERTAIN, CensusForecast
from caremap.planning.intensive_care import intensive_defaults, parts_in_use
from caremap.planning.scenario import BASELINE, Scenario, ScenarioRun
from caremap.planning.scenario_census import Needs, outcome_of, window_of
from caremap.planning.scenario_figures import (
    Ran,
    daily,
    departments,
    difference,
    staff,
    summary,
)
from caremap.planning.scenario_money import cost_per_bed_day
from caremap.planning.scenario_patients import World, world_of
from caremap.planning.scenario_room import Room, room_of
from caremap.planning.scenario_staff import Rota, rota_of
from caremap.planning.scenario_text import checked_list
from caremap.planning.staffing import ABSENT, ALL, staffing_defaults
from caremap.problems import DataProblem

__all__ = ["run_scenarios"]

Array = np.ndarray[Any, Any]
Progress = Callable[[str, float], object]


def run_scenarios(
    dataset: Dataset,
    forecast: Forecast,
    scenarios: Sequence[Scenario],
    *,
    by: str | None = None,
    beds: Mapping[str, float] | float | None = None,
    units: pd.DataFrame | None = None,
    staff: pd.DataFrame | None = None,
    intensive: Mapping[str, float] | None = None,
    cost_per_day: float | None = None,
    price_per_case: float | None = None,
    hours_per_week: float = 40,
    absence: float = ABSENT,
    seed: int = 20240501,
    progress: Progress | None = None,
) -> ScenarioRun:
    """Return what several scenarios would mean, beside the run without any change.

    Parameters
    ----------
    dataset
        With stays that have an admission and a discharge date: who is in house, and how long
        stays last, are read from them as known when the forecast begins.
    forecast
        Of daily admissions, with its samples; its days are those looked at.
    scenarios
        What changes; names differ. None: the baseline alone.
    by
        Column of the stays by which to show parts, usually ``department``: each with its own
        lengths of stay, and its share of the admissions of the last half year by weekday.
    beds
        Staffed beds: all, or by department; None: as the dataset says.
    units, staff
        What a patient takes of each role, and who is there, as `caremap.planning.staff_needed`
        takes them. None: the defaults, and the staff of the dataset.
    intensive
        Settings of `caremap.planning.intensive` to take instead of those of the data.
    cost_per_day
        Of a bed-day; None: from the data.
    price_per_case
        Paid for each admission; never taken from charges. None: not known.
    hours_per_week, absence
        Of a full-time post, and percent of the staff usually absent.
    seed
        Of the random numbers.
    progress
        Is called with what comes next, in words, and the part done (0 to 1).

    Returns
    -------
    ScenarioRun
        ``staff`` has also ``date`` (the worst day) and bounds, ``departments`` is named by the
        column asked for and has also ``mean_census`` and ``refused`` (where each has beds of its
        own alone). In ``summary`` the figures that are read from all futures together have no
        bounds: ``peak_high_90``, ``beds``, ``beds_short``, ``icu_short``, ``ventilators_short``
        (on the worst day, of what nine futures of ten do not exceed) and ``refused_share``
        (fraction: refused of all futures over arrivals of all). Bounds of ``differences`` in
        ``peak_median`` and ``staff_short`` are of the worst day of each future, whenever it is.

    Raises
    ------
    caremap.DataProblem
        Where the census cannot be forecast (see `caremap.planning.census_forecast`), two
        scenarios have one name, or a number is out of its bounds.

    Notes
    -----
    The baseline is that of `census_forecast`, drawn patient by patient (see
    `caremap.planning.scenario_patients`): a scenario without changes is the baseline in every
    future, and no scenario changes what another one shows.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"admitted": days, "discharged": days + pd.Timedelta(days=2),
    ...                       "length_of_stay": 2.0})
    >>> ahead = pd.date_range("2024-04-01", periods=3)
    >>> one_a_day = Forecast(
    ...     frame=pd.DataFrame({"date": ahead, "mean": 1.0}), total=pd.Series(dtype=float),
    ...     backtest=pd.DataFrame(), chosen="one a day", limit={},
    ...     samples=pd.DataFrame(1.0, index=range(50), columns=ahead))
    >>> run = run_scenarios(Dataset(stays=stays), one_a_day, [Scenario("Longer", stay=50.0)])
    >>> run.summary[["mean_census", "peak_median"]].round(1)
              mean_census  peak_median
    scenario
    Baseline          2.0          2.0
    Longer            2.3          3.0
    """
    asked = (Scenario(BASELINE), *checked_list(scenarios))
    tell = progress or (lambda _stage, _part: None)
    tell("Who is in and who may come", 0.0)
    by = _units_by(by, units)
    world = world_of(dataset, forecast, by, seed=seed)
    room = room_of(dataset, world.dates, by, world.groups, beds)
    care = _Care.of(dataset, intensive)
    rota, without = _rota(dataset, world, by, units, staff, hours_per_week, absence)
    money = _Money.of(dataset, cost_per_day, price_per_case)
    runs = []
    for place, scenario in enumerate(asked):
        tell(scenario.name, (place + 1) / (len(asked) + 1))
        runs.append(_ran(world, scenario, room, care, rota, money))
    frames = [departments(one, by, world.groups) for one in runs] if by else [pd.DataFrame()]
    rows = [{"scenario": one.name, **summary(one)} for one in runs]
    more = [{"scenario": one.name, **difference(one, runs[0])} for one in runs[1:]]
    columns = ["scenario", *(name for name in rows[0] if name not in ("scenario", "peak_date"))]
    return ScenarioRun(
        daily=pd.concat([daily(one) for one in runs], ignore_index=True),
        summary=_indexed(pd.DataFrame(rows)),
        differences=_indexed(pd.DataFrame(more, columns=columns)),
        staff=pd.concat([_staff(one) for one in runs], ignore_index=True),
        departments=pd.concat(frames, ignore_index=True),
        scenarios=asked,
        assumptions=_assumptions(world, care, rota, money, by),
        notes=tuple(
            dict.fromkeys([*_notes(world, asked, room, care), *money.notes, *without])
        ),
        settings=MappingProxyType(
            {
                "first": world.dates[0], "last": world.dates[-1], "futures": world.futures,
                "by": by or "", "beds": beds, "hours_per_week": hours_per_week,
                "absence": absence, "cost_per_day": money.cost, "price_per_case": money.price,
                "seed": seed, **care.settings,
            }
        ),
    )  # fmt: skip


_staff = staff  # the name of the argument hides the function


def _indexed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({"scenario": "str"}).set_index("scenario")


def _units_by(by: str | None, units: pd.DataFrame | None) -> str | None:
    """Return the column to group by: units that are planned one by one are departments."""
    if by is None and units is not None and not units["unit"].astype("str").eq(ALL).all():
        return "department"
    return by


@dataclass(frozen=True, eq=False)
class _Care:
    """Who needs intensive care: as now, and where that is from."""

    settings: Mapping[str, float]
    before: tuple[float, float]
    sources: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset, given: Mapping[str, float] | None) -> _Care:
        usual = intensive_defaults(dataset)
        given = dict(given or {})
        unknown = {*given} - {*usual.index}
        if unknown:
            raise ValueError(f"intensive takes {', '.join(usual.index)}, got {min(unknown)!r}")
        settings = {str(name): float(value) for name, value in usual["value"].items()}
        settings |= {name: float(value) for name, value in given.items()}
        told = [
            f"{row.title}: {round(settings[str(name)], 1):g} {row.unit}"
            f" ({'as typed in' if name in given else str(row.source).rstrip('.')})."
            for name, row in zip(usual.index, usual.itertuples(), strict=True)
        ]
        return cls(settings, parts_in_use(settings), tuple(told))

    def parts(self, scenario: Scenario) -> tuple[float, float]:
        """Return the part of arrivals' bed-days in intensive care, and of these on a ventilator.

        More than all of them cannot be.
        """
        stays = self.settings
        lengths = (
            (stays["icu_stay"], stays["stay"]),
            (stays["ventilated_stay"], stays["icu_stay"]),
        )
        shares = (scenario.icu_share, scenario.ventilated_share)
        icu, ventilator = (
            now if share is None else min(share / 100 * days / of if of else 0.0, 1.0)
            for share, now, (days, of) in zip(shares, self.before, lengths, strict=True)
        )
        return icu, ventilator

    def needs(self, scenario: Scenario, inside: Array) -> Needs:
        then = self.parts(scenario)
        icu, ventilator = (np.where(inside, then[at], self.before[at]) for at in (0, 1))
        return Needs(self.before, icu, ventilator)


@dataclass(frozen=True, eq=False)
class _Money:
    """Cost per bed-day and price per case, and where they are from."""

    cost: float
    price: float
    told: tuple[str, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset, cost: float | None, price: float | None) -> _Money:
        for name, value in (("cost of a bed-day", cost), ("price of a case", price)):
            if value is not None and not (np.isfinite(value) and value >= 0):
                raise DataProblem(f"The {name} has to be 0 or more.", "Change the number.")
        told: list[str] = []
        notes: list[str] = []
        if cost is None:
            cost, words = cost_per_bed_day(dataset)
            (notes if cost is None else told).append(words)
        else:
            told.append(f"A bed-day costs {cost:,.2f}, as typed in.")
        if price is None:
            notes.append("Revenue and margin are not known: type in the price of a case.")
        else:
            told.append(f"Each admission is paid {price:,.2f}, as typed in, on the day it begins.")
        found = [float("nan") if value is None else float(value) for value in (cost, price)]
        return cls(found[0], found[1], tuple(told), tuple(notes))


def _rota(
    dataset: Dataset,
    world: World,
    by: str | None,
    units: pd.DataFrame | None,
    staff: pd.DataFrame | None,
    hours_per_week: float,
    absence: float,
) -> tuple[Rota | None, list[str]]:
    """Return what patients take of the staff, and notes on what is not known of it."""
    there = dataset.staff if staff is None else staff
    if units is None:
        asked = dataset if staff is None else Dataset(stays=dataset.stays, staff=staff)
        units = staffing_defaults(asked, _as_census(world, by))
    rota = rota_of(
        units, there, {*world.groups} if by else {ALL}, by or "",
        hours_per_week=hours_per_week, absence=absence,
    )  # fmt: skip
    notes = []
    if rota.left_out:
        notes.append(
            "Left out of the staff, as nothing says how many patients one cares for: "
            f"{', '.join(rota.left_out)}."
        )
    if not rota.there:
        notes.append("Which staff there is is not known: add a table of staff.")
    return (rota if len(rota.units) else None), notes


def _as_census(world: World, by: str | None) -> CensusForecast:
    """Return the groups as `staffing_defaults` asks for them."""
    parts = pd.DataFrame({by: pd.Series(world.groups, dtype="str")}) if by else pd.DataFrame()
    return CensusForecast(pd.DataFrame(), pd.DataFrame(), by=by or "", parts=parts)


def _ran(
    world: World, scenario: Scenario, room: Room, care: _Care, rota: Rota | None, money: _Money
) -> Ran:
    """Run one scenario."""
    inside = window_of(scenario, world)
    changed = room.changed(scenario, inside)
    outcome = outcome_of(
        world, scenario, care.needs(scenario, inside), changed.beds, changed.groups
    )
    census = {ALL: outcome.census, **dict(zip(world.groups, outcome.groups, strict=True))}
    roles = rota.roles_in(census, np.where(inside, scenario.absence, 0.0)) if rota else None
    return Ran(
        scenario=scenario,
        dates=world.dates,
        outcome=outcome,
        room=changed,
        roles=roles,
        cost=money.cost * np.where(inside, 1 + scenario.cost / 100, 1.0),
        price=money.price * np.where(inside, 1 + scenario.price / 100, 1.0),
    )


def _assumptions(
    world: World, care: _Care, rota: Rota | None, money: _Money, by: str | None
) -> tuple[str, ...]:
    told = [
        f"{world.futures:,} possible futures, from {said(world.dates[0])} to "
        f"{said(world.dates[-1])}; every scenario meets the same patients by the same chance, so "
        "that they differ by what changes alone.",
        "Intervals hold 80 % of the futures.",
        f"How long patients stay is read from the {world.leavers:,.0f} who left last, with those "
        "still in counted as far as they have come (Kaplan-Meier).",
        "The census is what is asked for: beds do not limit it. Refused are arrivals who find no "
        "free bed on their day, where who is in keeps the bed and nobody waits.",
        "All beds are taken as one: a patient takes any that is free. Rules on who may lie where, "
        "and beds kept for one department, make it worse.",
        "Longer stays are longer for everybody alike; patients who are in already leave as before.",
        "Intensive care and ventilators are a part of the bed-days, alike for all patients.",
        *care.sources,
    ]
    if by:
        told.append(f"By {by}: a stay belongs to one throughout, transfers are not recorded.")
    if rota is not None:
        told += [
            f"A full-time post works {rota.hours_per_week:g} hours a week, {rota.absence:g} % of "
            "the staff are usually absent; more absent means so many fewer at work.",
            "Overtime is the hours that missing posts leave undone; it is not part of the cost.",
        ]
    told += money.told
    if np.isfinite(money.cost) or np.isfinite(money.price):
        told.append(
            "Cost and revenue are of everyone who comes, also of those for whom no bed is free."
        )
    return tuple(told)


def _notes(world: World, asked: Sequence[Scenario], room: Room, care: _Care) -> list[str]:
    """Say what is not known, and which changes find nothing to change."""
    notes = [*world.known.notes]
    if world.leavers < UNCERTAIN:
        notes.append(
            f"Only {world.leavers:,.0f} patients have left: how long they stay is uncertain."
        )
    missing = "" if np.isfinite(room.beds).all() else "What is short and refused is not known."
    notes.append(" ".join(filter(None, [room.note, missing])))
    for name, there in (("intensive care beds", room.icu_beds), ("ventilators", room.ventilators)):
        if not np.isfinite(there).all():
            notes.append(f"How many {name} there are is not known: add them to a capacity file.")
    for scenario in asked:
        notes += room.notes(scenario)
        inside = window_of(scenario, world)
        if not inside.any():
            notes.append(f"{scenario.name}: none of its days is among those ahead.")
        elif scenario.extra and scenario.start is not None and scenario.start < world.dates[0]:
            notes.append(
                f"{scenario.name}: its first day is before those ahead, so nobody comes on top."
            )
        if scenario.icu_share is not None and care.parts(scenario)[0] >= 1:
            notes.append(f"{scenario.name}: all bed-days are intensive care then.")
    return notes
