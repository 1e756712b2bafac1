"""What a prediction rests on: how much worse it gets where a column is shuffled."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from caremap.charts.dots import AXIS, line_across, points_in_lanes, room_for
from caremap.charts.figure import Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.lanes import Lanes
from caremap.charts.look import NO_FIGURE, nothing, times
from caremap.charts.words import isolated

__all__ = ["importance_figure"]

_SPOKEN = 5


def importance_figure(
    importance: pd.DataFrame,
    *,
    score: str = "AUROC",
    group: str = "",
    top: int = 12,
    period: str = "",
) -> Figure:
    """Return how far a score falls when each column is shuffled, on stays not seen before.

    Parameters
    ----------
    importance
        As `caremap.planning.StayRisk.importance` has it: ``column`` (its name as people read
        it), ``drop``, ``low``, ``high`` (over repetitions).
    score
        What falls.
    group
        The department it is of; empty for all stays.
    top
        How many columns are drawn; the table has all.
    period
        The stays it is of, in words.

    Returns
    -------
    Figure
        A point per column, the one the prediction needs most on top. A column whose interval
        reaches zero is hollow: it was not missed every time.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Notes
    -----
    Permutation importance: Breiman (2001), Machine Learning 45; on held-out data: Fisher, Rudin
    and Dominici (2019), Journal of Machine Learning Research 20.

    Examples
    --------
    >>> found = pd.DataFrame({"column": ["Age", "Payer"], "drop": [0.051, 0.001],
    ...                       "low": [0.045, -0.002], "high": [0.056, 0.004]})
    >>> importance_figure(found).title
    'Age tells most: shuffled, it costs 0.051 of AUROC; 1 of 2 columns has no clear part in it'
    """
    needs(importance, ["column", "drop", "low", "high"])
    rows = _rows(importance)
    title = _title(rows, score, group)
    where = f"in {isolated(group)}" if group else "over all stays"
    return Figure(
        name=f"stay_risk_drivers{'_in_a_group' if group else ''}",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"Fall of {score} where a column is shuffled, {where}, on stays not "
                          "seen before; bars from the least to the most of the repetitions",
                          period])
        ),
        chart=_chart(rows.head(top), score),
        alt=_alt(title, rows),
        table=pd.DataFrame(
            {
                "Column": rows["name"],
                f"Fall of {score}": rows["value"].round(4),
                "From": rows["low"].round(4),
                "To": rows["high"].round(4),
                "Clear": ["" if hollow else "yes" for hollow in rows["hollow"]],
            }
        ),
        notes=tuple(
            filter(
                None,
                [
                    "What goes together with the length of stay is not what causes it. Two columns "
                    "that tell the same share what they tell: each alone seems to tell less.",
                    "Hollow: in one repetition at least nothing was lost, so its part is not clear."
                    if rows["hollow"].any()
                    else "",
                    f"Drawn are the {top} that tell most of {times(len(rows), 'column')}; the "
                    "table has all."
                    if len(rows) > top
                    else "",
                ],
            )
        ),
        plot=Plot("bars", "Column", (f"Fall of {score}",)),
    )  # fmt: skip


def _rows(importance: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "name": text_of(importance["column"]).to_numpy(),
            "value": numbers(importance["drop"]),
            "low": numbers(importance["low"]),
            "high": numbers(importance["high"]),
        }
    )
    rows = rows.sort_values(["value", "name"], ascending=[False, True], kind="stable")
    return rows.reset_index(drop=True).assign(hollow=lambda one: ~(one["low"] > 0))


def _title(rows: pd.DataFrame, score: str, group: str) -> str:
    place = f"In {isolated(group)}: " if group else ""
    known = rows[rows["value"].notna()]
    telling = known[~known["hollow"]]
    if known.empty:
        return f"{place}what the prediction rests on could not be measured"
    if telling.empty:
        return f"{place}no column has a clear part in the prediction"
    first = telling.iloc[0]
    rest = len(known) - len(telling)
    tells = f"{'has' if rest == 1 else 'have'} no clear part in it"
    none = f"; {rest} of {times(len(known), 'column')} {tells}" if rest else ""
    return (
        f"{place}{isolated(first['name'])} tells most: shuffled, it costs {first['value']:.3f} "
        f"of {score}{none}"
    )


def _said(row: pd.Series) -> str:
    if not math.isfinite(row["value"]):
        return f"{row['name']}: {NO_FIGURE}"
    return f"{row['name']}: {_written(row['value'])}{', not clear' if row['hollow'] else ''}"


def _written(fall: float) -> str:
    """Write a fall of a score; what rounds to nothing has no sign."""
    return f"{round(fall, 3) + 0:.3f}".replace("-", "−") if math.isfinite(fall) else NO_FIGURE


def _alt(title: str, rows: pd.DataFrame) -> str:
    said = [_said(row) for _, row in rows.head(_SPOKEN).iterrows()]
    more = len(rows) - len(said)
    rest = [times(more, "more column")] if more > 0 else []
    return f"Points with intervals. {title}. {'; '.join([*said, *rest])}."


def _chart(rows: pd.DataFrame, score: str) -> alt.LayerChart:
    known = rows["value"].notna()
    if not known.any():
        return nothing("There is nothing to show.")
    figures = [_written(value) for value in rows["value"]]
    lanes = Lanes(rows["name"].tolist(), figures, "Column")
    drawn = rows.assign(
        row=range(len(rows)), shown=figures, said=[_said(row) for _, row in rows.iterrows()],
        span=[f"{_written(low)} to {_written(high)}" if math.isfinite(low + high) else "not known"
              for low, high in zip(rows["low"], rows["high"], strict=True)],
    )  # fmt: skip
    x = lanes.across(
        room_for([0.0, *rows["value"], *rows["low"], *rows["high"]]),
        {"title": f"Fall of {score}; right of the line it is needed", "tickCount": 5},
    )
    tooltip = [
        alt.Tooltip("name:N", title="Column"),
        alt.Tooltip("shown:N", title=f"Fall of {score}"),
        alt.Tooltip("span:N", title="Over repetitions"),
    ]
    layers = [
        line_across(0.0, lanes, x),
        *points_in_lanes(drawn[known], lanes, x, tooltip),
        *lanes.texts(drawn["said"], known),
    ]
    return alt.LayerChart(layer=layers, height=lanes.height + AXIS)
