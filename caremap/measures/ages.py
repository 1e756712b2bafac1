"""Ages in the bands statistics are published in: 0-4, 5-9 … 85-89, 90+.

Part of `caremap.measures.reductions`. Ages of 90 and over are one band, as a single very
old patient could be recognised; so are the bands a file brings that begin there. 999, -1 and
120 or more are no ages: they are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import narwhals as nw

from caremap.measures.rows import Rows, number, opened, to_pandas

__all__ = ["AGE_BANDS", "banded", "oldest"]

AGE_BANDS = (*(f"{low}-{low + 4}" for low in range(0, 90, 5)), "90+")
"""The bands, in order."""

OLDEST = 120


_NUMBER = re.compile(r"\d+")
_OVER = re.compile(
    r"^\s*(>(?!=)|over|above|older than|more than|über|uber|mayor de|más de|plus de)"
)
_BELOW = re.compile(r"^\s*(<|≤|=<|under|below|less than|up to|to|unter|bis|menor|hasta|moins)")
_YOUNG = re.compile(
    r"\b(days?|weeks?|months?|hours?|tage?|monate?|jours?|mois|d[ií]as?|mes(es)?)\b"
)


def oldest(bands: Iterable[str]) -> list[str]:
    """Return the bands of which every age is 90 or over, but for “90+” itself.

    Examples
    --------
    >>> oldest(["85-89", "85+", "90-94", "95+", "> 89", "100 and over", "90 days", "under 95"])
    ['90-94', '95+', '> 89', '100 and over']
    """
    found = []
    for band in bands:
        text = band.casefold()
        first = _NUMBER.search(text)
        if first is None or band == AGE_BANDS[-1] or _BELOW.match(text) or _YOUNG.search(text):
            continue
        lowest = int(first.group()) + (1 if _OVER.match(text) else 0)
        if lowest >= 90:
            found.append(band)
    return found


def banded(rows: Rows) -> Rows:
    """Return rows with ``age_band``, ages of 90 and over in one band.

    It is made from ``age`` where there is none, missing where the age is none.

    Examples
    --------
    >>> import pandas as pd
    >>> banded(pd.DataFrame({"age": [0.5, 34.0, 103.0, 999.0, None]}))["age_band"].tolist()
    ['0-4', '30-34', '90+', nan, nan]
    >>> banded(pd.DataFrame({"age_band": ["85-89", "90-94", "95+"]}))["age_band"].tolist()
    ['85-89', '90+', '90+']
    """
    frame = nw.from_native(rows)
    if "age_band" in frame.collect_schema().names():
        band = nw.col("age_band").cast(nw.String)
        kinds = to_pandas(opened(rows).select(age_band=band).unique())["age_band"]
        over = oldest(kinds.dropna().astype("str"))
        if not over:
            return rows
        folded = nw.when(band.is_in(over)).then(nw.lit(AGE_BANDS[-1])).otherwise(band)
        return frame.with_columns(age_band=folded).to_native()
    age = number("age")
    last = float(len(AGE_BANDS) - 1)
    place = (age / 5).floor()
    place = nw.when(place > last).then(nw.lit(last)).otherwise(place)
    known = nw.when((age >= 0) & (age < OLDEST)).then(place)
    places = [float(number) for number in range(len(AGE_BANDS))]
    return (
        frame.with_columns(age_band=known)
        .with_columns(
            age_band=nw.col("age_band").replace_strict(
                places, list(AGE_BANDS), default=None, return_dtype=nw.String
            )
        )
        .to_native()
    )
