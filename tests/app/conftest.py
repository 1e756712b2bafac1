"""What tests of pages under AppTest share."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import pytest
import streamlit as st


@pytest.fixture(autouse=True, scope="module")
def empty_caches() -> None:
    """Every AppTest has the same session id: a cache would carry a file of tests into the next.

    Within a file it may: what is kept goes by the data and all that was chosen, so another test
    gets another figure, and the same figure is not drawn fifty times.
    """
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(autouse=True, scope="module")
def unchecked_charts() -> Iterator[None]:
    """Whether a chart keeps to Altair's schema is what the tests of charts see to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alt.SchemaBase, "validate", lambda *_, **__: None)
        yield
