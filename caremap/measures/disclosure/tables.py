"""A frame as tables whose totals are known: which of its counts have to be hidden together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from caremap.measures.disclosure.crossed import hidden_across
from caremap.measures.disclosure.lines import Flags, Floats, Places, hidden_along

__all__ = ["Layout"]


@dataclass(frozen=True, eq=False)
class Layout:
    """Which totals the rows of a frame add up to; without ``by`` to none.

    Attributes
    ----------
    frame
        The frame, of which the keys are read.
    by
        The keys whose categories add up, one or two (of more, the last and the others as one).
    apart
        The keys that make tables of their own.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    apart: tuple[str, ...] = ()

    @cached_property
    def rank(self) -> Places:
        """The place of each row by its keys, so that nothing depends on the order of rows."""
        return self._numbered((*self.by, *self.apart))

    @cached_property
    def table(self) -> Places:
        """The number of the table each row is in."""
        return self._numbered(self.apart)

    @cached_property
    def lines(self) -> tuple[Places, ...]:
        """The number of each total a row adds up to: over one key, for each of the others."""
        if not self.by:
            return (np.arange(len(self.frame)),)
        if len(self.by) == 1:
            return (self.table,)
        *first, last = self.by
        return self._numbered((*first, *self.apart)), self._numbered((last, *self.apart))

    def _numbered(self, keys: Sequence[str]) -> Places:
        places = np.zeros(len(self.frame), dtype=np.intp)
        for key in keys:
            names = self.frame[key].astype("string").fillna("").to_numpy(str)
            different, place = np.unique(names, return_inverse=True)
            places = np.unique(places * len(different) + place, return_inverse=True)[1]
        return places.astype(np.intp)

    def hide(self, values: Floats, must: Flags, rise: Flags, fall: Flags, most: float) -> Flags:
        """Return which counts to hide; those that are missing or 0 never are."""
        values = np.nan_to_num(values, nan=0.0)
        must = must & (values > 0)
        hidden = must.copy()
        order = np.lexsort((values, self.rank))
        order = order[values[order] > 0]
        if len(self.lines) == 1:
            line = self.lines[0][order]
            cells = values[order], must[order], rise[order], fall[order]
            hidden[order], _ = hidden_along(*cells, line)
            return hidden
        for table in np.unique(self.table[must]):
            rows = order[self.table[order] == table]
            row, column = (np.unique(line[rows], return_inverse=True)[1] for line in self.lines)
            cells = values[rows], must[rows], rise[rows], fall[rows]
            hidden[rows], _ = hidden_across(*cells, (row, column), most)
        return hidden

    def any_of(self, flags: Flags) -> Flags:
        """Return which rows are in a table of which any row is flagged."""
        found: Flags = np.isin(self.table, self.table[flags])
        return found
