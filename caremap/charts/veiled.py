"""Rows of which figures are hidden: they are neither zero nor unknown, and that is said."""

from __future__ import annotations

import pandas as pd

from caremap.hidden import HIDDEN

__all__ = ["HIDDEN_WORD", "hidden_rows", "own_name", "veiled"]

HIDDEN_WORD = "hidden"
"""What stands for a figure that is."""


def hidden_rows(frame: pd.DataFrame) -> pd.Series:
    """Return for each row, counted from zero, whether figures of it are hidden.

    Examples
    --------
    >>> hidden_rows(pd.DataFrame({"n": [1, None], "hidden": [False, True]})).tolist()
    [False, True]
    >>> hidden_rows(pd.DataFrame({"n": [1, 2]})).tolist()
    [False, False]
    """
    if HIDDEN not in frame.columns:
        return pd.Series(False, index=range(len(frame)))
    hidden: pd.Series = frame[HIDDEN].astype("boolean").fillna(value=True).astype("bool")
    return hidden.reset_index(drop=True)


def veiled(table: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    """Return a table with a column that says of which rows figures are hidden, if of any.

    Examples
    --------
    >>> veiled(pd.DataFrame({"Stays": [40, None]}), pd.Series([False, True]))["Hidden"].tolist()
    ['', 'yes']
    """
    if not hidden.any():
        return table
    return table.assign(Hidden=["yes" if one else "" for one in hidden])


def own_name(title: str, table: pd.DataFrame) -> str:
    """Return a header for the groups that no column of figures has: a file's may be any.

    Examples
    --------
    >>> own_name("Ward", pd.DataFrame({"Stays": [40]}))
    'Ward'
    >>> own_name("Stays", pd.DataFrame({"Stays": [40]}))
    'Stays (group)'
    """
    while title in table.columns:
        title += " (group)"
    return title
