"""One comparison that was tested, in figures and in words, and how numbers are written there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

__all__ = ["SMALL", "Comparison", "Compared", "interval", "period_name", "percent", "written"]

SMALL = 30
"""Groups of fewer stays than this are not compared."""

FEW = 10
"""Patients counted that are this few or fewer are not told (CMS cell rule)."""


@dataclass(frozen=True)
class Comparison:
    """A figure compared with another one, and whether chance explains the difference.

    Attributes
    ----------
    code, measure, subject
        What kind of comparison, of which measure, and what it is about.
    figure, comparison, effect, low, high
        The two figures, their difference and its 95 % interval, in ``unit``.
    n
        Stays (visits, days, periods) behind the figure.
    p
        Probability of a difference as large by chance alone.
    sentence, caution
        What to say, and what it is not.
    few
        Whether it rests on 1 to 10 patients: it is counted, but not told.
    chart
        Whether it stands out on its chart too; others are tested but never told.
    """

    code: str
    measure: str
    subject: str
    figure: float
    comparison: float
    effect: float
    low: float
    high: float
    unit: str
    n: int
    p: float
    sentence: str
    caution: str
    few: bool = False
    chart: bool = True

    @property
    def assured(self) -> float:
        """How large the difference is at least, as a share of what it is compared with."""
        if not self.low * self.high > 0:
            return 0.0
        base = abs(self.comparison) or 100.0
        return min(abs(self.low), abs(self.high)) / base


@dataclass(frozen=True)
class Compared:
    """What a kind of comparison gave: the comparisons, and what is to be said of them."""

    comparisons: tuple[Comparison, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def together(cls, parts: Iterable[Compared]) -> Compared:
        """Put several into one, each note once."""
        taken = list(parts)
        notes = dict.fromkeys(note for part in taken for note in part.notes)
        return cls(tuple(one for part in taken for one in part.comparisons), tuple(notes))


def written(value: float) -> str:
    """Write a number as people read it: as many decimals as mean something.

    Examples
    --------
    >>> written(12345.6), written(123.4), written(12.34), written(1.234), written(-0.5)
    ('12,346', '123.4', '12.3', '1.23', '-0.5')
    """
    size = abs(value)
    decimals = 0 if size >= 1000 else 1 if size >= 10 else 2
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def percent(share: float) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.1234), percent(0.0123), percent(1.5)
    ('12.3 %', '1.2 %', '150 %')
    """
    value = 100 * share
    return f"{value:,.0f} %" if abs(value) >= 100 else f"{value:.1f} %"


def interval(low: float, high: float, unit: str = "", decimals: int | None = None) -> str:
    """Write the interval of a difference as both of its ends without a sign.

    Examples
    --------
    >>> interval(-1.2, -0.8, "points")
    '95 % interval 0.8 to 1.2 points'
    """
    ends: Sequence[float] = (low, high) if low >= 0 else (-high, -low)
    texts = [written(end) if decimals is None else f"{end:,.{decimals}f}" for end in ends]
    return f"95 % interval {texts[0]} to {texts[1]}{' ' if unit else ''}{unit}"


def period_name(start: pd.Timestamp, every: str) -> str:
    """Name a period in a sentence.

    Examples
    --------
    >>> period_name(pd.Timestamp("2024-03-01"), "month")
    'March 2024'
    >>> period_name(pd.Timestamp("2024-03-04"), "week")
    'the week from 4 Mar 2024'
    """
    if every == "month":
        return f"{start:%B %Y}"
    return f"the week from {start.day} {start:%b %Y}"
