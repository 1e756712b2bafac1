"""The drawing of what is known and of what is expected after it, with its bands.

On a telephone less of what is known is drawn, so that a day has the same room to lie in: the time
axis begins where an expression on the width says.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from caremap.charts.ahead import STEP, Ahead, Pace, on_day
from caremap.charts.figure import INK, Quantity
from caremap.charts.fitting import text_width
from caremap.charts.keys import BANDS, CENTRE, DOTTED, KNOWN, Key, Keys
from caremap.charts.look import INKED, MISSING, header, unit_of, words
from caremap.charts.points import MONTHS
from caremap.charts.timeline import HEIGHT, reach, upwards

__all__ = ["course", "key_of_bands"]

_WIDE = "width >= 560"
_HEAD = 32  # pixels under the keys, for the words at the last day known
_SHARE_NARROW = 2  # steps of history drawn for each step of forecast on a telephone
_NARROW = 285  # pixels of the time axis on a telephone
_BOLD = 0.97  # how wide bold words are to `text_width`, which says rather too much
_MOST_TICKS = {True: 11, False: 4}


def course(
    course_of: Ahead,
    measure: Quantity,
    *,
    from_zero: bool,
    centre: str = "Expected",
    beds: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw history and forecast from left to right.

    Parameters
    ----------
    course_of
        As `caremap.charts.ahead.ahead_of` returns it, its history cut to what is drawn.
    measure
        What it counts.
    from_zero
        Whether the axis must begin at zero: counts do.
    centre
        What the dashed line is called.
    beds
        ``date``, ``value`` and ``said`` of a line to compare with, or None.

    Returns
    -------
    altair.LayerChart
        Without a title, as wide as it is told to be, readable from 340 pixels on.
    """
    keys = Keys(_keys(course_of, centre, beds))
    x = _across(course_of)
    reached = _reached(course_of, beds, from_zero=from_zero)
    y = _up(reached, measure, f"({keys.height} + {_HEAD})", from_zero=from_zero)
    layers = [
        *_mondays(course_of, x, keys),
        *_bands(course_of, x, y),
        *_beds(beds, x, y),
        *_known(course_of, measure, x, y),
        *_expected(course_of, measure, x, y, centre),
        *_origin(course_of, x, keys),
        *_labels(course_of, x, y, reached),
        *keys.charts(),
    ]
    return alt.LayerChart(layer=[one for one in layers if len(one.data)], height=HEIGHT)


def key_of_bands(levels: Sequence[int]) -> list[Key]:
    """Return the keys of the bands: the narrower filled, the wider pale with dotted edges."""
    signs = ("band0", "band1")
    return [
        Key(signs[min(at, 1)], f"{level} % interval", f"{level} %")  # type: ignore[arg-type]
        for at, level in enumerate(levels)
    ]


def _keys(course_of: Ahead, centre: str, beds: pd.DataFrame | None) -> list[Key]:
    of = "of 7 days" if course_of.every == "day" else "of all weeks"
    marks = set(course_of.ahead["mark"])
    gaps = bool(course_of.known["value"].isna().any())
    has_past = min(len(course_of.known), 1)
    return [
        *([Key("known", f"Known ({MISSING} no figure)" if gaps else "Known", "Known")] * has_past),
        Key("expected", centre),
        *key_of_bands(course_of.levels),
        *([Key("high", f"Highest {of}", "Highest")] if "high" in marks else []),
        *([Key("low", f"Lowest {of}", "Lowest")] if "low" in marks else []),
        *([Key("beds", "Staffed beds", "Beds")] if beds is not None and len(beds) else []),
    ]


# --- the axes -------------------------------------------------------------------------------


def _across(course_of: Ahead) -> alt.X:
    """Return the time axis; on a telephone it begins later."""
    step = STEP[course_of.every]
    last = course_of.ahead["date"].iloc[-1]
    begin = course_of.known["date"].iloc[0] if len(course_of.known) else course_of.start
    later = max(begin, course_of.start - _SHARE_NARROW * step * len(course_of.ahead))
    ends = {wide: first - step / 2 for wide, first in ((True, begin), (False, later))}
    ticks = {
        wide: _ticks(first + step / 2, last, course_of.every, _MOST_TICKS[wide])
        for wide, first in ends.items()
    }
    axis = alt.Axis(
        title=_AXIS_TITLE[course_of.every],
        values=alt.ExprRef(f"{_WIDE} ? {_moments(ticks[True])} : {_moments(ticks[False])}"),
        labelExpr=_label(ticks),
        grid=False,  # lines of the axis would run into the keys
        labelFlush=False,
        labelOverlap="parity",
        labelPadding=6,
        titlePadding=8,
        **INKED,
    )
    scale = alt.Scale(
        domainMin=alt.ExprRef(f"{_WIDE} ? {_moment(ends[True])} : {_moment(ends[False])}"),
        domainMax=alt.ExprRef(_moment(last + step / 2)),
        nice=False,
        padding=0,
    )
    return alt.X("date:T", axis=axis, scale=scale)


_AXIS_TITLE = {"day": "Day (lines at Mondays)", "week": "Week (its Monday)"}


def _label(ticks: dict[bool, list[pd.Timestamp]]) -> str:
    """Return how ticks are written: the year stands at the first tick of each."""
    new = {
        wide: [day for at, day in enumerate(days) if not at or day.year != days[at - 1].year]
        for wide, days in ticks.items()
    }
    months = [month[:3] for month in MONTHS]
    years = " : ".join(f"[{', '.join(f'+{_moment(day)}' for day in new[wide])}]" for wide in new)
    return (
        f"[timeFormat(datum.value, '%-d ') + {months}[month(datum.value)], "
        f"indexof({_WIDE} ? {years}, +datum.value) < 0 ? '' : timeFormat(datum.value, '%Y')]"
    )


def _ticks(first: pd.Timestamp, last: pd.Timestamp, every: Pace, most: int) -> list[pd.Timestamp]:
    """Return Mondays, as many of them as there is room for, one of them the last."""
    mondays = [day for day in pd.date_range(first, last, freq="D") if day.weekday() == 0]
    if every == "week":
        mondays = list(pd.date_range(last, first, freq=-STEP["week"]))[::-1]
    if len(mondays) < 2:
        return [first, last] if first < last else [first]
    apart = -(-len(mondays) // most)
    return mondays[::-1][::apart][::-1]


def _moment(day: pd.Timestamp) -> str:
    return f"datetime({day.year}, {day.month - 1}, {day.day}, {day.hour}, {day.minute})"


def _moments(days: Sequence[pd.Timestamp]) -> str:
    return f"[{', '.join(map(_moment, days))}]"


def _reached(
    course_of: Ahead, beds: pd.DataFrame | None, *, from_zero: bool
) -> tuple[float, float]:
    """Return the least and the greatest figure the axis has room for."""
    bounds = [f"{side}_{level}" for level in course_of.levels for side in ("low", "high")]
    parts = [course_of.known["value"], *(course_of.ahead[one] for one in ("value", *bounds))]
    parts += [beds["value"]] if beds is not None else []
    values = pd.concat(parts).dropna()
    return reach(values, from_zero=from_zero) if len(values) else (0.0, 1.0)


def _up(reached: tuple[float, float], measure: Quantity, top: str, *, from_zero: bool) -> alt.Y:
    """Return the axis of figures, which leaves room for the keys."""
    scale = alt.Scale(
        domain=list(reached), zero=reached[0] <= 0, nice=False,
        range=[alt.ExprRef("height"), alt.ExprRef(top)],
    )  # fmt: skip
    counts = measure.kind != "ratio" and not measure.decimals
    ends = pd.Series(reached).round() if counts else pd.Series(reached)  # whole: no half a patient
    axis: alt.Y = upwards(ends, unit_of(measure) or measure.title, from_zero=from_zero)
    return axis.scale(scale)


# --- the marks ------------------------------------------------------------------------------


def _mondays(course_of: Ahead, x: alt.X, keys: Keys) -> list[alt.Chart]:
    """Return thin lines where weeks begin, so that a day is found by its weekday."""
    if course_of.every == "week":
        return []
    dates = pd.concat([course_of.known["date"], course_of.ahead["date"]])
    days = pd.date_range(dates.min(), dates.max(), freq="W-MON")
    rule = alt.MarkDef("rule", color=INK, opacity=0.13, clip=True, aria=False)
    top = alt.value(alt.ExprRef(f"{keys.height} + {_HEAD} / 2"))
    data = pd.DataFrame({"date": days})
    return [alt.Chart(data, mark=rule).encode(x, y=top, y2=alt.value("height"))]


def _bands(course_of: Ahead, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the bands, the widest first, each as far as the days it is for."""
    step = STEP[course_of.every] / 2
    ahead = course_of.ahead
    first, last = ahead.head(1), ahead.tail(1)
    rows = pd.concat(
        [
            first.assign(date=first["date"] - step),
            ahead,
            last.assign(date=last["date"] + step),
        ]
    )
    layers = []
    for at in reversed(range(len(course_of.levels))):
        level, place = course_of.levels[at], min(at, 1)
        sides = ["low", "high"]
        band = rows[["date", *(f"{side}_{level}" for side in sides)]]
        band = band.set_axis(["date", "value", "top"], axis=1).dropna().assign(one="")
        area = alt.MarkDef("area", opacity=1, fillOpacity=BANDS[place], line=False, aria=False)
        edge = alt.MarkDef(
            "line", aria=False, strokeWidth=1.25 if place else 1,
            strokeDash=DOTTED if place else alt.Undefined,
        )  # fmt: skip
        layers.append(alt.Chart(band, mark=area).encode(x, y, alt.Y2("top")))
        layers += [
            alt.Chart(band.assign(value=band[side]), mark=edge).encode(x, y)
            for side in ("value", "top")
        ]
    return layers


def _known(course_of: Ahead, measure: Quantity, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    known = course_of.known
    seen = known[known["value"].notna()]
    tooltip = [
        alt.Tooltip("name:N", title=course_of.every.capitalize()),
        alt.Tooltip("shown:N", title=header(measure)),
    ]
    line = alt.MarkDef(
        "line", aria=False, color=INK, strokeWidth=KNOWN, clip=True, strokeJoin="round"
    )
    dot = alt.MarkDef("point", filled=True, color=INK, size=16, opacity=1, clip=True)
    cross = words(MISSING, size=13, baseline="bottom", aria=True, clip=True)
    return [
        alt.Chart(known, mark=line).encode(x, y),
        alt.Chart(seen, mark=dot).encode(x, y, description="said:N", tooltip=tooltip),
        alt.Chart(known[known["value"].isna()], mark=cross).encode(
            x, y=alt.value("height"), description="said:N", tooltip=tooltip
        ),
    ]


def _expected(
    course_of: Ahead, measure: Quantity, x: alt.X, y: alt.Y, centre: str
) -> list[alt.Chart]:
    ahead = course_of.ahead
    tooltip = [
        alt.Tooltip("name:N", title=course_of.every.capitalize()),
        alt.Tooltip("shown:N", title=f"{centre}{_unit(measure)}"),
        *(alt.Tooltip(f"within_{level}:N", title=f"{level} %") for level in course_of.levels),
    ]
    line = alt.MarkDef("line", aria=False, strokeWidth=2, strokeDash=CENTRE)
    plain = alt.MarkDef("point", filled=True, size=30, opacity=1)
    layers = [alt.Chart(ahead, mark=line).encode(x, y)]
    for mark, look in (
        ("", plain),
        ("high", alt.MarkDef("point", filled=True, shape="triangle-up", color=INK, size=95)),
        ("low", alt.MarkDef("point", filled=True, shape="triangle-down", color=INK, size=95)),
    ):
        look.opacity = 1
        layers.append(
            alt.Chart(ahead[ahead["mark"].eq(mark) & ahead["value"].notna()], mark=look).encode(
                x, y, description="said:N", tooltip=tooltip
            )
        )
    step = STEP[course_of.every] / 2
    columns = ahead.assign(date=ahead["date"] - step, end=ahead["date"] + step)
    column = alt.MarkDef("rect", opacity=0, aria=False)
    hover = alt.Chart(columns, mark=column).encode(
        x, alt.X2("end"), y=alt.value(0), y2=alt.value("height"), tooltip=tooltip
    )
    return [*layers, hover]


def _unit(measure: Quantity) -> str:
    return f" ({unit_of(measure)})" if unit_of(measure) else ""


def _beds(beds: pd.DataFrame | None, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if beds is None or beds.empty:
        return []
    tooltip = [alt.Tooltip("said:N", title="Beds")]
    line = alt.MarkDef(
        "line", color=INK, strokeWidth=2, strokeDash=[8, 3, 2, 3], aria=False, clip=True,
        interpolate="step",
    )  # fmt: skip
    spoken = alt.MarkDef("point", opacity=0, size=60)
    return [
        alt.Chart(beds, mark=line).encode(x, y),
        alt.Chart(beds.tail(1), mark=spoken).encode(x, y, description="said:N", tooltip=tooltip),
    ]


def _origin(course_of: Ahead, x: alt.X, keys: Keys) -> list[alt.Chart]:
    """Return the line between what is known and what is not, with words on either side."""
    if course_of.known.empty:
        return []
    step = STEP[course_of.every]
    last = course_of.known["date"].iloc[-1]
    at = pd.DataFrame({"date": [course_of.start - step / 2]})
    rule = alt.MarkDef("rule", color=INK, strokeWidth=1, opacity=0.7, aria=False)
    y = alt.value(alt.ExprRef(f"{keys.height} + 8"))
    layers = [
        alt.Chart(at, mark=rule).encode(x, y=alt.value(alt.ExprRef(keys.height)),
                                        y2=alt.value("height"))
    ]  # fmt: skip
    short = f"{last.day} {MONTHS[last.month - 1][:3]}"
    until = on_day(last, course_of.every)
    first = on_day(course_of.start, course_of.every)
    for align, dx, wide, narrow in (
        ("right", -6, f"known to {until}", f"known to {short}"),
        ("left", 6, f"forecast from {first}", "forecast"),
    ):
        mark = words(align=align, dx=dx, baseline="middle", fontWeight=600)
        text = alt.value(alt.ExprRef(f"{_WIDE} ? '{wide}' : '{narrow}'"))
        layers.append(alt.Chart(at, mark=mark).encode(x, y=y, text=text))
    return layers


def _labels(course_of: Ahead, x: alt.X, y: alt.Y, reached: tuple[float, float]) -> list[alt.Chart]:
    """Return the highest and lowest of what is expected by day and figure, clear of the bands."""
    layers = []
    first, count = course_of.start, len(course_of.ahead)
    step = STEP[course_of.every]
    narrow = _NARROW / (count + min(len(course_of.known), _SHARE_NARROW * count))
    widest = course_of.levels[-1] if course_of.levels else None
    for row, above in ((course_of.peak, True), (course_of.quiet, False)):
        if row is None:
            continue
        edge = row[f"{'high' if above else 'low'}_{widest}"] if widest else row["value"]
        cramped = not above and edge - reached[0] < 0.1 * (reached[1] - reached[0])
        day = on_day(row["date"], course_of.every).removeprefix("week of ")
        told = f"{day}: {row['shown']}"
        rest = (count - (row["date"] - first) / step) * narrow
        late = text_width(told) * _BOLD > rest
        data = pd.DataFrame({"date": [row["date"]], "value": [edge], "words": [told]})
        paper = alt.ExprRef("background")
        for colour, stroke in ((paper, 4), (INK, 0)):
            mark = words(
                fontWeight=600, baseline="bottom" if above or cramped else "top",
                dy=-5 if above or cramped else 5,
                align="right" if late else "left", dx=10 if late else -3, color=colour,
            )  # fmt: skip
            if stroke:
                mark.stroke, mark.strokeWidth, mark.strokeJoin = paper, stroke, "round"
            layers.append(alt.Chart(data, mark=mark).encode(x, y, text="words:N"))
    return layers
