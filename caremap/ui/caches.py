"""The core's figures, cached for one session.

Keys are the version of what is loaded plus the settings; the dataset itself is passed
unhashed, because hashing a large frame looks at a sample of it only.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from caremap import measures
from caremap.dataset import Dataset
from caremap.intake import Loaded
from caremap.intake.peek import Peek, letters_beyond_ascii, peek
from caremap.measures.readings import compare_readings

__all__ = ["headline", "letters", "readings", "top_rows", "trend"]


@st.cache_data(scope="session", max_entries=24, show_spinner="Computing the key figures …")
def headline(key: str, as_of: str | None, _dataset: Dataset) -> pd.DataFrame:
    """Return `caremap.measures.headline`, once per key and as-of date."""
    del key
    return measures.headline(_dataset, as_of=as_of)


@st.cache_data(scope="session", max_entries=24, show_spinner="Computing the trend …")
def trend(key: str, as_of: str | None, every: str, _dataset: Dataset) -> pd.DataFrame:
    """Return `caremap.measures.trend`, once per key, as-of date and period."""
    del key
    return measures.trend(_dataset, every=every, as_of=as_of)


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
