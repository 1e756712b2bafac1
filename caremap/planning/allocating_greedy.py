"""What a person would do without a model: the neediest first, each from the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np

from caremap.planning.allocating_frames import Frames

__all__ = ["Simple", "by_hand"]


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


def by_hand(frames: Frames) -> Simple:
    """Return what comes of serving floors, then all else, in the order of what units are worth.

    Places of one worth come by name. Each takes what it can from the nearest source that has
    something left, then from the next; of those equally far, by name. The limits are the same as
    of `caremap.planning.allocating.solve`.
    """
    left, room = frames.units.copy(), frames.bound.copy()
    order = np.lexsort((frames.place, -frames.value, ~frames.floor))
    near = np.lexsort((frames.origin, np.nan_to_num(frames.km), frames.destination))
    first = np.searchsorted(frames.destination[near], np.arange(len(frames.places) + 1))
    worth, unmet, sent = [], 0, 0
    for tier in order:
        if not frames.worthless and not frames.floor[tier] and frames.value[tier] == 0:
            continue
        wanted = int(frames.most[tier])
        here = frames.place[tier]
        for link in near[first[here] : first[here + 1]]:
            if not wanted:
                break
            source = frames.origin[link]
            units = min(wanted, int(left[source]), int(room[link]))
            left[source] -= units
            room[link] -= units
            wanted -= units
        got = int(frames.most[tier]) - wanted
        worth.append(got * float(frames.value[tier]))
        sent += got
        unmet += wanted if frames.floor[tier] else 0
    return Simple(fsum(worth), unmet, sent)
