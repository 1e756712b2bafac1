"""A newer file of a layout that is loaded: it takes the old one's place, and the page says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from caremap.combining.succession import succession
from caremap.dataset import Dataset
from caremap.measures import MEASURES
from caremap.measures.changes import compare_networks
from caremap.problems import DataProblem
from caremap.ui import conventions, downloads, state
from caremap.ui.reopening import kept, reopened
from caremap.ui.state import OpenFile
from caremap.ui.text import NONE, amount, day, escaped
from caremap.workfile import WorkFile

__all__ = ["forget", "show", "take_in"]

_NOTICES = "succeeded"
_FAILED = "succeeded_failed"
_OF_ONE_FILE = ("encoding", "separator")
"""Choices that are not remembered for a layout, but hold for the next file in its place."""


@dataclass(frozen=True)
class Notice:
    """What came of a file: the ones it replaced, or stands beside until the user says more.

    ``old`` are the files it replaced, as they are kept for a way back; ``beside`` the digests
    of those that it may replace.
    """

    new: str
    why: str
    names: tuple[str, ...]
    old: tuple[WorkFile, ...] = ()
    beside: tuple[str, ...] = ()
    changed: pd.DataFrame | None = None


def take_in(
    name: str, data: bytes, before: Collection[str], progress: state.Progress | None = None
) -> str | None:
    """Add a file, in the place of those that it succeeds.

    Parameters
    ----------
    name, data
        The file.
    before
        Digests of the files that were loaded before this choice of files: those of one choice
        never replace each other.
    progress
        Called with a stage and the share done.

    Returns
    -------
    str or None
        Something to tell the user, as `caremap.ui.state.add_file` does.

    Raises
    ------
    caremap.DataProblem
        The file cannot be used.
    """
    count = len(state.files())
    told = state.add_file(name, data, progress)
    if len(state.files()) == count or not before:
        return told
    new = state.files()[-1]
    found = [
        (file, one) for file in state.files()
        if file.digest in before and (one := succession(file.tables, new.tables)) is not None
    ]  # fmt: skip
    replaced = [file for file, one in found if one.verdict == "replaces"]
    asked = [file for file, one in found if one.verdict == "ask"]
    if replaced:
        if progress is not None:
            progress("comparing with what was loaded", 1.0)
        _replace(new, replaced, next(one.why for _, one in found if one.verdict == "replaces"))
    elif asked:
        why = next(one.why for _, one in found if one.verdict == "ask")
        names, digests = zip(*((file.name, file.digest) for file in asked), strict=True)
        _keep(Notice(new.digest, why, names, beside=digests))
    return told


def _replace(new: OpenFile, old: list[OpenFile], why: str) -> None:
    """Put a file where the first of the old ones stands, read as that was."""
    others = [file for file in state.files() if file.digest != new.digest]
    earlier = Dataset.of(*(table for file in others for table in file.tables))
    gone = {file.digest for file in old}
    held = [new if file.digest == old[0].digest else file for file in others]
    state.put(tuple(file for file in held if file.digest not in gone))
    _read_alike(new, old[-1])
    now = state.network()
    counted = conventions.in_session().arguments
    changed = None if now is None else compare_networks(earlier, now, counted)
    names = tuple(file.name for file in old)
    _keep(Notice(new.digest, why, names, old=tuple(map(kept, old)), changed=changed))


def _read_alike(new: OpenFile, old: OpenFile) -> None:
    """Read a text with the encoding and separator that were chosen for the one before."""
    chosen = {
        name: old.choices[0].options[name]
        for name in _OF_ONE_FILE
        if old.choices[0].options.get(name) and not new.choices[0].options.get(name)
    }
    if chosen and len(new.tables) == 1:
        options = {**new.choices[0].options, **chosen}
        try:
            state.change_table(new.digest, 0, replace(new.choices[0], options=options))
        except DataProblem:
            return  # it was read without


def forget(digest: str | None = None) -> None:
    """Forget what is shown, of one file or of all; with it goes the way back."""
    notices: dict[str, Notice] = st.session_state.setdefault(_NOTICES, {})
    if digest is None:
        notices.clear()
    else:
        notices.pop(digest, None)


def _keep(notice: Notice) -> None:
    notices: dict[str, Notice] = st.session_state.setdefault(_NOTICES, {})
    notices[notice.new] = notice


def show() -> bool:
    """Draw what came of the newer files; return whether the uploader has to be emptied.

    The browser does not send a file again that its box still shows.
    """
    emptied = False
    if why := st.session_state.pop(_FAILED, None):
        st.error(escaped(why), icon=":material/block:")
    notices: dict[str, Notice] = st.session_state.get(_NOTICES, {})
    for notice in list(notices.values()):
        file = next((one for one in state.files() if one.digest == notice.new), None)
        if file is None:
            forget(notice.new)
            continue
        with st.container(border=True, key=f"succeeded_{notice.new[:12]}"):
            emptied |= _replaced(file, notice) if notice.old else _asking(file, notice)
    return emptied


def _replaced(file: OpenFile, notice: Notice) -> bool:
    names = " and ".join(f"“{escaped(name)}”" for name in notice.names)
    several = len(notice.names) > 1
    st.info(
        f"“{escaped(file.name)}” took the place of {names}. {escaped(notice.why)}",
        icon=":material/update:",
    )
    if notice.changed is not None:
        downloads.table(
            _told(notice.changed), "What the newer file changed, before and after",
            f"changed_{notice.new[:12]}", "what_changed", raw=notice.changed, shown=True,
        )  # fmt: skip
        st.caption("Of all files together, without filters.")
    with st.container(horizontal=True):
        both = st.button("Keep both", key=f"both_{notice.new[:12]}", icon=":material/library_add:")
        label = "Go back to the old files" if several else "Go back to the old file"
        back = st.button(label, key=f"back_{notice.new[:12]}", icon=":material/undo:")
        done = st.button("All right", key=f"done_{notice.new[:12]}", icon=":material/check:")
    if not (both or back or done):
        return False
    if done:
        forget(notice.new)
        st.rerun()
    _restore(file, notice, both)
    return True


def _restore(file: OpenFile, notice: Notice, both: bool) -> None:
    """Bring the old files back, where the new one stands."""
    held = state.files()
    try:
        with st.spinner("Opening the old file again …"):
            old = [reopened(one) for one in notice.old]
    except DataProblem as problem:  # it was open a moment ago
        st.session_state[_FAILED] = str(problem)
        return
    at = held.index(file)
    old = [one for one in old if all(one.digest != other.digest for other in held)]
    state.put((*held[:at], *old, *([file] if both else []), *held[at + 1 :]))
    forget(notice.new)


def _asking(file: OpenFile, notice: Notice) -> bool:
    names = " and ".join(f"“{escaped(name)}”" for name in notice.names)
    st.warning(
        f"**Decide:** is “{escaped(file.name)}” a newer {names}? {escaped(notice.why)} Both are "
        "loaded now; “Put together” below says which rows count once.",
        icon=":material/help:",
    )
    digest = notice.new[:12]
    with st.container(horizontal=True):
        new = st.button(f"Use “{escaped(file.name)}” alone", key=f"alone_{digest}")
        both = st.button("Keep both", key=f"both_{digest}")
        back = st.button(f"Take “{escaped(file.name)}” out", key=f"back_{digest}")
    if both:
        forget(notice.new)
        st.rerun()
    if new:
        old = [one for one in state.files() if one.digest in notice.beside]
        if old:
            _replace(file, old, "You chose it.")
        st.rerun()
    if back:
        forget(notice.new)
        state.remove_file(notice.new)
    return back


def _told(changed: pd.DataFrame) -> pd.DataFrame:
    """The comparison as text: days as days, figures with as many decimals as they have."""
    decimals = {one.title: max(one.decimals, 0) for one in MEASURES.values()}
    rows = [
        {"Figure": one["figure"],
         **dict(zip(("Before", "Now"),
                    _apart(one["before"], one["after"], decimals.get(one["figure"], 0)),
                    strict=True)),
         "Unit": one["unit"]}
        for one in changed.to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _apart(before: Any, after: Any, decimals: int) -> tuple[str, str]:
    """Two values as text, with more decimals where they would look alike and are not."""
    for places in range(decimals, decimals + 4):
        told = _said(before, places), _said(after, places)
        if told[0] != told[1] or before == after:
            break
    return told


def _said(value: Any, decimals: int) -> str:
    if isinstance(value, pd.Timestamp):
        return day(value)
    return NONE if pd.isna(value) else amount(float(value), decimals)
