"""What tests of pages under AppTest share."""

from __future__ import annotations

import pytest
import streamlit as st


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """Every AppTest has the same session id, so a cache would carry one test into the next."""
    st.cache_data.clear()
    st.cache_resource.clear()
