"""Overview: the key figures and the figures behind them."""

import streamlit as st

from caremap.ui import (
    band,
    cards,
    downloads,
    entry,
    figures,
    measured,
    recipes,
    report,
    sections,
    sidebar,
)

entry.enter("pages/overview.py")

st.title("Key figures")
view = sidebar.view()
if view is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

band.show(view)
get = figures.seen(view)
headline = get(measured.headline)
if headline[["overall", "month_to_date"]].isna().all(axis=None) or sections.empty(view.dataset):
    sections.nothing_left(view)
    st.stop()

trend = get(measured.trend, every=sections.every_of(view))
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
    downloads.draw(figures.all_figures_table(headline), "All key figures with notes", "all")
    source, shared = figures.source_of(view), recipes.shared(view)
    downloads.buttons(
        lambda: figures.export_table(shared(measured.headline), view.as_of_text, source),
        "all", "key_figures", what="all figures", as_it_came=view.sharing.raw,
    )  # fmt: skip
with st.container(key="screen_only_report"):
    report.offer(view)
st.caption(
    "The link in the address bar carries the filters, the as-of date and the choices made here, "
    "never the data."
)
