"""Several scenarios beside the baseline, on the same random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.forecasting import Forecast
from caremap.planning.ahead import CensusForecast
from caremap.planning.progress import Progress, silent
from caremap.planning.scenario import BASELINE, Scenario, ScenarioRun
from caremap.planning.scenario_census import outcome_of, window_of
from caremap.planning.scenario_figures import (
    Ran,
    daily,
    departments,
    difference,
    staff,
    summary,
)
from caremap.planning.scenario_patients import World, world_of
from caremap.planning.scenario_room import Room, room_of
from caremap.planning.scenario_settings import CareSettings, Money
from caremap.planning.scenario_staff import Rota, rota_of
from caremap.planning.scenario_text import checked_list
from caremap.planning.scenario_told import assumptions_of, notes_of
from caremap.planning.staffing import ABSENT, ALL, staffing_defaults

__all__ = ["run_scenarios"]

Array = np.ndarray[Any, Any]


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
    as_of: object = None,
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
        Of a bed-day; None: from the data, as `cost_basis` gives it.
    price_per_case
        Paid for each admission; never taken from charges. None: not known.
    hours_per_week, absence
        Of a full-time post, and percent of the staff usually absent.
    as_of
        Of the costs of the data, as in `cost_basis`.
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
        (fraction: refused of all futures over arrivals of all). In ``differences``
        ``peak_median`` and ``staff_short`` are of the worst day of each future, whenever it is:
        the median of what futures differ by, and its bounds.

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
    tell = progress or silent
    tell("Who is in and who may come", 0.0)
    by = _units_by(by, units)
    world = world_of(dataset, forecast, by, seed=seed)
    room = room_of(dataset, world.dates, by, world.groups, beds)
    care = CareSettings.of(dataset, intensive)
    rota, without = _rota(dataset, world, by, units, staff, hours_per_week, absence)
    money = Money.of(dataset, cost_per_day, price_per_case, as_of)
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
        assumptions=assumptions_of(world, care, rota, money, by),
        notes=tuple(
            dict.fromkeys([*notes_of(world, asked, room, care), *money.notes, *without])
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
    elif rota.not_counted:
        notes.append(
            "Not in the staff that is short, as it is not known how many there are: "
            f"{', '.join(rota.not_counted)}."
        )
    return (rota if len(rota.units) else None), notes


def _as_census(world: World, by: str | None) -> CensusForecast:
    """Return the groups as `staffing_defaults` asks for them."""
    parts = pd.DataFrame({by: pd.Series(world.groups, dtype="str")}) if by else pd.DataFrame()
    return CensusForecast(pd.DataFrame(), pd.DataFrame(), by=by or "", parts=parts)


def _ran(
    world: World,
    scenario: Scenario,
    room: Room,
    care: CareSettings,
    rota: Rota | None,
    money: Money,
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
