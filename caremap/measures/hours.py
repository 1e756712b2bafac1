"""Who comes or goes per day and hour, and at which moments of the day.

Part of `caremap.measures.reductions`.
"""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from caremap.measures.rows import Lazy, Rows, day_of, opened, to_pandas

__all__ = ["hourly", "moments", "with_a_time"]


def hourly(rows: Rows, date: str, only: str | None = None) -> pd.DataFrame:
    """Count rows per day and hour of a date column; rows without a date are left out.

    Parameters
    ----------
    rows
        Stays.
    date
        The column with date and time.
    only
        A flag: rows where it is not true are left out.

    Returns
    -------
    pandas.DataFrame
        ``date``, ``hour`` (0-23), ``rows`` and ``midnight`` (of these, at 00:00:00 sharp,
        which is also how a date without a time is stored), sorted.

    Examples
    --------
    >>> left = pd.to_datetime(["2024-04-01 09:30", "2024-04-01 09:50", "2024-04-02", None],
    ...                       format="ISO8601")
    >>> hourly(pd.DataFrame({"discharged": left}), "discharged")
            date  hour  rows  midnight
    0 2024-04-01     9     2         0
    1 2024-04-02     0     1         1
    """
    counted = (
        _dated(rows, date, only)
        .with_columns(date=day_of("moment"))
        .with_columns(
            hour=nw.col("moment").dt.hour().cast(nw.Int64),
            midnight=nw.when(nw.col("moment") == nw.col("date")).then(1).otherwise(0),
        )
        .group_by("date", "hour")
        .agg(nw.len().alias("rows"), nw.col("midnight").sum())
    )
    found = to_pandas(counted)[["date", "hour", "rows", "midnight"]].astype(
        {"date": "datetime64[us]", "hour": "int64", "rows": "int64", "midnight": "int64"}
    )
    return found.sort_values(["date", "hour"], ignore_index=True)


def moments(rows: Rows, date: str, only: str | None = None) -> pd.DataFrame:
    """Count rows per minute of the day, and those at the full second of that minute.

    Returns
    -------
    pandas.DataFrame
        ``minute`` (0-1439), ``second`` (0-59) and ``rows``, sorted; rows without a date are
        left out.

    Examples
    --------
    >>> left = pd.to_datetime(["2024-04-01 09:30", "2024-04-02 09:30", "2024-04-02 09:31:05"],
    ...                       format="ISO8601")
    >>> moments(pd.DataFrame({"discharged": left}), "discharged")
       minute  second  rows
    0     570       0     2
    1     571       5     1
    """
    moment = nw.col("moment").dt
    counted = (
        _dated(rows, date, only)
        .select(
            minute=moment.hour().cast(nw.Int64) * 60 + moment.minute().cast(nw.Int64),
            second=moment.second().cast(nw.Int64),
        )
        .group_by("minute", "second")
        .agg(nw.len().alias("rows"))
    )
    found = to_pandas(counted)[["minute", "second", "rows"]].astype("int64")
    return found.sort_values(["minute", "second"], ignore_index=True)


def with_a_time(rows: Rows, date: str) -> Rows:
    """Return the rows whose date is not at 00:00:00 sharp, where a date without a time lies.

    Examples
    --------
    >>> came = pd.to_datetime(["2024-04-01 09:30", "2024-04-02"], format="ISO8601")
    >>> len(with_a_time(pd.DataFrame({"admitted": came}), "admitted"))
    1
    """
    moment = nw.col(date).cast(nw.Datetime("us"))
    return nw.from_native(rows).filter(moment != moment.dt.truncate("1d")).to_native()


def _dated(rows: Rows, date: str, only: str | None) -> Lazy:
    """Return the moments of rows that have one, of those where the flag is true."""
    moment = nw.col(date).cast(nw.Datetime("us"))
    if only is not None:
        moment = nw.when(nw.col(only).fill_null(False)).then(moment)
    return opened(rows).select(moment=moment).filter(~nw.col("moment").is_null())
