"""The parts of the breakdown page: each draws its figures from what the data has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from caremap.measures import MEASURES
from caremap.measures.windows import dates_in_doubt
from caremap.ui import caches, measured, recipes, standouts
from caremap.ui.figures import show
from caremap.ui.recipes import Every, Recipe
from caremap.ui.sections import every_of, filled, side_by_side
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, title_of

__all__ = [
    "PARTS", "cells_of", "columns_of", "first_of", "known_measures", "offered", "readable",
    "volume_of", "without",
]  # fmt: skip

_VOLUMES = ("admissions", "visits", "discharges")
_CHOICES = (
    *_VOLUMES, "cost", "mean_cost", "charges", "length_of_stay", "median_stay", "waiting",
    "satisfaction", "readmission", "team_score",
)  # fmt: skip
_OVER_TIME = (*_VOLUMES, "cost", "mean_cost", "length_of_stay", "satisfaction", "team_score")
_ALONE = ("treatment", "age_band")  # columns with a place of their own above the others
_AT_ONCE = 8  # distributions drawn before the user asks for more
_READABLE = 30  # groups a column may have, however few rows each; more need rows of their own
_ROWS_EACH = 10
_CELLS = 40  # columns of a heat map that can be read
_WITHOUT = {
    "treatment": "treatment", "diagnosis": "diagnosis", "age": "age", "gender": "gender",
    "department": "department", "facility": "facility", "region": "region",
    "insurance": "insurance", "admission_type": "admission type", "outcome": "outcome",
    "cost": "cost", "length_of_stay": "length of stay", "satisfaction": "satisfaction",
    "waiting_minutes": "waiting time",
}  # fmt: skip


def columns_of(view: View) -> list[str]:
    """Return the columns the data can be broken down by, in the order people want them."""
    return [str(name) for name in caches.measured(view, measured.dimensions)["column"]]


def readable(view: View) -> list[str]:
    """Return the columns whose groups say something: few groups, or many rows in each.

    Of 8,639 hospitals with a stay or two each, or of ZIP codes, nothing is drawn unless
    asked for.
    """
    known = caches.measured(view, measured.dimensions)
    enough = known["groups"].le(_READABLE) | (known["known"] / known["groups"]).ge(_ROWS_EACH)
    return [str(name) for name in known.loc[enough & known["column"].ne("zip"), "column"]]


def first_of(view: View, wanted: tuple[str, ...]) -> str | None:
    """Return the column to begin with: of those wanted, else any; readable ones first."""
    columns, best = columns_of(view), readable(view)
    names = [*(n for n in wanted if n in best), *best, *(n for n in wanted if n in columns),
             *columns]  # fmt: skip
    return next(iter(names), None)


def known_measures(view: View, names: tuple[str, ...] = _CHOICES) -> dict[str, str]:
    """Return the measures the data gives, by their title."""
    overall = caches.measured(view, measured.headline)["overall"]
    return {MEASURES[name].title: name for name in names if pd.notna(overall.get(name))}


def volume_of(view: View) -> str:
    """Return what counts those who came: admissions, else visits, else discharges."""
    return next(iter(known_measures(view, _VOLUMES).values()), "admissions")


def without(view: View) -> str:
    """Return what the data has no column for, in one sentence; empty where it has all."""
    gone = [words for column, words in _WITHOUT.items() if not filled(view, column)]
    if "age" in gone and filled(view, "age_band"):
        gone.remove("age")
    return f"The data has no column for: {', '.join(gone)}." if gone else ""


# --- who was treated for what ---------------------------------------------------------------


def groups(view: View) -> None:
    """Treatments and ages first, then any column against any measure."""
    columns, known = columns_of(view), set(known_measures(view).values())
    volume = volume_of(view)
    both = (volume, "cost") if "cost" in known else (volume,)
    if "treatment" in columns:
        st.header("Treatments", anchor=False)
        means = tuple(name for name in ("mean_cost", "length_of_stay") if name in known)
        _beside([both, means], lambda names: recipes.bars("treatment", names), view)
    if "age_band" in columns:
        st.header("Age", anchor=False)
        drawn = [recipes.bars("age_band", both, top=24, in_order=True)]
        if "gender" in columns:
            drawn.append(recipes.pyramid(volume))
        side_by_side([partial(show, recipe, view) for recipe in drawn])
    if others := [name for name in columns if name not in _ALONE]:
        _distributions(view, others)


def _beside(
    which: list[tuple[str, ...]], recipe: Callable[[tuple[str, ...]], Recipe], view: View
) -> None:
    side_by_side([partial(show, recipe(names), view) for names in which if names])


def _distributions(view: View, columns: list[str]) -> None:
    alone = len(columns) == len(columns_of(view))
    st.header("By column" if alone else "Every other column", anchor=False)
    best = [name for name in readable(view) if name in columns]
    choices = known_measures(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.selectbox(
            "Measure", list(choices), key="breakdown_measure", bind="query-params", width=280
        )
        chosen = st.multiselect(
            "Columns", columns, default=best[:_AT_ONCE], key="breakdown_columns",
            format_func=title_of, width="stretch",
        )  # fmt: skip
    side_by_side(
        [partial(show, recipes.bars(name, (choices[title],), top=10), view) for name in chosen]
    )
    _unasked(view, [name for name in columns if name not in (*best, *chosen)])


def _unasked(view: View, columns: list[str]) -> None:
    """Say which columns have too many groups to be drawn unasked."""
    groups = caches.measured(view, measured.dimensions).set_index("column")["groups"]
    if named := ", ".join(f"{title_of(name)} ({groups[name]:,})" for name in columns):
        st.caption(
            f"Not drawn unless chosen above, as most groups have few rows: {escaped(named)}. "
            "“Narrow this page” searches them."
        )


def crossed(view: View) -> None:
    """Any two columns crossed."""
    columns, choices = columns_of(view), known_measures(view)
    if len(columns) < 2 or not choices:
        st.caption("Crossing takes two columns to group by: the data has fewer.")
        return
    first = first_of(view, ("department", "treatment", "diagnosis")) or columns[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = _pick_column("Rows", columns, "cross_rows", first)
        others = [name for name in columns if name != by]
        best = [name for name in readable(view) if name != by]
        wanted = (name for name in ("facility", "gender", "region") if name in best)
        second = next(wanted, (best or others)[0])
        then = _pick_column("Columns", others, "cross_columns", second)
        title = st.selectbox(
            "Measure", list(choices), key="cross_measure", bind="query-params", width=280
        )
    show(recipes.crossed(by, then, choices[title]), view)


def _pick_column(label: str, columns: list[str], key: str, default: str) -> str:
    if st.session_state.get(key) not in columns:
        st.session_state.pop(key, None)
    return st.selectbox(
        label, columns, index=columns.index(default), key=key, width=220,
        format_func=title_of,
    )  # fmt: skip


# --- at what cost, when ---------------------------------------------------------------------


def cost(view: View) -> None:
    """How amounts are distributed, and how they move with months and seasons."""
    values = known_measures(view, ("cost", "charges"))
    if not values:
        st.caption("No column holds costs or charges.")
        return
    columns = columns_of(view)
    first = first_of(view, ("treatment", "diagnosis", "department"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.selectbox("Amount", list(values), key="cost_value", width=220)
        by = _pick_column("By", columns, "cost_by", first or columns[0]) if columns else None
    if by is not None and view.dataset.stays is not None and values[title] in view.dataset.stays:
        show(recipes.spread(by, values[title]), view)
    if by is None or not _dated(view):
        return
    mean = "mean_cost" if title == MEASURES["cost"].title else values[title]
    show(recipes.over_months(by, mean, cells_of(view)), view)
    _seasons(by, mean, view)


def over_time(view: View) -> None:
    """Volume by group, month by month and season by season."""
    columns = columns_of(view)
    choices = known_measures(view, _OVER_TIME)
    if not columns or not choices or not _dated(view):
        st.caption("Without dates, or a column to group by, there is nothing over time by group.")
        return
    first = first_of(view, ("department", "facility", "region")) or columns[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.selectbox("Measure", list(choices), key="group_measure", width=280)
        by = _pick_column("By", columns, "group_by", first)
    show(recipes.group_trend(by, choices[title], every_of(view)), view)
    where = "region" if "region" in readable(view) and by == first else by
    _seasons(where, choices[title], view)


def _seasons(by: str, name: str, view: View) -> None:
    """Draw a measure by season, where whole days of a season give it."""
    recipe = recipes.seasons(by, name)
    frame = caches.measured(view, recipe.work, **recipe.given)
    column = f"{name}_per_day" if MEASURES[name].kind == "flow" else name
    if column in frame and frame[column].notna().any():
        show(recipe, view)


def _dated(view: View) -> bool:
    """Whether months mean something; where dates are in doubt it is said."""
    if doubt := dates_in_doubt(view.dataset):
        st.info(escaped(doubt))
        return False
    return view.dataset.span is not None


def cells_of(view: View) -> Every:
    """Return the shortest period that leaves columns one can read."""
    span, every = view.dataset.span, every_of(view)
    if span is None:
        return every
    days = (span[1] - span[0]).days + 1
    lengths: dict[Every, int] = {"week": 7, "month": 30, "quarter": 91}
    fitting = [name for name, one in lengths.items() if days / one <= _CELLS]
    order: list[Every] = ["week", "month", "quarter", "year"]
    return max(next(iter(fitting), "year"), every, key=order.index)


# --- with what result -----------------------------------------------------------------------


def outcomes(view: View) -> None:
    """Who left alive and who came back, with the interval chance leaves."""
    columns = columns_of(view)
    first = first_of(view, ("region", "facility", "department"))
    if first is None:
        st.caption("No column to group by.")
        return
    by = _pick_column("By", columns, "outcome_by", first)
    survived = filled(view, "outcome") and view.dataset.stays is not None
    if survived and caches.measured(view, measured.survival, by=by)["n"].sum():
        show(recipes.survival(by), view)
    elif survived:
        st.caption("No outcome says that a patient died, so there is no survival.")
    if known_measures(view, ("readmission",)):
        show(recipes.readmissions(by), view)
    if "outcome" in columns:
        st.header("Outcomes as recorded", anchor=False)
        show(recipes.bars("outcome", (volume_of(view),)), view)
        if by != "outcome":
            show(recipes.crossed(by, "outcome", volume_of(view)), view)


def needs(view: View) -> None:
    """How age, gender, region and payer go with stay, cost, intensive care and readmission."""
    if caches.measured(view, measured.relations).empty:
        st.caption(
            "This takes stays with an age, gender, region or payer, and a length of stay, cost, "
            "intensive care or readmission."
        )
        return
    show(recipes.relations(), view)


def satisfaction(view: View) -> None:
    """Satisfaction and team scores by department, over time and by facility."""
    scale = _scale(view)
    by = first_of(view, ("department", "ward", "facility"))
    if by is None:
        st.caption("No column to group by.")
        return
    dated = _dated(view)
    for name in known_measures(view, ("satisfaction", "team_score")).values():
        st.header(MEASURES[name].title, anchor=False)
        if dated:
            show(recipes.over_months(by, name, cells_of(view), scale), view)
        else:
            show(recipes.bars(by, (name,)), view)
        if name == "satisfaction" and by != "facility" and "facility" in readable(view):
            show(recipes.crossed(by, "facility", name, scale), view)
    if known_measures(view, ("team_score",)) and dated:
        show(recipes.over_months(by, volume_of(view), cells_of(view)), view)


def _scale(view: View) -> str:
    """Return the scale satisfaction is supplied on, as far as the values say."""
    for table in (view.whole.stays, view.whole.activity):
        if table is not None and "satisfaction" in table and table["satisfaction"].notna().any():
            known = table["satisfaction"].dropna()
            return f"{float(known.min()):g} to {float(known.max()):g} in the data"
    return ""


def waiting(view: View) -> None:
    """How long patients waited, by department, weekday and hour; all of them without dates."""
    best = readable(view)
    places = [name for name in ("department", "facility") if name in best] or best[:1]
    for by in places:
        show(recipes.bars(by, ("waiting",)), view)
    if caches.measured(view, measured.wait_clock).empty:
        show(recipes.waiting(view.conventions.target), view)
        st.caption("Without dates there is no weekday or hour.")
    else:
        show(recipes.wait_clock(view.conventions.target), view)


PARTS: Mapping[str, Callable[[View], None]] = {
    "What stands out": standouts.show_all,
    "Groups": groups,
    "Two columns crossed": crossed,
    "Cost": cost,
    "Over time": over_time,
    "Outcomes": outcomes,
    "Who needs what": needs,
    "Satisfaction": satisfaction,
    "Waiting": waiting,
}
"""The parts of the page, by what they are called."""


def offered(view: View) -> list[str]:
    """Return the parts the data has something for."""
    known = set(known_measures(view).values())
    columns = columns_of(view)
    needed: dict[str, bool] = {
        "Groups": bool(columns),
        "Two columns crossed": len(columns) > 1,
        "Cost": bool({"cost", "charges"} & known and columns),
        "Outcomes": bool(columns) and (filled(view, "outcome") or "readmission" in known),
        "Who needs what": not caches.measured(view, measured.relations).empty,
        "Satisfaction": bool({"satisfaction", "team_score"} & known and columns),
        "Waiting": "waiting" in known,
        "Over time": view.dataset.span is not None and bool(columns),
    }
    return [name for name in PARTS if needed.get(name, True)]
