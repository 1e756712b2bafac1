"""Lengths of stay given as bands: 0-10, 11-20 … More than 100 Days.

A band has no middle that could stand for it: bands are classes with an order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from caremap.intake.headers import words
from caremap.schema import FIELDS

__all__ = ["banded_stay", "stay_bands"]

_UNIT = r"\s*(?:days?|nights?|d|tage|nachte|jours?|dias|giorni)?\s*"
_FROM_TO = re.compile(rf"^[\[(]?\s*(\d+){_UNIT}(?:-|–|to|bis|a|à|,)\s*(\d+){_UNIT}[\])]?$")
_OVER = re.compile(
    rf"^(?:(>=?|≥|more than|over|above|at least|from|mehr als|über|plus de|más de|mais de|oltre)"
    rf"\s*(\d+)|(\d+)\s*(?:\+|(?:and|or) (?:more|over|above|longer)){_UNIT}$|(\d+){_UNIT}\+)"
)
_UNDER = re.compile(
    r"^(<=?|≤|less than|under|below|up to|weniger als|bis|moins de|menos de)\s*(\d+)"
)
_AND_MORE = (">=", "≥", "at least", "from")
_LEAST, _MOST = 2, 60
_STRAY = 0.02
_FAR = 1e9


def stay_bands(values: pd.Series[Any]) -> tuple[str, ...] | None:
    """Return the bands of a column in their order, None where it is no column of bands.

    Parameters
    ----------
    values
        Text; missing values are passed over.

    Returns
    -------
    tuple of str or None
        The bands as they stand, from the shortest stay to the longest. None where more than a
        few values are no bands, two bands overlap, or there are fewer than two of them.

    Examples
    --------
    >>> stay_bands(pd.Series(["11-20", "More than 100 Days", "0-10", None, "0-10"]))
    ('0-10', '11-20', 'More than 100 Days')
    >>> stay_bands(pd.Series(["short", "long"])) is None
    True
    """
    counts = values.astype("str").value_counts()
    ends = {str(kind): found for kind in counts.index if (found := _ends(str(kind))) is not None}
    others = counts[[kind for kind in counts.index if kind not in ends]].sum()
    if not _LEAST <= len(ends) <= _MOST or others > _STRAY * counts.sum():
        return None
    ordered = sorted(ends, key=ends.__getitem__)
    spans = [ends[kind] for kind in ordered]
    overlap = any(high > low for (_, high), (low, _) in zip(spans, spans[1:], strict=False))
    alike = len(set(spans)) < len(spans)
    single = all(low == high for low, high in spans)
    return None if overlap or alike or single else tuple(ordered)


def banded_stay(table: pd.DataFrame) -> str | None:
    """Return the column that gives the length of stay in bands, by its header and its values.

    Examples
    --------
    >>> table = pd.DataFrame({"Age": ["0-10", "11-20"], "Stay": ["0-10", "11-20"]})
    >>> banded_stay(table)
    'Stay'
    """
    for name in _of_stays(map(str, table.columns)):
        column = table[name]
        if (column.dtype == object or isinstance(column.dtype, pd.StringDtype)) and stay_bands(
            column
        ):
            return name
    return None


def _of_stays(names: Iterable[str]) -> list[str]:
    """Return the columns beside the fields that are headed as a length of stay is."""
    item = FIELDS["length_of_stay"]
    asked = {*item.words, *item.weak}
    return [
        name
        for name in names
        if name not in FIELDS
        and (words(name) in asked or {"stay", "los"} & set(words(name).split()))
    ]


def _ends(band: str) -> tuple[float, float] | None:
    """Return the shortest and the longest stay of a band; where it is open, far away."""
    text = " ".join(band.casefold().split())
    both = _FROM_TO.match(text)
    if both:
        low, high = float(both[1]), float(both[2])
        return (low, high) if low <= high else None
    over = _OVER.match(text)
    if over:
        number = float(next(filter(None, over.groups()[1:])))
        beyond = over[1] is not None and over[1] not in _AND_MORE
        return number + (0.5 if beyond else 0.0), _FAR
    under = _UNDER.match(text)
    if under:
        return 0.0, float(under[2]) - (
            0.5 if under[1] in {"<", "less than", "under", "below"} else 0
        )
    return (float(text), float(text)) if text.isdigit() else None
