"""The parts of the Forecast page, from what is expected to what it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from caremap.charts.ahead import ahead_of, on_day
from caremap.charts.look import short_number, unit_of
from caremap.forecasting import Forecast
from caremap.hidden import WHY_HIDDEN
from caremap.measures import Measure
from caremap.problems import DataProblem
from caremap.ui import card_row, downloads, forecast_needs, measured, outlook
from caremap.ui import forecast_recipes as recipes
from caremap.ui.figures import seen, show
from caremap.ui.outlook import Outlook
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, percent, times, title_of

__all__ = ["PARTS", "headline", "offered"]

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
    card_row.draw(cards)


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


Part = Callable[[View, Outlook], None]

PARTS: Mapping[str, Part] = {
    "Forecast": ahead,
    "How good it is": how_good,
    "What it is made of": made_of,
    "By place": places,
    "Beds": forecast_needs.beds,
    "Intensive care": forecast_needs.intensive,
    "Staff": forecast_needs.staff,
}
"""The parts of the page, by what they are called."""


def offered(view: View, made: Outlook) -> list[str]:
    """Return the parts the data has something for."""
    census = forecast_needs.with_census(view, made)
    needed = {
        "By place": made.prepared.kind == "count" and bool(_several(view)),  # means do not add up
        "Beds": census,
        "Intensive care": census,
        "Staff": census,
    }
    return [name for name in PARTS if needed.get(name, True)]
