"""Ways into the app other than an upload: the sample network, the template."""

from __future__ import annotations

import streamlit as st

from caremap.exports import to_csv
from caremap.schema import fields_of
from caremap.ui import state
from caremap.ui.findings import show_findings

__all__ = ["keep_sample_in_link", "load_sample", "sample_from_link", "template", "together"]

_ASKED = "sample_asked"


def load_sample() -> None:
    """Load the sample network with stages and progress on the screen."""
    bar = st.progress(0.0, text="Opening the sample network")

    def told(stage: str, done: float) -> None:
        bar.progress(min(done, 1.0), text=stage.capitalize())

    state.add_sample(told)
    bar.empty()


def sample_from_link() -> None:
    """Load the sample network once where the link says ``?data=sample`` and nothing is loaded."""
    asked = st.query_params.get("data") == "sample"
    if asked and not state.files() and not st.session_state.get(_ASKED):
        st.session_state[_ASKED] = True
        load_sample()


def keep_sample_in_link() -> None:
    """Let the address say that the sample network is looked at, so that the link brings it."""
    sample = any(file.sample for file in state.files())
    if sample and st.query_params.get("data") != "sample":
        st.query_params["data"] = "sample"
    elif not sample and state.files() and "data" in st.query_params:
        del st.query_params["data"]


def template() -> bytes:
    """Return an empty table of stays to fill in: one column per field, headers as matched."""
    import pandas as pd

    return to_csv(pd.DataFrame(columns=[item.title for item in fields_of("stays")], dtype="str"))


def together() -> None:
    """Say what was noticed only when the files were put together."""
    network = state.network()
    if network is None:
        return
    single = {id(one) for file in state.files() for table in file.tables for one in table.findings}
    joint = [finding for finding in network.findings if id(finding) not in single]
    if joint:
        st.header("Put together")
        show_findings(joint)
