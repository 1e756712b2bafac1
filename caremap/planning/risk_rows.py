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

__all__ = ["named", "numbers", "taken", "without", "without_facility"]

Array = np.ndarray[Any, Any]

OF_FACILITY = (
    "The same for all stays of a facility: of one not seen before, as it is judged on, it tells "
    "nothing."
)


def numbers(column: pd.Series[Any], rows: Array) -> Array:
    """Return a number per name, in the order of names; -1 where it is not known."""
    found, _ = pd.factorize(column.where(column != UNKNOWN), sort=True)
    return np.asarray(found, dtype="int64")[rows]


def taken(frame: pd.DataFrame, rows: Array) -> pd.DataFrame:
    """Return rows by their place."""
    return frame.iloc[rows].reset_index(drop=True)


def named(admission: Admission, rows: Array, *, ids: bool = False) -> pd.DataFrame:
    """Return where and when stays began, and with ``ids`` who they are and in which ward."""
    columns = {"stay_id": admission.stay_id} if ids and admission.stay_id.notna().any() else {}
    columns["admitted"] = admission.admitted
    for name in ("facility", "department", *(["ward"] if ids else [])):
        column = getattr(admission, name)
        if (column.notna() & (column != UNKNOWN)).any():
            columns[name] = column
    frame = pd.DataFrame({name: column.to_numpy() for name, column in columns.items()})
    return taken(frame, rows)


def without_facility(cases: Cases, facility: Array) -> tuple[Cases, dict[str, str]]:
    """Return the cases without the facility and what says which it is, and why.

    Where facilities are judged that were not seen before, a column that is the same for all
    stays of a facility teaches only what the facilities seen were like.
    """
    known = facility >= 0
    _, firsts, place_of = np.unique(facility[known], return_index=True, return_inverse=True)
    sample = np.flatnonzero(known)[firsts][place_of]
    same = [
        name
        for place, name in enumerate(cases.table.names[: cases.table.codes.shape[1]])
        if (cases.table.codes[known, place] == cases.table.codes[sample, place]).all()
    ]
    for name in same:
        cases = without(cases, name)
    return cases, dict.fromkeys(same, OF_FACILITY)


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
