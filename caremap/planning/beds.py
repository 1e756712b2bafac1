"""How many beds a load of patients takes, by the three rules in use."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import pandas as pd

from caremap.planning.ahead import CensusForecast
from caremap.planning.erlang import erlang_b

__all__ = ["Rule", "beds_needed", "beds_rules"]

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


def beds_rules(
    census: CensusForecast | float,
    staffed: float | None = None,
    *,
    occupancy: float = 85,
    quantile: float = 95,
    refusal: float = 2,
) -> pd.DataFrame:
    """Return the beds by each of the three rules, with what each would mean.

    Parameters
    ----------
    census
        The census ahead; its mean over the horizon is the load. Or a load of one's own: beds
        that would be taken if there were no end of them.
    staffed
        Beds there are, to stand beside.
    occupancy, quantile, refusal
        The levels, in percent: occupied, of nights, of arrivals.

    Returns
    -------
    pandas.DataFrame
        ``rule`` (``occupancy``, ``quantile``, ``refusal``, and ``staffed`` where beds there are
        were given), ``title`` (the rule in words), ``level`` (percent; NaN for the beds there
        are), ``beds``, ``occupancy`` (percent of these beds taken on average, once who finds
        none is refused) and ``refusal`` (percent of arrivals, by Erlang B).

    Raises
    ------
    ValueError
        As in `beds_needed`, and where beds there are are no whole number.

    Notes
    -----
    The rules are those of `beds_needed`. With a census ahead the quantile is taken over all of
    its nights and futures, so it knows of weekdays and of what the forecast does not know; of a
    load alone it is Poisson's. Erlang B takes the load as constant: where some nights are much
    fuller than others, more are refused on those.

    Examples
    --------
    >>> beds_rules(20, staffed=22).drop(columns="level").round(1)
            rule                     title  beds  occupancy  refusal
    0  occupancy             85 % occupied    24       77.8      6.6
    1   quantile  enough on 95 % of nights    28       70.1      1.9
    2    refusal               2 % refused    28       70.1      1.9
    3    staffed            beds there are    22       81.2     10.7
    """
    asked = {"occupancy": occupancy, "quantile": quantile, "refusal": refusal}
    for rule, percent in asked.items():
        if not 0 < percent < 100 and not (rule == "occupancy" and percent == 100):
            raise ValueError(f"{_LEVELS[rule]} has to be a percentage between 0 and 100.")
    levels = {rule: percent / 100 for rule, percent in asked.items()}
    load = float(census.frame["mean"].mean()) if isinstance(census, CensusForecast) else census
    beds: dict[str, float] = {
        rule: beds_needed(load, rule, levels[rule]) for rule in get_args(Rule)
    }
    if isinstance(census, CensusForecast):
        nights = census.samples.to_numpy("float64")
        beds["quantile"] = math.ceil(
            np.quantile(nights, levels["quantile"], method="inverted_cdf") - 1e-9
        )
    titles = {
        "occupancy": f"{occupancy:g} % occupied",
        "quantile": f"enough on {quantile:g} % of nights",
        "refusal": f"{refusal:g} % refused",
    }
    if staffed is not None:
        beds["staffed"], titles["staffed"] = staffed, "beds there are"
    refused = np.array([erlang_b(count, load) for count in beds.values()])
    counts = np.array(list(beds.values()), dtype="float64")
    taken = np.divide(
        load * (1 - refused), counts, out=np.full(len(counts), np.nan), where=counts > 0
    )
    return pd.DataFrame(
        {
            "rule": pd.Series(list(beds), dtype="str"),
            "title": pd.Series([titles[rule] for rule in beds], dtype="str"),
            "level": [100 * levels.get(rule, np.nan) for rule in beds],
            "beds": counts.astype("int64"),
            "occupancy": 100 * taken,
            "refusal": 100 * refused,
        }
    )


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
