"""The quiet band on top of a page: what is looked at, what narrows it, what to know first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from caremap.dataset import Dataset
from caremap.hidden import FEW
from caremap.ui import conventions, picks, state
from caremap.ui.findings import asking, most_serious
from caremap.ui.sidebar import PLACES, View, drop
from caremap.ui.text import day, days_between, escaped, times, title_of

__all__ = ["context", "narrowings", "period_of", "show"]


def show(view: View) -> None:
    """Draw the band."""
    with st.container(border=True, key="band", gap="xsmall"):
        st.text(context(view))
        _in_force(view)
        _first_to_know(view.dataset)


def context(view: View, *, hide: bool = False) -> str:
    """Return one line: files, rows, period and as-of date.

    ``hide`` leaves out how many rows there are where this tells of few patients.
    """
    dataset = view.dataset
    names = list(dict.fromkeys(source.name for source in dataset.sources))
    files = names[0] if len(names) == 1 else f"{len(names)} files"
    if any(file.sample for file in state.files()):
        files = f"{files} (an invented sample network)"
    visits = dataset.stays is not None and "was_admitted" in dataset.stays
    tables = [
        ("visit" if visits else "stay", "", dataset.stays),
        ("row of counts", "rows of counts", dataset.activity),
    ]
    few = hide and _tells_of_few(dataset.stays, view.whole.stays)
    rows = [
        times(len(table), one, many)
        for one, many, table in tables
        if table is not None and not (few and table is dataset.stays)
    ]
    # The rows are those the filters leave, whatever their dates: a period narrows the figures.
    span = f"{'figures for ' if dataset.period else ''}{period_of(view)}"
    dated = [span, f"as of {day(view.as_of)}"] if view.as_of is not None else ["no dates"]
    return "  ·  ".join([files, *rows, *dated])


def _tells_of_few(part: pd.DataFrame | None, whole: pd.DataFrame | None) -> bool:
    """Return whether the number of rows is small, or differs little from that of all."""
    if part is None:
        return False
    rest = 0 if whole is None else len(whole) - len(part)
    # So few rows, or all but so few, are not told in a file that hides small counts.
    return 0 < len(part) <= FEW or 0 < rest <= FEW


def period_of(view: View, *, to_as_of: bool = False) -> str:
    """Return the days the overall figures are for, in words; empty where there are no dates.

    ``to_as_of`` ends them with the as-of date, as a trend does.
    """
    span = view.dataset.span
    if span is None:
        return ""
    start, end = view.dataset.period or (None, None)
    first, last = start or span[0], end or span[1]
    if to_as_of and view.as_of is not None:
        last = max(first, min(last, view.as_of))
    return days_between(first, last)


@dataclass(frozen=True)
class Narrowing:
    """Something that changes the figures: what it is called, and how it is dropped."""

    words: str
    drop: Callable[..., None]
    what: tuple[str, ...]


def narrowings(view: View) -> list[Narrowing]:
    """Return the filters and choices in force."""
    found = [
        Narrowing(f"{PLACES[column]}: {name}", drop, (column, name))
        for column, names in view.dataset.filters.items()
        for name in names
        if column not in view.picks
    ]
    found += [
        Narrowing(f"{title_of(column)}: {name}", picks.drop, (column, name))
        for column, names in view.picks.items()
        for name in names
    ]
    start, end = view.dataset.period or (None, None)
    if start is not None:
        found.append(Narrowing(f"From {day(start)}", drop, ("from",)))
    if end is not None:
        found.append(Narrowing(f"To {day(end)}", drop, ("to",)))
    if st.session_state.get("as_of") is not None:
        found.append(Narrowing(f"As of {day(view.as_of)}", drop, ("as_of",)))
    if view.dataset.beds is not None:
        found.append(Narrowing("Beds as typed in", drop, ("beds",)))
    changed = view.conventions.changed
    return [*found, *(Narrowing(words, conventions.reset, (key,)) for key, words in changed)]


def _in_force(view: View) -> None:
    """Draw a button per filter in force: a click drops it."""
    found = narrowings(view)
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("In force, click to drop:", width="content")
        for place, one in enumerate(found):
            st.button(
                escaped(one.words), key=f"drop_{place}", icon=":material/close:",
                icon_position="right", on_click=one.drop, args=one.what, help="Drop this",
            )  # fmt: skip


def _first_to_know(dataset: Dataset) -> None:
    """Draw the most serious finding in a line, and the way to all of them."""
    count = len(asking(dataset.findings))
    serious = most_serious(dataset.findings)
    if serious is None:
        return
    label, icon = ("Decide", "error") if serious.severity == "error" else ("Check", "warning")
    st.markdown(f":material/{icon}: **{label}:** {escaped(serious.message)}")
    more = f"All {count:,} to decide or check" if count > 1 else "See it on the Data page"
    st.page_link("pages/data.py", label=more, icon=":material/arrow_forward:")
