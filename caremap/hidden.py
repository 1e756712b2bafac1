"""The column in which a figure frame says that figures of a row are hidden.

Counts of few patients are hidden before a frame leaves the app (`caremap.measures.suppress`).
What is hidden is missing in the frame, but it is neither zero nor unknown: who draws or
writes the frame must not take what is left for the whole, and says why there is a blank.
"""

from __future__ import annotations

__all__ = ["FEW", "HIDDEN", "WHY_HIDDEN"]

FEW = 10
"""Counts from 1 to this many patients are hidden where small counts are."""

HIDDEN = "hidden"
"""Name of a column of yes and no: whether a figure of the row is hidden. Often not there."""

WHY_HIDDEN = "Counts of 1 to 10 patients, and figures that would give them away, are hidden."
"""What is said wherever something is."""
