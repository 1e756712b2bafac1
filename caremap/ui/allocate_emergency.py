"""Emergency response: what is asked, and how need is scored, in points anybody can check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.forecasting import Parts
from caremap.planning import Allocation, Scenario, ScenarioRun
from caremap.problems import DataProblem
from caremap.ui import allocate_tables as tables
from caremap.ui import caches, downloads, measured, outlook, scenario_work
from caremap.ui.allocate_asked import (
    Asked,
    from_data,
    is_blank,
    limit,
    origins_of,
    percent,
)
from caremap.ui.allocate_columns import Column
from caremap.ui.allocate_tables import Start
from caremap.ui.scenario_work import Made
from caremap.ui.sidebar import View
from caremap.ui.text import amount

__all__ = ["PLACES", "ask", "more", "solve"]

_BEDS, _KEEP = "beds", 0.85
_RESOURCES = (_BEDS, "intensive care beds", "ventilators", "nurses", "units of supplies")
_MOST = 100_000

PLACES = (
    Column("place", "Place", needed=True),
    Column("demand", "Units needed", "whole", needed=True, help="How many are short there."),
    Column("spare", "Units it could give", "whole", help="0 or empty where it gives nothing."),
    Column("latitude", "Latitude (°)", "number", signed=True),
    Column("longitude", "Longitude (°)", "number", signed=True),
    Column("population", "People served", "whole"),
    Column("beds", "Staffed beds", "whole"),
    Column("occupied", "Patients in hospital", "number", patients=True),
    Column("surge", "Expected over usual", "number", help="1 is as usual, 1.5 half as much again."),
    Column("over_65", "Aged 65 and over (%)", "number"),
    Column(
        "vulnerability",
        "Vulnerability index (0 to 1)",
        "number",
        help="In place of the share aged 65 and over, where there is an index.",
    ),
)
"""The columns of the table of places."""

_POOLS = (
    Column("source", "Pool", needed=True),
    Column("units", "Units", "whole", needed=True),
    Column("latitude", "Latitude (°)", "number", signed=True, help="Empty: it reaches everywhere."),
    Column("longitude", "Longitude (°)", "number", signed=True),
)

_EXAMPLE = pd.DataFrame(
    [
        ("Harbour District", 24, 0, 47.60, -122.33, 52_000, 120, 122.0, 1.6, 14.0),
        ("Mill Valley", 12, 0, 47.75, -122.15, 18_000, 40, 39.0, 1.4, 24.0),
        ("Stone Ridge", 9, 0, 47.42, -121.98, 9_500, 18, 17.0, 1.5, 31.0),
        ("Lake County", 6, 0, 47.87, -121.80, 22_000, 60, 50.0, 1.1, 19.0),
        ("Fairview", 0, 14, 47.25, -122.44, 31_000, 150, 112.0, 0.9, 12.0),
        ("Northgate", 0, 8, 48.06, -122.18, 27_000, 90, 68.0, 1.0, 16.0),
    ],
    columns=[column.name for column in PLACES[:-1]],
)
_POOL = pd.DataFrame({"source": ["National reserve"], "units": [10]})
_NO_POOL = pd.DataFrame({"source": ["Reserve"], "units": [0]})


_NOW, _MORE, _FORECAST = "As many as now", "More than now", "As the forecast of admissions says"
_SCENARIO = "As a scenario says, at its peak"
_USUAL = "Usual"
_AHEAD = 14  # days of the forecast


def ask(view: View) -> Asked | None:
    """Draw the tables and the settings; None where there is nothing to ask, which is said."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        resource = st.selectbox(
            "What is sent", _RESOURCES, key="allocate_resource", bind="query-params", width=220
        )
        furthest = limit("Longest way (km)", "allocate_km", width=160)
        least = percent(
            "Promised to every place (%)", "allocate_minimum", 0.0,
            help_="Of what it needs: kept before any need score counts.",
        )  # fmt: skip
        expected, more_than_now, keep = (_NOW, 0.0, _KEEP) if is_blank(view) else _expected()
        weights = _weights()
    scenario = scenario_work.one_of(view, "allocate_scenario") if expected == _SCENARIO else None
    if expected == _SCENARIO and scenario is None:
        return None
    start = _start(view, resource, expected, more_than_now, keep, scenario)
    if start is None:
        return None
    real = start.origin == "data"
    with st.expander("The places, and what they need", expanded=not real, icon=":material/table:"):
        places = tables.ask("emergency_places", PLACES, start, "places", view.sharing)
    with st.expander("The pool", expanded=not real, icon=":material/inventory_2:"):
        begun = Start(_NO_POOL, "typed") if real else Start(_POOL, "example")
        pool = tables.ask("emergency_pool", _POOLS, begun, "pools")
    options: dict[str, Any] = {
        "resource": resource, "minimum": least, "weights": tuple(weights.items()),
        **({} if furthest is None else {"max_km": furthest}),
    }  # fmt: skip
    surge = f"{expected} by {more_than_now:.0%}" if expected == _MORE else expected
    if scenario is not None:
        surge = f"{expected}: {scenario.scenarios[0].name}"
    words = (
        ("What is sent", resource),
        *(_of_data(surge, keep) if real else ()),
        ("Longest way", "no limit" if furthest is None else f"{amount(furthest)} km"),
        ("Promised to every place", f"{least:.0%} of its need"),
        *((f"Weight: {planning.NEED_POINTS[name].title}", f"{one:g}")
          for name, one in weights.items()),
    )  # fmt: skip
    made = {"places": places, "pool": pool}
    return Asked(
        "emergency", {name: one.frame for name, one in made.items()}, options, words, resource,
        got="sent", origins=origins_of(made),
    )  # fmt: skip


# --- the places of the data --------------------------------------------------------------------


def _of_data(surge: str, keep: float) -> tuple[tuple[str, str], ...]:
    """Return in words how what places need and could give was worked out."""
    return (("Patients to expect", surge),
            ("A giving place stays filled to at most", f"{keep:.0%}"))  # fmt: skip


def _expected() -> tuple[str, float, float]:
    """Let the user choose who is expected, and how full a place that gives may be."""
    keep = percent(
        "A giving place stays filled to at most (%)", "allocate_keep", 100 * _KEEP,
        help_="What places give leaves them beds for this occupancy.", width=300,
    )  # fmt: skip
    expected = st.selectbox(
        "Patients to expect", [_MORE, _NOW, _FORECAST, _SCENARIO], key="allocate_expected",
        bind="query-params", width=280,
    )  # fmt: skip
    if expected != _MORE:
        return expected, 0.0, keep
    more_than_now = st.number_input(
        "More by (%)", 0.0, 500.0, 20.0, 5.0, format="%.0f", key="allocate_surge",
        bind="query-params", width=140,
    )  # fmt: skip
    return expected, float(more_than_now) / 100, keep


def _start(
    view: View, resource: str, expected: str, more_than_now: float, keep: float,
    scenario: Made | None,
) -> Start | None:  # fmt: skip
    """Return the places of the data with what they need then, or the example."""
    given: dict[str, Any] = {"keep": keep}
    if expected == _MORE:
        given["scenario_run"] = _surge(more_than_now)
    elif scenario is not None:
        given |= {"scenario_run": scenario.run, "scenario": scenario.scenarios[0].name}
    elif expected == _FORECAST:
        parts = _forecast(view)
        if parts is None:
            return None
        given["forecast"] = parts

    def emergency_places(view: View, settings: str) -> pd.DataFrame:
        del settings
        found = planning.emergency_places(view.dataset, as_of=view.as_of_text, **given)
        if resource != _BEDS:  # of these the data knows nothing: what is short is to be typed in
            return found.drop(columns="need").assign(spare=0)
        return found.rename(columns={"need": "demand"})

    of = "" if scenario is None else scenario.settings
    told = f"{resource == _BEDS} {expected} {more_than_now} {keep} {of}"
    start = from_data(view, emergency_places, _EXAMPLE, settings=told)
    if start is None or start.origin != "data" or resource == _BEDS:
        return start
    return Start(start.frame, "data", f"The data does not say who is short of {resource}: type it "
                 "in. Beds and patients are there for the need score.")  # fmt: skip


def _surge(more_than_now: float) -> ScenarioRun:
    """Return a scenario of so many more patients everywhere."""
    nothing = pd.DataFrame()
    summary = pd.DataFrame(
        {"mean_census": [1.0, 1.0], "peak_median": [1.0, 1.0 + more_than_now]},
        index=[_USUAL, _MORE],
    )
    scenarios = (Scenario(_USUAL), Scenario(_MORE, demand=100 * more_than_now))
    return ScenarioRun(nothing, summary, nothing, nothing, nothing, scenarios)


def _forecast(view: View) -> Parts | None:
    """Return the forecast of admissions by facility; None where there is none, which is said."""
    country, region = caches.measured(view, measured.home)
    made = outlook.worked_out(view, outlook.Asked("admissions", "day", _AHEAD, country, region))
    return None if made is None else outlook.parts_of(view, made, "facility")


def _weights() -> dict[str, float]:
    """Let the user set what each part of the need score counts."""
    with st.popover("Weights of the need score", icon=":material/balance:"):
        st.caption("Only how they compare counts: the score always goes from 0 to 25.")
        weights = {
            name: float(
                st.number_input(
                    bands.title,
                    0.0,
                    100.0,
                    float(planning.NEED_WEIGHTS[name]),
                    0.5,
                    key=f"allocate_weight_{name}",
                    bind="query-params",
                    format="%.1f",
                    help=bands.meaning,
                )  # fmt: skip
            )
            for name, bands in planning.NEED_POINTS.items()
        }
    if not any(weights.values()):
        raise DataProblem("All weights of the need score are 0.", "Set one of them above 0.")
    return weights


def _given(asked: Asked) -> pd.DataFrame:
    """Return the places as the planning functions take them: empty columns are not there."""
    places = asked.tables["places"]
    places = places.assign(spare=places["spare"].fillna(0)).dropna(axis="columns", how="all")
    numbers: list[Any] = [name for name in places if name != "place"]
    return places.astype(dict.fromkeys(numbers, "float64"))


def solve(asked: Asked, progress: Callable[[str, float], None]) -> Allocation:
    """Return the allocation that is asked for."""
    options: dict[str, Any] = {**asked.options, "weights": dict(asked.options["weights"])}
    pool = asked.tables["pool"]
    return planning.emergency(
        _given(asked), pool if len(pool) else None, progress=progress, **options
    )


def more(view: View, asked: Asked, made: Allocation) -> None:
    """How the need score of each place comes about."""
    del view, made
    with st.expander("How the need score comes about", icon=":material/calculate:"):
        scored = planning.need_score(_given(asked), weights=dict(asked.options["weights"]))
        parts = {name: f"{bands.title} (0 to 5)" for name, bands in planning.NEED_POINTS.items()}
        titles = {"place": "Place", "score": "Need score (0 to 25)", **parts, "why": "Why"}
        shown = scored.rename(columns=titles)[list(titles.values())].round(1)
        told = "Need score of each place, part by part"
        downloads.table(shown, told, "allocate_need", "need_score")
        st.caption("The points of each part. The bands are assumptions of CareMap, no standard.")
        named = {"title": "Part", "unit": "Measured in", "points": "Points", "from": "From",
                 "below": "Below", "meaning": "How it is worked out"}  # fmt: skip
        points = planning.need_points()
        points["below"] = points["below"].where(points["below"] < float("inf"))
        downloads.table(points.rename(columns=named)[list(named.values())],
                        "Points of the need score", "allocate_points", "need_points")  # fmt: skip
