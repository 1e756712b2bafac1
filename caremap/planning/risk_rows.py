"""Rows of what is known at admission, in the order of the cases made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN
from caremap.planning.admission import Admission
from caremap.planning.risk_cases import Cases
from caremap.planning.risk_features import Coded

__all__ = ["named", "numbers", "taken", "without"]

Array = np.ndarray[Any, Any]


def numbers(column: pd.Series[Any], rows: Array) -> Array:
    """Return a number per name, in the order of names; -1 where it is not known."""
    found, _ = pd.factorize(column.where(column != UNKNOWN), sort=True)
    return np.asarray(found, dtype="int64")[rows]


def taken(frame: pd.DataFrame, rows: Array) -> pd.DataFrame:
    """Return rows by their place."""
    return frame.iloc[rows].reset_index(drop=True)


def named(admission: Admission, rows: Array, *, ids: bool = False) -> pd.DataFrame:
    """Return where and when stays began, as far as the data tell."""
    columns = {"stay_id": admission.stay_id} if ids and admission.stay_id.notna().any() else {}
    columns["admitted"] = admission.admitted
    for name in ("facility", "department"):
        column = getattr(admission, name)
        if (column.notna() & (column != UNKNOWN)).any():
            columns[name] = column
    frame = pd.DataFrame({name: column.to_numpy() for name, column in columns.items()})
    return taken(frame, rows)


def without(cases: Cases, name: str) -> Cases:
    """Return the cases without a column of what was known."""
    table, width = cases.table, cases.table.codes.shape[1]
    if name not in table.names:
        return cases
    place = table.names.index(name)
    text = place < width
    return replace(
        cases,
        table=Coded(
            np.delete(table.codes, place, axis=1) if text else table.codes,
            table.numbers if text else np.delete(table.numbers, place - width, axis=1),
            tuple(size for at, size in enumerate(table.categories) if at != place),
            tuple(other for other in table.names if other != name),
        ),
    )
