"""What is asked of a scarce resource: groups, supply, budget and floors, read and checked once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.scarce_given import (
    by_period,
    floors_of,
    in_time,
    numbers_of,
    require,
    said_period,
    texts_of,
)
from caremap.problems import DataProblem

__all__ = ["Asked", "asked_for"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Asked:
    """Groups and tiers in the order of names, and every limit as numbers.

    Attributes
    ----------
    cells
        One row per group: ``area``, ``group``, ``period`` (as given, "" without periods),
        ``demand``, ``cost`` (of one unit), ``score`` (NaN: not given), ``place`` (position of its
        area and period in ``places``), ``at`` (position of the period).
    places
        One row per area and period: ``area``, ``at``, ``name``.
    cell, units, outcome
        Of each tier: its row of ``cells``, how many units, the outcome of each. Tiers of a place
        stand by falling outcome.
    periods
        In order of time; one, called "", where there are none.
    supply
        Units that come in each period.
    carry
        Whether what is left of a period is there in the next.
    budget
        Money for all periods together; infinite: no limit.
    budgets
        Money for each period.
    floors
        Units promised to each place.
    """

    cells: pd.DataFrame
    places: pd.DataFrame
    cell: Whole
    units: Whole
    outcome: Array
    periods: tuple[Any, ...]
    supply: Whole
    carry: bool
    budget: float
    budgets: Array
    floors: Whole

    @property
    def place(self) -> Whole:
        """The place each tier belongs to."""
        result: Whole = self.cells["place"].to_numpy("int64")[self.cell]
        return result

    @property
    def when(self) -> Whole:
        """The period each tier belongs to."""
        result: Whole = self.cells["at"].to_numpy("int64")[self.cell]
        return result

    @property
    def cost(self) -> Array:
        """What a unit of each tier costs."""
        result: Array = self.cells["cost"].to_numpy("float64")[self.cell]
        return result

    @property
    def limited(self) -> bool:
        """Whether there is a budget."""
        return bool(np.isfinite(self.budget) or np.isfinite(self.budgets).any())


def asked_for(
    groups: pd.DataFrame,
    supply: object,
    budget: object = None,
    cost: object = None,
    floors: object = None,
    carry: bool = True,
    tiers: pd.DataFrame | None = None,
) -> Asked:
    """Return what the arguments of `caremap.planning.scarce` ask for.

    Raises
    ------
    caremap.DataProblem
        As `caremap.planning.scarce` says.
    """
    require(groups, "groups", ["area", "group", *([] if tiers is not None else ["demand"])])
    names = pd.DataFrame({name: texts_of(groups[name], name) for name in ("area", "group")})
    cells = names.assign(period=_when(groups))
    if cells.duplicated().any():
        raise DataProblem(
            "A group stands twice in the table of groups.",
            "Give each group of an area one row" + (" per period." if "period" in groups else "."),
        )
    given = by_period(supply, "units", "supply")
    periods = in_time([*cells["period"], *([] if given is None else given)])
    place_of = {name: place for place, name in enumerate(periods)}
    cells = cells.assign(
        at=cells["period"].map(place_of).astype("int64"),
        cost=_costs(groups, cost, names["group"]),
        score=_scores(groups),
        row=np.arange(len(cells)),
    )
    rows = _tiers(groups, cells, tiers)
    cells = cells.assign(
        demand=rows.groupby("row")["units"].sum().reindex(cells["row"], fill_value=0)
    )
    cells = cells.sort_values(["area", "at", "group"], kind="stable", ignore_index=True)
    places = cells[["area", "at"]].drop_duplicates(ignore_index=True)
    places = places.assign(name=[_called(area, periods[at]) for area, at in places.to_numpy()])
    cells["place"] = cells.groupby(["area", "at"], sort=False).ngroup()
    back = pd.Series(cells.index, index=cells["row"])
    rows = rows.assign(cell=rows["row"].map(back))
    rows["place"] = cells["place"].to_numpy()[rows["cell"]]
    rows = rows.sort_values(["place", "outcome", "cell"], ascending=[True, False, True],
                            kind="stable")  # fmt: skip
    total, each = _budgets(budget, periods)
    if budget is not None and cells["cost"].isna().any():
        raise DataProblem(
            "There is a budget, but what a unit costs is not known.",
            "Type in the cost of one unit, or leave the budget out.",
        )
    return Asked(
        cells=cells.drop(columns="row"),
        places=places,
        cell=rows["cell"].to_numpy("int64"),
        units=rows["units"].to_numpy("int64"),
        outcome=rows["outcome"].to_numpy("float64"),
        periods=tuple(periods),
        supply=_supply(supply, given, periods, carry),
        carry=bool(carry),
        budget=total,
        budgets=each,
        floors=floors_of(floors, places, periods, cells),
    )


def _called(area: str, period: object) -> str:
    return area if period == "" else f"{area}, {said_period(period)}"


def _when(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return the period of each row; nothing where there are none."""
    if "period" not in frame:
        return pd.Series([""] * len(frame), dtype="object")
    return frame["period"].astype("object").reset_index(drop=True)


def _scores(groups: pd.DataFrame) -> Array:
    if "score" not in groups:
        return np.full(len(groups), np.nan)
    return np.asarray(pd.to_numeric(groups["score"], errors="coerce"), "float64")


def _costs(groups: pd.DataFrame, cost: object, names: pd.Series[str]) -> Array:
    if cost is None:
        if "cost" not in groups:
            return np.full(len(groups), np.nan)
        return numbers_of(groups["cost"].to_numpy(), "The cost of a unit")
    if isinstance(cost, Real):
        return numbers_of(np.full(len(groups), float(cost)), "The cost of a unit")
    if not isinstance(cost, Mapping | pd.Series):
        raise TypeError("The cost is a number, or one by group.")
    by_group = {str(name).strip(): value for name, value in dict(cost).items()}
    return numbers_of([by_group.get(name) for name in names], "The cost of a unit")


def _tiers(groups: pd.DataFrame, cells: pd.DataFrame, tiers: pd.DataFrame | None) -> pd.DataFrame:
    """Return row (position in the groups as given), units and outcome of each tier."""
    if tiers is not None:
        require(tiers, "tiers", ["area", "group", "units", "outcome"])
        keys = list(zip(texts_of(tiers["area"], "area"), texts_of(tiers["group"], "group"),
                        _when(tiers), strict=True))  # fmt: skip
        known = {
            key: row
            for row, key in enumerate(
                cells[["area", "group", "period"]].itertuples(index=False, name=None)
            )
        }
        if any(key not in known for key in keys):
            raise DataProblem("A tier is of a group that the table of groups does not have.",
                              "Use the same names of areas, groups and periods.")  # fmt: skip
        found = pd.DataFrame({
            "row": [known[key] for key in keys],
            "units": numbers_of(tiers["units"].to_numpy(), "The units of a tier", whole=True),
            "outcome": tiers["outcome"].to_numpy(),
        })  # fmt: skip
        return _checked(found)
    columns = ["outcome", *_further(groups)]
    require(groups, "groups", columns[:1])
    demand = numbers_of(groups["demand"].to_numpy(), "The demand", whole=True).astype("int64")
    values = groups[columns].apply(pd.to_numeric, errors="coerce").to_numpy("float64")
    if (np.diff(np.isnan(values).astype("int64"), axis=1) < 0).any():
        raise DataProblem(
            "An outcome is missing before a later one.", "Fill the earlier ones first."
        )
    if (np.diff(values, axis=1) > 1e-12).any():
        raise DataProblem(
            "The outcome of later units of a group is above that of its first ones.",
            "Put the units that help most first: later ones may only do as much or less.",
        )
    many = np.maximum((~np.isnan(values)).sum(axis=1), 1)
    rows = [
        {"row": row, "units": (demand[row] + many[row] - 1 - tier) // many[row],
         "outcome": values[row, tier]}
        for row in range(len(groups)) for tier in range(many[row])
    ]  # fmt: skip
    return _checked(pd.DataFrame(rows, columns=["row", "units", "outcome"]))


def _further(groups: pd.DataFrame) -> list[str]:
    """Return outcome_2, outcome_3 and so on, as far as they go."""
    numbered = {name for name in map(str, groups) if re.fullmatch(r"outcome_\d+", name)}
    return sorted(numbered, key=lambda name: int(name.removeprefix("outcome_")))


def _checked(tiers: pd.DataFrame) -> pd.DataFrame:
    outcome = numbers_of(tiers["outcome"].to_numpy(), "The outcome")
    if (outcome > 1).any():
        raise DataProblem(
            "An outcome is above 1: it is the chance of a good outcome that one unit adds.",
            "Write 35 % as 0.35.",
        )
    return tiers.assign(outcome=outcome, units=tiers["units"].astype("int64"))


def _supply(supply: object, given: dict[Any, Any] | None, periods: list[Any], carry: bool) -> Whole:
    if given is None:
        if len(periods) > 1 and not carry:
            raise DataProblem(
                "What is left of a period is lost, so one supply for all periods says too little.",
                "Give the units of each period.",
            )
        units = np.zeros(len(periods), dtype="int64")
        units[0] = int(numbers_of([supply], "The supply", whole=True)[0])
        return units
    values = [given.get(period, 0) for period in periods]
    return numbers_of(values, "The supply", whole=True).astype("int64")


def _budgets(budget: object, periods: list[Any]) -> tuple[float, Array]:
    """Return the money for all periods together, and for each; infinite where there is no limit."""
    each = np.full(len(periods), np.inf)
    if budget is None:
        return np.inf, each
    given = by_period(budget, "budget", "budget")
    if given is None:
        return float(numbers_of([budget], "The budget")[0]), each
    unknown = [period for period in given if period not in periods]
    if unknown:
        raise DataProblem("The budget has a period that nothing else has.", "Use the same periods.")
    for place, period in enumerate(periods):
        if period in given and not pd.isna(given[period]):
            each[place] = float(numbers_of([given[period]], "The budget")[0])
    return np.inf, each
