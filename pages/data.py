"""Data: files go in, and what was understood of them comes out."""

import streamlit as st

from caremap.ui import entry, files, start, state, work

entry.enter("pages/data.py")

st.title("Your data")
loaded = state.files()
if not loaded:
    st.write(
        "From your spreadsheet to figures you can defend: drop in a CSV or Excel file with stays, "
        "daily counts, beds or staff. CareMap shows what it understood, computes the key figures, "
        "and says how."
    )
files.uploader()
st.warning(
    "No identifiable patient data on a public deployment: run CareMap inside the hospital for "
    "that. Columns that look like names, e-mail addresses, telephone or national numbers are left "
    "out.",
    icon=":material/shield_person:",
)
if not loaded:
    left, right = st.columns(2)
    if left.button("Try the sample network", icon=":material/science:", width="stretch"):
        start.load_sample()
        st.rerun()
    right.download_button(
        "Download a template to fill in (CSV)",
        data=start.template,
        file_name="caremap_template_stays.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/table:",
        width="stretch",
    )
    st.caption(
        "What stays private: a file is read into this browser session only. Nothing is written to "
        "disk, nothing is kept on the server, and all of it is gone when you close or reload the "
        "page."
    )
    st.stop()

if any(file.sample for file in loaded):
    st.info("The sample network is invented: no hospital, no patient in it is real.")
st.page_link("pages/overview.py", label="See the key figures", icon=":material/arrow_forward:")
for file in loaded:
    files.show_file(file)
start.together()
work.offer()
