"""Single stays, row by row, for what has to look at each of them: to learn from or to predict.

Part of `caremap.measures.reductions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from caremap.measures.rows import Rows, number, opened, to_pandas
from caremap.schema import FIELDS

__all__ = ["stay_rows"]

_FIRST = ("admitted", "stay_id", "patient_id")


def stay_rows(rows: Rows, columns: Sequence[str], only: str | None = None) -> pd.DataFrame:
    """Return the stays themselves, in plain types and in an order that follows from them.

    Parameters
    ----------
    rows
        Stays.
    columns
        What to return of each; a column that is not there is an error of the engine.
    only
        A flag: rows where it is not true are left out.

    Returns
    -------
    pandas.DataFrame
        The columns as asked: dates as ``datetime64[us]``, numbers as ``float64``, everything
        else as text, a flag as ``Yes`` or ``No``; what is missing is missing. Sorted by
        admission, stay and patient, then by all columns: the order of the rows does not
        matter. Rows that are the same in all of these stay, each.

    Examples
    --------
    >>> stays = pd.DataFrame({"stay_id": [2, 1], "age": [4, 70],
    ...                       "ventilated": pd.array([True, None], dtype="boolean")})
    >>> stay_rows(stays, ["stay_id", "age", "ventilated"])
      stay_id   age ventilated
    0       1  70.0        NaN
    1       2   4.0        Yes
    """
    lazy = opened(rows, only)
    schema = lazy.collect_schema()
    # An engine gives columns of one name once: ours meet no column of the file.
    own = [f"column_{place}" for place in range(len(columns))]
    kinds = [_kind(name, schema[name]) for name in columns]
    asked = [
        _read(name, kind, schema[name]).alias(new)
        for name, kind, new in zip(columns, kinds, own, strict=True)
    ]
    dtypes: dict[str, Any] = dict(zip(own, kinds, strict=True))
    found = to_pandas(lazy.select(asked)).astype(dtypes)
    found.columns = pd.Index(list(columns))
    order = [name for name in _FIRST if name in columns]
    if not order or found.duplicated(order).any():
        order += [name for name in columns if name not in order]
    return found.sort_values(order, ignore_index=True)


def _kind(name: str, dtype: Any) -> str:
    """Return the type to return a column in: its field's, else by what the file has."""
    declared = FIELDS[name].type if name in FIELDS else ""
    if declared in {"number", "count", "money"}:
        return "float64"
    if declared == "date" or dtype.is_temporal():
        return "datetime64[us]"
    return "float64" if not declared and dtype.is_numeric() else "str"


def _read(name: str, kind: str, dtype: Any) -> nw.Expr:
    if kind == "float64":
        return number(name)
    if kind == "datetime64[us]":
        return nw.col(name).cast(nw.Datetime("us"))
    if dtype == nw.Boolean:
        known = nw.when(nw.col(name)).then(nw.lit("Yes")).otherwise(nw.lit("No"))
        return nw.when(~nw.col(name).is_null()).then(known)
    return nw.col(name).cast(nw.String)
