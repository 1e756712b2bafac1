"""Sharing beds: what units need apart and together, at the same chance to be refused."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from caremap import charts, planning
from caremap.charts import Figure
from caremap.planning import Pooling
from caremap.problems import DataProblem
from caremap.ui import caches, card_row, downloads, measured
from caremap.ui.figures import show
from caremap.ui.recipes import Recipe, settled
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, days_between, escaped, times

__all__ = ["share", "too_many", "within"]

_PLACE = "shared_place"
_REFUSED = 2.0
MOST_UNITS = 400
"""Units of more names than that are no wards: their loads take minutes, and nobody reads them."""
_MOST_PAIRED = 40
_BY = {"department": "Departments", "ward": "Wards", "facility": "Facilities"}
_PAIRS = {
    "unit": "Unit", "other": "Shares with", "load": "Load (beds)", "apart": "Beds needed apart",
    "together": "Beds needed together", "saved": "Beds saved", "share": "Saved (%)",
}  # fmt: skip


def share(view: View) -> None:
    """Beds of units apart and together."""
    kinds = _kinds(view)
    if not kinds:
        st.info(
            "Sharing beds takes stays, or counts of occupied beds, of two departments, wards or "
            "facilities. The data does not name them.",
            icon=":material/block:",
        )
        return
    few = {name: by for name, by in kinds.items() if not too_many(view, by)}
    if not few:
        st.info(
            f"There are more than {MOST_UNITS:,} units: narrow the page to some of them in the "
            "sidebar.",
            icon=":material/filter_alt:",
        )
        return
    by = _chosen(few)
    try:
        units = caches.measured(view, measured.unit_loads, by=by)
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"), icon=":material/block:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        known = _of_one_site(units, by).dropna(subset="load")
        largest = known.sort_values("load", ascending=False)["unit"].head(2).to_list()
        place = f"{by}_{known['facility'].iloc[0]}" if _sited(by) and len(known) else str(by)
        chosen = st.multiselect(
            "Share beds among", known["unit"].to_list(), default=largest,
            key=f"shared_{place}_{view.key[:12]}", width=420,
        )  # fmt: skip
        refused = st.number_input(
            "Patients turned away at most (%)", 0.1, 20.0, _REFUSED, 0.1, format="%.1f",
            key="shared_refused", bind="query-params", width=240,
        )  # fmt: skip
    if len(chosen) < 2:
        st.info("Choose two units or more.")
        return
    found = planning.pooling(known[known["unit"].isin(chosen)], level=refused / 100)
    _cards(found)
    _beyond(found)
    show(_recipe(found, known), view)
    st.caption(escaped(" ".join(found.notes)))
    with st.expander("Every pair of units"):
        paired = known.nlargest(_MOST_PAIRED, "load")
        if len(paired) < len(known):
            st.caption(f"Of the {_MOST_PAIRED} units with most patients, of {len(known):,}.")
        pairs = planning.pooling_pairs(paired, level=refused / 100)
        table = pairs.assign(share=100 * pairs["share"]).rename(columns=_PAIRS).round(1)
        downloads.table(table, "Beds saved by each pair of units", "shared_pairs", "shared_pairs")


def within(view: View, name: str) -> tuple[str, ...]:
    """Return the columns that tell units of a kind apart: of several facilities, these too.

    Nothing where the data does not name such units.
    """
    tables = [table for table in (view.dataset.stays, view.dataset.activity) if table is not None]

    def told(column: str, at_least: int) -> bool:
        return any(
            column in table and len(table[column].dropna().drop_duplicates()) >= at_least
            for table in tables
        )

    if not told(name, 1):
        return ()
    return ("facility", name) if name != "facility" and told("facility", 2) else (name,)


def _sited(by: tuple[str, ...]) -> bool:
    return len(by) > 1


def too_many(view: View, by: tuple[str, ...]) -> bool:
    """Return whether these columns tell more units apart than can be worked out at once."""
    tables = [table for table in (view.dataset.stays, view.dataset.activity) if table is not None]
    return any(
        {*by} <= {*table} and len(table[list(by)].drop_duplicates()) > MOST_UNITS
        for table in tables
    )


def _kinds(view: View) -> dict[str, tuple[str, ...]]:
    """Return the kinds of units of which the data tells two apart, and by which columns."""
    there = {name: by for name in _BY if (by := within(view, name))}
    tables = [table for table in (view.dataset.stays, view.dataset.activity) if table is not None]
    return {
        name: by for name, by in there.items()
        if any(name in table and len(table[name].dropna().drop_duplicates()) > 1
               for table in tables)
    }  # fmt: skip


def _chosen(there: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Let the user choose what units are."""
    names = list(there)
    if len(names) == 1:
        return there[names[0]]
    chosen: str = st.segmented_control(
        "Units", names, default=names[0], required=True, key=_PLACE, bind="query-params",
        format_func=lambda name: _BY[name],
    )  # fmt: skip
    return there[chosen]


def _of_one_site(units: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    """Let the user choose the facility whose units share: beds elsewhere cannot be shared."""
    if not _sited(by):
        return units
    loads = units.groupby("facility")["load"].sum().sort_values(ascending=False)
    site = st.selectbox("Facility", list(loads.index), key="shared_site", width=300)
    mine = units[units["facility"].eq(site)]
    return mine.assign(unit=mine[by[1]].astype("str"))


def _cards(found: Pooling) -> None:
    pooled = found.pooled
    apart, together = pooled["needed_apart"], pooled["needed"]

    def refused(share: float) -> str:
        return NONE if pd.isna(share) or len(_fuller(found)) else f"{100 * share:.1f} %"

    there = (
        "beds of a unit are not known" if pd.isna(pooled["beds"])
        else f"with the {amount(pooled['beds'])} beds there are"
    )  # fmt: skip
    cards = [
        ("Beds saved by sharing", amount(found.saved),
         f"at most {100 * found.level:g} % of patients turned away either way"),
        ("Beds needed apart", amount(apart), f"{times(len(found.frame), 'unit')}, each its own"),
        ("Beds needed together", amount(together), f"for a load of {amount(pooled['load'], 1)}"),
        ("Turned away now",
         f"{refused(pooled['refused_apart'])} → {refused(pooled['refused'])}",
         f"apart → shared, {there}"),
    ]  # fmt: skip
    card_row.draw(cards)


def _fuller(found: Pooling) -> pd.DataFrame:
    """Return the units with more patients on average than they have beds."""
    return found.frame[found.frame["load"].gt(found.frame["beds"])]


def _beyond(found: Pooling) -> None:
    """Say where more patients were in than beds are known: the two are not of one thing."""
    over = _fuller(found)
    if over.empty:
        return
    each = zip(over["unit"], over["load"], over["beds"], strict=True)
    told = "; ".join(
        f"{name}: {amount(float(load), 1)} patients on average, {amount(float(beds))} beds"
        for name, load, beds in each
    )
    st.warning(
        escaped(
            f"{told}. The beds in the data are fewer than were in use, so what is turned away "
            "now cannot be told from them."
        ),
        icon=":material/help:",
    )


def _recipe(found: Pooling, units: pd.DataFrame) -> Recipe:
    days, last = int(units["days"].max()), pd.Timestamp(units["last"].max())

    def pooling_figure(frame: pd.DataFrame, *, period: str) -> Figure:
        return charts.pooling_figure(frame, found.pooled, level=found.level, period=period)

    settings = f"{found.level} {found.frame.to_csv()}"
    period = days_between(last - pd.Timedelta(days=days - 1), last)
    return settled("shared_beds", settings, found.frame, pooling_figure, period=period)
