"""What is asked of an allocation, whatever it is of: tables, settings, and how they are called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from caremap.dataset import Dataset
from caremap.problems import DataProblem
from caremap.ui import caches
from caremap.ui.allocate_tables import Origin, Start, Typed, digest_of
from caremap.ui.sidebar import View, clear_filters
from caremap.ui.text import escaped

__all__ = [
    "Asked", "blank_view", "from_data", "is_blank", "limit", "origins_of", "percent", "say_example",
]  # fmt: skip

_BLANK = "nothing loaded"
_MOST_KM = 20_000.0


@dataclass(frozen=True, eq=False)
class Asked:
    """An allocation that is asked for.

    Attributes
    ----------
    use
        As `caremap.planning.Allocation` has it.
    tables
        What it is made from, by the names of the planning function's arguments.
    options
        The settings, by the names of its arguments; those that are not set are not in it.
    in_words
        The settings, each with what was chosen, for people to read.
    units
        What is shared out, as of many.
    place
        What a receiver is called.
    wanted, got
        What is said of units that are needed, and of those that cover it.
    origins
        Where each table is from.
    """

    use: str
    tables: Mapping[str, pd.DataFrame]
    options: Mapping[str, Any]
    in_words: tuple[tuple[str, str], ...]
    units: str
    place: str = "Place"
    wanted: str = "needed"
    got: str = "given"
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Everything the allocation depends on, as a short key."""
        tables = " ".join(f"{name} {digest_of(table)}" for name, table in self.tables.items())
        told = f"{self.use} {tables} {sorted(self.options.items(), key=str)} {self.units}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def example(self) -> bool:
        """Whether any of it is an invented example."""
        return "example" in self.origins.values()

    @property
    def where_from(self) -> str:
        """Where the tables are from, in words."""
        if self.example:
            return "An invented example: none of it is real data"
        said = {"data": "the data that is loaded", "uploaded": "tables uploaded on this page",
                "typed": "tables typed in on this page", "example": ""}  # fmt: skip
        found = list(dict.fromkeys(said[origin] for origin in self.origins.values()))
        return " and ".join(found).capitalize() if found else "Tables typed in on this page"


@dataclass(frozen=True)
class _TypedIn:
    """The source of what nobody uploaded."""

    name: str = "Tables typed in on the Allocate page"
    digest: str = ""


def blank_view() -> View:
    """Return the view where nothing is loaded: tables can still be typed in."""
    nothing = Dataset(sources=(_TypedIn(),))
    return View(nothing, nothing, None, _BLANK)


def is_blank(view: View) -> bool:
    """Return whether nothing is loaded."""
    return view.key == _BLANK


def from_data(view: View, work: Any, example: pd.DataFrame, **given: Any) -> Start | None:
    """Return what a table begins with: what the data gives, or else an example, and why.

    None where filters leave nothing of what the data gives, which is said with the way back.

    Parameters
    ----------
    view
        What is looked at.
    work
        Gives the table for a view, or raises `caremap.DataProblem`.
    example
        What stands in its place.
    given
        Further arguments of ``work``.
    """
    if is_blank(view):
        return Start(example, "example")
    try:
        found: pd.DataFrame = caches.measured(view, work, **given)
        why = "" if len(found) else "Your data has no row for this table."
    except DataProblem as problem:
        found, why = pd.DataFrame(), f"{problem.message} {problem.hint}"
    if len(found):
        return Start(found, "data")
    if view.dataset.filters and _whole_has(view, work, given):
        st.info("The filters leave nothing of what this table is made from.")
        st.button(
            "Clear the filters", on_click=clear_filters, icon=":material/filter_alt_off:",
            key=f"allocate_clear_{work.__name__}",
        )  # fmt: skip
        return None
    return Start(example, "example", why)


def _whole_has(view: View, work: Any, given: Mapping[str, Any]) -> bool:
    """Return whether the data before any filter would fill the table."""
    whole = View(view.whole, view.whole, view.whole.as_of, f"{view.key} whole")
    try:
        return len(caches.measured(whole, work, **given)) > 0
    except DataProblem:
        return False


# --- settings that come up again ---------------------------------------------------------------


def limit(title: str, key: str, *, help_: str = "", width: int = 220) -> float | None:
    """Draw a limit in kilometres that need not be set."""
    found: float | None = st.number_input(
        title, 1.0, _MOST_KM, None, 5.0, format="%.0f", key=key, bind="query-params",
        placeholder="no limit", help=help_ or None, width=width,
    )  # fmt: skip
    return found


def percent(
    title: str, key: str, usual: float, *, help_: str = "", width: int = 260
) -> float:  # fmt: skip
    """Draw a percentage and return it as a fraction."""
    found = st.number_input(
        title, 0.0, 100.0, usual, 1.0, format="%.0f", key=key, bind="query-params",
        help=help_ or None, width=width,
    )  # fmt: skip
    return float(found) / 100


def origins_of(tables: Mapping[str, Typed]) -> dict[str, Origin]:
    """Return where each table is from; what was left empty is from nowhere."""
    return {name: typed.origin for name, typed in tables.items() if len(typed.frame)}


def say_example(asked: Asked) -> None:
    """Say loudly that what is shown is an example."""
    if asked.example:
        st.info(
            escaped(
                "This is worked out from an invented example, so that you see what the page does. "
                "Type over its tables, or upload your own, and it is yours."
            ),
            icon=":material/science:",
        )
