"""A figure on the screen: message, chart, the same numbers as a table, and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import pandas as pd
import streamlit as st
from altair.utils.schemapi import disable_debug_mode

from caremap.charts import Figure, to_png
from caremap.exports import to_csv, to_workbook
from caremap.measures import MEASURES
from caremap.ui.band import context, narrowings
from caremap.ui.sidebar import View
from caremap.ui.text import amount, escaped

__all__ = ["all_figures_table", "export_table", "show_figure"]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
disable_debug_mode()  # Altair checks charts against its schema at every rerun; the tests do
_ROWS = 12  # of a table on the screen before it scrolls
_NOTES = 320  # letters of notes below a figure before the rest is folded away


def show_figure(figure: Figure, view: View) -> None:
    """Draw a figure with its numbers and its downloads.

    Parameters
    ----------
    figure
        What to draw.
    view
        What it was computed from: the files say so.
    """
    name = figure.name
    with st.container(border=True, key=f"figure_{name}"):
        st.subheader(escaped(figure.title), anchor=False)
        st.caption(escaped(figure.subtitle))
        st.altair_chart(figure.chart, width="stretch", key=f"chart_{name}", alt=figure.alt)
        _notes(figure.notes)
        with st.expander("The same numbers as a table"):
            show_table(figure.table, f"{figure.title}: the numbers", f"table_{name}")
        _downloads(figure, view)


def _notes(notes: Sequence[str]) -> None:
    """Draw notes as one paragraph; what would make it long is folded away."""
    lengths = list(accumulate(map(len, notes)))
    at_once = [note for note, so_far in zip(notes, lengths, strict=True) if so_far <= _NOTES]
    if at_once:
        st.caption(escaped(" ".join(at_once)))
    if more := notes[len(at_once) :]:
        with st.expander("More notes" if at_once else "Notes"):
            st.caption(escaped(" ".join(more)))


def show_table(table: pd.DataFrame, alt: str, key: str) -> None:
    """Draw a table of numbers."""
    height = 38 + 35 * min(len(table), _ROWS)
    st.dataframe(table, hide_index=True, width="stretch", height=height, key=key, alt=alt)


def _downloads(figure: Figure, view: View) -> None:
    """Offer the figure as CSV, Excel and picture; each is made when it is asked for."""
    name = figure.name
    # Said now: a file is made outside the run, where the session's choices cannot be read.
    source, notes = source_of(view), notes_of(figure, view)
    files = (
        ("CSV", "csv", "text/csv", lambda: to_csv(figure.table)),
        ("Excel", "xlsx", _XLSX, lambda: to_workbook({name: figure.table}, notes)),
        ("PNG", "png", "image/png", lambda: to_png(figure, footer=source)),
    )
    with st.container(horizontal=True, gap="xsmall", key=f"downloads_{name}"):
        for label, ending, mime, made in files:
            st.download_button(
                label, data=made, mime=mime, file_name=f"caremap_{name}.{ending}",
                on_click="ignore", key=f"{ending}_{name}", icon=":material/download:",
                help=f"Download “{escaped(figure.title)}” as {label}",
            )  # fmt: skip


def source_of(view: View) -> str:
    """Return where figures come from and what narrows them, in one line."""
    return "  ·  ".join([context(view), *(one.words for one in narrowings(view))])


def notes_of(figure: Figure, view: View) -> dict[str, str]:
    """Return what a file of one figure says about itself."""
    return {
        "Figure": figure.title,
        "Measured": figure.subtitle,
        "Computed from": source_of(view),
        "Files": ", ".join(dict.fromkeys(source.name for source in view.dataset.sources)),
        **{f"Note {place}": note for place, note in enumerate(figure.notes, 1)},
    }


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
    table["Computed from"] = source_of(view)
    return table
