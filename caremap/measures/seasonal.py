"""What goes with the time of year: every measure by season or by month of the year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.by_group import asked_of, columns_of, put_together, tables_by, wanted_of
from caremap.measures.counts import cadence_of, span_of
from caremap.measures.coverage import Coverage, coverage_of, has
from caremap.measures.groups import asked, in_order, keys_of, read_once, with_keys
from caremap.measures.readmission import PATIENTS, WITHIN, discharges_alive
from caremap.measures.rhythm import CALENDAR, LENGTHS
from caremap.measures.tallies import Tally
from caremap.measures.times import Time, Unit
from caremap.measures.view import Choices, View
from caremap.measures.windows import DAY, Window, dates_in_doubt, resolve_as_of

__all__ = ["MONTHS", "SEASONS", "seasonal"]

SEASONS = ("Dec-Feb", "Mar-May", "Jun-Aug", "Sep-Nov")
"""Named by their months: winter is not at the same time everywhere."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_UNITS: dict[str, tuple[Unit, tuple[str, ...], int]] = {
    "season": ("season", SEASONS, 0),
    "month": ("month_of_year", MONTHS, 1),
}
"""What rows are grouped by, what each is called, and the number of the first."""

_FLOWS = ("admissions", "visits", "discharges")


def seasonal(
    dataset: Dataset,
    by: str | Sequence[str] = (),
    every: str = "season",
    measures: Collection[str] | None = None,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> pd.DataFrame:
    """Return the measures by time of year, the years of the data put together.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    by
        Columns to group by too, as in `caremap.measures.breakdown`.
    every
        ``season`` or ``month``.
    measures
        Which measures to give, as in `caremap.measures.breakdown`.
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        The groups; ``season`` (“Dec-Feb”, “Mar-May”, “Jun-Aug”, “Sep-Nov”) or ``month`` (“Jan” to
        “Dec”), those the data covers a day of; ``days`` (days of it that the data covers);
        ``admissions_per_day``, or ``visits_per_day`` or ``discharges_per_day`` where only these
        are known; then the columns of `caremap.measures.breakdown`, sums being those of the days
        covered. Times of the year are compared by what is per day: the data need not cover each
        of them equally often. Empty without dates, and while dates are in doubt.

    Raises
    ------
    caremap.DataProblem
        Where a column does not exist, identifies persons, or makes no groups.
    ValueError
        Where ``every``, a switch or a measure is none of the choices.

    Notes
    -----
    Days covered are, of what goes by admission, those from the first admission to the as-of date
    (less the end of a file that lacks patients still in hospital); of what goes by discharge,
    those from the day on which nearly all patients from before the file have left. Counts per
    week or month belong to the season or month their date lies in; counts per quarter or year
    lie in no single one and give no rows.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.date_range("2024-01-01", "2024-04-09")})
    >>> seasonal(Dataset(stays=stays), measures=["admissions"])
        season  days  admissions_per_day  admissions
    0  Dec-Feb    60                 1.0        60.0
    1  Mar-May    40                 1.0        40.0
    """
    if every not in _UNITS:
        raise ValueError(f"every is one of {', '.join(_UNITS)}, got {every!r}")
    unit, names, first = _UNITS[every]
    groups, wanted = asked(by), wanted_of(measures)
    if "region" in groups:
        dataset = dataset.with_regions()
    stays, activity = _tables(dataset, groups)
    day = resolve_as_of(dataset, as_of)
    keys = keys_of(groups)
    if dates_in_doubt(dataset):
        stays = activity = None
    parts = []
    if stays is not None:
        choices = Choices(same_day, overnight_only, cost_date)
        view = View(dataset, stays, [], coverage_of(dataset, day), day, choices)
        parts.append(_of_stays(view, groups, unit, [*wanted, *_FLOWS]))
    if activity is not None:
        parts.append(_of_counts(dataset, activity, keys, unit, [*wanted, *_FLOWS]))
    if not parts:
        parts = [pd.DataFrame(columns=[*keys, unit, "days"])]
    flow = next((name for name in _FLOWS if any(_given(part, name) for part in parts)), _FLOWS[0])
    asked_for = wanted if flow in wanted else [flow, *wanted]
    found = put_together(parts, keys, asked_for, {unit: "int64"})
    source = next((part for part in parts if _given(part, flow)), parts[0])
    days = source[[*keys, unit]].assign(days=source.get(f"{flow}_days", 0))
    found = found.merge(days, how="left", on=[*keys, unit])
    per_day = found[flow] / found["days"].where(found["days"] > 0)
    found = found.assign(days=found["days"].fillna(0).astype("int64"), per_day=per_day)
    found = in_order(found[found["days"] > 0].sort_values(unit), keys)
    called = [names[number - first] for number in found[unit]]
    found = found.assign(**{unit: pd.Series(called, dtype="str")})
    rest = [name for name in found if name not in {*keys, unit, "days", "per_day"}]
    if flow not in wanted:
        rest.remove(flow)
    result = found[[*keys, unit, "days", "per_day", *rest]]
    called_as = dict(zip(keys, groups, strict=True))
    return result.rename(columns=called_as | {unit: every, "per_day": f"{flow}_per_day"})


def _tables(
    dataset: Dataset, groups: Sequence[str]
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    if groups:
        return tables_by(dataset, groups)
    return dataset.stays, dataset.activity


def _given(part: pd.DataFrame, name: str) -> bool:
    return name in part and bool(part[name].notna().any())


def _days_of(unit: Unit, window: Window | None) -> pd.Series[int]:
    """Return how many days of each time of year a window has."""
    if window is None or window.start is None or window.end is None or window.start > window.end:
        days = pd.DatetimeIndex([])
    else:
        days = pd.date_range(window.start, window.end)
    numbers = days.month if unit == "month_of_year" else days.month % 12 // 3
    return pd.Series(numbers).value_counts()


def _window(view: View, date: str | None) -> Window | None:
    """Return the days of the reporting period that the stays are complete for by that date."""
    covered: Coverage = view.coverage
    span = covered.discharges if date == "discharged" else covered.admissions
    if span is None or date is None:
        return None
    first, last = span.first, span.last if view.as_of is None else view.as_of
    if date == "discharged" and covered.census is not None:
        first = max(first, covered.census.first)
    if date == "admitted" and covered.thin_from is not None:
        last = min(last, covered.thin_from - DAY)
    start, end = view.dataset.period or (None, None)
    return Window(
        "overall",
        first if start is None else max(first, start),
        last if end is None else min(last, end),
    )


def _of_stays(view: View, groups: Sequence[str], unit: Unit, wanted: Sequence[str]) -> pd.DataFrame:
    """Return the measures that stays give, one row per group and time of year."""
    keys = keys_of(groups)
    stays = read_once(with_keys(view.stays, groups), keys)
    dates = ("admitted", "discharged")
    windows = {date: _window(view, date) for date in dates if view.has(date)}
    days = {date: _days_of(unit, window) for date, window in windows.items()}
    numbers = sorted(set().union(*(of.index for of in days.values())))
    names = reductions.tallies(stays, keys, {"all": Tally()})[keys]
    grid = names.merge(pd.DataFrame({unit: pd.Series(numbers, dtype="int64")}), how="cross")
    result = grid
    for date, window in windows.items():
        if window is None:
            continue
        dated = View(view.dataset, stays, [window], view.coverage, view.as_of, view.choices)
        tallies = {n: one for n, one in asked_of(dated, wanted).items() if one.date == date}
        covered = grid[unit].map(days[date]).fillna(0)
        counted = reductions.tallies(stays, keys, tallies, [Time(date, unit)]) if tallies else grid
        counted = _filled(grid, counted, [*keys, unit])
        for name, tally in tallies.items():
            columns = _where(columns_of(name, tally, counted), covered > 0)
            result = result.assign(**columns, **{f"{name}_days": covered.astype("int64")})
    if "readmission" in wanted and view.has(*PATIENTS) and windows.get("discharged"):
        result = result.assign(**_readmission(view, groups, unit, grid, windows["discharged"]))
    return result


def _filled(grid: pd.DataFrame, counted: pd.DataFrame, along: Sequence[str]) -> pd.DataFrame:
    found = grid.merge(counted, how="left", on=list(along))
    names = [str(name) for name in counted if name not in grid]
    return found.assign(
        **{name: found[name].fillna(0) for name in names if not name.endswith("_median")}
    )


def _where(columns: Mapping[str, Any], given: pd.Series[bool]) -> dict[str, Any]:
    """Take figures back of times of the year of which no day is covered."""
    return {
        name: values.where(given, 0 if name.endswith("_n") else np.nan)
        for name, values in columns.items()
    }


def _number_of(unit: Unit, dates: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    return dates.dt.month if unit == "month_of_year" else dates.dt.month % 12 // 3


def _readmission(
    view: View, groups: Sequence[str], unit: Unit, grid: pd.DataFrame, window: Window | None
) -> dict[str, Any]:
    """Return readmission within 30 days of the discharges whose 30 days are over."""
    assert window is not None
    span, keys = view.coverage.admissions, keys_of(groups)
    daily = discharges_alive(view, groups)
    last = pd.Timestamp.min if span is None else span.last - DAY * WITHIN
    assert window.start is not None
    assert window.end is not None
    daily = daily[daily["date"].between(window.start, min(window.end, last))]
    sums = daily.assign(**{unit: _number_of(unit, daily["date"]).astype("int64")})
    summed = sums.groupby([*keys, unit])[["alive", "readmitted"]].sum().reset_index()
    counted = _filled(grid, summed.astype(dict.fromkeys(keys, "str")), [*keys, unit])
    share = 100.0 * counted["readmitted"] / counted["alive"].where(counted["alive"] > 0)
    return {"readmission": share, "readmission_n": counted["alive"]}


def _of_counts(
    dataset: Dataset,
    activity: pd.DataFrame,
    keys: Sequence[str],
    unit: Unit,
    wanted: Sequence[str],
) -> pd.DataFrame:
    """Return the measures that counts give, one row per group and time of year."""
    flows = ("admissions", "discharges", "visits", "cost")
    present = [
        name
        for name in (*flows, "satisfaction", "team_score")
        if name in wanted and has(activity, name)
    ]
    along = [*keys, unit]
    every, span = cadence_of(activity), span_of(activity)
    if not present or not every or span is None or LENGTHS[every] > LENGTHS["month"]:
        return pd.DataFrame(columns=along).astype(dict.fromkeys(keys, "str") | {unit: "int64"})
    daily = reductions.flows(activity, "date", keys, present).dropna(subset="date")
    start, end = dataset.period or (None, None)
    daily = daily if start is None else daily[daily["date"] >= start]
    daily = daily if end is None else daily[daily["date"] <= end]
    length = daily["date"].dt.days_in_month if every in CALENDAR else LENGTHS[every]
    daily = daily.assign(**{unit: _number_of(unit, daily["date"]).astype("int64"), "long": length})
    counted = {f"{name}_days": daily["long"].where(daily[f"{name}_n"] > 0, 0) for name in present}
    names = [*present, *(f"{name}_n" for name in present), *counted]
    sums = daily.assign(**counted).groupby(along)[names].sum().reset_index()
    columns: dict[str, Any] = {}
    for name in present:
        n = sums[f"{name}_n"]
        values = sums[name].where(n > 0)
        columns[name] = values if name in flows else values / n.where(n > 0)
        columns[f"{name}_n"], columns[f"{name}_days"] = n, sums[f"{name}_days"]
    return sums[along].astype(dict.fromkeys(keys, "str")).assign(**columns)
