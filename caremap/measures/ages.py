"""Ages in the bands statistics are published in: 0-4, 5-9 … 85-89, 90+.

Part of `caremap.measures.reductions`. Ages of 90 and over are one band, as a single very
old patient could be recognised. 999, -1 and 120 or more are no ages: they are unknown.
"""

from __future__ import annotations

import narwhals as nw

from caremap.measures.rows import Rows, number

__all__ = ["AGE_BANDS", "banded"]

AGE_BANDS = (*(f"{low}-{low + 4}" for low in range(0, 90, 5)), "90+")
"""The bands, in order."""

OLDEST = 120


def banded(rows: Rows) -> Rows:
    """Return rows with ``age_band`` made from ``age``, missing where the age is none.

    Examples
    --------
    >>> import pandas as pd
    >>> banded(pd.DataFrame({"age": [0.5, 34.0, 103.0, 999.0, None]}))["age_band"].tolist()
    ['0-4', '30-34', '90+', nan, nan]
    """
    age = number("age")
    last = float(len(AGE_BANDS) - 1)
    place = (age / 5).floor()
    place = nw.when(place > last).then(nw.lit(last)).otherwise(place)
    known = nw.when((age >= 0) & (age < OLDEST)).then(place)
    places = [float(number) for number in range(len(AGE_BANDS))]
    frame = nw.from_native(rows).with_columns(age_band=known)
    return frame.with_columns(
        age_band=nw.col("age_band").replace_strict(
            places, list(AGE_BANDS), default=None, return_dtype=nw.String
        )
    ).to_native()
