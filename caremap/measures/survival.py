"""How many left the hospital alive, of those whose outcome is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import outcomes, reductions
from caremap.measures.figures import Figure, missing, ratios, told, window_sums
from caremap.measures.gates import covers, on
from caremap.measures.groups import asked, in_order, keys_of, stays_by
from caremap.measures.intervals import wilson
from caremap.measures.tallies import Tally
from caremap.measures.view import View, overall_view

__all__ = ["figures_of_survival", "survival"]

_FIGURES = ("survived", "died", "n", "unknown", "survival", "low_95", "high_95")
_COUNTS = _FIGURES[:4]


def survival(
    dataset: Dataset, by: str | Sequence[str] | None = "region", as_of: object = None
) -> pd.DataFrame:
    """Return how many were discharged alive, by group, with Wilson's 95 % interval.

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
        The groups, ``survived`` and ``died`` (stays discharged in the period, by their
        outcome), ``n`` (both together), ``unknown`` (stays without a known outcome, out of the
        other three), ``survival`` (percent of ``n``) and its ``low_95`` and ``high_95``: NaN
        where no outcome is known, where the file names no outcome that tells death from
        survival, or where the data does not cover the period.

    Raises
    ------
    caremap.DataProblem
        Where a column does not exist, identifies persons, or makes no groups.

    Notes
    -----
    Crude: not adjusted for age or severity. A transfer is a discharge alive, and what became
    of the patient later is not known. Interval: Wilson (1927), see Newcombe (1998).

    Examples
    --------
    >>> stays = pd.DataFrame({"region": ["North"] * 4, "outcome": ["Home", "Home", "Died", None]})
    >>> survival(Dataset(stays=stays)).round(1)
      region  survived  died  n  unknown  survival  low_95  high_95
    0  North         2     1  3        1      66.7    20.8     93.9
    """
    groups = () if by is None else asked(by)
    if "region" in groups:
        dataset = dataset.with_regions()
    keys = keys_of(groups)
    stays = stays_by(dataset, groups, taken=_FIGURES)
    if stays is None:
        return _with_shares(pd.DataFrame(dict.fromkeys(_COUNTS, [0])), groups, keys)
    view = overall_view(dataset, stays, as_of)
    (window,) = view.windows
    date = view.first("discharged", "admitted")
    of = Tally(date=date, first=window.start, last=window.end, only=view.only)
    left = Tally(
        date=date, first=window.start, last=window.end, only=view.only, dated=date is not None
    )
    has_outcome = view.has("outcome")
    columns = [*keys, "outcome"] if has_outcome else keys
    counted = reductions.tallies(stays, columns, {"of": of, "left": left})
    said = counted["outcome"] if has_outcome else pd.Series(UNKNOWN, index=counted.index)
    ends = _said(dataset)
    dead = said.isin(ends[0])
    alive = said.isin(ends[1]) & ~dead
    rows = counted["of_rows"] if covers(view, date) else 0 * counted["of_rows"]
    open_rows = counted["left_rows"] if covers(view, date) else 0 * counted["left_rows"]
    parts = pd.DataFrame(
        {
            **{key: counted[key] for key in keys},
            "survived": rows.where(alive, 0),
            "died": rows.where(dead, 0),
            "n": rows.where(alive | dead, 0),
            "unknown": open_rows.where(~(alive | dead), 0),
        }
    )
    if keys:
        found = parts.groupby(list(keys), sort=False)[list(_COUNTS)].sum().reset_index()
    else:
        found = parts[list(_COUNTS)].sum().to_frame().T
    return _with_shares(found, groups, keys)


def figures_of_survival(view: View) -> list[Figure]:
    """Return the share discharged alive of those whose outcome is known, per window."""
    if not view.has("outcome"):
        return missing(view.windows, "No outcome column.")
    dead, alive = _said(view.dataset)
    if not dead and not alive:
        why = "No outcome says that a patient died or survived: whether deaths are recorded is"
        return missing(view.windows, f"{why} not known.")
    date = view.first("discharged", "admitted")
    counted = view.dataset.once("stays", reductions.flows, date, ["outcome"], only=view.only)
    daily = counted[["date"]].assign(
        survived=counted["rows"].where(counted["outcome"].isin(alive), 0),
        n=counted["rows"].where(counted["outcome"].isin([*alive, *dead]), 0),
    )
    totals = window_sums(daily, view.windows)
    nothing = "No stay in this time has a known outcome."
    figures = ratios(totals["survived"], totals["n"], totals["n"], nothing, 100.0)
    return told(on(date, figures, view), "Not adjusted for age or severity.")


def _said(dataset: Dataset) -> tuple[list[str], list[str]]:
    """Return the outcomes that mean death, and those that mean survival.

    Of a file that names neither a death nor survivors as such it cannot be told whether deaths
    are recorded at all: none of its outcomes means anything then.
    """
    whole = dataset.whole or dataset
    if whole.stays is None or "outcome" not in whole.stays:
        return [], []
    values = whole.once("stays", reductions.categories, "outcome")["value"].to_list()
    dead = outcomes.deaths(values)
    if not dead and not outcomes.survivals(values):
        return [], []
    return dead, outcomes.ends(values, dead)


def _with_shares(found: pd.DataFrame, groups: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    n = found["n"].to_numpy("float64")
    low, high = wilson(found["survived"], n)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = 100.0 * found["survived"].to_numpy("float64") / np.where(n > 0, n, np.nan)
    result = found.assign(survival=share, low_95=100.0 * low, high_95=100.0 * high)
    ordered = in_order(result.astype(dict.fromkeys(_COUNTS, "int64")), list(keys))
    named = ordered.rename(columns=dict(zip(keys, groups, strict=True)))
    return named[[*groups, *_FIGURES]]
