"""Waiting: how long to expect to wait for a place, and what one place more is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from caremap import charts, planning
from caremap.charts import Figure
from caremap.hidden import FEW, WHY_HIDDEN
from caremap.planning import Wait
from caremap.problems import DataProblem
from caremap.ui import caches, card_row, downloads, measured, scenario_sharing, working
from caremap.ui.figures import show
from caremap.ui.recipes import Recipe, settled
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, escaped
from caremap.ui.working import Told

__all__ = ["wait"]

_TYPED = "Typed in (hours and minutes)"
_EXAMPLE = (6.0, 90.0, 12, 30.0)
"""Patients an hour, minutes, places and target to begin with: invented."""
_MOST = 10_000


@dataclass(frozen=True)
class _Unit:
    """A unit somebody may have to wait for; times are in hours."""

    name: str
    arrivals: float
    service: float
    places: int
    target: float
    stays: pd.Series | None = None

    @property
    def settings(self) -> str:
        return f"{self.name} {self.arrivals} {self.service} {self.places} {self.target}"


def wait(view: View) -> None:
    """The wait for a place now, with more places and with fewer."""
    units = _units(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Unit", [_TYPED, *units.index], key=f"wait_unit_{view.key[:12]}", width=280,
        )  # fmt: skip
        unit = _typed() if name == _TYPED else _ward(view, name, units.loc[name])
    if unit is None:
        return
    try:
        found = _by_places(view, unit)
    except (ValueError, DataProblem) as problem:
        st.info(escaped(str(problem)), icon=":material/block:")
        return
    if found is None:
        return
    now, frame = found
    if name == _TYPED and unit.name:
        st.info(
            "This is worked out from invented numbers, so that you see what it does: type over "
            "them" + (", or choose a unit of your data." if len(units) else "."),
            icon=":material/science:",
        )
    _cards(unit, now, frame)
    if frame["mean_wait"].notna().any():
        show(_recipe(unit, frame), view)
    _observed(view, unit, now)
    st.caption(
        "Patients come at random and are served in the order they come. "
        + escaped(now.note or "Times a place is taken vary as in Erlang's formula (exponential): "
                  "where they vary less, waits are shorter.")
    )  # fmt: skip


def _units(view: View) -> pd.DataFrame:
    """Return the units of the data there is a load of, by name; empty where there are none.

    A place in another facility is no place to wait for: of several, units are told by both.
    """
    by = scenario_sharing.within(view, "department") or scenario_sharing.within(view, "ward")
    if not by or scenario_sharing.too_many(view, by):
        return pd.DataFrame()
    try:
        found: pd.DataFrame = caches.measured(view, measured.unit_loads, by=by)
    except DataProblem:
        return pd.DataFrame()
    return found.dropna(subset=["arrivals", "stay"]).set_index("unit")


def _typed() -> _Unit | None:
    """Let the user type in a unit whose places are taken for minutes or hours."""
    arrivals = st.number_input(
        "Patients an hour", 0.01, 10_000.0, _EXAMPLE[0], 0.5, key="wait_arrivals",
        bind="query-params", width=140,
    )  # fmt: skip
    minutes = st.number_input(
        "Minutes each takes a place", 1.0, 100_000.0, _EXAMPLE[1], 5.0, format="%.0f",
        key="wait_service", bind="query-params", width=200,
    )  # fmt: skip
    places = st.number_input(
        "Places", 1, _MOST, _EXAMPLE[2], key="wait_places", bind="query-params", width=110,
        help="Rooms, treatment bays, scanners or clinicians: who can be seen at the same time.",
    )  # fmt: skip
    target = st.number_input(
        "Target (minutes)", 0.0, 100_000.0, _EXAMPLE[3], 5.0, format="%.0f", key="wait_target",
        bind="query-params", width=140,
    )  # fmt: skip
    invented = (arrivals, minutes, int(places)) == _EXAMPLE[:3]
    name = "an invented example" if invented else ""
    return _Unit(name, arrivals, minutes / 60, int(places), target / 60)


def _ward(view: View, name: str, row: pd.Series) -> _Unit | None:
    """Return a ward of the data, whose places are beds; what the data says can be changed."""
    key = f"{name} {view.key[:12]}"
    coming = st.number_input(
        "Admissions a day", 0.01, 100_000.0, round(float(row["arrivals"]), 2), 0.5,
        key=f"wait_coming_{key}", width=150,
    )  # fmt: skip
    nights = st.number_input(
        "Mean stay (nights)", 0.01, 365.0, max(round(float(row["stay"]), 2), 0.01), 0.1,
        key=f"wait_nights_{key}", width=160,
    )  # fmt: skip
    there = 1 if pd.isna(row["beds"]) else max(int(row["beds"]), 1)
    beds = st.number_input("Beds", 1, _MOST, there, key=f"wait_beds_{key}", width=110)
    target = st.number_input(
        "Target (hours)", 0.0, 10_000.0, 24.0, 1.0, format="%.0f", key=f"wait_hours_{key}",
        width=130,
    )  # fmt: skip
    by = tuple(one for one in ("facility", "department", "ward") if one in row.index)
    taken: pd.Series = caches.measured(view, measured.service_times, by=by)
    stays = taken.loc[tuple(row[one] for one in by)]
    stays.index = pd.Index(stays.index.to_numpy("float64") * 24, name="stay")
    if pd.isna(row["beds"]):
        st.caption("The beds of this unit are not known: type them in.")
    return _Unit(name, coming / 24, nights * 24, int(beds), target, stays)


def _by_places(view: View, unit: _Unit) -> tuple[Wait, pd.DataFrame] | None:
    """Return the wait with the places there are, and with more and fewer."""

    def work(told: Told) -> tuple[Wait, pd.DataFrame]:
        given = (unit.arrivals, unit.service)
        now = planning.waiting(*given, unit.places, unit.target, stays=unit.stays)
        frame = planning.waiting_by_places(
            *given, unit.target, there=unit.places, stays=unit.stays,
            progress=working.in_parts(told),
        )  # fmt: skip
        return now, frame

    return working.once(f"waits {view.key} {unit.settings}", work, "waits")


def _cards(unit: _Unit, now: Wait, frame: pd.DataFrame) -> None:
    more = frame.loc[frame["places"].eq(unit.places + 1), "saved"]
    saved = float(more.iloc[0]) if len(more) else float("nan")
    place = "place" if unit.stays is None else "bed"
    cards = [
        ("Mean wait", _time(now.mean_wait), f"of all who come, with {unit.places:,} {place}s"),
        ("Wait longer than the target", _share(now.share_over_target),
         f"target {_time(unit.target)}"),
        (f"One {place} more", NONE if math.isnan(saved) else f"−{_time(saved)}",
         "of the mean wait" if not math.isnan(saved) else "the wait with it is not comparable"),
        ("In use", _share(now.utilisation),
         f"{amount(unit.arrivals * unit.service, 1)} of {unit.places:,} {place}s on average"),
    ]  # fmt: skip
    card_row.draw(cards)
    if math.isnan(now.mean_wait):
        st.warning(escaped(now.note), icon=":material/trending_up:")


def _time(hours: float) -> str:
    """Return a time in the unit it is read in."""
    if math.isnan(hours):
        return NONE
    if hours < 2:
        return f"{amount(60 * hours, 0 if hours * 60 >= 10 else 1)} min"
    return f"{amount(hours, 1)} h" if hours < 48 else f"{amount(hours / 24, 1)} days"


def _share(fraction: float) -> str:
    return NONE if math.isnan(fraction) else f"{amount(100 * fraction, 1)} %"


def _recipe(unit: _Unit, frame: pd.DataFrame) -> Recipe:
    short = unit.stays is None  # a place is taken for minutes
    hours = [name for name in frame if name in ("mean_wait", "mean_low", "mean_high")]

    def waits_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        made = charts.waits_by_places_figure(
            found.assign(**{str(name): 60 * found[name] for name in hours}) if short else found,
            there=unit.places,
            target=round(unit.target * (60 if short else 1), 6),
            unit="minutes" if short else "hours",
            places_title="places" if short else "beds",
        )
        told = " · ".join(filter(None, [unit.name, made.subtitle]))
        return replace(made, subtitle=f"{told[:1].upper()}{told[1:]}")

    return settled("waits", unit.settings, frame, waits_figure)


def _observed(view: View, unit: _Unit, now: Wait) -> None:
    """Show the waits of the file beside those computed, where it has any."""
    beside = planning.observed_beside(now, view.dataset, target=unit.target, as_of=view.as_of_text)
    if beside.empty or math.isnan(now.mean_wait):
        return
    if view.sharing.screen and beside["n"].between(1, FEW).any():
        st.caption(f"Recorded waits: {WHY_HIDDEN}")
        return
    with st.expander("Waits as recorded in the data, beside those computed"):
        st.caption(
            "The data records how long patients waited to be seen, over everything looked at: "
            "compare it where the unit above is the one they waited for."
        )
        titles = {"what": "What", "computed": "Computed", "observed": "Recorded",
                  "n": "Of so many"}  # fmt: skip
        downloads.draw(beside.rename(columns=titles).round(1), "Waits recorded and computed",
                       "waits_beside")  # fmt: skip
