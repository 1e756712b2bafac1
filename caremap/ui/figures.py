"""A figure on the screen: chart, the same numbers as a table, and a download."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd
import streamlit as st

from caremap.charts import describe_trend, trend_chart
from caremap.dataset import Dataset
from caremap.exports import to_csv
from caremap.measures import MEASURES
from caremap.measures.counts import cadence_of
from caremap.ui import state
from caremap.ui.findings import asking
from caremap.ui.sidebar import View, clear_filters
from caremap.ui.text import amount, day, times

Every = Literal["month", "quarter", "year"]

__all__ = [
    "all_figures_table",
    "context",
    "empty",
    "every_of",
    "export_table",
    "nothing_left",
    "show_trend",
    "trend_table",
    "where_findings_are",
]


def show_trend(trend: pd.DataFrame, name: str, key: str, every: Every) -> None:
    """Draw a trend of one measure with its table and download.

    Parameters
    ----------
    trend
        `caremap.measures.trend` of the view.
    name
        The measure.
    key
        Names the widgets apart.
    every
        The period it is by.
    """
    measure = MEASURES[name]
    title = f"{measure.title} by {every}"
    table = trend_table(trend, name, every)
    with st.container(border=True):
        chart: alt.Chart | alt.LayerChart = trend_chart(
            trend,
            name,
            title,
            measure.unit,
            every=every,
            kind=measure.kind,
            decimals=measure.decimals,
        )
        words = describe_trend(
            trend, name, title, measure.unit, every=every, decimals=measure.decimals
        )
        st.altair_chart(chart, width="stretch", key=f"chart_{key}", alt=words)
        with st.expander("The same numbers as a table"):
            st.dataframe(
                table, hide_index=True, width="stretch", height=min(40 + 35 * len(table), 400),
                key=f"table_{key}", alt=f"{title}, as a table",
                column_config={measure.title: st.column_config.NumberColumn(
                    format="localized" if measure.kind == "flow" else "%.2f")},
            )  # fmt: skip
        st.download_button(
            "Download the table (CSV)", data=lambda: to_csv(table), mime="text/csv",
            file_name=f"caremap_{name}_by_{every}.csv", on_click="ignore", key=f"csv_{key}",
            icon=":material/download:",
        )  # fmt: skip


def trend_table(trend: pd.DataFrame, name: str, every: Every = "month") -> pd.DataFrame:
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
            every.capitalize(): _named(trend["period"], every),
            measure.title: values,
            f"Whole {every}": _wholeness(trend["complete"]),
        }
    )


def _named(periods: pd.Series[Any], every: Every) -> pd.Series[Any]:
    if every == "quarter":
        return pd.Series(periods.dt.to_period("Q").astype("str"))
    return pd.Series(periods.dt.strftime("%Y" if every == "year" else "%Y-%m"))


def _wholeness(complete: pd.Series[Any]) -> pd.Series[Any]:
    """Say of each period whether it is whole: the last one may go on, the first began late."""
    told = complete.map({True: "yes", False: "no, a part"})
    if len(told) and not complete.iloc[-1]:
        told.iloc[-1] = "no, so far"
    return told


def every_of(dataset: Dataset) -> Every:
    """Return the shortest period, from months on, the data can be shown by."""
    if dataset.stays is not None or dataset.activity is None:
        return "month"
    rhythm = cadence_of(dataset.activity)
    return "quarter" if rhythm == "quarter" else "year" if rhythm == "year" else "month"


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
        ("visit" if visits else "stay", "", dataset.stays),
        ("row of counts", "rows of counts", dataset.activity),
    ]
    rows = [times(len(table), one, many) for one, many, table in tables if table is not None]
    parts = [files, *rows, f"as of {day(as_of)}" if as_of is not None else "no dates"]
    if dataset.period:
        start, end = dataset.period
        parts.append(f"period {day(start) if start else 'start'} to {day(end) if end else 'end'}")
    parts += [f"{column}: {', '.join(kept)}" for column, kept in dataset.filters.items()]
    return "  ·  ".join(parts)


def where_findings_are(dataset: Dataset) -> str:
    """Return the label of the link to all findings; it is not cut on a telephone.

    Examples
    --------
    >>> where_findings_are(Dataset())
    'All findings (0 to decide or check)'
    """
    count = len(asking(dataset.findings))
    return f"All findings ({count:,} to decide or check)"


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


def export_table(headline: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return every key figure for a file that must explain itself: as of when, from what."""
    columns = {**_COLUMNS, "Change as a fraction": "change", "Numerator": "numerator",
               "Denominator": "denominator", "Rows or days used": "n",
               "Month to date: numerator": "mtd_numerator",
               "Month to date: denominator": "mtd_denominator",
               "Month to date: rows or days": "mtd_n"}  # fmt: skip
    table = pd.DataFrame(
        {
            "Measure": [MEASURES[str(name)].title for name in headline.index],
            "Unit": headline["unit"].tolist(),
            **{title: headline[name].round(4).tolist() for title, name in columns.items()},
            "Note": headline["note"].tolist(),
        }
    )
    table["As of"] = view.as_of_text or ""
    table["Computed from"] = context(view.dataset, view.as_of)
    return table
