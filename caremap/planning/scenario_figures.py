"""What comes of the futures of one scenario: figures by day, in all, and by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.scenario import Scenario
from caremap.planning.scenario_census import Outcome
from caremap.planning.scenario_room import Room
from caremap.planning.scenario_staff import Roles

__all__ = ["BOUNDED", "PLAIN", "Ran", "daily", "departments", "difference", "staff", "summary"]

Array = np.ndarray[Any, Any]

BOUNDED = (
    "mean_census", "peak_median", "refused", "staff_short", "overtime_hours", "bed_days", "cost",
    "revenue", "margin",
)  # fmt: skip
"""Figures that have an interval: 80 % of futures."""

PLAIN = ("peak_high_90", "beds", "beds_short", "refused_share", "icu_short", "ventilators_short")
"""Figures that are read from all futures together."""

LOW, HIGH = 0.1, 0.9
_ORDER = (
    "mean_census", "peak_date", "peak_median", "peak_high_90", "beds", "beds_short", "refused",
    "refused_share", "icu_short", "ventilators_short", "staff_short", "overtime_hours", "bed_days",
    "cost", "revenue", "margin",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Ran:
    """One scenario, run.

    Attributes
    ----------
    scenario, dates
        What it is and the days ahead.
    outcome, room, roles
        What happens, the beds there are, and the staff it takes (None where nobody knows).
    cost, price
        Of a bed-day and a case, by day; NaN where not known.
    """

    scenario: Scenario
    dates: pd.DatetimeIndex
    outcome: Outcome
    room: Room
    roles: Roles | None
    cost: Array
    price: Array

    @property
    def name(self) -> str:
        """Of the scenario."""
        return self.scenario.name


def quantile(values: Array, share: float) -> Any:
    """Return a number that was drawn, by day: of futures in rows."""
    return np.quantile(values, share, axis=0, method="inverted_cdf")


def peak_of(census: Array) -> int:
    """Return the fullest day: the highest median, of several the highest mean, the first."""
    return int(np.lexsort((-census.mean(axis=0), -quantile(census, 0.5)))[0])


def daily(ran: Ran) -> pd.DataFrame:
    """Return one row per day, as `ScenarioRun.daily`."""
    found, room = ran.outcome, ran.room
    census = found.census
    beyond = np.maximum(census - room.beds, 0.0)
    known = np.isfinite(room.beds)
    return pd.DataFrame(
        {
            "scenario": ran.name,
            "date": ran.dates,
            "median": quantile(census, 0.5).astype("float64"),
            "mean": census.mean(axis=0),
            "high_90": quantile(census, HIGH).astype("float64"),
            "low_10": quantile(census, LOW).astype("float64"),
            "arrivals": found.arrivals.mean(axis=0),
            "beds": room.beds,
            "short": beyond.mean(axis=0),
            "chance_short": np.where(known, (census > room.beds).mean(axis=0), np.nan),
            "refused": found.refused.mean(axis=0),
            "icu": found.icu.mean(axis=0),
            "icu_high_90": quantile(found.icu, HIGH).astype("float64"),
            "icu_beds": room.icu_beds,
            "ventilated": found.ventilated.mean(axis=0),
            "ventilated_high_90": quantile(found.ventilated, HIGH).astype("float64"),
            "ventilators": room.ventilators,
        }
    ).astype({"scenario": "str"})


def by_future(ran: Ran) -> dict[str, Array]:
    """Return each figure of `BOUNDED` in every future."""
    found = ran.outcome
    nights = found.census
    short, overtime = _staff_by_future(ran.roles, len(nights))
    cost = (nights * ran.cost).sum(axis=1)
    revenue = (found.arrivals * ran.price).sum(axis=1)
    return {
        "mean_census": nights.mean(axis=1),
        "peak_median": nights[:, peak_of(nights)].astype("float64"),
        "refused": found.refused.sum(axis=1),
        "staff_short": short,
        "overtime_hours": overtime,
        "bed_days": nights.sum(axis=1).astype("float64"),
        "cost": cost,
        "revenue": revenue,
        "margin": revenue - cost,
    }


def _staff_by_future(roles: Roles | None, futures: int) -> tuple[Array, Array]:
    """Return posts missing on the worst day, and hours of overtime of all days: of all roles."""
    known = _known_short(roles)
    if roles is None or not known:
        return np.full(futures, np.nan), np.full(futures, np.nan)
    short = np.sum(known, axis=0)
    hours = [
        one.sum(axis=1) * roles.hours[name] for name, one in roles.short.items() if _known(one)
    ]
    return short[:, peak_of(short)], np.sum(hours, axis=0)


def _worst_by_future(ran: Ran) -> dict[str, Array]:
    """Return what the worst day of each future asks for, whenever that is."""
    known = _known_short(ran.roles)
    short = (
        np.sum(known, axis=0).max(axis=1) if known else np.full(ran.outcome.census.shape[0], np.nan)
    )
    return {"peak_median": ran.outcome.census.max(axis=1).astype("float64"), "staff_short": short}


def _known_short(roles: Roles | None) -> list[Array]:
    return [] if roles is None else [one for one in roles.short.values() if _known(one)]


def _known(values: Array) -> bool:
    return bool(np.isfinite(values).all())


def summary(ran: Ran) -> dict[str, Any]:
    """Return the row of a scenario, as `ScenarioRun.summary`."""
    found, room = ran.outcome, ran.room
    peak = peak_of(found.census)
    arrivals = float(found.arrivals.sum())
    row: dict[str, Any] = {
        "peak_date": ran.dates[peak],
        "peak_high_90": float(quantile(found.census, HIGH)[peak]),
        "beds": float(room.beds[peak]),
        "beds_short": _worst(found.census, room.beds),
        "refused_share": float(found.refused.sum()) / arrivals if arrivals else np.nan,
        "icu_short": _worst(found.icu, room.icu_beds),
        "ventilators_short": _worst(found.ventilated, room.ventilators),
    }
    for name, values in by_future(ran).items():
        row |= _bounded(name, values, _centre(name, values))
    return _ordered(row)


def difference(ran: Ran, base: Ran) -> dict[str, Any]:
    """Return what a scenario has more than the baseline, future by future.

    Two scenarios have their worst days at different times: what they differ by then is told by
    the worst day of each future, the figure itself as its bounds. The difference of two medians
    is not the median of the differences, and may lie outside what most futures show.
    """
    mine, usual = (by_future(one) | _worst_by_future(one) for one in (ran, base))
    row: dict[str, Any] = {}
    whole, before = summary(ran), summary(base)
    for name in PLAIN:
        row[name] = whole[name] - before[name]
    for name in BOUNDED:
        more = mine[name] - usual[name]
        row |= _bounded(name, more, _centre(name, more))
    return _ordered(row)


def _centre(name: str, values: Array) -> float:
    """Return the figure itself: the mean, but of what one day asks for the median."""
    if not _known(values):
        return float("nan")
    middle = name in ("peak_median", "staff_short")
    return float(quantile(values, 0.5)) if middle else float(values.mean())


def _bounded(name: str, values: Array, centre: float) -> dict[str, float]:
    low, high = (
        (float(quantile(values, share)) for share in (LOW, HIGH))
        if _known(values)
        else (float("nan"), float("nan"))
    )
    return {name: centre, f"{name}_low": low, f"{name}_high": high}


def _ordered(row: Mapping[str, Any]) -> dict[str, Any]:
    names = [part for name in _ORDER for part in (name, f"{name}_low", f"{name}_high")]
    return {name: row[name] for name in names if name in row}


def _worst(needed: Array, there: Array) -> float:
    """Return what nine futures of ten do not exceed, beyond what is there, on the worst day."""
    if not _known(there):
        return float("nan")
    return float(np.maximum(quantile(needed, HIGH) - there, 0.0).max())


def staff(ran: Ran) -> pd.DataFrame:
    """Return one row per role, as `ScenarioRun.staff`."""
    rows = []
    roles = ran.roles
    for name in [] if roles is None else roles.needed:
        assert roles is not None
        needed, available, short = roles.needed[name], roles.available[name], roles.short[name]
        known = _known(short)
        worst = peak_of(short if known and short.any() else needed)
        hours = short.sum(axis=1) * roles.hours[name]
        rows.append(
            {
                "scenario": ran.name,
                "role": name,
                "date": ran.dates[worst],
                "needed": float(quantile(needed, 0.5)[worst]),
                "needed_low": float(quantile(needed, LOW)[worst]),
                "needed_high": float(quantile(needed, HIGH)[worst]),
                "available": float(available[worst]),
                **_bounded("short", short[:, worst], _centre("peak_median", short[:, worst])),
                **_bounded("overtime_hours", hours, _centre("overtime_hours", hours)),
            }
        )
    columns = [
        "scenario", "role", "date", "needed", "needed_low", "needed_high", "available", "short",
        "short_low", "short_high", "overtime_hours", "overtime_hours_low", "overtime_hours_high",
    ]  # fmt: skip
    texts = dict.fromkeys(("scenario", "role"), "str")
    numbers = dict.fromkeys(columns[3:], "float64")
    return pd.DataFrame(rows, columns=columns).astype({**texts, **numbers})


def departments(ran: Ran, by: str, names: tuple[str, ...]) -> pd.DataFrame:
    """Return one row per group, as `ScenarioRun.departments`."""
    rows = []
    for at, name in enumerate(names):
        census, beds = ran.outcome.groups[at], ran.room.groups[at]
        refused = ran.outcome.refused_by_group[at]
        peak = peak_of(census)
        rows.append(
            {
                "scenario": ran.name,
                by: name,
                "mean_census": float(census.mean()),
                "peak_date": ran.dates[peak],
                "peak_median": float(quantile(census, 0.5)[peak]),
                "peak_high_90": float(quantile(census, HIGH)[peak]),
                "beds": float(beds[peak]),
                "short": _worst(census, beds),
                "refused": float(refused.sum(axis=1).mean()) if _known(refused) else np.nan,
            }
        )
    columns = [
        "scenario", by, "mean_census", "peak_date", "peak_median", "peak_high_90", "beds",
        "short", "refused",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"scenario": "str", by: "str"})
