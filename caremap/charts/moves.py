"""Who moves where: the moves of a plan as bars, the most people first."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import Figure, Plot
from caremap.charts.fitting import fit
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.lanes import PAIR_LANE, Lanes, in_pairs, pair
from caremap.charts.look import lower, nothing, number, times, whole_ticks
from caremap.charts.points import whole_column
from caremap.charts.words import isolated

__all__ = ["moves_figure"]

_HEAD, _AXIS = 6, 50  # pixels over the lanes, and of the axis under them
_EXACT = 10_000  # staff-km from which no decimal is written
_SPOKEN = 6  # moves the alternative text names
_RATIOS = {
    "from_before": "From: need per staff member now",
    "from_after": "From: need per staff member after",
    "to_before": "To: need per staff member now",
    "to_after": "To: need per staff member after",
}


def moves_figure(moves: pd.DataFrame, *, top: int = 20, period: str = "") -> Figure:
    """Return the moves of a plan: from where, to where, how many people, how far.

    Parameters
    ----------
    moves
        One row per move: ``from``, ``to``, ``role``, ``staff`` (people) and ``km`` (of one of
        them, a straight line; missing where a place is not known); the ratios at both ends and
        ``why`` go into the table. As ``moves`` of `caremap.planning.MovePlan`.
    top
        How many moves to draw, the most people first; the others are in the table.
    period
        What the plan is for, in words.

    Returns
    -------
    Figure
        Of a plan without a move too: that nobody moves is a message.

    Raises
    ------
    ValueError
        Where a column is missing.

    Examples
    --------
    >>> moves = pd.DataFrame({"from": ["Kent", "Renton"], "to": ["Auburn", "Auburn"],
    ...     "role": "Nurses", "staff": [12, 3], "km": [9.5, 21.0]})
    >>> moves_figure(moves).title
    '15 people move 177.0 km in all; most from Kent to Auburn: 12 people, 9.5 km each'
    """
    needs(moves, ["from", "to", "role", "staff", "km"], rows=False)
    rows = _rows(moves)
    kept = rows if len(rows) <= top + 1 else rows.head(max(top, 1))
    title = _title(rows)
    roles = rows["role"].drop_duplicates().tolist()
    role = [roles[0]] if len(roles) == 1 and roles[0].casefold() != "staff" else []
    parts = [
        "People who move, from and to",
        *(fit(name, 280) for name in role),
        period,
        _pairs(rows, len(roles) > 1),
    ]
    return Figure(
        name="moves",
        title=title,
        subtitle=" · ".join(filter(None, parts)),
        chart=_chart(kept, len(roles) > 1),
        alt=_alt(title, rows, len(roles) > 1),
        table=_table(moves, rows),
        notes=_notes(rows, kept, len(roles) > 1),
        plot=Plot("bars", "Move", ("People",)) if len(rows) else None,
    )


def _rows(moves: pd.DataFrame) -> pd.DataFrame:
    """Return the moves, the most people first, with their place in the frame."""
    rows = pd.DataFrame(
        {
            **{name: text_of(moves[name].astype("object")).to_numpy()
               for name in ("from", "to", "role")},
            "staff": numbers(moves["staff"]),
            "km": numbers(moves["km"]),
            "place": np.arange(len(moves)),
        }
    )  # fmt: skip
    rows = rows[rows["staff"].gt(0)]
    return rows.sort_values(
        ["staff", "from", "to", "role"], ascending=[False, True, True, True], ignore_index=True
    )


# --- the words ------------------------------------------------------------------------------


def _far(km: float) -> str:
    return number(km, decimals=0 if km >= 99.95 else 1)


def _people(staff: float) -> str:
    return times(staff, "person", "people")


def _title(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "Nobody moves"
    moved = float(rows["staff"].sum())
    known = rows["km"].notna()
    whole = float((rows["staff"] * rows["km"]).sum())
    many = "moves" if moved == 1 else "move"
    written = number(whole, decimals=1 if whole < _EXACT else 0)
    far = f" {written} km{' in all' * (moved > 1)}" if known.all() else ""
    first = rows.iloc[0]
    pair = f"from {isolated(fit(first['from'], 280))} to {isolated(fit(first['to'], 280))}"
    if len(rows) == 1:
        each = f", {_far(first['km'])} km each" if known.all() and moved > 1 else ""
        return f"{_people(moved)} {many}{far * (not each)} {pair}{each}"
    each = f", {_far(first['km'])} km{' each' * bool(first['staff'] > 1)}" if known[0] else ""
    if int(rows["staff"].eq(first["staff"]).sum()) > 1:
        pairs = len(rows.drop_duplicates(["from", "to"]))
        return f"{_people(moved)} {many}{far} between {times(pairs, 'pair')} of facilities"
    return f"{_people(moved)} {many}{far}; most {pair}: {_people(first['staff'])}{each}"


def _pairs(rows: pd.DataFrame, by_role: bool, more: str = "") -> str:
    """Count the rows; a "move" is one person's."""
    role = (" and role", " and roles") if by_role else (" of facilities",) * 2
    return times(len(rows), f"{more}pair{role[0]}", f"{more}pairs{role[1]}")


def _figures(row: pd.Series) -> str:
    far = f", {_far(row['km'])} km" if math.isfinite(row["km"]) else ""
    return f"{_people(row['staff'])}{far}"


def _said(row: pd.Series) -> str:
    role = "" if row["role"].casefold() == "staff" else f" ({lower(row['role'])})"
    return f"{isolated(row['from'])} to {isolated(row['to'])}{role}: {_figures(row)}"


def _alt(title: str, rows: pd.DataFrame, by_role: bool) -> str:
    if rows.empty:
        return f"{title}."
    said = [_said(row) for _, row in rows.head(_SPOKEN).iterrows()]
    left = rows.iloc[_SPOKEN:]
    rest = [_pairs(left, by_role, "more ")] if len(left) else []
    return f"Bars by pair of facilities. {title}. {'; '.join([*said, *rest])}."


def _notes(rows: pd.DataFrame, kept: pd.DataFrame, by_role: bool) -> tuple[str, ...]:
    notes = ["Kilometres are those of one person, in a straight line."] if len(rows) else []
    unknown = rows[rows["km"].isna()]
    if len(unknown):
        notes.append(
            f"The distance is not known for {_pairs(unknown, by_role)}, as a place is not: "
            "that is not 0 km."
        )
    if len(kept) < len(rows):
        rest = rows.iloc[len(kept) :]
        notes.append(
            f"Drawn are the {len(kept)} with most people; {_pairs(rest, by_role, 'more ')}, "
            f"{_people(float(rest['staff'].sum()))} in all, are in the table."
        )
    return tuple(notes)


def _table(moves: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, object] = {
        "Move": list(map(pair, rows["from"], rows["to"])),
        "From": rows["from"],
        "To": rows["to"],
        "Role": rows["role"],
        "People": whole_column(rows["staff"], 0),
        "Distance (km)": rows["km"].round(1),
        "Staff-km (people × km)": (rows["staff"] * rows["km"]).round(1),
    }
    for name, header in _RATIOS.items():
        if name in moves.columns:
            columns[header] = numbers(moves[name]).iloc[rows["place"]].round(2).to_numpy()
    if "why" in moves.columns:
        why = text_of(moves["why"].astype("object")).iloc[rows["place"]]
        columns["Why"] = why.to_numpy()
    return pd.DataFrame(columns)


# --- the drawing ----------------------------------------------------------------------------


def _chart(kept: pd.DataFrame, by_role: bool) -> alt.LayerChart:
    if kept.empty:
        return nothing("There is no move to show.")
    ends = kept["to"] + ", " + kept["role"].map(lower) if by_role else kept["to"]
    names = list(map(pair, kept["from"], ends))
    figures = [_figures(row) for _, row in kept.iterrows()]
    lanes = Lanes(names, figures, "Move", f"{_HEAD}", lane=PAIR_LANE, lines=in_pairs)
    drawn = kept.drop(columns="place").assign(
        row=range(len(kept)), zero=0.0, name=names, said=[_said(row) for _, row in kept.iterrows()],
        shown=figures,
    )  # fmt: skip
    most = float(kept["staff"].max())
    axis = {"title": "People moved", "values": whole_ticks(most), "orient": "bottom"}
    x = lanes.across((0.0, most), {**axis, "grid": False, "format": ",d"})
    bar = alt.MarkDef("bar", orient="horizontal")
    tooltip = [alt.Tooltip("name:N", title="Move"), alt.Tooltip("shown:N", title="People")]
    bars = alt.Chart(drawn, mark=bar).encode(
        x("staff"), alt.X2("zero"), y=lanes.down(0.25, 0.58), y2=lanes.down(0.75, 0.84),
        description="said:N", tooltip=tooltip,
    )  # fmt: skip
    texts = lanes.texts(drawn["said"], drawn["staff"].notna())
    return alt.LayerChart(layer=[bars, *texts], height=lanes.height + _HEAD + _AXIS)
