"""Text a spreadsheet program cannot take for a formula."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["SKIPPED", "Guard", "guard_of", "guarded"]

# What a spreadsheet program, or whoever retypes the cell, may skip before it looks for a formula:
# controls and white space, characters nobody sees, quotation marks.
SKIPPED = (
    r"\x00-\x09\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    r"\u08e2\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    r"\"'`´‘’‚‛“”„‟«»‹›′″＂＇"
)
# What starts a formula: as typed, in other widths, and as an address would spell it.
_STARTS = r"(?:[=+\-@|−＝﹦＋﹢－﹣＠﹫｜]|%(?:0[9ad]|2[bd]|3d|40|7c))"
# A cell also begins inside a text where another separator than the comma is in use: Excel splits
# at semicolons wherever the comma is the decimal mark, and then takes no notice of our quotes
# around a semicolon or the end of a line.
_LIVE = re.compile(
    rf"^(?=[{SKIPPED}]*[\t\r\n])"
    rf"|^(?=[{SKIPPED}]*{_STARTS})"
    rf"|(?<=[;\r\n])(?=[{SKIPPED}]*{_STARTS})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GUARD = "'"

Guard = Callable[[str], str]
"""What becomes of a text on its way into a file."""


def guard_of(raw: bool) -> Guard:
    """Return what is done to every text: nothing where it is asked for as it is in the data.

    Examples
    --------
    >>> guard_of(raw=False)("=1+1"), guard_of(raw=True)("=1+1")
    ("'=1+1", '=1+1')
    """
    return str if raw else guarded


def guarded(text: str) -> str:
    """Put an apostrophe in front of whatever could start a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("ok;@SUM(1)"), guarded("-42.5")
    ("'=1+1", "ok;'@SUM(1)", '-42.5')
    """
    return text if _NUMBER.fullmatch(text) else _LIVE.sub(_GUARD, text)
