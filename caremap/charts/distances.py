"""How far facilities are apart: a map of cells, with neighbours beside each other."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caremap.charts.cells import LABEL, down_axis, figures_in, filled, sign_in
from caremap.charts.far import bare, far, lengths, unit_of_length
from caremap.charts.figure import INK, Figure
from caremap.charts.fitting import fit, wrap
from caremap.charts.frames import needs, text_of
from caremap.charts.look import MISSING, listed, nothing, times
from caremap.charts.words import isolated

__all__ = ["MOST_IN_A_MATRIX", "distance_figure"]

MOST_IN_A_MATRIX = 50
"""Facilities whose distances fit a map of cells: more are a list of pairs, or of neighbours."""

_ONE_LINE = 20  # pixels of a row that has room for one line of a name
_ROWS = ((12, 28), (MOST_IN_A_MATRIX, _ONE_LINE))  # up to so many rows each has so many pixels
_STANDING = 96  # pixels of the names over the columns
_COLUMN = 14  # and those a column needs for its name
_LEGEND = 74
_SPOKEN = 4


def distance_figure(distances: pd.DataFrame, *, miles: bool = False) -> Figure:
    """Return the distances between facilities as a map of cells.

    Parameters
    ----------
    distances
        Kilometres, with the names of the facilities on both axes in the same order; missing where
        a place is not known. As `caremap.geography.distances` returns it.
    miles
        Whether to show miles.

    Returns
    -------
    Figure
        Ordered so that neighbours stand together, whatever the order of the frame; near is
        strong. The table has each pair once, the nearest first.

    Raises
    ------
    ValueError
        Where there is no facility or there are more than 50, or the frame is not square.

    Examples
    --------
    >>> names = ["Auburn", "Kent", "Tacoma"]
    >>> km = pd.DataFrame([[0, 9.5, 20], [9.5, 0, 29], [20, 29, 0]], index=names, columns=names)
    >>> distance_figure(km).title
    'Nearest: Auburn and Kent, 9.5 km; farthest: Kent and Tacoma, 29.0 km'
    """
    needs(distances, [])
    if distances.shape[0] != distances.shape[1]:
        raise ValueError(f"Distances are square, got {distances.shape[0]} by {distances.shape[1]}.")
    if len(distances) > MOST_IN_A_MATRIX:
        raise ValueError(
            f"Up to {MOST_IN_A_MATRIX} facilities fit a map of cells, got {len(distances)}: "
            "neighbours_figure draws the nearest of any number."
        )
    unit = unit_of_length(miles)
    names, matrix = _ordered(distances, miles)
    pairs = _pairs(names, matrix)
    title = _title(pairs, names, unit)
    missing = int(pairs["value"].isna().sum())
    signs = [f"{MISSING} place not known"] * bool(missing)
    count = times(len(names), "facility", "facilities")
    return Figure(
        name="distances",
        title=title,
        subtitle=" · ".join([f"Straight lines ({unit})", count, *signs]),
        chart=_chart(names, matrix, unit),
        alt=_alt(pairs, title, names, unit),
        table=pairs.assign(value=pairs["value"].round(1)).set_axis(
            ["Facility", "Other facility", f"Distance ({unit})"], axis=1
        ),
        notes=_notes(names, matrix),
    )


# --- the figures ----------------------------------------------------------------------------


def _ordered(distances: pd.DataFrame, miles: bool) -> tuple[list[str], NDArray[np.float64]]:
    """Return names and distances with neighbours side by side, unknown places at the end."""
    names = text_of(pd.Series(distances.index.astype("object"))).tolist()
    columns = [lengths(distances.iloc[:, at], miles) for at in range(len(names))]
    matrix = np.column_stack(columns)
    known = (~np.isnan(matrix) & ~np.eye(len(names), dtype=bool)).any(axis=1)
    by_name = sorted(range(len(names)), key=lambda at: names[at])
    placed = [at for at in by_name if known[at]]
    order = placed + [at for at in by_name if not known[at]]
    if len(placed) > 2:
        order[: len(placed)] = [placed[at] for at in _side_by_side(matrix[np.ix_(placed, placed)])]
    return [names[at] for at in order], matrix[np.ix_(order, order)]


def _side_by_side(matrix: NDArray[np.float64]) -> list[int]:
    """Return an order in which what is near stands together.

    That of the leaves of a tree of clusters, turned so that neighbours are nearest (Bar-Joseph,
    Gifford and Jaakkola, 2001).
    """
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering

    upper = np.triu_indices(len(matrix), 1)
    condensed = matrix[upper]
    condensed = np.where(np.isnan(condensed), np.nanmax(condensed), condensed)
    tree = optimal_leaf_ordering(linkage(condensed, "average"), condensed)
    return [int(at) for at in leaves_list(tree)]


def _pairs(names: list[str], matrix: NDArray[np.float64]) -> pd.DataFrame:
    """Return each pair once, the nearest first, unknown ones last."""
    ups, downs = np.triu_indices(len(names), 1)
    ends = [sorted((names[up], names[down])) for up, down in zip(ups, downs, strict=True)]
    pairs = pd.DataFrame(ends, columns=["name", "other"], dtype="object")
    pairs["value"] = matrix[ups, downs]
    return pairs.sort_values(["value", "name", "other"], na_position="last", ignore_index=True)


# --- the words ------------------------------------------------------------------------------


def _title(pairs: pd.DataFrame, names: list[str], unit: str) -> str:
    known = pairs[pairs["value"].notna()]
    if len(names) == 1:
        return f"There is one facility, {isolated(fit(names[0], 280))}: no distance"
    if known.empty:
        return f"No distance between {len(names)} facilities is known"
    near, most = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        return f"{_both(near)} are {far(near['value'], unit)} apart"
    shown = [far(row["value"], unit) for row in (near, most)]
    if shown[0] == shown[1]:
        return f"All {len(known):,} pairs of facilities are {shown[0]} apart"
    return f"Nearest: {_both(near)}, {shown[0]}; farthest: {_both(most)}, {shown[1]}"


def _both(row: pd.Series) -> str:
    return f"{isolated(fit(row['name'], 200))} and {isolated(fit(row['other'], 200))}"


def _alt(pairs: pd.DataFrame, title: str, names: list[str], unit: str) -> str:
    known = pairs[pairs["value"].notna()]
    said = [f"{_both(row)} {far(row['value'], unit)}" for _, row in known.head(_SPOKEN).iterrows()]
    count = times(len(names), "facility", "facilities")
    middle = [f"Half of the pairs are within {far(float(known['value'].median()), unit)}"]
    parts = [f"Distances between {count}, as a map of cells", title]
    parts += [f"The nearest pairs: {'; '.join(said)}", *middle] if len(said) > 1 else []
    return ". ".join(parts) + "."


def _notes(names: list[str], matrix: NDArray[np.float64]) -> tuple[str, ...]:
    notes = ["Straight lines over the ground: roads are longer."]
    if len(names) > 1:
        notes.append("Rows and columns have the same order: neighbours stand together.")
    apart = ~np.eye(len(names), dtype=bool)
    unknown = [name for name, row, own in zip(names, matrix, apart, strict=True)
               if np.isnan(row[own]).all()]  # fmt: skip
    if unknown and len(names) > 1:
        notes.append(f"No place is known for {listed(unknown)}.")
    return tuple(notes)


# --- the drawing ----------------------------------------------------------------------------


def _chart(names: list[str], matrix: NDArray[np.float64], unit: str) -> alt.LayerChart:
    count = len(names)
    if count < 2 or np.isnan(matrix[~np.eye(count, dtype=bool)]).all():
        return nothing("There is no distance to show.")
    row = next(pixels for most, pixels in _ROWS if count <= most)
    cells = _cells(names, matrix, unit)
    lines = 2 if row > _ONE_LINE else 1
    ids = [f"{at:04d}" + "\n".join(wrap(name, LABEL, lines=lines)) for at, name in enumerate(names)]
    heads = [f"{at:04d}{fit(name, _STANDING)}" for at, name in enumerate(names)]
    cells = cells.assign(
        row=[ids[at] for at in cells["down"]], column=[heads[at] for at in cells["across"]]
    ).drop(columns=["down", "across"])
    x = alt.X("column:O", axis=_names_over(count), scale=alt.Scale(domain=heads))
    y = alt.Y("row:O", axis=down_axis(), scale=alt.Scale(domain=ids))
    tooltip = [
        alt.Tooltip("name:N", title="Facility"),
        alt.Tooltip("other:N", title="Other facility"),
        alt.Tooltip("shown:N", title="Distance"),
    ]
    known, unknown = cells[cells["value"].notna()], cells[cells["value"].isna()]
    colour = _colour(float(known["value"].max()), unit)
    layers = [filled(known, x, y, colour, tooltip)]
    if len(unknown):
        layers.append(sign_in(unknown, MISSING, count, x, y, tooltip))
    layers += figures_in(known, count, x, y, known["value"].isna())
    return alt.LayerChart(layer=layers, height=row * count + _STANDING + _LEGEND)


def _cells(names: list[str], matrix: NDArray[np.float64], unit: str) -> pd.DataFrame:
    """Return a cell for every two facilities, either way."""
    down, across = np.nonzero(~np.eye(len(names), dtype=bool))
    cells = pd.DataFrame({"down": down, "across": across, "value": matrix[down, across]})
    cells["name"] = [names[at] for at in down]
    cells["other"] = [names[at] for at in across]
    cells["figure"] = [bare(value) if value == value else "" for value in cells["value"]]
    cells["shown"] = [far(value, unit) for value in cells["value"]]
    cells["said"] = [*map("{} and {}: {}".format, cells["name"], cells["other"], cells["shown"])]
    return cells


def _names_over(count: int) -> alt.Axis:
    """Return the axis of standing names, which are left out where columns are too narrow."""
    return alt.Axis(
        title=None, orient="top", labelAngle=-90, labelAlign="left", labelBaseline="middle",
        labelExpr=f"width / {count} >= {_COLUMN} ? slice(datum.value, 4) : ''",
        labelPadding=6, labelLimit=0, labelOverlap=False, labelFlush=False, labelBound=False,
        labelFontSize=12, labelColor=INK, domain=False, ticks=False, grid=False,
    )  # fmt: skip


def _colour(most: float, unit: str) -> alt.Color:
    """Return the colours of the theme, near ones strong; told apart best where they are near."""
    legend = alt.Legend(
        title=f"Distance, {unit}", orient="top", direction="horizontal", gradientLength=200,
        gradientThickness=12, titleLimit=0, labelFontSize=12, titleFontSize=12, tickCount=4,
        titleColor=INK, labelColor=INK, offset=8, padding=0,
    )  # fmt: skip
    domain = [0, most if most > 0 else 1]
    scale = alt.Scale(type="sqrt", domain=domain, nice=False, reverse=True)
    return alt.Color("value:Q", scale=scale, legend=legend)
