"""What limits a scarce resource, and what one more of each limit would do: solved again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from caremap.planning.plan_words import figure
from caremap.planning.scarce_asked import Asked
from caremap.planning.scarce_given import said_period
from caremap.planning.scarce_solved import Best, best, room

__all__ = ["limits_of"]

SMALL = 1e-9


def limits_of(
    found: Best, free: Best, until: float, tell: Callable[[float], object]
) -> tuple[pd.DataFrame, bool]:
    """Return the limits of an allocation, and whether some were not worked out in time.

    Parameters
    ----------
    found
        The best use.
    free
        The best use without floors.
    until
        When to stop (`time.monotonic`). What is left then stays NaN.
    tell
        Is called with the part done.
    """
    rows = [*_supplies(found), *_budgets(found), *_floors(found, free)]
    known: list[float] = []
    for number, (_, _, _, _, moved, _) in enumerate(rows):
        tell(number / len(rows))
        known.append(_worth(found, moved, until))
    full = [used > of - SMALL * max(1.0, abs(of)) or spent for _, _, used, of, _, spent in rows]
    table = pd.DataFrame(
        {
            "limit": pd.Series([row[0] for row in rows], dtype="str"),
            "at": pd.Series([row[1] for row in rows], dtype="str"),
            "used": [float(row[2]) for row in rows],
            "of": [float(row[3]) for row in rows],
            "binding": [bool(up and worth > SMALL) for up, worth in zip(full, known, strict=True)],
            "one_more": known,
        }
    )
    return table, bool(table["one_more"].isna().any())


Row = tuple[str, str, float, float, Asked | float, bool]
"""Limit, at, used, of; its worth, or what is asked with one more of it; whether it is used up."""


def _worth(found: Best, moved: Asked | float, until: float) -> float:
    """Return how much more good comes of it, exactly; NaN where it is not proven in time."""
    if not isinstance(moved, Asked):
        return moved
    left = until - time.monotonic()
    if left <= 0 or not found.proven:
        return np.nan
    again = best(moved, left, value_only=True)
    if not again.proven:
        return np.nan
    gain = again.value - found.value
    return 0.0 if abs(gain) < SMALL else gain


def _supplies(found: Best) -> list[Row]:
    asked, rows = found.asked, []
    used = np.zeros(len(asked.periods))
    np.add.at(used, asked.when, found.received)
    of = asked.supply.astype("float64")
    several = len(asked.periods) > 1
    if asked.carry:
        used, of = np.cumsum(used), np.cumsum(of)
    spare = room(asked, found.received)
    for at, period in enumerate(asked.periods):
        units = asked.supply.copy()
        units[at] += 1
        said = "Supply up to then" if several and asked.carry else "Supply"
        tight = spare[at] <= 0
        more = replace(asked, supply=units) if tight else 0.0
        rows.append((said, said_period(period), used[at], of[at], more, used[at] >= of[at]))
    return rows


def _budgets(found: Best) -> list[Row]:
    """Return budgets: one more is the money for a unit of the dearest group that is short."""
    asked, rows = found.asked, []
    if not asked.limited:
        return []
    spent = found.received * asked.cost
    short = (asked.units > found.received) & (asked.outcome > 0)
    if np.isfinite(asked.budget):
        price = float(asked.cost[short].max(initial=0.0))
        more = replace(asked, budget=asked.budget + price) if price else 0.0
        gone = bool(price) and asked.budget - spent.sum() < price
        rows.append((_said(price), "", float(spent.sum()), asked.budget, more, gone))
    for at, period in enumerate(asked.periods):
        if np.isfinite(asked.budgets[at]):
            price = float(asked.cost[short & (asked.when == at)].max(initial=0.0))
            money = asked.budgets.copy()
            money[at] += price
            here = float(spent[asked.when == at].sum())
            more = replace(asked, budgets=money) if price else 0.0
            gone = bool(price) and asked.budgets[at] - here < price
            rows.append((_said(price), said_period(period), here, asked.budgets[at], more, gone))
    return rows


def _said(price: float) -> str:
    return f"Budget (one more: {figure(price)}, the price of a unit)" if price else "Budget"


def _floors(found: Best, free: Best) -> list[Row]:
    """Return floors: they cost nothing where the same is reached without them."""
    asked, rows = found.asked, []
    several = len(asked.periods) > 1
    received = found.of_place
    costly = free.value - found.value > SMALL or not free.proven
    shared = found.floors_unmet > 0  # what one gives up another may claim
    for place in np.flatnonzero(asked.floors):
        full = bool(received[place] <= asked.floors[place])
        worth: Asked | float = found.floors_worth.get(int(place), 0.0)
        if int(place) not in found.floors_worth and (shared or (full and costly)):
            less = asked.floors.copy()
            less[place] -= 1
            worth = replace(asked, floors=less)
        named = str(asked.places["name" if several else "area"].iloc[place])
        there, promised = float(received[place]), float(asked.floors[place])
        rows.append(("Floor (one unit less promised)", named, there, promised, worth, full))
    return rows
