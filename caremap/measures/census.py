"""The midnight census: patients in hospital at the end of each day, and their beds.

A stay counts on day D if it was admitted on D or before and discharged later than D, or not
at all (AIHW patient day, NHS KH03). It is computed from who comes and who goes, so its cost
does not grow with the length of the stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.beds import beds_of
from caremap.measures.counts import counts_of
from caremap.measures.coverage import coverage_of, has
from caremap.measures.grid import Grid, grid_of
from caremap.measures.windows import dates_in_doubt, resolve_as_of
from caremap.problems import DataProblem

__all__ = ["census", "from_stays", "require"]


def census(
    dataset: Dataset, by: str | Sequence[str] | None = None, as_of: object = None
) -> pd.DataFrame:
    """Return the midnight census, day by day.

    Parameters
    ----------
    dataset
        With stays, or with counts of occupied beds.
    by
        Column or columns to group by.
    as_of
        A day after the last admission up to which the file is complete, by your word.

    Returns
    -------
    pandas.DataFrame
        ``date``, the columns in ``by``, ``occupied`` (patients in hospital at midnight) and
        ``staffed`` (staffed beds; NaN where they are not known for every place that has
        patients). Only days the file is complete for, see `caremap.measures.coverage`, and
        within the reporting period. From counts: the days (or weeks, months) as given; a
        place without a count on a day is not in its sum. Empty where there are no dates, or
        where they are in doubt (day and month swapped in part).

    Raises
    ------
    caremap.DataProblem
        Where a column in ``by`` does not exist.

    Notes
    -----
    AIHW METeOR *patient day*; NHS England KH03. Stays that end before they begin, stays
    without an admission date and very old open stays are left out.

    Examples
    --------
    >>> stays = pd.DataFrame({
    ...     "admitted": pd.to_datetime(["2024-04-01", "2024-04-02", "2024-04-03"]),
    ...     "discharged": pd.to_datetime(["2024-04-02", "2024-04-03", None]),
    ...     "length_of_stay": [1.0, 1.0, None]})
    >>> census(Dataset(stays=stays))
            date  occupied  staffed
    0 2024-04-02       1.0      NaN
    1 2024-04-03       1.0      NaN
    """
    groups = (by,) if isinstance(by, str) else tuple(by or ())
    if "region" in groups:
        dataset = dataset.with_regions()
    if from_stays(dataset):
        require(dataset.stays, groups)
        coverage = coverage_of(dataset, None if as_of is None else resolve_as_of(dataset, as_of))
        grid = grid_of(dataset, coverage, beds_of(dataset), groups)
        result = _long(grid, groups)
        if coverage.census is None:
            return result.iloc[:0]
        complete: tuple[pd.Timestamp | None, ...] = (coverage.census.first, coverage.census.last)
    else:
        if dataset.activity is not None:
            require(dataset.activity, groups)
        result = _counted(dataset, groups)
        complete = (None, None)
    if dates_in_doubt(dataset):
        return result.iloc[:0]
    start, end = dataset.period or (None, None)
    for low in (complete[0], start):
        result = result if low is None else result[result["date"] >= low]
    for high in (complete[1], end):
        result = result if high is None else result[result["date"] <= high]
    return result.reset_index(drop=True)


def _long(grid: Grid, groups: Sequence[str]) -> pd.DataFrame:
    """Return the grid as a long frame, places added up within each group."""
    parts = [
        pd.DataFrame({"date": grid.days, **dict(zip(groups, group, strict=True))}).assign(
            occupied=grid.occupied[:, inside].sum(axis=1), staffed=grid.staffed(inside)
        )
        for group, inside in grid.groups(groups).items()
    ]
    return _shaped(pd.concat(parts) if parts else None, groups)


def _counted(dataset: Dataset, groups: Sequence[str]) -> pd.DataFrame:
    """Return the census as a file of counts gives it."""
    if not has(dataset.activity, "date"):
        return _shaped(None, groups)
    assert dataset.activity is not None
    counts = counts_of(dataset, groups).beds
    counts = counts[counts["date"].notna() & counts["occupied"].notna()]
    counts = counts.assign(known=counts["staffed"].notna())
    result = (
        counts.groupby(["date", *groups])
        .agg(occupied=("occupied", "sum"), staffed=("staffed", "sum"), known=("known", "all"))
        .reset_index()
    )
    return _shaped(result.assign(staffed=result["staffed"].where(result["known"])), groups)


def _shaped(frame: pd.DataFrame | None, groups: Sequence[str]) -> pd.DataFrame:
    dtypes = {"date": "datetime64[us]", **dict.fromkeys(groups, "str")}
    dtypes |= {"occupied": "float64", "staffed": "float64"}
    if frame is None:
        frame = pd.DataFrame(columns=list(dtypes))
    return frame[list(dtypes)].astype(dtypes).sort_values(["date", *groups], ignore_index=True)


def from_stays(dataset: Dataset) -> bool:
    """Return whether patients in hospital can be counted from stays, whatever filters leave."""
    whole = (dataset.whole or dataset).stays
    return dataset.stays is not None and has(whole, "admitted", "discharged")


def require(table: pd.DataFrame | None, groups: Sequence[str]) -> None:
    """Refuse columns that a table does not have."""
    for name in groups:
        if table is not None and name not in table:
            raise DataProblem(
                f"There is no column “{name}” to group by.", "Choose a column of the table."
            )
