"""Readmission within 30 days by group, with the interval it lies in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.gates import covers
from caremap.measures.groups import asked, in_order, keys_of, stays_by
from caremap.measures.intervals import wilson
from caremap.measures.readmission import PATIENTS, WITHIN, discharges_alive
from caremap.measures.tallies import Tally
from caremap.measures.view import View, overall_view
from caremap.measures.windows import DAY

__all__ = ["AS_RECORDED", "COMPUTED", "complete_discharges", "readmissions"]

COMPUTED, AS_RECORDED = "computed", "as recorded"
"""From the stays of each patient, or from a yes/no column of the file."""

_FIGURES = ("alive", "readmitted", "n", "readmission", "low_95", "high_95", "source")
_COUNTS = _FIGURES[:3]


def readmissions(
    dataset: Dataset, by: str | Sequence[str] | None = None, as_of: object = None
) -> pd.DataFrame:
    """Return the share of discharges followed by a readmission, with Wilson's 95 % interval.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    by
        Column or columns to group by, as in `caremap.measures.breakdown`; None gives one row.
    as_of
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        The groups, then:

        - ``alive``: discharges alive in the period, of patients with a code
        - ``readmitted``: of ``n``, those followed by an admission of the same patient, to any
          place of the file, 0 to 29 days later
        - ``n``: discharges alive whose 30 days lie within the data
        - ``readmission``: percent of ``n``, with ``low_95`` and ``high_95``; NaN where ``n``
          is 0 or the data does not cover the period
        - ``source``: ``computed``; or ``as recorded`` by a yes/no column of the file, where
          patients or dates are not known: ``n`` is then stays that say yes or no, and so is
          ``alive``, as deaths are not told apart; empty where there is neither

    Raises
    ------
    caremap.DataProblem
        Where a column does not exist, identifies persons, or makes no groups.

    Notes
    -----
    NHS England: readmission within 30 days, all admissions, not adjusted for risk. A transfer
    to another place on the day of discharge is no readmission.

    Examples
    --------
    >>> stays = pd.DataFrame({"patient_id": ["P", "P", "Q"],
    ...     "admitted": pd.to_datetime(["2024-01-01", "2024-01-20", "2024-03-20"]),
    ...     "discharged": pd.to_datetime(["2024-01-05", "2024-01-22", "2024-03-21"])})
    >>> readmissions(Dataset(stays=stays)).round(1)
       alive  readmitted  n  readmission  low_95  high_95    source
    0      3           1  2         50.0     9.5     90.5  computed
    """
    groups = () if by is None else asked(by)
    if "region" in groups:
        dataset = dataset.with_regions()
    keys = keys_of(groups)
    stays = stays_by(dataset, groups, taken=_FIGURES)
    counted, source = pd.DataFrame(dict.fromkeys(_COUNTS, [0])), ""
    if stays is not None:
        view = overall_view(dataset, stays, as_of, with_coverage=True)
        if view.has(*PATIENTS):
            counted, source = _computed(view, groups), COMPUTED
        elif view.has("readmitted"):
            counted, source = _recorded(view, keys), AS_RECORDED
        if keys:  # a group without a discharge in the period has 0, not a blank
            everyone = reductions.tallies(stays, keys, {"all": Tally()})[keys]
            counted = everyone.merge(counted, how="left", on=keys) if source else everyone
    return _with_shares(counted.assign(source=source), groups, keys)


def complete_discharges(view: View, groups: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return discharges alive in view by day and group, all and those whose 30 days are over."""
    span = view.coverage.admissions
    counted = discharges_alive(view, groups)
    (window,) = view.windows
    if span is None or not covers(view, "discharged"):
        counted = counted.iloc[:0]
    low = pd.Timestamp.min if window.start is None else window.start
    high = pd.Timestamp.max if window.end is None else window.end
    counted = counted[counted["date"].between(low, high)]
    last = pd.Timestamp.min if span is None else span.last - DAY * WITHIN
    return counted, counted[counted["date"] <= last]


def _computed(view: View, groups: Sequence[str]) -> pd.DataFrame:
    everyone, complete = complete_discharges(view, groups)
    keys = keys_of(groups)
    parts = []
    for frame, names in (
        (everyone, {"alive": "alive"}),
        (complete, {"alive": "n", "readmitted": "readmitted"}),
    ):
        if keys:
            summed = frame.groupby(keys)[list(names)].sum().reset_index()
        else:
            summed = pd.DataFrame([frame[list(names)].sum()])
        parts.append(summed.rename(columns=names))
    if not keys:
        return parts[0].join(parts[1])
    dtypes = dict.fromkeys(keys, "str")
    return parts[0].astype(dtypes).merge(parts[1].astype(dtypes), how="left", on=keys)


def _recorded(view: View, keys: Sequence[str]) -> pd.DataFrame:
    (window,) = view.windows
    date = view.first("discharged", "admitted")
    found = reductions.tallies(
        view.stays,
        keys,
        {"readmitted": Tally("readmitted", date, window.start, window.end, only=view.only)},
    )
    n = found["readmitted_n"]
    counted = found[[*keys, "readmitted"]].assign(alive=n, n=n)
    if not covers(view, date):
        counted = counted.assign(**dict.fromkeys(_COUNTS, 0))
    return counted


def _with_shares(counted: pd.DataFrame, groups: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    found = counted.reindex(columns=[*keys, *_COUNTS, "source"])
    found = found.fillna(dict.fromkeys(_COUNTS, 0)).astype(dict.fromkeys(_COUNTS, "int64"))
    n = found["n"].to_numpy("float64")
    low, high = wilson(found["readmitted"], n)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = 100.0 * found["readmitted"].to_numpy("float64") / np.where(n > 0, n, np.nan)
    result = found.assign(readmission=share, low_95=100.0 * low, high_95=100.0 * high)
    ordered = in_order(result.astype({"source": "str"}), list(keys))
    named = ordered.rename(columns=dict(zip(keys, groups, strict=True)))
    return named[[*groups, *_FIGURES]]
