"""CareMap: the entry. Page set-up, navigation, the shared sidebar."""

from pathlib import Path

import streamlit as st

from caremap.ui import accessibility, entry, sidebar, start

# A picture of our own: Streamlit fetches icons it knows by name from an outside host.
ICON = Path(__file__).parent / "caremap" / "ui" / "icon.png"

# Streamlit's own download of tables knows nothing of formulas in cells. Said here too, as the
# configuration is not found where the server is started from another folder.
st.set_option("client.disableDataExport", True)
st.set_page_config(page_title="CareMap", page_icon=ICON, layout="wide")

page = st.navigation(
    [
        st.Page("pages/data.py", title="Data", icon=":material/upload_file:", default=True),
        st.Page("pages/overview.py", title="Overview", icon=":material/monitoring:"),
        st.Page("pages/breakdown.py", title="Breakdown", icon=":material/stacked_bar_chart:"),
        st.Page("pages/forecast.py", title="Forecast", icon=":material/online_prediction:"),
        st.Page("pages/staffing.py", title="Staffing", icon=":material/group:"),
        st.Page("pages/map.py", title="Map", icon=":material/map:"),
        st.Page("pages/scenarios.py", title="Scenarios", icon=":material/alt_route:"),
        st.Page("pages/allocate.py", title="Allocate", icon=":material/balance:"),
        st.Page("pages/stay_risk.py", title="Stay risk", icon=":material/hourglass_top:"),
        st.Page("pages/glossary.py", title="Glossary", icon=":material/menu_book:"),
    ]
)
st.set_page_config(page_title=f"{page.title} · CareMap")
accessibility.add_aids()
entry.entered()
with entry.safely():
    start.sample_from_link()
    start.keep_sample_in_link()
    sidebar.show()
    page.run()
