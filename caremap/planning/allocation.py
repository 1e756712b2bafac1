"""The value an allocation is: who gets what when there is not enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

__all__ = ["Allocation"]


@dataclass(frozen=True, eq=False)
class Allocation:
    """What goes where, whom it leaves short, which limits bind, and what one more would do.

    Attributes
    ----------
    use
        ``emergency``, ``scarce``, ``telemedicine`` or ``wards``.
    sent
        One row per pair that something goes between: ``from`` (a pool, a facility, a clinician, a
        group of patients), ``to`` (a place, an area, a ward), ``units`` (whole), ``km`` (of one
        of them, a straight line; NaN where distance does not enter), ``value`` (what these units
        add to the objective) and ``why`` (a sentence). The most units first.
    places
        One row per receiver, in the order given: ``place``, ``need`` (points, 0 to 25; NaN where
        the use has no score), ``demand`` (units), ``floor`` (units promised at least),
        ``received``, ``unmet`` (demand - received), ``reason`` (which limit binds and what would
        free it; empty where nothing is unmet).
    limits
        One row per limit: ``limit`` (in words), ``at`` (the place, source or period it is about;
        empty for all), ``used``, ``of``, ``binding`` (whether it is used up *and* one more would
        raise the objective), ``one_more`` (how much one more unit would raise it: the exact
        difference of two solutions, NaN where not worked out).
    totals
        ``value`` (the objective, in ``value_unit``), ``units`` sent, ``unit_km``, ``unmet``,
        ``floors_unmet`` (units of floors that could not be kept), and the same by the simple rule
        a person would use (the neediest first): ``greedy_value``, ``greedy_unmet``; with floors,
        ``value_without_floors``: what keeping them costs is the difference.
    value_unit
        What the objective counts, in words: “need points met”, “good outcomes”.
    optimal
        Whether it is proven that no allocation within the limits does better.
    settings
        What it was made with, by the names of the arguments.
    assumptions
        What it takes for granted, in sentences a board can read.
    notes
        What a reader has to know: places left out, ties, floors that cannot be kept.
    """

    use: str
    sent: pd.DataFrame
    places: pd.DataFrame
    limits: pd.DataFrame
    totals: Mapping[str, Any]
    value_unit: str
    optimal: bool
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
