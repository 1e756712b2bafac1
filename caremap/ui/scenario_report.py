"""The scenarios to take along: a workbook and a page to print, made on a click."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from caremap import planning
from caremap.exports import Page, Report
from caremap.ui import scenario_recipes as recipes
from caremap.ui.recipes import Recipe, shared
from caremap.ui.report import Told, cover_of, definitions, files, findings_of, pages_of
from caremap.ui.scenario_work import Made
from caremap.ui.sidebar import View

__all__ = ["offer"]

_SAID = {
    "Summary": ("Every scenario in figures", "Bounds hold 80 % of the futures"),
    "Differences": ("Differences to the baseline", "Future by future; bounds hold 80 % of them"),
    "Staff": ("Staff by scenario and role", "Full-time posts on the worst day"),
    "Departments": ("Beds by scenario and department", "At each one's own peak"),
    "Days": ("Every scenario day by day", "At midnight"),
    "Scenarios": ("What changes in each scenario", "The same settings give the same figures"),
    "Assumptions": ("What all of it assumes", "In words"),
}


def offer(view: View, made: Made) -> None:
    """Draw the button that makes the files, and the files once they are made."""
    st.header("Take it along", anchor=False)
    st.caption(
        "Every scenario beside the baseline, day by day, staff, departments, settings and what is "
        "assumed: an Excel workbook and a page to print or to save as PDF. " + view.sharing.words
    )
    key = f"{view.key} {view.sharing} {made.settings}"
    files("Make the workbook", "scenarios", key, view, lambda told: _report(view, made, told))


def _report(view: View, made: Made, told: Told) -> Report:
    pages, left_out = pages_of(list(_wanted(made)), view, shared(view), told)
    tables = planning.scenario_tables(made.run)
    own = [
        Page(name, *_SAID[name], tables[name])
        for name in _SAID
        if name in tables and not tables[name].empty
    ]
    return Report(
        title="CareMap scenarios", cover=[*cover_of(view), *made.money.in_words],
        pages=[*own[:1], *pages, *own[1:]], definitions=definitions(),
        notes=[*made.run.assumptions, *made.run.notes, *left_out], findings=findings_of(view),
    )  # fmt: skip


def _wanted(made: Made) -> Iterator[Recipe]:
    yield recipes.census(made)
    for figure in recipes.compared(made):
        yield recipes.differences(made, figure)
