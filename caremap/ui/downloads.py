"""A table on the screen with its downloads: CSV and Excel, in which nothing is a formula.

Streamlit's own download of tables is turned off, see ``.streamlit/config.toml``: it writes cells
as they are. With it goes the copying of cells from tables that are only read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from caremap.exports import to_csv, to_workbook

__all__ = ["XLSX", "Files", "buttons", "draw", "offer", "table"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Files = Sequence[tuple[str, str, str, Callable[[], bytes]]]
"""Label, ending, type and what makes the file, of each."""

MOST_ROWS = 200_000
"""Of a workbook; more rows are offered as CSV alone: writing them takes over half a minute."""

_ROW, _HEADER, _SHOWN = 35, 38, 12


def table(
    frame: pd.DataFrame,
    alt: str,
    key: str,
    name: str,
    *,
    raw: pd.DataFrame | None = None,
    shown: bool = False,
) -> None:
    """Draw a table and its downloads.

    Parameters
    ----------
    frame
        What is shown.
    alt
        What it is, in words.
    key
        Key of its widgets.
    name
        What its files are called, without ``caremap_`` and ending.
    raw
        The same with numbers as numbers, for the files; by default what is shown.
    shown
        Whether all rows are shown at once, not twelve.
    """
    if frame.empty:
        return
    draw(frame, alt, key, rows=len(frame) if shown else _SHOWN)
    buttons(frame if raw is None else raw, key, name)


def draw(frame: pd.DataFrame, alt: str, key: str, rows: int = _SHOWN) -> None:
    """Draw a table, at most so many rows at once, whose downloads stand elsewhere."""
    height = _HEADER + _ROW * min(len(frame), rows)
    st.dataframe(frame, hide_index=True, width="stretch", height=height, key=key, alt=alt)


def buttons(
    frame: pd.DataFrame | Callable[[], pd.DataFrame], key: str, name: str,
    notes: Mapping[str, str] | None = None, what: str = "the table", *, as_it_came: bool = False,
) -> None:  # fmt: skip
    """Offer a table as CSV and Excel; each is made when it is asked for.

    Parameters
    ----------
    frame
        What the files hold, its index where it has a name; or a function that makes it.
    key, name
        Key of the buttons, and what the files are called.
    notes
        What the workbook says about itself.
    what
        What is downloaded, in words.
    as_it_came
        Whether text is written as it is in the data, see `caremap.ui.sharing.Sharing.raw`.
    """
    made = frame if callable(frame) else lambda: frame
    kinds = [("CSV", "csv", "text/csv", lambda: to_csv(made(), raw=as_it_came))]
    if callable(frame) or len(frame) <= MOST_ROWS:
        kinds.append(
            ("Excel", "xlsx", XLSX,
             lambda: to_workbook({name[:31]: made()}, notes, raw=as_it_came))
        )  # fmt: skip
    offer(kinds, key, name, what)


def offer(files: Files, key: str, name: str, what: str) -> None:
    """Offer files in a row, each made when it is asked for.

    Parameters
    ----------
    files
        What each is called on its button, its ending, its type and what makes it.
    key, name
        Key of the buttons, and what the files are called.
    what
        What is downloaded, in words.
    """
    with st.container(horizontal=True, gap="xsmall", key=f"downloads_{key}"):
        for label, ending, mime, made in files:
            st.download_button(
                label, data=made, mime=mime, file_name=f"caremap_{name}.{ending}",
                on_click="ignore", key=f"{ending}_{key}", icon=":material/download:",
                help=f"Download {what} as {label}",
            )  # fmt: skip
