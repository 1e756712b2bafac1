"""What a forecast takes: patients in hospital, beds, intensive care and staff, as chosen here.

What was typed in holds for the workbook too, so each choice is kept beside its widgets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.planning import CensusForecast
from caremap.problems import DataProblem
from caremap.ui import caches, measured, outlook
from caremap.ui import forecast_recipes as recipes
from caremap.ui.figures import show
from caremap.ui.outlook import Outlook
from caremap.ui.recipes import Recipe
from caremap.ui.sidebar import View
from caremap.ui.text import escaped

__all__ = ["beds", "intensive", "needs", "settings", "staff", "with_census"]

_RULES = {
    "occupancy": ("Occupancy aimed at (%)", 50.0, 100.0, 85.0, 1.0),
    "quantile": ("Days with a bed for all (%)", 50.0, 99.0, 95.0, 1.0),
    "refusal": ("Patients turned away at most (%)", 0.1, 20.0, 2.0, 0.1),
}
"""Rules for beds: what is asked, the least, the most, the usual and the step."""
_TABLE = 320
_STAFFING = {
    "unit": "Unit", "role": "Role", "patients_per_staff": "Patients per person on duty",
    "hours_per_patient_day": "Hours per patient and day", "source": "Where it is from",
}  # fmt: skip
_CHOSEN = "forecast_chosen"


def _choose(part: str, given: dict[str, Any]) -> None:
    st.session_state.setdefault(_CHOSEN, {})[part] = given


def _chosen(part: str) -> dict[str, Any]:
    """Return what was chosen on a part of the page, also while another is in view."""
    found: dict[str, Any] = st.session_state.get(_CHOSEN, {}).get(part, {})
    return found


def with_census(view: View, made: Outlook) -> bool:
    """Whether there are patients in hospital to speak of, and days to count them by."""
    return made.asked.every == "day" and not caches.measured(view, measured.census).empty


def settings(view: View) -> str:
    """Return everything that was chosen of what a forecast takes."""
    staffing = {
        name: one.to_csv() if isinstance(one, pd.DataFrame) else one
        for name, one in _chosen(f"staff {view.key}").items()
    }
    return f"{_chosen('beds')} {_chosen(f'intensive {view.key}')} {staffing}"


def needs(view: View, made: Outlook) -> Iterator[Recipe]:
    """Give the figures of what a forecast takes, as chosen on the page."""
    found = _census(view, made) if with_census(view, made) else None
    if found is None:
        return
    yield _of_census(view, *found)
    yield _of_beds(view, *found)
    yield _of_intensive(view, *found)
    by_unit = _census_by_unit(view, made)
    if by_unit is not None:
        yield from _of_staff(view, *by_unit)


def beds(view: View, made: Outlook) -> None:
    """Patients in hospital each midnight, and the beds for them by three rules."""
    found = _census(view, made)
    if found is None:
        return
    with st.expander("The three rules", icon=":material/tune:"), st.container(horizontal=True):
        rules = {
            rule: st.number_input(
                title, least, most, usual, step, format="%.1f" if step < 1 else "%.0f",
                key=f"rule_{rule}", bind="query-params", width=200,
            )
            for rule, (title, least, most, usual, step) in _RULES.items()
        }  # fmt: skip
    _choose("beds", rules)
    show(_of_census(view, *found), view)
    show(_of_beds(view, *found), view)
    for note in found[1].notes:
        st.caption(escaped(note))


def _of_census(view: View, arrivals: Outlook, expected: CensusForecast) -> Recipe:
    return recipes.census(arrivals, expected, _staffed_beds(view))


def _of_beds(view: View, arrivals: Outlook, expected: CensusForecast) -> Recipe:
    rules = planning.beds_rules(expected, _staffed_beds(view), **_chosen("beds"))
    return recipes.beds(arrivals, rules)


def _staffed_beds(view: View) -> int | None:
    """Return the staffed beds of the last day they are known for, in whole beds."""
    known = caches.measured(view, measured.census)["staffed"].dropna()
    return None if known.empty else round(float(known.iloc[-1]))


def _census(
    view: View, made: Outlook, by: str | None = None
) -> tuple[Outlook, CensusForecast] | None:
    """Return a forecast of admissions by day, and the midnight census that follows from it."""
    arrivals = outlook.arrivals(view, made)
    if arrivals is None:
        return None
    try:
        return arrivals, outlook.census_of(view, arrivals, by)
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"))
        return None


def _census_by_unit(view: View, made: Outlook) -> tuple[Outlook, CensusForecast] | None:
    stays = view.dataset.stays
    by_unit = stays is not None and "department" in stays
    return _census(view, made, "department" if by_unit else None)


def intensive(view: View, made: Outlook) -> None:
    """Patients in intensive care and on ventilators among them."""
    found = _census(view, made)
    if found is None:
        return
    usual = planning.intensive_defaults(view.dataset)
    most = {"percent": 100.0, "days": 365.0}
    given = {}
    with st.container(horizontal=True):
        for name, one in usual.iterrows():
            shown = round(float(one["value"]), 1)
            # What other data says is not what this says: the key changes with what is looked at.
            typed = st.number_input(
                f"{one['title']} ({one['unit']})", 0.0, most[str(one["unit"])], shown, 0.5,
                format="%.1f", key=f"intensive_{name}_{view.key[:12]}",
                help=escaped(str(one["source"])), width=250,
            )  # fmt: skip
            if typed != shown:
                given[str(name)] = typed
    _choose(f"intensive {view.key}", given)
    show(_of_intensive(view, *found), view)
    for source in dict.fromkeys(usual["source"]):
        st.caption(escaped(str(source)))


def _of_intensive(view: View, arrivals: Outlook, expected: CensusForecast) -> Recipe:
    given = _chosen(f"intensive {view.key}")
    frame = planning.intensive(expected, view.dataset, **given)
    return recipes.intensive(arrivals, frame, str(given))


def staff(view: View, made: Outlook) -> None:
    """Nurses and doctors for the patients expected, against those there are."""
    found = _census_by_unit(view, made)
    if found is None:
        return
    st.caption("Type over any number: the staff needed follows.")
    usual = planning.staffing_defaults(view.dataset, found[1])
    with st.expander("Patients for each person on duty, or hours for each patient", expanded=True):
        units = st.data_editor(
            usual.rename(columns=_STAFFING), hide_index=True, width="stretch",
            height=_TABLE, key="staffing_units", disabled=["Unit", "Role", "Where it is from"],
        )  # fmt: skip
        with st.container(horizontal=True):
            week = st.number_input(
                "Hours in a full-time week", 10.0, 80.0, 40.0, 0.5, key="staffing_week",
                bind="query-params", width=220,
            )  # fmt: skip
            away = st.number_input(
                "Leave, sickness, training (%)", 0.0, 80.0, 22.0, 1.0, key="staffing_absence",
                bind="query-params", width=220,
            )  # fmt: skip
    named = {title: name for name, title in _STAFFING.items()}
    given = {"units": units.rename(columns=named), "hours_per_week": week, "absence": away}
    _choose(f"staff {view.key}", given)
    drawn = list(_of_staff(view, *found))
    if not drawn:
        st.info("No number of patients or hours is known for any role: type one in above.")
    for recipe in drawn:
        show(recipe, view)


def _of_staff(view: View, arrivals: Outlook, expected: CensusForecast) -> Iterator[Recipe]:
    """Give the figure of the staff needed, where there is a number for any role."""
    given = _chosen(f"staff {view.key}") or {
        "units": planning.staffing_defaults(view.dataset, expected)
    }
    needed = planning.staff_needed(expected, staff=view.dataset.staff, **given)
    if not needed.empty:
        yield recipes.staff(arrivals, needed)
