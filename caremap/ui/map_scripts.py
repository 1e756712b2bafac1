"""Serves the scripts of the map, so that it needs no outside host: many hospitals block them."""

from __future__ import annotations

import streamlit.components.v1 as components

from caremap.geography.facility_map import SCRIPTS

__all__ = ["served"]

_NAME = "leaflet"


def served() -> str:
    """Let Streamlit serve the folder of scripts, and return its address as the map sees it.

    A component that draws nothing is the way Streamlit serves a folder. The map stands in another
    component's frame, beside which the folder is.
    """
    component = components.declare_component(_NAME, path=SCRIPTS)
    return f"../{component.name}/"
