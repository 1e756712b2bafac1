"""Keys compared as text: which rows of a table a look-up has an entry for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.cells import as_array

__all__ = ["Fit", "Key", "fit", "key_of"]

_TYPED, _CASE, _ZEROS = range(3)
"""How far two keys may differ: not at all, in case, in leading zeros too."""


@dataclass(frozen=True)
class Key:
    """A column of keys: its distinct texts, and which of them each row has (-1: none)."""

    texts: pa.Array
    codes: np.ndarray[Any, Any]

    @cached_property
    def distinct(self) -> int:
        """How many keys there are."""
        return len(self.texts)

    @cached_property
    def repeats(self) -> int:
        """How many keys stand in more than one row."""
        return int((np.bincount(self.codes[self.codes >= 0]) > 1).sum()) if self.distinct else 0

    @cached_property
    def telling(self) -> bool:
        """Whether the keys are no accident: not small numbers, single letters, yes or no."""
        long = pc.greater_equal(pc.utf8_length(self.texts), 3)
        small = pc.match_substring_regex(self.texts, r"^\d{1,4}$")
        told = pc.and_(long, pc.invert(small))
        return self.distinct >= 5 and (pc.sum(told).as_py() or 0) >= 0.8 * self.distinct

    @cached_property
    def coded(self) -> bool:
        """Whether all keys are small whole numbers, which match anything."""
        return bool(pc.all(pc.match_substring_regex(self.texts, r"^\d{1,4}$")).as_py())

    def form(self, level: int) -> pa.Array:
        """Return the distinct keys with their differences in case or zeros taken out."""
        texts = self.texts
        if level >= _CASE:
            texts = pc.utf8_lower(texts)
        if level >= _ZEROS:
            texts = pc.replace_substring_regex(texts, r"^0+(\d+)$", r"\1")
        return texts


@dataclass(frozen=True)
class Fit:
    """How the keys of a table fit those of a look-up.

    ``entry`` is the row of the look-up for each distinct key of the table, -1 for none.
    """

    entry: np.ndarray[Any, Any]
    keys: int

    @property
    def found(self) -> int:
        """How many keys of the table the look-up has."""
        return int((self.entry >= 0).sum())

    @property
    def share(self) -> float:
        """Share of the table's keys that the look-up has."""
        return self.found / len(self.entry) if len(self.entry) else 0.0

    @property
    def used(self) -> float:
        """Share of the look-up's keys that the table has."""
        return len(np.unique(self.entry[self.entry >= 0])) / self.keys if self.keys else 0.0


def key_of(values: pd.Series[Any]) -> Key | None:
    """Return a column as keys, outer space and “.0” aside, or None where it cannot be one.

    Examples
    --------
    >>> key = key_of(pd.Series([" 7", "7.0", None]))
    >>> key.texts.to_pylist(), key.codes.tolist()
    (['7'], [0, 0, -1])
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return None
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.astype("float64")
        known = numbers.dropna()
        if not np.isfinite(known).all() or (known != np.floor(known)).any():
            return None
        texts = numbers.astype("Int64").astype("str").where(numbers.notna())
    elif pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
        texts = values.astype("str").where(values.notna())
    else:
        return None
    encoded = pc.dictionary_encode(as_array(pa.array(texts, from_pandas=True)).cast(pa.string()))
    plain = pc.utf8_trim_whitespace(encoded.dictionary)
    plain = pc.replace_substring_regex(plain, r"^(\d+)\.0$", r"\1")
    plain = pc.if_else(pc.equal(plain, ""), pa.scalar(None, pa.string()), plain)
    again = pc.dictionary_encode(plain)
    place = again.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype("int64")
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype("int64")
    return Key(again.dictionary, np.append(place, -1)[codes])


def fit(main: Key, entries: Key) -> Fit:
    """Return which row of a look-up each key of a table belongs to.

    The keys of the look-up have to be unique. Differences in case count only where they
    are needed and the keys stay unique without them; leading zeros only where every key of
    the table then has an entry and no two of its own become one.

    Examples
    --------
    >>> fit(key_of(pd.Series(["001", "002"])), key_of(pd.Series([1, 2, 3]))).entry.tolist()
    [0, 1]
    >>> fit(key_of(pd.Series(["001", "1"])), key_of(pd.Series([1, 2, 3]))).entry.tolist()
    [-1, 0]
    """
    row_of = np.full(entries.distinct, -1)
    rows = np.flatnonzero(entries.codes >= 0)
    row_of[entries.codes[rows[::-1]]] = rows[::-1]
    best = Fit(np.full(main.distinct, -1), entries.distinct)
    for level in (_TYPED, _CASE, _ZEROS):
        own, theirs = main.form(level), entries.form(level)
        if pc.count_distinct(theirs).as_py() != entries.distinct:
            break
        place = pc.index_in(own, value_set=theirs).fill_null(-1)
        place = place.to_numpy(zero_copy_only=False).astype("int64")
        tried = Fit(np.append(row_of, -1)[place], entries.distinct)
        if level == _ZEROS and (
            tried.found < main.distinct or pc.count_distinct(own).as_py() < main.distinct
        ):
            break
        if tried.found > best.found:
            best = tried
        if best.found == main.distinct:
            break
    return best
