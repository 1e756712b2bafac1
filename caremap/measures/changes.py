"""What another set of files changes: rows, days and key figures, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.definitions import MEASURES
from caremap.measures.headline import headline
from caremap.schema import TABLES, Kind

__all__ = ["CHANGING", "compare_networks"]

CHANGING = ("admissions", "discharges", "visits", "cost", "length_of_stay", "occupancy")
"""The key figures that are compared."""


def compare_networks(
    before: Dataset, after: Dataset, choices: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Return rows, first and last day and key figures of two networks side by side.

    Parameters
    ----------
    before, after
        The networks, filtered or not; key figures are those of their whole period.
    choices
        ``same_day``, ``overnight_only`` and ``cost_date`` as `caremap.measures.headline` takes
        them.

    Returns
    -------
    pandas.DataFrame
        ``figure``, ``unit``, ``before``, ``after``; the last two hold numbers and days, NaN where
        a network has no such figure. What neither has is left out.

    Examples
    --------
    >>> def stays(last):
    ...     return Dataset(stays=pd.DataFrame({"admitted": pd.date_range("2024-04-01", last)}))
    >>> compare_networks(stays("2024-04-07"), stays("2024-04-14")).set_index("figure")
                      unit               before                after
    figure
    Stays             rows                  7.0                 14.0
    First day               2024-04-01 00:00:00  2024-04-01 00:00:00
    Last day                2024-04-07 00:00:00  2024-04-14 00:00:00
    Admissions  admissions                  7.0                 14.0
    """
    columns = [_facts(one, dict(choices or {})) for one in (before, after)]
    names = list(dict.fromkeys([*columns[1], *columns[0]]))
    order = sorted(names, key=lambda name: _ORDER.index(name[0]))
    nothing = float("nan")
    rows = [
        {
            "figure": name,
            "unit": unit,
            "before": columns[0].get((name, unit), nothing),
            "after": columns[1].get((name, unit), nothing),
        }
        for name, unit in order
    ]
    return pd.DataFrame(rows, columns=["figure", "unit", "before", "after"], dtype="object")


_KINDS: tuple[Kind, ...] = ("stays", "activity", "facilities", "staff", "capacity", "population")
_DAYS = ("First day", "Last day")
_ORDER = [*(TABLES[kind].title for kind in _KINDS), *_DAYS,
          *(MEASURES[name].title for name in CHANGING)]  # fmt: skip


def _facts(dataset: Dataset, choices: dict[str, Any]) -> dict[tuple[str, str], Any]:
    facts: dict[tuple[str, str], Any] = {}
    for kind in _KINDS:
        if (table := getattr(dataset, kind)) is not None:
            facts[TABLES[kind].title, "rows"] = float(len(table))
    if dataset.span is not None:
        facts |= {(name, ""): one for name, one in zip(_DAYS, dataset.span, strict=True)}
    overall = headline(dataset, **choices)["overall"].dropna()
    return facts | {
        (MEASURES[name].title, MEASURES[name].unit): float(overall[name])
        for name in CHANGING
        if name in overall
    }
