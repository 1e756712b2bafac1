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
    def table(self) -> pd.DataFrame:
        """The hours as a frame; names as they are: a unit may be called 07, or NA."""
        kinds = {"unit": "str", "role": "str", "hours": "float64"}
        blank = {"unit": [], "role": [], "hours": [""]}
        return pd.read_csv(
            io.StringIO(self.hours), dtype=kinds, keep_default_na=False, na_values=blank
        )

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """The choices, for people to read."""
        table = self.table.dropna(subset=["hours"])
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
    """Return the hours one piece of work usually takes by unit and role, where that is known."""
    units: pd.DataFrame = caches.measured(view, measured.workloads, need=of)
    each = units[["unit"]].drop_duplicates(ignore_index=True)
    table = pd.concat(
        [planning.care_hours(each, role).assign(role=role) for role in known.roles],
        ignore_index=True,
    )
    if of != "bed_days":  # the sources are of patient-days
        table = table.assign(hours=float("nan"), source="No source is known: please type it in")
    shown: pd.DataFrame = table[["unit", "role", "hours", "source"]].round({"hours": 2})
    return shown


def with_required(
    view: View, network: Network, work: Work, roles: tuple[str, ...]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the network's frame with the staff each role is required to have, and these roles.

    Raises
    ------
    caremap.DataProblem
        Where the hours of no role are known.
    """
    units: pd.DataFrame = caches.measured(view, measured.workloads, need=work.of)
    hours, frame, known = work.table, network.frame, []
    for role in roles:
        mine = hours[hours["role"].eq(role)].set_index("unit")["hours"]
        of_role = units.assign(hours=units["unit"].map(mine).astype("float64"))
        found = planning.required_staff(of_role, work.available_hours, allowance=work.allowance)
        if found.notna().any():
            frame = planning.with_required(frame, role, found)
            known.append(role)
    if not known:
        raise DataProblem(
            "How many hours of staff the work takes is not known for any role.",
            "Type them in under “Working time, and hours of care”.",
        )
    return frame, tuple(known)
