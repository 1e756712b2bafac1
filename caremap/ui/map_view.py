"""The map itself, and the facility that was clicked or chosen: its row, neighbours, distances."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from caremap.ui import caches, downloads, entry, map_data, map_scripts, map_transfers
from caremap.ui.map_data import Places
from caremap.ui.sidebar import LIST, View
from caremap.ui.text import escaped, times

__all__ = ["Asked", "ask", "show"]

_HEIGHT = 560
_CHOSEN = "map_facility"
_DRAWN = "map_drawn"
_UNITS = ("km", "miles")
_MANY_LINKS = 1000  # facilities from which on links are drawn only where they are asked for


@dataclass(frozen=True)
class Asked:
    """What the user asked for: the unit of distances, and to how many neighbours."""

    unit: str = "km"
    k: int = 3

    @property
    def miles(self) -> bool:
        """Whether distances are in miles."""
        return self.unit == "miles"


def ask(found: Places) -> Asked:
    """Ask for the unit of distances and the number of neighbours."""
    most = min(10, max(1, len(found.drawn) - 1))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = st.segmented_control(
            "Distances in", _UNITS, default="km", required=True, key="map_unit",
            bind="query-params",
        )  # fmt: skip
        k = st.number_input(
            "Nearest neighbours", 1, most, min(3, most), key="map_nearest", width=180,
            bind="query-params",
            help="How many neighbours of each facility are linked on the map and listed below.",
        )  # fmt: skip
    return Asked(str(unit), int(k))


@entry.alone
def show(view: View, found: Places, asked: Asked, moves: pd.DataFrame | None) -> None:
    """Draw the map, and below it the facility that was clicked on it or chosen by name."""
    name = _choose(found)
    _map(view, found, asked, name, moves)
    if name is None:
        st.caption(
            "Click on a facility, or choose one, to see its row, its neighbours, and where the "
            "nearest free beds and staff are."
        )
        return
    _row(found, name)
    if (found.lost["facility"] == name).any():
        st.info("No place is known for this facility, so it is not on the map.")
    elif len(found.drawn) < 2:
        st.caption("There is no other facility with a known place.")
    else:
        _neighbours(view, found, asked, name)
        map_transfers.show(view, found, asked.unit, name)


def _map(
    view: View, found: Places, asked: Asked, name: str | None, moves: pd.DataFrame | None
) -> None:
    """Draw the map; a click on it chooses a facility, and nothing else reruns anything."""
    from streamlit_folium import st_folium

    from caremap.geography.facility_map import facility_map, looked_at

    sites = found.drawn
    near = caches.measured(view, map_data.nearest, k=asked.k) if len(sites) > 1 else None
    with st.container(horizontal=True):
        background = st.toggle(
            "Background map", value=True, key="map_background", bind="query-params",
            help="Roads and towns from OpenStreetMap. Its server sees which part of the world is "
            "looked at, and nothing of your data. Off: nothing is asked of any other host.",
        )  # fmt: skip
        linked = st.toggle(
            "Links to the nearest", value=len(sites) <= _MANY_LINKS, key="map_links",
            bind="query-params",
        )  # fmt: skip
    drawn = facility_map(
        sites,
        links=near if linked else None,
        moves=moves,
        layers=map_data.layers(found),
        details=map_data.details(found),
        tiles=background,
        miles=asked.miles,
        scripts=map_scripts.served(),
    )  # fmt: skip
    mark = looked_at(sites, name, near if near is not None else _no_links())
    with st.container(key="facility_map"):
        st_folium(
            drawn, key=_DRAWN, height=_HEIGHT, use_container_width=True, returned_objects=[],
            feature_group_to_add=mark, on_change=_clicked,
        )  # fmt: skip


def _no_links() -> pd.DataFrame:
    return pd.DataFrame({"facility": [], "neighbour": [], "km": []})


def _clicked() -> None:
    """Look at the facility that was clicked on the map."""
    told = st.session_state.get(_DRAWN) or {}
    if name := told.get("facility"):
        st.session_state[_CHOSEN] = name


def _choose(found: Places) -> str | None:
    """Let one choose a facility by its name: for keyboards, and where many stand close."""
    names = [str(name) for name in found.sites["facility"]]
    held = st.session_state.get(_CHOSEN) or st.query_params.get(_CHOSEN)
    if held not in set(names):
        st.session_state[_CHOSEN] = held = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(names) > LIST:
            searched = st.text_input(
                f"Search {len(names):,} facilities", key="map_search", width=280,
                placeholder="Type part of a name",
            )  # fmt: skip
            hits = [one for one in names if searched and searched.casefold() in one.casefold()]
            names = list(dict.fromkeys([*([held] if held else []), *hits[:LIST]]))
        name: str | None = st.selectbox(
            "Facility to look at", names, index=None, key=_CHOSEN, width=420, bind="query-params",
            placeholder="Click on the map, or choose here",
        )  # fmt: skip
    return name


def _row(found: Places, name: str) -> None:
    """Draw what is known of one facility."""
    row = found.sites[found.sites["facility"] == name].iloc[0]
    st.subheader(escaped(name), anchor=False)
    titles = map_data.titles(found)
    large = [one for one in ("staff", "ratio", "beds", "population") if one in titles]
    if large:
        with st.container(horizontal=True):
            for one in large:
                st.metric(
                    escaped(titles[one]), map_data.told(row[one]), width="content", border=True
                )
    rest = [one for one in titles if one not in ("facility", *large)]
    if rest:
        st.text("  ·  ".join(f"{titles[one]}: {map_data.told(row[one])}" for one in rest))


def _neighbours(view: View, found: Places, asked: Asked, name: str) -> None:
    """Draw the distances from one facility to its neighbours, with what is there."""
    near = caches.measured(view, map_data.nearest, k=asked.k)
    mine = near[near["facility"] == name]
    table = map_data.with_distance(mine, asked.unit).drop(columns="Facility")
    there = found.sites.set_index("facility").reindex(mine["neighbour"])
    known = {title: there[column] for column, title in map_data.titles(found).items()
             if column not in ("facility", "zip")}  # fmt: skip
    raw = table.assign(**{title: list(values) for title, values in known.items()})
    for title, values in known.items():
        table[title] = [map_data.told(value) for value in values]
    count = times(len(table), "nearest facility", "nearest facilities")
    st.caption(f"The {count}, in a straight line.")
    downloads.table(
        table, f"The facilities nearest to {name}", "map_near_table", "neighbours", raw=raw,
        shown=True,
    )  # fmt: skip
