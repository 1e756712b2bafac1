"""US ZIP codes as they are written, and where they are: offline, through one index."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["ZipPlaces", "zip_code", "zip_centroids", "zip_places"]

_WRITTEN = re.compile(
    r"(?:[A-Za-z]{2}[ ,]+)?(?P<five>[0-9]{3,5})(?:\.0+)?"  # 98104, 98104.0, WA 98104, 2138
    # 98104-1234, 981041234, 981041234.0
    r"|(?:[A-Za-z]{2}[ ,]+)?(?P<long>[0-9]{5})[- ]?(?:[0-9]{4}(?:\.0+)?|\+4)?-?"
)
_BLANKS = re.compile(r"[\s\u00a0'\u2019\u200b]+")


def zip_code(value: object) -> str:
    """Return a US ZIP code as five digits; "" for what is none.

    Leading zeros that a spreadsheet took away are put back, the ending of ZIP+4 is left out.
    Whether the post office knows the code is another question: `zip_centroids` answers it.

    Parameters
    ----------
    value
        A cell: text or a number.

    Examples
    --------
    >>> [zip_code(value) for value in ("98104.0", 98104, " 98104-1234", "2138", 2138.0)]
    ['98104', '98104', '98104', '02138', '02138']
    >>> [zip_code(value) for value in ("SW1A 1AA", None, float("nan"), "981040", "n/a", 0)]
    ['', '', '', '', '', '']
    """
    if value is None or isinstance(value, bool | np.bool_):
        return ""
    text = _BLANKS.sub(" ", str(value)).strip()
    read = _WRITTEN.fullmatch(text)
    if read is None:
        return ""
    digits = (read["five"] or read["long"]).zfill(5)
    return digits if int(digits) else ""


@dataclass(frozen=True, eq=False)
class ZipPlaces:
    """Every ZIP code of the United States: reference data, the same for everybody.

    Attributes
    ----------
    row
        ZIP code to its row in ``frame``.
    frame
        ``zip``, ``latitude``, ``longitude`` (NaN for codes of the armed forces, which have no
        place), ``city``, ``county``, ``state`` (two letters).
    cities
        Every name, in lower case, the post office knows each row's town by.
    """

    row: dict[str, int]
    frame: pd.DataFrame
    cities: tuple[frozenset[str], ...]


@cache
def zip_places() -> ZipPlaces:
    """Return every ZIP code with its centroid; read once in the life of the program.

    Source: the ``zipcodes`` package, which holds the United States Postal Service's codes.
    """
    import zipcodes

    known: list[dict[str, Any]] = zipcodes.list_all()  # type: ignore[no-untyped-call]
    frame = pd.DataFrame(
        {
            "zip": [one["zip_code"] for one in known],
            "latitude": [float(one["lat"] or 0) for one in known],
            "longitude": [float(one["long"] or 0) for one in known],
            "city": [one["city"] for one in known],
            "county": [one["county"] for one in known],
            "state": [one["state"] for one in known],
        }
    )
    nowhere = (frame["latitude"] == 0) & (frame["longitude"] == 0)
    frame.loc[nowhere, ["latitude", "longitude"]] = np.nan
    cities = tuple(
        frozenset(
            name.casefold()
            for name in (one["city"], *one["acceptable_cities"], *one["unacceptable_cities"])
        )
        for one in known
    )
    return ZipPlaces({code: row for row, code in enumerate(frame["zip"])}, frame, cities)


def zip_centroids(zips: Iterable[Any]) -> pd.DataFrame:
    """Return where ZIP codes are, offline, one row for each in the order given.

    Parameters
    ----------
    zips
        ZIP codes, in any of the ways `zip_code` reads.

    Returns
    -------
    pandas.DataFrame
        ``zip`` (five digits, or "" where it is none), ``latitude`` and ``longitude`` (degrees,
        WGS 84, the centroid; NaN where unknown), ``city``, ``state`` (two letters; both "" where
        unknown) and ``found``: whether the post office knows the code.

    Examples
    --------
    >>> zip_centroids(["98104", "2138.0", "00000"])
         zip  latitude  longitude       city state  found
    0  98104   47.6036  -122.3256    Seattle    WA   True
    1  02138   42.3770   -71.1256  Cambridge    MA   True
    2              NaN        NaN                   False
    """
    places = zip_places()
    codes = [zip_code(value) for value in zips]
    rows = np.array([places.row.get(code, -1) for code in codes], dtype=int)
    found = rows >= 0
    taken = places.frame.iloc[rows]
    degrees = {
        name: np.where(found, taken[name].to_numpy("float64"), np.nan)
        for name in ("latitude", "longitude")
    }
    named = {
        name: pd.Series(np.where(found, taken[name].to_numpy(object), ""), dtype="str")
        for name in ("city", "state")
    }
    return pd.DataFrame({"zip": pd.Series(codes, dtype="str"), **degrees, **named, "found": found})
