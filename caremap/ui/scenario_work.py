"""The scenarios, run: what they start from, what they cost, and their run, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.planning import Scenario, ScenarioRun
from caremap.planning.scenario_text import to_text
from caremap.problems import DataProblem
from caremap.ui import caches, measured, outlook, scenario_set, working
from caremap.ui.outlook import Outlook
from caremap.ui.sidebar import View
from caremap.ui.text import amount, escaped
from caremap.ui.working import Told

__all__ = ["Made", "Money", "ahead", "ask_money", "has_stays", "one_of", "worked_out"]

_DAYS = {"14 days": 14, "28 days": 28, "56 days": 56, "84 days": 84}
_USUAL = 28
"""Days ahead where nobody chooses them."""
_MOST_MONEY = 1e9


@dataclass(frozen=True)
class Money:
    """What a bed-day costs and a case brings, None where it is not known; hours of a post."""

    cost_per_day: float | None = None
    price_per_case: float | None = None
    hours_per_week: float = 40.0
    cost_of_data: bool = False
    """Whether the cost of a bed-day is that of the data, as in `caremap.planning.CostBasis`."""

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """The choices, for people to read."""
        told = {
            "Cost per bed-day": self.cost_per_day, "Price per case": self.price_per_case,
        }  # fmt: skip
        money = [
            (title, "not known" if one is None else amount(one, 2)) for title, one in told.items()
        ]
        return [*money, ("Hours in a full-time week", f"{self.hours_per_week:g}")]


@dataclass(frozen=True)
class Made:
    """A run of scenarios, and what it was made from."""

    outlook: Outlook
    scenarios: tuple[Scenario, ...]
    money: Money
    run: ScenarioRun

    @property
    def settings(self) -> str:
        """Everything the run depends on beside the view."""
        return f"{self.outlook.asked.settings} {to_text(self.scenarios)} {self.money}"


def has_stays(view: View) -> bool:
    """Return whether patients can be followed from admission to discharge; if not, say so."""
    if view.dataset.stays is None:
        st.info(
            "This follows patients from admission to discharge: it takes a file with one row per "
            "stay. Counts do not say how long anyone stays.",
            icon=":material/block:",
        )
    return view.dataset.stays is not None


def ahead(view: View) -> Outlook | None:
    """Let the user choose how far ahead, and return the forecast; None where there is none."""
    horizon = st.selectbox(
        "Days ahead", list(_DAYS), index=1, key="scenario_days", bind="query-params", width=130
    )
    country, region = caches.measured(view, measured.home)
    asked = outlook.Asked("admissions", "day", _DAYS[horizon], country, region)
    return outlook.worked_out(view, asked)


def ask_money(view: View) -> Money:
    """Draw what a bed-day costs and a case brings, in a pop-over."""
    usual = _cost_per_day(view)
    with st.popover("Costs and hours", icon=":material/payments:"):
        cost = st.number_input(
            "Cost of a bed-day", 0.0, _MOST_MONEY, usual, key=f"scenario_cost_{usual}",
            format="%.2f", placeholder="not known",
            help="From the data where it has costs: the cost of the stays over their nights. In "
            "the currency of the data.",
        )  # fmt: skip
        price = st.number_input(
            "Price of a case", 0.0, _MOST_MONEY, None, key="scenario_price", format="%.2f",
            placeholder="not known", persist_state="session",
            help="What one admission is paid on average. Charges are not what is paid, so they "
            "are not taken for it.",
        )  # fmt: skip
        week = st.number_input(
            "Hours in a full-time week", 10.0, 80.0, 40.0, 0.5, key="scenario_week",
            bind="query-params",
        )  # fmt: skip
    return Money(cost, price, week, cost is not None and cost == usual)


def _cost_per_day(view: View) -> float | None:
    """Return the cost of a bed-day as the data has it; None where it does not."""
    try:
        found = caches.measured(view, measured.cost_basis).per_bed_day
    except DataProblem:
        return None
    return None if pd.isna(found) else round(float(found), 2)


def worked_out(view: View) -> Made | None:
    """Draw the choices and return the run; None where there is none, which is said."""
    if not has_stays(view):
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        of = ahead(view)
        if of is None:
            return None
        money = ask_money(view)
    scenarios = scenario_set.ask(_presets(view, of))
    try:
        run = _run(view, of, scenarios, money)
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"), icon=":material/block:")
        return None
    return None if run is None else Made(of, scenarios, money, run)


def one_of(view: View, key: str) -> Made | None:
    """Let one of the scenarios be chosen, and return its run; None where there is none.

    Parameters
    ----------
    view
        What is looked at.
    key
        Of the widget: the link carries which is chosen.
    """
    country, region = caches.measured(view, measured.home)
    of = outlook.worked_out(view, outlook.Asked("admissions", "day", _USUAL, country, region))
    if of is None:
        return None
    scenarios = {one.name: one for one in scenario_set.known(_presets(view, of))}
    name = st.selectbox(
        "Scenario", list(scenarios), key=key, bind="query-params", width=320,
        help="Those of the Scenarios page, as they are edited there, over the next "
        f"{_USUAL} days.",
    )  # fmt: skip
    chosen, money = (scenarios[name],), Money()
    run = _run(view, of, chosen, money)
    return None if run is None else Made(of, chosen, money, run)


def _run(
    view: View, of: Outlook, scenarios: tuple[Scenario, ...], money: Money
) -> ScenarioRun | None:  # fmt: skip
    """Return the run of some scenarios; None where it was cancelled."""

    def work(told: Told) -> ScenarioRun:
        stays = view.dataset.stays
        by = "department" if stays is not None and "department" in stays else None
        return planning.run_scenarios(
            view.dataset, of.forecast, scenarios, by=by, staff=view.dataset.staff,
            cost_per_day=None if money.cost_of_data else money.cost_per_day,
            price_per_case=money.price_per_case, hours_per_week=money.hours_per_week,
            as_of=view.as_of_text, progress=working.in_parts(told),
        )  # fmt: skip

    key = f"scenarios {view.key} {of.asked.settings} {to_text(scenarios)} {money}"
    return working.once(key, work, "scenarios")


def _presets(view: View, of: Outlook) -> tuple[Scenario, ...]:
    dates = of.forecast.frame["date"]
    shares = planning.intensive_defaults(view.dataset)["value"]
    return planning.presets(
        dates.iloc[0], dates.iloc[-1], _beds(view),
        icu_share=float(shares["icu_share"]), ventilated_share=float(shares["ventilated_share"]),
    )  # fmt: skip


def _beds(view: View) -> pd.Series | None:
    """Return staffed beds by department, as last known; None where they are not."""
    stays = view.dataset.stays
    if stays is None or "department" not in stays:
        return None
    known = caches.measured(view, measured.census, by="department").dropna(subset="staffed")
    if known.empty:
        return None
    found: pd.Series = known.groupby("department")["staffed"].last()
    return found
