"""What changes in a scenario, in sentences a board can read."""

from __future__ import annotations

import pandas as pd

from caremap.days import said
from caremap.planning.scenario import Scenario

__all__ = ["in_words", "window_in_words"]


def in_words(scenario: Scenario) -> list[str]:
    """Return what changes in a scenario, one sentence each.

    Parameters
    ----------
    scenario
        Any scenario.

    Returns
    -------
    list of str
        First the changes, last the days they hold; one sentence where nothing changes.

    Examples
    --------
    >>> days = {"start": pd.Timestamp("2024-05-01"), "end": pd.Timestamp("2024-05-28")}
    >>> for sentence in in_words(Scenario("Flu", **days, demand=20.0, beds={"ICU": -4})):
    ...     print(sentence)
    20 % more patients arrive.
    4 beds of ICU are closed.
    This holds from 1 May 2024 to 28 May 2024.
    """
    told = [*_patients(scenario), *_resources(scenario), *_money(scenario)]
    if not told:
        return ["Nothing changes."]
    return [*told, f"This holds {window_in_words(scenario)}."]


def window_in_words(scenario: Scenario) -> str:
    """Return the days of a scenario.

    Examples
    --------
    >>> window_in_words(Scenario("Flu", end=pd.Timestamp("2024-05-28")))
    'up to 28 May 2024'
    """
    start, end = scenario.start, scenario.end
    if start is None and end is None:
        return "on all days"
    if start is None or end is None:
        return f"from {said(start)} on" if start is not None else f"up to {_said(end)}"
    return f"on {said(start)}" if start == end else f"from {said(start)} to {said(end)}"


def _said(day: pd.Timestamp | None) -> str:
    return said(day) if day is not None else ""


def _percent(change: float, more: str, less: str) -> str:
    return f"{abs(change):g} % {more if change > 0 else less}"


def _patients(scenario: Scenario) -> list[str]:
    told = []
    if scenario.demand:
        told.append(f"{_percent(scenario.demand, 'more', 'fewer')} patients arrive.")
    if scenario.extra:
        patients = "patient comes" if scenario.extra == 1 else "patients come"
        told.append(f"{scenario.extra:,} more {patients} on the first day.")
    if scenario.stay:
        told.append(f"Stays that begin then last {_percent(scenario.stay, 'longer', 'shorter')}.")
    if scenario.icu_share is not None:
        told.append(f"{scenario.icu_share:g} % of admissions need intensive care.")
    if scenario.ventilated_share is not None:
        told.append(
            f"{scenario.ventilated_share:g} % of intensive care patients need a ventilator."
        )
    return told


def _resources(scenario: Scenario) -> list[str]:
    told = []
    for name, count in sorted(scenario.beds.items()):
        told += _opened(count, "bed", "beds", f" of {name}" if name else "")
    told += _opened(scenario.icu_beds, "intensive care bed", "intensive care beds", "")
    if scenario.ventilators:
        more = "more" if scenario.ventilators > 0 else "fewer"
        word = "ventilator" if abs(scenario.ventilators) == 1 else "ventilators"
        told.append(f"There are {abs(scenario.ventilators):,} {more} {word}.")
    if scenario.absence:
        word = "point" if scenario.absence == 1 else "points"
        told.append(f"{scenario.absence:g} percentage {word} more of the staff are absent.")
    return told


def _opened(count: int, one: str, several: str, where: str) -> list[str]:
    if not count:
        return []
    word = f"{one}{where} is" if abs(count) == 1 else f"{several}{where} are"
    return [f"{abs(count):,} {word} {'opened' if count > 0 else 'closed'}."]


def _money(scenario: Scenario) -> list[str]:
    named = (("Cost per bed-day", scenario.cost), ("The price per case", scenario.price))
    return [
        f"{title} is {_percent(change, 'higher', 'lower')}." for title, change in named if change
    ]
