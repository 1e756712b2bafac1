"""A figure frame as what charts draw and words tell: one row per period, by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from caremap.charts.frames import hidden_of, needs, numbers
from caremap.charts.look import MASKED_FIGURE, number
from caremap.hidden import HIDDEN

__all__ = [
    "MANY",
    "MONTHS",
    "NOTHING",
    "PART",
    "SO_FAR",
    "Every",
    "capital",
    "halves",
    "points_of",
    "span_of",
    "whole_column",
]

Every = Literal["day", "week", "month", "quarter", "year"]

_FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
MONTHS = (
    "January February March April May June July August September October November December"
).split()  # not from the locale: the words of the page are English everywhere
MANY = 60  # periods that leave no room for gaps and large points
SO_FAR, PART = "so far", "only a part"
NOTHING = {True: "There is no period to show.", False: "No period has a figure."}
_WHEN = {"day": "on", "week": "in the"}


def points_of(
    frame: pd.DataFrame, measure: str, unit: str, every: Every, decimals: int
) -> pd.DataFrame:
    """Return one row per period: where it lies, its figure, and what to call it."""
    if every not in _FREQUENCIES:
        raise ValueError(f"every is one of {', '.join(_FREQUENCIES)}, got {every!r}")
    needs(frame, ["period", measure, "complete"], rows=False)
    ordered = frame.sort_values("period").reset_index(drop=True)
    start = pd.to_datetime(ordered["period"])
    end = pd.Series(
        [moment.to_period(_FREQUENCIES[every]).end_time.ceil("D") for moment in start],
        dtype="datetime64[us]",
    )
    value = numbers(ordered[measure])
    hidden = hidden_of(ordered, value)
    written = [number(figure, unit, decimals) for figure in value]
    gap = (end - start) * (0.1 if len(start) <= MANY else 0)
    complete = ordered["complete"].astype("bool")
    unfinished = np.where(complete.index == len(complete) - 1, SO_FAR, PART)
    points = pd.DataFrame(
        {
            "start": start,
            "end": end,
            "left": start + gap,
            "days": (end - start) / pd.Timedelta(days=1),
            "middle": start + (end - start) / 2,
            "right": end - gap,
            "value": value,
            "shown": np.where(hidden, MASKED_FIGURE, written),
            HIDDEN: hidden,
            "complete": complete,
            "name": [_name(moment, every) for moment in start],
            "when": [f"{_WHEN.get(every, 'in')} {_name(moment, every)}" for moment in start],
            "code": [_code(moment, every) for moment in start],
            "state": np.where(complete, f"whole {every}", unfinished),
        }
    )
    said = map("{}: {}, {}".format, points["name"], points["shown"], points["state"])
    return points.assign(said=list(said))


def _name(start: pd.Timestamp, every: Every) -> str:
    """Call a period what people call it."""
    day = f"{start.day} {MONTHS[start.month - 1]} {start.year}"
    return {
        "day": day,
        "week": f"week of {day}",
        "month": f"{MONTHS[start.month - 1]} {start.year}",
        "quarter": f"Q{start.quarter} {start.year}",
        "year": f"{start.year}",
    }[every]


def _code(start: pd.Timestamp, every: Every) -> str:
    """Write a period so that it sorts, as tables have it."""
    if every == "quarter":
        return f"{start.year}Q{start.quarter}"
    return start.strftime({"month": "%Y-%m", "year": "%Y"}.get(every, "%Y-%m-%d"))


def whole_column(value: pd.Series, decimals: int) -> pd.Series:
    """Return a column of a table: whole numbers as such, the rest with no more than it needs."""
    known = value.dropna()
    if decimals == 0 and known.eq(known.round()).all() and known.abs().lt(2**53).all():
        return value.round().astype("Int64")
    return value.round(max(decimals, 2))


def span_of(names: Sequence[str]) -> str:
    """Say from when to when, a year that is the same only once."""
    first, last = names[0], names[-1]
    if first == last:
        return first
    year = last[-5:]
    return f"{first.removesuffix(year)} to {last}"


def halves(points: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures of complete periods, and those of the others."""
    known = points[points["value"].notna()]
    return known[known["complete"]], known[~known["complete"]]


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
