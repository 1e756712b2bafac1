"""Tables that people type in: names that stand once, numbers, and whole units of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.allocating_frames import MOST
from caremap.planning.role_columns import numbers
from caremap.problems import DataProblem

__all__ = ["each_once", "names_in", "numbers_in", "whole_units"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Names = npt.NDArray[np.object_]

HAIR = 1e-9
"""A part of a unit that is rounding and nothing else."""


def names_in(frame: pd.DataFrame, column: str) -> pd.Series[str]:
    """Return the names of a column as text, numbered from 0.

    Raises
    ------
    caremap.DataProblem
        Where there is no such column, or a row has no name.

    Examples
    --------
    >>> names_in(pd.DataFrame({"place": ["Kent", 7]}), "place").to_list()
    ['Kent', '7']
    """
    if column not in frame:
        raise DataProblem(f"There is no column “{column}”.", f"Add a column “{column}”.")
    if frame[column].isna().any():
        raise DataProblem(f"A row has no {column}.", "Name it, or leave the row out.")
    return frame[column].astype("str").reset_index(drop=True)


def each_once(names: pd.Series[str]) -> Names:
    """Return names as they are, or say which stands twice.

    Raises
    ------
    caremap.DataProblem
        Where one does.

    Examples
    --------
    >>> each_once(pd.Series(["Kent", "Hull"])).tolist()
    ['Kent', 'Hull']
    """
    twice = names[names.duplicated()]
    if len(twice):
        raise DataProblem(f"“{twice.iloc[0]}” is there twice.", "Give each once.")
    return names.to_numpy(object)


def numbers_in(frame: pd.DataFrame, column: str) -> Array:
    """Return a column as numbers of 0 or more, NaN where it is not known or not there.

    Examples
    --------
    >>> numbers_in(pd.DataFrame({"beds": ["1,200", None]}), "beds").tolist()
    [1200.0, nan]
    """
    if column not in frame:
        return np.full(len(frame), np.nan)
    return np.asarray(numbers(frame[column]), dtype="float64")


def whole_units(values: npt.NDArray[np.floating[Any]], *, up: bool) -> Whole:
    """Return numbers as whole units, what is not known as none.

    Parameters
    ----------
    values
        Numbers of 0 or more, or NaN.
    up
        Whether a part of a unit counts as one (of what is needed), or not (of what there is).

    Raises
    ------
    caremap.DataProblem
        Where there are so many that they could not be counted exactly.

    Examples
    --------
    >>> whole_units(np.array([2.1, 3.0, np.nan]), up=True).tolist()
    [3, 3, 0]
    >>> whole_units(np.array([2.9, 3 - 1e-12]), up=False).tolist()
    [2, 3]
    """
    known = np.nan_to_num(values)
    if (known > MOST).any():
        raise DataProblem(f"Units are more than {MOST:,}.", "Count in larger units.")
    whole = np.ceil(known - HAIR) if up else np.floor(known + HAIR)
    units: Whole = whole.astype("int64")
    return units
