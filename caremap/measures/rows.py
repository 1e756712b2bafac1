"""One way of preparing, grouping and collecting rows, on whatever engine holds them.

What `caremap.measures.reductions` is made of; nothing else uses it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from caremap.dataset import UNKNOWN

__all__ = [
    "Lazy",
    "Rows",
    "collected",
    "day_of",
    "group_names",
    "keyed",
    "number",
    "one_of",
    "opened",
    "per_day",
    "to_pandas",
]

Rows = Any
"""A pandas frame, a DuckDB relation, or another frame narwhals knows."""

Lazy = nw.LazyFrame[Any]
"""Rows not computed yet."""


def opened(rows: Rows, only: str | None = None) -> Lazy:
    """Return rows as a lazy frame; with ``only``, those where that flag is true."""
    lazy: Lazy = nw.from_native(rows).lazy()
    return lazy if only is None else lazy.filter(nw.col(only).fill_null(False))


def day_of(name: str) -> nw.Expr:
    """Return the midnight a date column lies on."""
    return nw.col(name).cast(nw.Datetime("us")).dt.truncate("1d")


def number(name: str) -> nw.Expr:
    """Return a number or flag as a float, missing however the engine writes it."""
    return nw.col(name).cast(nw.Float64).fill_nan(None)


def one_of(text: nw.Expr, values: Collection[str]) -> nw.Expr:
    """Return 1 where the text is one of the values, else 0, missing included."""
    if not values:
        return nw.lit(0)
    return nw.when(text.is_in(sorted(values))).then(nw.lit(1)).otherwise(nw.lit(0))


def group_names(by: Sequence[str]) -> list[str]:
    """Return internal names, so that a column of the file never meets one of ours."""
    return [f"group_{place}" for place in range(len(by))]


def keyed(
    lazy: Lazy,
    date: str | None,
    by: Sequence[str],
    values: Mapping[str, nw.Expr],
    whole_days: bool = True,
) -> Lazy:
    """Keep the date, the groups as text and the values, under our own names."""
    schema = lazy.collect_schema()
    if date is None:
        when: nw.Expr = nw.lit(None).cast(nw.Datetime("us"))
    else:
        when = day_of(date) if whole_days else nw.col(date).cast(nw.Datetime("us"))
    groups = [
        _group(name, schema[name]).alias(own) for name, own in zip(by, group_names(by), strict=True)
    ]
    named = [value.alias(name) for name, value in values.items()]
    prepared = lazy.with_columns(when.alias("date"), *groups, *named)
    return prepared.select("date", *group_names(by), *values)


def _group(name: str, dtype: Any) -> nw.Expr:
    if dtype == nw.Boolean:
        known = nw.when(nw.col(name)).then(nw.lit("Yes")).otherwise(nw.lit("No"))
        return nw.when(nw.col(name).is_null()).then(nw.lit(UNKNOWN)).otherwise(known)
    return nw.col(name).cast(nw.String).fill_null(UNKNOWN)


def per_day(
    lazy: Lazy,
    date: str | None,
    by: Sequence[str],
    values: Mapping[str, nw.Expr],
    totals: Sequence[nw.Expr],
    counts: Sequence[str],
) -> pd.DataFrame:
    """Aggregate values per day and group, and collect."""
    rows = keyed(lazy, date, by, values)
    return collected(rows.group_by(["date", *group_names(by)]).agg(*totals), by, counts)


def to_pandas(lazy: Lazy) -> pd.DataFrame:
    """Compute a lazy frame where its rows are and return it as pandas."""
    native: pd.DataFrame = lazy.collect(backend="pandas").to_native()
    return native


def collected(
    lazy: Lazy, by: Sequence[str], counts: Sequence[str], order: Sequence[str] = ()
) -> pd.DataFrame:
    """Collect into pandas with the same dtypes and order whatever engine did the work."""
    result = to_pandas(lazy).rename(columns=dict(zip(group_names(by), by, strict=True)))
    dtypes: dict[str, Any] = dict.fromkeys(map(str, result), "float64")
    dtypes |= dict.fromkeys(by, "str") | dict.fromkeys(counts, "int64")
    dtypes["date"] = "datetime64[us]"
    numbers = [name for name in dtypes if name != "date" and name not in by]
    filled = result.assign(**{name: result[name].astype("float64").fillna(0) for name in numbers})
    keys = ["date", *by, *order]
    return filled.astype(dtypes).sort_values(keys, ignore_index=True)
