"""Beds by stay risk: who is expected, which ward has beds, and where long stays will block them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from caremap import charts, planning
from caremap.charts import Figure
from caremap.planning import Allocation
from caremap.problems import DataProblem
from caremap.ui import allocate_tables as tables
from caremap.ui import caches
from caremap.ui.allocate_asked import Asked, from_data, is_blank, origins_of
from caremap.ui.allocate_columns import Column
from caremap.ui.figures import show
from caremap.ui.recipes import Recipe, settled
from caremap.ui.sidebar import View
from caremap.ui.text import escaped

__all__ = ["ask", "blocked", "held_by_ward", "more", "solve", "typed_over"]

_LEVELS = ("general", "intermediate", "intensive")
_AHEAD = (7, 14, 28)
_NEARLY = 1e-6

_PATIENTS = (
    Column("group", "Patient group", needed=True),
    Column("facility", "Facility", help="Nobody is placed in another one. Empty: in any."),
    Column("department", "Department"),
    Column("level", "Level of care", choices=_LEVELS, needed=True),
    Column("expected", "Patients expected", "whole", needed=True, patients=True),
    Column("stay", "Expected stay (nights)", "number", needed=True),
    Column("risk", "Risk of a long stay (0 to 1)", "number"),
)
_WARDS = (
    Column("ward", "Ward", needed=True),
    Column("facility", "Facility"),
    Column("department", "Department"),
    Column("level", "Level of care", choices=_LEVELS, needed=True),
    Column("beds", "Beds", "whole", needed=True),
    Column("occupied", "Beds taken now", "whole", patients=True),
)
_EXAMPLE_PATIENTS = pd.DataFrame(
    [
        ("Hip fracture", "Surgery", "general", 12, 8.0, 0.45),
        ("Planned surgery", "Surgery", "general", 18, 3.0, 0.08),
        ("Pneumonia", "Medicine", "general", 20, 6.0, 0.30),
        ("Heart failure", "Medicine", "intermediate", 9, 7.0, 0.38),
        ("Sepsis", "Medicine", "intensive", 5, 9.0, 0.60),
    ],
    columns=["group", "department", "level", "expected", "stay", "risk"],
)
_EXAMPLE_WARDS = pd.DataFrame(
    [
        ("Surgical ward", "Surgery", "general", 30, 19),
        ("Medical ward A", "Medicine", "general", 24, 20),
        ("Medical ward B", "Medicine", "general", 18, 9),
        ("Step-down unit", "Medicine", "intermediate", 10, 6),
        ("Intensive care", "Intensive care", "intensive", 8, 5),
    ],
    columns=["ward", "department", "level", "beds", "occupied"],
)


def expected_patients(view: View, days: int) -> pd.DataFrame:
    """Return the patients expected in the next days, by group."""
    return planning.expected_patients(view.dataset, days, as_of=view.as_of_text)


def wards_of(view: View) -> pd.DataFrame:
    """Return the wards of the data with their beds and patients."""
    return planning.wards_of(view.dataset, as_of=view.as_of_text)


def stay_curves(view: View) -> pd.DataFrame:
    """Return how long patients of each group stay."""
    return planning.stay_curves(view.dataset, as_of=view.as_of_text)


def blocked_beds(view: View, horizon: int) -> pd.DataFrame:
    """Return the beds today's patients still hold in the next days."""
    return planning.blocked_beds(view.dataset, horizon, as_of=view.as_of_text)


def ask(view: View) -> Asked | None:
    """Draw the tables; None where filters leave nothing, which is said."""
    days = st.segmented_control(
        "Days ahead", _AHEAD, default=_AHEAD[1], required=True, key="allocate_days",
        bind="query-params",
    )  # fmt: skip
    patients = from_data(view, expected_patients, _EXAMPLE_PATIENTS, days=days)
    wards = from_data(view, wards_of, _EXAMPLE_WARDS)
    if patients is None or wards is None:
        return None
    if {patients.origin, wards.origin} == {"data", "example"}:  # never half of it invented
        why = " ".join(filter(None, [patients.why, wards.why]))
        patients = tables.Start(_EXAMPLE_PATIENTS, "example", why)
        wards = tables.Start(_EXAMPLE_WARDS, "example")
    real = patients.origin == "data"
    with st.expander("Who is expected", expanded=not real, icon=":material/groups:"):
        expected = tables.ask("wards_patients", _PATIENTS, patients, "groups of patients",
                              view.sharing)  # fmt: skip
    with st.expander("The wards", expanded=not real, icon=":material/bed:"):
        there = tables.ask("wards_wards", _WARDS, wards, "wards", view.sharing)
    made = {"patients": expected, "wards": there}
    given = {name: one.frame for name, one in made.items()}
    if real:
        held = held_by_ward(caches.measured(view, blocked_beds, horizon=days))
        curves = _by_group(caches.measured(view, stay_curves))
        taken = typed_over(wards.frame, there.frame, ["ward"], "occupied")
        stays = typed_over(patients.frame, expected.frame, ["group", "facility"], "stay")
        given |= {
            "held": held[~held["ward"].isin(taken)] if "ward" in held else held.head(0),
            "survival": curves[~curves["group"].isin(stays)],
        }
    words = (("Days ahead", str(days)),)
    return Asked(
        "wards", given, {"days": int(days)}, words, "patients", "Patient group", "expected",
        "placed", origins_of(made),
    )  # fmt: skip


def held_by_ward(held: pd.DataFrame) -> pd.DataFrame:
    """Return the beds held with their place as the ward, as the table of wards names it.

    Where the data names no wards, a place is a department, or else a facility.
    """
    finest = next((name for name in ("ward", "department", "facility") if name in held), "ward")
    return held.rename(columns={finest: "ward"})


def _by_group(curves: pd.DataFrame) -> pd.DataFrame:
    """Return curves as rows: a group, a night, and the chance to be in still."""
    return curves.rename_axis("night").reset_index().melt("night", var_name="group").dropna()


def typed_over(
    before: pd.DataFrame, after: pd.DataFrame, keys: list[str], value: str
) -> set[str]:  # fmt: skip
    """Return the names whose value is not what the data says any more: there, what was typed holds.

    The first of the keys is the name.
    """
    was, now = (
        frame.reindex(columns=[*keys, value]).fillna({value: -1.0}).fillna("")
        for frame in (before, after)
    )
    both = now.merge(was.drop_duplicates(keys), "left", keys, suffixes=("", "_was"))
    same = both[value].sub(both[f"{value}_was"]).abs() < _NEARLY
    return set(both.loc[~same.fillna(False), keys[0]])


def solve(asked: Asked, progress: Callable[[str, float], None]) -> Allocation:
    """Return the allocation that is asked for."""
    patients, wards = (
        asked.tables[name].dropna(axis="columns", how="all") for name in ("patients", "wards")
    )
    held = curves = None
    if "held" in asked.tables:
        held = asked.tables["held"]
        rows = asked.tables["survival"]
        curves = pd.DataFrame(rows.set_index(["night", "group"])["value"].unstack())  # noqa: PD010
    return planning.place_patients(
        patients, wards, days=asked.options["days"], survival=curves, held=held, progress=progress
    )


def more(view: View, asked: Asked, made: Allocation) -> None:
    """Where today's long stays will block beds, where the data knows who is in hospital."""
    del made
    if is_blank(view):
        return
    st.header("Where long stays will block beds", anchor=False)
    try:
        frame = caches.measured(view, blocked_beds, horizon=asked.options["days"])
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"))
        return
    if frame.empty:
        st.info("The data does not say who is in hospital now, so nothing can be said of it.")
        return
    days = sorted({int(one) for one in frame["day"]})
    at = days[min(2, len(days) - 1)]  # a week on, all who are in still stay long
    if len(days) > 1:
        at = st.select_slider("Days from now", days, value=at, key="allocate_day")
    show(blocked(frame, at), view)


def blocked(frame: pd.DataFrame, day: int) -> Recipe:
    """The beds that stay blocked on a day ahead."""

    def blocked_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        return charts.blocked_figure(found, day)

    return settled("blocked_beds", str(day), frame, blocked_figure)
