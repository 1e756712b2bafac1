"""Every measure period by period: days, weeks, months, quarters or years."""

from __future__ import annotations

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.by_group import COUNTED_BY, rows_of_counts
from caremap.measures.definitions import MEASURES
from caremap.measures.figures import Figures, missing
from caremap.measures.headline import all_figures
from caremap.measures.periods import periods_of
from caremap.measures.view import Choices
from caremap.measures.windows import dates_in_doubt, resolve_as_of

__all__ = ["trend"]

_COUNTED = {n: name for name, n in COUNTED_BY.items() if n != "team_score_n"}
_COUNTED |= {"survival_n": "survival"}
"""The columns that say of how many stays a measure is made, and one such measure of each."""


def trend(
    dataset: Dataset,
    every: str = "month",
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> pd.DataFrame:
    """Return every measure for each period from the first date to the as-of date.

    Parameters
    ----------
    dataset
        The network, filtered as it is.
    every
        ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``year``.
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        ``period`` (Timestamp of its first day), one column per measure, ``complete``:
        False where the data, the reporting period or the as-of date does not cover the
        whole of it; and ``cost_n``, ``charges_n``, ``length_of_stay_n``, ``satisfaction_n``,
        ``waiting_n``, ``readmission_n``, ``survival_n``: stays with a value, NaN where rows of
        counts gave the figure (how many patients it tells of is not known). A period without
        rows is 0 in flows and NaN in means. While dates are in doubt (day and month swapped in
        part) every figure is NaN and nothing is complete. Empty where there are no dates.

    Raises
    ------
    ValueError
        Where ``every`` is none of the choices.
    caremap.DataProblem
        Where counts are less frequent than the periods asked for.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-02-01", "2024-02-29",
    ...                                                   "2024-03-10"])})
    >>> trend(Dataset(stays=stays))[["period", "admissions", "complete"]]
          period  admissions  complete
    0 2024-02-01         2.0      True
    1 2024-03-01         1.0     False
    """
    choices = Choices(same_day, overnight_only, cost_date)
    day = resolve_as_of(dataset, as_of)
    periods = periods_of(dataset, every, day)
    windows, sure = periods.windows, not dates_in_doubt(dataset)
    figures: Figures = {}
    if windows and sure:
        figures = all_figures(dataset, windows, day, choices, periods.coverage)
    none = missing(windows)
    columns = {
        name: pd.Series([figure.value for figure in figures.get(name, none)], dtype="float64")
        for name in MEASURES
    }
    not_patients = rows_of_counts(dataset)
    known = {
        n: pd.Series([figure.n for figure in figures.get(name, none)], dtype="float64")
        for n, name in _COUNTED.items()
        if n not in not_patients
    }
    starts = pd.Series(periods.starts, dtype="datetime64[us]")
    frame = pd.DataFrame({"period": starts, **columns})
    frame = frame.assign(complete=pd.Series(periods.complete, dtype="bool"), **known)
    return frame.reindex(columns=["period", *MEASURES, "complete", *_COUNTED])
