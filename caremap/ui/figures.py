"""A figure on the screen: message, chart, the same numbers as a table, and downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import accumulate

import pandas as pd
import streamlit as st
from altair.utils.schemapi import disable_debug_mode

from caremap.charts import Figure, picked_names, to_png, to_svg
from caremap.charts.picking import PICKED
from caremap.exports import to_csv, to_workbook
from caremap.measures import MEASURES
from caremap.ui import caches, downloads, picks, sidebar
from caremap.ui.band import context, narrowings
from caremap.ui.recipes import Get, Recipe, drawn, hiding, shared
from caremap.ui.sidebar import View
from caremap.ui.text import amount, escaped

__all__ = [
    "all_figures_table",
    "export_table",
    "narrowed_in_words",
    "seen",
    "show",
    "source_of",
]

disable_debug_mode()  # Altair checks charts against its schema at every rerun; the tests do
_NOTES = 320  # letters of notes below a figure before the rest is folded away


def seen(view: View) -> Get:
    """Return a `Get` for the screen: small counts hidden where the user wants it so."""
    get: Get = partial(caches.measured, view)
    return hiding(view, get) if view.sharing.screen else get


def show(recipe: Recipe, view: View) -> None:
    """Draw a figure with its numbers and its downloads.

    Parameters
    ----------
    recipe
        What to draw.
    view
        What it is computed from: the files say so.
    """
    get = seen(view)
    key = f"{recipe.key} {view.sharing.screen}"
    figure = caches.figure(view.key, key, lambda: drawn(recipe, view, get))
    name = figure.name
    with st.container(border=True, key=f"figure_{name}"):
        st.subheader(escaped(figure.title), anchor=False)
        st.caption(escaped(figure.subtitle))
        _chart(figure, recipe, view)
        _notes(figure.notes)
        with st.expander("The same numbers as a table"):
            downloads.draw(figure.table, f"{figure.title}: the numbers", f"table_{name}")
        _downloads(figure, recipe, view)


def _chart(figure: Figure, recipe: Recipe, view: View) -> None:
    """Draw the chart; a click on one of its groups narrows the page, or sets the filter."""
    key = f"chart_{figure.name}"
    keep = picks.pick if view.picking else sidebar.keep if recipe.pick in sidebar.PLACES else None
    if not recipe.pick or keep is None:
        st.altair_chart(figure.chart, width="stretch", key=key, alt=figure.alt)
        return
    key = f"{key}_{view.key[:12]}"  # what was clicked in another view is not clicked in this

    def taken() -> None:
        if names := picked_names(st.session_state.get(key)):
            keep(recipe.pick, list(names))

    st.altair_chart(
        figure.chart, width="stretch", key=key, alt=figure.alt, on_select=taken,
        selection_mode=PICKED,
    )  # fmt: skip


def _notes(notes: Sequence[str]) -> None:
    """Draw notes as one paragraph; what would make it long is folded away."""
    lengths = list(accumulate(map(len, notes)))
    at_once = [note for note, so_far in zip(notes, lengths, strict=True) if so_far <= _NOTES]
    if at_once:
        st.caption(escaped(" ".join(at_once)))
    if more := notes[len(at_once) :]:
        with st.expander("More notes" if at_once else "Notes"):
            st.caption(escaped(" ".join(more)))


def _downloads(figure: Figure, recipe: Recipe, view: View) -> None:
    """Offer the figure as CSV, Excel and picture; each is made when it is asked for."""
    name, sharing = figure.name, view.sharing
    # Said now: a file is made outside the run, where the session's choices cannot be read.
    source, notes = source_of(view), notes_of(view)

    @cache
    def made_to_share() -> Figure:
        return figure if sharing.hide == sharing.screen else drawn(recipe, view, shared(view))

    files = (
        ("CSV", "csv", "text/csv", lambda: to_csv(made_to_share().table, raw=sharing.raw)),
        ("Excel", "xlsx", downloads.XLSX,
         lambda: to_workbook({name: made_to_share().table}, notes(made_to_share()),
                             raw=sharing.raw)),
        ("PNG", "png", "image/png", lambda: to_png(made_to_share(), footer=source)),
        ("SVG", "svg", "image/svg+xml", lambda: to_svg(made_to_share(), footer=source)),
    )  # fmt: skip
    downloads.offer(files, name, name, f"“{escaped(figure.title)}”")


def source_of(view: View) -> str:
    """Return where figures come from and what narrows them, in one line."""
    told = context(view, hide=view.sharing.hide)
    return "  ·  ".join([told, *(one.words for one in narrowings(view))])


def narrowed_in_words(view: View) -> str:
    """Return the filters and choices in force; empty where there are none."""
    return "; ".join(one.words for one in narrowings(view))


def notes_of(view: View) -> Callable[[Figure], dict[str, str]]:
    """Return what says of a figure what a file of it says about itself."""
    source = source_of(view)
    files = ", ".join(dict.fromkeys(source.name for source in view.dataset.sources))

    def told(figure: Figure) -> dict[str, str]:
        return {
            "Figure": figure.title,
            "Measured": figure.subtitle,
            "Computed from": source,
            "Files": files,
            "Small counts": view.sharing.words,
            **{f"Note {place}": note for place, note in enumerate(figure.notes, 1)},
        }

    return told


def all_figures_table(figures: pd.DataFrame) -> pd.DataFrame:
    """Return every key figure with its month to date and notes, for the table below the cards."""
    rows = []
    for name, line in figures.iterrows():
        measure = MEASURES[str(name)]
        rows.append(
            {
                "Measure": measure.title,
                "Unit": measure.unit,
                **{
                    title: amount(float(line[column]), max(measure.decimals, 0))
                    for title, column in _COLUMNS.items()
                },
                "Note": line["note"],
            }
        )
    return pd.DataFrame(rows)


_COLUMNS = {
    "Overall": "overall",
    "Month to date": "month_to_date",
    "Month before": "previous",
    "Year before": "last_year",
}


def export_table(headline: pd.DataFrame, as_of: str | None, source: str) -> pd.DataFrame:
    """Return every key figure for a file that must explain itself: as of when, from what.

    Parameters
    ----------
    headline
        `caremap.measures.headline`.
    as_of
        The as-of date, None where the data has no dates.
    source
        `source_of` the view.
    """
    columns = {**_COLUMNS, "Change as a fraction": "change", "Numerator": "numerator",
               "Denominator": "denominator", "Rows or days used": "n",
               "Month to date: numerator": "mtd_numerator",
               "Month to date: denominator": "mtd_denominator",
               "Month to date: rows or days": "mtd_n"}  # fmt: skip
    table = pd.DataFrame(
        {
            "Measure": [MEASURES[str(name)].title for name in headline.index],
            "Unit": headline["unit"].tolist(),
            **{title: headline[name].round(4).tolist() for title, name in columns.items()},
            "Note": headline["note"].tolist(),
        }
    )
    table["As of"] = as_of or ""
    table["Computed from"] = source
    return table
