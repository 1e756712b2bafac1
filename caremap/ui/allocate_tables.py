"""The tables an allocation is made from: of the data, an example, uploaded or typed over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
import streamlit as st

from caremap.problems import DataProblem
from caremap.ui import downloads
from caremap.ui.allocate_columns import (
    LARGEST,
    MOST_NUMBER,
    Column,
    few_patients,
    frame_of,
    read_csv,
)
from caremap.ui.sharing import Sharing
from caremap.ui.text import escaped

__all__ = ["Origin", "Start", "Typed", "ask", "digest_of"]

Origin = Literal["data", "example", "uploaded", "typed"]

_HELD = "allocate_tables"
_ALL_SHOWN = Sharing(hide=False)
_MOST = 32  # tables kept of one session: of other filters there are others
_ROW, _HEADER, _SHOWN = 35, 38, 12
_SAID = {
    "data": "From your data. Type over what you know better.",
    "uploaded": "As uploaded. Type over what you know better.",
    "typed": "As typed in. It stays in this session; a link does not carry it.",
    "example": "An invented example, not your data: type over it, or upload a table of your own.",
}


@dataclass(frozen=True, eq=False)
class Start:
    """What a table begins with: of the data, an example, or nothing yet; and why."""

    frame: pd.DataFrame
    origin: Literal["data", "example", "typed"]
    why: str = ""


@dataclass(frozen=True, eq=False)
class Typed:
    """A table as it stands, and where it is from."""

    frame: pd.DataFrame
    origin: Origin


@dataclass
class _Kept:
    """What a session keeps of one table: its base, what was made of it, and how often it began."""

    base: pd.DataFrame
    origin: Origin
    now: pd.DataFrame
    times: int = 0
    missed: str = field(default="")


def digest_of(frame: pd.DataFrame) -> str:
    """Return a short key of everything in a frame."""
    return hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()[:12]


def ask(
    name: str, columns: Sequence[Column], start: Start, what: str, sharing: Sharing = _ALL_SHOWN
) -> Typed:  # fmt: skip
    """Draw a table to type over, with its upload and its downloads, and return it.

    Parameters
    ----------
    name
        What the table is called in keys and files.
    columns
        Its columns.
    start
        What it begins with.
    what
        What a row is, as of many: "places".
    sharing
        Whether few patients are hidden in what leaves the app, and on the screen.
    """
    begun = frame_of(columns, start.frame)
    if start.origin == "data" and sharing.screen and few_patients(columns, begun).any(axis=None):
        st.caption("Not shown, as few patients are hidden on the screen; it is used as it is.")
        return Typed(begun, "data")
    key = f"{name}_{digest_of(begun)}"
    held: dict[str, _Kept] = st.session_state.setdefault(_HELD, {})
    kept = held.pop(key, None) or _Kept(begun, start.origin, begun)
    held[key] = kept  # the last one looked at is the last one forgotten
    while len(held) > _MOST:
        held.pop(next(iter(held)))
    widget = f"allocate_{key}_{kept.times}"
    if widget not in st.session_state:  # first seen, or come back to: what was typed still stands
        kept.base = kept.now
    st.caption(escaped(" ".join(filter(None, [start.why, _SAID[_origin(kept, begun)]]))))
    edited = st.data_editor(
        kept.base.rename(columns={column.name: column.title for column in columns}),
        hide_index=True, width="stretch", key=widget, num_rows="dynamic",
        placeholder="", height=_HEADER + _ROW * (min(len(kept.base), _SHOWN) + 1),
        column_config={column.title: _config(column) for column in columns},
        alt=f"Table of {what}, to type over",
    )  # fmt: skip
    names = {column.title: column.name for column in columns}
    kept.now = frame_of(columns, pd.DataFrame(edited).rename(columns=names))
    leaving = kept.now
    if start.origin == "data" and sharing.hide:
        leaving = leaving.mask(few_patients(columns, leaving))
    _files(name, columns, key, kept, begun, start, what, leaving)
    return Typed(kept.now, _origin(kept, begun))


def _origin(kept: _Kept, begun: pd.DataFrame) -> Origin:
    """Return where what stands in a table is from: an example typed over is none any more."""
    if kept.origin == "uploaded":
        return "uploaded"
    return kept.origin if kept.now.equals(begun) else "typed"


def _config(column: Column) -> Any:
    """Return how a column is typed in."""
    help_ = column.help or None
    if column.kind == "flag":
        return st.column_config.CheckboxColumn(help=help_)
    if column.choices:
        return st.column_config.SelectboxColumn(help=help_, options=list(column.choices))
    if column.kind == "text":
        return st.column_config.TextColumn(help=help_)
    return st.column_config.NumberColumn(
        help=help_, min_value=None if column.signed else 0, max_value=MOST_NUMBER - 1,
        step=1 if column.kind == "whole" else None,
        format="localized",
    )  # fmt: skip


def _files(
    name: str, columns: Sequence[Column], key: str, kept: _Kept, begun: pd.DataFrame,
    start: Start, what: str, leaving: pd.DataFrame,
) -> None:  # fmt: skip
    """Draw the table's downloads, its upload, and the way back to what it began with."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titled = leaving.rename(columns={column.name: column.title for column in columns})
        downloads.buttons(titled, f"allocate_{name}", f"allocate_{name}", what=f"the {what}")
        with st.popover("Upload a table", icon=":material/upload_file:"):
            file = st.file_uploader(
                f"A CSV of {what}", type=["csv"], max_upload_size=LARGEST // 1_000_000,
                key=f"allocate_upload_{key}_{kept.times}",
                help="With the headings of the table: download it to have them.",
            )  # fmt: skip
        if _origin(kept, begun) != kept.origin or kept.origin == "uploaded":
            st.button(
                "Undo what was typed", key=f"allocate_undo_{key}", icon=":material/undo:",
                on_click=_forget, args=(key, begun, start.origin),
            )  # fmt: skip
    if file is not None:
        try:
            found, missed = read_csv(file.getvalue(), columns)
        except DataProblem as problem:
            st.error(escaped(f"{problem.message} {problem.hint}"))
        else:
            st.session_state[_HELD][key] = _Kept(found, "uploaded", found, kept.times + 1, missed)
            st.rerun()
    if kept.missed:
        st.caption(escaped(kept.missed))


def _forget(key: str, begun: pd.DataFrame, origin: Origin) -> None:
    """Go back to what a table began with."""
    held: dict[str, _Kept] = st.session_state[_HELD]
    # A table anew, under another key: what was typed over the old one is not typed over this.
    held[key] = _Kept(begun, origin, begun, held[key].times + 1)
