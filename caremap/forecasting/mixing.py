"""One forecast out of several: each weighs as much as its past errors allow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caremap.forecasting.history import Floats

__all__ = ["mixed", "weights"]

POWER = 4.0
"""How sharply weights fall with the mean squared error. From 1 to 8 it makes little difference."""
RECENT = 12
"""Past origins that count."""
TRUST = 3.0
"""Past origins at which the power is half of `POWER`: few errors say little about which is best."""


def weights(errors: Floats) -> Floats:
    """Return what each model weighs, by its errors at past origins.

    Parameters
    ----------
    errors
        Models by origins (in order) by steps; missing where there was no value.

    Returns
    -------
    numpy.ndarray
        One per model, sum 1: proportional to a power of the mean squared error of the last
        `RECENT` origins; all alike where no error is known.

    Examples
    --------
    >>> weights(np.array([[[1.0, -1.0]], [[2.0, 2.0]]])).round(2)
    array([0.8, 0.2])
    >>> weights(np.ones((2, 0, 7)))
    array([0.5, 0.5])
    """
    recent = errors[:, -RECENT:]
    origins = recent.shape[1]
    seen = ~np.isnan(recent)
    if not seen.any():
        return np.full(len(errors), 1 / len(errors))
    squares = np.nansum(recent**2, axis=(1, 2)) / seen.sum(axis=(1, 2))
    squares = np.maximum(squares / squares.mean(), 1e-6) if squares.any() else squares + 1
    share = squares ** (-POWER * origins / (origins + TRUST))
    found: Floats = share / share.sum()
    return found


def mixed(forecasts: Floats, values: Floats, origins: Sequence[int]) -> tuple[Floats, Floats]:
    """Return the mix at every origin, weighted by errors on days before it only.

    Parameters
    ----------
    forecasts
        Models by origins by steps.
    values
        The series: the first day after an origin is at that position. Days past its end have
        no error.
    origins
        How many values are known at each, ascending.

    Returns
    -------
    forecasts : numpy.ndarray
        Origins by steps.
    weights : numpy.ndarray
        Origins by models.
    """
    steps = forecasts.shape[2]
    padded = np.concatenate([values, np.full(steps, np.nan)])
    actual = np.array([padded[origin : origin + steps] for origin in origins])
    errors = actual - forecasts
    ends = np.array(origins) + steps
    shares = np.array([weights(errors[:, ends <= origin]) for origin in origins])
    return np.einsum("om,moh->oh", shares, forecasts), shares
