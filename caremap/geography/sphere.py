"""Which places are near which: a tree on a sphere proposes, the geodesic decides.

Geodetic latitude and longitude are read as if the earth were a sphere of radius 1. Along any way
the ellipsoid is between `LEAST` and `MOST` kilometres long per radian of that sphere, for these
are the bounds of its radii of curvature: M from a(1 - e²) to a/√(1 - e²) along a meridian, N from a
to a/√(1 - e²) across. So the geodesic between two places lies between those multiples of their
angle, and a place whose angle is too large cannot be near.
"""

from __future__ import annotations

import itertools
import os
from typing import Any

import numpy as np

__all__ = ["LEAST", "MOST", "kilometres", "nearest_places", "places_within"]

Array = np.ndarray[Any, Any]

_AXIS, _FLATTENING = 6378.137, 1 / 298.257223563  # WGS 84, km
LEAST = _AXIS * (1 - _FLATTENING) ** 2  # a(1 - e²)
MOST = _AXIS / (1 - _FLATTENING)  # a/√(1 - e²)
MANY = 20_000  # pairs from which on a second core is worth its start


def kilometres(latitude: Any, longitude: Any, to_latitude: Any, to_longitude: Any) -> Array:
    """Return the length of the shortest way over the earth: the WGS 84 geodesic.

    Parameters
    ----------
    latitude, longitude, to_latitude, to_longitude
        Degrees, single or many; broadcast as in numpy.

    Returns
    -------
    numpy.ndarray
        Kilometres, a single number for single ones; NaN where one of the four is missing or a
        latitude is beyond 90 degrees.

    Notes
    -----
    Karney, "Algorithms for geodesics" (2013), good to some nanometres, by pyproj. A straight
    line over the ground: the way by road is longer.

    Examples
    --------
    >>> print(kilometres(35.60777, -139.44815, -11.17491, -69.95921))
    8935.244560482
    >>> kilometres(0, 0, [0, 1, 91], 1).round(3)
    array([111.319, 156.9  ,     nan])
    """
    ends = (longitude, latitude, to_longitude, to_latitude)
    degrees = np.broadcast_arrays(*(np.asarray(end, dtype="float64") for end in ends))
    found: Array = _metres([each.ravel() for each in degrees]).reshape(degrees[0].shape) / 1000
    return found


def _metres(ends: list[Array]) -> Array:
    """Return the geodesics of pairs, many of them on several cores: pyproj works without Python."""
    from concurrent.futures import ThreadPoolExecutor

    from pyproj import Geod

    def measured(at: slice) -> Array:
        east, north, to_east, to_north = (each[at] for each in ends)
        return np.asarray(Geod(ellps="WGS84").inv(east, north, to_east, to_north)[2], "float64")

    total, workers = len(ends[0]), min(os.cpu_count() or 1, 4)
    if total < MANY or workers == 1:
        return measured(slice(total))
    cuts = np.linspace(0, total, workers + 1).astype("int64")
    parts = [slice(first, last) for first, last in itertools.pairwise(cuts)]
    with ThreadPoolExecutor(workers) as pool:
        return np.concatenate([*pool.map(measured, parts)])


def nearest_places(
    start: tuple[Array, Array], places: tuple[Array, Array], k: int
) -> tuple[Array, Array, Array]:
    """Return the k nearest places of each start, and every other that is as near as the last.

    Parameters
    ----------
    start, places
        Latitudes and longitudes, none missing.
    k
        How many.

    Returns
    -------
    tuple
        Which start, which place, and the kilometres: arrays of equal length, in no order.
    """
    tree, total = _tree(*places), len(places[0])
    rows, ask = np.arange(len(start[0])), min(k + 2, total)
    found: list[tuple[Array, Array, Array]] = []
    while len(rows) and total:
        here = _vectors(start[0][rows], start[1][rows])
        chords, near = (each.reshape(len(rows), ask) for each in tree.query(here, k=ask))
        far = kilometres(
            start[0][rows][:, None], start[1][rows][:, None], places[0][near], places[1][near]
        )
        last = np.partition(far, min(k, ask) - 1, axis=1)[:, min(k, ask) - 1]
        # what the tree did not propose is at least this far: only then is the k-th proven
        angle = _angle(chords[:, -1])
        proven = (last < LEAST * (angle - _rounding(angle))) | (ask == total)
        taken = proven[:, None] & (far <= last[:, None])
        found.append((np.broadcast_to(rows[:, None], far.shape)[taken], near[taken], far[taken]))
        rows, ask = rows[~proven], min(2 * ask, total)
    return _together(found)


def places_within(
    start: tuple[Array, Array], places: tuple[Array, Array], km: float
) -> tuple[Array, Array, Array]:
    """Return every place within a distance of each start, as `nearest_places` does."""
    if not len(start[0]) or not len(places[0]):
        return _together([])
    angle = km / LEAST
    angle = np.pi if angle > np.pi else min(angle + _rounding(angle), np.pi)
    pairs = _tree(*start).sparse_distance_matrix(
        _tree(*places), 2 * np.sin(angle / 2) + 1e-15, output_type="ndarray"
    )
    rows, near = pairs["i"], pairs["j"]
    far = kilometres(start[0][rows], start[1][rows], places[0][near], places[1][near])
    inside = far <= km
    return rows[inside], near[inside], far[inside]


def _tree(latitude: Array, longitude: Array) -> Any:
    from scipy.spatial import cKDTree

    return cKDTree(_vectors(latitude, longitude).reshape(-1, 3))


def _vectors(latitude: Array, longitude: Array) -> Array:
    north, east = np.radians(latitude), np.radians(longitude)
    return np.column_stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    )


def _angle(chord: Array) -> Array:
    angle: Array = 2 * np.arcsin(np.minimum(chord / 2, 1.0))
    return angle


def _rounding(angle: Any) -> Any:
    """Return by how much rounding may be wrong of an angle: most at the far side of the earth."""
    return np.where(np.asarray(angle) > 3, 1e-7, 1e-14)


def _together(found: list[tuple[Array, Array, Array]]) -> tuple[Array, Array, Array]:
    if not found:
        none = np.empty(0, dtype="int64")
        return none, none, np.empty(0)
    rows, places, far = (np.concatenate(each) for each in zip(*found, strict=True))
    return rows, places, far
