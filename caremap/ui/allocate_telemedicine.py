"""Telemedicine: clinicians' virtual hours, the places that ask for them, and who may serve whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.planning import Allocation
from caremap.ui import allocate_tables as tables
from caremap.ui.allocate_asked import Asked, origins_of
from caremap.ui.allocate_columns import Column
from caremap.ui.allocate_tables import Start
from caremap.ui.sidebar import View

__all__ = ["ask", "solve"]

_STEPS = {"Whole hours": 1.0, "Half hours": 0.5, "Quarters of an hour": 0.25}

_CLINICIANS = (
    Column("clinician", "Clinician", needed=True),
    Column("hours", "Hours a week", "number", needed=True),
    Column("regions", "Licensed in", needed=True, help="Regions, with commas between them."),
    Column("specialty", "Specialty", help="Empty: sees anybody."),
)
_PLACES = (
    Column("place", "Place", needed=True),
    Column("region", "Region", needed=True),
    Column("need", "Hours asked for", "number", needed=True),
    Column("rural", "Rural", "flag"),
    Column("km_to_care", "Distance to care (km)", "number", help="To the nearest hospital."),
    Column("score", "Need score (0 to 25)", "number", help="As on Emergency response; or empty."),
    Column("specialty", "Specialty", help="Empty: any clinician will do."),
)
_EXAMPLE_CLINICIANS = pd.DataFrame(
    [
        ("Dr Amari", 20.0, "Washington, Oregon"),
        ("Dr Berg", 12.0, "Washington"),
        ("Dr Castell", 16.0, "Oregon, Idaho"),
    ],
    columns=["clinician", "hours", "regions"],
)
_EXAMPLE_PLACES = pd.DataFrame(
    [
        ("Harbour Clinic", "Washington", 16.0, False, 3.0),
        ("Pine Hollow", "Washington", 8.0, True, 74.0),
        ("Cedar Flats", "Oregon", 14.0, True, 51.0),
        ("Riverside", "Oregon", 12.0, False, 8.0),
        ("High Desert", "Idaho", 10.0, True, 96.0),
    ],
    columns=["place", "region", "need", "rural", "km_to_care"],
)


def ask(view: View) -> Asked | None:
    """Draw the tables and the settings."""
    del view  # no file of a hospital says who is licensed where
    with st.container(horizontal=True, vertical_alignment="bottom"):
        least = st.number_input(
            "Promised to rural places (hours)", 0.0, 1_000.0, 2.0, 0.5, format="%.1f",
            key="allocate_rural", bind="query-params", width=240,
        )  # fmt: skip
        rural = _weight(
            "Extra weight of rural places", "allocate_rural_weight",
            "1: an hour at a rural place counts twice as much as elsewhere.",
        )  # fmt: skip
        distance = _weight(
            "Extra weight of distance", "allocate_distance_weight",
            "1: an hour at a place as far from care as said here counts twice as much.",
        )  # fmt: skip
        far = st.number_input(
            "Far from care is (km)", 1.0, 1_000.0, 100.0, 10.0, format="%.0f",
            key="allocate_far", bind="query-params", width=180,
        )  # fmt: skip
        step = st.selectbox(
            "Given by", list(_STEPS), key="allocate_step", bind="query-params", width=160
        )
    why = "No hospital file says who is licensed where."
    with st.expander("The clinicians", expanded=True, icon=":material/stethoscope:"):
        begun = Start(_EXAMPLE_CLINICIANS, "example", why)
        clinicians = tables.ask("telemedicine_clinicians", _CLINICIANS, begun, "clinicians")
    with st.expander("The places", expanded=True, icon=":material/table:"):
        places = tables.ask("telemedicine_places", _PLACES,
                            Start(_EXAMPLE_PLACES, "example"), "places")  # fmt: skip
    words = (
        ("Hours promised to each rural place", f"{least:g}"),
        ("Extra weight of rural places", f"{rural:g}"),
        ("Extra weight of distance", f"{distance:g}, in full from {far:g} km on"),
        ("Given by", step),
    )
    options = {"minimum_rural": float(least), "rural_weight": rural, "distance_weight": distance,
               "far_km": float(far), "step": _STEPS[step]}  # fmt: skip
    made = {"clinicians": clinicians, "places": places}
    return Asked(
        "telemedicine", {name: one.frame for name, one in made.items()}, options, words, "hours",
        wanted="asked for", origins=origins_of(made),
    )  # fmt: skip


def _weight(title: str, key: str, help_: str) -> float:
    """Draw a weight."""
    return float(
        st.number_input(title, 0.0, 10.0, 1.0, 0.1, format="%.1f", key=key, bind="query-params",
                        help=help_, width=220)
    )  # fmt: skip


def solve(asked: Asked, progress: Callable[[str, float], None]) -> Allocation:
    """Return the allocation that is asked for."""
    clinicians, places = (
        asked.tables[name].dropna(axis="columns", how="all") for name in ("clinicians", "places")
    )
    options: dict[str, Any] = dict(asked.options)
    return planning.telemedicine(clinicians, places, progress=progress, **options)
