"""Latitude and longitude as files write them: one number, or both in one cell."""

from __future__ import annotations

import math
import re

__all__ = ["degrees", "degrees_pair"]

_NUMBER = r"[+\-\u2212\u2013]?[0-9]{1,3}(?:[.,][0-9]+)?"
_ONE = re.compile(
    rf"(?P<before>[NSEW])?\s*(?P<degrees>{_NUMBER})\s*(?:[°º]|deg(?:rees)?)?\s*"
    r"(?:(?P<minutes>[0-9]{1,2}(?:[.,][0-9]+)?)\s*['\u2032\u2019]?\s*"
    r"(?:(?P<seconds>[0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:\"|''|\u2033|\u201d)?\s*)?)?"
    r"(?P<after>[NSEW])?",
    re.IGNORECASE,
)
_POINT = re.compile(
    r"(?:SRID=\d+;\s*)?POINT\s*Z?\s*\(\s*([+-]?[0-9.]+(?:E[+-]?\d+)?)[\s,]+"
    r"([+-]?[0-9.]+(?:E[+-]?\d+)?)(?:[\s,]+[+-]?[0-9.]+)?\s*\)", re.IGNORECASE,
)  # fmt: skip
_APART = (
    re.compile(r"\s*[;|/]\s*"),  # 47,6; -122,1
    re.compile(r"(?<=[NSEW])\s*,?\s*(?=[0-9NSEW+\-])", re.IGNORECASE),  # 47.6N 122.1W
    re.compile(r"(?<=[0-9])\s*,?\s*(?=[NSEW]\s*[0-9])", re.IGNORECASE),  # N 47.6 W 122.1
    re.compile(r"(?<=[0-9])\s*,\s+(?=[+\-\u2212]?[0-9])"),  # 47.6, -122.1
    re.compile(r"(?<=[0-9]),(?=[+\-\u2212]?[0-9]{1,3}\.)"),  # 47.6,-122.1
    re.compile(r"(?<=[0-9.,])\s+(?=[+\-\u2212]?[0-9]{1,3}[.,])"),  # 47.6 -122.1
)
_LABELS = re.compile(r"\b(?:lat|latitude|lon|lng|long|longitude)\b\s*[:=]?\s*", re.IGNORECASE)


def degrees(value: object) -> float:
    r"""Return one latitude or longitude in degrees; NaN where it cannot be read.

    Examples
    --------
    >>> degrees("47,6062"), degrees("122.33 W"), degrees(-122.1)
    (47.6062, -122.33, -122.1)
    >>> round(degrees("47°36'22''N"), 4), degrees("Seattle")
    (47.6061, nan)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    read = _ONE.fullmatch(str(value).strip())
    if read is None:
        return math.nan
    sides = {side.upper() for side in (read["before"], read["after"]) if side}
    if len(sides) > 1:
        return math.nan
    number = read["degrees"].replace(",", ".").replace("\u2212", "-").replace("\u2013", "-")
    found = abs(float(number))
    found += float((read["minutes"] or "0").replace(",", ".")) / 60
    found += float((read["seconds"] or "0").replace(",", ".")) / 3600
    return -found if number.startswith("-") or sides & {"S", "W"} else found


def degrees_pair(value: object) -> tuple[float, float]:
    """Return latitude and longitude of a cell that holds both; NaN where it does not.

    Well-known text has the longitude first, everything else the latitude.

    Examples
    --------
    >>> degrees_pair("47.6, -122.1"), degrees_pair("POINT (-122.1 47.6)")
    ((47.6, -122.1), (47.6, -122.1))
    >>> degrees_pair("47,6; -122,1"), degrees_pair("N 47.6 W 122.1")
    ((47.6, -122.1), (47.6, -122.1))
    >>> degrees_pair("98104")
    (nan, nan)
    """
    text = str(value).strip()
    point = _POINT.fullmatch(text)
    if point:
        return degrees(point[2]), degrees(point[1])
    text = _LABELS.sub("", text).strip("()[]{} ")
    for apart in _APART:
        parts = apart.split(text)
        if len(parts) == 2:
            first, second = degrees(parts[0]), degrees(parts[1])
            if math.isfinite(first) and math.isfinite(second):
                crossed = re.search(r"[EW]", parts[0], re.I) or re.search(r"[NS]", parts[1], re.I)
                return (second, first) if crossed else (first, second)
    return math.nan, math.nan
