"""Where a patient, or help, can come from next: the nearest facilities with free beds or staff."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.geography.distances import kilometres
from caremap.geography.names import place_key
from caremap.measures import census, occupancy
from caremap.measures.beds import beds_of
from caremap.measures.coverage import has
from caremap.planning.role_columns import numbers
from caremap.problems import DataProblem

__all__ = ["free_beds", "free_nearby"]

_BEDS = {"facility": "str", "beds": "float64", "occupied": "float64", "free": "float64",
         "date": "datetime64[us]"}  # fmt: skip


def free_beds(dataset: Dataset, *, as_of: object = None) -> pd.DataFrame:
    """Return the beds each facility has free on the last day that is known of it.

    Parameters
    ----------
    dataset
        Stays and beds, or counts of occupied and staffed beds; filtered as it is.
    as_of
        As in `caremap.measures.census`.

    Returns
    -------
    pandas.DataFrame
        ``facility``, ``beds`` (staffed; NaN where not known), ``occupied`` (patients at that
        midnight; NaN where the file knows of beds and of no patient ever), ``free`` (beds -
        occupied: below 0 where more patients than beds are counted, NaN where one of them is not
        known), ``date`` (NaT for a count without a date). Sorted by name.
        Empty where nothing is known, and while dates are in doubt.

    Notes
    -----
    Stays give the last day they are complete for, the same for all; counts the last day of each
    facility, which may be long ago: show the date.

    Examples
    --------
    >>> counts = pd.DataFrame({"facility": ["B", "A"], "occupied_beds": [5.0, 9.0],
    ...                        "staffed_beds": [8.0, 9.0]})
    >>> free_beds(Dataset(activity=counts))[["facility", "beds", "occupied", "free"]]
      facility  beds  occupied  free
    0        A   9.0       9.0   0.0
    1        B   8.0       5.0   3.0
    """
    if not any(has(table, "facility") for table in (dataset.stays, dataset.activity)):
        return pd.DataFrame(columns=list(_BEDS)).astype(_BEDS)
    daily = census(dataset, by="facility", as_of=as_of)
    if daily.empty and dataset.stays is None and not has(dataset.activity, "date"):
        daily = occupancy(dataset, by="facility").assign(date=np.datetime64("NaT", "us"))
    daily = daily[daily["facility"].ne(UNKNOWN) & daily["facility"].notna()]
    daily = daily.assign(place=daily["facility"].map(place_key))
    last = daily.sort_values("date", kind="stable").groupby("place", sort=True).tail(1)
    last = pd.concat([last, _unseen(dataset, set(last["place"]), last["date"].max())])
    last = last.assign(beds=last["staffed"], free=last["staffed"] - last["occupied"])
    shaped = last[list(_BEDS)].astype(_BEDS)
    return shaped.sort_values("facility", ignore_index=True)


def _unseen(dataset: Dataset, seen: set[str], day: pd.Timestamp) -> pd.DataFrame:
    """Return the facilities with beds and no patients at all: who is in them is not known."""
    beds = beds_of(dataset)
    if "facility" not in beds.places or pd.isna(day):
        return pd.DataFrame()
    keys = beds.keys(["facility"])
    units = beds.on(pd.DatetimeIndex([day]), ["facility"], keys)[0]
    rows = [(name, number) for (name,), number in zip(keys, units, strict=True)
            if place_key(name) not in seen]  # fmt: skip
    return pd.DataFrame(rows, columns=["facility", "staffed"]).assign(occupied=np.nan, date=day)


def free_nearby(
    facilities: pd.DataFrame, start: str, *, what: str = "beds", k: int | None = 5
) -> pd.DataFrame:
    """Return the nearest other facilities that have free beds, or people of a role.

    Parameters
    ----------
    facilities
        ``facility``, ``latitude``, ``longitude`` (degrees), and ``free`` (beds, as `free_beds`
        gives them) or the column of the role asked for.
    start
        The facility from which.
    what
        ``beds``, or a role.
    k
        How many; None for all there are.

    Returns
    -------
    pandas.DataFrame
        ``facility``, ``km`` (straight line, WGS-84), and ``free`` (beds) or ``there`` (people of
        the role): the nearest first; of those equally far, by name. Facilities that have none, or
        of which it is not known, or that have no known place, are not in it.

    Raises
    ------
    caremap.DataProblem
        Where the facility or its place is not known, or nothing says what facilities have.

    Examples
    --------
    >>> places = pd.DataFrame({"facility": ["A", "B", "C"], "latitude": 0.0,
    ...                        "longitude": [0.0, 1.0, 2.0], "free": [1, 0, 4]})
    >>> free_nearby(places, "A").round(1).to_dict("records")
    [{'facility': 'C', 'km': 222.6, 'free': 4.0}]
    """
    column, named = ("free", "free beds") if what == "beds" else (what, f"staff of “{what}”")
    for name in ("facility", "latitude", "longitude", column):
        if name not in facilities:
            raise DataProblem(
                f"Which facilities have {named} is not known: there is no column “{name}”.",
                "Add a table of beds or of staff by facility.",
            )
    if k is not None and k < 1:
        raise ValueError(f"At least one facility has to be asked for, not {k}.")
    keys = facilities["facility"].map(place_key)
    here = np.flatnonzero(keys.eq(place_key(start)))
    if not len(here):
        raise DataProblem(f"There is no facility “{start}”.", "Choose one of the network.")
    places = [pd.to_numeric(facilities[name], errors="coerce").to_numpy("float64")
              for name in ("latitude", "longitude")]  # fmt: skip
    at = tuple(values[here[0]] for values in places)
    if np.isnan(at).any():
        raise DataProblem(
            f"Where “{start}” is, is not known.", "Add its ZIP code or its coordinates."
        )
    there = numbers(facilities[column]).to_numpy()
    wanted = (there > 0) & ~np.isnan(places[0]) & ~np.isnan(places[1])
    wanted[here] = False
    found = pd.DataFrame(
        {
            "facility": facilities["facility"].astype("str").to_numpy()[wanted],
            "km": kilometres(at[0], at[1], places[0][wanted], places[1][wanted]),
            "free" if what == "beds" else "there": there[wanted],
        }
    )
    ordered = found.sort_values(["km", "facility"], kind="stable", ignore_index=True)
    return ordered if k is None else ordered.head(k)
