"""The facilities of a network and the people they serve, for planning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.geography.catchment import Catchment, Method, catchment
from caremap.geography.decays import DecayLike
from caremap.geography.facility_list import facilities_of
from caremap.geography.names import place_key
from caremap.planning.role_columns import numbers
from caremap.problems import DataProblem

__all__ = ["People", "places_of", "population_of"]


@dataclass(frozen=True, eq=False)
class People:
    """The population of each facility, in their order.

    ``catchment`` is the `caremap.geography.Catchment` it is from, None where it is the
    facilities' own column.
    """

    served: pd.Series[float]
    notes: tuple[str, ...] = ()
    catchment: Catchment | None = None


def places_of(dataset: Dataset) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the facilities of a dataset, each once, and what was noticed of their places.

    As `caremap.geography.facilities_of` gives them.

    Raises
    ------
    caremap.DataProblem
        Where no table names a facility.

    Examples
    --------
    >>> staff = pd.DataFrame({"facility": ["A", "a ", "B"], "staff": [1, 2, 3]})
    >>> places_of(Dataset(staff=staff))[0]["facility"].tolist()
    ['A', 'B']
    """
    found, findings = facilities_of(dataset)
    if found.empty:
        raise DataProblem(
            "No table names a facility.",
            "Add a column with the name of the facility, or a table of facilities.",
        )
    return found, tuple(findings)


def population_of(
    dataset: Dataset,
    facilities: pd.DataFrame,
    method: Method = "own",
    *,
    reach_km: float | None = None,
    decay: DecayLike = None,
) -> People:
    """Return the people each facility serves.

    Parameters
    ----------
    dataset
        Its population table counts the people of ZIP codes.
    facilities
        As `places_of` gives them; their own column of population goes first with ``own``.
    method, reach_km, decay
        Of `caremap.geography.catchment`.

    Raises
    ------
    caremap.DataProblem
        Where a catchment is asked for and there is no table of ZIP codes.

    Examples
    --------
    >>> sites = pd.DataFrame({"facility": ["A", "B"], "population": [900.0, None]})
    >>> population_of(Dataset(), sites).served.tolist()
    [900.0, nan]
    """
    own = numbers(facilities["population"]) if "population" in facilities else pd.Series(
        np.nan, index=facilities.index
    )  # fmt: skip
    table = (dataset.whole or dataset).population
    if table is None or not {"zip", "population"} <= set(table):
        if method != "own":
            raise DataProblem(
                "There is no table of population by ZIP code to make catchments of.",
                "Add one, or choose the facilities' own population.",
            )
        return People(own.reset_index(drop=True))
    if method == "own" and own.notna().all():
        return People(own.reset_index(drop=True), _said_own(own))
    # Whoever is filtered away still serves the people near it.
    everyone = facilities if dataset.whole is None else facilities_of(dataset.whole)[0]
    try:
        made = catchment(everyone, table, method, reach_km=reach_km, decay=decay)
    except DataProblem as problem:
        if method != "own" or own.isna().all():
            raise
        return People(own.reset_index(drop=True), (*_said_own(own), problem.message))
    keys = facilities["facility"].map(place_key)
    served = made.served.set_axis(made.served.index.map(place_key))
    people = keys.map(served).astype("float64").reset_index(drop=True)
    if method != "own":
        return People(people, tuple(made.notes), made)
    own = own.reset_index(drop=True)
    filled = int((own.isna() & people.notna()).sum())
    notes = (*_said_own(own), *made.notes) if filled else _said_own(own)
    return People(own.fillna(people), notes, made if filled else None)


def _said_own(own: pd.Series[float]) -> tuple[str, ...]:
    known = int(own.notna().sum())
    if not known:
        return ()
    return (f"Population is the facilities' own column, for {known:,} of {len(own):,}.",)
