"""One measure over time for each of several groups: strips over one another with one scale."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from caremap.charts.figure import Figure, Plot, Quantity
from caremap.charts.frames import UNKNOWN, hidden_of, needs, numbers, text_of
from caremap.charts.look import (
    MASKED,
    MISSING,
    adds_up,
    as_percent,
    lower,
    most_of,
    short_number,
    times,
    unit_of,
)
from caremap.charts.points import Every, points_of, span_of, whole_column
from caremap.charts.strips import strips
from caremap.charts.words import amount, called
from caremap.hidden import HIDDEN, WHY_HIDDEN

__all__ = ["group_trend_figure"]

_OUT_OF_SCALE = 3.0  # how many times the highest figure the others may be
_MOST_PERIODS = 150  # nine strips of them are some 1,400 marks


def group_trend_figure(
    frame: pd.DataFrame,
    by: str,
    title_of_by: str,
    measure: Quantity,
    *,
    every: Every,
    top: int = 8,
    period: str = "",
) -> Figure:
    """Return a measure of each group period by period, the greatest group on top.

    Parameters
    ----------
    frame
        As `caremap.measures.over_time` returns it: the group's column, ``period`` (first day),
        ``complete`` and the measure's column.
    by, title_of_by
        The column of the groups, and what a group is: "Department".
    measure
        What to show: what adds up as columns from zero, all else as lines.
    every
        What one period is.
    top
        How many groups are drawn. The rest is one strip "Others" where it adds up and no
        figure among it is hidden.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        All strips have the same scale. The title compares groups in the last whole period. The
        table has a row per period and a column per strip.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or ``every`` is none of the choices.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> frame = pd.DataFrame({"ward": ["A", "B"] * 2, "complete": True,
    ...     "period": pd.to_datetime(["2024-01-01"] * 2 + ["2024-02-01"] * 2),
    ...     "admissions": [30.0, 20.0, 25.0, 75.0]})
    >>> group_trend_figure(frame, "ward", "Ward", MEASURES["admissions"], every="month").title
    'Most admissions in February 2024: B, 75 of 100 (75 %)'
    """
    needs(frame, [by, "period", "complete", measure.name])
    rows = _rows(frame, by, measure)
    order, rest = _order(rows, measure, max(top, 1))
    slots = _slots(rows, every)
    cut = len(slots) > _MOST_PERIODS
    slots = slots.tail(_MOST_PERIODS).reset_index(drop=True)
    strip = _strips(rows, order, rest, slots, measure)
    dwarfs = _dwarfs(strip, order)
    drawn = strip[~strip["name"].isin(dwarfs)]
    drawn = drawn.assign(strip=drawn["strip"].rank(method="dense").astype("int64") - 1)
    title = _title(rows, slots, measure, lower(title_of_by))
    unit = unit_of(measure)
    what = f"{measure.title}{f' ({unit})' if unit else ''} by {lower(title_of_by)} and {every}"
    span = period or span_of(slots["name"].tolist())
    table = _table(strip, slots, measure, every)
    return Figure(
        name=f"{measure.name}_by_{re.sub('[^a-z0-9]+', '_', by.lower()).strip('_')}_and_{every}",
        title=title,
        subtitle=" · ".join([what, span, "one scale for all", *_signs(strip)]),
        chart=strips(drawn, slots, measure, title_of_by, every),
        alt=_words(strip, title, what, span, measure),
        table=table,
        notes=_notes(rows, rest, measure, title_of_by, cut, every, dwarfed=bool(dwarfs)),
        plot=Plot("line", table.columns[0], tuple(table.columns[1 : 1 + strip["name"].nunique()])),
    )


# --- the figures ----------------------------------------------------------------------------


def _rows(frame: pd.DataFrame, by: str, measure: Quantity) -> pd.DataFrame:
    value = numbers(frame[measure.name])
    rows = pd.DataFrame(
        {
            "name": text_of(frame[by].astype("object")).to_numpy(),
            "start": pd.to_datetime(frame["period"]).to_numpy(),
            "complete": frame["complete"].eq(True).to_numpy(),
            "value": value,
            HIDDEN: hidden_of(frame, value),
        }
    )
    return rows[rows["start"].notna()].drop_duplicates(["name", "start"], ignore_index=True)


def _order(rows: pd.DataFrame, measure: Quantity, top: int) -> tuple[list[str], list[str]]:
    """Return the groups to draw, the greatest first, and those that are left."""
    groups = rows.groupby("name")["value"]
    sizes = groups.sum(min_count=1) if adds_up(measure) else groups.mean()
    ranked = sizes.sort_values(ascending=False, na_position="last", kind="stable").index.tolist()
    named = [name for name in ranked if name != UNKNOWN]
    most = len(named) if len(named) <= top + 1 else top
    return [*named[:most], *(name for name in ranked if name == UNKNOWN)], named[most:]


def _slots(rows: pd.DataFrame, every: Every) -> pd.DataFrame:
    """Return every period of the frame by its names, whole where every row says so."""
    whole = rows.groupby("start")["complete"].all()
    frame = pd.DataFrame({"period": whole.index, "value": 0.0, "complete": whole.to_numpy()})
    return points_of(frame, "value", "", every, 0)


def _strips(
    rows: pd.DataFrame,
    order: list[str],
    rest: list[str],
    slots: pd.DataFrame,
    measure: Quantity,
) -> pd.DataFrame:
    """Return a row per strip and period: ``strip`` (its place), ``name``, ``value``, ``hidden``."""
    parts = [rows[rows["name"].isin(order)]]
    names = list(order)
    if rest and adds_up(measure):
        left = rows[rows["name"].isin(rest)].groupby("start", as_index=False)
        sums = left.agg(value=("value", lambda part: part.sum(min_count=1)), hidden=(HIDDEN, "any"))
        sums["value"] = sums["value"].where(~sums[HIDDEN])
        name = f"Others ({len(rest):,} groups)"
        parts.append(sums.assign(name=name))
        names.insert(len(order) - (UNKNOWN in order), name)
    grid = pd.MultiIndex.from_product([names, slots["start"]], names=["name", "start"])
    told = pd.concat(parts).set_index(["name", "start"])[["value", HIDDEN]].reindex(grid)
    told = told.reset_index().assign(hidden=told[HIDDEN].eq(True).to_numpy())
    at = {name: place for place, name in enumerate(names)}
    return told.assign(strip=told["name"].map(at))


def _dwarfs(strip: pd.DataFrame, order: list[str]) -> list[str]:
    """Return the strip of the others where it would leave no height to any group."""
    grouped = strip["name"].isin(order)
    highest = strip.loc[grouped, "value"].abs().max()
    tall = strip[~grouped & strip["value"].abs().gt(_OUT_OF_SCALE * highest)]
    return list(tall["name"].drop_duplicates())


# --- the words ------------------------------------------------------------------------------


def _title(rows: pd.DataFrame, slots: pd.DataFrame, measure: Quantity, what: str) -> str:
    """Say which group was greatest in the last whole period that has a figure."""
    known = rows[rows["value"].notna() & rows["name"].ne(UNKNOWN)]
    whole = slots[slots["complete"] & slots["start"].isin(known["start"])]
    if whole.empty:
        shown = " that is shown" if rows[HIDDEN].any() else ""
        return f"{measure.title}: no {what} has a figure of a whole period{shown}"
    last = whole.iloc[-1]
    then = rows[rows["start"] == last["start"]]
    named = then[then["value"].notna() & then["name"].ne(UNKNOWN)]
    ranked = named.sort_values("value", ascending=False, kind="stable")
    best, least = ranked.iloc[0], ranked.iloc[-1]
    hidden = then[HIDDEN].any()
    if not adds_up(measure):
        low, high = (
            f"{amount(row['value'], measure)} ({called(row['name'], what)})"
            for row in (least, best)
        )
        return f"{measure.title} {last['when']}: {low if len(ranked) == 1 else f'{low} to {high}'}"
    tied = int(ranked["value"].eq(best["value"]).sum()) - 1
    name = called(best["name"], what) + (f" and {tied:,} more" if tied else "")
    opening = f"{most_of(measure)} {last['when']}{' of those shown' if hidden else ''}: {name}"
    figure = f"{opening}, {amount(best['value'], measure)}{' each' if tied else ''}"
    total = float(then["value"].sum())
    if hidden or tied or total <= 0 or then["value"].lt(0).any():
        return figure
    of = short_number(total, measure.unit, measure.decimals, spelt=True)
    return f"{figure} of {of} ({as_percent(best['value'] / total)})"


def _signs(strip: pd.DataFrame) -> list[str]:
    missing = strip["value"].isna()
    signs = {
        f"{MISSING} no figure": bool((missing & ~strip[HIDDEN]).any()),
        f"{MASKED} hidden": bool(strip[HIDDEN].any()),
    }
    return [sign for sign, used in signs.items() if used]


def _words(strip: pd.DataFrame, title: str, what: str, span: str, measure: Quantity) -> str:
    said = []
    for name, part in strip.groupby("name", sort=False):
        known = part["value"].dropna()
        if known.empty:
            said.append(f"{name}: no figure shown")
            continue
        low, high = (amount(float(end), measure) for end in (known.min(), known.max()))
        said.append(f"{name}: {low if low == high else f'{low} to {high}'}")
    return f"{title}. {what}, {span}. {'; '.join(said)}."


def _notes(
    rows: pd.DataFrame,
    rest: list[str],
    measure: Quantity,
    title_of_by: str,
    cut: bool,
    every: Every,
    *,
    dwarfed: bool,
) -> tuple[str, ...]:
    notes = [WHY_HIDDEN] if rows[HIDDEN].any() else []
    if rest and not adds_up(measure):
        others = times(len(rest), "other group")
        notes.append(f"{title_of_by}: {others} cannot be added up and are not drawn.")
    elif rest:
        part = rows[rows["name"].isin(rest)]
        why = ", hidden where one of them is" if part[HIDDEN].any() else ""
        notes.append(f"Others are {times(len(rest), 'group')} added up{why}.")
        if dwarfed:
            notes.append("They are in the table only, as they would dwarf every group.")
    if cut:
        notes.append(f"Drawn are the last {_MOST_PERIODS} {every}s.")
    if not rows["complete"].all():
        notes.append(f"Hollow and dashed is a {every} that is not whole.")
    return tuple(notes)


def _table(
    strip: pd.DataFrame, slots: pd.DataFrame, measure: Quantity, every: Every
) -> pd.DataFrame:
    """Return a row per period, a column per strip."""
    first = every[:1].upper() + every[1:]
    columns: dict[str, object] = {first: slots["code"].to_numpy()}
    for name, part in strip.groupby("name", sort=False):
        called = str(name) if name not in columns else f"{name!s} (group)"
        values = part["value"].reset_index(drop=True)
        columns[called] = whole_column(values, measure.decimals).array
    columns[f"Whole {every}"] = np.where(slots["complete"], "yes", "no, a part")
    hidden = strip.groupby("start")[HIDDEN].any().to_numpy()
    if hidden.any():
        columns["Hidden figures"] = np.where(hidden, "hidden", "")
    return pd.DataFrame(columns)
