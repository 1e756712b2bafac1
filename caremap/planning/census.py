"""The midnight census to expect from arrivals, lengths of stay and the patients already in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

__all__ = ["InHouse", "expected_census"]

Array = np.ndarray[Any, Any]
InHouse = Sequence[int] | Mapping[int, float] | pd.Series | Array
"""Ages of the patients in house, or a number of patients for every age."""


def expected_census(
    arrivals: ArrayLike | pd.Series,
    survival: ArrayLike | pd.Series,
    in_house: InHouse | None = None,
) -> Array | pd.Series:
    """Return the patients to expect at every midnight.

    Parameters
    ----------
    arrivals
        Expected arrivals of each day, the first being the day after the last midnight known.
        Rows of several futures are taken too: days are the last axis.
    survival
        ``survival[k]``: probability of being in still at the k-th midnight after arrival, k = 0
        being the midnight that ends the day of arrival; averaged over the time of arrival.
        Never rising. Past its end it is zero: whoever comes has left.
    in_house
        Patients in at the last midnight known. Either their ages, one number a patient: whole
        days since the day of arrival, 0 for who came on the day just ended. Or a mapping, or a
        Series with an index named ``age``, from age to a number of patients. A patient older
        than survival reaches counts as one of the oldest age it does reach: gone by the next
        midnight. (`stay_survival` reaches beyond the longest stay for that reason.)

    Returns
    -------
    numpy.ndarray or pandas.Series
        Expected patients at the midnight that ends each day; a Series like ``arrivals`` where
        that is one.

    Raises
    ------
    ValueError
        Where arrivals or ages are missing or below zero, ages are not whole, or survival is
        empty, rises or leaves the range from 0 to 1.

    Notes
    -----
    E[N(t)] = sum of arrivals(u) S(t - u) + sum over patients in house of S(a + t) / S(a): the
    infinite-server model, exact for the mean whatever the distribution of arrivals.

    Examples
    --------
    Ten a day who all stay for exactly seven days, in an empty house and in a full one:

    >>> expected_census([10] * 8, [1] * 7)
    array([10., 20., 30., 40., 50., 60., 70., 70.])
    >>> expected_census([10] * 3, [1] * 7, in_house={age: 10 for age in range(7)})
    array([70., 70., 70.])
    """
    coming = _arrivals(arrivals)
    curve = checked_survival(survival)
    days = coming.shape[-1]
    if coming.ndim == 1:
        expected = np.convolve(coming, curve)[:days] if days else coming
    else:
        expected = np.apply_along_axis(lambda row: np.convolve(row, curve)[:days], -1, coming)
    if in_house is not None:
        expected = expected + _remaining(counted_ages(in_house), curve, days)
    if isinstance(arrivals, pd.Series):
        return pd.Series(expected, index=arrivals.index, name="census")
    return expected


def checked_survival(survival: ArrayLike | pd.Series) -> Array:
    """Return survival as floats, or say what is wrong with it."""
    try:
        curve = np.asarray(survival, dtype="float64")
    except (TypeError, ValueError) as error:
        raise ValueError("Survival has to be a list of probabilities.") from error
    if curve.ndim != 1 or not len(curve):
        raise ValueError("Survival has to be a list of probabilities, at least one.")
    if not ((curve >= 0) & (curve <= 1 + 1e-9)).all():  # false for NaN too
        raise ValueError("Survival has to lie between 0 and 1, at every midnight.")
    if (np.diff(curve) > 1e-9).any():
        raise ValueError("Survival cannot rise from one midnight to the next.")
    return curve


def counted_ages(in_house: InHouse) -> Array:
    """Return how many patients in house are of each age, from 0 on.

    Examples
    --------
    >>> counted_ages([0, 0, 3])
    array([2., 0., 0., 1.])
    """
    if isinstance(in_house, pd.Series) and isinstance(in_house.index, pd.MultiIndex):
        raise ValueError("Patients in house have to be those of one group, by age alone.")
    of_each = isinstance(in_house, pd.Series) and in_house.index.name == "age"
    try:
        if of_each or isinstance(in_house, Mapping):
            given = dict(in_house.items())  # type: ignore[union-attr]
            ages = np.asarray(list(given), dtype="float64")
            patients = np.asarray(list(given.values()), dtype="float64")
        else:
            ages = np.asarray(in_house, dtype="float64").ravel()
            patients = np.ones(len(ages))
    except (TypeError, ValueError) as error:
        raise ValueError("Ages of patients in house have to be numbers of days.") from error
    if not (np.isfinite(ages).all() and (ages >= 0).all() and (ages == np.rint(ages)).all()):
        raise ValueError("Ages of patients in house have to be whole days, 0 or more.")
    if not (np.isfinite(patients).all() and (patients >= 0).all()):
        raise ValueError("Numbers of patients in house have to be 0 or more, none missing.")
    return np.bincount(ages.astype("int64"), weights=patients)


def _arrivals(arrivals: ArrayLike | pd.Series) -> Array:
    try:
        coming = np.asarray(arrivals, dtype="float64")
    except (TypeError, ValueError) as error:
        raise ValueError("Arrivals have to be numbers, one for every day.") from error
    if coming.ndim == 0:
        raise ValueError("Arrivals have to be a list, one number for every day.")
    if not (np.isfinite(coming).all() and (coming >= 0).all()):
        raise ValueError("Arrivals have to be 0 or more on every day, none missing.")
    return coming


def _remaining(patients: Array, curve: Array, days: int) -> Array:
    """Return how many of those in house are expected to be in still, at each midnight ahead."""
    reached = int(np.flatnonzero(curve > 0).max(initial=0))
    within = np.bincount(np.minimum(np.arange(len(patients)), reached), weights=patients)
    weights = np.divide(
        within, curve[: len(within)], out=np.zeros(len(within)), where=curve[: len(within)] > 0
    )
    padded = np.concatenate([curve, np.zeros(days + len(within))])
    windows = np.lib.stride_tricks.sliding_window_view(padded, days + 1)[: len(within), 1:]
    remaining: Array = weights @ windows
    return remaining
