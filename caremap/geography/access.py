"""How much of a supply each place can reach: the two-step floating catchment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.geography.decays import DecayLike, weights
from caremap.problems import DataProblem

__all__ = ["Amounts", "access"]

Array = np.ndarray[Any, Any]

Amounts = pd.Series | pd.DataFrame | Mapping[Any, float]
"""A number for each place: a Series or mapping by place, or a frame of places and numbers."""

_PLACES = ("place", "zip", "facility", "origin", "destination", "id", "name")


def access(
    demand: Amounts, supply: Amounts, costs: pd.DataFrame | pd.Series, decay: DecayLike = None
) -> pd.Series:
    """Return the supply per person within reach of each place of demand.

    Parameters
    ----------
    demand
        People at each place: a Series or mapping by place, or a frame with a column of places
        (``place``, ``zip``, ``facility`` or the first) and one of numbers (the last).
    supply
        What each place has, such as doctors or beds: likewise.
    costs
        Distance or time from a place of demand to one of supply: long, with the columns
        ``origin``, ``destination``, ``cost``, or wide, origins down and destinations across, as
        from `distances`. A pair that is not there, or has no number, is out of reach. Or as from
        `nearest` and `within`: ``facility``, ``neighbour``, ``km``, each at 0 km from itself.
    decay
        The weight of a cost: a function such as those of `caremap.geography.decays`, a mapping
        of steps such as ``{20: 1, 40: 0.68}`` (beyond the last, nothing), or None for 1.

    Returns
    -------
    pandas.Series
        ``access``, by place of demand in its order: supply per person. 0 where nothing is in
        reach; missing where costs name the place but none of them is a number.

    Raises
    ------
    caremap.DataProblem
        Where a number of demand or supply is missing or below zero, a place or a pair is there
        twice, a cost is below zero, no cost is between these places, or the decay gives no weight.

    Notes
    -----
    Luo and Wang (2003): R_j = S_j / Σ_k P_k f(d_kj), A_i = Σ_j R_j f(d_ij). Everything that is
    in somebody's reach is given out: Σ P A = Σ S. Supply nobody can reach counts for nobody.

    Examples
    --------
    >>> people = pd.Series({"North": 100, "South": 50})
    >>> doctors = pd.Series({"Clinic": 3})
    >>> minutes = pd.DataFrame({"origin": ["North", "South"], "destination": "Clinic",
    ...                         "cost": [10, 30]})
    >>> access(people, doctors, minutes, {20: 1, 40: 0.5})
    North    0.024
    South    0.012
    Name: access, dtype: float64
    """
    people, stock = amounts(demand, "demand"), amounts(supply, "supply")
    pairs = _pairs(costs)
    origin, destination = people.index.get_indexer(pairs.origin), stock.index.get_indexer(pairs.to)
    given = ~np.isnan(pairs.cost)
    named = (origin >= 0) & (destination >= 0)
    _require_named(named, people, stock)
    told = named & given
    _require_once(origin[told], destination[told], len(stock))
    if (pairs.cost[told] < 0).any():
        raise DataProblem("A distance or time is below zero.", "Costs are zero or more.")
    found = floating(
        people.to_numpy(), stock.to_numpy(), origin[told], destination[told],
        weights(pairs.cost[told], decay),
    )  # fmt: skip
    unknown = np.setdiff1d(origin[(origin >= 0) & ~given], origin[(origin >= 0) & given])
    found[unknown] = np.nan
    return pd.Series(found, index=people.index, name="access")


def floating(people: Array, supply: Array, origin: Array, to: Array, weight: Array) -> Array:
    """Return the access of each place of demand, from pairs by position and their weights."""
    wanted = np.bincount(to, weights=people[origin] * weight, minlength=len(supply))
    ratio = np.divide(supply, wanted, out=np.zeros(len(supply)), where=wanted > 0)
    found = np.bincount(origin, weights=ratio[to] * weight, minlength=len(people))
    return found.astype("float64")  # without a pair the counts are whole numbers


def amounts(given: Amounts, what: str) -> pd.Series:
    """Return the numbers by place, each place once and each number zero or more.

    Examples
    --------
    >>> amounts(pd.DataFrame({"zip": ["98007"], "population": [27571]}), "demand").to_dict()
    {'98007': 27571.0}
    """
    series = _series(given, what)
    numbers = pd.to_numeric(series, errors="coerce").astype("float64")
    wrong = ~(np.isfinite(numbers) & (numbers >= 0))
    if wrong.any():
        raise DataProblem(
            f"{int(wrong.sum())} of {len(numbers)} places of {what} have no number from 0 on.",
            "Leave out places whose number is not known: they are not zero.",
        )
    if not numbers.index.is_unique:
        raise DataProblem(f"A place of {what} is there twice.", "Keep one row for each place.")
    return numbers


def _series(given: Amounts, what: str) -> pd.Series:
    if isinstance(given, pd.Series):
        return given
    if isinstance(given, Mapping):
        return pd.Series(dict(given))
    if not len(given.columns):
        raise DataProblem(f"The table of {what} has no column.", "Give places and numbers.")
    if len(given.columns) == 1:
        return given.iloc[:, 0]
    named = [name for name in _PLACES if name in given.columns]
    place = named[0] if named else given.columns[0]
    numbers = given.drop(columns=place)
    return numbers.iloc[:, -1].set_axis(pd.Index(given[place]))


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Costs as three columns, whatever they came as."""

    origin: pd.Index[Any]
    to: pd.Index[Any]
    cost: Array


def _pairs(costs: pd.DataFrame | pd.Series) -> _Pairs:
    if isinstance(costs, pd.Series):
        if costs.index.nlevels != 2:
            raise DataProblem(
                "A column of costs alone does not say from where to where.",
                "Give three columns: origin, destination, cost.",
            )
        return _three(costs.index.get_level_values(0), costs.index.get_level_values(1), costs)
    if {"origin", "destination", "cost"} <= {*costs.columns}:
        return _three(costs["origin"], costs["destination"], costs["cost"])
    if {"facility", "neighbour", "km"} <= {*costs.columns}:
        return _neighbours(costs)
    named = [name for name in _PLACES if name in costs.columns]
    wide = costs.set_index(named[0]) if named else costs
    origin = np.repeat(wide.index, len(wide.columns))
    return _three(origin, [*wide.columns] * len(wide), wide)


def _neighbours(costs: pd.DataFrame) -> _Pairs:
    """Return neighbours as pairs: nobody is their own neighbour, but each is where it is."""
    places = pd.unique(pd.concat([costs["facility"], costs["neighbour"]]))
    itself = costs.loc[costs["facility"] == costs["neighbour"], "facility"]
    alone = pd.Index(places).difference(pd.Index(itself), sort=False)
    return _three(
        [*costs["facility"], *alone],
        [*costs["neighbour"], *alone],
        [*costs["km"], *([0.0] * len(alone))],
    )


def _three(origin: Any, to: Any, cost: Any) -> _Pairs:
    numbers = pd.to_numeric(pd.Series(np.asarray(cost).ravel()), errors="coerce")
    values = numbers.to_numpy(dtype="float64", na_value=np.nan)
    return _Pairs(pd.Index(origin), pd.Index(to), values)


def _require_named(named: Array, people: pd.Series, stock: pd.Series) -> None:
    """Refuse costs between other places: 98104 as a number is not "98104" as text."""
    if len(named) and len(people) and len(stock) and not named.any():
        raise DataProblem(
            "No cost is from a place of demand to one of supply.",
            "Write places alike in all three: as text, or as numbers.",
        )


def _require_once(origin: Array, destination: Array, places: int) -> None:
    """Refuse a pair that is told twice: nobody knows which of its costs counts."""
    if len(np.unique(origin * max(places, 1) + destination)) < len(origin):
        raise DataProblem(
            "The cost between two places is there twice.", "Keep one row for each pair."
        )
