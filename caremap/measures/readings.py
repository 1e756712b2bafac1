"""Two readings of one table side by side: what a decision about dates would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from caremap.dataset import Dataset
from caremap.intake import Loaded
from caremap.measures.headline import headline

__all__ = ["compare_readings"]

MOST_MONTHS = 24


def compare_readings(readings: Mapping[str, Loaded]) -> pd.DataFrame:
    r"""Compare the same table read in several ways.

    Parameters
    ----------
    readings
        Name of the reading to the table read so; stays or counts by date.

    Returns
    -------
    pandas.DataFrame
        One column of text per reading, indexed by what is compared: first and last date,
        rows with a date, admissions month to date, stays discharged
        before they were admitted, and admissions by month (the last 24 months of either
        reading). “–” is what cannot be computed.

    Examples
    --------
    >>> from caremap import open_file
    >>> text = b"Admission Date,Discharge Date\n03/04/2024,05/04/2024\n04/05/2024,01/06/2024\n"
    >>> compare_readings({
    ...     order: open_file(text, options={"dates": order})
    ...     for order in ("day-first", "month-first")
    ... })
                                            day-first           month-first
    First date                             3 Apr 2024            4 Mar 2024
    Last date                              4 May 2024            5 Apr 2024
    Rows with a date                                2                     2
    Admissions month to date                        1                     1
    Discharged before admission                     0                     1
    Admissions in Mar 2024                          0                     1
    Admissions in Apr 2024                          1                     1
    Admissions in May 2024                          1                     0
    """
    months = {name: _by_month(one) for name, one in readings.items()}
    every = sorted(set().union(*(series.index for series in months.values())))
    shown = every[-MOST_MONTHS:]
    columns = {
        name: {
            **_facts(one),
            **{
                f"{_counted(one)} in {month:%b %Y}": f"{months[name].get(month, 0):,.0f}"
                for month in shown
            },
        }
        for name, one in readings.items()
    }
    return pd.DataFrame(columns, dtype="str").fillna("–")


def _facts(loaded: Loaded) -> dict[str, str]:
    table, dates = loaded.table, _dates(loaded)
    figures = headline(Dataset.of(loaded))
    measure = "visits" if _counted(loaded) == "Visits" else "admissions"
    to_date = float(figures["month_to_date"].get(measure, float("nan")))
    facts = {
        "First date": _day(dates.min() if dates is not None else None),
        "Last date": _day(dates.max() if dates is not None else None),
        "Rows with a date": f"{0 if dates is None else int(dates.notna().sum()):,}",
        f"{_counted(loaded)} month to date": "–"
        if pd.isna(to_date) else f"{to_date:,.0f}",
    }  # fmt: skip
    if {"admitted", "discharged"} <= set(table.columns):
        negative = (table["discharged"].dt.normalize() < table["admitted"].dt.normalize()).sum()
        facts["Discharged before admission"] = f"{int(negative):,}"
    return facts


def _counted(loaded: Loaded) -> str:
    only_visits = "visits" in loaded.table and "admissions" not in loaded.table
    return "Visits" if loaded.kind == "activity" and only_visits else "Admissions"


def _dates(loaded: Loaded) -> pd.Series[Any] | None:
    named = [name for name in ("admitted", "date", "discharged") if name in loaded.table]
    return loaded.table[named[0]] if named else None


def _by_month(loaded: Loaded) -> pd.Series[float]:
    dates = _dates(loaded)
    if dates is None:
        return pd.Series(dtype="float64")
    month = dates.dt.to_period("M").dt.to_timestamp()
    if loaded.kind == "activity":
        name = _counted(loaded).lower()
        if name not in loaded.table:
            return pd.Series(dtype="float64")
        counts: pd.Series[float] = loaded.table[name].groupby(month).sum()
        return counts
    rows: pd.Series[float] = month.value_counts().astype("float64")
    return rows


def _day(value: Any) -> str:
    return "–" if value is None or pd.isna(value) else f"{value.day} {value:%b %Y}"
