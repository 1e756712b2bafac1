"""What the values of a column look like, whatever its header says.

A profile is taken from a spread sample of the column, so it costs the same for a
thousand rows and for a million. Matching never puts a field on a column whose profile
says its values cannot be that field.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.dates import read_dates
from caremap.intake.numerals import GROUPED_DOT, MISSING_WORDS, parse_numbers

__all__ = ["FLAGS", "Profile", "profile"]

SAMPLE = 4000
"""Rows looked at: enough that a share of 1 % shows, small enough to cost nothing."""

FLAGS: dict[str, bool] = {
    **dict.fromkeys(
        "yes y true t 1 1.0 oui o si sí s ja j wahr vrai verdadero sim vero positive x".split(),
        True,
    ),
    **dict.fromkeys(
        "no n false f 0 0.0 non nein falsch faux falso não nao negative".split(), False
    ),
}
"""Words for yes and no, in the six languages intake reads."""

_BAND = (
    r"^\s*[\[(<>≥≤]?\s*=?\s*\d{1,3}\s*(?:-|–|to|bis|a|à|until|\.\.)\s*<?\s*\d{1,3}\s*[\])]?"
    r"\s*(?:years?|yrs?|y|jahre|años|ans|anni|anos)?\s*$"
    # A comma makes a band in brackets only: 47,60 is an amount.
    r"|^\s*[\[(]\s*\d{1,3}\s*[,;]\s*\d{1,3}\s*[\])]\s*$"
)
_OPEN_BAND = (
    r"^\s*(?:(?:[<>≥≤]=?|under|over|unter|über|less than|more than)\s*\d{1,3}"
    r"|\d{1,3}\s*(?:\+|(?:and|or|&)\s+(?:over|older|above|more|under|younger|less)|y mas|et plus"
    r"|und älter|e oltre|e mais))\s*(?:years?|yrs?|y)?\s*$"
)
_EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"
_PHONE = r"^(?:\+|00)\d[\d\s().-]{6,}$|^\(?0?\d{2,4}\)?[\s.-]\d{3,4}[\s.-]\d{3,4}$"
_NATIONAL = (
    r"^\d{3}-\d{2}-\d{4}$|^\d{3}\.\d{3}\.\d{3}-\d{2}$|^\d{3} \d{3} \d{4}$"
    r"|^[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]$|^\d{8}-?[A-Z]$"
    r"|^[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]$"
)
"""Numbers of the USA, Brazil, the NHS, Italy, Spain and British national insurance."""
_PERSON = (
    r"^(?:(?:Dr|Mr|Mrs|Ms|Prof|Herr|Frau|Sr|Sra)\.?\s+)?\p{Lu}[\p{L}'’-]+,?"
    r"(?:\s+\p{Lu}\.?)?\s+\p{Lu}[\p{L}'’-]+(?:\s+(?:Jr|Sr|MD|DDS|PhD|DVM|II|III)\.?)?$"
)
_POSTAL = (
    r"^\d{5}(?:-\d{4})?$|^\d{3,6}(?:\.0)?$|^[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}$"
    r"|^[A-Za-z]\d[A-Za-z]\s*\d?[A-Za-z]?\d?$|^\d{2,5}-\d{3}$|^\d{8}$"
)


@dataclass(frozen=True)
class Profile:
    """Shares (0 to 1) of the filled values of a column that look like something.

    ``rows`` counts all rows, ``filled`` the share with a value, ``distinct`` the share of
    filled sample values that differ from one another, ``grouped`` the share like ``1.234``,
    which is a thousand or one and a bit.
    """

    rows: int
    filled: float
    distinct: float
    kinds: int
    number: float = 0.0
    integer: float = 0.0
    grouped: float = 0.0
    date: float = 0.0
    serial: float = 0.0
    timed: float = 0.0
    flag: float = 0.0
    band: float = 0.0
    postal: float = 0.0
    email: float = 0.0
    phone: float = 0.0
    national: float = 0.0
    person: float = 0.0
    leading_zero: float = 0.0
    low: float = float("nan")
    high: float = float("nan")
    middle: float = float("nan")
    length: float = 0.0
    text: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the column has no value at all in the sample."""
        return self.filled == 0


def profile(values: pa.Array | pa.ChunkedArray) -> Profile:
    """Profile a column.

    Parameters
    ----------
    values
        Strings, or native numbers, timestamps or booleans of a workbook.

    Examples
    --------
    >>> seen = profile(pa.array(["03/04/2024", "28/04/2024", None, "n/a"]))
    >>> seen.filled, seen.date, seen.number
    (0.5, 1.0, 0.0)
    """
    sample = _spread(values)
    rows = len(values)
    native = sample.type
    if pa.types.is_timestamp(native) or pa.types.is_date(native):
        filled = pc.drop_null(sample)
        share = len(filled) / max(len(sample), 1)
        distinct = pc.count_distinct(filled).as_py()
        return Profile(rows, share, distinct / max(len(filled), 1), distinct, date=1.0, timed=1.0)
    text = pc.utf8_trim_whitespace(_as_text(sample))
    lower = pc.utf8_lower(text)
    there = pc.and_(pc.is_valid(text), pc.invert(pc.is_in(lower, _words())))
    filled = pc.filter(text, pc.fill_null(there, False))
    if len(filled) == 0:
        return Profile(rows, 0.0, 0.0, 0)
    return _of_text(filled, rows, len(filled) / len(sample))


def _of_text(filled: pa.Array, rows: int, share: float) -> Profile:
    count = len(filled)
    encoded = pc.dictionary_encode(filled)
    distinct = len(encoded.dictionary)
    uniques = encoded.dictionary
    weights = np.bincount(encoded.indices.to_numpy(zero_copy_only=False), minlength=distinct)

    def part(mask: object) -> float:
        return float(np.asarray(mask)[: len(weights)] @ weights) / count

    def like(pattern: str) -> float:
        found = pc.match_substring_regex(uniques, pattern)
        return part(pc.fill_null(found, False).to_numpy(zero_copy_only=False))

    numbers = parse_numbers(uniques)
    is_number = ~np.isnan(numbers.numbers)
    values = np.repeat(numbers.numbers[is_number], weights[is_number])
    dates = read_dates(uniques)
    serial = np.zeros(distinct, dtype=bool)
    timed = 0.0
    if dates.text is None:
        is_date = ~np.isnat(dates.resolve("day-first"))
        moments = dates.resolve("day-first")
        timed = part(is_date & (moments != moments.astype("datetime64[D]")))
    else:
        one = ~np.isnat(dates.resolve("day-first")) | ~np.isnat(dates.resolve("month-first"))
        bare = dates.rows(dates.text.bare)
        is_date = one & ~bare
        timed = part(dates.timed & is_date)
        serial = one & bare
    flags = np.array([item.lower() in FLAGS for item in uniques.to_pylist()])
    finite = len(values) > 0
    return Profile(
        rows=rows,
        filled=share,
        distinct=distinct / count,
        kinds=distinct,
        number=part(is_number),
        integer=part(is_number & (numbers.numbers == np.round(numbers.numbers))),
        grouped=like(GROUPED_DOT),
        date=part(is_date),
        serial=part(serial),
        timed=timed,
        flag=part(flags),
        band=like("(?i)" + _BAND) + like("(?i)" + _OPEN_BAND),
        postal=like(_POSTAL),
        email=like(_EMAIL),
        # “12 700 000” is a number, unless it begins as one dials.
        phone=part(
            pc.fill_null(pc.match_substring_regex(uniques, _PHONE), False).to_numpy(
                zero_copy_only=False
            )
            & ~(is_number & (numbers.numbers >= 0) & ~_dialled(uniques))
        ),
        national=like(_NATIONAL),
        person=like(_PERSON),
        leading_zero=like(r"^0\d+$"),
        low=float(values.min()) if finite else float("nan"),
        high=float(values.max()) if finite else float("nan"),
        middle=float(np.median(values)) if finite else float("nan"),
        length=float(pc.mean(pc.utf8_length(filled)).as_py()),
        text=tuple(uniques.slice(0, 12).to_pylist()),
    )


def _dialled(texts: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found = pc.fill_null(pc.match_substring_regex(texts, r"^(?:\+|\(?0)"), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _spread(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A sample spread over the column: its first rows, its last and every n-th between."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    size = len(values)
    if size <= SAMPLE:
        return values
    places = np.unique(np.linspace(0, size - 1, SAMPLE).astype(np.int64))
    return values.take(pa.array(places))


def _as_text(values: pa.Array) -> pa.Array:
    if pa.types.is_floating(values.type):
        whole = pc.equal(pc.round(values), values)
        integers = pc.cast(
            pc.cast(pc.if_else(whole, values, 0.0), pa.int64(), safe=False), pa.string()
        )
        return pc.if_else(whole, integers, pc.cast(values, pa.string()))
    return values if pa.types.is_string(values.type) else pc.cast(values, pa.string())


def _words() -> pa.Array:
    return pa.array(sorted(MISSING_WORDS | {""}), pa.string())
