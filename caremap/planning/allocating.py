"""Who gets what when there is not enough: whole units from sources to places, as well as can be.

The wishes come one after the other, each among the allocations that are best by those before it:

1. as many units of the floors (what every place is promised) as can be kept; where not all can,
   the floor that is kept worst is kept as well as it can be, then the next (shares of floors);
2. the most value;
3. the fewest unit-kilometres;
4. what is left is settled by names: first in the alphabet, first served.

Each unit a place may receive is an arc from the place to the end, each link one from a source to
a place, and what is not sent goes from its source to the end. Wishes 1 and 2 are one flow of least
cost, in whole numbers without rounding, because only the *order* of what units are worth matters.
A flow is best if no simple way round (along arcs that can take more, back along those that carry
something) gains anything; such a way passes the end at most once, so it fills one unit and empties
one, and whether it gains depends on which of the two comes first. So costs are ranks: the units of
floors by the share of the floor met before them, then the others by falling value, then units not
sent. The best by rank has, for every rank, the most units that can be had of it and those before
it together, which is what "one wish after the other" asks for. `flows.face` then leaves exactly
the best, and the fewest kilometres are looked for among them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.allocating_flow import Ranked, counted, ranked
from caremap.planning.allocating_frames import Frames, frames_of
from caremap.planning.allocating_worth import worth_of
from caremap.planning.flows import cheapest, face

__all__ = ["Solved", "best_value", "solve", "with_floors"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

MILLIMETRES = 1_000_000
"""In a kilometre: distances are compared to the millimetre."""
LOTS = 2**20


@dataclass(frozen=True, eq=False)
class Solved:
    """The best that can be done, and what one more would do.

    Attributes
    ----------
    sent
        One row per source, place and tier that something goes to: ``source``, ``place``,
        ``tier``, ``units`` (whole), ``km`` (of one of them; NaN where not known), ``value`` (what
        these units add up to), by name of source and place. A place's tiers are filled floors
        first, then by falling value.
    value
        What all units sent are worth.
    floor_unmet
        Units of floors that cannot be kept.
    unit_km
        Units times kilometres, added up; a distance that is not known counts 0.
    optimal
        Whether it is proven that nothing is better: it always is.
    ties
        Whether another allocation is as good in every wish, and names decided.
    """

    sent: pd.DataFrame
    value: float
    floor_unmet: int
    unit_km: float
    optimal: bool
    ties: bool
    best: Ranked

    def one_more(self, limit: str, at: object) -> float:
        """Return how much the value would change, solved again with one limit moved by a unit.

        Parameters
        ----------
        limit
            ``source``: one more unit there. ``floor``: one unit less promised to a place (it
            still may receive it).
        at
            The source or the place.

        Returns
        -------
        float
            The difference of the two values. Where floors cannot all be kept, giving up a unit of
            one may be worth less than nothing: the others come before value.
        """
        again = ranked(self.best.frames.moved(limit, at))
        return fsum([again.value, -self.value])

    def without_floors(self) -> float:
        """Return the value that could be had if nothing were promised."""
        return ranked(self.best.frames.unpromised()).value

    def worth(self) -> pd.DataFrame:
        """Return how much one more unit would raise the value, for all sources and places.

        The same as `one_more` where it can be read off the flow, for all at once.

        Returns
        -------
        pandas.DataFrame
            ``what`` (``source`` or ``floor``), ``at``, ``one_more``. One more unit at a source
            ends, after other units have made way, as one unit that is not received now: the
            first by rank that can be reached. A floor given up by one unit likewise, less what
            that unit is worth where it is; NaN where some floor is not kept (see `one_more`).
        """
        return worth_of(self.best)


def solve(
    sources: pd.DataFrame,
    tiers: pd.DataFrame,
    links: pd.DataFrame,
    *,
    worthless: bool = False,
) -> Solved:
    """Return the best allocation of whole units: floors, value, kilometres, names, in this order.

    Parameters
    ----------
    sources
        ``source`` (each once), ``units`` (whole, 0 or more).
    tiers
        What places can receive: ``place``, ``tier`` (each pair once), ``units`` (whole), ``value``
        (of one unit, 0 or more) and, if there are any, ``floor`` (whether these units are promised
        to the place). A place is filled by its floors, then by falling value: the next unit is
        never worth more than the one before.
    links
        Which sources reach which places: ``source``, ``place`` (each pair once), ``km`` (NaN:
        distance does not enter) and, if there are any, ``allowed`` (False: no link) and ``most``
        (units of this link). What has no row is not reached.
    worthless
        Whether units worth 0 are sent too, after all others; else only to keep a floor.

    Returns
    -------
    Solved
        The rows' order changes nothing in it. Values that agree in twelve digits are equal.

    Raises
    ------
    ValueError
        Where a column is missing, a name twice or unknown, units are not whole, or a value is
        below 0 or no number.
    caremap.DataProblem
        Where millions of units are promised and not all can be kept, or units are too many to
        be counted.

    Examples
    --------
    >>> sources = pd.DataFrame({"source": ["Pool"], "units": [5]})
    >>> tiers = pd.DataFrame({"place": ["A", "A", "B"], "tier": [1, 2, 1], "units": [3, 3, 4],
    ...                       "value": [9.0, 2.0, 5.0], "floor": False})
    >>> links = pd.DataFrame({"source": "Pool", "place": ["A", "B"], "km": [10.0, 20.0]})
    >>> found = solve(sources, tiers, links)
    >>> found.sent
      source place  tier  units    km  value
    0   Pool     A     1      3  10.0   27.0
    1   Pool     B     1      2  20.0   10.0
    >>> found.value, found.unit_km, found.one_more("source", "Pool")
    (37.0, 70.0, 5.0)
    """
    best = ranked(frames_of(sources, tiers, links, worthless))
    frames, links_at = best.frames, best.links
    lengths = np.zeros(len(best.rank), dtype="int64")
    # A millimetre more than it is long: nothing goes without need to where it is worth nothing.
    lengths[links_at] = np.rint(np.nan_to_num(frames.km) * MILLIMETRES).astype("int64") + 1
    left = face(best.flows, best.rank, best.flow)
    left = face(left, lengths, cheapest(left, lengths))
    lots = _lots(best)
    flow, other = cheapest(left, lots), cheapest(left, -lots)
    moved = flow[links_at]
    return Solved(
        sent=_sent(frames, moved),
        value=best.value,
        floor_unmet=best.floor_unmet,
        unit_km=fsum(moved * np.nan_to_num(frames.km)),
        optimal=True,
        ties=bool((moved != other[links_at]).any()),
        best=replace(best, flow=flow),
    )


def best_value(
    sources: pd.DataFrame,
    tiers: pd.DataFrame,
    links: pd.DataFrame,
    *,
    worthless: bool = False,
) -> tuple[float, int]:
    """Return the value of the best allocation and the units of floors it cannot keep.

    The arguments are those of `solve`; the allocation itself is not worked out.
    """
    best = ranked(frames_of(sources, tiers, links, worthless))
    return best.value, best.floor_unmet


def with_floors(tiers: pd.DataFrame, floors: pd.Series) -> pd.DataFrame:
    """Return tiers in which the first units of each place, by falling value, are promised.

    Parameters
    ----------
    tiers
        As in `solve`, without floors.
    floors
        Units promised (whole), by place; what is beyond a place's tiers is left out, and who is
        not in it is promised nothing.

    Examples
    --------
    >>> tiers = pd.DataFrame({"place": ["A", "A"], "tier": ["old", "ill"], "units": [3, 4],
    ...                       "value": [1.0, 2.0]})
    >>> with_floors(tiers, pd.Series({"A": 5}))
      place tier  units  value  floor
    0     A  ill      4    2.0   True
    1     A  old      1    1.0   True
    2     A  old      2    1.0  False
    """
    ordered = tiers.assign(floor=False).sort_values(
        ["place", "value"], ascending=[True, False], kind="stable", ignore_index=True
    )
    units = ordered["units"].to_numpy("float64")
    before = ordered.groupby("place")["units"].cumsum().to_numpy("float64") - units
    wanted = ordered["place"].map(floors).fillna(0).to_numpy("float64")
    promised = np.clip(wanted - before, 0, units)
    kept = ordered.assign(units=promised.astype("int64"), floor=True)
    rest = ordered.assign(units=(units - promised).astype("int64"))
    both: pd.DataFrame = pd.concat([kept[promised > 0], rest[(promised < units) | (units == 0)]])
    return both.sort_index(kind="stable").reset_index(drop=True)


def _lots(best: Ranked) -> Whole:
    """Return the cost of every link where names decide: places, then sources, in their order.

    Sums of positions can agree, so a fixed lottery is added that weighs less than any of them.
    """
    frames = best.frames
    position = frames.destination * len(frames.sources) + frames.origin + 1
    drawn = np.random.default_rng(0).integers(1, 1000, len(position))
    lots = np.zeros(len(best.rank), dtype="int64")
    lots[best.links] = position * LOTS + drawn
    return lots


def _sent(frames: Frames, moved: Whole) -> pd.DataFrame:
    """Return what goes where, by tier: a place's tiers are filled in order, sources by name."""
    some = np.flatnonzero(moved)
    some = some[np.lexsort((frames.origin[some], frames.destination[some]))]
    there = pd.Series(moved[some]).groupby(frames.destination[some])
    ends = there.cumsum().to_numpy()
    starts = ends - moved[some]
    arcs, tiers = _pairs(frames, some)
    low = np.maximum(starts[arcs], frames.filled[tiers])
    high = np.minimum(ends[arcs], frames.filled[tiers] + frames.most[tiers])
    part = high > low
    links, tiers = some[arcs[part]], tiers[part]
    units = (high - low)[part]
    found = pd.DataFrame(
        {
            "source": frames.sources[frames.origin[links]],
            "place": frames.places[frames.destination[links]],
            "tier": frames.tiers[tiers],
            "units": units.astype("int64"),
            "km": frames.km[links],
            "value": units * frames.value[tiers],
        }
    )
    order = np.lexsort((tiers, frames.destination[links], frames.origin[links]))
    by = ["source", "place", "tier", "km"]  # of one tier, a part may be promised
    summed = found.iloc[order].groupby(by, sort=False, dropna=False)[["units", "value"]].sum()
    return summed.reset_index()[list(found)]


def _pairs(frames: Frames, some: Whole) -> tuple[Whole, Whole]:
    """Return every link beside every tier of its place, as positions in ``some`` and of tiers."""
    first = np.searchsorted(frames.place, frames.destination[some])
    many = np.searchsorted(frames.place, frames.destination[some], side="right") - first
    return np.repeat(np.arange(len(some)), many), np.repeat(first, many) + counted(many)
