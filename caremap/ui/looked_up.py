"""Places of facilities looked up by their address, on an explicit click and never otherwise."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from caremap import geography
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.geography.geocode import PAUSE, addresses
from caremap.geography.names import place_key
from caremap.problems import DataProblem
from caremap.ui import state, working
from caremap.ui.findings import show_findings
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, times
from caremap.ui.working import Told

__all__ = ["applied", "ask"]

_HELD = "places_looked_up"
_ASKED = "look_up_asked"
_COUNTRY = "look_up_country"
_SLOW = 60  # seconds from which on they are told in minutes
_TOLD = {"addresses-looked-up", "address-not-believed", "address-unknown", "geocoding-stopped"}
"""Findings about the answers; those about places stand on the page anyway."""

Found = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class _Held:
    """The places that were looked up for one version of the data, and what is to be known of it."""

    version: str
    places: Found
    findings: tuple[Finding, ...] = ()


def _held() -> _Held | None:
    held: _Held | None = st.session_state.get(_HELD)
    return held if held is not None and held.version == state.version() else None


def held() -> Found:
    """Return the places looked up for what is loaded now, by the facility."""
    found = _held()
    return {} if found is None else found.places


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
    by = table["located_by"] if "located_by" in table else pd.Series("", table.index, dtype="str")
    filled["located_by"] = by.mask(keys.isin(list(places)), "address")
    # Who is filtered away is counted where people go to the nearest: it has its place too.
    whole = None if dataset.whole is None else put_into(dataset.whole, found)
    return replace(dataset, facilities=filled, whole=whole, _known={})


def ask(facilities: pd.DataFrame) -> None:
    """Offer to look up facilities that have an address and no place.

    Parameters
    ----------
    facilities
        Those without a place, with every column of their table.
    """
    asked = list(addresses(facilities)) if len(facilities) else []
    questions = tuple(str(one) for one in asked if one)
    if (known := _held()) is not None:
        show_findings(known.findings)
        st.button(
            "Forget the places looked up", key="look_up_forget", icon=":material/close:",
            on_click=lambda: st.session_state.pop(_HELD, None),
        )  # fmt: skip
    if not questions:
        return
    count = len(questions)
    with st.expander("Look up addresses", icon=":material/travel_explore:"):
        seconds = len(set(questions)) * PAUSE
        long = f"{seconds:,.0f} seconds" if seconds < _SLOW else f"{seconds / 60:,.0f} minutes"
        st.write(
            f"{times(count, 'facility has', 'facilities have')} an address and no place. A click "
            "sends these addresses, and where there is no street the facility's name and town, to "
            "Nominatim, the public service of OpenStreetMap: one a second, about "
            f"{long}. Nothing else is sent, and never the address or ZIP code of a patient."
        )
        st.text_input("Country of the facilities", "United States", key=_COUNTRY)
        st.button(
            f"Look up {times(count, 'address', 'addresses')}", key="look_up",
            on_click=_wish, args=(questions,),
        )  # fmt: skip
        wish = st.session_state.get(_ASKED)
        # Nothing else than what the click was for is ever sent: filters may have changed since.
        if wish is not None and wish[:2] == (state.version(), questions):
            _look_up(facilities, questions, wish[2])


def _wish(questions: tuple[str, ...]) -> None:
    """Keep what is to be looked up, and in what country."""
    st.session_state[_ASKED] = (state.version(), questions, st.session_state[_COUNTRY])


def _look_up(facilities: pd.DataFrame, questions: tuple[str, ...], country: str) -> None:
    """Ask for the places, with progress; what is found is kept for this session alone."""

    def work(told: Told) -> tuple[Found, tuple[Finding, ...]]:
        frame, findings = geography.geocode(facilities, country, progress=working.in_parts(told))
        new = frame[frame["located_by"] == "address"]
        places = {
            str(name): (float(latitude), float(longitude))
            for name, latitude, longitude in zip(
                new["facility"], new["latitude"], new["longitude"], strict=True
            )
        }
        return places, tuple(one for one in findings if one.code in _TOLD)

    try:
        made = working.once(f"look up {country} {questions}", work, "addresses")
    except DataProblem as problem:
        st.session_state.pop(_ASKED)
        st.error(escaped(f"{problem.message} {problem.hint}"))
        return
    if made is None:  # cancelled, which is said with a way to go on
        return
    st.session_state.pop(_ASKED)
    places, findings = made
    st.session_state[_HELD] = _Held(state.version(), {**held(), **places}, findings)
    st.rerun()
