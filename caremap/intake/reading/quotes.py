"""Can a quote of this text swallow rows? Told at memory speed, for every quote of the file."""

from __future__ import annotations

import numpy as np

__all__ = ["closed_within_lines", "well_formed"]

PIECE = 1 << 20
SPARSE = 30_000  # so few quotes in a piece are told apart by line one by one
QUOTE, CR, LF = 34, 13, 10


def closed_within_lines(data: bytes, begin: int) -> bool:
    """Whether every line holds an even number of quotes, so that none reaches into the next.

    True of nearly every file, and four times faster to tell than `well_formed`.
    """
    everything = np.frombuffer(data, dtype=np.uint8)[begin:]
    line_end = LF if data.find(b"\n", begin) >= 0 else CR
    carried = np.uint8(0)
    for start in range(0, len(everything), PIECE):
        piece = everything[start : start + PIECE]
        quotes = piece == QUOTE
        number = int(np.count_nonzero(quotes))
        lines = np.concatenate([[0], np.flatnonzero(piece == line_end)])
        if number < SPARSE:
            within = np.searchsorted(lines, np.flatnonzero(quotes), side="right") - 1
            counts = np.bincount(within, minlength=len(lines)).astype(np.uint8)
        else:  # counted modulo 256, which keeps even and odd apart
            counts = np.add.reduceat(quotes.view(np.uint8), lines, dtype=np.uint8)
        counts[0] ^= carried
        if (counts[:-1] & 1).any():
            return False
        carried = counts[-1] & 1
    return bool(carried == 0)


def well_formed(data: bytes, begin: int, separator: str) -> bool:
    """Whether every quote opens at the start of a cell or closes at the end of one.

    Counting from the beginning, quotes at even places open and those at odd places close (a
    doubled quote closes and opens again). An opening one must follow a separator, a line end or
    a quote; a closing one must be followed by one of them. Then the fast reader and Python's
    csv module agree, and cells with line breaks are meant so.
    """
    everything = np.frombuffer(data, dtype=np.uint8)[begin:]
    edge = np.zeros(256, dtype=np.bool_)
    edge[[ord(separator), CR, LF, QUOTE]] = True
    seen = 0
    for start in range(0, len(everything), PIECE):
        piece = everything[start : start + PIECE]
        places = np.flatnonzero(piece == QUOTE) + start
        if not len(places):
            continue
        opening, closing = places[seen % 2 :: 2], places[(seen + 1) % 2 :: 2]
        before = opening[opening > 0] - 1
        after = closing[closing + 1 < len(everything)] + 1
        if not (edge[everything[before]].all() and edge[everything[after]].all()):
            return False
        seen += len(places)
    return seen % 2 == 0
