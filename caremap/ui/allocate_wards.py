"""Beds by stay risk: who is expected, which ward has beds, and where long stays will block them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st

from caremap import charts, planning
from caremap.charts import Figure
from caremap.planning import Allocation
from caremap.problems import DataProblem
from caremap.ui import allocate_stays, caches
from caremap.ui import allocate_tables as tables
from caremap.ui.allocate_asked import Asked, from_data, is_blank, origins_of
from caremap.ui.allocate_columns import Column
from caremap.ui.allocate_stays import Stays
from caremap.ui.allocate_tables import Start
from caremap.ui.figures import show
from caremap.ui.recipes import Recipe, settled
from caremap.ui.sidebar import View
from caremap.ui.text import escaped

__all__ = ["ask", "blocked", "held_by_ward", "more", "solve", "typed_over"]

_LEVELS = ("general", "intermediate", "intensive")
_AHEAD = (7, 14, 28)
_NEARLY = 1e-6
_ALL = "All facilities"
_SECONDS, _SECONDS_FOR_ALL = 20.0, 60.0  # to search for the best

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


def wards_of(view: View) -> pd.DataFrame:
    """Return the wards of the data with their beds and patients."""
    return planning.wards_of(view.dataset, as_of=view.as_of_text)


def ask(view: View) -> Asked | None:
    """Draw the tables; None where filters leave nothing, which is said."""
    days = st.segmented_control(
        "Days ahead", _AHEAD, default=_AHEAD[1], required=True, key="allocate_days",
        bind="query-params",
    )  # fmt: skip
    stays = allocate_stays.ask(view)

    def expected_patients(view: View, days: int, settings: str) -> pd.DataFrame:
        del settings
        return allocate_stays.expected_patients(view, days, stays)

    patients = from_data(
        view, expected_patients, _EXAMPLE_PATIENTS, days=days, settings=stays.settings
    )
    wards = from_data(view, wards_of, _EXAMPLE_WARDS)
    if patients is None or wards is None:
        return None
    if {patients.origin, wards.origin} == {"data", "example"}:  # never half of it invented
        why = " ".join(filter(None, [patients.why, wards.why]))
        patients = Start(_EXAMPLE_PATIENTS, "example", why)
        wards = Start(_EXAMPLE_WARDS, "example")
    real = patients.origin == "data"
    facility = _facility(patients, wards) if real else ""
    if facility:
        patients, wards = (
            replace(one, frame=one.frame[one.frame["facility"].eq(facility)])
            for one in (patients, wards)
        )
    with st.expander("Who is expected", expanded=not real, icon=":material/groups:"):
        expected = tables.ask("wards_patients", _PATIENTS, patients, "groups of patients",
                              view.sharing)  # fmt: skip
    with st.expander("The wards", expanded=not real, icon=":material/bed:"):
        there = tables.ask("wards_wards", _WARDS, wards, "wards", view.sharing)
    made = {"patients": expected, "wards": there}
    given = {name: one.frame for name, one in made.items()}
    if real:
        held = held_by_ward(_held(view, days, stays))
        curves = _by_group(_curves(view, stays))
        taken = typed_over(wards.frame, there.frame, ["ward"], "occupied")
        changed = typed_over(patients.frame, expected.frame, ["group", "facility"], "stay")
        given |= {
            "held": held[held["ward"].isin(set(there.frame["ward"]) - taken)],
            "survival": curves[~curves["group"].isin(changed)],
        }
    if facility:
        given = {name: _of_one(frame, facility) for name, frame in given.items()}
    words = (
        ("Days ahead", str(days)),
        *([("Facility", facility)] if facility else []),
        *([("Lengths of stay", stays.in_words)] if real else []),
    )
    options = {"days": int(days), "seconds": _SECONDS if facility else _SECONDS_FOR_ALL}
    return Asked(
        "wards", given, options, words, "patients", "Patient group", "expected",
        "placed", origins_of(made),
    )  # fmt: skip


def _facility(patients: Start, wards: Start) -> str:
    """Let one facility be chosen, the one with most patients first; empty: all together.

    Patients do not lie in another hospital's ward, so each is a question of its own.
    """
    if "facility" not in patients.frame:
        return ""
    expected = patients.frame.groupby("facility")["expected"].sum()
    there = expected[expected.index.isin(set(wards.frame.loc[wards.frame["beds"].notna(),
                                                            "facility"]))]  # fmt: skip
    if len(there) < 2:  # noqa: PLR2004
        return ""
    names = list(there.sort_values(ascending=False, kind="stable").index)
    chosen = st.selectbox(
        "Facility", [*names, _ALL], key="allocate_facility", bind="query-params", width=320
    )
    if chosen == _ALL:
        st.caption(
            f"All {len(names):,} facilities, each by itself: nobody is placed in another one's "
            "ward. This takes longer than one facility."
        )
        return ""
    st.caption(
        escaped(
            f"{chosen} alone, with {expected[chosen]:,.0f} of the {expected.sum():,.0f} patients "
            "expected in all facilities. Nobody is placed in another one's ward, so each facility "
            "is placed by itself."
        )
    )
    return str(chosen)


def _of_one(table: pd.DataFrame, facility: str) -> pd.DataFrame:
    """Return a table of one facility without its name, which stands above: names stay short."""
    short = table.drop(columns="facility", errors="ignore")
    if "ward" in short:
        names = short["ward"].map(lambda name: str(name).removesuffix(f", {facility}"))
        short = short.assign(ward=names.astype("str"))
    return short


def _held(view: View, days: int, stays: Stays) -> pd.DataFrame:
    """Return the beds today's patients still hold in the next days."""

    def blocked_beds(view: View, horizon: int, settings: str) -> pd.DataFrame:
        del settings
        return allocate_stays.blocked_beds(view, horizon, stays)

    found: pd.DataFrame = caches.measured(
        view, blocked_beds, horizon=days, settings=stays.settings
    )  # fmt: skip
    return found


def _curves(view: View, stays: Stays) -> pd.DataFrame:
    """Return how long patients of each group stay."""

    def stay_curves(view: View, settings: str) -> pd.DataFrame:
        del settings
        return allocate_stays.stay_curves(view, stays)

    found: pd.DataFrame = caches.measured(view, stay_curves, settings=stays.settings)
    return found


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
        frame.reindex(columns=[*keys, value])
        .astype(dict.fromkeys(keys, "object"))
        .fillna({value: -1.0, **dict.fromkeys(keys, "")})
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
        patients, wards, survival=curves, held=held, progress=progress, **asked.options
    )


def more(view: View, asked: Asked, made: Allocation) -> None:
    """Where today's long stays will block beds, where the data knows who is in hospital."""
    del made
    if is_blank(view):
        return
    st.header("Where long stays will block beds", anchor=False)
    try:
        frame = asked.tables.get("held")
        if frame is None:
            frame = _held(view, asked.options["days"], Stays())
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
