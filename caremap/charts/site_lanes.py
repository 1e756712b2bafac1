"""The drawing of need per staff member: a hollow point now, a filled one after the moves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK
from caremap.charts.keys import Key, Keys
from caremap.charts.lanes import LANE, LOW_LANE, Across, Lanes
from caremap.charts.look import nothing, words
from caremap.charts.per_staff import ratio
from caremap.charts.points import capital
from caremap.charts.years import OUTLINE

__all__ = ["ALIKE", "site_lanes"]

ALIKE = "Equal shares"
"""What the line is called where all facilities would be if staff were shared by need."""

_FEW = 12  # facilities up to which lanes have all the room they like
_FAR = 40  # times the least, from where a linear scale would leave most points in one place
_GAP, _AXIS = 6, 44  # pixels under the keys, and of the axis under the lanes


def site_lanes(kept: pd.DataFrame, unit: str, planned: bool, fair: float) -> alt.LayerChart:
    """Draw a lane for each facility, and the line of equal shares through all of them.

    Parameters
    ----------
    kept
        The facilities in order: ``name``, ``now`` and ``then`` (need per staff member; infinite
        without staff), ``change`` (of staff), ``figures`` and ``said`` (what is written of each,
        and the sentence).
    unit
        What the ratio counts: "people per staff member".
    planned
        Whether there is a plan: what is not drawn to move then stays.
    fair
        The ratio where all have the same.

    Returns
    -------
    altair.LayerChart
    """
    finite = [value for value in [*kept["now"], *kept["then"], fair] if math.isfinite(value)]
    if kept["now"].isna().all() or not finite:
        return nothing(f"No {unit} can be computed.")
    moved = planned & kept["change"].ne(0) & kept["then"].notna()
    bare = np.isinf(kept["now"]) | np.isinf(kept["then"])
    keys = Keys(_keys(bool(moved.any()), bool(bare.any()), planned))
    names, figures = kept["name"].tolist(), kept["figures"].tolist()
    lane = LANE if len(kept) <= _FEW else LOW_LANE
    lanes = Lanes(names, figures, "Facility", f"({keys.height} + {_GAP})", lane=lane)
    domain, log = _domain(finite)
    drawn = kept.assign(
        row=range(len(kept)),
        one="",
        at_now=kept["now"].clip(upper=domain[1]),
        at_then=kept["then"].clip(upper=domain[1]),
    )
    ticks = {"values": _ticks(*domain)} if log else {"tickCount": 5}
    title = capital(unit) + " (each step of the scale multiplies)" * log
    x = lanes.across(domain, {"title": title, "orient": "bottom", **ticks}, log=log)
    return alt.LayerChart(
        layer=[
            *_fair_line(lanes, x, fair, domain, log),
            *_points(drawn, lanes, x, moved),
            *lanes.texts(drawn["said"], drawn["now"].notna()),
            *keys.charts(),
        ],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )


def _keys(moved: bool, bare: bool, planned: bool) -> list[Key]:
    keys = [Key("ring", "Now"), Key("dot", "After the moves")] if moved else []
    if not moved:
        keys = [Key("dot", "Now and after the moves" if planned else "Now")]
    return [*keys, *([Key("miss", "No staff")] if bare else [])]


def _domain(finite: Sequence[float]) -> tuple[tuple[float, float], bool]:
    """Return from where to where the scale runs, and whether its steps multiply."""
    low, high = min(finite), max(finite)
    if low > 0 and high / low >= _FAR:
        return (low * 0.8, high * 1.25), True
    return (0.0, high * 1.05 if high > 0 else 1.0), False


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers on a scale whose steps multiply: few where it is long."""
    steps = (1, 2, 5) if high / low < 300 else (1,)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10.0**decade for decade in decades for step in steps]
    return [tick for tick in ticks if low <= tick <= high]


def _fair_line(
    lanes: Lanes, x: Across, fair: float, domain: tuple[float, float], log: bool
) -> list[alt.Chart]:
    """Return the line of equal shares through the lanes, not through words, its figure below."""
    if not math.isfinite(fair):
        return []
    rows = lanes.written[["row"]].assign(fair=fair, said=f"{ALIKE}: {ratio(fair)}")
    mark = alt.MarkDef("rule", color=INK, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
    line = alt.Chart(rows, mark=mark).encode(
        x("fair"), y=lanes.down(0, 0.48), y2=lanes.down(1, 0.96),
        tooltip=alt.Tooltip("said:N", title="All facilities"),
    )  # fmt: skip
    low, at, high = (math.log(value) if log else value for value in (domain[0], fair, domain[1]))
    share = (at - low) / (high - low)
    align = "left" if share < 0.25 else "right" if share > 0.75 else "center"
    label = words(size=12, fontWeight=600, baseline="top", dy=5, align=align)
    return [
        line,
        alt.Chart(rows.head(1), mark=label).encode(x("fair"), y=lanes.foot, text="said:N"),
    ]


def _points(drawn: pd.DataFrame, lanes: Lanes, x: Across, moved: pd.Series) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("name:N", title="Facility"),
        alt.Tooltip("said:N", title="Staff and need"),
    ]
    y = lanes.down(0.5, 0.72)
    known = drawn["now"].notna()
    line = alt.MarkDef("rule", color=INK, strokeWidth=1.5, aria=False)
    silent = alt.MarkDef(
        "point", filled=True, size=90, opacity=1, fill=alt.ExprRef("background"), aria=False
    )
    dot = alt.MarkDef("point", filled=True, size=90, opacity=1)
    miss = alt.MarkDef("point", filled=True, shape="diamond", size=90, opacity=1, color=INK)
    bare_now, bare_then = np.isinf(drawn["now"]), np.isinf(drawn["then"])
    drawn = drawn.assign(at=drawn["at_then"].where(moved, drawn["at_now"]))
    bare_end = bare_then.where(moved, bare_now)
    layers = [
        alt.Chart(drawn[known & moved], mark=line).encode(x("at_now"), alt.X2("at_then"), y=y),
        alt.Chart(drawn[known & moved & ~bare_now], mark=silent).encode(x("at_now"), OUTLINE, y=y),
        alt.Chart(drawn[known & moved & bare_now & ~bare_then], mark=miss).encode(
            x("at_now"), y=y, description="said:N", tooltip=tooltip
        ),
        alt.Chart(drawn[known & ~bare_end], mark=dot).encode(
            x("at"), y=y, description="said:N", tooltip=tooltip
        ),
        alt.Chart(drawn[known & bare_end], mark=miss).encode(
            x("at"), y=y, description="said:N", tooltip=tooltip
        ),
    ]
    return [layer for layer in layers if len(layer.data)]
