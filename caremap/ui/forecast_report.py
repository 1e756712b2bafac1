"""The forecast to take along: a workbook and a page to print, made on a click."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from caremap.exports import Page, Report
from caremap.ui import forecast_needs
from caremap.ui import forecast_recipes as recipes
from caremap.ui.outlook import Outlook
from caremap.ui.recipes import Recipe, shared
from caremap.ui.report import Told, cover_of, definitions, files, findings_of, pages_of
from caremap.ui.sidebar import View

__all__ = ["offer"]


def offer(view: View, made: Outlook) -> None:
    """Draw the button that makes the files, and the files once they are made."""
    st.header("Take it along", anchor=False)
    st.caption(
        "The forecast, how good it was on past days, and what it takes, with where it comes from: "
        f"an Excel workbook and a page to print or to save as PDF. {view.sharing.words}"
    )
    key = f"{view.key} {view.sharing} {made.asked} {forecast_needs.settings(view)}"
    files("Make the workbook", "forecast", key, view, lambda told: _report(view, made, told))


def _report(view: View, made: Outlook, told: Told) -> Report:
    asked = made.asked
    pages, left_out = pages_of(list(_wanted(view, made)), view, shared(view), told)
    pages = [_total(made), *pages]
    settings = [
        ("Forecast of", asked.what.title),
        ("Steps", f"{asked.horizon} {asked.every}s ahead"),
        ("Public holidays", " ".join(filter(None, (asked.country, asked.region))) or "none"),
        ("Model in use", made.forecast.chosen),
    ]
    notes = [*dict.fromkeys((*made.prepared.notes, *made.forecast.notes)), *left_out]
    return Report(
        title="CareMap forecast", cover=[*cover_of(view), *settings], pages=pages,
        definitions=definitions(), notes=notes, findings=findings_of(view),
    )  # fmt: skip


def _total(made: Outlook) -> Page:
    """The sum over the horizon, with an interval of its own."""
    asked, total = made.asked, made.forecast.total
    adds = made.prepared.kind == "count"
    title = f"{'Sum' if adds else 'Mean'} of the next {asked.horizon} {asked.every}s"
    table = pd.DataFrame(
        {
            "Measure": [made.what.title], "Unit": [made.what.unit],
            "Expected": [float(total["mean"])], "80 % from": [float(total["low_80"])],
            "80 % to": [float(total["high_80"])], "95 % from": [float(total["low_95"])],
            "95 % to": [float(total["high_95"])],
        }
    ).round(1)  # fmt: skip
    return Page(title, title, "Bounds of single days do not add up to these", table)


def _wanted(view: View, made: Outlook) -> Iterator[Recipe]:
    yield recipes.ahead(made)
    yield recipes.models(made)
    yield recipes.backtest(made)
    yield recipes.components(made)
    yield from forecast_needs.needs(view, made)
