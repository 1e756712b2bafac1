"""Intervals that hold what they promise, for each day, for their sum, and possible futures.

The distribution of a day lies midway between two: the errors earlier forecasts have made (pooled
conformal prediction, Vovk et al. 2005, scaled by the square root of the mean) and a negative
binomial with their variance. The days are joined by the dependence those errors had over the
horizon, so that sums have intervals of their own: days err together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.forecasting.spread import FLOOR, Floats, Spread, spread_of

__all__ = ["intervals", "scored", "with_bounds"]

SCORES = np.linspace(-3.5, 3.5, 141)
"""Normal scores at which a day's distribution is held; between them it is a straight line."""
EMPIRICAL = 0.5
"""Weight of past errors against the negative binomial. Measured: either alone covers less truly."""
FEW = 2.0
"""A mean of as many halves the weight of past errors: they do not fall on whole numbers."""
THIN = 2.0
"""Below this standard deviation bounds are whole numbers: between two of them they would leave
the likeliest count out."""
LEAST = 3
"""Earlier origins without which the bounds of a past forecast cannot be told."""


def intervals(
    mean: pd.Series,
    errors: pd.DataFrame,
    levels: Sequence[int] = (80, 95),
    *,
    counts: bool = True,
    draws: int = 2000,
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """Return the intervals around a forecast, that of its total, and samples of possible futures.

    Parameters
    ----------
    mean
        The forecast: expected value by date (days, or first days of weeks), without gaps.
    errors
        Past forecasts of the same model, made without knowing what they are held against:
        ``origin`` (last day known), ``step`` (1 is the first after it), ``actual``, ``mean``; in
        any order, missing actuals are passed over. Recent ones weigh more. Without any (counts
        only) the spread is a little more than a Poisson's.
    levels
        Percent the central intervals are to hold.
    counts
        Whether the series counts: errors then grow with the square root of the mean. Otherwise
        (a mean length of stay) they are alike on all days, and the total is a mean.
    draws
        How many samples; an even number.

    Returns
    -------
    frame : pandas.DataFrame
        ``date``, ``mean``, and ``low_80``, ``high_80``, ... for every level, in the unit of
        ``mean``. Bounds of counts need not be whole numbers and are never below zero; where days
        differ by one or two only, they are whole, and hold at least the percentage. The mean lies
        within: where next to nobody comes and the quantile is 0, the mean itself is the bound.
    total : pandas.Series
        ``mean`` and the same bounds for the sum over the horizon (not counts: its mean).
    samples : pandas.DataFrame
        A row per possible future and a column per date; whole numbers for counts. The bounds are
        their quantiles (to half a unit for counts).

    Raises
    ------
    ValueError
        Where ``mean`` is empty or has gaps, a count is below zero, a level is not between 0 and
        100, a column is missing, or what is not counts has no errors.

    Examples
    --------
    >>> days = pd.date_range("2024-01-29", periods=7)
    >>> mean = pd.Series(20.0, index=days)
    >>> past = pd.DataFrame({"origin": pd.Timestamp("2024-01-21"), "step": range(1, 8),
    ...                      "actual": [14, 26, 20, 17, 23, 25, 15], "mean": 20.0})
    >>> frame, total, samples = intervals(mean, past, levels=[80])
    >>> frame.set_index("date").loc["2024-02-04"].round(1).to_dict()
    {'mean': 20.0, 'low_80': 13.0, 'high_80': 27.3}
    >>> total.round(0).to_dict()
    {'mean': 140.0, 'low_80': 114.0, 'high_80': 166.0}
    >>> samples.shape
    (2000, 7)
    """
    _refuse(mean, errors, levels, counts)
    dates = pd.DatetimeIndex(mean.index)
    expected = mean.to_numpy(dtype="float64")
    spread = spread_of(errors, dates, counts=counts)
    floored = counts or not (pd.concat([errors["actual"], mean]) < 0).any()
    curves = _distributions(expected, spread, counts, floored)
    frame = pd.DataFrame({"date": dates, "mean": expected})
    frame = frame.assign(**_bounds(curves, expected, spread, levels, counts))
    samples = _futures(curves, spread, draws)
    samples = np.rint(samples) if counts else samples
    sums, total = (
        (samples.sum(axis=1), expected.sum())
        if counts
        else (
            samples.mean(axis=1),
            expected.mean(),
        )
    )
    edges = {
        name: float(_holding(name, np.quantile(sums, chance), total))
        for name, chance in _edges(levels).items()
    }
    return (
        frame,
        pd.Series({"mean": float(total), **edges}, name="total"),
        pd.DataFrame(samples, columns=dates.rename("date")),
    )


def _holding(name: str, edge: Floats, mean: Floats) -> Floats:
    """Return a bound beyond which the mean does not lie."""
    return np.minimum(edge, mean) if name.startswith("low") else np.maximum(edge, mean)


def with_bounds(
    errors: pd.DataFrame,
    levels: Sequence[int] = (80, 95),
    *,
    counts: bool = True,
    since: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Return past forecasts with the intervals that would have stood beside them.

    Parameters
    ----------
    errors
        As for `intervals`, with ``date``: the day (or first day of the week) forecast. One model.
    levels, counts
        As for `intervals`.
    since
        The first origin bounds are wanted for; without it the first of all.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``low_80``, ``high_80``, ... At each origin only errors of days up to
        it are used; missing where fewer than three earlier origins are known, and before
        ``since``.

    Examples
    --------
    >>> day = pd.Timestamp("2024-01-01")
    >>> past = pd.DataFrame({"origin": [day + pd.Timedelta(days=7 * k) for k in range(5)],
    ...                      "step": 1, "actual": [9, 12, 10, 8, 11], "mean": 10.0})
    >>> past = past.assign(date=past["origin"] + pd.Timedelta(days=1))
    >>> with_bounds(past, [80])["high_80"].round(1).tolist()
    [nan, nan, nan, 14.0, 13.0]
    """
    bounds = [pd.DataFrame(columns=list(_edges(levels)), dtype="float64")]
    scores = _between(levels)
    wanted = errors if since is None else errors[errors["origin"] >= since]
    came = errors[errors["actual"].notna()]
    for origin, rows in wanted.groupby("origin"):
        known = came[(came["date"] <= origin) & (came["origin"] < origin)]
        if known["origin"].nunique() < LEAST:
            continue
        rows = rows[rows["mean"].notna()].sort_values("step")
        expected = rows["mean"].to_numpy(dtype="float64")
        spread = spread_of(known, pd.DatetimeIndex(rows["date"]), counts=counts)
        floored = counts or not (known["actual"] < 0).any()
        curves = _distributions(expected, spread, counts, floored, scores)
        found = _bounds(curves, expected, spread, levels, counts, scores)
        bounds.append(pd.DataFrame(found, index=rows.index))
    return errors.join(pd.concat(bounds[1:] or bounds))


def scored(errors: pd.DataFrame, levels: Sequence[int] = (80, 95)) -> dict[str, float]:
    """Return how well the intervals of past forecasts held.

    Parameters
    ----------
    errors
        ``actual`` and, for every level, ``low_80``, ``high_80``, ... (see `with_bounds`).
    levels
        Percent the intervals were to hold.

    Returns
    -------
    dict of str to float
        ``coverage_80`` (percent of days within the interval) and ``winkler_80`` (mean interval
        score, in the unit of the series: the width, and for a day outside 2 / (1 - level) times
        its distance; lower is better; Winkler 1972) for every level. Days without an actual or
        without bounds do not count; NaN where none is left.

    Examples
    --------
    >>> past = pd.DataFrame({"actual": [5, 9, 20], "low_80": [4, 4, 4], "high_80": [10, 10, 10]})
    >>> {name: round(value, 1) for name, value in scored(past, [80]).items()}
    {'coverage_80': 66.7, 'winkler_80': 39.3}
    """
    found: dict[str, float] = {}
    for level in levels:
        low, high = f"low_{level}", f"high_{level}"
        known = errors.dropna(subset=["actual", low, high])
        below = (known[low] - known["actual"]).clip(lower=0)
        above = (known["actual"] - known[high]).clip(lower=0)
        outside = 2 / (1 - level / 100) * (below + above)
        found[f"coverage_{level}"] = 100 * float(((below + above) == 0).mean())
        found[f"winkler_{level}"] = float((known[high] - known[low] + outside).mean())
        if known.empty:
            found[f"coverage_{level}"] = found[f"winkler_{level}"] = float("nan")
    return found


def _refuse(mean: pd.Series, errors: pd.DataFrame, levels: Sequence[int], counts: bool) -> None:
    """Say what is wrong with what was given."""
    missing = [name for name in ("origin", "step", "actual", "mean") if name not in errors]
    if missing:
        raise ValueError(f"The past forecasts lack {', '.join(missing)}.")
    if mean.empty or mean.isna().any():
        raise ValueError("A forecast needs an expected value for every date.")
    if counts and (mean < 0).any():
        raise ValueError("The expected value of a count is not below zero.")
    if not all(0 < level < 100 for level in levels):
        raise ValueError(f"Levels are percentages between 0 and 100, got {list(levels)}.")
    if not counts and errors.dropna(subset=["actual", "mean"]).empty:
        raise ValueError("Without past forecasts nothing is known of their errors.")


def _edges(levels: Sequence[int]) -> dict[str, float]:
    """Return the name and the chance of every bound."""
    return {
        f"{side}_{level}": 0.5 + sign * level / 200
        for level in levels
        for side, sign in (("low", -1), ("high", 1))
    }


def _between(levels: Sequence[int]) -> Floats:
    """Return the scores between which the bounds lie: for bounds alone no others are needed."""
    from scipy.special import ndtri

    after = np.searchsorted(SCORES, ndtri(list(_edges(levels).values())))
    inside = np.clip(np.concatenate([after - 1, after]), 0, len(SCORES) - 1)
    return np.asarray(SCORES[np.unique(inside)])


def _distributions(
    mean: Floats, spread: Spread, counts: bool, floored: bool, scores: Floats = SCORES
) -> Floats:
    """Return the quantiles at normal scores (rows) of every date (columns)."""
    from scipy.special import ndtr

    chances = ndtr(scores)
    deviation = np.sqrt(spread.variance) * spread.inflation
    past = spread.quantiles(chances)[:, None] * deviation
    if not counts:
        curves = mean + EMPIRICAL * past + (1 - EMPIRICAL) * scores[:, None] * deviation
    else:
        unit = np.sqrt(np.maximum(mean, FLOOR * spread.usual))
        weight = EMPIRICAL * mean / (mean + FEW)
        counted = _counts(mean, deviation**2, chances)
        curves = weight * (mean + unit * past) + (1 - weight) * counted
    return np.maximum(curves, 0.0) if floored else curves


def _counts(mean: Floats, dispersion: Floats, chances: Floats) -> Floats:
    """Return quantiles (rows) of counts with ``dispersion`` times a Poisson's variance.

    Whole numbers spread evenly over half a unit to either side, so that quantiles move smoothly:
    a negative binomial, a Poisson where there is no more variance than that. Its limit, a gamma
    distribution, for large means; where they vary clearly less than a Poisson (patients in
    house), that too.
    """
    from scipy import stats

    level = chances[:, None]
    excess = np.maximum(dispersion, 1.0001) - 1
    law = stats.nbinom(np.clip(mean, 1e-6, 500.0) / excess, 1 / (1 + excess))
    whole = law.ppf(level)
    share = law.pmf(whole)
    within = (level - (law.cdf(whole) - share)) / np.maximum(share, 1e-300)
    counted = whole - 0.5 + np.clip(within, 0.0, 1.0)
    limit = (mean > 500) | ((mean > 10) & (dispersion < 0.8))
    if not limit.any():
        return np.asarray(counted)
    smooth = stats.gamma.ppf(level, np.maximum(mean, 1e-6) / dispersion, scale=dispersion)
    return np.asarray(np.where(limit, smooth, counted))


def _bounds(
    curves: Floats,
    mean: Floats,
    spread: Spread,
    levels: Sequence[int],
    counts: bool,
    scores: Floats = SCORES,
) -> dict[str, Floats]:
    """Return the bounds of every level, for every date."""
    from scipy.special import ndtri

    thin = np.sqrt(spread.variance * mean) < THIN if counts else np.zeros(len(mean), dtype=bool)
    found = {}
    for name, chance in _edges(levels).items():
        edge = np.array([np.interp(ndtri(chance), scores, curve) for curve in curves.T])
        found[name] = _holding(name, np.where(thin, np.rint(edge), edge), mean)
    return found


def _futures(curves: Floats, spread: Spread, draws: int) -> Floats:
    """Return samples (rows) of all dates (columns): a Gaussian copula over the distributions.

    Every date's draws are spread evenly over its distribution (a Latin hypercube), so that
    their quantiles are the bounds; only their order is chance, and it is the same at every call.
    """
    from scipy.special import ndtri

    steps = curves.shape[1]
    half = np.random.default_rng(20).standard_normal((draws // 2, steps))
    joined = half @ np.linalg.cholesky(spread.correlation()).T
    ranks = np.vstack([joined, -joined]).argsort(axis=0).argsort(axis=0)
    scores = ndtri((ranks + 0.5) / ranks.shape[0])
    columns = [np.interp(scores[:, k], SCORES, curves[:, k]) for k in range(steps)]
    return np.column_stack(columns)
