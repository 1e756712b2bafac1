"""How many beds a load of patients takes, by the three rules in use."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np

__all__ = ["Rule", "beds_needed"]

Rule = Literal["occupancy", "quantile", "refusal"]

_USUAL: dict[str, float] = {"occupancy": 0.85, "quantile": 0.95, "refusal": 0.02}
_LEVELS = {
    "occupancy": "The occupancy aimed at",
    "quantile": "The share of nights on which beds are to suffice",
    "refusal": "The share of arrivals that may be refused",
}


def beds_needed(load: float, rule: Rule = "refusal", level: float | None = None) -> int:
    """Return the beds a load takes by one of three rules.

    Parameters
    ----------
    load
        Offered load, in beds: arrivals a day times the mean stay in days (the mean census if
        nobody were refused).
    rule
        ``refusal``: the fewest beds that refuse at most this share of arrivals (Erlang B).
        ``quantile``: the fewest beds that are enough on this share of nights, the census
        being Poisson about the load. ``occupancy``: the load divided by this occupancy.
    level
        Fraction from 0 to 1; by default 0.02 refused, 0.95 of nights, 0.85 occupied.

    Returns
    -------
    int
        Whole beds.

    Raises
    ------
    ValueError
        Where the rule is none of the three, the load is missing, infinite or below zero, or
        the level is not between 0 and 1.

    Notes
    -----
    85 % is a convention (Bagust, Place and Posnett, BMJ 1999, simulated one hospital of some
    200 beds), not a law: a small unit at 85 % turns away many, a large one hardly anybody.
    The Poisson census is that of Poisson arrivals who all find a bed (M/G/infinity), whatever
    the distribution of stays.

    Examples
    --------
    >>> [beds_needed(20, rule) for rule in ("occupancy", "quantile", "refusal")]
    [24, 28, 28]
    """
    if rule not in get_args(Rule):
        raise ValueError(f"The rule has to be one of {', '.join(get_args(Rule))}.")
    level = _USUAL[rule] if level is None else level
    if not 0 < level < 1 and not (rule == "occupancy" and level == 1):
        raise ValueError(f"{_LEVELS[rule]} has to be a fraction between 0 and 1, as 0.02 is.")
    if not (math.isfinite(load) and load >= 0):
        raise ValueError("The load has to be a number of beds, 0 or more, not missing or infinite.")
    if rule == "occupancy":
        return math.ceil(load / level - 1e-9)  # 17 / 0.85 is 20 beds, whatever its last digit
    if rule == "quantile":
        return _poisson_quantile(load, level)
    return _fewest(load, level)


def _fewest(load: float, refused: float) -> int:
    """Return the fewest beds that refuse no more than this share."""
    beds, blocked = 0, 1.0
    while blocked > refused:
        beds += 1
        blocked = load * blocked / (beds + load * blocked)
    return beds


def _poisson_quantile(mean: float, share: float) -> int:
    """Return the smallest number a Poisson variable does not exceed with this probability."""
    if mean == 0:
        return 0
    far = math.ceil(mean + 40 * math.sqrt(mean) + 40)
    log_odds = np.log(mean) - np.log(np.arange(1, far + 1))
    log_share = np.concatenate([[-mean], -mean + np.cumsum(log_odds)])
    reached = np.cumsum(np.exp(log_share))
    return int(np.searchsorted(reached, min(share, reached[-1]) - 1e-12))
