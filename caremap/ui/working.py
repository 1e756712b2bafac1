"""Work of seconds, done once in a session, with its progress and a way to cancel it.

A click on Cancel ends the run of the page at the next stage the work tells of.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from caremap.problems import DataProblem
from caremap.ui.text import escaped

__all__ = ["Told", "in_parts", "keep", "last", "once"]

T = TypeVar("T")
Told = Callable[[str, int, int], None]
"""Told the stage in words, how many steps are done, and of how many."""

_KEPT = "worked_out"
_MOST = 12  # kept at once, so that going back to a choice costs nothing
_CANCELLED = "work_cancelled"


def in_parts(told: Told) -> Callable[[str, float], None]:
    """Return what tells of a part done, from 0 to 1, where steps are told."""
    return lambda stage, done: told(stage, round(100 * done), 100)


def _kept() -> OrderedDict[str, Any]:
    kept: OrderedDict[str, Any] = st.session_state.setdefault(_KEPT, OrderedDict())
    return kept


def keep(key: str, work: Callable[[], T]) -> T:
    """Return what the work gives, done once in this session while it is among the last.

    Parameters
    ----------
    key
        Everything it depends on.
    work
        Does it.
    """
    kept = _kept()
    if key not in kept:
        kept[key] = work()
    kept.move_to_end(key)
    while len(kept) > _MOST:
        kept.popitem(last=False)
    found: T = kept[key]
    return found


def last(begins: str) -> Any:
    """Return what was last looked at of all that is kept under keys beginning so; else None."""
    kept = _kept()
    return next((kept[key] for key in reversed(kept) if key.startswith(begins)), None)


def once(
    key: str, work: Callable[[Told], T], name: str, instead: Callable[[], None] | None = None
) -> T | None:
    """Return what the work gives, with its progress; None where the user cancelled it.

    Parameters
    ----------
    key
        Everything it depends on.
    work
        Does it, telling how far it is.
    name
        What is worked out, in words.
    instead
        What cancelling does where there is something else to go back to.
    """
    place = st.empty()  # there always: what stands below keeps its place while this works
    if key in _kept():
        return keep(key, lambda: work(lambda *_: None))
    if st.session_state.get(_CANCELLED) == key:
        st.info("Cancelled: nothing was computed.")
        st.button(
            f"Compute the {name}", key=f"again_{name}", icon=":material/play_arrow:",
            on_click=lambda: st.session_state.pop(_CANCELLED, None),
        )  # fmt: skip
        return None
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, text=f"Working on the {name}")
        st.button(
            "Cancel", key=f"cancel_{name}", icon=":material/close:",
            on_click=instead or (lambda: st.session_state.update({_CANCELLED: key})),
        )  # fmt: skip

    def told(stage: str, done: int, total: int) -> None:
        bar.progress(
            min(done / max(total, 1), 1.0), text=escaped(f"Working on the {name}: {stage}")
        )

    try:
        made = keep(key, lambda: work(told))
    except DataProblem:
        place.empty()  # what cannot be done is not worked on any more
        raise
    place.empty()
    return made
