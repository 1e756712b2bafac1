"""Groups compared: bars from the greatest to the least, one or two measures side by side.

A click on a row picks its group: see `caremap.charts.picking` for how a page reads which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.charts.figure import Figure, Plot, Quantity
from caremap.charts.groups import Groups, groups_of, table_of
from caremap.charts.look import as_percent, header, joined, lower, most_of, short_number, unit_of
from caremap.charts.panels import fits_scale, label, panels
from caremap.charts.words import amount, called
from caremap.hidden import WHY_HIDDEN

__all__ = ["bars_figure"]

_SPOKEN = 5  # groups the alternative text lists


def bars_figure(
    frame: pd.DataFrame,
    by: str,
    title_of_by: str,
    measures: Sequence[Quantity],
    *,
    period: str = "",
    top: int = 12,
    in_order: bool = False,
) -> Figure:
    """Return one or two measures of each group as bars, the greatest of the first on top.

    Parameters
    ----------
    frame
        As `caremap.measures.breakdown` returns it: the group's column, and the measures'.
        Groups called "Unknown", or missing, stand apart at the end. Where figures are hidden
        (`caremap.hidden`), no total, share or sum of others is made of what is left.
    by
        The column of the groups.
    title_of_by
        What a group is: "Department".
    measures
        One, or two side by side, each with a scale of its own.
    period
        The period covered, in words.
    top
        How many groups are drawn. The rest is one row "Others", without a bar where that
        would dwarf all; what does not add up, such as a ratio, has no such row and a note.
    in_order
        Whether groups stand in the order of the frame, as ages should, and all are drawn.

    Returns
    -------
    Figure
        A click on a row picks its group, see `caremap.charts.picked_names`; "Others" cannot be
        picked, nor can a group without a name. The title names the greatest, with its share
        where shares mean something. The table has every group.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or there are not one or two measures.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> frame = pd.DataFrame({"department": ["Surgery", "Medicine"], "admissions": [40.0, 60.0]})
    >>> bars_figure(frame, "department", "Department", [MEASURES["admissions"]]).title
    'Most admissions: Medicine, 60 of 100 (60 %)'
    """
    groups = groups_of(frame, by, measures, top, in_order)
    title = _title(groups, measures[0], title_of_by)
    table = table_of(groups, title_of_by, measures)
    return Figure(
        name=f"{'_and_'.join(measure.name for measure in measures)}_by_{_file_name(by)}",
        title=title,
        subtitle=" · ".join(filter(None, [_what(measures, title_of_by), period, _count(groups)])),
        chart=panels(groups, title_of_by, measures),
        alt=_alt(groups, measures, title),
        table=table,
        notes=_notes(groups, measures),
        plot=Plot("bars", str(table.columns[0]), _series(measures)),
    )


def _series(measures: Sequence[Quantity]) -> tuple[str, ...]:
    """Return the columns to plot: two scales on one axis would make one of them nothing."""
    alike = len({measure.unit for measure in measures}) == 1
    return tuple(header(measure) for measure in (measures if alike else measures[:1]))


def _file_name(column: str) -> str:
    """Return a header of a file as a part of a file name."""
    return re.sub(r"[^a-z0-9]+", "_", str(column).lower()).strip("_") or "group"


# --- what is said ---------------------------------------------------------------------------


def _title(groups: Groups, measure: Quantity, title_of_by: str) -> str:
    """Name the greatest group, and of what does not add up also the least."""
    named, known = groups.named, groups.every["value0"].notna()
    hidden = groups.every["hidden0"].any()
    what = lower(title_of_by)
    if not known.any():
        return f"{measure.title}: no {what} has a figure{' that can be shown' if hidden else ''}"
    if hidden:
        return _title_of_rest(groups, measure, what)
    if named.empty:
        total = groups.every.loc[known, "value0"]
        figure = f"{amount(float(total.iloc[0]), measure)}, " if known.sum() == 1 else ""
        return f"{measure.title}: {figure}{what} not known"
    first = named.iloc[0]
    if known.sum() == 1:
        figure = amount(first["value0"], measure)
        return f"{measure.title}: {figure} in {called(first['name'], what)}, the only {what}"
    unknown = float(groups.every.loc[groups.every["unknown"], "share0"].sum())
    if unknown > 0.5:
        return f"{measure.title}: {what} not known for {as_percent(unknown)}"
    if len(named) > 1 and named["value0"].eq(first["value0"]).all():
        return f"{measure.title}: {amount(first['value0'], measure)} in each {what}"
    best = named[named["value0"].eq(first["value0"])]
    names = [called(name, what) for name in best["name"]]
    tied = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2:,} more"]
    each = " each" if len(names) > 1 else ""
    opening = f"{most_of(measure)}: {joined(tied)}, "
    figure = amount(first["value0"], measure)
    if np.isfinite(groups.totals[0]):
        of = short_number(groups.totals[0], measure.unit, measure.decimals, spelt=True)
        share = as_percent(float(first["share0"]))
        return f"{opening}{figure} {f'each ({share} of {of})' if each else f'of {of} ({share})'}"
    last = named.iloc[-1]
    least = f"; lowest: {called(last['name'], what)}, {amount(last['value0'], measure)}"
    alone = len(named) > 1 and named["value0"].eq(last["value0"]).sum() == 1
    return f"{opening}{figure}{each}{least if alone else ''}"


def _title_of_rest(groups: Groups, measure: Quantity, what: str) -> str:
    """Name the greatest of the groups that are shown: a hidden one may be greater."""
    named = groups.named
    if named.empty:
        return f"{measure.title}: every named {what} is hidden"
    first = named.iloc[0]
    best = named[named["value0"].eq(first["value0"])]
    others = f" and {len(best) - 1:,} more" if len(best) > 1 else ""
    figure = f"{called(first['name'], what)}{others}, {amount(first['value0'], measure)}"
    if len(named) == 1:
        return f"{measure.title}: {figure}; the rest is hidden"
    return f"{most_of(measure)} of those shown: {figure}{' each' if others else ''}"


def _what(measures: Sequence[Quantity], title_of_by: str) -> str:
    first, *rest = [
        f"{measure.title}{f' ({unit_of(measure)})' if unit_of(measure) else ''}"
        for measure in measures
    ]
    both = [first, *(lower(title) for title in rest)]
    return f"{joined(both)} by {lower(title_of_by)}"


def _count(groups: Groups) -> str:
    named = int((~groups.every["unknown"]).sum())
    count = f"{named:,} group{'' if named == 1 else 's'}"
    return count if named <= len(groups.shown) else f"the first {_drawn(groups)} of {count}"


def _drawn(groups: Groups) -> int:
    return int(groups.shown["kind"].eq("group").sum())


def _alt(groups: Groups, measures: Sequence[Quantity], title: str) -> str:
    """Say the title and what the first groups have."""
    listed = groups.shown[groups.shown["kind"].eq("group")].head(_SPOKEN)
    rest = groups.shown[~groups.shown["kind"].eq("group")]
    said = [f"{row['name']}: {_figures(row, measures)}" for _, row in listed.iterrows()]
    last = [f"{row['name']}: {_figures(row, measures)}" for _, row in rest.iterrows()]
    more = _drawn(groups) - len(listed)
    further = [f"{more} more group{'' if more == 1 else 's'} drawn"] if more else []
    return f"{title}. {'; '.join([*said, *further, *last])}."


def _figures(row: pd.Series, measures: Sequence[Quantity]) -> str:
    figures = [label(row, at, measure, amount) for at, measure in enumerate(measures)]
    if len(measures) == 1:
        return figures[0]
    names = [lower(measure.title) for measure in measures]
    return ", ".join(map("{} {}".format, names, figures))


def _notes(groups: Groups, measures: Sequence[Quantity]) -> tuple[str, ...]:
    notes = []
    hidden = groups.every[[f"hidden{at}" for at in range(len(measures))]].any(axis=1)
    if hidden.any():
        notes.append(WHY_HIDDEN)
        notes.append(f"{hidden.sum():,} of {len(hidden):,} groups have hidden figures.")
    others = groups.shown["kind"].eq("others")
    if groups.left and not others.any():
        notes.append(
            f"{groups.left:,} other groups are not drawn and cannot be added up; "
            "the table has every group."
        )
    elif groups.left:
        notes.append("The table has every group, those under Others too.")
    for at, measure in enumerate(measures):
        none = groups.every[f"value{at}"].isna() & ~groups.every[f"hidden{at}"]
        missing = int(none.sum())
        if missing:
            of = f"{missing:,} of {len(groups.every):,} groups"
            notes.append(f"{measure.title}: {of} have no figure, which is not zero.")
        if not others.any() or fits_scale(groups.shown, at)[others].all():
            continue
        row = groups.shown[others].iloc[0]
        apart = "some of them are hidden" if row[f"hidden{at}"] else "their figures do not add up"
        why = "it would dwarf every group" if np.isfinite(row[f"value{at}"]) else apart
        notes.append(f"{measure.title}: Others have no bar, as {why}.")
    return tuple(notes)
