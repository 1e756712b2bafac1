"""What a forecast is made of: its level, and by how much weekdays, seasons and holidays move it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from caremap.charts.ahead import STEP, Pace, briefly, on_day
from caremap.charts.figure import INK, Figure, Plot, Quantity
from caremap.charts.frames import needs, numbers
from caremap.charts.look import header, joined, lower, number, unit_of
from caremap.charts.mosaic import Mosaic, marks_up
from caremap.charts.points import MONTHS, capital
from caremap.charts.timeline import reach
from caremap.charts.words import amount

__all__ = ["components_figure"]

_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_FLAT = 0.005  # a factor this near to one is none
_MOST_HOLIDAYS = 12
_MOST_LEVELS = 400  # points of the level drawn
_ROW = 210


def components_figure(
    components: pd.DataFrame,
    measure: Quantity,
    *,
    every: Pace,
    start: pd.Timestamp | None = None,
    period: str = "",
) -> Figure:
    """Return the level over time and what weekday, season and holidays add to it.

    Parameters
    ----------
    components
        ``date``, ``level`` (in the unit of the measure) and ``weekday``, ``season``, ``holiday``:
        factors by which it is multiplied; as `caremap.forecasting.Forecast` has it. Factors that
        are not there or always one have no tile.
    measure
        What was forecast.
    every
        What one step is.
    start
        The first day that is forecast: from there on the level is dashed.
    period
        The days covered, in words.

    Returns
    -------
    Figure
        A tile each. Factors are drawn as percent more or less than the level, on one scale. The
        title names the highest and the lowest weekday, month and holiday.

    Raises
    ------
    ValueError
        Where there is no row, or ``date`` or ``level`` is missing.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> days = pd.date_range("2026-04-06", periods=14)
    >>> parts = pd.DataFrame({"date": days, "level": 20.0, "season": 1.0, "holiday": 1.0,
    ...                       "weekday": [1.2, 1, 1, 1, 1, 0.9, 0.9] * 2})
    >>> components_figure(parts, MEASURES["admissions"], every="day").title
    'Admissions: level 20.0 a day; Monday +20 %, Saturday -10 %'
    """
    needs(components, ["date", "level"])
    rows = _rows(components)
    effects = _effects(rows, every)
    title = _title(rows, effects, measure, every)
    ends = [pd.Timestamp(rows["date"].iloc[at]) for at in (0, -1)]
    table = _table(rows, effects, measure, every)
    first = pd.Timestamp(start) if start is not None else None
    return Figure(
        name=f"{measure.name}_components_by_{every}",
        title=title,
        subtitle=f"{header(measure)} by {every} · {period or briefly(*ends)} · percent more or "
        "less than the level",
        chart=_chart(rows, effects, measure, every, first),
        alt=_alt(title, rows, effects, measure),
        table=table,
        notes=(
            "The forecast is the level, more or less so many percent by weekday, season and "
            "holiday, one after the other.",
            *(["Weekdays and months are means of all their days; holidays are single days."]
              if len(effects) else ["No weekday, season or holiday was told apart from chance."]),
        ),
        plot=Plot("columns", "Component", ("More or less than the level (%)",)),
    )  # fmt: skip


def _rows(components: pd.DataFrame) -> pd.DataFrame:
    known = {
        name: numbers(components[name]) if name in components.columns else 1.0
        for name in ("level", "weekday", "season", "holiday")
    }
    rows = pd.DataFrame({"date": pd.to_datetime(components["date"]).to_numpy(), **known})
    return rows.sort_values("date", kind="stable", ignore_index=True)


def _effects(rows: pd.DataFrame, every: Pace) -> pd.DataFrame:
    """Return by what percent each weekday, month and holiday differs: those that do at all.

    ``tile`` (weekday, season, holiday), ``name``, ``short`` and ``percent``.
    """
    parts = []
    if every == "day" and _moves(rows["weekday"]):
        by_day = rows.groupby(rows["date"].dt.day_of_week)["weekday"].mean()
        names = [_WEEKDAYS[int(str(day))] for day in by_day.index]
        parts.append(_part("weekday", names, by_day))
    if _moves(rows["season"]):
        by_month = rows.groupby(rows["date"].dt.month)["season"].mean()
        names = [MONTHS[int(str(month)) - 1] for month in by_month.index]
        parts.append(_part("season", names, by_month))
    if _moves(rows["holiday"]):
        away = rows[(rows["holiday"] - 1).abs().gt(_FLAT)].tail(_MOST_HOLIDAYS)
        names = [on_day(day, every, year=True) for day in away["date"]]
        parts.append(_part("holiday", names, away["holiday"]))
    empty = pd.DataFrame({"kind": [], "name": [], "short": [], "percent": []})
    return pd.concat(parts, ignore_index=True) if parts else empty


def _moves(factor: pd.Series) -> bool:
    return bool((factor - 1).abs().gt(_FLAT).any())


def _part(kind: str, names: list[str], factors: pd.Series) -> pd.DataFrame:
    percent = (factors.to_numpy("float64") - 1) * 100
    short = [name[:2] if kind == "weekday" else name[:1] for name in names]
    return pd.DataFrame({"kind": kind, "name": names, "short": short, "percent": percent})


# --- the words ------------------------------------------------------------------------------


def _title(rows: pd.DataFrame, effects: pd.DataFrame, measure: Quantity, every: Pace) -> str:
    last = rows["level"].dropna()
    if last.empty:
        return f"{measure.title}: no level is known"
    places = 1 if abs(float(last.iloc[-1])) < 100 else 0
    unit = f" {unit_of(measure)}" if unit_of(measure) and " " not in unit_of(measure) else ""
    level = f"level {number(float(last.iloc[-1]), decimals=max(places, measure.decimals))}{unit}"
    a_day = f" a {every}" if measure.kind == "flow" else ""
    said = []
    for kind in ("weekday", "season", "holiday"):
        part = effects[effects["kind"].eq(kind)]
        if part.empty:
            continue
        if kind == "holiday":
            said.append(f"holidays {_signed(float(part['percent'].mean()))} on average")
            continue
        order = part.sort_values("percent", kind="stable")
        both = [order.iloc[-1], order.iloc[0]]
        said.append(", ".join(f"{row['name']} {_signed(row['percent'])}" for row in both))
    return "; ".join([f"{measure.title}: {level}{a_day}", *said])


def _signed(percent: float) -> str:
    """Write a change with its sign.

    Examples
    --------
    >>> _signed(20.4), _signed(-3.2), _signed(0.2)
    ('+20 %', '-3 %', '0 %')
    """
    whole = round(percent)
    return f"{whole:+d} %" if whole else "0 %"


def _alt(title: str, rows: pd.DataFrame, effects: pd.DataFrame, measure: Quantity) -> str:
    level = rows["level"].dropna()
    said = [title]
    if len(level):
        ends = [amount(float(end), measure) for end in (level.iloc[0], level.iloc[-1])]
        said.append(f"The level went from {ends[0]} to {ends[1]}")
    for kind, part in effects.groupby("kind", sort=False):
        last = part.tail(4) if kind == "holiday" else part  # a year's holidays are many words
        told = [f"{row['name']} {_signed(row['percent'])}" for _, row in last.iterrows()]
        said.append(f"{capital(str(kind))}: {joined(told)}")
    return ". ".join(said) + "."


def _table(
    rows: pd.DataFrame, effects: pd.DataFrame, measure: Quantity, every: Pace
) -> pd.DataFrame:
    """Return the effects, and before them the level at the first and the last step."""
    level = rows.dropna(subset="level") if rows["level"].notna().any() else rows
    ends = level.iloc[[0, -1]] if len(level) > 1 else level
    known = pd.DataFrame(
        {
            "Part": f"Level ({lower(header(measure))} a {every})"
            if measure.kind == "flow"
            else f"Level ({lower(header(measure))})",
            "Component": [on_day(day, every, year=True) for day in ends["date"]],
            "Level": ends["level"].round(2).to_numpy(),
        }
    )
    moved = pd.DataFrame(
        {
            "Part": effects["kind"].map(capital),
            "Component": effects["name"],
            "More or less than the level (%)": effects["percent"].astype("float64").round(1),
        }
    )
    return pd.concat([known, moved], ignore_index=True).reindex(
        columns=["Part", "Component", "Level", "More or less than the level (%)"]
    )


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    rows: pd.DataFrame,
    effects: pd.DataFrame,
    measure: Quantity,
    every: Pace,
    start: pd.Timestamp | None,
) -> alt.LayerChart:
    kinds = list(effects["kind"].drop_duplicates())
    titles = {"weekday": "Weekday, %", "season": "Season, %", "holiday": "Holidays, %"}
    unit = unit_of(measure) or lower(measure.title)
    a_step = f" a {every}" if measure.kind == "flow" else ""
    names = [f"Level, {unit}{a_step}", *(titles[kind] for kind in kinds)]
    mosaic = Mosaic(names, (2, 1), row=_ROW)
    layers = _level(mosaic, rows, measure, every, start)
    if kinds:
        layers += _columns(mosaic, effects.assign(tile=effects["kind"].map(kinds.index) + 1))
    layers.append(mosaic.titles("Component"))
    return alt.LayerChart(layer=[one for one in layers if len(one.data)], height=mosaic.height)


def _level(
    mosaic: Mosaic, rows: pd.DataFrame, measure: Quantity, every: Pace, start: pd.Timestamp | None
) -> list[alt.Chart]:
    """Return the level over time, dashed where it is forecast."""
    known = rows.dropna(subset="level")
    if known.empty:
        return []
    low, high = reach(known["level"], from_zero=measure.kind != "ratio")
    span = max((known["date"].iloc[-1] - known["date"].iloc[0]) / STEP[every], 1.0)
    placed = known.assign(
        tile=0,
        u=(known["date"] - known["date"].iloc[0]).dt.days / STEP[every].days / span,
        v=(known["level"] - low) / (high - low),
    )
    placed = placed.iloc[:: max(1, len(placed) // _MOST_LEVELS)]
    placed["name"] = [on_day(day, every, year=True) for day in placed["date"]]
    placed["shown"] = [number(value, measure.unit, max(measure.decimals, 1))
                       for value in placed["level"]]  # fmt: skip
    placed["said"] = list(map("{}: level {}".format, placed["name"], placed["shown"]))
    tooltip = [alt.Tooltip("name:N", title=capital(every)), alt.Tooltip("shown:N", title="Level")]
    ahead = placed["date"].ge(start) if start is not None else pd.Series(False, index=placed.index)
    solid = alt.MarkDef("line", aria=False, strokeWidth=2)
    dashed = alt.MarkDef("line", aria=False, strokeWidth=2, strokeDash=[4, 3])
    # Spoken are some points only: a level moves slowly.
    spoken = placed.iloc[:: max(1, len(placed) // 24)]
    dot = alt.MarkDef("point", filled=True, size=40, opacity=0)
    feet = pd.DataFrame(
        [
            {"tile": 0, "u": u, "align": align, "label": label, "short": label}
            for u, align, label in (
                (0.0, "left", _month(known["date"].iloc[0])),
                (1.0, "right", _month(known["date"].iloc[-1])),
            )
        ]
    )
    marks = pd.DataFrame(marks_up(0, low, float(known["level"].max()), high))
    return [
        *mosaic.levels(marks),
        mosaic.place(solid, placed[~ahead], detail="tile:N"),
        mosaic.place(dashed, placed[ahead], detail="tile:N"),
        mosaic.place(dot, spoken, description=alt.Description("said:N"), tooltip=tooltip),
        mosaic.feet(feet),
    ]


def _month(day: pd.Timestamp) -> str:
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def _columns(mosaic: Mosaic, effects: pd.DataFrame) -> list[alt.Chart]:
    """Return the columns of weekdays, months and holidays, up and down from the level."""
    percent = effects["percent"].astype("float64")
    low, high = min(float(percent.min()), 0.0), max(float(percent.max()), 0.0)
    room = (high - low) * 0.16 or 1.0
    low, high = low - (room if low < 0 else 0.0), high + room
    zero = -low / (high - low)
    place = effects.groupby("tile").cumcount()
    count = effects.groupby("tile")["tile"].transform("size")
    rows = effects.assign(
        u=(place + 0.14) / count, end=(place + 0.86) / count, middle=(place + 0.5) / count,
        v=(percent - low) / (high - low), zero=zero, shown=percent.map(_signed),
    )  # fmt: skip
    rows["said"] = list(map("{}: {}".format, rows["name"], rows["shown"]))
    tooltip = [
        alt.Tooltip("name:N", title="Component"),
        alt.Tooltip("shown:N", title="Against the level"),
    ]
    ordinary = alt.MarkDef("rect", stroke=None)
    baseline = alt.MarkDef("rule", color=INK, opacity=0.5, aria=False)
    tiles = rows.drop_duplicates("tile").assign(u=0.0, end=1.0, v=zero)
    feet = rows[rows["kind"].ne("holiday")].assign(
        u=rows["middle"], align="center", label=rows["short"]
    )
    ends = _holiday_feet(rows[rows["kind"].eq("holiday")])
    return [
        alt.Chart(rows, mark=ordinary).encode(
            x=mosaic.x(), x2=mosaic.x("end"), y=mosaic.y(), y2=mosaic.y("zero"),
            description="said:N", tooltip=tooltip,
        ),
        alt.Chart(tiles, mark=baseline).encode(x=mosaic.x(), x2=mosaic.x("end"), y=mosaic.y()),
        *mosaic.named(rows),
        mosaic.feet(pd.concat([feet, ends])[["tile", "u", "align", "label", "short"]]),
    ]  # fmt: skip


def _holiday_feet(holidays: pd.DataFrame) -> pd.DataFrame:
    """Return the first and the last of the holidays by their day: there is no room for each."""
    if holidays.empty:
        return pd.DataFrame(columns=["tile", "u", "align", "label", "short"])
    ends = holidays.iloc[[0, -1]] if len(holidays) > 1 else holidays
    aligned = ["left", "right"][: len(ends)]
    labels = [" ".join(name.split(" ")[-3:]) for name in ends["name"]]  # without the weekday
    places = [0.0, 1.0][: len(ends)]
    return ends.assign(u=places, align=aligned, label=labels, short=labels)
