"""The core's figures, cached for one session.

Keys are the version of what is loaded plus the settings, as `caremap.ui.sidebar.View.key` holds
them; the view itself is passed unhashed, because hashing a large frame looks at a sample of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from caremap.charts import Figure
from caremap.intake import Loaded
from caremap.intake.peek import Peek, letters_beyond_ascii, peek
from caremap.measures.readings import compare_readings
from caremap.ui.sidebar import View

__all__ = [
    "figure",
    "letters",
    "measured",
    "readings",
    "top_rows",
]


Given = tuple[tuple[str, Any], ...]


@st.cache_data(scope="session", max_entries=256, show_spinner="Computing the figures …")
def _measured(key: str, work: str, given: Given, _work: Callable[..., Any], _view: View) -> Any:
    del key, work
    return _work(_view, **dict(given))


def measured(view: View, work: Callable[..., Any], **given: Any) -> Any:
    """Return what a function of `caremap.ui.measured` gives, once per view and arguments.

    Parameters
    ----------
    view
        What is looked at.
    work
        The function.
    given
        Its arguments beside the view: texts, and tuples of texts.
    """
    name = f"{work.__module__}.{work.__name__}"  # another module may have one of that name
    return _measured(view.key, name, tuple(sorted(given.items())), work, view)


@st.cache_resource(scope="session", max_entries=192, show_spinner="Drawing …")
def figure(key: str, recipe: str, _draw: Callable[[], Figure]) -> Figure:
    """Return a figure, drawn once per view and recipe.

    It is lent as it is, not copied: a `Figure` is never changed, and Altair takes longer to
    copy a chart than to make it.

    Parameters
    ----------
    key
        The view.
    recipe
        Everything else it depends on.
    _draw
        Draws it.
    """
    del key, recipe
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
