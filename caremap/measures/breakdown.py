"""Every measure by group: department, treatment, age band, or any column of the file.

Each figure is what `caremap.measures.headline` says of the stays (or counts) of its group:
same definition, same reporting period, same switches. What `headline` does not give for the
period, no group has either.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.by_group import (
    MEASURED,
    asked_of,
    columns_of,
    put_together,
    tables_by,
    wanted_of,
)
from caremap.measures.counts import cadence_of, span_of
from caremap.measures.coverage import has
from caremap.measures.figures import NAN, Figure
from caremap.measures.gates import covers, gated
from caremap.measures.groups import asked, in_order, keys_of
from caremap.measures.readmission import PATIENTS, WITHIN, discharges_alive
from caremap.measures.tallies import Tally
from caremap.measures.view import Choices, View, overall_view
from caremap.measures.windows import DAY, Window, dates_in_doubt

__all__ = ["MEASURED", "breakdown"]


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
        - ``cost_n``, ``charges_n``, ``length_of_stay_n``, ``satisfaction_n``, ``waiting_n``,
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
    wanted = wanted_of(measures)
    stays, activity = tables_by(dataset, groups)
    parts = []
    if stays is not None:
        pairs = "readmission" in wanted and has((dataset.whole or dataset).stays, *PATIENTS)
        view = overall_view(dataset, stays, as_of, choices, with_coverage=pairs)
        parts.append(_of_stays(view, groups, wanted))
    if activity is not None:
        parts.append(_of_counts(dataset, activity, keys_of(groups), wanted))
    found = in_order(put_together(parts, keys_of(groups), wanted), keys_of(groups))
    return found.rename(columns=dict(zip(keys_of(groups), groups, strict=True)))


def _of_stays(view: View, groups: Sequence[str], wanted: Sequence[str]) -> pd.DataFrame:
    """Return the measures that stays give, one row per group."""
    keys = keys_of(groups)
    asked_for = asked_of(view, wanted)
    found = reductions.tallies(view.stays, keys, asked_for or {"rows": Tally()})
    result = found[keys]
    for name, tally in asked_for.items():
        columns = columns_of(name, tally, found)
        if not covers(view, tally.date):
            columns = {key: 0 if key.endswith("_n") else NAN for key in columns}
        result = result.assign(**columns)
    if "readmission" in wanted and view.has(*PATIENTS):
        result = result.drop(columns=["readmission", "readmission_n"], errors="ignore")
        result = result.merge(_readmission(view, groups), how="left", on=keys)
    return result


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
