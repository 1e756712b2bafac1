"""Places in one cell, or in degrees and minutes, become columns of latitude and longitude."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa

from caremap.findings import Finding
from caremap.intake.cells import text_of
from caremap.intake.degrees import degrees, degrees_pair
from caremap.intake.derive import counted_rows, some_rows
from caremap.intake.headers import words
from caremap.intake.shapes.shape import Shape, columns_of, shaped_like
from caremap.schema import FIELDS

__all__ = ["points_to_degrees"]

SAMPLE = 200
MOST = 0.7
"""The share of the cells in a sample that have to read as places."""
_OF_POINTS = frozenset(
    "lat latitude lon long lng longitude latlong latlng latlon coordinate coordinates coord coords "
    "koordinaten coordenadas coordonnees coordinate gps geo geocode geocoded geolocation location "
    "point position geom geometry georeference standort lage wkt".split()
)
_NAMES = ("latitude", "longitude")


def points_to_degrees(shape: Shape) -> Shape:
    """Return the table with places in decimal degrees, in two columns.

    “47.6, -122.1”, “POINT (-122.1 47.6)” and “47°36'22"N” say where something is, but are no
    numbers. A column of pairs becomes two columns called Latitude and Longitude, unless the
    table has such columns; what cannot be read is said by row.

    Parameters
    ----------
    shape
        The table.
    """
    headers, columns = list(shape.layout.headers), columns_of(shape)
    typed, told = list(shape.body.typed), list(shape.told)
    said = [words(header) for header in headers]
    for place, column in enumerate(columns):
        fields = [name for name in _NAMES if said[place] in FIELDS[name].words]
        if fields and _minutes(column):
            columns[place], typed[place] = _read(column, degrees), None
            told += _told(shape, headers[place], column, columns[place], "in degrees and minutes")
    if not any(text in FIELDS[name].words for text in said for name in _NAMES):
        found = next((place for place, column in enumerate(columns)
                      if _pairs(said[place], column)), None)  # fmt: skip
        if found is not None:
            column, header = columns[found], headers[found]
            parts = [_read(column, lambda text, side=side: degrees_pair(text)[side])
                     for side in (0, 1)]  # fmt: skip
            headers[found : found + 1] = ["Latitude", "Longitude"]
            columns[found : found + 1] = parts
            typed[found : found + 1] = [None, None]
            told += _told(shape, header, column, parts[0], "as latitude and longitude in one cell")
    if len(told) == len(shape.told):
        return shape
    made = shaped_like(shape, headers, columns, typed, shape.body.source_rows)
    return made.telling(*told[len(shape.told) :])


def _sample(column: pa.Array) -> list[str]:
    """The first filled cells, where the column is of text."""
    if not pa.types.is_string(column.type):
        return []
    return [str(text) for text in column.drop_null()[:SAMPLE].to_pylist()]


def _minutes(column: pa.Array) -> bool:
    """Whether most cells are degrees, and most of them no plain numbers."""
    texts = _sample(column)
    read = [math.isfinite(degrees(text)) for text in texts]
    plain = [_plain(text) for text in texts]
    return bool(texts) and sum(read) >= MOST * len(texts) and sum(plain) < 0.5 * len(texts)


def _plain(text: str) -> bool:
    try:
        float(text.strip().replace(",", "."))
    except ValueError:
        return False
    return True


def _pairs(said: str, column: pa.Array) -> bool:
    """Whether most cells hold both, under a header that says so or as well-known text."""
    texts = _sample(column)
    if not texts:
        return False
    if not set(said.split()) & _OF_POINTS and not texts[0].lstrip().upper().startswith("POINT"):
        return False
    read = [degrees_pair(text) for text in texts]
    there = [abs(up) <= 180 and abs(round_) <= 180 for up, round_ in read]
    return sum(there) >= MOST * len(texts)


def _read(column: pa.Array, work: Any) -> pa.Array:
    found = [None if text is None else work(text) for text in text_of(column).to_pylist()]
    return pa.array(
        [None if one is None or math.isnan(one) else one for one in found], pa.float64()
    )


def _told(shape: Shape, header: str, old: pa.Array, new: pa.Array, how: str) -> list[Finding]:
    told = [Finding("places-read", "info", f"“{header}” is written {how}: read as decimal degrees.",
                    header)]  # fmt: skip
    lost = (old.is_valid().to_numpy(zero_copy_only=False)
            & ~new.is_valid().to_numpy(zero_copy_only=False))  # fmt: skip
    if lost.any():
        rows = shape.body.source_rows[lost]
        told.append(
            Finding("places-unreadable", "warning", f"In {counted_rows(len(rows))} “{header}” "
                    "cannot be read as a place: missing there.", header, some_rows(rows))
        )  # fmt: skip
    return told
