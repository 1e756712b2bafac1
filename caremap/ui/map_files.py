"""What leaves the Map page: tables, GeoJSON, and the map itself as one file."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from caremap import geography
from caremap.exports import to_csv, to_workbook
from caremap.ui import downloads, map_data, map_recipes
from caremap.ui.figures import show, source_of
from caremap.ui.map_data import Places
from caremap.ui.map_view import Asked
from caremap.ui.sidebar import View

__all__ = ["offer"]

_PAIRS = 500


def offer(view: View, found: Places, asked: Asked, moves: pd.DataFrame | None) -> None:
    """Offer the facilities, their distances and the map as files, each made on a click."""
    st.header("Files", anchor=False)
    # Said now: a file is made outside the run, where the session's choices cannot be read.
    source, raw = source_of(view), view.sharing.raw
    table = facilities(found)
    files = (
        ("CSV", "csv", "text/csv", lambda: to_csv(table, raw=raw)),
        ("Excel", "xlsx", downloads.XLSX,
         partial(workbook, found, asked, moves, source, raw=raw)),
        ("GeoJSON", "geojson", "application/geo+json", partial(geojson, found, asked, moves)),
        ("Map (HTML)", "html", "text/html", partial(page, found, asked, moves)),
    )  # fmt: skip
    downloads.offer(files, "map", "facilities", "the facilities")
    st.caption(
        "The HTML file is the map with all that belongs to it: it opens in any browser, and only "
        "its background needs the internet. GeoJSON is for other programs that draw maps."
    )
    if st.toggle("Show it as a picture, for paper", key="map_picture"):
        drawn = found.drawn
        links = geography.nearest(drawn, asked.k) if len(drawn) > 1 else None
        show(map_recipes.picture(found, links, moves, asked.miles), view)


def facilities(found: Places) -> pd.DataFrame:
    """Return the facilities as a file has them: a ratio to no staff is none, beside a 0."""
    titles = {**map_data.titles(found), "latitude": "Latitude (°)", "longitude": "Longitude (°)"}
    if "located_by" in found.sites:
        titles["located_by"] = "Place known from"
    sites = found.sites[list(titles)].replace(float("inf"), float("nan"))
    return sites.rename(columns=titles)


def workbook(
    found: Places, asked: Asked, moves: pd.DataFrame | None, source: str, *, raw: bool
) -> bytes:
    """Return facilities, distances and moves as a workbook that says where they are from."""
    sheets = {"Facilities": facilities(found)}
    drawn = found.drawn
    if len(drawn) > 1:
        near = geography.nearest(drawn, asked.k)
        sheets["Nearest"] = map_data.with_distance(near, asked.unit)
        if len(drawn) <= _PAIRS:
            sheets["Pairs"] = map_data.with_distance(geography.pairs(drawn), asked.unit)
    if moves is not None:
        sheets["Moves"] = _moves(moves, asked)
    notes = {
        "Computed from": source,
        "Distances": f"in {asked.unit}, straight lines on the WGS-84 ellipsoid (geodesics)",
        "People per staff member": "people served ÷ staff; empty where nobody works",
        **{f"Note {place}": note for place, note in enumerate(found.notes, 1)},
        **{f"To check {place}": one.message for place, one in enumerate(found.findings, 1)},
    }
    return to_workbook(sheets, notes, raw=raw)


def _moves(moves: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return who moves where; what the moves do is told by the workbook of the Staffing page."""
    factor = geography.MILES if asked.miles else 1.0
    return pd.DataFrame(
        {
            "From": moves["from"],
            "To": moves["to"],
            "Role": moves["role"],
            "People": moves["staff"],
            f"Distance of each ({asked.unit})": (moves["km"] * factor).round(1),
        }
    )


def geojson(found: Places, asked: Asked, moves: pd.DataFrame | None) -> bytes:
    """Return facilities, links and moves as GeoJSON."""
    from caremap.geography.geojson import to_geojson

    drawn = found.drawn
    links = geography.nearest(drawn, asked.k) if len(drawn) > 1 else None
    # What the moves do tells of needs, which may be of few patients: Staffing knows what to hide.
    bare = None if moves is None else moves[["from", "to", "role", "staff", "km"]]
    return to_geojson(found.sites, links=links, moves=bare)


def page(found: Places, asked: Asked, moves: pd.DataFrame | None) -> bytes:
    """Return the map as one file."""
    from caremap.geography.facility_map import map_html

    drawn = found.drawn
    return map_html(
        drawn,
        links=geography.nearest(drawn, asked.k) if len(drawn) > 1 else None,
        moves=moves,
        layers=map_data.layers(found),
        details=map_data.details(found),
        miles=asked.miles,
    )
