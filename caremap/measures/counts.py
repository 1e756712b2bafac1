"""Counts reduced: one row per date and place, and how many days a count stands for.

How often a place is counted, and what a count stands for: `caremap.measures.rhythm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import reductions
from caremap.measures.beds import PLACES, Beds, beds_of, one_spelling, plain
from caremap.measures.coverage import has
from caremap.measures.figures import Span
from caremap.measures.grid import not_counted_by
from caremap.measures.rhythm import CALENDAR, first_day, last_day, usual_gap
from caremap.measures.windows import DAY

__all__ = ["FLOWS", "NO_BEDS", "SCORES", "Counts", "cadence_of", "counts_of", "span_of"]

FLOWS = ("admissions", "discharges", "visits", "cost")
SCORES = ("satisfaction", "team_score")
NO_BEDS = "No staffed or free beds are counted."

_PLACES = (*PLACES, "region")


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
        ``day``, ``week``, ``month``, ``quarter`` or ``year``; empty where there is one date,
        none, or another rhythm.
    span
        The days the counts stand for.
    note
        Where beds come from that the counts do not have, or what is missing.
    finer
        That these beds are not counted by all the columns asked for, or empty.
    """

    flows: pd.DataFrame
    beds: pd.DataFrame
    places: tuple[str, ...]
    dated: bool
    every: str
    span: Span | None
    note: str
    finer: str = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is not counted that a bed ratio needs, in sentences."""
        if self.beds["occupied"].notna().any():
            known = self.beds["staffed"].notna().any()
            return () if known or self.finer else (self.note or NO_BEDS,)
        entering = "; admissions are not patients in hospital" if "admissions" in self.flows else ""
        return (
            f"No occupied beds are counted{entering}.",
            "Add a column of occupied or free beds, or a file of stays with both dates.",
        )

    @property
    def unclear(self) -> str:
        """Why there is no figure by period, where the dates give none."""
        if self.dated:
            return "How many days a count stands for cannot be told from its dates."
        return "Without dates there is only an overall figure."

    @property
    def rhythm(self) -> str:
        """How counts that stand for more than a day enter a window; empty for others."""
        if self.every == "week":
            return "Weekly counts: a window adds the whole weeks dated within it."
        if self.every == "month":
            return "Monthly counts: month to date is the month as the file gives it."
        if self.every:
            long = {"quarter": "Quarterly", "year": "Yearly"}.get(self.every)
            return f"{long} counts: there are no figures of a month." if long else ""
        return ""


def counts_of(dataset: Dataset, by: Sequence[str] = ()) -> Counts:
    """Reduce the rows of the counts, which there must be, per place and the columns in ``by``."""
    activity = dataset.activity
    assert activity is not None
    places = tuple(dict.fromkeys((*by, *_places(activity))))
    date = "date" if has(activity, "date") else None
    sums = [name for name in (*FLOWS, *SCORES) if has(activity, name)]
    flows = dataset.once("activity", reductions.flows, date, places, sums)
    beds = dataset.once("activity", reductions.stocks, date, places)
    beds = _once(beds.merge(_leaving(flows, places), how="left", on=["date", *places]), places)
    shared, note, finer = places, "", ""
    if dataset.beds is not None or not beds["staffed"].notna().any():
        known = beds_of(dataset)
        note = known.note
        if known.table is not None:
            shared = tuple(name for name in known.places if name in places)
            own = tuple(name for name in by if name not in shared)
            beds, decided = _beside(known, beds, shared, own)
            finer = "" if decided else not_counted_by(own)
            shared = (*shared, *own)
    beds = _with_unnamed(beds, shared, by)
    dated = flows.dropna(subset="date")
    every = usual_gap(dated, places)
    span = _span(dated, every)
    return Counts(flows, beds, shared, date is not None, every, span, note, finer)


def cadence_of(activity: pd.DataFrame) -> str:
    """Return how often a place is counted, see `caremap.measures.rhythm.usual_gap`.

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
    every = usual_gap(dated, places)
    return every, _span(dated, every)


def _places(activity: pd.DataFrame) -> tuple[str, ...]:
    return tuple(name for name in _PLACES if has(activity, name))


def _span(dated: pd.DataFrame, every: str) -> Span | None:
    if dated.empty or not every:
        return None
    # A week may carry the date of its first or of its last day: reaching back is safe, reaching
    # on would make up a month without a count.
    reach = DAY * (6 if every == "week" else 0)
    first, last = dated["date"].min() - reach, dated["date"].max()
    if every in CALENDAR:
        first, last = first_day(first, every), last_day(last, every)
    return Span(first, last, float("inf"))


def _leaving(flows: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """Return discharges per date and place, NaN where they are blank."""
    keys = flows[["date", *places]]
    if "discharges" not in flows:
        return keys.assign(discharges=np.nan)
    return keys.assign(discharges=flows["discharges"].where(flows["discharges_n"] > 0))


def _once(beds: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """Add up the rows of one place whose name is written in two ways."""
    spelled = one_spelling(beds, places, beds["occupied"].notna().astype("float64"))
    if spelled is beds:
        return beds
    numbers = [name for name in beds if name != "date" and name not in places]
    grouped = spelled.groupby(["date", *places], dropna=False)[numbers]
    return grouped.sum(min_count=1).reset_index()


def _beside(
    known: Beds, counted: pd.DataFrame, shared: tuple[str, ...], own: tuple[str, ...]
) -> tuple[pd.DataFrame, bool]:
    """Put beds from elsewhere beside the patients counted, by the places both know.

    A sum over places is known only where none of them is blank. Beds follow the columns in
    ``own`` only where the place decides them (the region of a facility).
    """
    grouped = counted.groupby(["date", *shared, *own], dropna=False)[["occupied", "discharges"]]
    whole = grouped.count().eq(grouped.size(), axis=0)
    joined = grouped.sum().where(whole).reset_index()
    apart = joined[[*shared, *own]].drop_duplicates()
    if own and not (shared and not apart.duplicated(list(shared)).any()):
        blank = dict.fromkeys(("staffed", "occupied_of", "staffed_of"), np.nan)
        return joined.assign(**blank), False
    days = pd.DatetimeIndex(joined["date"].dropna().unique(), dtype="datetime64[us]").sort_values()
    if not len(days):
        days = pd.DatetimeIndex(["1970-01-01"], dtype="datetime64[us]")  # undated: beds that hold
    keys = [plain(list(key)) for key in joined[list(shared)].to_numpy()]
    places = sorted(set(keys))
    position = {key: place for place, key in enumerate(places)}
    staffed = known.on(days, shared, places)
    row = np.maximum(days.get_indexer(pd.Index(joined["date"])), 0)
    if keys:
        joined["staffed"] = staffed[row, [position[key] for key in keys]]
    else:
        joined["staffed"] = pd.Series(dtype="float64")
    both = joined["occupied"].notna() & joined["staffed"].notna()
    joined = joined.assign(
        occupied_of=joined["occupied"].where(both), staffed_of=joined["staffed"].where(both)
    )
    return joined, True


def _with_unnamed(beds: pd.DataFrame, places: Sequence[str], by: Sequence[str]) -> pd.DataFrame:
    """Let patients whose place is not recorded count, with no beds of their own.

    As from stays: where every place that is recorded has beds, theirs are among them.
    """
    if not places or beds.empty:
        return beds
    unnamed = (beds[list(places)] == UNKNOWN).any(axis=1)
    asked = unnamed & beds["occupied"].notna() & beds["staffed"].isna()
    if not asked.any():
        return beds
    keys = [beds[name] for name in ("date", *by)]
    named = (~unnamed & beds["occupied"].notna()).astype("float64")
    without = (named * beds["staffed"].isna()).groupby(keys, dropna=False).transform("sum")
    taken = asked & (without == 0) & (named.groupby(keys, dropna=False).transform("sum") > 0)
    return beds.assign(
        staffed=beds["staffed"].mask(taken, 0.0),
        staffed_of=beds["staffed_of"].mask(taken, 0.0),
        occupied_of=beds["occupied_of"].mask(taken, beds["occupied"]),
    )
