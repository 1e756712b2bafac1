"""How many rows of a column are known, and how many different names it has.

Part of `caremap.measures.reductions`.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from caremap.measures.rows import Rows, opened, to_pandas

__all__ = ["variety"]


def variety(rows: Rows, columns: Sequence[str]) -> pd.DataFrame:
    """Count the rows that are known and the different names, column by column.

    Parameters
    ----------
    rows
        Stays or counts.
    columns
        Columns of names, flags or numbers.

    Returns
    -------
    pandas.DataFrame
        ``column``, ``groups`` (different names) and ``known`` (rows with one), in the order
        asked for.

    Examples
    --------
    >>> variety(pd.DataFrame({"ward": ["A", "B", "A", None]}), ["ward"])
      column  groups  known
    0   ward       2      3
    """
    frame = opened(rows)
    found = []
    for column in columns:
        known = frame.select(name=nw.col(column)).filter(~nw.col("name").is_null())
        counted = to_pandas(known.select(groups=nw.col("name").n_unique(), known=nw.len()))
        found.append((column, *counted[["groups", "known"]].fillna(0).iloc[0]))
    result = pd.DataFrame(found, columns=["column", "groups", "known"])
    return result.astype({"column": "str", "groups": "int64", "known": "int64"})
