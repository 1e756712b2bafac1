"""How a page is entered, and what happens when one fails.

Streamlit runs a page alone, without menu and sidebar, where a deep link is the first
request to a fresh server. The first statement of every page is `enter`: it goes back to
``streamlit_app.py`` once, which then comes back to the page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st

from caremap.problems import DataProblem
from caremap.ui.text import escaped

__all__ = ["alone", "enter", "entered", "safely"]

P = ParamSpec("P")

_OPEN = "entered_through_app"
_WANTED = "page_wanted"
_LOG = logging.getLogger("caremap")


def enter(page: str) -> None:
    """Make sure that the app was set up: the first statement of every page.

    Parameters
    ----------
    page
        Path of the page's script from the top folder.
    """
    if st.session_state.get(_OPEN):
        return
    st.session_state[_WANTED] = page
    st.switch_page("streamlit_app.py", query_params=st.query_params.to_dict())


def entered() -> None:
    """Note that the app was set up, and go to the page that was asked for first."""
    st.session_state[_OPEN] = True
    wanted = st.session_state.pop(_WANTED, None)
    if wanted:
        st.switch_page(wanted, query_params=st.query_params.to_dict())


@contextmanager
def safely() -> Iterator[None]:
    """Show what a page raises as a sentence; log its type only, never a cell value."""
    try:
        yield
    except DataProblem as problem:
        st.error(escaped(f"{problem.message} {problem.hint}"))
    except Exception as failure:  # noqa: BLE001
        _LOG.error("A page failed: %s", type(failure).__name__)
        st.error(
            "Something went wrong while this page was drawn. Your files are still loaded: try "
            "another filter, or remove the last file on the Data page. If it happens again, "
            f"please report it ({type(failure).__name__})."
        )


def alone(section: Callable[P, None]) -> Callable[P, None]:
    """Let the widgets of a section rerun that section and nothing else of the page."""

    @wraps(section)
    def drawn(*given: P.args, **named: P.kwargs) -> None:
        with safely():
            section(*given, **named)

    return st.fragment(drawn)
