"""How far points are from other points, for checks of places: shown figures are geodesics."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from caremap.geography.zips import zip_places

__all__ = ["from_country", "from_points", "from_state", "middle"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

RADIUS = 6371.0


def on_sphere(latitude: Floats, longitude: Floats) -> Floats:
    """Return points as unit vectors, one per row."""
    up, round_ = np.radians(latitude), np.radians(longitude)
    return np.column_stack([np.cos(up) * np.cos(round_), np.cos(up) * np.sin(round_), np.sin(up)])


def from_points(latitude: Floats, longitude: Floats, to_latitude: Any, to_longitude: Any) -> Floats:
    """Return kilometres on the sphere between pairs of points; NaN where either is unknown.

    Within 0.6 % of the geodesic: enough to tell a mistake from a place.
    """
    here = on_sphere(latitude, longitude)
    there = on_sphere(np.broadcast_to(to_latitude, np.shape(latitude)),
                      np.broadcast_to(to_longitude, np.shape(longitude)))  # fmt: skip
    return _kilometres(np.linalg.norm(here - there, axis=1))


def _kilometres(chord: Floats) -> Floats:
    return 2 * RADIUS * np.arcsin(np.clip(chord / 2, 0, 1))


@cache
def _tree(state: str) -> Any:
    from scipy.spatial import cKDTree

    frame = zip_places().frame.dropna()
    if state:
        frame = frame[frame["state"] == state]
    points = on_sphere(frame["latitude"].to_numpy(), frame["longitude"].to_numpy())
    return cKDTree(points) if len(points) else None


def from_state(latitude: Floats, longitude: Floats, state: str) -> Floats:
    """Return kilometres to the nearest ZIP code of a state, of any state where it is ""."""
    known = np.isfinite(latitude) & np.isfinite(longitude)
    found = np.full(len(latitude), np.nan)
    tree = _tree(state)
    if known.any() and tree is not None:
        chord, _ = tree.query(on_sphere(latitude[known], longitude[known]))
        found[known] = _kilometres(chord)
    return found


def from_country(latitude: Floats, longitude: Floats) -> Floats:
    """Return kilometres to the nearest ZIP code of the United States."""
    return from_state(latitude, longitude, "")


def middle(latitude: Floats, longitude: Floats) -> tuple[float, float, float]:
    """Return the middle of points and the median distance to it; NaN where there are none.

    The middle is the one of the points that is nearest to all others taken together, of a
    large network to a sample of them: a few points on another continent do not move it.
    """
    known = np.isfinite(latitude) & np.isfinite(longitude)
    if not known.any():
        return np.nan, np.nan, np.nan
    points = on_sphere(latitude[known], longitude[known])
    some = points[:: max(1, len(points) // 300)]
    totals = np.arccos(np.clip(points @ some.T, -1, 1)).sum(axis=1)
    best = int(np.argmin(totals))
    there = float(latitude[known][best]), float(longitude[known][best])
    others = np.sort(np.delete(from_points(latitude[known], longitude[known], *there), best))
    # The lower of two in the middle: between a near point and one on another continent no mean.
    return *there, float(others[(len(others) - 1) // 2]) if len(others) else 0.0
