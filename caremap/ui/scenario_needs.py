"""Beds, intensive care, ventilators, equipment and staff: needed against there, by place."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap import charts, planning
from caremap.charts import Figure
from caremap.problems import DataProblem
from caremap.ui import downloads, scenario_work, working
from caremap.ui.figures import show
from caremap.ui.outlook import Outlook
from caremap.ui.recipes import Recipe, settled
from caremap.ui.scenario_recipes import days_of
from caremap.ui.sidebar import View
from caremap.ui.text import escaped
from caremap.ui.working import Told

__all__ = ["needs"]

_TITLES = {
    "facility": "Facility", "department": "Department", "resource": "What", "needed": "Needed",
    "low": "80 % from", "high": "80 % to", "available": "There", "short": "Short",
    "date": "At its peak on", "note": "Note",
}  # fmt: skip
_CALLED = {"beds": "Beds", "icu_beds": "Intensive care beds", "ventilators": "Ventilators"}


def needs(view: View) -> None:
    """What each facility and department needs at its peak, and what it has."""
    if not scenario_work.has_stays(view):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        of = scenario_work.ahead(view)
        if of is None:
            return
        found = _needed(view, of)
        if found is None or found.empty:
            return
        resources = list(dict.fromkeys(found["resource"].astype("str")))
        what = st.selectbox(
            "What is needed", resources, key="needed_what", persist_state="session", width=240,
            format_func=lambda name: _CALLED.get(str(name), str(name)),
        )  # fmt: skip
    show(_recipe(of, found, what), view)
    with st.expander("Every facility, department and resource"):
        dated = found.assign(date=found["date"].dt.strftime("%Y-%m-%d")).drop(columns="mean")
        table = dated.rename(columns=_TITLES).round(1)
        downloads.table(table, "Needed and there, by facility and department", "needed_there",
                        "needed_and_there")  # fmt: skip


def _needed(view: View, of: Outlook) -> pd.DataFrame | None:
    stays = view.dataset.stays
    by = tuple(name for name in ("facility", "department") if stays is not None and name in stays)

    def work(told: Told) -> pd.DataFrame:
        return planning.resources_needed(
            view.dataset, of.forecast, by=by, progress=working.in_parts(told)
        )

    try:
        return working.once(f"needed {view.key} {of.asked.settings}", work, "needs")
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"), icon=":material/block:")
        return None


def _recipe(of: Outlook, found: pd.DataFrame, what: str) -> Recipe:
    def resources_figure(frame: pd.DataFrame, *, period: str) -> Figure:
        return charts.resources_figure(frame, what, period=period)

    settings = f"{of.asked.settings} {what}"
    return settled("needed", settings, found, resources_figure, period=days_of(of))
