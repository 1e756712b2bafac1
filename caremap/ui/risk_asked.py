"""What is asked of the Stay-risk page: what a long stay is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from caremap.measures.windows import dates_in_doubt
from caremap.ui import sections
from caremap.ui.sidebar import View
from caremap.ui.text import escaped

__all__ = ["TENTH", "Asked", "ask"]

TENTH: Literal["top tenth"] = "top tenth"
"""The longest tenth of stays is long."""

_LONG = {"7": "Over 7 nights", "21": "Over 21 nights", "tenth": "The longest tenth",
         "other": "Another number"}  # fmt: skip
_OVER: dict[str, float | Literal["top tenth"]] = {"7": 7.0, "21": 21.0, "tenth": TENTH}
_MOST_NIGHTS = 365


@dataclass(frozen=True)
class Asked:
    """A prediction of stays that is asked for.

    Attributes
    ----------
    over
        Nights a stay has to last more than to be long, or the longest tenth.
    """

    over: float | Literal["top tenth"] = 7.0

    @property
    def settings(self) -> str:
        """Everything the prediction depends on beside the view."""
        return str(self.over)

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """The choices, each with what was chosen, for people to read."""
        long = "the longest tenth" if self.over == TENTH else f"over {self.over:g} nights"
        return [("A long stay is", long)]


def ask(view: View) -> Asked | None:
    """Draw the choices and return what is asked for; None where nothing can be, which is said."""
    if sections.empty(view.dataset):
        sections.nothing_left(view)
        return None
    if view.dataset.stays is None or view.dataset.stays.empty:
        st.info(
            "This takes stays, one row each, with what is known of each patient at admission. The "
            "loaded tables hold counts alone: of a count nobody knows who stayed long."
        )
        st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
        return None
    if doubt := dates_in_doubt(view.dataset):
        st.info(escaped(doubt))
        st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")
        return None
    # On a line of its own: it breaks where there is no room, which a row of widgets does not.
    chosen = st.segmented_control(
        "A long stay is", list(_LONG), default="7", required=True, key="risk_long",
        bind="query-params", format_func=lambda name: _LONG[name],
    )  # fmt: skip
    if chosen != "other":
        return Asked(_OVER.get(str(chosen), 7.0))
    nights = st.number_input(
        "Longer than (nights)", 1, _MOST_NIGHTS, 14, key="risk_nights", bind="query-params",
        width=170,
    )  # fmt: skip
    return Asked(float(nights))
