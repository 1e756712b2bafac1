"""The drawing of a heat map: cells, their numbers and signs, and labels that fit any width."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.cells import (
    LABEL,
    ROW,
    down_axis,
    figures_in,
    filled,
    period_axis,
    period_labels,
    sign_in,
)
from caremap.charts.figure import INK
from caremap.charts.fitting import fit, wrap
from caremap.charts.look import MASKED, MISSING, NO_FIGURE, nothing
from caremap.charts.places import occupancy_colour, on_colour, place_name
from caremap.charts.points import Every, capital
from caremap.hidden import HIDDEN

__all__ = ["heat_cells"]

_NARROW = 9  # pixels of a cell that has no room for an outline


def heat_cells(
    shown: pd.DataFrame, kept: pd.DataFrame, slots: pd.DataFrame, every: Every, named: bool
) -> alt.LayerChart:
    """Draw cells of occupancy, a row for each place and a column for each period.

    Parameters
    ----------
    shown
        The cells: ``place`` (the names of its levels), ``slot`` (a period) and what is told.
    kept
        The rows in order: ``place``, ``group`` (the name of its first level).
    slots
        The columns in order: ``slot``, ``name``.
    every
        What one period is.
    named
        Whether places have levels, and rows names.

    Returns
    -------
    altair.LayerChart
    """
    if slots.empty:
        return nothing("No period is known.")
    lines = _lines(kept, named)
    columns = {
        slot: f"{at:04d}{label}"
        for at, (slot, label) in enumerate(period_labels(slots["slot"].tolist(), every))
    }
    grid = _grid(shown, lines, columns, slots)
    partial = grid[~grid["complete"] & grid["value"].notna()]
    ids = [*lines["id"], *(["9999"] if len(partial) else [])]
    x = alt.X(
        "column:O",
        axis=period_axis(len(slots), every),
        scale=alt.Scale(domain=list(columns.values())),
    )
    y = alt.Y("row:O", axis=down_axis(), scale=alt.Scale(domain=ids))
    layers = _layers(grid, len(slots), x, y, every)
    heads = lines[lines["head"] != ""]
    if len(heads):
        layers.append(_heads(heads.rename(columns={"id": "row"}), y))
    if len(partial):
        asterisks = partial.drop_duplicates("column").assign(row="9999")
        mark = alt.MarkDef("text", text="*", fontSize=16, color=INK, baseline="middle", aria=False)
        layers.append(alt.Chart(asterisks, mark=mark).encode(x, y))
    return alt.LayerChart(layer=layers, height=ROW * len(ids) + 90)


def _lines(kept: pd.DataFrame, named: bool) -> pd.DataFrame:
    """Return what stands down the side: a head over every group of places, then its places."""
    grouped = named and kept["group"].duplicated().any() and len(kept["place"].iloc[0]) > 1
    lines: list[dict[str, object]] = []
    group = ""
    for row in kept.itertuples():
        place: tuple[str, ...] = row.place  # type: ignore[assignment]
        if grouped and (place[0] != group or not lines):
            group = place[0]
            lines.append({"id": f"{len(lines):04d}", "place": None, "head": group})
        label = " · ".join(place[1:] if grouped else place) or "All places"
        words = "\n".join(wrap(label, LABEL))
        lines.append({"id": f"{len(lines):04d}{words}", "place": place, "head": ""})
    return pd.DataFrame(lines)


def _grid(
    shown: pd.DataFrame, lines: pd.DataFrame, columns: dict[pd.Period, str], slots: pd.DataFrame
) -> pd.DataFrame:
    """Return a cell for every place and period drawn, those without a row in the frame too."""
    places = lines[lines["place"].notna()]
    whole = pd.MultiIndex.from_product([range(len(places)), slots["slot"]], names=["at", "slot"])
    at = {place: place_at for place_at, place in enumerate(places["place"])}
    told = shown.assign(at=shown["place"].map(at)).drop_duplicates(["at", "slot"])
    grid = told.set_index(["at", "slot"]).reindex(whole).reset_index()
    names = dict(zip(shown["place"], shown["name"], strict=True))
    grid["name"] = [
        names.get(place, place_name(place)) for place in places["place"].iloc[grid["at"]]
    ]
    when = dict(zip(slots["slot"], slots["name"], strict=True))
    grid["when"] = grid["slot"].map(when)
    grid["shown"] = grid["shown"].fillna(NO_FIGURE)
    grid["state"] = grid["state"].fillna("")
    grid["said"] = [*map("{}, {}: {}".format, grid["name"], grid["when"], grid["shown"])]
    asterisk = np.where(grid["complete"].fillna(value=True).astype("bool"), "", "*")
    figures = [f"{value:,.0f}" if value == value else "" for value in grid["occupancy"]]
    return pd.DataFrame(
        {
            "row": places["id"].iloc[grid["at"]].to_numpy(),
            "column": grid["slot"].map(columns),
            "value": grid["occupancy"],
            "figure": [*map("{}{}".format, figures, asterisk)],
            "complete": grid["complete"].fillna(value=True).astype("bool"),
            HIDDEN: grid[HIDDEN].eq(True),
            "over": grid["over"].fillna(value=False).astype("bool"),
            **{name: grid[name] for name in ("name", "when", "shown", "state", "said")},
            **{name: _amount(grid[name]) for name in ("occupied", "staffed", "days")},
        }
    )


def _amount(values: pd.Series) -> list[str]:
    return [f"{value:,.1f}".removesuffix(".0") if value == value else "unknown" for value in values]


def _layers(grid: pd.DataFrame, count: int, x: alt.X, y: alt.Y, every: Every) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("name:N", title="Place"),
        alt.Tooltip("when:N", title=capital(every)),
        alt.Tooltip("shown:N", title="Occupancy"),
        alt.Tooltip("occupied:N", title="Occupied beds, mean"),
        alt.Tooltip("staffed:N", title="Staffed beds, mean"),
        alt.Tooltip("days:N", title="Days used"),
        alt.Tooltip("state:N", title="Covers"),
    ]
    known, unknown = grid[grid["value"].notna()], grid[grid["value"].isna()]
    over = known[known["over"]]
    parts = []
    if len(known):
        parts.append(filled(known, x, y, occupancy_colour("value"), tooltip))
    if len(unknown):
        signs = ((MISSING, unknown[~unknown[HIDDEN]]), (MASKED, unknown[unknown[HIDDEN]]))
        parts += [sign_in(cells, sign, count, x, y, tooltip) for sign, cells in signs if len(cells)]
    if len(over):
        outline = alt.MarkDef(
            "rect", filled=False, strokeWidth=1.5, stroke=on_colour("value"), opacity=1,
            width=alt.ExprRef(f"max(1, width / {count} - 5)"), height=ROW - 5, aria=False,
        )  # fmt: skip
        dot = alt.MarkDef(
            "point", filled=True, size=9, opacity=1, color=on_colour("value"), aria=False
        )
        narrow = f"width / {count} < {_NARROW}"
        parts += [
            alt.Chart(over, mark=outline).transform_filter(f"!({narrow})").encode(x, y),
            alt.Chart(over, mark=dot).transform_filter(narrow).encode(x, y),
        ]
    return parts + figures_in(known, count, x, y, known["over"])


def _heads(heads: pd.DataFrame, y: alt.Y) -> alt.Chart:
    """Return the names over the groups; the width is theirs alone."""
    names = {key: [fit(name, pixels, 13) for name in heads["head"]]
             for key, pixels in (("short", 190), ("long", 420))}  # fmt: skip
    mark = alt.MarkDef(
        "text", align="left", fontSize=13, fontWeight=600, dx=1, dy=5, color=INK, aria=False,
        text=alt.ExprRef("width < 440 ? datum.short : datum.long"),
    )  # fmt: skip
    return alt.Chart(heads[["row"]].assign(**names), mark=mark).encode(y, x=alt.value(0))
