"""Groups picked on the Breakdown page, by a click on a bar or from a list: they narrow it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import streamlit as st

from caremap.measures import narrowed
from caremap.ui import caches, measured
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, title_of

__all__ = ["ask", "drop", "held", "narrow", "pick"]

_PICKED = "picked"
_LIST = 200
_ANEW = "picked_anew"  # how often something else than the list has picked


def held() -> dict[str, list[str]]:
    """Return the groups picked, by their column."""
    found: dict[str, list[str]] = st.session_state.get(_PICKED, {})
    return found


def narrow(view: View) -> View:
    """Return the view of the picked groups alone; columns the data does not have are left out."""
    columns = set(caches.measured(view, measured.dimensions)["column"])
    picks = {column: tuple(names) for column, names in held().items() if column in columns}
    if not picks:
        return view
    key = hashlib.sha256(f"{view.key} {sorted(picks.items())}".encode()).hexdigest()
    return replace(view, dataset=narrowed(view.dataset, picks), key=key, picks=picks)


def pick(column: str, names: list[str]) -> None:
    """Keep the page to these groups of a column; none drops the column."""
    # A list out of sight keeps what it held and picks it again: from now on it is another one.
    st.session_state[_ANEW] = st.session_state.get(_ANEW, 0) + 1
    _keep(column, names)


def _keep(column: str, names: list[str]) -> None:
    others = {name: kept for name, kept in held().items() if name != column}
    st.session_state[_PICKED] = others | ({column: list(names)} if names else {})


def drop(column: str, name: str) -> None:
    """Drop one of the groups picked."""
    pick(column, [kept for kept in held().get(column, []) if kept != name])


def ask(view: View) -> None:
    """Offer every group of every column in a list: for the keyboard, and for many groups.

    Parameters
    ----------
    view
        The view before it was narrowed.
    """
    dimensions = caches.measured(view, measured.dimensions)
    if dimensions.empty:
        return
    titles = dict(zip(dimensions["column"], dimensions["title"], strict=True))
    # Unfolded where it stands: the Tab key comes to a popover only after the rest of the page.
    with st.expander("Narrow this page", icon=":material/filter_alt:"):
        st.caption("Keep the page to some groups. A click on a bar does the same.")
        column = st.selectbox(
            "Column", list(titles), format_func=lambda name: titles[name], key="narrow_by"
        )
        frame = caches.measured(view, measured.breakdown, by=column, names=("admissions",))
        offered = [str(name) for name in frame[column]]
        kept = [name for name in held().get(column, []) if name in offered]
        if len(offered) > _LIST:
            searched = st.text_input(
                f"Search {len(offered):,} names", key=f"narrow_search_{column}",
                placeholder="Type part of a name",
            )  # fmt: skip
            found = [n for n in offered if searched and searched.casefold() in n.casefold()]
            offered = list(dict.fromkeys([*kept, *found[:_LIST]]))
        key = f"narrow_to_{column}{st.session_state.get(_ANEW) or ''}"
        st.session_state[key] = kept
        st.multiselect(
            f"Keep only these: {escaped(title_of(column))}", offered, key=key,
            placeholder="All", on_change=lambda: _keep(column, st.session_state[key]),
        )  # fmt: skip
