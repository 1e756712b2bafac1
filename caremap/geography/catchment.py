"""How many people each facility serves: three ways to say whose people are whose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from caremap.geography.access import floating
from caremap.geography.decays import Decay, DecayLike, gaussian, step, weights
from caremap.geography.people import homes, living, postcodes
from caremap.geography.points import Points, named, points_of
from caremap.geography.sphere import nearest_places, places_within
from caremap.problems import DataProblem

__all__ = ["REACH_KM", "Catchment", "Method", "catchment"]

Array = np.ndarray[Any, Any]
Method = Literal["own", "nearest", "floating"]
_Pairs = Callable[[tuple[Array, Array], tuple[Array, Array]], tuple[Array, ...]]

REACH_KM = 100.0
"""How far people go where nobody says otherwise: a convention, said beside every figure."""

PER = 10_000
"""People to whom access is related."""

NO_POPULATION = "no population known"
NO_PLACE = "ZIP code unknown: it has no place"
NO_FACILITY = "no facility has this ZIP code"
OUT_OF_REACH = "no facility in reach"


@dataclass(frozen=True, eq=False)
class Catchment:
    """The people each facility serves, and those nobody does.

    Attributes
    ----------
    served
        ``people`` by ``facility``, in the order of the facilities. 0 where nobody lives in its
        reach; NaN where it cannot be known, for want of a place or of a population, and for all
        where nobody reaches any. They add up to everybody who is reached.
    frame
        Who is reached by whom: ``zip``, ``population``, ``facility``, ``km`` (from the middle of
        the ZIP code; NaN by the method "own", which measures nothing), ``people``.
    left_out
        ``zip``, ``population``, ``reason``: every ZIP code nobody of which is in ``frame``.
    access
        By ZIP code: supply per 10,000 people, where a supply was given and the method is
        "floating"; 0 where no facility is in reach, NaN where the ZIP code has no place.
    method, reach_km, decay
        How it was made; ``decay`` in words, "" where none.
    notes
        What a reader must know, one sentence each.
    """

    served: pd.Series
    frame: pd.DataFrame
    left_out: pd.DataFrame
    access: pd.Series
    method: Method
    reach_km: float
    decay: str = ""
    notes: tuple[str, ...] = ()


def catchment(
    facilities: pd.DataFrame,
    population: pd.DataFrame,
    method: Method = "own",
    *,
    reach_km: float | None = None,
    decay: DecayLike = None,
    supply: str | None = None,
) -> Catchment:
    """Return how many people each facility serves.

    Parameters
    ----------
    facilities
        ``facility``, with ``zip`` for the method "own", with ``latitude`` and ``longitude`` for
        the others.
    population
        ``zip`` and ``population``, one row for each ZIP code; see `living`.
    method
        "own": the people of a facility's own ZIP code. "nearest": the people of every ZIP code
        count for the facility nearest to its middle. "floating": they are divided among all
        facilities in reach, by how near these are. People of facilities that share a ZIP code, or
        are equally near, are divided equally.
    reach_km
        How far people go, in a straight line: 100 km where nothing is said and the decay does not
        end before; `numpy.inf` for as far as it takes. "own" measures nothing.
    decay
        For "floating", the weight of a distance in km: see `caremap.geography.decays`. None for
        a bell curve a third of the reach wide.
    supply
        For "floating", a column of the facilities, such as a role of staff: gives ``access``.

    Raises
    ------
    caremap.DataProblem
        Where a column is missing, a name or a ZIP code is there twice, or the decay
        gives no weight.
    ValueError
        Where there is no such method, or the reach is not above zero.

    Notes
    -----
    "floating" shares out demand as the first step of Luo and Wang's two-step floating catchment
    weighs it, divided by its sum over the facilities in reach, so that everybody counts once;
    ``access`` is their second step (see `access`).

    Examples
    --------
    >>> places = pd.DataFrame({"facility": ["Bellevue", "Seattle"], "zip": ["98007", "98104"],
    ...                        "latitude": [47.61, 47.60], "longitude": [-122.14, -122.33]})
    >>> people = pd.DataFrame({"zip": ["98007", "98104", "98801"],
    ...                        "population": [27571, 15052, 44801]})
    >>> catchment(places, people).served.to_dict()
    {'Bellevue': 27571.0, 'Seattle': 15052.0}
    >>> catchment(places, people, "nearest", reach_km=200).served.to_dict()
    {'Bellevue': 72372.0, 'Seattle': 15052.0}
    >>> catchment(places, people, "nearest").left_out
         zip  population                reason
    0  98801     44801.0  no facility in reach
    """
    if method not in get_args(Method):
        raise ValueError(f"There is no method “{method}”, only {', '.join(get_args(Method))}.")
    people = living(population)
    if method == "own":
        return _concluded(_own(facilities, people), "own")
    points, reach = points_of(facilities), _reach(reach_km, decay)
    if method == "nearest":
        return _concluded(_nearest(points, people, reach), "nearest", reach)
    weight = _weight(reach, decay)
    assigned = _floating(points, people, weight)
    found = _concluded(assigned, "floating", reach, weight.words)
    if supply is None:
        return found
    scores, notes = _scores(facilities, supply, assigned)
    return replace(found, access=scores, notes=(*found.notes, *notes))


@dataclass(frozen=True, eq=False)
class _Assigned:
    """Who may go where: what the three methods have in common."""

    names: pd.Index[Any]
    people: pd.DataFrame  # zip, population
    pairs: pd.DataFrame  # row of people, place of a facility, km, weight above zero
    reasons: Array  # why each row of people is left out, if it is
    unknown: Array  # which facilities' people cannot be known
    notes: tuple[str, ...]


def _own(facilities: pd.DataFrame, people: pd.DataFrame) -> _Assigned:
    names = named(facilities)
    if "zip" not in facilities.columns:
        raise DataProblem(
            "The facilities have no column “zip”: the people of their own ZIP code are not known.",
            "Add ZIP codes, or count people for the nearest facility.",
        )
    codes = postcodes(facilities["zip"])
    absent = codes[(codes != "") & ~codes.isin(people["zip"])].drop_duplicates()
    people = pd.concat([people, pd.DataFrame({"zip": absent})], ignore_index=True)
    told = people["population"].notna()
    living_in = people["zip"][told & (people["zip"] != "")]
    row = codes.map(pd.Series(living_in.index, index=living_in))
    placed = np.flatnonzero(row.notna())
    pairs = pd.DataFrame({"row": row.iloc[placed].astype("int64"), "place": placed})
    several = int(pairs["row"].duplicated(keep=False).sum())
    notes = ["Each facility serves the people of its own ZIP code."]
    if several:
        notes.append(
            f"{several} facilities share a ZIP code with another: its people are divided equally."
        )
    if len(placed) < len(names):
        notes.append(
            f"{_many(len(names) - len(placed), 'facility has', 'facilities have')} no ZIP code "
            "whose population is known: whom they serve is not known."
        )
    reasons = np.select(
        [(people["zip"] == "").to_numpy(), ~told.to_numpy()], [NO_PLACE, NO_POPULATION], NO_FACILITY
    )
    unknown = row.isna().to_numpy()
    return _Assigned(
        names, people, pairs.assign(km=np.nan, weight=1.0), reasons, unknown, tuple(notes)
    )


def _nearest(points: Points, people: pd.DataFrame, reach: float) -> _Assigned:
    def pairs(start: tuple[Array, Array], places: tuple[Array, Array]) -> tuple[Array, ...]:
        rows, place, far = nearest_places(start, places, 1)
        near = far <= reach
        return rows[near], place[near], far[near], np.ones(int(near.sum()))

    limit = "" if np.isinf(reach) else f", if that is within {reach:g} km"
    how = (
        f"The people of a ZIP code count for the facility nearest to its middle{limit}: in a "
        "straight line, and divided equally among those that are equally near."
    )
    return _measured(points, people, pairs, how)


def _floating(points: Points, people: pd.DataFrame, weight: Decay) -> _Assigned:
    def pairs(start: tuple[Array, Array], places: tuple[Array, Array]) -> tuple[Array, ...]:
        rows, place, far = places_within(start, places, weight.reach)
        share = weights(far, weight)
        some = share > 0
        return rows[some], place[some], far[some], share[some]

    how = (
        "The people of a ZIP code are divided among the facilities in reach of its middle, by "
        f"distance in a straight line: {weight.words} (km)."
    )
    return _measured(points, people, pairs, how)


def _measured(points: Points, people: pd.DataFrame, pairs: _Pairs, how: str) -> _Assigned:
    """Return who may go where by distance: from ZIP codes and to facilities that have a place."""
    north, east = homes(people)
    told, placed = people["population"].notna().to_numpy(), ~np.isnan(north + east)
    at, to = np.flatnonzero(told & placed), np.flatnonzero(points.known)
    start, places = (north[at], east[at]), (points.latitude[to], points.longitude[to])
    rows, near, far, weight = pairs(start, places)
    found = pd.DataFrame({"row": at[rows], "place": to[near], "km": far, "weight": weight})
    found["rank"] = points.by_name[found["place"].to_numpy()]
    found = found.sort_values(["row", "km", "rank"], ignore_index=True).drop(columns="rank")
    reasons = np.select([~told, ~placed], [NO_POPULATION, NO_PLACE], OUT_OF_REACH)
    lost = int((~points.known).sum())
    where = (
        f"{_many(lost, 'facility has', 'facilities have')} no known place: whom they serve is "
        "not known, and their people count for others."
    )
    notes = (how, where) if lost else (how,)
    return _Assigned(points.names, people, found, reasons, ~points.known, notes)


def _concluded(
    assigned: _Assigned, method: Method, reach: float = np.nan, decay: str = ""
) -> Catchment:
    """Divide people by the weights of those they may go to, and say who is left out."""
    people, pairs = assigned.people, assigned.pairs
    population = people["population"].to_numpy()[pairs["row"]]
    share = pairs["weight"] / pairs.groupby("row")["weight"].transform("sum")
    frame = pd.DataFrame(
        {
            "zip": people["zip"].to_numpy()[pairs["row"]],
            "population": population,
            "facility": assigned.names.take(pairs["place"].to_numpy()),
            "km": pairs["km"].to_numpy(),
            "people": population * share.to_numpy(),
        }
    ).astype({"zip": "str"})
    outside = ~people.index.isin(pairs["row"])
    left_out = people.loc[outside, ["zip", "population"]].assign(reason=assigned.reasons[outside])
    served = np.bincount(pairs["place"], frame["people"], minlength=len(assigned.names))
    unknown = assigned.unknown | frame.empty  # where nobody goes anywhere, places are mistaken
    apart = "No ZIP code is near any facility: check that both are of the same country."
    notes = [*assigned.notes, *([apart] if frame.empty and method != "own" else [])]
    return Catchment(
        served=pd.Series(np.where(unknown, np.nan, served), assigned.names, name="people"),
        frame=frame,
        left_out=left_out.astype({"reason": "str"}).reset_index(drop=True),
        access=pd.Series(dtype="float64", name="access", index=pd.Index([], name="zip")),
        method=method,
        reach_km=reach,
        decay=decay,
        notes=(*notes, *_left(left_out)),
    )


def _scores(
    facilities: pd.DataFrame, supply: str, assigned: _Assigned
) -> tuple[pd.Series, tuple[str, ...]]:
    """Return the supply per 10,000 people in reach of each ZIP code, and what to know of it."""
    if supply not in facilities.columns:
        raise DataProblem(
            f"The facilities have no column “{supply}”.", "Name the column of what they have."
        )
    stock = pd.to_numeric(facilities[supply], errors="coerce").to_numpy("float64", na_value=np.nan)
    pairs, people = assigned.pairs, assigned.people
    found = PER * floating(
        people["population"].fillna(0).to_numpy(), np.nan_to_num(stock),
        pairs["row"].to_numpy(), pairs["place"].to_numpy(), pairs["weight"].to_numpy(),
    )  # fmt: skip
    known = people["zip"] != ""
    scores = pd.Series(found, pd.Index(people["zip"], name="zip"), name="access")
    nowhere = np.isin(assigned.reasons, [NO_PLACE, NO_POPULATION])
    silent = int(np.isnan(stock).sum())
    note = (
        f"{_many(silent, 'facility has', 'facilities have')} no number of “{supply}” and count "
        "for nothing in access."
    )
    return scores.mask(nowhere)[known.to_numpy()], (note,) if silent else ()


def _reach(reach_km: float | None, decay: DecayLike) -> float:
    """Return how far people go: as far as was said, as the decay has weight, or as is usual."""
    ends = np.inf
    if isinstance(decay, Decay):
        ends = decay.reach
    elif isinstance(decay, Mapping):
        ends = step(decay).reach
    if reach_km is None:
        return REACH_KM if np.isinf(ends) else ends
    if not reach_km > 0:
        raise ValueError(f"A reach is above zero kilometres, not {reach_km}.")
    return min(float(reach_km), ends)


def _weight(reach: float, decay: DecayLike) -> Decay:
    if decay is None and np.isinf(reach):
        raise DataProblem(
            "Without a limit to the way people go, it has to be said how they prefer what is near.",
            "Give a reach in kilometres, or a decay.",
        )
    if decay is None:
        return gaussian(reach / 3, reach=reach)
    given = step(decay) if isinstance(decay, Mapping) else decay
    words = given.words if isinstance(given, Decay) else f"a decay of your own within {reach:g}"
    return Decay(words, reach, lambda costs: weights(costs, given))


def _left(left_out: pd.DataFrame) -> list[str]:
    """Say how many people and ZIP codes are left out, for each reason."""
    said = []
    for reason, rows in left_out.groupby("reason", sort=False):
        people = rows["population"].sum()
        living_there = "" if reason == NO_POPULATION else f" with {people:,.0f} people"
        codes = _many(len(rows), "ZIP code", "ZIP codes")
        said.append(f"{codes}{living_there} left out: {reason}.")
    return said


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
