"""Counts that are not what their header says: running totals, stocks, parts, unfinished days.

A sum over days is right only for what happened on each day. A column that never falls is
a running total, one that moves less than chance lets separate events vary is a number of
patients in the house, admissions to intensive care are not all admissions, and the last
days of a file may be flagged as incomplete.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.beds import BEDS
from caremap.intake.cells import text_of
from caremap.intake.derive import some_rows
from caremap.intake.headers import words
from caremap.intake.numerals import parse_numbers
from caremap.intake.resources import intensive
from caremap.schema import FIELDS

__all__ = [
    "ambiguous", "called_running", "cumulative", "incomplete_findings", "maybe_running",
    "running_totals", "smooth", "without_parts",
]  # fmt: skip

_FLOWS = ("admissions", "discharges", "visits")
RUN = 10
"""Dates a place has to have before its counts can be called a running total."""
FALLS = 0.01
"""The share of steps that may be corrections downwards in a running total."""
_MANY = 10_000
FEW = 4
"""Rises without a fall after which a short file may be a running total: chance does that once
in 120 files of one place."""
_RUNNING = re.compile(
    r"\b(?:(?:year|month|season)? ?to date|[ym]td|cumul\w*|kumul\w*|cum|acumul\w*"
    r"|running total|progressiv[oae])\b"
)
_AMBIGUOUS = frozenset(
    "hospitalizations hospitalisations hospitalizaciones hospitalized hospitalised "
    "hospitalizados hospitalises".split()
)


def cumulative(dates: Any, places: Any, numbers: Any) -> bool:
    """Whether counts never fall from one date to the next, at any place, and grow large.

    Counts of separate events fall every other day, so twenty dates without a fall and a
    last value far above what one date adds are a running total.

    Parameters
    ----------
    dates, places, numbers
        The date, the place (a code) and the count per row.

    Examples
    --------
    >>> days = np.arange("2024-01-01", "2024-01-21", dtype="datetime64[D]")
    >>> place = np.zeros(20, dtype=int)
    >>> cumulative(days, place, 1000.0 + 17 * np.arange(20))
    True
    >>> cumulative(days, place, np.tile([5.0, 7.0, 4.0, 6.0], 5))
    False
    """
    frame = pd.DataFrame({"date": dates, "place": places, "number": numbers}).dropna()
    if len(frame) > _MANY:  # falls at a tenth of the places can be too many for all of them
        some = frame[frame["place"] % 10 == 0].sort_values(["place", "date"], kind="stable")
        if (some.groupby("place")["number"].diff() < 0).sum() > FALLS * len(frame):
            return False
    if frame.duplicated(["place", "date"]).any():
        return False
    frame = frame.sort_values(["place", "date"], kind="stable")
    steps = frame.groupby("place")["number"].diff().dropna()
    last = frame.groupby("place")["number"].last()
    if len(steps) < RUN or frame.groupby("place").size().max() < RUN:
        return False
    rises = float((steps > 0).mean())
    falls = float((steps < 0).mean())
    # A correction now and then is no fall; a column that stands still is no total.
    grown = float(last.sum()) > 4 * float(steps.abs().mean()) * max(len(last), 1)
    return falls <= FALLS and rises >= 0.5 and grown


def running_totals(table: pd.DataFrame, headers: AnyMapping[str, str]) -> list[str]:
    """Return the flows of a table that are running totals.

    Parameters
    ----------
    table
        A table of activity.
    headers
        Field to the header it was read from.
    """
    named = [name for name in _FLOWS if name in table and called_running(headers.get(name, ""))]
    if "date" not in table or table["date"].notna().sum() < RUN:
        several = "date" in table and bool(table["date"].min() < table["date"].max())
        return named if several else []
    dates, place = table["date"].to_numpy(), _places(table)
    return [
        name for name in _FLOWS
        if name in named or (
            name in table and name in headers
            and cumulative(dates, place, table[name].to_numpy(dtype="float64"))
        )
    ]  # fmt: skip


def called_running(header: str) -> bool:
    """Whether a header says that its counts are running totals.

    Examples
    --------
    >>> called_running("Admissions YTD"), called_running("Casos acumulados")
    (True, True)
    >>> called_running("Date"), called_running("Cumberland admissions")
    (False, False)
    """
    return bool(_RUNNING.search(words(header)))


def maybe_running(table: pd.DataFrame, headers: AnyMapping[str, str]) -> list[str]:
    """Return the flows that rise at every step of a file too short to tell a running total.

    Parameters
    ----------
    table
        A table of activity.
    headers
        Field to the header it was read from.

    Examples
    --------
    >>> few = pd.DataFrame({"date": pd.date_range("2024-01-01", periods=5),
    ...                     "admissions": [12.0, 25.0, 31.0, 44.0, 60.0]})
    >>> maybe_running(few, {"admissions": "n"}), maybe_running(few[::-2], {"admissions": "n"})
    (['admissions'], [])
    """
    if "date" not in table or len(table) <= FEW:
        return []
    frame = pd.DataFrame({"date": table["date"], "place": _places(table)})
    if not FEW < frame["date"].nunique() < 2 * RUN or frame.duplicated().any():
        return []
    found = []
    for name in _FLOWS:
        if name in table and name in headers:
            counts = frame.assign(number=table[name].to_numpy(dtype="float64")).dropna()
            ordered = counts.sort_values(["place", "date"], kind="stable")
            steps = ordered.groupby("place")["number"].diff().dropna()
            if len(steps) >= FEW and (steps > 0).all():
                found.append(name)
    return found


def _places(table: pd.DataFrame) -> Any:
    """A code per row for the place, and whatever else splits the counts of a date."""
    names = [name for name in ("facility", "department", "region") if name in table]
    keys = [table[name].astype("str").fillna("") for name in names]
    others = [
        table[name] for name in table.columns
        if name not in FIELDS and isinstance(table[name].dtype, pd.StringDtype)
        and table[name].nunique() <= 50
    ]  # fmt: skip
    every = [*keys, *others]
    place = np.zeros(len(table), dtype=int)
    if every:
        place = table.groupby([one.fillna("") for one in every], sort=False).ngroup().to_numpy()
    return place


def smooth(table: pd.DataFrame, name: str) -> bool:
    """Whether a daily count moves less from day to day than separate events can.

    Events that happen one by one vary by chance (Poisson): squared steps from day to day
    are twice the mean. Patients in the house move far less, because most stay overnight.

    Parameters
    ----------
    table
        A table of activity with dates.
    name
        The count.
    """
    names = [one for one in ("facility", "department", "region") if one in table]
    frame = table[["date", name, *names]].dropna(subset=["date", name])
    daily = frame.groupby([*names, "date"], dropna=False)[name].sum().reset_index()
    ordered = daily.groupby(names, dropna=False) if names else daily.groupby(lambda _: 0)
    step = ordered[name].diff()
    next_day = ordered["date"].diff().dt.days == 1
    pairs = next_day & step.notna()
    mean = float(daily[name].mean())
    if pairs.sum() < 8 or mean < 20:
        return False
    return float((step[pairs] ** 2).mean()) < 0.5 * 2 * mean


def ambiguous(header: str) -> bool:
    """Whether a header can mean patients admitted as well as patients in the house.

    Examples
    --------
    >>> ambiguous("Hospitalizations"), ambiguous("new hospitalizations")
    (True, False)
    """
    return words(header) in _AMBIGUOUS


def without_parts(mapping: AnyMapping[str, str | list[str]], wanted: set[str]) -> list[str]:
    """Return the counts of intensive care only, beside a count of the whole house.

    Examples
    --------
    >>> without_parts({"admissions": "ingressi_terapia_intensiva", "occupied_beds": "Beds"}, set())
    ['admissions']
    """
    counts = [
        name for name, header in mapping.items()
        if isinstance(header, str) and name in {*_FLOWS, *BEDS}
    ]  # fmt: skip
    parts = [name for name in counts if intensive(str(mapping[name])) and name not in wanted]
    return parts if len(parts) < len(counts) else []


_UNFINISHED = frozenset(
    "incomplete incompleto incompleta incomplet unvollstandig preliminary provisional partial "
    "vorlaufig provisorio provisoire parziale".split()
)


def incomplete_findings(columns: AnyMapping[str, pa.Array], rows: Any) -> list[Finding]:
    """Return which rows the file itself flags as not finished.

    Parameters
    ----------
    columns
        All columns by header.
    rows
        Source row of each value.
    """
    findings = []
    for header, values in columns.items():
        if not set(words(header).split()) & _UNFINISHED:
            continue
        flagged = _flagged(values)
        count = int(flagged.sum())
        if not 0 < count < len(flagged):
            continue
        told = "1 row is" if count == 1 else f"{count:,} rows are"
        findings.append(
            Finding("incomplete-rows", "warning", f"{told} flagged in “{header}” as not complete: "
                    "counts there will still rise, so the month to date and the end of a trend "
                    "are too low. End the period before them.", header,
                    some_rows(np.asarray(rows)[flagged]))
        )  # fmt: skip
    return findings


def _flagged(values: pa.Array) -> Any:
    """Where a flag is raised: a number other than 0, a yes, or any text but no."""
    text = pc.fill_null(pc.utf8_lower(text_of(values)), "")
    numbers = parse_numbers(text).numbers
    no = pa.array(["", "0", "n", "no", "false", "f", "nein", "non", "não", "final", "complete"])
    said = pc.invert(pc.is_in(text, no)).to_numpy(zero_copy_only=False)
    return np.where(np.isnan(numbers), said, numbers != 0).astype(bool)
