"""Overview: the key figures, overall and month to date."""

import streamlit as st

from caremap.exports import to_csv
from caremap.measures.windows import dates_in_doubt
from caremap.ui import caches, cards, entry, figures, sidebar
from caremap.ui.findings import most_serious
from caremap.ui.text import escaped

entry.enter("pages/overview.py")

st.title("Key figures")
view = sidebar.view()
if view is None:
    st.write("No data yet. Upload a file on the Data page, or try the sample network there.")
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
    st.stop()

headline = caches.headline(view.key, view.as_of_text, view.dataset)
every = figures.every_of(view.dataset)
trend = caches.trend(view.key, view.as_of_text, every, view.dataset)

st.text(figures.context(view.dataset, view.as_of))
serious = most_serious(view.dataset.findings)
if serious:
    st.warning(escaped(serious.message), icon=":material/warning:")
    st.page_link("pages/data.py", label=figures.where_findings_are(view.dataset))
if headline[["overall", "month_to_date"]].isna().all(axis=None) or figures.empty(view.dataset):
    figures.nothing_left(view)
    st.stop()

names = ["admissions", "discharges", "length_of_stay", "cost", "occupancy"]
names.append("visits" if headline["overall"].notna()["visits"] else "still_in_hospital")
for row in (names[:3], names[3:]):
    for column, name in zip(st.columns(3), row, strict=True):
        with column:
            cards.show_card(name, headline, trend, view)

if trend.empty:
    st.info("The data has no dates: there is no month to date and no trend.")
elif doubt := dates_in_doubt(view.dataset):
    st.info(escaped(doubt))
elif trend["admissions"].isna().all():
    st.info("No admissions are known for any period, so there is no trend of them.")
else:
    figures.show_trend(trend, "admissions", "admissions", every)

with st.expander("All figures, with notes"):
    table = figures.all_figures_table(headline)
    st.dataframe(table, hide_index=True, width="stretch", alt="All key figures with their notes")
    st.download_button(
        "Download all figures (CSV)",
        data=lambda: to_csv(figures.export_table(headline, view)),
        file_name="caremap_key_figures.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
st.caption(
    "The link in the address bar carries the "
    "filters, the as-of date and the beds typed in, never the data."
)
