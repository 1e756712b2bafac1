"""Forecast: what to expect in the next days and weeks, how sure that is, and what it takes."""

import streamlit as st

from caremap.ui import band, entry, forecast_parts, forecast_report, outlook, sections, sidebar

entry.enter("pages/forecast.py")

st.title("Forecast")
view = sidebar.view()
if view is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

band.show(view)
if sections.empty(view.dataset):
    sections.nothing_left(view)
    st.stop()

with entry.safely():
    asked = outlook.ask(view)
    made = None if asked is None else outlook.worked_out(view, asked)
    if made is not None:
        forecast_parts.headline(made)
        names = forecast_parts.offered(view, made)
        part = st.segmented_control(
            "Part", names, default=names[0], required=True, key="forecast_part",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        with st.container(key="said_not_shown_part"):
            st.header(part, anchor=False)
        forecast_parts.PARTS[part](view, made)
        with st.container(key="screen_only_report"):
            forecast_report.offer(view, made)
