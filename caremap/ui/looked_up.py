"""Places of facilities looked up by their address, on an explicit click and never otherwise."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pandas as pd
import streamlit as st

from caremap import geography
from caremap.dataset import Dataset
from caremap.geography.geocode import PAUSE, addresses
from caremap.planning.role_staff import place_key
from caremap.ui import state, working
from caremap.ui.findings import show_findings
from caremap.ui.sidebar import View
from caremap.ui.text import times
from caremap.ui.working import Told

__all__ = ["applied", "ask"]

_HELD = "places_looked_up"
_ASKED = "look_up_asked"
_SLOW = 60  # seconds from which on they are told in minutes

Found = dict[str, tuple[float, float]]


def held() -> Found:
    """Return the places looked up for what is loaded now, by the facility."""
    version, found = st.session_state.get(_HELD, ("", {}))
    places: Found = found if version == state.version() else {}
    return places


def applied(view: View) -> View:
    """Return the view with the places that were looked up."""
    found = held()
    if not found:
        return view
    key = hashlib.sha256(f"{view.key} {sorted(found.items())}".encode()).hexdigest()
    return replace(view, dataset=put_into(view.dataset, found), key=key)


def put_into(dataset: Dataset, found: Found) -> Dataset:
    """Return the network with these places where its own table knows none."""
    table = dataset.facilities
    if table is None:
        table = pd.DataFrame({"facility": list(found)})
    keys = table["facility"].map(place_key)
    places = {place_key(name): place for name, place in found.items()}
    filled = table.copy()
    for at, column in enumerate(("latitude", "longitude")):
        new = keys.map({key: place[at] for key, place in places.items()})
        old = table[column] if column in table else pd.Series(float("nan"), table.index)
        filled[column] = pd.to_numeric(old, errors="coerce").fillna(new)
    return replace(dataset, facilities=filled)


def ask(facilities: pd.DataFrame) -> None:
    """Offer to look up facilities that have an address and no place.

    Parameters
    ----------
    facilities
        Those without a place, with every column of their table.
    """
    count = int((addresses(facilities) != "").sum()) if len(facilities) else 0
    if held():
        st.button(
            "Forget the places looked up", key="look_up_forget", icon=":material/close:",
            on_click=lambda: st.session_state.pop(_HELD, None),
        )  # fmt: skip
    if not count:
        return
    with st.expander("Look up addresses", icon=":material/travel_explore:"):
        seconds = count * PAUSE
        long = f"{seconds:,.0f} seconds" if seconds < _SLOW else f"{seconds / 60:,.0f} minutes"
        st.write(
            f"{times(count, 'facility has', 'facilities have')} an address and no place. A click "
            "sends these addresses, and where there is no street the facility's name and town, to "
            "Nominatim, the public service of OpenStreetMap: one a second, about "
            f"{long}. Nothing else is sent, and never the address or ZIP code of a patient."
        )
        country = st.text_input("Country of the facilities", "United States", key="look_up_country")
        st.button(
            times(count, "address", "addresses").join(("Look up ", "")), key="look_up",
            on_click=lambda: st.session_state.update({_ASKED: country}),
        )  # fmt: skip
        if (asked := st.session_state.get(_ASKED)) is not None:
            _look_up(facilities, asked)


def _look_up(facilities: pd.DataFrame, country: str) -> None:
    """Ask for the places, with progress; what is found is kept for this session alone."""

    def work(told: Told) -> Found:
        frame, findings = geography.geocode(
            facilities, country, progress=lambda stage, done: told(stage, round(done * 100), 100)
        )
        new = frame[frame["located_by"] == "address"]
        show_findings([one for one in findings if "address" in one.message.casefold()])
        return {
            str(name): (float(latitude), float(longitude))
            for name, latitude, longitude in zip(
                new["facility"], new["latitude"], new["longitude"], strict=True
            )
        }

    st.session_state.pop(_ASKED)
    found = working.once(f"look up {state.version()} {country}", work, "addresses")
    if found:
        st.session_state[_HELD] = (state.version(), {**held(), **found})
        st.rerun()
    elif found is not None:
        st.info("None of the addresses was found in that country.")
