"""How costs (charges, stays) spread within each group: quantiles, and how many stand far out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.by_group import tallies_of_stays
from caremap.measures.fences import SHARES, fences, is_skewed
from caremap.measures.gates import covers
from caremap.measures.groups import asked, in_order, keys_of, stays_by
from caremap.measures.view import Choices, overall_view

__all__ = ["SPREADS", "cost_spread"]

SPREADS = ("cost", "charges", "length_of_stay")
"""What can be shown as a spread."""

_CALLED = ("p5", "p25", "median", "p75", "p95")
_FIGURES = ("n", "mean", *_CALLED, "outliers", "skewed")

FEW = 20
"""Of fewer values the 5th and the 95th percentile are one patient's: they are not given."""


def cost_spread(
    dataset: Dataset,
    by: str | Sequence[str] | None = "treatment",
    value: str = "cost",
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> pd.DataFrame:
    """Return how a quantity spreads within each group.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    by
        Column or columns to group by, as in `caremap.measures.breakdown`; None gives one row.
    value
        ``cost``, ``charges`` (currency as supplied) or ``length_of_stay`` (days).
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        The groups, ``n`` (stays with a value), ``mean``, the percentiles ``p5``, ``p25``,
        ``median``, ``p75`` and ``p95`` (NaN without a value; ``p5`` and ``p95`` also where there
        are fewer than 20), ``outliers`` (stays beyond Tukey's fences of their group) and
        ``skewed`` (the same in all rows). No single patient's amount is among them. Where the
        data does not cover the period ``n`` is 0; where the file has no such values there is no
        row.

    Raises
    ------
    caremap.DataProblem
        Where a column does not exist, identifies persons, or makes no groups.
    ValueError
        Where the value or a switch is none of the choices.

    Notes
    -----
    Percentiles are interpolated as in `numpy.quantile`. Fences lie 1.5 times the distance of
    the quartiles beyond them (Tukey, 1977). Values are ``skewed`` where, of all stays together,
    the 5th percentile is above 0 and the 95th lies more than twice as far from the median as
    the 5th: fences are then those of the logarithm, in every group whose lower quartile is
    above 0, and a chart wants a logarithmic scale.

    Examples
    --------
    >>> stays = pd.DataFrame({"treatment": ["A"] * 21, "cost": [*range(10, 30), 900]})
    >>> cost_spread(Dataset(stays=stays)).drop(columns="treatment")
        n   mean    p5   p25  median   p75   p95  outliers  skewed
    0  21  61.43  11.0  15.0    20.0  25.0  29.0         1   False
    """
    if value not in SPREADS:
        raise ValueError(f"value is one of {', '.join(SPREADS)}, got {value!r}")
    groups = () if by is None else asked(by)
    choices = Choices(same_day, overnight_only, cost_date)
    if "region" in groups:
        dataset = dataset.with_regions()
    keys = keys_of(groups)
    stays = stays_by(dataset, groups, taken=_FIGURES)
    view = None if stays is None else overall_view(dataset, stays, as_of, choices)
    tally = None if view is None else tallies_of_stays(view).get(value)
    if view is None or tally is None:
        names = dict.fromkeys(groups, "str") | dict.fromkeys(_FIGURES, "float64")
        none = pd.DataFrame(columns=list(names)).astype(names)
        return none.astype({"n": "int64", "outliers": "int64", "skewed": "bool"})
    found = reductions.quantiles(view.stays, keys, tally, SHARES)
    whole = reductions.quantiles(view.stays, (), tally, SHARES) if keys else found
    skewed = is_skewed(whole)
    ends = found[keys].assign(**fences(found, skewed))
    names = {f"q{place}": name for place, name in enumerate(_CALLED)}
    mean = found["sum"] / found["n"].where(found["n"] > 0)
    found = found.rename(columns=names).assign(mean=mean, skewed=skewed)
    out = reductions.beyond(view.stays, keys, tally, ends)["beyond"]
    found = found.assign(outliers=out.to_numpy())
    few = found["n"] < FEW
    found = found.assign(p5=found["p5"].mask(few), p95=found["p95"].mask(few))
    if not covers(view, tally.date):
        found = found.assign(n=0, outliers=0, **dict.fromkeys(("mean", *_CALLED), np.nan))
    ordered = in_order(found[[*keys, *_FIGURES]], keys)
    return ordered.rename(columns=dict(zip(keys, groups, strict=True)))
