"""What is forecast, as chosen on the page, and the forecast itself, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd
import streamlit as st

from caremap import forecasting, planning
from caremap.forecasting import Forecast, Parts, Prepared
from caremap.measures import MEASURES, Measure
from caremap.planning import CensusForecast
from caremap.ui import caches, measured, working
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, title_of
from caremap.ui.working import Told

__all__ = ["Asked", "Outlook", "arrivals", "ask", "census_of", "parts_of", "worked_out"]

Step = Literal["day", "week"]

_AHEAD: dict[Step, dict[str, int]] = {
    "day": {"7 days": 7, "14 days": 14, "28 days": 28},
    "week": {"4 weeks": 4, "12 weeks": 12, "26 weeks": 26},
}
_USUAL: dict[Step, str] = {"day": "14 days", "week": "12 weeks"}
_BY: dict[Step, str] = {"day": "Day", "week": "Week"}
_NOWHERE = "None"
_LARGE = 100  # from which a mean needs no decimals


@dataclass(frozen=True)
class Asked:
    """What is to be forecast.

    Attributes
    ----------
    measure
        Of `caremap.measures.MEASURES`.
    every
        ``day`` or ``week``.
    horizon
        Days or weeks ahead.
    country, region
        Whose public holidays count, as the package holidays names them; empty: none.
    forest
        Whether a random forest is compared too.
    """

    measure: str
    every: Step
    horizon: int
    country: str = ""
    region: str = ""
    forest: bool = False

    @property
    def what(self) -> Measure:
        """The measure."""
        return _measure(self.measure)

    @property
    def settings(self) -> str:
        """Everything the forecast depends on beside the view."""
        return f"{self.measure} {self.every} {self.horizon} {self.country} {self.region}"


def _measure(name: str) -> Measure:
    """Return a measure; patients in hospital are, day by day, what their mean is made of."""
    if name == "occupied":
        return replace(MEASURES["mean_census"], name=name, title="Patients in hospital")
    return MEASURES[name]


@dataclass(frozen=True)
class Outlook:
    """A forecast, with what it is of and what it was made from."""

    asked: Asked
    prepared: Prepared
    forecast: Forecast

    @property
    def what(self) -> Measure:
        """The measure, written without decimals where its numbers are so large that none count."""
        measure = self.asked.what
        large = float(self.forecast.frame["mean"].abs().mean()) >= _LARGE
        return replace(measure, decimals=0) if large else measure


def ask(view: View) -> Asked | None:
    """Draw the choices and return them; None where nothing can be forecast, which is said."""
    names = caches.measured(view, measured.measures_to_forecast)
    if not names:
        _say_why_not(_prepared(view, "admissions", "week"))
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {_measure(name).title: name for name in names}
        title = st.selectbox(
            "What to forecast", list(titles), key="forecast", bind="query-params", width=280
        )
        every = _step(view, titles[title])
        ahead = st.selectbox(
            "Ahead", list(_AHEAD[every]), index=list(_AHEAD[every]).index(_USUAL[every]),
            key=f"ahead_{every}", bind="query-params", width=130,
        )  # fmt: skip
        country, region = _holidays(view)
    return Asked(
        titles[title], every, _AHEAD[every][ahead], country, region,
        bool(st.session_state.get("compare_forest")),
    )  # fmt: skip


def _step(view: View, name: str) -> Step:
    """Let the user choose days or weeks; a file of weekly counts has weeks alone."""
    steps: list[Step] = list(_BY)
    fit = [step for step in steps if not _prepared(view, name, step).refusal]
    offered = fit or steps
    chosen: Step = st.segmented_control(
        "By", offered, default=offered[0], required=True, key="forecast_by", bind="query-params",
        format_func=lambda step: _BY[step],
    )  # fmt: skip
    return chosen


def _holidays(view: View) -> tuple[str, str]:
    """Let the user choose whose public holidays count; as the data has it to begin with."""
    places = _places().set_index("country")
    guessed, within = caches.measured(view, measured.home)
    countries = ["", *places.index]
    with st.popover("Holidays", icon=":material/event:"):
        country = st.selectbox(
            "Public holidays of", countries,
            index=countries.index(guessed) if guessed in countries else 0, key="holidays",
            bind="query-params",
            format_func=lambda code: str(places.loc[code, "name"]) if code else _NOWHERE,
        )  # fmt: skip
        region = ""
        if country and (found := places.loc[country, "regions"]):
            named = dict(zip(found, places.loc[country, "region_names"], strict=True))
            regions = ["", *named]
            known = country == guessed and within in regions
            region = st.selectbox(
                "Region", regions, index=regions.index(within) if known else 0,
                key=f"holidays_{country}", bind="query-params",
                format_func=lambda code: named.get(code) or "Whole country",
            )  # fmt: skip
        if guessed and country == guessed:
            st.caption("Guessed from the places in the data: change it where it is wrong.")
        elif not guessed:
            st.caption("The data does not say where it is from.")
    return country, region


@st.cache_data(max_entries=1, show_spinner=False)
def _places() -> pd.DataFrame:
    return forecasting.holiday_places()


def _prepared(view: View, name: str, every: Step) -> Prepared:
    found: Prepared = caches.measured(view, measured.prepared, name=name, every=every)
    return found


def _say_why_not(prepared: Prepared) -> None:
    st.info(escaped(f"{prepared.refusal} {prepared.hint}"), icon=":material/block:")


def worked_out(view: View, asked: Asked) -> Outlook | None:
    """Return the forecast; None where there is none, which is said then."""
    prepared = _prepared(view, asked.measure, asked.every)
    if prepared.refusal:
        _say_why_not(prepared)
        return None
    models = ("random forest",) if asked.forest else ()

    def work(told: Told) -> Forecast:
        return forecasting.forecast(
            prepared.series, asked.horizon, country=asked.country or None,
            region=asked.region or None, adds=prepared.kind == "count", models=models,
            progress=told,
        )  # fmt: skip

    without = _without_forest if asked.forest else None
    made = working.once(f"{view.key} {asked.settings} {models}", work, "forecast", without)
    return None if made is None else Outlook(asked, prepared, made)


def parts_of(view: View, made: Outlook, by: str) -> Parts | None:
    """Return `caremap.forecasting.forecast_parts` by a column; None where it was cancelled."""
    asked = made.asked
    prepared = caches.measured(view, measured.prepared, name=asked.measure, every=asked.every,
                               by=by)  # fmt: skip

    def work(told: Told) -> Parts:
        return forecasting.forecast_parts(
            prepared.parts, asked.horizon, country=asked.country or None,
            region=asked.region or None, whole=made.forecast, progress=told,
        )  # fmt: skip

    return working.once(
        f"{view.key} {asked.settings} {by}", work, f"forecast by {title_of(by).lower()}"
    )


def arrivals(view: View, made: Outlook) -> Outlook | None:
    """Return the forecast that patients in hospital follow from.

    That is of admissions by day; without stays, of the patients in hospital themselves.
    """
    names = caches.measured(view, measured.measures_to_forecast)
    wanted = ("admissions", "occupied") if view.dataset.stays is not None else ("occupied",)
    name = next((name for name in wanted if name in names), None)
    if name is None:
        return None
    asked = made.asked
    if (asked.measure, asked.every) == (name, "day"):
        return made
    ahead = asked.horizon if asked.every == "day" else _AHEAD["day"][_USUAL["day"]]
    return worked_out(view, Asked(name, "day", ahead, asked.country, asked.region))


def census_of(view: View, of: Outlook, by: str | None = None) -> CensusForecast:
    """Return the midnight census that follows from a forecast, of groups too where asked."""
    key = f"census {view.key} {of.asked.settings} {by}"
    return working.keep(key, lambda: planning.census_forecast(view.dataset, of.forecast, by=by))


def _without_forest() -> None:
    """Go back to the forecast without the forest: most of the time it is there already."""
    st.session_state["compare_forest"] = False
