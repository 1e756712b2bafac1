"""The question which order dates are in, and what each answer would change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import streamlit as st

from caremap.intake import Loaded, open_file
from caremap.intake.choices import Choices
from caremap.problems import DataProblem
from caremap.ui import caches, downloads
from caremap.ui.changing import change, key_of, refusal
from caremap.ui.state import OpenFile, known
from caremap.ui.text import times

__all__ = ["show_dates"]

AT_ONCE = 200_000
"""Rows up to which the comparison is made without being asked for: about a second."""
_LISTED = 1000
_OPEN = frozenset({"ambiguous-dates", "mixed-date-orders"})
_ORDERS = {
    "day-first": "Day first (03/04/2024 is 3 April)",
    "month-first": "Month first (03/04/2024 is 4 March)",
}
_SWAPPED = "swapped-dates"
_ABOUT_SWAPS = frozenset({_SWAPPED, "dates-repaired", "dates-confirmed"})
_UNDECIDED = ""
_OF_THIS_FILE = ("as-read", "repair")
_SHORT = {
    "day-first": "Day first",
    "month-first": "Month first",
    "as-read": "As read",
    "repair": "Repaired",
}


def show_dates(file: OpenFile, place: int, table: Loaded) -> None:
    """Ask what the dates mean where it is open, offer the switch where it was decided.

    Parameters
    ----------
    file, place, table
        The table.
    """
    codes = {finding.code for finding in table.findings}
    chosen = file.choices[place].options.get("dates")
    if (_SWAPPED in codes or chosen in _OF_THIS_FILE) and _accepted("repair"):
        asked = _SWAPPED in codes and chosen not in _OF_THIS_FILE
        label = "Are these dates swapped? Please decide." if asked else "Dates that looked swapped"
        _ask(file, place, label, _swapped_answers(table), asked, _OF_THIS_FILE)
    elif codes & {*_OPEN, "date-order"}:
        asked = bool(codes & _OPEN)
        label = "Which order are the dates in? Please decide." if asked else "Order of dates"
        none = "Not decided yet" if asked else "As found"
        if asked:
            _ask(file, place, label, {_UNDECIDED: none, **_ORDERS}, True, tuple(_ORDERS))
        else:
            with st.expander("Order of dates"):
                _ask(file, place, label, {_UNDECIDED: none, **_ORDERS}, False, ())
    if chosen in _OF_THIS_FILE:
        st.caption("The answer holds for this file: the next one is asked about again.")
    refusal(file, place, "dates")


def _swapped_answers(table: Loaded) -> dict[str, str]:
    found = [one.rows for one in table.findings if one.code in _ABOUT_SWAPS]
    rows = set().union(*found)
    complete = rows and all(len(one) < _LISTED for one in found)
    count = times(len(rows), "row") if complete else "the swapped rows"
    return {
        _UNDECIDED: "Not decided yet",
        "repair": f"Repair {count}",
        "as-read": "The dates are right as they are",
    }


def _accepted(dates: str) -> bool:
    try:
        Choices.of({"dates": dates})
    except DataProblem:
        return False
    return True


def _ask(
    file: OpenFile, place: int, label: str, answers: dict[str, str], compare: bool,
    readings: tuple[str, ...],
) -> None:  # fmt: skip
    """Draw the question, carry out the answer, show what it would change."""
    choices = file.choices[place]
    chosen = choices.options.get("dates") or _UNDECIDED
    chosen = chosen if chosen in answers else _UNDECIDED
    options = list(answers)
    picked = st.radio(
        label, options, index=options.index(chosen), format_func=lambda item: answers[item],
        key=f"dates_{key_of(file, place)}",
    )  # fmt: skip
    if picked != chosen:
        decided = {**choices.options, "dates": picked}
        change(file, place, replace(choices, options=decided, recalled=""), "dates")
    if compare:
        _compared(file, place, readings)


def _compared(file: OpenFile, place: int, readings: tuple[str, ...]) -> None:
    """The same table read each way, side by side."""
    choices, table, key = file.choices[place], file.tables[place], key_of(file, place)
    many = table.rows_read > AT_ONCE
    if many and not st.button("Show what each answer would change", key=f"compare_{key}"):
        return
    others = {name: value for name, value in choices.options.items() if name != "dates"}

    def read(name: str) -> Loaded:
        options = {**known(others), "dates": name}
        return open_file(file.data, file.name, choices.sheet, choices.mapping, options)

    told = json.dumps([choices.sheet, choices.mapping, others], sort_keys=True, default=str)
    digest = hashlib.sha256(told.encode()).hexdigest()
    try:
        frame = caches.readings(f"{file.digest} {digest}", readings, read)
    except DataProblem:
        return  # neither answer can be carried out; choosing one says why
    differs = frame.nunique(axis=1) > 1
    if not differs.any():
        st.caption("Both answers give the same figures.")
        return
    st.caption("What the answer changes:")
    shown = frame[differs].rename(columns=_SHORT).rename_axis("Figure").reset_index()
    downloads.table(
        shown, "The figures that differ between the two readings", f"compared_{key}", "readings"
    )
