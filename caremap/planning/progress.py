"""How a caller is told how far long work has come."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress", "silent"]

Progress = Callable[[str, float], object]
"""Told what comes next, in words, and the part done, from 0 to 1."""


def silent(_words: str, _part: float) -> None:
    """Tell nobody: where no one asked."""
