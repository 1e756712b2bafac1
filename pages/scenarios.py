"""Scenarios: what happens if demand, stays, staff or beds change, and what it takes and costs."""

import streamlit as st

from caremap.ui import band, entry, scenario_parts, sections, sidebar

entry.enter("pages/scenarios.py")

st.title("Scenarios")
view = sidebar.view()
if view is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

band.show(view)
if sections.empty(view.dataset):
    sections.nothing_left(view)
    st.stop()

part = st.segmented_control(
    "Part", list(scenario_parts.PARTS), default="Scenarios", required=True,
    key="scenarios_part", bind="query-params", label_visibility="collapsed",
)  # fmt: skip
with st.container(key="said_not_shown_part"):
    st.header(part, anchor=False)
with entry.safely():
    scenario_parts.PARTS[part](view)
