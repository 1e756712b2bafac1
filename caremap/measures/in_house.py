"""Figures of patients in hospital and of beds, from the midnight census of stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from caremap.days import said
from caremap.measures.beds import beds_of
from caremap.measures.figures import (
    NAN,
    Figure,
    Figures,
    Span,
    missing,
    ratios,
    told,
    unknown,
    window_sums,
)
from caremap.measures.grid import Grid, grid_of
from caremap.measures.view import View
from caremap.measures.windows import Window

__all__ = ["figures_in_house"]

_OF_PATIENTS = ("bed_days", "mean_census")
_OF_BEDS = ("occupancy", "staffed_beds", "turnover", "turnover_interval")


def figures_in_house(view: View) -> Figures:
    """Return what comes from the midnight census: measure to one figure per window."""
    names = (*_OF_PATIENTS, *_OF_BEDS)
    coverage, windows = view.coverage, view.windows
    gone = view.lacking("admitted", "discharged")
    if gone:
        why = missing(windows, f"No {gone} column.")
        return dict.fromkeys((*names, "still_in_hospital"), why)
    grid = grid_of(view.dataset, coverage, beds_of(view.dataset), until=view.as_of)
    found = {"still_in_hospital": _still(grid, view)}
    if coverage.census is None:
        why = missing(windows, *(coverage.notes or ("No stay has both dates.",)))
        return found | dict.fromkeys(names, why)
    totals = window_sums(_daily(grid, coverage.census), windows)
    days, known = totals["days"], totals["known_days"]
    with np.errstate(invalid="ignore"):
        beds = (totals["beds"] / known).fillna(0.0)
    found |= {
        "bed_days": [
            Figure(value, value, NAN, n, days=n)
            for value, n in zip(totals["occupied"], days, strict=True)
        ],
        "mean_census": ratios(totals["occupied"], days, days),
        "occupancy": ratios(totals["of"], totals["beds"], known, scale=100.0),
        "staffed_beds": ratios(totals["beds"], known, known),
        "turnover": [
            replace(figure, days=figure.n) for figure in ratios(totals["departures"], beds, known)
        ],
        "turnover_interval": ratios(totals["beds"] - totals["of"], totals["departures"], known),
    }
    for name in names:
        figures = found[name] if name in _OF_PATIENTS else _about_beds(found[name], totals, grid)
        found[name] = told(_within(figures, windows, coverage.census), *coverage.notes)
    return found


def _daily(grid: Grid, census: Span) -> pd.DataFrame:
    daily = grid.daily()
    return daily[(daily["date"] >= census.first) & (daily["date"] <= census.last)]


def _about_beds(figures: Sequence[Figure], totals: pd.DataFrame, grid: Grid) -> list[Figure]:
    """Say where the beds come from and who was left out; or why there is no figure."""
    result = []
    columns = (totals[name].to_list() for name in ("known_days", "beds", "of", "occupied"))
    for figure, known_days, beds, of, occupied in zip(figures, *columns, strict=True):
        if not known_days:
            late = not np.isnan(grid.beds).all()
            result.append(unknown(grid.note, "The bed counts begin later." if late else ""))
        elif not beds:
            result.append(unknown(grid.note, "All of them are 0."))
        else:
            notes = [grid.note, *grid.apart]
            if of < occupied:
                left = 100 * (1 - of / occupied)
                notes.append(f"{left:.1f} % of bed-days, where no beds are known, are left out.")
            if np.isnan(figure.value):
                notes.append("No discharges in this time.")
            result.append(figure.noting(*notes))
    return result


def _within(figures: Sequence[Figure], windows: Sequence[Window], census: Span) -> list[Figure]:
    """Take back figures of windows the census is not complete for."""
    result = []
    for figure, window in zip(figures, windows, strict=True):
        start = census.first if window.start is None else window.start
        end = census.last if window.end is None else window.end
        low, high = max(start, census.first), min(end, census.last)
        if low > high:
            figure = unknown("Patients in hospital are not known for these days.")
        elif (low, high) != (start, end) and window.comparison:
            figure = unknown(f"Patients in hospital are known from {said(census.first)} only.")
        elif (low, high) != (start, end):
            figure = figure.noting(f"Only {said(low)} to {said(high)} is counted.")
        result.append(figure)
    return result


def _still(grid: Grid, view: View) -> list[Figure]:
    """Return the census at the last midnight of every window, overall at the as-of date."""
    present = pd.Series(grid.occupied.sum(axis=1), index=grid.days)
    span = view.coverage.census
    result = []
    for window in view.windows:
        day = view.as_of if window.name == "overall" else window.end
        if span is None:
            result.append(unknown(*(view.coverage.notes or ("No stay has both dates.",))))
        elif day is None or not max(span.first, window.start or span.first) <= day <= span.last:
            result.append(unknown("Patients in hospital are not known for this day."))
        else:
            count = float(present[day])
            result.append(Figure(count, count, NAN, count))
    return told(result, view.coverage.old_note)
