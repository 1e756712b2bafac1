"""Counts reduced: one row per date and place, and how many days a count stands for.

How often a place is counted is told by the usual gap between its dates. A weekly count may
carry the date of either end of its week; a monthly one stands for its whole month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.beds import Beds, beds_of, plain
from caremap.measures.coverage import has
from caremap.measures.figures import Span
from caremap.measures.windows import DAY

__all__ = ["FLOWS", "LENGTHS", "SCORES", "Counts", "cadence_of", "counts_of", "span_of"]

FLOWS = ("admissions", "discharges", "visits", "cost")
SCORES = ("satisfaction", "team_score")
LENGTHS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
"""Days of a period, near enough to tell which of two is longer."""

_PLACES = ("facility", "department", "region")


@dataclass(frozen=True, eq=False)
class Counts:
    """A file of counts, reduced.

    Attributes
    ----------
    flows
        One row per date and place: sums, and how many rows had a value.
    beds
        One row per date and place by which beds are known: what `reductions.stocks` gives,
        and ``discharges`` (NaN where not counted).
    places
        The place columns of ``beds``.
    dated
        Whether there are dates.
    every
        ``day``, ``week`` or ``month``; empty where there is one date, none, or another rhythm.
    span
        The days the counts stand for.
    note
        Where beds come from that the counts do not have, or what is missing.
    """

    flows: pd.DataFrame
    beds: pd.DataFrame
    places: tuple[str, ...]
    dated: bool
    every: str
    span: Span | None
    note: str


def counts_of(dataset: Dataset, activity: pd.DataFrame) -> Counts:
    """Reduce the rows of a file of counts."""
    places = _places(activity)
    date = "date" if has(activity, "date") else None
    sums = [name for name in (*FLOWS, *SCORES) if has(activity, name)]
    flows = reductions.flows(activity, date, places, sums)
    beds = reductions.stocks(activity, date, places)
    beds = beds.merge(_leaving(flows, places), how="left", on=["date", *places])
    shared, note = places, ""
    if dataset.beds is not None or not beds["staffed"].notna().any():
        known = beds_of(dataset)
        note = known.note
        if known.table is not None:
            shared = tuple(name for name in known.places if name in places)
            beds = _beside(known, beds, shared)
    dated = flows.dropna(subset="date")
    every = _cadence(dated, places)
    return Counts(flows, beds, shared, date is not None, every, _span(dated, every), note)


def cadence_of(activity: pd.DataFrame) -> str:
    """Return how often a place is counted: ``day``, ``week``, ``month``, or empty if unclear.

    Examples
    --------
    >>> cadence_of(pd.DataFrame({"date": pd.date_range("2024-01-07", periods=5, freq="7D")}))
    'week'
    """
    return _rhythm(activity)[0]


def span_of(activity: pd.DataFrame) -> Span | None:
    """Return the days the counts stand for; None where that cannot be told."""
    return _rhythm(activity)[1]


def _rhythm(activity: pd.DataFrame) -> tuple[str, Span | None]:
    if not has(activity, "date"):
        return "", None
    places = _places(activity)
    dated = reductions.flows(activity, "date", places).dropna(subset="date")
    every = _cadence(dated, places)
    return every, _span(dated, every)


def _places(activity: pd.DataFrame) -> tuple[str, ...]:
    return tuple(name for name in _PLACES if has(activity, name))


def _cadence(dated: pd.DataFrame, places: Sequence[str]) -> str:
    ordered = dated.sort_values([*places, "date"])
    dates = ordered.groupby(list(places))["date"] if places else ordered["date"]
    gaps = dates.diff().dt.days
    usual = gaps[gaps > 0].median()
    if pd.isna(usual):
        return ""
    for name, low, high in (("day", 1, 1), ("week", 6, 8), ("month", 27, 32)):
        if low <= usual <= high:
            return name
    return ""


def _span(dated: pd.DataFrame, every: str) -> Span | None:
    if dated.empty or not every:
        return None
    # A week may carry the date of its first or of its last day: reaching back is safe, reaching
    # on would make up a month without a count.
    reach = DAY * (6 if every == "week" else 0)
    first, last = dated["date"].min() - reach, dated["date"].max()
    if every == "month":
        first, last = first.replace(day=1), last + pd.offsets.MonthEnd(0)
    return Span(first, last, float("inf"))


def _leaving(flows: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """Return discharges per date and place, NaN where they are blank."""
    keys = flows[["date", *places]]
    if "discharges" not in flows:
        return keys.assign(discharges=np.nan)
    return keys.assign(discharges=flows["discharges"].where(flows["discharges_n"] > 0))


def _beside(known: Beds, counted: pd.DataFrame, shared: tuple[str, ...]) -> pd.DataFrame:
    """Put beds from elsewhere beside the patients counted, by the places both know.

    A sum over places is known only where none of them is blank.
    """
    grouped = counted.groupby(["date", *shared], dropna=False)[["occupied", "discharges"]]
    whole = grouped.count().eq(grouped.size(), axis=0)
    joined = grouped.sum().where(whole).reset_index()
    days = pd.DatetimeIndex(joined["date"].dropna().unique(), dtype="datetime64[us]").sort_values()
    if not len(days):
        days = pd.DatetimeIndex(["1970-01-01"], dtype="datetime64[us]")  # undated: beds that hold
    keys = [plain(list(key)) for key in joined[list(shared)].to_numpy()]
    places = sorted(set(keys))
    staffed = known.on(days, shared, places)
    row = np.maximum(days.get_indexer(pd.Index(joined["date"])), 0)
    if keys:
        joined["staffed"] = staffed[row, [places.index(key) for key in keys]]
    else:
        joined["staffed"] = pd.Series(dtype="float64")
    both = joined["occupied"].notna() & joined["staffed"].notna()
    return joined.assign(
        occupied_of=joined["occupied"].where(both), staffed_of=joined["staffed"].where(both)
    )
