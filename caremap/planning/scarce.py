"""Who gets what of a scarce resource, so that as much good as possible comes of it."""

from __future__ import annotations

import time
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.allocation import Allocation
from caremap.planning.plan_words import counted, figure
from caremap.planning.progress import Progress, silent
from caremap.planning.scarce_asked import Asked, asked_for
from caremap.planning.scarce_given import said_period
from caremap.planning.scarce_limits import limits_of
from caremap.planning.scarce_solved import Best, best, by_need, room

__all__ = ["scarce"]


def scarce(
    groups: pd.DataFrame,
    supply: object,
    *,
    budget: object = None,
    cost: object = None,
    floors: object = None,
    carry: bool = True,
    tiers: pd.DataFrame | None = None,
    seconds: float = 20.0,
    progress: Progress | None = None,
) -> Allocation:
    """Return who gets how many units, so that the most good outcomes are to be expected.

    Parameters
    ----------
    groups
        One row per area, group of patients and, where there are several, period: ``area``,
        ``group``, ``demand`` (whole units wanted), ``outcome`` (by how much one unit raises the
        chance of a good outcome, 0 to 1), perhaps ``period`` (numbers, dates or names with a
        number in them), ``cost`` (of one unit) and ``score`` (need points of the area, shown and
        used for comparison only). Where later units do less, ``outcome_2``, ``outcome_3`` and so
        on: the demand is then divided into equal parts, the first of which has ``outcome``.
    supply
        Units there are: a whole number, or one by period (mapping, Series, or frame of ``period``
        and ``units``; a period that is not in it brings none).
    budget
        Money for all periods together, or by period (like ``supply``, in a column ``budget``):
        what is not spent in a period is then not there in the next. None: no limit.
    cost
        Of one unit: a number, or one by group. By default the column of the groups.
    floors
        What every area is promised in each period: one number for all, one by area, or a frame of
        ``area``, perhaps ``period``, and ``units`` or ``share``. A whole number is units, a
        fraction up to 1 a share of the demand, rounded up. Never more than the demand.
    carry
        Whether units that are left over are there in the next period: goods are, hours are not.
    tiers
        In place of ``outcome`` and ``demand``: ``area``, ``group``, perhaps ``period``, ``units``
        and ``outcome``, one row for each part of a group's demand.
    seconds
        How long to search where costs differ and there is a budget.
    progress
        Is called with what comes next, in words, and the part done (0 to 1).

    Returns
    -------
    Allocation
        ``use`` is ``scarce``. ``sent`` has ``group`` and ``period`` too. ``places`` has one row
        per area, or per area and period (columns ``area`` and ``period`` tell them apart).
        ``limits`` has the supply, the budget and every floor: ``one_more`` is what one unit more
        of supply would add, for a budget the money for one unit more of the dearest group that is
        short, for a floor what one unit *less* promised would add. ``totals`` also has ``cost``
        (NaN where not known), ``greedy_floors_unmet`` and ``value_without_floors``.

    Raises
    ------
    caremap.DataProblem
        Where columns are missing, units are not whole, an outcome is not between 0 and 1 or
        rises from the first units of a group to the later ones, a group stands twice, or there is
        a budget and no cost.

    Notes
    -----
    Wishes in this order: as many units of floors as can be kept; the most expected good outcomes;
    the least money; names. Without a budget, or with one cost for all, it is a flow of least cost
    (`caremap.planning.allocating`); else whole numbers are searched (HiGHS), and ``optimal`` says
    whether the best is proven. A period's demand is met by what has come up to then, the oldest
    first. The simple rule beside it keeps the same floors and then serves the neediest area first.

    Examples
    --------
    >>> groups = pd.DataFrame({"area": ["North", "North", "South"], "group": ["A", "B", "A"],
    ...                        "demand": [4, 6, 5], "outcome": [0.5, 0.1, 0.3]})
    >>> found = scarce(groups, 8, floors={"South": 0.8})
    >>> found.places[["place", "demand", "floor", "received", "unmet"]]
       place  demand  floor  received  unmet
    0  North      10      0         4      6
    1  South       5      4         4      1
    >>> round(found.totals["value"], 3), found.optimal
    (3.2, True)
    """
    tell = progress or silent
    asked = asked_for(groups, supply, budget, cost, floors, carry, tiers)
    until = time.monotonic() + seconds
    tell("The best use of the supply", 0.0)
    found = best(asked, seconds)
    tell("What the floors cost", 0.4)
    free = found
    if asked.floors.any():
        free = best(replace(asked, floors=np.zeros_like(asked.floors)),
                    max(until - time.monotonic(), 1.0), value_only=True)  # fmt: skip
    tell("What one more unit would do", 0.5)
    simple = by_need(asked, np.minimum(found.of_place, asked.floors))
    limits, untold = limits_of(found, free, until, lambda part: tell(
        "What one more unit would do", 0.5 + part / 2))  # fmt: skip
    tell("Done", 1.0)
    return Allocation(
        use="scarce",
        sent=_sent(found),
        places=_places(found),
        limits=limits,
        totals=MappingProxyType(_totals(found, free, simple)),
        value_unit="good outcomes",
        optimal=found.proven,
        settings=MappingProxyType({"supply": supply, "budget": budget, "cost": cost,
                                   "floors": floors, "carry": carry}),
        assumptions=_assumptions(asked),
        notes=_notes(found, free, untold),
    )  # fmt: skip


def _totals(found: Best, free: Best, simple: Best) -> dict[str, Any]:
    units, wanted = int(found.received.sum()), int(found.asked.cells["demand"].sum())
    return {
        "value": found.value,
        "units": units,
        "unit_km": float("nan"),
        "unmet": wanted - units,
        "floors_unmet": found.floors_unmet,
        "greedy_value": simple.value,
        "greedy_unmet": wanted - int(simple.received.sum()),
        "greedy_floors_unmet": simple.floors_unmet,
        "value_without_floors": free.value,
        "cost": found.spent,
    }


def _sent(found: Best) -> pd.DataFrame:
    """Return what each group gets, of what came when: the oldest units go first."""
    asked = found.asked
    cells = asked.cells
    order = np.argsort(asked.when, kind="stable")
    rows = []
    left, oldest = asked.supply.copy(), 0
    for tier in order:
        wanted = int(found.received[tier])
        while wanted:
            if not asked.carry:
                oldest = int(asked.when[tier])
            if not left[oldest]:
                oldest += 1
                continue
            units = min(wanted, int(left[oldest]))
            left[oldest] -= units
            wanted -= units
            rows.append((int(asked.cell[tier]), oldest, units, units * asked.outcome[tier]))
    many = len(asked.periods) > 1
    sent = pd.DataFrame(rows, columns=["cell", "came", "units", "value"])
    sent = sent.groupby(["cell", "came"], as_index=False, sort=True).sum()
    cell = cells.iloc[sent["cell"]].reset_index(drop=True)
    came = [f"Supply of {said_period(asked.periods[at])}" if many else "Supply"
            for at in sent["came"]]  # fmt: skip
    table = pd.DataFrame(
        {
            "from": pd.Series(came, dtype="str"),
            "to": cell["area"].astype("str"),
            "units": sent["units"].astype("int64"),
            "km": np.full(len(sent), np.nan),
            "value": sent["value"].astype("float64"),
            "why": pd.Series(_whys(found, sent["cell"].to_numpy("int64")), dtype="str"),
            "group": cell["group"].astype("str"),
            "period": cell["period"],
        }
    )
    keys = ["units", "to", "at", "group", "came"]
    table = table.assign(at=cell["at"], came=sent["came"])
    table = table.sort_values(keys, ascending=[False, True, True, True, True], ignore_index=True)
    return table.drop(columns=["at", "came"])


def _whys(found: Best, cells: Any) -> list[str]:
    """Return why a group gets what it gets."""
    asked = found.asked
    short = asked.floors >= found.of_place
    lines = []
    for cell in cells:
        mine = (asked.cell == cell) & (found.received > 0)
        low, high = asked.outcome[mine].min(), asked.outcome[mine].max()
        each = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
        place = int(asked.cells["place"].iloc[cell])
        promised = short[place] and asked.floors[place] > 0
        end = "; the floor of its area asks for it" if promised else ""
        lines.append(f"Each unit is expected to add {each} good outcomes{end}.")
    return lines


def _places(found: Best) -> pd.DataFrame:
    asked = found.asked
    by_place = asked.cells.groupby("place")
    demand = by_place["demand"].sum().to_numpy("int64")
    received = found.of_place
    named = asked.places["name"] if len(asked.periods) > 1 else asked.places["area"]
    return pd.DataFrame(
        {
            "place": named.astype("str").to_numpy(),
            "need": by_place["score"].max().to_numpy("float64"),
            "demand": demand,
            "floor": asked.floors,
            "received": received,
            "unmet": demand - received,
            "reason": pd.Series(_reasons(found, demand - received), dtype="str"),
            "area": asked.places["area"].astype("str").to_numpy(),
            "period": pd.Series([asked.periods[at] for at in asked.places["at"]], dtype="object"),
        }
    )


def _reasons(found: Best, unmet: Any) -> list[str]:
    asked = found.asked
    spare = room(asked, found.received)
    left = _money_left(found)
    lines = []
    for place, short in enumerate(unmet):
        if not short:
            lines.append("")
            continue
        open_tiers = np.flatnonzero((asked.place == place) & (asked.units > found.received))
        first = int(open_tiers[np.argmax(asked.outcome[open_tiers])])
        at, adds = int(asked.places["at"].iloc[place]), asked.outcome[first]
        group = asked.cells["group"].iloc[asked.cell[first]]
        next_one = f"the next unit here, for {group}, would add {adds:.3g} good outcomes"
        missing = counted(int(short), "unit", "units")
        price = asked.cost[open_tiers].min()
        if adds <= 0:
            lines.append(f"{missing} short: more units here add nothing to outcomes.")
        elif spare[at] <= 0:
            lines.append(
                f"{missing} short: the supply is used up by units that are promised or do more; "
                f"{next_one}."
            )
        else:
            lines.append(
                f"{missing} short: the budget is used up ({figure(left[at])} is left, a unit costs "
                f"{figure(price)}); {next_one}."
            )
    return lines


def _money_left(found: Best) -> Any:
    """Return what could still be spent in each period."""
    asked = found.asked
    spent = np.zeros(len(asked.periods))
    np.add.at(spent, asked.when, found.received * np.nan_to_num(asked.cost))
    return np.minimum(asked.budget - spent.sum(), asked.budgets - spent)


def _assumptions(asked: Asked) -> tuple[str, ...]:
    several, lines = len(asked.periods) > 1, []
    lines.append(
        "By how much a unit raises the chance of a good outcome is as typed in. It is not from "
        "the data, and CareMap knows no such figures."
    )
    lines.append("Good outcomes of different patients count alike, and are added up.")
    if asked.floors.any():
        lines.append("What areas are promised comes before outcomes, in every period.")
    if several and asked.carry:
        lines.append("Units that are left over in a period are there in the next.")
    if several and not asked.carry:
        lines.append("Units that are left over in a period are lost.")
    if np.isfinite(asked.budgets).any():
        lines.append("Money that is left over in a period is not there in the next.")
    return tuple(lines)


def _notes(found: Best, free: Best, untold: bool) -> tuple[str, ...]:
    lines = []
    if found.floors_unmet:
        lines.append(
            f"{counted(found.floors_unmet, 'promised unit', 'promised units')} cannot be kept: "
            "what there is goes to floors first, where the smallest share of one is kept."
        )
    if free.value - found.value > 1e-9 and found.proven and free.proven:
        lines.append(
            f"Keeping the floors costs {figure(free.value - found.value)} expected good outcomes: "
            f"without them there would be {figure(free.value)} and not {figure(found.value)}."
        )
    if not found.proven:
        lines.append(
            "In the time given it is not proven that nothing is better. Allow more seconds, or "
            "use fewer groups."
        )
    if untold:
        lines.append("What one more unit would do was not worked out for all limits in the time "
                     "given.")  # fmt: skip
    return tuple(lines)
