"""Values that stand for something else: fillers, suppressed counts, mangled bands, timed flags."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.dates import MONTHS
from caremap.intake.profile import FLAGS

__all__ = ["SUPPRESSED", "filler_numbers", "flag_of", "is_timed_flag", "mended_bands"]

SUPPRESSED = (
    r"(?i)^\s*(?:[<≤]\s*=?\s*\d{1,2}|n?\s*<\s*\d{1,2}|\*{1,3}|\[[a-z]\]|\(?[csx]\)?|\.\.|\d\s?[-–]\s?\d{1,2}"
    r"|(?:less|fewer) than \d{1,2}|suppressed|redacted|masked|supp\.?|confidential)\s*$"
)
"""How statistical offices write that a count is too small to be shown."""


def filler_numbers(numbers: Any, low: float | None) -> Any:
    """Where the same impossible number, all nines, stands again and again, or None.

    ``-999`` or ``999999`` is a filler where it comes at least twice and the other values
    are all positive and less than a third of it.

    Parameters
    ----------
    numbers
        The values, NaN where there is none.
    low
        The least the field can be, where it has a least.

    Examples
    --------
    >>> filler_numbers(np.array([12.0, 9999.0, 7.0, 9999.0]), None).tolist()
    [False, True, False, True]
    """
    known = numbers[np.isfinite(numbers)]
    if len(known) < 3:
        return None
    result = None
    for value in {known.min(), known.max()}:
        if abs(value) < 99 or not _NINES.match(f"{abs(value):.4f}"):
            continue
        hits = numbers == value
        rest = known[known != value]
        bound = low is not None and value < low
        if hits.sum() < (1 if bound else 2) or len(rest) == 0:
            continue
        if (value < 0 and rest.min() >= 0) or (value >= 999 and 3 * abs(rest).max() < value):
            result = hits if result is None else result | hits
    return result


_NINES = re.compile(r"^9{2,9}\.(?:9{1,4}0{0,3}|0{4})$")


def mended_bands(text: pa.Array) -> tuple[pa.Array, int]:
    """Return bands as they were before a spreadsheet program made dates of them.

    A band runs upwards, so ``10-Jan``, ``Jan-10`` and ``01-Oct`` were all 1-10, and a cell of a
    workbook that holds the 20th of November was 11-20.

    Examples
    --------
    >>> mended_bands(pa.array(["0-9", "Nov-20", "10-Jan", "2024-11-20"]))[0].to_pylist()
    ['0-9', '11-20', '1-10', '11-20']
    """
    encoded = pc.dictionary_encode(text)
    fixed, changed = [], []
    for band in encoded.dictionary.to_pylist():
        ends = _day_and_month(band)
        fixed.append(f"{ends[0]}-{ends[1]}" if ends else band)
        changed.append(bool(ends))
    if not any(changed):
        return text, 0
    count = pc.sum(pa.array(changed, pa.bool_()).take(encoded.indices)).as_py() or 0
    return pa.array(fixed, pa.string()).take(encoded.indices), int(count)


_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATED_BAND = re.compile(
    rf"^(?:(\d{{1,2}})[- ]({_MONTH})|({_MONTH})[- ](\d{{1,2}}))$", re.IGNORECASE
)


_DATE_CELL = re.compile(r"^\d{4}-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?$")


def _day_and_month(band: str) -> list[int]:
    """Return day and month of a band that became a date, the lower one first; else nothing."""
    cell = _DATE_CELL.match(band)
    if cell:
        return sorted((int(cell[1]), int(cell[2])))
    told = _DATED_BAND.match(band)
    if not told:
        return []
    return sorted((MONTHS[(told[2] or told[3]).lower()], int(told[1] or told[4])))


_TIMED = re.compile(r"^(<|>)\s*=?\s*(\d{1,3})(?:\s*(?:d|days))?$")


def is_timed_flag(text: str) -> bool:
    """Whether a text is yes, no, or “yes, sooner or later than so many days”.

    Examples
    --------
    >>> is_timed_flag("<30"), is_timed_flag("NO"), is_timed_flag("maybe")
    (True, True, False)
    """
    return text.lower() in FLAGS or bool(_TIMED.match(text))


def flag_of(word: str) -> bool | None:
    """Return yes, no or neither; “>30” is no readmission within 30 days, “<30” is one.

    Examples
    --------
    >>> flag_of("Oui"), flag_of("<30"), flag_of(">30"), flag_of("?")
    (True, True, False, None)
    """
    timed = _TIMED.match(word)
    return timed[1] == "<" if timed else FLAGS.get(word.lower())
