"""Figures and columns in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caremap.schema import FIELDS

__all__ = ["counted", "far", "few", "figure", "joined", "title"]


def figure(value: float) -> str:
    """Return a number as it is said in a sentence.

    >>> figure(4977.9), figure(12.34), figure(0.5), figure(3.0)
    ('4,978', '12.3', '0.5', '3')
    """
    if np.isnan(value):
        return "an unknown number"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def far(km: float) -> str:
    """Return a distance: one digit more than a map needs.

    >>> far(113.29), far(1234.5)
    ('113.3 km', '1,234.5 km')
    """
    return f"{km:,.1f} km"


def counted(number: float, one: str, many: str) -> str:
    """Return a number with its word.

    >>> counted(1, "person", "people"), counted(50, "person", "people")
    ('1 person', '50 people')
    """
    return f"{figure(number)} {one if number == 1 else many}"


def few(names: Sequence[object], most: int = 3) -> str:
    """Return names in quotation marks, and how many more there are.

    >>> few(["A", "B"]), few(["A", "B", "C", "D", "E"])
    ('“A”, “B”', '“A”, “B”, “C” and 2 more')
    """
    shown = ", ".join(f"“{name}”" for name in names[:most])
    return shown + (f" and {len(names) - most:,} more" if len(names) > most else "")


def joined(names: Sequence[str], most: int | None = None) -> str:
    """Return names as a list in a sentence; beyond ``most`` they are counted.

    >>> joined(["A"]), joined(["A", "B", "C"]), joined(["A", "B", "C"], 2)
    ('A', 'A, B and C', 'A, B and 1 more')
    """
    if most is not None and len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def title(column: str) -> str:
    """Return what a column is called by people: one of the file by its own header.

    >>> title("admission_type"), title("Blood Type")
    ('Admission type', 'Blood Type')
    """
    return FIELDS[column].title if column in FIELDS else column
