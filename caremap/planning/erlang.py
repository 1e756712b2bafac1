"""How often all beds are taken, or somebody has to wait, at a given load: Erlang's formulas."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["erlang_b", "erlang_c"]

Array = np.ndarray[Any, Any]


@overload
def erlang_b(servers: int, load: float) -> float: ...
@overload
def erlang_b(servers: ArrayLike, load: ArrayLike) -> float | Array: ...
def erlang_b(servers: ArrayLike, load: ArrayLike) -> float | Array:
    """Return the share of arrivals refused because every bed is taken (Erlang B).

    Parameters
    ----------
    servers
        Beds: a whole number, or several.
    load
        Offered load, in beds: arrivals a day times the mean stay in days, which is the mean
        census if nobody were refused. One number or several; both are broadcast as in numpy.

    Returns
    -------
    float or numpy.ndarray
        Probability from 0 to 1, of the shape both have together; a float for two numbers.

    Raises
    ------
    ValueError
        Where beds are not a whole number or below zero, or a load is missing, infinite or
        below zero.

    Notes
    -----
    Erlang (1917): B(0) = 1, B(n) = a B(n-1) / (n + a B(n-1)). It holds for Poisson arrivals
    and any distribution of stays. Nobody waits, so where patients do wait in corridors it is
    what would be refused.

    Examples
    --------
    >>> erlang_b(2, 1)
    0.2
    >>> erlang_b([16, 17], 10).round(6)
    array([0.022302, 0.012949])
    """
    beds, loads = _checked(servers, load)
    blocked = _blocking(beds.ravel(), loads.ravel()).reshape(beds.shape)
    return blocked if blocked.ndim else float(blocked)


@overload
def erlang_c(servers: int, load: float) -> float: ...
@overload
def erlang_c(servers: ArrayLike, load: ArrayLike) -> float | Array: ...
def erlang_c(servers: ArrayLike, load: ArrayLike) -> float | Array:
    """Return the share of arrivals that have to wait for a bed (Erlang C).

    Parameters
    ----------
    servers, load
        As in `erlang_b`.

    Returns
    -------
    float or numpy.ndarray
        Probability from 0 to 1; NaN where the load is not below the beds, for then the queue
        grows without end and there is no such probability.

    Raises
    ------
    ValueError
        As in `erlang_b`.

    Notes
    -----
    C = B / (1 - (a / c) (1 - B)), with B of `erlang_b`. It holds for Poisson arrivals and
    exponential stays, patients waiting as long as it takes.

    Examples
    --------
    >>> round(erlang_c(14, 10), 6)
    0.174132
    >>> erlang_c(10, 10)
    nan
    """
    beds, loads = _checked(servers, load)
    blocked = _blocking(beds.ravel(), loads.ravel()).reshape(beds.shape)
    stable = loads < beds
    busy = loads / np.where(stable, beds, 1.0)
    waiting = np.where(stable, blocked, np.nan) / np.where(stable, 1 - busy * (1 - blocked), 1.0)
    return waiting if waiting.ndim else float(waiting)


def _checked(servers: ArrayLike, load: ArrayLike) -> tuple[Array, Array]:
    """Return beds as whole numbers and loads as floats, of one shape."""
    try:
        given, loads = np.asarray(servers, dtype="float64"), np.asarray(load, dtype="float64")
    except (TypeError, ValueError) as error:
        raise ValueError("Beds and load have to be numbers.") from error
    if not (np.isfinite(given).all() and (given >= 0).all() and (given == np.rint(given)).all()):
        raise ValueError("Beds have to be whole numbers, 0 or more.")
    if not (np.isfinite(loads).all() and (loads >= 0).all()):
        raise ValueError("The load has to be a number of beds, 0 or more, not missing or infinite.")
    beds, loads = np.broadcast_arrays(given.astype("int64"), loads)
    return beds, loads


def _blocking(beds: Array, loads: Array) -> Array:
    """Walk Erlang's recursion up to the largest number of beds, once for every distinct load.

    Every step is a fraction of two positive numbers: nothing overflows and no digits cancel,
    however many beds there are.
    """
    distinct, place = np.unique(loads, return_inverse=True)
    wanted = np.argsort(beds, kind="stable")
    result, blocked, reached = np.ones(len(beds)), np.ones(len(distinct)), 0
    for position in wanted:
        while reached < beds[position]:
            reached += 1
            blocked = distinct * blocked / (reached + distinct * blocked)
        result[position] = blocked[place[position]]
    return result
