"""The value a plan of staff moves is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

__all__ = ["MovePlan"]


@dataclass(frozen=True, eq=False)
class MovePlan:
    """Who moves where, what that changes, and what stays unmet.

    Attributes
    ----------
    moves
        ``from``, ``to``, ``role``, ``staff`` (people moved, whole), ``km`` (of one of them, a
        straight line; NaN where places are unknown), ``from_before``, ``from_after``,
        ``to_before``, ``to_after`` (need per staff member at both ends; NaN without staff) and
        ``why`` (a sentence). By role, then the most people first.
    before_after
        One row per facility and role, in the order of the network: ``facility``, ``role``,
        ``before``, ``target`` (without any limit; missing where the need is unknown), ``after``,
        ``ratio_before``, ``ratio_after`` (need per staff member). No total row.
    unmet
        ``facility``, ``role``, ``missing`` (target - after, where more than 0), ``reason``: which
        limit binds and what would free it.
    totals
        ``moved`` (people), ``staff_km``, ``longest_km``; ``max_min_before``, ``max_min_after``
        (largest over smallest need per staff member, the largest of the roles), ``gini_before``,
        ``gini_after`` (of staff over need), ``worst_before``, ``worst_after`` (facility with most
        need per staff member, and role), ``unmet`` (people); and the same made by hand, nearest
        first: ``greedy_moved``, ``greedy_staff_km``, ``greedy_max_min_after``.
    optimal
        Whether the plan is proven to be the best under its limits.
    by_role
        The numbers of ``totals`` for each role: one row a role.
    limits
        The settings it was made with, by the names of the arguments of `plan_moves`.
    notes
        What a reader has to know, in sentences: ties, facilities left out, gaps to the optimum.
    """

    moves: pd.DataFrame
    before_after: pd.DataFrame
    unmet: pd.DataFrame
    totals: Mapping[str, Any]
    optimal: bool
    by_role: pd.DataFrame = field(default_factory=pd.DataFrame)
    limits: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
