"""The core's figures, cached for one session.

Keys are the version of what is loaded plus the settings; the dataset itself is passed
unhashed, because hashing a large frame looks at a sample of it only.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap import measures
from caremap.dataset import Dataset

__all__ = ["headline", "trend"]


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
