"""What a person would do without a model: the neediest first, each from the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from caremap.planning.allocating_frames import Frames

__all__ = ["Simple", "by_hand"]

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Simple:
    """What the simple rule comes to.

    Attributes
    ----------
    value
        What its units are worth.
    floor_unmet
        Units of floors it does not keep.
    units
        Units it sends.
    """

    value: float
    floor_unmet: int
    units: int


def by_hand(frames: Frames, kept: Whole) -> Simple:
    """Return what comes of serving floors, then all else, in the order of what units are worth.

    Places of one worth come by name. Each takes what it can from the nearest source that has
    something left, then from the next; of those equally far, by name. The limits are the same as
    of `caremap.planning.allocating.solve`, and so are the promises: where not all floors can be
    kept, a rule that shares them out less fairly could be worth more, and nothing would be said
    by that. It may still fail to keep them, as it takes from sources that others depend on.

    Parameters
    ----------
    frames
        What was asked for.
    kept
        The units of its floor each place has in the best allocation. A place whose floor cannot
        be kept in full is given no more than these.
    """
    left, room = frames.units.copy(), frames.bound.copy()
    order = np.lexsort((frames.place, -frames.value, ~frames.floor))
    near = np.lexsort((frames.origin, np.nan_to_num(frames.km), frames.destination))
    first = np.searchsorted(frames.destination[near], np.arange(len(frames.places) + 1))
    promised, owed = frames.promised, kept.copy()
    worth, sent, floors = [], 0, 0
    for tier in order:
        here, floor = frames.place[tier], bool(frames.floor[tier])
        if not floor and (kept[here] < promised[here] or _pointless(frames, tier)):
            continue
        most = int(min(frames.most[tier], owed[here]) if floor else frames.most[tier])
        wanted = most
        for link in near[first[here] : first[here + 1]]:
            if not wanted:
                break
            source = frames.origin[link]
            units = min(wanted, int(left[source]), int(room[link]))
            left[source] -= units
            room[link] -= units
            wanted -= units
        got = most - wanted
        worth.append(got * float(frames.value[tier]))
        sent += got
        if floor:
            owed[here] -= most
            floors += got
    return Simple(fsum(worth), int(promised.sum()) - floors, sent)


def _pointless(frames: Frames, tier: int) -> bool:
    """Return whether units of a tier are worth nothing, and are not to be sent then."""
    return not frames.worthless and bool(frames.value[tier] == 0)
