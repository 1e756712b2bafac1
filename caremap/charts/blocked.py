"""Beds that today's patients still hold some days from now, and those of long stays among them."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import Figure
from caremap.charts.fitting import fit
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.keys import Key
from caremap.charts.lane_bars import lane_bars
from caremap.charts.look import NO_FIGURE, as_percent, joined, nothing, number, times
from caremap.charts.points import whole_column
from caremap.charts.words import isolated

__all__ = ["blocked_figure"]

_SPOKEN = 6
_PLACES = ("ward", "department", "facility")


def blocked_figure(
    blocked: pd.DataFrame, day: int, *, top: int = 20, period: str = ""
) -> Figure:  # fmt: skip
    """Return the beds that today's patients still hold on a day ahead, ward by ward.

    Parameters
    ----------
    blocked
        One row per ward (or department) and day: ``ward`` or ``department``, ``day`` (days from
        now), ``beds`` (missing where not known), ``held`` (expected beds still held by today's
        patients) and ``long`` (of these, by predicted long stays). As
        `caremap.planning.blocked_beds` returns it.
    day
        The day that is drawn; all days are in the table.
    top
        How many wards are drawn at most, the largest share blocked by long stays first.
    period
        As of when, in words.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        Where that day has no row, or a column is missing.

    Examples
    --------
    >>> blocked = pd.DataFrame({"ward": ["Surgery", "Medicine"], "day": 7, "beds": [18, 20],
    ...                         "held": [9.2, 6.0], "long": [5.1, 1.0]})
    >>> blocked_figure(blocked, 7).title
    'In 7 days long stays of today still hold 5.1 of 18 beds in Surgery'
    """
    needs(blocked, ["day", "held", "long"])
    what = next((name for name in _PLACES if name in blocked.columns), None)
    if what is None:
        raise ValueError(f"The frame has no column of {joined(list(_PLACES), 'or')}.")
    every = _rows(blocked, what)
    rows = every[every["day"].eq(day)].reset_index(drop=True)
    needs(rows, ["name"])
    rows = rows.sort_values(
        ["share", "long", "name"], ascending=[False, False, True], na_position="last",
        kind="stable", ignore_index=True,
    )  # fmt: skip
    kept = rows if len(rows) <= top + 1 else rows.head(max(top, 1))
    title = _title(rows, day)
    after = f"{times(day, 'day')} from now"
    return Figure(
        name="blocked_beds",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"Beds still held by today's patients, {after}", period,
                          times(len(rows), what)])
        ),
        chart=_chart(kept, what),
        alt=_alt(title, rows, what),
        table=_table(every, what),
        notes=_notes(rows, kept),
        plot=None,
    )  # fmt: skip


def _rows(blocked: pd.DataFrame, what: str) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "name": text_of(blocked[what].astype("object")).to_numpy(),
            **{
                name: numbers(blocked[name]) if name in blocked.columns else np.nan
                for name in ("day", "beds", "held", "long")
            },
        }
    )
    return rows.assign(share=(rows["long"] / rows["beds"].where(rows["beds"].gt(0))))


def _title(rows: pd.DataFrame, day: int) -> str:
    when = f"In {times(day, 'day')}"
    known = rows[rows["long"].notna()]
    if known.empty:
        return f"{when}: which beds are still held is not known"
    if known["long"].le(0).all():
        return f"{when} no long stay of today still holds a bed"
    worst = known.iloc[0]  # the largest share; where none is known, the most beds
    of = f" of {number(worst['beds'])}" if math.isfinite(worst["beds"]) else ""
    name = isolated(fit(worst["name"], 280))
    return f"{when} long stays of today still hold {_some(worst['long'])}{of} beds in {name}"


def _some(value: float) -> str:
    return number(value, decimals=0 if float(value).is_integer() else 1)


def _figures(row: pd.Series) -> str:
    if not (math.isfinite(row["held"]) and math.isfinite(row["long"])):
        return NO_FIGURE
    of = f" of {number(row['beds'])}" if math.isfinite(row["beds"]) else ""
    return f"{_some(row['long'])} long · {_some(row['held'])}{of} held"


def _said(row: pd.Series) -> str:
    share = f", {as_percent(row['share'])} of its beds" if math.isfinite(row["share"]) else ""
    return f"{row['name']}: {_figures(row)}{share}"


def _alt(title: str, rows: pd.DataFrame, what: str) -> str:
    said = [_said(row) for _, row in rows.head(_SPOKEN).iterrows()]
    more = len(rows) - len(said)
    rest = [f"{more:,} more"] if more > 0 else []
    return f"Bars by {what}. {title}. {joined([*said, *rest], comma='; ')}."


def _notes(rows: pd.DataFrame, kept: pd.DataFrame) -> tuple[str, ...]:
    notes = ["Expected of the patients in hospital now; those who come later are not in it."]
    if rows["beds"].isna().any():
        count = times(int(rows["beds"].isna().sum()), "row")
        notes.append(f"Beds are not known in {count}: no share can be given there.")
    if len(kept) < len(rows):
        notes.append(f"Drawn are the first {len(kept)} of {len(rows):,}; all are in the table.")
    return tuple(notes)


def _table(every: pd.DataFrame, what: str) -> pd.DataFrame:
    ordered = every.sort_values(["name", "day"], kind="stable", ignore_index=True)
    return pd.DataFrame(
        {
            what.capitalize(): ordered["name"],
            "Days from now": whole_column(ordered["day"], 0),
            "Beds": whole_column(ordered["beds"], 0),
            "Beds still held": ordered["held"].round(2),
            "Of these by long stays": ordered["long"].round(2),
            "Long stays, share of beds (%)": (100 * ordered["share"]).round(1),
        }
    )


def _chart(kept: pd.DataFrame, what: str) -> alt.LayerChart:
    if kept["held"].isna().all():
        return nothing("Which beds are still held is not known.")
    drawn = kept.assign(
        figures=[_figures(row) for _, row in kept.iterrows()],
        said=[_said(row) for _, row in kept.iterrows()],
        zero=0.0,
    )
    keys = [Key("solid", "By long stays"), Key("pale", "By other patients of today", "By others")]
    if kept["beds"].notna().any():
        keys.append(Key("limit", "Beds"))
    return lane_bars(
        drawn, [("long", "held", "pale"), ("zero", "long", "solid")], keys, axis="Beds",
        title_of_names=what.capitalize(), mark="beds", whole=False,
    )  # fmt: skip
