"""What may happen in one role: who is where, which moves are allowed, how many may leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["STEPS", "RoleProblem", "marginals"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RoleProblem:
    """One role of a network: the facilities that take part, in the order of their names.

    Attributes
    ----------
    role, names, need, target
        ``target`` is what apportionment gives without any limit.
    staff
        Staff there are now.
    people
        Whole people who may still be asked to move: those in locked moves are not among them.
    held
        What a facility keeps whatever happens: people who come by a locked move, and the parts of
        posts filled by those who work part of the time.
    leave, arrive
        How many more may leave and arrive.
    floor, ceiling
        Staff a facility has at least and at most, as far as it can be reached. No move takes a
        facility below its floor or above its ceiling.
    origin, destination, km
        The moves that are allowed: positions of facilities, and how far (NaN where unknown).
    measure
        What fairness is measured by: ``webster``, ``huntington-hill`` or ``target`` (squares of
        the difference from the target over need).
    """

    role: str
    names: npt.NDArray[np.object_]
    need: Array
    target: Array
    staff: Array
    people: Whole
    held: Array
    leave: Whole
    arrive: Whole
    floor: Whole
    ceiling: Whole
    origin: Whole
    destination: Whole
    km: Array
    measure: str

    @property
    def fair(self) -> float:
        """Staff per need of the whole role."""
        total = float(self.need.sum())
        return float(self.staff.sum()) / total if total else np.nan

    @property
    def now(self) -> Array:
        """Staff where nobody else moves: after the locked moves."""
        return self.people + self.held

    def least(self) -> Whole:
        """Return how many of the people stay or are replaced, at the very least."""
        can_leave = np.zeros(len(self.names), dtype=bool)
        can_leave[self.origin] = True
        return np.where(can_leave, np.maximum(self.people - self.leave, 0), self.people)

    def most(self) -> Whole:
        """Return how many people there can be at each facility beside those it holds."""
        coming = np.zeros(len(self.names), dtype="int64")
        available = np.minimum(self.people, self.leave)
        np.add.at(coming, self.destination, available[self.origin])
        room = np.maximum(self.ceiling, self.staff) - self.held
        room = np.maximum(np.floor(room + 1e-9), self.people).astype("int64")
        return np.minimum(self.people + np.minimum(coming, self.arrive), room)


def marginals(problem: RoleProblem, at: Whole, count: Array) -> tuple[Whole, Array]:
    """Return what one more person at a facility that has ``count`` costs, lowest first.

    The class comes first: -2 for posts no move may empty (below the floor, and filled now), -1
    for other posts below the floor, 0, 1 for posts above the ceiling that are filled now, and 2
    for those that are not, which only a locked move can fill. Within a class it is the step in the
    measure of unfairness that the next person makes: (2n + 1) / w for the sum of n² / w (which is
    that of w (n/w - fair)² but for a constant); n (n + 1) / w² in the order of Huntington and
    Hill; (2 (n - t) + 1) / w for the squares of the distance from the target. Without need a
    person counts as infinitely much: such a post is the last one to be filled.
    """
    need, below = problem.need[at], count < problem.floor[at]
    filled = count + 1 <= problem.staff[at] + 1e-9
    kind = np.where(below, np.where(filled, -2, -1), 0)
    kind = np.where(~below & (count + 1 > problem.ceiling[at]), np.where(filled, 1, 2), kind)
    step = STEPS[problem.measure](count, problem.target[at])
    power = 2 if problem.measure == "huntington-hill" else 1
    cost = np.divide(step, need**power, out=np.full(len(step), np.inf), where=need > 0)
    return kind.astype("int64"), cost


STEPS: dict[str, Callable[[Array, Array], Array]] = {
    "webster": lambda count, _: 2 * count + 1,
    "huntington-hill": lambda count, _: count * (count + 1),
    "target": lambda count, target: 2 * (count - target) + 1,
}
"""What the next person adds to the measure of unfairness, but for the need."""
