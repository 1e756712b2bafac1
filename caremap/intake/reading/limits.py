"""How much of a file CareMap is willing to read."""

from __future__ import annotations

from dataclasses import dataclass

from caremap.problems import DataProblem

__all__ = ["GIB", "MIB", "Limits", "amount", "too_slow"]

MIB = 2**20
GIB = 2**30


@dataclass(frozen=True)
class Limits:
    """Every bound of the reading layer in one place.

    They exist so that one file can neither stop the server nor starve another session. Each is
    far above what an honest hospital file needs and far below what a small server has.

    Attributes
    ----------
    file_bytes
        Size of the file as given. Text needs about three times its size while it is read.
    unpacked_bytes
        Size after unpacking (gz, or all parts of a workbook together): what a compressed file
        declares must be held against something before it is unpacked.
    ratio
        Unpacked size over packed size of any part that unpacks to more than 10 MiB. Workbooks
        written by spreadsheet programs stay under 20; bombs made to exhaust memory start at 200.
    entries
        Parts in a workbook's zip directory.
    columns
        Columns of a text; a sheet of a spreadsheet program has at most as many.
    cells
        Cells in the box around everything a sheet holds. Two cells in opposite corners of a
        sheet make a box of 17 billion, and the reader allocates all of it.
    seconds
        Wall-clock time for parsing one workbook, or for mending the quotes of one text.
    memory
        Address space of the child process that parses it, where the system can bound it.
    """

    file_bytes: int = 512 * MIB
    unpacked_bytes: int = 1 * GIB
    ratio: float = 100.0
    entries: int = 10_000
    columns: int = 16_384
    cells: int = 30_000_000
    seconds: float = 90.0
    memory: int = 3 * GIB


def amount(size: float) -> str:
    """Say a number of bytes the way a file manager does.

    Examples
    --------
    >>> amount(512 * MIB), amount(3 * GIB), amount(900)
    ('512 MB', '3 GB', '1 kB')
    """
    if size >= GIB:
        return f"{size / GIB:.3g} GB"
    if size >= MIB:
        return f"{size / MIB:.3g} MB"
    return f"{max(1, round(size / 1024))} kB"


def too_slow(name: str, limits: Limits) -> DataProblem:
    """Say that reading took longer than it may."""
    return DataProblem(
        f"“{name}” took longer than {limits.seconds:,.0f} seconds to read, the limit.",
        "Save the sheet you need as CSV, or split it by year.",
    )
