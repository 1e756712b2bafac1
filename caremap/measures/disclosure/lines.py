"""Which counts to hide where each adds up to one known total with its neighbours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Flags", "Floats", "Places", "hidden_along"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


def hidden_along(
    values: Floats, must: Flags, rise: Flags, fall: Flags, line: Places
) -> tuple[Flags, Flags]:
    """Return which counts to hide, and which of these their total gives away all the same.

    Parameters
    ----------
    values
        The counts; those above 0 may be hidden.
    must
        Which have to be hidden.
    rise, fall
        Whether a hidden count could be one more, or one less, for all that is known of it
        by itself. A count of 1 cannot be less, as a zero would be shown.
    line
        Which total a count adds up to.

    Notes
    -----
    A hidden count can be another than it is where another hidden one of its line can make up
    for it. One more hidden count is therefore always enough, or none is: the smallest that is.

    Examples
    --------
    >>> counts = np.array([4.0, 30.0, 12.0, 0.0])
    >>> yes = np.full(4, True)
    >>> hidden_along(counts, counts == 4, yes, counts > 1, np.zeros(4, dtype=int))[0].tolist()
    [True, False, True, False]
    """
    hidden, size = must.copy(), int(line.max(initial=-1)) + 1
    short = np.unique(line[_fixed(must, rise, fall, line, size)])
    order = np.lexsort((values, line))
    begin = np.searchsorted(line[order], [short, short + 1])
    for first, last in begin.T:
        cells = order[first:last]
        there = cells[must[cells]]
        others = cells[(values[cells] > 0) & ~must[cells]]
        kinds = 2 * rise[others] + fall[others]
        firsts = np.sort(np.unique(kinds, return_index=True)[1])  # the smallest of each kind
        for cell in others[firsts]:
            tried = np.append(there, cell)
            alone = np.zeros(len(tried), dtype=np.intp)
            if not _fixed(alone == 0, rise[tried], fall[tried], alone, 1).any():
                hidden[cell] = True
                break
    return hidden, _fixed(hidden, rise, fall, line, size)


def _fixed(hidden: Flags, rise: Flags, fall: Flags, line: Places, size: int) -> Flags:
    """Return which hidden counts can only be what they are."""
    up = np.bincount(line, weights=hidden & rise, minlength=size)[line]
    down = np.bincount(line, weights=hidden & fall, minlength=size)[line]
    moves = (rise & (down - (hidden & fall) > 0)) | (fall & (up - (hidden & rise) > 0))
    return hidden & ~moves
