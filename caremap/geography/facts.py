"""What a table of facilities says of their places, column by column, before any is believed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from caremap.geography.states import country_code, folded, state_code
from caremap.geography.zips import zip_code, zip_places
from caremap.intake.degrees import degrees
from caremap.intake.headers import words
from caremap.schema import FIELDS

__all__ = ["Facts", "facts_of", "matched_columns"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Texts = np.ndarray[Any, np.dtype[np.object_]]

_COUNTRY = frozenset(
    "country,nation,country name,country code,land,pays,pais,paese,negara".split(",")
)
_ADDRESS = ("address", "adresse", "anschrift", "direccion", "indirizzo", "endereco", "alamat")
_BESIDE = " (as in the file)"
"""Behind a header that is called like a field of its table."""
_IN_ADDRESS = re.compile(r"\b([A-Za-z]{2})\.?,?\s+([0-9]{5})(?:-[0-9]{4})?\b(?!.*\b[0-9]{5}\b)")


def matched_columns(
    frame: pd.DataFrame, fields: Sequence[str] = ("latitude", "longitude", "zip", "facility")
) -> dict[str, Any]:
    """Return field to column: under its canonical name, else under a name it goes by.

    Examples
    --------
    >>> matched_columns(pd.DataFrame(columns=["Name", "ZIP Code", "Lat", "Lng"]))
    {'latitude': 'Lat', 'longitude': 'Lng', 'zip': 'ZIP Code', 'facility': 'Name'}
    """
    found: dict[str, Any] = {name: name for name in fields if name in frame}
    named = [(column, words(str(column).removesuffix(_BESIDE))) for column in frame.columns]
    for weak in (False, True):
        for field in fields:
            if field not in found:
                words_of = FIELDS[field].weak if weak else FIELDS[field].words
                free = [(column, said) for column, said in named if column not in found.values()]
                fits = [column for column, said in free if said in words_of]
                if fits:
                    found[field] = fits[0]
    return found


@dataclass(frozen=True, eq=False)
class Facts:
    """One entry per facility in each, in the order of the table.

    Attributes
    ----------
    name
        What the facility is called.
    latitude, longitude
        As given, in degrees; NaN where none can be read.
    postal
        The postal code as written, "" where there is none.
    zips
        The same read as a US ZIP code, "" where it cannot be one. Where there is no column of
        codes, those that stand behind a state in an address.
    header
        What the column of postal codes is called.
    country
        Two letters, "" where nothing says it.
    texts
        The other columns of text, folded as names are compared: states, counties, towns,
        addresses.
    rows
        Where each stands in its file, counted from 1.
    turned
        Whether the columns of latitude and longitude were in each other's place: most
        latitudes are more than 90.
    """

    name: Texts
    latitude: Floats
    longitude: Floats
    postal: Texts
    zips: Texts
    header: str
    country: Texts
    texts: dict[str, Texts]
    rows: tuple[int, ...]
    turned: bool = False

    @cached_property
    def zip_rows(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The row of each ZIP code in `zip_places`, -1 where the post office knows none."""
        known = zip_places().row
        return np.array([known.get(code, -1) for code in self.zips], dtype=np.int64)

    @cached_property
    def agreeing(self) -> dict[str, tuple[Floats, Texts]]:
        """For each column of text, which rows name the state, county or town of their ZIP code.

        1 where it does, 0 where not, NaN where either is missing; and the state the text names.
        """
        places = zip_places()
        frame = places.frame
        counties = frame["county"].to_numpy(object)
        states = frame["state"].to_numpy(object)
        found = {}
        for column, texts in self.texts.items():
            named = _mapped(texts, state_code)
            agrees = np.full(len(texts), np.nan)
            for row, (text, at) in enumerate(zip(texts, self.zip_rows, strict=True)):
                if text and at >= 0:
                    county = folded(counties[at]).removesuffix(" county").removesuffix(" parish")
                    plain = text.removesuffix(" county").removesuffix(" parish")
                    agrees[row] = (
                        named[row] == states[at]
                        or plain == county
                        or text in places.cities[at]
                        or _ends_with_town(text, places.cities[at], states[at])
                    )
            found[column] = (agrees, named)
        return found


def facts_of(facilities: pd.DataFrame, postal_header: str | None = None) -> Facts:
    """Read what a table of facilities says, whatever the types of its columns are.

    Parameters
    ----------
    facilities
        The table.
    postal_header
        What the column of postal codes was called, where it has been renamed since.
    """
    fields = matched_columns(facilities)
    count = len(facilities)
    taken = set(fields.values())
    texts, country = {}, np.full(count, "", dtype=object)
    for column in facilities.columns:
        values = facilities[column]
        if column in taken:
            continue
        if words(str(column)) in _COUNTRY:
            country = _mapped(_texts(values), country_code)
        elif pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
            texts[str(column)] = _mapped(_texts(values), folded)
    postal = _texts(facilities[fields["zip"]]) if "zip" in fields else np.full(count, "", object)
    zips = _mapped(postal, zip_code)
    if "zip" not in fields:
        zips = _from_addresses(facilities)
    latitude = _degrees(facilities, fields.get("latitude"))
    longitude = _degrees(facilities, fields.get("longitude"))
    given = np.isfinite(latitude) & np.isfinite(longitude)
    over = given & (np.abs(latitude) > 90) & (np.abs(latitude) <= 180) & (np.abs(longitude) <= 90)
    turned = bool(over.sum() >= 2 and over.sum() > 0.5 * given.sum())
    if turned:
        latitude, longitude = longitude, latitude
    return Facts(
        name=_texts(facilities[fields["facility"]]) if "facility" in fields
        else np.array([f"Facility {place}" for place in range(1, count + 1)], dtype=object),
        latitude=latitude,
        longitude=longitude,
        postal=postal, zips=zips, header=postal_header or str(fields.get("zip", "")),
        country=country, texts=texts, rows=_rows(facilities), turned=turned,
    )  # fmt: skip


def _rows(facilities: pd.DataFrame) -> tuple[int, ...]:
    if facilities.index.name == "source_row" and pd.api.types.is_integer_dtype(facilities.index):
        return tuple(int(row) for row in facilities.index)
    return tuple(range(1, len(facilities) + 1))


def _texts(values: pd.Series[Any]) -> Texts:
    """The cells as text, "" where one is missing."""
    missing = values.isna().to_numpy()
    return np.array(
        ["" if gone else str(value).strip()
         for value, gone in zip(values.tolist(), missing, strict=True)], dtype=object,
    )  # fmt: skip


def _mapped(texts: Texts, work: Any) -> Texts:
    """Each distinct text worked on once."""
    once = {text: work(text) if text else "" for text in set(texts)}
    return np.array([once[text] for text in texts], dtype=object)


def _degrees(facilities: pd.DataFrame, column: Any) -> Floats:
    if column is None:
        return np.full(len(facilities), np.nan)
    values = facilities[column]
    if pd.api.types.is_numeric_dtype(values.dtype):
        return np.array(values.to_numpy("float64", na_value=np.nan), dtype="float64")
    found = [np.nan if text == "" else degrees(text) for text in _texts(values)]
    return np.array(found, dtype="float64")


def _from_addresses(facilities: pd.DataFrame) -> Texts:
    """ZIP codes out of addresses, only where the state before them is the code's own."""
    found = np.full(len(facilities), "", dtype=object)
    places = zip_places()
    for column in facilities.columns:
        if not any(word in words(str(column)) for word in _ADDRESS):
            continue
        for row, text in enumerate(_texts(facilities[column])):
            read = _IN_ADDRESS.search(text)
            at = places.row.get(read[2], -1) if read else -1
            if read and at >= 0 and places.frame["state"].iloc[at] == read[1].upper():
                found[row] = read[2]
    return found


def _ends_with_town(text: str, towns: frozenset[str], state: str) -> bool:
    """Whether an address ends with the town and the state of its ZIP code."""
    tail = re.sub(r"( [0-9]{5}( [0-9]{4})?)?( usa?)?$", "", text)
    return tail.endswith(f" {state.casefold()}") and any(
        tail.endswith(f"{folded(town)} {state.casefold()}") for town in towns
    )
