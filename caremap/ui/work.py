"""The work of a session as one file: saved on the Data page, opened in the same uploader."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from caremap.dataset import Dataset
from caremap.measures.view import Choices
from caremap.problems import DataProblem
from caremap.ui import conventions, scenario_set, sidebar, state, succeeding, typed_beds
from caremap.ui.reopening import kept, reopened
from caremap.ui.text import escaped, times
from caremap.workfile import ENDING, Beds, Counting, Work, opened, save

__all__ = ["held", "offer", "show_waiting", "take_in"]

_WAITING = "work_waiting"
_LEFT_OUT = "work_left_out"
_PICKED = "picked"


def held() -> Work:
    """Return everything this session holds."""
    counted = conventions.in_session()
    typed = typed_beds.held()
    return Work(
        files=tuple(map(kept, state.files())),
        filters={
            name: tuple(map(str, names))
            for name in sidebar.PLACES
            if (names := st.session_state.get(name))
        },
        start=_day("from"),
        end=_day("to"),
        as_of=_day("as_of"),
        counting=Counting(**counted.arguments, target=counted.target),
        beds=None if typed is None else Beds(typed.beds, typed.level),
        picked={
            str(column): tuple(map(str, names))
            for column, names in (st.session_state.get(_PICKED) or {}).items()
        },
        scenarios=scenario_set.held(),
    )


def offer() -> None:
    """Draw the button that saves the work, and what to know before one does."""
    st.header("Save this work", anchor=False)
    st.caption(
        "One file that brings everything back when it is dropped above: the tables, how their "
        "columns were matched, filters, dates, beds typed in. **It holds the files themselves, "
        "patients included**, and is not encrypted: it goes to this computer and nowhere else, "
        "and belongs where the files belong."
    )
    work = held()  # said now: the file is made outside the run
    st.download_button(
        "Save this work", data=lambda: save(work), mime="application/octet-stream",
        file_name=f"work.{ENDING}", on_click="ignore", key="save_work", icon=":material/save:",
    )  # fmt: skip


def take_in(name: str, data: bytes, progress: state.Progress | None = None) -> str | None:
    """Open a work file, or keep it waiting for a yes where something is loaded already.

    Raises
    ------
    caremap.DataProblem
        It cannot be used; what is loaded stays as it is.
    """
    work = opened(data)
    if state.files():
        st.session_state[_WAITING] = (name, work)
        return None
    return _open(name, work, progress)


def show_waiting() -> None:
    """Ask before what is loaded is replaced."""
    if sentence := st.session_state.get(_LEFT_OUT):
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.warning(escaped(sentence))
        right.button("Dismiss", key="dismiss_left_out", on_click=_dismiss)
    if _WAITING not in st.session_state:
        return
    name, work = st.session_state[_WAITING]
    with st.container(border=True, key="work_waiting_box"):
        st.warning(
            f"“{escaped(name)}” is saved work with {times(len(work.files), 'file')}. Opening it "
            "replaces everything that is loaded now, filters and typed-in beds included.",
            icon=":material/swap_horiz:",
        )
        with st.container(horizontal=True):
            wanted = st.button("Open the saved work", type="primary", key="open_work")
            if st.button("Keep what is loaded", key="leave_work"):
                st.session_state.pop(_WAITING)
                st.rerun()
        if not wanted:
            return
        st.session_state.pop(_WAITING)
        bar = st.progress(0.0, text="Opening the saved work …")

        def told(stage: str, done: float) -> None:
            bar.progress(min(done, 1.0), text=stage)

        try:
            _open(name, work, told)
        except DataProblem as problem:
            bar.empty()
            st.error(
                f"Not opened. {escaped(str(problem))} What was loaded stays as it was.",
                icon=":material/block:",
            )
            return
        st.rerun()


def _open(name: str, work: Work, progress: state.Progress | None) -> str:
    if not work.files:
        raise DataProblem(f"“{name}” holds no file.", "Save the work again on the Data page.")
    files = []
    for place, file in enumerate(work.files):

        def told(stage: str, done: float, place: int = place, label: str = file.name) -> None:
            if progress is not None:
                progress(f"{label}: {stage}", (place + done) / len(work.files))

        files.append(reopened(file, told))
    state.put(tuple(files))
    succeeding.forget()
    st.session_state[sidebar.PUT_BACK] = partial(_put_back, work)
    return f"Opened the saved work in “{name}”: {times(len(files), 'file')}."


def _put_back(work: Work, whole: Dataset) -> None:
    """Set filters, days and choices as they were.

    What the data does not offer is left out, saying so: no widget takes it.
    """
    left_out: list[str] = []
    for column, title in sidebar.PLACES.items():
        there = set(whole.options(column))
        names = work.filters.get(column, ())
        st.session_state[column] = [name for name in names if name in there]
        left_out += [f"{title} “{name}”" for name in names if name not in there]
    days = {"from": work.start, "to": work.end, "as_of": work.as_of}
    first, last = sidebar.days_offered(whole) if whole.as_of is not None else (None, None)
    for key, wanted in days.items():
        fits = wanted is None or (
            first is not None and last is not None and first <= wanted <= last
        )
        st.session_state[key] = wanted if fits else None
        left_out += [] if fits else [f"the day {wanted}"]
    counting = work.counting
    choices = Choices(counting.same_day, counting.overnight_only, counting.cost_date)
    conventions.put_back(choices, counting.target)
    left_out += _put_beds(work.beds, whole)
    scenario_set.put_back(work.scenarios)
    _put_into_link()
    if work.picked or _PICKED in st.session_state:
        st.session_state[_PICKED] = {name: list(names) for name, names in work.picked.items()}
    st.session_state[_LEFT_OUT] = left_out and (
        f"The saved work also had {', '.join(left_out)}, which its files do not have: the figures "
        "are without it."
    )


def _put_into_link() -> None:
    """Let the link carry what was set, where no widget has been drawn yet that would do it."""
    for name in (*sidebar.PLACES, "from", "to", "as_of"):
        value = st.session_state.get(name)
        names = value if isinstance(value, list) else [] if value is None else [value]
        with suppress(StreamlitAPIException):  # a widget of the name is there and does it
            if names:
                st.query_params[name] = [str(one) for one in names]
            elif name in st.query_params:
                del st.query_params[name]


def _dismiss() -> None:
    st.session_state.pop(_LEFT_OUT, None)


def _put_beds(beds: Beds | None, whole: Dataset) -> list[str]:
    typed_beds.drop()
    if beds is None:
        return []
    if isinstance(beds.beds, dict):
        there = set(whole.options(beds.level))
        known = {place: number for place, number in beds.beds.items() if place in there}
        typed_beds.put_back(known, beds.level)
        return [f"beds of “{place}”" for place in beds.beds if place not in there]
    typed_beds.put_back(beds.beds, beds.level)
    return []


def _day(name: str) -> dt.date | None:
    value: Any = st.session_state.get(name)
    return value if isinstance(value, dt.date) else None
