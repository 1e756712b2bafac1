"""How far it is from facility to facility, for plans: in the order of names, NaN if not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.geography import kilometres, locate
from caremap.planning.roster import facilities
from caremap.problems import DataProblem

__all__ = ["Ways", "ways_of"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOST = 1500
"""Facilities a plan is made for: beyond, pairs are more than a browser session should hold."""


@dataclass(frozen=True, eq=False)
class Ways:
    """Distances between all facilities.

    Attributes
    ----------
    names
        Facilities, in order.
    known
        Whether any distance is. Else every facility counts as placed, and distances are NaN.
    placed
        Facilities whose place is known; the others take part in no move.
    km
        Wide, NaN where a place is unknown.
    """

    names: npt.NDArray[np.object_]
    known: bool
    placed: Mask
    km: Array

    def between(self, here: Whole, max_km: float | None) -> tuple[Whole, Whole, Array]:
        """Return the pairs within a distance, as positions: those below 0 take no part."""
        part = np.flatnonzero(here >= 0)
        km = self.km[np.ix_(part, part)]
        allowed = ~np.eye(len(part), dtype=bool)
        if max_km is not None and self.known:
            allowed &= km <= max_km
        origin, destination = np.nonzero(allowed)
        return here[part[origin]], here[part[destination]], km[origin, destination]

    def within(self, part: Mask) -> Array:
        """Return the distances between some facilities."""
        inside: Array = self.km[np.ix_(part, part)]
        return inside


def ways_of(network: pd.DataFrame) -> Ways:
    """Return how far it is between the facilities of a network.

    Places are ``latitude`` and ``longitude``, else the middle of the ``zip``.

    Raises
    ------
    caremap.DataProblem
        Where there are too many facilities.
    """
    names = facilities(network)
    if len(names) > MOST:
        raise DataProblem(
            f"There are {len(names):,} facilities; a plan of moves is made for up to {MOST:,}.",
            "Filter to a region.",
        )
    order = np.asarray(sorted(range(len(names)), key=lambda row: names[row]), dtype="int64")
    latitude, longitude = (values[order] for values in _places(network))
    placed = ~np.isnan(latitude) & ~np.isnan(longitude)
    km = np.full((len(names), len(names)), np.nan)
    if placed.any():
        one, other = np.triu_indices(int(placed.sum()), 1)
        at = np.flatnonzero(placed)
        far = kilometres(
            latitude[at[one]], longitude[at[one]], latitude[at[other]], longitude[at[other]]
        )
        km[at[one], at[other]] = km[at[other], at[one]] = far
    known = bool(placed.any())
    ordered = np.asarray(names, dtype=object)[order]
    return Ways(ordered, known, placed if known else np.ones(len(names), dtype=bool), km)


def _places(network: pd.DataFrame) -> tuple[Array, Array]:
    """Return latitude and longitude of every row, NaN where unknown."""
    latitude, longitude = _coordinates(network)
    if "zip" in network and np.isnan(latitude).any():
        latitude, longitude = _coordinates(locate(network)[0])
    return latitude, longitude


def _coordinates(network: pd.DataFrame) -> tuple[Array, Array]:
    """Return the coordinates of every row, both NaN where one is unknown."""
    found = []
    for name, most in (("latitude", 90), ("longitude", 180)):
        column = network[name] if name in network else pd.Series(np.nan, index=network.index)
        values = pd.to_numeric(column, errors="coerce").astype("Float64")
        numbers: Array = np.array(values.to_numpy("float64", na_value=np.nan))
        numbers[np.abs(numbers) > most] = np.nan
        found.append(numbers)
    unknown = np.isnan(found[0]) | np.isnan(found[1])
    return np.where(unknown, np.nan, found[0]), np.where(unknown, np.nan, found[1])
