"""Scenarios as plain values and as text for a link, and back: whatever comes in is checked."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd

from caremap.planning.scenario import BASELINE, Scenario
from caremap.problems import DataProblem

__all__ = ["MOST_SCENARIOS", "of_text", "scenario_of", "scenario_to_dict", "to_text"]

MOST_SCENARIOS = 12
"""More side by side cannot be read."""

_LONGEST_NAME = 80
_MOST_DEPARTMENTS = 500
_LONGEST_TEXT = 20_000
_FIRST, _LAST = pd.Timestamp("1900-01-01"), pd.Timestamp("2199-12-31")
_USUAL = Scenario("")
_BEDS = "beds."
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?")

# What each number may be: lowest, highest, whole numbers only, how it is called in a sentence.
# Patients are drawn one by one: a link must not ask for more than a machine can draw.
_LIMITS: dict[str, tuple[float, float, bool, str]] = {
    "demand": (-100, 300, False, "change of demand, in percent,"),
    "stay": (-100, 500, False, "change of the length of stay, in percent,"),
    "extra": (0, 5_000, True, "number of extra patients"),
    "icu_share": (0, 100, False, "share of intensive care, in percent,"),
    "ventilated_share": (0, 100, False, "share on a ventilator, in percent,"),
    "absence": (0, 100, False, "extra absence, in percentage points,"),
    "icu_beds": (-100_000, 100_000, True, "change of intensive care beds"),
    "ventilators": (-100_000, 100_000, True, "change of ventilators"),
    "cost": (-100, 1000, False, "change of cost, in percent,"),
    "price": (-100, 1000, False, "change of the price, in percent,"),
}
_BED_LIMITS = (-100_000.0, 100_000.0, True, "change of beds")
_MAY_BE_UNCHANGED = {"icu_share", "ventilated_share"}


def scenario_to_dict(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain values, for JSON: what changes nothing is left out.

    Parameters
    ----------
    scenario
        Any scenario.

    Returns
    -------
    dict
        ``name``, days as text (``2024-05-01``), numbers, and ``beds`` by department.

    Examples
    --------
    >>> scenario_to_dict(Scenario("Winter", pd.Timestamp("2024-12-01"), demand=20.0))
    {'name': 'Winter', 'start': '2024-12-01', 'demand': 20.0}
    """
    plain: dict[str, Any] = {"name": scenario.name}
    for one in fields(Scenario):
        value = getattr(scenario, one.name)
        if one.name == "name" or value == getattr(_USUAL, one.name):
            continue
        if one.name == "beds":
            plain["beds"] = {name: int(count) for name, count in sorted(value.items()) if count}
        elif isinstance(value, pd.Timestamp):
            plain[one.name] = f"{value:%Y-%m-%d}"
        else:
            plain[one.name] = value
    return {key: value for key, value in plain.items() if value != {}}


def scenario_of(plain: object) -> Scenario:
    """Return the scenario that plain values say, once every one of them is checked.

    Parameters
    ----------
    plain
        As `scenario_to_dict` gives it, from a work file, a link or the user.

    Raises
    ------
    caremap.DataProblem
        Where something is missing, unknown, no number or day, or out of its bounds; the message
        names the field and never quotes what stands there.

    Examples
    --------
    >>> scenario_of({"name": "Winter", "demand": 20}).demand
    20.0
    >>> scenario_of({"name": "Winter", "demand": 2000})
    Traceback (most recent call last):
    caremap.problems.DataProblem: The change of demand, in percent, of a scenario has to lie
    between -100 and 300. Change the number.
    """
    if not isinstance(plain, Mapping):
        raise DataProblem("A scenario cannot be read.", "Make it anew.")
    known = {one.name for one in fields(Scenario)}
    if not all(isinstance(key, str) and key in known for key in plain):
        raise DataProblem("A scenario holds a setting that is not known.", "Make it anew.")
    values: dict[str, Any] = {"name": checked_name(plain.get("name"))}
    for name, limits in _LIMITS.items():
        value = plain.get(name)
        if value is None and (name not in plain or name in _MAY_BE_UNCHANGED):
            continue
        values[name] = _number(value, limits)
    for name in ("start", "end"):
        if plain.get(name) is not None:
            values[name] = _day(plain[name])
    if "beds" in plain:
        values["beds"] = _beds(plain["beds"])
    scenario = Scenario(**values)
    if scenario.start is not None and scenario.end is not None and scenario.start > scenario.end:
        raise DataProblem(
            "The window of a scenario ends before it starts.", "Change the first or the last day."
        )
    return scenario


def to_text(scenarios: Scenario | Iterable[Scenario]) -> str:
    """Return scenarios as a short text for a link.

    Examples
    --------
    >>> to_text([Scenario("Winter surge", demand=20.0), Scenario("Closure", beds={"ICU": -4})])
    'Winter surge;demand=20|Closure;beds.ICU=-4'
    """
    given = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    return "|".join(_one_text(scenario) for scenario in given)


def of_text(text: str) -> tuple[Scenario, ...]:
    """Return the scenarios that a text of `to_text` holds; none for an empty one.

    Raises
    ------
    caremap.DataProblem
        As `scenario_of`, and where the text is no such text, holds too many scenarios, or two
        of one name.

    Examples
    --------
    >>> [one.name for one in of_text("Winter surge;demand=20|Closure;beds.ICU=-4")]
    ['Winter surge', 'Closure']
    """
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
        raise DataProblem("The scenarios of this link cannot be read.", "Make them anew.")
    found = [scenario_of(_parted(part)) for part in text.split("|") if part.strip()]
    checked_list(found)
    return tuple(found)


def checked_list(scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """Return scenarios that can stand side by side: not too many, each of a name of its own."""
    given = tuple(scenarios)
    if len(given) > MOST_SCENARIOS:
        raise DataProblem(
            f"There are {len(given)} scenarios, at most {MOST_SCENARIOS} can stand side by side.",
            "Leave some out.",
        )
    names = [checked_name(one.name).casefold() for one in given]
    if len({*names}) < len(names):
        raise DataProblem("Two scenarios have the same name.", "Rename one of them.")
    return given


def checked_name(name: object) -> str:
    """Return a name a scenario can have."""
    if not isinstance(name, str) or not name.strip():
        raise DataProblem("A scenario has no name.", "Name it.")
    clean = name.strip()
    if len(clean) > _LONGEST_NAME or not clean.isprintable():
        raise DataProblem(
            "The name of a scenario is too long, or holds characters that are not seen.",
            f"Take at most {_LONGEST_NAME} letters.",
        )
    if clean.casefold() == BASELINE.casefold():
        raise DataProblem(
            f"A scenario cannot be called “{BASELINE}”: that is the run without any change.",
            "Rename it.",
        )
    return clean


def _number(value: object, limits: tuple[float, float, bool, str]) -> float | int:
    low, high, whole, called = limits
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise DataProblem(f"The {called} of a scenario is no number.", "Change it.")
    if not low <= value <= high:
        raise DataProblem(
            f"The {called} of a scenario has to lie between {low:,.0f} and {high:,.0f}.",
            "Change the number.",
        )
    if whole and value != math.floor(value):
        raise DataProblem(f"The {called} of a scenario is no whole number.", "Change it.")
    return int(value) if whole else float(value)


def _day(value: object) -> pd.Timestamp:
    """Return a day that is written as 2024-05-01, or a Timestamp or date of it."""
    problem = DataProblem("The window of a scenario holds something that is no day.", "Change it.")
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise problem
    try:
        day = pd.Timestamp(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise problem from None
    if isinstance(value, bool | int | float) or pd.isna(day) or day.tz is not None:
        raise problem
    if not _FIRST <= day <= _LAST:
        raise problem
    return day.normalize()


def _beds(value: object) -> Mapping[str, int]:
    if not isinstance(value, Mapping) or len(value) > _MOST_DEPARTMENTS:
        raise DataProblem("The beds of a scenario cannot be read.", "Enter them anew.")
    for name in value:
        if not isinstance(name, str) or len(name) > 200 or (name and not name.isprintable()):
            raise DataProblem("The beds of a scenario name no department.", "Enter them anew.")
    return MappingProxyType({name: int(_number(n, _BED_LIMITS)) for name, n in value.items()})


def _one_text(scenario: Scenario) -> str:
    plain = scenario_to_dict(scenario)
    beds = plain.pop("beds", {})
    parts = [_escaped(plain.pop("name"))]
    parts += [f"{key}={_written(value)}" for key, value in plain.items()]
    parts += [f"{_BEDS}{_escaped(name)}={count}" for name, count in beds.items()]
    return ";".join(parts)


def _escaped(name: str) -> str:
    """Escape what parts a text; blanks and letters of any language stay readable."""
    return quote(name, safe=" ") if set(name) & set("|;=%") else name


def _written(value: object) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _parted(text: str) -> dict[str, Any]:
    """Return the plain values of one scenario's text."""
    name, *parts = text.split(";")
    plain: dict[str, Any] = {"name": unquote(name)}
    beds: dict[str, Any] = {}
    for part in parts:
        key, sign, value = part.partition("=")
        place = beds if key.startswith(_BEDS) else plain
        key = unquote(key.removeprefix(_BEDS)) if place is beds else key
        if not sign or key in place:
            raise DataProblem("The scenarios of this link cannot be read.", "Make them anew.")
        place[key] = value if key in ("start", "end") and place is plain else _as_number(value)
    return plain | ({"beds": beds} if beds else {})


def _as_number(value: str) -> float | int | str:
    if not _NUMBER.fullmatch(value):
        return value  # refused as no number, by its name
    make: Callable[[str], float | int] = float if "." in value else int
    return make(value)
