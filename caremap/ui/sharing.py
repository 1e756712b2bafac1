"""What a file that leaves the app may hold: small counts, and text as it is in the data."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

__all__ = ["Sharing", "ask"]

_HIDDEN = {
    "in downloads": (True, False),
    "in downloads and on the screen": (True, True),
    "nowhere": (False, False),
}


@dataclass(frozen=True)
class Sharing:
    """The choices in force; they stay in the session, a link carries none of them.

    Attributes
    ----------
    hide
        Whether files have counts of 1 to 10 patients, and what gives them away, hidden.
    screen
        Whether the screen has them hidden too.
    raw
        Whether files hold text as it is in the data: a spreadsheet program may run it.
    """

    hide: bool = True
    screen: bool = False
    raw: bool = False

    @property
    def words(self) -> str:
        """What is done about small counts, as a file says it."""
        if self.hide:
            return "Counts of 1 to 10 patients, and what would give them away, are hidden."
        return "Small counts are shown: not to be published."


def ask() -> Sharing:
    """Draw the choices and return those in force."""
    with st.expander("What downloads hold"):
        where = st.selectbox(
            "Counts of 1 to 10 patients are hidden", list(_HIDDEN), key="small_counts",
            persist_state="session",
            help="A small count can give a patient away. With it go the figures it could be "
            "worked out from: another count, shares, means and totals of few patients.",
        )  # fmt: skip
        raw = st.toggle(
            "Raw text", key="raw_text", persist_state="session",
            help="Text of the data in CSV and Excel files exactly as it came, for another "
            "program to read.",
        )  # fmt: skip
        if not _HIDDEN[where][0]:
            st.warning("Downloads show small counts: do not publish them.")
        if raw:
            st.warning("Do not open raw files in a spreadsheet program: it may run their text.")
    hide, screen = _HIDDEN[where]
    return Sharing(hide, screen, raw)
