"""The parts of the Scenarios page, from what a surge does to when a service breaks even."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.charts.look import short_number
from caremap.planning import BASELINE
from caremap.ui import (
    card_row,
    downloads,
    scenario_breakeven,
    scenario_needs,
    scenario_report,
    scenario_sharing,
    scenario_waiting,
    scenario_work,
)
from caremap.ui import scenario_recipes as recipes
from caremap.ui.figures import show
from caremap.ui.scenario_work import Made
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, day, escaped

__all__ = ["PARTS", "headline"]

_TENS, _MILLION = 10_000, 1_000_000
"""Between these a card writes thousands: two figures and an arrow have to fit in it."""
_LARGE = 1000
"""From which a number on the screen needs no decimals."""


def scenarios(view: View) -> None:
    """Scenarios beside the baseline."""
    made = scenario_work.worked_out(view)
    if made is None:
        return
    headline(made)
    if (sites := _sites(view)) > 1:
        st.info(
            f"The beds of {sites:,} facilities are taken as one here: a patient finds any that is "
            "free. Choose a facility in the sidebar to see it alone; “Needed and there” has each.",
            icon=":material/domain:",
        )
    show(recipes.census(made), view)
    if titles := recipes.compared(made):
        figure = st.selectbox(
            "Compare", list(titles), key="scenario_compared", bind="query-params", width=300,
            format_func=lambda name: titles.get(name, name),
        )  # fmt: skip
        show(recipes.differences(made, figure), view)
    _tables(view, made)
    _said(made)
    with st.container(key="screen_only_report"):
        scenario_report.offer(view, made)


def _sites(view: View) -> int:
    """Return how many facilities are looked at together."""
    stays = view.dataset.stays
    if stays is None or "facility" not in stays:
        return 0
    return len(stays["facility"].dropna().drop_duplicates())


def headline(made: Made) -> None:
    """Draw what a manager reads: the hardest scenario beside the baseline."""
    summary = made.run.summary
    cards = [
        _card(summary, "peak_high_90", "Patients on the fullest day",
              lambda row: f"nine futures of ten have at most that many on {day(row['peak_date'])}"),
        _card(summary, "beds_short", "Beds short at the peak",
              lambda row: "beds are not known" if pd.isna(row["beds"])
              else f"of {amount(row['beds'])} staffed beds, in nine futures of ten at most"),
        _card(summary, "staff_short", "Staff short on the worst day",
              lambda row: "full-time posts, all roles" if pd.notna(row["staff_short"])
              else "staff is not known"),
        _card(summary, "cost", "Cost of these days",
              lambda row: f"for {amount(row['bed_days'])} bed-days" if pd.notna(row["cost"])
              else "type in what a bed-day costs"),
    ]  # fmt: skip
    card_row.draw(cards)


def _card(
    summary: pd.DataFrame, name: str, title: str, told: Callable[[Mapping[str, Any]], str]
) -> tuple[str, str, str]:
    """Return the baseline's figure and the worst of the scenarios, and what they are of."""
    values, rows = summary[name], {str(key): dict(row) for key, row in summary.iterrows()}
    changed = values.drop(BASELINE).dropna()
    base = float(values[BASELINE])
    if changed.empty or (changed.max() <= base and name != "cost"):
        same = "" if changed.empty else "in the baseline; no scenario has more: "
        return title, _short(base), f"{same}{told(rows[BASELINE])}"
    worst = str(changed.idxmax())
    now, then = _short(base), _short(float(changed.max()))
    return title, f"{now} → {then}", f"baseline → {worst}: {told(rows[worst])}"


def _short(value: float) -> str:
    """Write a figure that has room beside another one."""
    if math.isnan(value):
        return NONE
    if _TENS <= abs(value) < _MILLION and abs(round(value, -3)) < _MILLION:
        return f"{amount(value / 1000)}k"
    return short_number(value)


def _tables(view: View, made: Made) -> None:
    """Show every scenario's figures, its staff and its departments."""
    del view
    tables = planning.scenario_tables(made.run)
    titles = {
        "Summary": "Every scenario in figures", "Differences": "Differences to the baseline",
        "Staff": "Staff by role",
        "Departments": "Beds by department", "Days": "Day by day",
    }  # fmt: skip
    for name, title in titles.items():
        if name in tables and not tables[name].empty:
            with st.expander(title, expanded=name == "Summary"):
                downloads.table(_written(tables[name]), title, f"scenario_{name.lower()}",
                                f"scenarios_{name.lower()}", raw=tables[name])  # fmt: skip


def _written(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table for the screen: a column of dates and numbers alike holds them as text."""
    mixed = [name for name in table if table[name].dtype == object]

    def text(value: object) -> str:
        if isinstance(value, float | int):
            return amount(float(value), 0 if math.isnan(value) or abs(value) >= _LARGE else 1)
        return NONE if pd.isna(value) else str(value)  # type: ignore[call-overload]

    return table.assign(**{str(name): table[name].map(text) for name in mixed}).round(1)


def _said(made: Made) -> None:
    """Say what changes in each scenario, what is assumed, and what is not known."""
    with st.expander("What changes in each scenario"):
        for one in made.scenarios:
            st.markdown(f"**{escaped(one.name)}**: {escaped(' '.join(planning.in_words(one)))}")
            if note := planning.PRESET_NOTES.get(one.name):
                st.caption(escaped(note))
    with st.expander("What all of it assumes"):
        st.markdown("\n".join(f"- {escaped(one)}" for one in made.run.assumptions))
    if made.run.notes:
        st.markdown("\n".join(f"- {escaped(note)}" for note in made.run.notes))


Part = Callable[[View], None]

PARTS: Mapping[str, Part] = {
    "Scenarios": scenarios,
    "Needed and there": scenario_needs.needs,
    "Sharing beds": scenario_sharing.share,
    "Waiting": scenario_waiting.wait,
    "Breakeven": scenario_breakeven.breakeven,
}
"""The parts of the page, by what they are called."""
