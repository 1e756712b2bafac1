"""Groups and their figures: in what order, which of them, and what the rest adds up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.charts.figure import Quantity
from caremap.charts.frames import UNKNOWN, hidden_of, needs, numbers, one_line
from caremap.charts.look import MASKED_FIGURE, adds_up, header
from caremap.charts.picking import PICK, real_name
from caremap.charts.points import whole_column

__all__ = ["NOT_ADDED", "Groups", "groups_of", "table_of"]

NOT_ADDED = "not added up"
"""What stands for the others where groups cannot be added."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Every group, the greatest first.

    Attributes
    ----------
    every
        One row per group: ``name``, ``pick`` (the same as the frame has it), ``unknown`` (not
        a group but what has none), and for each measure by its position ``value0``, ``hidden0``
        (missing as it is hidden), ``share0``, ``n0`` (of how many rows; NaN unknown).
        Named groups come first, from the greatest first measure to the least, then those
        without a figure, then what is unknown.
    shown
        The rows to draw, in order, with ``kind`` ("group", "others", "unknown").
    left
        How many named groups are not drawn by themselves.
    totals
        Of each measure: the sum, NaN where it does not add up or shares mean nothing, as
        where there are negative figures or hidden ones.
    """

    every: pd.DataFrame
    shown: pd.DataFrame
    left: int
    totals: tuple[float, ...]
    in_order: bool = False

    @property
    def named(self) -> pd.DataFrame:
        """The groups that have a name and a figure of the first measure."""
        return self.every[~self.every["unknown"] & self.every["value0"].notna()]


def groups_of(
    frame: pd.DataFrame, by: str, measures: Sequence[Quantity], top: int, in_order: bool = False
) -> Groups:
    """Return the groups of a figure frame, the first ``top`` of them to be drawn.

    They are drawn from the greatest to the least, or all in the order of the frame.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or there are not one or two measures.
    """
    if not 1 <= len(measures) <= 2:
        raise ValueError(f"One or two measures can be drawn, got {len(measures)}.")
    needs(frame, [by, *(measure.name for measure in measures)])
    every = _in_order(frame, by, measures)
    totals = tuple(_total(every, at, item) for at, item in enumerate(measures))
    shares = {f"share{at}": every[f"value{at}"] / total for at, total in enumerate(totals)}
    every = every.assign(**shares)
    named = every[~every["unknown"]]
    all_fit = in_order or len(named) <= top + 1  # one group alone is not "others"
    most = len(named) if all_fit else top
    rest = named.iloc[most:]
    others = _others(rest, measures, totals)
    unknown = every[every["unknown"]].assign(kind="unknown")
    first = named.sort_values("place") if in_order else named.head(most)
    shown = [first.assign(kind="group"), others, unknown]
    drawn = pd.concat([part for part in shown if not part.empty], ignore_index=True)
    return Groups(every, drawn, len(rest), totals, in_order)


def _in_order(frame: pd.DataFrame, by: str, measures: Sequence[Quantity]) -> pd.DataFrame:
    groups = frame[by].astype("object")
    missing = groups.isna()
    names = groups.map(one_line).where(~missing, "Not known").tolist()
    columns: dict[str, object] = {
        "name": names,
        PICK: [real_name(name) for name in groups],
        "unknown": (missing | groups.eq(UNKNOWN)).to_numpy(),
        "place": range(len(frame)),
    }
    for at, measure in enumerate(measures):
        columns[f"value{at}"] = numbers(frame[measure.name])
        columns[f"hidden{at}"] = hidden_of(frame, numbers(frame[measure.name]))
        n = f"{measure.name}_n"
        columns[f"n{at}"] = numbers(frame[n]) if n in frame.columns else np.nan
    rows = pd.DataFrame(columns)
    order = rows.assign(least=-rows["value0"]).sort_values(
        ["unknown", "least", "name"], na_position="last", kind="stable"
    )
    return order.drop(columns="least").reset_index(drop=True)


def _total(every: pd.DataFrame, at: int, measure: Quantity) -> float:
    values = every[f"value{at}"]
    partial = every[f"hidden{at}"].any() or values.lt(0).any()
    total = float(values.sum())
    return total if adds_up(measure) and total > 0 and not partial else np.nan


def _others(
    rest: pd.DataFrame, measures: Sequence[Quantity], totals: Sequence[float]
) -> pd.DataFrame:
    """Return one row for all groups that are not drawn, or none where they do not add up."""
    if rest.empty or not adds_up(measures[0]):
        return pd.DataFrame()
    if rest["value0"].isna().all() and not rest["hidden0"].any():
        return pd.DataFrame()
    columns: dict[str, object] = {}
    for at, measure in enumerate(measures):
        hidden = bool(rest[f"hidden{at}"].any())  # what is left of a sum would be no sum
        added = adds_up(measure) and not hidden
        columns[f"value{at}"] = rest[f"value{at}"].sum(min_count=1) if added else np.nan
        columns[f"hidden{at}"] = hidden and adds_up(measure)
        columns[f"share{at}"] = columns[f"value{at}"] / totals[at]  # type: ignore[operator]
        columns[f"n{at}"] = np.nan if hidden else rest[f"n{at}"].sum(min_count=1)
    name = f"Others ({len(rest):,} groups)"
    return pd.DataFrame([{"name": name, PICK: "", "unknown": False, **columns, "kind": "others"}])


def table_of(groups: Groups, title_of_by: str, measures: Sequence[Quantity]) -> pd.DataFrame:
    """Return every group as people read it: its figures, its shares, of how many rows."""
    every = groups.every.sort_values("place") if groups.in_order else groups.every
    columns: dict[str, pd.Series] = {}
    for at, measure in enumerate(measures):
        columns[header(measure)] = whole_column(every[f"value{at}"], measure.decimals)
        if np.isfinite(groups.totals[at]):
            share = every[f"share{at}"] * 100
            columns[f"Share of {measure.title} (%)"] = share.round(1)
        if every[f"n{at}"].notna().any():
            columns[f"{measure.title}: computed from"] = whole_column(every[f"n{at}"], 0)
    hidden = every[[f"hidden{at}" for at in range(len(measures))]].any(axis=1)
    if hidden.any():
        columns["Hidden figures"] = hidden.map({True: MASKED_FIGURE, False: ""})
    title = title_of_by if title_of_by not in columns else f"{title_of_by} (group)"
    return pd.DataFrame({title: every["name"], **columns})
