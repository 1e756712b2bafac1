"""Levels of care, and what a patient placed at each counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from caremap.planning.intensive_care import CALLED
from caremap.problems import DataProblem

__all__ = ["CARE_POINTS", "LEVELS", "level_of", "level_rank"]

LEVELS = ("general", "intermediate", "intensive")
"""From the lowest: a ward can take patients of its level and of those before it."""

CARE_POINTS: Mapping[str, float] = MappingProxyType(
    {"general": 1.0, "intermediate": 10.0, "intensive": 100.0}
)
"""What a patient placed counts, by the level needed: a convention of CareMap, to be edited.

A bed that one of several can have goes to who needs most care, unless ten of the level below could
be placed in its stead.
"""

_INTERMEDIATE = r"intermediate|step.?down|high dependency|progressive care|\b(?:imc|imcu|hdu|pcu)\b"


def level_of(*names: object) -> str:
    """Return the level of care that the names of a ward and its department say.

    Examples
    --------
    >>> [level_of(name) for name in ("Surgical ICU", "Step-down unit", "Surgery")]
    ['intensive', 'intermediate', 'general']
    """
    said = " ".join(str(name) for name in names)
    if re.search(_INTERMEDIATE, said, re.IGNORECASE):
        return "intermediate"
    return "intensive" if re.search(CALLED, said, re.IGNORECASE) else "general"


def level_rank(level: object) -> int:
    """Return a level as a number, 0 for the lowest.

    Raises
    ------
    caremap.DataProblem
        Where it is none.
    """
    name = str(level).strip().casefold()
    if name not in LEVELS:
        raise DataProblem(
            "A level of care is none of general, intermediate and intensive.",
            "Choose one of the three.",
        )
    return LEVELS.index(name)
