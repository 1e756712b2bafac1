"""From what a model gives to nights: what happened to stays with similar predictions.

A model's risk is calibrated on stays it had not seen (Platt, 1999). The lengths come from the same
stays: short ones of those with a similar predicted length, and long ones of those with a similar
predicted length, mixed at the calibrated risk. So risk, mean, median, interval and expected
bed-days all are of one distribution, and its part beyond the limit is the risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

__all__ = ["Bins", "Calibration", "Distribution", "by_group", "by_value", "calibration"]

Array = np.ndarray[Any, Any]

SHORT_STAYS, LONG_STAYS = 100, 50
"""Stays, short and long, that share a distribution of their lengths."""

MOST_BINS = 40
AHEAD = 400  # nights by which a stay may last beyond the longest known
FEW = 10  # stays that long, below which all stays that long share one chance to end


@dataclass(frozen=True)
class Calibration:
    """A straight line on the scale of log odds: what to make of a model's risks."""

    slope: float
    shift: float

    def __call__(self, risk: Array) -> Array:
        """Return calibrated risks."""
        given: Array = 1 / (1 + np.exp(-(self.slope * _log_odds(risk) + self.shift)))
        return given


def _log_odds(risk: Array) -> Array:
    safe = np.clip(np.asarray(risk, dtype="float64"), 1e-4, 1 - 1e-4)
    odds: Array = np.log(safe / (1 - safe))
    return odds


def calibration(risk: Array, long: Array) -> Calibration:
    """Return how risks have to be changed to be right on stays a model had not seen.

    Where the risks tell nothing of who stays long, the slope is 0 and all have the same risk:
    the order is never turned round. With few stays the risks are nearly left as they are.

    Parameters
    ----------
    risk
        As the model gives them.
    long
        Whether those stays were long.

    Examples
    --------
    >>> risk, long = np.array([0.2, 0.8] * 500), np.array([0, 0, 0, 1] * 250)
    >>> calibration(risk, long)(np.array([0.2, 0.8])).round(2).tolist()
    [0.0, 0.5]
    """
    odds, was = _log_odds(risk), np.asarray(long, dtype="float64")
    found = _fitted(np.column_stack([odds, np.ones(len(odds))]), was, np.array([1.0, 0.0]))
    if found[0] >= 0:
        return Calibration(float(found[0]), float(found[1]))
    return Calibration(0.0, float(_fitted(np.ones((len(odds), 1)), was, np.zeros(1))[0]))


def _fitted(rows: Array, was: Array, start: Array) -> Array:
    """Return the logistic regression that lies near ``start`` where stays are few (Newton)."""
    found, hold = start.copy(), np.eye(len(start))
    for _ in range(30):
        given = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (was - given) - hold @ (found - start)
        curve = (rows * (given * (1 - given))[:, None]).T @ rows + hold
        step = np.linalg.solve(curve, slope)
        found = found + step
        if np.abs(step).max() < 1e-8:
            break
    return found


@dataclass(frozen=True, eq=False)
class Bins:
    """Lengths of known stays in bins, and in which bin a prediction lies."""

    edges: Array | None
    places: Array | None
    nights: tuple[Array, ...]

    def of(self, values: Array) -> Array:
        """Return the bin of each predicted length, or of each group's number."""
        if self.places is not None:
            found: Array = self.places[values.astype("int64")]
        else:
            found = np.searchsorted(np.empty(0) if self.edges is None else self.edges, values)
        return found


def by_value(values: Array, nights: Array, size: int) -> Bins:
    """Return lengths of stays in bins of similar prediction, of ``size`` stays or more each."""
    parts = int(np.clip(len(values) // size, 1, MOST_BINS))
    edges = np.unique(np.quantile(values, np.arange(1, parts) / parts)) if parts > 1 else None
    place = np.searchsorted(np.empty(0) if edges is None else edges, values)
    full = np.bincount(place, minlength=1 if edges is None else len(edges) + 1)
    if edges is not None and (full == 0).any():  # equal predictions leave a bin at the end empty
        edges = edges[:-1] if full[-1] == 0 else edges
        place = np.searchsorted(edges, values)
    order = np.lexsort([nights, place])
    cuts = np.searchsorted(place[order], np.arange(1, int(place.max(initial=0)) + 1))
    return Bins(edges, None, tuple(np.split(nights[order], cuts)))


def by_group(groups: Array, nights: Array, size: int, count: int) -> Bins:
    """Return lengths of stays by group; groups of fewer than ``size`` share those of all."""
    often = np.bincount(groups, minlength=count)
    places = np.zeros(count, dtype="int64")
    own = np.flatnonzero(often >= size)
    places[own] = np.arange(1, len(own) + 1)
    return Bins(None, places, (np.sort(nights), *(np.sort(nights[groups == g]) for g in own)))


@dataclass(frozen=True, eq=False)
class Distribution:
    """The predicted distribution of nights of each stay.

    Attributes
    ----------
    risk
        The chance of a long stay.
    short, long
        Lengths of known stays, short and long.
    short_bin, long_bin
        The bin each stay's lengths are those of.
    """

    risk: Array
    short: Bins
    long: Bins
    short_bin: Array
    long_bin: Array

    def taken(self, rows: Array) -> Distribution:
        """Return that of some stays."""
        return Distribution(
            self.risk[rows], self.short, self.long, self.short_bin[rows], self.long_bin[rows]
        )

    def mean(self) -> Array:
        """Return the expected nights."""
        usual = [
            np.array([part.mean() for part in bins.nights]) for bins in (self.short, self.long)
        ]
        mean: Array = (1 - self.risk) * usual[0][self.short_bin] + self.risk * usual[1][
            self.long_bin
        ]
        return mean

    def chance(self, nights: Array, *, below: bool = False) -> Array:
        """Return the chance of as many nights or fewer; with ``below``, of fewer."""
        side: Literal["left", "right"] = "left" if below else "right"
        found = np.zeros(len(self.risk))
        for bins, place, weight in (
            (self.short, self.short_bin, 1 - self.risk),
            (self.long, self.long_bin, self.risk),
        ):
            for bin_, known in enumerate(bins.nights):
                rows = place == bin_
                share = np.searchsorted(known, nights[rows], side=side) / len(known)
                found[rows] += weight[rows] * share
        return found

    def quantile(self, level: float) -> Array:
        """Return the fewest nights whose chance of being enough is at least ``level``."""
        within = level <= 1 - self.risk
        share = np.where(within, 1 - self.risk, self.risk)
        rest = np.where(within, level, level - (1 - self.risk))
        part = np.divide(rest, share, out=np.ones(len(share)), where=share > 0)
        found = np.zeros(len(self.risk))
        for bins, place, mine in (
            (self.short, self.short_bin, within),
            (self.long, self.long_bin, ~within),
        ):
            for bin_, known in enumerate(bins.nights):
                rows = mine & (place == bin_)
                at = np.ceil(part[rows] * len(known) - 1e-9).astype("int64") - 1
                found[rows] = known[np.clip(at, 0, len(known) - 1)]
        return found

    def interval(self, level: float) -> tuple[Array, Array]:
        """Return the ends of the central interval of that level."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def survival(self) -> Array:
        """Return the chance of more than n nights, n = 0, 1, …: a row per stay.

        It goes on beyond the longest stay known: who is in longer than anybody before still
        leaves some day.
        """
        everything = np.sort(np.concatenate([*self.short.nights, *self.long.nights]))
        whole = _tailed(_survival(everything), everything)
        short = np.array([_survival(known, len(whole)) for known in self.short.nights])
        long = np.array([_spliced(known, whole) for known in self.long.nights])
        short_part = (1 - self.risk)[:, None] * short[self.short_bin]
        found: Array = short_part + self.risk[:, None] * long[self.long_bin]
        return found


def _survival(known: Array, length: int | None = None) -> Array:
    """Return the share of stays that lasted more than n nights, by n."""
    ends = np.arange(int(np.ceil(known[-1])) + 1 if length is None else length)
    share: Array = 1 - np.searchsorted(known, ends, side="right") / len(known)
    return share


def _tailed(curve: Array, known: Array) -> Array:
    """Let the share go on: where few stays are that long, each night ends the same part of them."""
    start = max(int(known[max(len(known) - FEW, 0)]) - 1, 0)
    last = float(curve[start]) or 1 / len(known)
    beyond = known[known > start] - start
    ends = 1 / max(float(beyond.mean()), 1.0) if len(beyond) else 0.5
    nights = np.arange(1, len(curve) + AHEAD - start)
    found: Array = np.concatenate([curve[: start + 1], last * (1 - min(ends, 0.999)) ** nights])
    return found


def _spliced(known: Array, whole: Array) -> Array:
    """Return a bin's survival, which goes on as that of all stays where the bin has few left."""
    own = _survival(known, len(whole))
    start = max(int(known[max(len(known) - FEW, 0)]) - 1, 0)
    own[start:] = own[start] * whole[start:] / whole[start]
    return own
