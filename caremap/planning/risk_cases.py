"""The stays a prediction learns from and is judged by: what is known of each, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.admission import Admission
from caremap.planning.risk_features import Coded, coded, in_order
from caremap.problems import DataProblem

__all__ = ["TOP_TENTH", "Cases", "cases_of", "day_number", "limit_of"]

Array = np.ndarray[Any, Any]

TOP_TENTH = "top tenth"
LEAST, LEAST_LONG = 200, 20
GAP_SHARE = 0.2  # of the days covered, that may be given up for lengths to be known


@dataclass(frozen=True, eq=False)
class Cases:
    """Stays in an order that does not depend on how they came.

    Attributes
    ----------
    table
        What was known at admission.
    rows
        Where each stands in the table it came from.
    nights
        Nights it lasted; of a stay that has not ended, how long it has lasted.
    ended
        Whether it has ended.
    long
        Whether it lasted more than ``over`` nights (it has, where it has not ended).
    day
        Day of admission, as days since 1970; missing without dates.
    usable
        Whether its length is known without favouring short stays: it began long enough ago.
    current
        Whether the patient was in hospital at the end of ``as_of``.
    over
        Nights a stay has to last more than to be long.
    gap
        Days before ``as_of`` from which on stays do not count.
    as_of
        The day up to which stays are known, as days since 1970; missing without dates.
    """

    table: Coded
    rows: Array
    nights: Array
    ended: Array
    long: Array
    day: Array
    usable: Array
    current: Array
    over: float
    gap: int
    as_of: float


def limit_of(over: float | str, nights: Array) -> float:
    """Return the nights beyond which a stay is long.

    Parameters
    ----------
    over
        Nights, zero or more, or "top tenth": the fewest whole nights that at most a tenth of
        the stays exceed.
    nights
        Of the stays that have ended.

    Raises
    ------
    caremap.DataProblem
        For anything else.

    Examples
    --------
    >>> limit_of("top tenth", np.arange(1, 101)), limit_of(7, np.arange(3))
    (90.0, 7.0)
    """
    if isinstance(over, str) and over.strip().lower() == TOP_TENTH:
        if not len(nights):
            return float("nan")
        return float(np.ceil(np.quantile(nights, 0.9, method="inverted_cdf")))
    try:
        limit = float(over)
    except ValueError:
        limit = float("nan")
    if not 0 <= limit < 10_000:
        raise DataProblem(
            "A long stay is one over a number of nights.",
            "Give that number, zero or more, or “top tenth”.",
        )
    return limit


def day_number(moment: pd.Timestamp | None) -> float:
    """Return a day as days since 1970; missing where there is none."""
    return np.nan if moment is None else float(np.datetime64(moment, "D").astype("int64"))


def cases_of(admission: Admission, over: float | str, *, said: str = "") -> Cases:
    """Return the stays to learn from and to predict.

    Parameters
    ----------
    admission
        What `caremap.planning.admission_table` gives.
    over
        Nights a stay has to last more than to be long, or "top tenth".
    said
        The same in words, where they are not "over 7 nights".

    Raises
    ------
    caremap.DataProblem
        Where too few stays have ended, or too few of them were long or short.
    """
    given = admission.nights.to_numpy("float64", na_value=np.nan)
    whole_days = admission.admitted.to_numpy("datetime64[D]")
    day = np.where(np.isnat(whole_days), np.nan, whole_days.astype("int64").astype("float64"))
    as_of = day_number(admission.as_of)
    table = coded(admission.features)
    order = in_order(table, day, given)
    table, given, day = table.taken(order), given[order], day[order]
    ended = ~np.isnan(given)
    limit = limit_of(over, given[ended])
    nights = np.where(ended, given, np.maximum(as_of - day, 0))
    current = ~ended & (day <= as_of)
    usable, gap = ended, 0
    if admission.as_of is not None:
        gap = _gap(day, given[ended], limit, as_of)
        first, last = admission.complete or (None, admission.as_of)
        end = min(as_of - gap, day_number(last))
        usable = (ended | (nights > limit)) & (day <= end) & ~(day < day_number(first))
    found = Cases(
        table, order, nights, ended, nights > limit, day, usable, current, limit, gap, as_of
    )
    _enough(found, said or f"over {limit:g} nights")
    return found


def _gap(day: Array, nights: Array, limit: float, as_of: float) -> int:
    """Return the days after which nearly all stays have ended, and all are known to be long."""
    dated = day[~np.isnan(day)]
    if not len(dated) or not len(nights):
        return 0
    nearly = float(np.quantile(nights, 0.99))
    most = max(GAP_SHARE * (as_of - dated.min()), limit + 1)
    return int(np.ceil(min(max(nearly, limit) + 1, most)))


def _enough(cases: Cases, said: str) -> None:
    """Raise where nothing could be learned."""
    n, long = int(cases.usable.sum()), int(cases.long[cases.usable].sum())
    if n < LEAST:
        raise DataProblem(
            f"Stays cannot be predicted: {n:,} stays have a known length, {LEAST} are needed.",
            "Add stays with a length, or with admission and discharge dates.",
        )
    if long < LEAST_LONG:
        raise DataProblem(
            f"The risk of a long stay cannot be told: {long:,} of {n:,} stays lasted {said}, "
            f"{LEAST_LONG} are needed.",
            "Choose fewer nights or the longest tenth, or add stays.",
        )
    if n - long < LEAST_LONG:
        raise DataProblem(
            f"The risk of a long stay cannot be told: all but {n - long:,} of {n:,} stays lasted "
            f"{said}.",
            "Choose more nights.",
        )
