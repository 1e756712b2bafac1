"""What each scenario has more or less than the baseline, with what chance leaves open."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.keys import Key, Keys
from caremap.charts.lanes import Lanes
from caremap.charts.look import NO_FIGURE, short_number, times
from caremap.charts.words import isolated

__all__ = ["GAPS", "scenario_gap_figure"]

GAPS = {
    "mean_census": ("Patients in hospital, on average", "patients on average", 1),
    "peak_median": ("Patients on the fullest day", "patients on the fullest day", 0),
    "refused": ("Arrivals for whom no bed is free", "arrivals refused", 1),
    "bed_days": ("Bed-days", "bed-days", 0),
    "staff_short": ("Full-time posts missing on the worst day", "posts missing", 1),
    "overtime_hours": ("Hours of overtime", "hours of overtime", 0),
    "cost": ("Cost", "of cost", 0),
    "revenue": ("Revenue", "of revenue", 0),
    "margin": ("Margin", "of margin", 0),
}
"""The figures that can be drawn: title, words behind a number, decimals."""

_GAP = 6  # pixels under the keys
_AXIS = 44  # pixels of the axis under the lanes
_SPOKEN = 8


def scenario_gap_figure(
    differences: pd.DataFrame, figure: str = "mean_census", *, period: str = ""
) -> Figure:
    """Return by how much each scenario differs from the baseline.

    Parameters
    ----------
    differences
        A row per scenario, by its index or a column ``scenario``: the figure and, with
        ``_low`` and ``_high`` behind its name, what 80 % of futures lie between; as
        `ScenarioRun.differences`.
    figure
        One of `GAPS`.
    period
        The days, in words.

    Returns
    -------
    Figure
        A point per scenario with its interval about the line of no difference. The title names
        the greatest difference.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing or the figure is none of those.

    Examples
    --------
    >>> gaps = pd.DataFrame({"scenario": ["Winter surge"], "bed_days": [806.0],
    ...                      "bed_days_low": [691.0], "bed_days_high": [925.0]})
    >>> scenario_gap_figure(gaps, "bed_days").title
    'Winter surge: 806 more bed-days than without changes, 80 % between 691 and 925'
    """
    if figure not in GAPS:
        raise ValueError(f"figure is one of {', '.join(GAPS)}, got {figure!r}")
    frame = differences if "scenario" in differences else differences.reset_index()
    needs(frame, ["scenario", figure, f"{figure}_low", f"{figure}_high"])
    heading, unit, places = GAPS[figure]
    rows = _rows(frame, figure, places)
    rows["said"] = [_said(row, unit) for _, row in rows.iterrows()]
    title = _title(rows, unit, heading)
    return Figure(
        name=f"scenario_{figure}_differences",
        title=title,
        subtitle=" · ".join(filter(None, [f"{heading}: scenario less baseline", period])),
        chart=_chart(rows, heading),
        alt=_alt(title, rows),
        table=_table(rows, heading, places),
        notes=(
            "Scenario and baseline meet the same patients by the same chance: the interval is of "
            "the difference itself, future by future.",
        ),
        plot=Plot("bars", "Scenario", (f"{heading}: difference",)),
    )


def _rows(frame: pd.DataFrame, figure: str, places: int) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "name": text_of(frame["scenario"].astype("object")).to_numpy(),
            "value": numbers(frame[figure]),
            "low": numbers(frame[f"{figure}_low"]),
            "high": numbers(frame[f"{figure}_high"]),
        }
    )
    rows["shown"] = [_signed(value, places) for value in rows["value"]]
    rows["within"] = [_within(row, places) for _, row in rows.iterrows()]
    return rows


def _signed(value: float, places: int) -> str:
    if not np.isfinite(value):
        return NO_FIGURE
    written = short_number(abs(value), decimals=places)
    if not float(written.replace(",", "").rstrip("bmnt") or 0):
        return "0"
    return f"{'+' if value > 0 else '−'}{written}"


def _within(row: pd.Series, places: int) -> str:
    ends = [_signed(row[end], places) for end in ("low", "high")]
    return NO_FIGURE if NO_FIGURE in ends else f"{ends[0]} to {ends[1]}"


def _said(row: pd.Series, unit: str) -> str:
    if row["shown"] == NO_FIGURE:
        return f"{row['name']}: {NO_FIGURE}"
    return f"{row['name']}: {row['shown']} {unit}, 80 % of futures {row['within']}"


def _title(rows: pd.DataFrame, unit: str, heading: str) -> str:
    known = rows[rows["value"].notna()]
    if known.empty:
        return f"{heading}: no difference could be computed"
    most = known.iloc[int(known["value"].abs().argmax())]
    if most["shown"] == "0":
        which = "the scenario" if len(known) == 1 else f"all {len(known)} scenarios"
        return f"{heading}: the same in {which} as without changes"
    sign = "more" if most["value"] > 0 else "fewer" if not unit.startswith("of ") else "less"
    noun = unit.removeprefix("of ")
    ends = [text.lstrip("+") for text in most["within"].split(" to ")]
    if most["value"] < 0:
        ends = [text.lstrip("−") for text in ends[::-1]]
    bounds = f", 80 % between {ends[0]} and {ends[1]}" if len(ends) == 2 else ""
    return (
        f"{isolated(most['name'])}: {most['shown'][1:]} {sign} {noun} than without changes{bounds}"
    )


def _alt(title: str, rows: pd.DataFrame) -> str:
    said = list(rows["said"].head(_SPOKEN))
    more = len(rows) - len(said)
    rest = [times(more, "more scenario")] if more > 0 else []
    return f"Points with intervals, a lane per scenario. {title}. {'; '.join([*said, *rest])}."


def _table(rows: pd.DataFrame, heading: str, places: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Scenario": rows["name"],
            f"{heading}: difference": rows["value"].round(places + 1),
            "80 % from": rows["low"].round(places + 1),
            "80 % to": rows["high"].round(places + 1),
        }
    )


def _chart(rows: pd.DataFrame, heading: str) -> alt.LayerChart:
    known = rows["value"].notna()
    keys = Keys([Key("point", "Difference"), Key("limit", "80 % of futures"),
                 Key("mark", "No difference")])  # fmt: skip
    lanes = Lanes(rows["name"].tolist(), rows["shown"].tolist(), "Scenario",
                  f"({keys.height} + {_GAP})")  # fmt: skip
    drawn = rows.assign(row=range(len(rows)), zero=0.0)
    ends = pd.concat([rows["value"], rows["low"], rows["high"]]).dropna()
    low, high = (
        min(float(ends.min()), 0.0) if len(ends) else 0.0,
        (max(float(ends.max()), 0.0) if len(ends) else 0.0),
    )
    room = 0.05 * (high - low) or 1.0
    labels = "replace(replace(format(datum.value, ',.4~s'), 'G', 'bn'), 'M', 'm')"
    x = lanes.across(
        (low - room if low else 0.0, high + room if high else 0.0 if low else 1.0),
        {"title": f"{heading}: more (or less) than the baseline", "tickCount": 5, "grid": False,
         "orient": "bottom", "labelExpr": labels},
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("name:N", title="Scenario"),
        alt.Tooltip("shown:N", title="Difference"),
        alt.Tooltip("within:N", title="80 % of futures"),
    ]
    middle = lanes.down(0.5, 0.69)
    zero = alt.MarkDef("rule", color=INK, strokeDash=[5, 3], strokeWidth=1.5, aria=False)
    bar = alt.MarkDef("rule", color=INK, strokeWidth=2.5, aria=False)
    dot = alt.MarkDef("point", filled=True, color=INK, size=80, opacity=1)
    bounded = drawn[drawn["low"].notna() & drawn["high"].notna()]
    layers = [
        alt.Chart(drawn, mark=zero).encode(
            x("zero"), y=lanes.down(0.1, 0.42), y2=lanes.down(0.9, 0.96)
        ),
        alt.Chart(bounded, mark=bar).encode(x("low"), alt.X2("high"), y=middle),
        alt.Chart(drawn[known], mark=dot).encode(
            x("value"), y=middle, description="said:N", tooltip=tooltip
        ),
        *lanes.texts(drawn["said"], known),
        *keys.charts(),
    ]
    return alt.LayerChart(
        layer=[one for one in layers if len(one.data)],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )
