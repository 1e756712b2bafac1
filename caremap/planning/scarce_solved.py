"""The best use of a scarce resource: a flow where it is one, else a search in whole numbers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.allocating import solve, with_floors
from caremap.planning.numbered import numbered, positions
from caremap.planning.scarce_asked import Asked
from caremap.planning.whole_numbers import Choice, Rules, best_choice

__all__ = ["Best", "best", "by_need", "room"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Best:
    """How many units each tier receives, and whether it is proven that nothing is better.

    ``floors_worth`` has what one unit less promised would add, by place, where that is known.
    """

    asked: Asked
    received: Whole
    proven: bool = True
    floors_worth: Mapping[int, float] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """The good outcomes to expect."""
        return fsum(self.received * self.asked.outcome)

    @property
    def spent(self) -> float:
        """The money it takes; NaN where costs are not known."""
        return fsum(self.received * self.asked.cost)

    @property
    def of_place(self) -> Whole:
        """The units each place receives."""
        return _summed(self.asked.place, self.received, len(self.asked.places))

    @property
    def floors_unmet(self) -> int:
        """Units of floors that are not kept."""
        return int(np.maximum(self.asked.floors - self.of_place, 0).sum())


def _summed(at: Whole, units: npt.NDArray[np.generic], size: int) -> Whole:
    result = np.zeros(size, dtype=units.dtype)
    np.add.at(result, at, units)
    return result


def best(asked: Asked, seconds: float, *, value_only: bool = False) -> Best:
    """Return the best use: floors, then outcomes, then the least money, then by name.

    Parameters
    ----------
    asked
        What is asked for.
    seconds
        How long to search where it is no flow.
    value_only
        Whether it is enough to know what can be reached, and not by whom.
    """
    supply = _as_supply(asked)
    if supply is not None:
        return _flow(asked, supply, value_only)
    return _search(asked, seconds, value_only)


def _as_supply(asked: Asked) -> Whole | None:
    """Return the supply that says what the budget says too; None where no supply can.

    With one cost for all, a budget is a number of units. For each period it is the most of what
    comes in it, where nothing is carried over; for all together the most that ever comes, where
    everything is.
    """
    cost = np.unique(asked.cells["cost"].to_numpy("float64"))
    if not asked.limited or not cost.any():
        return asked.supply
    alone = len(asked.periods) == 1
    other = np.isfinite(asked.budgets).any() if asked.carry else np.isfinite(asked.budget)
    if len(cost) > 1 or (other and not alone):
        return None
    most = np.floor(np.minimum(asked.budgets / cost[0], 2.0**40) + 1e-9).astype("int64")
    whole = int(np.floor(min(asked.budget / cost[0], 2.0**40) + 1e-9))
    if not asked.carry or alone:
        alike: Whole = np.minimum(np.minimum(asked.supply, most), whole)
        return alike
    return np.diff(np.minimum(np.cumsum(asked.supply), whole), prepend=0)


def _flow(asked: Asked, supply: Whole, value_only: bool = False) -> Best:
    """Return the best by the model all allocations share."""
    size = len(supply)
    tiers = pd.DataFrame(
        {
            "place": numbered(asked.place),
            "tier": np.arange(len(asked.cell)),
            "units": asked.units,
            "value": asked.outcome,
        }
    )
    at = asked.places["at"].to_numpy("int64")
    source, place = np.nonzero(
        np.arange(size)[:, None] <= at if asked.carry else np.arange(size)[:, None] == at
    )
    promised = with_floors(tiers, pd.Series(asked.floors, index=numbered(range(len(at)))))
    wanting = np.isin(place, positions(promised["place"]))
    solved = solve(
        pd.DataFrame({"source": numbered(range(size)), "units": supply}),
        promised,
        pd.DataFrame(
            {
                "source": numbered(source[wanting]),
                "place": numbered(place[wanting]),
                "km": np.nan,
            }
        ),
    )
    sent = solved.sent
    received = _summed(sent["tier"].to_numpy("int64"), sent["units"].to_numpy("int64"), len(tiers))
    if value_only or not asked.floors.any():
        return Best(asked, received)
    worth = solved.worth()
    known = worth[worth["what"].eq("floor") & worth["one_more"].notna()]
    return Best(
        asked,
        received,
        floors_worth=dict(zip(positions(known["at"]).tolist(), known["one_more"], strict=True)),
    )


def _search(asked: Asked, seconds: float, value_only: bool) -> Best:
    """Return the best by a search; floors as a whole first, one by one where not all are kept."""
    until = time.monotonic() + seconds
    found = _searched(asked, seconds, value_only, one_by_one=False)
    if not found.floors_unmet:
        return found
    return _searched(asked, until - time.monotonic(), value_only, one_by_one=True)


def _searched(asked: Asked, seconds: float, value_only: bool, *, one_by_one: bool) -> Best:
    tiers = len(asked.cell)
    place, most, rank = _promises(asked.floors, one_by_one)
    rules = _rules(asked, place, most)
    units, nothing = np.ones(tiers), np.zeros(len(place))
    money = np.nan_to_num(asked.cost)
    last = () if value_only else (money, units, np.arange(1.0, tiers + 1))
    wishes = [
        np.r_[np.zeros(tiers), np.ones(len(place))],
        np.r_[np.zeros(tiers), -rank],
        np.r_[asked.outcome, nothing],
        *(np.r_[-less, nothing] for less in last),
    ]
    choice: Choice = best_choice(rules, wishes, seconds)
    return Best(asked, choice.numbers[:tiers], all(choice.proven))


def _promises(floors: Whole, one_by_one: bool) -> tuple[Whole, Whole, Array]:
    """Return the place of each promise, its units, and how early it is kept.

    One by one, the order is that of `caremap.planning.allocating`: the share of a floor that is
    kept before the unit, then the smaller floor.
    """
    places = np.flatnonzero(floors)
    if not one_by_one:
        return places, floors[places], np.zeros(len(places))
    place = np.repeat(places, floors[places])
    number = np.concatenate([np.arange(floors[at]) for at in places] or [np.zeros(0)])
    keys = np.stack([number / floors[place], floors[place].astype("float64")])
    _, rank = np.unique(keys, axis=1, return_inverse=True)
    return place, np.ones(len(place), dtype="int64"), rank.ravel().astype("float64")


def _rules(asked: Asked, promise: Whole, most: Whole) -> Rules:
    """Return supply, budgets, and that a promise is kept by units that arrive."""
    tiers, periods = len(asked.cell), len(asked.periods)
    at, each = asked.when, np.arange(tiers)
    rows: list[tuple[Whole, Array, float]] = []
    stock = np.cumsum(asked.supply) if asked.carry else asked.supply
    for period in range(periods):
        here = each[at <= period] if asked.carry else each[at == period]
        rows.append((here, np.ones(len(here)), float(stock[period])))
        if np.isfinite(asked.budgets[period]):
            own = each[at == period]
            rows.append((own, asked.cost[own], float(asked.budgets[period])))
    if np.isfinite(asked.budget):
        rows.append((each, asked.cost, asked.budget))
    for place in np.unique(promise):
        kept, arrived = tiers + np.flatnonzero(promise == place), each[asked.place == place]
        weight = np.r_[np.ones(len(kept)), -np.ones(len(arrived))]
        rows.append((np.r_[kept, arrived], weight, 0.0))
    many = [len(columns) for columns, _, _ in rows]
    return Rules(
        most=np.r_[asked.units, most],
        row=np.repeat(np.arange(len(rows)), many),
        column=np.concatenate([columns for columns, _, _ in rows]),
        weight=np.concatenate([weight for _, weight, _ in rows]),
        limit=np.array([limit for _, _, limit in rows]),
    )


def room(asked: Asked, received: Whole) -> Whole:
    """Return how many units more could be used in each period, as far as the supply goes."""
    used = _summed(asked.when, received, len(asked.periods))
    if not asked.carry:
        return asked.supply - used
    left = np.cumsum(asked.supply - used)
    result: Whole = np.minimum.accumulate(left[::-1])[::-1]
    return result


def by_need(asked: Asked, kept: Whole) -> Best:
    """Return the simple rule: the neediest area takes all it can use, then the next.

    Parameters
    ----------
    asked
        What is asked for. The neediest has the highest score; where no scores are given, the
        largest demand.
    kept
        Units of its floor each place is given first: the same as in what it is compared with.
    """
    cells = asked.cells
    demand = cells.groupby("area")["demand"].sum()
    scores = cells.groupby("area")["score"].max()
    order = pd.DataFrame({"score": scores.fillna(-np.inf), "demand": demand})
    order = order.sort_values(["score", "demand"], ascending=False, kind="stable")
    turn = {area: place for place, area in enumerate(order.index)}
    places = asked.places.assign(turn=asked.places["area"].map(turn)).sort_values(["at", "turn"])
    received = np.zeros(len(asked.cell), dtype="int64")
    for most in (kept, np.full(len(places), 2**40)):
        for place in places.index:
            wanted = int(most[place])
            for tier in np.flatnonzero(asked.place == place):
                if asked.outcome[tier] > 0 or most is kept:
                    more = min(wanted - int(received[asked.place == place].sum()),
                               int(asked.units[tier] - received[tier]),
                               _affordable(asked, received, int(tier)))  # fmt: skip
                    received[tier] += max(more, 0)
    return Best(asked, received)


def _affordable(asked: Asked, received: Whole, tier: int) -> int:
    """Return how many units more of a tier supply and money allow."""
    period = int(asked.when[tier])
    most = int(room(asked, received)[period])
    if asked.limited and asked.cost[tier] > 0:
        spent = received * asked.cost
        left = min(asked.budget - spent.sum(),
                   asked.budgets[period] - spent[asked.when == period].sum())  # fmt: skip
        most = min(most, int(min(left / asked.cost[tier] + 1e-9, 2.0**40)))
    return most
