"""Breakdown: who was treated for what, where, at what cost, with what result; what stands out."""

from dataclasses import replace

import streamlit as st

from caremap.ui import band, entry, parts, picks, report, sections, sidebar

entry.enter("pages/breakdown.py")

st.title("Breakdowns")
whole_view = sidebar.view()
if whole_view is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

view = replace(picks.narrow(whole_view), picking=True)
band.show(view)
if sections.empty(view.dataset):
    sections.nothing_left(view)
    st.stop()

with st.container(key="screen_only_picks"):
    picks.ask(whole_view)
names = parts.offered(view)
part = st.segmented_control(
    "Part", names, default=names[0], required=True, key="part", bind="query-params",
    label_visibility="collapsed",
)  # fmt: skip
with st.container(key="said_not_shown_part"):  # the choice above is no heading, and not printed
    st.header(part, anchor=False)
with entry.safely():
    parts.PARTS[part](view)
if lacking := parts.without(whole_view):
    st.caption(lacking)
with st.container(key="screen_only_report"):
    report.offer(view)
