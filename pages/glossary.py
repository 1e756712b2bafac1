"""Glossary: every measure, every choice and every field, in words."""

import streamlit as st

from caremap.ui import entry, glossary, sidebar
from caremap.ui.text import escaped, times

entry.enter("pages/glossary.py")

st.title("Glossary")
st.write(
    "How every figure is defined, what it is computed from, and whose definition it is. Each "
    "figure of CareMap follows these words."
)
view = sidebar.view()
why_not = glossary.given(view)
force = glossary.in_force(view)

searched = st.text_input(
    "Search the measures",
    type="search",
    key="glossary",
    bind="query-params",
    placeholder="For example: occupancy, discharge, AIHW",
)
measures = glossary.found(searched)
if measures.empty:
    st.info(f"No measure speaks of “{escaped(searched)}”: try one word, or a shorter one.")
elif searched.strip():
    st.caption(f"{times(len(measures), 'measure')} found.")
if view is None:
    st.caption("With data loaded, each measure says whether your data can give it.")
else:
    known = sum(not reason for reason in why_not.values())
    st.caption(f"The data in view gives {known} of {len(why_not)} measures.")
glossary.show_contents(measures)
glossary.show_measures(measures, why_not)
glossary.show_choices(force)
glossary.show_dictionary()
glossary.downloads(why_not, force)
