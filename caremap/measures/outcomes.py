"""Which words of an outcome column mean that the patient died, or was transferred."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

__all__ = ["deaths", "ends", "survivals", "transfers"]

_DEATH = re.compile(
    r"\b(died|dead|death|deceased|decease|expired|mortality|fatal|exitus|"
    r"muerto|muerta|muerte|fallecido|fallecida|fallecimiento|defuncion|difunto|"
    r"deces|decede|decedee|mort|morte|morto|morta|obito|falecido|falecida|"
    r"verstorben|gestorben|tod|todesfall|deceduto|deceduta|decesso|"
    r"overleden|avliden|zmarl)\b"
)
_NOT = re.compile(r"\b(no|not|non|nicht|nao|sin|without|alive|survived|vivo|vivant|lebend)\b")
_TRANSFER = re.compile(
    r"\b(transfer\w*|transfere|moved to|verlegt|verlegung|traslad\w*|trasfer\w*|mutation)\b"
)
_ALIVE = re.compile(
    r"\b(alive|survived|survivor|survives|not expired|did not die|vivo|viva|vivos|vivant|vivante|"
    r"lebend|uberlebt|vivo/a|sobrevivio|sobreviveu|survecu|sopravvissuto|live discharge)\b"
)
_NO_END = re.compile(
    r"\b(unknown|not recorded|not known|not stated|n a|na|none|missing|pending|ongoing|"
    r"in progress|still in hospital|still admitted|inpatient|in hospital|current|open|other|"
    r"unbekannt|desconocid[oa]|ignorad[oa]|inconnu|sconosciuto)\b"
)


def deaths(values: Iterable[object]) -> list[str]:
    """Return the values that say the patient died; 0, 1, yes and no say nothing.

    Examples
    --------
    >>> deaths(["Home", "Died in hospital", "Décès", "1", "Not expired", "Óbito"])
    ['Died in hospital', 'Décès', 'Óbito']
    """
    return [
        text for text, plain in _plain(values) if _DEATH.search(plain) and not _NOT.search(plain)
    ]


def survivals(values: Iterable[object]) -> list[str]:
    """Return the values that say in so many words that the patient lived.

    Examples
    --------
    >>> survivals(["Alive", "Home", "Died", "Survived", "Not expired"])
    ['Alive', 'Survived', 'Not expired']
    """
    dead = set(deaths(values := list(values)))
    return [text for text, plain in _plain(values) if _ALIVE.search(plain) and text not in dead]


def ends(values: Iterable[object], dead: Collection[str]) -> list[str]:
    """Return the values that are an end of a stay other than death: the patient left alive.

    What says that the end is not known, or not there yet, is none.

    Examples
    --------
    >>> ends(["Home", "Died", "Unknown", "Still in hospital", "Transferred"], ["Died"])
    ['Home', 'Transferred']
    """
    return [
        text for text, plain in _plain(values)
        if text not in dead and not _NO_END.fullmatch(" ".join(re.findall(r"\w+", plain)))
    ]  # fmt: skip


def transfers(values: Iterable[object]) -> list[str]:
    """Return the values that say the patient went on to another place of care.

    Examples
    --------
    >>> transfers(["Home", "Transferred", "Verlegung", "Traslado a otro centro"])
    ['Transferred', 'Verlegung', 'Traslado a otro centro']
    """
    return [text for text, plain in _plain(values) if _TRANSFER.search(plain)]


def _plain(values: Iterable[object]) -> list[tuple[str, str]]:
    """Pair every text with its lower-case form without accents."""
    pairs = []
    for value in values:
        text = str(value)
        apart = unicodedata.normalize("NFKD", text.casefold())
        pairs.append((text, "".join(sign for sign in apart if not unicodedata.combining(sign))))
    return pairs
