"""The sections of the overview: each draws its figures, or says in a line what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations, pairwise
from typing import Literal

import pandas as pd
import streamlit as st

from caremap.dataset import Dataset
from caremap.measures import MEASURES
from caremap.measures.counts import cadence_of
from caremap.measures.windows import dates_in_doubt
from caremap.ui import caches, entry, measured, recipes, typed_beds
from caremap.ui.figures import show
from caremap.ui.recipes import Every
from caremap.ui.sidebar import View, clear_filters
from caremap.ui.text import escaped

__all__ = [
    "beds",
    "empty",
    "every_of",
    "nothing_left",
    "filled",
    "places",
    "side_by_side",
    "stays",
    "trend",
    "waiting",
    "week",
    "with_beds",
]

_STYLES: dict[str, Literal["bars", "line", "area"]] = {
    "Bars": "bars",
    "Line": "line",
    "Area": "area",
}
_PERIODS: tuple[Every, ...] = ("week", "month", "quarter", "year")
_SHORT = 62  # days in which no month need be whole
_SHOWN = ("admissions", "discharges", "visits", "cost")
_LEVELS = ("facility", "department", "ward")
_COLUMNS = 40  # of a heat map: beyond, the next longer period is taken
_DAYS: dict[Every, int] = {"week": 7, "month": 30, "quarter": 91}


def empty(dataset: Dataset) -> bool:
    """Whether the filters leave no row to compute from."""
    tables = [dataset.stays, dataset.activity]
    return all(table is None or table.empty for table in tables)


def nothing_left(view: View) -> None:
    """Say why there is nothing to show, and offer the way back."""
    if view.dataset.filters or view.dataset.period:
        st.info("The filters leave nothing: no stay and no count matches all of them.")
        st.button("Clear the filters", on_click=clear_filters, icon=":material/filter_alt_off:")
        return
    st.info(
        "None of the loaded tables holds stays or counts, so there are no key figures. Upload a "
        "file with stays (admission and discharge dates) or daily counts, or change on the Data "
        "page what a table was taken for."
    )
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")


@entry.alone
def trend(view: View, figures: pd.DataFrame) -> None:
    """Draw any measure over time."""
    st.header("Over time", anchor=False)
    every = every_of(view)
    if figures.empty:
        st.caption("The data has no dates: there is no month to date and no trend.")
        return
    if doubt := dates_in_doubt(view.dataset):
        st.info(escaped(doubt))
        return
    known = {MEASURES[name].title: name for name in MEASURES if figures[name].notna().any()}
    if not known:
        st.info("No measure is known for any period, so there is no trend.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.selectbox("Measure", list(known), key="trend", bind="query-params", width=280)
        every = _by(view, every)
        style = st.segmented_control(
            "Drawn as", list(_STYLES), default="Bars", required=True, key="style",
            bind="query-params",
        )  # fmt: skip
        figures = caches.measured(view, measured.trend, every=every)
        compared = every in ("month", "quarter") and len(figures) > (12 if every == "month" else 4)
        by_year = compared and st.toggle("Compare years", key="years", bind="query-params")
    show(recipes.trend(known[title], every, _STYLES[style], bool(by_year)), view)


def _by(view: View, default: Every) -> Every:
    """Let the user choose the period, none shorter than the data is counted by."""
    least = _counted_by(view)
    offered = [every for every in _PERIODS if _PERIODS.index(every) >= _PERIODS.index(least)]
    if len(offered) == 1:
        return default
    chosen: Every = st.selectbox(
        "By", offered, index=offered.index(default), key="by", bind="query-params", width=130,
        format_func=str.capitalize,
    )  # fmt: skip
    return chosen


def every_of(view: View) -> Every:
    """Return the period to begin with: months, or weeks where there is no whole month."""
    least, span = _counted_by(view), view.dataset.span
    short = span is not None and (span[1] - span[0]).days < _SHORT
    return least if least != "week" else "week" if short else "month"


def _counted_by(view: View) -> Every:
    """Return the shortest period the data can be shown by, a week at least."""
    activity = view.dataset.activity
    if view.dataset.stays is not None or activity is None:
        return "week"
    counted = view.dataset.once("activity", cadence_of)
    return counted if counted in _PERIODS else "week"


def places(view: View) -> None:
    """Draw admissions and cost by department, and by facility or region."""
    columns = [name for name in ("department", "facility", "region") if filled(view, name)]
    st.header("Departments and locations", anchor=False)
    if not columns:
        st.caption("No column names a department, a facility or a region.")
        return
    drawn = {by: shown for by in columns if (shown := _known_by(view, by))}
    if drawn:
        side_by_side([partial(show, recipes.bars(by, names), view) for by, names in drawn.items()])
    if missing := [by for by in columns if by not in drawn]:
        st.caption(f"Neither admissions nor costs are known by {' or '.join(missing)}.")


def _known_by(view: View, by: str) -> tuple[str, ...]:
    """Return what bars by a kind of place can show: how many came, and cost."""
    frame = caches.measured(view, measured.breakdown, by=by, names=_SHOWN)
    volume = next((name for name in ("admissions", "visits", "discharges")
                   if frame[name].notna().any()), "admissions")  # fmt: skip
    return tuple(name for name in (volume, "cost") if frame[name].notna().any())


def stays(view: View, headline: pd.DataFrame) -> None:
    """Draw how long patients stayed: shares of bands, and every day."""
    st.header("Length of stay", anchor=False)
    if caches.measured(view, measured.stay_lengths).empty:
        st.caption(escaped(str(headline.loc["length_of_stay", "note"])))
        return
    side_by_side([partial(show, recipe, view) for recipe in (recipes.donut(), recipes.histogram())])


def beds(view: View, headline: pd.DataFrame) -> None:
    """Draw occupancy by place: over time, and as parts of the whole."""
    st.header("Beds", anchor=False)
    levels, known = _levels(view), with_beds(view)
    if known:
        if not dates_in_doubt(view.dataset):
            _heat_map(view, known)
        show(recipes.occupancy_tree(tuple(known)), view)
    else:
        _say_what_beds_lack(view, headline)
    if known or headline["overall"].notna()["bed_days"] or view.dataset.beds is not None:
        typed_beds.ask_by_place(view.whole, levels)


def _say_what_beds_lack(view: View, headline: pd.DataFrame) -> None:
    note = "Without a place beside the beds there is no occupancy by place."
    if headline["overall"].isna()["occupancy"]:
        told = caches.measured(view, measured.occupancy_notes)
        note = told[0] if told else str(headline.loc["occupancy", "note"])
    st.caption(escaped(note))


def _levels(view: View) -> list[str]:
    """Return the kinds of places the data names, the widest first."""
    levels = [name for name in _LEVELS if filled(view, name)]
    return levels or (["region"] if filled(view, "region") else [])


def with_beds(view: View) -> list[str]:
    """Return the finest places whose occupancy is known: some levels may have no beds."""
    levels = _levels(view)
    for size in range(len(levels), 0, -1):
        for places in combinations(levels, size):
            found = caches.measured(view, measured.occupancy, by=places)
            if found["occupancy"].notna().any():
                return list(places)
    return []


@entry.alone
def _heat_map(view: View, levels: list[str]) -> None:
    """Draw places by the shortest period that leaves cells one can read."""
    span = view.dataset.span
    if span is None:
        return
    rows = _rows(levels)
    days = (span[1] - span[0]).days + 1
    every: Every = next((name for name, one in _DAYS.items() if days / one <= _COLUMNS), "year")
    every = max(every, _counted_by(view), key=_PERIODS.index)
    frame = caches.measured(view, measured.occupancy, by=rows, every=every)
    if not frame.empty and frame["occupancy"].notna().any():
        show(recipes.occupancy_map(rows, every), view)


def _rows(levels: list[str]) -> tuple[str, ...]:
    """Let the user choose what a row of the heat map is."""
    offered = [(level,) for level in levels] + list(pairwise(levels))
    named = {" and ".join(rows): rows for rows in offered}
    if len(named) == 1:
        return offered[0]
    chosen = st.selectbox(
        "Occupancy by", list(named), index=len(levels) - 1, key="occupancy_by",
        bind="query-params", width=280, format_func=str.capitalize,
    )  # fmt: skip
    return named[chosen]


def week(view: View) -> None:
    """Draw discharges, or admissions where no discharge is known, by weekday and hour."""
    for event in ("discharges", "admissions"):
        frame = caches.measured(view, measured.clock, event=event)
        if not frame.empty and frame[event].sum():
            st.header("Through the week", anchor=False)
            show(recipes.clock(event), view)
            return


def waiting(view: View) -> None:
    """Draw how long patients waited, where a file says so."""
    if caches.measured(view, measured.wait_lengths).empty:
        return
    st.header("Waiting", anchor=False)
    show(recipes.waiting(view.conventions.target), view)


def filled(view: View, column: str) -> bool:
    """Whether stays or counts name places of this kind, filters apart."""
    whole = view.whole
    return any(
        table is not None and column in table and bool(table[column].notna().any())
        for table in (whole.stays, whole.activity)
    )


def side_by_side(drawn: Sequence[Callable[[], object]]) -> None:
    """Draw figures two in a row, one left over by itself; on a telephone one below the other."""
    for first in range(0, len(drawn), 2):
        pair = drawn[first : first + 2]
        for column, draw in zip(st.columns(len(pair)), pair, strict=True):
            with column:
                draw()
