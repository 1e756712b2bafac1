"""The forecasts of the parts of a whole: a tile each, and what is left of the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.ahead import STEP, Pace, briefly, levels_in, on_day, places_of, within
from caremap.charts.course import key_of_bands
from caremap.charts.figure import Figure, Plot, Quantity
from caremap.charts.forecast import bands_in_words
from caremap.charts.frames import UNKNOWN, needs, numbers, text_of
from caremap.charts.keys import CENTRE, Key, Keys
from caremap.charts.look import (
    adds_up,
    as_percent,
    header,
    lower,
    most_of,
    number,
    short_number,
    times,
)
from caremap.charts.mosaic import Mosaic, ends_of, marks_up
from caremap.charts.points import capital
from caremap.charts.timeline import reach
from caremap.charts.words import amount, called

__all__ = ["parts_figure"]

_OUT_OF_SCALE = 1.5  # how many times the greatest part what is left may be, before it has its own
_ROW = 150


def parts_figure(
    frame: pd.DataFrame,
    whole: pd.DataFrame,
    title_of_by: str,
    measure: Quantity,
    *,
    every: Pace,
    levels: Sequence[int] = (80, 95),
    top: int = 8,
    total: pd.DataFrame | None = None,
    period: str = "",
) -> Figure:
    """Return the forecast of every part of a whole, the greatest first.

    Parameters
    ----------
    frame
        One row per date and part: ``date``, ``part``, ``mean``, ``low_80``, ``high_80``, ...
    whole
        ``date`` and ``mean`` of the whole.
    title_of_by
        What a part is: "Department".
    measure
        What was forecast.
    every
        What one step is.
    levels
        Percent that the intervals hold.
    top
        How many parts have a tile. The others are one more, where they add up: what is left of
        the whole, without an interval, as those of the parts cannot be added.
    total
        ``part``, ``mean``, ``low_80``, ``high_80``, ... of every part over the horizon, for the
        interval in the title.
    period
        The days it is for, in words.

    Returns
    -------
    Figure
        Tiles on one scale. The title names the part with most and its share of the whole.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or a part has a date twice.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> days = pd.date_range("2026-04-27", periods=2)
    >>> parts = pd.DataFrame({"date": [*days] * 2, "part": ["ICU"] * 2 + ["Surgery"] * 2,
    ...                       "mean": [2.0, 3.0, 8.0, 7.0]})
    >>> whole = pd.DataFrame({"date": days, "mean": [10.0, 10.0]})
    >>> parts_figure(parts, whole, "Department", MEASURES["admissions"], every="day").title
    'Most admissions in the next 2 days: Surgery, 15 of 20 (75 %)'
    """
    needs(frame, ["date", "part", "mean"])
    needs(whole, ["date", "mean"])
    kept = levels_in(frame, levels)
    rows = _rows(frame, kept)
    if rows.duplicated(["date", "name"]).any():
        raise ValueError("A part stands twice on a date: a chart shows one forecast of each.")
    sizes = _sizes(rows, measure)
    shown = [name for name in sizes.index if name != UNKNOWN]
    shown = shown if len(shown) <= top + 1 else shown[: max(top, 1)]
    left = _left(rows, whole, shown, measure)
    others = len(sizes) - len(shown)
    title = _title(sizes, whole, measure, lower(title_of_by), every)
    title += _interval(sizes, total, levels, measure)
    ends = [pd.Timestamp(rows["date"].agg(end)) for end in ("min", "max")]
    by = re.sub("[^a-z0-9]+", "_", title_of_by.lower()).strip("_")
    return Figure(
        name=f"{measure.name}_forecast_by_{by}_and_{every}",
        title=title,
        subtitle=f"{header(measure)} by {lower(title_of_by)} and {every} · "
        f"forecast {period or briefly(*ends)} · over each tile its "
        f"{'sum' if adds_up(measure) else 'mean'}",
        chart=_chart(rows, left, shown, others, kept, measure, title_of_by, every),
        alt=_alt(title, sizes, left, measure),
        table=_table(rows, whole, sizes, kept, title_of_by, measure, every),
        notes=_notes(left, others, kept, measure, every),
        plot=Plot("line", capital(every), ("Expected",)),
    )


def _rows(frame: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    columns = ["mean", *(f"{side}_{level}" for level in levels for side in ("low", "high"))]
    return pd.DataFrame(
        {
            "date": pd.to_datetime(frame["date"]).to_numpy(),
            "name": text_of(frame["part"].astype("object")).to_numpy(),
            **{name: numbers(frame[name]) for name in columns},
        }
    ).sort_values("date", kind="stable", ignore_index=True)


def _sizes(rows: pd.DataFrame, measure: Quantity) -> pd.Series:
    """Return what every part comes to over the horizon, the greatest first."""
    groups = rows.groupby("name")["mean"]
    sizes = groups.sum(min_count=1) if adds_up(measure) else groups.mean()
    return sizes.sort_values(ascending=False, kind="stable", na_position="last")


def _left(
    rows: pd.DataFrame, whole: pd.DataFrame, shown: Sequence[str], measure: Quantity
) -> pd.DataFrame:
    """Return what the drawn parts leave of the whole, by ``date``; nothing where it is nothing."""
    if not adds_up(measure):
        return pd.DataFrame(columns=["date", "mean"])
    all_of_it = pd.Series(
        numbers(whole["mean"]).to_numpy(), index=pd.DatetimeIndex(pd.to_datetime(whole["date"]))
    )
    drawn = rows[rows["name"].isin(shown)].groupby("date")["mean"].sum(min_count=1)
    rest = (all_of_it - drawn.reindex(all_of_it.index).fillna(0.0)).sort_index()
    if rest.abs().fillna(0.0).max() <= 1e-6 * max(all_of_it.abs().max(), 1.0):
        return pd.DataFrame(columns=["date", "mean"])
    return pd.DataFrame({"date": rest.index, "mean": rest.to_numpy()})


# --- the words ------------------------------------------------------------------------------


def _title(sizes: pd.Series, whole: pd.DataFrame, measure: Quantity, what: str, every: Pace) -> str:
    named = sizes[sizes.index != UNKNOWN].dropna()
    if named.empty:
        return f"{measure.title}: no {what} has a forecast"
    most = float(named.iloc[0])
    opening = f"{most_of(measure)} in the next {times(whole['date'].nunique(), every)}"
    figure = f"{opening}: {called(str(named.index[0]), what)}, {amount(most, measure)}"
    if not adds_up(measure):
        least = f"; lowest: {called(str(named.index[-1]), what)}, {amount(named.iloc[-1], measure)}"
        return f"{figure}{least if len(named) > 1 else ''}"
    total = float(numbers(whole["mean"]).sum())
    share = f" ({as_percent(most / total)})" if total > 0 else ""
    return f"{figure} of {short_number(total, measure.unit, measure.decimals, spelt=True)}{share}"


def _interval(
    sizes: pd.Series, total: pd.DataFrame | None, levels: Sequence[int], measure: Quantity
) -> str:
    """Say how sure the sum of the part with most is, where its interval is known."""
    named = sizes[sizes.index != UNKNOWN].dropna()
    kept = levels_in(total, levels) if total is not None else ()
    if total is None or not kept or named.empty or not adds_up(measure):
        return ""
    mine = total[text_of(total["part"].astype("object")).eq(str(named.index[0]))]
    if mine.empty:
        return ""
    low, high = (float(mine[f"{side}_{kept[0]}"].iloc[0]) for side in ("low", "high"))
    if not (np.isfinite(low) and np.isfinite(high)):
        return ""
    return f", {kept[0]} % {within(low, high, measure)}"


def _alt(title: str, sizes: pd.Series, left: pd.DataFrame, measure: Quantity) -> str:
    places = max(measure.decimals, 1)
    said = [f"{name} {number(size, measure.unit, places)}" for name, size in sizes.head(8).items()]
    of = f"{'In all' if adds_up(measure) else 'On average'} by part: {'; '.join(said)}"
    rest = f". What the tiles leave of the whole: {number(left['mean'].sum(), decimals=1)}"
    return f"{title}. {of}{rest if len(left) else ''}."


def _notes(
    left: pd.DataFrame, others: int, levels: Sequence[int], measure: Quantity, every: Pace
) -> tuple[str, ...]:
    rest = (
        "Others are what the tiles leave of the whole; they have no interval, as those of parts "
        "cannot be added."
    )
    return tuple(
        filter(
            None,
            [
                "The parts add up to the forecast of the whole." * adds_up(measure),
                rest * bool(len(left)),
                f"{times(others, 'part')} not drawn cannot be added up; the table has them."
                if others and not adds_up(measure)
                else "",
                bands_in_words(levels, every),
            ],
        )
    )


def _table(
    rows: pd.DataFrame,
    whole: pd.DataFrame,
    sizes: pd.Series,
    levels: Sequence[int],
    title_of_by: str,
    measure: Quantity,
    every: Pace,
) -> pd.DataFrame:
    """Return every part day by day, the greatest first, and the whole at the end."""
    place = {name: at for at, name in enumerate(sizes.index)}
    ordered = rows.assign(place=rows["name"].map(place)).sort_values(["place", "date"])
    bounds = {
        f"{level} % interval: {'from' if side == 'low' else 'to'}": f"{side}_{level}"
        for level in levels
        for side in ("low", "high")
    }
    by = title_of_by if title_of_by not in {capital(every), "Expected", *bounds} else "Part"
    total = whole.sort_values("date")
    both = pd.concat(
        [ordered, pd.DataFrame({"date": pd.to_datetime(total["date"]), "name": "All",
                                "mean": numbers(total["mean"]).to_numpy()})],
        ignore_index=True,
    )  # fmt: skip
    return pd.DataFrame(
        {
            by: both["name"],
            capital(every): both["date"].dt.strftime("%Y-%m-%d"),
            "Expected": both["mean"].round(max(measure.decimals, 2)),
            **{title: both[name].round(max(measure.decimals, 1)) for title, name in bounds.items()},
        }
    )


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    rows: pd.DataFrame,
    left: pd.DataFrame,
    shown: Sequence[str],
    others: int,
    levels: Sequence[int],
    measure: Quantity,
    title_of_by: str,
    every: Pace,
) -> alt.LayerChart:
    keys = Keys([Key("expected", "Expected"), *key_of_bands(levels)])
    place = {name: at for at, name in enumerate(shown)}
    drawn = rows[rows["name"].isin(shown)].assign(tile=lambda some: some["name"].map(place))
    rest = f"Others ({others:,})" if others else "In no part"
    apart = left.assign(tile=len(shown), name=rest)
    scales = _scales(drawn, apart, measure)
    own = bool(len(left)) and scales[-1] != scales[0]
    names = [*shown, *([f"{rest}, own scale" if own else rest] if len(left) else [])]
    sums = _totals(drawn, apart, measure)
    mosaic = Mosaic(names, (3, 2), f"({keys.height} + 8)", keys.most + 8, _ROW, sums)
    both = pd.concat([drawn, apart]) if len(left) else drawn
    placed = _placed(both.reset_index(drop=True), scales, every)
    said = _said(placed, levels, measure, every)
    lines = [
        mark for at in range(len(names)) for mark in marks_up(at, scales[at][0], *scales[at][1:])
    ]
    tooltip = [
        alt.Tooltip("name:N", title=title_of_by),
        alt.Tooltip("when:N", title=capital(every)),
        alt.Tooltip("shown:N", title="Expected"),
        *(alt.Tooltip(f"within_{level}:N", title=f"{level} %") for level in levels),
    ]
    line = alt.MarkDef("line", aria=False, strokeWidth=2, strokeDash=CENTRE)
    dot = alt.MarkDef("point", filled=True, size=14, opacity=1)
    known = said[said["v"].notna()]
    layers = [
        mosaic.titles(title_of_by),
        *mosaic.levels(pd.DataFrame(lines)),
        *mosaic.bands(placed, levels),
        mosaic.place(line, known, detail="tile:N"),
        mosaic.place(dot, known, description=alt.Description("said:N"), tooltip=tooltip),
        mosaic.feet(ends_of(placed, every)),
        *keys.charts(),
    ]
    return alt.LayerChart(layer=[one for one in layers if len(one.data)], height=mosaic.height)


def _totals(drawn: pd.DataFrame, left: pd.DataFrame, measure: Quantity) -> list[str]:
    """Return what every tile comes to, or its mean where it does not add up."""
    parts = [drawn, left] if len(left) else [drawn]
    groups = pd.concat(parts).groupby("tile")["mean"]
    sizes = (groups.sum(min_count=1) if adds_up(measure) else groups.mean()).sort_index()
    return [number(size, measure.unit, places_of(pd.Series([size]), measure)) for size in sizes]


def _scales(
    drawn: pd.DataFrame, left: pd.DataFrame, measure: Quantity
) -> list[tuple[float, float, float]]:
    """Return of every tile the foot of its scale, the greatest figure and the top."""
    zero = measure.kind != "ratio"
    columns = [drawn[name] for name in drawn.columns if name not in ("date", "name", "tile")]
    figures: pd.Series = pd.concat(columns).dropna()
    greatest = float(figures.max()) if len(figures) else 1.0
    rest = left["mean"].dropna().astype("float64")
    fits = rest.empty or float(rest.max()) <= _OUT_OF_SCALE * max(greatest, 0.0)
    shared: pd.Series = pd.concat([figures, rest]) if fits else figures
    scales = [_scale(shared, zero)] * drawn["tile"].nunique()
    return [*scales, _scale(shared if fits else rest, zero)] if len(left) else scales


def _scale(figures: pd.Series, zero: bool) -> tuple[float, float, float]:
    if figures.empty:
        return 0.0, 1.0, 1.0
    low, high = reach(figures, from_zero=zero)
    return low, float(figures.max()), high


def _placed(
    both: pd.DataFrame, scales: Sequence[tuple[float, float, float]], every: Pace
) -> pd.DataFrame:
    """Return where in its tile each day lies, and each of its figures."""
    steps = (both["date"] - both["date"].min()).dt.days / STEP[every].days
    widest = float(steps.max()) + 1
    low = both["tile"].map(lambda tile: scales[int(tile)][0])
    span = both["tile"].map(lambda tile: scales[int(tile)][2]) - low
    bounds = [name for name in both.columns if name.startswith(("low_", "high_"))]
    shares = {f"at_{name}": (both[name] - low) / span for name in bounds}
    return both.assign(
        u=(steps + 0.5) / widest, half=0.5 / widest, v=(both["mean"] - low) / span, **shares
    )


def _said(
    placed: pd.DataFrame, levels: Sequence[int], measure: Quantity, every: Pace
) -> pd.DataFrame:
    places = places_of(placed["mean"], measure)
    said = placed.assign(
        when=[on_day(day, every, year=True) for day in placed["date"]],
        shown=[number(value, measure.unit, places) for value in placed["mean"]],
    )
    for level in levels:
        said[f"within_{level}"] = [
            f"{number(low, measure.unit, places)} to {number(high, measure.unit, places)}"
            if np.isfinite(low) and np.isfinite(high)
            else "none"
            for low, high in zip(said[f"low_{level}"], said[f"high_{level}"], strict=True)
        ]
    said["said"] = list(
        map("{}, {}: {} expected".format, said["name"], said["when"], said["shown"])
    )
    return said
