"""How long the patients to place will stay: predicted for each, or as their department's do."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.planning import StayRisk
from caremap.planning.blocked import ward_columns
from caremap.problems import DataProblem
from caremap.ui import risk
from caremap.ui.allocate_asked import is_blank
from caremap.ui.risk_asked import Asked
from caremap.ui.sidebar import View
from caremap.ui.text import escaped

__all__ = ["Stays", "ask", "blocked_beds", "expected_patients", "stay_curves"]

_OWN = "as in their department"


@dataclass(frozen=True, eq=False)
class Stays:
    """Where lengths of stay are from: a prediction, or without one the stays of departments."""

    risk: StayRisk | None = None

    @property
    def settings(self) -> str:
        """What figures depend on beside the view."""
        return "" if self.risk is None else f"predicted over {self.risk.over:g}"

    @property
    def in_words(self) -> str:
        """Where lengths of stay are from, for people to read."""
        if self.risk is None:
            return _OWN
        return f"predicted at admission, long is over {self.risk.over:g} nights"


def ask(view: View) -> Stays:
    """Say which lengths of stay are used, and offer a prediction where there is none yet."""
    if is_blank(view):
        return Stays()
    found = risk.last(view)
    if found is not None:
        return _judged(view, found)
    st.caption(
        "Lengths of stay: **as in their department**, not predicted. Patients of one department "
        "are all expected to stay as long as its patients did in the last year."
    )
    predict = st.button(
        "Predict the stays", key="allocate_predict", icon=":material/online_prediction:",
        help="Learns from the stays of this view what is known at admission of long ones, as on "
        "the Stay risk page; this takes a while.",
    )  # fmt: skip
    if predict:
        try:
            risk.worked_out(view, Asked(), lambda: None)
        except DataProblem as problem:
            st.info(escaped(f"Stays cannot be predicted. {problem.message} {problem.hint}"))
        else:
            st.rerun()
    return Stays()


def _judged(view: View, found: StayRisk) -> Stays:
    """Return the prediction where it may be used; where not, it is said why."""
    why = ""
    if found.bands:
        why = "stays are given as bands"
    elif found.suspicion:
        why = f"the prediction looks too good to be true. {found.suspicion}"
    elif not found.better:
        why = "the prediction is not better than the department alone"
    else:
        try:
            planning.expected_patients(found, 1)
        except DataProblem as problem:
            why = f"{problem.message} {problem.hint}"
    if why:
        st.caption(
            "Lengths of stay: **as in their department**, not predicted: "
            f"{escaped(why.rstrip('.'))}."
        )
        return Stays()
    still = (
        ""
        if _places_known(view, found)
        else " For patients in hospital now the stays of their ward are used: the prediction does "
        "not say where they are."
    )
    st.caption(
        f"Lengths of stay: **predicted at admission** (Stay risk page, long is over "
        f"{found.over:g} nights). Patients of a department are two groups: those a long stay is "
        f"predicted for, and the others.{still}"
    )
    return Stays(found)


def _places_known(view: View, found: StayRisk) -> bool:
    names = ward_columns(view.dataset.stays)
    return bool(names) and not found.current.empty and {*names} <= {*found.current}


def expected_patients(view: View, days: int, stays: Stays) -> pd.DataFrame:
    """Return the patients expected in the next days, by group."""
    if stays.risk is not None:
        return planning.expected_patients(stays.risk, days)
    return planning.expected_patients(view.dataset, days, as_of=view.as_of_text)


def stay_curves(view: View, stays: Stays) -> pd.DataFrame:
    """Return how long patients of each group stay."""
    if stays.risk is not None:
        return planning.stay_curves(stays.risk)
    return planning.stay_curves(view.dataset, as_of=view.as_of_text)


def blocked_beds(view: View, horizon: int, stays: Stays) -> pd.DataFrame:
    """Return the beds today's patients still hold, with the place in a column ``ward``."""
    names = ward_columns(view.dataset.stays)
    if stays.risk is not None and _places_known(view, stays.risk):
        found = planning.blocked_beds(stays.risk, horizon, by=names, dataset=view.dataset)
    else:
        found = planning.blocked_beds(view.dataset, horizon, as_of=view.as_of_text)
    return found.rename(columns={names[-1]: "ward"}) if names else found
