"""How far the nearest neighbours are: of every facility, the most remote first, or of one."""

from __future__ import annotations

import altair as alt
import pandas as pd

from caremap.charts.far import far, lengths, unit_of_length
from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.fitting import fit
from caremap.charts.frames import needs, text_of
from caremap.charts.keys import Key, Keys
from caremap.charts.lanes import LANE, PAIR_LANE, Across, Lanes, in_pairs, pair
from caremap.charts.look import listed, nothing, times
from caremap.charts.words import isolated
from caremap.charts.years import OUTLINE

__all__ = ["neighbours_figure"]

_GAP, _AXIS = 6, 50  # pixels under the keys, and of the axis under the lanes
_SPOKEN = 6


def neighbours_figure(nearest: pd.DataFrame, *, miles: bool = False, top: int = 20) -> Figure:
    """Return how far each facility is from its nearest neighbours.

    Parameters
    ----------
    nearest
        ``facility``, ``neighbour``, ``km`` (missing where a place is not known); as
        `caremap.geography.nearest` and `within` return it.
    miles
        Whether to show miles.
    top
        How many lanes to draw: the most remote facilities or, of one facility, its nearest
        neighbours. The table has all.

    Returns
    -------
    Figure
        Of several facilities a lane each, the most remote first, with its nearest neighbour
        filled and the further ones hollow; of one facility a lane for each neighbour.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> nearest = pd.DataFrame({"facility": ["Kent", "Auburn", "Tacoma"],
    ...     "neighbour": ["Auburn", "Kent", "Auburn"], "km": [9.5, 9.5, 20.1]})
    >>> neighbours_figure(nearest).title
    'Most remote: Tacoma, 20.1 km from its nearest neighbour; half have one within 9.5 km'
    """
    needs(nearest, ["facility", "neighbour", "km"])
    unit = unit_of_length(miles)
    rows = _rows(nearest, miles)
    count = rows["name"].nunique()
    one = count < 2
    known = rows[rows["value"].notna()]
    lanes = _lanes(known, one)
    kept = lanes if len(lanes) <= top + 1 else lanes.head(max(top, 1))
    title = _title(rows, lanes, one, unit)
    table = pd.DataFrame(
        {
            "Facility": rows["name"],
            "Neighbour": rows["other"],
            f"Distance ({unit})": rows["value"].round(1),
        }
    )
    return Figure(
        name="neighbours",
        title=title,
        subtitle=f"Straight lines to the nearest neighbours ({unit}) · "
        + times(count, "facility", "facilities"),
        chart=_chart(known, kept, one, unit),
        alt=_alt(lanes, title, unit),
        table=table,
        notes=_notes(rows, lanes, kept, one),
        plot=Plot("bars", "Neighbour", (f"Distance ({unit})",)) if one else None,
    )


# --- the figures ----------------------------------------------------------------------------


def _rows(nearest: pd.DataFrame, miles: bool) -> pd.DataFrame:
    """Return the pairs, the facility most remote from its nearest first, then by distance."""
    rows = pd.DataFrame(
        {
            "name": text_of(nearest["facility"].astype("object")).to_numpy(),
            "other": text_of(nearest["neighbour"].astype("object")).to_numpy(),
            "value": lengths(nearest["km"], miles),
        }
    )
    rows["remote"] = rows.groupby("name")["value"].transform("min")
    return rows.sort_values(
        ["remote", "name", "value", "other"], ascending=[False, True, True, True],
        na_position="last", ignore_index=True,
    )  # fmt: skip


def _lanes(known: pd.DataFrame, one: bool) -> pd.DataFrame:
    """Return what has a lane: every facility with its nearest, or every neighbour of one."""
    return known if one else known.drop_duplicates("name", ignore_index=True)


# --- the words ------------------------------------------------------------------------------


def _named(name: str) -> str:
    return isolated(fit(name, 280))


def _title(rows: pd.DataFrame, lanes: pd.DataFrame, one: bool, unit: str) -> str:
    if lanes.empty:
        of = _named(rows["name"].iloc[0]) if one else "any facility"
        return f"No neighbour of {of} is known"
    first = lanes.iloc[0]
    if one:
        rest = ""
        if len(lanes) > 1:
            most = far(float(lanes["value"].iloc[-1]), unit)
            rest = f"; {times(len(lanes), 'neighbour')} within {most}"
        near = f"{_named(first['other'])}, {far(first['value'], unit)}"
        return f"Nearest to {_named(first['name'])}: {near}{rest}"
    middle = far(float(lanes["value"].median()), unit)
    away = far(first["value"], unit)
    if away == far(float(lanes["value"].iloc[-1]), unit):
        return f"Each of {times(len(lanes), 'facility', 'facilities')} has a neighbour {away} away"
    return (
        f"Most remote: {_named(first['name'])}, {away} from its nearest neighbour; half have one "
        f"within {middle}"
    )


def _said(row: pd.Series, unit: str) -> str:
    return f"{isolated(row['name'])} to {isolated(row['other'])}: {far(row['value'], unit)}"


def _alt(lanes: pd.DataFrame, title: str, unit: str) -> str:
    said = [_said(row, unit) for _, row in lanes.head(_SPOKEN).iterrows()]
    more = len(lanes) - len(said)
    rest = [f"{more:,} more"] if more > 0 else []
    return (
        ". ".join(filter(None, [f"Points by distance. {title}", "; ".join([*said, *rest])])) + "."
    )


def _notes(
    rows: pd.DataFrame, lanes: pd.DataFrame, kept: pd.DataFrame, one: bool
) -> tuple[str, ...]:
    notes = ["Straight lines over the ground: roads are longer."]
    if len(kept) < len(lanes):
        which = "nearest neighbours" if one else "most remote facilities"
        notes.append(f"Drawn are the {len(kept)} {which} of {len(lanes):,}; all are in the table.")
    unknown = rows[~rows["name"].isin(lanes["name"])]["name"].drop_duplicates().tolist()
    if unknown:
        notes.append(f"No distance is known for {listed(unknown)}, as a place is not known.")
    return tuple(notes)


# --- the drawing ----------------------------------------------------------------------------


def _chart(known: pd.DataFrame, kept: pd.DataFrame, one: bool, unit: str) -> alt.LayerChart:
    if kept.empty:
        return nothing("There is no distance to show.")
    names = kept["other"].tolist() if one else list(map(pair, kept["name"], kept["other"]))
    figures = [far(value, unit) for value in kept["value"]]
    further = known.iloc[:0] if one else known[known.duplicated("name")]
    further = further[further["name"].isin(kept["name"])]
    keys = Keys([Key("dot", "Nearest"), Key("ring", "Further neighbours")] if len(further) else [])
    head = f"({keys.height} + {_GAP})"
    lanes = (
        Lanes(names, figures, "Neighbour", head, lane=LANE)
        if one
        else Lanes(names, figures, "Facility", head, lane=PAIR_LANE, lines=in_pairs)
    )
    place = {name: at for at, name in enumerate(kept["other"] if one else kept["name"])}
    drawn = kept.assign(row=range(len(kept)))
    further = further.assign(row=further["name"].map(place))
    most = max(float(drawn["value"].max()), float(further["value"].max()) if len(further) else 0.0)
    axis = {"title": f"Distance, {unit}", "tickCount": 5, "orient": "bottom"}
    x = lanes.across((0.0, most * 1.04 if most > 0 else 1.0), axis)
    layers = _points(drawn, further, lanes, x, unit)
    texts = lanes.texts(pd.Series([_said(row, unit) for _, row in drawn.iterrows()]),
                        drawn["value"].notna())  # fmt: skip
    return alt.LayerChart(
        layer=[*layers, *texts, *keys.charts()],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )


def _points(
    drawn: pd.DataFrame, further: pd.DataFrame, lanes: Lanes, x: Across, unit: str
) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("name:N", title="Facility"),
        alt.Tooltip("other:N", title="Neighbour"),
        alt.Tooltip("shown:N", title="Distance"),
    ]
    y = lanes.down(0.5, 0.72)
    line = alt.MarkDef("rule", color=INK, strokeWidth=1.5, aria=False)
    dot = alt.MarkDef("point", filled=True, size=90, opacity=1)
    ring = alt.MarkDef("point", filled=True, size=50, opacity=1, fill=alt.ExprRef("background"))
    charts = []
    for part, mark in ((further, ring), (drawn, dot)):
        told = part.assign(
            zero=0.0,
            one="",
            shown=[far(value, unit) for value in part["value"]],
            said=[_said(row, unit) for _, row in part.iterrows()],
        ).drop(columns="remote")
        if part.empty:
            continue
        points = alt.Chart(told, mark=mark).encode(
            x("value"), y=y, description="said:N", tooltip=tooltip
        )
        if mark is dot:
            charts.append(alt.Chart(told, mark=line).encode(x("zero"), alt.X2("value"), y=y))
        charts.append(points.encode(OUTLINE) if mark is ring else points)
    return charts
