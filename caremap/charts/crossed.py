"""Two groupings crossed: a map of cells with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.charts.cross_cells import cross_cells
from caremap.charts.figure import Figure, Quantity
from caremap.charts.frames import UNKNOWN, hidden_of, needs, numbers, one_line
from caremap.charts.look import (
    MASKED,
    MASKED_FIGURE,
    adds_up,
    as_percent,
    header,
    joined,
    lower,
    most_of,
    number,
    short_number,
    times,
    unit_of,
)
from caremap.charts.picking import real_name
from caremap.charts.points import Every, capital, points_of, whole_column
from caremap.charts.sides import FREQUENCIES, Side, named_periods
from caremap.charts.words import amount, called
from caremap.hidden import WHY_HIDDEN

__all__ = ["crossed_figure"]

_ACROSS = 12  # groups side by side: more leave no room for their names
_PERIODS = 60
_FEW = 10  # rows behind a mean: so few, and chance moves it far


def crossed_figure(
    frame: pd.DataFrame,
    by: str,
    then: str,
    title_of_by: str,
    title_of_then: str,
    measure: Quantity,
    *,
    n: str | None = None,
    every: Every | None = None,
    top: int = 15,
    period: str = "",
    scale: str = "",
) -> Figure:
    """Return one measure of two groupings crossed, as a map of cells with their numbers.

    Parameters
    ----------
    frame
        As `caremap.measures.breakdown` returns it with ``by`` and ``then``, or `over_time`
        with ``by``: one row per cell. Rows without a figure are hidden where ``hidden`` says so.
    by, then
        The columns of the groups, down and across; ``then`` may hold periods. Of two groupings
        the one with more groups goes down.
    title_of_by, title_of_then
        What a group is: "Department".
    measure
        What to show.
    n
        The column of how many rows a mean is made of; by itself the measure's name with ``_n``.
        Means of 10 or fewer stand in parentheses and are not in the title.
    every
        What one period is, where ``then`` holds their first days; such a frame may say in
        ``complete`` which are whole.
    top
        How many groups go down. The rest is one row "Others" where it adds up.
    period
        The period covered, in words.
    scale
        What the figures mean, where it is not known: "as supplied, 1 to 5".

    Returns
    -------
    Figure
        Cells without a row in the frame are blank. A click picks a cell, see
        `caremap.charts.picked_pairs`.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> frame = pd.DataFrame({"ward": ["A", "A", "B"], "gender": ["F", "M", "F"],
    ...                       "admissions": [30.0, 20.0, 50.0]})
    >>> crossed_figure(frame, "ward", "gender", "Ward", "Gender", MEASURES["admissions"]).title
    'Most admissions: B and F, 50 of 100 (50 %)'
    """
    needs(frame, [by, then, measure.name])
    counted = n or f"{measure.name}_n"
    cells = _cells(frame, by, then, measure, counted, every)
    across = Side(cells, "across", _PERIODS if every else _ACROSS, measure, every)
    down = Side(cells, "down", max(top, 1), measure, None)
    titles = [title_of_by, title_of_then]
    if not every and len(across.keys) > max(len(down.keys), 6):
        cells = cells.rename(columns={"down": "across", "across": "down"})
        across = Side(cells, "across", _ACROSS, measure, None)
        down = Side(cells, "down", max(top, 1), measure, None)
        titles.reverse()
    drawn = across.folded(down.folded(cells))
    drawn = _told(drawn, down, across, measure)
    title = _title(cells, measure, titles, every, down, across)
    signs = _signs(drawn, len(down.shown) * len(across.shown), every)
    what = f"{measure.title}{_unit(measure, scale)} by {lower(titles[0])} and {lower(titles[1])}"
    return Figure(
        name=f"{measure.name}_by_{_plain(by)}_and_{_plain(then)}",
        title=title,
        subtitle=" · ".join(filter(None, [what, period, *signs])),
        chart=cross_cells(drawn, down.labels(), across.labels(), measure, titles, every),
        alt=_words(cells, title, what, len(down.keys), len(across.keys)),
        table=_table(frame, by, then, title_of_by, title_of_then, measure, counted, every),
        notes=_notes(cells, drawn, down, across, titles),
    )


def _plain(column: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in column.lower()).strip("_")


def _unit(measure: Quantity, scale: str) -> str:
    unit = unit_of(measure)
    said = ", ".join(filter(None, [unit.split(",")[0], scale])) if scale else unit
    return f" ({said})" if said else ""


# --- the figures ----------------------------------------------------------------------------


def _cells(
    frame: pd.DataFrame, by: str, then: str, measure: Quantity, counted: str, every: Every | None
) -> pd.DataFrame:
    """Return one row per cell: its two keys, its figure and what is known of it."""
    value = numbers(frame[measure.name])
    complete = frame["complete"].eq(True).to_numpy() if "complete" in frame.columns else True
    cells = pd.DataFrame(
        {
            "down": [_key(name) for name in frame[by].astype("object")],
            "across": _periods(frame[then], every) if every else [
                _key(name) for name in frame[then].astype("object")
            ],
            "value": value,
            "hidden": hidden_of(frame, value),
            "n": numbers(frame[counted]) if counted in frame.columns else np.nan,
            "complete": complete,
        }
    )  # fmt: skip
    return cells[cells["across"].notna()].drop_duplicates(["down", "across"], ignore_index=True)


def _key(name: object) -> str:
    return real_name(name) or UNKNOWN


def _periods(starts: pd.Series, every: Every) -> pd.Series:
    return pd.Series(pd.to_datetime(starts).dt.to_period(FREQUENCIES[every]).array, dtype=object)


def _told(drawn: pd.DataFrame, down: Side, across: Side, measure: Quantity) -> pd.DataFrame:
    """Add to the cells drawn all that is written of them."""
    few = drawn["value"].notna() & _of_few(drawn, measure)
    short = [short_number(value, "", measure.decimals) for value in drawn["value"]]
    figures = [f"({text})" if weak else text for text, weak in zip(short, few, strict=True)]
    stars = np.where(drawn["complete"], "", "*")
    names = {key: down.called(key) for key in down.shown}
    when = {key: across.called(key) for key in across.shown}
    shown = [number(value, measure.unit, measure.decimals) for value in drawn["value"]]
    told = drawn.assign(
        name=drawn["down"].map(names),
        when=drawn["across"].map(when),
        figure=[*map("{}{}".format, figures, stars)],
        shown=np.where(drawn["hidden"], MASKED_FIGURE, shown),
        of=[f"{count:,.0f}" if count == count else "" for count in drawn["n"]],
        few=few,
    )
    return told.assign(said=[*map("{}, {}: {}".format, told["name"], told["when"], told["shown"])])


def _of_few(cells: pd.DataFrame, measure: Quantity) -> pd.Series:
    """Return which figures are means of so few that they say little: sums say what they say."""
    return cells["n"].le(_FEW) & (not adds_up(measure))


# --- the words ------------------------------------------------------------------------------


def _title(
    cells: pd.DataFrame,
    measure: Quantity,
    titles: Sequence[str],
    every: Every | None,
    down: Side,
    across: Side,
) -> str:
    """Say the greatest cell of what is counted, and from what to what all else goes."""
    known = cells[cells["value"].notna() & cells["complete"] & ~_of_few(cells, measure)]
    known = known[known["down"].ne(UNKNOWN) & known["across"].astype(str).ne(UNKNOWN)]
    which = f"{lower(titles[0])} and {every or lower(titles[1])}"
    if known.empty:
        return f"{measure.title}: no cell of {which} has a figure to compare"

    def place(row: pd.Series) -> str:
        name, when = (
            called(down.called(row["down"]), lower(titles[0])),
            across.called(row["across"]),
        )
        if every:
            return f"{name} {named_periods([row['across']], every)[row['across']][1]}"
        return joined([name, called(when, lower(titles[1]))])

    ordered = known.sort_values("value", ascending=False, kind="stable")
    best, least = ordered.iloc[0], ordered.iloc[-1]
    if adds_up(measure):
        hidden = cells["hidden"].any()
        of_those = " of those shown" if hidden else ""
        opening = f"{most_of(measure)}{of_those}: "
        tied = int(known["value"].eq(best["value"]).sum())
        if tied > 1:
            value = amount(best["value"], measure)
            return f"{opening}{value} in {tied:,} cells, one of them {place(best)}"
        figure = f"{opening}{place(best)}, {amount(best['value'], measure)}"
        total = float(cells["value"].sum())
        if hidden or total <= 0 or cells["value"].lt(0).any():
            return figure
        share = as_percent(best["value"] / total)
        whole = short_number(total, measure.unit, measure.decimals, spelt=True)
        return f"{figure} of {whole} ({share})"
    low, high = (amount(row["value"], measure) for row in (least, best))
    if low == high:
        where = place(best) if len(known) == 1 else f"each {which}"
        return f"{measure.title}: {high} in {where}"
    return f"{measure.title}: {low} ({place(least)}) to {high} ({place(best)})"


def _signs(drawn: pd.DataFrame, size: int, every: Every | None) -> list[str]:
    """Say what the signs mean that occur."""
    known = drawn["value"].notna()
    signs = {
        "blank: no data": int((known | drawn["hidden"]).sum()) < size,
        f"{MASKED} hidden": bool(drawn["hidden"].any()),
        f"in parentheses: of {_FEW} or fewer": bool(drawn["few"].any()),
        f"* part of the {every}": bool((~drawn["complete"] & known).any()),
    }
    return [sign for sign, used in signs.items() if used]


def _words(cells: pd.DataFrame, title: str, what: str, down: int, across: int) -> str:
    known, hidden = int(cells["value"].notna().sum()), int(cells["hidden"].sum())
    blank = down * across - known - hidden
    parts = [
        f"{what}, as a map of {times(down, 'row')} by {times(across, 'column')}",
        title,
        f"{times(hidden, 'cell')} hidden" * bool(hidden),
        f"No data in {times(blank, 'cell')}" * (blank > 0),
    ]
    return ". ".join(filter(None, parts)) + "."


def _notes(
    cells: pd.DataFrame,
    drawn: pd.DataFrame,
    down: Side,
    across: Side,
    titles: Sequence[str],
) -> tuple[str, ...]:
    notes = [WHY_HIDDEN] if cells["hidden"].any() else []
    for side, title in ((down, titles[0]), (across, titles[1])):
        if not side.rest:
            continue
        count = len(side.keys) - len(side.rest)
        if side.every:
            notes.append(f"Drawn are the last {times(count, side.every)}; all are in the table.")
        elif side.added:
            notes.append(f"{capital(title)}: the table has every group, those under Others too.")
        else:
            notes.append(
                f"{capital(title)}: {times(len(side.rest), 'other group')} cannot be added up "
                "and are in the table only."
            )
    known = drawn["value"].notna() | drawn["hidden"]
    blank = len(down.shown) * len(across.shown) - int(known.sum())
    if blank:
        cells_are = times(blank, "cell is", "cells are")
        notes.append(f"{cells_are} blank: no row of the data has both, or none gives a figure.")
    if drawn["few"].any():
        notes.append(
            f"What is made of {_FEW} or fewer is in parentheses and not in the title: "
            "chance moves it far."
        )
    return tuple(notes)


def _table(
    frame: pd.DataFrame,
    by: str,
    then: str,
    title_of_by: str,
    title_of_then: str,
    measure: Quantity,
    counted: str,
    every: Every | None,
) -> pd.DataFrame:
    """Return every cell as people read it."""
    value = numbers(frame[measure.name])
    hidden = hidden_of(frame, value)
    if every:
        points = points_of(
            frame[[then]].rename(columns={then: "period"}).assign(value=0.0, complete=True, at=0),
            "value", "", every, 0,
        )  # fmt: skip
        codes = dict(zip(points["start"], points["code"], strict=True))
        second = pd.to_datetime(frame[then]).map(codes)
    else:
        second = frame[then].astype("object").map(_key).map(one_line)
    columns = {
        title_of_by: frame[by].astype("object").map(_key).map(one_line).to_numpy(),
        capital(every or title_of_then): second.to_numpy(),
        header(measure): whole_column(value, measure.decimals).array,
    }
    if counted in frame.columns:
        columns[f"{measure.title}: computed from"] = whole_column(numbers(frame[counted]), 0).array
    if "complete" in frame.columns and every:
        columns[f"Whole {every}"] = np.where(frame["complete"].eq(True), "yes", "no, a part")
    if hidden.any():
        columns["Hidden figures"] = np.where(hidden, MASKED_FIGURE, "")
    return pd.DataFrame(columns)
