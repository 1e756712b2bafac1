"""What a measure is counted from, day by day: stays, visits or a file of counts.

Everything comes from the reductions and the coverage that `caremap.measures` uses, so that a
day of the series is the figure that `caremap.measures.trend` gives of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said, usual_days
from caremap.measures import reductions
from caremap.measures.census import census
from caremap.measures.census import from_stays as census_from_stays
from caremap.measures.counts import cadence_of
from caremap.measures.coverage import Coverage, coverage_of, has
from caremap.measures.groups import keys_of, refuse, with_bands, with_keys
from caremap.measures.view import Choices
from caremap.problems import DataProblem

__all__ = ["COUNTS", "KINDS", "Counted", "counted", "source_of"]

COUNTS = ("admissions", "visits", "discharges", "cost")
"""What files of counts have, beside occupied beds."""

KINDS = {
    "admissions": "count",
    "visits": "count",
    "discharges": "count",
    "length_of_stay": "mean",
    "occupied": "mean",
    "waiting": "mean",
    "cost": "count",
    "charges": "count",
}
"""Each measure there can be a series of: a count adds up over days, a mean does not."""

_TAIL = 0.02
"""Share of the days in hospital that may be lacking at the edges of a file."""

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Counted:
    """A measure per day, before anything is cut off.

    Attributes
    ----------
    rows
        ``date``, ``group`` (only where asked for), ``value`` and ``n``: of a count its sum and
        how many rows have a value, of a mean a value and how often it occurred.
    table, date
        Where it comes from: ``stays`` or ``activity``, and the column that dates it.
    kind
        ``count`` or ``mean``.
    first, last
        The days the file is complete for.
    every
        ``day``, ``week``, ... : what one count stands for.
    median
        Whether the values of a day are taken together by their median.
    stock
        Whether it is counted at a moment, and averaged over the days of a week.
    notes
        What was cut off, in sentences.
    """

    rows: pd.DataFrame
    table: str
    date: str
    kind: str
    first: pd.Timestamp
    last: pd.Timestamp
    every: str = "day"
    median: bool = False
    stock: bool = False
    notes: tuple[str, ...] = ()


def source_of(dataset: Dataset, measure: str) -> str:
    """Return the table a measure is counted from: ``stays``, ``activity``, or empty.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01"])})
    >>> source_of(Dataset(stays=stays), "admissions"), source_of(Dataset(stays=stays), "cost")
    ('stays', '')
    """
    stays, activity = dataset.stays, dataset.activity
    whole = (dataset.whole or dataset).stays
    if stays is not None and _in_stays(whole, measure):
        return "stays"
    columns = ("occupied_beds", "free_beds") if measure == "occupied" else (measure,)
    if activity is None or not has(activity, "date"):
        return ""
    if measure == "occupied":
        known = has(activity, "occupied_beds") or has(activity, "free_beds", "staffed_beds")
        return "activity" if known else ""
    return "activity" if measure in COUNTS and has(activity, *columns) else ""


def _in_stays(stays: pd.DataFrame | None, measure: str) -> bool:
    """Return whether dated stays give a measure."""
    if stays is None:
        return False
    flag, flagged = "was_admitted" in stays, has(stays, "was_admitted")
    match measure:
        case "admissions":
            return has(stays, "admitted") and (flagged or not flag)
        case "visits":
            return has(stays, "admitted") and flag
        case "discharges":
            return has(stays, "discharged")
        case "occupied":
            return has(stays, "admitted", "discharged")
        case "length_of_stay":
            return has(stays, "length_of_stay", "discharged")
        case "waiting":
            return has(stays, "waiting_minutes", "admitted")
        case _:
            return has(stays, measure) and (has(stays, "admitted") or has(stays, "discharged"))


def counted(
    dataset: Dataset,
    measure: str,
    by: str | None,
    as_of: pd.Timestamp | None,
    choices: Choices,
) -> Counted:
    """Count a measure by day, and by the values of a column where one is named.

    Parameters
    ----------
    dataset
        With a table that gives the measure, see `source_of`.
    measure
        One of `KINDS`.
    by
        A column to group by.
    as_of
        The day the series ends on at the latest, or up to which the file is said to be complete.
    choices
        The conventions in force.

    Raises
    ------
    caremap.DataProblem
        Where the column does not exist or makes no groups.
    """
    if by == "region":
        dataset = dataset.with_regions()
    table = source_of(dataset, measure)
    rows = getattr(dataset, table)
    if by is not None:
        refuse(by)
        if by not in with_bands(rows, [by]):
            raise DataProblem(
                f"There is no column “{by}” to group by.", "Choose a column of the table."
            )
        refuse(by, rows)
    if measure == "occupied":
        return _occupied(dataset, table, by, as_of)
    if table == "activity":
        return _of_counts(dataset, measure, by)
    return _of_stays(dataset, measure, by, as_of, choices)


def _of_stays(
    dataset: Dataset, measure: str, by: str | None, as_of: pd.Timestamp | None, choices: Choices
) -> Counted:
    whole = (dataset.whole or dataset).stays
    only = "was_admitted" if has(whole, "was_admitted") else None
    groups = [] if by is None else [by]
    stays = dataset.stays if by is None else with_keys(_required(dataset.stays), groups)
    keys = keys_of(groups)
    date = _dated_by(whole, measure, choices)
    if measure in ("length_of_stay", "waiting"):
        column = {"length_of_stay": "length_of_stay", "waiting": "waiting_minutes"}[measure]
        flag = only if measure == "length_of_stay" else None
        if by is None:  # what the key figures are made of too
            found = dataset.once("stays", reductions.histogram, date, column, only=flag)
        else:
            found = reductions.histogram(stays, date, column, keys, only=flag)
        found = found[found[column] >= 0].rename(columns={column: "value", "rows": "n"})
        if measure == "length_of_stay":
            found = _stayed(found, choices)
    else:
        sums = [measure] if measure in ("cost", "charges") else []
        sums += [only] if measure == "admissions" and only else []
        flag = only if measure == "discharges" else None
        found = reductions.flows(stays, date, keys, sums, only=flag)
        value = sums[0] if sums else "rows"
        n = f"{value}_n" if measure in ("cost", "charges") else "rows"
        found = found.assign(value=found[value].astype("float64"), n=found[n])
    coverage = coverage_of(dataset, as_of)
    first, last, notes = _covered(dataset, coverage, date, as_of)
    return Counted(
        _shaped(found, keys), "stays", date, KINDS[measure], first, last, "day",
        measure == "waiting", notes=notes,
    )  # fmt: skip


def _required(table: pd.DataFrame | None) -> pd.DataFrame:
    assert table is not None
    return table


def _dated_by(stays: pd.DataFrame | None, measure: str, choices: Choices) -> str:
    """Return the date that places a stay in time, as the measures have it."""
    if measure in ("discharges", "length_of_stay"):
        return "discharged"
    if measure in ("cost", "charges"):
        wanted = (choices.cost_date, "admitted", "discharged")
        return next(name for name in wanted if has(stays, name))
    return "admitted"


def _stayed(found: pd.DataFrame, choices: Choices) -> pd.DataFrame:
    """Return lengths of stay by the conventions in force."""
    same_day = found["value"] < 1
    if choices.overnight_only:
        return found[~same_day]
    if choices.same_day:
        return found.assign(value=found["value"].mask(same_day, 1.0))
    return found


def _shaped(found: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    dated = found.dropna(subset="date").rename(columns=dict.fromkeys(keys, "group"))
    return dated[["date", *(["group"] if keys else []), "value", "n"]].reset_index(drop=True)


def _covered(
    dataset: Dataset, coverage: Coverage, date: str, as_of: pd.Timestamp | None
) -> tuple[pd.Timestamp, pd.Timestamp, tuple[str, ...]]:
    """Return the days stays are complete for by one of their dates, and what was cut off."""
    known = [span for span in (coverage.admissions, coverage.discharges) if span is not None]
    span = known[0] if date == "admitted" else known[-1]
    first, last = span.first, span.last
    notes: list[str] = []
    reach = _DAY * _reach(coverage.lengths)
    if coverage.admissions is None:
        return first, last, ()
    by_discharge = dataset.span is not None and dataset.span[0] < coverage.admissions.first
    if by_discharge:
        notes.append(
            f"The file was chosen by discharge date: it begins with {said(first)}, the first "
            "discharge. Of those admitted before only the late leavers are in it."
        )
    if date == "admitted":
        if coverage.thin_from is not None:
            last = min(coverage.thin_from, coverage.admissions.last - reach + _DAY) - _DAY
            notes.append(
                f"Admissions after {said(last)} are left out: the file has no patient who had not "
                "left yet, so its last days have too few."
            )
    else:
        if not by_discharge and reach:
            first = (first + min(reach, (last - first) / 4)).normalize()
            notes.append(
                f"Counted from {said(first)}: patients admitted before the file begins are not "
                "in it, so its first days lack those who stayed long."
            )
        last = coverage.admissions.last
        if coverage.thin_from is not None:
            left = dataset.once("stays", reductions.flows, "discharged").dropna(subset="date")
            last = usual_days(left["date"], left["rows"])[1] if len(left) else last
    if as_of is not None and (as_of < last or coverage.thin_from is None):
        last = as_of
    return first, last, tuple(notes)


def _reach(lengths: pd.DataFrame | None) -> int:
    """Return the length of stay beyond which hardly any day in hospital is spent.

    Long stays are few and hold many days: counting stays alone, an average length of stay
    would be too short at the beginning of a file for longer than it seems.
    """
    if lengths is None or lengths.empty:
        return 0
    days = lengths["length_of_stay"].clip(lower=0) * lengths["rows"]
    if not days.sum():
        return 0
    beyond = 1 - days.cumsum() / days.sum()
    return int(lengths["length_of_stay"].to_numpy()[(beyond <= _TAIL).to_numpy().argmax()])


def _of_counts(dataset: Dataset, measure: str, by: str | None) -> Counted:
    groups = [] if by is None else [by]
    activity = _required(dataset.activity)
    keys = keys_of(groups)
    rows = activity if by is None else with_keys(activity, groups)
    found = reductions.flows(rows, "date", keys, [measure])
    found = found.assign(value=found[measure], n=found[f"{measure}_n"])
    found = _shaped(found[found["n"] > 0], keys)
    whole = (dataset.whole or dataset).once("activity", reductions.flows, "date")
    whole = whole.dropna(subset="date")
    first, last = usual_days(whole["date"], whole["rows"])
    every = (dataset.whole or dataset).once("activity", cadence_of)
    return Counted(found, "activity", "date", "count", first, last, every)


def _occupied(dataset: Dataset, table: str, by: str | None, as_of: pd.Timestamp | None) -> Counted:
    """Return the midnight census of the days it is complete for."""
    open_ended = replace(dataset, period=None)
    found = census(open_ended, by, as_of).rename(columns={"occupied": "value"})
    if by is not None:
        found = found.rename(columns={by: "group"})
    found = found.assign(n=1)
    none = pd.Timestamp("1970-01-01")
    first, last = (found["date"].min(), found["date"].max()) if len(found) else (none, none)
    notes: tuple[str, ...] = ()
    every = "day"
    if census_from_stays(dataset):
        notes = coverage_of(dataset, as_of).notes
    else:
        every = (dataset.whole or dataset).once("activity", cadence_of)
    columns = ["date", *(["group"] if by is not None else []), "value", "n"]
    return Counted(found[columns], table, "census", "mean", first, last, every,
                   stock=True, notes=notes)  # fmt: skip
