"""Every measure by group: department, treatment, age band, or any column of the file.

Each figure is what `caremap.measures.headline` says of the stays (or counts) of its group:
same definition, same reporting period, same switches. What `headline` does not give for the
period, no group has either.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.counts import cadence_of, span_of
from caremap.measures.coverage import has
from caremap.measures.figures import NAN, Figure
from caremap.measures.gates import covers, gated
from caremap.measures.groups import asked, in_order, keys_of, refuse, with_bands, with_keys
from caremap.measures.readmission import PATIENTS, WITHIN, discharges_alive
from caremap.measures.tallies import Tally
from caremap.measures.view import Choices, View, overall_view
from caremap.measures.windows import DAY, Window, dates_in_doubt
from caremap.problems import DataProblem

__all__ = ["MEASURED", "breakdown"]

MEASURED = (
    "admissions", "discharges", "visits", "cost", "mean_cost", "charges", "length_of_stay",
    "median_stay", "waiting", "satisfaction", "readmission", "team_score",
)  # fmt: skip
"""The measures of a breakdown, in order."""

_OF = {
    "cost_n": ("cost", "mean_cost"),
    "length_of_stay_n": ("length_of_stay", "median_stay"),
    "satisfaction_n": ("satisfaction",),
    "waiting_n": ("waiting",),
    "readmission_n": ("readmission",),
    "team_score_n": ("team_score",),
}
"""How many rows have a value, and the measures made of it."""


def breakdown(
    dataset: Dataset,
    by: str | Sequence[str] = "treatment",
    then: str | None = None,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
    measures: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the measures of every group.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    by, then
        The column, or columns, to group by: any column of the stays or of the counts, also one
        kept under its own header. Without an ``age_band`` the bands 0-4, 5-9 … 85-89, 90+ are
        made from ``age``.
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.
    measures
        Which measures to give, see `MEASURED`; None gives all. Readmission within 30 days
        looks at every pair of stays of a patient: leave it out where it is not shown.

    Returns
    -------
    pandas.DataFrame
        One row per group, the column or columns named as asked; no total row. What is missing
        is ``Unknown``. Numbers and bands are in numeric order, names as people read them,
        ``Unknown`` last. A group without a row in the period has 0, not a blank. Then:

        - ``admissions``, ``discharges``, ``visits`` (numbers), ``cost``, ``mean_cost``,
          ``charges`` (currency as supplied), ``length_of_stay`` and ``median_stay`` (days),
          ``waiting`` (median, minutes), ``satisfaction``, ``readmission`` (percent),
          ``team_score``: NaN where it cannot be computed
        - ``cost_n``, ``length_of_stay_n``, ``satisfaction_n``, ``waiting_n``,
          ``readmission_n``, ``team_score_n``: stays (or counts) with a value

        Stays without an admission date count under admissions where no period is set.

    Raises
    ------
    caremap.DataProblem
        Where a column does not exist, identifies persons, or makes no groups.
    ValueError
        Where a switch or a measure is none of the choices.

    Notes
    -----
    A measure comes from the stays, else from the counts, never from both. A cell of a file of
    counts that is blank is not 0: a group with blanks only is NaN. Means are ratios of sums.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01", "2024-04-02", None]),
    ...                       "ward": ["A", None, "A"], "cost": [10.0, 20.0, 30.0]})
    >>> breakdown(Dataset(stays=stays), by="ward", measures=["admissions", "mean_cost"])
          ward  admissions  mean_cost  cost_n
    0        A         2.0       20.0       2
    1  Unknown         1.0       20.0       1
    """
    groups = asked(by, then)
    if "region" in groups:
        dataset = dataset.with_regions()
    choices = Choices(same_day, overnight_only, cost_date)
    wanted = [name for name in MEASURED if measures is None or name in measures]
    if measures is not None and set(measures) - set(wanted):
        raise ValueError(f"measures are some of {', '.join(MEASURED)}, got {sorted(measures)}")
    stays, activity = _tables(dataset, groups)
    parts = []
    if stays is not None:
        pairs = "readmission" in wanted and has((dataset.whole or dataset).stays, *PATIENTS)
        view = overall_view(dataset, stays, as_of, choices, with_coverage=pairs)
        parts.append(_of_stays(view, groups, wanted))
    if activity is not None:
        parts.append(_of_counts(dataset, activity, keys_of(groups), wanted))
    found = in_order(_put_together(parts, keys_of(groups), wanted), keys_of(groups))
    return found.rename(columns=dict(zip(keys_of(groups), groups, strict=True)))


def _tables(
    dataset: Dataset, groups: Sequence[str]
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Return the stays and the counts that have all columns asked for, with their keys."""
    if not groups:
        raise DataProblem("No column to group by is named.", "Choose a column of the table.")
    found: list[pd.DataFrame | None] = []
    for name in groups:
        refuse(name, taken=MEASURED)
    for table in (dataset.stays, dataset.activity):
        banded = None if table is None else with_bands(table, groups)
        complete = banded is not None and all(name in banded for name in groups)
        found.append(with_keys(banded, groups) if complete and banded is not None else None)
    for table in found:
        for name in groups if table is not None else ():
            refuse(name, table)
    if found[0] is None and found[1] is None:
        tables = [table for table in (dataset.stays, dataset.activity) if table is not None]
        gone = [name for name in groups if not any(name in table for table in tables)]
        named = "” or “".join(gone or groups)
        raise DataProblem(
            f"There is no column “{named}” to group by."
            if gone
            else f"No table has both columns, “{'” and “'.join(groups)}”.",
            "Choose a column of the table.",
        )
    return found[0], found[1]


def _of_stays(view: View, groups: Sequence[str], wanted: Sequence[str]) -> pd.DataFrame:
    """Return the measures that stays give, one row per group."""
    keys = keys_of(groups)
    asked_for = {
        name: tally
        for name, tally in _tallies_of_stays(view).items()
        if name in wanted or (name == "cost" and "mean_cost" in wanted)
        or (name == "length_of_stay" and "median_stay" in wanted)
    }  # fmt: skip
    found = reductions.tallies(view.stays, keys, asked_for or {"rows": Tally()})
    result = found[keys]
    for name, tally in asked_for.items():
        columns = _columns(name, tally, found)
        if not covers(view, tally.date):
            columns = {key: 0 if key.endswith("_n") else NAN for key in columns}
        result = result.assign(**columns)
    if "readmission" in wanted and view.has(*PATIENTS):
        result = result.drop(columns=["readmission", "readmission_n"], errors="ignore")
        result = result.merge(_readmission(view, groups), how="left", on=keys)
    return result


def _columns(name: str, tally: Tally, found: pd.DataFrame) -> dict[str, Any]:
    """Return the figures made of one tally, and how many rows have a value."""
    rows = found[f"{name}_rows"]
    if tally.value is None:
        return {name: rows}
    n, total = found[f"{name}_n"], found[name]
    mean, known = total / n.where(n > 0), {f"{name}_n": n}
    if name == "cost" or name == "charges":
        money = {name: total.where((n > 0) | (rows == 0))}
        return money | known | ({"mean_cost": mean} if name == "cost" else {})
    if name == "length_of_stay":
        return {name: mean, "median_stay": found[f"{name}_median"]} | known
    if name == "waiting":
        return {name: found[f"{name}_median"]} | known
    return {name: mean * (100.0 if name == "readmission" else 1.0)} | known


def _tallies_of_stays(view: View) -> dict[str, Tally]:
    """Return what each measure counts, as `caremap.measures.from_stays` defines it."""
    (window,), only, choices = view.windows, view.only, view.choices

    def taken(value: str | None, *dates: str, **more: object) -> Tally:
        return Tally(
            value, view.first(*dates), window.start, window.end, **more  # type: ignore[arg-type]
        )  # fmt: skip

    found: dict[str, Tally] = {}
    if only is not None:
        found["admissions"] = taken(None, "admitted", only=only)
    if "was_admitted" in view.stays:
        found["visits"] = taken(None, "admitted")
    else:
        found["admissions"] = taken(None, "admitted")
    if view.has("discharged"):
        found["discharges"] = taken(None, "discharged", only=only, dated=True)
    for name in ("cost", "charges"):
        if view.has(name):
            found[name] = taken(name, choices.cost_date, "admitted", "discharged")
    if view.has("length_of_stay"):
        found["length_of_stay"] = taken(
            "length_of_stay",
            "discharged",
            only=only,
            low=1.0 if choices.overnight_only else 0.0,
            lift=1.0 if choices.same_day else None,
            median=True,
        )
    if view.has("waiting_minutes"):
        found["waiting"] = taken("waiting_minutes", "admitted", low=0.0, median=True)
    if view.has("satisfaction"):
        found["satisfaction"] = taken("satisfaction", "discharged", "admitted")
    if view.has("readmitted"):
        found["readmission"] = taken("readmitted", "discharged", "admitted", only=only)
    return found


def _readmission(view: View, groups: Sequence[str]) -> pd.DataFrame:
    """Return readmission within 30 days by group, from the stays of each patient."""
    span = view.coverage.admissions
    counted = discharges_alive(view, groups)
    (window,) = view.windows
    low = pd.Timestamp.min if window.start is None else window.start
    high = None if span is None else span.last - DAY * WITHIN
    if high is None or not covers(view, "discharged"):
        counted = counted.iloc[:0]
    else:
        high = high if window.end is None else min(high, window.end)
        counted = counted[counted["date"].between(low, high)]
    sums = counted.groupby(keys_of(groups))[["alive", "readmitted"]].sum()
    alive = sums["alive"].where(sums["alive"] > 0)
    result = pd.DataFrame(
        {"readmission": 100.0 * sums["readmitted"] / alive, "readmission_n": sums["alive"]}
    )
    return result.reset_index().astype(dict.fromkeys(keys_of(groups), "str"))


def _of_counts(
    dataset: Dataset, activity: pd.DataFrame, keys: Sequence[str], wanted: Sequence[str]
) -> pd.DataFrame:
    """Return the measures that counts give, one row per group; stocks are never added."""
    window = Window("overall", *(dataset.period or (None, None)))
    date = "date" if has(activity, "date") else None
    flows = ("admissions", "discharges", "visits", "cost")
    present = [
        name
        for name in (*flows, "satisfaction", "team_score")
        if name in wanted and has(activity, name)
    ]
    wanted_of = {name: Tally(name, date, window.start, window.end) for name in present}
    found = reductions.tallies(activity, keys, wanted_of or {"rows": Tally()})
    sure = date is not None and not dates_in_doubt(dataset)
    given = window.everything or (sure and _counted_then(activity, window))
    result = found[list(keys)]
    for name in present:
        n = found[f"{name}_n"] if given else 0 * found[f"{name}_n"]
        values = found[name].where(n > 0)
        columns = {name: values if name in flows else values / n.where(n > 0), f"{name}_n": n}
        result = result.assign(**columns)
    return result


def _counted_then(activity: pd.DataFrame, window: Window) -> bool:
    """Return whether the counts cover the period, as far as it can be told."""
    if not cadence_of(activity):
        return True
    return not np.isnan(gated([Figure(0.0)], [window], span_of(activity))[0].value)


def _put_together(
    parts: Sequence[pd.DataFrame], keys: Sequence[str], wanted: Sequence[str]
) -> pd.DataFrame:
    """Take every measure from the first table that gives it, the groups from those taken."""
    taken: list[dict[str, pd.Series[float]]] = [{} for _ in parts]
    for name in wanted:
        source = _source(parts, name)
        if source is None:
            continue
        columns = [name, *(n for n, made in _OF.items() if name in made)]
        for column in columns:
            if column in parts[source]:
                taken[source][column] = parts[source][column]
    used = [
        part[list(keys)].assign(**columns)
        for part, columns in zip(parts, taken, strict=True)
        if columns
    ]
    result = used[0] if used else parts[0][list(keys)]
    for other in used[1:]:
        result = result.merge(other, how="outer", on=list(keys))
    counts = [n for n, made in _OF.items() if set(made) & set(wanted)]
    dtypes = dict.fromkeys(keys, "str") | dict.fromkeys(wanted, "float64")
    dtypes |= dict.fromkeys(counts, "int64")
    full = result.reindex(columns=list(dtypes))
    return full.assign(**{n: full[n].fillna(0) for n in counts}).astype(dtypes)


def _source(parts: Sequence[pd.DataFrame], name: str) -> int | None:
    """Return which table gives a measure: the first with a figure of it."""
    having = [place for place, part in enumerate(parts) if name in part]
    known = [place for place in having if parts[place][name].notna().any()]
    return next(iter([*known, *having]), None)
