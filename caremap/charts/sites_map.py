"""Facilities where they lie, without a base map: for paper, workbooks and closed networks."""

from __future__ import annotations

import itertools
import json

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure
from caremap.charts.fitting import fit
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.ground import Ground, eastings_northings
from caremap.charts.look import MISSING, NO_FIGURE, listed, lower, nothing, number, times
from caremap.charts.per_staff import ratio
from caremap.charts.points import capital
from caremap.charts.words import isolated

__all__ = ["places_figure"]

_MOST = {"places": 4000, "links": 2000, "moves": 500}
_AREA = (36.0, 700.0)  # square pixels of a point of nothing, and of the largest of a few
_CROWD = 30_000.0  # square pixels all points may take where they are many
_SHARES = (0.2, 0.4, 0.6, 0.8)
_SPOKEN = 5
_LEGEND = 74  # pixels of two lines and a title


def places_figure(
    sites: pd.DataFrame,
    *,
    links: pd.DataFrame | None = None,
    moves: pd.DataFrame | None = None,
    size: str = "staff",
    colour: str = "ratio",
    size_title: str = "",
    colour_title: str = "",
    miles: bool = False,
    period: str = "",
) -> Figure:
    """Return facilities by longitude and latitude, north up and true to scale.

    Parameters
    ----------
    sites
        One row per facility: ``facility``, ``latitude``, ``longitude`` (degrees; missing where
        a place is not known) and the columns of ``size`` and ``colour``, where there are such.
    links
        ``facility``, ``neighbour``: drawn as thin lines.
    moves
        ``from``, ``to``, ``staff``: drawn as arrows, their width by people.
    size, colour
        The columns the area and the colour of a point show.
    size_title, colour_title
        What these are, with units; by themselves the names of the columns.
    miles
        Whether the scale bar is in miles.
    period
        What period the figures are of, in words.

    Returns
    -------
    Figure
        Colours go in fifths of the facilities. What has no figure has a cross; a facility
        without a place is named in the notes and stands in the table.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> sites = pd.DataFrame({"facility": ["Auburn", "Kent"], "latitude": [47.3, 47.38],
    ...     "longitude": [-122.2, -122.25], "staff": [20, 50], "ratio": [1500.0, 800.0]})
    >>> places_figure(sites, colour_title="People per staff member").title
    'People per staff member: highest in Auburn, 1,500; lowest in Kent, 800'
    """
    needs(sites, ["facility", "latitude", "longitude"])
    titles = {
        "size": size_title or capital(str(size).replace("_", " ")),
        "colour": colour_title or capital(str(colour).replace("_", " ")),
    }
    rows = _rows(sites, size, colour)
    placed = rows[rows["latitude"].notna() & rows["longitude"].notna()]
    placed = placed.join(eastings_northings(placed)) if len(placed) else placed
    drawn = placed.head(_MOST["places"])
    lines = _between(drawn, links, "facility", "neighbour", "links")
    arrows = _between(drawn, moves, "from", "to", "moves")
    title = _title(rows, placed, titles)
    return Figure(
        name="places",
        title=title,
        subtitle=" · ".join(filter(None, [*_signs(drawn, titles, lines, arrows), period,
                                          times(len(rows), "facility", "facilities")])),
        chart=_chart(drawn, lines, arrows, titles, miles),
        alt=_alt(rows, placed, title, titles, arrows),
        table=_table(rows, titles),
        notes=_notes(rows, placed, drawn),
    )  # fmt: skip


# --- the figures ----------------------------------------------------------------------------


def _rows(sites: pd.DataFrame, size: str, colour: str) -> pd.DataFrame:
    """Return the facilities, the largest first, as labels are given in that order."""
    latitude, longitude = numbers(sites["latitude"]), numbers(sites["longitude"])
    on_earth = latitude.between(-90, 90) & longitude.between(-180, 180)
    rows = pd.DataFrame(
        {
            "name": text_of(sites["facility"].astype("object")).to_numpy(),
            "latitude": latitude.where(on_earth),
            "longitude": longitude.where(on_earth),
            "size": numbers(sites[size]) if size in sites.columns else np.nan,
            "colour": numbers(sites[colour]) if colour in sites.columns else np.nan,
        }
    )
    return rows.sort_values(
        ["size", "name"], ascending=[False, True], na_position="last", kind="stable",
        ignore_index=True,
    )  # fmt: skip


def _between(
    placed: pd.DataFrame, pairs: pd.DataFrame | None, start: str, end: str, what: str
) -> pd.DataFrame:
    """Return lines between places: where they begin and end, and how many people they carry."""
    ends = ["east", "north", "to_east", "to_north"]
    if pairs is None or pairs.empty or placed.empty:
        return pd.DataFrame(columns=["name", "other", "people", *ends])
    needs(pairs, [start, end])
    at = placed.drop_duplicates("name").set_index("name")[["east", "north"]]
    lines = pd.DataFrame(
        {
            "name": text_of(pairs[start].astype("object")).to_numpy(),
            "other": text_of(pairs[end].astype("object")).to_numpy(),
            "people": numbers(pairs["staff"]) if "staff" in pairs.columns else 1.0,
        }
    )
    lines = lines[lines["people"].gt(0) & lines["name"].ne(lines["other"])]
    lines = lines.groupby(["name", "other"])[["people"]].sum().reset_index()
    lines = lines.join(at, on="name").join(at.add_prefix("to_"), on="other").dropna()
    order = lines.sort_values(["people", "name", "other"], ascending=[False, True, True])
    return order.head(_MOST[what]).reset_index(drop=True)


# --- the words ------------------------------------------------------------------------------


def _title(rows: pd.DataFrame, placed: pd.DataFrame, titles: dict[str, str]) -> str:
    """Name the highest and the lowest of what the colour shows, or else of the size."""
    if placed.empty:
        return f"No place is known for {times(len(rows), 'facility', 'facilities')}"
    for column, title in reversed(titles.items()):
        known = placed[placed[column].notna()]
        if known.empty:
            continue
        ordered = known.sort_values([column, "name"], ascending=[False, True])
        first, last = ordered.iloc[0], ordered.iloc[-1]
        shown = [_figure(row[column]) for row in (first, last)]
        names = [isolated(fit(row["name"], 280)) for row in (first, last)]
        if len(known) == 1:
            return f"{title}: {shown[0]} in {names[0]}"
        if shown[0] == shown[1]:
            return f"{title}: {shown[0]} in each of {len(known):,} facilities"
        return f"{title}: highest in {names[0]}, {shown[0]}; lowest in {names[1]}, {shown[1]}"
    return f"Where {times(len(placed), 'facility is', 'facilities are')}"


def _signs(
    drawn: pd.DataFrame, titles: dict[str, str], lines: pd.DataFrame, arrows: pd.DataFrame
) -> list[str]:
    """Say what the signs mean that occur."""
    signs = {
        f"Area: {lower(titles['size'])}": drawn["size"].notna().any(),
        f"colour: {lower(titles['colour'])}": drawn["colour"].notna().any(),
        f"{MISSING} {NO_FIGURE}": drawn["colour"].notna().any() and drawn["colour"].isna().any(),
        "lines: neighbours": len(lines) > 0,
        "arrows: moves, wider for more people": len(arrows) > 0,
    }
    return [sign for sign, used in signs.items() if used]


def _figure(value: float) -> str:
    """Write a number: what is counted without decimals."""
    return number(value) if float(value).is_integer() else ratio(value)


def _said(row: pd.Series, titles: dict[str, str]) -> str:
    figures = [
        f"{lower(titles[column])} {_figure(row[column])}"
        for column in ("size", "colour")
        if row[column] == row[column]
    ]
    return f"{row['name']}: {', '.join(figures) or NO_FIGURE}"


def _alt(
    rows: pd.DataFrame,
    placed: pd.DataFrame,
    title: str,
    titles: dict[str, str],
    arrows: pd.DataFrame,
) -> str:
    count = times(len(placed), "facility", "facilities")
    said = [_said(row, titles) for _, row in placed.head(_SPOKEN).iterrows()]
    moved = [
        f"{row['name']} to {row['other']}, {times(row['people'], 'person', 'people')}"
        for _, row in arrows.head(3).iterrows()
    ]
    parts = [
        f"Map of {count} of {len(rows):,}, north up",
        title,
        "; ".join(said),
        f"Most people move from {'; from '.join(moved)}" if moved else "",
    ]
    return ". ".join(filter(None, parts)) + "."


def _notes(rows: pd.DataFrame, placed: pd.DataFrame, drawn: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    if len(placed):
        notes.append("North is up, and a kilometre is as long in each direction.")
        if placed["latitude"].max() - placed["latitude"].min() > 20:
            notes[0] = "North is up; lengths from west to east are true in the middle only."
    nowhere = rows.loc[~rows.index.isin(placed.index), "name"].tolist()
    if nowhere:
        are = "1 facility is" if len(nowhere) == 1 else f"{len(nowhere):,} facilities are"
        notes.append(f"{are} not drawn, as no place is known: {listed(nowhere)}.")
    if len(drawn) < len(placed):
        notes.append(f"Drawn are the {len(drawn):,} largest; all are in the table.")
    return tuple(notes)


def _table(rows: pd.DataFrame, titles: dict[str, str]) -> pd.DataFrame:
    headers = {"name": "Facility", "latitude": "Latitude (degrees)"}
    headers["longitude"] = "Longitude (degrees)"
    for column, title in titles.items():
        if rows[column].notna().any():
            headers[column] = title if title not in headers.values() else f"{title} ({column})"
    return rows[list(headers)].round({"size": 2, "colour": 2}).rename(columns=headers)


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    drawn: pd.DataFrame,
    lines: pd.DataFrame,
    arrows: pd.DataFrame,
    titles: dict[str, str],
    miles: bool,
) -> alt.LayerChart:
    if drawn.empty:
        return nothing("No facility has a place to be drawn at.")
    ground = Ground.of(drawn)
    area = _areas(drawn["size"])
    points = drawn.assign(
        area=area,
        radius=np.sqrt(area / np.pi),
        said=[_said(row, titles) for _, row in drawn.iterrows()],
        size_shown=[_figure(value) for value in drawn["size"]],
        colour_shown=[_figure(value) for value in drawn["colour"]],
    )
    shafts, heads = _arrows(arrows, ground)
    return alt.LayerChart(
        layer=[
            *_lines(lines, ground),
            *shafts,
            *_points(points, ground, titles),
            *heads,
            *ground.names(points, arrows),
            *ground.bar(miles=miles),
        ],
        height=ground.height + (_LEGEND if drawn["colour"].notna().any() else 0),
    )


def _areas(size: pd.Series) -> pd.Series:
    """Return square pixels in proportion to the size; small, all alike, where it is not known."""
    most = float(size.max())
    largest = min(_AREA[1], max(_CROWD / len(size), 2 * _AREA[0]))
    if not most > 0:
        return pd.Series(90.0, index=size.index)
    return (size / most * largest).clip(lower=_AREA[0]).fillna(_AREA[0])


def _points(points: pd.DataFrame, ground: Ground, titles: dict[str, str]) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("name:N", title="Facility"),
        alt.Tooltip("size_shown:N", title=titles["size"]),
        alt.Tooltip("colour_shown:N", title=titles["colour"]),
    ]
    known = points[points["colour"].notna()]
    unknown = points[points["colour"].isna()]
    disc = alt.MarkDef("point", filled=True, opacity=1, stroke=INK, strokeWidth=1)
    ring = alt.MarkDef("point", filled=False, opacity=1, stroke=INK, strokeWidth=1)
    cross = alt.MarkDef("text", text=MISSING, fontSize=11, color=INK, aria=False)
    place = {"x": ground.x(), "y": ground.y()}
    size = alt.Size("area:Q", scale=None)
    layers = []
    if len(known):
        classes, names = _classes(known["colour"])
        known = known.assign(**{"class": classes})
        colour = _colour(names, titles["colour"])
        layers.append(alt.Chart(known, mark=disc).encode(
            colour, size, **place, description="said:N", tooltip=tooltip
        ))  # fmt: skip
    if len(unknown):
        layers.append(alt.Chart(unknown, mark=ring).encode(
            size, **place, description="said:N", tooltip=tooltip
        ))  # fmt: skip
    if len(unknown) and len(known):
        layers.append(alt.Chart(unknown, mark=cross).encode(**place))
    return layers


def _classes(values: pd.Series) -> tuple[pd.Series, list[str]]:
    """Return in which fifth of the facilities a value lies, by round limits, and their names."""
    limits = sorted({float(f"{values.quantile(share):.2g}") for share in _SHARES})
    limits = [limit for limit in limits if values.lt(limit).any() and values.ge(limit).any()]
    written = [_figure(limit) for limit in limits]
    if not limits:
        return pd.Series(0, index=values.index), [_figure(float(values.iloc[0]))]
    middle = [f"{low} to {high}" for low, high in itertools.pairwise(written)]
    names = [f"under {written[0]}", *middle, f"{written[-1]} and more"]
    return pd.Series(np.searchsorted(limits, values, side="right"), index=values.index), names


def _colour(names: list[str], title: str) -> alt.Color:
    """Return the colours of the theme, from end to end however few the classes are."""
    legend = alt.Legend(
        title=title, type="symbol", symbolType="circle", symbolStrokeWidth=1,
        symbolStrokeColor=INK, symbolSize=110, symbolOpacity=1, values=list(range(len(names))),
        labelExpr=f"{json.dumps(names)}[datum.value]", orient="top", direction="horizontal",
        columns=3, titleLimit=300, labelFontSize=12, titleFontSize=12, titleColor=INK,
        labelColor=INK, labelLimit=0, offset=8, padding=0,
    )  # fmt: skip
    scale = alt.Scale(type="linear", domain=[0, max(len(names) - 1, 1)], nice=False)
    return alt.Color("class:Q", scale=scale, legend=legend)


def _lines(lines: pd.DataFrame, ground: Ground) -> list[alt.Chart]:
    if lines.empty:
        return []
    mark = alt.MarkDef("rule", color=INK, strokeWidth=0.8, opacity=0.45, aria=False)
    return [alt.Chart(lines, mark=mark).encode(**_along(ground))]


def _along(ground: Ground) -> dict[str, alt.Value]:
    return {"x": ground.x(), "y": ground.y(), "x2": ground.x("to_east"), "y2": ground.y("to_north")}


def _arrows(arrows: pd.DataFrame, ground: Ground) -> tuple[list[alt.Chart], list[alt.Chart]]:
    """Return a line for each pair, its width by people, and its direction in the middle."""
    if arrows.empty:
        return [], []
    east, north = arrows["to_east"] - arrows["east"], arrows["to_north"] - arrows["north"]
    share = arrows["people"] / arrows["people"].max()
    drawn = arrows.assign(
        wide=1 + 5 * share,
        head=60 + 160 * share,
        turn=90 - np.degrees(np.arctan2(north, east)),
        middle_east=arrows["east"] + east * 0.55,
        middle_north=arrows["north"] + north * 0.55,
        people_moved=[times(people, "person", "people") for people in arrows["people"]],
        said=[
            f"{row['name']} to {row['other']}: {times(row['people'], 'person', 'people')} move"
            for _, row in arrows.iterrows()
        ],
    )
    tooltip = [
        alt.Tooltip("name:N", title="From"),
        alt.Tooltip("other:N", title="To"),
        alt.Tooltip("people_moved:N", title="People"),
    ]
    line = alt.MarkDef("rule", color=INK, opacity=0.75, aria=False)
    head = alt.MarkDef("point", shape="triangle", filled=True, color=INK, opacity=1)
    width = alt.StrokeWidth("wide:Q", scale=None)
    shafts = alt.Chart(drawn, mark=line).encode(width, **_along(ground), tooltip=tooltip)
    heads = alt.Chart(drawn, mark=head).encode(
        alt.Size("head:Q", scale=None), alt.Angle("turn:Q", scale=None),
        x=ground.x("middle_east"), y=ground.y("middle_north"),
        description="said:N", tooltip=tooltip,
    )  # fmt: skip
    return [shafts], [heads]
