"""When in the week people wait longest: the median wait by weekday and hour as a timetable."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers
from caremap.charts.look import duration, nearly, nothing, number, times, words
from caremap.charts.places import on_colour
from caremap.charts.points import whole_column
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, veiled
from caremap.hidden import WHY_HIDDEN

__all__ = ["wait_clock_figure"]

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_ROW = 20
_FEW = 10  # waits below which a median is put in brackets, and not named in the title
_SURE = 0.01  # probability of naming a cell where all are alike
_NORMAL = NormalDist()
_LONG = 1000  # minutes from which on cells are in hours: a telephone has room for three digits
_NONE, _HIDDEN = "·", "*"
_AXIS: dict[str, Any] = {
    "title": None, "labelOverlap": False, "labelFlush": False, "labelPadding": 6,
    "labelFontSize": 12, "labelColor": INK, "labelLimit": 0, "domain": False, "ticks": False,
}  # fmt: skip


def wait_clock_figure(frame: pd.DataFrame, *, target: float = 240, period: str = "") -> Figure:
    """Draw the median wait of each hour of each weekday, or of each weekday.

    Parameters
    ----------
    frame
        As `caremap.measures.wait_clock` returns it: ``weekday`` (0 is Monday), ``hour`` (0 to
        23, or missing throughout), ``median`` and ``p90`` (minutes), ``within_target``
        (percent), ``n``.
    target
        The longest wait that is good enough, in minutes.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        The median of every cell in figures; in brackets where it is of fewer than ten waits,
        outlined where it is over the target. The title names the longest and the shortest
        only where they differ from the rest by more than chance, one in a hundred for all.

    Raises
    ------
    ValueError
        Where the frame has no rows or lacks a column.

    Examples
    --------
    >>> frame = pd.DataFrame({"weekday": range(7), "hour": [float("nan")] * 7, "n": [100] * 7,
    ...     "median": [90.0, 40, 41, 40, 39, 41, 40], "p90": [150.0] + [80.0] * 6,
    ...     "within_target": [95.0] * 7})
    >>> wait_clock_figure(frame).title
    'Longest waits: Monday, median 1 h 30 min; 95 % of all within 4 h'
    """
    needs(frame, ["weekday", "hour", "median", "p90", "within_target", "n"])
    cells = _cells(frame, target)
    timed = bool(cells["hour"].notna().any())
    title = _title(cells, target)
    what = f"Median waiting time by {'hour and ' if timed else ''}weekday"
    known = cells["n"].sum()
    count = "" if cells["hidden"].any() else times(known, "known wait")
    if cells["median"].isna().all():
        chart = nothing("There is no waiting time to show by weekday.")
    else:
        chart = _timetable(cells) if timed else _bars(cells)
    return Figure(
        name=f"waiting_by_weekday{'_and_hour' if timed else ''}",
        title=title,
        subtitle=" · ".join(filter(None, [what, period, count])),
        chart=chart,
        alt=_alt(cells, title, timed),
        table=_table(cells, target, timed),
        notes=_notes(cells, target),
        plot=None if timed else Plot("columns", "Weekday", ("Median wait (minutes)",)),
    )


def _cells(frame: pd.DataFrame, target: float) -> pd.DataFrame:
    """Return one row per cell in the order of the week, with what is said of it."""
    figures = {name: numbers(frame[name]) for name in ("median", "p90", "within_target", "n")}
    cells = pd.DataFrame(
        {"weekday": numbers(frame["weekday"]), "hour": numbers(frame["hour"]), **figures}
    ).assign(hidden=hidden_rows(frame))
    cells["n"] = cells["n"].where(cells["n"].between(0, 1e15))
    cells[["median", "p90"]] = cells[["median", "p90"]].where(cells[["median", "p90"]].ge(0))
    cells = cells[cells["weekday"].isin(range(7))]
    if cells["hour"].notna().any():
        cells = cells[cells["hour"].isin(range(24))]
    cells = cells.drop_duplicates(["weekday", "hour"]).sort_values(["weekday", "hour"])
    cells = cells.reset_index(drop=True)
    cells["when"] = [
        _when(day, hour) for day, hour in zip(cells["weekday"], cells["hour"], strict=True)
    ]
    cells["few"] = cells["n"] < _FEW
    cells["over"] = cells["median"] > target
    return cells.assign(said=[_told(cell) for _, cell in cells.iterrows()])


def _when(day: float, hour: float) -> str:
    name = _DAYS[int(day)]
    return f"{name} {int(hour):02d}:00 to {int(hour) + 1:02d}:00" if hour == hour else name


# --- the words ------------------------------------------------------------------------------


def _title(cells: pd.DataFrame, target: float) -> str:
    if cells["median"].isna().all():
        return f"No waiting time is {'shown' if cells['hidden'].any() else 'known'} by weekday"
    within = _within(cells, target)
    large = cells[cells["median"].notna() & cells["n"].ge(_FEW)]
    if len(large) < 2:
        return f"Too few waits to compare times of the week{within}"
    far = _distances(large)
    least = _NORMAL.inv_cdf(1 - _SURE / (2 * len(large)))
    ends = []
    for word, at in (("longest", int(far.argmax())), ("shortest", int(far.argmin()))):
        if abs(far.iloc[at]) > least:
            cell = large.iloc[at]
            ends.append(f"{word} waits: {cell['when']}, median {duration(cell['median'])}")
    if not ends and _alike(large.assign(far=far)):
        return f"Waits differ over the week no more than chance may explain{within}"
    if not ends:
        return f"Waits differ over the week, but no single time stands out{within}"
    said = "; ".join(ends).replace("shortest waits", "shortest") if len(ends) > 1 else ends[0]
    return f"{said[:1].upper()}{said[1:]}{within}"


def _distances(large: pd.DataFrame) -> pd.Series:
    """Return how many standard errors each median lies from the mean of all, rather too few.

    The error of a median is one over twice the density there, over root n. Where waits get no
    more frequent from the median on, that density is at least 0.4 over the distance to the
    90th percentile. All cells together, as one alone has too few.
    """
    weight = large["n"] / large["n"].sum()
    spread = float(((large["p90"] - large["median"]).clip(lower=0) * weight).sum())
    error = spread / (2 * 0.4) / large["n"] ** 0.5
    distance: pd.Series = large["median"] - float((large["median"] * weight).sum())
    return distance / error.where(error > 0, 1.0) if spread > 0 else distance * 0.0


def _alike(large: pd.DataFrame) -> bool:
    """Return whether medians may be equal but for chance: of cells, of hours and of weekdays.

    A pattern over the week can be there where no cell is far out by itself. Each is a
    chi-square by the cube root of Wilson and Hilferty (1931), one in a hundred for the three.
    """
    weighted = large.assign(pull=large["far"] * large["n"] ** 0.5)
    for column in ("", "hour", "weekday"):
        far = large["far"]
        if column:
            sums = weighted.groupby(column)[["pull", "n"]].sum()
            far = sums["pull"] / sums["n"] ** 0.5
        freedom = len(far) - 1
        if freedom < 1:
            continue
        part = 2 / (9 * freedom)
        found = ((float((far**2).sum()) / freedom) ** (1 / 3) - (1 - part)) / math.sqrt(part)
        if found > _NORMAL.inv_cdf(1 - _SURE / 3):
            return False
    return True


def _within(cells: pd.DataFrame, target: float) -> str:
    """Say how many of all are within the target, where none of them is hidden."""
    known = cells[cells["within_target"].notna() & cells["n"].gt(0)]
    if cells["hidden"].any() or known.empty:
        return ""
    share = float((known["within_target"] * known["n"]).sum() / known["n"].sum())
    return f"; {nearly(share)} of all within {duration(target)}"


def _told(cell: pd.Series) -> str:
    if not math.isfinite(cell["median"]):
        return f"{cell['when']}: {HIDDEN_WORD if cell['hidden'] else 'no known wait'}"
    p90 = f", 90 % within {duration(cell['p90'])}" if math.isfinite(cell["p90"]) else ""
    n = f", {times(cell['n'], 'wait')}" if math.isfinite(cell["n"]) else ""
    return f"{cell['when']}: median {duration(cell['median'])}{p90}{n}"


def _alt(cells: pd.DataFrame, title: str, timed: bool) -> str:
    drawn = "weekday and hour as a map of cells" if timed else "weekday as bars"
    parts = [f"Median waiting time by {drawn}", title]
    known = cells[cells["median"].notna()]
    if not timed:
        parts.append("; ".join(cells["said"]))
    elif len(known):
        most, least = int(known["median"].argmax()), int(known["median"].argmin())
        parts.append(f"Highest cell, {known['said'].iloc[most]}")
        parts.append(f"lowest cell, {known['said'].iloc[least]}")
    return ". ".join(parts) + "."


def _notes(cells: pd.DataFrame, target: float) -> tuple[str, ...]:
    known = cells["median"].notna()
    none = int((~known & ~cells["hidden"]).sum())
    few, over = int((cells["few"] & known).sum()), int(cells["over"].sum())
    of = f"of {len(cells)}"
    notes = [
        f"In brackets: fewer than {_FEW} waits ({few} {of})." * bool(few),
        f"Outlined and bold: a median over {duration(target)} ({over} {of})." * bool(over),
        f"{_NONE} marks a time without a known wait ({none} {of})." * bool(none),
        f"{_HIDDEN} marks a hidden figure. {WHY_HIDDEN}" * bool(cells["hidden"].any()),
        f"The title names only times with {_FEW} or more waits that differ from the others by "
        "more than chance.",
        "Not adjusted for urgency or for how many came.",
    ]
    return tuple(filter(None, notes))


def _table(cells: pd.DataFrame, target: float, timed: bool) -> pd.DataFrame:
    hours = {"Hour": [f"{hour:02.0f}:00" for hour in cells["hour"]]} if timed else {}
    table = pd.DataFrame(
        {
            "Weekday": [_DAYS[int(day)] for day in cells["weekday"]],
            **hours,
            "Median wait (minutes)": cells["median"].round(1),
            "90 % within (minutes)": cells["p90"].round(1),
            f"Within {duration(target)} (%)": cells["within_target"].round(1),
            "Known waits": whole_column(cells["n"], 0),
        }
    )
    return veiled(table, cells["hidden"])


# --- the drawing ----------------------------------------------------------------------------


def _written(cells: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the cells with what is written in them, and its unit."""
    hours = bool(cells["median"].max() >= _LONG)
    value = cells["median"] / 60 if hours else cells["median"]
    places = 1 if hours and value.max() < 100 else 0
    figure = [number(one, decimals=places) if one == one else "" for one in value]
    blank = np.where(cells["hidden"], _HIDDEN, _NONE)
    shown = np.where(
        cells["median"].isna(),
        blank,
        np.where(cells["few"], [f"({one})" for one in figure], figure),
    )
    return (
        cells.assign(
            value=value,
            figure=shown,
            day=[_DAYS[int(day)] for day in cells["weekday"]],
            time=[f"{hour:02.0f}:00" if hour == hour else "" for hour in cells["hour"]],
            median_said=[duration(one) for one in cells["median"]],
            p90_said=[duration(one) for one in cells["p90"]],
            within_said=[number(one, "%", 1) for one in cells["within_target"]],
            count=[number(one) for one in cells["n"]],
        ),
        "hours" if hours else "minutes",
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("when:N", title="When"),
        alt.Tooltip("median_said:N", title="Median wait"),
        alt.Tooltip("p90_said:N", title="90 % within"),
        alt.Tooltip("within_said:N", title="Within the target"),
        alt.Tooltip("count:N", title="Known waits"),
    ]


def _days(orient: str) -> alt.X:
    label = "width < 560 ? slice(datum.value, 0, 3) : datum.value"
    axis = alt.Axis(orient=orient, labelExpr=label, labelAngle=0, **_AXIS)  # type: ignore[arg-type]
    return alt.X("day:O", axis=axis, scale=alt.Scale(domain=_DAYS))


def _timetable(cells: pd.DataFrame) -> alt.LayerChart:
    drawn, unit = _written(cells)
    x, tooltip = _days("top"), _tooltip()
    hours = [f"{hour:02d}:00" for hour in range(24)]
    y = alt.Y("time:O", axis=alt.Axis(**_AXIS), scale=alt.Scale(domain=hours))
    known, blank = drawn[drawn["value"].notna()], drawn[drawn["value"].isna()]
    over = known[known["over"]]
    legend = alt.Legend(
        title=f"Median wait, {unit}", orient="top", direction="horizontal", gradientLength=200,
        gradientThickness=12, titleLimit=0, labelFontSize=12, titleFontSize=12, tickCount=4,
        titleColor=INK, labelColor=INK, offset=8, padding=0,
    )  # fmt: skip
    scale = alt.Scale(type="linear", domain=[0, float(known["value"].max()) or 1.0])
    colour = alt.Color("value:Q", scale=scale, legend=legend)
    cell = alt.MarkDef("rect", stroke=None)
    outline = alt.MarkDef(
        "rect", filled=False, strokeWidth=1.5, stroke=on_colour("value"), opacity=1, aria=False,
        width=alt.ExprRef("max(1, width / 7 - 4)"), height=_ROW - 3,
    )  # fmt: skip
    layers = [
        alt.Chart(known, mark=cell).encode(x, y, colour, description="said:N", tooltip=tooltip),
        alt.Chart(over, mark=outline).encode(x, y),
        *(
            alt.Chart(
                known[known["over"].eq(bold)],
                mark=words(color=on_colour("value"), fontWeight=700 if bold else 400),
            ).encode(x, y, text="figure:N")
            for bold in (False, True)
        ),
        alt.Chart(blank, mark=words(aria=True)).encode(
            x, y, text="figure:N", description="said:N", tooltip=tooltip
        ),
    ]
    return alt.LayerChart(layer=[one for one in layers if len(one.data)], height=24 * _ROW + 80)


def _bars(cells: pd.DataFrame) -> alt.LayerChart:
    drawn, unit = _written(cells)
    drawn = drawn.assign(top=drawn["value"].fillna(0))
    x, tooltip = _days("bottom"), _tooltip()
    highest = float(drawn["top"].max())
    scale = alt.Scale(domain=[0, highest * 1.12 or 1], nice=False)
    axis = alt.Axis(
        title=f"Median wait, {unit}", titleAngle=0, titleAlign="left", titleAnchor="end",
        titleX=0, titleY=-8, titleBaseline="bottom", labels=False, ticks=False, domain=False,
        grid=False, titleColor=INK, titleFontSize=12,
    )  # fmt: skip
    y = alt.Y("top:Q", axis=axis, scale=scale)
    bar = alt.Chart(drawn, mark=alt.MarkDef("bar")).encode(
        x, y, description="said:N", tooltip=tooltip
    )
    label = alt.Chart(drawn, mark=words(baseline="bottom", dy=-4)).encode(x, y, text="figure:N")
    return alt.LayerChart(layer=[bar, label], height=280)
