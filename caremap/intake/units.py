"""Units of time: hours are not days, whether the header says so or the cells do.

A length of stay under “LOS (hours)”, a wait of ``1.5 h`` and an age of ``7 months`` are
brought to the unit of their field, and a finding says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.bytewise import has_letters
from caremap.intake.headers import words
from caremap.schema import Field

__all__ = ["bring_to_unit", "header_unit", "money_scale", "without_scale", "without_units"]

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
_CELL = r"^(?P<number>.*\d)\s*(?P<unit>[a-zñ]{1,8})\.?$"


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
    if not pa.types.is_string(text.type) or not has_letters(text):
        return text, factors, converted
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
