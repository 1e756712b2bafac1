"""Overview: the key figures and the figures behind them."""

import streamlit as st

from caremap.exports import to_csv, to_workbook
from caremap.ui import band, caches, cards, downloads, entry, figures, sections, sidebar

entry.enter("pages/overview.py")

st.title("Key figures")
view = sidebar.view()
if view is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

band.show(view)
headline = caches.headline(view.key, view)
if headline[["overall", "month_to_date"]].isna().all(axis=None) or sections.empty(view.dataset):
    sections.nothing_left(view)
    st.stop()

trend = caches.trend(view.key, sections.every_of(view), view)
names = cards.chosen(headline)
for row in (names[:3], names[3:]):
    for column, name in zip(st.columns(3), row, strict=True):
        with column:
            cards.show_card(name, headline, trend, view)

sections.trend(view, trend)
sections.places(view)
sections.stays(view, headline)
sections.beds(view, headline)
sections.week(view)
sections.waiting(view)

with st.expander("All figures, with notes"):
    figures.show_table(figures.all_figures_table(headline), "All key figures with notes", "all")
    table = figures.export_table(headline, view)
    st.download_button(
        "Download all figures (CSV)",
        data=lambda: to_csv(table),
        file_name="caremap_key_figures.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
    st.download_button(
        "Download all figures (Excel)",
        data=lambda: to_workbook({"Key figures": table}),
        file_name="caremap_key_figures.xlsx",
        mime=downloads.XLSX,
        on_click="ignore",
        icon=":material/download:",
    )
st.caption(
    "The link in the address bar carries the filters, the as-of date and the choices made here, "
    "never the data."
)
