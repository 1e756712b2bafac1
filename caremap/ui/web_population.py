"""Population by ZIP code from the web, fetched on a click and loaded like any other file."""

from __future__ import annotations

import streamlit as st

from caremap.exports import to_csv
from caremap.geography import population_from_web, zip_centroids
from caremap.geography.states import STATES
from caremap.problems import DataProblem
from caremap.ui import state
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, times

__all__ = ["offer"]

_TOLD = "web_population_told"


def offer(view: View) -> None:
    """Draw the choice of a state and the button that asks the web for its population."""
    if told := st.session_state.pop(_TOLD, None):
        st.success(told)
    names = sorted(STATES.values())
    with st.expander("Population by ZIP code from the web", icon=":material/public:"):
        st.caption(
            "Asks the site of the state at demographics.com for its public table (American "
            "Community Survey). Only the name of the state is sent, nothing of your files. The "
            "table is loaded beside them and can be removed on the Data page."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.selectbox("State", names, index=_likely(view, names), width=240,
                                key="web_population_state", placeholder="Choose one")  # fmt: skip
            wanted = st.button("Fetch it", key="web_population_fetch", icon=":material/download:",
                               disabled=name is None)  # fmt: skip
        if wanted and name:
            _fetch(name)


def _likely(view: View, names: list[str]) -> int | None:
    """Return the place of the state most facilities' ZIP codes are in; None where none is."""
    facilities = view.dataset.facilities
    if facilities is None or "zip" not in facilities:
        return None
    states = zip_centroids(facilities["zip"].dropna().head(200))["state"].dropna()
    usual = states[states.ne("")].mode()
    found = STATES.get(str(usual.iloc[0])) if len(usual) else None
    return names.index(found) if found in names else None


def _fetch(name: str) -> None:
    with st.spinner(f"Asking for the population of {name} …"):
        try:
            found = population_from_web(name)
        except DataProblem as problem:
            st.error(escaped(f"{problem.message} {problem.hint}"))
            return
    table = found.rename(columns={"zip": "ZIP Code", "population": "Population"})
    note = state.add_file(f"Population of {name} by ZIP code.csv", to_csv(table))
    st.session_state[_TOLD] = note or f"Loaded the population of {times(len(found), 'ZIP code')}."
    st.rerun()
