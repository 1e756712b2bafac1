"""What a map of facilities is told: places, circles, lines and words, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.geography.distances import MILES
from caremap.geography.map_scales import Bands, around, bands, radii, told
from caremap.problems import DataProblem

__all__ = ["CLUSTERED", "Layer", "content", "placed", "unwrapped"]

CLUSTERED = 200
"""Above so many facilities, those that stand close are drawn as one circle with their number."""

_CROWD = 8  # so many at one point are a cluster too: around it there is no room for more
_LINES = (
    ("#128296", None),
    ("#8667c7", None),
    ("#cf4a86", "8 5"),
    ("#c9752b", "2 5"),
)
_TITLES = {
    "staff": "Staff",
    "beds": "Beds",
    "ratio": "People per staff member",
    "population": "People served",
    "zip": "ZIP code",
    "region": "Region",
}


@dataclass(frozen=True)
class Layer:
    """One way to draw the facilities; a map with several lets one choose.

    Attributes
    ----------
    title
        What it is called, e.g. a role.
    size, colour
        The columns that sizes and colours stand for; None where they stand for nothing.
    size_title, colour_title
        What these are called.
    middle
        What the whole network has of the colour's ratio: colours tell more from less. None:
        colours go from little to much.
    role
        The role whose moves are seen in it, by default that of its title; where there is none,
        the moves of all roles together.
    """

    title: str
    size: str | None = "staff"
    colour: str | None = "ratio"
    size_title: str = ""
    colour_title: str = ""
    middle: float | None = None
    role: str | None = None


def placed(sites: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose place is known and on the globe, in order, numbered from 0.

    Raises
    ------
    caremap.DataProblem
        A column is missing.
    """
    missing = [name for name in ("facility", "latitude", "longitude") if name not in sites]
    if missing:
        raise DataProblem(
            f"A map needs the columns facility, latitude and longitude: {missing[0]} is missing.",
            "caremap.geography.locate fills latitude and longitude from ZIP codes.",
        )
    rows = sites.reset_index(drop=True)
    latitude = pd.to_numeric(rows["latitude"], errors="coerce").astype(float)
    longitude = pd.to_numeric(rows["longitude"], errors="coerce").astype(float)
    on_globe = latitude.between(-90, 90) & longitude.between(-180, 180)
    kept = rows.assign(latitude=latitude, longitude=longitude)[on_globe & rows["facility"].notna()]
    return kept.assign(facility=kept["facility"].astype(str)).reset_index(drop=True)


def unwrapped(longitude: pd.Series) -> np.ndarray:
    """Return longitudes whose span is the smallest: a network across 180° stands together.

    Examples
    --------
    >>> unwrapped(pd.Series([179.0, -179.0, 178.0])).tolist()
    [179.0, 181.0, 178.0]
    >>> unwrapped(pd.Series([-122.0, -71.0])).tolist()
    [-122.0, -71.0]
    """
    values = longitude.to_numpy(dtype=float)
    ordered = np.unique(values)
    if ordered.size < 2 or ordered[-1] - ordered[0] <= 180:
        return values
    gaps = np.diff(ordered)
    widest = int(gaps.argmax())
    across = ordered[0] + 360 - ordered[-1]
    if gaps[widest] <= across:
        return values
    return np.where(values <= ordered[widest], values + 360, values)


def content(
    sites: pd.DataFrame,
    layers: Sequence[Layer],
    *,
    links: pd.DataFrame | None = None,
    moves: pd.DataFrame | None = None,
    details: Mapping[str, str] | None = None,
    miles: bool = False,
) -> dict[str, Any]:
    """Return everything the script of the map draws.

    Parameters
    ----------
    sites
        As `placed` gives them.
    layers
        At least one.
    links
        ``facility``, ``neighbour``, ``km``.
    moves
        ``from``, ``to``, ``staff``, and ``role``, ``km`` where known.
    details
        More columns to tell of a facility, with their titles; by default those known here.
    miles
        Whether distances are told in miles.
    """
    places = {name: at for at, name in enumerate(sites["facility"])}
    latitude, longitude = sites["latitude"].round(6), unwrapped(sites["longitude"]).round(6)
    points = list(zip(latitude.tolist(), longitude.tolist(), strict=True))
    crowd = int(pd.Series(points).value_counts().max()) if points else 0
    shown = {name: title for name, title in _TITLES.items() if name in sites}
    return {
        "said": _said(sites, links, moves),
        "unit": "miles" if miles else "km",
        "factor": MILES if miles else 1,
        "blocked": "No background map: OpenStreetMap is blocked here, or there is no internet. "
        "Places and distances are right without it.",
        "cluster": len(points) > CLUSTERED or crowd > _CROWD,
        "sites": {"name": sites["facility"].tolist(), "at": points},
        "details": [
            {"title": title, "text": [_text(one) for one in sites[name]]}
            for name, title in (shown if details is None else details).items()
            if name in sites
        ],
        "layers": [_layer(sites, layer) for layer in layers],
        "links": [] if links is None else _links(links, places, miles),
        "links_title": "Links to the nearest",
        "moves": [] if moves is None else _moves(moves, places, layers, miles),
    }


def _said(sites: pd.DataFrame, links: pd.DataFrame | None, moves: pd.DataFrame | None) -> str:
    parts = [f"{len(sites):,} {'facility' if len(sites) == 1 else 'facilities'}"]
    if links is not None and len(links):
        parts.append(f"{len(links):,} links to the nearest")
    if moves is not None and len(moves):
        parts.append(f"{len(moves):,} {'move' if len(moves) == 1 else 'moves'} of staff")
    return f"Map of {', '.join(parts)}. The tables of the page say the same."


def _text(value: Any) -> str:
    """Return a value as the map tells it; empty where there is none."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        return told(float(value))
    return str(value)


def _numbers(sites: pd.DataFrame, column: str | None) -> pd.Series | None:
    if column is None or column not in sites:
        return None
    return pd.to_numeric(sites[column], errors="coerce").astype(float)


def _layer(sites: pd.DataFrame, layer: Layer) -> dict[str, Any]:
    """Return how the facilities are drawn in one layer."""
    size, colour = _numbers(sites, layer.size), _numbers(sites, layer.colour)
    radius, samples = radii(size, len(sites))
    if colour is None:
        scale, classes = Bands((), ("#0b7285",), ("",)), [0] * len(sites)
    else:
        middle = layer.middle
        scale = bands(colour) if middle is None or not middle > 0 else around(middle)
        classes = scale.of(colour)
    size_title = layer.size_title or _TITLES.get(layer.size or "", layer.size or "")
    colour_title = layer.colour_title or _TITLES.get(layer.colour or "", layer.colour or "")
    return {
        "title": layer.title,
        "radius": radius,
        "colour": classes,
        "size": [""] * len(sites) if size is None else [told(one) for one in size],
        "shade": [""] * len(sites) if colour is None else [told(one) for one in colour],
        "size_title": "" if size is None else size_title,
        "colour_title": "" if colour is None else colour_title,
        "sizes": samples,
        "colours": list(zip(scale.colours, scale.words, strict=True)),
        "none": "no figure" if -1 in classes else "",
    }


def _links(links: pd.DataFrame, places: Mapping[str, int], miles: bool) -> list[dict[str, Any]]:
    """Return links by class of distance; one that is there both ways is drawn once."""
    known = links[links["km"].notna()]
    start, end = known["facility"].map(places), known["neighbour"].map(places)
    frame = pd.DataFrame({"a": start, "b": end, "km": known["km"].astype(float)}).dropna()
    low, high = frame[["a", "b"]].min(axis=1), frame[["a", "b"]].max(axis=1)
    frame = frame.assign(a=low.astype(int), b=high.astype(int)).drop_duplicates(["a", "b"])
    if frame.empty:
        return []
    factor, unit = (MILES, "miles") if miles else (1.0, "km")
    scale = bands(frame["km"] * factor, unit, most=len(_LINES))
    frame = frame.assign(band=scale.of(frame["km"] * factor)).sort_values("km", kind="stable")
    made = []
    for at, (colour, dash) in enumerate(_LINES[: len(scale.words)]):
        part = frame[frame["band"] == at]
        if part.empty:
            continue
        ends = (part["a"].tolist(), part["b"].tolist(), part["km"].round(3).tolist())
        pairs = list(zip(*ends, strict=True))
        made.append({"colour": colour, "dash": dash, "text": scale.words[at], "pairs": pairs})
    return made


def _moves(
    moves: pd.DataFrame, places: Mapping[str, int], layers: Sequence[Layer], miles: bool
) -> list[dict[str, Any]]:
    """Return the arrows of moves between places that are known, with the layers they are seen in.

    The layer of a role shows the moves of that role; every other layer those of all roles
    together, one arrow per pair.
    """
    km = moves["km"] if "km" in moves else pd.Series(np.nan, moves.index)
    known = pd.DataFrame(
        {
            "from": moves["from"].astype(str),
            "to": moves["to"].astype(str),
            "role": moves["role"].astype(str) if "role" in moves else "staff",
            "people": moves["staff"].astype(int),
            "km": pd.to_numeric(km, errors="coerce").astype(float),
        }
    )
    placed_ends = known["from"].isin(places) & known["to"].isin(places)
    known = known[placed_ends & (known["from"] != known["to"])]
    roles = set(known["role"]) if len(layers) > 1 else set()
    owners = [layer.role or (layer.title if layer.title in roles else None) for layer in layers]
    together = [at for at, owner in enumerate(owners) if owner is None]
    found = _arrows(known, places, together, miles) if together else []
    for at, owner in enumerate(owners):
        if owner is not None:
            found += _arrows(known[known["role"] == owner], places, [at], miles)
    return found


def _arrows(
    moves: pd.DataFrame, places: Mapping[str, int], layers: list[int], miles: bool
) -> list[dict[str, Any]]:
    """Return one arrow per pair, those of most people first; its words name every role."""
    found = []
    for ends, pair in moves.groupby(["from", "to"], sort=False):
        start, end = (str(one) for one in ends)
        by_role = pair.groupby("role", sort=False)["people"].sum()
        people, km = int(by_role.sum()), float(pair["km"].iloc[0])
        each = ", ".join(f"{count} {role}" for role, count in by_role.items())
        who = each if len(by_role) == 1 else f"{people} people ({each})"
        far = "" if np.isnan(km) else f", {_distance(km, miles)}"
        found.append(
            {
                "layers": layers,
                "from": places[start],
                "to": places[end],
                "people": people,
                "text": f"{who}: {start} to {end}{far}",
            }
        )
    return sorted(found, key=lambda arrow: -arrow["people"])


def _distance(km: float, miles: bool) -> str:
    """Return a distance as the map tells it.

    Examples
    --------
    >>> _distance(31.36, False), _distance(160.9344, True)
    ('31.4 km', '100 miles')
    """
    far = km * MILES if miles else km
    return f"{far:,.{1 if far < 99.95 else 0}f} {'miles' if miles else 'km'}"
