"""Staffing: who has too few and too many staff for the people they serve, and the best moves."""

import streamlit as st

from caremap.ui import band, entry, looked_up, plan, sidebar, staffing_asked, staffing_parts
from caremap.ui import staffing_report as report

entry.enter("pages/staffing.py")

st.title("Staffing")
as_loaded = sidebar.view()
if as_loaded is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

band.show(as_loaded)
with entry.safely():
    view = looked_up.applied(as_loaded)
    asked = staffing_asked.ask(view)
    made = None if asked is None else plan.worked_out(view, asked)
    if made is not None:
        staffing_parts.headline(view, made)
        part = st.segmented_control(
            "Part", list(staffing_parts.PARTS), default="Facilities", required=True,
            key="staffing_part", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        with st.container(key="said_not_shown_part"):
            st.header(part, anchor=False)
        staffing_parts.PARTS[part](view, made)
        with st.container(key="screen_only_report"):
            report.offer(view, made)
