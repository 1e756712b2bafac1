"""What the pages measure: each function takes a view and gives a frame of the core.

They are plain functions, so that a download, made outside the run of a page, can call them
too. On a page `caremap.ui.caches.measured` calls them, once per view.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from caremap import forecasting, measures, planning
from caremap.forecasting import Prepared
from caremap.geography import Method
from caremap.measures.standing_out import StandingOut
from caremap.measures.standing_out import standing_out as found
from caremap.planning import Network
from caremap.ui.sidebar import View

__all__ = [
    "Every", "bands", "breakdown", "clock", "clock_notes", "control_chart", "cost_spread",
    "dimensions", "headline", "history", "home", "measures_to_forecast", "occupancy",
    "occupancy_notes", "over_time", "prepared", "readmissions", "relations", "seasonal",
    "staffing_network", "standing_out", "standouts", "stay_lengths", "survival", "trend",
    "wait_clock", "wait_lengths", "waits", "workloads",
]  # fmt: skip

Every = Literal["week", "month", "quarter", "year"]


def headline(view: View) -> pd.DataFrame:
    """Return `caremap.measures.headline`."""
    return measures.headline(view.dataset, as_of=view.as_of_text, **view.conventions.arguments)


def trend(view: View, every: str) -> pd.DataFrame:
    """Return `caremap.measures.trend`."""
    return measures.trend(view.dataset, every=every, as_of=view.as_of_text,
                          **view.conventions.arguments)  # fmt: skip


def breakdown(
    view: View, by: str, then: str | None = None, names: tuple[str, ...] | None = None
) -> pd.DataFrame:
    """Return `caremap.measures.breakdown` of these measures."""
    return measures.breakdown(view.dataset, by=by, then=then, as_of=view.as_of_text,
                              **view.conventions.arguments, measures=names)  # fmt: skip


def stay_lengths(view: View) -> pd.DataFrame:
    """Return `caremap.measures.stay_lengths`."""
    choices = view.conventions.choices
    return measures.stay_lengths(
        view.dataset, view.as_of_text, choices.same_day, choices.overnight_only
    )


def bands(view: View) -> pd.DataFrame:
    """Return `caremap.measures.stay_bands`."""
    return measures.stay_bands(stay_lengths(view))


def occupancy(view: View, by: tuple[str, ...], every: str | None = None) -> pd.DataFrame:
    """Return `caremap.measures.occupancy`."""
    return measures.occupancy(view.dataset, by=by, every=every, as_of=view.as_of_text)


def occupancy_notes(view: View) -> tuple[str, ...]:
    """Return `caremap.measures.occupancy_notes`."""
    return measures.occupancy_notes(view.dataset, as_of=view.as_of_text)


def clock(view: View, event: str) -> pd.DataFrame:
    """Return `caremap.measures.clock`."""
    return measures.clock(view.dataset, event, view.as_of_text)


def clock_notes(view: View, event: str) -> tuple[str, ...]:
    """Return `caremap.measures.clock_notes`."""
    return measures.clock_notes(view.dataset, event, view.as_of_text)


def wait_lengths(view: View) -> pd.DataFrame:
    """Return `caremap.measures.wait_lengths`."""
    return measures.wait_lengths(view.dataset, as_of=view.as_of_text)


def waits(view: View, by: str | None = None) -> pd.DataFrame:
    """Return `caremap.measures.waits`."""
    target = view.conventions.target
    return measures.waits(view.dataset, target=target, by=by, as_of=view.as_of_text)


def wait_clock(view: View) -> pd.DataFrame:
    """Return `caremap.measures.wait_clock`."""
    return measures.wait_clock(view.dataset, target=view.conventions.target, as_of=view.as_of_text)


def dimensions(view: View) -> pd.DataFrame:
    """Return `caremap.measures.dimensions`."""
    return measures.dimensions(view.dataset)


def over_time(view: View, by: str, every: Every, names: tuple[str, ...]) -> pd.DataFrame:
    """Return `caremap.measures.over_time` of these measures."""
    return measures.over_time(view.dataset, by, every=every, measures=names, as_of=view.as_of_text,
                              **view.conventions.arguments)  # fmt: skip


def seasonal(view: View, by: str | None, every: str, names: tuple[str, ...]) -> pd.DataFrame:
    """Return `caremap.measures.seasonal` of these measures."""
    return measures.seasonal(view.dataset, by=() if by is None else by, every=every,
                             measures=names, as_of=view.as_of_text,
                             **view.conventions.arguments)  # fmt: skip


def cost_spread(view: View, by: str, value: str) -> pd.DataFrame:
    """Return `caremap.measures.cost_spread`."""
    return measures.cost_spread(view.dataset, by=by, value=value, as_of=view.as_of_text,
                                **view.conventions.arguments)  # fmt: skip


def survival(view: View, by: str) -> pd.DataFrame:
    """Return `caremap.measures.survival`."""
    return measures.survival(view.dataset, by=by, as_of=view.as_of_text)


def readmissions(view: View, by: str | None = None) -> pd.DataFrame:
    """Return `caremap.measures.readmissions`."""
    return measures.readmissions(view.dataset, by=by, as_of=view.as_of_text)


def relations(view: View) -> pd.DataFrame:
    """Return `caremap.measures.relations`."""
    return measures.relations(view.dataset, as_of=view.as_of_text, **view.conventions.arguments)


def control_chart(view: View, name: str, every: str) -> pd.DataFrame:
    """Return `caremap.measures.control_chart`."""
    return measures.control_chart(view.dataset, measure=name, every=every, as_of=view.as_of_text)


def standing_out(view: View) -> StandingOut:
    """Return what stands out, and what is to be said of it."""
    return found(view.dataset, as_of=view.as_of_text, **view.conventions.arguments)


def standouts(view: View) -> pd.DataFrame:
    """Return `caremap.measures.standouts`."""
    return standing_out(view).frame


# --- what a forecast is made from -------------------------------------------------------------


def census(view: View, by: str | None = None) -> pd.DataFrame:
    """Return `caremap.measures.census`."""
    return measures.census(view.dataset, by=by, as_of=view.as_of_text)


def measures_to_forecast(view: View) -> list[str]:
    """Return the measures there is a series of, see `caremap.forecasting.measures_of`."""
    return forecasting.measures_of(view.dataset)


def prepared(view: View, name: str, every: str, by: str | None = None) -> Prepared:
    """Return a measure as a series, see `caremap.forecasting.prepared`."""
    return forecasting.prepared(view.dataset, name, every, by=by, as_of=view.as_of_text,
                                **view.conventions.arguments)  # fmt: skip


def history(view: View, name: str, every: str) -> pd.DataFrame:
    """Return a measure as it was: ``date``, a column called as the measure, and behind means n."""
    found = prepared(view, name, every)
    columns = {name: found.series} | ({} if found.n is None else {f"{name}_n": found.n})
    return pd.DataFrame(columns).rename_axis("date").reset_index()


def home(view: View) -> tuple[str, str]:
    """Return the country and region the data is from, see `caremap.forecasting.home`."""
    return forecasting.home(view.dataset)


# --- what staff is planned from ---------------------------------------------------------------


def staffing_network(
    view: View, needs: tuple[str, ...], catchment: Method = "own", reach_km: float | None = None
) -> Network:
    """Return `caremap.planning.network_of` with these needs."""
    return planning.network_of(view.dataset, needs=needs, catchment=catchment, reach_km=reach_km,
                               as_of=view.as_of_text)  # fmt: skip


def workloads(view: View, need: str) -> pd.DataFrame:
    """Return `caremap.planning.workloads`."""
    return planning.workloads(view.dataset, need, as_of=view.as_of_text)


# --- what scenarios are made from -------------------------------------------------------------


def unit_loads(view: View, by: tuple[str, ...]) -> pd.DataFrame:
    """Return `caremap.planning.unit_loads`."""
    return planning.unit_loads(view.dataset, by, as_of=view.as_of_text)


def service_times(view: View, by: tuple[str, ...]) -> pd.Series:
    """Return `caremap.planning.service_times`."""
    return planning.service_times(view.dataset, by, as_of=view.as_of_text)


def cost_basis(view: View) -> planning.CostBasis:
    """Return `caremap.planning.cost_basis`."""
    return planning.cost_basis(view.dataset, as_of=view.as_of_text)
