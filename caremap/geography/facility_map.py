"""The facilities on an interactive map: a folium map, and the same as one file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from caremap.geography.map_layers import Layer, content, placed
from caremap.geography.safe_text import safe_text, script_value
from caremap.problems import DataProblem

if TYPE_CHECKING:
    import folium

__all__ = ["SCRIPTS", "facility_map", "looked_at", "map_html"]

SCRIPTS = Path(__file__).parent / "leaflet"
"""The folder with Leaflet and what draws the facilities: nothing comes from an outside host."""

_JS = ("leaflet.js", "leaflet.markercluster.js", "caremap_measure.js", "caremap_map.js")
_CSS = ("leaflet.css", "leaflet.markercluster.css", "caremap_map.css")
_TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
_SOURCE = (
    '&copy; <a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">'
    "OpenStreetMap</a> contributors"
)
_ALONE = "caremap_scripts/"


def facility_map(
    sites: pd.DataFrame,
    *,
    links: pd.DataFrame | None = None,
    moves: pd.DataFrame | None = None,
    size: str | None = "staff",
    colour: str | None = "ratio",
    layers: Sequence[Layer] | None = None,
    details: Mapping[str, str] | None = None,
    tiles: bool = True,
    miles: bool = False,
    scripts: str | None = None,
) -> folium.Map:
    """Draw facilities, links between them and moves of staff on a map.

    Circles stand for `size` by their area and for `colour` by classes that stay apart for the
    colour-blind; the map has a legend, tells everything in words too, fits itself to the
    facilities, measures on the WGS-84 ellipsoid, and draws those that stand close as one circle
    with their number above 200. Text is shown as it was typed: no name can run code.

    Parameters
    ----------
    sites
        ``facility`` (unique), ``latitude``, ``longitude`` and the columns to be shown; rows without
        a place are left out: say so beside the map. Nothing is changed.
    links
        ``facility``, ``neighbour``, ``km``, as `caremap.geography.nearest` gives them: lines with
        their distance.
    moves
        ``from``, ``to``, ``staff``, ``role``, ``km``, as a `caremap.planning.MovePlan` has them:
        arrows whose width goes with the people.
    size, colour
        Columns of `sites`; None, or one that is not there: all circles are alike.
    layers
        Several ways to draw the facilities (roles), one of which is seen at a time, in place of
        `size` and `colour`.
    details
        More columns to tell of each facility, with their titles.
    tiles
        Whether OpenStreetMap is asked for a background. Where it cannot be reached the map says
        so, and draws lines of latitude and longitude instead.
    miles
        Whether distances are in miles, not km.
    scripts
        Address of the folder that serves the scripts, ending in ``/``. By default the map brings
        them itself, as a notebook or a file needs it.

    Raises
    ------
    caremap.DataProblem
        A column is missing, a name is there twice, or no facility has a place.

    Examples
    --------
    >>> import pandas as pd
    >>> sites = pd.DataFrame({"facility": ["A"], "latitude": [47.6], "longitude": [-122.1]})
    >>> "caremapMap" in facility_map(sites, tiles=False, scripts="").get_root().render()
    True
    """
    import folium

    known = placed(sites)
    if known.empty:
        raise DataProblem(
            "No facility has a place, so there is no map.",
            "Give latitude and longitude, or ZIP codes.",
        )
    if known["facility"].duplicated().any():
        raise DataProblem(
            "A facility is there twice: a map needs each name once.",
            "Put rows of the same facility together, or tell them apart by name.",
        )
    told = content(
        known, layers or [Layer("Facilities", size, colour)], links=links, moves=moves,
        details=details, miles=miles,
    )  # fmt: skip
    drawn = folium.Map(
        location=[float(known["latitude"].mean()), float(told["sites"]["at"][0][1])],
        zoom_start=8, tiles=None, zoom_snap=0.5, font_size="13px",
    )  # fmt: skip
    drawn.options |= {"min_zoom": 1, "max_zoom": 18}  # clusters need an end, tiles or none
    if tiles:
        folium.TileLayer(_TILES, name="Background map", attr=_SOURCE, max_zoom=18).add_to(drawn)
    drawing = "caremapMap({{ this._parent.get_name() }}, {{ this.told }});"
    _script("CareMap", script_value(told), drawing).add_to(drawn)
    # The other scripts folium asks for (jQuery, Bootstrap, icons) serve nothing here.
    drawn.default_js = _links_to(_JS, scripts)
    drawn.default_css = _links_to(_CSS, scripts)
    return drawn


def map_html(sites: pd.DataFrame, *, title: str = "Facility map", **options: Any) -> bytes:
    """Return the map as one file for any browser; only its background needs the internet.

    Parameters
    ----------
    sites
        As for `facility_map`.
    title
        The title of the page.
    options
        Those of `facility_map`.
    """
    drawn = facility_map(sites, **{**options, "scripts": _ALONE})
    page = str(drawn.get_root().render())
    for name in _JS:
        page = page.replace(
            f'<script src="{_ALONE}{name}"></script>', f"<script>{_read(name)}</script>"
        )
    for name in _CSS:
        page = page.replace(
            f'<link rel="stylesheet" href="{_ALONE}{name}"/>', f"<style>{_read(name)}</style>"
        )
    head = f'<head>\n<title>{safe_text(title)}</title>\n<link rel="icon" href="data:,">'
    return page.replace("<html>", '<html lang="en">', 1).replace("<head>", head, 1).encode()


def _script(name: str, told: str, call: str) -> Any:
    """Return an element whose script is a call; ``this.told`` in it is what it is called with."""
    import folium

    element: Any = folium.MacroElement()  # type: ignore[no-untyped-call]
    element._name = name
    element.told = told
    macro = f"{{% macro script(this, kwargs) %}}{call}{{% endmacro %}}"
    element._template = folium.template.Template(macro)
    return element


def _links_to(names: Sequence[str], folder: str | None) -> list[tuple[str, str]]:
    """Return the addresses of scripts by their names, by default with what they hold."""
    if folder is not None:
        return [(name, f"{folder}{name}") for name in names]
    kind = "javascript" if names is _JS else "css"
    return [
        (name, f"data:text/{kind};base64,{b64encode(_read(name).encode()).decode()}")
        for name in names
    ]


@cache
def _read(name: str) -> str:
    """Return one of the scripts or style sheets: files of the project, the same for everybody."""
    return (SCRIPTS / name).read_text(encoding="utf-8")


def looked_at(sites: pd.DataFrame, facility: str | None, near: pd.DataFrame) -> folium.FeatureGroup:
    """Return what marks one facility on a map that is drawn already, without drawing it again.

    Parameters
    ----------
    sites
        Those of the map.
    facility
        The one to mark, with lines to its neighbours; None takes the mark away.
    near
        ``facility``, ``neighbour``, ``km``: its neighbours.
    """
    import folium

    names = {name: at for at, name in enumerate(placed(sites)["facility"])}
    mine = near[near["facility"] == facility]
    to = [
        [names[name], float(km)]
        for name, km in zip(mine["neighbour"], mine["km"], strict=True)
        if name in names
    ]
    group = folium.FeatureGroup("Looked at")
    marked = f"{script_value(names.get(str(facility)))}, {script_value(to)}"
    _script("LookedAt", marked, "window.caremapChoose({{ this.told }});").add_to(group)
    return group
