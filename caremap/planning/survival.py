"""How long patients stay, and who is in now: what a census is forecast from.

The survival of the length of stay is Kaplan and Meier's, over days rather than over patients:
everyone who is in counts on every day of the last year, with the age the stay has that day.
So open stays are censored, stays begun before the year enter late (left truncation), and long
stays are no older news than short ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.measures import reductions
from caremap.measures.coverage import coverage_of, has
from caremap.measures.windows import dates_in_doubt, resolve_as_of
from caremap.problems import DataProblem

__all__ = [
    "Leaving", "Sojourns", "all_leaving", "in_house", "leavers", "leaving", "sojourns",
    "stay_survival",
]  # fmt: skip

Array = np.ndarray[Any, Any]

RECENT = 365
FEW = 5  # leavers below which a chance to leave is not told by age any more
ENOUGH = 200  # leavers of the last year below which all years count
AHEAD = 400  # midnights by which survival goes on beyond the oldest patient known


@dataclass(frozen=True, eq=False)
class Sojourns:
    """Stays by the day they begin and the nights they last, as known on one day.

    Attributes
    ----------
    rows
        ``date`` (day of admission), the columns in ``by``, ``nights`` (NaN: in house on
        ``as_of``) and ``rows`` (how many).
    first, as_of
        The days the stays are complete for: those begun before ``first`` are known only as
        far as they had not ended by then.
    notes
        What was left out, in sentences.
    """

    rows: pd.DataFrame
    first: pd.Timestamp
    as_of: pd.Timestamp
    notes: tuple[str, ...] = ()


def sojourns(dataset: Dataset, as_of: object = None, by: Sequence[str] = ()) -> Sojourns:
    """Return the stays as they were known at the end of a day.

    Parameters
    ----------
    dataset
        With stays that have an admission and a discharge date.
    as_of
        The day; by default the last one the midnight census is complete for.
    by
        Columns to group by.

    Raises
    ------
    caremap.DataProblem
        Where stays, a date column or a column of ``by`` are missing, dates are in doubt, or
        patients in house are not known on that day.
    """
    if "region" in by:
        dataset = dataset.with_regions()
    table, whole = dataset.stays, (dataset.whole or dataset).stays
    if table is None or not has(whole, "admitted", "discharged", "length_of_stay"):
        raise DataProblem(
            "Patients in hospital cannot be counted: there are no stays with an admission and a "
            "discharge date.",
            "Add a file with one row per stay, or one that counts occupied beds per day.",
        )
    for name in by:
        if name not in table:
            raise DataProblem(
                f"There is no column “{name}” to group by.", "Choose a column of the stays."
            )
    doubt = dates_in_doubt(dataset)
    if doubt:
        raise DataProblem(doubt)
    asked = resolve_as_of(dataset, as_of)
    coverage = coverage_of(dataset, asked)
    if coverage.census is None or coverage.admissions is None:
        raise DataProblem(
            " ".join(coverage.notes) or "Patients in hospital cannot be counted from this file.",
            "Add a file that covers more days.",
        )
    last = coverage.census.last
    day = last if asked is None or (as_of is None and asked > last) else asked
    if not coverage.census.first <= day <= last:
        raise DataProblem(
            f"Patients in hospital are not known on {said(day)}.",
            f"They are from {said(coverage.census.first)} to {said(last)}.",
        )
    rows = _known_on(dataset, day, coverage.old_before, by)
    notes = (coverage.old_note,) if coverage.old_note else ()
    return Sojourns(rows, coverage.admissions.first, day, notes)


def _known_on(
    dataset: Dataset, day: pd.Timestamp, old_before: pd.Timestamp | None, by: Sequence[str]
) -> pd.DataFrame:
    """Return stays by day and nights; whoever left after the day had not left by then."""
    only = "was_admitted" if has((dataset.whole or dataset).stays, "was_admitted") else None
    names = ["date", *by]
    ended = dataset.once("stays", reductions.histogram, "admitted", "length_of_stay", by, only=only)
    ended = ended.rename(columns={"length_of_stay": "nights"}).dropna(subset="date")
    ended = ended.assign(nights=np.floor(ended["nights"].clip(lower=0)))
    still = dataset.once("stays", reductions.movements, by, only=only)
    still = still.rename(columns={"open_arrivals": "count"})[[*names, "count"]]
    still = still[still["count"] > 0]
    if old_before is not None:
        still = still[still["date"] >= old_before]
    still = still.rename(columns={"count": "rows"}).assign(nights=np.nan)
    known = pd.concat([ended, still], ignore_index=True)[[*names, "nights", "rows"]]
    known = known[known["date"] <= day]
    age = (day - known["date"]).dt.days
    return known.assign(nights=known["nights"].where(known["nights"] <= age)).reset_index(drop=True)


def in_house(dataset: Dataset, *, as_of: object = None, by: str | None = None) -> pd.Series:
    """Return the patients in hospital at midnight, by the age of their stay.

    Parameters
    ----------
    dataset
        With stays that have an admission and a discharge date.
    as_of
        The day whose last midnight it is; by default the last day the midnight census is
        complete for.
    by
        Column to group by.

    Returns
    -------
    pandas.Series
        ``patients`` by ``age``: whole days since the day of admission, 0 for who came that
        day. With ``by``, the index has the group before the age. Only ages that occur. What
        `expected_census` takes as ``in_house``.

    Raises
    ------
    caremap.DataProblem
        Where patients in hospital cannot be counted, or not on that day.

    Notes
    -----
    Its sum is the census of `caremap.measures.census` on that day: very old open stays are
    left out of both.

    Examples
    --------
    >>> admitted = pd.date_range("2024-04-01", periods=60).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"admitted": admitted, "discharged": admitted + pd.Timedelta(days=2),
    ...                       "length_of_stay": 2.0})
    >>> in_house(Dataset(stays=stays), as_of="2024-05-01")
    age
    0    1
    1    1
    Name: patients, dtype: int64
    """
    names = [] if by is None else [by]
    known = sojourns(dataset, as_of, names)
    still = known.rows[known.rows["nights"].isna()]
    age = (known.as_of - still["date"]).dt.days.rename("age")
    counted = still["rows"].groupby([*(still[name] for name in names), age]).sum()
    patients: pd.Series = counted.rename("patients").astype("int64")
    return patients


@dataclass(frozen=True, eq=False)
class Leaving:
    """The chance to leave, by the age of the stay and the weekday.

    Attributes
    ----------
    hazard
        By age: ``hazard[0]`` the chance to leave on the day of admission, ``hazard[j]`` to
        leave on the j-th day after it, of those in at the midnight before.
    weekday, first_day
        Monday to Sunday: how much more than usual leave on such a day (of cumulative hazards),
        of patients who were in overnight, and of those who came that day.
    leavers
        How many it is read from.
    """

    hazard: Array
    weekday: Array
    first_day: Array
    leavers: float

    @property
    def survival(self) -> Array:
        """``survival[k]``: the chance to be in at the k-th midnight, over all weekdays."""
        curve: Array = np.cumprod(1 - self.hazard)
        return curve

    def on(self, weekday: int, age: Array | int) -> Array:
        """Return the chance of stays of these ages to end on such a day."""
        factor = np.where(np.asarray(age) == 0, self.first_day[weekday], self.weekday[weekday])
        hazard = self.hazard[np.minimum(age, len(self.hazard) - 1)]
        chance: Array = 1 - (1 - hazard) ** factor
        return chance


def leaving(known: Sojourns, rows: pd.DataFrame | None = None) -> Leaving:
    """Return the chance to leave, from the last year or, where too few left in it, all years.

    Parameters
    ----------
    known
        What `sojourns` gives.
    rows
        Some of its rows, such as those of one department.
    """
    rows = known.rows if rows is None else rows
    start = max(known.first, known.as_of - pd.Timedelta(days=RECENT - 1))
    trials, events = _trials(rows, start, known.as_of)
    if events.sum() < ENOUGH and start > known.first:
        trials, events = _trials(rows, known.first, known.as_of)
    hazard = _with_tail(trials.sum(axis=0), events.sum(axis=0))
    own = hazard[: trials.shape[1]]
    first = _factors(trials[:, :1], events[:, :1], own[:1])
    later = _factors(trials[:, 1:], events[:, 1:], own[1:])
    return Leaving(hazard, later, first, float(events.sum()))


def leavers(known: Sojourns) -> Array:
    """Return for each row how many left by the last day: what `leaving` counts over all years.

    Of groups with too few, so many can be told apart without working anything else out.
    """
    rows = known.rows
    begun = (rows["date"] - known.first).dt.days.to_numpy("float64")
    nights = rows["nights"].to_numpy("float64")
    ended = (nights >= np.maximum(-begun, 0)) & (begun + nights <= (known.as_of - known.first).days)
    counts: Array = np.where(ended, rows["rows"].to_numpy("float64"), 0.0)
    return counts


def all_leaving(known: Sojourns) -> Leaving:
    """Return the chance to leave of all patients, or say that it cannot be told.

    Raises
    ------
    caremap.DataProblem
        Where nobody has left.
    """
    chance = leaving(known)
    if not chance.leavers:
        raise DataProblem(
            f"How long patients stay is not known: nobody has left by {said(known.as_of)}.",
            "Choose more departments or a later day.",
        )
    return chance


def _trials(rows: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> tuple[Array, Array]:
    """Count, by weekday (rows) and age (columns), who could leave and who did, within days."""
    begun = (rows["date"] - start).dt.days.to_numpy("int64")
    days = (end - start).days
    nights = rows["nights"].to_numpy("float64")
    count = rows["rows"].to_numpy("float64")
    last = np.where(np.isnan(nights), days - begun, nights).astype("int64")
    first = np.maximum(-begun, 0)
    seen = (last >= first) & (begun + last <= days)
    begun, last, first, count = begun[seen], last[seen], first[seen], count[seen]
    ended = ~np.isnan(nights[seen])
    ages = int(last.max(initial=0)) + 1
    weekday = (start.weekday() + begun) % 7
    steps = np.zeros((7, ages + 1))
    np.add.at(steps, (weekday, first), count)
    np.add.at(steps, (weekday, last + 1), -count)
    by_start = steps.cumsum(axis=1)[:, :ages]
    turned = (np.arange(7)[:, None] - np.arange(ages)) % 7  # came on it to be that old on this day
    trials = by_start[turned, np.arange(ages)]
    events = np.zeros((7, ages))
    np.add.at(events, ((weekday + last)[ended] % 7, last[ended]), count[ended])
    return trials, events


def _with_tail(trials: Array, events: Array) -> Array:
    """Return the chance to leave by age; where few are that old, that of all older together.

    It goes on beyond the oldest: a patient who is in longer than anybody before still leaves
    some day, and not for certain tomorrow.
    """
    hazard = np.divide(events, trials, out=np.zeros(len(trials)), where=trials > 0)
    left = events[::-1].cumsum()[::-1]  # who leave at this age or later
    few = int(np.searchsorted(-left, -FEW, side="right"))  # first age with fewer
    survived = np.cumprod(1 - hazard[:few]) if few else np.ones(1)
    if survived[-1] <= 0:
        return hazard[:few]
    low = max(few - 1, 0)
    while low > 1 and left[low] < 4 * FEW:
        low -= 1
    at_risk = trials[low:].sum()
    chance = events[low:].sum() / at_risk if at_risk else 0.0
    tail = np.full(len(trials) - few + AHEAD, chance)
    return np.concatenate([hazard[:few], tail])


def _factors(trials: Array, events: Array, hazard: Array) -> Array:
    """Return by weekday how many leave over how many would at the usual chance.

    Shrunk towards 1 as far as they are few.
    """
    usual = -np.log1p(-np.minimum(hazard, 1 - 1e-9))
    happened = np.minimum(events.sum(axis=1), trials.sum(axis=1))
    factor = np.ones(7)
    for _ in range(50):
        expected = (trials * -np.expm1(-usual * factor[:, None])).sum(axis=1)
        factor = np.clip(factor * (happened + 5) / (expected + 5), 1e-3, 10.0)
    return factor


def stay_survival(dataset: Dataset, *, as_of: object = None) -> pd.Series:
    """Return the survival of the length of stay, by Kaplan and Meier.

    Parameters
    ----------
    dataset
        With stays that have an admission and a discharge date.
    as_of
        The last day that counts; by default the last one the midnight census is complete for.

    Returns
    -------
    pandas.Series
        ``survival`` by ``midnight`` k: the probability of being in still at the k-th midnight
        after arrival, k = 0 being the one that ends the day of arrival. What `expected_census`
        takes. It ends where nobody is left, or 400 midnights beyond the longest stay known.

    Raises
    ------
    caremap.DataProblem
        Where patients in hospital cannot be counted, or not on that day, or nobody has left.

    Notes
    -----
    Kaplan and Meier (1958), in days, over the year that ends on ``as_of`` (over all years where
    fewer than 200 patients left in it): open stays are censored, stays begun before the year
    enter late, very old open stays are left out as in the census. Ages that fewer than five
    patients reached and left share one chance to leave.

    Examples
    --------
    >>> admitted = pd.date_range("2024-04-01", periods=60).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"admitted": admitted, "discharged": admitted + pd.Timedelta(days=2),
    ...                       "length_of_stay": 2.0})
    >>> stay_survival(Dataset(stays=stays), as_of="2024-05-01")
    midnight
    0    1.0
    1    1.0
    2    0.0
    Name: survival, dtype: float64
    """
    curve = all_leaving(sojourns(dataset, as_of)).survival
    return pd.Series(curve, index=pd.RangeIndex(len(curve), name="midnight"), name="survival")
