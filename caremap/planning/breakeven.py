"""The volume at which revenue covers costs, with one fixed cost and with costs in steps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

__all__ = [
    "BACK_IN_LOSS", "BREAKS_EVEN", "Price", "Steps", "blended_price", "breakeven",
    "breakeven_steps", "volume_for_profit",
]  # fmt: skip

Array = np.ndarray[Any, Any]

Price = float | Mapping[str, tuple[float, float]] | pd.DataFrame
"""A price; or a payer mix: payer to (share, price), or a frame with ``share`` and ``price``."""

Steps = Mapping[float, float] | pd.DataFrame
"""Fixed cost added from a volume on: volume to cost, or a frame with ``from`` and ``fixed``."""

BREAKS_EVEN = "breaks even"
BACK_IN_LOSS = "back in loss"


def blended_price(prices: ArrayLike, shares: ArrayLike) -> float:
    """Return the mean price of a payer mix.

    Parameters
    ----------
    prices
        What each payer pays for a case (or a patient-day).
    shares
        How much of the volume each payer has: fractions, percentages or numbers of cases. They
        count relative to their sum.

    Returns
    -------
    float
        The prices' mean, weighted by the shares.

    Raises
    ------
    ValueError
        Where they are not as many as each other, none is above zero, or one is missing, infinite
        or below zero. The price of a payer without a share may be missing.

    Examples
    --------
    >>> blended_price([1250, 950], [25, 75])
    1025.0
    """
    weights = amounts(shares, "Every share of the payer mix")
    given = np.asarray(prices, dtype="object").ravel()
    if len(given) != len(weights):
        raise ValueError("The payer mix has to have one price for every share.")
    if not weights.sum() > 0:
        raise ValueError("At least one share of the payer mix has to be above 0.")
    paid = amounts(given[weights > 0], "Every price of the payer mix")
    weights = weights[weights > 0]
    return float((paid * weights).sum() / weights.sum())


def breakeven(fixed: float, variable: float, price: Price) -> float:
    """Return the volume at which revenue covers fixed and variable costs.

    Parameters
    ----------
    fixed
        Costs that are the same at any volume, of a span of time such as a year.
    variable
        Cost of one more unit of volume: of a case, or of a patient-day.
    price
        What is paid for one unit; or a payer mix, whose mean price counts (`blended_price`).

    Returns
    -------
    float
        Volume in the unit of ``variable`` and ``price``, over the span of ``fixed``. ``inf``
        where no volume does: a unit is paid no more than it costs. 0.0 where nothing is fixed
        and a unit is paid at least what it costs.

    Raises
    ------
    ValueError
        Where an amount is missing, infinite or below zero.

    Notes
    -----
    fixed / (price - variable), the contribution of one unit (cost-volume-profit analysis). It
    takes price and variable cost as the same at every volume.

    Examples
    --------
    >>> breakeven(10_000_000, 200, 1_000)
    12500.0
    >>> breakeven(52_800_000, 750, {"Insured": (25, 1_250), "Public": (75, 950)})
    192000.0
    >>> breakeven(1_000, 300, 200)
    inf
    """
    return volume_for_profit(fixed, variable, price, 0.0)


def volume_for_profit(fixed: float, variable: float, price: Price, profit: float) -> float:
    """Return the volume that leaves a profit.

    Parameters
    ----------
    fixed, variable, price
        As in `breakeven`.
    profit
        What is to be left over the span of ``fixed``; 0 or more.

    Returns
    -------
    float
        As `breakeven`.

    Raises
    ------
    ValueError
        As `breakeven`.

    Examples
    --------
    >>> volume_for_profit(10_000_000, 200, 1_000, 1_000_000)
    13750.0
    """
    contribution = price_of(price) - amount(variable, "The variable cost")
    covered = amount(fixed, "The fixed cost") + amount(profit, "The profit aimed at")
    if covered == 0 and contribution >= 0:
        return 0.0
    return covered / contribution if contribution > 0 else math.inf


def breakeven_steps(
    steps: Steps, variable: float, price: Price, *, whole: bool = False
) -> pd.DataFrame:
    """Return all volumes at which it breaks even, where fixed costs come in steps.

    Parameters
    ----------
    steps
        Fixed cost added from a volume on, that volume included: ``{0: 100, 50: 40}`` is 100 below
        50 and 140 from 50 on. Or a frame with ``from`` and ``fixed``. One volume given twice
        counts twice.
    variable, price
        As in `breakeven`.
    whole
        Whether volumes are whole numbers, as cases are.

    Returns
    -------
    pandas.DataFrame
        Stretches of volume in their order, from the first break-even on: ``volume`` (where it
        begins), ``to`` (where it ends: with ``whole`` its last case, else the volume it stays
        below; ``inf`` for the last) and ``kind``: ``breaks even`` (revenue covers costs from here
        on) or ``back in loss`` (a step of fixed cost puts it there). No row: it never does.

    Raises
    ------
    ValueError
        As `breakeven`; also where there is no step.

    Notes
    -----
    Worked out in fractions of the decimals as typed, so that no case is lost to rounding at the
    edge of a step.

    Examples
    --------
    >>> breakeven_steps({0: 100, 60: 40}, variable=3, price=5)
       volume    to          kind
    0    50.0  60.0   breaks even
    1    60.0  70.0  back in loss
    2    70.0   inf   breaks even
    """
    unit = _exact(price_of(price)) - _exact(amount(variable, "The variable cost"))
    stretches = []
    fixed, levels = Fraction(0), steps_of(steps)
    for place, (begin, added) in enumerate(levels):
        fixed += added
        end = levels[place + 1][0] if place + 1 < len(levels) else None
        stretches += _stretch(begin, end, fixed, unit, whole)
    return _merged(stretches, whole)


_Stretch = tuple[Fraction, Fraction | None, str]


def _stretch(
    begin: Fraction, end: Fraction | None, fixed: Fraction, unit: Fraction, whole: bool
) -> list[_Stretch]:
    """Return the part of one level of fixed cost that is in loss, and the part that is not."""
    if whole:
        begin, end = Fraction(math.ceil(begin)), None if end is None else Fraction(math.ceil(end))
    if begin == end:  # between two steps lies no whole case
        return []
    if unit > 0:
        turn = max(begin, Fraction(math.ceil(fixed / unit)) if whole else fixed / unit)
    elif unit == 0 and fixed == 0:
        turn = begin
    else:
        return [(begin, end, BACK_IN_LOSS)]
    parts: list[_Stretch] = []
    if turn > begin:
        parts = [(begin, turn if end is None else min(turn, end), BACK_IN_LOSS)]
    return [*parts, (turn, end, BREAKS_EVEN)] if end is None or turn < end else parts


def _merged(stretches: list[_Stretch], whole: bool) -> pd.DataFrame:
    """Return stretches as rows: neighbours of one kind are one, the first loss is none."""
    rows: list[list[Any]] = []
    for begin, end, kind in stretches:
        if rows and rows[-1][2] == kind:
            rows[-1][1] = end
        elif rows or kind == BREAKS_EVEN:
            rows.append([begin, end, kind])
    last = 1 if whole else 0
    return pd.DataFrame(
        {
            "volume": pd.Series([float(begin) for begin, _, _ in rows], dtype="float64"),
            "to": pd.Series(
                [math.inf if end is None else float(end - last) for _, end, _ in rows],
                dtype="float64",
            ),
            "kind": pd.Series([kind for _, _, kind in rows], dtype="str"),
        }
    )


# --- what is typed in ------------------------------------------------------------------------


def price_of(price: Price) -> float:
    """Return the price, or the mean price of a payer mix, or say what is wrong with it."""
    if isinstance(price, pd.DataFrame):
        for name in ("share", "price"):
            if name not in price:
                raise ValueError(f"The payer mix has no column '{name}'.")
        return blended_price(price["price"].to_numpy(), price["share"].to_numpy())
    if isinstance(price, Mapping):
        pairs = [tuple(pair) for pair in price.values()]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError("The payer mix has to give a share and a price for every payer.")
        return blended_price([paid for _, paid in pairs], [share for share, _ in pairs])
    return amount(price, "The price")


def steps_of(steps: Steps) -> list[tuple[Fraction, Fraction]]:
    """Return from which volume on how much fixed cost is added, in order, from volume 0."""
    if isinstance(steps, pd.DataFrame):
        for name in ("from", "fixed"):
            if name not in steps:
                raise ValueError(f"The steps of fixed cost have no column '{name}'.")
        pairs = list(zip(steps["from"], steps["fixed"], strict=True))
    else:
        pairs = list(steps.items())
    if not pairs:
        raise ValueError("There is no step of fixed cost.")
    levels = {Fraction(0): Fraction(0)}
    for begin, added in pairs:
        at = _exact(amount(begin, "The volume of every step of fixed cost"))
        levels[at] = levels.get(at, Fraction(0)) + _exact(amount(added, "Every step of fixed cost"))
    return sorted(levels.items())


def amount(value: Any, name: str) -> float:
    """Return a number of 0 or more, or say that it is none."""
    return float(amounts([value], name)[0])


def amounts(values: Any, name: str) -> Array:
    """Return numbers of 0 or more, or say that one of them is none."""
    try:
        found = np.asarray(values, dtype="float64").ravel()
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} has to be a number.") from error
    if not (np.isfinite(found).all() and (found >= 0).all()):
        raise ValueError(f"{name} has to be a number, 0 or more, not missing or infinite.")
    return found


def _exact(value: float) -> Fraction:
    """Return a number as it was typed: 0.1 is a tenth."""
    return Fraction(repr(float(value)))
