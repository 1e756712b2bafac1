"""How long patients wait: the middle wait, the longest but one in ten, the share in time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.definitions import TARGET
from caremap.measures.gates import covers
from caremap.measures.groups import asked, in_order, keys_of, stays_by
from caremap.measures.tallies import Tally
from caremap.measures.view import View, overall_view

__all__ = ["figures_of_waits", "wait_lengths", "waits"]

_FIGURES = ("median", "p90", "within_target", "n", "unknown")


def waits(
    dataset: Dataset,
    target: float = TARGET,
    by: str | Sequence[str] | None = None,
    as_of: object = None,
) -> pd.DataFrame:
    """Return waiting times of those who came in the period, of all or by group.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    target
        Minutes a wait should not exceed; by default four hours (NHS England).
    by
        Column or columns to group by, as in `caremap.measures.breakdown`; None gives one row.
    as_of
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        The groups, ``median`` and ``p90`` (minutes), ``within_target`` (percent of the known
        waits that are at most the target), ``n`` (visits with a known wait) and ``unknown``
        (visits without one). The first three are NaN where no wait is known, or where the
        data does not cover the period. A negative wait is not known.

    Raises
    ------
    caremap.DataProblem
        Where a column does not exist, identifies persons, or makes no groups.
    ValueError
        Where the target is not a number above 0.

    Notes
    -----
    NHS England, A&E clinical quality indicators and four-hour standard. Percentiles are
    interpolated between two waits, as in `numpy.quantile`.

    Examples
    --------
    >>> stays = pd.DataFrame({"waiting_minutes": [10.0, 30.0, 250.0, None]})
    >>> waits(Dataset(stays=stays)).round(1)
       median    p90  within_target  n  unknown
    0    30.0  206.0           66.7  3        1
    """
    if not 0 < target < float("inf"):
        raise ValueError(f"the target is a number of minutes above 0, got {target!r}")
    groups = () if by is None else asked(by)
    if "region" in groups:
        dataset = dataset.with_regions()
    stays = stays_by(dataset, groups, taken=_FIGURES)
    if stays is None:
        nothing = dict.fromkeys(_FIGURES[:3], [np.nan])
        return pd.DataFrame({**nothing, "n": [0], "unknown": [0]})
    view = overall_view(dataset, stays, as_of)
    keys, taken = keys_of(groups), _taken(view)
    if "waiting_minutes" not in view.stays:
        counted = reductions.tallies(view.stays, keys, {"waits": taken}).assign(waits_n=0)
        spread = pd.DataFrame({**dict.fromkeys(keys, []), "waiting_minutes": [], "rows": []})
    else:
        values = Tally("waiting_minutes", taken.date, taken.first, taken.last, low=0.0)
        counted = reductions.tallies(view.stays, keys, {"waits": values})
        spread = reductions.spread(view.stays, "waiting_minutes", keys, taken)
    if not covers(view, view.first("admitted")):
        spread = spread.iloc[:0]
    figures = figures_of_waits(counted[keys], spread, keys, target)
    figures = figures.assign(
        n=counted["waits_n"], unknown=counted["waits_rows"] - counted["waits_n"]
    )
    found = in_order(figures, keys)[[*keys, *_FIGURES]]
    return found.rename(columns=dict(zip(keys, groups, strict=True)))


def wait_lengths(dataset: Dataset, as_of: object = None) -> pd.DataFrame:
    """Return how many of those who came in the period waited how many minutes.

    Returns
    -------
    pandas.DataFrame
        ``minutes`` (whole minutes: 20.9 counts under 20) and ``visits``, by minutes. Empty
        where no wait is known, or where the data does not cover the period.

    Examples
    --------
    >>> wait_lengths(Dataset(stays=pd.DataFrame({"waiting_minutes": [5.0, 5.5, 40.0, -1.0]})))
       minutes  visits
    0      5.0       2
    1     40.0       1
    """
    if dataset.stays is None or "waiting_minutes" not in dataset.stays:
        nothing = pd.DataFrame({"minutes": pd.Series([], dtype="float64"), "visits": 0})
        return nothing.astype({"visits": "int64"})
    view = overall_view(dataset, dataset.stays, as_of)
    counted = reductions.spread(view.stays, "waiting_minutes", taken=_taken(view))
    if not covers(view, view.first("admitted")):
        counted = counted.iloc[:0]
    whole = counted.assign(minutes=np.floor(counted["waiting_minutes"]))
    summed = whole.groupby("minutes")["rows"].sum()
    found: pd.DataFrame = summed.rename("visits").astype("int64").reset_index()
    return found


def _taken(view: View) -> Tally:
    """Return which visits are taken: those who came in the period."""
    (window,) = view.windows
    return Tally(date=view.first("admitted"), first=window.start, last=window.end, low=0.0)


def figures_of_waits(
    groups: pd.DataFrame, spread: pd.DataFrame, keys: Sequence[str], target: float
) -> pd.DataFrame:
    """Return percentiles and the share in time of each group, from how often each wait occurs.

    Parameters
    ----------
    groups
        One row per group.
    spread
        What `caremap.measures.reductions.spread` gives of ``waiting_minutes``, sorted by group
        and wait: the waits of all groups stand in one row of people, each group beginning where
        the one before ends.
    keys
        The columns that tell groups.
    target
        Minutes.

    Returns
    -------
    pandas.DataFrame
        ``groups`` with ``median``, ``p90``, ``within_target`` and ``n``, see `waits`.
    """
    numbers = groups.assign(place=np.arange(len(groups)))
    if keys:
        place = spread.merge(numbers, how="left", on=list(keys))["place"].to_numpy("int64")
    else:
        place = np.zeros(len(spread), dtype="int64")
    order = np.argsort(place, kind="stable")
    values = spread["waiting_minutes"].to_numpy("float64")[order]
    rows = spread["rows"].to_numpy("int64")[order]
    reached = np.cumsum(rows)
    n = np.bincount(place[order], weights=rows, minlength=len(groups)).astype("int64")
    begin = np.cumsum(n) - n
    known = n > 0

    def quantile(share: float) -> np.ndarray:
        found = np.full(len(groups), np.nan)
        person = begin[known] + share * (n[known] - 1)
        low = values[np.searchsorted(reached, np.floor(person), side="right")]
        high = values[np.searchsorted(reached, np.ceil(person), side="right")]
        found[known] = low + (high - low) * (person - np.floor(person))
        return found

    in_time = np.bincount(place[order], weights=rows * (values <= target), minlength=len(groups))
    share = np.full(len(groups), np.nan)
    share[known] = 100.0 * in_time[known] / n[known]
    return groups.assign(median=quantile(0.5), p90=quantile(0.9), within_target=share, n=n)
