"""The sides of a map of cells: which groups are drawn, in what order, by what names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from caremap.charts.figure import Quantity
from caremap.charts.frames import UNKNOWN, one_line
from caremap.charts.look import adds_up
from caremap.charts.points import Every, points_of

__all__ = ["FREQUENCIES", "REST", "Side", "named_periods"]

FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
REST = "\x00others"
"""The key of what is put together: no name of a file, as these have no control character."""


@dataclass(init=False)
class Side:
    """The groups of one side of a map of cells.

    Attributes
    ----------
    side
        Its column in the cells: ``down`` or ``across``.
    keys
        All groups, or every period from the first to the last, in order.
    shown
        Those drawn, with `REST` where the rest is one row.
    rest
        Those not drawn by themselves.
    added
        Whether the rest adds up.
    every
        What one period is; None for groups.
    """

    side: str
    keys: list[object]
    shown: list[object]
    rest: frozenset[object]
    added: bool
    every: Every | None

    def __init__(
        self, cells: pd.DataFrame, side: str, most: int, measure: Quantity, every: Every | None
    ) -> None:
        self.side, self.every = side, every
        self.added = adds_up(measure) and every is None
        known = cells[side].drop_duplicates().tolist()
        if every:
            last = max(known, default=None)
            first = min(known, default=None)
            self.keys = list(pd.period_range(first, last, freq=FREQUENCIES[every])) if known else []
            self.shown = self.keys[-most:]
        else:
            self.keys = _in_order(cells, side, known, measure)
            named = [key for key in self.keys if key != UNKNOWN]
            kept = named if len(named) <= most + 1 else _greatest(cells, side, named, measure, most)
            others = [REST] if self.added and len(kept) < len(named) else []
            self.shown = [*kept, *others, *(key for key in self.keys if key == UNKNOWN)]
        self.rest = frozenset(self.keys) - frozenset(self.shown)

    def folded(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Return the cells drawn, the rest put together where it adds up."""
        resting = cells[self.side].isin(self.rest)
        if not self.added or not resting.any():
            return cells[~resting]
        other = "down" if self.side == "across" else "across"
        rest = cells[resting].groupby(other, sort=False)
        together = rest.agg(
            value=("value", lambda part: part.sum(min_count=1)),
            hidden=("hidden", "any"),
            n=("n", lambda part: part.sum(min_count=1)),
            complete=("complete", "all"),
        ).reset_index()
        together["value"] = together["value"].where(~together["hidden"])
        together["n"] = together["n"].where(~together["hidden"])
        return pd.concat([cells[~resting], together.assign(**{self.side: REST})], ignore_index=True)

    def called(self, key: object) -> str:
        """Return what a group is called."""
        if key == REST:
            return f"Others ({len(self.rest):,} groups)"
        return named_periods([key], self.every)[key][0] if self.every else one_line(key)

    def labels(self) -> pd.DataFrame:
        """Return the groups drawn in order: ``key``, ``name``, ``pick``."""
        picks = [key.start_time.strftime("%Y-%m-%d") if isinstance(key, pd.Period)
                 else "" if key == REST else str(key) for key in self.shown]  # fmt: skip
        names = [self.called(key) for key in self.shown]
        return pd.DataFrame(
            {"key": pd.Series(self.shown, dtype=object), "name": names, "pick": picks}
        )


def named_periods(keys: Sequence[object], every: Every) -> dict[object, tuple[str, str]]:
    """Return what periods are called, alone and in a sentence."""
    starts = [key.start_time for key in keys]  # type: ignore[attr-defined]
    frame = pd.DataFrame({"period": starts, "value": 0.0, "complete": True})
    points = points_of(frame, "value", "", every, 0)
    return dict(zip(keys, zip(points["name"], points["when"], strict=True), strict=True))


def _in_order(
    cells: pd.DataFrame, side: str, known: list[object], measure: Quantity
) -> list[object]:
    """Return groups as they come where they are steps of one scale, else the greatest first."""
    named = [key for key in known if key != UNKNOWN]
    steps = bool(named) and all(str(key)[:1].isdigit() or str(key)[:1] in "<>" for key in named)
    ranked = (
        named if steps or str(named[:1]) in _SEASONS else list(_sizes(cells, side, measure).index)
    )
    return [*(key for key in ranked if key != UNKNOWN), *(key for key in known if key == UNKNOWN)]


_SEASONS = frozenset({"['Dec-Feb']", "['Jan']", "['Mon']", "['Monday']"})


def _sizes(cells: pd.DataFrame, side: str, measure: Quantity) -> pd.Series:
    """Return the groups from the greatest on: by their sum, or the mean of their cells."""
    weight = cells["n"].where(cells["n"] > 0)
    weight = (
        weight.where(cells["value"].notna()) if weight.notna().any() else cells["value"] * 0 + 1
    )
    sums = (cells["value"] * weight).groupby(cells[side]).sum(min_count=1)
    plain = cells["value"].groupby(cells[side]).sum(min_count=1)
    means = sums / weight.groupby(cells[side]).sum(min_count=1)
    sizes = plain if adds_up(measure) else means
    return sizes.sort_values(ascending=False, na_position="last", kind="stable")


def _greatest(
    cells: pd.DataFrame, side: str, named: list[object], measure: Quantity, most: int
) -> list[object]:
    """Return the greatest groups, in the order they have."""
    kept = set(_sizes(cells[cells[side].isin(named)], side, measure).index[:most])
    return [key for key in named if key in kept]
