"""One way of preparing, grouping and collecting rows, on whatever engine holds them.

What `caremap.measures.reductions` is made of; nothing else uses it. Where rows lie in memory
(pandas), two steps take a shorter way to the same result: texts and several keys are grouped
by whole numbers (`keyed`, `grouped`), and the stay that follows is looked up in sorted rows
(`with_next`). The tests hold both ways against each other.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN

__all__ = [
    "Lazy",
    "Rows",
    "collected",
    "day_of",
    "group_names",
    "grouped",
    "keyed",
    "keys",
    "number",
    "one_of",
    "opened",
    "per_day",
    "to_pandas",
    "with_next",
]

Rows = Any
"""A pandas frame, a DuckDB relation, or another frame narwhals knows."""

Array = np.ndarray[Any, Any]

Lazy = nw.LazyFrame[Any]
"""Rows not computed yet."""

_DAY = 86_400_000_000  # microseconds


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
    only: str | None = None,
    texts: Sequence[str] = (),
    whole_days: bool = True,
) -> Lazy:
    """Keep the date, the groups as text and the values, under our own names.

    With ``only``, rows where that flag is not true are left out, after the columns that are
    not asked for: to leave a row out of all of them costs more than the counting does.
    ``texts`` are the values that are text of few kinds: these and the groups are replaced by
    categories where rows lie in memory, so that every text is looked at once.
    """
    schema = lazy.collect_schema()
    if date is None:
        when: nw.Expr = nw.lit(None).cast(nw.Datetime("us"))
    else:
        when = day_of(date) if whole_days else nw.col(date).cast(nw.Datetime("us"))
    groups = [
        _group(name, schema[name]).alias(own) for name, own in zip(by, group_names(by), strict=True)
    ]
    named = [value.alias(name) for name, value in values.items()]
    if only is not None:
        named.append(nw.col(only).fill_null(False).alias("only"))
    prepared = lazy.with_columns(when.alias("date"), *groups, *named)
    names = ["date", *group_names(by), *values]
    if only is None:
        kept = prepared.select(names)
    else:
        kept = prepared.select(*names, "only").filter("only").select(names)
    native = kept.to_native()
    if isinstance(native, pd.DataFrame):
        kinds = dict.fromkeys((*group_names(by), *texts), "category")
        return nw.from_native(native.astype(kinds)).lazy()
    return kept


def keys(date: str | None, by: Sequence[str], *others: str) -> list[str]:
    """Return what to group keyed rows by: a date that none has is no key where there is another.

    `collected` puts it back.
    """
    names = [*group_names(by), *others]
    return names if date is None and names else ["date", *names]


def _group(name: str, dtype: Any) -> nw.Expr:
    if dtype == nw.Boolean:
        known = nw.when(nw.col(name)).then(nw.lit("Yes")).otherwise(nw.lit("No"))
        return nw.when(nw.col(name).is_null()).then(nw.lit(UNKNOWN)).otherwise(known)
    return nw.col(name).cast(nw.String).fill_null(UNKNOWN)


def grouped(lazy: Lazy, names: Sequence[str], *totals: nw.Expr) -> Lazy:
    """Aggregate keyed rows by these columns.

    Rows in memory are grouped by one whole number that stands for several keys: that takes
    half the time of grouping by dates and texts.
    """
    native = lazy.to_native()
    if not isinstance(native, pd.DataFrame) or native.empty or len(names) < 2:
        return lazy.group_by(names).agg(*totals)
    coded = [_coded(native[name]) for name in names]
    widths = tuple(len(values) for _, values in coded)
    if math.prod(widths) >= 1 << 62:
        return lazy.group_by(names).agg(*totals)
    size = np.dtype("int32" if math.prod(widths) < 1 << 31 else "int64")
    key = coded[0][0].astype(size)
    for codes, values in coded[1:]:
        key = key * size.type(len(values)) + codes.astype(size)
    rows = native.drop(columns=list(names)).assign(group_key=key)
    result = nw.from_native(rows).group_by("group_key").agg(*totals).to_native()
    places = np.unravel_index(result.pop("group_key").to_numpy(), widths)
    found = {
        name: pd.Series(values.take(place), index=result.index)
        for name, (_, values), place in zip(names, coded, places, strict=True)
    }
    return nw.from_native(pd.DataFrame(found).join(result)).lazy()


def _coded(column: pd.Series[Any]) -> tuple[Array, pd.Index[Any]]:
    """Return where each value stands in an index, and the index."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        kinds = column.cat.categories  # nothing is missing: keyed rows have a name for it
        return column.cat.codes.to_numpy(), pd.CategoricalIndex(kinds, dtype=column.dtype)
    if column.dtype.kind == "M":
        moments = column.to_numpy("datetime64[us]")
        missing = np.isnat(moments)
        days = moments.view("int64") // _DAY
        if ((days * _DAY == moments.view("int64")) | missing).all():
            return _coded_days(days, missing)
    codes, values = pd.factorize(column, use_na_sentinel=False)
    return codes, pd.Index(values)


def _coded_days(days: Array, missing: Array) -> tuple[Array, pd.Index[Any]]:
    """Return where days, as numbers, stand among all from the first to the last, and these."""
    gaps = bool(missing.any())
    known = days[~missing] if gaps else days
    first, last = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    midnights = (np.arange(first, last + 2) * _DAY).view("datetime64[us]")
    midnights[-1] = np.datetime64("NaT")
    return (np.where(missing, last + 1, days) if gaps else days) - first, pd.Index(midnights)


def per_day(
    lazy: Lazy,
    date: str | None,
    by: Sequence[str],
    values: Mapping[str, nw.Expr],
    totals: Sequence[nw.Expr],
    counts: Sequence[str],
    only: str | None = None,
) -> pd.DataFrame:
    """Aggregate values per day and group, and collect."""
    rows = keyed(lazy, date, by, values, only)
    return collected(grouped(rows, keys(date, by), *totals), by, counts)


def to_pandas(lazy: Lazy) -> pd.DataFrame:
    """Compute a lazy frame where its rows are and return it as pandas."""
    native: pd.DataFrame = lazy.collect(backend="pandas").to_native()
    return native


def collected(
    lazy: Lazy, by: Sequence[str], counts: Sequence[str], order: Sequence[str] = ()
) -> pd.DataFrame:
    """Collect into pandas with the same dtypes and order whatever engine did the work."""
    result = to_pandas(lazy).rename(columns=dict(zip(group_names(by), by, strict=True)))
    if "date" not in result:
        result = result.assign(date=pd.Series(pd.NaT, index=result.index))[["date", *result]]
    dtypes: dict[str, Any] = dict.fromkeys(map(str, result), "float64")
    dtypes |= dict.fromkeys(by, "str") | dict.fromkeys(counts, "int64")
    dtypes["date"] = "datetime64[us]"
    numbers = [name for name in dtypes if name != "date" and name not in by]
    filled = result.assign(**{name: result[name].astype("float64").fillna(0) for name in numbers})
    return filled.sort_values(["date", *by, *order], ignore_index=True).astype(dtypes)


def with_next(lazy: Lazy, group: str, order: Sequence[str], columns: Sequence[str]) -> Lazy:
    """Put beside every row the first row of its group that starts when it ends, or later.

    Rows without such a row are left out. Rows that overlap are thereby handled too; a row
    that ends on the day it starts is followed by the next one in order.

    Parameters
    ----------
    lazy
        Rows with ``start`` and ``end``, both midnights and known.
    group
        The column within whose values rows follow each other.
    order
        Columns that put rows in order, missing first; the first of them is ``start``.
    columns
        What to put beside the row, each as ``next_<column>``.
    """
    native = lazy.to_native()
    if isinstance(native, pd.DataFrame):
        return nw.from_native(_searched(native, group, order, columns)).lazy()
    return _walked(lazy, group, order, columns)


def _walked(lazy: Lazy, group: str, order: Sequence[str], columns: Sequence[str]) -> Lazy:
    """Find the next row by walking starts and ends of a group backwards in time."""
    one, far = nw.lit(1).cast(nw.Int64), nw.lit(1 << 30).cast(nw.Int64)
    numbered = (
        lazy.with_columns(one=one)
        .with_columns(rows_of=nw.col("one").sum().over(group))
        .filter(nw.col("rows_of") > 1)
        .with_columns(number=nw.col("one").cum_sum().over(group, order_by=order).cast(nw.Int64))
    )
    own = nw.col("number")
    events = nw.concat(
        [
            numbered.select(group, own=own, day=nw.col("end"), kind=nw.lit(0), following=far),
            numbered.select(group, own=own, day=nw.col("start"), kind=nw.lit(1), following=own),
        ]
    ).with_columns(
        following=nw.col("following")
        .cum_min(reverse=True)
        .over(group, order_by=["day", "kind", "own"])
        .cast(nw.Int64)
    )
    after = events.filter(nw.col("kind") == 0).select(group, "following", number="own")
    following = numbered.select(
        group, following=own, **{f"next_{name}": nw.col(name) for name in columns}
    )
    same_day = nw.col("end") == nw.col("start")
    return (
        numbered.join(after, on=[group, "number"], how="inner")
        .with_columns(following=nw.when(same_day).then(own + 1).otherwise(nw.col("following")))
        .join(following, on=[group, "following"], how="inner")
        .drop("one", "rows_of", "number", "following")
    )


def _searched(
    frame: pd.DataFrame, group: str, order: Sequence[str], columns: Sequence[str]
) -> pd.DataFrame:
    """Find the next row by looking its end up among the starts of its group, in sorted rows."""
    start, end = (frame[name].to_numpy("datetime64[D]").view("int64") for name in ("start", "end"))
    first = min(start.min(initial=0), end.min(initial=0))
    reach = max(start.max(initial=0), end.max(initial=0)) - first + 1
    of = pd.factorize(frame[group])[0] * reach
    begins, ends = of + (start - first), of + (end - first)
    ties = [_ranks(frame[name]) for name in reversed(order[1:])]
    place = np.lexsort([digit for key in (*ties, begins) for digit in _digits(key)])
    begins, ends, limit = begins[place], ends[place], of[place] + reach
    following = np.searchsorted(begins, ends)
    following = np.where(begins == ends, np.arange(1, len(place) + 1), following)
    found = np.flatnonzero(np.append(begins, of.max(initial=0) + reach)[following] < limit)
    beside = frame[list(columns)].take(place[following[found]]).reset_index(drop=True)
    followed = frame.drop(columns=group).take(place[found]).reset_index(drop=True)
    return followed.assign(**{f"next_{name}": beside[name] for name in columns})


def _ranks(values: pd.Series[Any]) -> Array:
    """Return whole numbers in the order of dates, of categories or of numbers."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy("int64")
    if values.dtype.kind == "M":
        return values.to_numpy("datetime64[D]").view("int64")
    return values.to_numpy("int64")


def _digits(key: Array) -> list[Array]:
    """Return the digits of whole numbers, last first: sixteen bits sort faster than more."""
    digits: list[Array] = []
    left = key - key.min(initial=0)
    while not digits or left.any():
        digits.append((left & 0xFFFF).astype("uint16"))
        left = left >> 16
    return digits
