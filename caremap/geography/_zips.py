"""ZIP codes until `zips` is here: the same two names, to be deleted then."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["zip_centroids", "zip_code"]


def zip_code(value: object) -> str:
    """Return a ZIP code as five digits; "" for what is none."""
    read = re.fullmatch(r"(\d{3,5})(\.0+)?(-\d{4})?", str(value).strip())
    return read[1].zfill(5) if read else ""


@cache
def _places() -> dict[str, tuple[float, float]]:
    import zipcodes

    return {
        one["zip_code"]: (float(one["lat"]), float(one["long"]))
        for one in zipcodes.list_all()  # type: ignore[no-untyped-call]
        if float(one["lat"] or 0)
    }


def zip_centroids(zips: Iterable[Any]) -> pd.DataFrame:
    """Return where ZIP codes are, one row for each."""
    codes = [zip_code(value) for value in zips]
    where = [_places().get(code, (np.nan, np.nan)) for code in codes]
    return pd.DataFrame(where, columns=["latitude", "longitude"]).assign(zip=codes)
