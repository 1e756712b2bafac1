"""Scarce resources: who is to have them, how much good each does, and what there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.planning import Allocation
from caremap.problems import DataProblem
from caremap.ui import allocate_tables as tables
from caremap.ui.allocate_asked import Asked, origins_of, percent
from caremap.ui.allocate_columns import Column
from caremap.ui.allocate_tables import Start
from caremap.ui.sidebar import View

__all__ = ["GROUPS", "ask", "floors_of", "solve"]

_ALL = 100.0
_RESOURCES = ("ventilators", "courses of medicine", "nurse shifts", "units")

GROUPS = (
    Column("area", "Area", needed=True),
    Column("group", "Patient group", needed=True),
    Column("period", "Period", help="A week or a day, as text; empty where there is only one."),
    Column("demand", "Units wanted", "whole", needed=True),
    Column("outcome", "Good outcomes gained per unit", "number", needed=True,
           help="How much one unit raises the chance of a good outcome, 0 to 1."),
    Column("cost", "Cost per unit", "number", help="Needed where there is a budget."),
)  # fmt: skip
"""The columns of the table of groups."""

_SUPPLY = (
    Column("period", "Period", help="As in the table of groups; empty where there is only one."),
    Column("units", "Units there are", "whole", needed=True),
    Column("budget", "Budget", "number", help="In the currency of the costs; empty: no budget."),
)

_PROMISES = (
    Column("area", "Area", needed=True),
    Column("share", "Promised (% of what it wants)", "number", needed=True),
)

_EXAMPLE = pd.DataFrame(
    [
        ("North", "Severe pneumonia", 14, 0.42, 900.0),
        ("North", "After surgery", 8, 0.18, 600.0),
        ("South", "Severe pneumonia", 10, 0.38, 900.0),
        ("South", "Injuries", 6, 0.55, 1100.0),
        ("Coast", "Severe pneumonia", 7, 0.21, 1300.0),
    ],
    columns=["area", "group", "demand", "outcome", "cost"],
)
_EXAMPLE_SUPPLY = pd.DataFrame({"units": [28], "budget": [28_000.0]})


def ask(view: View) -> Asked | None:
    """Draw the tables and the settings."""
    del view  # no file says what good a unit does: that is the user's to say
    with st.container(horizontal=True, vertical_alignment="bottom"):
        resource = st.selectbox(
            "What is scarce", _RESOURCES, key="allocate_scarce", bind="query-params", width=220
        )
        floor = percent(
            "Promised to every area (%)", "allocate_floor", 30.0,
            help_="Of what the area wants: kept before outcomes count.",
        )  # fmt: skip
        carry = st.toggle(
            "What is not used is kept for later", True, key="allocate_carry", bind="query-params",
            help="Goods keep; hours of staff do not. It matters where there are several periods.",
        )  # fmt: skip
    with st.expander("Who wants how much, and what good it does", expanded=True,
                     icon=":material/table:"):  # fmt: skip
        why = "No file says what good a unit does: that is for clinicians to say."
        groups = tables.ask("scarce_groups", GROUPS, Start(_EXAMPLE, "example", why), "groups")
    with st.expander("What there is", expanded=True, icon=":material/inventory_2:"):
        supply = tables.ask("scarce_supply", _SUPPLY, Start(_EXAMPLE_SUPPLY, "example"), "periods")
    with st.expander("Areas that are promised something else", icon=":material/handshake:"):
        empty = Start(pd.DataFrame(), "example")
        promises = tables.ask("scarce_promises", _PROMISES, empty, "areas")
    words = (
        ("What is scarce", resource),
        ("Promised to every area", f"{floor:.0%} of what it wants"),
        ("What is not used", "is kept for later periods" if carry else "is lost"),
    )
    made = {"groups": groups, "supply": supply, "promises": promises}
    return Asked(
        "scarce", {name: one.frame for name, one in made.items()},
        {"floors": floor, "carry": bool(carry)}, words, resource, "Area", "wanted",
        origins=origins_of(made),
    )  # fmt: skip


def solve(asked: Asked, progress: Callable[[str, float], None]) -> Allocation:
    """Return the allocation that is asked for."""
    groups = asked.tables["groups"].dropna(axis="columns", how="all")
    supply = asked.tables["supply"]
    return planning.scarce(
        groups, _supply(supply), budget=_budget(supply), floors=floors_of(asked),
        carry=asked.options["carry"], progress=progress,
    )  # fmt: skip


def floors_of(asked: Asked) -> pd.DataFrame | None:
    """Return the share of its demand each area is promised; None where nothing is."""
    promises = asked.tables["promises"].dropna()
    if (promises["share"] > _ALL).any():
        raise DataProblem("An area is promised more than 100 %.", "Type in a share, 0 to 100.")
    areas = asked.tables["groups"]["area"].dropna().drop_duplicates()
    if unknown := sorted(set(promises["area"]) - set(areas)):
        raise DataProblem(f"“{unknown[0]}” is promised something and is no area of the groups.",
                          "Write it as it is written there.")  # fmt: skip
    typed = promises.drop_duplicates("area", keep="last").set_index("area")["share"] / _ALL
    shares = areas.map(typed).fillna(asked.options["floors"]).astype("float64")
    if not shares.gt(0).any():
        return None
    return pd.DataFrame({"area": areas, "share": shares}).reset_index(drop=True)


def _supply(supply: pd.DataFrame) -> Any:
    """Return a number where there is one period without a name, else a row for each."""
    if supply["period"].isna().all():
        return int(supply["units"].fillna(0).sum())
    return supply[["period", "units"]].fillna({"units": 0})


def _budget(supply: pd.DataFrame) -> Any:
    """Return the budget in the same manner; None where there is none."""
    if supply["budget"].isna().all():
        return None
    if supply["period"].isna().all():
        return float(supply["budget"].sum())
    return supply[["period", "budget"]].dropna()
