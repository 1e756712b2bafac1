"""Required staff: what the work of each unit takes, in hours that can be typed over (WISN)."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.planning import Network
from caremap.problems import DataProblem
from caremap.ui import caches, measured
from caremap.ui.sidebar import View
from caremap.ui.text import amount

__all__ = ["REQUIRED", "Work", "ask", "with_required"]

REQUIRED = "required"
"""The need that is staff itself: there is one for each role."""

_OF = {"bed_days": "Patient-days", "patients": "Admissions", "visits": "Visits"}
_TABLE = 320
_DAY = 24.0


@dataclass(frozen=True)
class Work:
    """What staff is required for.

    Attributes
    ----------
    of
        What the work is counted in: ``bed_days``, ``patients`` or ``visits``.
    available_hours
        Hours a year one person is there to work.
    allowance
        Share of them that goes to other things than this work.
    hours
        As CSV: ``unit``, ``role`` and ``hours`` each piece of work takes of the role.
    """

    of: str
    available_hours: float
    allowance: float
    hours: str

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """The choices, for people to read."""
        table = pd.read_csv(io.StringIO(self.hours)).dropna(subset=["hours"])
        taken = "; ".join(f"{row.unit}, {row.role}: {row.hours:g}" for row in table.itertuples())
        return [
            ("Work counted in", _OF[self.of]),
            ("Hours a year a person is there to work", amount(self.available_hours)),
            ("Share of them for other than this work", f"{self.allowance:.0%}"),
            (f"Hours for each of {_OF[self.of].lower()}", taken or "none"),
        ]


def ask(view: View, known: Network) -> Work:
    """Draw what required staff is worked out from, and return it."""
    there = [name for name in _OF if name in known.needs]
    with st.expander("Working time, and hours of care", icon=":material/schedule:"):
        with st.container(horizontal=True):
            of = st.selectbox(
                "Work counted in", there, key="staffing_work", bind="query-params", width=200,
                format_func=lambda name: _OF[name],
            )  # fmt: skip
            days = st.number_input(
                "Working days a year", 100.0, 366.0, 260.0, 1.0, format="%.0f",
                key="staffing_days", bind="query-params", width=180,
            )  # fmt: skip
            away = st.number_input(
                "Days of holidays, leave, sickness, training", 0.0, 200.0, 41.0, 1.0,
                format="%.0f", key="staffing_away", bind="query-params", width=320,
            )  # fmt: skip
            hours = st.number_input(
                "Hours a day", 1.0, 24.0, 8.0, 0.5, key="staffing_hours", bind="query-params",
                width=140,
            )  # fmt: skip
            other = st.number_input(
                "Time for other than patients (%)", 0.0, 90.0, 0.0, 1.0, format="%.0f",
                key="staffing_other", bind="query-params", width=240,
            )  # fmt: skip
        st.caption("Type over any number: hours of each role that one of these takes.")
        titles = {"unit": "Unit", "role": "Role", "hours": "Hours", "source": "Where it is from"}
        table = _usual(view, known, of).rename(columns=titles)
        typed = pd.DataFrame(
            st.data_editor(
                table, hide_index=True, width="stretch", height=_TABLE,
                key=f"staffing_hours_{of}_{view.key[:12]}",
                disabled=["Unit", "Role", "Where it is from"],
            )
        )  # fmt: skip
    named = typed.rename(columns={title: name for name, title in titles.items()})
    available = planning.available_time(days, other=away, hours_per_day=hours)
    return Work(of, available, other / 100, named[["unit", "role", "hours"]].to_csv(index=False))


def _usual(view: View, known: Network, of: str) -> pd.DataFrame:
    """Return hours by unit and role: as staffing ratios have it where the work is patient-days."""
    usual = planning.staffing_defaults(view.dataset)
    ratio = _DAY / usual["patients_per_staff"]
    table = usual.assign(hours=usual["hours_per_patient_day"].fillna(ratio).round(2))
    table = table[table["role"].isin(known.roles)][["unit", "role", "hours", "source"]]
    if of != "bed_days":
        table = table.assign(hours=float("nan"), source="No source is known: please type it in")
    return table.reset_index(drop=True)


def with_required(view: View, network: Network, work: Work, roles: tuple[str, ...]) -> pd.DataFrame:
    """Return the network's frame with the staff each role is required to have.

    Raises
    ------
    caremap.DataProblem
        Where the hours of a role are not known.
    """
    units: pd.DataFrame = caches.measured(view, measured.workloads, need=work.of)
    hours = pd.read_csv(io.StringIO(work.hours)).astype({"unit": "str", "role": "str"})
    frame = network.frame
    for role in roles:
        mine = hours[hours["role"].eq(role)].set_index("unit")["hours"]
        known = units.assign(hours=units["unit"].map(mine).astype("float64"))
        found = planning.required_staff(known, work.available_hours, allowance=work.allowance)
        if not found.notna().any():
            raise DataProblem(
                f"How many hours of {role} the work takes is not known.",
                f"Type it in under “Working time, and hours of care”, or leave {role} out of the "
                "roles.",
            )
        frame = planning.with_required(frame, role, found)
    return frame
