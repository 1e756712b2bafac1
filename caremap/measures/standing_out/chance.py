"""What chance explains: probabilities and 95 % intervals from sums, never from rows.

Each function says whose method it is. scipy is loaded on first use: it takes a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

__all__ = [
    "Difference",
    "adjusted",
    "eta_interval",
    "mann_whitney",
    "of_means",
    "of_shares",
    "one_mean",
    "spearman",
    "trend_of",
]

Array = np.ndarray[Any, Any]

_NORMAL = 1.959963984540054  # 97.5 % of the standard normal distribution


@dataclass(frozen=True)
class Difference:
    """A difference with its 95 % interval and the probability of one as large by chance."""

    value: float
    low: float
    high: float
    p: float


def adjusted(p: Sequence[float]) -> Array:
    """Return probabilities corrected for their number (Benjamini and Hochberg 1995).

    Examples
    --------
    >>> adjusted([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    from scipy.stats import false_discovery_control

    if not len(p):
        return np.array([])
    return cast(Array, false_discovery_control(np.clip(p, 0.0, 1.0), method="bh"))


def of_means(
    n: tuple[float, float], mean: tuple[float, float], variance: tuple[float, float]
) -> Difference:
    """Return the difference of two means (Welch 1947: unequal variances).

    Examples
    --------
    >>> found = of_means((10, 12), (5.0, 4.0), (1.0, 2.0))
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2), round(found.p, 3)
    (1.0, -0.08, 2.08, 0.067)
    """
    from scipy.stats import t

    value = mean[0] - mean[1]
    parts = variance[0] / n[0], variance[1] / n[1]
    squared = parts[0] + parts[1]
    if not squared > 0:
        return Difference(value, value, value, 1.0)
    freedom = squared**2 / (parts[0] ** 2 / (n[0] - 1) + parts[1] ** 2 / (n[1] - 1))
    error = float(np.sqrt(squared))
    reach = float(t.ppf(0.975, freedom)) * error
    return Difference(
        value, value - reach, value + reach, float(2 * t.sf(abs(value) / error, freedom))
    )


def mann_whitney(ranks: float, squares: float, n: float, total: float) -> float:
    """Return the probability of ranks as far from their mean as those of one group by chance.

    Parameters
    ----------
    ranks
        Sum of the ranks of the group, counted from the mean rank of all.
    squares
        Sum of the squares of all ranks, counted so: what makes it right for ties.
    n, total
        Rows of the group and of all.

    Notes
    -----
    Mann and Whitney (1947), normal approximation with ties, without continuity correction.

    Examples
    --------
    >>> round(mann_whitney(-2.0, 5.0, 2, 4), 4)
    0.1213
    """
    from scipy.stats import norm

    if not squares > 0 or not 0 < n < total:
        return 1.0
    error = np.sqrt(n * (total - n) / (total * (total - 1)) * squares)
    return float(2 * norm.sf(abs(ranks) / error))


def of_shares(
    events: tuple[float, float], n: tuple[float, float], alike: float = 1.0
) -> Difference:
    """Return the difference of two shares, each between 0 and 1.

    The probability is Fisher's exact one, the interval is Newcombe's (1998, from two Wilson
    intervals). ``alike`` is the design effect where rows come in bunches (several stays of a
    patient): both then count as that many fewer, and the probability is not below that of
    Pearson's chi-square divided by it (Rao and Scott 1981).

    Examples
    --------
    >>> found = of_shares((56, 48), (70, 80))
    >>> round(found.value, 2), round(found.low, 4), round(found.high, 4), round(found.p, 4)
    (0.2, 0.0524, 0.3339, 0.0125)
    """
    from scipy.stats import chi2, fisher_exact

    share = events[0] / n[0], events[1] / n[1]
    value = share[0] - share[1]
    ends = [_wilson(share[place], n[place] / alike) for place in (0, 1)]
    low = value - np.hypot(share[0] - ends[0][0], ends[1][1] - share[1])
    high = value + np.hypot(ends[0][1] - share[0], share[1] - ends[1][0])
    table = [[int(events[0]), int(n[0] - events[0])], [int(events[1]), int(n[1] - events[1])]]
    p = float(fisher_exact(table).pvalue)
    common = (events[0] + events[1]) / (n[0] + n[1])
    spread = common * (1 - common) * (1 / n[0] + 1 / n[1])
    if alike > 1 and spread > 0:
        p = max(p, float(chi2.sf(value**2 / spread / alike, 1)))
    return Difference(value, float(low), float(high), min(p, 1.0))


def _wilson(share: float, n: float) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z = _NORMAL
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return float(max(middle - reach, 0.0)), float(min(middle + reach, 1.0))


def spearman(correlation: float, n: int) -> Difference:
    """Return Spearman's rank correlation with its interval and probability.

    The probability is that of Student's t with n - 2, as in `scipy.stats.spearmanr`; the
    interval is Fisher's z with the standard error of Bonett and Wright (2000).

    Examples
    --------
    >>> found = spearman(0.5, 100)
    >>> round(found.low, 3), round(found.high, 3)
    (0.326, 0.641)
    """
    from scipy.stats import t

    if n < 4 or abs(correlation) >= 1:
        p = 0.0 if n > 2 and abs(correlation) >= 1 else float("nan")
        return Difference(correlation, float("nan"), float("nan"), p)
    error = np.sqrt((1 + correlation**2 / 2) / (n - 3))
    low, high = np.tanh(np.arctanh(correlation) + np.array([-1, 1]) * _NORMAL * error)
    statistic = correlation * np.sqrt((n - 2) / (1 - correlation**2))
    return Difference(correlation, float(low), float(high), float(2 * t.sf(abs(statistic), n - 2)))


def eta_interval(statistic: float, groups: int, n: int) -> Difference:
    """Return rank eta, sqrt(H / (n - 1)), with its interval and probability.

    H of Kruskal and Wallis (1952) is compared with chi-square; the interval is of those
    noncentral chi-squares of which H is neither in the lowest nor in the highest 2.5 %
    (Steiger 2004). As H has its number of groups less one even where there is no relation,
    the interval may lie below eta where groups are many: it is stretched to it.

    Examples
    --------
    >>> found = eta_interval(25.0, 4, 1001)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.158, 0.088, 0.215)
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    freedom = groups - 1
    value = float(np.sqrt(statistic / (n - 1)))

    def noncentrality(share: float) -> float:
        if chi2.cdf(statistic, freedom) <= share:
            return 0.0
        far = statistic + 20 * np.sqrt(statistic + freedom) + 50
        return float(brentq(lambda away: ncx2.cdf(statistic, freedom, away) - share, 1e-9, far))

    low, high = (np.sqrt(noncentrality(share) / (n - 1)) for share in (0.975, 0.025))
    p = float(chi2.sf(statistic, freedom))
    return Difference(value, float(min(low, 1.0)), float(min(max(high, value), 1.0)), p)


def one_mean(values: Array, against: float = 0.0, above: bool = False) -> Difference:
    """Return how far the mean of values that follow each other lies from a number.

    Student's t with the error and the degrees of freedom of values that resemble the one
    before, see `trend_of`. With ``above`` the probability is one-sided.

    Examples
    --------
    >>> found = one_mean(np.array([1.0, 2.0, 1.5, 2.5, 1.0, 2.0]))
    >>> round(found.value, 2), round(found.low, 2), round(found.p, 3)
    (1.67, 1.03, 0.001)
    """
    n = len(values)
    mean = float(values.mean()) - against
    residuals = values - values.mean()
    squares = float(residuals @ residuals)
    if n < 3 or squares <= 1e-12 * float(values @ values):
        return Difference(mean, mean, mean, 1.0)
    alike = _likeness(float(residuals[1:] @ residuals[:-1]) / squares, -1 / n, n, cautious=True)
    steps = np.arange(1, n)
    both = n + 2 * float(((n - steps) * alike**steps).sum())  # sum of all correlations
    error = float(np.sqrt(squares / (n - both / n) * both)) / n
    found = _student(mean, error, n - 1, alike)
    if not above:
        return found
    one_sided = found.p / 2 if found.value > 0 else 1 - found.p / 2
    return Difference(found.value, found.low, found.high, one_sided)


def trend_of(
    values: Array,
    design: Array,
    contrast: Array,
    places: Array | None = None,
    cautious: bool = False,
) -> Difference:
    """Return a combination of the coefficients of a regression on values in order of time.

    Ordinary least squares; the error is that of residuals of which each resembles the one
    before (first-order autoregression, its coefficient from the residuals, less what residuals
    of this design have anyway, corrected for their number after Kendall 1954, never below 0),
    and the degrees of freedom shrink by the same (Bayley and Hammersley 1946). Without this,
    what merely wanders would look like growth.

    Parameters
    ----------
    values
        One per period.
    design
        A row per period, a column per coefficient.
    contrast
        What is asked for: a number per coefficient.
    places
        Number of each period, where some are missing; by default they follow each other.
    cautious
        Take the likeness of neighbours one standard error higher than it was found.

    Examples
    --------
    >>> design = np.column_stack([np.ones(6), np.arange(6)])
    >>> found = trend_of(np.array([1.0, 3, 2, 4, 3, 6]), design, np.array([0.0, 1.0]))
    >>> round(found.value, 3), round(found.p, 3)
    (0.771, 0.037)
    """
    n, rank = design.shape
    inverse = np.linalg.pinv(design.T @ design)
    weights = contrast @ inverse @ design.T
    value = float(weights @ values)
    residuals = values - design @ (inverse @ (design.T @ values))
    squares = float(residuals @ residuals)
    if n <= rank or squares <= 1e-12 * float(values @ values):
        return Difference(value, value, value, 1.0)
    steps = np.arange(n) if places is None else places
    beside = np.diff(steps) == 1
    raw = float((residuals[1:] * residuals[:-1])[beside].sum()) / squares
    # What residuals of this design have without any likeness: the trace of lag times leverage.
    usual = -float(((design[1:] @ inverse) * design[:-1]).sum(axis=1)[beside].sum()) / (n - rank)
    alike = _likeness(raw, usual, n, cautious)
    likeness = alike ** np.abs(np.subtract.outer(steps, steps))
    left = n - float(np.trace(inverse @ (design.T @ likeness @ design)))
    error = float(np.sqrt(squares / left * (weights @ likeness @ weights)))
    return _student(value, error, n - rank, alike)


def _likeness(found: float, usual: float, n: int, cautious: bool) -> float:
    """Return how much a residual resembles the one before, corrected for their number."""
    alike = found - usual + 3 * max(found - usual, 0.0) / n
    alike += float(np.sqrt(1 / n)) if cautious else 0.0
    return float(np.clip(alike, 0.0, 0.95))


def _student(value: float, error: float, freedom: float, alike: float) -> Difference:
    """Return an estimate with its interval, its freedom lessened by what resembles."""
    from scipy.stats import t

    freedom = max(freedom * (1 - alike) / (1 + alike), 1.0)
    reach = float(t.ppf(0.975, freedom)) * error
    p = float(2 * t.sf(abs(value) / error, freedom)) if error > 0 else 1.0
    return Difference(value, value - reach, value + reach, p)
