"""A table read again with other choices: from a control on the Data page to what is loaded."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from caremap.problems import DataProblem
from caremap.ui import state
from caremap.ui.state import OpenFile, TableChoices
from caremap.ui.text import escaped

__all__ = ["change", "key_of", "lasting_key", "refusal", "show_recalled"]

_TURNS = "turns"
_REFUSED = "choice_refused"


def lasting_key(file: OpenFile, place: int) -> str:
    """Return the end of the keys of widgets that outlive a change, such as expanders."""
    return f"{file.digest[:12]}_{place}"


def key_of(file: OpenFile, place: int) -> str:
    """Return the end of the keys of a table's widgets.

    It is another one after every change, carried out or refused: widgets then start from what
    is loaded, in the browser too, and never from what they showed before.
    """
    turns: dict[str, int] = st.session_state.setdefault(_TURNS, {})
    key = lasting_key(file, place)
    return f"{key}_{turns.get(key, 0)}"


def change(file: OpenFile, place: int, choices: TableChoices, where: str) -> None:
    """Read the table again; on failure what was loaded stays, with the reason at the control.

    Parameters
    ----------
    file, place, choices
        The table and what is decided about it now.
    where
        The part of the page that shows a refusal.
    """
    _carry_out(
        file, place, where,
        lambda told: state.change_table(file.digest, place, choices, told),
    )  # fmt: skip
    st.rerun()


def _carry_out(
    file: OpenFile, place: int, where: str, work: Callable[[state.Progress], None]
) -> None:
    key = lasting_key(file, place)
    refused: dict[str, tuple[str, str]] = st.session_state.setdefault(_REFUSED, {})
    refused.pop(key, None)
    bar = st.progress(0.0, text="Reading the table again …")

    def told(stage: str, done: float) -> None:
        bar.progress(min(done, 1.0), text=stage)

    try:
        work(told)
    except DataProblem as problem:
        refused[key] = (where, f"{problem.message} {problem.hint}".strip())
    finally:
        bar.empty()
    turns: dict[str, int] = st.session_state.setdefault(_TURNS, {})
    turns[key] = turns.get(key, 0) + 1


def refusal(file: OpenFile, place: int, where: str) -> None:
    """Show why the last change made here was refused; it stays until the next one."""
    refused: dict[str, tuple[str, str]] = st.session_state.get(_REFUSED, {})
    made_at, why = refused.get(lasting_key(file, place), ("", ""))
    if made_at == where:
        st.error(
            f"Not changed. {escaped(why)} What was loaded before stays as it was.",
            icon=":material/block:",
        )


def show_recalled(file: OpenFile, place: int) -> None:
    """Say that earlier choices are used for this table, with a way back."""
    choices = file.choices[place]
    if not choices.recalled:
        return
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.info(
        f"The columns are known: read with {escaped(choices.recalled)}.", icon=":material/history:"
    )
    if right.button("Undo", key=f"undo_{key_of(file, place)}", help="Read the file without them"):
        _carry_out(
            file, place, "recalled", lambda told: state.forget_choices(file.digest, place, told)
        )
        st.rerun()
    refusal(file, place, "recalled")
