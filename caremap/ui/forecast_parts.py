"""The parts of the Forecast page, from what is expected to what it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.charts.ahead import ahead_of, on_day
from caremap.charts.look import short_number, unit_of
from caremap.forecasting import Forecast
from caremap.measures import Measure
from caremap.planning import CensusForecast
from caremap.problems import DataProblem
from caremap.ui import caches, downloads, measured, outlook
from caremap.ui import forecast_recipes as recipes
from caremap.ui.figures import show
from caremap.ui.outlook import Outlook
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, percent, times, title_of

__all__ = ["PARTS", "headline", "offered", "staffed_beds"]

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
    prepared = made.prepared
    odd = {
        "Single days unlike the others": prepared.outliers,
        "Lasting changes of level": prepared.shifts,
    }
    for title, frame in odd.items():
        if not frame.empty:
            with st.expander(f"{title} ({len(frame):,})"):
                table = frame.assign(date=frame["date"].dt.strftime("%Y-%m-%d"))
                table = table.rename(columns=lambda name: str(name).capitalize()).round(1)
                downloads.draw(table, title, f"odd_{title[:6].lower()}")


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


def beds(view: View, made: Outlook) -> None:
    """Patients in hospital each midnight, and the beds for them by three rules."""
    expected = _census(view, made)
    if expected is None:
        return
    with st.expander("The three rules", icon=":material/tune:"), st.container(horizontal=True):
        occupancy = st.number_input(
            "Occupancy aimed at (%)", 50, 100, 85, key="rule_occupancy", width=200
        )
        quantile = st.number_input(
            "Days with a bed for all (%)", 50, 99, 95, key="rule_quantile", width=200
        )
        refusal = st.number_input(
            "Patients turned away at most (%)", 0.1, 20.0, 2.0, 0.1, key="rule_refusal", width=200
        )
    staffed = staffed_beds(view)
    show(recipes.census(made, expected, staffed), view)
    rules = planning.beds_rules(
        expected, staffed, occupancy=occupancy, quantile=quantile, refusal=refusal
    )
    show(recipes.beds(made, rules), view)
    for note in expected.notes:
        st.caption(escaped(note))


def staffed_beds(view: View) -> float | None:
    """Return the staffed beds of the last day they are known for."""
    known = caches.measured(view, measured.census)["staffed"].dropna()
    return None if known.empty else float(known.iloc[-1])


def _by_unit(view: View) -> bool:
    return view.dataset.stays is not None and "department" in view.dataset.stays


def _census(view: View, made: Outlook, by: str | None = None) -> CensusForecast | None:
    """Return the midnight census expected, from a forecast of admissions by day."""
    arrivals = outlook.arrivals(view, made)
    if arrivals is None:
        return None
    try:
        return outlook.census_of(view, arrivals, by)
    except DataProblem as problem:
        st.info(escaped(f"{problem.message} {problem.hint}"))
        return None


def intensive(view: View, made: Outlook) -> None:
    """Patients in intensive care and on ventilators among them."""
    expected = _census(view, made)
    if expected is None:
        return
    usual = planning.intensive_defaults(view.dataset)
    most = {"percent": 100.0, "days": 365.0}
    with st.container(horizontal=True):
        asked = {
            str(name): st.number_input(
                f"{one['title']} ({one['unit']})", 0.0, most[str(one["unit"])],
                round(float(one["value"]), 1), 0.5, format="%.1f", key=f"intensive_{name}",
                help=escaped(str(one["source"])), width=250,
            )
            for name, one in usual.iterrows()
        }  # fmt: skip
    frame = planning.intensive(expected, view.dataset, **asked)
    show(recipes.intensive(made, frame, tuple(asked.values())), view)
    for source in dict.fromkeys(usual["source"]):
        st.caption(escaped(str(source)))


def staff(view: View, made: Outlook) -> None:
    """Nurses and doctors for the patients expected, against those there are."""
    expected = _census(view, made, by="department" if _by_unit(view) else None)
    if expected is None:
        return
    st.caption("Type over any number: the staff needed follows.")
    usual = planning.staffing_defaults(view.dataset)
    with st.expander("Patients for each person on duty, or hours for each patient", expanded=True):
        units = st.data_editor(
            usual.rename(columns=_STAFFING), hide_index=True, width="stretch",
            height=_TABLE, key="staffing_units", disabled=["Unit", "Role", "Where it is from"],
        )  # fmt: skip
        with st.container(horizontal=True):
            week = st.number_input("Hours in a full-time week", 10.0, 80.0, 40.0, 0.5,
                                   key="staffing_week", width=220)  # fmt: skip
            away = st.number_input(
                "Leave, sickness, training (%)", 0.0, 80.0, 22.0, 1.0, key="staffing_absence",
                width=220,
            )  # fmt: skip
    named = {title: name for name, title in _STAFFING.items()}
    needed = planning.staff_needed(
        expected, units.rename(columns=named), view.dataset.staff, hours_per_week=week,
        absence=away,
    )  # fmt: skip
    if needed.empty:
        st.info("No number of patients or hours is known for any role: type one in above.")
        return
    show(recipes.staff(made, needed), view)


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
