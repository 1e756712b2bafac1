"""Readmission within 30 days: from the stays of each patient, or as the file records it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.days import said
from caremap.filtering import named
from caremap.measures import outcomes, reductions
from caremap.measures.figures import Figure, missing, ratios, told, unknown, window_sums
from caremap.measures.gates import by_discharge, on
from caremap.measures.groups import keys_of, with_keys
from caremap.measures.view import View
from caremap.measures.windows import DAY

__all__ = ["PATIENTS", "WITHIN", "discharges_alive", "figures_of_readmission"]

PATIENTS = ("patient_id", "admitted", "discharged")
"""The columns that tell readmissions of one person."""

WITHIN = 29


def figures_of_readmission(view: View) -> list[Figure]:
    """Return the share of discharges alive followed by a readmission, per window."""
    if view.has(*PATIENTS):
        return _from_patients(view)
    if view.has("readmitted"):
        return _as_recorded(view)
    gone = view.lacking(*PATIENTS)
    return missing(view.windows, f"No {gone} column, nor one that records readmissions.")


Ends = tuple[list[str], list[str]]
"""The outcomes that mean the patient died, and those of a transfer."""


def discharges_alive(view: View, by: Sequence[str] = (), ends: Ends | None = None) -> pd.DataFrame:
    """Count the discharges alive in view, and those followed by a readmission anywhere.

    Parameters
    ----------
    view
        Stays with a patient code and both dates.
    by
        Columns to group by.
    ends
        The outcomes that tell deaths and transfers, if they are known already.

    Returns
    -------
    pandas.DataFrame
        ``date`` of the discharge, the groups under the names of `groups.keys_of`, ``alive``,
        ``readmitted`` and ``nameless``, see `caremap.measures.reductions.readmissions`.
    """
    whole = view.dataset.whole or view.dataset  # a patient may come back elsewhere
    assert whole.stays is not None
    deaths, transfers = ends or _ends(view)
    kept = _kept(view.dataset, whole.stays)
    groups = (*by, *kept)
    counted = whole.once(
        "stays", _followed, groups, deaths=deaths, transfers=transfers, only=view.only
    )
    filters = keys_of(groups)[len(by) :]
    for key, names in zip(filters, kept.values(), strict=True):
        counted = counted[named(counted[key], names)]
    return counted.drop(columns=filters)


def _followed(
    stays: pd.DataFrame,
    by: Sequence[str],
    deaths: Sequence[str],
    transfers: Sequence[str],
    only: str | None,
) -> pd.DataFrame:
    """Reduce stays to discharges alive, with the columns to group by under our own names."""
    return reductions.readmissions(
        with_keys(stays, by),
        keys_of(by),
        deaths=deaths,
        transfers=transfers,
        within=WITHIN,
        only=only,
    )


def _ends(view: View) -> Ends:
    whole = view.dataset.whole or view.dataset
    values: list[str] = []
    if whole.stays is not None and "outcome" in whole.stays:
        values = whole.once("stays", reductions.categories, "outcome")["value"].to_list()
    return outcomes.deaths(values), outcomes.transfers(values)


def _from_patients(view: View) -> list[Figure]:
    ends = _ends(view)
    counted = discharges_alive(view, ends=ends)
    span = view.coverage.admissions
    if span is None:
        return missing(view.windows, "No stay has both dates.")
    last = span.last - DAY * WITHIN
    totals = window_sums(counted[counted["date"] <= last], view.windows)
    nothing = "No discharge alive has 30 days after it in the data."
    figures = ratios(totals["readmitted"], totals["alive"], totals["alive"], nothing, 100.0)
    checked = [
        figure
        if window.name == "overall" or window.end is None or window.end <= last
        else unknown("Not complete yet: 30 days must follow every discharge.")
        for figure, window in zip(figures, view.windows, strict=True)
    ]
    notes = [f"Discharges up to {said(last)}: the 30 days after later ones are not over."]
    if not view.has("outcome"):
        notes.append("No outcome column: deaths are not taken out.")
    elif not ends[0]:
        notes.append("No outcome says that a patient died: deaths are not taken out.")
    nameless = int(counted["nameless"].sum())
    if nameless:
        notes.append(f"Discharges without a patient code, left out: {nameless:,}.")
    return told(by_discharge(checked, view), *notes)


def _kept(dataset: Dataset, stays: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return what the filters keep, by columns of the stays.

    A region the stays do not have was filtered by its facilities.
    """
    known = {*stays, "age_band"} if "age" in stays else set(stays)
    kept = {name: names for name, names in dataset.filters.items() if name in known}
    if len(kept) < len(dataset.filters) and "facility" in stays and dataset.stays is not None:
        left = dataset.stays["facility"].astype("object").fillna(UNKNOWN)
        kept["facility"] = tuple(left.astype("str").unique())
    return kept


def _as_recorded(view: View) -> list[Figure]:
    date = view.first("discharged", "admitted")
    counted = view.dataset.once(
        "stays", reductions.flows, date, sums=["readmitted"], only=view.only
    )
    totals = window_sums(counted, view.windows)
    n = totals["readmitted_n"]
    figures = ratios(totals["readmitted"], n, n, "No stay says whether it is one.", 100.0)
    return told(on(date, figures, view), "As recorded in the file.")
