"""When in the week something happens: weekday by hour as a timetable, or by weekday alone."""

from __future__ import annotations

import math
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.chance import alike
from caremap.charts.figure import INK, Figure
from caremap.charts.frames import hidden_of, needs, numbers
from caremap.charts.look import MASKED, MASKED_FIGURE, MISSING, joined, percent
from caremap.charts.places import on_colour
from caremap.charts.points import capital
from caremap.hidden import HIDDEN, WHY_HIDDEN

__all__ = ["clock_figure"]

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_ALL = {"day": "All day", "hour": "Mean day"}
_ROW = 20
_NOON = 12
_PLAIN: dict[str, Any] = {
    "labelOverlap": False,
    "labelFlush": False,
    "labelPadding": 6,
    "labelFontSize": 12,
    "labelColor": INK,
    "labelLimit": 0,
    "domain": False,
    "ticks": False,
}
"""Options of both axes of the timetable: every label, and no line."""

_VERBS = {"discharges": "leave", "admissions": "arrive"}
_SUSPECT = 0.3  # of all in the hour from midnight: times that are probably missing


def clock_figure(frame: pd.DataFrame, event: str, *, period: str = "") -> Figure:
    """Draw how many leave or arrive at which hour of which weekday.

    Weekdays run across and hours down, as in a timetable, with the mean of all days at the side
    and the whole day below. Data without times is drawn as bars by weekday.

    Parameters
    ----------
    frame
        As `caremap.measures.clock` returns it: ``weekday`` (0 is Monday), ``hour`` (0 to 23, or
        missing throughout), a count named as ``event``, ``days`` (such weekdays in the period)
        and ``per_day`` (count per such weekday).
    event
        The column of counts: ``discharges`` or ``admissions``.
    period
        The days covered, in words, for the subtitle.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        Where the frame has no rows or lacks a column.

    Examples
    --------
    >>> frame = pd.DataFrame({"weekday": range(7), "hour": [float("nan")] * 7,
    ...     "discharges": [100, 100, 100, 100, 200, 50, 50], "days": [50] * 7,
    ...     "per_day": [2.0, 2.0, 2.0, 2.0, 4.0, 1.0, 1.0]})
    >>> clock_figure(frame, "discharges").title
    'Most discharges fall on a Friday: 4.0 a day; fewest on a Saturday or Sunday: 1.0'
    """
    needs(frame, ["weekday", "hour", event, "days", "per_day"])
    cells = pd.DataFrame(
        {
            "weekday": numbers(frame["weekday"]),
            "hour": numbers(frame["hour"]),
            "count": numbers(frame[event]),
            "days": numbers(frame["days"]),
            "per_day": numbers(frame["per_day"]),
            HIDDEN: hidden_of(frame, numbers(frame[event])),
        }
    )
    cells["per_day"] = cells["per_day"].where(~cells[HIDDEN])
    cells = cells[cells["weekday"].isin(range(7))]
    timed = bool(cells["hour"].notna().any())
    cells = cells[cells["hour"].isin(range(24))] if timed else cells
    by_day = _by_day(cells)
    by_hour = _by_hour(cells, by_day) if timed else pd.DataFrame()
    places = _decimals(cells["per_day"])
    hidden = bool(cells[HIDDEN].any())
    title = (_title_of_rest if hidden else _title)(event, cells, by_day, by_hour)
    total = cells["count"].sum()
    what = f"{capital(event)} per {'hour and ' if timed else ''}weekday, mean of such days"
    missing = (by_day["per_day"].isna() & ~by_day[HIDDEN]).any()
    all_of_it = "" if hidden else f"{total:,.0f} {event}"
    signs = f"{MISSING} no such day" * bool(missing), f"{MASKED} {MASKED_FIGURE}" * hidden
    parts = [what, period, all_of_it, *signs]
    table = _table(cells, event, timed)
    return Figure(
        name=f"{event}_by_weekday{'_and_hour' if timed else ''}",
        title=title,
        subtitle=" · ".join(filter(None, parts)),
        chart=(
            _timetable(cells, by_day, by_hour, event, places)
            if timed
            else _bars(by_day, event, places)
        ),
        alt=_words(event, title, by_day, timed),
        table=table,
        notes=_notes(cells, event, timed),
    )


# --- the figures ----------------------------------------------------------------------------


def _by_day(cells: pd.DataFrame) -> pd.DataFrame:
    """Return count and mean per such weekday, missing where the period has no such day.

    Where an hour is hidden so is its day, as what is left of a sum is no sum.
    """
    sums = cells.groupby("weekday").agg(
        count=("count", "sum"), days=("days", "max"), hidden=(HIDDEN, "any")
    )
    sums = sums.reindex(range(7)).assign(hidden=lambda rows: rows[HIDDEN].eq(True))
    sums["count"] = sums["count"].where(~sums[HIDDEN])
    return sums.assign(per_day=(sums["count"] / sums["days"].where(sums["days"] > 0)))


def _by_hour(cells: pd.DataFrame, by_day: pd.DataFrame) -> pd.DataFrame:
    """Return count and mean per day for each hour, all weekdays together."""
    sums = cells.groupby("hour").agg(count=("count", "sum"), hidden=(HIDDEN, "any"))
    sums = sums.reindex(range(24)).assign(hidden=lambda rows: rows[HIDDEN].eq(True))
    sums["count"] = sums["count"].where(~sums[HIDDEN])
    days = by_day["days"].sum()
    return sums.assign(per_day=sums["count"] / days if days else np.nan)


def _decimals(values: pd.Series) -> int:
    highest = values.max()
    return 0 if highest >= 10 else 2 if highest < 1 else 1


# --- the words ------------------------------------------------------------------------------


def _title(event: str, cells: pd.DataFrame, by_day: pd.DataFrame, by_hour: pd.DataFrame) -> str:
    total = cells["count"].sum()
    if not total or by_day["per_day"].isna().all():
        return f"There are no {event} to show by weekday"
    places = _decimals(by_day["per_day"])
    means = by_day["per_day"].round(places)
    best = means.index[means == means.max()]
    most = joined([_DAYS[at] for at in best], "or")
    if means.isna().any():
        return f"{capital(event)}: {total:,.0f} in all, too few days to compare weekdays"
    ends = dict.fromkeys(f"{mean:,.{places}f}" for mean in (means.min(), means.max()))
    span = f"{' to '.join(ends)} a day"
    chance = f"{capital(event)} differ by weekday no more than chance would"
    days_differ = not alike(by_day["count"], by_day["days"])
    if by_hour.empty:
        least = joined([_DAYS[at] for at in means.index[means == means.min()]], "or")
        if len(best) == means.notna().sum():
            return f"{capital(event)} are alike on all weekdays: {means.max():,.{places}f} a day"
        if not days_differ:
            return f"{chance}: {span}"
        return (
            f"Most {event} fall on a {most}: {means.max():,.{places}f} a day; "
            f"fewest on a {least}: {means.min():,.{places}f}"
        )
    busiest = int(by_hour["count"].argmax())
    early = cells.loc[cells["hour"] < _NOON, "count"].sum() / total * 100
    verb = _VERBS.get(event, "fall")
    hour = f"busiest hour {_hour(busiest)} ({percent(by_hour['count'].max() / total * 100)})"
    first = f"Most {event} fall on a {most} ({means.max():,.{places}f} a day)"
    hours_differ = not alike(by_hour["count"], [1] * len(by_hour))
    parts = [
        first if days_differ else f"{chance} ({span})",
        hour if hours_differ else "no hour stands out",
        f"{percent(early)} {verb} before noon",
    ]
    return "; ".join(parts)


def _title_of_rest(
    event: str, cells: pd.DataFrame, by_day: pd.DataFrame, by_hour: pd.DataFrame
) -> str:
    """Name the greatest figure that is shown: a hidden one is part of every sum."""
    shown = by_day["per_day"] if by_hour.empty else cells["per_day"]
    if shown.isna().all():
        return f"{capital(event)} by weekday are hidden"
    best = cells.iloc[int(cells["per_day"].argmax())]
    hour = "" if by_hour.empty else f", {_hour(int(best['hour']))}"
    places = max(_decimals(cells["per_day"]), 1)
    when = f"{_DAYS[int(best['weekday'])]}{hour}"
    return f"Most {event} of those shown: {when}, {best['per_day']:,.{places}f} a day"


def _hour(hour: int) -> str:
    """Say which hour.

    Examples
    --------
    >>> _hour(9)
    '09:00 to 10:00'
    """
    return f"{hour:02d}:00 to {hour + 1:02d}:00"


def _words(event: str, title: str, by_day: pd.DataFrame, timed: bool) -> str:
    drawn = "weekday and hour as a map of cells" if timed else "weekday as bars"
    places = _decimals(by_day["per_day"])
    means = ", ".join(
        f"{day} {value:,.{places}f}"
        if math.isfinite(value)
        else f"{day} {MASKED_FIGURE}"
        if hidden
        else f"no {day}"
        for day, value, hidden in zip(_DAYS, by_day["per_day"], by_day[HIDDEN], strict=True)
    )
    return f"{capital(event)} by {drawn}. {title}. Mean per day: {means}."


def _notes(cells: pd.DataFrame, event: str, timed: bool) -> tuple[str, ...]:
    if cells[HIDDEN].any():
        return (WHY_HIDDEN,)
    if not timed:
        return ()
    total = cells["count"].sum()
    midnight = cells.loc[cells["hour"] == 0, "count"].sum()
    if total and midnight / total > _SUSPECT:
        return (
            f"{percent(midnight / total * 100)} of the {event} are recorded in the hour from "
            "00:00. Some of them are probably dates without a time of day, which would also "
            "make the share before noon too high.",
        )
    return ()


def _table(cells: pd.DataFrame, event: str, timed: bool) -> pd.DataFrame:
    ordered = cells.sort_values(["weekday", "hour"])
    hour = {"Hour": [_hour(int(at)) for at in ordered["hour"]]} if timed else {}
    columns = {
        "Weekday": [_DAYS[int(at)] for at in ordered["weekday"]],
        **hour,
        capital(event): ordered["count"].tolist(),
        "Such days in the period": ordered["days"].tolist(),
        f"{capital(event)} per such day": ordered["per_day"].tolist(),
    }
    if ordered[HIDDEN].any():
        columns["Hidden figures"] = np.where(ordered[HIDDEN], MASKED_FIGURE, "").tolist()
    return pd.DataFrame(columns)


# --- the drawing ----------------------------------------------------------------------------


def _timetable(
    cells: pd.DataFrame, by_day: pd.DataFrame, by_hour: pd.DataFrame, event: str, places: int
) -> alt.LayerChart:
    whole = pd.MultiIndex.from_product([range(24), range(7)], names=["hour", "weekday"])
    grid = cells.drop_duplicates(["hour", "weekday"]).set_index(["hour", "weekday"])
    grid = grid.reindex(whole).reset_index()
    days = by_day.reset_index().assign(hour=-1)
    hours = by_hour.reset_index().assign(weekday=-1)
    cells_said = _said(grid, event, places)
    total = {"weekday": -1, "hour": -1, "count": by_day["count"].sum()}
    part = bool(by_hour[HIDDEN].any())
    mean = np.nan if part else by_hour["per_day"].sum(min_count=1)
    all_days = pd.DataFrame([{**total, "per_day": mean, HIDDEN: part}])
    sums = pd.concat([_said(part, event, places) for part in (days, hours, all_days)])
    known, unknown = cells_said[cells_said["value"].notna()], cells_said[cells_said["value"].isna()]
    x = alt.X("day:O", axis=_days_axis("top"), scale=alt.Scale(domain=[*_DAYS, _ALL["hour"]]))
    y = alt.Y("time:O", axis=_hours_axis(), scale=alt.Scale(domain=[*_hours(), _ALL["day"]]))
    tooltip = [
        alt.Tooltip("when:N", title="When"),
        alt.Tooltip("shown:N", title=f"{capital(event)} per such day"),
        alt.Tooltip("number:N", title=f"{capital(event)} in all"),
    ]
    layers = []
    if len(known):
        rect = alt.Chart(known, mark=alt.MarkDef("rect", stroke=None))
        colour = _colour(known["value"], event)
        layers.append(rect.encode(x, y, colour, description="said:N", tooltip=tooltip))
        mark = alt.MarkDef("text", color=on_colour("value"), fontSize=12, aria=False)
        layers.append(alt.Chart(known, mark=mark).encode(x, y, text="figure:N"))
    for sign, rows in ((MISSING, ~unknown[HIDDEN]), (MASKED, unknown[HIDDEN])):
        mark = alt.MarkDef("text", text=sign, color=INK, fontSize=12)
        chart = alt.Chart(unknown[rows], mark=mark)
        said = chart.encode(x, y, description="said:N", tooltip=tooltip)
        layers += [said] if rows.any() else []
    mark = alt.MarkDef("text", color=INK, fontSize=12, fontWeight=600)
    aside = alt.Chart(sums[sums["value"].notna()], mark=mark)
    layers.append(aside.encode(x, y, text="figure:N", description="said:N", tooltip=tooltip))
    return alt.LayerChart(layer=layers, height=25 * _ROW + 80)


def _hours() -> list[str]:
    return [f"{hour:02d}:00" for hour in range(24)]


def _said(cells: pd.DataFrame, event: str, places: int) -> pd.DataFrame:
    """Return what is drawn and told of an hour of a weekday; minus one is all of them."""
    day = [_DAYS[int(at)] if at >= 0 else _ALL["hour"] for at in cells["weekday"]]
    time = [_hours()[int(at)] if at >= 0 else _ALL["day"] for at in cells["hour"]]
    spoken = [_hour(int(at)) if at >= 0 else "all day" for at in cells["hour"]]
    shown = [f"{value:,.{max(places, 1)}f}" for value in cells["per_day"]]
    hidden = cells[HIDDEN].eq(True).tolist()
    none = [MASKED_FIGURE if one else "no such day" for one in hidden]
    shown = [text if text != "nan" else other for text, other in zip(shown, none, strict=True)]
    when = [f"{one}, {two}" for one, two in zip(day, spoken, strict=True)]
    said = [f"{at}: {words} {event} per day" for at, words in zip(when, shown, strict=True)]
    return pd.DataFrame(
        {
            "day": day,
            "time": time,
            "value": cells["per_day"].to_numpy(),
            "figure": [f"{value:,.{places}f}" if value else "0" for value in cells["per_day"]],
            "shown": shown,
            "number": [
                MASKED_FIGURE if one else f"{value:,.0f}" if value == value else "none"
                for value, one in zip(cells["count"], hidden, strict=True)
            ],
            HIDDEN: hidden,
            "when": when,
            "said": said,
        }
    )


def _colour(values: pd.Series, event: str) -> alt.Color:
    legend = alt.Legend(
        title=f"{capital(event)} per hour",
        orient="top",
        direction="horizontal",
        gradientLength=200,
        gradientThickness=12,
        titleLimit=0,
        labelFontSize=12,
        titleFontSize=12,
        tickCount=4,
        titleColor=INK,
        labelColor=INK,
        offset=8,
        padding=0,
    )
    scale = alt.Scale(type="linear", domain=[0, float(values.max()) or 1.0])
    return alt.Color("value:Q", scale=scale, legend=legend)


def _days_axis(orient: Literal["top", "bottom"]) -> alt.Axis:
    short = f"datum.value == '{_ALL['hour']}' ? 'Mean' : slice(datum.value, 0, 3)"
    return alt.Axis(
        title=None,
        orient=orient,
        labelExpr=f"width < 620 ? ({short}) : datum.value",
        labelAngle=0,
        **_PLAIN,
    )


def _hours_axis() -> alt.Axis:
    return alt.Axis(title=None, **_PLAIN)


def _bars(by_day: pd.DataFrame, event: str, places: int) -> alt.LayerChart:
    days = _said(by_day.reset_index().assign(hour=-1), event, places)
    highest = float(by_day["per_day"].max())
    days["top"] = days["value"].fillna(0)
    signs = np.where(days[HIDDEN], MASKED, MISSING)
    days["label"] = np.where(days["value"].isna(), signs, days["figure"])
    x = alt.X("day:O", axis=_days_axis("bottom"), scale=alt.Scale(domain=_DAYS))
    domain = [0, highest * 1.1 if highest > 0 else 1]
    y = alt.Y("top:Q", axis=None, scale=alt.Scale(domain=domain, nice=False))
    tooltip = [
        alt.Tooltip("day:N", title="Weekday"),
        alt.Tooltip("shown:N", title=f"{capital(event)} per such day"),
        alt.Tooltip("number:N", title=f"{capital(event)} in all"),
    ]
    bar = alt.Chart(days, mark=alt.MarkDef("bar")).encode(
        x, y, description="said:N", tooltip=tooltip
    )
    words = alt.MarkDef("text", baseline="bottom", dy=-4, fontSize=12, color=INK, aria=False)
    label = alt.Chart(days, mark=words).encode(x, y, text="label:N")
    return alt.LayerChart(layer=[bar, label], height=280)
