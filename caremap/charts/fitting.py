"""Room for words: how wide a text is, and how a longer one is cut or broken."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from caremap.charts.frames import one_line

__all__ = ["ELLIPSIS", "fit", "room", "text_width", "wrap"]

ELLIPSIS = "…"


def text_width(text: str, size: float = 12) -> float:
    """Estimate how many pixels a text takes: rather too many than too few.

    Examples
    --------
    >>> text_width("Surgery") < text_width("SURGERY") < text_width("外科外科外科外")
    True
    """
    return sum(map(_em, text)) * size


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if char in " .,:;'|!ijltfr()[]-/":
        return 0.36
    if char in "mwMW@%&—…":
        return 0.92
    return 0.7 if char.isupper() else 0.57


def room(lines: Sequence[str], size: float = 12) -> float:
    """Return the width of the longest line, in pixels."""
    return max((text_width(line, size) for line in lines), default=0)


def fit(name: object, pixels: float, size: float = 12, *, sentence: bool = False) -> str:
    """Cut what is too long: a sentence at its end, a name in its middle.

    Names that begin alike differ at the end. Where there is room for a few letters only, as in
    small blocks, names are cut as sentences are: both ends of a word say less than its beginning.

    Examples
    --------
    >>> fit("Department of Cardiology, North Campus", 150)
    'Department…rth Campus'
    >>> fit("Department of Cardiology, North Campus", 150, sentence=True)
    'Department of Cardiolo…'
    """
    text = one_line(name)
    widths = [_em(char) * size for char in text]
    if sum(widths) <= pixels:
        return text
    left, right, rest = 0, len(text), pixels - text_width(ELLIPSIS, size)
    while left < right:
        from_left = sentence or left <= len(text) - right
        taken = widths[left] if from_left else widths[right - 1]
        if taken > rest:
            break
        rest -= taken
        left, right = (left + 1, right) if from_left else (left, right - 1)
    end = "" if sentence else text[right:].lstrip()
    return f"{text[:left].rstrip()}{ELLIPSIS}{end}"


def wrap(
    name: object, pixels: float, size: float = 12, lines: int = 2, *, sentence: bool = False
) -> list[str]:
    """Break a text into lines of so many pixels; what is still too long is cut as by `fit`.

    Examples
    --------
    >>> wrap("Department of Cardiology", 90)
    ['Department of', 'Cardiology']
    """
    rest = one_line(name).split(" ")
    broken: list[str] = []
    while rest and len(broken) < lines - 1:
        if sentence and text_width(rest[0], size) > pixels:
            break  # what follows would be read on as if nothing were left out
        line = rest.pop(0)
        while rest and text_width(f"{line} {rest[0]}", size) <= pixels:
            line = f"{line} {rest.pop(0)}"
        broken.append(fit(line, pixels, size))
    return [*broken, fit(" ".join(rest), pixels, size, sentence=sentence)] if rest else broken
