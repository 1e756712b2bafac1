"""Areas and pools of an emergency, checked: what they need, what they could give, how far apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.geography import kilometres
from caremap.planning.given_tables import each_once, names_in, numbers_in, whole_units
from caremap.planning.plan_words import counted
from caremap.problems import DataProblem

__all__ = ["PLACES", "Areas", "Minimum", "areas_of", "floors_of", "pool_of", "reach"]

Array = npt.NDArray[np.float64]
Minimum = float | Mapping[str, float] | pd.Series

MOST = 1500
"""Areas an allocation is made for: beyond, pairs are more than a browser session should hold."""
POOL = "Pool"
PLACES = "place", "places"
_DEGREE = 110.5
"""Kilometres of a degree of latitude, at least: what is farther apart need not be measured."""


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas as they were given, and what was noticed.

    Attributes
    ----------
    frame
        In the order given: ``place``, ``latitude``, ``longitude``, ``demand`` and ``spare``
        (whole; an area's own spare units have gone to its own demand).
    notes
        Sentences.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]


def areas_of(places: pd.DataFrame, keep: float) -> Areas:
    """Return areas with whole units of demand and spare."""
    names = each_once(names_in(places, "place"))
    if len(names) > MOST:
        raise DataProblem(
            f"There are {len(names):,} places; an allocation is made for up to {MOST:,}.",
            "Filter to a region.",
        )
    notes: list[str] = []
    wanted = numbers_in(places, "demand" if "demand" in places else "need")
    if np.isnan(wanted).all() and len(wanted):
        raise DataProblem(
            "What each place needs is not known.", "Add a column “demand”: units short."
        )
    spare = _spare(places, keep)
    for values, words in ((wanted, "need"), (spare, "could give")):
        unknown = int(np.isnan(values).sum())
        if unknown and ("spare" in places or words != "could give"):
            verb = "needs" if words == "need" and unknown == 1 else words
            notes.append(
                f"What {counted(unknown, *PLACES)} {verb} is not known: counted as nothing."
            )
    demand = whole_units(wanted, up=True)
    left = whole_units(spare, up=False)
    own = np.minimum(demand, left)
    if own.any():
        notes.append(
            f"{counted(int((own > 0).sum()), *PLACES)} first met need from units already there: "
            f"{int(own.sum()):,} stay where they are."
        )
    latitude, longitude = _coordinates(places)
    frame = pd.DataFrame(
        {"place": names, "latitude": latitude, "longitude": longitude, "demand": demand - own,
         "spare": left - own}
    )  # fmt: skip
    return Areas(frame, tuple(notes))


def pool_of(pool: pd.DataFrame | float | None, areas: pd.DataFrame) -> pd.DataFrame:
    """Return all sources: the pool, then areas that can give, each under a name of its own.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``units``, ``latitude``, ``longitude``, ``pool`` (else an area).
    """
    if not isinstance(pool, pd.DataFrame):
        units = 0.0 if pool is None else float(pool)
        if not 0 <= units < np.inf:
            raise DataProblem("The pool holds less than nothing.", "Give 0 units or more.")
        there = int(whole_units(np.array([units]), up=False)[0])
        some = there > 0
        rows = pd.DataFrame({"source": [POOL] * some, "units": [there] * some})
    else:
        if "units" not in pool:
            raise DataProblem("What the pool holds is not known.", "Add a column “units”.")
        whole = whole_units(numbers_in(pool, "units"), up=False)
        rows = pd.DataFrame({"source": each_once(names_in(pool, "source")), "units": whole})
        rows["latitude"], rows["longitude"] = _coordinates(pool)
    rows["source"] = _apart(rows["source"].tolist(), set(areas["place"]))
    giving = areas[areas["spare"] > 0].rename(columns={"place": "source", "spare": "units"})
    both = pd.concat(
        [rows.reindex(columns=["source", "units", "latitude", "longitude"]).assign(pool=True),
         giving[["source", "units", "latitude", "longitude"]].assign(pool=False)],
        ignore_index=True,
    )  # fmt: skip
    shaped = {"source": "object", "units": "int64", "latitude": "float64", "longitude": "float64"}
    return both.astype({**shaped, "pool": "bool"})


def reach(sources: pd.DataFrame, areas: pd.DataFrame, max_km: float | None) -> pd.DataFrame:
    """Return which source reaches which area in need, and how far that is.

    A pool without a place reaches everywhere. Areas of which one is not placed reach each other
    only if none is placed at all: then distance does not enter.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``place``, ``km`` (straight line, WGS 84; NaN where it does not enter).
    """
    wanting = areas[areas["demand"] > 0]
    s_at, p_at = _points(sources), _points(wanting)
    nowhere = np.isnan(s_at[:, 0])
    placed = bool((~np.isnan(_points(areas)[:, 0])).any())
    pool = sources["pool"].to_numpy("bool")
    everywhere = nowhere & (pool | (not placed))
    close = ~nowhere[:, None] & ~np.isnan(p_at[:, 0])[None, :]
    if max_km is not None:
        close &= np.abs(s_at[:, :1] - p_at[:, 0][None, :]) * _DEGREE <= max_km + 1
    here, there = np.nonzero(close)
    km = kilometres(s_at[here, 0], s_at[here, 1], p_at[there, 0], p_at[there, 1])
    if max_km is not None:
        inside = km <= max_km
        here, there, km = here[inside], there[inside], km[inside]
    if not placed:
        everywhere = np.ones(len(sources), dtype=bool)
    free_here, free_there = np.nonzero(everywhere[:, None] & np.ones(len(wanting), dtype=bool))
    return pd.DataFrame(
        {
            "source": sources["source"].to_numpy(object)[np.r_[here, free_here].astype("int64")],
            "place": wanting["place"].to_numpy(object)[np.r_[there, free_there].astype("int64")],
            "km": np.r_[km, np.full(len(free_here), np.nan)],
        }
    )


def floors_of(minimum: Minimum, areas: pd.DataFrame) -> pd.Series:
    """Return the units promised to each area at least, never more than it needs.

    A number up to 1 is a share of the need, rounded up; a larger one, and what a mapping gives by
    place, is units.
    """
    demand = areas["demand"].to_numpy("int64")
    if isinstance(minimum, Mapping | pd.Series):
        given = pd.Series(dict(minimum.items()), dtype="float64")
        wanted = areas["place"].map(given).fillna(0).to_numpy("float64")
        unknown = [name for name in given.index if name not in set(areas["place"])]
        if unknown:
            raise DataProblem(
                f"There is no place “{unknown[0]}” to promise units to.", "Check the name."
            )
    else:
        wanted = demand * minimum if minimum <= 1 else np.full(len(demand), float(minimum))
    if not np.isfinite(wanted).all() or (wanted < 0).any():
        raise DataProblem("The minimum is less than nothing, or no number.", "Give 0 or more.")
    floors = np.minimum(np.ceil(wanted - 1e-9).astype("int64"), demand)
    return pd.Series(floors, index=areas["place"])


def _apart(pools: list[str], places: set[str]) -> list[str]:
    """Return the names of pools, each with “(pool)” after it as long as something is called so."""
    taken, found = places | set(pools), []
    for name in pools:
        other = name
        while other != name and other in taken or other in places:
            other += " (pool)"
        taken.add(other)
        found.append(other)
    return found


def _spare(places: pd.DataFrame, keep: float) -> Array:
    """Return what places could give: as they say, else so that they stay below an occupancy."""
    if not 0 < keep <= 1:
        raise DataProblem(
            f"A place cannot keep {keep:g} of its beds filled.", "Give a share such as 0.85."
        )
    if "spare" in places:
        return numbers_in(places, "spare")
    spare: Array = numbers_in(places, "beds") - numbers_in(places, "occupied") / keep
    return np.where(spare < 0, 0.0, spare)


def _coordinates(frame: pd.DataFrame) -> tuple[Array, Array]:
    """Return latitude and longitude, both NaN where one is missing or cannot be."""
    found = []
    for name, most in (("latitude", 90), ("longitude", 180)):
        column = frame[name] if name in frame else pd.Series(np.nan, index=frame.index)
        values = np.array(pd.to_numeric(column, errors="coerce").astype("Float64")
                          .to_numpy("float64", na_value=np.nan))  # fmt: skip
        values[np.abs(values) > most] = np.nan
        found.append(values)
    unknown = np.isnan(found[0]) | np.isnan(found[1])
    return np.where(unknown, np.nan, found[0]), np.where(unknown, np.nan, found[1])


def _points(frame: pd.DataFrame) -> Array:
    """Return latitude and longitude as two columns."""
    points: Array = frame[["latitude", "longitude"]].to_numpy("float64")
    return points
