"""What stands out, as a list a manager reads, and the charts of months outside chance."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap.measures import MEASURES
from caremap.measures.windows import dates_in_doubt
from caremap.ui import caches, downloads, measured, recipes
from caremap.ui.figures import show
from caremap.ui.sections import every_of
from caremap.ui.sidebar import View
from caremap.ui.text import escaped

__all__ = ["show_all"]

_AT_ONCE = 8
_CONTROLLED = ("admissions", "visits", "length_of_stay", "occupancy")


def show_all(view: View) -> None:
    """Draw the list, and the control charts."""
    seen = caches.measured(view, measured.standing_out)
    found, notes = seen.frame, seen.notes
    if found.empty:
        st.write("Nothing stands out beyond what chance explains.")
    else:
        _listed(found.head(_AT_ONCE))
        if len(found) > _AT_ONCE:
            with st.expander(f"{len(found) - _AT_ONCE:,} more"):
                _listed(found.iloc[_AT_ONCE:])
    if notes:
        st.caption(escaped(" ".join(notes)))
    if not found.empty:
        get = recipes.shared(view)
        downloads.buttons(
            lambda: get(measured.standouts), "standouts", "what_stands_out",
            what="what stands out", as_it_came=view.sharing.raw,
        )  # fmt: skip
    _controlled(view)


def _listed(found: pd.DataFrame) -> None:
    for _, one in found.iterrows():
        with st.container(border=True, gap="xsmall"):
            subject = str(one["subject"])
            st.markdown(f"**{escaped(subject[:1].upper() + subject[1:])}**")
            st.text(str(one["sentence"]))
            if str(one["caution"]):
                st.caption(escaped(str(one["caution"])))


def _controlled(view: View) -> None:
    if dates_in_doubt(view.dataset) or view.dataset.span is None:
        return
    every = every_of(view)
    titles = {
        MEASURES[name].title: name
        for name in _CONTROLLED
        if not caches.measured(view, measured.control_chart, name=name, every=every).empty
    }
    if not titles:
        st.caption("A control chart takes at least 12 whole periods.")
        return
    st.header("Outside what chance explains", anchor=False)
    title = st.segmented_control(
        "Measure", list(titles), default=next(iter(titles)), required=True, key="controlled"
    )
    show(recipes.control(titles[title], every), view)
