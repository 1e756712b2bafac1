"""Tables of counts as people lay them out: merged cells, and a total within every date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.cells import text_of
from caremap.intake.setaside import is_total

__all__ = ["date_totals", "fill_down", "without_stay"]

Mask = np.ndarray[Any, np.dtype[np.bool_]]

BLANK = 0.3
"""So many blank cells below filled ones are merged cells, whatever their groups."""
MATCHING = 0.95
"""The share of dates on which a label has to add up the others to be their total."""
LARGEST = 5_000_000
_STAY = ("admitted", "discharged", "length_of_stay")


def codes_of(column: pa.Array) -> tuple[np.ndarray[Any, np.dtype[np.int64]], int]:
    """Return a code per cell, blank cells as a value of their own, and how many there are."""
    encoded = pc.dictionary_encode(text_of(column))
    size = len(encoded.dictionary)
    codes = pc.fill_null(encoded.indices, size).to_numpy(zero_copy_only=False)
    return codes.astype(np.int64), size + 1


def fill_down(
    column: pa.Array, others: Sequence[pa.Array], counts: Sequence[Any]
) -> tuple[pa.Array, Mask] | None:
    """Return a column with merged cells filled from above and where, or None.

    Parameters
    ----------
    column
        The column whose cells may be merged: a date or a facility.
    others
        The other columns that say what a row is: filled, no two rows may be the same.
    counts
        The counts, which blank cells of merged rows do not share.

    Examples
    --------
    >>> fill_down(pa.array(["Jan", None, "Feb", None]), [pa.array(list("ABAB"))],
    ...           [np.ones(4)])[0].to_pylist()
    ['Jan', 'Jan', 'Feb', 'Feb']
    """
    blank = column.is_null().to_numpy(zero_copy_only=False)
    if not blank.any() or blank[0] or not others:
        return None
    sizes = np.bincount(np.cumsum(~blank))[1:]
    if not (sizes == sizes[0]).all() and blank.mean() < BLANK:
        return None
    if any(np.isnan(numbers[blank]).mean() > 0.1 for numbers in counts):
        return None
    source = np.maximum.accumulate(np.where(blank, 0, np.arange(len(blank))))
    filled = column.take(pa.array(source))
    keys = pd.DataFrame({place: codes_of(one)[0] for place, one in enumerate([filled, *others])})
    return None if keys.duplicated().any() else (filled, np.asarray(blank, dtype=bool))


def date_totals(dates: pa.Array, label: pa.Array, counts: Sequence[Any]) -> Mask:
    """Return the rows of one label that add up the rows of all other labels, date by date.

    Examples
    --------
    >>> days = pa.array([day for day in "123" for _ in range(3)])
    >>> beds = np.array([1.0, 2, 3, 4, 5, 9, 6, 2, 8])
    >>> date_totals(days, pa.array(["A", "B", None] * 3), [beds]).tolist()[:3]
    [False, False, True]
    """
    none = np.zeros(len(label), dtype=bool)
    day, days = codes_of(dates)
    code, kinds = codes_of(label)
    present = np.bincount(code, minlength=kinds) > 0
    if present.sum() < 3 or not counts or days * kinds > LARGEST:
        return none
    rows = np.bincount(code * days + day, minlength=kinds * days).reshape(kinds, days) > 0
    telling = np.zeros((kinds, days), dtype=bool)
    wrong = np.zeros((kinds, days), dtype=bool)
    for numbers in counts:
        sums = np.bincount(
            code * days + day, weights=np.nan_to_num(numbers), minlength=kinds * days
        ).reshape(kinds, days)
        whole = sums.sum(axis=0)
        wrong |= np.abs(2 * sums - whole) > 1e-6 * np.abs(whole) + 1e-9
        telling |= whole > 0
    used = rows.any(axis=0)
    asked = telling & used
    right = (asked & rows & ~wrong).sum(axis=1)
    found = np.flatnonzero(present & (right >= 3) & (right >= MATCHING * asked.sum(axis=1)))
    return code == found[0] if len(found) == 1 else none


def without_stay(table: pd.DataFrame) -> Mask:
    """Return the rows of a table of stays that hold no stay, where most rows hold one.

    A number of a stay or patient counts unless it is a word for a total.
    """
    have = np.zeros(len(table), dtype=bool)
    for name in _STAY:
        if name in table:
            have |= table[name].notna().to_numpy()
    for name in ("stay_id", "patient_id"):
        if name in table and not have.all():
            values = table[name][~have]
            words = {item for item in values.dropna().unique() if is_total(item)}
            have[~have] = (values.notna() & ~values.isin(words)).to_numpy()
    return ~have if len(have) and have.mean() > 0.5 else np.zeros(len(table), dtype=bool)
