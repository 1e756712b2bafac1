"""Map: where the facilities are, how far apart, and who has what nearby."""

import streamlit as st

from caremap.ui import (
    band,
    entry,
    looked_up,
    map_data,
    map_files,
    map_parts,
    map_view,
    sidebar,
)

entry.enter("pages/map.py")

st.title("Facility map")
as_loaded = sidebar.view()
if as_loaded is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

band.show(as_loaded)
with entry.safely():
    view = looked_up.applied(as_loaded)
    found = map_data.known(view)
    if found.drawn.empty:
        map_parts.nothing_to_draw(view, found)
    else:
        moves = map_data.current_moves(view)
        top = st.container()  # drawn once it is known in what unit
        asked = map_view.ask(found)
        with top:
            map_parts.headline(view, found, asked)
        map_view.show(view, found, asked, moves)
        map_parts.distances(view, found, asked)
        map_parts.left_out(found)
        with st.container(key="screen_only_report"):
            map_files.offer(view, found, asked, moves)
