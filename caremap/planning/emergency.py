"""Emergency response: units from a pool and from less hit places to where need is highest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from caremap.planning.allocating import Solved, best_value, solve, with_floors
from caremap.planning.allocating_tables import limits_of, received_of, sent_of, totals_of
from caremap.planning.allocation import Allocation
from caremap.planning.emergency_areas import PLACES, Minimum, areas_of, floors_of, pool_of, reach
from caremap.planning.emergency_words import assumptions, reasons
from caremap.planning.need_score import MOST_POINTS, NEED_WEIGHTS, need_score
from caremap.planning.plan_words import counted, few
from caremap.planning.progress import Progress, silent
from caremap.planning.role_columns import numbers
from caremap.problems import DataProblem

__all__ = ["emergency"]


def emergency(
    places: pd.DataFrame,
    pool: pd.DataFrame | float | None = None,
    *,
    resource: str = "beds",
    weights: Mapping[str, float] | None = None,
    max_km: float | None = None,
    minimum: Minimum = 0.0,
    keep: float = 0.85,
    progress: Progress | None = None,
) -> Allocation:
    """Return how to send units to where need is highest, as well as can be.

    First as much of the minimum cover as can be kept, the worst kept first; then the most need
    points (the score of a place for each unit it receives); then the fewest unit-kilometres; ties
    by name. Every number is whole, and proven best (`caremap.planning.allocating`).

    Parameters
    ----------
    places
        ``place``, ``demand`` (units short; else ``need``; parts of a unit are rounded up) and as
        far as known ``latitude``, ``longitude``, ``spare`` (units it could give; rounded down),
        ``score`` (0 to 25) or the columns of `need_score`. Without ``spare``, what ``beds`` and
        ``occupied`` leave at an occupancy of ``keep``.
    pool
        Units that can go anywhere, or a frame of ``source``, ``units`` and perhaps ``latitude``
        and ``longitude``: without them it reaches everywhere.
    resource
        What is sent, in words.
    weights
        Of the score, as in `need_score`; they are not used where ``score`` is given.
    max_km
        The longest way, a straight line; None: no limit.
    minimum
        Promised to every place: a share of what it needs (up to 1, rounded up), units (above 1),
        or units by place.
    keep
        The occupancy, a fraction, up to which a place may fill the beds it keeps.
    progress
        Told the stage and the part that is done.

    Returns
    -------
    Allocation
        ``value`` counts need points met. ``totals`` also has ``greedy_floors_unmet`` and, with a
        limit on distance, ``value_without_max_km`` and ``floors_unmet_without_max_km``: a longer
        way may keep more of the floors and be worth less. It binds where it costs either.

    Raises
    ------
    caremap.DataProblem
        Where names are missing or twice, what is needed is not known, or a setting cannot be.

    Examples
    --------
    >>> places = pd.DataFrame({"place": ["A", "B", "C"], "score": [20, 10, 3],
    ...                        "demand": [4, 4, 0], "spare": [0, 0, 3]})
    >>> found = emergency(places, pool=2)
    >>> found.sent[["from", "to", "units", "value"]]
       from to  units  value
    0     C  A      3   60.0
    1  Pool  A      1   20.0
    2  Pool  B      1   10.0
    >>> found.totals["value"], found.totals["unmet"], found.optimal
    (90.0, 3, True)
    """
    tell: Progress = progress or silent
    tell("Distances", 0.0)
    if max_km is not None and not max_km >= 0:
        raise DataProblem("The longest way is less than nothing.", "Give 0 km or more.")
    areas = areas_of(places, keep)
    frame = areas.frame
    scores, score_notes = _scored(places, frame, weights)
    sources = pool_of(pool, frame)
    floors = floors_of(minimum, frame)
    tiers = with_floors(
        pd.DataFrame({"place": frame["place"], "tier": 1, "units": frame["demand"],
                      "value": scores}), floors,
    )  # fmt: skip
    every = reach(sources, frame, None)
    links = every[~(every["km"] > max_km)] if max_km is not None else every
    tell("Best allocation", 0.2)
    solved = solve(sources, tiers, links, worthless=True)
    tell("What limits are worth", 0.6)
    limits = limits_of(
        solved,
        {"source": f"{resource.capitalize()} to give", "floor": "Minimum cover"},
    )
    totals = totals_of(solved)
    if max_km is not None:
        farther = every[~(every["km"] > max_km + 1)]
        more, _ = best_value(sources, tiers, farther, worthless=True)
        free, unmet = best_value(sources, tiers, every, worthless=True)
        totals |= {"value_without_max_km": free, "floors_unmet_without_max_km": unmet}
        binding = free > solved.value + 1e-9 or unmet < solved.floor_unmet
        limits = _with_distance(solved, limits, max_km, more - solved.value, binding)
    tell("By hand", 0.95)
    received = received_of(solved, frame["place"])
    table = pd.DataFrame(
        {
            "place": frame["place"],
            "need": scores,
            "demand": frame["demand"],
            "floor": floors.to_numpy("int64"),
            "received": received,
            "unmet": frame["demand"] - received,
        }
    )
    table["reason"] = reasons(solved, table, sources, every, max_km, resource)
    why = {
        row["place"]: _why(row["need"], row["demand"], row["floor"], resource)
        for row in table.to_dict("records")
    }
    found = Allocation(
        use="emergency",
        sent=sent_of(solved, lambda _source, place: why[place]),
        places=table,
        limits=limits,
        totals=MappingProxyType(totals),
        value_unit="need points met",
        optimal=solved.optimal,
        settings=MappingProxyType(
            {"resource": resource, "weights": dict(NEED_WEIGHTS if weights is None else weights),
             "max_km": max_km, "minimum": minimum, "keep": keep,
             "pool": int(sources.loc[sources["pool"], "units"].sum())}
        ),
        assumptions=assumptions(resource, max_km, keep, "spare" in places, "score" in places),
        notes=(*areas.notes, *score_notes, *_notes(solved, table, frame, resource)),
    )  # fmt: skip
    tell("Done", 1.0)
    return found


def _scored(
    places: pd.DataFrame, frame: pd.DataFrame, weights: Mapping[str, float] | None
) -> tuple[pd.Series, tuple[str, ...]]:
    """Return the scores of areas, and which of them had to be assumed."""
    if "score" in places:
        given = numbers(places["score"]).reset_index(drop=True)
    else:
        given = need_score(places, weights)["score"]
    if (given > MOST_POINTS).any():
        raise DataProblem(f"A score is above {MOST_POINTS}.", "Give points from 0 to 25.")
    unknown = given.isna()
    if not unknown.any():
        return given.astype("float64"), ()
    middle = float(given.median()) if given.notna().any() else MOST_POINTS / 2
    named = few(frame.loc[unknown, "place"].to_list())
    of = "the median of the others" if given.notna().any() else "the middle of the scale"
    note = f"The need of {named} is not known; {middle:.1f} points are assumed, {of}."
    return given.fillna(middle).astype("float64"), (note,)


def _with_distance(
    solved: Solved, limits: pd.DataFrame, max_km: float, more: float, binding: bool
) -> pd.DataFrame:
    """Add the limit on distance: what one kilometre more would be worth, and whether it binds."""
    longest = float(solved.sent["km"].max()) if solved.sent["km"].notna().any() else 0.0
    row = ("Longest way (km)", "", longest, max_km, binding, 0.0 if abs(more) < 1e-9 else more)
    added = pd.concat([limits, pd.DataFrame([row], columns=list(limits))], ignore_index=True)
    return added.astype({"used": "float64", "of": "float64", "binding": "bool"})


def _why(need: float, demand: int, floor: int, resource: str) -> str:
    """Say why a place receives something."""
    promised = f", at least {floor:,} promised" if floor else ""
    return f"Need {need:.1f} of {MOST_POINTS} points; {demand:,} {resource} short{promised}."


def _notes(
    solved: Solved, table: pd.DataFrame, frame: pd.DataFrame, resource: str
) -> tuple[str, ...]:
    """Say what a reader has to know of the result."""
    notes = []
    if not table["demand"].any():
        notes.append(f"No place is short of {resource}: nothing has to be sent.")
    if solved.floor_unmet:
        notes.append(
            f"{solved.floor_unmet:,} {resource} of the minimum cover cannot be found within the "
            "limits; what there is is shared out so that the worst covered place has most."
        )
    if solved.ties:
        notes.append("Another allocation is as good in everything; the order of names decided.")
    lost = frame["latitude"].isna() & (frame["demand"] > 0)
    if lost.any() and frame["latitude"].notna().any():
        verb = "has" if lost.sum() == 1 else "have"
        notes.append(
            f"{counted(int(lost.sum()), *PLACES)} in need {verb} no coordinates: only a pool that "
            "goes everywhere reaches them."
        )
    if frame["latitude"].isna().all() and len(frame):
        notes.append("No place has coordinates: distances do not enter.")
    return tuple(notes)
