"""An emergency plan in words: what it takes for granted, and why somebody is left short."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.planning.allocating import Solved

__all__ = ["assumptions", "reasons"]


def assumptions(
    resource: str, max_km: float | None, keep: float, spare_given: bool, score_given: bool
) -> tuple[str, ...]:
    """Return what an emergency plan takes for granted, in sentences a board can read."""
    score = (
        "The score of each place is as it was given, from 0 to 25."
        if score_given
        else "Need is a score from 0 to 25 by bands of people per unit, occupancy, surge and "
        "vulnerability. The bands and weights are assumptions of CareMap, made to be changed; the "
        "shape is that of the scores of health professional shortage areas."
    )
    spare = (
        "What a place can give is as it was given."
        if spare_given
        else f"A place gives what it can and still fill at most {keep:.0%} of the {resource} it "
        "keeps."
    )
    return (
        score,
        f"Each of the {resource} a place receives, up to what it is short of, counts its score "
        "once: the tenth as much as the first.",
        spare,
        "A place meets its own need first.",
        "Ways are straight lines; roads are longer. A pool without a place counts no way."
        + ("" if max_km is None else f" Nothing goes farther than {max_km:g} km."),
        "All is sent at once: how long it takes to get there, and need that changes meanwhile, "
        "are not in it.",
    )


def reasons(
    solved: Solved,
    places: pd.DataFrame,
    sources: pd.DataFrame,
    every: pd.DataFrame,
    max_km: float | None,
    resource: str,
) -> pd.Series:
    """Return why each place is left short: the limit that binds, and what would free it.

    Parameters
    ----------
    solved
        What was solved.
    places
        ``place``, ``unmet``.
    sources
        ``source``, ``units``.
    every
        All ways, whatever their length: ``source``, ``place``, ``km``.
    max_km, resource
        As in `caremap.planning.emergency`.
    """
    frames = solved.best.frames
    left = pd.Series(solved.best.flow[solved.best.unsent], index=list(frames.sources))
    there = every.assign(left=every["source"].map(left).astype("float64"))
    there = there[there["source"].map(sources.set_index("source")["units"]) > 0]
    there = there.sort_values(["km", "source"], kind="stable", na_position="first")
    by_place = dict(tuple(there.groupby("place", sort=False)))
    promised = bool(frames.promised.any())
    said = []
    for place, unmet in zip(places["place"], places["unmet"], strict=True):
        if unmet <= 0:
            said.append("")
        elif not sources["units"].sum():
            said.append(f"There are no {resource} to send.")
        else:
            said.append(_reason(by_place.get(place, there[:0]), max_km, resource, promised))
    return pd.Series(said, dtype="str")


def _reason(ways: pd.DataFrame, max_km: float | None, resource: str, promised: bool) -> str:
    """Return why one place is left short, from its ways to all sources, the nearest first."""
    if ways.empty:
        return (
            "No source reaches it: where it is, is not known. Add its coordinates, or a pool that "
            "goes everywhere."
        )
    beyond = (ways["km"] > (np.inf if max_km is None else max_km)).to_numpy("bool")
    if beyond.all():
        return (
            f"No {resource} are within {max_km:g} km; the nearest are at {_at(ways.iloc[0])}. A "
            "longer way would reach them."
        )
    kept = ", or to keep what is promised" if promised else ""
    inside = "within reach" if max_km is None else f"within {max_km:g} km"
    used = f"All {resource} {inside} go where need is as high or higher{kept}."
    idle = ways[beyond & (ways["left"] > 0).to_numpy("bool")]
    if len(idle):
        one = idle.iloc[0]
        return f"{used} {int(one['left']):,} are left at {_at(one)}: a longer way would reach them."
    return f"{used} More at {_at(ways[~beyond].iloc[0])} would help."


def _at(way: pd.Series) -> str:
    """Return a source and how far it is."""
    return f"{way['source']}" + ("" if pd.isna(way["km"]) else f" ({way['km']:.1f} km)")
