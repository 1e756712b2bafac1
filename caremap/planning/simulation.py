"""Patients in house day by day, drawn: who is in now, who comes, and who leaves."""

from __future__ import annotations

from typing import Any

import numpy as np

from caremap.planning.survival import Leaving

__all__ = ["drawn", "expected", "split"]

Array = np.ndarray[Any, Any]


def drawn(
    arrivals: Array,
    ages: Array,
    patients: Array,
    leaving: Leaving,
    weekday: int,
    random: np.random.Generator,
) -> Array:
    """Draw the census at the midnights ahead.

    Every patient in house and every arrival leaves by chance, day after day, so that a patient
    counted on one night was there on the nights before.

    Parameters
    ----------
    arrivals
        Whole numbers: futures (rows) and days (columns).
    ages, patients
        Ages of the stays in house, and how many there are of each.
    leaving
        The chance to leave.
    weekday
        Of the first day ahead, Monday being 0.
    random
        Where chance comes from.
    """
    futures, days = arrivals.shape
    inside = np.broadcast_to(patients.astype("int64"), (futures, len(patients)))
    census = np.zeros((futures, days), dtype="int64")
    for day in range(days):
        inside = np.hstack([inside, arrivals[:, [day]]])
        ages = np.append(ages + 1, 0)
        inside = inside - random.binomial(inside, leaving.on((weekday + day) % 7, ages))
        census[:, day] = inside.sum(axis=1)
    return census


def expected(
    arrivals: Array, ages: Array, patients: Array, leaving: Leaving, weekday: int
) -> Array:
    """Return the mean of what `drawn` draws, for expected arrivals."""
    inside = patients.astype("float64")
    census = np.zeros(len(arrivals))
    for day, came in enumerate(arrivals):
        inside, ages = np.append(inside, came), np.append(ages + 1, 0)
        inside = inside * (1 - leaving.on((weekday + day) % 7, ages))
        census[day] = inside.sum()
    return census


def split(arrivals: Array, shares: Array, random: np.random.Generator) -> Array:
    """Draw the group each arrival belongs to.

    Parameters
    ----------
    arrivals
        Whole numbers: futures (rows) and days (columns).
    shares
        Days (rows) and groups (columns), each row adding up to 1.

    Returns
    -------
    numpy.ndarray
        Futures, days and groups; over groups they add up to the arrivals.
    """
    days = [random.multinomial(arrivals[:, day], shares[day]) for day in range(len(shares))]
    return np.stack(days, axis=1) if days else np.zeros((*arrivals.shape, shares.shape[1]), "int64")
