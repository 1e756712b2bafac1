"""From a network and the limits a user sets to one problem per role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.limits import NO_LIMIT, Limit, per_facility, share_or_number
from caremap.planning.locked import Locked, locked_moves, pairs_of
from caremap.planning.role_problem import RoleProblem
from caremap.planning.roster import Roster, need_for, roster
from caremap.planning.targets import shared_out
from caremap.planning.ways import Ways
from caremap.problems import DataProblem

__all__ = ["Asked", "Settings", "problems"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Settings:
    """What `plan_moves` is asked, but for the network and the roles: see there."""

    need: str | Mapping[str, str] = "population"
    max_km: float | None = None
    aim: str = "fairest"
    method: str = "webster"
    floor: Limit = 0
    ceiling: Limit = None
    max_leave: Limit = None
    max_arrive: Limit = None
    max_moves: int | None = None
    fixed: pd.DataFrame | None = None
    forbidden: pd.DataFrame | None = None

    def as_limits(self) -> dict[str, Any]:
        """Return what is set, by the names of the arguments."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, eq=False)
class Asked:
    """One role as it is asked for.

    Attributes
    ----------
    roster
        All facilities.
    target
        Of all facilities, NaN where there is none.
    tied
        Who had an equal claim to the last post.
    part
        Which facilities take part in moves, and are those of ``problem``.
    problem
        What may happen.
    locked
        The moves that are given: positions among those that take part.
    closed
        Pairs that are forbidden or locked, as positions among those that take part.
    limits
        The limits by facility that take part: ``leave``, ``arrive`` as set, before anybody moves.
    """

    roster: Roster
    target: Array
    tied: tuple[str, ...]
    part: Mask
    problem: RoleProblem
    locked: Locked
    closed: Mask
    limits: Mapping[str, Whole]


def problems(
    network: pd.DataFrame, roles: Sequence[str], ways: Ways, settings: Settings
) -> list[Asked]:
    """Return what may happen in each role."""
    if settings.aim not in ("fairest", "targets"):
        raise DataProblem(f"“{settings.aim}” is no aim.", "Choose “fairest” or “targets”.")
    if settings.max_km is not None and not settings.max_km >= 0:
        raise DataProblem("The longest move is no distance.", "Give kilometres, 0 or more.")
    if settings.max_moves is not None and not (
        settings.max_moves >= 0 and settings.max_moves % 1 == 0
    ):
        raise DataProblem("The number of moves is not whole.", "Give 0, 1, 2 and so on.")
    if settings.max_km is not None and not ways.known:
        raise DataProblem(
            "A longest move needs places, and no facility's place is known.",
            "Give the facilities coordinates or ZIP codes, or set no longest move.",
        )
    return [_asked(network, role, ways, settings) for role in roles]


def _asked(network: pd.DataFrame, role: str, ways: Ways, settings: Settings) -> Asked:
    """Return what may happen in one role."""
    known = roster(network, role, need_for(settings.need, role))
    target, tied = shared_out(known, role, settings.method, settings.floor)
    part = known.known & ways.placed
    names, people = known.names[part], known.people[part]
    floor = per_facility(settings.floor, role, known.names, 0, "floor")[part]
    ceiling = per_facility(settings.ceiling, role, known.names, NO_LIMIT, "ceiling")[part]
    if (ceiling < floor).any():
        name = names[np.flatnonzero(ceiling < floor)[0]]
        raise DataProblem(f"The ceiling of {name} is below its floor.", "Change one of them.")
    limits = {
        what: share_or_number(limit, role, known.names, known.people, f"max_{what}")[part]
        for what, limit in (("leave", settings.max_leave), ("arrive", settings.max_arrive))
    }
    here = np.full(len(known.names), -1, dtype="int64")
    here[part] = np.arange(part.sum())
    origin, destination, km = ways.between(here, settings.max_km)
    closed = pairs_of(settings.forbidden, role, names)
    locked = locked_moves(settings, role, names, people, limits, closed, ways.within(part))
    closed = closed | locked.pairs
    open_ = ~closed[origin, destination]
    problem = RoleProblem(
        role=role,
        names=names,
        need=known.need[part],
        target=target[part],
        staff=people + known.parts[part],
        people=people - locked.leaving,
        held=locked.coming + known.parts[part],
        leave=limits["leave"] - locked.leaving,
        arrive=limits["arrive"] - locked.coming,
        floor=floor,
        ceiling=ceiling,
        origin=origin[open_],
        destination=destination[open_],
        km=km[open_],
        measure=_measure(settings),
    )
    if settings.aim == "targets":
        problem = _towards_targets(problem)
    return Asked(known, target, tied, part, problem, locked, closed, limits)


def _measure(settings: Settings) -> str:
    """Return what fairness is measured by: what the targets of the method are the best for."""
    if settings.aim == "targets" or settings.method == "hamilton":
        return "target"
    return settings.method


def _towards_targets(problem: RoleProblem) -> RoleProblem:
    """Return the problem in which people only go from above to below the target, never past it."""
    over = np.maximum(np.floor(problem.now - problem.target + 1e-9), 0).astype("int64")
    short = np.maximum(np.floor(problem.target - problem.now + 1e-9), 0).astype("int64")
    useful = (over[problem.origin] > 0) & (short[problem.destination] > 0)
    return replace(
        problem,
        leave=np.minimum(problem.leave, over),
        arrive=np.minimum(problem.arrive, short),
        origin=problem.origin[useful],
        destination=problem.destination[useful],
        km=problem.km[useful],
    )
