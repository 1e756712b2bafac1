"""Where a patient, or help, can come from: the nearest facilities with free beds or staff."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap import geography
from caremap.ui import caches, downloads, map_data
from caremap.ui.map_data import Places
from caremap.ui.sidebar import View
from caremap.ui.text import day, escaped

__all__ = ["show"]

_SHOWN = 5
_BEDS = "Free beds"


def show(view: View, found: Places, unit: str, start: str) -> None:
    """Draw the nearest facilities with what is asked for, from one of them."""
    offered = dict(_offered(view, found))
    if not offered:
        st.caption("No file says which facilities have free beds or staff.")
        return
    wanted = st.selectbox("Nearest with", list(offered), key="map_wanted", width=280)
    near = caches.measured(view, map_data.nearby, start=start, what=offered[wanted], k=_SHOWN)
    if near.empty:
        st.info(escaped(f"No other facility with a known place is known to have: {wanted}."))
        return
    factor = geography.MILES if unit == "miles" else 1.0
    beds = offered[wanted] == "beds"
    table = pd.DataFrame(
        {"Facility": near["facility"], f"Distance ({unit})": (near["km"] * factor).round(1)}
    )
    if beds:
        table["Free beds"] = near["free"].round(1)
        table["Of staffed beds"] = near["beds"].round(1)
        table["Counted on"] = [day(one) for one in near["date"]]
    else:
        table[wanted] = near["there"].round(1)
    downloads.table(
        table, f"The nearest facilities to {start} with: {wanted}", "map_transfers", "transfers",
        shown=True,
    )  # fmt: skip
    st.caption(
        "Free beds are staffed beds less patients at midnight of the day shown: ask before sending "
        "anybody. Straight lines, roads are longer."
        if beds
        else "People who work there, not people who are free. Straight lines, roads are longer."
    )


def _offered(view: View, found: Places) -> list[tuple[str, str]]:
    """Return what can be looked for, as it is called and by its name."""
    beds = caches.measured(view, map_data.free)
    known = [(_BEDS, "beds")] if len(beds) and beds["free"].notna().any() else []
    return known + [(map_data.title_of(role), role) for role in found.roles]
