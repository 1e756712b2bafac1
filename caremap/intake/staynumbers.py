"""What the numbers of a file tell: which rows are one stay, and which only seem to be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from caremap.intake.bytewise import all_different, digit_keys
from caremap.intake.cells import as_array

__all__ = ["clashing_numbers", "codes_of", "stay_keys", "unique"]

Mask = np.ndarray[Any, np.dtype[np.bool_]]
_OF_ONE = ["patient_id", "admitted", "discharged"]
_MANY = 20
_HEAD = 10_000


def stay_keys(table: pd.DataFrame) -> list[str]:
    """Return the columns that are the same on every row of a stay, or none.

    The same number on another patient is another stay, whoever numbered them, and so is the
    same number of another facility where patients are not known. Without stay numbers the
    rows of one patient with the very same dates are a stay where most rows have such company:
    the file has a row per service or per day. A few of them are conflicts.

    Examples
    --------
    >>> stay_keys(pd.DataFrame({"stay_id": ["1", "1"], "facility": ["N", "S"]}))
    ['stay_id', 'facility']
    >>> stay_keys(pd.DataFrame({"patient_id": ["1"] * 2, "admitted": [1, 1], "discharged": [2, 2]}))
    []
    """
    if "stay_id" in table:
        other = next((name for name in ("patient_id", "facility") if name in table), None)
        keys = ["stay_id", other] if other else ["stay_id"]
        return [] if unique(table["stay_id"]) else keys
    if not set(_OF_ONE) <= set(table):
        return []
    if table["patient_id"].nunique() > 0.75 * len(table):  # then fewer than half can pair
        return []
    full = table[_OF_ONE].dropna()
    several = full.duplicated(keep=False)
    stays = len(full[several].drop_duplicates())
    return _OF_ONE if stays >= _MANY and several.sum() > 0.5 * len(table) else []


def clashing_numbers(table: pd.DataFrame) -> Mask:
    """Return which stays have a number that is also another patient's.

    Hospitals number their stays alike: where there is a facility, a number is one of it.
    Without patient numbers, two sexes under one number are two people.

    Examples
    --------
    >>> clashing_numbers(pd.DataFrame({"stay_id": ["1", "1", "2"], "gender": list("FMF")}))
    array([ True,  True, False])
    """
    none = np.zeros(len(table), dtype=bool)
    person = next((name for name in ("patient_id", "gender") if name in table), None)
    if person is None or "stay_id" not in table or unique(table["stay_id"]):
        return none
    keys = [name for name in ("stay_id", "facility") if name in table]
    again = table["stay_id"].notna().to_numpy() & table.duplicated(keys, keep=False).to_numpy()
    if not again.any():
        return none
    part = table.loc[again, [*keys, person]]
    people = part.groupby(keys, dropna=False, sort=False)[person].transform("nunique")
    none[again] = people.to_numpy() > 1
    return none


def unique(values: pd.Series[Any]) -> bool:
    """Whether no value comes twice: cheaper to tell than which one does.

    Examples
    --------
    >>> unique(pd.Series(["1", "2", None, None])), unique(pd.Series(["1", "1"]))
    (True, False)
    """
    head = values.iloc[:_HEAD].dropna()
    if not head.is_unique:
        return False
    if not isinstance(values.dtype, pd.StringDtype):
        return values.dropna().is_unique
    return all_different(as_array(pa.array(values, from_pandas=True)).drop_null())


def codes_of(values: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return a code from 0 per distinct value, -1 where there is none.

    Examples
    --------
    >>> codes_of(pd.Series(["7", "07", None, "7"])).tolist()
    [0, 1, -1, 0]
    """
    keys = None
    if isinstance(values.dtype, pd.StringDtype):
        keys = digit_keys(as_array(pa.array(values, from_pandas=True)))
    return pd.factorize(values if keys is None else keys)[0].astype("int64")
