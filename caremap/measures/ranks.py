"""Ranks of rows reduced to sums: what rank correlation and the Kruskal-Wallis test are made of.

Part of `caremap.measures.reductions`. Rows are ranked where they are (equal values share the
mean of their ranks) and a few sums come back. Ranks are counted from their mean, so that sums
of a million of them lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import narwhals as nw
import pandas as pd

from caremap.measures.rows import Lazy, Rows, grouped, keyed, opened, to_pandas
from caremap.measures.tallies import Tally, values_of

__all__ = ["exceeding", "placed", "rank_products", "rank_sums", "repeats"]


def rank_sums(
    rows: Rows,
    value: str,
    by: str,
    taken: Tally | None = None,
    among: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Rank rows by a value and add up the ranks of each group.

    Parameters
    ----------
    rows
        Stays.
    value
        The number to rank by; rows without one are left out before ranking.
    by
        The column to group by.
    taken
        Which rows are taken and how values are treated, as in `reductions.spread`.
    among
        Groups that are ranked, as text; None takes all.

    Returns
    -------
    pandas.DataFrame
        By group, as text (missing is ``Unknown``): ``n``, ``mean`` of the value, ``ranks`` and
        ``squares`` (sums of the ranks and of their squares, counted from the mean rank of all).

    Examples
    --------
    >>> stays = pd.DataFrame({"ward": ["A", "A", "B"], "cost": [10.0, 20.0, 20.0]})
    >>> rank_sums(stays, "cost", "ward")
      ward  n  mean  ranks  squares
    0    A  2  15.0   -0.5     1.25
    1    B  1  20.0    0.5     0.25
    """
    known = keyed(opened(rows), None, [by], {"value": _known(value, taken)})
    known = known.filter(~nw.col("value").is_null())
    if among is not None:
        known = known.filter(nw.col("group_0").is_in(list(among)))
    ranked = _ranked(known, "value").with_columns(square=nw.col("value_rank") ** 2)
    found = to_pandas(
        grouped(
            ranked,
            ["group_0"],
            nw.len().alias("n"),
            nw.col("value").mean().alias("mean"),
            nw.col("value_rank").sum().alias("ranks"),
            nw.col("square").sum().alias("squares"),
        )
    )
    dtypes = {by: "str", "n": "int64"} | dict.fromkeys(("mean", "ranks", "squares"), "float64")
    named = found.rename(columns={"group_0": by}).astype(dtypes)[list(dtypes)]
    return named.sort_values(by, ignore_index=True)


def rank_products(rows: Rows, first: str, second: str, taken: Tally | None = None) -> pd.DataFrame:
    """Rank rows by two numbers and add up products of the ranks.

    Parameters
    ----------
    rows
        Stays.
    first, second
        The numbers; rows without both are left out before ranking.
    taken
        Which rows are taken and how ``second`` is treated, as in `reductions.spread`.

    Returns
    -------
    pandas.DataFrame
        One row: ``n``, and the sums ``first``, ``second`` (squares of ranks) and ``both``
        (products), all counted from the mean rank. Spearman's correlation is
        both / sqrt(first x second).

    Examples
    --------
    >>> stays = pd.DataFrame({"age": [1.0, 2.0, 3.0, None], "cost": [5.0, 9.0, 7.0, 1.0]})
    >>> rank_products(stays, "age", "cost")
       n  first  second  both
    0  3    2.0     2.0   1.0
    """
    number = nw.col(first).cast(nw.Float64).fill_nan(None)
    values = {"first": number, "second": _known(second, taken)}
    known = keyed(opened(rows), None, (), values)
    known = known.filter(~nw.col("first").is_null(), ~nw.col("second").is_null())
    ranked = _ranked(_ranked(known, "first"), "second")
    one, two = nw.col("first_rank"), nw.col("second_rank")
    products = ranked.select(first=one * one, second=two * two, both=one * two)
    names = ["first", "second", "both"]
    found = to_pandas(products.select(nw.len().alias("n"), *(nw.col(name).sum() for name in names)))
    filled = found.astype("float64").fillna(0.0)
    return filled.astype({"n": "int64"})[["n", *names]]


def _ranked(lazy: Lazy, name: str) -> Lazy:
    rank = nw.col(name).rank("average").cast(nw.Float64)
    placed_rows = lazy.with_columns(rank.alias(f"{name}_rank"))
    middle = (nw.col(f"{name}_rank").count() + 1) / 2
    whole = placed_rows.select(middle.cast(nw.Float64).alias("middle"))
    mean = to_pandas(whole)["middle"].iloc[0]
    return placed_rows.with_columns((nw.col(f"{name}_rank") - float(mean)).alias(f"{name}_rank"))


def _known(value: str, taken: Tally | None) -> nw.Expr:
    return values_of(replace(taken or Tally(), value=value))


def placed(rows: Rows, column: str, order: Sequence[str], name: str = "place") -> Rows:
    """Return rows with the place of a text in an order as a number, missing where it has none.

    Examples
    --------
    >>> bands = pd.DataFrame({"age_band": ["18-64", "65+", None]})
    >>> placed(bands, "age_band", ["0-17", "18-64", "65+"])["place"].tolist()
    [1.0, 2.0, nan]
    """
    places = [float(place) for place in range(len(order))]
    found = nw.col(column).cast(nw.String)
    known = nw.from_native(rows).with_columns(found.alias(name))
    return known.with_columns(
        nw.col(name).replace_strict(list(order), places, default=None, return_dtype=nw.Float64)
    ).to_native()


def exceeding(
    rows: Rows,
    value: str,
    of: str,
    limits: Mapping[str, float],
    date: str | None,
    by: str,
    taken: Tally | None = None,
) -> pd.DataFrame:
    """Count rows whose value exceeds the limit of their kind, per day and group.

    Parameters
    ----------
    rows
        Stays.
    value
        The number compared.
    of
        The column that says which limit holds for a row.
    limits
        Limit by name; rows of other names are left out.
    date, by
        The date column (or None) and the column to count by.
    taken
        Which rows are taken, as in `reductions.spread`.

    Returns
    -------
    pandas.DataFrame
        ``date``, the group as text, ``rows`` (with a value and a limit) and ``above``.

    Examples
    --------
    >>> stays = pd.DataFrame({"ward": ["A", "A", "B"], "cost": [1.0, 9.0, 9.0]})
    >>> exceeding(stays, "cost", "ward", {"A": 5.0}, None, "ward")
      date ward  rows  above
    0  NaT    A     2      1
    """
    names, marks = list(limits), [float(limit) for limit in limits.values()]
    values = {"value": _known(value, taken), "limit": nw.col(of).cast(nw.String)}
    known = keyed(opened(rows), date, [by], values)
    known = known.with_columns(
        limit=nw.col("limit").replace_strict(names, marks, default=None, return_dtype=nw.Float64)
    ).filter(~nw.col("value").is_null(), ~nw.col("limit").is_null())
    known = known.with_columns(above=(nw.col("value") > nw.col("limit")).cast(nw.Int64))
    total = (nw.len().alias("rows"), nw.col("above").sum())
    found = to_pandas(grouped(known, ["date", "group_0"], *total))
    dtypes = {"date": "datetime64[us]", by: "str", "rows": "int64", "above": "int64"}
    named = found.rename(columns={"group_0": by}).astype(dtypes)[list(dtypes)]
    return named.sort_values(["date", by], ignore_index=True)


def repeats(rows: Rows, column: str) -> float:
    """Return in how many rows the one a row is of occurs, on average over rows; 1 without any.

    Examples
    --------
    >>> repeats(pd.DataFrame({"patient_id": ["P", "P", "P", "Q", None]}), "patient_id")
    2.5
    """
    known = opened(rows).select(nw.col(column)).filter(~nw.col(column).is_null())
    often = (
        known.group_by(column).agg(nw.len().alias("rows")).select(nw.col("rows").cast(nw.Float64))
    )
    sums = often.select(
        (nw.col("rows") ** 2).sum().alias("squares"), nw.col("rows").sum().alias("rows")
    )
    found = to_pandas(sums).astype("float64").fillna(0.0).iloc[0]
    return float(found["squares"] / found["rows"]) if found["rows"] else 1.0
