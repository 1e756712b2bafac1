"""What one more unit, or one unit less promised, would be worth: read off the best flow.

One more unit at a source goes, after others have made way for it, to one unit that is not received
now: of all that can be reached, the first by rank. Which can be reached is asked for all sources
and places at once. From a place, the same holds for a unit it gives up.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.allocating_flow import Ranked

__all__ = ["worth_of"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def worth_of(best: Ranked) -> pd.DataFrame:
    """Return how much one more unit would raise the value, for all sources and floors.

    Returns
    -------
    pandas.DataFrame
        ``what`` (``source`` or ``floor``), ``at``, ``one_more``: one row per source and per place
        with a floor. NaN for floors where not all are kept: what is fair then is another.
    """
    frames = best.frames
    from_source, from_place = _reached(best)
    worth = _worth_by_rank(best)
    promised = np.flatnonzero(frames.promised)
    some = frames.floor & (frames.most > 0)
    last = pd.Series(frames.value[some]).groupby(frames.place[some]).min()
    gained = np.maximum(worth[from_place[promised]] - last.reindex(promised).to_numpy(), 0.0)
    if best.floor_unmet:
        gained = np.full(len(promised), np.nan)
    return pd.DataFrame(
        {
            "what": ["source"] * len(frames.sources) + ["floor"] * len(promised),
            "at": [*frames.sources, *frames.places[promised]],
            "one_more": np.r_[worth[from_source], gained],
        }
    )


def _reached(best: Ranked) -> tuple[Whole, Whole]:
    """Return the first rank with room that one more unit gets to, from sources and places."""
    frames, links = best.frames, best.links
    more, back = best.flow[links] < best.flows.high[links], best.flow[links] > 0
    origin, destination = frames.origin, frames.destination
    source, place = best.rank[best.unsent].copy(), _room(best)
    while True:
        before = source.copy(), place.copy()
        np.minimum.at(source, origin[more], place[destination[more]])
        np.minimum.at(place, destination[back], source[origin[back]])
        if (before[0] == source).all() and (before[1] == place).all():
            return source, place


def _room(best: Ranked) -> Whole:
    """Return the first rank with room at each place itself."""
    arcs = best.received
    room = best.flow[arcs] < best.flows.high[arcs]
    here = best.flows.tail[arcs] - len(best.frames.sources)
    first = np.full(len(best.frames.places), int(best.rank.max(initial=0)) + 1)
    np.minimum.at(first, here[room], best.rank[arcs][room])
    return first


def _worth_by_rank(best: Ranked) -> Array:
    """Return what a unit of each rank is worth; nothing if it is not sent, or there is none."""
    worth = np.zeros(int(best.rank.max(initial=0)) + 2)
    worth[best.rank[best.received]] = best.worth
    worth[best.rank[best.unsent]] = 0.0
    return worth
