"""What the rows of stays and counts boil down to: nothing else in measures touches them.

Every function is written once with narwhals and takes a pandas frame, a DuckDB relation
or another frame narwhals knows; the work is done where the rows are and a small pandas
frame comes back. Everything after this module works on those small frames, so the cost
of a page does not grow with the rows. `caremap.measures.rows` holds what they share and
`caremap.measures.pairs` the one that looks at several stays of a patient.

Columns of every result: ``date`` (midnight, NaT for rows without one), the columns in
``by`` as text (missing is ``Unknown``), then counts as ``int64`` and sums as ``float64``.
Rows are sorted by date and group.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from caremap.measures.ages import banded
from caremap.measures.hours import hourly, moments, with_a_time
from caremap.measures.pairs import readmissions
from caremap.measures.quantiles import beyond, quantiles
from caremap.measures.ranks import exceeding, placed, rank_products, rank_sums, repeats
from caremap.measures.rows import (
    Rows,
    collected,
    day_of,
    group_names,
    grouped,
    keyed,
    keys,
    number,
    opened,
    per_day,
    to_pandas,
)
from caremap.measures.stay_rows import stay_rows
from caremap.measures.tallies import Tally, different, spread, tallies
from caremap.measures.times import Time
from caremap.measures.variety import variety

__all__ = [
    "Tally",
    "Time",
    "banded",
    "beyond",
    "categories",
    "costs",
    "different",
    "exceeding",
    "extents",
    "flows",
    "histogram",
    "hourly",
    "moments",
    "movements",
    "paid_nights",
    "quantiles",
    "placed",
    "rank_products",
    "rank_sums",
    "readmissions",
    "repeats",
    "spread",
    "stay_rows",
    "stocks",
    "tallies",
    "variety",
    "with_a_time",
]


def flows(
    rows: Rows,
    date: str | None,
    by: Sequence[str] = (),
    sums: Sequence[str] = (),
    only: str | None = None,
) -> pd.DataFrame:
    """Count rows and sum columns per day and group.

    Parameters
    ----------
    rows
        Stays or counts.
    date
        The date column that places a row; None where there is none.
    by
        Columns to group by.
    sums
        Numbers and flags to sum, a flag counting 1 where it is true.
    only
        A flag: rows where it is not true are left out.

    Returns
    -------
    pandas.DataFrame
        ``date``, the groups, ``rows``, and per summed column its sum and, as
        ``<column>_n``, the number of rows that have a value.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01", "2024-04-01"]),
    ...                       "cost": [10.0, None]})
    >>> flows(stays, "admitted", sums=["cost"])
            date  rows  cost  cost_n
    0 2024-04-01     2  10.0       1
    """
    values = {name: number(name) for name in sums}
    totals = [nw.len().alias("rows")]
    for name in sums:
        totals += [nw.col(name).sum(), nw.col(name).count().alias(f"{name}_n")]
    counts = ["rows", *(f"{name}_n" for name in sums)]
    return per_day(opened(rows), date, by, values, totals, counts, only)


def costs(
    rows: Rows, date: str | None, by: Sequence[str] = (), value: str = "cost"
) -> pd.DataFrame:
    """Sum a money column per day and group.

    Returns
    -------
    pandas.DataFrame
        ``date``, the groups, ``rows``, the sum, ``stays`` (rows with a value) and ``negative``
        (rows with a value below zero: reversals, kept in the sum).

    Examples
    --------
    >>> costs(pd.DataFrame({"cost": [10.0, -4.0, None]}), None)
      date  rows  cost  stays  negative
    0  NaT     3   6.0      2         1
    """
    below = (nw.col(value).cast(nw.Float64) < 0).cast(nw.Int64)
    totals = [
        nw.len().alias("rows"),
        nw.col(value).sum(),
        nw.col(value).count().alias("stays"),
        nw.col("negative").sum(),
    ]
    values = {value: number(value), "negative": below}
    return per_day(opened(rows), date, by, values, totals, ["rows", "stays", "negative"])


def paid_nights(
    rows: Rows, date: str | None, by: Sequence[str] = (), only: str | None = None
) -> pd.DataFrame:
    """Sum cost and nights of the stays that have both, per day and group: a ratio of sums.

    Returns
    -------
    pandas.DataFrame
        ``date``, the groups, ``stays`` (rows with a cost and a length of stay that is not below
        zero), their ``cost``, ``nights`` and ``same_day`` (how many of them have no night).

    Examples
    --------
    >>> stays = pd.DataFrame({"cost": [10.0, 4.0, None], "length_of_stay": [5.0, 0.0, 3]})
    >>> paid_nights(stays, None)
      date  stays  cost  nights  same_day
    0  NaT      2  14.0     5.0         1
    """
    values = {"cost": number("cost"), "nights": number("length_of_stay").floor()}
    lazy = keyed(opened(rows), date, by, values, only)
    lazy = lazy.filter(~nw.col("cost").is_null() & (nw.col("nights") >= 0))
    lazy = lazy.with_columns(same_day=(nw.col("nights") == 0).cast(nw.Int64))
    totals = [nw.len().alias("stays"), *(nw.col(name).sum() for name in (*values, "same_day"))]
    return collected(grouped(lazy, keys(date, by), *totals), by, ["stays", "same_day"])


def histogram(
    rows: Rows, date: str | None, value: str, by: Sequence[str] = (), only: str | None = None
) -> pd.DataFrame:
    """Count rows per day, group and value of a column: stays per whole day of length.

    Returns
    -------
    pandas.DataFrame
        ``date``, the groups, the value (missing values are left out) and ``rows``.

    Examples
    --------
    >>> histogram(pd.DataFrame({"length_of_stay": [3.0, 3.0, 5.0, None]}), None, "length_of_stay")
      date  length_of_stay  rows
    0  NaT             3.0     2
    1  NaT             5.0     1
    """
    frame = keyed(opened(rows), date, by, {value: number(value)}, only)
    counted = grouped(frame, keys(date, by, value), nw.len().alias("rows"))
    return collected(counted.filter(~nw.col(value).is_null()), by, ["rows"], [value])


def movements(rows: Rows, by: Sequence[str] = (), only: str | None = None) -> pd.DataFrame:
    """Count who comes and goes per day and group, of stays whose dates make sense.

    Stays without an admission date, and stays that end before they begin, are left out.

    Returns
    -------
    pandas.DataFrame
        ``date``, the groups, ``arrivals`` and ``departures`` (admissions and discharges of
        stays that ended) and ``open_arrivals`` (admissions of stays without a discharge).

    Examples
    --------
    >>> movements(pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01", "2024-04-02"]),
    ...                         "discharged": pd.to_datetime(["2024-04-02", None])}))
            date  arrivals  open_arrivals  departures
    0 2024-04-01         1              0           0
    1 2024-04-02         0              1           1
    """
    groups, day = group_names(by), nw.col("date")
    stays = keyed(opened(rows), "admitted", by, {"end": day_of("discharged")}, only).with_columns(
        ended=(nw.col("end") >= day).cast(nw.Int64), still=nw.col("end").is_null().cast(nw.Int64)
    )
    names = ["arrivals", "open_arrivals", "departures"]
    none = nw.lit(0).cast(nw.Int64)
    came = grouped(stays, keys("admitted", by), nw.col("ended").sum(), nw.col("still").sum())
    left = grouped(stays, ["end", *groups], nw.col("ended").sum())
    parts = [
        part.select(when.alias("date"), *groups,
                    *(count.cast(nw.Int64).alias(name)
                      for name, count in zip(names, counts, strict=True)))
        for part, when, counts in (
            (came, day, (nw.col("ended"), nw.col("still"), none)),
            (left, nw.col("end"), (none, none, nw.col("ended"))),
        )
    ]  # fmt: skip
    moves = grouped(
        nw.concat(parts).filter(~day.is_null()),
        keys("admitted", by),
        *(nw.col(name).sum() for name in names),
    )
    moved = collected(moves, by, names)
    return moved[moved[names].any(axis=1)].reset_index(drop=True)


def stocks(rows: Rows, date: str | None, by: Sequence[str] = ()) -> pd.DataFrame:
    """Average beds counted at moments of a day, per day and group; never summed over time.

    Rows of one moment and group (the wards of a hospital) are added; the moments of a day
    are averaged. Of occupied, staffed and free beds two give the third.

    Returns
    -------
    pandas.DataFrame
        ``date``, the groups, ``occupied`` and ``staffed`` (NaN where not known) and the
        same where both are known, ``occupied_of`` and ``staffed_of``: what a ratio takes.

    Examples
    --------
    >>> stocks(pd.DataFrame({"occupied_beds": [8.0], "free_beds": [2.0]}), None)
      date  occupied  staffed  occupied_of  staffed_of
    0  NaT       8.0     10.0          8.0        10.0
    """
    frame = opened(rows)
    present = frame.collect_schema().names()
    counts = {
        name: number(f"{name}_beds") if f"{name}_beds" in present else nw.lit(None).cast(nw.Float64)
        for name in ("occupied", "staffed", "free")
    }
    groups = group_names(by)
    names = ["occupied", "staffed", "occupied_of", "staffed_of"]
    known = keyed(frame, date, by, counts, whole_days=False)
    if "free_beds" in present:
        known = known.with_columns(
            occupied=nw.coalesce("occupied", nw.col("staffed") - nw.col("free")),
            staffed=nw.coalesce("staffed", nw.col("occupied") + nw.col("free")),
        )
    known = known.with_columns(
        occupied_of=nw.when(~nw.col("staffed").is_null()).then(nw.col("occupied")),
        staffed_of=nw.when(~nw.col("occupied").is_null()).then(nw.col("staffed")),
    )
    moments = grouped(
        known,
        ["date", *groups],
        nw.col(*names).sum(),
        *(nw.col(name).count().alias(f"{name}_n") for name in names[:3]),
    )
    counted = collected(moments, by, [f"{name}_n" for name in names[:3]], names)
    for name, known_as in zip(names, [*names[:3], "occupied_of"], strict=True):
        counted[name] = counted[name].where(counted[f"{known_as}_n"] > 0)
    apart = counted["occupied_of"].isna() & counted["occupied"].notna() & counted["staffed"].notna()
    counted.loc[apart, "occupied_of"] = counted.loc[apart, "occupied"]
    counted.loc[apart, "staffed_of"] = counted.loc[apart, "staffed"]
    counted["date"] = counted["date"].dt.normalize()
    days = counted.groupby(["date", *by], dropna=False)[names].mean()
    return days.reset_index()


def extents(rows: Rows, columns: Sequence[str]) -> pd.DataFrame:
    """Return what each column spans.

    Returns
    -------
    pandas.DataFrame
        ``column``, ``rows``, ``known`` (rows with a value), and its lowest and highest
        value: ``low`` and ``high`` for numbers, ``first`` and ``last`` for dates.

    Examples
    --------
    >>> extents(pd.DataFrame({"satisfaction": [1.0, 5.0, None]}), ["satisfaction"])
             column  rows  known  low  high first last
    0  satisfaction     3      2  1.0   5.0   NaT  NaT
    """
    frame = opened(rows)
    schema = frame.collect_schema()
    values = {
        name: nw.col(name).cast(nw.Datetime("us")) if schema[name].is_temporal() else number(name)
        for name in columns
    }
    prepared = frame.select(**values).select(
        nw.len().alias("rows"),
        *(nw.col(name).count().alias(f"{name}:known") for name in columns),
        *(nw.col(name).min().alias(f"{name}:low") for name in columns),
        *(nw.col(name).max().alias(f"{name}:high") for name in columns),
    )
    row = to_pandas(prepared).iloc[0]
    lines = []
    for name in columns:
        ends = ("first", "last") if schema[name].is_temporal() else ("low", "high")
        line = {"column": name, "rows": row["rows"], "known": row[f"{name}:known"]}
        lines.append(line | {ends[0]: row[f"{name}:low"], ends[1]: row[f"{name}:high"]})
    result = pd.DataFrame(
        lines, columns=["column", "rows", "known", "low", "high", "first", "last"]
    )
    return result.astype(
        {"column": "str", "rows": "int64", "known": "int64", "low": "float64", "high": "float64",
         "first": "datetime64[us]", "last": "datetime64[us]"}
    )  # fmt: skip


def categories(rows: Rows, column: str) -> pd.DataFrame:
    """Count the rows of each value of a column.

    Returns
    -------
    pandas.DataFrame
        ``value`` (text, missing left out) and ``rows``, sorted by value.

    Examples
    --------
    >>> categories(pd.DataFrame({"outcome": ["Home", "Died", "Home", None]}), "outcome")
      value  rows
    0  Died     1
    1  Home     2
    """
    counted = (
        opened(rows)
        .select(value=nw.col(column).cast(nw.String))
        .filter(~nw.col("value").is_null())
        .group_by("value")
        .agg(nw.len().alias("rows"))
    )
    result = to_pandas(counted).astype({"value": "str", "rows": "int64"})
    return result.sort_values("value", ignore_index=True)
