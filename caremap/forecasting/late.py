"""The end of a file that is filled in late: too low for what is usual, or not filled in at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.forecasting.counting import Counted
from caremap.forecasting.covering import in_view, week_of
from caremap.forecasting.ends import low_at_end
from caremap.forecasting.gaps import empty_by_chance, runs_of
from caremap.measures import reductions

__all__ = ["late_end"]


def late_end(
    dataset: Dataset, measure: str, of: Counted, complete: pd.Series[bool]
) -> tuple[int, str]:
    """Return how many days or weeks at the end are not complete, and say so.

    Parameters
    ----------
    dataset, measure, of
        What is counted. Stays are judged by all rows of the facilities in view: a small part of
        them has empty days by chance.
    complete
        Which days (or weeks, of weekly counts) are known.
    """
    known = np.flatnonzero(complete)
    if of.stock or not len(known):
        return 0, ""
    index = pd.DatetimeIndex(complete.index[: known[-1] + 1])
    rows, amount = of.rows, "value"
    if of.table == "stays":
        rows, amount = in_view(dataset, of.date), "rows"
    sums = _summed(rows, amount, of, index).where(complete)
    empty = _not_filled_in(dataset, measure, of, index) if of.table == "activity" else 0
    cut = empty + low_at_end(sums.iloc[: len(sums) - empty], 1 if of.every == "week" else 7)
    if not cut:
        return 0, ""
    days = said(index[-cut]) + (f" to {said(index[-1])}" if cut > 1 else "")
    week = "the week of " if of.every == "week" else ""
    told = f"Left out as not complete: {week}{days}, far below what is usual."
    return len(complete) - len(index) + cut, told


def _summed(
    rows: pd.DataFrame, amount: str, of: Counted, index: pd.DatetimeIndex
) -> pd.Series[Any]:
    when = week_of(rows["date"]) if of.every == "week" else rows["date"]
    return rows.groupby(when)[amount].sum().reindex(index, fill_value=0).astype("float64")


def _not_filled_in(dataset: Dataset, measure: str, of: Counted, index: pd.DatetimeIndex) -> int:
    """Return how many zeros of the whole file stand at its end where chance gives none.

    A sheet made for a year has zeros in the days to come. A part of the network that closed
    has them too, but then the others go on.
    """
    if of.every == "week":
        return 0
    whole = (dataset.whole or dataset).once("activity", reductions.flows, "date", (), [measure])
    sums = _summed(whole.dropna(subset="date"), measure, of, index)
    runs = runs_of(~empty_by_chance(sums).to_numpy("bool"))
    return len(index) - runs[-1][0] if runs and runs[-1][1] == len(index) else 0
