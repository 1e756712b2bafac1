"""The core's figures, cached for one session.

Keys are the version of what is loaded plus the settings, as `caremap.ui.sidebar.View.key` holds
them; the view itself is passed unhashed, because hashing a large frame looks at a sample of it.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from caremap import measures
from caremap.charts import Figure
from caremap.intake import Loaded
from caremap.intake.peek import Peek, letters_beyond_ascii, peek
from caremap.measures.readings import compare_readings
from caremap.ui.sidebar import View

__all__ = [
    "breakdown",
    "clock",
    "figure",
    "headline",
    "letters",
    "occupancy",
    "occupancy_notes",
    "readings",
    "stay_lengths",
    "top_rows",
    "trend",
    "waits",
]


@st.cache_data(scope="session", max_entries=24, show_spinner="Computing the key figures …")
def headline(key: str, _view: View) -> pd.DataFrame:
    """Return `caremap.measures.headline`, once per view."""
    del key
    return measures.headline(_view.dataset, as_of=_view.as_of_text, **_view.conventions.arguments)


@st.cache_data(scope="session", max_entries=24, show_spinner="Computing the trend …")
def trend(key: str, every: str, _view: View) -> pd.DataFrame:
    """Return `caremap.measures.trend`, once per view and period."""
    del key
    return measures.trend(
        _view.dataset, every=every, as_of=_view.as_of_text, **_view.conventions.arguments
    )


@st.cache_data(scope="session", max_entries=48, show_spinner="Comparing places …")
def breakdown(key: str, by: str, _view: View) -> pd.DataFrame:
    """Return volume and cost of `caremap.measures.breakdown`, once per view and column."""
    del key
    return measures.breakdown(
        _view.dataset, by=by, as_of=_view.as_of_text, **_view.conventions.arguments,
        measures=("admissions", "discharges", "visits", "cost"),
    )  # fmt: skip


@st.cache_data(scope="session", max_entries=24, show_spinner="Counting lengths of stay …")
def stay_lengths(key: str, _view: View) -> pd.DataFrame:
    """Return `caremap.measures.stay_lengths`, once per view."""
    del key
    choices = _view.conventions.choices
    return measures.stay_lengths(
        _view.dataset, _view.as_of_text, choices.same_day, choices.overnight_only
    )


@st.cache_data(scope="session", max_entries=48, show_spinner="Counting patients and beds …")
def occupancy(key: str, by: tuple[str, ...], every: str | None, _view: View) -> pd.DataFrame:
    """Return `caremap.measures.occupancy`, once per view, places and period."""
    del key
    return measures.occupancy(_view.dataset, by=by, every=every, as_of=_view.as_of_text)


@st.cache_data(scope="session", max_entries=24, show_spinner="Looking for bed counts …")
def occupancy_notes(key: str, _view: View) -> tuple[str, ...]:
    """Return `caremap.measures.occupancy_notes`, once per view."""
    del key
    return measures.occupancy_notes(_view.dataset, as_of=_view.as_of_text)


@st.cache_data(scope="session", max_entries=24, show_spinner="Counting by weekday …")
def clock(key: str, event: str, _view: View) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return `caremap.measures.clock` and what it leaves out, once per view and event."""
    del key
    return (
        measures.clock(_view.dataset, event, _view.as_of_text),
        measures.clock_notes(_view.dataset, event, _view.as_of_text),
    )


@st.cache_data(scope="session", max_entries=24, show_spinner="Counting waits …")
def waits(key: str, _view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `caremap.measures.wait_lengths` and `caremap.measures.waits`, once per view."""
    del key
    target, as_of = _view.conventions.target, _view.as_of_text
    return (
        measures.wait_lengths(_view.dataset, as_of=as_of),
        measures.waits(_view.dataset, target=target, as_of=as_of),
    )


@st.cache_resource(scope="session", max_entries=128, show_spinner="Drawing …")
def figure(key: str, drawn: str, _draw: Callable[[], Figure]) -> Figure:
    """Return a figure, drawn once per view and way of drawing it.

    It is lent as it is, not copied: a `Figure` is never changed, and Altair takes longer to
    copy a chart than to make it.

    Parameters
    ----------
    key
        The view.
    drawn
        Everything else it depends on.
    _draw
        Draws it.
    """
    del key, drawn
    return _draw()


@st.cache_data(scope="session", max_entries=32, show_spinner="Looking at the first rows …")
def top_rows(
    digest: str, name: str, sheet: str | None, encoding: str | None, separator: str | None,
    hidden: tuple[str, ...], people: bool, _data: bytes,
) -> Peek:  # fmt: skip
    """Return `caremap.intake.peek.peek`, once per file and way of reading it."""
    del digest
    return peek(_data, name, sheet, encoding, separator, hidden=hidden, people=people)


@st.cache_data(scope="session", max_entries=16, show_spinner="Trying other encodings …")
def letters(
    digest: str, name: str, encodings: tuple[str, ...], separator: str | None, header_row: int,
    hidden: tuple[str, ...], people: bool, _data: bytes,
) -> dict[str, tuple[tuple[str, ...], ...]]:  # fmt: skip
    """Return `caremap.intake.peek.letters_beyond_ascii`, once per file and way of reading it."""
    del digest
    return letters_beyond_ascii(
        _data, name, encodings, separator, header_row, hidden=hidden, people=people
    )


@st.cache_data(scope="session", max_entries=16, show_spinner="Reading the dates both ways …")
def readings(key: str, names: tuple[str, ...], _read: Callable[[str], Loaded]) -> pd.DataFrame:
    """Return `caremap.measures.readings.compare_readings`, once per key.

    Parameters
    ----------
    key
        The table and everything decided about it besides the reading.
    names
        The readings to compare.
    _read
        Reads the table in one of them.
    """
    del key
    return compare_readings({name: _read(name) for name in names})
