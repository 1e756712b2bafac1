"""Figures and columns in words."""

from __future__ import annotations

import numpy as np

from caremap.schema import FIELDS

__all__ = ["counted", "far", "figure", "title"]


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


def title(column: str) -> str:
    """Return what a column is called by people: one of the file by its own header.

    >>> title("admission_type"), title("Blood Type")
    ('Admission type', 'Blood Type')
    """
    return FIELDS[column].title if column in FIELDS else column
