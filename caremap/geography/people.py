"""A population table as people and where they live."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.geography.points import coordinates
from caremap.geography.zips import zip_centroids, zip_code
from caremap.problems import DataProblem

__all__ = ["homes", "living", "postcodes"]

Array = np.ndarray[Any, Any]


def living(population: pd.DataFrame) -> pd.DataFrame:
    """Return a population table with each ZIP code once.

    Parameters
    ----------
    population
        Columns ``zip`` and ``population``; where it has ``latitude`` and ``longitude`` too (as
        outside the United States), these are where the people live.

    Returns
    -------
    pandas.DataFrame
        ``zip`` (text, five digits where it is a US code), ``population`` (NaN where not known),
        in the order of the table. Rows without a ZIP code are kept, under "".

    Raises
    ------
    caremap.DataProblem
        Where a column is missing, or a ZIP code has two different populations.

    Examples
    --------
    >>> living(pd.DataFrame({"zip": [98007, "2138.0", "98007"],
    ...                      "population": ["27,571", None, 27571]}))
         zip  population
    0  98007     27571.0
    1  02138         NaN
    """
    for name in ("zip", "population"):
        if name not in population.columns:
            raise DataProblem(
                f"The population table has no column “{name}”.",
                "It takes one row for each ZIP code: “zip” and “population”.",
            )
    place = [name for name in ("latitude", "longitude") if name in population.columns]
    people = population[place].reset_index(drop=True)
    people.insert(0, "zip", postcodes(population["zip"]))
    people.insert(1, "population", _counted(population["population"]))
    known = people[(people["zip"] != "") & people["population"].notna()]
    different = known.groupby("zip")["population"].nunique()
    if (different > 1).any():
        raise DataProblem(
            f"{int((different > 1).sum())} ZIP codes have more than one population.",
            "Keep one row for each ZIP code: one year, and the sum of its parts.",
        )
    # the row that knows the number stands for its ZIP code; without a code all rows are kept
    people["unknown"] = people["population"].isna()
    first = people.sort_values("unknown", kind="stable").drop_duplicates("zip").index
    kept = people.index.isin(first) | (people["zip"] == "")
    return people[kept].drop(columns="unknown").reset_index(drop=True)


def postcodes(given: pd.Series) -> pd.Series:
    """Return codes as text: US ZIP codes as five digits, others as they are in capitals."""

    def read(value: object) -> str:
        return zip_code(value) or str(value).strip().upper()

    # few codes are known to many rows, and most are as they should be
    found = {value: read(value) for value in given.dropna().unique()}
    return pd.Series([found.get(value, "") for value in given.tolist()], dtype="str")


def homes(people: pd.DataFrame) -> tuple[Array, Array]:
    """Return where people live: their table's coordinates, or else the middle of the ZIP code."""
    north, east = np.full(len(people), np.nan), np.full(len(people), np.nan)
    if {"latitude", "longitude"} <= {*people.columns}:
        north, east = coordinates(people)
    missing = np.isnan(north + east)
    middle = coordinates(zip_centroids(people["zip"][missing]))
    north[missing], east[missing] = middle
    return north, east


def _counted(given: pd.Series) -> Array:
    plain = given
    if not pd.api.types.is_numeric_dtype(given):
        plain = given.astype("str").str.replace(r"(?<=\d),(?=\d{3}\b)", "", regex=True)
    people = pd.to_numeric(plain, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(people) & (people >= 0), people, np.nan)
