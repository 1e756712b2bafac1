"""Ages whose unit stands in a column beside them: 7 months is no 7 years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.cells import text_of
from caremap.intake.derive import some_rows
from caremap.intake.headers import words

__all__ = ["ages_in_years"]

_BESIDE = frozenset(
    "cod idade|codigo idade|unidade idade|edad tipo|tipo edad|unidad edad|edad unidad|"
    "unidad de edad|unidad medida edad|age unit|age units|age type|age unit code|unite age|"
    "alter einheit|unita eta".split("|")
)
_NEWBORN = 31
"""Months, days and hours of age are given below two years, and go no higher than this."""


def ages_in_years(
    ages: pd.Series[Any], columns: Mapping[str, pa.Array], header: str
) -> tuple[pd.Series[Any], list[Finding]]:
    """Return ages with those in other units than years missing, and what to tell.

    The code of the unit has no legend in the file, but only years go beyond 31.

    Parameters
    ----------
    ages
        Ages as they stand.
    columns
        All columns by header.
    header
        The header of the ages.

    Examples
    --------
    >>> ages = pd.Series([68.0, 33.0, 3.0])
    >>> ages_in_years(ages, {"COD_IDADE": pa.array(["4", "4", "3"])}, "IDADE")[0].tolist()
    [68.0, 33.0, nan]
    """
    for name, values in columns.items():
        if words(name) not in _BESIDE:
            continue
        encoded = pc.dictionary_encode(text_of(values))
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        highest = ages.groupby(codes).max()
        years = highest.index[highest > _NEWBORN]
        if len(highest) < 2 or len(years) == 0:
            continue
        other = np.isin(codes, years.to_numpy(), invert=True) & ages.notna().to_numpy()
        if not other.any():
            continue
        count = int(other.sum())
        told = f"{count:,} age{' is' if count == 1 else 's are'} in another unit than years, as "
        return ages.mask(other), [
            Finding("age-units", "warning", f"{told}“{name}” says: missing in age, the row stays.",
                    header, some_rows(ages.index[other]))
        ]  # fmt: skip
    return ages, []
