"""Staffed beds typed in by the user: one number for everything, or a number per place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd
import streamlit as st

from caremap.dataset import Dataset

__all__ = ["ask_by_place", "ask_one", "drop", "held", "one_is_typed", "put_back", "put_into"]

MOST = 100_000
"""More than any network has: what can be typed in, and what a link may carry."""

MOST_PLACES = 200
Level = Literal["facility", "department", "ward"]

_ONE = "beds"
_PLACES = "beds_by_place"
_LEVEL = "beds_level"


@dataclass(frozen=True)
class Typed:
    """Beds typed in: one number, or a number per place of one level."""

    beds: float | dict[str, float]
    level: Level = "facility"


def held() -> Typed | None:
    """Return the beds typed in; the link's, before their widget has been drawn."""
    by_place: Typed | None = st.session_state.get(_PLACES)
    if by_place is not None:
        return by_place
    if _ONE in st.session_state:
        number = st.session_state[_ONE]
        return None if number is None else Typed(float(number))
    linked = st.query_params.get(_ONE, "")
    return Typed(float(linked)) if linked.isdecimal() and 1 <= int(linked) <= MOST else None


def put_into(dataset: Dataset) -> Dataset:
    """Return the network with the beds typed in, if there are any."""
    typed = held()
    return dataset if typed is None else dataset.with_beds(typed.beds, by=typed.level)


def drop() -> None:
    """Forget the beds typed in."""
    st.session_state[_ONE] = None
    st.session_state.pop(_PLACES, None)


def put_back(beds: float | dict[str, float], level: str) -> None:
    """Set the beds typed in, before their widgets are drawn."""
    if isinstance(beds, dict):
        named = next(one for one in get_args(Level) if one == level)
        if beds:
            st.session_state[_PLACES] = Typed(dict(beds), named)
    elif 1 <= beds <= MOST:
        st.session_state[_ONE] = int(beds)


def one_is_typed() -> bool:
    """Whether one number for everything is typed in, or carried by the link."""
    typed = held()
    return typed is not None and not isinstance(typed.beds, dict)


def ask_one(filtered: bool) -> None:
    """Let the user type in the staffed beds of everything in the data."""
    typed = st.session_state.get(_ONE) is not None
    label = "Staffed beds (typed in)" if typed else "Type in the number of staffed beds"
    st.number_input(
        label, min_value=1, max_value=MOST, value=None, step=1, key=_ONE,
        bind="query-params", placeholder="for example 120",
    )  # fmt: skip
    st.caption(
        "Staffed, occupied or not, in the whole of the data. They take the place of bed counts in "
        "the files."
    )
    if typed and filtered:
        st.caption("A number typed in is for the whole of the data: clear the filters to use it.")


def ask_by_place(whole: Dataset, levels: Sequence[str]) -> None:
    """Let the user type in the staffed beds of each facility, department or ward.

    Parameters
    ----------
    whole
        The network before any filter: its places are offered.
    levels
        The kinds of places the data names.
    """
    offered = [
        level for level in get_args(Level)
        if level in levels and 0 < len(whole.options(level)) <= MOST_PLACES
    ]  # fmt: skip
    if not offered:
        return
    with st.expander("Type in staffed beds by place"):
        level: Level = st.selectbox("A number for each", offered, key=_LEVEL)
        names = whole.options(level)
        by_place = st.session_state.get(_PLACES)
        known = by_place.beds if by_place is not None and by_place.level == level else {}
        with st.form(f"beds_form_{level}", border=False):
            st.data_editor(
                pd.DataFrame({"place": names, "beds": [known.get(name) for name in names]},
                             dtype="object").astype({"place": "str", "beds": "Int64"}),
                hide_index=True, disabled=["place"], key=f"beds_editor_{level}",
                column_config={
                    "place": st.column_config.TextColumn(level.capitalize()),
                    "beds": st.column_config.NumberColumn(
                        "Staffed beds", min_value=0, max_value=MOST, step=1
                    ),
                },
            )  # fmt: skip
            st.form_submit_button(
                "Use these beds", on_click=_keep, args=(level, tuple(names), dict(known))
            )
        st.caption(
            "They take the place of bed counts in the files and stay in this session: a link does "
            "not carry them. A place left empty has no occupancy."
        )


def _keep(level: Level, names: tuple[str, ...], known: dict[str, float]) -> None:
    """Take over what was typed: the edits come by row, on top of what was there."""
    edited = st.session_state[f"beds_editor_{level}"]["edited_rows"]
    for row, change in edited.items():
        name, number = names[int(row)], change.get("beds")
        known.pop(name, None)
        if number is not None:
            known[name] = float(number)
    st.session_state.pop(f"beds_editor_{level}", None)
    if known:
        st.session_state[_PLACES] = Typed(known, level)
    else:
        st.session_state.pop(_PLACES, None)
