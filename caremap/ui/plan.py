"""The plan of staff moves as the pages share it: worked out once, with what it is made from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.hidden import FEW
from caremap.planning import NEEDS, MovePlan, Need, Network
from caremap.problems import DataProblem
from caremap.ui import caches, measured, working
from caremap.ui.sidebar import View
from caremap.ui.staffing_asked import Asked
from caremap.ui.staffing_work import REQUIRED, with_required
from caremap.ui.working import Told

__all__ = ["COUNTED", "Staffing", "current", "curve_of", "tables_of", "worked_out"]

COUNTED = {"patients": "admissions", "bed_days": "bed_days", "visits": "visits"}
"""Needs that count patients, and what a count of them is called where it is hidden."""

_CURRENT = "plan"


@dataclass(frozen=True)
class Staffing:
    """A plan with what it was asked for and made from.

    ``without`` are roles that were asked for and whose need is not known.
    """

    asked: Asked
    network: Network
    frame: pd.DataFrame
    plan: MovePlan
    sites: pd.DataFrame
    without: tuple[str, ...] = ()

    @property
    def need(self) -> Need:
        """What staff is shared out by, in words."""
        if self.asked.need != REQUIRED:
            return NEEDS[self.asked.need]
        one = planning.need_of(f"{REQUIRED} {self.asked.roles[0]}")
        meaning = "Staff the workload takes: workload by working time, with allowances (WISN)."
        return replace(one, title="Work", meaning=meaning)

    @property
    def tells_of_few(self) -> bool:
        """Whether the need counts patients and is from 1 to 10 at some facility."""
        need = self.asked.need if self.asked.work is None else self.asked.work.of
        if need not in COUNTED:
            return False
        counted = self.sites["need"] if self.asked.work is None else self.network.frame[need]
        return bool(counted.between(1, FEW).any())

    @property
    def notes(self) -> tuple[str, ...]:
        """How need and staff were counted, and what the plan left out."""
        left = (
            f"Left out, as the hours their work takes are not known: {', '.join(self.without)}.",
        )
        said = (*(left if self.without else ()), *self.network.notes, *self.plan.notes)
        return tuple(dict.fromkeys(said))


def worked_out(view: View, asked: Asked) -> Staffing | None:
    """Return the plan; None where it was cancelled, which is said.

    Raises
    ------
    caremap.DataProblem
        Where there can be no plan: see `caremap.planning.plan_moves`.
    """
    network = network_of(view, asked)
    if network is None:
        return None
    wanted = asked.roles
    frame, roles = frame_of(view, asked, network)
    asked = replace(asked, roles=roles)
    needed = need_of(asked)

    def work(told: Told) -> Staffing:
        plan = planning.plan_moves(
            frame, list(asked.roles), needed, progress=working.in_parts(told), **asked.arguments
        )
        sites = planning.site_table(
            frame, list(asked.roles), needed, plan, method=asked.method,
            floor=asked.limits.get("floor", 0),
        )  # fmt: skip
        without = tuple(role for role in wanted if role not in roles)
        return Staffing(asked, network, frame, plan, sites, without)

    made = working.once(f"plan {view.key} {asked.settings}", work, "staffing plan")
    if made is not None:
        st.session_state[_CURRENT] = (view.key, made)
    return made


def network_of(view: View, asked: Asked) -> Network | None:
    """Return the facilities with their need and staff; None where a forecast was cancelled.

    Raises
    ------
    caremap.DataProblem
        Where the need cannot be computed.
    """
    needs = (asked.work.of,) if asked.work is not None else (asked.need,)
    reach = None if asked.catchment == "own" else asked.reach_km
    if asked.need == "forecast":

        def work(told: Told) -> Network:
            return planning.network_of(
                view.dataset, needs=needs, as_of=view.as_of_text, progress=told
            )

        found = working.once(f"network {view.key} {asked.of_network}", work, "forecast")
    else:
        found = caches.measured(view, measured.staffing_network, needs=needs,
                                catchment=asked.catchment, reach_km=reach)  # fmt: skip
    if found is None:
        return None
    for name in needs:
        if why := found.lacking.get(name):
            raise DataProblem(why, NEEDS[name].lacking)
    return found


def frame_of(view: View, asked: Asked, network: Network) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the frame the plan is made of, and the roles there is a need for in it."""
    if asked.work is None:
        return network.frame, asked.roles
    return with_required(view, network, asked.work, asked.roles)


def need_of(asked: Asked) -> str | dict[str, str]:
    """Return the need column: of required staff, one for each role."""
    if asked.need != REQUIRED:
        return asked.need
    return {role: f"{REQUIRED} {role}" for role in asked.roles}


def curve_of(view: View, made: Staffing) -> pd.DataFrame | None:
    """Return fairness against the number of moves; None where it was cancelled."""
    asked = made.asked
    limits = {name: one for name, one in asked.arguments.items() if name != "max_moves"}

    def work(told: Told) -> pd.DataFrame:
        found: pd.DataFrame = planning.moves_curve(
            made.frame, list(asked.roles), need_of(asked), progress=working.in_parts(told), **limits
        )
        return found

    key = f"curve {view.key} {asked.settings}"
    return working.once(key, work, "plans with fewer moves")


def tables_of(made: Staffing, hide: bool) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan for a workbook, see `caremap.planning.plan_tables`.

    Parameters
    ----------
    made
        The plan.
    hide
        Whether a need of few patients is left out, with what it could be worked out from.
    """
    tables = planning.plan_tables(
        made.plan, made.frame, need=need_of(made.asked), settings=dict(made.asked.in_words),
        notes=made.network.notes,
    )  # fmt: skip
    if hide and made.tells_of_few:
        # “Need” is what columns are called where each role has another.
        telling = {made.need.title.casefold(), made.need.unit.casefold(), "need"}
        for name in ("Sites", "Moves"):
            table = tables[name]
            gone = [
                column for column in table
                if column == "Why" or any(word in str(column).casefold() for word in telling)
            ]  # fmt: skip
            tables[name] = table.drop(columns=gone)
        totals = tables["Totals"]  # with the staff of the worst off its ratio is its need
        ratios = totals["Figure"].astype("str").str.contains("per staff member")
        tables["Totals"] = totals[~ratios].reset_index(drop=True)
    return tables


def current(view: View) -> MovePlan | None:
    """Return the plan last made of this view; None where there is none."""
    held = st.session_state.get(_CURRENT)
    return held[1].plan if held is not None and held[0] == view.key else None
