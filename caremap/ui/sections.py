"""The sections of the overview: each draws its figures, or says in a line what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Literal

import pandas as pd
import streamlit as st

from caremap import charts
from caremap.charts import Figure
from caremap.dataset import Dataset
from caremap.measures import MEASURES, stay_bands
from caremap.measures.counts import cadence_of
from caremap.measures.windows import dates_in_doubt
from caremap.ui import caches, typed_beds
from caremap.ui.band import period_of
from caremap.ui.figures import show_figure
from caremap.ui.sidebar import View, clear_filters
from caremap.ui.text import escaped

__all__ = [
    "beds",
    "empty",
    "every_of",
    "nothing_left",
    "places",
    "stays",
    "trend",
    "waiting",
    "week",
]

Every = Literal["week", "month", "quarter", "year"]
_STYLES: dict[str, Literal["bars", "line", "area"]] = {
    "Bars": "bars",
    "Line": "line",
    "Area": "area",
}
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
        style = st.segmented_control(
            "Drawn as", list(_STYLES), default="Bars", required=True, key="style",
            bind="query-params",
        )  # fmt: skip
        compared = every in ("month", "quarter") and len(figures) > (12 if every == "month" else 4)
        by_year = compared and st.toggle("Compare years", key="years", bind="query-params")
    show_figure(
        charts.trend_figure(
            figures, MEASURES[known[title]], every=every, style=_STYLES[style],
            year_over_year=by_year, period=period_of(view, to_as_of=True),
        ),
        view,
    )  # fmt: skip


def every_of(view: View) -> Every:
    """Return the shortest period, from months on, the data can be shown by."""
    activity = view.dataset.activity
    if view.dataset.stays is not None or activity is None:
        return "month"
    rhythm = cadence_of(activity)
    return "quarter" if rhythm == "quarter" else "year" if rhythm == "year" else "month"


def places(view: View) -> None:
    """Draw admissions and cost by department, and by facility or region."""
    columns = [name for name in ("department", "facility", "region") if _filled(view, name)]
    st.header("Departments and locations", anchor=False)
    if not columns:
        st.caption("No column names a department, a facility or a region.")
        return
    drawn = {by: shown for by in columns if (shown := _known_by(view, by))}
    if drawn:
        _side_by_side([partial(_bars, view, by, shown) for by, shown in drawn.items()])
    if missing := [by for by in columns if by not in drawn]:
        st.caption(f"Neither admissions nor costs are known by {' or '.join(missing)}.")


def _known_by(view: View, by: str) -> list[str]:
    """Return what bars by a kind of place can show: how many came, and cost."""
    frame = caches.breakdown(view.key, by, view)
    volume = next((name for name in ("admissions", "visits", "discharges")
                   if frame[name].notna().any()), "admissions")  # fmt: skip
    return [name for name in (volume, "cost") if frame[name].notna().any()]


def _bars(view: View, by: str, shown: list[str]) -> None:
    figure = charts.bars_figure(
        caches.breakdown(view.key, by, view), by, by.capitalize(),
        [MEASURES[name] for name in shown], period=period_of(view),
    )  # fmt: skip
    show_figure(figure, view)


def stays(view: View, headline: pd.DataFrame) -> None:
    """Draw how long patients stayed: shares of bands, and every day."""
    st.header("Length of stay", anchor=False)
    lengths = caches.stay_lengths(view.key, view)
    if lengths.empty:
        st.caption(escaped(str(headline.loc["length_of_stay", "note"])))
        return
    overall = headline["overall"]
    mean, median = float(overall["length_of_stay"]), float(overall["median_stay"])
    period = period_of(view)
    _side_by_side(
        [
            lambda: show_figure(charts.stay_donut(stay_bands(lengths), period=period), view),
            lambda: show_figure(
                charts.stay_histogram(lengths, period=period, mean=mean, median=median), view
            ),
        ]
    )


def beds(view: View, headline: pd.DataFrame) -> None:
    """Draw occupancy by place: over time, and as parts of the whole."""
    st.header("Beds", anchor=False)
    levels = [name for name in _LEVELS if _filled(view, name)]
    if not levels and _filled(view, "region"):
        levels = ["region"]
    now = caches.occupancy(view.key, tuple(levels), None, view) if levels else pd.DataFrame()
    if now.empty or now["occupancy"].isna().all():
        known = headline["overall"].notna()
        note = "Without a place beside the beds there is no occupancy by place."
        if not known["occupancy"]:
            told = caches.occupancy_notes(view.key, view)
            note = told[0] if told else str(headline.loc["occupancy", "note"])
        st.caption(escaped(note))
        if known["bed_days"] or view.dataset.beds is not None:
            typed_beds.ask_by_place(view.whole, levels)
        return
    if not dates_in_doubt(view.dataset):
        _heat_map(view, levels)
    show_figure(charts.occupancy_tree_map(now, levels, period=period_of(view)), view)
    typed_beds.ask_by_place(view.whole, levels)


def _heat_map(view: View, levels: list[str]) -> None:
    """Draw places by the shortest period that leaves cells one can read."""
    span = view.dataset.span
    if span is None:
        return
    rows = _rows(levels)
    days = (span[1] - span[0]).days + 1
    every: Every = next((name for name, one in _DAYS.items() if days / one <= _COLUMNS), "year")
    if view.dataset.stays is None and view.dataset.activity is not None:
        every = _no_finer(every, cadence_of(view.dataset.activity))
    frame = caches.occupancy(view.key, rows, every, view)
    if not frame.empty and frame["occupancy"].notna().any():
        figure = charts.occupancy_heat_map(frame, rows, every=every, period=period_of(view))
        show_figure(_noting(figure, caches.occupancy_notes(view.key, view)), view)


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


def _no_finer(every: Every, counted: str) -> Every:
    """Return the period, or the longer one the file counts by."""
    order: tuple[Every, ...] = ("week", "month", "quarter", "year")
    least = order.index(counted) if counted in order else 0
    return order[max(order.index(every), least)]


def week(view: View) -> None:
    """Draw discharges, or admissions where no discharge is known, by weekday and hour."""
    for event in ("discharges", "admissions"):
        frame, notes = caches.clock(view.key, event, view)
        if not frame.empty and frame[event].sum():
            st.header("Through the week", anchor=False)
            figure = charts.clock_figure(frame, event, period=period_of(view))
            show_figure(_noting(figure, notes), view)
            return


def waiting(view: View) -> None:
    """Draw how long patients waited, where a file says so."""
    lengths, summary = caches.waits(view.key, view)
    if lengths.empty:
        return
    st.header("Waiting", anchor=False)
    target = view.conventions.target
    show_figure(
        charts.waiting_figure(lengths, summary, target=target, period=period_of(view)), view
    )


def _filled(view: View, column: str) -> bool:
    """Whether stays or counts name places of this kind, filters apart."""
    whole = view.whole
    return any(
        table is not None and column in table and bool(table[column].notna().any())
        for table in (whole.stays, whole.activity)
    )


def _noting(figure: Figure, notes: tuple[str, ...]) -> Figure:
    """Return the figure with notes of the measure behind its own."""
    return replace(figure, notes=(*figure.notes, *notes))


def _side_by_side(drawn: Sequence[Callable[[], object]]) -> None:
    """Draw figures two in a row, one left over by itself; on a telephone one below the other."""
    for first in range(0, len(drawn), 2):
        pair = drawn[first : first + 2]
        for column, draw in zip(st.columns(len(pair)), pair, strict=True):
            with column:
                draw()
