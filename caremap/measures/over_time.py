"""Every measure by group, period by period: volume by department and month, and the like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.by_group import asked_of, columns_of, put_together, tables_by, wanted_of
from caremap.measures.coverage import has
from caremap.measures.figures import Figure
from caremap.measures.from_activity import figures_from_activity
from caremap.measures.gates import by_discharge, on
from caremap.measures.groups import asked, in_order, keys_of, read_once
from caremap.measures.periods import Periods, periods_of
from caremap.measures.readmission import PATIENTS, WITHIN, discharges_alive
from caremap.measures.tallies import Tally
from caremap.measures.times import PERIODS, Time, Unit
from caremap.measures.view import Choices, View
from caremap.measures.windows import DAY, Window, dates_in_doubt, resolve_as_of

__all__ = ["over_time"]

_PERIOD = {"period": "datetime64[us]"}


def over_time(
    dataset: Dataset,
    by: str | Sequence[str] = "department",
    every: Unit = "month",
    measures: Collection[str] | None = None,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> pd.DataFrame:
    """Return the measures of every group in every period.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    by
        The column, or columns, to group by, as in `caremap.measures.breakdown`.
    every
        ``week`` (from Monday), ``month``, ``quarter`` or ``year``.
    measures
        Which measures to give, as in `caremap.measures.breakdown`.
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        One row per group and period, by group and then time: the groups, ``period``
        (Timestamp of its first day), ``complete`` (whether the data covers the whole of it) and
        the columns of `caremap.measures.breakdown`. A group without a row in a period has 0 in
        what is counted and NaN in means. What `caremap.measures.trend` does not give of all
        groups together in a period, no group has in it. Empty without dates, and while dates
        are in doubt (day and month swapped in part).

    Raises
    ------
    caremap.DataProblem
        Where a column does not exist, identifies persons or makes no groups, or counts are less
        frequent than the periods asked for.
    ValueError
        Where ``every``, a switch or a measure is none of the choices.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-02-01", "2024-02-29",
    ...                                                   "2024-03-10"]), "ward": ["A", "B", "A"]})
    >>> over_time(Dataset(stays=stays), "ward", measures=["admissions"])
      ward     period  complete  admissions
    0    A 2024-02-01      True         1.0
    1    A 2024-03-01     False         1.0
    2    B 2024-02-01      True         1.0
    3    B 2024-03-01     False         0.0
    """
    if every not in PERIODS:
        raise ValueError(f"every is one of {', '.join(PERIODS)}, got {every!r}")
    groups, wanted = asked(by), wanted_of(measures)
    if "region" in groups:
        dataset = dataset.with_regions()
    choices = Choices(same_day, overnight_only, cost_date)
    stays, activity = tables_by(dataset, groups)
    day = resolve_as_of(dataset, as_of)
    periods = periods_of(dataset, every, day)
    if dates_in_doubt(dataset):
        periods = replace(periods, windows=[], starts=[], complete=[])
    keys = keys_of(groups)
    parts = []
    if stays is not None:
        assert periods.coverage is not None
        stays = read_once(stays, keys)
        view = View(dataset, stays, periods.windows, periods.coverage, day, choices)
        parts.append(_of_stays(view, periods, groups, every, wanted))
    if activity is not None:
        parts.append(_of_counts(dataset, activity, periods, keys, every, wanted))
    found = put_together(parts, keys, wanted, _PERIOD)
    whole = pd.DataFrame({"period": periods.starts, "complete": periods.complete})
    whole = whole.astype(_PERIOD | {"complete": "bool"})
    found = in_order(found.merge(whole, how="inner", on="period").sort_values("period"), keys)
    columns = [*keys, "period", "complete", *found.columns.difference([*keys, *whole], sort=False)]
    return found[columns].rename(columns=dict(zip(keys, groups, strict=True)))


def _of_stays(
    view: View, periods: Periods, groups: Sequence[str], every: Unit, wanted: Sequence[str]
) -> pd.DataFrame:
    """Return the measures that stays give, one row per group and period."""
    keys = keys_of(groups)
    grid = _grid(view.stays, periods, keys)
    if not periods.windows:
        return grid
    within = replace(view, windows=[_all_of(periods)])
    result = grid
    tallies = {name: tally for name, tally in asked_of(within, wanted).items() if tally.date}
    for date in dict.fromkeys(tally.date for tally in tallies.values()):
        of_date = {name: tally for name, tally in tallies.items() if tally.date == date}
        times = [Time(str(date), every)]
        counted = _filled(grid, reductions.tallies(view.stays, keys, of_date, times), keys)
        for name, tally in of_date.items():
            columns = columns_of(name, tally, counted)
            n = counted[f"{name}_rows" if tally.value is None else f"{name}_n"]
            given = _given(on(date, _asked(n, counted, periods), view), periods)
            result = result.assign(**_gated(columns, counted["period"].map(given)))
    if "readmission" in wanted and view.has(*PATIENTS):
        columns = _readmission(view, periods, groups, grid)
        result = result.assign(**columns)
    return result


def _grid(table: pd.DataFrame, periods: Periods, keys: Sequence[str]) -> pd.DataFrame:
    """Return every group beside every period."""
    names = reductions.tallies(table, keys, {"all": Tally()})[list(keys)]
    starts = pd.DataFrame({"period": periods.starts}).astype(_PERIOD)
    return names.merge(starts, how="cross")


def _all_of(periods: Periods) -> Window:
    return Window("overall", periods.windows[0].start, periods.windows[-1].end)


def _filled(grid: pd.DataFrame, counted: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return counts for the whole grid: a group without a row in a period has 0."""
    found = grid.merge(counted, how="left", on=[*keys, "period"])
    names = [str(name) for name in counted if name not in grid]
    numbers = [name for name in names if not name.endswith("_median")]
    return found.assign(**{name: found[name].fillna(0) for name in numbers})


def _asked(n: pd.Series[Any], counted: pd.DataFrame, periods: Periods) -> list[Figure]:
    """Return a figure for each period of all groups together, for what the data covers of it."""
    total = n.groupby(counted["period"]).sum()
    return [Figure(0.0, n=float(total.get(start, 0.0))) for start in periods.starts]


def _given(figures: Sequence[Figure], periods: Periods) -> dict[pd.Timestamp, bool]:
    """Return whether there is a figure of each period."""
    return {
        start: not np.isnan(figure.value)
        for start, figure in zip(periods.starts, figures, strict=True)
    }


def _gated(columns: Mapping[str, Any], given: pd.Series[bool]) -> dict[str, Any]:
    """Take figures back where there is none: how many were counted is 0 then."""
    return {
        name: values.where(given, 0 if name.endswith("_n") else np.nan)
        for name, values in columns.items()
    }


def _readmission(
    view: View, periods: Periods, groups: Sequence[str], grid: pd.DataFrame
) -> dict[str, Any]:
    """Return readmission within 30 days, of periods whose discharges all have them behind them."""
    keys = keys_of(groups)
    daily = discharges_alive(view, groups)
    edges = pd.DatetimeIndex([window.start for window in periods.windows])
    last = periods.windows[-1].end
    assert last is not None
    daily = daily[daily["date"].between(edges[0], last)]
    place = np.searchsorted(edges.to_numpy(), daily["date"].to_numpy(), side="right") - 1
    starts = pd.Series(periods.starts, dtype="datetime64[us]").to_numpy()
    sums = daily.assign(period=starts[place]).groupby([*keys, "period"])[["alive", "readmitted"]]
    dtypes = dict.fromkeys(keys, "str") | _PERIOD
    counted = _filled(grid, sums.sum().reset_index().astype(dtypes), keys)
    span = view.coverage.admissions
    asked_for = [
        figure if span is not None and window.end <= span.last - DAY * WITHIN else Figure()
        for figure, window in zip(
            _asked(counted["alive"], counted, periods), periods.windows, strict=True
        )
        if window.end is not None
    ]
    given = counted["period"].map(_given(by_discharge(asked_for, view), periods))
    share = 100.0 * counted["readmitted"] / counted["alive"].where(counted["alive"] > 0)
    return _gated({"readmission": share, "readmission_n": counted["alive"]}, given)


def _of_counts(
    dataset: Dataset,
    activity: pd.DataFrame,
    periods: Periods,
    keys: Sequence[str],
    every: Unit,
    wanted: Sequence[str],
) -> pd.DataFrame:
    """Return the measures that counts give, one row per group and period."""
    grid = _grid(activity, periods, keys)
    flows = ("admissions", "discharges", "visits", "cost")
    present = [
        name
        for name in (*flows, "satisfaction", "team_score")
        if name in wanted and has(activity, name)
    ]
    if not periods.windows or not present or not has(activity, "date"):
        return grid
    window = _all_of(periods)
    tallies = {name: Tally(name, "date", window.start, window.end) for name in present}
    counted = _filled(
        grid, reductions.tallies(activity, keys, tallies, [Time("date", every)]), keys
    )
    whole = figures_from_activity(dataset, periods.windows)
    result = grid
    for name in present:
        n = counted[f"{name}_n"]
        values = counted[name].where(n > 0)
        columns = {name: values if name in flows else values / n.where(n > 0), f"{name}_n": n}
        given = counted["period"].map(_given(whole[name], periods))
        result = result.assign(**_gated(columns, given))
    return result
