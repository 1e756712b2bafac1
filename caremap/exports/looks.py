"""How the cells of a workbook look: one number format for a column, decided by its values."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.exports.values import has_time, number, text_of

__all__ = ["Look", "drawn", "looks_of", "units_of", "width_of"]

_PERCENT = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)
_SUFFIX = '" %"'  # the number is percent already: the format must not multiply it
_YEAR = re.compile(r"\byear\b", re.IGNORECASE)
_YEARS = (1583, 2999)  # of the Gregorian calendar
_AS_RECORDED = 6  # decimals: a number with more is the result of a division
_SHOWN = 4  # significant digits of such a result
_NARROWEST, _WIDEST_HEADER = 8, 24  # in characters; a longer header is wrapped, not cut
_MEASURED, _LINE = 1_000, 200  # rows, and letters of a row, that decide how wide a column is
_MOST_UNITS = 50
_GENERAL = 1e15  # from here on a number is shown as the program likes


@dataclass(frozen=True)
class Look:
    """Number formats for what a column may hold."""

    whole: str = "#,##0"
    number: str = "#,##0"
    date: str = "yyyy-mm-dd"
    duration: str = "[h]:mm:ss"
    text: str = "@"


def looks_of(
    header: str, values: pd.Series, units: npt.NDArray[np.intp] | None = None
) -> list[Look]:
    """Return the look of a column, for each unit where its rows have different ones.

    Parameters
    ----------
    header
        What stands above: a column that says ``%`` holds percent, one that says ``year`` and
        holds nothing but years has no thousands marks.
    values
        The column.
    units
        The number of the unit of each row, see `units_of`.

    Examples
    --------
    >>> looks_of("Occupancy (%)", pd.Series([93.25, 100.0]))[0].number
    '#,##0.00" %"'
    >>> looks_of("Year", pd.Series([2023, 2024]))[0].whole
    '0'
    """
    numbers, moments = _numbers(values), _times(values)
    rows = np.zeros(len(values), "intp") if units is None else units
    percent = _SUFFIX if _PERCENT.search(header) else ""
    dates = _of_moments(moments)
    found = []
    for unit in range(int(rows.max(initial=0)) + 1):
        given = numbers[rows == unit]
        given = given[np.isfinite(given)]
        whole = "0" if _YEAR.search(header) and _all_years(given) else "#,##0"
        found.append(Look(whole + percent, _of_numbers(given, whole) + percent, dates))
    return found


def units_of(headers: list[str], columns: list[pd.Series]) -> npt.NDArray[np.intp] | None:
    """Return the number of each row's unit where a column ``Unit`` gives one, else None.

    Admissions and days of stay stand in one column of a table of key figures: what is right
    for one is wrong for the other.
    """
    for header, values in zip(headers, columns, strict=True):
        if header.casefold() == "unit":
            codes, different = pd.factorize(values.astype("str").fillna(""))
            return np.asarray(codes, "intp") if len(different) <= _MOST_UNITS else None
    return None


def _numbers(values: pd.Series) -> npt.NDArray[np.float64]:
    """Return the numbers of a column, NaN for everything else."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return np.full(len(values), np.nan)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_complex_dtype(values):
        return values.to_numpy("float64", na_value=np.nan)
    if not _may_hold_anything(values):
        return np.full(len(values), np.nan)
    return np.array(
        [
            float(value)
            if isinstance(value, int | float | np.number) and not isinstance(value, bool)
            else np.nan
            for value in values.astype("object")
        ],
        "float64",
    )


def _times(values: pd.Series) -> list[datetime]:
    """Return the moments of a column that are more than a day."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        held = values.dropna()
        return list(held[held != held.dt.normalize()].astype("object"))
    return [value for value in values if has_time(value)] if _may_hold_anything(values) else []


def _may_hold_anything(values: pd.Series) -> bool:
    return pd.api.types.is_object_dtype(values.dtype) or isinstance(
        values.dtype, pd.CategoricalDtype
    )


def _of_moments(timed: list[datetime]) -> str:
    if not timed:
        return "yyyy-mm-dd"
    exact = any(value.second or value.microsecond for value in timed)
    return "yyyy-mm-dd hh:mm:ss" if exact else "yyyy-mm-dd hh:mm"


def _all_years(numbers: npt.NDArray[np.float64]) -> bool:
    low, high = _YEARS
    within = (numbers >= low) & (numbers <= high) & (numbers == np.floor(numbers))
    return bool(len(numbers) and within.all())


def _of_numbers(numbers: npt.NDArray[np.float64], whole: str) -> str:
    """Return the format that shows what a column records, and no more of what was computed."""
    if not len(numbers):
        return whole
    largest = float(np.abs(numbers).max())
    if largest >= _GENERAL or (largest and largest < 10.0**-_AS_RECORDED):
        return "General"
    for decimals in range(_AS_RECORDED + 1):
        if np.allclose(np.round(numbers, decimals), numbers, rtol=1e-14, atol=0):
            break
    else:
        decimals = max(2, _SHOWN - 1 - math.floor(math.log10(largest)))
    return whole + ("." + "0" * decimals if decimals else "")


def width_of(header: str, values: pd.Series, looks: list[Look], widest: float) -> float:
    """Return a width, in characters, that shows a column whole unless it is very wide.

    Examples
    --------
    >>> width_of("Ward", pd.Series(["Cardiology", None]), [Look()], 60)
    11.0
    """
    shown = [_NARROWEST, min(_length(header) + 3, _WIDEST_HEADER)]  # the filter has a button
    for value in values.iloc[:_MEASURED].astype("object"):
        if isinstance(value, str):
            shown.append(_length(value))
        elif pd.api.types.is_scalar(value) and pd.isna(value):
            continue
        elif isinstance(value, int | float | np.number):
            shown.append(max(len(drawn(float(value), look.number)) for look in looks))
        else:
            shown.append(len(text_of(value, timed="h" in looks[0].date)))
    return float(min(max(shown) + 1, widest))


def drawn(value: float, pattern: str) -> str:
    """Return a number as a program shows it that knows its format.

    Examples
    --------
    >>> drawn(1234.5, "#,##0.00"), drawn(93.25, '#,##0.0" %"'), drawn(2024, "0")
    ('1,234.50', '93.2 %', '2024')
    """
    plain = pattern.removesuffix(_SUFFIX)
    unit = "" if plain == pattern else " %"
    if plain.startswith("General"):
        return number(float(value)) + unit
    marks = "," if plain.startswith("#,") else ""
    return f"{value:{marks}.{len(plain.partition('.')[2])}f}{unit}"


def _length(text: str) -> int:
    """Return the length of the longest line; wide letters count twice."""
    return max(
        sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
        for line in (text[:_LINE].splitlines() or [""])
    )
