"""How far facilities are from each other, in a straight line over the ground."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.geography.points import Points, points_of
from caremap.geography.sphere import kilometres, nearest_places, places_within
from caremap.problems import DataProblem

__all__ = ["MILES", "MOST_IN_A_MATRIX", "distances", "kilometres", "nearest", "pairs", "within"]

Array = np.ndarray[Any, Any]

MILES = 1 / 1.609344
"""Miles in a kilometre: the international mile of 1959."""

MOST_IN_A_MATRIX = 500
"""Facilities of which all distances are worked out: 124,750 pairs."""


def distances(facilities: pd.DataFrame) -> pd.DataFrame:
    """Return the distance of every facility to every other, as a matrix.

    Parameters
    ----------
    facilities
        Columns ``facility``, ``latitude``, ``longitude`` (degrees), as `locate` gives them; it
        is asked where there is ``zip`` alone. At most 500.

    Returns
    -------
    pandas.DataFrame
        Kilometres, the names of facilities on both axes in the order of the frame: the same both
        ways, 0 to itself, missing (NaN) where one of two places is unknown.

    Raises
    ------
    caremap.DataProblem
        Above 500 facilities, where a column is missing or a name is missing or there twice.

    Notes
    -----
    WGS-84 geodesics (see `kilometres`), never great circles, which are up to 0.5 % off.

    Examples
    --------
    >>> places = pd.DataFrame({"facility": ["A", "B", "C"], "latitude": [0, 0, None],
    ...                        "longitude": [0, 1, 2]})
    >>> distances(places).round(1).to_dict("list")
    {'A': [0.0, 111.3, nan], 'B': [111.3, 0.0, nan], 'C': [nan, nan, nan]}
    """
    points = points_of(facilities)
    first, second, far = _every_pair(points)
    matrix = np.zeros((len(points.names), len(points.names)))
    matrix[first, second] = matrix[second, first] = far
    matrix[~points.known, :] = matrix[:, ~points.known] = np.nan
    return pd.DataFrame(matrix, index=points.names, columns=points.names.rename("neighbour"))


def pairs(facilities: pd.DataFrame) -> pd.DataFrame:
    """Return the distance of every two facilities, each pair once.

    Parameters
    ----------
    facilities
        As in `distances`.

    Returns
    -------
    pandas.DataFrame
        Columns ``facility``, ``neighbour``, ``km`` (NaN where a place is unknown), in the order
        of the frame.

    Raises
    ------
    caremap.DataProblem
        As in `distances`.

    Examples
    --------
    >>> pairs(pd.DataFrame({"facility": ["A", "B", "C"], "latitude": 0, "longitude": [0, 1, 3]}))
      facility neighbour      km
    0        A         B  111.32
    1        A         C  333.96
    2        B         C  222.64
    """
    points = points_of(facilities)
    return _long(points, *_every_pair(points))


def nearest(facilities: pd.DataFrame, k: int = 5) -> pd.DataFrame:
    """Return the k nearest other facilities of each.

    Parameters
    ----------
    facilities
        As in `distances`, any number of them.
    k
        How many. Fewer are given where there are not as many with a known place.

    Returns
    -------
    pandas.DataFrame
        Columns ``facility``, ``neighbour``, ``km``: facilities in the order of the frame, the
        nearest first; of those equally far, by name. A facility without a known place is in
        neither column.

    Raises
    ------
    caremap.DataProblem
        Where a column is missing or a name is missing or there twice.
    ValueError
        Where k is below 1.

    Notes
    -----
    A tree over points on a sphere proposes, geodesics decide, and it is asked for more until no
    facility it has not proposed can be nearer (see `caremap.geography.sphere`).

    Examples
    --------
    >>> nearest(pd.DataFrame({"facility": ["A", "B", "C"], "latitude": 0, "longitude": [0, 1, 3]}),
    ...         k=1)
      facility neighbour      km
    0        A         B  111.32
    1        B         A  111.32
    2        C         B  222.64
    """
    if k < 1:
        raise ValueError(f"At least one neighbour has to be asked for, not {k}.")
    points = points_of(facilities)
    spots = _Spots(points)
    one, other, far = nearest_places(spots.places, spots.places, k + 1)
    # k + 1, for one of them is the facility itself; of many in one spot the first by name do
    near = _ranked(spots.spread(one, other, far, most=k + 1))
    near = near[near.groupby("spot").cumcount() <= k]
    found = spots.facilities.merge(near, on="spot")  # in the order of facilities, then of near
    found = found[found["facility"] != found["neighbour"]]
    found = found[found.groupby("facility").cumcount() < k]
    return _long(points, found["facility"], found["neighbour"], found["km"])


def within(facilities: pd.DataFrame, km: float) -> pd.DataFrame:
    """Return the other facilities within a distance of each.

    Parameters
    ----------
    facilities
        As in `distances`, any number of them.
    km
        How far, at most; `numpy.inf` for all.

    Returns
    -------
    pandas.DataFrame
        As from `nearest`; a facility with none in reach is not in the first column.

    Raises
    ------
    caremap.DataProblem
        As in `nearest`.
    ValueError
        Where the distance is missing or below zero.

    Examples
    --------
    >>> within(pd.DataFrame({"facility": ["A", "B", "C"], "latitude": 0, "longitude": [0, 1, 3]}),
    ...        km=200)
      facility neighbour      km
    0        A         B  111.32
    1        B         A  111.32
    """
    if not km >= 0:
        raise ValueError(f"A distance is zero or more kilometres, not {km}.")
    points = points_of(facilities)
    spots = _Spots(points)
    near = _ranked(spots.spread(*places_within(spots.places, spots.places, km)))
    found = spots.facilities.merge(near, on="spot")  # in the order of facilities, then of near
    found = found[found["facility"] != found["neighbour"]]
    return _long(points, found["facility"], found["neighbour"], found["km"])


class _Spots:
    """Where facilities are, each spot once: clinics of one ZIP code often share theirs."""

    def __init__(self, points: Points) -> None:
        known = np.flatnonzero(points.known)
        where = np.column_stack([points.latitude[known], points.longitude[known]])
        spots, spot = np.unique(where, axis=0, return_inverse=True)
        self.places: tuple[Array, Array] = (spots[:, 0], spots[:, 1])
        self.facilities = pd.DataFrame({"spot": spot.ravel(), "facility": known})
        self._rank = points.by_name[known]

    def spread(self, one: Array, other: Array, far: Array, most: int | None = None) -> pd.DataFrame:
        """Return for each pair of spots every facility (or the first by name) in the second."""
        here = self.facilities.assign(rank=self._rank).sort_values("rank")
        if most is not None:
            here = here[here.groupby("spot").cumcount() < most]
        near = pd.DataFrame({"spot": one, "other": other, "km": far})
        return near.merge(
            here.rename(columns={"spot": "other", "facility": "neighbour"}), on="other"
        )


def _ranked(near: pd.DataFrame) -> pd.DataFrame:
    order = np.lexsort((near["rank"], near["km"], near["spot"]))
    ranked: pd.DataFrame = near.drop(columns="other").take(order)
    return ranked


def _every_pair(points: Points) -> tuple[Array, Array, Array]:
    if len(points.names) > MOST_IN_A_MATRIX:
        raise DataProblem(
            f"{len(points.names):,} facilities have too many pairs for a table of all distances: "
            f"it holds at most {MOST_IN_A_MATRIX}.",
            "Ask for the nearest of each (geography.nearest) or those within a distance "
            "(geography.within).",
        )
    first, second = np.triu_indices(len(points.names), 1)
    north, east = points.latitude, points.longitude
    return first, second, kilometres(north[first], east[first], north[second], east[second])


def _long(points: Points, first: Any, second: Any, far: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "facility": points.names.take(np.asarray(first)),
            "neighbour": points.names.take(np.asarray(second)),
            "km": np.asarray(far, dtype="float64"),
        }
    )
