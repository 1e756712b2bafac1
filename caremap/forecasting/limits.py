"""The best any forecast can do on counts, so that nobody chases noise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["attainable"]


def attainable(
    expected: npt.ArrayLike, actual: npt.ArrayLike | None = None, scale: float | None = None
) -> dict[str, float]:
    """Return the scores of a forecaster who knows the mean of every day of a Poisson process.

    What is left is chance: of a hundred patients expected, ten more or fewer come. A forecast may
    be luckier on few days; no forecast is better on many, unless arrivals are booked.

    Parameters
    ----------
    expected
        Expected counts of the scored days (the best forecast's). Missing ones are passed over.
    actual
        What came on those days: for ``r2``. Without it the means themselves say how days differ.
    scale
        Mean absolute error of the same weekday a week before in the history: for ``mase``.

    Returns
    -------
    dict of str to float
        ``r2`` (0 at least: an average of the days themselves needs no knowledge), ``mase``,
        ``mae`` and ``rmse`` (patients); NaN where something is missing for it.

    Raises
    ------
    ValueError
        Where a mean is below zero.

    Notes
    -----
    Mean absolute deviation of a Poisson: 2 exp(-m) m^(k+1) / k!, k the whole part of m
    (Ramasubban 1958).

    Examples
    --------
    >>> found = attainable([16.0, 36.0], scale=6.0)
    >>> {name: round(value, 2) for name, value in found.items()}
    {'r2': 0.79, 'mase': 0.66, 'mae': 3.97, 'rmse': 5.1}
    """
    from scipy.stats import poisson

    mean = np.asarray(expected, dtype=np.float64).ravel()
    came = np.full(len(mean), np.nan) if actual is None else np.asarray(actual, np.float64).ravel()
    known = ~np.isnan(mean) if actual is None else ~(np.isnan(mean) | np.isnan(came))
    mean, came = mean[known], came[known]
    if (mean < 0).any():
        raise ValueError("The expected value of a count is not below zero.")
    if not len(mean):
        return dict.fromkeys(("r2", "mase", "mae", "rmse"), float("nan"))
    whole = np.floor(mean)
    mae = float(np.mean(2 * (whole + 1) * poisson.pmf(whole + 1, mean)))
    noise = float(mean.mean())
    varying = noise + float(mean.var()) if actual is None else float(came.var())
    return {
        "r2": max(0.0, 1 - noise / varying) if varying > 0 else float("nan"),
        "mase": mae / scale if scale else float("nan"),
        "mae": mae,
        "rmse": float(np.sqrt(noise)),
    }
