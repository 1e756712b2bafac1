"""Small words that every message of this layer shares."""

from __future__ import annotations

import os
import re

__all__ = ["count", "legible", "shown", "shown_name"]

# Control, zero-width and direction characters, and what would end a quotation or start markup.
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff“”\"<>`]")
# Of these the ones no name of a sheet needs: they end lines or turn the text around.
TURNING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
LONGEST = 120


def count(number: int, what: str) -> str:
    """Say a number of things.

    Examples
    --------
    >>> count(1, "row"), count(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def shown(text: str) -> str:
    """Return a name fit to stand in a sentence: nothing invisible, no markup, not too long."""
    return UNSAFE.sub("", text).strip()[:LONGEST]


def legible(text: str) -> str:
    r"""Return a name by which a user can ask for a sheet.

    Examples
    --------
    >>> legible("Stays\n <2024>")
    'Stays <2024>'
    """
    return TURNING.sub("", text)


def shown_name(given: object) -> str:
    r"""Return the file name to show for a path, a name or bytes; never a folder.

    Examples
    --------
    >>> shown_name("C:\\Users\\me\\stays.csv"), shown_name(b"1,2")
    ('stays.csv', 'the file')
    """
    if isinstance(given, bytes | bytearray | memoryview):
        return "the file"
    text = os.fspath(given) if isinstance(given, os.PathLike) else str(given)
    return shown(str(text).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]) or "the file"
