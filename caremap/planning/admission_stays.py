"""The stays a prediction learns from and those it is made for, as known at the end of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
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
    patient
        A code per patient from 0; missing where the patient is not known.
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
    patient: pd.Series[Any]
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
        The day; by default the last admission of the file, or the end of the reporting period.

    Raises
    ------
    caremap.DataProblem
        Where there are no stays, nothing says how long they were, or dates are in doubt.
    """
    doubt = dates_in_doubt(dataset)
    if doubt:
        raise DataProblem(doubt)
    dataset = _with_lengths(dataset)
    table, everything = dataset.stays, (dataset.whole or dataset).stays
    if table is None or everything is None:
        raise DataProblem(
            dataset.lost.get("stays") or "There are no stays to learn from.",
            "Add a file with one row per hospital stay, or lift the filters.",
        )
    only = "was_admitted" if has(everything, "was_admitted") else None
    timed, measured = has(everything, "admitted"), has(everything, "length_of_stay")
    column = None if measured else banded_stay(everything)
    if not measured and column is None:
        raise DataProblem(
            "Nothing says how long the stays were: there is no length of stay and no date of "
            "discharge beside that of admission.",
            "Add a column with the length of stay, or with both dates.",
        )
    rows = reductions.stay_rows(table, list(map(str, table)), only)
    if column is not None:
        return _banded(rows, column, stay_bands(everything[column]) or ())
    return _dated(dataset, rows, as_of) if timed else _undated(rows)


def _with_lengths(dataset: Dataset) -> Dataset:
    """Return the stays with the length between their dates where a frame made by hand has none."""
    whole = (dataset.whole or dataset).stays
    if has(whole, "length_of_stay") or not has(whole, "admitted", "discharged"):
        return dataset

    def measured(table: pd.DataFrame | None) -> pd.DataFrame | None:
        if table is None:
            return None
        days = table["discharged"].dt.normalize() - table["admitted"].dt.normalize()
        nights = days.dt.days.astype("float64")
        return table.assign(length_of_stay=nights.where(nights >= 0))

    full = dataset.whole and replace(dataset.whole, stays=measured(dataset.whole.stays), _known={})
    return replace(dataset, stays=measured(dataset.stays), whole=full, _known={})


def _dated(dataset: Dataset, rows: pd.DataFrame, as_of: object) -> KnownStays:
    """Return stays with dates as they were known at the end of a day."""
    asked = resolve_as_of(dataset, as_of)
    coverage = coverage_of(dataset, asked)
    came = rows["admitted"].dt.normalize()
    day = asked if asked is not None else came.max()
    nights, left = _lengths(rows, came)
    open_ = nights.isna() | (left > day)
    old_before = coverage.old_before or pd.Timestamp.min
    apart = {
        "Stays without a date of admission": came.isna(),
        "Stays that end before they begin": nights.isna() & left.notna(),
        "Stays open for so long that the date of discharge is probably missing": (
            open_ & (came < old_before)
        ),
        f"Stays that began after {said(day)}": came > day,
    }
    kept = pd.Series(True, index=rows.index)
    notes = []
    for what, out in apart.items():
        count = int((out & kept).sum())
        if count:
            notes.append(f"{what}, left out: {count:,}.")
        kept &= ~out
    complete = None
    if coverage.admissions is not None:
        last = day if coverage.thin_from is None else min(day, coverage.thin_from - _DAY)
        complete = (coverage.admissions.first, last)
    found = _kept(rows, kept, nights.mask(open_), left.mask(open_), notes)
    return replace(found, as_of=day, complete=complete)


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
    return replace(found, column=column, bands=bands)


def _ended(rows: pd.DataFrame, nights: pd.Series[Any], what: str) -> KnownStays:
    """Return stays of which nothing says when they were: those without a length are no use."""
    without = int(nights.isna().sum())
    notes = [f"Stays without {what}, left out: {without:,}."] if without else []
    left = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    return _kept(rows, nights.notna(), nights, left, notes)


def _kept(
    rows: pd.DataFrame,
    kept: pd.Series[Any],
    nights: pd.Series[Any],
    left: pd.Series[Any],
    notes: Sequence[str],
) -> KnownStays:
    """Return the stays that are kept, numbered from 0."""
    some = rows[kept].reset_index(drop=True)
    patient = pd.Series(np.nan, index=some.index)
    if "patient_id" in some:
        codes = pd.factorize(some["patient_id"])[0].astype("float64")
        patient = pd.Series(np.where(codes < 0, np.nan, codes), index=some.index)
    return KnownStays(
        some,
        nights[kept].reset_index(drop=True),
        left[kept].reset_index(drop=True),
        patient.rename("patient"),
        notes=tuple(notes),
    )
