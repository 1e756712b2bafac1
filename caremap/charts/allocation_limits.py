"""What one more unit of each limit would do: which of them is worth a telephone call."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import Figure, Plot
from caremap.charts.fitting import fit
from caremap.charts.frames import UNKNOWN, needs, numbers, text_of
from caremap.charts.lane_bars import lane_bars
from caremap.charts.look import joined, lower, nothing, number, times
from caremap.charts.words import isolated

__all__ = ["limits_figure"]

_SPOKEN = 6


def limits_figure(
    limits: pd.DataFrame, *, value_unit: str = "value", top: int = 15, period: str = ""
) -> Figure:
    """Return what one more unit of each limit that binds would add to the objective.

    Parameters
    ----------
    limits
        One row per limit: ``limit`` (in words), ``at`` (what it is about; empty for all),
        ``used``, ``of``, ``binding`` and ``one_more`` (how much one more unit adds; missing where
        not worked out). As ``limits`` of `caremap.planning.Allocation`.
    value_unit
        What the objective counts: "good outcomes".
    top
        How many limits are drawn at most.
    period
        What the allocation is for, in words.

    Returns
    -------
    Figure
        Bars of those that would add something, the most first; all limits are in the table.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> limits = pd.DataFrame({"limit": ["Supply", "Budget"], "at": ["", "Week 1"],
    ...     "used": [40, 900], "of": [40, 1000], "binding": [True, False],
    ...     "one_more": [0.42, 0.0]})
    >>> limits_figure(limits, value_unit="good outcomes").title
    'One unit would add most here: supply, 0.42 good outcomes'
    """
    needs(limits, ["limit", "used", "of", "binding", "one_more"])
    rows = _rows(limits)
    title = _title(rows, value_unit)
    drawn = rows[rows["one_more"].gt(0)].head(max(top, 1)).reset_index(drop=True)
    return Figure(
        name="worth_of_one_more",
        title=title,
        subtitle=" · ".join(
            filter(None, [f"What moving a limit by one unit would add ({value_unit})", period,
                          times(len(rows), "limit")])
        ),
        chart=_chart(drawn, value_unit),
        alt=_alt(title, rows, value_unit),
        table=_table(rows, value_unit),
        notes=_notes(rows, drawn),
        plot=Plot("bars", "Limit", (f"One unit adds ({value_unit})",)),
    )  # fmt: skip


def _rows(limits: pd.DataFrame) -> pd.DataFrame:
    at = limits["at"] if "at" in limits.columns else pd.Series("", limits.index)
    about = ["" if name == UNKNOWN else name for name in text_of(at.astype("object"))]
    limit = text_of(limits["limit"].astype("object")).tolist()
    rows = pd.DataFrame(
        {
            "limit": limit,
            "about": about,
            "name": [f"{one}, {of}" if of else one for one, of in zip(limit, about, strict=True)],
            **{name: numbers(limits[name]) for name in ("used", "of", "one_more")},
            "binding": limits["binding"].eq(True).to_numpy(),
        }
    )
    return rows.sort_values(
        ["one_more", "binding", "name"], ascending=[False, False, True], na_position="last",
        kind="stable", ignore_index=True,
    )  # fmt: skip


# --- the words ------------------------------------------------------------------------------


def _worth(value: float) -> str:
    """Write what one more adds, so that a little is not nothing."""
    if not math.isfinite(value):
        return "not worked out"
    if value == 0:
        return "0"
    places = 0 if float(value).is_integer() or abs(value) >= 100 else 2 if abs(value) >= 0.1 else 3
    return number(value, decimals=places) if abs(value) >= 0.0005 else "under 0.001"


def _title(rows: pd.DataFrame, value_unit: str) -> str:
    some = rows[rows["one_more"].gt(0)]
    if some.empty:
        bound = int((rows["binding"] & rows["one_more"].isna()).sum())
        if bound:
            return f"{times(bound, 'limit binds', 'limits bind')}; one unit was not worked out"
        return "No limit binds: one unit more of anything would add nothing"
    first = some.iloc[0]
    alike = int(np.isclose(some["one_more"], first["one_more"]).sum())
    if alike > 1:
        return (
            f"One unit would add most at {alike} limits alike: "
            f"{_worth(first['one_more'])} {value_unit}"
        )
    about = f", {isolated(fit(first['about'], 200))}" if first["about"] else ""
    which = f"{lower(isolated(fit(first['limit'], 320)))}{about}"
    return f"One unit would add most here: {which}, {_worth(first['one_more'])} {value_unit}"


def _said(row: pd.Series, value_unit: str) -> str:
    used = f" ({number(row['used'])} of {number(row['of'])} used)" if _both(row) else ""
    return f"{row['name']}{used}: one unit adds {_worth(row['one_more'])} {value_unit}"


def _both(row: pd.Series) -> bool:
    return math.isfinite(row["used"]) and math.isfinite(row["of"])


def _alt(title: str, rows: pd.DataFrame, value_unit: str) -> str:
    said = [_said(row, value_unit) for _, row in rows.head(_SPOKEN).iterrows()]
    more = len(rows) - len(said)
    rest = [times(more, "more limit", "more limits")] if more > 0 else []
    return f"Bars by limit. {title}. {joined([*said, *rest], comma='; ')}."


def _notes(rows: pd.DataFrame, drawn: pd.DataFrame) -> tuple[str, ...]:
    notes = [
        "Exact: the difference of two solutions, one with this limit alone moved by a unit, one "
        "more of what there is or one less of what is promised. Two need not add twice as much."
    ]
    unknown = int(rows["one_more"].isna().sum())
    if unknown:
        many = times(unknown, "limit")
        notes.append(f"Of {many} one unit was not worked out: that is not zero.")
    left = int(rows["one_more"].gt(0).sum()) - len(drawn)
    if left > 0:
        notes.append(f"Drawn are the first {len(drawn)}; {left:,} more are in the table.")
    return tuple(notes)


def _table(rows: pd.DataFrame, value_unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Limit": rows["name"],
            "Used": rows["used"].round(2),
            "Of": rows["of"].round(2),
            "Binds": np.where(rows["binding"], "yes", "no"),
            f"One unit adds ({value_unit})": rows["one_more"].round(4),
        }
    )


def _chart(drawn: pd.DataFrame, value_unit: str) -> alt.LayerChart:
    if drawn.empty:
        return nothing("There is no limit of which a unit is known to add anything.")
    written = drawn.assign(
        figures=[f"+ {_worth(value)}" for value in drawn["one_more"]],
        said=[_said(row, value_unit) for _, row in drawn.iterrows()],
        zero=0.0,
    )
    return lane_bars(
        written, [("zero", "one_more", "solid")], [], axis=f"One unit adds ({value_unit})",
        title_of_names="Limit", whole=False,
    )  # fmt: skip
