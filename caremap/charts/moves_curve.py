"""Fairness against the number of moves: what the first moves do, and what the last."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.look import INKED, NO_FIGURE, nothing, number, times, whole_ticks, words_over
from caremap.charts.per_staff import ratio
from caremap.charts.points import whole_column

__all__ = ["moves_curve_figure"]

_GAP = "max_min"
_MEASURES = {
    _GAP: "Highest over lowest need per staff member (times)",
    "gini": "Gini index of staff over need (0: equal shares)",
}
_AXES = {_GAP: "Highest over lowest, times", "gini": "Gini index (0: equal shares)"}
_HEIGHT = 300


def moves_curve_figure(curve: pd.DataFrame, chosen: int) -> Figure:
    """Return how fair staffing becomes with the number of people who move.

    Parameters
    ----------
    curve
        One row per number of moves: ``moves`` (people), ``max_min`` (the highest over the lowest
        need per staff member, missing or infinite while a facility has no staff), ``gini``,
        ``worst`` (facility), ``worst_ratio`` and ``staff_km``; as
        `caremap.planning.moves_curve` returns it.
    chosen
        The number of moves chosen; marked.

    Returns
    -------
    Figure
        The Gini index where the highest over the lowest can never be computed.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> curve = pd.DataFrame({"moves": [0, 20, 66], "max_min": [21.04, 4.52, 1.02],
    ...     "gini": [0.5, 0.3, 0.01], "worst": "Kent", "worst_ratio": [4423.0, 950.0, 210.0],
    ...     "staff_km": [0.0, 2100.0, 6988.5]})
    >>> moves_curve_figure(curve, 20).title
    '20 of 66 moves take the worst-off facility from 21.0 to 4.52 times the need per staff
    member of the best-off'
    """
    needs(curve, ["moves", _GAP, "gini", "worst", "worst_ratio", "staff_km"])
    rows = _rows(curve)
    needs(rows, ["moves"])
    measure = _GAP if rows[_GAP].notna().any() else "gini"
    rows = rows.assign(value=rows[measure], shown=[ratio(value) for value in rows[measure]])
    at = _chosen(rows, chosen)
    title = _title(rows, at, measure)
    return Figure(
        name="fairness_by_moves",
        title=title,
        subtitle=f"{_MEASURES[measure]} · by number of people who move, the best moves for each",
        chart=_chart(rows, at, measure),
        alt=_alt(rows, at, title),
        table=_table(rows),
        notes=_notes(rows, at, chosen, measure),
        plot=Plot("line", "Moves (people)", (_MEASURES[measure],)),
    )


def _rows(curve: pd.DataFrame) -> pd.DataFrame:
    """Return the points of the curve in order, one for each number of moves."""
    rows = pd.DataFrame(
        {
            **{name: numbers(curve[name])
               for name in ("moves", _GAP, "gini", "worst_ratio", "staff_km")},
            "worst": text_of(curve["worst"].astype("object")).to_numpy(),
        }
    )  # fmt: skip
    rows = rows[rows["moves"].notna()].sort_values("moves", kind="stable")
    return rows.drop_duplicates("moves", ignore_index=True)


def _chosen(rows: pd.DataFrame, chosen: int) -> int:
    """Return the place of the number chosen, or of the next below it."""
    below = rows.index[rows["moves"].le(chosen)]
    return int(below[-1]) if len(below) else 0


# --- the words ------------------------------------------------------------------------------


def _title(rows: pd.DataFrame, at: int, measure: str) -> str:
    start, end, here = (rows["value"].iloc[place] for place in (0, -1, at))
    moves, most = (int(rows["moves"].iloc[place]) for place in (at, -1))
    of = f"{moves:,} of {times(most, 'move')}" if moves < most else f"All {times(most, 'move')}"
    of, take = ("The only move", "takes") if moves == most == 1 else (of, "take")
    if rows["value"].isna().all():
        return f"Fairness cannot be computed for any of {most:,} moves"
    if most == 0:
        return f"No move makes it fairer: {_amount(here, measure)}"
    if math.isnan(here):
        return f"After {of.lower()} a facility has no staff; " + (
            f"after {times(most, 'move')} {_amount(end, measure)}"
            if pd.notna(end) else "no number of moves mends that"
        )  # fmt: skip
    if moves == 0:
        rest = f"{times(most, 'move')} can take it to {ratio(end)}" if pd.notna(end) else ""
        return "; ".join(filter(None, [f"Without a move: {_amount(here, measure)}", rest]))
    if math.isnan(start):
        return f"{of} {take} staff to every facility: {_amount(here, measure)}"
    if measure == "gini":
        return f"{of} {take} the Gini index from {ratio(start)} to {ratio(here)}"
    return (
        f"{of} {take} the worst-off facility from {ratio(start)} to {ratio(here)} times the "
        "need per staff member of the best-off"
    )


def _amount(value: float, measure: str) -> str:
    if measure == "gini":
        return f"Gini index {ratio(value)}"
    return (
        f"the worst-off facility has {ratio(value)} times the need per staff member of the best-off"
    )


def _said(row: pd.Series) -> str:
    worst = f"worst off {row['worst']}, {ratio(row['worst_ratio'])}"
    figures = [
        f"highest over lowest {ratio(row[_GAP])}",
        f"Gini index {ratio(row['gini'])}",
        worst * bool(pd.notna(row["worst_ratio"])),
        f"{number(row['staff_km'])} staff-km" * bool(pd.notna(row["staff_km"])),
    ]
    return f"{times(row['moves'], 'move')}: {', '.join(filter(None, figures))}"


def _alt(rows: pd.DataFrame, at: int, title: str) -> str:
    places = list(dict.fromkeys([0, at, len(rows) - 1]))
    said = [_said(rows.iloc[place]) for place in places]
    return f"A curve of {times(len(rows), 'point')}. {title}. {'; '.join(said)}."


def _notes(rows: pd.DataFrame, at: int, chosen: int, measure: str) -> tuple[str, ...]:
    notes = [
        "1 would be equal need per staff member everywhere; people are whole, so it is rarely "
        "reached. A move is one person's." if measure == _GAP else "A move is one person's."
    ]  # fmt: skip
    found = int(rows["moves"].iloc[at])
    if found != chosen:
        notes.append(f"{times(chosen, 'move')} are not on the curve: marked are {found:,}.")
    missing = rows[rows[_GAP].isna()]
    if len(missing):
        notes.append(
            "Highest over lowest cannot be computed while a facility with need has no staff: so "
            f"with {_ranges(missing)} moves."
        )
    return tuple(notes)


def _ranges(missing: pd.DataFrame) -> str:
    first, last = int(missing["moves"].iloc[0]), int(missing["moves"].iloc[-1])
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Moves (people)": whole_column(rows["moves"], 0),
            _MEASURES[_GAP]: rows[_GAP].round(2),
            _MEASURES["gini"]: rows["gini"].round(3),
            "Worst-off facility": rows["worst"],
            "Its need per staff member": rows["worst_ratio"].round(2),
            "Staff-km (people × km)": rows["staff_km"].round(1),
        }
    )


# --- the drawing ----------------------------------------------------------------------------


def _chart(rows: pd.DataFrame, at: int, measure: str) -> alt.LayerChart:
    known = rows[rows["value"].notna()]
    if known.empty:
        return nothing(f"There is {NO_FIGURE} to show.")
    drawn = known.assign(said=[_said(row) for _, row in known.iterrows()])
    least = 1.0 if measure == _GAP else 0.0
    top = float(known["value"].max())
    most = max(float(rows["moves"].max()), 1.0)
    x = alt.X(
        "moves:Q",
        scale=alt.Scale(domain=[0, most], nice=False, padding=8),
        axis=alt.Axis(
            title="Moves (people)", values=whole_ticks(most), format=",d", grid=False, **INKED
        ),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[least, top + (top - least or 1) * 0.14], nice=False, zero=False),
        axis=alt.Axis(title=_AXES[measure], tickCount=5, titleLimit=0, **INKED),
    )
    tooltip = [
        alt.Tooltip("moves:Q", title="Moves"),
        alt.Tooltip("said:N", title="Fairness"),
    ]
    line = alt.MarkDef("line", interpolate="step-after", strokeWidth=2, aria=False)
    dots = alt.MarkDef("point", filled=True, size=30, opacity=1)
    layers = [
        alt.Chart(drawn, mark=line).encode(x, y),
        alt.Chart(drawn, mark=dots).encode(x, y, description="said:N", tooltip=tooltip),
        *_marked(drawn, rows.index[at], x, y, most),
    ]
    return alt.LayerChart(layer=layers, height=_HEIGHT)


def _marked(drawn: pd.DataFrame, at: int, x: alt.X, y: alt.Y, most: float) -> list[alt.Chart]:
    """Return the point chosen: a line down to its number, a ring, and its figure."""
    here = drawn[drawn.index == at]
    ends = drawn[drawn.index.isin([drawn.index[0], drawn.index[-1]]) & (drawn.index != at)]
    layers = []
    if len(here):
        rule = alt.MarkDef("rule", color=INK, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
        ring = alt.MarkDef(
            "point", filled=True, size=160, color=INK, opacity=1, aria=False, shape="diamond"
        )
        layers = [
            alt.Chart(here, mark=rule).encode(x, y, y2=alt.value("height")),
            alt.Chart(here, mark=ring).encode(x, y),
        ]
    for some, weight in ((here, 700), (ends, 400)):
        for side, part in some.groupby(some["moves"].gt(most * 0.6)):
            options: dict[str, Any] = {"align": "right", "dx": -8} if side else {"dx": 8}
            look = {"align": "left", "baseline": "bottom", "dy": -8, "fontWeight": weight} | options
            for mark in words_over(size=13, **look):
                layers.append(alt.Chart(part, mark=mark).encode(x, y, text="shown:N"))
    return layers
