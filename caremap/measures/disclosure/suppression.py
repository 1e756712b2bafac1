"""Counts of few patients are hidden, and the least that would give them away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

from caremap.measures.disclosure.lines import Floats
from caremap.measures.disclosure.tables import Layout

__all__ = ["suppress"]


def suppress(
    frame: pd.DataFrame,
    counts: str | Sequence[str],
    by: str | Sequence[str],
    threshold: int = 10,
) -> pd.DataFrame:
    """Hide counts of few patients, and the least that would give them away.

    Parameters
    ----------
    frame
        One row per group, or per crossing of groups, without total rows.
    counts
        Columns of patient counts: whole numbers from 0 (never staff, beds, moves or forecasts).
    by
        The one or two columns whose categories add up to a published total. With one, the
        total over it is taken as known; with two (a crossed table), the total of every row
        and of every column, and so that of all. Where ``by`` does not tell the rows apart, every
        combination of the other columns that are no numbers with decimals makes a table of
        its own, with its own totals: ``by="department"`` of departments by month takes the
        total of every month as known. Where totals of the departments are known too, name both.
    threshold
        Counts from 1 to this are hidden.

    Returns
    -------
    pandas.DataFrame
        A copy, the counts as ``Int64``, hidden ones missing. A count that was missing stays
        so; it is no count, nor can it be hidden or be found out. Zero is always shown.

    Raises
    ------
    ValueError
        Where a count is negative, not a whole number or no number; where a column does not
        exist or is both a count and in ``by``; with no or more than two columns in ``by``.

    Notes
    -----
    *Protection.* Who knows every count shown, every total, and that a hidden count is at least
    1 (a zero would be shown), still finds at least two possible values for each hidden one.
    So two hidden counts that make 2 are not hidden enough (they are 1 and 1), two that make 3
    are. It is not protected how near the possible values are to each other, nor against who
    has other knowledge of the patients.

    *Least.* As few counts as possible are hidden beside those from 1 to the threshold, and of
    these the smallest in sum: always so with one column in ``by``; with two in tables of up to
    400 counts above 0, by integer programming (Fischetti and Salazar 2001). In larger ones a
    count is hidden only if it closes a round trip through the table for another, and, unless
    the table is very large, none that could be shown is left hidden; on tables where both were
    tried this hid up to three counts more than the least.

    *What cannot be kept.* A count that the totals give away even if every other count above 0
    were hidden, as the only one of its row, cannot be kept from who knows these totals: it is
    hidden here, and its totals, which are as small, have to be hidden where they are shown. In
    a crossed table such totals of up to the threshold are taken as hidden, with a second one
    as this function hides it in a list of the totals, so that the totals across do not give
    the count away.

    *Several counts* are tables by themselves. Counts of nearly the same patients (admissions
    and discharges) tell of each other; `caremap.measures.protected` sees to that.

    CMS cell size suppression policy: no cell of 1 to 10, and no figure it follows from.

    Examples
    --------
    >>> stays = pd.DataFrame({"ward": list("ABCD"), "admissions": [4, 60, 15, 0]})
    >>> suppress(stays, ["admissions"], by="ward")["admissions"].tolist()
    [<NA>, 60, <NA>, 0]
    >>> stays = pd.DataFrame({"ward": list("AABBCC"), "sex": list("FMFMFM"),
    ...                       "admissions": [4, 60, 20, 15, 30, 40]})
    >>> suppress(stays, "admissions", by=["ward", "sex"])["admissions"].tolist()
    [<NA>, <NA>, <NA>, <NA>, 30, 40]
    """
    counted = [counts] if isinstance(counts, str) else list(counts)
    keys = [by] if isinstance(by, str) else list(by)
    _refuse(frame, counted, keys)
    layout = Layout(frame, tuple(keys), _apart(frame, counted, keys))
    result = frame.copy()
    for name in counted:
        values = _whole(frame, name)
        must = (values > 0) & (values <= threshold)
        hidden = layout.hide(values, must, values > 0, values > 1, threshold)
        shown = pd.Series(values, index=frame.index).astype("Int64")
        result[name] = shown.mask(pd.Series(hidden, index=frame.index))
    return result


def _refuse(frame: pd.DataFrame, counts: Sequence[str], by: Sequence[str]) -> None:
    for name in (*counts, *by):
        if name not in frame:
            raise ValueError(f"there is no column {name!r}, only {', '.join(map(str, frame))}")
    if not 1 <= len(by) <= 2:
        raise ValueError(f"by is one or two columns, got {len(by)}")
    if set(counts) & set(by):
        raise ValueError(f"a column is a count or in by, not both: {set(counts) & set(by)}")


def _apart(frame: pd.DataFrame, counts: Sequence[str], by: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that make tables of their own, where ``by`` does not tell rows apart."""
    if not frame.duplicated(list(by)).any():
        return ()
    others = [name for name in frame if name not in (*counts, *by)]
    return tuple(str(name) for name in others if not is_float_dtype(frame[name]))


def _whole(frame: pd.DataFrame, name: str) -> Floats:
    column = frame[name]
    if is_bool_dtype(column) or not is_numeric_dtype(column):
        raise ValueError(f"{name} has to hold counts, got {column.dtype}")
    values: Floats = column.to_numpy("float64", na_value=np.nan)
    known = values[~np.isnan(values)]
    if not (np.isfinite(known) & (known >= 0) & (known == np.round(known))).all():
        raise ValueError(f"{name} has to hold whole numbers from 0")
    return values
