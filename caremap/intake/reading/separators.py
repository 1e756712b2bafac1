"""The character that separates the cells of a text."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from typing import NamedTuple

from caremap.intake.reading.records import Lines, reader

__all__ = ["Declared", "declared", "detect", "usual_width"]

CANDIDATES = (",", ";", "\t", "|")
SAMPLE_BYTES = 1 << 18
SAMPLE_ROWS = 250
SEP_LINE = re.compile(rb'"?sep=([^\r\n"]?)"?[ ,;\t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


class Declared(NamedTuple):
    """What a first line such as ``sep=;`` says, and where the text goes on."""

    separator: str
    begin: int


def declared(data: bytes, begin: int) -> Declared | None:
    """Read the line by which Excel files announce their separator."""
    match = SEP_LINE.match(data, begin)
    if match is None:
        return None
    separator = match.group(1).decode("utf-8", "replace") or ","
    return Declared(separator, match.end()) if separator.isascii() else None


def detect(data: bytes, begin: int) -> str | None:
    """Find the separator; None for a text of one column.

    The right one splits the most rows into the same number of cells and does so from the header
    on. A decimal comma in a file separated by semicolons also splits evenly, but neither in the
    header nor into as many cells; a title line above the table has no separator to count.
    """
    sample = data[begin : begin + SAMPLE_BYTES]
    if len(data) > begin + SAMPLE_BYTES:
        last = max(sample.rfind(b"\n"), sample.rfind(b"\r"))
        sample = sample[: last + 1] if last > 0 else sample
    shapes = {candidate: widths(sample, candidate) for candidate in CANDIDATES}
    starts = {
        candidate: shape.index(modal(shape))
        for candidate, shape in shapes.items()
        if max(shape) > 1 and separates(shape)
    }
    if not starts:
        return None
    # A title with commas splits as evenly as a table of one row.
    tables = [one for one in starts if sum(width > 1 for width in shapes[one]) > 1]
    starts = {one: starts[one] for one in tables or starts}
    earliest = min(starts.values())

    def score(candidate: str) -> float:
        shape = shapes[candidate]
        usual = modal(shape)
        filled = sum(width > 0 for width in shape)
        agreeing = sum(width == usual for width in shape) / filled
        return agreeing * math.log2(1 + usual) * (1.0 if starts[candidate] == earliest else 0.5)

    return max(starts, key=score)


def widths(sample: bytes, separator: str) -> list[int]:
    """Count the cells of each of the first records; 0 for a blank or broken one."""
    counts: list[int] = []
    position = 0
    while position < len(sample) and len(counts) < SAMPLE_ROWS:
        lines = Lines(sample, position)
        strict = reader(lines, separator, strict=True)
        while len(counts) < SAMPLE_ROWS:
            try:
                counts.append(len(next(strict)))
            except StopIteration:
                return counts or [0]
            except csv.Error:
                counts.append(0)
                skipped = Lines(sample, position)
                next(skipped)
                position = skipped.end
                break
            position = lines.end
    return counts or [0]


def modal(shape: list[int]) -> int:
    """Return the most frequent width above one; the larger where two are as frequent."""
    counts = Counter(width for width in shape if width > 1)
    return max(counts, key=lambda width: (counts[width], width))


def separates(shape: list[int]) -> bool:
    """Whether most rows of the table are split; a comma in some cells of a column does not."""
    usual = modal(shape)
    last = len(shape) - 1 - shape[::-1].index(usual)
    table = [width for width in shape[shape.index(usual) : last + 1] if width > 0]
    split = sum(width > 1 for width in table)
    few = split == 1 and shape[0] <= 1 and sum(width > 0 for width in shape) > 3
    return split >= 0.6 * len(table) and not few


def usual_width(shape: list[int], preferred: int = 0) -> int:
    """Return the most frequent width of rows that are not blank; 0 where all are.

    Where several are as frequent it is the `preferred` one, else the largest.
    """
    counts = Counter(width for width in shape if width > 0)
    if not counts:
        return 0
    return max(counts, key=lambda width: (counts[width], width == preferred, width))
