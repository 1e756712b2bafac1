"""Beds, machines and people needed in the days ahead, against those there are, by place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.forecasting import Forecast
from caremap.measures.beds import PLACES, beds_of, plain
from caremap.measures.coverage import has
from caremap.planning.ahead import CensusForecast
from caremap.planning.resource_care import Care, care_of
from caremap.planning.resource_units import BEDS, ICU_BEDS, VENTILATORS, resource_units
from caremap.planning.scenario_census import midnights
from caremap.planning.scenario_figures import peak_of
from caremap.planning.scenario_patients import BETWEEN, World, joined, world_of
from caremap.planning.staffing import (
    ABSENT,
    ALL,
    FULL_TIME,
    checked_units,
    duty,
    full_time_staff,
    people_there,
    staffing_defaults,
    unit_key,
)
from caremap.problems import DataProblem

__all__ = ["EVERY", "resources_needed"]

Array = np.ndarray[Any, Any]
EVERY = {"facility": "All facilities", "department": "All departments", "ward": "All wards"}
"""What stands in the column of a place where a resource is not counted by it."""

RARE = 0.05  # patients on average below which a place without a machine gets no row for it

_OF_COUNTS = {
    BEDS: "Patients at midnight; beds do not limit them.",
    VENTILATORS: "As many of those in intensive care as elsewhere are on a ventilator.",
}


def resources_needed(
    dataset: Dataset,
    forecast: Forecast,
    *,
    by: Sequence[str] = ("facility", "department"),
    per_patient: Mapping[str, float] | None = None,
    units: pd.DataFrame | None = None,
    level: float = 80,
    hours_per_week: float = FULL_TIME,
    absence: float = ABSENT,
    progress: Callable[[str, float], object] | None = None,
) -> pd.DataFrame:
    """Return what each place needs of every resource on its fullest day, and what it has.

    Parameters
    ----------
    dataset
        Stays with dates; beds, a capacity table and a table of staff as far as there are.
    forecast
        Of daily admissions, with its samples.
    by
        Columns of the place: ``facility``, ``department``, ``ward``; those the stays lack are
        left out.
    per_patient
        Units that each patient in house takes, by resource. Of intensive care beds and
        ventilators the share of patients is read from the data; of any other resource that is
        not given here, each patient takes as many as there are per patient in house now.
    units
        What a patient takes of each role by department, as `staffing_defaults` gives it.
    level
        Percent of futures between ``low`` and ``high``.
    hours_per_week, absence
        As in `caremap.planning.staff_needed`.
    progress
        Is called with what comes next, in words, and the part done (0 to 1).

    Returns
    -------
    pandas.DataFrame
        The columns in ``by`` (“All facilities”, “All departments” where a resource is not counted
        by it), ``resource``
        (``beds``, ``icu_beds``, ``ventilators``, others by their name, roles by theirs),
        ``needed`` (median on the day that needs most; full-time posts of a role), ``low`` and
        ``high`` (on that day), ``available`` (NaN where not known), ``short`` (needed beyond it,
        0 where there is enough), ``date`` (that day), ``mean`` (over all days and futures: adds
        up over places) and ``note`` (how it is known). Places without any stay are left out, and
        of intensive care and ventilators those that count none and need one on less than one day
        in twenty.

    Raises
    ------
    caremap.DataProblem
        As `caremap.planning.census_forecast`; where ``by`` names no place, or a number per
        patient is below zero.

    Notes
    -----
    A place's admissions are its share of those of the last half year, by weekday; its stays last
    as its own did where 40 have left it, else as those of all places. In every future the places
    add up to the whole.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"admitted": days, "discharged": days + pd.Timedelta(days=2),
    ...                       "length_of_stay": 2.0, "facility": "A"})
    >>> capacity = pd.DataFrame({"facility": ["A"], "resource": "beds", "units": 1.0})
    >>> ahead = pd.date_range("2024-04-01", periods=3)
    >>> one_a_day = Forecast(
    ...     frame=pd.DataFrame({"date": ahead, "mean": 1.0}), total=pd.Series(dtype=float),
    ...     backtest=pd.DataFrame(), chosen="one a day", limit={},
    ...     samples=pd.DataFrame(1.0, index=range(50), columns=ahead))
    >>> found = resources_needed(Dataset(stays=stays, capacity=capacity), one_a_day)
    >>> found[["facility", "resource", "needed", "available", "short"]].head(1)
      facility resource  needed  available  short
    0        A     beds     2.0        1.0    1.0
    """
    tell = progress or (lambda _stage, _part: None)
    columns = _columns(dataset, by)
    given = _given(per_patient)
    if not 0 < level < 100:
        raise ValueError("The level has to be a percentage between 0 and 100.")
    tell("Who is in and who may come, place by place", 0.0)
    world = world_of(dataset, forecast, columns or None)
    groups = [tuple(name.split(BETWEEN)) if columns else () for name in world.groups]
    places = _Places(columns, groups, world.dates, level)
    care = care_of(dataset, columns, groups)
    tell("Patients by place", 0.4)
    census, icu, ventilated = _patients(world, care)
    tell("What there is", 0.7)
    rows = _beds(dataset, places, census)
    rows += _machines(dataset, places, census, {ICU_BEDS: icu, VENTILATORS: ventilated}, care,
                      _inside(world), given)  # fmt: skip
    tell("Staff", 0.85)
    rows += _staff(dataset, places, census, units, hours_per_week, absence)
    return _frame(rows, columns)


def _columns(dataset: Dataset, by: Sequence[str]) -> list[str]:
    """Return the columns of places that the stays have."""
    asked = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    unknown = [name for name in asked if name not in PLACES]
    if unknown:
        raise DataProblem(f"“{unknown[0]}” is no place.", f"Choose of {', '.join(PLACES)}.")
    return [name for name in asked if has(dataset.stays, name)]


def _given(per_patient: Mapping[str, float] | None) -> dict[str, float]:
    given = {str(name): float(value) for name, value in (per_patient or {}).items()}
    for name, value in given.items():
        if not (np.isfinite(value) and value >= 0):
            raise DataProblem(f"Units of “{name}” per patient have to be 0 or more.", "Change it.")
    return given


def _patients(world: World, care: Care) -> tuple[Array, Array, Array]:
    """Return patients in house, in intensive care and on a ventilator: group, future, day."""
    everyone = joined([world.inside, world.coming])
    days, shape = len(world.dates), (len(world.groups), world.futures, len(world.dates))

    cell = everyone.group * world.futures + everyone.future

    def counted(chosen: Array | None = None) -> Array:
        return midnights(everyone, cell, shape[0] * shape[1], days, chosen).reshape(shape)

    in_icu = everyone.icu < care.icu[everyone.group]
    breathing = in_icu & (everyone.ventilator < care.ventilator[everyone.group])
    if np.isnan(care.icu).any():  # nobody is not the same as not known
        return counted(), np.full(shape, np.nan), np.full(shape, np.nan)
    return counted(), counted(in_icu), counted(breathing)


def _inside(world: World) -> Array:
    """Return the patients in house when the forecast begins, by group."""
    counts = np.bincount(world.inside.group, minlength=len(world.groups)) / world.futures
    whole: Array = np.rint(counts)
    return whole


@dataclass(frozen=True, eq=False)
class _Places:
    """Places, and how futures of them become a row of the table."""

    columns: list[str]
    groups: list[tuple[str, ...]]
    dates: pd.DatetimeIndex
    level: float

    def at(self, kept: Sequence[str], values: Array) -> dict[tuple[str, ...], Array]:
        """Add up values (group first) over the places that are not told apart by the columns."""
        where = [self.columns.index(name) for name in kept]
        found: dict[tuple[str, ...], Array] = {}
        for group, one in zip(self.groups, values, strict=True):
            key = tuple(group[at] for at in where)
            found[key] = found[key] + one if key in found else one
        return found

    def row(
        self, kept: Sequence[str], key: tuple[str, ...], resource: str, futures: Array,
        available: float, note: str,
    ) -> dict[str, object]:  # fmt: skip
        """Return a row: what the day that needs most asks for."""
        names = dict(zip(kept, key, strict=True))
        tail = (1 - self.level / 100) / 2
        known = bool(np.isfinite(futures).all())
        day = peak_of(futures) if known else 0
        needed, low, high = (
            float(np.quantile(futures[:, day], share, method="inverted_cdf")) if known else np.nan
            for share in (0.5, tail, 1 - tail)
        )
        return {
            **{name: names.get(name, EVERY[name]) for name in self.columns},
            "resource": resource,
            "needed": needed,
            "low": low,
            "high": high,
            "available": available,
            "short": max(needed - available, 0.0) if np.isfinite(needed - available) else np.nan,
            "date": self.dates[day] if known else pd.NaT,
            "mean": float(futures.mean()),
            "note": note,
        }  # fmt: skip


def _beds(dataset: Dataset, places: _Places, census: Array) -> list[dict[str, object]]:
    """Return the rows of beds, by the places that have a count of them."""
    known = beds_of(dataset)
    kept = [name for name in places.columns if name in known.places] or places.columns
    need = places.at(kept, census)
    there = known.on(places.dates, kept, list(need)) if {*kept} <= {*known.places} else None
    rows = []
    for at, (key, futures) in enumerate(need.items()):
        beds = float(there[peak_of(futures), at]) if there is not None else np.nan
        note = _OF_COUNTS[BEDS] if np.isfinite(beds) else f"{_OF_COUNTS[BEDS]} {known.note}"
        rows.append(places.row(kept, key, BEDS, futures, beds, note))
    return rows


def _machines(
    dataset: Dataset,
    places: _Places,
    census: Array,
    counted: Mapping[str, Array],
    care: Care,
    inside: Array,
    given: Mapping[str, float],
) -> list[dict[str, object]]:
    """Return the rows of intensive care beds, ventilators and all else a capacity table counts."""
    kept, units = _level(dataset, places)
    there = {
        (plain(row[:-2]), str(row[-2])): float(row[-1])
        for row in units.itertuples(index=False, name=None)
    }
    others = [name for name in dict.fromkeys(units["resource"]) if name not in (*counted, BEDS)]
    others += [name for name in given if name not in (*others, *counted, BEDS)]
    patients, now = places.at(kept, census), places.at(kept, inside)
    rows = []
    for name, values in counted.items():
        for key, futures in places.at(kept, values).items():
            available = there.get((plain(key), name), np.nan)
            note = care.note if name == ICU_BEDS else f"{care.note} {_OF_COUNTS[VENTILATORS]}"
            if name in given:
                futures, note = patients[key] * given[name], _typed(given[name])
            if np.isfinite(available) or futures.mean() >= RARE:
                rows.append(places.row(kept, key, name, futures, available, note))
    for name in others:
        for key, futures in patients.items():
            available = there.get((plain(key), name), np.nan)
            if name not in given and not np.isfinite(available):
                continue
            patient = float(now[key])
            each = given.get(name, available / patient if patient else float("nan"))
            rows.append(
                places.row(kept, key, name, futures * each, available,
                           _typed(each) if name in given else _as_now(each))
            )  # fmt: skip
    return rows


def _typed(each: float) -> str:
    return f"{each:g} for each patient in house, as typed in."


def _as_now(each: float) -> str:
    if not np.isfinite(each):
        return "Nobody is in house now, so what a patient takes is not known: type it in."
    return f"{each:.2g} for each patient in house, as there are now: type in what is needed."


def _level(dataset: Dataset, places: _Places) -> tuple[list[str], pd.DataFrame]:
    """Return the places by which a capacity table counts, and what it counts."""
    table = dataset.capacity
    kept = [name for name in places.columns if has(table, name)]
    return (kept or places.columns), resource_units(dataset, kept or places.columns,
                                                    as_of=places.dates[0])  # fmt: skip


def _staff(
    dataset: Dataset,
    places: _Places,
    census: Array,
    units: pd.DataFrame | None,
    hours_per_week: float,
    absence: float,
) -> list[dict[str, object]]:
    """Return the rows of roles, by the places that staff is counted by."""
    table = dataset.staff
    departments = "department" in places.columns
    at = places.columns.index("department") if departments else 0
    names = sorted({group[at] for group in places.groups}) if departments else [ALL]
    if units is None:
        parts = pd.DataFrame({"department": pd.Series(names, dtype="str")})
        asked = CensusForecast(
            pd.DataFrame(), pd.DataFrame(), by="department" if departments else "", parts=parts
        )
        units = staffing_defaults(dataset, asked)
    checked = checked_units(units)
    kept = [name for name in places.columns if table is not None and has(table, name)]
    posts = full_time_staff(7.0, 1.0, hours_per_week * (1 - absence / 100))
    rows: list[dict[str, object]] = []
    for role, wanted in checked.groupby(checked["role"].astype("str"), sort=True):
        by_unit = {str(row.unit): row for row in wanted.itertuples(index=False)}
        wanted_by = [by_unit.get(group[at] if departments else ALL, by_unit.get(ALL))
                     for group in places.groups]  # fmt: skip
        hours = np.stack(
            [
                np.zeros(one.shape) if row is None else duty(one, row)[1]
                for one, row in zip(census, wanted_by, strict=True)
            ]
        )
        note = "Full-time posts that are there at any hour, for patients at midnight."
        if None in wanted_by:
            note += " Departments without a number of patients or hours take none of it."
        for key, futures in places.at(kept, hours * posts).items():
            available = _people(table, kept, key, str(role))
            rows.append(places.row(kept, key, str(role), futures, available, note))
    return rows


def _people(
    table: pd.DataFrame | None, kept: Sequence[str], key: tuple[str, ...], role: str
) -> float:
    """Return the people of a role at a place, NaN where they are not counted."""
    if table is None or has(table, "shift"):
        return float("nan")
    rows = table
    for name, value in zip(kept, key, strict=True):
        rows = rows[rows[name].map(lambda one: plain([one])) == plain([value])]
    return people_there(rows, "").get(unit_key(ALL, role, ""), float("nan"))


def _frame(rows: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    names = [*columns, "resource", "needed", "low", "high", "available", "short", "date", "mean",
             "note"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    texts = dict.fromkeys([*columns, "resource", "note"], "str")
    numbers = dict.fromkeys(("needed", "low", "high", "available", "short", "mean"), "float64")
    return frame.astype({**texts, **numbers, "date": "datetime64[us]"})
