"""What charts take from a frame: its columns, figures and names, whatever a file put in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.hidden import HIDDEN

__all__ = ["UNKNOWN", "hidden_of", "needs", "numbers", "one_line", "text_of"]

UNKNOWN = "Unknown"
_OVERFLOW = 1e100  # beyond, sums and scales are no numbers any more


def needs(frame: pd.DataFrame, columns: Sequence[str], *, rows: bool = True) -> None:
    """Refuse a frame without a column, or, where there must be one, without a row.

    Raises
    ------
    ValueError
        Where the frame has no row, or a column is missing.
    """
    for column in columns:
        if column not in frame.columns:
            raise ValueError(f"The frame has no column {column!r}: it has {list(frame.columns)}.")
    if rows and frame.empty:
        raise ValueError("The frame has no rows: there is nothing to draw.")


def numbers(column: pd.Series) -> pd.Series:
    """Return the figures of a column as floats; what is no number a chart can hold is missing.

    Examples
    --------
    >>> numbers(pd.Series([1, None, float("inf"), 1e200, "many"], dtype="object")).tolist()
    [1.0, nan, nan, nan, nan]
    """
    values = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan)
    return pd.Series(np.where(np.abs(values) < _OVERFLOW, values, np.nan))


def hidden_of(frame: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Return whether a figure is missing because it is hidden, row by row.

    Examples
    --------
    >>> frame = pd.DataFrame({"admissions": [40.0, None, None], "hidden": [False, True, False]})
    >>> hidden_of(frame, numbers(frame["admissions"])).tolist()
    [False, True, False]
    """
    hidden = frame[HIDDEN].eq(True).to_numpy() if HIDDEN in frame.columns else False
    return pd.Series(values.isna().to_numpy() & hidden, dtype="bool")


def one_line(name: object) -> str:
    r"""Return a name as one line of plain text, whatever a file has in it.

    Examples
    --------
    >>> one_line("  Cardio-\nlogy  A "), one_line(12.0)
    ('Cardio- logy A', '12')
    """
    text = str(int(name)) if isinstance(name, float) and name.is_integer() else str(name)
    shown = (char if char.isprintable() else " " for char in text)
    return " ".join("".join(shown).split()) or "(blank)"


def text_of(column: pd.Series) -> pd.Series:
    """Return names as text on one line; a missing or empty one is "Unknown".

    Examples
    --------
    >>> text_of(pd.Series(["ICU", None, " ", 3.0], dtype="object")).tolist()
    ['ICU', 'Unknown', 'Unknown', '3']
    """
    names = [UNKNOWN if pd.isna(name) or not str(name).strip() else one_line(name)
             for name in column]  # fmt: skip
    return pd.Series(names, index=column.index, dtype="object")
