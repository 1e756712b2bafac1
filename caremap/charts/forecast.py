"""A forecast with what went before it: how much to expect, how sure that is, and when most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.charts.ahead import STEP, Ahead, Pace, ahead_of, briefly, levels_in, on_day, within
from caremap.charts.course import course
from caremap.charts.figure import Figure, Plot, Quantity
from caremap.charts.look import adds_up, header, lower, number, times, unit_of
from caremap.charts.points import capital, whole_column
from caremap.charts.words import amount

__all__ = ["bands_in_words", "forecast_figure", "recent", "table_of_course"]

_LEAST_BACK = {"day": 42, "week": 26}
_MOST_BACK = 370  # steps of history drawn, whatever is asked for


def forecast_figure(
    history: pd.Series,
    frame: pd.DataFrame,
    measure: Quantity,
    *,
    every: Pace,
    levels: Sequence[int] = (80, 95),
    total: pd.Series | None = None,
    title: str = "",
    period: str = "",
    back: int | None = None,
) -> Figure:
    """Return a forecast after the history it was made from.

    Parameters
    ----------
    history
        The series as it was used, by date; gaps are missing.
    frame
        ``date``, ``mean``, ``low_80``, ``high_80``, ... in the unit of the measure.
    measure
        What was forecast.
    every
        What one step is: ``day`` or ``week``.
    levels
        Percent that the intervals hold.
    total
        ``mean``, ``low_80``, ``high_80``, ... of the sum over the horizon (of an average: of its
        mean). Without it the title has no interval: those of single days do not add up.
    title
        In place of the one that is made.
    period
        What is forecast and what is known, in words.
    back
        How many days or weeks of history are drawn; by itself six weeks or half a year at least,
        and four times the horizon.

    Returns
    -------
    Figure
        The title says how much to expect, between which bounds, and the busiest day.

    Raises
    ------
    ValueError
        Where a column is missing, there is no row, or a date stands twice.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> known = pd.Series(20.0, index=pd.date_range("2026-03-02", "2026-04-26"))
    >>> days = pd.date_range("2026-04-27", periods=7)
    >>> ahead = pd.DataFrame({"date": days, "mean": [26.0, 22, 21, 21, 21, 15, 14]})
    >>> total = pd.Series({"mean": 140.0, "low_80": 128.0, "high_80": 153.0})
    >>> forecast_figure(known, ahead, MEASURES["admissions"], every="day", total=total).title
    'Expect 140 admissions in the next 7 days, 80 % between 128 and 153; busiest Mon 27 Apr'
    """
    whole = ahead_of(history, frame, measure, every, levels)
    drawn = recent(whole, back)
    counts = measure.kind != "ratio"
    title = title or _title(whole, measure, total, levels)
    return Figure(
        name=f"{measure.name}_forecast_by_{every}",
        title=title,
        subtitle=" · ".join([f"{header(measure)} by {every}", period or _spans(whole)]),
        chart=course(drawn, measure, from_zero=counts),
        alt=_alt(title, drawn, measure),
        table=table_of_course(drawn, measure),
        notes=_notes(whole, drawn, measure),
        plot=Plot("line", capital(every), _drawn_columns(drawn, measure)),
    )


def recent(whole: Ahead, back: int | None) -> Ahead:
    """Return the forecast with the last part of its history."""
    wanted = max(_LEAST_BACK[whole.every], 4 * len(whole.ahead)) if back is None else max(back, 0)
    cut = whole.start - STEP[whole.every] * min(wanted, _MOST_BACK)
    known = whole.known[whole.known["date"].ge(cut)].reset_index(drop=True)
    return Ahead(known, whole.ahead, whole.levels, whole.every, whole.places)


def _spans(whole: Ahead) -> str:
    first, last = (pd.Timestamp(whole.ahead["date"].iloc[at]) for at in (0, -1))
    step = STEP[whole.every] - STEP["day"]
    said = f"forecast {briefly(first, last + step)}"
    if whole.known.empty:
        return said
    until = pd.Timestamp(whole.known["date"].iloc[-1]) + step
    return f"{said}, known to {briefly(until, until)}"


def _title(whole: Ahead, measure: Quantity, total: pd.Series | None, levels: Sequence[int]) -> str:
    """Say how much to expect over the horizon, how sure that is, and when most."""
    span = f"in the next {times(len(whole.ahead), whole.every)}"
    values = whole.ahead["value"]
    added = adds_up(measure)
    if total is None:
        figure, bounds = float(values.sum(min_count=len(values)) if added else values.mean()), ""
    else:
        figure, bounds = float(total["mean"]), _bounds(total, measure, levels, added=added)
    if not np.isfinite(figure):
        return (
            f"{measure.title}: no forecast for the whole of the next {len(values)} {whole.every}s"
        )
    places = measure.decimals if figure >= 20 or not added else max(measure.decimals, 1)
    if added and not unit_of(measure):
        written = amount(figure, measure) if figure >= 20 else number(figure, decimals=places)
        opening = f"Expect {written} {lower(measure.title)} {span}"
    else:
        mean = "" if added else " on average"
        opening = f"{measure.title}: expect {amount(figure, measure)}{mean} {span}"
    return f"{opening}{bounds}{_peak(whole, measure)}"


def _bounds(total: pd.Series, measure: Quantity, levels: Sequence[int], *, added: bool) -> str:
    kept = levels_in(total.to_frame().T, levels)
    if not kept:
        return ""
    low, high = (float(total[f"{side}_{kept[0]}"]) for side in ("low", "high"))
    if added and max(abs(low), abs(high)) >= 1e6:
        return f", {kept[0]} % between {amount(low, measure)} and {amount(high, measure)}"
    return f", {kept[0]} % {within(low, high, measure)}"


def _peak(whole: Ahead, measure: Quantity) -> str:
    peak = whole.peak
    if peak is None:
        return ""
    most = "busiest" if adds_up(measure) and not unit_of(measure) else "highest"
    the = "the " if whole.every == "week" else ""
    return f"; {most} {the}{on_day(peak['date'], whole.every)}"


def _alt(title: str, drawn: Ahead, measure: Quantity) -> str:
    ahead, known = drawn.ahead, drawn.known["value"].dropna()
    said = [title, *_known_in_words(known, drawn, measure)]
    for row, which in ((drawn.peak, "Highest"), (drawn.quiet, "lowest")):
        if row is not None:
            said.append(f"{which} {row['said']}")
    if drawn.peak is None and len(ahead):
        said.append(f"Every {drawn.every} about the same: {ahead['shown'].iloc[0]}")
    return ". ".join(text[:1].upper() + text[1:] for text in said) + "."


def _known_in_words(known: pd.Series, drawn: Ahead, measure: Quantity) -> list[str]:
    if known.empty:
        return []
    low, middle, high = (
        number(value, measure.unit, places)
        for value, places in (
            (known.min(), measure.decimals),
            (known.mean(), max(measure.decimals, 1)),
            (known.max(), measure.decimals),
        )
    )
    return [f"The last {times(len(known), f'{drawn.every}')} known had {low} to {high}, "
            f"on average {middle}"]  # fmt: skip


def bands_in_words(levels: Sequence[int], every: Pace) -> str:
    """Say what the bands hold.

    Examples
    --------
    >>> bands_in_words((80, 95), "day")
    'Of 100 days, 80 should lie within the darker band and 95 within the lighter one.'
    """
    if not levels:
        return ""
    if len(levels) == 1:
        return f"Of 100 {every}s, {levels[0]} should lie within the band."
    return (
        f"Of 100 {every}s, {levels[0]} should lie within the darker band "
        f"and {levels[-1]} within the lighter one."
    )


def _notes(whole: Ahead, drawn: Ahead, measure: Quantity) -> tuple[str, ...]:
    gaps = int(drawn.known["value"].isna().sum())
    left = len(whole.known) - len(drawn.known)
    added = (
        f"The bounds of single {whole.every}s do not add up to those of the total: "
        f"{whole.every}s are high or low together."
    )
    return tuple(
        filter(
            None,
            [
                bands_in_words(whole.levels, whole.every),
                added * (adds_up(measure) and bool(whole.levels)),
                f"{times(gaps, whole.every)} of those drawn {'has' if gaps == 1 else 'have'} no "
                "figure, which is not zero." * bool(gaps)
                if gaps
                else "",
                f"Drawn are the last {times(len(drawn.known), whole.every)} known of "
                f"{len(whole.known):,}." * bool(left and len(drawn.known)),
            ],
        )
    )


def table_of_course(
    drawn: Ahead, measure: Quantity, expected: str = "Expected", extra: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return history and forecast as people read them, one row per day or week.

    Parameters
    ----------
    drawn
        What the chart shows.
    measure
        What it counts.
    expected
        The header of what is expected.
    extra
        More columns, by date.
    """
    known, ahead = drawn.known, drawn.ahead
    dates = pd.concat([known["date"], ahead["date"]], ignore_index=True)
    columns: dict[str, object] = {
        capital(drawn.every): dates.dt.strftime("%Y-%m-%d"),
        "Weekday": [on_day(day, "day").split()[0] for day in dates],
    }
    if drawn.every == "week":
        columns.pop("Weekday")
    both = len(known), len(ahead)
    columns[header(measure)] = whole_column(_padded(known["value"], 0, both[1]), measure.decimals)
    columns[expected] = _padded(ahead["value"], both[0], 0).round(max(drawn.places, 1))
    for level in drawn.levels:
        for side in ("low", "high"):
            name = f"{level} % interval: {'from' if side == 'low' else 'to'}"
            columns[name] = _padded(ahead[f"{side}_{level}"], both[0], 0).round(
                max(drawn.places, 1)
            )
    table = pd.DataFrame(columns)
    if extra is not None:
        for name in extra.columns:
            table[name] = extra[name].reindex(dates).to_numpy()
    return table


def _padded(values: pd.Series, before: int, after: int) -> pd.Series:
    """Return values with so many missing ones before and after them."""
    return pd.Series([np.nan] * before + values.tolist() + [np.nan] * after, dtype="float64")


def _drawn_columns(drawn: Ahead, measure: Quantity) -> tuple[str, ...]:
    sides = [f"{level} % interval: {end}" for level in drawn.levels for end in ("from", "to")]
    return (header(measure), "Expected", *sides)
