"""Amounts in a currency the file does not name: how they are written, and put on an axis."""

from __future__ import annotations

import math
from typing import Any

from caremap.charts.look import INKED, NO_FIGURE, short_number

__all__ = ["AMOUNT", "in_thousands", "money", "money_with_sign"]

AMOUNT = "Currency as given"
"""What an axis of amounts is called."""

_SHORT = "replace(replace(format(datum.value, '~s'), 'G', 'bn'), 'M', 'm')"


def money(value: float) -> str:
    """Write an amount for a title or a lane: below nothing is below zero.

    Examples
    --------
    >>> money(1_250_000), money(-375_000), money(8.25), money(float("inf"))
    ('1.25 million', '-375,000', '8.25', 'no figure')
    """
    if not math.isfinite(value):
        return NO_FIGURE
    small = abs(value) < 100 and abs(value - round(value)) > 1e-9
    return short_number(value, decimals=2 if small else 0, spelt=True)


def money_with_sign(value: float) -> str:
    """Say whether an amount is a loss or a margin.

    Examples
    --------
    >>> money_with_sign(-8), money_with_sign(1_000), money_with_sign(0)
    ('a loss of 8', 'a margin of 1,000', 'neither loss nor margin')
    """
    if not math.isfinite(value):
        return NO_FIGURE
    if not value:
        return "neither loss nor margin"
    return f"{'a loss' if value < 0 else 'a margin'} of {money(abs(value))}"


def in_thousands() -> dict[str, Any]:
    """Return the options of an axis of amounts or large counts: 0, 5k, 10m."""
    return {"labelExpr": f"datum.value === 0 ? '0' : {_SHORT}", "tickCount": 5, **INKED}
