"""The staffing plan to take along: a workbook and a page to print, made on a click."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from caremap.exports import Page, Report
from caremap.ui import staffing_recipes as recipes
from caremap.ui.plan import Staffing, tables_of
from caremap.ui.recipes import Recipe, shared
from caremap.ui.report import Told, cover_of, files, findings_of, pages_of
from caremap.ui.sidebar import View
from caremap.ui.staffing_parts import AID

__all__ = ["offer"]

_FIGURES = 12  # roles drawn in a report: the table has them all


def offer(view: View, made: Staffing) -> None:
    """Draw the button that makes the files, and the files once they are made."""
    st.header("Take it along", anchor=False)
    st.caption(
        "Staff by facility and role, every move, what stays unmet and the settings: an Excel "
        f"workbook and a page to print or to save as PDF. {view.sharing.words}"
    )
    key = f"{view.key} {view.sharing} {made.asked.settings}"
    files("Make the workbook", "staffing", key, view, lambda told: _report(view, made, told))


def _report(view: View, made: Staffing, told: Told) -> Report:
    pages, left_out = pages_of(list(_wanted(made)), view, shared(view), told)
    tables = tables_of(made, view.sharing.hide)
    definitions = tables.pop("Definitions")
    proven = "proven" if made.plan.optimal else "not proven in the time allowed"
    settings = [*made.asked.in_words,
                ("Optimum", proven), ("What it is", AID)]  # fmt: skip
    return Report(
        title="CareMap staffing plan", cover=[*cover_of(view), *settings],
        pages=[*_pages(tables), *pages], definitions=definitions,
        notes=[*made.notes, *left_out], findings=findings_of(view),
    )  # fmt: skip


def _pages(tables: dict[str, pd.DataFrame]) -> Iterator[Page]:
    said = {
        "Moves": ("Who moves where", "People are whole; distances are straight lines"),
        "Sites": ("Staff by facility and role", "Before and after the plan"),
        "Unmet": ("What stays unmet, and why", "Against the targets without limits"),
        "Totals": ("The plan in figures", "Before and after, and the same made by hand"),
        "Settings": ("What was asked for", "The same settings give the same plan"),
    }
    for name, (title, subtitle) in said.items():
        if name in tables and not tables[name].empty:
            yield Page(name, title, subtitle, tables[name])


def _wanted(made: Staffing) -> Iterator[Recipe]:
    for role in made.asked.roles[:_FIGURES]:
        yield recipes.sites(made, role)
    if not made.plan.moves.empty:
        yield recipes.moves(made)
