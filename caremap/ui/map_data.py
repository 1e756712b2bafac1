"""What the Map page draws and tells: the facilities of the network with all that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from caremap import geography, planning
from caremap.findings import Finding
from caremap.geography.map_layers import Layer
from caremap.geography.names import place_key
from caremap.problems import DataProblem
from caremap.ui import caches
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, times

__all__ = [
    "Places",
    "details",
    "layers",
    "nearest",
    "places",
    "titles",
    "with_distance",
]

_KNOWN = ("facility", "latitude", "longitude", "population", "beds", "staff", "ratio")
_TITLES = {
    "facility": "Facility",
    "neighbour": "Neighbour",
    "population": "People served",
    "beds": "Beds",
    "staff": "Staff",
    "ratio": "People per staff member",
    "beds_ratio": "Beds per staff member",
    "zip": "ZIP code",
    "region": "Region",
    "latitude": "Latitude (°)",
    "longitude": "Longitude (°)",
    "located_by": "Place known from",
}


@dataclass(frozen=True, eq=False)
class Places:
    """The facilities, one row each.

    Attributes
    ----------
    sites
        ``facility``, ``latitude``, ``longitude``, ``population``, ``beds``, a column per role,
        ``staff`` (all roles together), ``ratio`` and ``ratio <role>`` (people served per staff
        member); ``zip``, ``region``, ``located_by`` where known. NaN is what no file says.
    roles
        Its columns that are roles.
    findings, notes
        What was noticed of places, and how staff and people were counted.
    facilities
        The same rows as `caremap.geography.facilities_of` gives them, addresses included.
    """

    sites: pd.DataFrame
    roles: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    facilities: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def placed(self) -> pd.Series[bool]:
        """Which of them have a place."""
        return self.sites["latitude"].notna() & self.sites["longitude"].notna()

    @property
    def drawn(self) -> pd.DataFrame:
        """Those with a place."""
        return self.sites[self.placed].reset_index(drop=True)

    @property
    def lost(self) -> pd.DataFrame:
        """Those without."""
        return self.sites[~self.placed].reset_index(drop=True)


def with_ratios(sites: pd.DataFrame, roles: Sequence[str]) -> pd.DataFrame:
    """Return sites with staff of all roles, and people served per staff member.

    Where nobody works and people are served the ratio has no end; of nobody served by nobody
    there is none.
    """
    known = sites[list(roles)].apply(pd.to_numeric, errors="coerce")
    staff = known.sum(axis=1, min_count=1)
    found = sites.assign(staff=staff)
    population = pd.to_numeric(sites["population"], errors="coerce")
    with np.errstate(divide="ignore", invalid="ignore"):
        found["ratio"] = population / staff
        for role in roles if len(roles) > 1 else ():
            found[f"ratio {role}"] = population / known[role]
    return found


def partly(sites: pd.DataFrame, roles: Sequence[str]) -> tuple[str, ...]:
    """Return what is to be known of all staff where some role of a facility is not counted."""
    known = sites[list(roles)].notna()
    count = int((known.any(axis=1) & ~known.all(axis=1)).sum())
    if not count:
        return ()
    whose = times(count, "facility", "facilities")
    return (
        f"Staff of {whose} is of the roles that the file counts there alone: there may be more, "
        "and fewer people per staff member.",
    )


def layers(found: Places) -> list[Layer]:
    """Return the ways to draw the facilities that the data has something for."""
    sites, several = found.drawn, len(found.roles) > 1
    made = []
    if sites["staff"].notna().any():
        title = "All staff" if several else title_of(found.roles[0])
        made.append(_by_staff(sites, title, "staff", "ratio", "Staff" if several else title))
    if several:
        made += [
            replace(_by_staff(sites, role, role, f"ratio {role}", role), role=role)
            for role in found.roles
        ]
    if "beds" in sites and sites["beds"].notna().any():
        made.append(Layer("Beds", "beds", "beds", "Beds", "Beds"))
    if not made and sites["population"].notna().any():
        made.append(Layer("People served", "population", None, "People served"))
    return made or [Layer("Facilities", None, None)]


def _by_staff(sites: pd.DataFrame, title: str, staff: str, ratio: str, what: str) -> Layer:
    known = sites[sites["population"].notna() & sites[staff].notna()]
    people, working = known["population"].sum(), known[staff].sum()
    if not working > 0 or not people > 0:
        return Layer(title, staff, None, what)
    told = "People per staff member" if staff == "staff" else f"People per staff member: {what}"
    return Layer(title, staff, ratio, what, told, float(people / working))


def title_of(role: str) -> str:
    """Return what a role is called on the screen."""
    return "Staff" if role == "staff" else role


def titles(found: Places) -> dict[str, str]:
    """Return the columns that tables of facilities show, with their headers."""
    sites = found.sites
    columns = ["facility", "staff", *found.roles, "beds", "population", "ratio", "region", "zip"]
    return {
        name: _TITLES.get(name, title_of(name))
        for name in dict.fromkeys(columns)
        if name in sites and (sites[name].notna() & sites[name].ne("")).any()
    }


def details(found: Places) -> dict[str, str]:
    """Return what the map tells of a facility beside what its circle stands for."""
    return {
        name: title
        for name, title in titles(found).items()
        if name not in ("facility", "staff", "ratio")
    }


def known(view: View) -> Places:
    """Return `places`, found once per view: a second or two for thousands of facilities."""
    found: Places = caches.measured(view, places)
    return found


def nearest(view: View, k: int) -> pd.DataFrame:
    """Return `caremap.geography.nearest` of the facilities with a place."""
    return geography.nearest(known(view).drawn, k)


def with_distance(near: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return pairs with their distance in the unit asked for, as a table shows it."""
    factor = geography.MILES if unit == "miles" else 1.0
    return pd.DataFrame(
        {
            "Facility": near["facility"].astype(str),
            "Neighbour": near["neighbour"].astype(str),
            f"Distance ({unit})": (near["km"].astype(float) * factor).round(1),
        }
    )


def matrix(view: View) -> pd.DataFrame:
    """Return `caremap.geography.distances` of the facilities with a place."""
    return geography.distances(known(view).drawn)


def pairs(view: View) -> pd.DataFrame:
    """Return `caremap.geography.pairs` of the facilities with a place, the nearest first."""
    return geography.pairs(known(view).drawn).sort_values("km", ignore_index=True)


def free(view: View) -> pd.DataFrame:
    """Return `caremap.planning.free_beds`, by the names the facilities have here."""
    found = planning.free_beds(view.dataset, as_of=view.as_of_text)
    names = {place_key(name): name for name in known(view).sites["facility"]}
    return found.assign(facility=found["facility"].map(place_key).map(names))


def nearby(view: View, start: str, what: str, k: int) -> pd.DataFrame:
    """Return `caremap.planning.free_nearby`, with the day free beds were counted."""
    sites = known(view).sites
    if what != "beds":
        return planning.free_nearby(sites, start, what=what, k=k)
    counted = free(view)
    counts = sites[["facility", "latitude", "longitude"]].merge(counted, on="facility", how="left")
    return planning.free_nearby(counts, start, k=k).merge(
        counted[["facility", "beds", "date"]], on="facility", how="left"
    )


def places(view: View) -> Places:
    """Return the facilities of what is looked at; none where no table names one."""
    try:
        found = planning.network_of(view.dataset, as_of=view.as_of_text)
    except DataProblem as problem:
        return Places(pd.DataFrame(columns=_KNOWN), (), notes=(problem.message, problem.hint))
    facts = found.facilities.set_index("facility")
    more = {
        name: found.frame["facility"].map(facts[name])
        for name in ("beds", "zip", "region", "located_by")
        if name in facts and name not in found.roles
    }
    sites = found.frame.assign(**more)
    return Places(
        with_ratios(sites, found.roles),
        found.roles,
        found.findings,
        (*found.notes, *partly(found.frame, found.roles)),
        found.facilities,
    )


def told(value: Any) -> str:
    """Return a value as a table of the screen has it."""
    if isinstance(value, str):
        return value or NONE
    number = float("nan") if value is None or value is pd.NA else float(value)
    if number == float("inf"):
        return "no staff"
    return amount(number, 0 if number.is_integer() or abs(number) >= 100 else 1)
