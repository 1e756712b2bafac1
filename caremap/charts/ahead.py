"""What is known and what is expected after it, as charts draw it and words tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from caremap.charts.figure import Quantity
from caremap.charts.frames import needs, numbers
from caremap.charts.look import NO_FIGURE, number
from caremap.charts.points import MONTHS

__all__ = [
    "STEP",
    "Ahead",
    "Pace",
    "ahead_of",
    "briefly",
    "known_of",
    "levels_in",
    "on_day",
    "places_of",
    "within",
]

Pace = Literal["day", "week"]

STEP = {"day": pd.Timedelta(days=1), "week": pd.Timedelta(days=7)}
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()  # not from the locale: the words are English
_FEW = 20  # expected counts below this are written with a decimal: 2.4 a day is neither 2 nor 3
_LEAST = {"day": 0.05, "week": 0.03}  # of their mean, by which the extremes must lie apart


@dataclass(frozen=True, eq=False)
class Ahead:
    """A series up to the last value known, and what is expected after it.

    Attributes
    ----------
    known
        ``date``, ``value`` (missing: no figure), ``name``, ``shown``, ``said``.
    ahead
        ``date``, ``value`` (what is expected), for every level ``low_80`` and ``high_80``,
        ``name``, ``shown``, ``said``, the intervals in words as ``within_80``, and ``mark``:
        "high" or "low" where it is the busiest or quietest of its seven days, else empty.
    levels
        Of the intervals, the narrowest first.
    every
        What one step is.
    places
        Decimals of what is expected.
    """

    known: pd.DataFrame
    ahead: pd.DataFrame
    levels: tuple[int, ...]
    every: Pace
    places: int

    @property
    def start(self) -> pd.Timestamp:
        """The first day or week that is forecast."""
        return pd.Timestamp(self.ahead["date"].iloc[0])

    @property
    def peak(self) -> pd.Series | None:
        """The highest of what is expected; None where it does not stand out."""
        return self._extreme("high")

    @property
    def quiet(self) -> pd.Series | None:
        """The lowest of what is expected; None where it does not stand out."""
        return self._extreme("low")

    def _extreme(self, mark: str) -> pd.Series | None:
        marked = self.ahead[self.ahead["mark"].eq(mark)]
        if marked.empty:
            return None
        value = marked["value"]
        return marked.iloc[int(value.argmax() if mark == "high" else value.argmin())]


def ahead_of(
    history: pd.Series,
    frame: pd.DataFrame,
    measure: Quantity,
    every: Pace,
    levels: Sequence[int],
    *,
    centre: str = "mean",
) -> Ahead:
    """Return history and forecast as rows to draw.

    Parameters
    ----------
    history
        What is known, by date; gaps are missing.
    frame
        ``date``, the column of what is expected, ``low_80``, ``high_80``, ...
    measure
        What was forecast.
    every
        What one step is.
    levels
        Percent that the intervals hold; those of which the frame has no column are left out.
    centre
        The column of what is expected.

    Raises
    ------
    ValueError
        Where a column is missing, a date stands twice, or ``every`` is neither day nor week.
    """
    if every not in STEP:
        raise ValueError(f"every is one of {', '.join(STEP)}, got {every!r}")
    needs(frame, ["date", centre])
    kept = levels_in(frame, levels)
    ordered = frame.sort_values("date", kind="stable").reset_index(drop=True)
    if ordered["date"].duplicated().any():
        raise ValueError(f"A {every} stands in several rows: a chart shows one forecast.")
    ahead = pd.DataFrame(
        {"date": pd.to_datetime(ordered["date"]), "value": numbers(ordered[centre])}
    )
    for level in kept:
        for side in ("low", "high"):
            ahead[f"{side}_{level}"] = numbers(ordered[f"{side}_{level}"])
    places = places_of(ahead["value"], measure)
    ahead["name"] = [on_day(day, every, year=True) for day in ahead["date"]]
    ahead["shown"] = [number(value, measure.unit, places) for value in ahead["value"]]
    for level in kept:
        ahead[f"within_{level}"] = [
            within(low, high, measure, places)
            for low, high in zip(ahead[f"low_{level}"], ahead[f"high_{level}"], strict=True)
        ]
    ahead["said"] = [
        f"{row['name']}: {row['shown']} expected"
        + "".join(f", {level} % {row[f'within_{level}']}" for level in kept)
        for _, row in ahead.iterrows()
    ]
    ahead["mark"] = _marks(ahead["value"], every)
    known = known_of(history, measure, every)
    return Ahead(known[known["date"].lt(ahead["date"].iloc[0])], ahead, kept, every, places)


def known_of(history: pd.Series, measure: Quantity, every: Pace) -> pd.DataFrame:
    """Return a series as rows to draw, in order."""
    ordered = history.sort_index()
    known = pd.DataFrame({"date": pd.to_datetime(ordered.index), "value": numbers(ordered)})
    known["name"] = [on_day(day, every, year=True) for day in known["date"]]
    known["shown"] = [number(value, measure.unit, measure.decimals) for value in known["value"]]
    known["said"] = list(map("{}: {}".format, known["name"], known["shown"]))
    return known


def levels_in(frame: pd.DataFrame, levels: Sequence[int]) -> tuple[int, ...]:
    """Return the levels whose bounds a frame has, the narrowest first.

    Examples
    --------
    >>> levels_in(pd.DataFrame(columns=["low_80", "high_80"]), (95, 80))
    (80,)
    """
    return tuple(
        level for level in sorted(set(levels))
        if {f"low_{level}", f"high_{level}"} <= set(frame.columns)
    )  # fmt: skip


def places_of(values: pd.Series, measure: Quantity) -> int:
    """Return the decimals of what is expected: few whole things are expected in parts.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> places_of(pd.Series([2.4]), MEASURES["admissions"])
    1
    >>> places_of(pd.Series([240.4]), MEASURES["admissions"])
    0
    """
    highest = values.abs().max()
    return max(measure.decimals, 1) if np.isfinite(highest) and highest < _FEW else measure.decimals


def within(low: float, high: float, measure: Quantity, places: int | None = None) -> str:
    """Say between which bounds something lies: "between 268 and 313".

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> within(268.2, 312.6, MEASURES["admissions"])
    'between 268 and 313'
    >>> within(4.2, 5.12, MEASURES["length_of_stay"])
    'between 4.2 and 5.1'
    """
    whole = all(float(one).is_integer() for one in (low, high) if np.isfinite(one))
    places = measure.decimals if places is None or whole else places
    ends = [number(end, measure.unit, places) for end in (low, high)]
    return NO_FIGURE if NO_FIGURE in ends else f"between {ends[0]} and {ends[1]}"


def on_day(day: pd.Timestamp, every: Pace, *, year: bool = False) -> str:
    """Call a day or a week what people call it.

    Examples
    --------
    >>> on_day(pd.Timestamp("2026-05-04"), "day"), on_day(pd.Timestamp("2026-05-04"), "week")
    ('Mon 4 May', 'week of 4 May')
    """
    date = f"{day.day} {MONTHS[day.month - 1][:3]}{f' {day.year}' if year else ''}"
    return f"{_WEEKDAYS[day.weekday()]} {date}" if every == "day" else f"week of {date}"


def briefly(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Say from when to when; a month or a year that is the same stands only once.

    Examples
    --------
    >>> briefly(pd.Timestamp("2026-04-27"), pd.Timestamp("2026-05-10"))
    '27 April to 10 May 2026'
    >>> briefly(pd.Timestamp("2026-04-27"), pd.Timestamp("2026-04-29"))
    '27 to 29 April 2026'
    """
    ends = [f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in (first, last)]
    if first == last:
        return ends[0]
    same_month = f" {MONTHS[last.month - 1]} {last.year}"
    return f"{ends[0].removesuffix(same_month).removesuffix(f' {last.year}')} to {ends[1]}"


def _marks(value: pd.Series, every: Pace) -> list[str]:
    """Return which steps are the highest and lowest of their seven days, or of all weeks."""
    marks = [""] * len(value)
    block = 7 if every == "day" else len(value)
    for start in range(0, len(value), block):
        part = value.iloc[start : start + block]
        if part.count() < max(2, block / 2):
            continue
        middle = abs(float(part.mean()))
        if part.max() - part.min() < _LEAST[every] * middle or part.max() == part.min():
            continue
        marks[start + int(part.argmax())] = "high"
        marks[start + int(part.argmin())] = "low"
    return marks
