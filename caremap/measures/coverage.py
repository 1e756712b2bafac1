"""Which days the stays of a file are complete for.

An extract is chosen by something, and what it was chosen by decides what is missing:

- Chosen by *admission* date (the usual case), it lacks the patients already in hospital on
  its first day: admissions are complete from the first one, patients in house only once
  nearly all who were there before would have left. The census starts after the 95th
  percentile of the length of stay.
- Chosen by *discharge* date, or by overlap with a period, it has patients who came before
  the period but only those who left within it. Its first discharge lies well after its
  first admission (by more than two days and more than the median stay) while admissions
  before that discharge come at less than half the later rate. Then admissions, discharges
  and the census are complete from that first discharge on.
- Without any open stay at its end, although stays as long as these should have gone on past
  the last discharge (at least 4.6 of them expected, so that their absence has a probability
  below one in a hundred), it lacks the patients still in hospital: the census ends the 95th
  percentile of the stay before the last admission, and admissions after that are said to be
  too few.

A stay open for longer than 90 days and longer than any stay that ended is taken for a
missing discharge date. It stays an admission, is left out of the census, and is counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import SURE, said, usual_days
from caremap.measures import reductions
from caremap.measures.figures import Span

__all__ = ["Coverage", "coverage_of", "has"]


@dataclass(frozen=True)
class Coverage:
    """What the stays cover.

    Attributes
    ----------
    admissions, discharges, census
        The days each is complete for; None where it cannot be told or there are none.
    old_before
        Open stays admitted before this day are left out of the census.
    old_open
        How many of those there are.
    lengths
        Lengths of the stays that ended (value, rows), of the whole file.
    notes
        What was cut from the census and why, in sentences.
    old_note
        What was left out as very old, or empty.
    thin_from
        The day from which admissions are probably lacking too, those of patients who had not
        left: None where the file has patients still in hospital, or needs none.
    per_day, own_lengths
        Admissions a day, and lengths of stay, of what the filters keep.
    """

    admissions: Span | None = None
    discharges: Span | None = None
    census: Span | None = None
    old_before: pd.Timestamp | None = None
    old_open: int = 0
    lengths: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()
    old_note: str = ""
    thin_from: pd.Timestamp | None = None
    per_day: float = 0.0
    own_lengths: pd.DataFrame | None = None

    def lacking(self, start: pd.Timestamp) -> float:
        """Return how many discharges from ``start`` on are lacking, by expectation.

        They are of patients who came before the first admission of the file; of those a filter
        keeps, as many as come a day and stay as long as these do.
        """
        if self.admissions is None or self.own_lengths is None or self.own_lengths.empty:
            return 0.0
        if self.census is not None and start >= self.census.first:
            return 0.0
        gap = float((start - self.admissions.first).days)
        return self.per_day * _mean_beyond(self.own_lengths, max(gap, 0.0))


def has(table: pd.DataFrame | None, *columns: str) -> bool:
    """Return whether a table has all these columns, each with some value in it."""
    return table is not None and all(
        name in table and bool(table[name].head(100).notna().any() or table[name].notna().any())
        for name in columns
    )


def coverage_of(dataset: Dataset, as_of: pd.Timestamp | None) -> Coverage:
    """Return what the stays of a dataset cover, judged on the files before any filter.

    Parameters
    ----------
    dataset
        With stays.
    as_of
        A day up to which the user says the file is complete; it counts only where it lies
        after the last admission.
    """
    unfiltered = dataset.whole or dataset
    whole = unfiltered.stays
    if not has(whole, "admitted"):
        if not has(whole, "discharged"):
            return Coverage()
        left = unfiltered.once("stays", reductions.flows, "discharged").dropna(subset="date")
        return Coverage(discharges=_span(left["date"], left["rows"]))
    only = "was_admitted" if has(whole, "was_admitted") else None
    arrivals = unfiltered.once("stays", reductions.flows, "admitted")
    first_in, last_in = usual_days(arrivals["date"], arrivals["rows"])
    arrivals = arrivals[arrivals["date"].between(first_in, last_in)]
    admissions = _span(arrivals["date"], arrivals["rows"])
    if not has(whole, "discharged"):
        return Coverage(admissions, admissions)
    moves = unfiltered.once("stays", reductions.movements, (), only=only)
    moves = moves[moves["date"] >= first_in]
    lengths = _lengths(unfiltered, only)
    if not moves["departures"].sum() or lengths.empty:
        return Coverage(admissions, admissions)
    first_out = moves.loc[moves["departures"] > 0, "date"].min()
    last_out = moves.loc[moves["departures"] > 0, "date"].max()
    by_discharge = _chosen_by_discharge(moves, first_out, last_in, lengths)
    if by_discharge:
        later = arrivals[arrivals["date"] >= first_out]
        admissions = _span(later["date"], later["rows"], first_out)
    end = last_in if as_of is None else max(last_in, as_of)
    limit = max(90.0, float(lengths["length_of_stay"].max()))
    old_before = end - pd.Timedelta(days=limit)
    old = int(moves.loc[moves["date"] < old_before, "open_arrivals"].sum())
    discharges = Span(admissions.first, max(last_out, last_in), admissions.per_day)
    census, notes, thin_from = _census_span(
        dataset, moves, lengths, admissions, last_out, end, by_discharge, only
    )
    old_note = ""
    if old:
        old_note = (
            f"Stays open for more than {limit:.0f} days, left out because the discharge date is "
            f"probably missing: {old:,}."
        )
    told = tuple(filter(None, (*notes, old_note)))
    own, per_day = lengths, admissions.per_day
    if dataset.whole is not None:
        own, per_day = _lengths(dataset, only), _per_day(dataset, admissions)
    return Coverage(
        admissions, discharges, census, old_before, old, lengths, told, old_note, thin_from,
        per_day, own,
    )  # fmt: skip


def _per_day(dataset: Dataset, within: Span) -> float:
    """Return how many admissions a day the filters keep, in the days the file is complete for."""
    if not has(dataset.stays, "admitted"):
        return 0.0
    came = dataset.once("stays", reductions.flows, "admitted").dropna(subset="date")
    rows = came.loc[came["date"].between(within.first, within.last), "rows"].sum()
    return float(rows) / ((within.last - within.first).days + 1)


def _census_span(
    dataset: Dataset,
    moves: pd.DataFrame,
    lengths: pd.DataFrame,
    admissions: Span,
    last_out: pd.Timestamp,
    end: pd.Timestamp,
    by_discharge: bool,
    only: str | None,
) -> tuple[Span | None, list[str], pd.Timestamp | None]:
    """Return the days the midnight census is complete for, what was cut, and `thin_from`."""
    own = _lengths(dataset, only) if dataset.whole is not None else lengths
    longest_usual = percentile(lengths if own.empty else own, 0.95)
    stay = pd.Timedelta(days=longest_usual)
    notes: list[str] = []
    thin_from = None
    start = admissions.first
    if by_discharge:
        notes.append(
            f"Patients in hospital are counted from {said(start)}, the first discharge: the "
            f"file was chosen by discharge date, earlier days are incomplete."
        )
    elif longest_usual:
        start = (admissions.first + stay).normalize()
        notes.append(
            f"Patients in hospital are counted from {said(start)}: those admitted before the "
            f"file begins are not in it, and 95 % of stays last at most {longest_usual:g} days."
        )
    beyond = max(float((last_out - admissions.last).days), 0.0)
    expected = admissions.per_day * _mean_beyond(lengths, beyond)
    if not moves["open_arrivals"].sum() and expected >= SURE and longest_usual >= 2:
        end = (admissions.last - stay).normalize()
        thin_from = end + pd.Timedelta(days=1)
        notes.append(
            f"They are counted to {said(end)}: the file has no patient still in hospital, so "
            f"its last {longest_usual:g} days are incomplete."
        )
    if end < start:
        notes = [
            "The file is too short to count patients in hospital: those admitted before it "
            f"begins are not in it, and 95 % of stays last at most {longest_usual:g} days."
        ]
        return None, notes, thin_from
    return Span(start, end, admissions.per_day), notes, thin_from


def _chosen_by_discharge(
    moves: pd.DataFrame, first_out: pd.Timestamp, last_in: pd.Timestamp, lengths: pd.DataFrame
) -> bool:
    came = moves["arrivals"] + moves["open_arrivals"]
    first_in = moves.loc[came > 0, "date"].min()
    gap = (first_out - first_in).days
    if gap <= max(2.0, percentile(lengths, 0.5)):
        return False
    before = came[moves["date"] < first_out].sum() / gap
    after = came[moves["date"] >= first_out].sum() / max((last_in - first_out).days + 1, 1)
    return bool(before < 0.5 * after)


def _lengths(dataset: Dataset, only: str | None) -> pd.DataFrame:
    """Count stays per length, over all days."""
    if not has(dataset.stays, "length_of_stay"):
        return pd.DataFrame({"length_of_stay": [], "rows": []})
    date = "discharged" if has(dataset.stays, "discharged") else None
    counted = dataset.once("stays", reductions.histogram, date, "length_of_stay", only=only)
    return counted.groupby("length_of_stay")["rows"].sum().reset_index()


def percentile(lengths: pd.DataFrame, share: float) -> float:
    """Return the length that this share of the stays does not exceed.

    Examples
    --------
    >>> percentile(pd.DataFrame({"length_of_stay": [1.0, 2.0, 9.0], "rows": [90, 5, 5]}), 0.95)
    2.0
    """
    reached = lengths["rows"].cumsum().to_numpy() / max(lengths["rows"].sum(), 1)
    place = int(np.searchsorted(reached, share - 1e-12))
    return float(lengths["length_of_stay"].iloc[min(place, len(lengths) - 1)])


def _mean_beyond(lengths: pd.DataFrame, days: float) -> float:
    """Return the mean number of days by which a stay goes beyond this many days."""
    beyond = (lengths["length_of_stay"] - days).clip(lower=0) * lengths["rows"]
    return float(beyond.sum() / max(lengths["rows"].sum(), 1))


def _span(
    days: pd.Series[pd.Timestamp], rows: pd.Series[int], first: pd.Timestamp | None = None
) -> Span:
    begin = days.min() if first is None else first
    last = days.max() if len(days) else begin
    return Span(begin, last, float(rows.sum()) / ((last - begin).days + 1))
