"""What a chart shows, in words, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caremap.charts.points import NOTHING, SO_FAR, Every, capital, halves, points_of, span_of

__all__ = ["describe_trend"]


def describe_trend(
    frame: pd.DataFrame,
    measure: str,
    title: str,
    unit: str,
    *,
    every: Every = "month",
    decimals: int = 0,
) -> str:
    """Say in words what `trend_chart` shows: its alternative text.

    Parameters
    ----------
    frame, measure, title, unit, every, decimals
        As in `trend_chart`.

    Returns
    -------
    str
        The first and the last complete period, the highest and the lowest, what is not complete,
        and which periods have no figure.

    Raises
    ------
    ValueError
        As in `trend_chart`.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": pd.to_datetime(["2024-01-01", "2024-02-01"]),
    ...                       "admissions": [31.0, 12.0], "complete": [True, False]})
    >>> describe_trend(frame, "admissions", "Admissions by month", "admissions")
    'Admissions by month, in admissions. One complete month has a figure: 31 in January 2024.
    February 2024 is not complete: 12 so far.'
    """
    points = points_of(frame, measure, unit, every, decimals)
    known = points[points["value"].notna()]
    opening = f"{title}, in {unit}." if unit and unit != "%" else f"{title}."
    if known.empty:
        return f"{opening} {NOTHING[points.empty]}"
    whole, part = halves(points)
    sentences = [
        opening,
        _course(whole, every, gaps=len(known) < len(points)),
        *map(_unfinished, part["name"], part["shown"], part["state"]),
        _gaps(points.loc[points["value"].isna(), "name"].tolist(), every),
    ]
    return " ".join(filter(None, sentences))


def _course(whole: pd.DataFrame, every: Every, gaps: bool) -> str:
    """Say where the complete periods begin, end, and lie highest and lowest."""
    if whole.empty:
        return f"No complete {every} has a figure."
    shown, when = whole["shown"].tolist(), whole["when"].tolist()
    if len(whole) == 1:
        return f"One complete {every} has a figure: {shown[0]} {when[0]}."
    if len(set(shown)) == 1:
        span = span_of(whole["name"].tolist())
        return f"{shown[0]} in each of {len(whole)} complete {every}s, {span}."
    value = whole["value"].reset_index(drop=True)
    highest, lowest = (
        f"{shown[at]} {when[at]}{_also(shown.count(shown[at]) - 1, every)}"
        for at in (value.argmax(), value.argmin())
    )
    which = f"the first and the last complete {every}{' with a figure' if gaps else ''}"
    return (
        f"From {shown[0]} {when[0]} to {shown[-1]} {when[-1]}, {which}. "
        f"Highest {highest}; lowest {lowest}."
    )


def _also(others: int, every: Every) -> str:
    return f" and {others} other {every}{'s' if others > 1 else ''}" if others else ""


def _unfinished(name: str, shown: str, state: str) -> str:
    extent = "so far" if state == SO_FAR else "in the part there is"
    return f"{capital(name)} is not complete: {shown} {extent}."


def _gaps(names: Sequence[str], every: Every) -> str:
    if not names:
        return ""
    has = f"{len(names)} {every}s have" if len(names) > 1 else f"1 {every} has"
    listed = ", ".join(names) if len(names) <= 3 else f"the first {names[0]}, the last {names[-1]}"
    return f"{has} no figure: {listed}."
