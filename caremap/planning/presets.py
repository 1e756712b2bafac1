"""Scenarios to begin with: what hospitals usually plan for, to be edited."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from caremap.planning.scenario import Scenario

__all__ = ["PRESET_NOTES", "presets"]

ICU_SHARE, VENTILATED_SHARE = 26.9, 39.5  # of `intensive_defaults`, where no data say otherwise
_MORE = 1.5
_WARD = 20

PRESET_NOTES: Mapping[str, str] = MappingProxyType(
    {
        "Winter surge": "20 % more patients is an assumption for a hard winter; your own last "
        "winters tell you better.",
        "Pandemic surge": "30 % more patients, stays 20 % longer, half as many again in intensive "
        "care and on ventilators, 10 points more absence: assumptions for a severe wave, not a "
        "forecast.",
        "Ward closure": "The department with the most beds, or the one chosen, is closed. Where "
        "beds by department are not known: one ward, of 20 beds as an assumption.",
        "Mass-casualty day": "40 patients on one day on top of the usual is an assumption; take "
        "the number of your own emergency plan.",
        "Staff absence": "15 percentage points more absent than usual is an assumption for a "
        "wave of sickness among staff.",
    }
)
"""What each preset takes for granted, and that it is an assumption."""


def presets(
    first: object,
    last: object,
    beds: Mapping[str, float] | pd.Series | float | None = None,
    *,
    ward: str | None = None,
    icu_share: float | None = None,
    ventilated_share: float | None = None,
) -> tuple[Scenario, ...]:
    """Return the scenarios to begin with, over days.

    Parameters
    ----------
    first, last
        First and last day of the window: of the forecast.
    beds
        Staffed beds by department, or of all; None: not known. They say which ward is closed.
    ward
        The department that “Ward closure” closes; by default the one with the most beds.
    icu_share, ventilated_share
        As now, in percent, as `caremap.planning.intensive_defaults` gives them: the pandemic
        has half as many again. By default the published shares named there.

    Returns
    -------
    tuple of Scenario
        “Winter surge”, “Pandemic surge”, “Ward closure”, “Mass-casualty day” and “Staff
        absence”; what they take for granted is in `PRESET_NOTES`.

    Raises
    ------
    ValueError
        Where the last day is before the first.

    Examples
    --------
    >>> [one.name for one in presets("2024-05-01", "2024-05-28")][:2]
    ['Winter surge', 'Pandemic surge']
    >>> dict(presets("2024-05-01", "2024-05-28", {"Surgery": 30, "ICU": 8})[2].beds)
    {'Surgery': -30}
    """
    start, end = _day(first), _day(last)
    if end < start:
        raise ValueError(f"The last day ({end:%Y-%m-%d}) is before the first ({start:%Y-%m-%d}).")
    in_icu = ICU_SHARE if icu_share is None else icu_share
    on_ventilator = VENTILATED_SHARE if ventilated_share is None else ventilated_share
    return (
        Scenario("Winter surge", start, end, demand=20.0),
        Scenario(
            "Pandemic surge", start, end, demand=30.0, stay=20.0, absence=10.0,
            icu_share=_half_more(in_icu), ventilated_share=_half_more(on_ventilator),
        ),
        Scenario("Ward closure", start, end, beds=MappingProxyType(_closed(beds, ward))),
        Scenario("Mass-casualty day", start, start, extra=40),
        Scenario("Staff absence", start, end, absence=15.0),
    )  # fmt: skip


def _day(value: object) -> pd.Timestamp:
    return pd.Timestamp(value).normalize()  # type: ignore[arg-type]


def _half_more(share: float) -> float:
    return round(min(_MORE * share, 100.0), 1)


def _closed(
    beds: Mapping[str, float] | pd.Series | float | None, ward: str | None
) -> dict[str, int]:
    """Return the beds that a ward closure closes, by department."""
    if beds is None or isinstance(beds, int | float):
        there = _WARD if beds is None or pd.isna(beds) else min(_WARD, int(beds))
        return {ward or "": -there}
    known = {str(name): int(count) for name, count in beds.items() if pd.notna(count) and count > 0}
    if not known:
        return {ward or "": -_WARD}
    if ward is not None:
        return {ward: -known.get(ward, _WARD)}
    largest = min(known, key=lambda name: (-known[name], name))
    return {largest: -known[largest]}
