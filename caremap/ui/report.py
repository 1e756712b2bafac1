"""One report of everything a view has: a workbook and a page to print, made on a click."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import pandas as pd
import streamlit as st

import caremap
from caremap.charts import to_svg
from caremap.charts.look import lower
from caremap.exports import Page, Report, report_html, report_workbook
from caremap.hidden import HIDDEN
from caremap.measures import MEASURES, choices, glossary, protected
from caremap.measures.windows import dates_in_doubt
from caremap.ui import caches, downloads, measured, parts, recipes, sections
from caremap.ui.band import period_of
from caremap.ui.figures import narrowed_in_words
from caremap.ui.recipes import Recipe, drawn, shared
from caremap.ui.sidebar import View
from caremap.ui.text import day, times

__all__ = [
    "Told", "cover_of", "definitions", "files", "findings_of", "offer", "pages_of", "recipes_of",
    "report_of",
]  # fmt: skip

Told = Callable[[str, float], None]
"""Told the stage in words and the part done, from 0 to 1."""
_COLUMNS = 10  # that people are broken down by in a report
_CONTROLLED = ("admissions", "length_of_stay", "occupancy")
_SHEET = 31  # letters there is room for in the name of a sheet


def offer(view: View) -> None:
    """Draw the button that makes the report, and its two files once they are made."""
    st.header("Report", anchor=False)
    st.caption(
        "Every figure the data gives, of what is looked at now, with where it comes from: an Excel "
        f"workbook and a page to print or to save as PDF. {view.sharing.words}"
    )
    files("Make the report", "report", f"{view.key} {view.sharing}", view,
          lambda told: report_of(view, told))  # fmt: skip


def files(
    label: str, name: str, key: str, view: View, made_by: Callable[[Told], Report]
) -> None:  # fmt: skip
    """Draw a button that makes a report, with its progress, and its two files.

    Parameters
    ----------
    label
        On the button.
    name
        What the files are called, without ``caremap_`` and ending.
    key
        Everything the report depends on: one made of something else is not offered.
    view
        What is looked at.
    made_by
        Makes it.
    """
    kept = f"made_{name}"
    if st.button(label, icon=":material/description:", key=f"make_{name}"):
        bar = st.progress(0.0, text="Computing the figures")

        def told(stage: str, done: float) -> None:
            bar.progress(min(done, 1.0), text=stage)

        report = made_by(told)
        told("Writing the files", 0.95)
        st.session_state[kept] = (
            key, report_workbook(report, raw=view.sharing.raw), report_html(report),
            len(report.pages),
        )  # fmt: skip
        bar.empty()
    made = st.session_state.get(kept)
    if made is None or made[0] != key:
        return
    _, workbook, page, count = made
    st.caption(f"Made: {times(count, 'figure')}.")
    with st.container(horizontal=True):
        st.download_button(
            "Workbook (Excel)", workbook, f"caremap_{name}.xlsx", downloads.XLSX,
            on_click="ignore", key=f"{name}_xlsx", icon=":material/download:",
        )  # fmt: skip
        st.download_button(
            "Page to print (HTML)", page, f"caremap_{name}.html", "text/html", on_click="ignore",
            key=f"{name}_html", icon=":material/download:",
        )  # fmt: skip


def report_of(view: View, told: Told) -> Report:
    """Return the report of a view.

    Parameters
    ----------
    view
        What is looked at.
    told
        Told the stage in words and the part done, from 0 to 1.
    """
    get = shared(view)
    pages, left_out = pages_of(list(recipes_of(view)), view, get, told)
    pages[:0] = [_key_figures(view, get), _behind(get), *_standing_out(view, get)]
    return Report(
        title="CareMap report", cover=cover_of(view), pages=pages, definitions=definitions(),
        notes=left_out, findings=findings_of(view),
    )  # fmt: skip


def pages_of(
    wanted: Sequence[Recipe], view: View, get: recipes.Get, told: Told
) -> tuple[list[Page], list[str]]:
    """Return a page for each figure that can be drawn, and a sentence for each that cannot."""
    pages, left_out = [], []
    for place, recipe in enumerate(wanted):
        told(f"Drawing figure {place + 1} of {len(wanted)}", 0.9 * place / max(len(wanted), 1))
        if get(recipe.work, **recipe.given).empty:
            continue
        try:
            figure = drawn(recipe, view, get)
        except ValueError:  # nothing in the frame can be drawn, or all of it is hidden
            left_out.append(f"Left out, as nothing of it can be shown: {recipe.words}.")
            continue
        pages.append(
            Page(
                _sheet(figure.name, _groups_of(recipe)),
                figure.title,
                figure.subtitle,
                figure.table,
                figure.notes,
                svg=to_svg(replace(figure, title="", subtitle="")),
                alt=figure.alt,
                plot=figure.plot,
            )  # fmt: skip
        )
    return pages, left_out


def recipes_of(view: View) -> Iterator[Recipe]:
    """Yield the figures the data has something for, in the order of the pages."""
    known = set(parts.known_measures(view).values())
    headline = caches.measured(view, measured.headline)
    has_occupancy = bool(pd.notna(headline.loc["occupancy", "overall"]))
    columns = parts.columns_of(view)
    volume = parts.volume_of(view)
    both = (volume, "cost") if "cost" in known else (volume,)
    dated = view.dataset.span is not None and not dates_in_doubt(view.dataset)
    every = sections.every_of(view)
    if dated:
        shown = [volume, "cost", "length_of_stay", "occupancy"]
        given = known | ({"occupancy"} if has_occupancy else set())
        yield from (recipes.trend(name, every) for name in shown if name in given)
        yield from (recipes.control(name, every) for name in _CONTROLLED)
        yield recipes.clock("discharges" if "discharges" in known else "admissions")
    means = tuple(name for name in ("mean_cost", "length_of_stay") if name in known)
    for column in parts.readable(view)[:_COLUMNS]:
        yield recipes.bars(column, both, in_order=column == "age_band")
        if means:
            yield recipes.bars(column, means, in_order=column == "age_band")
    if {"age_band", "gender"} <= set(columns):
        yield recipes.pyramid(volume)
    yield from chain(_stays(known), _beds(view, every, has_occupancy, dated))
    yield from _costs(view, known, dated)
    yield from _results(view, known, dated)


def _stays(known: set[str]) -> Iterator[Recipe]:
    if "length_of_stay" in known:
        yield recipes.donut()
        yield recipes.histogram()


def _beds(view: View, every: recipes.Every, known: bool, dated: bool) -> Iterator[Recipe]:
    levels = sections.with_beds(view) if known else []
    if not levels:
        return
    if dated:
        yield recipes.occupancy_map(tuple(levels), every)
    yield recipes.occupancy_tree(tuple(levels))


def _costs(view: View, known: set[str], dated: bool) -> Iterator[Recipe]:
    by = parts.first_of(view, ("treatment", "diagnosis", "department"))
    value = next((n for n in ("cost", "charges") if n in known), None)
    if by is None or value is None:
        return
    yield recipes.spread(by, value)
    if dated:
        yield recipes.seasons(by, "mean_cost" if value == "cost" else value)


def _results(view: View, known: set[str], dated: bool) -> Iterator[Recipe]:
    by = parts.first_of(view, ("region", "facility", "department"))
    if by is not None and sections.filled(view, "outcome") and view.dataset.stays is not None:
        yield recipes.survival(by)
    if by is not None and "readmission" in known:
        yield recipes.readmissions(by)
    where = parts.first_of(view, ("department", "ward", "facility"))
    if where is not None and "satisfaction" in known and dated:
        yield recipes.over_months(where, "satisfaction", parts.cells_of(view))
    if "waiting" in known:
        yield recipes.waiting(view.conventions.target)
        yield recipes.wait_clock(view.conventions.target)
    yield recipes.relations()


def _groups_of(recipe: Recipe) -> str:
    """Return what the groups of a figure are called; empty where they are not of one column."""
    crossed = {"then", "every", "bands"} & {*recipe.given, *recipe.options}
    return "" if crossed else str(recipe.options.get("title_of_by", ""))


def _sheet(name: str, by: str = "") -> str:
    """Return the name of a figure as that of its sheet, for which there is room for 31 letters.

    Parameters
    ----------
    name
        Of the figure.
    by
        What its groups are called, where they are of one column.

    Examples
    --------
    >>> _sheet("admissions_and_cost_by_department"), _sheet("mean_cost_by_group", "Größe")
    ('Admissions, cost by department', 'Mean cost by größe')
    >>> _sheet("mean_cost_and_length_of_stay_by_admission_type", "Admission type")
    'Mean cost, stay by admission t…'
    """
    what, _, groups = name.partition("_by_")
    for long, short in (("mean_cost_and_length_of_stay", "mean_cost, stay"), ("_and_", ", ")):
        what = what.replace(long, short)
    told = what.replace("_", " ").capitalize()
    if groups:
        told += f" by {lower(by) if by else groups.replace('_', ' ')}"
    return told if len(told) <= _SHEET else f"{told[: _SHEET - 1].rstrip()}…"


def _key_figures(view: View, get: recipes.Get) -> Page:
    """The figures to the hundredth, as on the cards; what cannot be computed is a note."""
    headline = get(measured.headline)
    known = headline[headline["overall"].notna() | headline["month_to_date"].notna()]
    measure = [MEASURES[str(name)] for name in known.index]
    columns = {"Overall": "overall", "Month to date": "month_to_date",
               "Month before": "previous", "Year before": "last_year"}  # fmt: skip
    table = pd.DataFrame(
        {"Measure": [one.title for one in measure], "Unit": known["unit"].tolist()}
        | {
            title: [round(float(value), max(one.decimals, 2))
                    for value, one in zip(known[column], measure, strict=True)]
            for title, column in columns.items()
        }
    )  # fmt: skip
    notes: dict[str, list[str]] = {}
    for name, note in headline["note"].items():
        notes.setdefault(str(note).strip(), []).append(MEASURES[str(name)].title)
    said = tuple(f"{', '.join(titles)}: {note}" for note, titles in notes.items() if note)
    return Page("Key figures", "Key figures", period_of(view), table, said)


def _behind(get: recipes.Get) -> Page:
    """What the key figures are divided from."""
    headline = get(measured.headline)
    known = headline[headline["overall"].notna()]
    columns = {"Numerator": "numerator", "Denominator": "denominator", "Rows or days": "n",
               "Month to date: numerator": "mtd_numerator",
               "Month to date: denominator": "mtd_denominator",
               "Month to date: rows or days": "mtd_n"}  # fmt: skip
    table = pd.DataFrame(
        {"Measure": [MEASURES[str(name)].title for name in known.index]}
        | {title: known[column].round().tolist() for title, column in columns.items()}
    )
    title = "What the key figures are computed from"
    subtitle = "A figure is its numerator divided by its denominator"
    return Page("Key figures, rows used", title, subtitle, table)


def _standing_out(view: View, get: recipes.Get) -> list[Page]:
    seen = get(measured.standing_out)
    if seen.frame.empty:
        return []
    frame = protected(seen.frame) if view.sharing.hide else seen.frame
    if HIDDEN in frame:  # who it is of tells nothing without the figures
        frame = frame[~frame[HIDDEN]].drop(columns=HIDDEN)
    if frame.empty:
        return []
    measure = [MEASURES[name].title if name in MEASURES else name for name in frame["measure"]]
    table = frame.assign(measure=measure).rename(columns=_STANDING)[list(_STANDING.values())]
    title = f"What stands out: {times(len(table), 'finding')}"
    return [Page("What stands out", title, period_of(view), table, seen.notes)]


def cover_of(view: View) -> list[tuple[str, str]]:
    """Return what the figures are computed from, as of when, and by which choices."""
    dataset = view.dataset
    told = [(f"File: {source.name}", f"SHA-256 {source.digest}") for source in dataset.sources]
    narrowed = narrowed_in_words(view) or "none: all of the data"
    counted = [(f"Convention: {name}", words) for name, words in _conventions(view)]
    return [
        *dict.fromkeys(told),
        ("Period", period_of(view) or "The data has no dates."),
        ("As of", day(view.as_of)),
        ("Filters in force", narrowed),
        *counted,
        ("Small counts", view.sharing.words),
        ("Made with", f"CareMap {caremap.__version__}"),
    ]


def _conventions(view: View) -> Iterator[tuple[str, str]]:
    titles = choices().set_index("name")["title"]
    for name, words in view.conventions.in_force.items():
        yield str(titles.get(name, name)), words


_STANDING = {
    "sentence": "What stands out", "caution": "What it is not", "subject": "Of what",
    "measure": "Measure", "figure": "Figure", "comparison": "Compared with", "effect": "Difference",
    "low_95": "95 % interval from", "high_95": "95 % interval to", "unit": "Unit of difference",
    "n": "Computed from", "p": "p", "q": "q (Benjamini-Hochberg)",
}  # fmt: skip

_DEFINED = {
    "title": "Measure", "group": "Group", "unit": "Unit", "definition": "Definition",
    "numerator": "Numerator", "denominator": "Denominator", "kind": "What may be added up",
    "needs": "Needs", "source": "Source", "caveats": "What it does not say", "choices": "Choices",
}  # fmt: skip


def definitions() -> pd.DataFrame:
    """Return the definition of every measure."""
    return glossary().rename(columns=_DEFINED)[list(_DEFINED.values())]


def findings_of(view: View) -> pd.DataFrame:
    """Return what was noticed while reading the files."""
    severity = {"error": "Decide", "warning": "Check", "info": "Note"}
    return pd.DataFrame(
        [
            {
                "Matter": severity[one.severity], "What was noticed": one.message,
                "Column": one.column or "",
                "Source rows": ", ".join(f"{row:,}" for row in one.rows[:20]),
                "Rows": len(one.rows),
            }
            for one in view.whole.findings
        ],
        columns=["Matter", "What was noticed", "Column", "Source rows", "Rows"],
    )  # fmt: skip
