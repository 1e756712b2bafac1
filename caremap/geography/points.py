"""Facilities as points: their names and coordinates, read from any frame and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.geography.locate import locate
from caremap.problems import DataProblem

__all__ = ["Points", "coordinates", "named", "points_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Points:
    """Places by name, in the order of the frame they came from.

    Attributes
    ----------
    names
        Names of facilities, each once.
    latitude, longitude
        In degrees (WGS 84); NaN where a place is not known.
    known
        Which places are known.
    by_name
        The place of each in the order of names, by which ties are broken.
    """

    names: pd.Index[Any]
    latitude: Array
    longitude: Array

    @property
    def known(self) -> Array:
        """Which have a latitude and a longitude."""
        known: Array = ~np.isnan(self.latitude + self.longitude)
        return known

    @property
    def by_name(self) -> Array:
        """The rank of each name, so that a tie never depends on the order of rows."""
        names = [str(name) for name in self.names.tolist()]  # one by one a text index is slow
        order = sorted(range(len(names)), key=names.__getitem__)
        ranks = np.empty(len(order), dtype="int64")
        ranks[order] = np.arange(len(order))
        return ranks


def points_of(facilities: pd.DataFrame) -> Points:
    """Return the facilities of a frame as points.

    Parameters
    ----------
    facilities
        Columns ``facility``, ``latitude``, ``longitude``: numbers, or text that reads as such.
        A latitude beyond 90 degrees is no place. Without coordinates, ``zip`` does: see `locate`.

    Raises
    ------
    caremap.DataProblem
        Where a column is missing, a facility has no name, or two have the same.

    Examples
    --------
    >>> points = points_of(pd.DataFrame({"facility": ["North", "South"],
    ...                                  "latitude": ["47.9", None], "longitude": [-122.1, 8.0]}))
    >>> points.names.tolist(), points.latitude.tolist(), points.known.tolist()
    (['North', 'South'], [47.9, nan], [True, False])
    """
    names = named(facilities)
    missing = not {"latitude", "longitude"} <= {*facilities.columns}
    placed = locate(facilities)[0] if missing and "zip" in facilities else facilities
    return Points(names, *coordinates(placed))


def named(facilities: pd.DataFrame) -> pd.Index[Any]:
    """Return the names of the facilities of a frame, each of which must be there once."""
    _require(facilities, ["facility"])
    names = facilities["facility"]
    blank = names.isna() | (names.astype("str").str.strip() == "")
    if blank.any():
        raise DataProblem(
            f"{int(blank.sum())} of {len(names)} facilities have no name.",
            "Name every facility, or leave these rows out.",
        )
    twice = names.duplicated(keep=False)
    if twice.any():
        raise DataProblem(
            f"{int(twice.sum())} of {len(names)} rows share their facility's name with another.",
            "Keep one row for each facility.",
        )
    listed: pd.Index[Any] = pd.Index(names.tolist(), name="facility")
    return listed


def coordinates(frame: pd.DataFrame) -> tuple[Array, Array]:
    """Return latitude and longitude of a frame's rows; NaN in both where either is no degree."""
    _require(frame, ["latitude", "longitude"])
    latitude, longitude = (
        pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
        for name in ("latitude", "longitude")
    )
    # 197° east is 163° west: a turn more is a way to write a longitude, not a mistake
    on_earth = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 360)
    return np.where(on_earth, latitude, np.nan), np.where(on_earth, longitude, np.nan)


def _require(frame: pd.DataFrame, columns: list[str]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise DataProblem(
            f"The facilities have no column “{'” and “'.join(missing)}”.",
            "Give their ZIP codes or coordinates to geography.locate first."
            if "facility" not in missing
            else "Name the column of their names “facility”.",
        )
