"""Forecasts as they would have been made in the past, over what then happened."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.ahead import (
    STEP,
    Pace,
    briefly,
    levels_in,
    on_day,
    places_of,
)
from caremap.charts.course import key_of_bands
from caremap.charts.figure import INK, Figure, Plot, Quantity
from caremap.charts.frames import needs, numbers, one_line
from caremap.charts.keys import CENTRE, KNOWN, Key, Keys
from caremap.charts.look import header, lower, number, times, unit_of
from caremap.charts.mosaic import Mosaic, ends_of, marks_up
from caremap.charts.points import MONTHS, capital
from caremap.charts.timeline import reach

__all__ = ["backtest_figure"]

_MOST = 12  # origins drawn, the last ones


def backtest_figure(
    errors: pd.DataFrame,
    measure: Quantity,
    *,
    every: Pace,
    levels: Sequence[int] = (80, 95),
    chosen: str = "",
    period: str = "",
) -> Figure:
    """Return what was forecast in the past beside what came, a tile for each time.

    Parameters
    ----------
    errors
        ``model``, ``origin`` (last day known), ``date``, ``step``, ``actual``, ``mean`` and, for
        the chosen model, ``low_80``, ``high_80``, ...; as `caremap.forecasting.Forecast` has it.
    measure
        What was forecast.
    every
        What one step is.
    levels
        Percent that the intervals hold.
    chosen
        The model to show; by itself the one that has intervals.
    period
        The days scored, in words.

    Returns
    -------
    Figure
        A tile per origin, the last twelve, all on one scale. The title counts how many days lay
        within the narrower interval, of all scored days that have one.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or the model has none.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> days = pd.date_range("2026-04-01", periods=10)
    >>> errors = pd.DataFrame({"model": "CareMap mix", "origin": pd.Timestamp("2026-03-31"),
    ...     "date": days, "step": range(1, 11), "actual": [20.0] * 9 + [31.0], "mean": 21.0,
    ...     "low_80": 15.0, "high_80": 27.0})
    >>> backtest_figure(errors, MEASURES["admissions"], every="day").title
    'Of 10 days forecast in the past, 9 (90 %) lay within the 80 % interval'
    """
    needs(errors, ["model", "origin", "date", "actual", "mean"])
    kept = levels_in(errors, levels)
    scored = _scored(errors, kept, chosen)
    origins = sorted(scored["origin"].unique())
    drawn = origins[-_MOST:]
    rows = scored[scored["origin"].isin(drawn)].sort_values(["origin", "date"])
    rows = rows.assign(tile=rows["origin"].map({day: at for at, day in enumerate(drawn)}))
    title = _title(scored, kept, measure, every)
    model = str(scored["model"].iloc[0])
    count = times(len(origins), "time", "times")
    span = period or briefly(
        *(pd.Timestamp(end) for end in (min(scored["date"]), max(scored["date"])))
    )
    return Figure(
        name=f"{measure.name}_backtest_by_{every}",
        title=title,
        subtitle=f"{header(measure)} by {every} · {model}, forecast {count} · {span} · one scale",
        chart=_chart(rows.reset_index(drop=True), kept, measure, every),
        alt=_alt(title, scored, measure, every, len(origins)),
        table=_table(scored, kept, measure, every),
        notes=_notes(scored, kept, origins, drawn, every),
        plot=Plot("line", capital(every), (f"{header(measure)}: actual", "Forecast")),
    )


def _scored(errors: pd.DataFrame, levels: Sequence[int], chosen: str) -> pd.DataFrame:
    """Return the rows of the model to show, as figures."""
    if not chosen and levels:
        bounded = errors[errors[f"low_{levels[0]}"].notna()]
        chosen = str((errors if bounded.empty else bounded)["model"].iloc[0])
    mine = errors[errors["model"].eq(chosen or errors["model"].iloc[0])].reset_index(drop=True)
    if mine.empty:
        raise ValueError(
            f"The model {chosen!r} has no row: there is {list(errors['model'].unique())}."
        )
    figures = [
        "actual",
        "mean",
        *(f"{side}_{level}" for level in levels for side in ("low", "high")),
    ]
    columns = {name: numbers(mine[name]) for name in figures}
    return pd.DataFrame(
        {
            "model": mine["model"].map(one_line),
            "origin": pd.to_datetime(mine["origin"]),
            "date": pd.to_datetime(mine["date"]),
            **columns,
        }
    ).sort_values(["origin", "date"], ignore_index=True)


# --- the words ------------------------------------------------------------------------------


def _hits(scored: pd.DataFrame, level: int) -> tuple[int, int]:
    """Return how many days lay within an interval, of how many that have one and a figure."""
    known = scored.dropna(subset=["actual", f"low_{level}", f"high_{level}"])
    inside = known["actual"].between(known[f"low_{level}"], known[f"high_{level}"])
    return int(inside.sum()), len(known)


def _title(scored: pd.DataFrame, levels: Sequence[int], measure: Quantity, every: Pace) -> str:
    if levels and (counted := _hits(scored, levels[0]))[1]:
        inside, known = counted
        held = f"{inside:,} ({inside / known * 100:.0f} %)"
        if scored["date"].duplicated().any():  # forecasts overlap: a day is counted more than once
            return f"Of {known:,} forecasts of a {every}, {held} were right within the " + (
                f"{levels[0]} % interval"
            )
        return (
            f"Of {times(known, every)} forecast in the past, {held} lay within the "
            f"{levels[0]} % interval"
        )
    off = (scored["actual"] - scored["mean"]).abs().mean()
    if not np.isfinite(off):
        return f"{measure.title}: no {every} forecast in the past has a figure"
    unit = unit_of(measure) or lower(measure.title)
    return (
        f"Forecasts of the past were off by {number(off, decimals=1)} {unit} a {every} on average"
    )


def _alt(title: str, scored: pd.DataFrame, measure: Quantity, every: Pace, origins: int) -> str:
    off = (scored["actual"] - scored["mean"]).abs()
    bias = (scored["mean"] - scored["actual"]).mean()
    said = [title]
    if np.isfinite(bias):
        high = "higher" if bias >= 0 else "lower"
        unit = f" {unit_of(measure)}" * bool(unit_of(measure))
        said.append(
            f"In {times(origins, 'forecast')} they were off by "
            f"{number(off.mean(), decimals=1)}{unit} a {every} on average, and "
            f"{number(abs(bias), decimals=1)} {high} than what came"
        )
        worst = scored.iloc[int(off.argmax())]
        said.append(
            f"Farthest off: {on_day(worst['date'], every, year=True)}, "
            f"{number(worst['actual'], measure.unit, measure.decimals)} against "
            f"{number(worst['mean'], measure.unit, max(measure.decimals, 1))} forecast"
        )
    return ". ".join(said) + "."


def _notes(
    scored: pd.DataFrame,
    levels: Sequence[int],
    origins: list[object],
    drawn: list[object],
    every: Pace,
) -> tuple[str, ...]:
    wider = [
        f"{inside:,} of {known:,} lay within the {level} % interval."
        for level in levels[1:]
        for inside, known in [_hits(scored, level)]
        if known
    ]
    gaps = int(scored["actual"].isna().sum())
    return tuple(
        filter(
            None,
            [
                f"Each forecast was made from the {every}s before it alone. The scale need not "
                "begin at 0.",
                *wider,
                f"Drawn are the last {len(drawn)} of {len(origins)} forecasts; the table has all."
                if len(drawn) < len(origins)
                else "",
                f"{times(gaps, every)} without a figure could not be scored." if gaps else "",
            ],
        )
    )


def _table(
    scored: pd.DataFrame, levels: Sequence[int], measure: Quantity, every: Pace
) -> pd.DataFrame:
    places = places_of(scored["mean"], measure)
    table = pd.DataFrame(
        {
            "Known to": scored["origin"].dt.strftime("%Y-%m-%d"),
            capital(every): scored["date"].dt.strftime("%Y-%m-%d"),
            f"{header(measure)}: actual": scored["actual"].round(max(measure.decimals, 2)),
            "Forecast": scored["mean"].round(max(places, 1)),
        }
    )
    for level in levels:
        low, high = scored[f"low_{level}"], scored[f"high_{level}"]
        table[f"{level} % interval: from"] = low.round(max(places, 1))
        table[f"{level} % interval: to"] = high.round(max(places, 1))
        known = scored["actual"].notna() & low.notna() & high.notna()
        inside = np.where(scored["actual"].between(low, high), "yes", "no")
        table[f"Within {level} %"] = np.where(known, inside, "")
    return table


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    rows: pd.DataFrame, levels: Sequence[int], measure: Quantity, every: Pace
) -> alt.LayerChart:
    out = _outside(rows, levels)
    signs = [Key("known", "What came"), Key("expected", "Forecast"), *key_of_bands(levels)]
    if out.any():
        signs.append(Key("miss", f"Outside the {levels[-1]} % interval", "Outside"))
    keys = Keys(signs)
    figures = [
        "actual",
        "mean",
        *(f"{side}_{level}" for level in levels for side in ("low", "high")),
    ]
    known = pd.concat([rows[name] for name in figures]).dropna()
    # Not from zero where zero is far: what matters is where a line lies in its band.
    low, high = reach(known, from_zero=False) if len(known) else (0.0, 1.0)
    names = [f"from {_short(day)}" for day in rows.groupby("tile")["date"].min()]
    mosaic = Mosaic(names, (4, 2), f"({keys.height} + 8)", keys.most + 8)
    placed = _placed(rows, every, low, high, figures)
    said = _said(placed, levels, measure, every)
    top = float(known.max()) if len(known) else 1.0
    lines = [mark for at in range(len(names)) for mark in marks_up(at, low, top, high)]
    layers = [
        mosaic.titles("Forecast"),
        *mosaic.levels(pd.DataFrame(lines)),
        *mosaic.bands(placed, levels),
        *_lines(mosaic, said, out.to_numpy(), levels, every),
        mosaic.feet(ends_of(placed, every)),
        *keys.charts(),
    ]
    return alt.LayerChart(layer=[one for one in layers if len(one.data)], height=mosaic.height)


def _short(day: pd.Timestamp) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def _outside(rows: pd.DataFrame, levels: Sequence[int]) -> pd.Series:
    if not levels:
        return pd.Series(False, index=rows.index)
    low, high = rows[f"low_{levels[-1]}"], rows[f"high_{levels[-1]}"]
    return rows["actual"].lt(low) | rows["actual"].gt(high)


def _placed(
    rows: pd.DataFrame, every: Pace, low: float, high: float, figures: Sequence[str]
) -> pd.DataFrame:
    """Return where in its tile each day lies, and each of its figures."""
    first = rows.groupby("tile")["date"].transform("min")
    steps = (rows["date"] - first).dt.days / STEP[every].days
    widest = float(steps.max()) + 1
    shares = {f"at_{name}": (rows[name] - low) / (high - low) for name in figures}
    return rows.assign(u=(steps + 0.5) / widest, half=0.5 / widest, one="", **shares)


def _said(
    placed: pd.DataFrame, levels: Sequence[int], measure: Quantity, every: Pace
) -> pd.DataFrame:
    """Add to the days all that is said of them."""
    places = places_of(placed["mean"], measure)
    said = placed.assign(
        name=[on_day(day, every, year=True) for day in placed["date"]],
        came=[number(value, measure.unit, measure.decimals) for value in placed["actual"]],
        shown=[number(value, measure.unit, places) for value in placed["mean"]],
    )
    said["said"] = list(
        map("{}: {} came, {} forecast".format, said["name"], said["came"], said["shown"])
    )
    for level in levels:
        said[f"within_{level}"] = [
            f"{number(low, measure.unit, places)} to {number(high, measure.unit, places)}"
            for low, high in zip(said[f"low_{level}"], said[f"high_{level}"], strict=True)
        ]
    return said


def _lines(
    mosaic: Mosaic,
    said: pd.DataFrame,
    out: np.ndarray,
    levels: Sequence[int],
    every: Pace,
) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("name:N", title=capital(every)),
        alt.Tooltip("came:N", title="Came"),
        alt.Tooltip("shown:N", title="Forecast"),
        *(alt.Tooltip(f"within_{level}:N", title=f"{level} %") for level in levels),
    ]
    expected = alt.MarkDef("line", aria=False, strokeWidth=2, strokeDash=CENTRE)
    came = alt.MarkDef("line", aria=False, color=INK, strokeWidth=KNOWN, strokeJoin="round")
    dot = alt.MarkDef("point", filled=True, color=INK, size=14, opacity=1)
    miss = alt.MarkDef("point", shape="diamond", filled=True, color=INK, size=80, opacity=1)
    actual = said.assign(v=said["at_actual"])
    known = actual["v"].notna().to_numpy()
    actual["run"] = (~known).cumsum()  # a line does not lead over a day without a figure
    spoken = {"description": alt.Description("said:N"), "tooltip": tooltip}
    return [
        mosaic.place(
            expected,
            said.assign(v=said["at_mean"]).dropna(subset="v"),
            detail="tile:N",
        ),
        mosaic.place(came, actual[known], detail=["tile:N", "run:N"]),
        mosaic.place(dot, actual[known & ~out], **spoken),
        mosaic.place(miss, actual[known & out], **spoken),
    ]
