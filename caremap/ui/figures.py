"""A figure on the screen: chart, the same numbers as a table, and a download."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from caremap.charts import describe_trend, trend_chart
from caremap.dataset import Dataset
from caremap.exports import to_csv
from caremap.measures import MEASURES
from caremap.ui import state
from caremap.ui.sidebar import View, clear_filters
from caremap.ui.text import amount, day, escaped

__all__ = [
    "all_figures_table",
    "context",
    "empty",
    "nothing_left",
    "show_trend",
    "told",
    "trend_table",
]


def show_trend(trend: pd.DataFrame, name: str, key: str) -> None:
    """Draw a monthly trend of one measure with its table and download.

    Parameters
    ----------
    trend
        `caremap.measures.trend` by month.
    name
        The measure.
    key
        Names the widgets apart.
    """
    measure = MEASURES[name]
    title = f"{measure.title} by month"
    table = trend_table(trend, name)
    with st.container(border=True):
        chart: alt.Chart | alt.LayerChart = trend_chart(
            trend, name, title, measure.unit, kind=measure.kind, decimals=measure.decimals
        )
        st.altair_chart(
            chart, width="stretch", key=f"chart_{key}",
            alt=describe_trend(trend, name, title, measure.unit, decimals=measure.decimals),
        )  # fmt: skip
        with st.expander("The same numbers as a table"):
            st.dataframe(
                table, hide_index=True, width="stretch", height=min(40 + 35 * len(table), 400),
                key=f"table_{key}", alt=f"{title}, as a table",
                column_config={measure.title: st.column_config.NumberColumn(
                    format="localized" if measure.kind == "flow" else "%.2f")},
            )  # fmt: skip
        st.download_button(
            "Download the table (CSV)", data=lambda: to_csv(table), mime="text/csv",
            file_name=f"caremap_{name}_by_month.csv", on_click="ignore", key=f"csv_{key}",
            icon=":material/download:",
        )  # fmt: skip


def trend_table(trend: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the numbers of a trend chart as people read them.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": pd.to_datetime(["2024-03-01"]), "admissions": [3.0],
    ...                       "complete": [False]})
    >>> trend_table(frame, "admissions").to_dict("records")
    [{'Month': '2024-03', 'Admissions': 3, 'Whole month': 'no, so far'}]
    """
    measure = MEASURES[name]
    values = trend[name]
    if measure.kind == "flow" and values.dropna().eq(values.dropna().round()).all():
        values = values.astype("Int64")
    return pd.DataFrame(
        {
            "Month": trend["period"].dt.strftime("%Y-%m"),
            measure.title: values,
            "Whole month": trend["complete"].map({True: "yes", False: "no, so far"}),
        }
    )


def all_figures_table(figures: pd.DataFrame) -> pd.DataFrame:
    """Return every key figure with its month to date and notes, for the table below the cards."""
    rows = []
    for name, line in figures.iterrows():
        measure = MEASURES[str(name)]
        rows.append(
            {
                "Measure": measure.title,
                "Unit": measure.unit,
                **{
                    title: amount(float(line[column]), max(measure.decimals, 0))
                    for title, column in _COLUMNS.items()
                },
                "Note": line["note"],
            }
        )
    return pd.DataFrame(rows)


_COLUMNS = {
    "Overall": "overall",
    "Month to date": "month_to_date",
    "Month before": "previous",
    "Year before": "last_year",
}


def context(dataset: Dataset, as_of: pd.Timestamp | None) -> str:
    """Return one line: files, rows, as-of date, period and filters in force."""
    names = list(dict.fromkeys(source.name for source in dataset.sources))
    files = names[0] if len(names) == 1 else f"{len(names)} files"
    if any(file.sample for file in state.files()):
        files = f"{files} (an invented sample network)"
    visits = dataset.stays is not None and "was_admitted" in dataset.stays
    tables = [
        ("visits" if visits else "stays", dataset.stays),
        ("rows of counts", dataset.activity),
    ]
    rows = [f"{len(table):,} {title}" for title, table in tables if table is not None]
    parts = [files, *rows, f"as of {day(as_of)}" if as_of is not None else "no dates"]
    if dataset.period:
        start, end = dataset.period
        parts.append(f"period {day(start) if start else 'start'} to {day(end) if end else 'end'}")
    parts += [f"{column}: {', '.join(kept)}" for column, kept in dataset.filters.items()]
    return "  ·  ".join(parts)


def told(message: str) -> str:
    """Return a finding's sentence for a Markdown box, shown as typed."""
    return escaped(message)


def empty(dataset: Dataset) -> bool:
    """Whether the filters leave no row to compute from."""
    tables = [dataset.stays, dataset.activity]
    return all(table is None or table.empty for table in tables)


def nothing_left(view: View) -> None:
    """Say why there is nothing to show, and offer the way back."""
    if view.dataset.filters or view.dataset.period:
        st.info("The filters leave nothing: no stay and no count matches all of them.")
        st.button("Clear the filters", on_click=clear_filters, icon=":material/filter_alt_off:")
        return
    st.info(
        "None of the loaded tables holds stays or counts, so there are no key figures. Upload a "
        "file with stays (admission and discharge dates) or daily counts, or change on the Data "
        "page what a table was taken for."
    )
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
