"""Columns that know how long the stay was, whatever they are called.

Three things give a column away: it follows the length of stay more closely than anything known
at admission can; it is blank as long as a patient is in and filled once the stay is over; or it
says nothing but what a column says that is already left out (``disposition2`` beside the
disposition). What is found here is a suspicion, told with what it rests on: whoever knows
better puts the column back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN
from caremap.planning.plan_words import title

__all__ = ["Leak", "functions_of", "leaks_found"]

Array = np.ndarray[Any, Any]

_ENOUGH = 50
"""Stays a column must have a value for before anything is said of it."""

_RANKS = 0.95
"""Rank correlation with the stay from which a number is a copy of it."""

_TELLS = 0.8
"""Share of the differences between stays that one column alone may not explain: that is what a
model of all columns is suspected for, too."""

_TELLS_MUCH = 0.45
"""From here it is told: charges of real stays explain a half, their diagnoses a sixth."""

_GIVEN = 0.97
"""Share of the rows that another column must give beyond guessing, to be its source."""

_SMALL = 5
"""Rows of a value below which what they have in common may be chance."""

_LOOKED_AT = 40_000
"""Rows that are looked at, spread over all of them: what follows the stay in these does in all."""

_SURE = 1e-6
_BINS = 40


class Leak(NamedTuple):
    """Why a column is not to be predicted from.

    Attributes
    ----------
    kind
        ``copy``: it is the length of stay in other words, or a number of a person, and never
        put back. ``amount``: it grows with every night. ``later``: it is known only later.
        ``doubt``: it tells so much that it should be looked at, but it is used.
    reason
        In words.
    """

    kind: str
    reason: str


def leaks_found(
    features: Mapping[str, pd.Series[Any]],
    nights: pd.Series[Any],
    admitted: pd.Series[Any] | None = None,
) -> dict[str, Leak]:
    """Return the columns that know how long the stay was, and what gives them away.

    Parameters
    ----------
    features
        What may be known at admission, by its name: numbers, or text with ``Unknown`` for
        missing.
    nights
        How long the stays were, missing for those still open.
    admitted
        When they began: a column that nobody fills in any more is blank for stays that are
        over, too, and is told from one that is filled in at discharge by those of these days.

    Returns
    -------
    dict
        Column to what gives it away.

    Examples
    --------
    >>> nights = pd.Series(np.arange(200) % 17, dtype="float64")
    >>> age = pd.Series(np.arange(200) % 13, dtype="float64")
    >>> found = leaks_found({"age": age, "x": 1 / (nights + 1)}, nights)
    >>> print(found["x"].reason)
    Follows the length of stay too closely to be known at admission (rank correlation -1.00).
    """
    over = nights.notna().to_numpy()
    some = _spread(np.flatnonzero(over))
    stay = nights.to_numpy("float64")[some]
    recent = _recent(over, admitted)
    found: dict[str, Leak] = {}
    for name, column in features.items():
        leak = _when_over(column, over, recent) or _of_stay(column.iloc[some], stay)
        if leak is not None:
            found[name] = leak
    return found


def functions_of(
    features: Mapping[str, pd.Series[Any]], left_out: Mapping[str, pd.Series[Any]]
) -> dict[str, Leak]:
    """Return the columns that only repeat what a left out one says, in fewer or other words.

    Parameters
    ----------
    features
        Columns that may be known at admission.
    left_out
        Columns that are not, as text: only those of few values can be a source.

    Returns
    -------
    dict
        Column to what gives it away.

    Examples
    --------
    >>> ended = pd.Series(["Home", "Nursing home", "Died", "Home health"] * 30)
    >>> short = ended.replace({"Home health": "Home", "Nursing home": "Other"})
    >>> functions_of({"Group": short}, {"outcome": ended})["Group"].reason
    'Says the same as “Outcome”, which is not known at admission.'
    """
    sources = {}
    for source, text in left_out.items():
        codes = _codes(text.iloc[_spread(np.arange(len(text)))])
        if codes.max(initial=-1) + 1 <= len(codes) / (2 * _SMALL):
            sources[source] = codes
    found: dict[str, Leak] = {}
    for name, column in features.items():
        if column.dtype.kind == "f" and column.nunique() > _BINS:
            continue
        values = _codes(column.iloc[_spread(np.arange(len(column)))])
        for source, codes in sources.items():
            if _given(values, codes) >= _GIVEN:
                reason = f"Says the same as “{title(source)}”, which is not known at admission."
                found[name] = Leak("later", reason)
                break
    return found


def _spread(places: Array) -> Array:
    """Return so many of the places, evenly over all of them."""
    step = max(1, -(-len(places) // _LOOKED_AT))
    return places[::step]


def _recent(over: Array, admitted: pd.Series[Any] | None) -> Array:
    """Return which stays that are over began in the days of those still open, if enough did."""
    if admitted is None or admitted[~over].notna().sum() == 0:
        return over
    found = over & (admitted >= admitted[~over].median()).to_numpy(dtype=bool)
    return found if found.sum() >= 4 * _SMALL else over


def _when_over(column: pd.Series[Any], over: Array, recent: Array) -> Leak | None:
    """Return whether a column is filled in when the stay is over."""
    filled = _known(column)
    open_ = ~over
    if not open_.any() or not recent.any() or filled[open_].any():
        return None
    share = float(filled[recent].mean())
    by_chance = (1.0 - share) ** int(open_.sum())
    if by_chance > _SURE:
        return None
    return Leak(
        "later",
        f"Filled in when the stay is over: blank for every one of the {int(open_.sum()):,} "
        "patients still in hospital.",
    )


def _of_stay(column: pd.Series[Any], stay: Array) -> Leak | None:
    """Return whether a column follows the length of stay."""
    known = _known(column)
    if known.sum() < _ENOUGH or len(np.unique(stay[known])) < 2:
        return None
    values, nights = column[known], stay[known]
    if column.dtype.kind == "f":
        numbers = values.to_numpy("float64")
        close = _rank_correlation(numbers, nights)
        if abs(close) >= _RANKS:
            return Leak(
                "copy",
                "Follows the length of stay too closely to be known at admission (rank "
                f"correlation {close:.2f}).",
            )
        values = pd.Series(_binned(numbers))
    codes = _codes(values)
    if _given(codes, _codes(pd.Series(nights))) >= _GIVEN:
        return Leak("copy", "The length of stay gives it: it is made from it.")
    alone = _explained(codes, nights)
    told = f"Alone it tells {100 * alone:.0f} % of the differences between lengths of stay"
    if alone >= _TELLS:
        return Leak("later", f"{told}: more than anything known at admission can.")
    return Leak("doubt", f"{told}.") if alone >= _TELLS_MUCH else None


def _known(column: pd.Series[Any]) -> Array:
    known = column.notna() if column.dtype.kind == "f" else column != UNKNOWN
    return known.to_numpy(dtype=bool)


def _codes(column: pd.Series[Any]) -> Array:
    return pd.factorize(column, use_na_sentinel=False)[0].astype("int64")


def _rank_correlation(one: Array, other: Array) -> float:
    ranks = [pd.Series(values).rank().to_numpy("float64") for values in (one, other)]
    if min(np.ptp(ranks[0]), np.ptp(ranks[1])) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _binned(numbers: Array) -> Array:
    """Return numbers of many values in bins of about as many rows."""
    if len(np.unique(numbers)) <= _BINS:
        return numbers
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, _BINS + 1)[1:-1]))
    return np.searchsorted(edges, numbers, side="right").astype("float64")


def _given(values: Array, source: Array) -> float:
    """Return how much better than by guessing a value is told from the other column.

    Goodman and Kruskal's lambda: 1 where the source gives it, 0 where it does not help. Values
    of the source that only a few rows have are passed over, and so is a column that is the same
    on all rows but a few.
    """
    counts = np.bincount(source)
    enough = counts[source] >= _SMALL
    values, source = values[enough], source[enough]
    if len(values) < _ENOUGH:
        return 0.0
    most = int(np.bincount(values).max())
    rest = len(values) - most
    if rest < 2 * _SMALL:
        return 0.0
    cells = np.unique(source * (int(values.max()) + 1) + values, return_counts=True)
    best = pd.Series(cells[1]).groupby(cells[0] // (int(values.max()) + 1)).max()
    return float((best.sum() - most) / rest)


def _explained(codes: Array, nights: Array) -> float:
    """Return the share of the variance of the stay's rank that groups explain, for the chance.

    With as many groups as rows anything is explained: omega squared takes that off.
    """
    ranks = pd.Series(nights).rank().to_numpy("float64")
    groups = int(codes.max()) + 1
    if groups < 2 or groups > len(ranks) / _SMALL:
        return 0.0
    means = np.bincount(codes, ranks) / np.bincount(codes)
    whole = float(((ranks - ranks.mean()) ** 2).sum())
    within = float(((ranks - means[codes]) ** 2).sum())
    if whole == 0:
        return 0.0
    error = within / (len(ranks) - groups)
    return max(0.0, (whole - within - (groups - 1) * error) / (whole + error))
