"""The best staff moves: the fairest staffing the limits allow, then the fewest staff-kilometres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from caremap.planning.capped import Budget, Capped
from caremap.planning.greedy import by_hand
from caremap.planning.limits import Limit
from caremap.planning.locked import check_bounds
from caremap.planning.move_plan import MovePlan
from caremap.planning.needs import need_of
from caremap.planning.plan_frames import Moved, before_after, by_role, moves_frame, totals
from caremap.planning.plan_notes import notes
from caremap.planning.plan_problems import Asked, Settings, problems
from caremap.planning.progress import Progress, silent
from caremap.planning.role_flow import fairest, shortest
from caremap.planning.roster import need_for, roles_asked
from caremap.planning.unmet import unmet
from caremap.planning.ways import ways_of
from caremap.problems import DataProblem

__all__ = ["plan_moves"]


def plan_moves(
    network: pd.DataFrame,
    roles: str | Sequence[str],
    need: str | Mapping[str, str] = "population",
    max_km: float | None = None,
    aim: str = "fairest",
    *,
    method: str = "webster",
    floor: Limit = 0,
    ceiling: Limit = None,
    max_leave: Limit = None,
    max_arrive: Limit = None,
    max_moves: int | None = None,
    fixed: pd.DataFrame | None = None,
    forbidden: pd.DataFrame | None = None,
    seconds: float = 20.0,
    progress: Progress | None = None,
) -> MovePlan:
    """Return the moves to the fairest staffing the limits allow, by the fewest kilometres.

    Parameters
    ----------
    network
        One row per facility: ``facility``, a column per role (staff), the need, and ``latitude``
        and ``longitude`` (or ``zip``). Whose need or staff is unknown keeps its staff; whose place
        is unknown takes no part in moves. Where no place is known at all, the fewest moves are
        looked for in place of the fewest kilometres.
    roles
        One column or several.
    need
        Column of the need, or one for each role: ``{"nurses": "bed_days", ...}``.
    max_km
        Longest move, in km of a straight line. None: no limit.
    aim
        ``fairest``: the fairest staffing the limits allow, which may take a facility past its
        target when the one that is short is out of reach. ``targets``: people only go from above
        their target to below it, never past it, and those furthest from it come first.
    method
        How targets are apportioned, and with ``fairest`` what fair is: ``webster`` (smallest sum
        of w (n/w - fair)² over need w and staff n), ``huntington-hill``, or ``hamilton`` (smallest
        sum of squared distances from the target over need).
    floor, ceiling
        Least and most staff: one number, a mapping or Series by facility (or by role), or a frame
        of ``facility`` (``role``) and ``floor`` or ``ceiling``. Missing posts of a floor are
        filled before all others. No move takes a facility below its floor or above its ceiling.
    max_leave, max_arrive
        How many may leave, or arrive: a whole number of people, or a fraction up to 1 of the
        facility's staff of the role, rounded down. By facility or role like ``floor``.
    max_moves
        How many people may move, of all roles together. Roles are weighed against each other by
        the sum of (n - e)² / e, e the staff a facility would have by its need.
    fixed
        Moves that are given: ``from``, ``to``, ``staff`` (and ``role``): exactly so many go there,
        0 too. The rest of the plan is the best around them. They count as moves.
    forbidden
        Pairs nobody moves between: ``from``, ``to`` (and ``role``), in this direction.
    seconds
        How long to prove a plan of at most ``max_moves`` where that takes a search.
    progress
        Is called with what comes next, in words, and the part done (0 to 1).

    Returns
    -------
    MovePlan
        ``optimal`` says whether it is proven to be the best; `MovePlan` has the columns.

    Raises
    ------
    caremap.DataProblem
        Where columns are missing or hold no numbers, or limits contradict each other.

    Notes
    -----
    Staff move whole. Both steps are minimum-cost flows in whole numbers: see
    `caremap.planning.role_flow` for the fairest staffing, `caremap.planning.flows` for why the
    kilometres are then the fewest of all the fairest staffings. A tie beyond that is broken by the
    names of the facilities, so the order of rows does not matter.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["A", "B", "C"], "population": [500, 300, 200],
    ...     "nurses": [2, 2, 6], "latitude": [47.5, 47.6, 47.7], "longitude": -122.1})
    >>> plan = plan_moves(network, "nurses")
    >>> plan.moves[["from", "to", "staff", "km"]].round(1)
      from to  staff    km
    0    C  A      3  22.2
    1    C  B      1  11.1
    >>> plan.optimal, plan.totals["moved"]
    (True, 4)
    """
    settings = Settings(
        need, max_km, aim, method, floor, ceiling, max_leave, max_arrive, max_moves, fixed,
        forbidden,
    )  # fmt: skip
    names = roles_asked(roles)
    ways = ways_of(network)
    asked = problems(network, names, ways, settings)
    plans, free, proven, more = _solved(asked, max_moves, seconds, progress or silent)
    words = [need_of(need_for(need, role)).unit for role in names]
    numbers = by_role(plans, by_hand(asked, max_moves))
    return MovePlan(
        moves=moves_frame(plans, words),
        before_after=before_after(plans),
        unmet=unmet(plans, ways, settings, free),
        totals=MappingProxyType(totals(numbers)),
        optimal=proven,
        by_role=numbers,
        limits=MappingProxyType(settings.as_limits()),
        notes=(*notes(asked, ways, settings), *more),
    )


def _solved(
    asked: Sequence[Asked], most: int | None, seconds: float, progress: Progress
) -> tuple[list[Moved], list[Moved] | None, bool, tuple[str, ...]]:
    """Return the best plans; those without a limit on moves where it binds; proof; notes."""
    flows, free = [], []
    tied: list[str] = []
    for place, one in enumerate(asked):
        progress(f"The fairest staffing: {one.problem.role}", place / (len(asked) + 1))
        role, best = fairest(one.problem)
        flow, choice = shortest(role, best)
        tied += [one.problem.role] if choice else []
        check_bounds(one.problem, role.after(flow))
        flows.append(role)
        free.append(Moved(one, flow[role.moves]))
    if most is None or sum(plan.count for plan in free) <= most:
        return free, None, True, _choices(tied)
    progress(f"The fairest staffing within {most:,} moves", len(asked) / (len(asked) + 1))
    left = most - sum(int(one.locked.staff.sum()) for one in asked)
    if left < 0:
        raise DataProblem(
            f"The locked moves add up to {most - left:,}, more than the {most:,} allowed.",
            "Allow more moves, or unlock some.",
        )
    found = Budget(flows).plan(left, seconds)
    plans = [Moved(one, moved) for one, moved in zip(asked, found.moved, strict=True)]
    for plan in plans:
        check_bounds(plan.asked.problem, plan.after[plan.asked.part])
    return plans, free, found.proven, _gap(found, most, seconds)


def _choices(roles: list[str]) -> tuple[str, ...]:
    """Return the words where other plans are as good."""
    return tuple(
        f"Other moves of the {role} would be as fair over as few kilometres: a fixed order of the "
        "pairs decided."
        for role in roles
    )


def _gap(found: Capped, most: int, seconds: float) -> tuple[str, ...]:
    """Return the words where a plan is not proven."""
    if found.proven:
        return ()
    if found.gap:
        return (
            f"The plan of {most:,} moves is the best found in {seconds:g} seconds. Another might "
            f"make staffing more even by {found.gap:.1%} of what this one gains, not by more.",
        )
    return (
        f"No plan of {most:,} moves makes staffing more even. In {seconds:g} seconds it is not "
        "proven that none of them is shorter.",
    )
