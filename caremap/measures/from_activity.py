"""Figures from counts: files with a number per date and place instead of a row per stay.

Flows (admissions, cost) are summed over dates. Stocks (beds, patients in house) are never
summed over time: a ratio of beds is a ratio of sums over the dates and places where both
are known, a number of beds is averaged over the dates of each place and then added over
places. Only counts of every midnight add up to bed-days, by definition.
Counts of a week or longer enter a window whole, by the date the file gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.counts import FLOWS, NO_BEDS, SCORES, Counts, counts_of
from caremap.measures.figures import (
    NAN,
    Figure,
    Figures,
    bounds,
    missing,
    ratios,
    told,
    unknown,
    window_sums,
)
from caremap.measures.gates import gated
from caremap.measures.rhythm import CALENDAR, LENGTHS, first_day, last_day
from caremap.measures.windows import Window

__all__ = ["figures_from_activity"]

Windows = Sequence[Window]


def figures_from_activity(dataset: Dataset, windows: Windows) -> Figures:
    """Return what counts can give: measure to one figure per window."""
    if dataset.activity is None:
        return {}
    counts = counts_of(dataset)
    asked = [_stretched(window, counts.every) for window in windows]
    figures = {
        **_flows(dataset.activity, counts, asked),
        **_scores(dataset.activity, counts, asked),
        **_stocks(counts, asked),
    }
    if "cost" in figures:
        figures["mean_cost"] = missing(windows, "The file counts costs, not stays with a cost.")
    cut = _cut_short(windows, dataset.as_of, counts.every)
    not_over = (
        f"The counts are per {counts.every}, and this {counts.every} is not over on the as-of date."
    )
    return {
        name: [
            unknown(not_over) if early else _by(figure, counts)
            for figure, early in zip(_gate(values, asked, counts), cut, strict=True)
        ]
        for name, values in figures.items()
    }


def _by(figure: Figure, counts: Counts) -> Figure:
    """Return the figure saying that whole weeks, months, ... were counted, where they were."""
    every = "" if counts.every == "day" else counts.every
    return replace(figure, every=every).noting(counts.rhythm)


def _cut_short(windows: Windows, last: pd.Timestamp | None, every: str) -> list[bool]:
    """Return which windows end within a month (quarter, year) whose count goes on.

    It cannot be taken apart. The windows that month to date is compared with follow it.
    """
    if every not in CALENDAR:
        return [False] * len(windows)
    to_date = next((window for window in windows if window.name == "month_to_date"), None)
    result = []
    for window in windows:
        compared = window.name in {"previous", "last_year"}
        end = to_date.end if compared and to_date else window.end
        if window.name == "overall" or end is None or last is None:
            result.append(False)
        else:
            result.append(bool(end < last_day(end, every) and last > end))
    return result


def _flows(activity: pd.DataFrame, counts: Counts, windows: Windows) -> Figures:
    present = [name for name in FLOWS if name in counts.flows]
    table = counts.flows.assign(rows=1.0)
    columns = ["rows", *present, *(f"{name}_n" for name in present)]
    counted = [f"{name}_counted" for name in present]
    table[counted] = (table[[f"{name}_n" for name in present]] > 0).astype("float64").to_numpy()
    daily = table.groupby("date", dropna=False)[[*columns, *counted]].sum().reset_index()
    for name in present:
        daily[f"{name}_dates"] = (daily[f"{name}_n"] > 0).astype("float64")
    totals = window_sums(daily, windows)
    found: Figures = {}
    for name in FLOWS:
        if name in present:
            sums = [
                totals[column].to_list()
                for column in (name, f"{name}_counted", f"{name}_dates", "rows")
            ]
            found[name] = [
                _flow(name, *values, window=window, every=counts.every)
                for *values, window in zip(*sums, windows, strict=True)
            ]
            found[name] = told(found[name], _undated(counts, name))
        elif name in activity:
            found[name] = missing(windows, f"The {name} column is empty.")
    return found


def _undated(counts: Counts, name: str) -> str:
    """Say how much of a flow has no date, where others have one."""
    rows = counts.flows[counts.flows["date"].isna() & (counts.flows[f"{name}_n"] > 0)]
    if not counts.dated or rows.empty:
        return ""
    number, total = rows[f"{name}_n"].sum(), rows[name].sum()
    said = "1 row" if number == 1 else f"{number:,} rows"
    return f"Counts without a date, in no month: {said} (sum {total:,.10g})."


def _flow(
    name: str, value: float, n: float, dates: float, rows: float, *, window: Window, every: str
) -> Figure:
    """Return a flow over a window, its blanks said; blank is not zero."""
    if not n:
        return unknown(f"No {name} counted in this time.")
    days = window.days if every in CALENDAR else dates * LENGTHS.get(every, 1)
    figure = Figure(value, value, NAN, n, days=days, of=rows)
    if n < rows:
        figure = figure.noting(f"{rows - n:,.0f} of {rows:,.0f} counts are blank.")
    if every == "day" and dates < window.days:
        figure = figure.noting(f"{dates:.0f} of {window.days:.0f} days have a count.")
    return figure


def _scores(activity: pd.DataFrame, counts: Counts, windows: Windows) -> Figures:
    found: Figures = {}
    for name in SCORES:
        if name not in counts.flows:
            continue
        totals = window_sums(counts.flows[["date", name, f"{name}_n"]], windows)
        n = totals[f"{name}_n"]
        scale = reductions.extents(activity, [name]).iloc[0]
        note = (
            f"Mean of the scores in the file, each counting the same; they run from "
            f"{scale['low']:g} to {scale['high']:g}."
        )
        figures = ratios(totals[name], n, n, "No score in this time.")
        found[name] = [figures[0].noting(note), *figures[1:]]
    return found


def _stocks(counts: Counts, windows: Windows) -> Figures:
    """Return the figures of beds: averages and ratios of sums, never sums over time."""
    table = counts.beds
    no_beds = counts.note or NO_BEDS
    totals = window_sums(_bed_columns(table, counts.every), windows)
    found = {
        "bed_days": _bed_days(totals, counts),
        "mean_census": _means(table, "occupied", counts.places, windows),
        "occupancy": ratios(totals["of"], totals["beds"], totals["both"], scale=100.0),
        "staffed_beds": _means(table, "staffed", counts.places, windows),
        "turnover": [],
        "turnover_interval": ratios(totals["empty"], totals["left"], totals["complete"]),
    }
    leaving = table[table["staffed"].notna() & table["discharges"].notna()]
    beds = _means(leaving, "staffed", counts.places, windows)
    means = [0.0 if np.isnan(figure.value) else figure.value for figure in beds]
    found["turnover"] = ratios(totals["left"], means, totals["complete"])
    if not table["occupied"].notna().any():
        why = missing(windows, *counts.lacking)
        found |= dict.fromkeys(("bed_days", "mean_census", "occupancy", "turnover_interval"), why)
    elif not table["staffed_of"].notna().any():
        why = missing(windows, no_beds)
        found |= dict.fromkeys(("occupancy", "turnover_interval"), why)
    if not table["staffed"].notna().any():
        found |= dict.fromkeys(("staffed_beds", "turnover"), missing(windows, no_beds))
    return {
        name: [
            figure.noting("Not counted in this time.")
            if np.isnan(figure.value) and not figure.notes
            else figure.noting(counts.note if name != "mean_census" else "")
            for figure in figures
        ]
        for name, figures in found.items()
    }


def _bed_columns(table: pd.DataFrame, every: str) -> pd.DataFrame:
    """Return, per date and place, what the sums of the bed ratios are made of."""
    length = LENGTHS[every] if every else 0
    both = table["staffed_of"].notna()
    complete = table["staffed"].notna() & table["discharges"].notna()
    empty = (table["staffed_of"] - table["occupied_of"]).where(complete & both, 0.0)
    return pd.DataFrame(
        {
            "date": table["date"],
            "rows": 1.0,
            "occupied": table["occupied"].fillna(0.0),
            "counted": table["occupied"].notna().astype("float64"),
            "days": (table["occupied"].notna() & ~_again(table)).astype("float64"),
            "of": table["occupied_of"].fillna(0.0),
            "beds": table["staffed_of"].fillna(0.0),
            "both": both.astype("float64"),
            "complete": complete.astype("float64"),
            "left": table["discharges"].where(complete, 0.0),
            "empty": empty * length,
        }
    )


def _bed_days(totals: pd.DataFrame, counts: Counts) -> list[Figure]:
    columns = [totals[name].to_list() for name in ("occupied", "counted", "days", "rows")]
    if counts.every != "day":
        return [unknown("Bed-days need a count for every day.") for _ in columns[0]]
    return [
        Figure(value, value, NAN, n, days=days, of=rows)
        if n
        else unknown("No occupied beds counted in this time.")
        for value, n, days, rows in zip(*columns, strict=True)
    ]


def _again(table: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows are not the first with a count of patients on their date."""
    return table["date"].where(table["occupied"].notna()).duplicated()


def _means(
    table: pd.DataFrame, column: str, places: Sequence[str], windows: Windows
) -> list[Figure]:
    """Average a stock over the dates of each place, then add over places."""
    known = table[table[column].notna()].sort_values("date")
    code = known.groupby(list(places)).ngroup().to_numpy() if places else np.zeros(len(known), int)
    values = known[column].to_numpy("float64")
    found = []
    dated = known["date"].dropna()
    for window, (low, high) in zip(windows, bounds(dated, windows), strict=True):
        high = len(values) if window.everything else high
        count = np.bincount(code[low:high])
        total = np.bincount(code[low:high], weights=values[low:high])
        mean = float((total[count > 0] / count[count > 0]).sum()) if count.any() else NAN
        found.append(Figure(mean, n=float(high - low)))
    return found


def _stretched(window: Window, every: str) -> Window:
    """Stretch a window over the whole months (quarters, years) it touches."""
    if every not in CALENDAR or window.name == "overall":
        return window
    if window.start is None or window.end is None:
        return window
    return replace(window, start=first_day(window.start, every), end=last_day(window.end, every))


_LENGTHS = LENGTHS | dict.fromkeys(("month_to_date", "previous", "last_year"), LENGTHS["month"])


def _gate(figures: list[Figure], windows: Windows, counts: Counts) -> list[Figure]:
    if counts.every:
        length = LENGTHS[counts.every]
        finer = f"The file has one count per {counts.every}."
        return [
            unknown(finer) if _LENGTHS.get(window.name, length) < length else figure
            for figure, window in zip(gated(figures, windows, counts.span), windows, strict=True)
        ]
    return [
        figure if window.name == "overall" else unknown(counts.unclear)
        for figure, window in zip(figures, windows, strict=True)
    ]
