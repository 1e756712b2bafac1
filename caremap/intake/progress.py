"""How far intake is, in words and as a share, for whoever waits more than a second."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["READ", "Progress", "part", "tell"]

Progress = Callable[[str, float], None]
"""Called with a stage in words and the share done, 0 to 1."""

READ = 0.45
"""The share of the work that is done once the file is read and its tables are found."""


def tell(progress: Progress | None, stage: str, done: float) -> None:
    """Tell a stage to who asked for it."""
    if progress is not None:
        progress(stage, done)


def part(progress: Progress | None, place: int, tables: int) -> Progress | None:
    """Return the progress of one of several tables, which are understood one after the other.

    Examples
    --------
    >>> second = part(lambda stage, done: print(stage, round(done, 3)), 1, 2)
    >>> second("Matching columns to fields", 0.45), second("Done", 1.0)
    Matching columns to fields 0.725
    Done 1.0
    (None, None)
    """
    if progress is None or tables == 1:
        return progress

    def told(stage: str, done: float) -> None:
        progress(stage, READ + (1 - READ) * (place + (done - READ) / (1 - READ)) / tables)

    return told
