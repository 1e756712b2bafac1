"""Facilities, links and moves as GeoJSON (RFC 7946), for another program to draw."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from caremap.geography.map_layers import placed

__all__ = ["to_geojson"]

Point = tuple[float, float]


def to_geojson(
    sites: pd.DataFrame,
    *,
    links: pd.DataFrame | None = None,
    moves: pd.DataFrame | None = None,
) -> bytes:
    """Return facilities as points, links and moves as lines.

    A facility without a place has no geometry, which GeoJSON allows: it is not lost. A line across
    180° of longitude is cut there, as the standard asks.

    Parameters
    ----------
    sites
        ``facility``, ``latitude``, ``longitude`` (degrees, WGS-84); other columns are properties.
    links
        ``facility``, ``neighbour``, ``km``.
    moves
        ``from``, ``to`` and what else a plan of moves tells.

    Examples
    --------
    >>> sites = pd.DataFrame({"facility": ["A"], "latitude": [47.6], "longitude": [-122.1]})
    >>> to_geojson(sites).decode()[:78]
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"t'
    """
    known = placed(sites)
    places: dict[str, Point] = {
        name: (longitude, latitude)
        for name, longitude, latitude in zip(
            known["facility"], known["longitude"], known["latitude"], strict=True
        )
    }
    features = [
        _feature("facility", _point(places.get(str(row["facility"]))), row)
        for row in sites.to_dict("records")
    ]
    for kind, frame, ends in (
        ("link", links, ("facility", "neighbour")),
        ("move", moves, ("from", "to")),
    ):
        features += [] if frame is None else list(_lines(kind, frame, ends, places))
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode()


def _lines(
    kind: str, frame: pd.DataFrame, ends: tuple[str, str], places: Mapping[str, Point]
) -> Iterator[dict[str, Any]]:
    """Yield a line for each row whose two places are known."""
    for row in frame.to_dict("records"):
        start, end = (places.get(str(row[name])) for name in ends)
        if start is not None and end is not None:
            yield _feature(kind, _line(start, end), row)


def _feature(kind: str, geometry: dict[str, Any] | None, row: Mapping[Any, Any]) -> dict[str, Any]:
    properties = {str(name): _plain(value) for name, value in row.items()}
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, **properties}}


def _point(place: Point | None) -> dict[str, Any] | None:
    return None if place is None else {"type": "Point", "coordinates": list(place)}


def _line(start: Point, end: Point) -> dict[str, Any]:
    """Return the shorter way between two places, cut where it crosses 180°."""
    if abs(end[0] - start[0]) <= 180:
        return {"type": "LineString", "coordinates": [list(start), list(end)]}
    edge = 180.0 if start[0] > 0 else -180.0
    far = end[0] + 2 * edge
    share = (edge - start[0]) / (far - start[0])
    crossing = start[1] + share * (end[1] - start[1])
    return {
        "type": "MultiLineString",
        "coordinates": [[list(start), [edge, crossing]], [[-edge, crossing], list(end)]],
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: null where there is none."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
