"""How the figures of the Forecast page come about, each from a forecast already worked out.

The days that were are measured again for every figure and file, so that small counts can be
hidden; a forecast is an estimate and hides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from caremap import charts
from caremap.charts import Figure
from caremap.charts.look import adds_up, unit_of
from caremap.forecasting import Parts
from caremap.planning import CensusForecast
from caremap.ui import measured
from caremap.ui.outlook import Outlook
from caremap.ui.recipes import Recipe, settled
from caremap.ui.text import days_between, title_of

__all__ = [
    "ahead", "backtest", "beds", "census", "components", "intensive", "models", "of_parts",
    "staff",
]  # fmt: skip


def _of(
    outlook: Outlook, name: str, frame: pd.DataFrame, draw: Callable[..., Figure],
    told: str = "", **more: Any,
) -> Recipe:  # fmt: skip
    """Return a recipe of a frame that comes from the forecast.

    ``told`` names what the frame depends on beside the forecast; ``more`` may say its period.
    """
    settings = f"{outlook.asked.settings} {outlook.asked.forest} {told}"
    return settled(name, settings, frame, draw, **more)


def _days_ahead(outlook: Outlook) -> str:
    dates = outlook.forecast.frame["date"]
    return days_between(dates.iloc[0], dates.iloc[-1])


def ahead(outlook: Outlook) -> Recipe:
    """What was and what is expected."""
    asked, made = outlook.asked, outlook.forecast

    def forecast_figure(found: pd.DataFrame, *, period: str, settings: str) -> Figure:
        del settings
        history = found.set_index("date")[asked.measure]
        return charts.forecast_figure(
            history, made.frame, outlook.what, every=asked.every, total=made.total, period=period
        )

    given = {"name": asked.measure, "every": asked.every}
    return Recipe(measured.history, given, forecast_figure, {"settings": asked.settings})


def models(outlook: Outlook) -> Recipe:
    """Every model's scores on days it had not seen."""
    made = outlook.forecast
    # Chance limits how well events are forecast, one by one; not money, nor who is in already.
    limit = made.limit if adds_up(outlook.what) and not unit_of(outlook.what) else {}
    return _of(outlook, "models", made.backtest, charts.models_figure, limit=limit,
               chosen=made.chosen, every=outlook.asked.every,
               measure=outlook.what)  # fmt: skip


def backtest(outlook: Outlook) -> Recipe:
    """What was forecast on past days, and what came."""
    asked, made = outlook.asked, outlook.forecast
    errors = made.errors[made.errors["model"] == made.chosen]

    def backtest_figure(found: pd.DataFrame, *, period: str, settings: str) -> Figure:
        del settings
        came = errors["date"].map(found.set_index("date")[asked.measure])
        figure = charts.backtest_figure(
            errors.assign(actual=came), outlook.what, every=asked.every, chosen=made.chosen,
            period=period,
        )  # fmt: skip
        hidden = bool((came.isna() & errors["actual"].notna()).any())
        return _uncounted(figure, outlook.what.title) if hidden else figure

    given = {"name": asked.measure, "every": asked.every}
    return Recipe(measured.history, given, backtest_figure, {"settings": asked.settings})


def _uncounted(figure: Figure, what: str) -> Figure:
    """Return the backtest without its counts of hits: days left after hiding are the busy ones."""
    title = f"{what}: what was forecast on past days, and what came"
    kept = [note for note in figure.notes if " lay within the " not in note]
    where = "How often the intervals held, hidden days included, is in the comparison of models."
    return replace(figure, title=title, alt=f"{title}.", notes=(*kept, where))


def components(outlook: Outlook) -> Recipe:
    """What the forecast is made of."""
    asked = outlook.asked
    return _of(outlook, "components", outlook.forecast.components, charts.components_figure,
               measure=outlook.what, every=asked.every,
               start=outlook.forecast.frame["date"].iloc[0])  # fmt: skip


def of_parts(outlook: Outlook, parts: Parts, by: str) -> Recipe:
    """The same by department, facility or region."""
    asked = outlook.asked
    return _of(outlook, "parts", parts.frame, charts.parts_figure, by,
               whole=parts.whole.frame, total=parts.total, title_of_by=title_of(by),
               measure=outlook.what, every=asked.every, period=_days_ahead(outlook))  # fmt: skip


def census(outlook: Outlook, expected: CensusForecast, staffed: int | None) -> Recipe:
    """Patients in hospital at midnight, as they were and as they are expected."""

    def census_figure(found: pd.DataFrame, *, period: str, settings: str) -> Figure:
        del settings
        history = found.set_index("date")["occupied"]
        return charts.census_figure(history, expected.frame, staffed=staffed, period=period)

    options = {"settings": f"{outlook.asked.settings} {staffed}"}
    return Recipe(measured.census, {}, census_figure, options)


def beds(outlook: Outlook, rules: pd.DataFrame) -> Recipe:
    """Beds by three rules."""
    return _of(outlook, "beds", rules, charts.beds_figure, rules.to_csv(),
               period=_days_ahead(outlook))  # fmt: skip


def intensive(outlook: Outlook, frame: pd.DataFrame, chosen: str) -> Recipe:
    """Patients in hospital, in intensive care, and on a ventilator."""
    return _of(outlook, "intensive_care", frame, charts.intensive_figure, chosen,
               period=_days_ahead(outlook))  # fmt: skip


def staff(outlook: Outlook, needed: pd.DataFrame) -> Recipe:
    """Staff needed and there, by unit and role."""
    return _of(outlook, "staff", needed, charts.staff_figure, needed.to_csv(),
               period=_days_ahead(outlook))  # fmt: skip
