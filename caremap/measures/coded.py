"""Rows in memory under whole numbers: one for every group, so that each name is read once.

Part of `caremap.measures.reductions`: the short way for pandas frames, which other engines
need not. The tests hold both ways against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype

from caremap.dataset import UNKNOWN
from caremap.measures.times import Array, Time, in_memory

__all__ = ["Coded", "coded"]


@dataclass(frozen=True, eq=False)
class Coded:
    """Rows by group.

    Attributes
    ----------
    codes
        Which row of ``groups`` each row belongs to; their number for rows without a time.
    groups
        The groups there are, sorted: their names as text, and their times.
    """

    codes: Array
    groups: pd.DataFrame

    def of(self, taken: Array) -> tuple[Coded, Array]:
        """Return the rows taken, by the same groups, and where they are."""
        kept = np.flatnonzero(taken)
        return Coded(self.codes[kept], self.groups), kept

    def count(self) -> Array:
        """Return how many of the rows lie in each group."""
        size = len(self.groups)
        return np.bincount(self.codes, minlength=size + 1)[:size]

    def sums(self, values: Array) -> tuple[Array, Array]:
        """Return the sum of the values that are known in each group, and their number."""
        size, known = len(self.groups), ~np.isnan(values)
        codes, kept = (self.codes, values) if known.all() else (self.codes[known], values[known])
        total = np.bincount(codes, weights=kept, minlength=size + 1)[:size]
        return total, np.bincount(codes, minlength=size + 1)[:size]

    def medians(self, values: Array) -> Array:
        """Return the median of the values that are known in each group, NaN without one."""
        found = pd.Series(values).groupby(self.codes).median()
        return found.reindex(range(len(self.groups))).to_numpy("float64")

    def ordered(self, values: Array) -> tuple[Array, Array]:
        """Return the known values sorted within each group, and where each group begins.

        The beginnings are one more than the groups: the last is the end.
        """
        size, known = len(self.groups), ~np.isnan(values)
        codes, kept = self.codes[known], values[known]
        short = codes.astype("uint16") if size < 1 << 16 else codes  # sorted without comparing
        found = kept[np.argsort(short, kind="stable")]
        begins = np.append(0, np.cumsum(np.bincount(codes, minlength=size + 1)[:size]))
        for first, last in zip(begins[:-1], begins[1:], strict=True):
            found[first:last].sort()
        return found[: begins[-1]], begins

    def spread(self, values: Array, name: str) -> pd.DataFrame:
        """Return the groups, each known value in them under this name, and its ``rows``."""
        found, begins = self.ordered(values)
        group = np.repeat(np.arange(len(self.groups)), np.diff(begins))
        new = np.ones(len(found), dtype="bool")
        new[1:] = (found[1:] != found[:-1]) | (group[1:] != group[:-1])
        first = np.flatnonzero(new)
        counted = self.groups.take(group[first]).reset_index(drop=True)
        return counted.assign(**{name: found[first], "rows": np.diff(np.append(first, len(found)))})


def coded(rows: pd.DataFrame, by: Sequence[str], times: Sequence[Time] = ()) -> Coded:
    """Return rows by group and time; without either all rows are one group.

    Examples
    --------
    >>> rows = pd.DataFrame({"ward": ["B", None, "A", "B"]})
    >>> coded(rows, ["ward"]).groups["ward"].tolist(), coded(rows, ["ward"]).codes.tolist()
    (['A', 'B', 'Unknown'], [1, 2, 0, 1])
    """
    parts = [(name, *_named(rows[name])) for name in by]
    parts += [(time.name, *in_memory(time, rows)) for time in times]
    codes, size = np.zeros(len(rows), dtype="int64"), 1
    columns: dict[str, pd.Index[Any]] = {}
    for name, places, values in parts:
        width = len(values) + 1  # one more for rows without a time
        placed = np.where(places < 0, len(values), places) if places.min(initial=0) < 0 else places
        codes, present = _pressed(codes * width + placed, (size + 1) * width)
        inside = (present // width < size) & (present % width < len(values))
        present = present[inside]
        codes = np.append(np.where(inside, np.cumsum(inside) - 1, len(present)), 0)[codes]
        size = len(present)
        columns = {other: kinds.take(present // width) for other, kinds in columns.items()}
        columns[name] = values.take(present % width)
    groups = pd.DataFrame(columns, index=range(size if parts else 1))
    dtypes = dict.fromkeys(by, "str") | {time.name: time.dtype for time in times}
    return Coded(codes, groups.astype(dtypes))


def _named(column: pd.Series[Any]) -> tuple[Array, pd.Index[Any]]:
    """Return where the name of each row stands among all names, sorted, and these."""
    codes, values = pd.factorize(column, use_na_sentinel=False)
    kinds = pd.Series(values)
    if is_bool_dtype(kinds.dtype):
        texts = kinds.map({True: "Yes", False: "No"}).astype("str")
    else:
        texts = kinds.astype("str")
    texts = texts.where(kinds.notna(), UNKNOWN)
    places, names = pd.factorize(texts, sort=True)  # a file may say “Unknown” itself
    return places[codes], pd.Index(names, dtype="str")


def _pressed(keys: Array, top: int) -> tuple[Array, Array]:
    """Return which of the keys there are each row has, and these, in order."""
    if top > max(4 * len(keys), 1 << 20):
        places, present = pd.factorize(keys, sort=True)
        return places, np.asarray(present)
    there = np.bincount(keys, minlength=top) > 0
    present = np.flatnonzero(there)
    if len(present) == len(there):
        return keys, present
    return (np.cumsum(there) - 1)[keys], present
