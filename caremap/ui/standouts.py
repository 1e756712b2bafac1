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

_AT_ONCE = 1  # of a kind before the rest is folded away
_KINDS = {
    "death": "Deaths by payer",
    "readmission": "Readmission by payer",
    "cost-outliers": "Unusually expensive stays",
    "cost-outlier-month": "Months with unusually expensive stays",
    "weekday": "Weekdays",
    "season": "Seasons",
    "growth": "Growth",
    "satisfaction": "Satisfaction",
    "variation": "How far satisfaction answers lie apart",
    "occupancy": "Bed occupancy",
    "special-cause": "Single periods outside what chance explains",
}
_CONTROLLED = ("admissions", "visits", "length_of_stay", "occupancy")


def show_all(view: View) -> None:
    """Draw the list, and the control charts."""
    seen = caches.measured(view, measured.standing_out)
    found, notes = seen.frame, seen.notes
    if found.empty:
        tested = not any(note.startswith("Nothing could be tested") for note in notes)
        st.write("Nothing stands out beyond what chance explains." if tested
                 else "The data has too little to tell what stands out.")  # fmt: skip
    for code in found["code"].unique():  # the kind of the most important one first
        _of_a_kind(_KINDS.get(code, code), found[found["code"].eq(code)])
    if notes:
        with st.expander("What was tested"):
            st.caption(escaped(" ".join(notes)))
    if not found.empty:
        get = recipes.shared(view)
        downloads.buttons(
            lambda: get(measured.standouts), "standouts", "what_stands_out",
            what="what stands out", as_it_came=view.sharing.raw,
        )  # fmt: skip
    _controlled(view)


def _of_a_kind(title: str, found: pd.DataFrame) -> None:
    """Draw what stands out of one kind: a line each, and once what it is not."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{escaped(title)}**" + (f": {len(found):,}" if len(found) > 1 else ""))
        _listed(found.head(_AT_ONCE))
        if len(found) > _AT_ONCE:
            with st.expander(f"{len(found) - _AT_ONCE:,} more"):
                _listed(found.iloc[_AT_ONCE:])
        if cautions := " ".join(dict.fromkeys(filter(None, found["caution"]))):
            st.caption(escaped(cautions))


def _listed(found: pd.DataFrame) -> None:
    st.markdown("\n".join(f"- {escaped(str(one))}" for one in found["sentence"]))


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
        return  # the notes above say what is too short
    st.header("Outside what chance explains", anchor=False)
    title = st.segmented_control(
        "Measure", list(titles), default=next(iter(titles)), required=True, key="controlled"
    )
    show(recipes.control(titles[title], every), view)
