"""How needy a place is, in points from 0 to 25: bands anybody can look up, weights to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.plan_words import joined
from caremap.planning.role_columns import numbers
from caremap.problems import DataProblem

__all__ = ["NEED_POINTS", "NEED_WEIGHTS", "MOST_POINTS", "Bands", "need_points", "need_score"]

Array = npt.NDArray[np.float64]

MOST_POINTS = 25
"""The score of a place that has the most points in everything."""
_MOST = 5


@dataclass(frozen=True)
class Bands:
    """The bands of one component.

    Attributes
    ----------
    title, unit
        What it is called, and what it is measured in.
    starts
        Where the bands of 1, 2, 3, 4 and 5 points begin; below the first there are none.
    meaning
        How it is worked out, a sentence.
    """

    title: str
    unit: str
    starts: tuple[float, float, float, float, float]
    meaning: str


NEED_POINTS: Mapping[str, Bands] = MappingProxyType(
    {
        "population": Bands(
            "People per unit", "times that of all places together", (0.75, 1.0, 1.5, 2.0, 3.0),
            "People who live there for each unit there is (beds, staff), compared with all people "
            "and all units of the places of which both are known. People and no unit: 5 points.",
        ),
        "occupancy": Bands(
            "Occupancy", "percent", (75.0, 85.0, 90.0, 95.0, 100.0),
            "Patients in the beds there are.",
        ),
        "surge": Bands(
            "Surge", "times the usual", (1.05, 1.1, 1.2, 1.35, 1.5),
            "Patients expected over the usual number.",
        ),
        "vulnerability": Bands(
            "Vulnerability", "percent aged 65 and over", (12.0, 15.0, 18.0, 21.0, 25.0),
            "The share of people aged 65 and over; or an index from 0 to 1, whose bands begin at "
            "0.2, 0.4, 0.6, 0.75 and 0.9.",
        ),
    }
)  # fmt: skip
"""Where the bands of each component begin. They are assumptions of CareMap, not a standard."""

NEED_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"population": 2.0, "occupancy": 1.0, "surge": 1.0, "vulnerability": 1.0}
)
"""How much the points of each component count: people per unit count twice."""

_INDEX = (0.2, 0.4, 0.6, 0.75, 0.9)
_UNITS = ("units", "beds", "staff")


def need_points() -> pd.DataFrame:
    """Return the bands as a table for the screen.

    Returns
    -------
    pandas.DataFrame
        ``component``, ``title``, ``unit``, ``points``, ``from`` (the band begins there), ``below``
        (and ends before that; infinite for the last), ``meaning``.

    Examples
    --------
    >>> need_points().query("component == 'occupancy'")[["points", "from", "below"]].head(2)
       points  from  below
    6       0   0.0   75.0
    7       1  75.0   85.0
    """
    rows = []
    for name, bands in NEED_POINTS.items():
        edges = (0.0, *bands.starts, float("inf"))
        for points, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
            rows.append((name, bands.title, bands.unit, points, start, end, bands.meaning))
    columns = ["component", "title", "unit", "points", "from", "below", "meaning"]
    return pd.DataFrame(rows, columns=columns)


def need_score(
    places: pd.DataFrame, weights: Mapping[str, float] | None = NEED_WEIGHTS
) -> pd.DataFrame:
    """Return how needy each place is: a score from 0 to 25, and why.

    Each component gives 0 to 5 points by its band (`NEED_POINTS`). The score is the weighted mean
    of the points of the components that are known, as a part of 5, times 25. It has the shape of
    the scores of health professional shortage areas in the United States (0 to 25, points by
    bands, people per provider counted twice); the bands are assumptions.

    Parameters
    ----------
    places
        ``place`` and, as far as they are known: ``population`` with ``units`` (else ``beds``, else
        ``staff``); ``occupancy`` (percent), else ``occupied`` with ``beds``; ``surge`` (times the
        usual), else ``expected`` with ``usual``; ``vulnerability`` (index, 0 to 1), else
        ``over_65`` (percent of people).
    weights
        By component; what is not named counts 0. None: `NEED_WEIGHTS`.

    Returns
    -------
    pandas.DataFrame
        In the order given: ``place``, ``score`` (NaN where nothing is known), a column of points
        per component (0 to 5; NaN: not known and left out of that place's score), ``why``.

    Raises
    ------
    caremap.DataProblem
        Where a percent or an index is beyond what it can be.
    ValueError
        Where weights are none, below 0, or of a component that does not exist.

    Examples
    --------
    >>> places = pd.DataFrame({"place": ["A", "B"], "population": [9000, 3000], "beds": [10, 10],
    ...                        "occupied": [9.5, 7.0], "over_65": [19, None]})
    >>> need_score(places)[["place", "score", "population", "occupancy", "vulnerability"]]
      place  score  population  occupancy  vulnerability
    0     A  16.25         3.0        4.0            3.0
    1     B   0.00         0.0        0.0            NaN
    >>> need_score(places)["why"][1]
    'People per unit 0.50 times that of all places together: 0 of 5 points, counts 2 times. Occupancy 70 percent: 0 of 5 points. Surge and Vulnerability are not known and left out.'
    """  # noqa: E501
    weight = _weights(weights)
    measured = _measured(places)
    points = {name: _points(values, starts) for name, (values, starts, _) in measured.items()}
    table = np.stack([points[name] for name in NEED_POINTS], axis=1)
    counts = np.asarray([weight[name] for name in NEED_POINTS])
    known = ~np.isnan(table) * counts
    whole = known.sum(axis=1) * _MOST
    got = (np.nan_to_num(table) * counts).sum(axis=1)
    score = np.divide(MOST_POINTS * got, whole, out=np.full(len(places), np.nan), where=whole > 0)
    return pd.DataFrame(
        {
            "place": places["place"].to_numpy(),
            "score": score,
            **points,
            "why": [_why(row, measured, points, weight) for row in range(len(places))],
        }
    )


def _weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """Return the weight of every component, checked."""
    given = NEED_WEIGHTS if weights is None else weights
    unknown = [name for name in given if name not in NEED_POINTS]
    if unknown:
        raise ValueError(f"Weights are of {', '.join(NEED_POINTS)}, not of “{unknown[0]}”.")
    found = {name: float(given.get(name, 0.0)) for name in NEED_POINTS}
    values = np.asarray(list(found.values()))
    if not np.isfinite(values).all() or (values < 0).any() or not values.any():
        raise ValueError("Weights are 0 or more, and not all 0.")
    return found


Measured = tuple[Array, tuple[float, ...], str]


def _measured(places: pd.DataFrame) -> dict[str, Measured]:
    """Return what every component measures, where its bands begin, and how a value is said."""
    if "place" not in places:
        raise DataProblem("Which places these are is not known.", "Add a column “place”.")
    column = _Columns(places)
    units = next((name for name in _UNITS if name in places), "units")
    occupancy = column.bounded("occupancy", 1000, "percent, such as 85")
    if "occupancy" not in places:
        occupancy = 100 * _over(column["occupied"], column["beds"])
    surge = column["surge"] if "surge" in places else _over(column["expected"], column["usual"])
    starts: tuple[float, ...] = _INDEX
    said = "{:.2f} (index)"
    vulnerable = column.bounded("vulnerability", 1, "an index from 0 to 1")
    if np.isnan(vulnerable).all():
        vulnerable = column.bounded("over_65", 100, "percent of people, such as 18")
        starts, said = NEED_POINTS["vulnerability"].starts, "{:.0f} percent aged 65 and over"
    people = _crowding(column["population"], column[units])
    return {
        "population": (people, NEED_POINTS["population"].starts,
                       "{:.2f} times that of all places together"),
        "occupancy": (occupancy, NEED_POINTS["occupancy"].starts, "{:.0f} percent"),
        "surge": (surge, NEED_POINTS["surge"].starts, "{:.2f} times the usual"),
        "vulnerability": (vulnerable, starts, said),
    }  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Columns:
    """Columns as numbers, NaN where there is none."""

    frame: pd.DataFrame

    def __getitem__(self, name: str) -> Array:
        if name not in self.frame:
            return np.full(len(self.frame), np.nan)
        return np.asarray(numbers(self.frame[name]), dtype="float64")

    def bounded(self, name: str, most: float, what: str) -> Array:
        """Return a column, checked to be at most so large, and percent not to be fractions."""
        values = self[name]
        highest = np.nanmax(values, initial=0.0)
        if most > 1 and 0 < highest <= 1:
            raise DataProblem(
                f"No “{name}” is above {highest:g}: these look like fractions.", f"Give {what}."
            )
        if (values > most).any():
            raise DataProblem(f"“{name}” holds {highest:g}, which cannot be.", f"Give {what}.")
        return values


def _over(one: Array, other: Array) -> Array:
    """Return a ratio, NaN where it has none."""
    ratio: Array = np.divide(one, other, out=np.full(len(one), np.nan), where=other > 0)
    return ratio


def _crowding(people: Array, units: Array) -> Array:
    """Return people per unit over that of all together; infinite for people and no unit."""
    known = ~np.isnan(people) & ~np.isnan(units)
    if not units[known].sum() > 0 or not people[known].sum() > 0:
        return np.full(len(people), np.nan)
    usual = people[known].sum() / units[known].sum()
    ratio = _over(people, units * usual)
    return np.where(known & (units == 0), np.where(people > 0, np.inf, 0.0), ratio)


def _points(values: Array, starts: tuple[float, ...]) -> Array:
    """Return the points of values by their band; a hair below its start counts as there."""
    steps = np.searchsorted(np.asarray(starts) * (1 - 1e-12), values, side="right")
    return np.where(np.isnan(values), np.nan, steps.astype("float64"))


def _why(
    row: int, measured: Mapping[str, Measured], points: Mapping[str, Any], weight: dict[str, float]
) -> str:
    """Say what the points of a place come from, and what was left out."""
    said, missing = [], []
    for name, (values, _, words) in measured.items():
        title, counts = NEED_POINTS[name].title, weight[name]
        if not counts:
            continue
        if np.isnan(values[row]):
            missing.append(title)
            continue
        value = "without end" if np.isinf(values[row]) else words.format(values[row])
        times = "" if counts == 1 else f", counts {counts:g} times"
        said.append(f"{title} {value}: {points[name][row]:.0f} of {_MOST} points{times}.")
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        said.append(f"{joined(missing)} {verb} not known and left out.")
    return " ".join(said)
