"""The parts of the Forecast page, from what is expected to what it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.charts.ahead import ahead_of, on_day
from caremap.charts.look import short_number, unit_of
from caremap.forecasting import Forecast
from caremap.hidden import WHY_HIDDEN
from caremap.measures import Measure
from caremap.planning import CensusForecast
from caremap.problems import DataProblem
from caremap.ui import caches, downloads, measured, outlook
from caremap.ui import forecast_recipes as recipes
from caremap.ui.figures import seen, show
from caremap.ui.outlook import Outlook
from caremap.ui.recipes import Recipe
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, percent, times, title_of

__all__ = ["PARTS", "headline", "needs", "offered", "settings"]

_FEW = 20  # below which a mean needs a decimal
_BY = ("department", "facility", "region", "ward")


def headline(made: Outlook) -> None:
    """Draw what a manager reads: how many, when it peaks, and how sure that is."""
    asked, forecast, what = made.asked, made.forecast, made.what
    adds, total = made.prepared.kind == "count", forecast.total
    people = adds and not unit_of(what)

    def told(value: float, decimals: int) -> str:
        return short_number(float(value), what.unit, max(what.decimals, decimals), spelt=True)

    def counted(value: float, decimals: int) -> str:
        unit = "" if " " in what.unit or what.unit == "%" else what.unit
        return f"{told(value, decimals)} {unit}".rstrip()

    mean = float(forecast.frame["mean"].mean())
    fine = 1 if mean < _FEW else 0
    of_all = 0 if not adds or total["mean"] >= _FEW else 1
    ahead = ahead_of(forecast.history, forecast.frame, what, asked.every, (80,))
    bounds = f"80 % between {told(total['low_80'], of_all)} and {told(total['high_80'], of_all)}"
    cards = [
        (
            f"{'Next' if adds else 'Mean of the next'} {times(asked.horizon, asked.every)}",
            told(total["mean"], of_all),
            f"{_led(what)}{bounds}",
        ),
        *(
            (f"{title} {asked.every}", _when(row["date"], asked.every),
             f"about {counted(row['value'], fine)}")
            for title, row in (("Busiest" if people else "Highest", ahead.peak),
                               ("Quietest" if people else "Lowest", ahead.quiet))
            if row is not None
        ),
        (f"Typical error of a {asked.every}", *_error(forecast, what, told)),
    ]  # fmt: skip
    if ahead.peak is None:
        said = f"{_led(what)}no {asked.every} stands out"
        cards.insert(1, (f"Every {asked.every}", told(mean, fine), said))
    for column, (title, value, said) in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.metric(title, value)
            st.caption(said)


def _when(date: pd.Timestamp, every: outlook.Step) -> str:
    name = on_day(date, every)
    return name[:1].upper() + name[1:]


def _led(what: Measure) -> str:
    """Return the unit to begin a caption with: the large number of a card has no room for it."""
    return "" if what.unit == "%" else f"{what.unit}, "


def _error(forecast: Forecast, what: Measure, told: Callable[[float, int], str]) -> tuple[str, str]:
    """Return how far off a forecast usually is, and what simple rule it is closer than."""
    errors = forecast.backtest.set_index("model")["mae"]
    mine = float(errors[forecast.chosen])
    error = told(mine, 1 if mine < _FEW else 0)
    simple = forecast.better_than
    if not simple:
        return error, f"{_led(what)}not better than a simple rule beyond chance"
    less = 1 - mine / float(errors[simple])  # the rule it was tested against, on the same days
    if less <= 0:
        return error, f"{_led(what)}fewer large errors than the {simple}"
    return error, f"{_led(what)}{percent(less).removeprefix('+')} less than that of the {simple}"


# --- the forecast ---------------------------------------------------------------------------


def ahead(view: View, made: Outlook) -> None:
    """What was, what is expected, and what is odd in what was."""
    show(recipes.ahead(made), view)
    _said(made)
    odd = {
        "Single days unlike the others": _outliers(view, made),
        "Lasting changes of level": made.prepared.shifts,
    }
    for title, frame in odd.items():
        if not frame.empty:
            with st.expander(f"{title} ({len(frame):,})"):
                table = frame.assign(date=frame["date"].dt.strftime("%Y-%m-%d"))
                table = table.rename(columns=lambda name: str(name).capitalize()).round(1)
                downloads.draw(table, title, f"odd_{title[:6].lower()}")
                if table.isna().any(axis=None):
                    st.caption(WHY_HIDDEN)


def _outliers(view: View, made: Outlook) -> pd.DataFrame:
    """Return the days unlike the others, each with its value as far as it may be seen."""
    asked, found = made.asked, made.prepared.outliers
    history = seen(view)(measured.history, name=asked.measure, every=asked.every)
    return found.assign(value=found["date"].map(history.set_index("date")[asked.measure]))


def _said(made: Outlook) -> None:
    notes = dict.fromkeys((*made.prepared.notes, *made.forecast.notes))
    if notes:
        st.markdown("\n".join(f"- {escaped(note)}" for note in notes))


def how_good(view: View, made: Outlook) -> None:
    """The backtest: every model on days it had not seen."""
    st.toggle(
        "Compare a random forest too", key="compare_forest", bind="query-params",
        help="It takes longer than all the others together, and is not part of the mix.",
    )  # fmt: skip
    show(recipes.models(made), view)
    show(recipes.backtest(made), view)


def made_of(view: View, made: Outlook) -> None:
    """Level, weekday, season and holidays."""
    show(recipes.components(made), view)
    if not made.forecast.weights.empty:
        st.header("Models in the mix", anchor=False)
        weights = made.forecast.weights
        table = pd.DataFrame(
            {"Model": weights["model"], "Weight (%)": (weights["weight"] * 100).round(1)}
        )
        downloads.table(table, "Models in the mix and their weights", "mix", "forecast_mix")


def places(view: View, made: Outlook) -> None:
    """The forecast of each department, facility or region: they add up to the whole."""
    by = st.selectbox("By", _several(view), key="forecast_place", format_func=title_of, width=220)
    try:
        parts = outlook.parts_of(view, made, by)
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"))
        return
    if parts is not None:
        show(recipes.of_parts(made, parts, by), view)
        for note in parts.notes:
            st.caption(escaped(note))


def _several(view: View) -> list[str]:
    """Return the columns with more than one group in view: one group is the whole again."""
    tables = [table for table in (view.dataset.stays, view.dataset.activity) if table is not None]
    return [
        name
        for name in _BY
        if any(name in table and len(table[name].drop_duplicates()) > 1 for table in tables)
    ]


# --- what it takes --------------------------------------------------------------------------

_RULES = {
    "occupancy": ("Occupancy aimed at (%)", 50.0, 100.0, 85.0, 1.0),
    "quantile": ("Days with a bed for all (%)", 50.0, 99.0, 95.0, 1.0),
    "refusal": ("Patients turned away at most (%)", 0.1, 20.0, 2.0, 0.1),
}
"""Rules for beds: what is asked, the least, the most, the usual and the step."""
_CHOSEN = "forecast_chosen"


def _choose(part: str, given: dict[str, Any]) -> None:
    st.session_state.setdefault(_CHOSEN, {})[part] = given


def _chosen(part: str) -> dict[str, Any]:
    """Return what was chosen on a part of the page, also while another is in view."""
    found: dict[str, Any] = st.session_state.get(_CHOSEN, {}).get(part, {})
    return found


def settings(view: View) -> str:
    """Return everything that was chosen of what a forecast takes."""
    staffing = {
        name: one.to_csv() if isinstance(one, pd.DataFrame) else one
        for name, one in _chosen(f"staff {view.key}").items()
    }
    return f"{_chosen('beds')} {_chosen(f'intensive {view.key}')} {staffing}"


def needs(view: View, made: Outlook) -> Iterator[Recipe]:
    """Give the figures of what a forecast takes, as chosen on the page."""
    found = _census(view, made) if "Beds" in offered(view, made) else None
    if found is None:
        return
    yield _of_census(view, *found)
    yield _of_beds(view, *found)
    yield _of_intensive(view, *found)
    by_unit = _census_by_unit(view, made)
    if by_unit is not None:
        yield from _of_staff(view, *by_unit)


def beds(view: View, made: Outlook) -> None:
    """Patients in hospital each midnight, and the beds for them by three rules."""
    found = _census(view, made)
    if found is None:
        return
    with st.expander("The three rules", icon=":material/tune:"), st.container(horizontal=True):
        rules = {
            rule: st.number_input(
                title, least, most, usual, step, format="%.1f" if step < 1 else "%.0f",
                key=f"rule_{rule}", bind="query-params", width=200,
            )
            for rule, (title, least, most, usual, step) in _RULES.items()
        }  # fmt: skip
    _choose("beds", rules)
    show(_of_census(view, *found), view)
    show(_of_beds(view, *found), view)
    for note in found[1].notes:
        st.caption(escaped(note))


def _of_census(view: View, arrivals: Outlook, expected: CensusForecast) -> Recipe:
    return recipes.census(arrivals, expected, _staffed_beds(view))


def _of_beds(view: View, arrivals: Outlook, expected: CensusForecast) -> Recipe:
    rules = planning.beds_rules(expected, _staffed_beds(view), **_chosen("beds"))
    return recipes.beds(arrivals, rules)


def _staffed_beds(view: View) -> int | None:
    """Return the staffed beds of the last day they are known for, in whole beds."""
    known = caches.measured(view, measured.census)["staffed"].dropna()
    return None if known.empty else round(float(known.iloc[-1]))


def _census(
    view: View, made: Outlook, by: str | None = None
) -> tuple[Outlook, CensusForecast] | None:
    """Return a forecast of admissions by day, and the midnight census that follows from it."""
    arrivals = outlook.arrivals(view, made)
    if arrivals is None:
        return None
    try:
        return arrivals, outlook.census_of(view, arrivals, by)
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"))
        return None


def _census_by_unit(view: View, made: Outlook) -> tuple[Outlook, CensusForecast] | None:
    stays = view.dataset.stays
    by_unit = stays is not None and "department" in stays
    return _census(view, made, "department" if by_unit else None)


def intensive(view: View, made: Outlook) -> None:
    """Patients in intensive care and on ventilators among them."""
    found = _census(view, made)
    if found is None:
        return
    usual = planning.intensive_defaults(view.dataset)
    most = {"percent": 100.0, "days": 365.0}
    given = {}
    with st.container(horizontal=True):
        for name, one in usual.iterrows():
            shown = round(float(one["value"]), 1)
            # What other data says is not what this says: the key changes with what is looked at.
            typed = st.number_input(
                f"{one['title']} ({one['unit']})", 0.0, most[str(one["unit"])], shown, 0.5,
                format="%.1f", key=f"intensive_{name}_{view.key[:12]}",
                help=escaped(str(one["source"])), width=250,
            )  # fmt: skip
            if typed != shown:
                given[str(name)] = typed
    _choose(f"intensive {view.key}", given)
    show(_of_intensive(view, *found), view)
    for source in dict.fromkeys(usual["source"]):
        st.caption(escaped(str(source)))


def _of_intensive(view: View, arrivals: Outlook, expected: CensusForecast) -> Recipe:
    given = _chosen(f"intensive {view.key}")
    frame = planning.intensive(expected, view.dataset, **given)
    return recipes.intensive(arrivals, frame, str(given))


def staff(view: View, made: Outlook) -> None:
    """Nurses and doctors for the patients expected, against those there are."""
    found = _census_by_unit(view, made)
    if found is None:
        return
    st.caption("Type over any number: the staff needed follows.")
    usual = planning.staffing_defaults(view.dataset, found[1])
    with st.expander("Patients for each person on duty, or hours for each patient", expanded=True):
        units = st.data_editor(
            usual.rename(columns=_STAFFING), hide_index=True, width="stretch",
            height=_TABLE, key="staffing_units", disabled=["Unit", "Role", "Where it is from"],
        )  # fmt: skip
        with st.container(horizontal=True):
            week = st.number_input(
                "Hours in a full-time week", 10.0, 80.0, 40.0, 0.5, key="staffing_week",
                bind="query-params", width=220,
            )  # fmt: skip
            away = st.number_input(
                "Leave, sickness, training (%)", 0.0, 80.0, 22.0, 1.0, key="staffing_absence",
                bind="query-params", width=220,
            )  # fmt: skip
    named = {title: name for name, title in _STAFFING.items()}
    given = {"units": units.rename(columns=named), "hours_per_week": week, "absence": away}
    _choose(f"staff {view.key}", given)
    drawn = list(_of_staff(view, *found))
    if not drawn:
        st.info("No number of patients or hours is known for any role: type one in above.")
    for recipe in drawn:
        show(recipe, view)


def _of_staff(view: View, arrivals: Outlook, expected: CensusForecast) -> Iterator[Recipe]:
    """Give the figure of the staff needed, where there is a number for any role."""
    given = _chosen(f"staff {view.key}") or {
        "units": planning.staffing_defaults(view.dataset, expected)
    }
    needed = planning.staff_needed(expected, staff=view.dataset.staff, **given)
    if not needed.empty:
        yield recipes.staff(arrivals, needed)


_TABLE = 320
_STAFFING = {
    "unit": "Unit", "role": "Role", "patients_per_staff": "Patients per person on duty",
    "hours_per_patient_day": "Hours per patient and day", "source": "Where it is from",
}  # fmt: skip

Part = Callable[[View, Outlook], None]

PARTS: Mapping[str, Part] = {
    "Forecast": ahead,
    "How good it is": how_good,
    "What it is made of": made_of,
    "By place": places,
    "Beds": beds,
    "Intensive care": intensive,
    "Staff": staff,
}
"""The parts of the page, by what they are called."""


def offered(view: View, made: Outlook) -> list[str]:
    """Return the parts the data has something for."""
    census = not caches.measured(view, measured.census).empty and made.asked.every == "day"
    needed = {
        "By place": made.prepared.kind == "count" and bool(_several(view)),  # means do not add up
        "Beds": census,
        "Intensive care": census,
        "Staff": census,
    }
    return [name for name in PARTS if needed.get(name, True)]
