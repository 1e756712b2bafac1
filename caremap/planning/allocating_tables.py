"""What was solved as the tables of an `Allocation`: what goes where, limits, totals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from caremap.planning.allocating import Solved
from caremap.planning.allocating_greedy import by_hand

__all__ = ["limits_of", "received_of", "sent_of", "totals_of"]

LIMITS = ["limit", "at", "used", "of", "binding", "one_more"]
FEW, SMALL = 40, 1_000_000
"""Floors for which all is solved again, where what one unit less is worth cannot be read off, and
the arcs of all these solutions together."""
_NOTHING = 1e-9


def sent_of(solved: Solved, why: Callable[[str, str], str], scale: float = 1) -> pd.DataFrame:
    """Return what goes where, the most units first.

    Parameters
    ----------
    solved
        What was solved.
    why
        The sentence of a pair, from source and place.
    scale
        What the unit of `solve` is in the unit shown (0.25 hours).

    Returns
    -------
    pandas.DataFrame
        As `Allocation.sent`.
    """
    pairs = solved.sent.groupby(["source", "place"], sort=False, as_index=False).agg(
        units=("units", "sum"), km=("km", "first"), value=("value", "sum")
    )
    ordered = pairs.sort_values("units", ascending=False, kind="stable", ignore_index=True)
    said = [why(*pair) for pair in zip(ordered["source"], ordered["place"], strict=True)]
    found = ordered.rename(columns={"source": "from", "place": "to"})
    found["units"] = found["units"] if scale == 1 else found["units"] * scale
    return found.assign(why=pd.Series(said, index=found.index, dtype="str"))


def received_of(solved: Solved, places: pd.Series) -> pd.Series:
    """Return the units each place receives, in the order of ``places``; 0 where none."""
    received = solved.sent.groupby("place")["units"].sum()
    counted = places.map(received).fillna(0).astype("int64")
    return counted.reset_index(drop=True)


def limits_of(solved: Solved, words: Mapping[str, str], scale: float = 1) -> pd.DataFrame:
    """Return the limits of sources and floors, and what one more unit of each is worth.

    Parameters
    ----------
    solved
        What was solved.
    words
        What the limits are called, by ``source`` and ``floor``.
    scale
        As in `sent_of`; ``one_more`` is per unit of `solve`.

    Returns
    -------
    pandas.DataFrame
        As `Allocation.limits`. A floor's ``used`` is what the place receives, up to the floor;
        its ``one_more`` is what one unit less promised is worth (NaN where there are many floors
        and not all can be kept).
    """
    frames = solved.best.frames
    worth = solved.worth()
    given = solved.sent.groupby("source")["units"].sum()
    got = solved.sent.groupby("place")["units"].sum()
    units = dict(zip(frames.sources, frames.units, strict=True))
    promised = dict(zip(frames.places, frames.promised, strict=True))
    unknown = int(worth["one_more"].isna().sum())
    again = unknown <= FEW and unknown * len(solved.best.rank) <= SMALL
    rows: list[tuple[Any, ...]] = []
    for what, at, known in worth.itertuples(index=False):
        if np.isnan(known) and again:
            known = solved.one_more(what, at)  # noqa: PLW2901
        of = units[at] if what == "source" else promised[at]
        used = int(given.get(at, 0)) if what == "source" else min(int(got.get(at, 0)), int(of))
        one_more = 0.0 if abs(known) < _NOTHING else float(known)
        rows.append((words[what], at, used * scale, of * scale, one_more > 0, one_more))
    found = pd.DataFrame(rows, columns=LIMITS)
    return found.astype({"used": "float64", "of": "float64", "binding": "bool"})


def totals_of(solved: Solved, scale: float = 1) -> dict[str, Any]:
    """Return the totals, and the same by the simple rule and without floors.

    Returns
    -------
    dict
        As `Allocation.totals`, and ``greedy_floors_unmet``: the simple rule can be worth more
        only where it keeps fewer of the floors.
    """
    frames = solved.best.frames
    wanted = int(frames.most.sum())
    sent = int(solved.sent["units"].sum())
    got = pd.Series(frames.places).map(solved.sent.groupby("place")["units"].sum()).fillna(0)
    simple = by_hand(frames, np.minimum(got.to_numpy("int64"), frames.promised))
    totals: dict[str, Any] = {
        "value": solved.value,
        "units": sent * scale,
        "unit_km": solved.unit_km * scale,
        "unmet": (wanted - sent) * scale,
        "floors_unmet": solved.floor_unmet * scale,
        "greedy_value": simple.value,
        "greedy_unmet": (wanted - simple.units) * scale,
        "greedy_floors_unmet": simple.floor_unmet * scale,
    }
    if frames.promised.any():
        totals["value_without_floors"] = solved.without_floors()
    return totals
