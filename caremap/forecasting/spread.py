"""What past forecasts' errors say of the next one: how large they are, and how they hang together.

Errors are divided by the square root of the mean (counts), which makes those of a quiet day and
of a busy one alike, and pooled over origins and steps: a dozen origins give a hundred errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Floats", "Spread", "spread_of"]

Floats = npt.NDArray[np.float64]

HALF_LIFE = 182.0
"""Days after which an error counts half: long enough for a dozen origins, short enough to notice
that errors have grown. Measured on seven hospital series: from 170 to 670 days it is all one."""
HORIZONS = 4.0
"""The half-life is at least as many horizons: twelve weeks ahead teach more slowly than two."""
FLOOR = 0.25
"""Least mean by which an error is scaled, as a fraction of the usual mean: one admission on a day
with next to none expected is no proof of wild errors."""
PRIOR_VARIANCE = 1.3
"""Variance over mean where no error is known: a little more than a Poisson's."""
PRIOR_COMMON, PRIOR_ORIGINS = 0.05, 4.0
"""Correlation of all days' errors before any is seen, and how many origins weigh as much."""
DECAYS = (0.3, 0.6, 0.8)
"""How fast what errors have in common may fade from one step to the next."""


@dataclass(frozen=True, eq=False)
class Spread:
    """How a model errs.

    Attributes
    ----------
    variance
        Variance of the scaled error for each step ahead.
    errors, weights
        Scaled errors of all steps with variance 1, ascending, and what each weighs (sum 1).
    origins
        How many independent origins stand behind them: recent ones weigh more, and those whose
        horizons overlap are not independent.
    common, passing, decay
        Errors of two steps that are k apart correlate by ``common + passing * decay ** k``.
    usual
        Usual mean of the past forecasts.
    """

    variance: Floats
    errors: Floats
    weights: Floats
    origins: float
    common: float
    passing: float
    decay: float
    usual: float

    @property
    def inflation(self) -> float:
        """By how much a spread learnt from so few errors must be widened (Student's t)."""
        alike = float(self.correlation().mean())  # 1 / days of one origin that count as independent
        return float(np.sqrt(1 + 2 * alike / max(self.origins, 1.0)))

    def quantiles(self, chances: Floats) -> Floats:
        """Return the quantiles of the pooled errors, for a variance of 1."""
        return np.interp(chances, np.cumsum(self.weights) - self.weights / 2, self.errors)

    def correlation(self) -> Floats:
        """Return how the errors of every two steps correlate."""
        steps = np.arange(len(self.variance))
        apart = np.abs(np.subtract.outer(steps, steps))
        common = max(self.common, -0.5 / len(steps))  # below that no such errors exist
        matrix: Floats = common + self.passing * self.decay**apart
        np.fill_diagonal(matrix, 1.0)
        return matrix


def spread_of(errors: pd.DataFrame, dates: pd.DatetimeIndex, *, counts: bool) -> Spread:
    """Return how a model errs over the steps to ``dates``, from its past forecasts.

    Parameters
    ----------
    errors
        Past forecasts: ``origin``, ``step`` (from 1), ``actual``, ``mean``. Rows without an actual
        or a mean are passed over.
    dates
        What is forecast: as many steps as there are dates.
    counts
        Whether errors grow with the square root of the mean.

    Returns
    -------
    Spread
        Without any error that of a Poisson and a little more.
    """
    known = errors[errors["actual"].notna() & errors["mean"].notna()]
    if known.empty:
        return _unknown(len(dates))
    usual = float(known["mean"].clip(lower=0).mean())
    paths = _paths(known, usual, counts)
    weight, origins = _weights(pd.DatetimeIndex(paths.index), dates)
    scaled = paths.to_numpy(dtype="float64")
    weights = np.where(np.isnan(scaled), 0.0, weight[:, None])
    scaled = np.nan_to_num(scaled)
    seen = paths.columns.to_numpy(dtype="float64")
    intercept, slope = _growth(scaled, weights, seen, origins)
    scaled = scaled / np.sqrt(intercept + slope * seen)
    order = np.argsort(scaled[weights > 0], kind="stable")
    pooled = weights[weights > 0][order]
    steps = np.clip(np.arange(1, len(dates) + 1), seen.min(), seen.max())
    return Spread(
        intercept + slope * steps,
        scaled[weights > 0][order],
        pooled / pooled.sum(),
        origins,
        *_dependence(scaled, weights, origins),
        usual,
    )


def _unknown(steps: int) -> Spread:
    """Return what is assumed where no forecast was ever checked: normal errors."""
    from scipy.special import ndtri

    normal = ndtri((np.arange(100) + 0.5) / 100)
    even = np.full(100, 0.01)
    variance = np.full(steps, PRIOR_VARIANCE)
    return Spread(variance, normal, even, 0.0, PRIOR_COMMON, 0.0, 0.5, 0.0)


def _paths(known: pd.DataFrame, usual: float, counts: bool) -> pd.DataFrame:
    """Return the scaled errors: a row per origin, in order, and a column per step."""
    mean = known["mean"].to_numpy(dtype="float64")
    unit = np.sqrt(np.maximum(mean, FLOOR * usual + 1e-9)) if counts else 1.0
    origins, row = np.unique(known["origin"].to_numpy(), return_inverse=True)
    step = known["step"].to_numpy(dtype="int64")
    paths = np.full((len(origins), int(np.ptp(step)) + 1), np.nan)
    paths[row, step - step.min()] = (known["actual"].to_numpy(dtype="float64") - mean) / unit
    columns = range(int(step.min()), int(step.max()) + 1)
    return pd.DataFrame(paths, index=pd.DatetimeIndex(origins), columns=columns)


def _weights(origins: pd.DatetimeIndex, dates: pd.DatetimeIndex) -> tuple[Floats, float]:
    """Return what each origin weighs, and how many independent ones they come to."""
    step = (dates[1] - dates[0]).days if len(dates) > 1 else 1
    horizon = float(step * len(dates))
    age = (origins[-1] - origins).days.to_numpy(dtype="float64")
    weights = 0.5 ** (age / max(HALF_LIFE, HORIZONS * horizon))
    apart = age[0] / max(len(origins) - 1, 1)
    overlap = min(1.0, apart / horizon) if len(origins) > 1 else 1.0
    return weights, float(max(1.0, overlap * weights.sum() ** 2 / (weights**2).sum()))


def _growth(
    scaled: Floats, weights: Floats, steps: Floats, origins: float
) -> tuple[np.float64, np.float64]:
    """Return the line on which the variance of errors lies from step to step: it never falls."""
    every = weights.sum(axis=0)
    variance = (weights * scaled**2).sum(axis=0) / np.maximum(every, 1e-12)
    middle, mean = np.average(steps, weights=every), np.average(variance, weights=every)
    around = float(np.average((steps - middle) ** 2, weights=every))
    slope = np.float64(0.0)
    if around > 0:
        slope = np.average((steps - middle) * (variance - mean), weights=every) / around
        slope = max(slope, np.float64(0.0)) * origins / (origins + PRIOR_ORIGINS)
        slope = min(slope, 0.75 * mean / (middle - steps[0]))  # the first step has a quarter left
    return max(mean - slope * middle, np.float64(1e-12)), slope


def _dependence(scaled: Floats, weights: Floats, origins: float) -> tuple[float, float, float]:
    """Return the correlation all errors of one origin share, that of neighbours, and its decay.

    The mean products of errors k steps apart, as a constant and a geometric decay from zero up:
    least squares, then drawn towards little correlation where origins are few. The constant may
    come out below zero by chance; cut off there, totals of independent days would be too wide.
    """
    apart = np.arange(1, scaled.shape[1])
    both = [(weights[:, k:] * (weights[:, :-k] > 0)).sum() for k in apart]
    products = [(weights[:, k:] * scaled[:, k:] * scaled[:, :-k]).sum() for k in apart]
    variance = (weights * scaled**2).sum() / weights.sum()
    trust = origins / (origins + PRIOR_ORIGINS)
    prior = (1 - trust) * PRIOR_COMMON
    if not np.sum(both) or variance <= 0:
        return prior, 0.0, DECAYS[0]
    correlations = np.array(products) / np.maximum(both, 1e-12) / variance
    pairs = np.array(both)
    fits = [(*_two(np.power(decay, apart), correlations, pairs), decay) for decay in DECAYS]
    _, common, passing, decay = min(fits)
    common, passing = trust * common + prior, trust * passing
    steps = scaled.shape[1]
    common = max(common, -0.5 / steps)
    sums = 1 + (steps - 1) * common + 2 * passing * ((steps - apart) * decay**apart).sum() / steps
    common = min(common + sums / steps / origins, 0.9)  # of sums there are as few as origins
    return common, min(passing, 0.95 - max(common, 0.0)), decay


def _two(fading: Floats, target: Floats, weights: Floats) -> tuple[float, float, float]:
    """Return the misfit of ``target`` to a + b * fading, and the best a and b, b from zero up."""
    one = np.ones_like(fading)

    def alone(column: Floats) -> float:
        return max(0.0, float((weights * column * target).sum() / (weights * column**2).sum()))

    level = float((weights * target).sum() / weights.sum())
    tried = [(level, 0.0), (0.0, alone(fading))]
    columns = np.column_stack([one, fading]) * np.sqrt(weights)[:, None]
    both = np.linalg.lstsq(columns, target * np.sqrt(weights), rcond=None)[0]
    if both[1] >= 0:
        tried.append((float(both[0]), float(both[1])))
    return min((float((weights * (target - a - b * fading) ** 2).sum()), a, b) for a, b in tried)
