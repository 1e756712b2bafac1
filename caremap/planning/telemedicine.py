"""Telemedicine: clinicians' virtual hours to places by need, rurality and distance to care."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from caremap.planning.allocating import Solved, best_value, solve, with_floors
from caremap.planning.allocating_tables import limits_of, received_of, sent_of, totals_of
from caremap.planning.allocation import Allocation
from caremap.planning.progress import Progress, silent
from caremap.planning.telemedicine_table import (
    EVERYWHERE,
    Clinicians,
    Receivers,
    clinicians_of,
    receivers_of,
)
from caremap.problems import DataProblem

__all__ = ["FALLING", "telemedicine"]


FALLING = (1.0, 0.75, 0.5, 0.25)
"""What an hour of the first, second, third and last quarter of the hours asked for counts."""


def telemedicine(
    clinicians: pd.DataFrame,
    places: pd.DataFrame,
    *,
    minimum_rural: float = 2.0,
    rural_weight: float = 1.0,
    distance_weight: float = 1.0,
    far_km: float = 100.0,
    falling: Sequence[float] = FALLING,
    step: float = 1.0,
    progress: Progress | None = None,
) -> Allocation:
    """Return how clinicians' virtual hours go to places, as well as can be.

    First as many of the hours promised to rural places as can be kept, the worst kept first; then
    the most weighted hours: an hour counts the score of its place (1 where no scores are given),
    times 1 + ``rural_weight`` x rurality, times 1 + ``distance_weight`` x the way to care as a
    part of ``far_km``, times less the more of what it asks for the place has. Whole steps of
    hours, proven best (`caremap.planning.allocating`); ties by name.

    Parameters
    ----------
    clinicians
        ``clinician``, ``hours`` (rounded down to steps), ``regions`` (of the licence: a list or
        text such as ``"WA; OR"``; ``all``) and perhaps ``specialty``.
    places
        ``place``, ``need`` (hours asked for, rounded up to steps), ``region``, ``rural`` (yes and
        no, or a rural-urban commuting area code, 1 to 10: from 4 on rural), ``km_to_care``, and
        perhaps ``specialty`` (then a place may have a row for each) and ``score`` (0 to 25, see
        `caremap.planning.need_score`).
    minimum_rural
        Hours promised to every rural place, no more than it asks for.
    rural_weight, distance_weight, far_km
        What being rural and far from care adds; farther than ``far_km`` adds no more.
    falling
        What an hour counts in each equal part of the hours asked for; never rising.
    step
        Hours that are given as one: 1, or 0.25 for quarters of an hour.
    progress
        Told the stage and the part that is done.

    Returns
    -------
    Allocation
        ``units`` are hours; ``places`` also has ``rural`` and ``weight`` (of its first hour);
        ``one_more`` is of one step. ``totals`` also has ``greedy_floors_unmet`` and
        ``value_without_licences``.

    Raises
    ------
    caremap.DataProblem
        Where names are missing or twice, hours are not there, or a setting cannot be.

    Examples
    --------
    >>> clinicians = pd.DataFrame({"clinician": ["Ada", "Bo"], "hours": [6, 4],
    ...                            "regions": ["WA; OR", "OR"]})
    >>> places = pd.DataFrame({"place": ["City", "Farm"], "region": ["WA", "OR"], "need": [8, 8],
    ...                        "rural": ["no", "yes"], "km_to_care": [5, 80]})
    >>> found = telemedicine(clinicians, places)
    >>> found.sent[["from", "to", "units"]]
      from    to  units
    0  Ada  Farm      4
    1   Bo  Farm      4
    2  Ada  City      2
    """
    tell: Progress = progress or silent
    _check(minimum_rural, rural_weight, distance_weight, far_km, falling, step)
    tell("Licences", 0.0)
    people, asked = clinicians_of(clinicians, step), receivers_of(places, step)
    frame = asked.frame
    far = np.minimum(np.nan_to_num(frame["km"]), far_km) / far_km
    base = frame["score"] if frame["score"].notna().any() else pd.Series(1.0, index=frame.index)
    weight = base * (1 + rural_weight * frame["rurality"]) * (1 + distance_weight * far)
    promised = np.ceil(minimum_rural / step - 1e-9) * frame["rural"]
    floors = pd.Series(np.minimum(promised, frame["units"]).to_numpy("int64"), index=frame["place"])
    tiers = with_floors(_tiers(frame, weight * step, falling), floors)
    licensed = _links(people, asked, licences=True)
    tell("Best allocation", 0.2)
    solved = solve(people.frame, tiers, licensed, worthless=True)
    tell("What limits are worth", 0.6)
    free, unmet = best_value(
        people.frame, tiers, _links(people, asked, licences=False), worthless=True
    )
    words = {"source": "Hours of a clinician", "floor": "Minimum of a rural place"}
    limits = limits_of(solved, words, step)
    binding = free > solved.value + 1e-9 or unmet < solved.floor_unmet
    limits = _with_licences(limits, solved, binding)
    tell("By hand", 0.9)
    received = received_of(solved, frame["place"])
    table = pd.DataFrame(
        {
            "place": frame["place"],
            "need": frame["score"],
            "demand": frame["units"] * step,
            "floor": floors.to_numpy() * step,
            "received": received * step,
            "unmet": (frame["units"] - received) * step,
            "rural": frame["rural"],
            "weight": weight,
        }
    )
    table.insert(6, "reason", _reasons(solved, table, people, asked, licensed, step))
    why = dict(zip(frame["place"], _why(frame, weight), strict=True))
    settings = {
        "minimum_rural": minimum_rural, "rural_weight": rural_weight, "step": step,
        "distance_weight": distance_weight, "far_km": far_km, "falling": tuple(falling),
    }  # fmt: skip
    found = Allocation(
        use="telemedicine",
        sent=sent_of(solved, lambda _source, place: why[place], step),
        places=table,
        limits=limits,
        totals=MappingProxyType(totals_of(solved, step) | {"value_without_licences": free}),
        value_unit="weighted hours",
        optimal=solved.optimal,
        settings=MappingProxyType(settings),
        assumptions=_assumptions(minimum_rural, rural_weight, distance_weight, far_km, falling),
        notes=(*people.notes, *asked.notes, *_notes(solved, step)),
    )
    tell("Done", 1.0)
    return found


def _check(
    minimum: float, rural: float, distance: float, far: float, falling: Sequence[float], step: float
) -> None:
    """Refuse settings that cannot be."""
    for value, what in ((minimum, "The minimum of rural places"), (rural, "The weight of rural"),
                        (distance, "The weight of distance")):  # fmt: skip
        if not (np.isfinite(value) and value >= 0):
            raise DataProblem(f"{what} is less than nothing.", "Give 0 or more.")
    if not (far > 0 and step > 0 and np.isfinite([far, step]).all()):
        raise DataProblem("A distance or a step of hours is nothing.", "Give more than 0.")
    values = np.asarray(falling, dtype="float64")
    if not len(values) or (values < 0).any() or (np.diff(values) > 0).any():
        raise DataProblem(
            "What an hour counts rises as a place gets more.", "Give numbers that fall, such as "
            "1, 0.75, 0.5, 0.25.",
        )  # fmt: skip


def _tiers(frame: pd.DataFrame, weight: pd.Series, falling: Sequence[float]) -> pd.DataFrame:
    """Return the hours asked for in equal parts (whole steps, the first ones larger)."""
    parts = len(falling)
    edges = [np.ceil(frame["units"] * part / parts - 1e-9) for part in range(parts + 1)]
    rows = [
        pd.DataFrame({"place": frame["place"], "tier": part + 1,
                      "units": (edges[part + 1] - edges[part]).astype("int64"),
                      "value": weight * counts})
        for part, counts in enumerate(falling)
    ]  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def _links(people: Clinicians, asked: Receivers, *, licences: bool) -> pd.DataFrame:
    """Return who may serve whom: by licence, and by specialty where both say one."""
    wanted, offered = asked.specialty, people.specialty
    rows = [
        (source, place)
        for at, source in enumerate(people.frame["source"])
        for to, (place, region) in enumerate(
            zip(asked.frame["place"], asked.frame["region"], strict=True)
        )
        if (not licences or people.regions[at] & EVERYWHERE or region in people.regions[at])
        and (wanted is None or offered is None or not wanted[to] or wanted[to] == offered[at])
    ]
    return pd.DataFrame(rows, columns=["source", "place"]).assign(km=np.nan)


def _with_licences(limits: pd.DataFrame, solved: Solved, binding: bool) -> pd.DataFrame:
    """Add whether licences bind; what one more of them is worth is not worked out."""
    pairs = float(len(solved.best.frames.origin))
    every = float(len(solved.best.frames.sources) * len(solved.best.frames.places))
    row = ("Licence regions (pairs allowed)", "", pairs, every, binding, np.nan if binding else 0.0)
    added = pd.concat([limits, pd.DataFrame([row], columns=list(limits))], ignore_index=True)
    return added.astype({"used": "float64", "of": "float64", "binding": "bool"})


def _why(frame: pd.DataFrame, weight: pd.Series) -> list[str]:
    """Say why places receive hours."""
    said = []
    for row, counts in zip(frame.to_dict("records"), weight, strict=True):
        about = ["rural" if row["rural"] else "not rural"]
        if not np.isnan(row["km"]):
            about.append(f"{row['km']:.0f} km from care")
        if not np.isnan(row["score"]):
            about.append(f"need {row['score']:.1f} of 25 points")
        said.append(f"{', '.join(about).capitalize()}: its first hour counts {counts:.2f}.")
    return said


def _reasons(
    solved: Solved,
    table: pd.DataFrame,
    people: Clinicians,
    asked: Receivers,
    links: pd.DataFrame,
    step: float,
) -> list[str]:
    """Return why each place has less than it asks for, and what would free it."""
    frames = solved.best.frames
    left = pd.Series(solved.best.flow[solved.best.unsent], index=list(frames.sources))
    served = set(links.loc[links["source"].map(people.frame.set_index("source")["units"]) > 0,
                           "place"])  # fmt: skip
    idle = float(left.sum()) * step
    kept = ", or to keep what is promised" if frames.promised.any() else ""
    said = []
    for row, region in zip(table.to_dict("records"), asked.frame["region_name"], strict=True):
        of = f"“{region}”" if region else "its region"
        elsewhere = f" {idle:g} hours of others are left: a licence in {of} would free them."
        if row["unmet"] <= 0:
            said.append("")
        elif row["place"] not in served:
            fit = " and the specialty asked for" if asked.specialty and people.specialty else ""
            said.append(f"No clinician with hours has a licence in {of}{fit}."
                        + (elsewhere if idle and not fit else ""))  # fmt: skip
        else:
            fit = " and of the specialty" if asked.specialty and people.specialty else ""
            said.append(
                f"All hours of clinicians licensed in {of}{fit} go where an hour counts as much or "
                f"more{kept}." + (elsewhere if idle and not fit else "")
            )
    return said


def _assumptions(
    minimum: float, rural: float, distance: float, far: float, falling: Sequence[float]
) -> tuple[str, ...]:
    """Return what is taken for granted, in sentences a board can read."""
    parts = ", ".join(f"{one:g}" for one in falling)
    return (
        f"An hour at the most rural place counts {1 + rural:g} times that of a city, and one "
        f"{far:g} km or more from care {1 + distance:g} times that of one beside it. These "
        "weights are assumptions, made to be changed.",
        f"The more of the hours it asks for a place has, the less the next counts: {parts} times, "
        "for equal parts of them.",
        f"Every rural place is promised {minimum:g} hours, or what it asks for where that is less.",
        "Of commuting area codes, 4 to 10 count as rural.",
        "A clinician may serve a place only with a licence for its region; where both name a "
        "specialty, it has to be the same.",
        "An hour of one clinician is as good as an hour of another; travel, time zones and "
        "equipment at the place are not in it.",
    )


def _notes(solved: Solved, step: float) -> list[str]:
    """Say what a reader has to know of the result."""
    notes = []
    if solved.floor_unmet:
        notes.append(
            f"{solved.floor_unmet * step:g} hours promised to rural places cannot be found under "
            "these licences; what there is is shared out so that the worst served has most."
        )
    if solved.ties:
        notes.append("Another allocation is as good in everything; the order of names decided.")
    return notes
