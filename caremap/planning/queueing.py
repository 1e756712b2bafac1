"""A unit with a number of places, simulated: arrivals by chance, stays of any distribution."""

from __future__ import annotations

import heapq
import math
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caremap.planning.breakeven import amount

__all__ = [
    "Service", "Simulated", "is_full", "places_of", "service_of", "simulate_queue", "unstable",
]  # fmt: skip

Array = np.ndarray[Any, Any]

SHARES = ("refused", "share_waiting", "share_over", "occupancy")
FIGURES = (*SHARES[:3], "mean_wait", "median_wait", "wait_90", "in_queue", "occupancy")
_MOST_WARMING = 5  # times the customers counted
_T = (0.95 + 1) / 2
_TOO_FULL = (
    "So nearly full, or with stays so long, a unit takes longer to settle than was simulated: the "
    "true figures may lie outside the intervals."
)


@dataclass(frozen=True, eq=False)
class Service:
    """How long a place is taken: a mean alone, which stands for an exponential, or a distribution.

    Attributes
    ----------
    lengths, chances
        The distribution; both empty where only the mean is known.
    mean
        In the unit of time of the arrivals.
    variation
        Variance over the mean squared; 1 for an exponential.
    """

    mean: float
    variation: float
    lengths: Array
    chances: Array

    def drawn(self, random: np.random.Generator, count: int) -> Array:
        """Draw so many of them."""
        if not len(self.lengths):
            return random.exponential(self.mean, count)
        reached = np.cumsum(self.chances)
        place = np.searchsorted(reached, random.random(count) * reached[-1], side="right")
        found: Array = self.lengths[np.minimum(place, len(self.lengths) - 1)]
        return found

    def of_mean(self, mean: float) -> Service:
        """Return the same distribution stretched to another mean."""
        if not self.mean:
            return self
        return Service(mean, self.variation, self.lengths * (mean / self.mean), self.chances)


@dataclass(frozen=True, eq=False)
class Simulated:
    """What a simulation of a unit gives, with the uncertainty of the simulation itself.

    Attributes
    ----------
    figures
        By ``figure``, with ``mean``, ``low`` and ``high`` (95 % confidence interval of the mean
        over the runs): ``refused`` (fraction of arrivals turned away), ``share_waiting``,
        ``share_over`` (fraction of those let in who wait longer than the target; NaN without
        one), ``mean_wait``, ``median_wait`` and ``wait_90`` (nine in ten wait less), in the unit
        of time of the arrivals, ``in_queue`` (mean number who wait), ``occupancy`` (fraction of
        the places taken, over time). NaN: cannot be computed, see ``note``.
    runs, customers
        Independent runs, and arrivals counted in each, after those that only warm it up.
    note
        Why figures are missing or less certain than they look; else empty.
    """

    figures: pd.DataFrame
    runs: int
    customers: int
    note: str = ""


def simulate_queue(
    arrivals: float,
    service: float | ArrayLike | pd.Series,
    places: int,
    *,
    room: int | None = None,
    waits: bool = True,
    target: float | None = None,
    runs: int = 20,
    customers: int = 5_000,
    seed: int = 0,
) -> Simulated:
    """Return what happens in a unit, by simulation: for stays that are not exponential.

    Parameters
    ----------
    arrivals
        Arrivals per unit of time; they come at random (Poisson).
    service
        How long each takes a place, in that unit of time: a number is the mean of an exponential
        distribution; a list or Series are stays that are drawn from; a Series whose index is
        named ``stay`` says how often each occurs, as `service_times` gives it.
    places
        How many can be served at once.
    room
        How many may wait; by default as many as come. Whoever finds no room is turned away.
    waits
        Whether anybody waits; if not, who finds every place taken is turned away (``room`` 0).
    target
        The wait that should not be exceeded.
    runs, customers
        Independent runs (at least 2), and arrivals counted in each (at least 100; as many as
        warm it up, where that is more).
    seed
        The same seed gives the same figures.

    Returns
    -------
    Simulated

    Raises
    ------
    ValueError
        Where an input is missing, infinite, below zero or, for counts, not whole.

    Notes
    -----
    M/G/c, first come first served; without waiting M/G/c/c, whose refusals depend on the mean of
    the stays alone (Erlang B). Every run starts empty, and the arrivals that warm it up are not
    counted: at least a fifth as many, and twenty mean stays, and more the nearer to full. With as
    many arrivals as places can serve, or more, and no limit to the room, the queue grows without
    end: there is no figure. Of an event that never happened in n arrivals the upper end of the
    interval is 3 / n.

    Examples
    --------
    >>> found = simulate_queue(10, 1.0, 16, waits=False).figures
    >>> bool(found.loc["refused", "low"] < 0.022302 < found.loc["refused", "high"])
    True
    """
    coming, taken = amount(arrivals, "The number of arrivals"), service_of(service)
    places = places_of(places)
    limit = 0 if not waits else None if room is None else places_of(room, "Room to wait")
    most = math.nan if target is None else amount(target, "The target")
    if runs < 2 or customers < 100:
        raise ValueError("A simulation takes 2 runs or more, of 100 arrivals or more each.")
    load = coming * taken.mean
    if coming == 0:
        return _none(runs, customers, "Nobody comes: nobody waits or is turned away.")
    if limit is None and is_full(load, places):
        return _none(runs, customers, unstable(load, places))
    wanted = _warming(load, coming, taken, places, customers, limit is None)
    warming = min(wanted, _MOST_WARMING * customers)
    counted = max(customers, warming)
    each = [
        _run(np.random.default_rng([seed, run]), coming, taken, places, limit, most, warming,
             counted)
        for run in range(runs)
    ]  # fmt: skip
    note = _TOO_FULL if wanted > warming else ""
    return Simulated(_summed(pd.DataFrame(each), runs * counted), runs, counted, note)


def is_full(load: float, places: int) -> bool:
    """Return whether so much work comes in that a queue would grow without end."""
    return load > places * (1 - 1e-9)  # three a day for a third of a day keep one place busy


def unstable(load: float, places: int) -> str:
    """Say that there is no wait to expect as it grows without end."""
    return (
        f"The work that comes in would keep {load:,.1f} places busy and there are {places:,}: the "
        "queue grows without end, so there is no expected wait."
    )


def _none(runs: int, customers: int, note: str) -> Simulated:
    index = pd.Index(FIGURES, name="figure")
    figures = pd.DataFrame(math.nan, index=index, columns=["mean", "low", "high"])
    return Simulated(figures, runs, customers, note)


def _warming(
    load: float, coming: float, taken: Service, places: int, customers: int, endless: bool
) -> int:
    """Return how many arrivals go by before any is counted.

    A queue forgets that it began empty after some 4 load / (1 - utilisation)² arrivals, more
    where stays vary more (relaxation time of the M/G/1 queue in heavy traffic).
    """
    longest = float(taken.lengths.max(initial=0.0)) * coming
    wanted = [customers / 5, 20 * load, longest, 20 * places]
    if endless:
        idle = 1 - load / places
        wanted.append(10 * 4 / idle**2 * (1 + taken.variation) / 2)
    return math.ceil(max(wanted))


def _run(
    random: np.random.Generator,
    coming: float,
    taken: Service,
    places: int,
    limit: int | None,
    most: float,
    warming: int,
    customers: int,
) -> dict[str, float]:
    """Return the figures of one run."""
    count = warming + customers
    arrive = np.cumsum(random.exponential(1 / coming, count))
    stay = taken.drawn(random, count)
    start = np.array(_starts(arrive.tolist(), stay.tolist(), places, limit))
    begin, end = arrive[warming], arrive[-1]
    busy = np.nansum(np.clip(start + stay, begin, end) - np.clip(start, begin, end))
    refused = np.isnan(start[warming:])
    wait = (start - arrive)[warming:][~refused]
    enough = len(wait) > 0
    return {
        "refused": float(refused.mean()),
        "share_waiting": float((wait > 0).mean()) if enough else math.nan,
        "share_over": float((wait > most).mean()) if enough and most == most else math.nan,
        "mean_wait": float(wait.mean()) if enough else math.nan,
        "median_wait": float(np.quantile(wait, 0.5)) if enough else math.nan,
        "wait_90": float(np.quantile(wait, 0.9)) if enough else math.nan,
        "in_queue": coming * float(wait.sum()) / customers,
        "occupancy": float(busy / (places * (end - begin))) if places else math.nan,
    }


def _starts(arrive: list[float], stay: list[float], places: int, limit: int | None) -> list[float]:
    """Return when each is served, NaN for who is turned away: first come, first served."""
    if not places:
        return [math.nan] * len(arrive)
    free, waiting = [0.0] * places, deque[float]()
    starts = []
    for now, long in zip(arrive, stay, strict=True):
        first = free[0]
        if first <= now:
            first = now
        elif limit is not None:
            while waiting and waiting[0] <= now:
                waiting.popleft()
            if len(waiting) >= limit:
                starts.append(math.nan)
                continue
            waiting.append(first)
        heapq.heapreplace(free, first + long)
        starts.append(first)
    return starts


def _summed(each: pd.DataFrame, arrivals: int) -> pd.DataFrame:
    """Return the mean over runs with its interval by Student's t."""
    from scipy.special import stdtrit  # at a call: scipy is heavy

    runs = len(each)
    mean = each.mean()
    half = each.std() / math.sqrt(runs) * float(stdtrit(runs - 1, _T))
    figures = pd.DataFrame({"mean": mean, "low": (mean - half).clip(lower=0), "high": mean + half})
    shares = figures.index.isin(SHARES)
    figures["high"] = figures["high"].mask(shares & figures["high"].gt(1), 1.0)
    never = shares & figures["high"].eq(0)
    figures["high"] = figures["high"].mask(never, 3 / arrivals)
    return figures.reindex(FIGURES).rename_axis("figure")


# --- what is typed in ------------------------------------------------------------------------


def places_of(places: Any, name: str = "Places") -> int:
    """Return a whole number of places, or say that it is none."""
    try:
        whole = float(places)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} has to be a whole number.") from error
    if not (math.isfinite(whole) and whole >= 0 and whole == math.floor(whole)):
        raise ValueError(f"{name} has to be a whole number, 0 or more.")
    return int(whole)


def service_of(service: float | ArrayLike | pd.Series) -> Service:
    """Return service times as a distribution, or say what is wrong with them."""
    if np.ndim(np.asarray(service, dtype="object")) == 0:
        return Service(amount(service, "The service time"), 1.0, np.array([]), np.array([]))
    counted = isinstance(service, pd.Series) and service.index.name == "stay"
    try:
        given = np.asarray(service, dtype="float64").ravel()
        values = np.asarray(service.index, dtype="float64") if counted else given  # type: ignore[union-attr]
    except (TypeError, ValueError) as error:
        raise ValueError("Service times have to be numbers.") from error
    weights = given if counted else np.ones(len(given))
    if not all(np.isfinite(part).all() and (part >= 0).all() for part in (values, weights)):
        raise ValueError("Service times have to be 0 or more, none of them missing or infinite.")
    if not weights.sum() > 0:
        raise ValueError("There are no service times.")
    values, place = np.unique(values, return_inverse=True)
    chances = np.bincount(place, weights=weights) / weights.sum()
    mean = float(values @ chances)
    spread = float((values - mean) ** 2 @ chances)
    return Service(mean, spread / mean**2 if mean else 0.0, values, chances)
