"""The values of a measure put together: per day or week, and per group."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN
from caremap.forecasting.counting import Counted
from caremap.forecasting.covering import week_of
from caremap.measures.groups import read_order

__all__ = ["parts_of", "reduced", "whole_weeks"]


def reduced(rows: pd.DataFrame, of: Counted, groups: list[str]) -> pd.Series[Any]:
    """Return one value per period and group."""
    keys = ["period", *groups]
    if of.stock:
        daily = rows.groupby(["date", *keys])["value"].sum()
        return daily.groupby(keys).mean()
    if of.kind == "count":
        sums = rows.groupby(keys)[["value", "n"]].sum()
        return sums["value"].where(sums["n"] > 0)
    if of.median:
        return _medians(rows, keys)
    weighed = rows.assign(weighed=rows["value"] * rows["n"]).groupby(keys)[["weighed", "n"]].sum()
    return weighed["weighed"] / weighed["n"]


def _medians(rows: pd.DataFrame, keys: list[str]) -> pd.Series[Any]:
    """Return the median of values that occur n times each."""
    sums = rows.groupby([*keys, "value"])[["n"]].sum()
    ordered = sums.reset_index()  # sorted by its keys
    groups = ordered.groupby(keys)["n"]
    reached, total = groups.cumsum(), groups.transform("sum")
    lower = ordered[reached > (total - 1) // 2].groupby(keys)["value"].first()
    upper = ordered[reached > total // 2].groupby(keys)["value"].first()
    middle: pd.Series[Any] = (lower + upper) / 2
    return middle


def parts_of(rows: pd.DataFrame, of: Counted, series: pd.Series[Any], zero: float) -> pd.DataFrame:
    """Return the series by group: where the whole is not known, no part is."""
    long = reduced(rows, of, ["group"]).rename("value").reset_index()
    wide = long.pivot_table(index="period", columns="group", values="value", dropna=False)
    wide = wide.reindex(series.index)
    wide = wide.fillna(zero) if not np.isnan(zero) else wide
    if of.kind == "count":
        wide = wide.where(series.ne(0), 0.0)  # closed: nobody came to any of them
    wide = wide.where(series.notna()).astype("float64")
    return in_reading_order(wide)


def in_reading_order(wide: pd.DataFrame) -> pd.DataFrame:
    """Return columns as people read their names, whole numbers without decimals.

    Examples
    --------
    >>> list(in_reading_order(pd.DataFrame(columns=["Ward 10", "Unknown", "Ward 2"])))
    ['Ward 2', 'Ward 10', 'Unknown']
    """
    names = [str(name) for name in wide.columns]
    if all(re.fullmatch(r"-?\d+\.0", name) for name in names if name != UNKNOWN):
        names = [name.removesuffix(".0") for name in names]
    ordered = sorted(range(len(names)), key=lambda place: read_order(names[place]))
    return wide.set_axis(pd.Index(names, dtype="str"), axis=1).iloc[:, ordered]


def whole_weeks(complete: pd.Series[bool], kind: str) -> tuple[pd.Series[bool], str]:
    """Return which weeks are whole: of means, those with more than half of their days."""
    first, last = complete.index[0], complete.index[-1]
    weeks = complete.groupby(week_of(pd.Series(complete.index, complete.index))).sum()
    weeks.index.name = "date"
    cut = []
    if first.weekday():
        cut.append("first")
        weeks = weeks.iloc[1:]
    if last.weekday() != 6 and len(weeks):
        cut.append("last")
        weeks = weeks.iloc[:-1]
    least = 7 if kind == "count" else 4
    said_of = f"The {' and the '.join(cut)} week {'are' if len(cut) > 1 else 'is'} not whole and"
    return weeks >= least, f"{said_of} left out." if cut else ""
