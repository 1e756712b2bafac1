"""What staff is shared out by: where it comes from, who is served by whom, who is left out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap import charts, geography
from caremap.geography import Catchment
from caremap.ui import downloads, web_population, working
from caremap.ui.figures import show
from caremap.ui.findings import show_findings
from caremap.ui.plan import Staffing
from caremap.ui.recipes import settled
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, times

__all__ = ["need"]


def need(view: View, made: Staffing) -> None:
    """What the need is, how it was counted, and the people left out of it."""
    asked, network = made.asked, made.network
    chosen = made.need
    st.markdown(f"**{escaped(chosen.title)}** ({escaped(chosen.unit)}). {escaped(chosen.meaning)}")
    for note in made.notes:
        st.caption(escaped(note))
    if asked.need == "population" and network.catchment is not None:
        _people(view, made, network.catchment)
        if asked.catchment == "floating":
            _access(view, made)
    if view.dataset.population is None:
        web_population.offer(view)
    if network.findings:
        st.subheader("What was noticed of places", anchor=False)
        show_findings(network.findings)


def _people(view: View, made: Staffing, found: Catchment) -> None:
    """Draw the people each facility serves, and list the ZIP codes that belong to none."""
    served = found.served.rename("people").rename_axis("facility").reset_index()

    def catchment_figure(frame: object, *, period: str) -> charts.Figure:
        del frame, period
        return charts.catchment_figure(found.served, found.left_out)

    show(settled("people_served", made.asked.of_network, served, catchment_figure), view)
    if not found.left_out.empty:
        with st.expander(f"ZIP codes left out ({times(len(found.left_out), 'ZIP code')})"):
            titles = {"zip": "ZIP code", "population": "People", "reason": "Why"}
            downloads.table(found.left_out.rename(columns=titles), "ZIP codes that belong to no "
                            "facility", "staffing_left_out", "zip_codes_left_out")  # fmt: skip


def _access(view: View, made: Staffing) -> None:
    """Draw how much staff people have in reach: the second step of the floating catchment."""
    people = view.whole.population
    if people is None:
        return
    role, asked = made.asked.roles[0], made.asked
    if len(asked.roles) > 1:
        role = st.selectbox("Access to", asked.roles, key="staffing_access", width=260)
    key = f"access {view.key} {asked.settings} {role}"
    found = working.keep(
        key,
        lambda: geography.catchment(
            made.frame, people, "floating", reach_km=asked.reach_km, supply=role
        ),
    )
    if found.access is None or found.access.empty:
        return
    frame = found.access.rename("access").rename_axis("zip").reset_index()
    who = "staff" if role == "staff" else role
    lives = people.set_index("zip")["population"]

    def access_figure(frame: pd.DataFrame, *, period: str) -> charts.Figure:
        del frame, period
        return charts.access_figure(
            found.access, people=lives[~lives.index.duplicated()],
            unit=f"{who} per 10,000 people",
            method=f"{asked.reach_km:,.0f} km, fewer with distance",
        )  # fmt: skip

    show(settled("access", f"{asked.settings} {role}", frame, access_figure), view)
