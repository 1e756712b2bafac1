"""Beds, intensive care, ventilators, equipment and staff: needed against there, by place."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap import charts, planning
from caremap.charts import Figure
from caremap.problems import DataProblem
from caremap.ui import caches, downloads, scenario_work, working
from caremap.ui.allocate_tables import digest_of
from caremap.ui.figures import show
from caremap.ui.outlook import Outlook
from caremap.ui.recipes import Recipe, settled
from caremap.ui.scenario_recipes import days_of
from caremap.ui.sidebar import View
from caremap.ui.text import escaped
from caremap.ui.working import Told

__all__ = ["equipment", "needs", "per_patient"]

_TITLES = {
    "facility": "Facility", "department": "Department", "resource": "What", "needed": "Needed",
    "low": "80 % from", "high": "80 % to", "available": "There", "short": "Short",
    "date": "At its peak on", "note": "Note",
}  # fmt: skip
_WHAT, _EACH = "Equipment", "Units per 100 patients"
_MOST = 100_000.0
_CALLED = {"beds": "Beds", "icu_beds": "Intensive care beds", "ventilators": "Ventilators"}
_COUNTED = {one.casefold() for pair in _CALLED.items() for one in pair}


def needs(view: View) -> None:
    """What each facility and department needs at its peak, and what it has."""
    if not scenario_work.has_stays(view):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        of = scenario_work.ahead(view)
        if of is None:
            return
        choice = st.empty()  # what there is to choose from is known after what is typed below
    each = _per_patient(view)
    found = _needed(view, of, each)
    if found is None or found.empty:
        return
    with choice:
        resources = list(dict.fromkeys(found["resource"].astype("str")))
        what = st.selectbox(
            "What is needed", resources, key="needed_what", persist_state="session", width=240,
            format_func=lambda name: _CALLED.get(str(name), str(name)),
        )  # fmt: skip
    show(_recipe(of, found, what, each), view)
    with st.expander("Every facility, department and resource"):
        dated = found.assign(date=found["date"].dt.strftime("%Y-%m-%d")).drop(columns="mean")
        table = dated.rename(columns=_TITLES).round(1)
        downloads.table(table, "Needed and there, by facility and department", "needed_there",
                        "needed_and_there")  # fmt: skip


def _per_patient(view: View) -> dict[str, float]:
    """Let units per 100 patients of other equipment be typed in; return them per patient."""
    named = caches.measured(view, equipment)
    with st.expander("Other equipment: units per 100 patients", icon=":material/medical_services:"):
        st.caption(
            "Where nothing is typed in, each patient takes as many as there are per patient in "
            "hospital now: that shows what grows, not what is short. A row at the end adds "
            "equipment that no file counts."
        )
        start = pd.DataFrame({_WHAT: pd.Series(named, dtype="str"), _EACH: float("nan")})
        typed = st.data_editor(
            start, hide_index=True, num_rows="dynamic", width="stretch",
            key=f"needed_each_{digest_of(start)}", alt="Units per 100 patients",
            column_config={
                _WHAT: st.column_config.TextColumn(required=True, pinned=True, max_chars=80),
                _EACH: st.column_config.NumberColumn(min_value=0.0, max_value=_MOST, step=0.1),
            },
        )  # fmt: skip
    return per_patient(pd.DataFrame(typed))


def equipment(view: View) -> tuple[str, ...]:
    """Return the resources the capacity file names beside beds and ventilators, by name."""
    found = planning.resource_units(view.dataset)["resource"].astype("str")
    return tuple(sorted(set(found) - set(_CALLED)))


def per_patient(typed: pd.DataFrame) -> dict[str, float]:
    """Return what is typed in per 100 patients as units per patient, by resource.

    Raises
    ------
    caremap.DataProblem
        Where a resource stands twice, or is one of which the data says who takes it.

    Examples
    --------
    >>> per_patient(pd.DataFrame({"Equipment": [" Pumps ", "MRI", None],
    ...                           "Units per 100 patients": [150.0, None, 3.0]}))
    {'Pumps': 1.5}
    """
    found: dict[str, float] = {}
    for name, each in zip(typed[_WHAT], typed[_EACH], strict=True):
        if pd.isna(each) or pd.isna(name) or not str(name).strip():
            continue
        resource = str(name).strip()
        if resource in found:
            raise DataProblem(f"“{resource}” stands twice.", "Give each resource one row.")
        if resource.casefold() in _COUNTED:
            raise DataProblem(
                f"Of “{resource}” the data says which patients take one.",
                "Type in other equipment only.",
            )
        found[resource] = float(each) / 100
    return found


def _needed(view: View, of: Outlook, each: dict[str, float]) -> pd.DataFrame | None:
    stays = view.dataset.stays
    by = tuple(name for name in ("facility", "department") if stays is not None and name in stays)

    def work(told: Told) -> pd.DataFrame:
        return planning.resources_needed(
            view.dataset, of.forecast, by=by, per_patient=each, progress=working.in_parts(told)
        )

    try:
        return working.once(f"needed {view.key} {of.asked.settings} {each}", work, "needs")
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"), icon=":material/block:")
        return None


def _recipe(of: Outlook, found: pd.DataFrame, what: str, each: dict[str, float]) -> Recipe:
    def resources_figure(frame: pd.DataFrame, *, period: str) -> Figure:
        return charts.resources_figure(frame, what, period=period)

    settings = f"{of.asked.settings} {what} {each}"
    return settled("needed", settings, found, resources_figure, period=days_of(of))
