"""An allocation to take along: a workbook and a page to print, made on a click."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

import caremap
from caremap import planning
from caremap.exports import Page, Report
from caremap.planning import Allocation
from caremap.ui import allocate_recipes as recipes
from caremap.ui.allocate_asked import Asked, is_blank
from caremap.ui.allocate_parts import AID
from caremap.ui.recipes import shared
from caremap.ui.report import Told, cover_of, files, findings_of, pages_of
from caremap.ui.sidebar import View

__all__ = ["offer", "report_of"]


def offer(view: View, name: str, asked: Asked, made: Allocation) -> None:
    """Draw the button that makes the files, and the files once they are made."""
    st.header("Take it along", anchor=False)
    st.caption(
        "Who receives what, every pair, what stays unmet and why, the limits and what one more "
        "would do, the settings and what is taken for granted: an Excel workbook and a page to "
        f"print or to save as PDF. {view.sharing.words}"
    )
    key = f"{view.key} {view.sharing} {asked.digest}"
    files("Make the workbook", "allocation", key, view,
          lambda told: report_of(view, name, asked, made, told))  # fmt: skip


def report_of(view: View, name: str, asked: Asked, made: Allocation, told: Told) -> Report:
    """Return the report of an allocation."""
    figures, left_out = pages_of(list(recipes.all_of(asked, made)), view, shared(view), told)
    proven = "proven" if made.optimal else "not proven in the time allowed"
    cover = [
        *([("Made with", f"CareMap {caremap.__version__}")] if is_blank(view) else cover_of(view)),
        ("Made from", asked.where_from),
        *asked.in_words,
        ("Optimum", proven),
        ("What it is", AID),
    ]
    return Report(
        title=f"CareMap allocation: {name.lower()}", cover=cover,
        pages=[*_pages(made), *figures], definitions=pd.DataFrame(),
        notes=[*made.assumptions, *made.notes, *left_out], findings=findings_of(view),
    )  # fmt: skip


def _pages(made: Allocation) -> Iterator[Page]:
    said = {
        "Sent": ("What goes where", "Whole units; distances are straight lines"),
        "Places": ("Who receives what", "And what stays unmet, and why"),
        "Limits": (
            "The limits, and what one more would do",
            "The difference of two exact solutions",
        ),
        "Totals": ("The allocation in figures", "And the same by the simple rule"),
        "Settings": ("What was asked for", "The same settings give the same allocation"),
        "Assumptions": ("What it takes for granted", "To be read before it is used"),
    }
    tables = planning.allocation_tables(made)
    for name, table in tables.items():
        title, subtitle = said.get(name, (name, ""))
        if not table.empty:
            yield Page(name, title, subtitle, table)
