"""Text to numbers: decimal marks, thousands marks, currencies, negatives, floors.

Work is done with Arrow on whole columns or on their distinct values, so that a clean
column costs one cast and a messy one a handful of vectorised passes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.bytewise import byte_range

__all__ = [
    "GROUPED_DOT",
    "MISSING_WORDS",
    "Mark",
    "Numbers",
    "decimal_evidence",
    "is_missing",
    "parse_numbers",
]

Mark = Literal[".", ","]

MISSING_WORDS = frozenset(
    (
        "-|--|---|.|..|?|??|*|#|n/a|na|n.a.|n.a|n/d|nd|s/d|sd|k.a.|<na>|nan|null|nil|none|missing|"
        "unknown|unk|not available|not recorded|not known|not stated|not applicable|not reported|"
        "no data|keine angabe|unbekannt|desconocido|sin dato|sin datos|no consta|inconnu|"
        "non renseigné|non renseigne|desconhecido|ignorado|sconosciuto|non disponibile|"
        "#n/a|#na|#div/0!|#value!|#ref!|#name?|#num!|#null!"
    ).split("|")
)
"""What people write in a number or date cell when there is no value."""

_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$"
GROUPED_DOT = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_SYMBOLS = r"[€$£¥₹₽₩₺₫฿₱₦₴₪]"
_CODES = (
    r"(?i)(?:^|\s|\b)(?:usd|eur|gbp|chf|cad|aud|nzd|inr|rs\.?|rm|myr|brl|r\$|mxn|zar|jpy|cny|"
    r"sek|nok|dkk|kr\.?|pln|zł|us\$|a\$|c\$)(?:\s|\b|$)"
)
_UNITS = (
    r"(?i)\s*(?:days?|nights?|years?|yrs?|weeks?|months?|minutes?|mins?|beds?|hours?|hrs?|tage?|"
    r"jahre?|stunden|dias?|días?|horas?|meses|años?|anos?|jours?|heures?|mois|ans?|giorni|ore|"
    r"mesi|anni|visits?|patients?)\.?$"
)
_FLOOR = r"^(?:>=?|≥)\s*|\s*(?:\+|and (?:over|older|above|more)|or (?:more|older|over|above))$"


@dataclass(frozen=True)
class Numbers:
    """Numbers read from text.

    Attributes
    ----------
    numbers
        ``float64``, NaN where nothing could be read.
    bad
        Where text stands that is neither a number nor a word for “missing”.
    missing
        Where a word for “missing” stands.
    floor
        Where the text means “at least” (``120 +``); the value is the floor.
    decimal
        The decimal mark the ambiguous values (``1,234``) were read with.
    ambiguous
        Where a single mark with three digits behind could mean either.
    percent
        Where a percent sign stood; the value is in percent.
    """

    numbers: np.ndarray[Any, np.dtype[np.float64]]
    bad: np.ndarray[Any, np.dtype[np.bool_]]
    missing: np.ndarray[Any, np.dtype[np.bool_]]
    floor: np.ndarray[Any, np.dtype[np.bool_]]
    ambiguous: np.ndarray[Any, np.dtype[np.bool_]]
    percent: np.ndarray[Any, np.dtype[np.bool_]]
    decimal: Mark


def is_missing(text: str) -> bool:
    """Whether the text is a word for “no value”.

    Examples
    --------
    >>> is_missing(" N/A "), is_missing("0")
    (True, False)
    """
    return not text.strip() or text.strip().lower() in MISSING_WORDS


def parse_numbers(texts: pa.Array, decimal: Mark | None = None) -> Numbers:
    """Read numbers out of an array of text.

    A value that holds both marks explains itself (the last one is the decimal mark). A
    lone mark with three digits behind (``1,234``) is ambiguous: it is read as the other
    values of the column show, else as ``decimal`` says, else a comma marks thousands and
    a dot decimals.

    Parameters
    ----------
    texts
        Arrow array of strings; null is missing.
    decimal
        The file's decimal mark where the column itself does not show one.

    Examples
    --------
    >>> parse_numbers(pa.array(["1.234,50", "£1,234.50", "(1,000)", "12-", "120 +", "?"])).numbers
    array([ 1234.5,  1234.5, -1000. ,   -12. ,   120. ,     nan])
    """
    mark: Mark = decimal or "."
    quick = _plain_cast(texts, decimal)
    if quick is None:
        quick, mark = _comma_cast(texts), ","
    if quick is None:
        return _parse_messy(texts, decimal)
    none = np.zeros(len(texts), dtype=bool)
    return Numbers(quick, none, none, none, none, none, mark)


def _plain_cast(texts: pa.Array, decimal: Mark | None) -> Any:
    """The values where every text is a plain number, else None."""
    try:
        pc.cast(texts.slice(0, 20), pa.float64())  # a cast that fails is slow: try a few first
        quick = pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        return None
    # Arrow reads "nan" and "inf" as numbers; here they are words.
    if not pc.all(pc.is_finite(quick), skip_nulls=True).as_py():
        return None
    if decimal == "," and pc.any(pc.match_substring_regex(texts, GROUPED_DOT)).as_py():
        return None
    return quick.to_numpy(zero_copy_only=False)


def _comma_cast(texts: pa.Array) -> Any:
    """The values where all are digits with at most a decimal comma, and some prove it."""
    low, high = byte_range(texts)
    if low < ord(",") or high > ord("9"):
        return None
    proof = pc.match_substring_regex(texts.slice(0, 2000), r"^[^,]*,\d{1,2}$")
    if not pc.any(proof).as_py() or pc.any(pc.match_substring(texts, ".")).as_py():
        return None
    return _plain_cast(pc.replace_substring(texts, ",", "."), None)


def _parse_messy(texts: pa.Array, decimal: Mark | None) -> Numbers:
    text = _ascii(texts)
    missing = _mask(pc.or_(pc.equal(text, ""), pc.is_in(pc.utf8_lower(text), _missing_set())))
    # Codes first: of “R$ 12” the symbol alone would leave an R.
    text = pc.replace_substring_regex(text, _CODES, " ")
    text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, _SYMBOLS, ""))
    percent = _mask(pc.ends_with(text, "%"))
    text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"\s*%$", ""))
    text = pc.replace_substring_regex(text, _UNITS, "")
    floor = _mask(pc.match_substring_regex(text, "(?i)" + _FLOOR))
    text = pc.replace_substring_regex(text, "(?i)" + _FLOOR, "")
    text = pc.replace_substring_regex(text, r"^\(\s*([^()-]+?)\s*\)$", r"-\1")
    text = pc.replace_substring_regex(text, r"^([0-9.,'’ ]+?)\s*-$", r"-\1")
    text = pc.replace_substring_regex(text, r"^([+-])\s+", r"\1")
    text = pc.replace_substring_regex(text, r"^([+-]?\d{1,3})(?:[ '’](\d{3}))", r"\1\2")
    text = pc.replace_substring_regex(text, r"[ '’](\d{3})", r"\1")
    mark, ambiguous = _decimal_of(text, decimal)
    text = _one_mark(text, mark)
    good = pc.match_substring_regex(text, _PLAIN)
    numbers = pc.cast(pc.if_else(good, text, pa.scalar(None, pa.string())), pa.float64())
    values = numbers.to_numpy(zero_copy_only=False)
    present = _mask(pc.is_valid(texts))
    read = ~np.isnan(values) & np.isfinite(values)
    values = np.where(read, values, np.nan)
    bad = present & ~read & ~missing
    return Numbers(
        values, bad, missing & present, floor & read, ambiguous & read, percent & read, mark
    )


def decimal_evidence(texts: pa.Array) -> Mark | None:
    """Return the decimal mark the values prove, or None where they prove none.

    Examples
    --------
    >>> decimal_evidence(pa.array(["1,5", "2"])), decimal_evidence(pa.array(["1,500", "2"]))
    (',', None)
    """
    text = pc.utf8_trim_whitespace(pc.replace_substring_regex(_ascii(texts), _SYMBOLS, ""))
    return _proof(pc.filter(text, pc.match_substring_regex(text, r"^[+-]?[\d.,' ]+$")))


def _proof(text: pa.Array) -> Mark | None:
    def seen(pattern: str) -> bool:
        return bool(pc.any(pc.match_substring_regex(text, pattern)).as_py())

    comma = seen(r"^[^,]*,\d{1,2}$|^[^,]*,\d{4,}$|^\D*0,\d+$|\d\.\d{3},\d")
    dot = seen(r"^[^.]*\.\d{1,2}$|^[^.]*\.\d{4,}$|^\D*0?\.\d+$|\d,\d{3}\.\d")
    if comma and not dot:
        return ","
    if dot and not comma:
        return "."
    return None


def _decimal_of(text: pa.Array, decimal: Mark | None) -> tuple[Mark, Any]:
    """The decimal mark of the column, and where a value could be read either way."""
    either = _mask(pc.match_substring_regex(text, r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"))
    proven = _proof(text)
    mark: Mark | None = proven or decimal
    if mark is None:
        # 1.234.567 or 1,234,567: the repeated mark cannot be the decimal mark.
        if pc.any(pc.match_substring_regex(text, r"\.\d{3}\.\d{3}")).as_py():
            mark = ","
        elif pc.any(pc.match_substring_regex(text, r",\d{3},\d{3}")).as_py():
            mark = "."
        else:
            return ".", either
    return mark, np.zeros(len(text), dtype=bool)


def _one_mark(text: pa.Array, mark: Mark) -> pa.Array:
    """Thousands marks removed and the decimal mark made a dot, value by value."""
    both = pc.and_(pc.match_substring(text, ","), pc.match_substring(text, "."))
    comma_last = pc.greater(pc.find_substring(pc.utf8_reverse(text), "."),
                            pc.find_substring(pc.utf8_reverse(text), ","))  # fmt: skip
    grouped_commas = pc.match_substring_regex(text, r"^[+-]?\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?$")
    grouped_dots = pc.match_substring_regex(text, r"^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$")
    as_comma = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    as_dot = pc.replace_substring(text, ",", "")
    single_dot = pc.match_substring_regex(text, r"^[^.]*\.[^.]*$")
    several = pc.match_substring_regex(text, r",.*,")
    if mark == ",":
        lone = pc.if_else(pc.and_(pc.match_substring(text, "."), pc.invert(grouped_dots)),
                          text, as_comma)  # fmt: skip
    else:
        not_grouped = pc.and_(pc.match_substring(text, ","), pc.invert(grouped_commas))
        lone = pc.if_else(pc.and_(not_grouped, pc.invert(several)), as_comma, as_dot)
        lone = pc.if_else(pc.and_(grouped_dots, pc.invert(single_dot)), as_comma, lone)
    explained = pc.if_else(pc.and_(comma_last, grouped_dots), as_comma,
                           pc.if_else(grouped_commas, as_dot, text))  # fmt: skip
    return pc.if_else(both, explained, lone)


def _ascii(texts: pa.Array) -> pa.Array:
    """Trim, and bring full-width, Arabic-Indic and other digits and spaces to plain ones."""
    text = pc.utf8_trim_whitespace(pc.cast(texts, pa.string()))
    wide = pc.invert(pc.string_is_ascii(text))
    if not pc.any(wide).as_py():
        return text
    plain = [
        None if value is None else (value if value.isascii() else _plain(value))
        for value in text.to_pylist()
    ]
    return pc.utf8_trim_whitespace(pa.array(plain, pa.string()))


def _plain(value: str) -> str:
    letters = []
    for letter in unicodedata.normalize("NFKC", value).replace("−", "-").replace("–", "-"):
        if letter.isdigit() and not letter.isascii():
            letters.append(str(unicodedata.digit(letter)))
        elif unicodedata.category(letter) not in {"Cf", "Cc"}:
            letters.append(letter)
    return re.sub(r"\s+", " ", "".join(letters))


def _missing_set() -> pa.Array:
    return pa.array(sorted(MISSING_WORDS), pa.string())


def _mask(values: Any) -> Any:
    return pc.fill_null(values, False).to_numpy(zero_copy_only=False)
