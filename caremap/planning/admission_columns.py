"""The columns a length of stay may be predicted from, as text or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN
from caremap.intake.headers import words
from caremap.planning.admission_history import calendar_of, history_of
from caremap.planning.admission_stays import KnownStays
from caremap.schema import FIELDS

__all__ = ["ZIP_DIGITS", "Columns", "columns_of", "telling_nothing"]

Columns = dict[str, "pd.Series[Any]"]

ZIP_DIGITS = 3
"""Characters of a ZIP code that are used: a whole one has too few patients."""

_APART = ("stay_id", "patient_id", "length_of_stay", "source", "source_row")
_NEARLY_ALL, _MOSTLY, _FEW = 0.9, 0.5, 10
_NUMBERS = frozenset("id ids no nr num number nummer numero code mrn".split())
_ONE_VALUE = "Has the same value on every row: it tells nothing."
_OWN_NAME = "Has a name or number of its own on nearly every row: it tells nothing of others."


def columns_of(stays: KnownStays) -> Columns:
    """Return the columns of the stays, and what calendar and earlier stays tell.

    Dates, the length of stay and numbers of stays and people are no columns to predict from.

    Parameters
    ----------
    stays
        Stays as known on a day.

    Returns
    -------
    dict
        Name to column: numbers, or text with ``Unknown`` for missing.
    """
    rows = stays.rows
    result: Columns = {}
    for name in map(str, rows):
        column = rows[name]
        if name in _APART or name == stays.column or column.dtype.kind == "M":
            continue
        if name == "zip":
            column = column.str[:ZIP_DIGITS]
        number = column.dtype.kind == "f"
        result[name] = column if number else column.fillna(UNKNOWN).astype("str")
    if stays.as_of is not None:
        derived = calendar_of(rows["admitted"])
        if "patient_id" in rows:
            came = rows["admitted"].dt.normalize()
            derived = derived.join(history_of(stays.patient, came, stays.left))
        result |= {str(name): derived[name] for name in derived if name not in result}
    return result


def telling_nothing(columns: Columns) -> dict[str, str]:
    """Return the columns that cannot tell anything about other stays, and why.

    Examples
    --------
    >>> columns = {"Site": pd.Series(["N"] * 20), "Row": pd.Series(range(20), dtype="float64")}
    >>> list(telling_nothing(columns))
    ['Site', 'Row']
    """
    return {name: why for name, column in columns.items() if (why := _nothing(name, column))}


def _nothing(name: str, column: pd.Series[Any]) -> str:
    number = column.dtype.kind == "f"
    known = column.dropna() if number else column[column != UNKNOWN]
    if column.nunique(dropna=False) < 2:
        return "Has no value." if known.empty else _ONE_VALUE
    own = name not in FIELDS
    if number:
        return _OWN_NAME if own and _numbered(name, known) else ""
    limit = (_MOSTLY if own else _NEARLY_ALL) * len(known)
    return _OWN_NAME if known.nunique() > max(_FEW, limit) else ""


def _numbered(name: str, known: pd.Series[Any]) -> bool:
    """Return whether numbers only count the rows: an amount may differ on every row, too."""
    if (known != np.floor(known)).any() or known.nunique() <= max(_FEW, _NEARLY_ALL * len(known)):
        return False
    dense = known.max() - known.min() < 2 * len(known)
    return bool(dense or _NUMBERS & set(words(name).split()))
