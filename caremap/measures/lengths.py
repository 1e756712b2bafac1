"""How long stays last: stays by whole days, and in bands that people name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.gates import covers
from caremap.measures.tallies import Tally
from caremap.measures.view import Choices, overall_view

__all__ = ["BANDS", "stay_bands", "stay_lengths"]

BANDS = (
    ("Same day", 0, 0),
    ("1 day", 1, 1),
    ("2-3 days", 2, 3),
    ("4-7 days", 4, 7),
    ("8-14 days", 8, 14),
    ("15-21 days", 15, 21),
    ("22 days or more", 22, None),
)
"""Name, first and last day of each band; the last is open."""


def stay_lengths(
    dataset: Dataset,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
) -> pd.DataFrame:
    """Return how many of the stays discharged in the period lasted how many days.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    as_of, same_day, overnight_only
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        ``days`` (whole days, as a float) and ``stays``, by days. Empty where no length is
        known, or where the data does not cover the period.

    Raises
    ------
    ValueError
        Where ``same_day`` is neither 0 nor 1.

    Notes
    -----
    The stays are those of the average length of stay in `caremap.measures.headline`, and its
    mean and median follow from these counts. Only a length supplied with a part of a day
    (from hours, without dates) is counted here under its whole days: 1.9 under 1, and less
    than one day as a same-day stay. A length given as “120 or more” counts as 120. Without a
    period stays without a discharge date count too, where their length is known.

    Examples
    --------
    >>> stays = pd.DataFrame({"length_of_stay": [3.0, 3.0, 0.0, None]})
    >>> stay_lengths(Dataset(stays=stays))
       days  stays
    0   0.0      1
    1   3.0      2
    >>> stay_lengths(Dataset(stays=stays), same_day=1)["days"].tolist()
    [1.0, 3.0]
    """
    choices = Choices(same_day, overnight_only)
    nothing = pd.DataFrame({"days": pd.Series([], dtype="float64"), "stays": 0}).astype(
        {"stays": "int64"}
    )
    if dataset.stays is None:
        return nothing
    view = overall_view(dataset, dataset.stays, as_of, choices)
    date = view.first("discharged")
    if not view.has("length_of_stay") or not covers(view, date):
        return nothing
    (window,) = view.windows
    taken = Tally(
        date=date,
        first=window.start,
        last=window.end,
        only=view.only,
        low=1.0 if overnight_only else 0.0,
        lift=1.0 if same_day else None,
    )
    counted = reductions.spread(view.stays, "length_of_stay", taken=taken)
    whole = counted.assign(days=np.floor(counted["length_of_stay"]))
    summed = whole.groupby("days")["rows"].sum()
    found: pd.DataFrame = summed.rename("stays").astype("int64").reset_index()
    return found


def stay_bands(lengths: pd.DataFrame) -> pd.DataFrame:
    """Return stays by band of length.

    Parameters
    ----------
    lengths
        What `stay_lengths` gives.

    Returns
    -------
    pandas.DataFrame
        All seven bands in order: ``band`` (text), ``first`` and ``last`` (days, both included;
        ``last`` is NaN where the band is open), ``stays`` and ``share`` (fraction of all; NaN
        where there are none). Where same-day stays count 1 day they are in the band “1 day”.

    Examples
    --------
    >>> lengths = pd.DataFrame({"days": [0.0, 3.0, 40.0], "stays": [1, 2, 1]})
    >>> stay_bands(lengths)[["band", "stays", "share"]].query("stays > 0")
                  band  stays  share
    0         Same day      1   0.25
    2         2-3 days      2   0.50
    6  22 days or more      1   0.25
    """
    edges = [first for _, first, _ in BANDS]
    place = np.searchsorted(edges, lengths["days"].to_numpy("float64"), side="right") - 1
    stays = np.bincount(
        place, weights=lengths["stays"].to_numpy("float64"), minlength=len(BANDS)
    ).astype("int64")
    total = stays.sum()
    return pd.DataFrame(
        {
            "band": pd.Series([name for name, _, _ in BANDS], dtype="str"),
            "first": np.array(edges, dtype="float64"),
            "last": np.array([np.nan if last is None else last for _, _, last in BANDS]),
            "stays": stays,
            "share": stays / total if total else np.full(len(BANDS), np.nan),
        }
    )
