"""What stands around the map: what it shows in figures, distances as tables, what is not on it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap import geography
from caremap.charts import MOST_IN_A_MATRIX
from caremap.ui import caches, card_row, downloads, entry, looked_up, map_data, map_recipes
from caremap.ui.figures import show
from caremap.ui.findings import show_findings
from caremap.ui.map_data import Places
from caremap.ui.map_view import Asked
from caremap.ui.sidebar import View, clear_filters
from caremap.ui.text import amount, escaped, times

__all__ = ["distances", "headline", "left_out", "nothing_to_draw"]

PAIRS = 500
"""Up to so many facilities, every pair is listed; beyond, each facility with its nearest."""


def nothing_to_draw(view: View, found: Places) -> None:
    """Say why there is no map, and what to do about it."""
    if found.sites.empty and (view.dataset.filters or view.dataset.period):
        st.info("The filters leave nothing: no facility matches all of them.")
        st.button("Clear the filters", on_click=clear_filters, icon=":material/filter_alt_off:")
        return
    if found.sites.empty:
        st.info(
            "None of the loaded tables names a facility, so there is nothing to map. Upload a "
            "table with one row per facility: its name, and its ZIP code or its latitude and "
            "longitude; staff, beds and population make the map tell more."
        )
    else:
        st.info(
            f"No place is known for {times(len(found.sites), 'facility', 'facilities')}: a map "
            "needs their ZIP code, or their latitude and longitude. Upload a table of facilities "
            "with one of these beside the names; patients' ZIP codes are never used for it."
        )
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    if not found.sites.empty:
        left_out(found)


def headline(view: View, found: Places, asked: Asked) -> None:
    """Draw how many facilities there are, how far apart, and which is the most remote."""
    drawn = found.drawn
    cards = [("Facilities on the map", f"{len(drawn):,}", _lost(found))]
    if len(drawn) > 1:
        unit, factor = asked.unit, geography.MILES if asked.miles else 1.0
        first = caches.measured(view, map_data.nearest, k=1)
        far = first.loc[first["km"].idxmax()]
        cards += [
            ("To the nearest other facility", f"{_far(first['km'].median() * factor)} {unit}",
             "half of them are nearer, half farther"),
            ("Most remote", f"{_far(float(far['km']) * factor)} {unit}",
             f"{far['facility']}, from {far['neighbour']}"),
        ]  # fmt: skip
    card_row.draw(cards)


def _lost(found: Places) -> str:
    lost = len(found.lost)
    return "all that are known" if not lost else f"{lost:,} more without a place, listed below"


def _far(value: float) -> str:
    return amount(value, 1 if value < 100 else 0)


@entry.alone
def distances(view: View, found: Places, asked: Asked) -> None:
    """Draw distances as a matrix, as pairs, or as the nearest of each facility."""
    drawn = found.drawn
    if len(drawn) < 2:
        return
    st.header("Distances", anchor=False)
    offered = [
        *(["Matrix"] if len(drawn) <= MOST_IN_A_MATRIX else []),
        *(["Pairs"] if len(drawn) <= PAIRS else []),
        "Nearest",
    ]
    shown = st.segmented_control(
        "Distances as", offered, default=offered[0], required=True, key="map_distances",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    st.caption(
        "Straight lines on the WGS-84 ellipsoid, from place to place: roads are longer."
        + _of_centroids(drawn)
    )
    if shown == "Matrix":
        show(map_recipes.matrix(caches.measured(view, map_data.matrix), asked.miles), view)
    elif shown == "Pairs":
        table = map_data.with_distance(caches.measured(view, map_data.pairs), asked.unit)
        downloads.table(
            table, f"Every pair of facilities with its distance in {asked.unit}", "map_pairs",
            "distances",
        )  # fmt: skip
    else:
        near = caches.measured(view, map_data.nearest, k=asked.k)
        show(map_recipes.neighbours(near, asked.k, asked.miles), view)


def _of_centroids(drawn: pd.DataFrame) -> str:
    if "located_by" not in drawn:
        return ""
    count = int((drawn["located_by"] == "ZIP code").sum())
    if not count:
        return ""
    whose = "All places are" if count == len(drawn) else f"{count:,} places are"
    return f" {whose} the middle of a ZIP code area, some kilometres from the door."


def left_out(found: Places) -> None:
    """List the facilities that have no place, and what was noticed of places."""
    if len(found.lost) or found.findings:
        st.header("Not on the map, and what to check", anchor=False)
    if not found.lost.empty:
        st.write(
            f"{times(len(found.lost), 'facility has', 'facilities have')} no known place. Their "
            "figures count everywhere else."
        )
        titles = map_data.titles(found)
        raw = found.lost[list(titles)].rename(columns=titles)
        table = raw.apply(lambda column: column.map(map_data.told))
        downloads.table(table, "Facilities without a place", "map_lost", "without_place", raw=raw)
    if len(found.facilities):
        looked_up.ask(found.facilities[~found.placed.to_numpy()].reset_index(drop=True))
    if found.findings:
        show_findings(found.findings)
    for note in found.notes:
        st.caption(escaped(note))
