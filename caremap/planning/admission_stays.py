"""The stays a prediction learns from and those it is made for, as known at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.coverage import coverage_of, has
from caremap.measures.windows import dates_in_doubt, resolve_as_of
from caremap.planning.stay_bands import banded_stay, stay_bands
from caremap.problems import DataProblem

__all__ = ["KnownStays", "known_stays"]

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, eq=False)
class KnownStays:
    """Stays as known at the end of a day.

    Attributes
    ----------
    rows
        All columns of the stays, in plain types.
    nights
        Nights of the stays that had ended, of bands their place in the order from 0; missing
        of those that were open.
    left
        Day of discharge of those that had ended.
    as_of
        The day; None without dates.
    complete
        First and last day of admission the file has all stays of, whether they are over or
        not; None without dates.
    column
        The column that gives the stay, where it is one of bands.
    bands
        The bands in order, where stays are given as bands.
    notes
        What was left out, in sentences.
    """

    rows: pd.DataFrame
    nights: pd.Series[Any]
    left: pd.Series[Any]
    as_of: pd.Timestamp | None = None
    complete: tuple[pd.Timestamp, pd.Timestamp] | None = None
    column: str | None = None
    bands: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def known_stays(dataset: Dataset, as_of: object = None) -> KnownStays:
    """Return the stays as known at the end of a day.

    Parameters
    ----------
    dataset
        With stays that have a length, two dates, or a band.
    as_of
        The day; by default the last admission of the file.

    Raises
    ------
    caremap.DataProblem
        Where there are no stays, nothing says how long they were, or dates are in doubt.
    """
    table = dataset.stays
    if table is None:
        raise DataProblem(
            "There are no stays to learn from.", "Add a file with one row per hospital stay."
        )
    doubt = dates_in_doubt(dataset)
    if doubt:
        raise DataProblem(doubt)
    only = "was_admitted" if has((dataset.whole or dataset).stays, "was_admitted") else None
    if has(table, "length_of_stay") or has(table, "admitted", "discharged"):
        rows = reductions.stay_rows(table, list(map(str, table)), only)
        return _dated(dataset, rows, as_of) if has(table, "admitted") else _undated(rows)
    whole = (dataset.whole or dataset).stays
    everything = table if whole is None else whole
    column = banded_stay(everything)
    if column is None:
        raise DataProblem(
            "Nothing says how long the stays were: there is no length of stay and no date of "
            "discharge beside that of admission.",
            "Add a column with the length of stay, or with both dates.",
        )
    bands = stay_bands(everything[column]) or ()
    return _banded(reductions.stay_rows(table, list(map(str, table)), only), column, bands)


def _dated(dataset: Dataset, rows: pd.DataFrame, as_of: object) -> KnownStays:
    asked = resolve_as_of(dataset, as_of)
    coverage = coverage_of(dataset, asked)
    notes = []
    came = rows["admitted"].dt.normalize()
    day = asked if asked is not None else came.max()
    without = came.isna()
    if without.any():
        notes.append(f"Stays without a date of admission, left out: {int(without.sum()):,}.")
    nights, left = _lengths(rows, came)
    unknown = nights.isna() & left.notna() & ~without
    if unknown.any():
        notes.append(f"Stays that end before they begin, left out: {int(unknown.sum()):,}.")
    open_ = nights.isna() | (left > day)
    old = open_ & ~without & ~unknown & (came < (coverage.old_before or pd.Timestamp.min))
    if old.any():
        notes.append(
            f"Stays open for so long that the date of discharge is probably missing, left out: "
            f"{int(old.sum()):,}."
        )
    kept = ~without & ~unknown & ~old & (came <= day)
    complete = None
    if coverage.admissions is not None:
        last = day if coverage.thin_from is None else min(day, coverage.thin_from - _DAY)
        complete = (coverage.admissions.first, last)
    return KnownStays(
        rows[kept].reset_index(drop=True),
        nights.mask(open_)[kept].reset_index(drop=True),
        left.mask(open_)[kept].reset_index(drop=True),
        day,
        complete,
        notes=tuple(notes),
    )


def _lengths(rows: pd.DataFrame, came: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return nights and the day of discharge, each from the other where it is missing."""
    nothing = pd.Series(np.nan, index=rows.index)
    nights = np.floor(rows["length_of_stay"]) if "length_of_stay" in rows else nothing
    nights = nights.where(nights >= 0)
    if "discharged" not in rows:
        return nights, came + pd.to_timedelta(nights, unit="D")
    left = rows["discharged"].dt.normalize()
    between = (left - came).dt.days.astype("float64")
    nights = nights.where(nights.notna(), between.where(between >= 0))
    return nights, left.where(left.notna(), came + pd.to_timedelta(nights, unit="D"))


def _undated(rows: pd.DataFrame) -> KnownStays:
    nights = np.floor(rows["length_of_stay"])
    return _ended(rows, nights.where(nights >= 0), "a length")


def _banded(rows: pd.DataFrame, column: str, bands: tuple[str, ...]) -> KnownStays:
    places = {band: float(place) for place, band in enumerate(bands)}
    found = _ended(rows, rows[column].map(places).astype("float64"), "a band")
    return KnownStays(
        found.rows, found.nights, found.left, column=column, bands=bands, notes=found.notes
    )


def _ended(rows: pd.DataFrame, nights: pd.Series[Any], what: str) -> KnownStays:
    """Return stays of which nothing says when they were: those without a length are no use."""
    kept = nights.notna()
    without = int((~kept).sum())
    notes = (f"Stays without {what}, left out: {without:,}.",) if without else ()
    left = pd.Series(pd.NaT, index=range(int(kept.sum())), dtype="datetime64[us]")
    return KnownStays(
        rows[kept].reset_index(drop=True), nights[kept].reset_index(drop=True), left, notes=notes
    )
