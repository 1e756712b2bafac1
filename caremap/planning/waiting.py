"""How long to expect to wait for a place: by Erlang's formula, or simulated where it fails."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caremap.planning.breakeven import amount
from caremap.planning.erlang import erlang_c
from caremap.planning.queueing import is_full, places_of, service_of, simulate_queue, unstable

__all__ = ["Method", "Wait", "places_for_wait", "waiting", "waiting_by_places"]

Method = Literal["auto", "Erlang C", "simulation"]

_FIGURES = ("mean_wait", "median_wait", "wait_90", "share_waiting", "share_over_target", "in_queue")
_MOST, _SIMULATED = 200, 15  # rows of a table by places
_NEGLIGIBLE = 0.01


@dataclass(frozen=True)
class Wait:
    """What to expect of a queue; times are in the unit the arrivals and the service came in.

    Attributes
    ----------
    utilisation
        Arrivals times mean service over places: 1 or more is unstable. NaN without places.
    mean_wait, median_wait, wait_90
        Of all who come, those who need not wait included; nine in ten wait less than the last.
    share_waiting, share_over_target
        Fractions of those who come: who wait at all; who wait longer than the target (NaN without
        one).
    in_queue
        Mean number who wait.
    method
        ``Erlang C`` or ``simulation``; NaN figures of an unstable queue are ``Erlang C``.
    low, high
        95 % confidence limits of the simulation by figure; empty where it is a formula.
    note
        Why there is no figure, or what it takes for granted.
    """

    utilisation: float
    mean_wait: float
    share_waiting: float
    share_over_target: float
    in_queue: float
    method: str
    median_wait: float = math.nan
    wait_90: float = math.nan
    low: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    high: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""


def waiting(
    arrivals: float,
    service: float | None,
    places: int,
    target: float | None = None,
    *,
    stays: ArrayLike | pd.Series | None = None,
    method: Method = "auto",
    seed: int = 0,
) -> Wait:
    """Return the wait to expect for a place in a unit, and how many wait longer than a target.

    Parameters
    ----------
    arrivals
        Arrivals per unit of time (an hour, or a day), at random.
    service
        Mean time a place is taken, in that unit; None where ``stays`` say it.
    places
        How many can be served at once: beds, rooms, clinicians.
    target
        The wait that should not be exceeded, in that unit.
    stays
        How long places were taken, as `simulate_queue` takes it: with it the wait is simulated.
        Where ``service`` is given too, they are stretched or shrunk to that mean.
    method
        ``auto``: simulation where ``stays`` are given, else Erlang C. Erlang C takes of stays
        no more than their mean.
    seed
        Of the simulation.

    Returns
    -------
    Wait
        NaN and a note where the queue would grow without end, or nobody comes.

    Raises
    ------
    ValueError
        Where an input is missing, infinite or below zero, or there is neither a service time nor
        stays.

    Notes
    -----
    Erlang C: a share C waits; of all, C exp(-(c/s - λ) t) wait longer than t; the mean wait is
    C / (c/s - λ), with c places, mean service s and λ arrivals. First come, first served, and
    exponential service: where service varies less, waits are shorter.

    Examples
    --------
    Ten patients an hour, an hour each, fourteen rooms:

    >>> found = waiting(10, 1.0, 14, target=0.5)
    >>> round(found.share_waiting, 6), round(found.mean_wait, 4), round(found.share_over_target, 4)
    (0.174132, 0.0435, 0.0236)
    >>> waiting(10, 1.0, 10).note
    'The work that comes in would keep 10.0 places busy and there are 10: the queue grows without
    end, so there is no expected wait.'
    """
    if method not in get_args(Method):
        raise ValueError(f"The method is one of {', '.join(get_args(Method))}, got {method!r}.")
    coming = amount(arrivals, "The number of arrivals")
    places = places_of(places)
    if service is None and stays is None:
        raise ValueError("Either a mean service time or stays have to be given.")
    if stays is None:
        taken = service_of(amount(service, "The service time"))
    else:
        taken = service_of(stays)
        if service is not None:
            taken = taken.of_mean(amount(service, "The service time"))
    most = math.nan if target is None else amount(target, "The target")
    load = coming * taken.mean
    if coming == 0 or is_full(load, places):
        note = unstable(load, places) if coming else "Nobody comes: there is no wait to expect."
        busy = load / places if places else math.nan
        return Wait(busy, math.nan, math.nan, math.nan, math.nan, "Erlang C", note=note)
    if method == "Erlang C" or (method == "auto" and stays is None):
        return _by_formula(coming, taken.mean, places, most)
    lengths = pd.Series(taken.chances, index=pd.Index(taken.lengths, name="stay"))
    found = simulate_queue(
        coming, lengths if len(lengths) else taken.mean, places, target=target, seed=seed
    )
    figures = found.figures.rename(index={"share_over": "share_over_target"}).loc[list(_FIGURES)]
    note = found.note or "Simulated with the stays given; arrivals come at random (Poisson)."
    mean, low, high = (dict(zip(_FIGURES, map(float, figures[name]), strict=True))
                       for name in ("mean", "low", "high"))  # fmt: skip
    return Wait(
        utilisation=load / places,
        mean_wait=mean["mean_wait"],
        share_waiting=mean["share_waiting"],
        share_over_target=mean["share_over_target"],
        in_queue=mean["in_queue"],
        method="simulation",
        median_wait=mean["median_wait"],
        wait_90=mean["wait_90"],
        low=MappingProxyType(low),
        high=MappingProxyType(high),
        note=note,
    )


def _by_formula(coming: float, mean: float, places: int, target: float) -> Wait:
    load = coming * mean
    wait = erlang_c(places, load)
    spare = places / mean - coming if mean else math.inf

    def longer_than(share: float) -> float:
        """Return the time that this share of all wait longer than."""
        return math.log(wait / share) / spare if wait > share else 0.0

    return Wait(
        utilisation=load / places,
        mean_wait=wait / spare,
        median_wait=longer_than(0.5),
        wait_90=longer_than(0.1),
        share_waiting=wait,
        share_over_target=math.nan if math.isnan(target) else _over(wait, spare, target),
        in_queue=coming * wait / spare,
        method="Erlang C",
        note="By Erlang C: arrivals at random, exponential service, nobody leaves the queue.",
    )


def _over(wait: float, spare: float, target: float) -> float:
    return wait * math.exp(-spare * target) if wait and target else wait


def places_for_wait(
    arrivals: float,
    service: float | None,
    target: float,
    share: float = 0.1,
    *,
    stays: ArrayLike | pd.Series | None = None,
    seed: int = 0,
) -> int:
    """Return the fewest places with which no more than a share waits longer than a target.

    Parameters
    ----------
    arrivals, service, target, stays, seed
        As in `waiting`: Erlang C, or simulated where ``stays`` are given.
    share
        Fraction of those who come, above 0 and below 1.

    Returns
    -------
    int
        Places.

    Raises
    ------
    ValueError
        As `waiting`, and where the share is not between 0 and 1.

    Examples
    --------
    >>> places_for_wait(10, 1.0, target=0.5), places_for_wait(10, 1.0, target=0.5, share=0.01)
    (13, 15)
    """
    if not 0 < share < 1:
        raise ValueError("The share that may wait longer has to be a fraction between 0 and 1.")
    coming = amount(arrivals, "The number of arrivals")
    mean = _mean(service, stays)
    if coming == 0:
        return 0

    def enough(places: int, *, by_formula: bool) -> bool:
        found = waiting(coming, mean if by_formula else service, places, target,
                        stays=None if by_formula else stays, seed=seed)  # fmt: skip
        return found.share_over_target <= share  # false for NaN: a queue without end

    places = math.floor(coming * mean) + 1
    while not enough(places, by_formula=True):
        places += 1
    if stays is None:
        return places
    while not enough(places, by_formula=False):  # from what Erlang C says up, or else down
        places += 1
    while places > 1 and enough(places - 1, by_formula=False):
        places -= 1
    return places


def _mean(service: float | None, stays: ArrayLike | pd.Series | None) -> float:
    """Return the mean service time, as given or of the stays."""
    if service is not None:
        return amount(service, "The service time")
    if stays is None:
        raise ValueError("Either a mean service time or stays have to be given.")
    return service_of(stays).mean


def waiting_by_places(
    arrivals: float,
    service: float | None,
    target: float | None = None,
    *,
    places: Sequence[int] | None = None,
    there: int | None = None,
    stays: ArrayLike | pd.Series | None = None,
    method: Method = "auto",
    seed: int = 0,
    progress: Callable[[str, float], None] | None = None,
) -> pd.DataFrame:
    """Return the wait to expect with more and fewer places: what one more is worth.

    Parameters
    ----------
    arrivals, service, target, stays, method, seed
        As in `waiting`.
    places
        The numbers of places; by default from the fewest that can serve all who come to where
        fewer than one in a hundred wait, and at least those that are there and two either side.
    there
        The places there are.
    progress
        Told the stage and the part that is done.

    Returns
    -------
    pandas.DataFrame
        ``places``, ``mean_wait``, ``share_waiting``, ``share_over``, ``utilisation``,
        ``mean_low`` and ``mean_high`` (95 % limits where simulated, else NaN), ``saved`` (mean
        wait saved by the last place; NaN where the row before has not just one place fewer),
        ``method``, ``note`` (as of `Wait`). NaN where the queue would grow without end.

    Raises
    ------
    ValueError
        As `waiting`.

    Examples
    --------
    >>> found = waiting_by_places(10, 1.0, 0.5, places=[10, 12, 14])
    >>> found[["places", "mean_wait", "share_over", "utilisation"]].round(3)
       places  mean_wait  share_over  utilisation
    0      10        NaN         NaN        1.000
    1      12      0.225       0.165        0.833
    2      14      0.044       0.024        0.714
    """
    chosen = [places_of(number) for number in places] if places is not None else None
    if chosen is None:
        simulated = method == "simulation" or (method == "auto" and stays is not None)
        chosen = _around(arrivals, service, there, stays, _SIMULATED if simulated else _MOST)
    found = []
    for done, number in enumerate(chosen):
        if progress is not None:
            progress("Simulating the queue", done / len(chosen))
        wait = waiting(arrivals, service, number, target, stays=stays, method=method, seed=seed)
        found.append(wait)
    frame = pd.DataFrame(
        {
            "places": pd.Series(chosen, dtype="int64"),
            "mean_wait": [wait.mean_wait for wait in found],
            "share_waiting": [wait.share_waiting for wait in found],
            "share_over": [wait.share_over_target for wait in found],
            "utilisation": [wait.utilisation for wait in found],
            "mean_low": [wait.low.get("mean_wait", math.nan) for wait in found],
            "mean_high": [wait.high.get("mean_wait", math.nan) for wait in found],
            "method": pd.Series([wait.method for wait in found], dtype="str"),
            "note": pd.Series([wait.note for wait in found], dtype="str"),
        }
    )
    frame = frame.drop_duplicates("places").sort_values("places", ignore_index=True)
    one_more = frame["places"].diff().eq(1)
    frame.insert(7, "saved", (-frame["mean_wait"].diff()).where(one_more))
    return frame


def _around(
    arrivals: float, service: float | None, there: int | None,
    stays: ArrayLike | pd.Series | None, rows: int,
) -> list[int]:  # fmt: skip
    """Return the numbers of places worth looking at, in not many more rows than there may be."""
    coming = amount(arrivals, "The number of arrivals")
    mean = _mean(service, stays)
    fewest = math.floor(coming * mean) + 1
    most = fewest
    while most < fewest + _MOST and erlang_c(most, coming * mean) > _NEGLIGIBLE:
        most += 1
    have = places_of(there, "Places there are") if there is not None else None
    if have is not None:
        fewest, most = min(fewest, max(have - 2, 0)), max(most, have + 2)
    spread = np.linspace(fewest, most, min(most - fewest + 1, rows)).round().astype("int64")
    own = [] if have is None else range(max(have - 2, 0), have + 3)
    return sorted({*map(int, spread), *own})
