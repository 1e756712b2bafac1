"""Peaks by weekday and season, growth, and periods unlike the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from caremap.measures.standing_out.chance import Array, one_mean, trend_of
from caremap.measures.standing_out.control import POINTS, against_others, charted
from caremap.measures.standing_out.series import Daily, whole_periods
from caremap.measures.standing_out.tested import (
    FEW,
    Compared,
    Comparison,
    interval,
    percent,
    period_name,
    written,
)

__all__ = ["growth", "seasons", "unusual", "weekdays"]

WEEKS = 12
"""Whole weeks a weekday is judged by, at least."""

MONTHS = 18
"""Whole months growth is judged by, at least: six of them a year after another."""

SEASONS = ("Dec-Feb", "Mar-May", "Jun-Aug", "Sep-Nov")

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_NOT_WHY = "Says nothing of the cause."


def weekdays(daily: Daily) -> Compared:
    """Compare every weekday with the other six of the same weeks.

    Within a week, so that neither growth nor season enters; Student's t over the weeks, whose
    differences vary as much as the counts really do, whatever their distribution.
    """
    weeks = _weeks(daily.frame)
    called = daily.measure
    if len(weeks) < WEEKS:
        why = f"Weekdays of {called} need {WEEKS} whole weeks, there are {len(weeks)}."
        return Compared(notes=(why,))
    found = []
    for place, name in enumerate(_DAYS):
        own, rest = weeks[:, place], np.delete(weeks, place, axis=1).mean(axis=1)
        if not rest.mean() > 0:
            continue
        gap = one_mean(own - rest)
        more = "more" if gap.value > 0 else "fewer"
        share = abs(gap.value) / rest.mean()
        found.append(
            Comparison(
                "weekday", called, name, float(own.mean()), float(rest.mean()), gap.value,
                gap.low, gap.high, f"{called} a day", len(weeks), gap.p,
                f"{name} have {percent(share)} {more} {called} than the other days: "
                f"{written(own.mean())} a day against {written(rest.mean())} "
                f"(difference {written(abs(gap.value))}, {interval(gap.low, gap.high)}; "
                f"{len(weeks):,} whole weeks).",
                "Public holidays are not taken out.",
            )
        )  # fmt: skip
    return Compared(tuple(found))


def _weeks(frame: pd.DataFrame) -> Array:
    """Return the counts of whole weeks, one row each, from Monday."""
    if frame.empty:
        return np.empty((0, 7))
    begin = int((7 - frame["date"].dt.day_of_week.iloc[0]) % 7)
    values = frame["value"].to_numpy("float64")[begin:]
    weeks = values[: len(values) // 7 * 7].reshape(-1, 7)
    whole: Array = weeks[~np.isnan(weeks).any(axis=1)]
    return whole


def seasons(daily: Daily) -> Compared:
    """Compare every season with the rest of the year, growth taken out.

    A regression of the logarithm of admissions a day, by month, on time and season.
    """
    months, called = _rates(daily), daily.measure
    each = months["season"].value_counts().reindex(range(4)).fillna(0)
    if len(months) < 24 or each.min() < 6:
        why = f"Seasons of {called} need two whole years, there are {len(months)} whole months."
        return Compared(notes=(why,))
    season = months["season"].to_numpy()
    design = np.column_stack([season[:, None] == np.arange(4), months["year"]]).astype("float64")
    found = []
    for place, name in enumerate(SEASONS):
        contrast = np.append(np.where(np.arange(4) == place, 1.0, -1 / 3), 0.0)
        share = trend_of(months["log"].to_numpy(), design, contrast, months["step"].to_numpy())
        rate = months["rate"].to_numpy()
        own, rest = float(rate[season == place].mean()), float(rate[season != place].mean())
        value, low, high = (float(np.expm1(end)) for end in (share.value, share.low, share.high))
        more = "more" if value > 0 else "fewer"
        found.append(
            Comparison(
                "season", called, name, 100 * value, 0.0, 100 * value, 100 * low, 100 * high,
                "%", len(months), share.p,
                f"{name} has {percent(abs(value))} {more} {called} a day than the rest of the "
                f"year ({_ends(low, high)}; {written(own)} a day against {written(rest)} as "
                f"counted; {len(months)} whole months).",
                f"Growth over the years is taken out. {_NOT_WHY}",
            )
        )  # fmt: skip
    return Compared(tuple(found))


def growth(daily: Daily) -> Compared:
    """Return how much the counts grew a year, the same months compared.

    A regression of the logarithm of admissions a day, by month, on time, with every month of
    the year at its own level: whole months only, season taken out.
    """
    months, called = _rates(daily), daily.measure
    if len(months) < MONTHS:
        why = f"Growth of {called} needs {MONTHS} whole months, there are {len(months)}."
        return Compared(notes=(why,))
    month = months["period"].dt.month.to_numpy()
    levels = month[:, None] == np.unique(month)
    design = np.column_stack([levels, months["year"]]).astype("float64")
    contrast = np.append(np.zeros(levels.shape[1]), 1.0)
    share = trend_of(
        months["log"].to_numpy(), design, contrast, months["step"].to_numpy(), cautious=True
    )
    value, low, high = (float(np.expm1(end)) for end in (share.value, share.low, share.high))
    first, last = (period_name(months["period"].iloc[place], "month") for place in (0, -1))
    what = "grew" if value > 0 else "fell"
    return Compared(
        (
            Comparison(
                "growth", called, "All", 100 * value, 0.0, 100 * value, 100 * low, 100 * high,
                "% a year", len(months), share.p,
                f"{called.capitalize()} {what} by {percent(abs(value))} a year from {first} to "
                f"{last} ({_ends(low, high)}; {len(months)} whole months, the same months of "
                f"the year compared).",
                f"A straight line through what may have come in steps. {_NOT_WHY}",
            ),
        )
    )  # fmt: skip


def _ends(low: float, high: float) -> str:
    ends = (low, high) if low >= 0 else (-high, -low)
    return f"95 % interval {100 * ends[0]:.1f} to {100 * ends[1]:.1f} %"


def _rates(daily: Daily) -> pd.DataFrame:
    """Return counts a day of whole months, with where each lies in time."""
    months = whole_periods(daily, "month")
    months = months[months["value"] > 0]
    period = months["period"]
    step = period.dt.year * 12 + period.dt.month
    rate = months["value"] / months["days"]
    return months.assign(
        rate=rate,
        log=np.log(rate.astype("float64")),
        step=step.astype("int64"),
        year=(step - step.mean()) / 12 if len(step) else step.astype("float64"),
        season=(period.dt.month % 12 // 3).astype("int64"),
    )


def unusual(
    points: pd.DataFrame, measure: str, title: str, unit: str, every: str, flow: bool
) -> Compared:
    """Return the periods of an XmR chart, each compared with all others.

    Parameters
    ----------
    points
        ``period``, ``value`` and ``days`` of whole periods, see `series.whole_periods`.
    measure, title, unit
        What it is, in a word and in a sentence.
    every
        ``week`` or ``month``.
    flow
        Whether the value grows with the days of the period.
    """
    if len(points) < POINTS:
        why = f"Unusual {every}s of {title} need {POINTS} whole {every}s, there are {len(points)}."
        return Compared(notes=(why,))
    values = points["value"].to_numpy("float64")
    days = points["days"].to_numpy("float64") if flow else np.ones(len(points))
    chart = charted(values, days, measure)
    return Compared(tuple(_points(points, chart, measure, title, unit, every, days, flow)))


def _points(
    points: pd.DataFrame, chart: pd.DataFrame, measure: str, title: str, unit: str, every: str,
    days: Array, flow: bool,
) -> Iterator[Comparison]:  # fmt: skip
    from scipy.stats import t

    stays = points["n"].to_numpy("float64") if "n" in points else np.full(len(points), np.nan)
    values = points["value"].to_numpy("float64")
    _, mean, error = against_others(values / days)
    reach = float(t.ppf(0.975, len(values) - 2)) * error
    for place, (line, start) in enumerate(
        zip(chart.itertuples(index=False), points["period"], strict=True)
    ):
        value, usual = float(values[place]), float(mean[place] * days[place])
        gap, around = value - usual, float(reach[place] * days[place])
        side = "above" if gap > 0 else "below"
        name = period_name(start, every)
        yield Comparison(
            "special-cause", measure, name[0].upper() + name[1:], value, usual, gap,
            gap - around, gap + around, unit, len(values), float(line.p),  # type: ignore[arg-type]
            f"{title[0].upper()}{title[1:]} in {name}: {written(value)} {unit}, {side} the usual "
            f"{written(line.lower)} to {written(line.upper)} "  # type: ignore[arg-type]
            f"(mean of the others {written(usual)}, difference {written(abs(gap))}, "
            f"{interval(gap - around, gap + around)}; {len(values)} whole {every}s).",
            f"Season is not taken out. {_NOT_WHY}",
            few=0 < (value if flow else float(stays[place])) <= FEW,
            chart=bool(line.signal),
        )  # fmt: skip
