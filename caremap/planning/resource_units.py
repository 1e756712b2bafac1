"""What places have, by resource: the latest count of each, under one name for each resource."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.beds import PLACES, beds_of, one_spelling
from caremap.measures.coverage import has
from caremap.problems import DataProblem

__all__ = ["BEDS", "ICU_BEDS", "VENTILATORS", "resource_units"]

BEDS, ICU_BEDS, VENTILATORS = "beds", "icu_beds", "ventilators"
_NAMES = (
    (r"ventilat|respirator|breathing", VENTILATORS),
    (r"(^|_)(icu|itu|uci|uti)(_|$)|intensive|critical_care", ICU_BEDS),
)
_ALL_BEDS = {"", "bed", "beds", "staffed_bed", "staffed_beds", "total_beds", "inpatient_beds"}


def resource_units(
    dataset: Dataset, by: Sequence[str] = (), *, as_of: object = None
) -> pd.DataFrame:
    """Return how many units of each resource there are, by place.

    Parameters
    ----------
    dataset
        With staffed beds (a capacity file, counts, or typed in) and a capacity table.
    by
        Columns of the place, of ``facility``, ``department`` and ``ward``. What the file counts
        without one of them is left out there.
    as_of
        The day; counts of a later date do not count. By default the latest are taken.

    Returns
    -------
    pandas.DataFrame
        The columns in ``by``, ``resource`` (``beds``: staffed; ``icu_beds``, part of them;
        ``ventilators``; all others by the name the file has) and ``units`` (the latest count of
        each place, added up; NaN where one of them is not known).

    Raises
    ------
    caremap.DataProblem
        Where ``by`` names something that is no place.

    Examples
    --------
    >>> capacity = pd.DataFrame({"facility": "A", "resource": ["beds", "ICU beds", "MRI"],
    ...                          "units": [30.0, 4.0, 1.0]})
    >>> resource_units(Dataset(capacity=capacity), ["facility"])
      facility  resource  units
    0        A      beds   30.0
    1        A  icu_beds    4.0
    2        A       MRI    1.0
    """
    by = list(by)
    if not {*by} <= {*PLACES}:
        raise DataProblem(
            "Resources are counted by facility, department and ward only.", "Choose one of them."
        )
    day = pd.Timestamp(as_of) if as_of is not None else None  # type: ignore[arg-type]
    tables = [_staffed(dataset, by, day), _others(dataset, by, day)]
    found = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    order = {BEDS: 0, ICU_BEDS: 1, VENTILATORS: 2}
    rank = found["resource"].map(order).fillna(3)
    ordered = found.assign(rank=rank).sort_values([*by, "rank", "resource"], kind="stable")
    shaped: pd.DataFrame = ordered[[*by, "resource", "units"]].reset_index(drop=True)
    return shaped.astype({**dict.fromkeys([*by, "resource"], "str"), "units": "float64"})


def _staffed(dataset: Dataset, by: list[str], day: pd.Timestamp | None) -> pd.DataFrame:
    beds = beds_of(dataset)
    empty = pd.DataFrame(columns=[*by, "resource", "units"])
    if beds.table is None or not {*by} <= {*beds.places}:
        return empty
    dates = beds.table["date"].dropna()
    on = day if day is not None else (dates.max() if len(dates) else pd.Timestamp("2000-01-01"))
    keys = beds.keys(by) if by else [()]
    units = beds.on(pd.DatetimeIndex([on]), by, keys)[0]
    return pd.DataFrame(keys, columns=by or None, index=range(len(keys))).assign(
        resource=BEDS, units=units
    )


def _others(dataset: Dataset, by: list[str], day: pd.Timestamp | None) -> pd.DataFrame:
    """Return the resources of the capacity table that are not all beds."""
    table, empty = dataset.capacity, pd.DataFrame(columns=[*by, "resource", "units"])
    if not has(table, "resource", "units"):
        return empty
    assert table is not None
    rows = table[table["resource"].notna()].reset_index(drop=True)
    rows = rows.assign(resource=rows["resource"].map(_called))
    rows = rows[~rows["resource"].isin([BEDS])]
    places = [name for name in PLACES if has(rows, name)]
    if rows.empty or not {*by} <= {*places}:
        return empty
    if has(rows, "date"):
        rows = rows[rows["date"].isna() | (rows["date"] <= day)] if day is not None else rows
        last = rows.groupby([*places, "resource"], dropna=False)["date"].transform("max")
        rows = rows[rows["date"].eq(last) | last.isna()]
    for name in by:
        rows = rows[rows[name].notna()]
    rows = one_spelling(rows, [*by, "resource"], pd.Series(1, index=rows.index))
    keys = [*by, "resource"]
    summed = rows.groupby(keys)["units"].agg(lambda units: units.sum(skipna=False))
    return summed.astype("float64").reset_index()


def _called(name: object) -> str:
    """Return the name of a resource: one spelling of those that are known."""
    slug = re.sub(r"[^a-z0-9]+", "_", str(name).strip().lower()).strip("_")
    if slug in _ALL_BEDS:
        return BEDS
    return next((known for pattern, known in _NAMES if re.search(pattern, slug)), str(name).strip())


def total_of(units: pd.DataFrame, resource: str) -> float:
    """Return the units of a resource, NaN where there is no count of it."""
    rows = units.loc[units["resource"].eq(resource), "units"]
    return float(rows.sum(skipna=False)) if len(rows) else np.nan
