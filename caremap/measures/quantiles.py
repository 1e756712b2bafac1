"""Quantiles of a number by group, and how many values lie beyond given ends.

Part of `caremap.measures.reductions`.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd

from caremap.measures.coded import coded
from caremap.measures.rows import Rows, group_names, keyed, opened, to_pandas
from caremap.measures.tallies import Tally, values_of

__all__ = ["beyond", "quantiles"]

_BETWEEN = "\x1f"
"""Between the names of two groups, which hold no such sign."""


def quantiles(rows: Rows, by: Sequence[str], taken: Tally, shares: Sequence[float]) -> pd.DataFrame:
    """Return quantiles of a value per group.

    Parameters
    ----------
    rows
        Stays.
    by
        Columns to group by; none gives one row, of all.
    taken
        The value, which rows are taken and how values are treated.
    shares
        Between 0 and 1; interpolated between two values as in `numpy.quantile`.

    Returns
    -------
    pandas.DataFrame
        Sorted by group: the groups, ``n`` (rows with a value), ``sum``, and the quantiles as
        ``q0``, ``q1``, ... in the order asked for: NaN without a value.

    Examples
    --------
    >>> rows = pd.DataFrame({"cost": [1.0, 2.0, 3.0, None]})
    >>> quantiles(rows, [], Tally("cost"), [0.25, 0.5])
       n  sum   q0   q1
    0  3  6.0  1.5  2.0
    """
    names = [f"q{place}" for place in range(len(shares))]
    if isinstance(rows, pd.DataFrame):
        groups = coded(rows, by)
        values = nw.from_native(rows).select(value=values_of(taken)).to_native()["value"]
        numbers = values.to_numpy("float64", na_value=np.nan)
        total, n = groups.sums(numbers)
        ordered, begins = groups.ordered(numbers)
        columns = {
            name: _quantile(ordered, begins[:-1], n, share)
            for name, share in zip(names, shares, strict=True)
        }
        found = groups.groups.assign(n=n, sum=total, **columns)
    else:
        frame = keyed(opened(rows), None, by, {"value": values_of(taken)})
        keys = group_names(by)
        if not keys:
            frame, keys = frame.with_columns(all=nw.lit(1)), ["all"]
        value = nw.col("value")
        found = to_pandas(
            frame.group_by(keys).agg(
                n=value.count(),
                sum=value.sum(),
                **{
                    name: value.quantile(share, "linear")
                    for name, share in zip(names, shares, strict=True)
                },
            )
        ).rename(columns=dict(zip(group_names(by), by, strict=True)))
        found = found if by else found.reindex([0])
    dtypes = dict.fromkeys(by, "str") | dict.fromkeys(["sum", *names], "float64")
    found = found.assign(n=found["n"].fillna(0), sum=found["sum"].astype("float64").fillna(0.0))
    result = found.astype(dtypes | {"n": "int64"})[[*by, "n", "sum", *names]]
    return result.sort_values(list(by), ignore_index=True) if by else result


def _quantile(ordered: np.ndarray, begins: np.ndarray, n: np.ndarray, share: float) -> np.ndarray:
    """Return one quantile of every group of sorted values."""
    found = np.full(len(n), np.nan)
    known = n > 0
    place = begins[known] + share * (n[known] - 1)
    low, high = ordered[np.floor(place).astype("int64")], ordered[np.ceil(place).astype("int64")]
    found[known] = low + (high - low) * (place - np.floor(place))
    return found


def beyond(rows: Rows, by: Sequence[str], taken: Tally, ends: pd.DataFrame) -> pd.DataFrame:
    """Count the values of each group that lie below or above its ends.

    Parameters
    ----------
    rows, by, taken
        As in `quantiles`.
    ends
        The groups, ``low`` and ``high``: beyond them, not at them, is counted.

    Returns
    -------
    pandas.DataFrame
        Sorted by group: the groups there are, and ``beyond``.

    Examples
    --------
    >>> rows = pd.DataFrame({"ward": ["A", "A"], "cost": [1.0, 9.0]})
    >>> beyond(rows, ["ward"], Tally("cost"), pd.DataFrame({"ward": ["A"], "low": 0, "high": 5}))
      ward  beyond
    0    A       1
    """
    if isinstance(rows, pd.DataFrame):
        return _beyond_in_memory(rows, by, taken, ends)
    frame = keyed(opened(rows), None, by, {"value": values_of(taken)})
    keys = group_names(by)
    if not keys:
        frame, keys = frame.with_columns(all=nw.lit("")), ["all"]
    name = nw.concat_str(*keys, separator=_BETWEEN)
    names = [_BETWEEN.join(group) for group in ends[list(by)].to_numpy()] if by else [""]
    low, high = (
        name.replace_strict(
            names, ends[end].astype("float64").tolist(), default=None, return_dtype=nw.Float64
        )
        for end in ("low", "high")
    )
    out = nw.when((nw.col("value") < low) | (nw.col("value") > high)).then(1).otherwise(0)
    found = to_pandas(frame.with_columns(out=out).group_by(keys).agg(beyond=nw.col("out").sum()))
    found = found.rename(columns=dict(zip(group_names(by), by, strict=True)))
    found = (found if by else found.reindex([0]))[[*by, "beyond"]]
    found = found.assign(beyond=found["beyond"].fillna(0))
    result = found.astype(dict.fromkeys(by, "str") | {"beyond": "int64"})
    return result.sort_values(list(by), ignore_index=True) if by else result


def _beyond_in_memory(
    rows: pd.DataFrame, by: Sequence[str], taken: Tally, ends: pd.DataFrame
) -> pd.DataFrame:
    groups = coded(rows, by)
    values = nw.from_native(rows).select(value=values_of(taken)).to_native()["value"]
    numbers = values.to_numpy("float64", na_value=np.nan)
    limits = groups.groups.merge(ends, how="left", on=list(by)) if by else ends
    low, high = (limits[name].to_numpy("float64")[groups.codes] for name in ("low", "high"))
    out, _ = groups.of((numbers < low) | (numbers > high))
    return groups.groups.assign(beyond=out.count())
