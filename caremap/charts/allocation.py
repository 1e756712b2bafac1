"""What each place receives of what it needs, and what was promised to it."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import Figure, Plot
from caremap.charts.fitting import fit
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.keys import Key
from caremap.charts.lane_bars import counted, lane_bars, plainly
from caremap.charts.look import NO_FIGURE, joined, nothing, number, times
from caremap.charts.points import capital, whole_column
from caremap.charts.words import isolated

__all__ = ["allocation_figure"]

_SPOKEN = 6  # places the alternative text names
_POINTS = 25  # a need score has at most


def allocation_figure(
    places: pd.DataFrame,
    *,
    units: str = "units",
    title_of_place: str = "Place",
    wanted: str = "needed",
    got: str = "received",
    top: int = 25,
    period: str = "",
) -> Figure:
    """Return what each place receives beside what it needs.

    Parameters
    ----------
    places
        One row per place: ``place``, ``demand``, ``received`` (units), and where known ``need``
        (points, 0 to 25), ``floor`` (units promised at least) and ``reason`` (why something is
        missing; for the table). As ``places`` of `caremap.planning.Allocation`.
    units
        What is shared out, as of many: "beds".
    title_of_place
        What a row is: "Place", "Ward".
    wanted
        What is said of the demand: units "needed", "asked for".
    got
        What is said of units that cover it: "received", "placed".
    top
        How many places are drawn at most, the neediest first.
    period
        What the allocation is for, in words.

    Returns
    -------
    Figure
        A full bar for what is received, a hollow one for what is missing, a line at what was
        promised. By need score where there is one, else by what is missing.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> places = pd.DataFrame({"place": ["Kent", "Auburn"], "demand": [12, 5],
    ...                        "received": [8, 5], "need": [18.0, 7.0], "floor": [6, 2]})
    >>> allocation_figure(places, units="beds").title
    '13 of 17 beds needed are received; Kent stays 4 short'
    """
    needs(places, ["place", "demand", "received"])
    rows = _rows(places)
    some = rows[~rows["demand"].eq(0)]
    some = some if len(some) else rows
    kept = some if len(some) <= top + 1 else some.head(max(top, 1))
    title = _title(some, units, title_of_place, wanted, got)
    scored = bool(rows["need"].notna().any())
    what = f"{capital(units)} {got}, of those {wanted}"
    order = "by need score (0 to 25)" if scored else "what is missing most first"
    span = times(len(rows), title_of_place.lower())
    drawn = kept.assign(
        figures=[_figures(row) for _, row in kept.iterrows()],
        said=[_said(row, units, wanted) for _, row in kept.iterrows()],
    )
    return Figure(
        name="allocation",
        title=title,
        subtitle=" · ".join(filter(None, [what, order, period, span])),
        chart=_chart(drawn, units, title_of_place, wanted, got),
        alt=_alt(title, some, units, wanted, title_of_place),
        table=_table(places, rows, units, title_of_place, got),
        notes=_notes(rows, kept, scored, title_of_place),
        plot=Plot("bars", title_of_place, (f"{capital(got)} ({units})", f"Missing ({units})")),
    )


def _rows(places: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "name": text_of(places["place"].astype("object")).to_numpy(),
            **{
                name: numbers(places[name]) if name in places.columns else np.nan
                for name in ("demand", "received", "need", "floor")
            },
            "at": np.arange(len(places)),
        }
    )
    rows["missing"] = (rows["demand"] - rows["received"]).clip(lower=0)
    rows["floor"] = rows["floor"].where(rows["floor"].gt(0))
    return rows.sort_values(
        ["need", "missing", "demand", "name"], ascending=[False, False, False, True],
        na_position="last", kind="stable", ignore_index=True,
    )  # fmt: skip


# --- the words ------------------------------------------------------------------------------


def _title(rows: pd.DataFrame, units: str, what: str, wanted: str, got: str) -> str:
    known = rows[rows["demand"].notna() & rows["received"].notna()]
    if known.empty:
        return f"How many {units} are {wanted} is not known"
    demand, missing = float(known["demand"].sum()), float(known["missing"].sum())
    if demand <= 0:
        return f"No {units} are {wanted}"
    if missing <= 0:
        where = times(int(known["demand"].gt(0).sum()), what.lower())
        return f"All {counted(demand, units)} {wanted} are {got}, at {where}"
    covered = demand - missing
    opening = f"{plainly(covered)} of {counted(demand, units)} {wanted} are {got}"
    worst = known[known["missing"].eq(known["missing"].max())]
    each = plainly(float(worst["missing"].iloc[0]))
    if len(worst) == 1:
        return f"{opening}; {isolated(fit(worst['name'].iloc[0], 280))} stays {each} short"
    return f"{opening}; {times(len(worst), what.lower())} stay {each} short each"


def _figures(row: pd.Series) -> str:
    if not (math.isfinite(row["demand"]) and math.isfinite(row["received"])):
        return NO_FIGURE
    points = f" · need {number(row['need'], decimals=1)}" if math.isfinite(row["need"]) else ""
    return f"{plainly(row['received'])} of {plainly(row['demand'])}{points}"


def _said(row: pd.Series, units: str, wanted: str) -> str:
    if not (math.isfinite(row["demand"]) and math.isfinite(row["received"])):
        return f"{row['name']}: {NO_FIGURE}"
    parts = [f"{plainly(row['received'])} of {counted(row['demand'], units)} {wanted}"]
    if row["missing"] > 0:
        parts.append(f"{plainly(row['missing'])} short")
    if math.isfinite(row["floor"]):
        parts.append(f"promised at least {plainly(row['floor'])}")
    if math.isfinite(row["need"]):
        parts.append(f"need {number(row['need'], decimals=1)} of {_POINTS} points")
    return f"{row['name']}: {', '.join(parts)}"


def _alt(title: str, rows: pd.DataFrame, units: str, wanted: str, what: str) -> str:
    said = [_said(row, units, wanted) for _, row in rows.head(_SPOKEN).iterrows()]
    more = len(rows) - len(said)
    rest = [f"{more:,} more"] if more > 0 else []
    return f"Bars by {what.lower()}. {title}. {joined([*said, *rest], comma='; ')}."


def _notes(
    rows: pd.DataFrame, kept: pd.DataFrame, scored: bool, what: str
) -> tuple[str, ...]:  # fmt: skip
    notes = []
    if scored:
        notes.append(
            "The need score has 0 to 25 points; its parts and their weights are on this page."
        )
    below = rows[rows["floor"].notna() & rows["received"].lt(rows["floor"])]
    if len(below):
        names = joined([isolated(name) for name in below["name"].head(3)])
        more = f" and {len(below) - 3:,} more" if len(below) > 3 else ""
        notes.append(f"Below what was promised: {names}{more}; all floors together cannot be kept.")
    unknown = int((rows["demand"].isna() | rows["received"].isna()).sum())
    if unknown:
        notes.append(f"Of {times(unknown, what.lower())} it is not known: that is not zero.")
    idle = int(rows["demand"].eq(0).sum())
    if idle and len(kept) + idle == len(rows):
        notes.append(f"{times(idle, what.lower())} with no demand: in the table alone.")
    elif len(kept) < len(rows):
        notes.append(f"Drawn are the first {len(kept)} of {len(rows):,}; all are in the table.")
    return tuple(notes)


def _table(
    places: pd.DataFrame, rows: pd.DataFrame, units: str, what: str, got: str
) -> pd.DataFrame:
    columns: dict[str, object] = {what: rows["name"]}
    if rows["need"].notna().any():
        columns["Need score (0 to 25)"] = rows["need"].round(1)
    columns[f"Demand ({units})"] = whole_column(rows["demand"], 0)
    if rows["floor"].notna().any():
        columns[f"Promised at least ({units})"] = whole_column(rows["floor"], 0)
    columns[f"{capital(got)} ({units})"] = whole_column(rows["received"], 0)
    columns[f"Missing ({units})"] = whole_column(rows["missing"], 0)
    if "reason" in places.columns:
        reason = places["reason"].astype("object").where(places["reason"].notna(), "")
        columns["Why, and what would help"] = reason.iloc[rows["at"]].to_numpy()
    return pd.DataFrame(columns)


# --- the drawing ----------------------------------------------------------------------------


def _chart(drawn: pd.DataFrame, units: str, what: str, wanted: str, got: str) -> alt.LayerChart:
    known = drawn["demand"].notna() & drawn["received"].notna()
    if not known.any():
        return nothing(f"How many {units} are {wanted} is not known.")
    keys = [Key("solid", capital(got))]
    if drawn["missing"].gt(0).any():
        keys.append(Key("hollow", "Missing"))
    if drawn["floor"].notna().any():
        keys.append(Key("limit", "Promised at least", "Promised"))
    return lane_bars(
        drawn.assign(zero=0.0), [("received", "demand", "hollow"), ("zero", "received", "solid")],
        keys, axis=capital(units), title_of_names=what, mark="floor",
    )  # fmt: skip
