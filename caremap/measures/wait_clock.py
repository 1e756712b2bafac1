"""When patients wait longest: waiting times by weekday and hour of arrival."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.clock import times_of
from caremap.measures.definitions import TARGET
from caremap.measures.gates import covers
from caremap.measures.tallies import Tally
from caremap.measures.times import Time
from caremap.measures.view import View, overall_view
from caremap.measures.waits import figures_of_waits
from caremap.measures.windows import dates_assumed, dates_in_doubt

__all__ = ["wait_clock", "wait_clock_notes"]

_DATE = "admitted"
_DTYPES = {"weekday": "int64", "hour": "float64", "median": "float64", "p90": "float64",
           "within_target": "float64", "n": "int64"}  # fmt: skip


def wait_clock(dataset: Dataset, target: float = TARGET, as_of: object = None) -> pd.DataFrame:
    """Return waiting times by weekday and hour of arrival.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    target
        Minutes a wait should not exceed; by default four hours (NHS England).
    as_of
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        ``weekday`` (0 is Monday), ``hour`` (0-23; NaN throughout where there are no times of
        day), ``median`` and ``p90`` (minutes), ``within_target`` (percent) and ``n`` (arrivals
        with a known wait). All 7 x 24 cells (7 without hours) are there; the first three are NaN
        where ``n`` is 0. Empty where no wait or no date of arrival is known, while dates are in
        doubt, or where the data does not cover the period.

    Raises
    ------
    ValueError
        Where the target is not a number above 0.

    Notes
    -----
    As `caremap.measures.waits`; which times of day are worth something as in
    `caremap.measures.clock`: arrivals at 00:00 sharp that are dates without a time are left
    out, and `wait_clock_notes` says how many.

    Examples
    --------
    >>> came = pd.to_datetime(["2024-04-01 09:30", "2024-04-01 09:50", "2024-04-02 11:00"])
    >>> stays = pd.DataFrame({"admitted": came, "waiting_minutes": [10.0, 30.0, 300.0]})
    >>> found = wait_clock(Dataset(stays=stays))
    >>> found[found["n"] > 0]
        weekday  hour  median    p90  within_target  n
    9         0   9.0    20.0   28.0          100.0  2
    35        1  11.0   300.0  300.0            0.0  1
    """
    if not 0 < target < float("inf"):
        raise ValueError(f"the target is a number of minutes above 0, got {target!r}")
    view = _view(dataset, as_of)
    if view is None:
        return _cells(
            pd.DataFrame(columns=["weekday", "hour", "median", "p90", "within_target", "n"])
        )
    times = times_of(reductions.moments(view.stays, _DATE))
    asked = [Time(_DATE, "weekday"), *([Time(_DATE, "hour")] if times.hours else [])]
    spread = reductions.spread(
        _timed(view, times.unrecorded), "waiting_minutes", (), _taken(view), asked
    )
    hours = [float(hour) for hour in range(24)] if times.hours else [np.nan]
    cells = pd.DataFrame({"weekday": np.repeat(np.arange(7), len(hours)), "hour": hours * 7})
    keys = ["weekday", "hour"] if times.hours else ["weekday"]
    found = figures_of_waits(cells, spread.astype({"weekday": "int64"}), keys, target)
    return _cells(found)


def wait_clock_notes(dataset: Dataset, as_of: object = None) -> tuple[str, ...]:
    """Return what is to be said of `wait_clock`: what was left out, and why there is nothing.

    Examples
    --------
    >>> wait_clock_notes(Dataset())
    ('No stays with a waiting time.',)
    """
    if dataset.stays is None or "waiting_minutes" not in dataset.stays:
        return ("No stays with a waiting time.",)
    if doubt := dates_in_doubt(dataset):
        return (doubt,)
    view = _view(dataset, as_of)
    if view is None:
        return ("The data does not say when patients came, or does not cover the period.",)
    times = times_of(reductions.moments(view.stays, _DATE))
    notes = [times.note, dates_assumed(dataset)]
    if times.unrecorded:
        known = [
            int(reductions.spread(rows, "waiting_minutes", (), _taken(view))["rows"].sum())
            for rows in (view.stays, _timed(view, True))
        ]
        if known[0] > known[1]:
            notes.append(
                "Arrivals at 00:00 sharp, taken for dates without a time and left out: "
                f"{known[0] - known[1]:,} of {known[0]:,}."
            )
    return tuple(filter(None, notes))


def _view(dataset: Dataset, as_of: object) -> View | None:
    """Return the stays as they are looked at; None where there is nothing to give."""
    if dataset.stays is None or dates_in_doubt(dataset):
        return None
    view = overall_view(dataset, dataset.stays, as_of)
    if not view.has("waiting_minutes") or not view.has(_DATE) or not covers(view, _DATE):
        return None
    return view


def _taken(view: View) -> Tally:
    (window,) = view.windows
    return Tally(date=_DATE, first=window.start, last=window.end, dated=True, low=0.0)


def _timed(view: View, unrecorded: bool) -> pd.DataFrame:
    """Return the stays, without those whose time of day is not recorded."""
    stays: pd.DataFrame = reductions.with_a_time(view.stays, _DATE) if unrecorded else view.stays
    return stays


def _cells(found: pd.DataFrame) -> pd.DataFrame:
    return found[list(_DTYPES)].astype(_DTYPES).reset_index(drop=True)
