"""What a number looks like on a map: size of a circle, colour of a class, words for both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["Bands", "around", "bands", "radii", "round_off", "told"]

SMALLEST, LARGEST, EVEN = 5.0, 21.0, 8.0
"""Radius in pixels of a zero, of the largest number, and where sizes mean nothing."""

UNKNOWN = 6.0
"""Radius of a facility without a figure: it is drawn as a dashed ring."""

PALE_TO_DARK = ("#d8eef1", "#86c5cf", "#3f9cad", "#0b7285", "#06414d")
TEAL_TO_BROWN = ("#085f70", "#4ba4b4", "#f2ead9", "#dd9a55", "#8a4a0c")
"""Apart from each other under protanopia, deuteranopia and tritanopia: by lightness, and on both
sides of a middle by hue that all three leave apart."""


@dataclass(frozen=True)
class Bands:
    """Classes of numbers, each with its colour and what it says in words.

    Attributes
    ----------
    edges
        Upper ends of all classes but the last; a number on an edge is in the class above.
    colours
        One more than there are edges.
    words
        What each class holds.
    """

    edges: tuple[float, ...]
    colours: tuple[str, ...]
    words: tuple[str, ...]

    def of(self, values: pd.Series) -> list[int]:
        """Return the class of each number, -1 where there is none."""
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        found = np.searchsorted(np.array(self.edges), numbers, side="right")
        return [-1 if math.isnan(one) else int(at) for one, at in zip(numbers, found, strict=True)]


def told(value: float, decimals: int | None = None) -> str:
    """Write a number as the map has it; without end is a need that nobody is there to share.

    Examples
    --------
    >>> told(1203.4), told(12.345), told(0.5), told(20.0), told(float("nan")), told(float("inf"))
    ('1,203', '12.3', '0.5', '20', 'no figure', 'no staff')
    """
    if math.isnan(value):
        return "no figure"
    if math.isinf(value):
        return "no staff"
    if decimals is None:
        decimals = 0 if abs(value) >= 100 or float(value).is_integer() else 1
        decimals = 2 if 0 < abs(value) < 0.1 else decimals
    return f"{value:,.{decimals}f}"


def round_off(value: float) -> float:
    """Return a number with two digits, as an edge between classes.

    Examples
    --------
    >>> round_off(1234.5), round_off(0.0376), round_off(0)
    (1200.0, 0.038, 0.0)
    """
    if not value or not math.isfinite(value):
        return 0.0
    return round(value, 1 - math.floor(math.log10(abs(value))))


def radii(values: pd.Series | None, count: int) -> tuple[list[float], list[tuple[float, str]]]:
    """Return the radius of each circle, whose area goes with the number, and a legend.

    Parameters
    ----------
    values
        What size means, at least 0; None where all circles are alike.
    count
        How many circles there are.

    Returns
    -------
    tuple
        Radii in pixels; and of a few round numbers the radius and the words.
    """
    if values is None:
        return [EVEN] * count, []
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    top = float(known.max()) if known.size and known.max() > 0 else 1.0

    def radius(value: float) -> float:
        share = min(max(value, 0.0) / top, 1.0)
        return round(math.sqrt(SMALLEST**2 + (LARGEST**2 - SMALLEST**2) * share), 1)

    drawn = [UNKNOWN if math.isnan(one) else radius(one) for one in numbers]
    if not known.size:
        return drawn, []
    low, high = float(known.min()), float(known.max())
    middle = round_off(low + (high - low) / 4)
    if np.equal(np.mod(known, 1), 0).all():
        middle = float(round(middle))
    samples = [one for one in dict.fromkeys([high, middle, low]) if low <= one <= high]
    return drawn, [(radius(one), told(one)) for one in samples]


def bands(values: pd.Series, unit: str = "", most: int = 5) -> Bands:
    """Return classes that hold about as many facilities each, with round edges.

    Parameters
    ----------
    values
        The numbers; missing ones have no class.
    unit
        Written behind the numbers of the legend.
    most
        How many classes at most.

    Examples
    --------
    >>> bands(pd.Series([1, 2, 3, 40, 50]), "beds", most=2).words
    ('less than 3 beds', '3 beds or more')
    """
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    known = np.sort(numbers[np.isfinite(numbers)])
    if not known.size:
        return Bands((), PALE_TO_DARK[-2:-1], ("no figure",))
    wanted = min(most, len(np.unique(known)))
    cuts = [round_off(float(known[len(known) * at // wanted])) for at in range(1, wanted)]
    edges = tuple(dict.fromkeys(one for one in cuts if known[0] < one <= known[-1]))
    colours = _spaced(PALE_TO_DARK, len(edges) + 1)
    return Bands(edges, colours, _words(edges, unit, (float(known[0]), float(known[-1]))))


def _spaced(colours: Sequence[str], count: int) -> tuple[str, ...]:
    """Return so many of the colours, as far apart as they go."""
    if count == 1:
        return (colours[-2],)
    places = [round(at * (len(colours) - 1) / (count - 1)) for at in range(count)]
    return tuple(colours[at] for at in places)


def _words(edges: Sequence[float], unit: str, ends: tuple[float, float]) -> tuple[str, ...]:
    """Return what each class holds in words."""
    behind = f" {unit}" if unit else ""
    if not edges:
        low, high = (told(one) for one in ends)
        return (f"{low}{behind}" if low == high else f"{low} to {high}{behind}",)
    first, last = f"less than {told(edges[0])}{behind}", f"{told(edges[-1])}{behind} or more"
    between = [
        f"{told(low)} to less than {told(high)}{behind}"
        for low, high in zip(edges, edges[1:], strict=False)
    ]
    return (first, *between, last)


def around(middle: float, unit: str = "") -> Bands:
    """Return classes on both sides of a middle: half of it, near it, twice it.

    Parameters
    ----------
    middle
        What the whole network has: the fair level of a ratio.
    unit
        Written behind the numbers of the legend.

    Examples
    --------
    >>> around(1000).words[0], around(1000).words[2]
    ('less than 500: under half of 1,000', '909 to 1,100: about 1,000')
    """
    behind = f" {unit}" if unit else ""
    edges = (middle / 2, middle / 1.1, middle * 1.1, middle * 2)
    half, low, high, twice = (told(one) for one in edges)
    level = f"{told(middle)}{behind}"
    return Bands(
        edges,
        TEAL_TO_BROWN,
        (
            f"less than {half}: under half of {level}",
            f"{half} to {low}: less",
            f"{low} to {high}: about {level}",
            f"{high} to {twice}: more",
            f"{twice} or more: twice {level}",
        ),
    )
