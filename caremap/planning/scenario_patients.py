"""Everyone who may come, drawn once: what scenarios have in common.

Each possible patient of each possible future has numbers of their own, drawn before any scenario
is looked at: by when they would come at all, how long they stay, whether they need intensive
care. A scenario only moves the thresholds those numbers are held against. So more demand adds
patients and takes none away, a longer stay is longer for everyone, and what differs between two
scenarios is never chance.

More demand than the forecast's comes as a Poisson process beside it, in slices of a quarter of the
demand, each slice drawn by itself: no scenario changes what another one sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.forecasting import Forecast
from caremap.measures import MEASURES
from caremap.measures.beds import one_spelling
from caremap.measures.windows import DAY
from caremap.planning.ahead import (
    ages_of,
    group_shares,
    own_leaving,
    require_daily,
    require_recent,
)
from caremap.planning.survival import Leaving, Sojourns, all_leaving, sojourns
from caremap.problems import DataProblem

__all__ = [
    "BETWEEN",
    "Arriving",
    "Patients",
    "World",
    "coming_of",
    "joined",
    "level_of",
    "world_of",
]

Array = np.ndarray[Any, Any]

BETWEEN = "\x1f"
"""What joins the names of a group of several columns: no file has it in a name."""

MOST, FEWEST, TOGETHER = 500, 200, 1_000_000  # futures; possible patients of all of them
CELLS = 10_000_000  # groups times futures times days
SLICE = 0.25  # of the demand
NOBODY = 1e-12  # a chance to be in still below which nobody is
SMOOTHED = 3  # days before and after from which the level of a future is read
_INSIDE, _COMING, _MORE, _EXTRA = range(4)  # where the numbers of a kind of patient come from


@dataclass(frozen=True, eq=False)
class Patients:
    """Possible patients, one entry each.

    Attributes
    ----------
    future, day, group
        Which future they belong to, on which day they come (0: the first ahead) and the group.
    nights
        Midnights they are in from that day on, as stays are now.
    comes
        Share of the demand from which on they come, 0 to 1 of the forecast's own.
    rounding, icu, ventilator
        Numbers from 0 to 1: for parts of a night, and those below a share need intensive care,
        or a ventilator there.
    """

    future: Array
    day: Array
    group: Array
    nights: Array
    comes: Array
    rounding: Array
    icu: Array
    ventilator: Array

    def __len__(self) -> int:
        """How many there are."""
        return len(self.future)

    def those(self, chosen: Array) -> Patients:
        """Return some of them."""
        return Patients(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def joined(parts: Sequence[Patients]) -> Patients:
    """Return several lots of patients as one."""
    if len(parts) == 1:
        return parts[0]
    names = list(Patients.__dataclass_fields__)
    return Patients(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))


@dataclass(frozen=True, eq=False)
class Arriving:
    """How arrivals are drawn: their group, how long they stay, what they need.

    Attributes
    ----------
    shares
        Of each day (rows) the share of each group (columns).
    curves
        By group and weekday of arrival, the chance to be in at the k-th midnight.
    weekday
        Of the first day, Monday being 0.
    seed
        Of the random numbers.
    """

    shares: Array
    curves: Sequence[Sequence[Array]]
    weekday: int
    seed: int

    def drawn(self, future: Array, day: Array, comes: Array, key: tuple[int, ...]) -> Patients:
        """Draw patients; of each number a stream: the first of many are those of a few."""
        streams = [np.random.default_rng([self.seed, *key, kind]) for kind in range(5)]
        group, stay, rounding, icu, ventilator = (one.random(len(future)) for one in streams)
        places = _group_of(group, self.shares, day)
        nights = _nights(stay, places, (self.weekday + day) % 7, self.curves)
        return Patients(future, day, places, nights, comes, rounding, icu, ventilator)

    def stream(self, *key: int) -> np.random.Generator:
        """Return random numbers for how many come."""
        return np.random.default_rng([self.seed, *key, 9])


@dataclass(frozen=True, eq=False)
class World:
    """Possible futures: who is in, who comes, and who would come if there were more.

    Attributes
    ----------
    dates
        The days ahead.
    futures
        How many.
    groups
        Names of the groups, one empty name where there are none.
    inside, coming
        Patients in house when the forecast begins (from day 0 on), and those who come as the
        forecast says.
    level
        Demand of each future and day, smoothed over a week: what more demand is a part of.
    arriving
        How arrivals are drawn.
    known
        What all this is read from.
    leavers
        How many left last: how long stays last is read from them.
    """

    dates: pd.DatetimeIndex
    futures: int
    groups: tuple[str, ...]
    inside: Patients
    coming: Patients
    level: Array
    arriving: Arriving
    known: Sojourns
    leavers: float
    _slices: dict[int, Patients] = field(default_factory=dict, repr=False)

    def more(self, share: float) -> list[Patients]:
        """Return those who may come on top, up to this share of the demand and a little beyond.

        Each slice is drawn once, whoever asks for it: the same for every scenario.
        """
        slices = range(int(np.ceil(share / SLICE - 1e-9)))
        for at in slices:
            if at not in self._slices:
                self._slices[at] = self._slice(at)
        return [self._slices[at] for at in slices]

    def extra(self, patients: int, day: int) -> Patients:
        """Return so many patients who come on one day of every future on top."""
        who = np.tile(np.arange(self.futures), patients)
        nothing = np.zeros(len(who))
        return self.arriving.drawn(who, np.full(len(who), day), nothing, (_EXTRA,))

    def _slice(self, at: int) -> Patients:
        random = self.arriving.stream(_MORE, at)
        future, day = _laid_out(random.poisson(self.level * SLICE))
        comes = 1 + SLICE * (at + random.random(len(future)))
        return self.arriving.drawn(future, day, comes, (_MORE, at))


def world_of(
    dataset: Dataset,
    forecast: Forecast,
    by: str | Sequence[str] | None = None,
    *,
    seed: int = 20240501,
) -> World:
    """Return the possible futures of a dataset under a forecast of its admissions.

    Parameters
    ----------
    dataset
        With stays: who is in house, and how long stays last, as known when the forecast begins.
    forecast
        Of daily admissions, with its samples.
    by
        Column of the stays to group by. Of several the names of a group are joined by `BETWEEN`,
        and names that differ in case only are one.
    seed
        Of the random numbers: the same one gives the same futures.

    Raises
    ------
    caremap.DataProblem
        As `caremap.planning.census_forecast`; and where it is not admissions that are forecast.
    """
    require_daily(forecast)
    if forecast.measure in {*MEASURES, "occupied"} - {"admissions"}:
        measure = MEASURES.get(forecast.measure)
        title = measure.title if measure else "Patients in hospital"
        raise DataProblem(
            f"Scenarios start from admissions, this is a forecast of “{title}”.",
            "Add a file with one row per stay, and forecast the admissions.",
        )
    dates = pd.DatetimeIndex(forecast.frame["date"])
    columns = [] if by is None else [by] if isinstance(by, str) else list(by)
    known = sojourns(dataset, dates[0] - DAY, columns)
    require_recent(dataset, known)
    usual = all_leaving(known)
    known, group = _grouped(known, columns)
    rows = {"": known.rows}
    leaves, shares = [usual], np.ones((len(dates), 1))
    if group:
        rows = {str(name): part for name, part in known.rows.groupby(group)}
        leaves = [own_leaving(known, part, usual) for part in rows.values()]
        shares = group_shares(known, group, list(rows), dates)
    curves_of = {id(leaving): _curves(leaving, len(dates)) for leaving in leaves}
    curves = [curves_of[id(leaving)] for leaving in leaves]
    arriving = Arriving(shares, curves, dates[0].day_of_week, seed)
    samples = _samples(forecast, len(rows))
    return World(
        dates=dates,
        futures=len(samples),
        groups=tuple(rows),
        inside=_inside(list(rows.values()), known, leaves, dates, len(samples), seed),
        coming=coming_of(arriving, samples),
        level=level_of(samples),
        arriving=arriving,
        known=known,
        leavers=usual.leavers,
    )


def _grouped(known: Sojourns, columns: list[str]) -> tuple[Sojourns, str]:
    """Return the stays with one column to group by, and its name."""
    if len(columns) < 2:
        return known, columns[0] if columns else ""
    rows = one_spelling(known.rows, columns, known.rows["rows"])
    names = rows[columns[0]].astype("str")
    for column in columns[1:]:
        names = names + BETWEEN + rows[column].astype("str")
    return replace(known, rows=rows.assign(**{BETWEEN: names})), BETWEEN


def coming_of(arriving: Arriving, samples: Array) -> Patients:
    """Draw those who come as the forecast says."""
    random = arriving.stream(_COMING)
    counts = np.floor(samples + random.random(samples.shape)).astype("int64")
    future, day = _laid_out(counts)
    return arriving.drawn(future, day, random.random(len(future)), (_COMING,))


def _samples(forecast: Forecast, groups: int) -> Array:
    """Return as many futures as can be followed patient by patient."""
    samples = np.maximum(forecast.samples.to_numpy("float64"), 0.0)
    patients = max(float(samples.sum(axis=1).mean()), 1.0)
    futures = int(np.clip(TOGETHER / patients, FEWEST, MOST))
    futures = min(futures, max(CELLS // (groups * samples.shape[1]), FEWEST // 2))
    some: Array = samples[:futures]
    return some


def level_of(samples: Array) -> Array:
    """Return the demand of each future by day: the mean of all, as high as this one's week is."""
    mean = samples.mean(axis=0)
    width = 2 * SMOOTHED + 1
    window = np.ones(width)

    def smooth(values: Array) -> Array:
        return np.apply_along_axis(np.convolve, -1, values, window)[
            ..., SMOOTHED : SMOOTHED + values.shape[-1]
        ]

    around, usual = smooth(samples), smooth(mean)
    level: Array = mean * np.divide(around, usual, out=np.zeros_like(around), where=usual > 0)
    return level


def _laid_out(counts: Array) -> tuple[Array, Array]:
    """Return the future and the day of every patient, day after day."""
    futures, days = counts.shape
    each = counts.T.ravel()
    return (
        np.repeat(np.tile(np.arange(futures), days), each),
        np.repeat(np.repeat(np.arange(days), futures), each),
    )


def _group_of(uniform: Array, shares: Array, day: Array) -> Array:
    """Return the group of each patient: as many of each as its share of the day says."""
    reached = np.minimum(shares.cumsum(axis=1), 1.0)
    reached[:, -1] = 1.0
    days, groups = reached.shape
    ends = (reached + np.arange(days)[:, None]).ravel()  # day after day, so in order
    place = np.searchsorted(ends, day + uniform, side="right") - day * groups
    within: Array = np.minimum(place, groups - 1)
    return within


def _curves(leaving: Leaving, days: int) -> list[Array]:
    """Return, by the weekday of arrival, the chance to be in at the k-th midnight."""
    ages = np.arange(max(len(leaving.hazard), days + 1))
    by_weekday = np.array([leaving.on(weekday, ages) for weekday in range(7)])
    curves = [np.cumprod(1 - by_weekday[(weekday + ages) % 7, ages]) for weekday in range(7)]
    return [curve[curve > NOBODY] for curve in curves]


def _nights(uniform: Array, group: Array, weekday: Array, curves: Any) -> Array:
    """Return how many midnights each is in: the inverse of the chance to be in still."""
    key = (group * 7 + weekday).astype("int16" if len(curves) < 4000 else "int64")
    order = np.argsort(key, kind="stable")
    ends = np.searchsorted(key[order], np.arange(len(curves) * 7 + 1))
    nights = np.zeros(len(uniform), dtype="int64")
    for at in range(len(curves) * 7):
        some = order[ends[at] : ends[at + 1]]
        if len(some):
            curve = curves[at // 7][at % 7]
            nights[some] = np.searchsorted(-curve, -uniform[some])
    return nights


def _inside(
    groups: Sequence[pd.DataFrame],
    known: Sojourns,
    leaves: Sequence[Leaving],
    dates: pd.DatetimeIndex,
    futures: int,
    seed: int,
) -> Patients:
    """Draw how much longer each patient in house stays, in every future."""
    random = [np.random.default_rng([seed, _INSIDE, kind]) for kind in range(3)]
    group, nights = [], []
    for at, (rows, leaving) in enumerate(zip(groups, leaves, strict=True)):
        ages, patients = ages_of(rows, known.as_of)
        chances = [leaving.on(date.day_of_week, ages + 1 + day) for day, date in enumerate(dates)]
        curves = np.cumprod(1 - np.array(chances, dtype="float64"), axis=0)
        for curve, count in zip(curves.T, patients, strict=True):
            uniform = random[0].random(int(count) * futures)
            nights.append(np.searchsorted(-curve, -uniform))
            group.append(np.full(len(uniform), at))
    stay = np.concatenate([np.zeros(0, "int64"), *nights])
    count = len(stay)
    nothing = np.zeros(count)
    return Patients(
        future=np.arange(count) % futures,
        day=np.zeros(count, "int64"),
        group=np.concatenate([np.zeros(0, "int64"), *group]),
        nights=stay,
        comes=nothing,
        rounding=nothing,
        icu=random[1].random(count),
        ventilator=random[2].random(count),
    )
