"""Headers as people write them, brought into one form for matching.

``ADMIT_DTTM``, ``Admission Date`` and ``Date d’entrée`` become plain lower-case words
without accents; what is shown stays exactly as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["clean_text", "unique_headers", "words"]

_INVISIBLE = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=[A-Za-z])(?=\d{2,})")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?\b\.?")
_SEPARATORS = re.compile(r"[^0-9a-zA-Z%€$£#]+")
_LONGEST = 300  # a header is compared with hundreds of words: beyond this it is prose
_FOLD = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"})


def clean_text(text: str) -> str:
    r"""Return the text without invisible characters and outer space, spaces made plain.

    Examples
    --------
    >>> clean_text(" Patient\u00a0ID\u200b ")
    'Patient ID'
    """
    return " ".join(text.translate(_INVISIBLE).split())


def words(header: str) -> str:
    """Return the words of a header: lower case, no accents, no punctuation, single spaces.

    Examples
    --------
    >>> words("Date d'entrée"), words("patientWaitTime"), words("D.O.A"), words("ADMIT_DTTM")
    ('date d entree', 'patient wait time', 'd o a', 'admit dttm')
    """
    text = clean_text(header[:_LONGEST]).translate(_FOLD)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _DOTTED.sub(lambda match: " ".join(match.group().replace(".", " ").split()) + " ", text)
    text = _CAMEL.sub(" ", text)
    return _SEPARATORS.sub(" ", text).strip().lower()


def unique_headers(cells: Sequence[object]) -> list[str]:
    """Return one name per column: blanks named by position, repeats numbered openly.

    A second ``Date`` becomes ``Date (column 2)``, so that neither is hidden behind an
    invented ``Date.1``.

    Examples
    --------
    >>> unique_headers(["Date", "date ", None, "Cost"])
    ['Date (column 1)', 'date (column 2)', 'Column 3', 'Cost']
    """
    named = [clean_text(str(cell)) if cell is not None else "" for cell in cells]
    keys = [name.casefold() for name in named]
    repeated = {key for key in keys if key and keys.count(key) > 1}
    taken: set[str] = set()
    result: list[str] = []
    for position, (name, key) in enumerate(zip(named, keys, strict=True), start=1):
        header = name or f"Column {position}"
        if key in repeated:
            header = f"{name} (column {position})"
        while header.casefold() in taken:
            header = f"{header} (column {position})"
        taken.add(header.casefold())
        result.append(header)
    return result
