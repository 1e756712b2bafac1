"""Units of time: hours are not days, whether the header says so or the cells do.

A length of stay under “LOS (hours)”, a wait of ``1.5 h`` and an age of ``7 months`` are
brought to the unit of their field, and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.bytewise import byte_range
from caremap.intake.headers import words
from caremap.schema import Field

__all__ = [
    "bring_to_unit",
    "day_fractions",
    "duration_minutes",
    "durations",
    "header_unit",
    "money_scale",
    "without_scale",
    "without_units",
]

_MINUTES = {
    "minutes": 1.0, "hours": 60.0, "days": 1440.0, "weeks": 10080.0, "months": 43829.0,
    "years": 525949.0,
}  # fmt: skip
_SPOKEN = {
    "minutes": "min mins minute minutes minuten minuto minutos minuti",
    "hours": "h hr hrs hour hours std stunde stunden hora horas heure heures ora ore",
    "days": "d day days night nights tag tage dia dias jour jours giorno giorni gg",
    "weeks": "w wk wks week weeks woche wochen semana semanas semaine semaines settimane",
    "months": "mo mos month months monat monate mes meses mois mese mesi",
    "years": "y yr yrs year years jahr jahre ano anos an ans anno anni",
}
_UNITS = {word: unit for unit, spoken in _SPOKEN.items() for word in spoken.split()}
_CLOCK = re.compile(
    r"^(?:(?P<d>\d+)\s*(?:d|days?|tage?|dias?|jours?|giorni|giorno)?\s*,?\s+)?"
    r"(?P<h>\d{1,4}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d)(?:\.\d+)?)?$"
)
_ISO = re.compile(
    r"^p(?:(?P<w>\d+)w)?(?:(?P<d>\d+)d)?"
    r"(?:t(?:(?P<h>[\d.]+)h)?(?:(?P<m>[\d.]+)m)?(?:(?P<s>[\d.]+)s)?)?$"
)
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-zñ]+)\.?\s*(?:,|and|und|et|y|e)?\s*")
_SPELT = re.compile(r"^(?:\d+(?:[.,]\d+)?\s*[a-zñ]+\.?\s*(?:,|and|und|et|y|e)?\s*){2,4}$")
_MAYBE_DURATION = r"(?i)^p[\dt]|\d:\d\d|\d\s*[a-zñ]+\.?\s*(?:,|and|und|et|y|e)?\s*\d+\s*[a-zñ]"
_CELL = r"^(?P<number>.*\d)\s*(?P<unit>[a-zñ]{1,8})\.?$"


def duration_minutes(text: str) -> float | None:
    """Return a duration in minutes, or None where the text is none.

    Hours and minutes (``1:30``, ``0:45:00``), days before them, several units
    (``3d 4h``, ``2 h 15 min``) and ISO 8601 (``PT2H30M``).

    Examples
    --------
    >>> [duration_minutes(text) for text in ("01:30", "3d 4h", "1 day, 3:20:00", "PT2H30M", "7")]
    [90.0, 4560.0, 1640.0, 150.0, None]
    """
    text = text.strip().lower()
    if found := _CLOCK.match(text):
        days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return days * 1440 + hours * 60 + minutes + seconds / 60
    if len(text) > 2 and (found := _ISO.match(text)) and any(found.groups()):
        weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return weeks * 10080 + days * 1440 + hours * 60 + minutes + seconds / 60
    if not _SPELT.match(text):
        return None
    total = 0.0
    for number, unit in _PART.findall(text):
        meant = "minutes" if unit == "m" else "seconds" if unit in _SECONDS else _UNITS.get(unit)
        if meant is None:
            return None
        amount = float(number.replace(",", "."))
        total += amount / 60 if meant == "seconds" else amount * _MINUTES[meant]
    return total


_SECONDS = frozenset("s sec secs second seconds sek sekunden segundos secondes secondi".split())


def durations(texts: Sequence[str], item: Field) -> bool:
    """Whether half of the texts are durations, where the field is one.

    Examples
    --------
    >>> from caremap.schema import FIELDS
    >>> durations(["01:30", "0:45"], FIELDS["waiting_minutes"]), durations(["1:3"], FIELDS["age"])
    (True, False)
    """
    if item.unit not in {"minutes", "days"} or not texts:
        return False
    return 2 * sum(duration_minutes(text) is not None for text in texts) >= len(texts)


def header_unit(header: str, item: Field) -> str | None:
    """Return the unit of time a header names, where it is not the field's own.

    Examples
    --------
    >>> from caremap.schema import FIELDS
    >>> header_unit("LOS (hours)", FIELDS["length_of_stay"])
    'hours'
    >>> header_unit("Length of stay, days", FIELDS["length_of_stay"]) is None
    True
    """
    if item.unit not in _MINUTES:
        return None
    named = [_UNITS[word] for word in words(header).split() if word in _UNITS]
    if not named or item.unit in named:
        return None
    # “min” beside a stay is a minimum.
    return None if named[0] == "minutes" and item.unit == "days" else named[0]


def without_units(text: str, item: Field) -> str:
    """Return the words of a header without units of time, where the field is a time.

    Examples
    --------
    >>> from caremap.schema import FIELDS
    >>> without_units("wait hours", FIELDS["waiting_minutes"])
    'wait'
    """
    if item.unit not in _MINUTES:
        return text
    return " ".join(word for word in text.split() if word not in _UNITS or len(word) == 1)


_CURRENCIES = frozenset(
    "$ € £ ¥ ₹ usd eur gbp chf cad aud inr brl mxn us "
    "dollar dollars euro euros pound pounds".split()
)
_THOUSANDS = frozenset(
    "k$ k€ k£ $k €k £k t€ t$ k keur kusd kgbp kchf teur tusd tchf tsd tausend thousand thousands "
    "000 000s $000 €000 £000 1000 1000s milliers millier miles migliaia milhares".split()
)
_MILLIONS = frozenset(
    "m$ m€ m£ $m €m £m $mn mio mn meur musd mchf million millions millionen millones milhoes "
    "milioni".split()
)
_LINKS = frozenset("in of en de di em x 1".split())


def money_scale(header: str) -> float:
    """Return what amounts under a header are to be multiplied by.

    Examples
    --------
    >>> money_scale("Cost (k$)"), money_scale("Kosten in Mio"), money_scale("Cost")
    (1000.0, 1000000.0, 1.0)
    """
    tokens = set(words(header).split())
    if tokens & _MILLIONS or ("m" in tokens and tokens & _CURRENCIES):
        return 1e6
    return 1e3 if tokens & _THOUSANDS else 1.0


def without_scale(text: str) -> str:
    """Return the words of a header of amounts without currency, thousands and millions.

    Examples
    --------
    >>> without_scale("cost in thousands of dollars")
    'cost'
    """
    scaled = _CURRENCIES | _THOUSANDS | _MILLIONS | {"m"}
    tokens = text.split()
    if not set(tokens) & scaled:
        return text
    while tokens and tokens[-1] in scaled | _LINKS:
        tokens.pop()
    return " ".join(tokens)


def bring_to_unit(text: pa.Array, header: str, item: Field) -> tuple[pa.Array, Any, set[str]]:
    """Return the text without units of time, a factor per row, and the units converted.

    Parameters
    ----------
    text
        The cells.
    header, item
        The column and the field it is read as.

    Examples
    --------
    >>> from caremap.schema import FIELDS
    >>> cells = pa.array(["36 hours", "2 days", "3"])
    >>> bring_to_unit(cells, "LOS", FIELDS["length_of_stay"])[1].round(4).tolist()
    [0.0417, 1.0, 1.0]
    """
    factors = np.ones(len(text))
    if item.unit not in _MINUTES:
        return text, factors, set()
    said = header_unit(header, item)
    converted = {said} if said else set()
    if said:
        factors[:] = _MINUTES[said] / _MINUTES[item.unit]
    # Neither a letter nor a colon: nothing but numbers.
    if not pa.types.is_string(text.type) or byte_range(text)[1] < ord(":"):
        return text, factors, converted
    text, spelt = _spelt_out(text, item, factors)
    converted |= spelt
    lower = pc.utf8_lower(pc.utf8_trim_whitespace(text))
    where = np.flatnonzero(
        pc.fill_null(pc.match_substring_regex(lower, _CELL), False).to_numpy(zero_copy_only=False)
    )
    if len(where) == 0:
        return text, factors, converted
    parts = pc.extract_regex(lower.take(pa.array(where)), _CELL)
    bare = text.to_pylist()
    for place, number, unit in zip(
        where.tolist(), *(parts.field(index).to_pylist() for index in range(2)), strict=True
    ):
        meant = "months" if unit == "m" and item.unit == "years" else _UNITS.get(words(unit))
        if meant is None:
            continue
        bare[place] = number
        factors[place] = _MINUTES[meant] / _MINUTES[item.unit]
        if meant != item.unit:
            converted.add(meant)
    return pa.array(bare, pa.string()), factors, converted


def day_fractions(numbers: Any, header: str, item: Field) -> bool:
    """Whether waits are fractions of a day, as a spreadsheet program stores 1:30 as 0.0625.

    All are below three, most have more than two decimals, and all are whole minutes.

    Parameters
    ----------
    numbers
        The values, NaN where there is none.
    header, item
        The column and the field it is read as.

    Examples
    --------
    >>> from caremap.schema import FIELDS
    >>> day_fractions(np.array([0.0625, 1 / 32, 0.0104166667]), "Wait", FIELDS["waiting_minutes"])
    True
    """
    if item.unit != "minutes" or set(words(header).split()) & set(_UNITS):
        return False
    known = numbers[np.isfinite(numbers)]
    if len(known) < 3 or known.max() >= 3 or known.min() < 0:
        return False
    minutes, fine = known * 1440, known * 100
    whole = np.abs(minutes - np.round(minutes)) < 0.01
    return bool(whole.all() and (np.abs(fine - np.round(fine)) > 1e-6).mean() > 0.5)


def _spelt_out(text: pa.Array, item: Field, factors: Any) -> tuple[pa.Array, set[str]]:
    """Durations of several units made numbers of the field's own, with factor 1."""
    maybe = pc.fill_null(pc.match_substring_regex(text, _MAYBE_DURATION), False)
    where = np.flatnonzero(maybe.to_numpy(zero_copy_only=False))
    if item.unit not in {"minutes", "days"} or len(where) == 0:
        return text, set()
    encoded = pc.dictionary_encode(text.take(pa.array(where)))
    minutes = [duration_minutes(one) for one in encoded.dictionary.to_pylist()]
    cells, found = text.to_pylist(), False
    for place, code in zip(where.tolist(), encoded.indices.to_pylist(), strict=True):
        if minutes[code] is not None:
            cells[place] = repr(minutes[code] / _MINUTES[item.unit])
            factors[place], found = 1.0, True
    return pa.array(cells, pa.string()), {"days, hours and minutes"} if found else set()
