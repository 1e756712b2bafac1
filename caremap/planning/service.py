"""How long places are taken and how long patients waited, as the user's file has it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.groups import asked, keys_of, stays_by
from caremap.measures.tallies import Tally
from caremap.measures.view import overall_view
from caremap.measures.waits import waits
from caremap.measures.windows import dates_in_doubt
from caremap.planning.breakeven import amount
from caremap.planning.waiting import Wait
from caremap.problems import DataProblem

__all__ = ["observed_beside", "service_times"]


def service_times(
    dataset: Dataset, by: str | Sequence[str] | None = None, *, as_of: object = None
) -> pd.Series:
    """Return how often each length of stay occurs: how long places are taken.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    by
        Column or columns to group by.
    as_of
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.Series
        ``stays`` by ``stay`` (whole nights, as in bed-days; 0 for who left on the day of
        admission); with ``by`` the groups before it, so that ``found.loc["Surgery"]`` is what
        `waiting` and `simulate_queue` take. Of stays discharged in the period.

    Raises
    ------
    caremap.DataProblem
        Where no length of stay is known, a column of ``by`` is missing, or dates are in doubt
        while a period is set.

    Examples
    --------
    >>> stays = pd.DataFrame({"length_of_stay": [3.0, 3.0, 0.0, None]})
    >>> service_times(Dataset(stays=stays))
    stay
    0.0    1
    3.0    2
    Name: stays, dtype: int64
    """
    if dataset.period and (doubt := dates_in_doubt(dataset)):
        raise DataProblem(doubt)
    groups = () if by is None else asked(by)
    if "region" in groups:
        dataset = dataset.with_regions()
    stays = stays_by(dataset, groups)
    view = None if stays is None else overall_view(dataset, stays, as_of)
    if view is None or not view.has("length_of_stay"):
        raise DataProblem(
            "How long places are taken is not known: there are no lengths of stay.",
            "Add a file with one row per stay, or type a mean time in.",
        )
    keys = keys_of(groups)
    (window,) = view.windows
    taken = Tally(
        date=view.first("discharged"), first=window.start, last=window.end, only=view.only, low=0.0
    )
    counted = reductions.spread(view.stays, "length_of_stay", keys, taken)
    nights = counted.assign(stay=np.floor(counted["length_of_stay"]))
    nights = nights.rename(columns=dict(zip(keys, groups, strict=True)))
    found: pd.Series = nights.groupby([*groups, "stay"])["rows"].sum()
    return found.astype("int64").rename("stays")


def observed_beside(
    wait: Wait,
    dataset: Dataset,
    *,
    minutes: float = 60.0,
    target: float | None = None,
    as_of: object = None,
) -> pd.DataFrame:
    """Return the waits of the file beside those computed.

    Parameters
    ----------
    wait
        What `waiting` gives.
    dataset
        With ``waiting_minutes``, filtered to the unit it is of.
    minutes
        Minutes in the unit of time of ``wait``: 60 for hours, 1440 for days.
    target
        The wait that should not be exceeded, in that unit.
    as_of
        As in `caremap.measures.waits`.

    Returns
    -------
    pandas.DataFrame
        One row each of ``what`` (``median wait``, ``nine in ten wait less than``, both in minutes,
        and ``wait longer than the target``, percent), with ``computed``, ``observed`` and ``n``
        (visits with a known wait). NaN where not known; no row where the file has no waits.

    Examples
    --------
    >>> stays = pd.DataFrame({"waiting_minutes": [0.0, 5.0, 50.0, 10.0]})
    >>> from caremap.planning.waiting import waiting
    >>> observed_beside(waiting(10, 1.0, 14), Dataset(stays=stays)).round(1)
                             what  computed  observed  n
    0                 median wait       0.0       7.5  4
    1  nine in ten wait less than       8.3      38.0  4
    """
    goal = math.nan if target is None else amount(target, "The target") * minutes
    timed = goal > 0  # false for NaN too
    found = (waits(dataset, goal, as_of=as_of) if timed else waits(dataset, as_of=as_of)).iloc[0]
    rows = [
        ("median wait", wait.median_wait * minutes, found["median"]),
        ("nine in ten wait less than", wait.wait_90 * minutes, found["p90"]),
    ]
    if timed:
        late = 100 * wait.share_over_target
        rows.append(("wait longer than the target", late, 100 - found["within_target"]))
    frame = pd.DataFrame(rows, columns=["what", "computed", "observed"])
    frame = frame.astype({"what": "str", "computed": "float64", "observed": "float64"})
    frame = frame.assign(n=int(found["n"]))
    return frame if found["n"] else frame.iloc[:0]
