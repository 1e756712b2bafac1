"""How the figures of the Map page come about."""

from __future__ import annotations

from functools import partial

import pandas as pd

from caremap import charts
from caremap.charts import Figure
from caremap.ui import map_data
from caremap.ui.map_data import Places
from caremap.ui.recipes import Recipe, settled

__all__ = ["matrix", "neighbours", "picture"]


def distance_figure(found: pd.DataFrame, *, period: str, miles: bool) -> Figure:
    """Return the matrix of distances, which are of no period."""
    del period
    return charts.distance_figure(found, miles=miles)


def neighbours_figure(found: pd.DataFrame, *, period: str, miles: bool) -> Figure:
    """Return the nearest of each facility."""
    del period
    return charts.neighbours_figure(found, miles=miles)


def matrix(distances: pd.DataFrame, miles: bool) -> Recipe:
    """How far every facility is from every other."""
    return settled("distances", f"{miles}", distances, distance_figure, miles=miles)


def neighbours(near: pd.DataFrame, k: int, miles: bool) -> Recipe:
    """How far each facility is from its nearest."""
    return settled("nearest", f"{k} {miles}", near, neighbours_figure, miles=miles)


def picture(
    found: Places, links: pd.DataFrame | None, moves: pd.DataFrame | None, miles: bool
) -> Recipe:
    """The facilities by longitude and latitude: what a map is on paper."""
    layer = map_data.layers(found)[0]
    drawn = [None if frame is None else frame.to_csv() for frame in (links, moves)]
    settings = f"{miles} {drawn}"
    draw = partial(
        charts.places_figure, links=links, moves=moves, size=layer.size or "staff",
        colour=layer.colour or "ratio", size_title=layer.size_title,
        colour_title=layer.colour_title, miles=miles,
    )  # fmt: skip
    draw.__name__ = "places_figure"  # type: ignore[attr-defined]
    return settled("places", settings, found.sites, draw)
