"""The key figures without the counts of few patients, nor what would give them away."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from caremap.hidden import HIDDEN, WHY_HIDDEN
from caremap.measures.disclosure.lines import Floats
from caremap.measures.disclosure.registry import made

__all__ = ["protected_headline"]

_OF = {"overall": ("numerator", "denominator", "n"),
       "month_to_date": ("mtd_numerator", "mtd_denominator", "mtd_n"),
       "previous": (), "last_year": ()}  # fmt: skip
"""What each figure is given with."""


def protected_headline(
    headline: pd.DataFrame,
    whole: pd.DataFrame | None = None,
    threshold: int = 10,
    not_patients: Collection[str] = (),
) -> pd.DataFrame:
    """Hide counts of few patients among key figures, and what would give them away.

    Parameters
    ----------
    headline
        What `caremap.measures.headline` gives.
    whole
        The same without filters or period, where that may be published too.
    threshold
        Counts from 1 to this are hidden.
    not_patients
        As in `protected`: what is made of rows of counts (``cost_n``, say) goes by the
        patients these count, as the months compared with do.

    Returns
    -------
    pandas.DataFrame
        A copy: figures hidden are NaN, with their numerator, denominator and n, and the change
        made of them; ``note`` then says that alone, and a column ``hidden``
        is added where anything is.

    Notes
    -----
    A figure is hidden where it counts 1 to the threshold patients, or is made of so few; a
    percentage also where so few of its patients, or all but so few, are counted; the month
    to date where so few came in the rest of the period; and any where the ``whole`` less it
    leaves so few. Where ``n`` is not given (the months compared with) the admissions, visits
    and discharges of that month are taken for it. Beds and scores of staff are never hidden.

    Examples
    --------
    >>> from caremap.dataset import Dataset
    >>> from caremap.measures import headline
    >>> days = pd.to_datetime(["2024-03-30"] * 20 + ["2024-04-01"] * 4)
    >>> figures = protected_headline(headline(Dataset(stays=pd.DataFrame({"admitted": days}))))
    >>> figures.loc["admissions", ["overall", "month_to_date"]].tolist()
    [24.0, nan]
    """
    known = None if whole is None else protected_headline(whole, None, threshold, not_patients)
    rows_of = {name for name in headline.index if _counts_rows(name, not_patients)}
    away = {
        window: [
            name for name in headline.index
            if name not in rows_of and _told(headline, known, name, window, threshold)
        ]
        for window in _OF
    }  # fmt: skip
    result = headline.copy()
    rows = pd.Series(False, index=headline.index)
    for name in headline.index:
        columns: list[str] = []
        for window, given in _OF.items():
            bases = _bases(name, "previous" if name in rows_of else window)
            if name in away[window] or any(base in away[window] for base in bases):
                columns += [window, *given]
        if {"month_to_date", "previous"} & set(columns):
            columns.append("change")
        columns = [column for column in columns if pd.notna(headline.loc[name, column])]
        if columns:
            result.loc[name, columns] = np.nan
            result.loc[name, "note"] = WHY_HIDDEN
            rows[name] = True
    if not rows.any():
        return result
    before = headline[HIDDEN].astype(bool) if HIDDEN in headline else rows
    return result.assign(**{HIDDEN: rows | before})


def _counts_rows(name: str, not_patients: Collection[str]) -> bool:
    """Return whether the ``n`` of a measure counts no patients."""
    one = made(name)
    return one is not None and one.how == "figure" and any(n in not_patients for n in one.of)


def _told(
    headline: pd.DataFrame, whole: pd.DataFrame | None, name: str, window: str, threshold: int
) -> bool:
    """Return whether a figure tells of few patients, by itself or by what it leaves out."""

    def few(numbers: Floats) -> bool:
        return bool(((numbers > 1e-6) & (numbers < threshold + 1e-6)).any())

    patients = _patients(headline, name, window)
    if few(patients):
        return True
    if whole is not None and few(_patients(whole, name, window) - patients):
        return True
    one = made(name)
    if window == "overall" or one is None or not one.adds:
        return False
    rest = _patients(headline, name, "overall")
    return len(rest) == len(patients) and few(rest - patients)


def _patients(headline: pd.DataFrame, name: str, window: str) -> Floats:
    """Return the numbers of patients that a figure tells, NaN where it does not."""
    one, value = made(name), _number(headline, name, window)
    numerator, denominator, n = [_number(headline, name, column) for column in _OF[window]] or [
        np.nan
    ] * 3
    if one is None or one.how == "shown" or np.isnan(value):
        return np.array([np.nan])
    if one.how == "count":
        return np.array([value])
    if one.how == "rate":
        if np.isnan(n):
            n = denominator = np.fmax.reduce(
                [np.nan, *(_number(headline, base, window) for base in one.instead)]
            )
            numerator = value * n / 100.0
        return np.round([numerator, denominator - numerator, n], 6)
    if name in _BEDS:
        return np.array([{"numerator": numerator, "denominator": denominator}.get(_BEDS[name])],
                        dtype="float64")  # fmt: skip
    return np.array([n])


_BEDS = {"occupancy": "", "mean_census": "", "turnover": "numerator",
         "turnover_interval": "denominator"}  # fmt: skip
"""Figures whose ``n`` are days, and where their patients are."""


def _bases(name: str, window: str) -> tuple[str, ...]:
    """Return the measures a figure is hidden with."""
    one = made(name)
    if one is None or one.how == "shown":
        return ()
    return one.of if name in _BEDS or _OF[window] else (*one.of, *one.instead)


def _number(headline: pd.DataFrame, name: str, column: str) -> float:
    return float(headline[column].get(name, np.nan))
