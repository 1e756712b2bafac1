"""Beds, machines or people needed on the fullest day against those there are, by place."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.ahead import on_day
from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.lanes import LOW_LANE, Lanes
from caremap.charts.look import NO_FIGURE, lower, number, times
from caremap.charts.words import isolated
from caremap.charts.years import OUTLINE

__all__ = ["resources_figure"]

_GAP = 6  # pixels under the keys
_AXIS = 44  # pixels of the axis under the lanes
_SPOKEN = 6
_CALLED = {"beds": "Beds", "icu_beds": "Intensive care beds", "ventilators": "Ventilators"}
_PLACES = ("facility", "department")
_ALL = {"facility": "All facilities", "department": "All departments"}
"""What stands for a place where a resource is not counted by it."""
_WHOLE = "All together"


def resources_figure(
    resources: pd.DataFrame,
    resource: str = "beds",
    *,
    level: int = 80,
    top: int = 20,
    period: str = "",
) -> Figure:
    """Return how much of one resource each place needs beside what it has.

    Parameters
    ----------
    resources
        One row per place and resource: ``facility`` or ``department`` or both (“All facilities”,
        “All departments” where the resource is not counted by it; neither: one row of each
        resource, for all together), ``resource``, ``needed`` (on the day that needs most),
        ``low``, ``high``, ``available`` (missing where not known) and ``date``; as
        `caremap.planning.resources_needed` returns it.
    resource
        Which to draw: resources have no scale in common.
    level
        Percent of futures between ``low`` and ``high``.
    top
        How many places are drawn: those that lack most, then those that need most.
    period
        The days, in words.

    Returns
    -------
    Figure
        A bar for what there is, a point with its interval for what is needed, the greatest
        shortage on top.

    Raises
    ------
    ValueError
        Where there is no row of the resource, or a column is missing.

    Examples
    --------
    >>> resources = pd.DataFrame({"facility": ["Kent", "Auburn"], "resource": "beds",
    ...     "needed": [34.0, 20], "low": [29.0, 16], "high": [39.0, 24], "available": [28.0, 30],
    ...     "date": pd.Timestamp("2026-05-04")})
    >>> resources_figure(resources).title
    'Beds: 1 of 2 places needs more than it has; Kent most: 34 needed, 28 there'
    """
    needs(resources, ["resource", "needed", "low", "high", "available", "date"])
    places = [name for name in _PLACES if name in resources]
    mine = resources[resources["resource"].eq(resource).to_numpy()]
    if not places and len(mine) > 1:
        raise ValueError("The frame has neither a column 'facility' nor 'department'.")
    rows = _rows(mine if places else mine.assign(place=_WHOLE), places or ["place"])
    if rows.empty:
        raise ValueError(f"The frame has no rows of {resource!r}: there is nothing to draw.")
    name = _CALLED.get(resource, str(text_of(pd.Series([resource], dtype="object")).iloc[0]))
    told_apart = [place for place in places if not mine[place].eq(_ALL[place]).all()]
    of_place = " and ".join(told_apart or places) or "place"
    shown = rows.head(top if len(rows) > top + 1 else len(rows)).reset_index(drop=True)
    title = _title(rows, name)
    return Figure(
        name="resources_needed",
        title=title,
        subtitle=" · ".join(
            filter(None, [_about(rows, name, of_place if told_apart else ""), period])
        ),
        chart=_chart(shown, name, of_place.capitalize(), level),
        alt=_alt(title, rows),
        table=_table(rows, of_place.capitalize(), level),
        notes=_notes(rows, shown, level),
        plot=Plot("bars", of_place.capitalize(), ("Needed", "There are")),
    )


def _rows(frame: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    """Return the places, the greatest shortage first, then the greatest need."""
    names = [text_of(frame[place].astype("object")).reset_index(drop=True) for place in places]
    rows = pd.DataFrame(
        {
            "name": [
                _name(dict(zip(places, row, strict=True))) for row in zip(*names, strict=True)
            ],
            **{
                name: numbers(frame[name]).to_numpy()
                for name in ("needed", "low", "high", "available")
            },
            "date": pd.to_datetime(frame["date"]).to_numpy(),
        }
    )
    rows["short"] = (rows["needed"] - rows["available"]).clip(lower=0)
    ordered = rows.sort_values(
        ["short", "needed", "name"], ascending=[False, False, True], na_position="last",
        kind="stable", ignore_index=True,
    )  # fmt: skip
    ordered["shown"] = [_figures(row) for _, row in ordered.iterrows()]
    ordered["said"] = [_said(row) for _, row in ordered.iterrows()]
    return ordered


def _name(place: dict[str, str]) -> str:
    """Return what a place is called; of all of them that they are meant together.

    >>> _name({"facility": "Kent", "department": "All departments"})
    'Kent, all departments'
    >>> _name({"facility": "All facilities", "department": "All departments"})
    'All facilities and departments together'
    """
    single = [name for kind, name in place.items() if name != _ALL[kind]]
    every = [_ALL[kind] for kind, name in place.items() if name == _ALL[kind]]
    if not single:
        kinds = " and ".join(one.removeprefix("All ") for one in every)
        return f"All {kinds} together"
    return ", ".join([*single, *map(lower, every)])


def _together(name: str) -> bool:
    """Whether a name is that of all places together."""
    return name.startswith("All ") and name.endswith(" together")


def _in(name: str) -> str:
    return f"in {lower(name) if _together(name) else isolated(name)}"


def _about(rows: pd.DataFrame, name: str, of_place: str) -> str:
    """Return what is drawn, in words."""
    if of_place:
        return f"{name} by {of_place}, each on the day that needs most"
    return f"{name} of {lower(rows['name'].iloc[0])}, on the day that needs most"


def _amount(value: float) -> str:
    return number(value, decimals=0 if float(value).is_integer() else 1)


def _figures(row: pd.Series) -> str:
    if not np.isfinite(row["needed"]):
        return NO_FIGURE
    there = f" of {_amount(row['available'])}" if np.isfinite(row["available"]) else ""
    return f"{_amount(row['needed'])}{there}"


def _said(row: pd.Series) -> str:
    if not np.isfinite(row["needed"]):
        return f"{row['name']}: {NO_FIGURE}"
    day = f" on {on_day(row['date'], 'day')}" if pd.notna(row["date"]) else ""
    between = (
        f", between {_amount(row['low'])} and {_amount(row['high'])}"
        if np.isfinite(row["low"]) and np.isfinite(row["high"])
        else ""
    )
    there = (
        f", {_amount(row['available'])} there"
        if np.isfinite(row["available"])
        else ", how many there are is not known"
    )
    return f"{row['name']}: {_amount(row['needed'])} needed{day}{between}{there}"


def _title(rows: pd.DataFrame, name: str) -> str:
    known = rows[rows["short"].notna()]
    if known.empty:
        asked = rows[rows["needed"].notna()]
        if asked.empty:
            return f"{name}: no need could be computed"
        most = asked.iloc[int(asked["needed"].argmax())]
        return (
            f"{name}: up to {_amount(most['needed'])} needed {_in(most['name'])}; how "
            "many there are is not known"
        )
    short = known[known["short"].gt(0.05)]
    if short.empty:
        word = "the place has" if len(known) == 1 else f"all {len(known)} places have"
        if _together(known["name"].iloc[0]):
            word = f"{lower(known['name'].iloc[0])} have"
        return f"{name}: {word} as many as the middle of the futures needs"
    worst = short.iloc[0]
    if _together(worst["name"]):
        return (
            f"{name}: {lower(worst['name'])} need more than they have: "
            f"{_amount(worst['needed'])} needed, {_amount(worst['available'])} there"
        )
    needs_more = "needs more than it has" if len(short) == 1 else "need more than they have"
    return (
        f"{name}: {len(short)} of {times(len(known), 'place')} {needs_more}; "
        f"{isolated(worst['name'])} most: {_amount(worst['needed'])} needed, "
        f"{_amount(worst['available'])} there"
    )


def _alt(title: str, rows: pd.DataFrame) -> str:
    said = list(rows["said"].head(_SPOKEN))
    more = len(rows) - len(said)
    rest = [times(more, "more place")] if more > 0 else []
    return f"Bars with points, a lane per place. {title}. {'; '.join([*said, *rest])}."


def _notes(rows: pd.DataFrame, shown: pd.DataFrame, level: int) -> tuple[str, ...]:
    left = len(rows) - len(shown)
    unknown = int((rows["available"].isna() & rows["needed"].notna()).sum())
    none = int(rows["needed"].isna().sum())
    return tuple(
        filter(
            None,
            [
                f"Written is what is needed (the median), of what there is. {level} % of the "
                "futures lie between the ends of the line.",
                "Places have their fullest days at different times: their needs do not add up to "
                "that of all together.",
                f"Of {times(unknown, 'place')} it is not known how many there are; that is not "
                "none."
                if unknown
                else "",
                f"Of {times(none, 'place')} no need could be computed." if none else "",
                f"{times(left, 'more place')} with less missing: in the table only."
                if left
                else "",
            ],
        )
    )


def _table(rows: pd.DataFrame, title_of_places: str, level: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            title_of_places: rows["name"],
            "Needed": rows["needed"].round(1),
            f"{level} % from": rows["low"].round(1),
            f"{level} % to": rows["high"].round(1),
            "There are": rows["available"].round(1),
            "Short": rows["short"].round(1),
            "On": rows["date"].dt.strftime("%Y-%m-%d"),
        }
    )


def _chart(rows: pd.DataFrame, name: str, title_of_places: str, level: int) -> alt.LayerChart:
    has = rows["available"].notna()
    keys = Keys(
        [
            *([Key("pale", "There are")] if has.any() else []),
            Key("point", "Needed"),
            Key("limit", f"{level} % of futures"),
        ]
    )
    lanes = Lanes(
        rows["name"].tolist(), rows["shown"].tolist(), title_of_places,
        f"({keys.height} + {_GAP})", lane=LOW_LANE,
    )  # fmt: skip
    drawn = rows.assign(row=range(len(rows)), zero=0.0, one="")
    top = drawn[["needed", "high", "available"]].max().max()
    x = lanes.across(
        (0.0, float(top) * 1.04 if pd.notna(top) and top > 0 else 1.0),
        {"title": name, "tickCount": 5, "tickMinStep": 1, "grid": False, "orient": "bottom"},
    )
    tooltip = [
        alt.Tooltip("name:N", title=title_of_places),
        alt.Tooltip("said:N", title=f"Of {lower(name)}"),
    ]
    known = drawn["needed"].notna()
    bounded = drawn[known & drawn["low"].notna() & drawn["high"].notna()]
    pale = alt.MarkDef("bar", orient="horizontal", fillOpacity=BANDS[0], strokeWidth=1, aria=False)
    line = alt.MarkDef("rule", color=INK, strokeWidth=2.5, aria=False)
    dot = alt.MarkDef("point", filled=True, color=INK, size=70, opacity=1)
    middle = lanes.down(0.5, 0.69)
    layers = [
        alt.Chart(drawn[has], mark=pale).encode(
            x("available"), alt.X2("zero"), OUTLINE, y=lanes.down(0.22, 0.48),
            y2=lanes.down(0.78, 0.9),
        ),
        alt.Chart(bounded, mark=line).encode(x("low"), alt.X2("high"), y=middle),
        alt.Chart(drawn[known], mark=dot).encode(
            x("needed"), y=middle, description="said:N", tooltip=tooltip
        ),
        *lanes.texts(drawn["said"], known),
        *keys.charts(),
    ]  # fmt: skip
    return alt.LayerChart(
        layer=[one for one in layers if len(one.data)],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )
