"""Sums, means and medians per group over chosen days, in one pass over the rows.

Where groups are many (thousands of hospitals), rows per group and day would be as many as
the rows themselves: here every measure brings the days it goes by, and one row per group
comes back. Part of `caremap.measures.reductions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import and_
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from caremap.measures.coded import coded
from caremap.measures.rows import Rows, group_names, keyed, number, opened, to_pandas
from caremap.measures.times import Time, lazily

__all__ = ["Tally", "different", "spread", "tallies", "values_of"]


@dataclass(frozen=True)
class Tally:
    """What to count of each group, and of which rows.

    Attributes
    ----------
    value
        The number or flag to sum; None to count rows.
    date, first, last
        The date that places a row and the days to take, both included; None where a side is
        open. With both sides open rows without a date are taken too.
    dated
        Leave out rows without that date even so.
    only
        A flag: rows where it is not true are left out.
    low
        A value below it is no value.
    lift
        A value below this counts as this: a same-day stay as 1 day.
    median
        Whether to give the median too.
    """

    value: str | None = None
    date: str | None = None
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None
    dated: bool = False
    only: str | None = None
    low: float | None = None
    lift: float | None = None
    median: bool = False


def tallies(
    rows: Rows, by: Sequence[str], wanted: Mapping[str, Tally], times: Sequence[Time] = ()
) -> pd.DataFrame:
    """Count rows, sum values and take medians per group.

    Parameters
    ----------
    rows
        Stays or counts.
    by
        Columns to group by; none gives one row, of all.
    wanted
        Name to what is counted under it.
    times
        What else to group by: a date column's months, say. Rows without that date are left out.

    Returns
    -------
    pandas.DataFrame
        Sorted by group (missing is ``Unknown``) and time: the groups, the times (see
        `caremap.measures.times.Time`), ``<name>_rows`` (rows taken), and for a value its sum as
        ``<name>``, ``<name>_n`` (rows with a value) and, where asked for, ``<name>_median``
        (NaN without a value).

    Examples
    --------
    >>> stays = pd.DataFrame({"ward": ["A", "A", "B"], "cost": [10.0, 20.0, None]})
    >>> tallies(stays, ["ward"], {"cost": Tally("cost", median=True)})
      ward  cost_rows  cost  cost_n  cost_median
    0    A          2  30.0       2         15.0
    1    B          1   0.0       0          NaN
    """
    columns: dict[str, str] = {}  # of the result, with their dtype
    for name, tally in wanted.items():
        columns[f"{name}_rows"] = "int64"
        if tally.value is not None:
            columns |= {name: "float64", f"{name}_n": "int64"}
            columns |= {f"{name}_median": "float64"} if tally.median else {}
    if isinstance(rows, pd.DataFrame):
        found = _counted_in_memory(rows, by, wanted, times)
    else:
        found = _counted_lazily(rows, by, wanted, times)
    return _shaped(found, by, times, columns)


def _counted_in_memory(
    rows: pd.DataFrame, by: Sequence[str], wanted: Mapping[str, Tally], times: Sequence[Time]
) -> pd.DataFrame:
    """Count rows that lie in memory, by the number of their group."""
    groups = coded(rows, by, times)
    exprs: dict[str, nw.Expr] = {}
    names: dict[object, str] = {}  # the rows taken are the same for several measures
    for place, tally in enumerate(wanted.values()):
        taken = _taken(tally)
        if taken is not None and _which(tally) not in names:
            names[_which(tally)] = f"row_{place}"
            exprs[f"row_{place}"] = taken
        if tally.value is not None:
            exprs[f"value_{place}"] = _value(tally)
    computed = nw.from_native(rows).select(**exprs).to_native() if exprs else rows
    parts = {
        which: groups.of(computed[name].to_numpy("bool", na_value=False))
        for which, name in names.items()
    }
    counts = {which: part.count() for which, (part, _) in parts.items()}
    found: dict[str, Any] = {}
    for place, (name, tally) in enumerate(wanted.items()):
        part, kept = parts.get(_which(tally), (groups, slice(None)))
        if _which(tally) not in counts:
            counts[_which(tally)] = part.count()
        found[f"{name}_rows"] = counts[_which(tally)]
        if tally.value is None:
            continue
        amounts = computed[f"value_{place}"].to_numpy("float64", na_value=np.nan)[kept]
        found[name], found[f"{name}_n"] = part.sums(amounts)
        if tally.median:
            found[f"{name}_median"] = part.medians(amounts)
    return groups.groups.assign(**found)


def _which(tally: Tally) -> object:
    """Return what tells which rows are taken."""
    return tally.date, tally.first, tally.last, tally.dated, tally.only


def _counted_lazily(
    rows: Rows, by: Sequence[str], wanted: Mapping[str, Tally], times: Sequence[Time]
) -> pd.DataFrame:
    """Count rows where they are."""
    values: dict[str, nw.Expr] = {time.name: lazily(time) for time in times}
    totals: list[nw.Expr] = []
    for place, (name, tally) in enumerate(wanted.items()):
        taken, own = _taken(tally), f"value_{place}"
        if taken is None:
            totals.append(nw.len().alias(f"{name}_rows"))
        else:
            values[f"row_{place}"] = nw.when(taken).then(nw.lit(1.0))
            totals.append(nw.col(f"row_{place}").count().alias(f"{name}_rows"))
        if tally.value is None:
            continue
        value = _value(tally)
        values[own] = value if taken is None else nw.when(taken).then(value)
        totals += [nw.col(own).sum().alias(name), nw.col(own).count().alias(f"{name}_n")]
        if tally.median:
            totals.append(nw.col(own).median().alias(f"{name}_median"))
    frame = keyed(opened(rows), None, by, values)
    groups = [*group_names(by), *(time.name for time in times)]
    for time in times:
        frame = frame.filter(~nw.col(time.name).is_null())
    if not groups:
        frame, groups = frame.with_columns(all=nw.lit(1)), ["all"]
    found = to_pandas(frame.group_by(groups).agg(*totals))
    if not by and not times:
        found = found.reindex([0])  # no row at all is one answer too: 0
    return found.rename(columns=dict(zip(group_names(by), by, strict=True)))


def _shaped(
    found: pd.DataFrame, by: Sequence[str], times: Sequence[Time], columns: Mapping[str, str]
) -> pd.DataFrame:
    """Return the same dtypes and order whatever engine did the work."""
    keys = dict.fromkeys(by, "str") | {time.name: time.dtype for time in times}
    found = found.astype(keys | dict.fromkeys(columns, "float64"))
    filled = {name: found[name].fillna(0.0) for name in columns if not name.endswith("_median")}
    result = found.assign(**filled).astype(dict(columns))[[*keys, *columns]]
    return result.sort_values(list(keys), ignore_index=True) if keys else result


def spread(
    rows: Rows,
    value: str,
    by: Sequence[str] = (),
    taken: Tally | None = None,
    times: Sequence[Time] = (),
) -> pd.DataFrame:
    """Count rows per group and value of a column, over all days taken together.

    Parameters
    ----------
    rows
        Stays.
    value
        The number whose values are counted; missing values are left out.
    by
        Columns to group by.
    taken
        Which rows are taken and how values are treated; its ``value`` and ``median`` mean
        nothing here.
    times
        As in `tallies`.

    Returns
    -------
    pandas.DataFrame
        The groups, the times, the value and ``rows``, sorted.

    Examples
    --------
    >>> spread(pd.DataFrame({"minutes": [5.0, 5.0, -1.0, None]}), "minutes", taken=Tally(low=0))
       minutes  rows
    0      5.0     2
    """
    tally = taken or Tally()
    taken_rows, number_of = _taken(tally), _value(tally, value)
    if taken_rows is not None:
        number_of = nw.when(taken_rows).then(number_of)
    keys = dict.fromkeys(by, "str") | {time.name: time.dtype for time in times}
    if isinstance(rows, pd.DataFrame):
        groups = coded(rows, by, times)
        found = nw.from_native(rows).select(value=number_of).to_native()["value"]
        amounts = found.to_numpy("float64", na_value=np.nan)
        counted = groups.spread(amounts, value)
    else:
        values = {time.name: lazily(time) for time in times} | {value: number_of}
        known = keyed(opened(rows), None, by, values).filter(
            *(~nw.col(name).is_null() for name in values)
        )
        names = [*group_names(by), *values]
        counted = to_pandas(known.group_by(names).agg(nw.len().alias("rows")))
        counted = counted.rename(columns=dict(zip(group_names(by), by, strict=True)))
    dtypes = {**keys, value: "float64", "rows": "int64"}
    return counted.astype(dtypes)[list(dtypes)].sort_values([*keys, value], ignore_index=True)


def different(rows: Rows, column: str) -> int:
    """Return how many different numbers a column has, missing not counted.

    Examples
    --------
    >>> different(pd.DataFrame({"cost": [1.0, 1.0, 2.5, None]}), "cost")
    2
    """
    known = opened(rows).select(value=number(column)).filter(~nw.col("value").is_null())
    found = to_pandas(known.select(nw.col("value").n_unique()))
    return int(found["value"].astype("float64").fillna(0).sum())


def values_of(tally: Tally) -> nw.Expr:
    """Return the value of a tally, missing in rows that are not taken."""
    taken, value = _taken(tally), _value(tally)
    return value if taken is None else nw.when(taken).then(value)


def _value(tally: Tally, name: str | None = None) -> nw.Expr:
    value = number(name or tally.value or "")
    if tally.low is not None:
        value = nw.when(value >= tally.low).then(value)
    if tally.lift is not None:
        value = nw.when(value < tally.lift).then(nw.lit(tally.lift)).otherwise(value)
    return value


def _days(tally: Tally) -> list[nw.Expr]:
    """Return the conditions on the date of a row."""
    if tally.date is None:
        return []
    date = nw.col(tally.date).cast(nw.Datetime("us"))
    conditions = [~date.is_null()] if tally.dated else []
    if tally.first is not None:
        conditions.append(date >= nw.lit(tally.first.to_pydatetime()).cast(nw.Datetime("us")))
    if tally.last is not None:
        end = tally.last.to_pydatetime() + timedelta(days=1)
        conditions.append(date < nw.lit(end).cast(nw.Datetime("us")))
    return conditions


def _taken(tally: Tally) -> nw.Expr | None:
    """Return which rows are taken; None where all are."""
    conditions = _days(tally)
    if tally.only is not None:
        conditions.append(nw.col(tally.only).fill_null(False))
    return reduce(and_, conditions) if conditions else None
