"""A network as staff planning sees it: places, needs, and the people of each role there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.forecasting import Parts
from caremap.geography.catchment import Catchment, Method
from caremap.geography.decays import DecayLike
from caremap.geography.names import place_key
from caremap.hidden import FEW
from caremap.measures.windows import resolve_as_of
from caremap.planning.needs import NEEDS, REQUIRED, Progress, need_by_facility, need_of
from caremap.planning.places import People, places_of, population_of
from caremap.planning.plan_words import few
from caremap.planning.role_staff import RoleStaff, role_staff
from caremap.problems import DataProblem

__all__ = ["Network", "network", "network_of", "roles_of"]

_PLACE = ("facility", "latitude", "longitude", "population")
_NO_ROLES = frozenset(
    {*_PLACE, *NEEDS, "zip", "region", "city", "state", "county", "country", "district",
     "address", "located_by", "beds", "staffed_beds", "occupied_beds", "free_beds", "occupied",
     "free", "units", "admissions", "discharges", "cost", "charges", "km", "source",
     "source_row", "need", "ratio"}
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Network:
    """A network, and what a reader has to know of it.

    Attributes
    ----------
    frame
        As `network` gives it.
    roles
        Its columns that are roles, in the order of the file.
    needs
        Its columns that staff can be shared out by.
    facilities
        What is known of each place: as `caremap.geography.facilities_of` gives it, in the order
        of ``frame``.
    findings
        What was noticed of places and names.
    notes
        How staff and needs were counted and what was left out, in sentences.
    lacking
        Need to the reason why it cannot be computed.
    catchment
        Who is served by which facility, where people come from a table of ZIP codes.
    """

    frame: pd.DataFrame
    roles: tuple[str, ...]
    needs: tuple[str, ...]
    facilities: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)
    catchment: Catchment | None = None


def network(
    dataset: Dataset,
    *,
    catchment: Method = "own",
    reach_km: float | None = None,
    decay: DecayLike = None,
    needs: Sequence[str] = (),
    forecast: Parts | pd.DataFrame | Mapping[str, float] | int | None = None,
    as_of: object = None,
    roles: Sequence[str] | None = None,
    full_time_hours: float | None = None,
) -> pd.DataFrame:
    """Return the facilities with their places, their needs and a column per role.

    Parameters
    ----------
    dataset
        Facilities, staff and what the needs are counted from; filtered as it is.
    catchment
        Whose need a ZIP code's people are where the dataset has a population table: ``own`` (of
        the facility in that ZIP; a facility's own column of population goes first), ``nearest``
        or ``floating``, see `caremap.geography.catchment`.
    reach_km, decay
        Of the catchment.
    needs
        More needs than the population: some of `caremap.planning.NEEDS`.
    forecast
        For the need ``forecast``: one made already, or how many days ahead to look.
    as_of
        As in `caremap.measures.headline`; staff counted after it is left out.
    roles
        Columns of the facilities that are roles, where they are not recognised by their headers.
    full_time_hours
        Asks for staff made of hours worked: what a full-time post works in the period of a row.

    Returns
    -------
    pandas.DataFrame
        One row per facility, in the order of the file: ``facility``, ``latitude``, ``longitude``
        (degrees), ``population`` (people), the needs asked for, and a column per role (people;
        fractions where the file has them). A column of all staff is called ``staff``.
        NaN is what the file does not say; 0 is 0.

    Raises
    ------
    caremap.DataProblem
        Where no table names facilities, or a need asked for cannot be computed.

    Examples
    --------
    >>> facilities = pd.DataFrame({"facility": ["A", "B"], "latitude": [47.6, 47.9],
    ...                            "longitude": [-122.1, -122.0], "population": [900, 400],
    ...                            "Staff": [12, None]})
    >>> network(Dataset(facilities=facilities))
      facility  latitude  longitude  population  staff
    0        A      47.6     -122.1       900.0   12.0
    1        B      47.9     -122.0       400.0    NaN
    """
    found = network_of(
        dataset, catchment=catchment, reach_km=reach_km, decay=decay, needs=needs,
        forecast=forecast, as_of=as_of, roles=roles, full_time_hours=full_time_hours,
    )  # fmt: skip
    if found.lacking:
        name, why = next(iter(found.lacking.items()))
        raise DataProblem(why, need_of(name).lacking)
    return found.frame


def network_of(
    dataset: Dataset,
    *,
    catchment: Method = "own",
    reach_km: float | None = None,
    decay: DecayLike = None,
    needs: Sequence[str] = (),
    forecast: Parts | pd.DataFrame | Mapping[str, float] | int | None = None,
    as_of: object = None,
    roles: Sequence[str] | None = None,
    full_time_hours: float | None = None,
    progress: Progress | None = None,
) -> Network:
    """Return the network with what a reader has to know of it; see `network`.

    A need that cannot be computed is left out here, and `Network.lacking` says why. ``progress``
    is told how far a forecast is, as in `caremap.forecasting.forecast`.

    Raises
    ------
    caremap.DataProblem
        Where no table names facilities.

    Examples
    --------
    >>> found = network_of(Dataset(facilities=pd.DataFrame({"facility": ["A"]})), needs=["visits"])
    >>> found.roles, found.needs, sorted(found.lacking)
    ((), (), ['visits'])
    """
    for name in needs:
        if name not in NEEDS:
            raise ValueError(f"needs are some of {', '.join(NEEDS)}, got {name!r}")
    facilities, findings = places_of(dataset)
    end = resolve_as_of(dataset, as_of) if as_of is not None or dataset.period else None
    staff = role_staff(dataset, facilities, end=end, columns=roles, full_time_hours=full_time_hours)
    frame = pd.DataFrame(
        {
            "facility": facilities["facility"].astype("str"),
            "latitude": facilities["latitude"].astype("float64"),
            "longitude": facilities["longitude"].astype("float64"),
        }
    )
    lacking: dict[str, str] = {}
    try:
        people = population_of(dataset, facilities, catchment, reach_km=reach_km, decay=decay)
    except DataProblem as problem:
        lacking["population"] = problem.message
        people = People(pd.Series(np.nan, index=range(len(facilities))))
    frame["population"] = people.served.to_numpy("float64")
    of_people = people.notes if "population" in needs or not needs else ()
    notes = [*of_people, *staff.notes]
    for name in dict.fromkeys(needs):
        if name == "population":
            continue
        try:
            counted = need_by_facility(dataset, name, as_of=as_of, forecast=forecast,
                                       progress=progress)  # fmt: skip
        except DataProblem as problem:
            lacking[name] = problem.message
            continue
        keys = frame["facility"].map(place_key)
        frame[name] = keys.map(counted.amounts).astype("float64")
        notes += [*counted.notes, *_left_out(name, counted.amounts, counted.names, set(keys),
                                             counted.unplaced)]  # fmt: skip
    frame = _with_roles(frame, staff)
    notes += _staff_elsewhere(staff, set(frame["facility"].map(place_key)))
    known = tuple(name for name in ("population", *needs) if name in frame
                  and frame[name].notna().any())  # fmt: skip
    return Network(
        frame.reset_index(drop=True),
        tuple(name for name in frame.columns[len(frame.columns) - len(staff.roles) :]),
        tuple(dict.fromkeys(known)),
        facilities.reset_index(drop=True),
        findings,
        tuple(dict.fromkeys(notes)),
        lacking,
        people.catchment,
    )


def _staff_elsewhere(staff: RoleStaff, known: set[str]) -> list[str]:
    """Say whose people are of no facility of the network, as of two that share one name."""
    other = staff.frame[~staff.frame["facility"].map(place_key).isin(known)]
    people = other["staff"].sum()
    named = list(dict.fromkeys(other["facility"]))
    if not people > 0:
        return []
    return [f"Staff of places that are not among the facilities, left out: {people:,.0f} "
            f"({few(named)})."]  # fmt: skip


def _left_out(
    name: str, values: pd.Series[Any], names: Mapping[str, str], known: set[str], unplaced: float
) -> list[str]:
    """Say what is counted of places that are no facility of the network."""
    need = need_of(name)
    other = [key for key in values.index if key not in known]
    notes = []
    if other and values[other].sum() > 0:
        shown = [names.get(key, key) for key in other]
        notes.append(
            f"{need.title} of places that are not among the facilities, left out: "
            f"{_count(values[other].sum())} ({few(shown)})."
        )
    if unplaced > 0:
        notes.append(f"{need.title} without a facility, left out: {_count(unplaced)}.")
    return notes


def _count(patients: float) -> str:
    """Return a count as a note says it, which goes into every file: of few patients not exactly."""
    return "at most 10" if 0 < patients <= FEW else f"{patients:,.0f}"


def _with_roles(frame: pd.DataFrame, staff: RoleStaff) -> pd.DataFrame:
    """Add a column per role; a role called as another column is told from it."""
    keys = frame["facility"].map(place_key)
    place = staff.frame["facility"].map(place_key)
    for role in staff.roles:
        mine = staff.frame["role"].eq(role)
        counts = pd.Series(staff.frame.loc[mine, "staff"].to_numpy(), index=place[mine])
        taken = role in frame or role.casefold() in _NO_ROLES or role.startswith(REQUIRED)
        frame[f"{role} (staff)" if taken else role] = keys.map(counts).astype("float64")
    return frame


def roles_of(network: pd.DataFrame) -> list[str]:
    """Return the columns of a network that count the people of a role, in order.

    They are its columns of numbers that are neither places nor needs; so of a frame made by
    hand as well.

    Examples
    --------
    >>> roles_of(pd.DataFrame({"facility": ["A"], "zip": [98104], "visits": [7], "Nurses": [3]}))
    ['Nurses']
    """
    return [
        str(name)
        for name in network.columns
        if str(name).casefold() not in _NO_ROLES
        and not str(name).startswith(REQUIRED)
        and _numbers(network[name])
    ]


def _numbers(column: pd.Series[Any]) -> bool:
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    if pd.api.types.is_numeric_dtype(column):
        return True
    filled = column[column.notna()]
    return bool(len(filled)) and all(
        isinstance(cell, int | float | np.number) and not isinstance(cell, bool) for cell in filled
    )
