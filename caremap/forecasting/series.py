"""A measure of a network as a plain series."""

from __future__ import annotations

from typing import Any

from caremap.dataset import Dataset
from caremap.forecasting.preparing import prepared
from caremap.problems import DataProblem

__all__ = ["series"]


def series(
    dataset: Dataset,
    measure: str = "admissions",
    every: str = "day",
    by: str | None = None,
    *,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> Any:
    """Return a measure by day or week.

    Parameters
    ----------
    dataset, measure, every, by, as_of, same_day, overnight_only, cost_date
        As in `caremap.forecasting.prepared`, which says too what was left out and why.

    Returns
    -------
    pandas.Series
        Named as the measure, ``date`` its index (days, or the Mondays of weeks): 0 where the file
        covers the day and nobody came, missing where it does not. A day that was not over
        yet, and days for which the file is not complete, are cut off the ends.
        With ``by`` a DataFrame, one column per group; they add up to the series of a count.

    Raises
    ------
    ValueError
        Where a measure or a choice is none of those there are.
    caremap.DataProblem
        Where there are no dates, or they are in doubt; where counts are less frequent than
        asked for; where no file has the measure, or the column to group by.

    Examples
    --------
    >>> import pandas as pd
    >>> admitted = pd.to_datetime(["2024-04-01", "2024-04-01", "2024-04-03"])
    >>> series(Dataset(stays=pd.DataFrame({"admitted": admitted})))
    date
    2024-04-01    2.0
    2024-04-02    0.0
    2024-04-03    1.0
    Freq: D, Name: admissions, dtype: float64
    """
    found = prepared(
        dataset, measure, every, by, as_of=as_of, same_day=same_day,
        overnight_only=overnight_only, cost_date=cost_date,
    )  # fmt: skip
    if found.series.empty and found.refusal:
        raise DataProblem(found.refusal, found.hint)
    return found.series if by is None else found.parts
