"""What is known at admission, as numbers models can be fitted to; no outcome is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Coded", "Encoder", "coded", "in_order"]

Array = np.ndarray[Any, Any]

RARE = 20  # stays below which a category is one of the others
MOST = 80  # categories of a column that are told apart
STEPS = 10  # parts of equal size a number is cut into for the linear model


@dataclass(frozen=True, eq=False)
class Coded:
    """The columns of a table as numbers, row by row.

    Attributes
    ----------
    codes
        Of columns of text: where the value stands among all values in order; a column each.
    numbers
        Of numbers and of yes and no: floats, missing where nothing is known.
    categories
        How many values each column of text has.
    names
        The columns: those of text, then those of numbers.
    """

    codes: Array
    numbers: Array
    categories: tuple[int, ...]
    names: tuple[str, ...]

    def taken(self, rows: Array) -> Coded:
        """Return some of the rows."""
        return Coded(self.codes[rows], self.numbers[rows], self.categories, self.names)

    def with_column(self, place: int, source: Array, rows: Array) -> Coded:
        """Return these rows, but one column's values from the rows ``source``."""
        codes, numbers = self.codes[rows], self.numbers[rows]
        width = codes.shape[1]
        if place < width:
            codes[:, place] = self.codes[source, place]
        else:
            numbers[:, place - width] = self.numbers[source, place - width]
        return Coded(codes, numbers, self.categories, self.names)


def coded(features: pd.DataFrame) -> Coded:
    """Return a table of text, numbers and flags as numbers.

    Parameters
    ----------
    features
        One row per stay. Columns that hold one value only are left out: they tell nothing.

    Examples
    --------
    >>> table = coded(pd.DataFrame({"ward": ["B", "A", "B"], "age": [40.0, None, 60.0]}))
    >>> table.names, table.codes.ravel().tolist(), table.categories
    (('ward', 'age'), [1, 0, 1], (2,))
    """
    texts: dict[str, tuple[Array, int]] = {}
    numbers: dict[str, Array] = {}
    for name in features.columns:
        column = features[name]
        if pd.api.types.is_numeric_dtype(column.dtype) or column.dtype == bool:
            values = column.to_numpy("float64", na_value=np.nan).astype("float32")
            known = values[~np.isnan(values)]
            if len(known) and (len(known) < len(values) or known.min() < known.max()):
                numbers[str(name)] = values
        else:
            own = column.astype("str").fillna("Unknown")
            places, kinds = pd.factorize(own, sort=True)
            if len(kinds) > 1:
                texts[str(name)] = places.astype("int32"), len(kinds)
    rows = len(features)
    return Coded(
        _beside([places for places, _ in texts.values()], rows, "int32"),
        _beside(list(numbers.values()), rows, "float32"),
        tuple(size for _, size in texts.values()),
        (*texts, *numbers),
    )


def _beside(columns: list[Array], rows: int, dtype: str) -> Array:
    return np.column_stack(columns) if columns else np.empty((rows, 0), dtype=dtype)


def in_order(table: Coded, *first: Array) -> Array:
    """Return rows in an order that does not depend on how they came: by ``first``, then by all.

    Rows that are equal in everything may stand either way.
    """
    columns = [*table.numbers.T[::-1], *table.codes.T[::-1], *first[::-1]]
    order: Array = np.lexsort([np.nan_to_num(column, nan=-1e30) for column in columns])
    return order


@dataclass(frozen=True, eq=False)
class Encoder:
    """How rows are given to models, learned from training rows and never from their outcome.

    Categories that are rare among them, and those that do not occur there, are one category
    of their own; the others are numbered by how frequent they are.
    """

    ranks: tuple[Array, ...]
    widths: tuple[int, ...]
    cuts: tuple[Array, ...]

    @classmethod
    def of(cls, table: Coded) -> Encoder:
        """Learn from training rows."""
        ranks, widths = [], []
        for place, size in enumerate(table.categories):
            often = np.bincount(table.codes[:, place], minlength=size)
            least = min(RARE, max(1, len(table.codes) // 50))
            kept = np.argsort(-often, kind="stable")[:MOST]
            kept = kept[often[kept] >= least]
            rank = np.zeros(size, dtype="int32")
            rank[kept] = np.arange(1, len(kept) + 1)
            ranks.append(rank)
            widths.append(len(kept) + 1)
        return cls(tuple(ranks), tuple(widths), tuple(_cuts(column) for column in table.numbers.T))

    def _ranked(self, table: Coded) -> Array:
        columns = [rank[table.codes[:, place]] for place, rank in enumerate(self.ranks)]
        return _beside(columns, len(table.codes), "int32")

    def trees(self, table: Coded) -> Array:
        """Return rows for trees: ranks of categories, numbers as they are."""
        return np.column_stack([self._ranked(table).astype("float32"), table.numbers])

    def indicators(self, table: Coded) -> Any:
        """Return rows for a linear model: a sparse column per category or part of a number."""
        from scipy.sparse import csr_matrix

        binned = [
            np.where(np.isnan(column), len(cut) + 1, np.searchsorted(cut, column))
            for cut, column in zip(self.cuts, table.numbers.T, strict=True)
        ]
        widths = (*self.widths, *(len(cut) + 2 for cut in self.cuts))
        starts = np.concatenate([[0], np.cumsum(widths)])
        columns = np.column_stack([self._ranked(table), _beside(binned, len(table.codes), "int64")])
        rows, width = columns.shape
        places = (columns + starts[:-1]).astype("int32").ravel()
        ones = np.ones(rows * width)
        return csr_matrix((ones, places, np.arange(rows + 1) * width), (rows, int(starts[-1])))


def _cuts(column: Array) -> Array:
    known = column[~np.isnan(column)]
    if not len(known):
        return np.empty(0)
    values = np.unique(known)
    if len(values) <= STEPS:
        return np.asarray((values[1:] + values[:-1]) / 2)
    return np.unique(np.quantile(known, np.arange(1, STEPS) / STEPS))
