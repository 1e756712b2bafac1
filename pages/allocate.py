"""Allocate: who gets what when there is not enough, in four uses of one exact model."""

import streamlit as st

from caremap.ui import allocate_asked, allocate_parts, band, entry, looked_up, sidebar
from caremap.ui import allocate_report as report

entry.enter("pages/allocate.py")

st.title("Allocate")
as_loaded = sidebar.view()
if as_loaded is None:
    st.write(
        "No data yet. Upload a file on the Data page, or try the sample network there; "
        "or type tables of your own in here, in place of the examples."
    )
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    as_loaded = allocate_asked.blank_view()
else:
    band.show(as_loaded)

with entry.safely():
    view = looked_up.applied(as_loaded)
    part = st.segmented_control(
        "Part", list(allocate_parts.USES), default="Emergency response", required=True,
        key="allocate_part", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    use = allocate_parts.USES[part]
    st.write(use.about)
    top = st.container()  # said before the tables, known after them
    asked = use.ask(view)
    made = None if asked is None else allocate_parts.worked_out(view, use, asked)
    if asked is not None:
        with top:
            allocate_asked.say_example(asked)
    if asked is not None and made is not None:
        allocate_parts.draw(view, use, asked, made)
        with st.container(key="screen_only_report"):
            report.offer(view, part, asked, made)
