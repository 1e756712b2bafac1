"""The midnight census ahead: from a forecast of admissions, or of the census itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.days import said
from caremap.forecasting import Forecast
from caremap.measures import MEASURES
from caremap.measures.windows import DAY, explained_by_chance
from caremap.planning.simulation import drawn, expected, split
from caremap.planning.survival import Leaving, Sojourns, all_leaving, leaving, sojourns
from caremap.problems import DataProblem

__all__ = ["CensusForecast", "band", "census_forecast"]

Array = np.ndarray[Any, Any]

SHARES_FROM = 182  # days whose admissions say how many belong to a group
ENOUGH = 40  # leavers of a group below which the chance to leave is that of all patients
UNCERTAIN = 100  # leavers below which a reader is told
DRAWS = 20_000  # futures times groups
FEWEST = 300  # futures, however many groups


@dataclass(frozen=True, eq=False)
class CensusForecast:
    """Patients to expect in hospital at midnight.

    Attributes
    ----------
    frame
        One row per day: ``date``, ``median``, ``mean``, and for every level ``low_80``,
        ``high_80``, ``low_95``, ``high_95``: whole patients where it comes from stays.
    samples
        Possible futures, one row each, one column per date.
    notes
        What a reader must know, one sentence each.
    in_house
        Patients in house at the midnight before, by ``age`` of their stay in days; empty where
        the census itself was forecast.
    by
        The column of ``parts``, or empty.
    parts
        As ``frame``, after ``date`` the column ``by``: one row per day and group. Means add up
        to the whole; medians and bounds need not.
    part_samples
        Futures by group; over groups each adds up to the one of ``samples``.
    """

    frame: pd.DataFrame
    samples: pd.DataFrame
    notes: tuple[str, ...] = ()
    in_house: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))
    by: str = ""
    parts: pd.DataFrame = field(default_factory=pd.DataFrame)
    part_samples: dict[str, pd.DataFrame] = field(default_factory=dict)

    def part(self, name: str) -> CensusForecast:
        """Return the census ahead of one group, as a whole of its own.

        Raises
        ------
        KeyError
            Where there is no such group.
        """
        samples = self.part_samples[name]
        rows = self.parts[self.parts[self.by] == name]
        return CensusForecast(
            rows.drop(columns=self.by).reset_index(drop=True), samples, self.notes
        )


def census_forecast(
    dataset: Dataset,
    forecast: Forecast,
    *,
    levels: Sequence[int] = (80, 95),
    by: str | None = None,
) -> CensusForecast:
    """Return the midnight census to expect on the days of a forecast, with its bands.

    Parameters
    ----------
    dataset
        With stays: those who are in house when the forecast begins, and how long stays last,
        are read from them, as known then.
    forecast
        Of daily admissions, with its samples. Or of ``occupied``, patients in house as a file
        counts them: that is the census itself.
    levels
        Of the bands, in percent.
    by
        Column of the stays by which to show parts, such as ``department``. Each group has its
        own lengths of stay, and its share of the admissions of the last half year by weekday.

    Raises
    ------
    caremap.DataProblem
        Where the forecast is not daily or of something else, where stays lack dates or are not
        complete up to the day the forecast begins, or the column in ``by`` is missing.
    ValueError
        Where the forecast has no samples.

    Notes
    -----
    The definition is that of `expected_census`, day by day: each future of the forecast brings
    its arrivals, and each patient stays another night by chance, as the Kaplan-Meier survival
    says of the age of the stay. Fewer patients leave at weekends than on Fridays, so that chance
    is multiplied by a factor for the weekday. Beds do not limit the census: it is the demand.
    A stay belongs to one group throughout: transfers between departments are not recorded.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"admitted": days, "discharged": days + pd.Timedelta(days=2),
    ...                       "length_of_stay": 2.0})
    >>> ahead = pd.date_range("2024-04-01", periods=3)
    >>> one_a_day = Forecast(
    ...     frame=pd.DataFrame({"date": ahead, "mean": 1.0}), total=pd.Series(dtype=float),
    ...     backtest=pd.DataFrame(), chosen="one a day", limit={},
    ...     samples=pd.DataFrame(1.0, index=range(50), columns=ahead))
    >>> found = census_forecast(Dataset(stays=stays), one_a_day, levels=(80,))
    >>> found.frame
            date  median  mean  low_80  high_80
    0 2024-04-01     2.0   2.0     2.0      2.0
    1 2024-04-02     2.0   2.0     2.0      2.0
    2 2024-04-03     2.0   2.0     2.0      2.0
    """
    require_daily(forecast)
    if forecast.measure == "occupied":
        return _itself(forecast, levels, by)
    if forecast.measure in {*MEASURES} - {"admissions"}:
        title = MEASURES[forecast.measure].title
        raise DataProblem(
            f"Patients in hospital do not follow from a forecast of “{title}”.",
            "Forecast the admissions.",
        )
    dates = pd.DatetimeIndex(forecast.frame["date"])
    known = sojourns(dataset, dates[0] - DAY, [] if by is None else [by])
    require_recent(dataset, known)
    drawings = _drawn(known, forecast, by)
    futures = {
        name: pd.DataFrame(drawing.futures, columns=dates) for name, drawing in drawings.items()
    }
    parts = {name: band(futures[name], drawings[name].mean, levels) for name in drawings}
    drawn_in_all = np.sum([drawing.futures for drawing in drawings.values()], axis=0)
    samples = pd.DataFrame(drawn_in_all, columns=dates)
    mean = np.sum([drawing.mean for drawing in drawings.values()], axis=0)
    in_house = _by_age(known)
    return CensusForecast(
        frame=band(samples, mean, levels),
        samples=samples,
        notes=_notes(known, all_leaving(known), in_house),
        in_house=in_house,
        by=by or "",
        parts=pd.DataFrame() if by is None else _long(parts, by),
        part_samples={} if by is None else futures,
    )


@dataclass(frozen=True, eq=False)
class _Drawing:
    """Possible censuses of a group, and their mean."""

    futures: Array
    mean: Array


def _drawn(known: Sojourns, forecast: Forecast, by: str | None) -> dict[str, _Drawing]:
    """Draw the census of each group; of everybody, by the name of nothing, without groups."""
    usual = all_leaving(known)
    random = np.random.default_rng(20240501)
    dates = pd.DatetimeIndex(forecast.frame["date"])
    groups = {"": known.rows} if by is None else {str(k): v for k, v in known.rows.groupby(by)}
    shares = (
        np.ones((len(dates), 1)) if by is None else group_shares(known, by, list(groups), dates)
    )
    futures = forecast.samples.to_numpy("float64")[: max(DRAWS // len(groups), FEWEST)]
    whole = np.floor(np.maximum(futures, 0.0) + random.random(futures.shape)).astype("int64")
    came = split(whole, shares, random)
    mean = forecast.frame["mean"].to_numpy("float64")
    found = {}
    for place, (name, rows) in enumerate(groups.items()):
        chance = usual if by is None else own_leaving(known, rows, usual)
        start = (*ages_of(rows, known.as_of), chance, dates[0].day_of_week)
        found[name] = _Drawing(
            futures=drawn(came[:, :, place], *start, random),
            mean=expected(mean * shares[:, place], *start),
        )
    return found


def band(samples: pd.DataFrame, mean: Array, levels: Sequence[int]) -> pd.DataFrame:
    """Return the median, the mean and the bounds of futures, one row per day.

    Bounds are numbers that were drawn: the lowest and the highest of the middle 80 %.

    Examples
    --------
    >>> day = pd.Timestamp("2024-05-01")
    >>> band(pd.DataFrame({day: range(11)}), [5.0], [80])
            date  median  mean  low_80  high_80
    0 2024-05-01     5.0   5.0     1.0      9.0
    """
    values = samples.to_numpy("float64")
    columns = {"median": np.quantile(values, 0.5, axis=0, method="inverted_cdf"), "mean": mean}
    for level in sorted(levels):
        tail = (1 - level / 100) / 2
        columns[f"low_{level}"] = np.quantile(values, tail, axis=0, method="inverted_cdf")
        columns[f"high_{level}"] = np.quantile(values, 1 - tail, axis=0, method="inverted_cdf")
    return pd.DataFrame({"date": pd.DatetimeIndex(samples.columns), **columns})


def require_daily(forecast: Forecast) -> None:
    if forecast.every != "day":
        raise DataProblem(
            "The midnight census takes a forecast by day, this one is by week.",
            "Forecast the days.",
        )
    if forecast.samples.empty or len(forecast.samples.columns) != len(forecast.frame):
        raise ValueError("The forecast has no samples: one row per future, one column per day.")


def require_recent(dataset: Dataset, known: Sojourns) -> None:
    """Refuse a day so long after the last admission that the file cannot be complete up to it."""
    last = dataset.as_of
    if last is None:
        return
    days = (known.as_of - known.first).days + 1
    gap = (known.as_of - last).days
    if not explained_by_chance(gap, known.rows["rows"].sum() / days):
        raise DataProblem(
            f"Patients in hospital are not known on {said(known.as_of)}: the file ends on "
            f"{said(last)}.",
            "Forecast from the day after the file ends.",
        )


def _itself(forecast: Forecast, levels: Sequence[int], by: str | None) -> CensusForecast:
    """Return a forecast of counted patients as what it is: the census."""
    if by is not None:
        raise DataProblem(
            "A forecast of all occupied beds has no parts.", "Forecast one group at a time."
        )
    samples = forecast.samples.clip(lower=0)
    frame = band(samples, forecast.frame["mean"].to_numpy("float64"), levels)
    note = (
        "Patients in hospital are forecast from their own counts: the file has no stays, so "
        "arrivals and lengths of stay do not enter."
    )
    return CensusForecast(frame, samples, (note, *forecast.notes))


def ages_of(rows: pd.DataFrame, as_of: pd.Timestamp) -> tuple[Array, Array]:
    still = rows[rows["nights"].isna()]
    counted = still["rows"].groupby((as_of - still["date"]).dt.days).sum()
    return counted.index.to_numpy("int64"), counted.to_numpy("int64")


def _by_age(known: Sojourns) -> pd.Series:
    ages, patients = ages_of(known.rows, known.as_of)
    return pd.Series(patients, index=pd.Index(ages, name="age"), name="patients")


def own_leaving(known: Sojourns, rows: pd.DataFrame, usual: Leaving) -> Leaving:
    """Return the chance to leave of one group; that of all where too few have left it."""
    own = leaving(known, rows)
    return own if own.leavers >= ENOUGH else usual


def group_shares(known: Sojourns, by: str, names: Sequence[str], dates: pd.DatetimeIndex) -> Array:
    """Return which share of a day's admissions belongs to each group, by weekday.

    Weekdays on which few came lean on the share of all days.
    """
    recent = known.rows[known.rows["date"] > known.as_of - SHARES_FROM * DAY]
    recent = known.rows if recent.empty else recent
    came = recent.pivot_table(
        index=recent["date"].dt.day_of_week, columns=by, values="rows", aggfunc="sum"
    )
    counts = came.reindex(index=range(7), columns=list(names)).fillna(0.0).to_numpy("float64")
    overall = counts.sum(axis=0) / counts.sum()
    leaning = counts + 20 * overall
    shares: Array = (leaning / leaning.sum(axis=1, keepdims=True))[dates.day_of_week]
    return shares


def _long(parts: dict[str, pd.DataFrame], by: str) -> pd.DataFrame:
    named = [
        frame.assign(**{by: pd.Series([name] * len(frame), index=frame.index, dtype="str")})
        for name, frame in parts.items()
    ]
    long = pd.concat(named, ignore_index=True)
    ordered = ["date", by, *(name for name in long.columns if name not in ("date", by))]
    return long[ordered].sort_values(["date", by], ignore_index=True)


def _notes(known: Sojourns, usual: Leaving, in_house: pd.Series) -> tuple[str, ...]:
    few = f"Only {usual.leavers:,.0f} patients have left: how long they stay is uncertain."
    return (
        *([few] if usual.leavers < UNCERTAIN else []),
        f"The {int(in_house.sum()):,} patients in hospital at midnight of {said(known.as_of)} are "
        "included; how long each is likely to stay depends on how long they have been in.",
        f"How long patients stay is read from the {usual.leavers:,.0f} who left last up to that "
        "day, with those still in counted as far as they have come (Kaplan-Meier).",
        "Beds do not limit these figures: they are what is asked for.",
        *known.notes,
    )
