"""Stay risk: who will stay long, how sure that is, and the bed-days to reckon with."""

import streamlit as st

from caremap.ui import band, entry, risk_asked, risk_card, risk_parts, sidebar

entry.enter("pages/stay_risk.py")

st.title("Stay risk")
view = sidebar.view()
if view is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

band.show(view)
with entry.safely():
    asked = risk_asked.ask(view)
    made = None if asked is None else risk_parts.predicted(view, asked)
    if made is not None:
        risk_parts.headline(view, made)
        part = st.segmented_control(
            "Part", list(risk_parts.PARTS), default="How good", required=True,
            key="risk_part", bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        with st.container(key="said_not_shown_part"):
            st.header(part, anchor=False)
        risk_parts.PARTS[part](view, made)
        with st.container(key="screen_only_report"):
            risk_card.offer(view, made)
