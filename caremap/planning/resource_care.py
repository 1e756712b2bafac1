"""Which part of the patients of a place is in intensive care, and on a ventilator there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.beds import plain
from caremap.measures.coverage import has
from caremap.measures.windows import DAY
from caremap.planning.intensive_care import CALLED, RECENT, intensive_defaults, parts_in_use
from caremap.problems import DataProblem

__all__ = ["Care", "care_of"]

Array = np.ndarray[Any, Any]
_FEW = 20  # stays of a place below which its part is that of all places


@dataclass(frozen=True, eq=False)
class Care:
    """Parts by group, and how they are known.

    Attributes
    ----------
    icu, ventilator
        Part of patients in house in intensive care, and of these on a ventilator; NaN where not
        known.
    note
        How they are known.
    """

    icu: Array
    ventilator: Array
    note: str


def care_of(dataset: Dataset, columns: Sequence[str], groups: Sequence[tuple[str, ...]]) -> Care:
    """Return the parts of each group: from its own stays, its name, or what is published.

    Parameters
    ----------
    dataset
        With stays; ``icu_days`` of those that ended in the last year say it best.
    columns, groups
        What groups are, and their names.
    """
    usual = intensive_defaults(dataset)
    try:
        part, on_ventilator = parts_in_use({str(k): float(v) for k, v in usual["value"].items()})
    except DataProblem as problem:  # what is published does not fit every file
        unknown = np.full(len(groups), np.nan)
        return Care(unknown, unknown, f"Intensive care is not known: {problem.message}")
    icu = np.full(len(groups), part)
    sources = usual["source"].astype("str").to_dict()
    note = f"Share in intensive care: {sources['icu_share']}"
    if has(dataset.stays, "icu_days", "length_of_stay"):
        own = _own(dataset, list(columns))
        icu = np.array([own.get(plain(group), part) for group in groups])
        note = "Share in intensive care as in the stays of the last year, place by place."
    elif usual["own"].to_dict()["icu_share"] and "department" in columns:
        at = list(columns).index("department")
        inside = [bool(re.search(CALLED, group[at], flags=re.IGNORECASE)) for group in groups]
        icu = np.array(inside, dtype="float64")
        note = "Intensive care is what is called so among the departments."
    return Care(icu, np.full(len(groups), on_ventilator), note.rstrip(".") + ".")


def _own(dataset: Dataset, columns: list[str]) -> dict[tuple[str, ...], float]:
    """Return days in intensive care over nights, by group, of stays that ended lately."""
    date = "discharged" if has(dataset.stays, "discharged") else None
    only = "was_admitted" if has((dataset.whole or dataset).stays, "was_admitted") else None
    counted = dataset.once(
        "stays", reductions.flows, date, columns, sums=["icu_days", "length_of_stay"], only=only
    )
    end = dataset.as_of
    if date and end is not None and counted["date"].notna().any():
        counted = counted[counted["date"].between(end - RECENT * DAY, end)]
    keys = pd.Series(
        [plain(row) for row in counted[columns].itertuples(index=False, name=None)],
        index=counted.index, dtype="object",
    )  # fmt: skip
    sums = counted[["rows", "icu_days", "length_of_stay"]].groupby(keys).sum()
    enough = sums[(sums["rows"] >= _FEW) & (sums["length_of_stay"] > 0)]
    parts = (enough["icu_days"] / enough["length_of_stay"]).clip(0, 1)
    return {key: float(part) for key, part in parts.items()}  # type: ignore[misc]
