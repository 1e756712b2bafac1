"""Figures from stays: every measure over every window, the rows reduced once."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.measures import reductions
from caremap.measures.coverage import Coverage, coverage_of
from caremap.measures.definitions import TARGET
from caremap.measures.figures import (
    NAN,
    Figure,
    Figures,
    missing,
    quantiles,
    ratios,
    told,
    unknown,
    window_sums,
)
from caremap.measures.gates import by_discharge, on
from caremap.measures.in_house import figures_in_house
from caremap.measures.readmission import figures_of_readmission
from caremap.measures.survival import figures_of_survival
from caremap.measures.view import DATES, Choices, View
from caremap.measures.windows import Window

__all__ = ["figures_from_stays"]


def figures_from_stays(
    dataset: Dataset,
    windows: Sequence[Window],
    as_of: pd.Timestamp | None,
    choices: Choices,
    coverage: Coverage | None = None,
) -> Figures:
    """Return what stays can give: measure to one figure per window.

    A measure that stays say nothing about is absent; one that they cannot give for want of
    a column is NaN with a note naming it.
    """
    if dataset.stays is None:
        return {}
    covered = coverage or coverage_of(dataset, as_of)
    view = View(dataset, dataset.stays, windows, covered, as_of, choices)
    return {
        **_admissions(view),
        "discharges": _discharges(view),
        **_money(view),
        **_lengths(view),
        **figures_in_house(view),
        "readmission": figures_of_readmission(view),
        "survival": figures_of_survival(view),
        **_waiting(view),
        "satisfaction": _satisfaction(view),
    }


def _admissions(view: View) -> Figures:
    only, date = view.only, view.first("admitted")
    counted = view.dataset.once("stays", reductions.flows, date, sums=[only] if only else ())
    totals = window_sums(counted, view.windows)
    note = "" if date else "No admission date column: every stay of the file is counted."
    undated = int(counted.loc[counted["date"].isna(), "rows"].sum()) if date else 0
    if undated:
        note = f"Without an admission date, in no month: {undated:,}."
    rows = on("admitted", [Figure(n, n, NAN, n) for n in totals["rows"]], view)
    if only is None and "was_admitted" in view.stays and len(view.stays):
        why = "No visit says whether it became an admission."
        return {"admissions": missing(view.windows, why), "visits": told(rows, note)}
    rows = _said_to_be_thin(rows, view)
    if only is None:
        return {"admissions": told(rows, note)}
    flagged = zip(totals[only], totals[f"{only}_n"], strict=True)
    admitted = on("admitted", [Figure(value, value, NAN, n) for value, n in flagged], view)
    admitted = _said_to_be_thin(admitted, view)
    unflagged = int(counted["rows"].sum() - counted[f"{only}_n"].sum())
    notes = ["Visits that became an admission.", note]
    if unflagged:
        notes.append(f"Visits that do not say whether they did, not counted: {unflagged:,}.")
    return {"admissions": told(admitted, *notes), "visits": told(rows, note)}


def _said_to_be_thin(figures: list[Figure], view: View) -> list[Figure]:
    """Say of figures up to the end of the file that admissions are lacking, where they are."""
    thin_from = view.coverage.thin_from
    if thin_from is None:
        return figures
    why = (
        f"Admissions from {said(thin_from)} on are too few: the file lacks patients who had not "
        "left yet."
    )
    return [
        figure if window.end is not None and window.end < thin_from else figure.noting(why)
        for figure, window in zip(figures, view.windows, strict=True)
    ]


def _discharges(view: View) -> list[Figure]:
    if not view.has("discharged"):
        return missing(view.windows, "No discharge date column.")
    counted = view.dataset.once("stays", reductions.flows, "discharged", only=view.only).dropna(
        subset="date"
    )
    totals = window_sums(counted, view.windows)
    return by_discharge([Figure(n, n, NAN, n) for n in totals["rows"]], view)


def _money(view: View) -> Figures:
    date = view.first(view.choices.cost_date, "admitted", "discharged")
    note = ""
    if date is not None and date != view.choices.cost_date:
        note = f"No {DATES[view.choices.cost_date]} column: attributed to the {DATES[date]}."
    found: Figures = {}
    for name in ("cost", "charges"):
        if not view.has(name):
            continue
        counted = view.dataset.once("stays", reductions.costs, date, value=name)
        totals = window_sums(counted, view.windows)
        sums = [
            unknown(f"No stay in this time has a {name}.")
            if rows and not n
            else Figure(value, value, NAN, n)
            for value, n, rows in zip(totals[name], totals["stays"], totals["rows"], strict=True)
        ]
        notes = (note, *_about_money(counted, view, date, name))
        found[name] = told(on(date, sums, view), *notes)
        if name == "cost":
            n = totals["stays"]
            means = ratios(totals[name], n, n, "No stay in this time has a cost.")
            found["mean_cost"] = told(on(date, means, view), *notes)
    if "cost" not in found:
        why = "The file has charges: what was billed is not what it cost."
        nothing = missing(view.windows, "No cost column.", why if "charges" in found else "")
        found |= {"cost": nothing, "mean_cost": nothing}
    return found


def _about_money(counted: pd.DataFrame, view: View, date: str | None, name: str) -> list[str]:
    """Say what is in the sum that one might not expect, and what is not."""
    notes = []
    negative = int(counted["negative"].sum())
    if negative:
        notes.append(f"Negative amounts, kept as reversals: {negative:,}.")
    undated = counted[counted["date"].isna() & (counted["stays"] > 0)]
    if date and len(undated):
        stays, total = undated["stays"].sum(), undated[name].sum()
        where = "in the overall figure only" if view.windows[0].everything else "not counted"
        notes.append(f"Stays without a {DATES[date]}, {where}: {stays:,} ({total:,.2f}).")
    return notes


def _lengths(view: View) -> Figures:
    if not view.has("length_of_stay"):
        gone = view.lacking("admitted", "discharged")
        why = f"No length of stay, and no {gone} column." if gone else "No stay has a length."
        return dict.fromkeys(("length_of_stay", "median_stay"), missing(view.windows, why))
    date = view.first("discharged")
    counted = view.dataset.once(
        "stays", reductions.histogram, date, "length_of_stay", only=view.only
    )
    counted = counted[counted["length_of_stay"] >= 0]
    same_day = counted["length_of_stay"] < 1
    note = "Same-day stays count 0 days."
    if view.choices.overnight_only:
        counted, note = counted[~same_day], "Overnight stays only."
    elif view.choices.same_day:
        counted = counted.assign(length_of_stay=counted["length_of_stay"].mask(same_day, 1.0))
        note = "Same-day stays count 1 day."
    counted = counted.assign(days=counted["length_of_stay"] * counted["rows"])
    totals = window_sums(counted[["date", "rows", "days"]], view.windows)
    nothing = "No stay with a known length ended in this time."
    means = ratios(totals["days"], totals["rows"], totals["rows"], nothing)
    medians = [
        Figure(values[0], NAN, NAN, n).noting("" if n else nothing)
        for values, n in quantiles(counted, "length_of_stay", view.windows, [0.5])
    ]
    return {
        "length_of_stay": told(on(date, means, view), note),
        "median_stay": told(on(date, medians, view), note),
    }


def _waiting(view: View) -> Figures:
    if not view.has("waiting_minutes"):
        nothing = missing(view.windows, "No waiting time column.")
        return dict.fromkeys(("waiting", "waiting_p90", "waiting_within"), nothing)
    date = view.first("admitted")
    counted = view.dataset.once("stays", reductions.histogram, date, "waiting_minutes")
    counted = counted[counted["waiting_minutes"] >= 0]
    found = quantiles(counted, "waiting_minutes", view.windows, [0.5, 0.9])
    middle, most = (
        [Figure(values[place], NAN, NAN, n).noting("" if n else _NO_WAIT) for values, n in found]
        for place in (0, 1)
    )
    within = counted["rows"].where(counted["waiting_minutes"] <= TARGET, 0)
    totals = window_sums(counted[["date", "rows"]].assign(within=within), view.windows)
    shares = ratios(totals["within"], totals["rows"], totals["rows"], _NO_WAIT, 100.0)
    return {
        "waiting": on(date, middle, view),
        "waiting_p90": on(date, most, view),
        "waiting_within": on(date, shares, view),
    }


_NO_WAIT = "No wait is recorded."


def _satisfaction(view: View) -> list[Figure]:
    if not view.has("satisfaction"):
        return missing(view.windows, "No satisfaction column.")
    date = view.first("discharged", "admitted")
    totals = window_sums(
        view.dataset.once("stays", reductions.flows, date, sums=["satisfaction"]), view.windows
    )
    n = totals["satisfaction_n"]
    figures = on(date, ratios(totals["satisfaction"], n, n, "Nobody answered."), view)
    scale = view.dataset.once("stays", reductions.extents, ["satisfaction"]).iloc[0]
    if not scale["known"]:
        return figures
    return told(figures, f"Answers run from {scale['low']:g} to {scale['high']:g}.")
