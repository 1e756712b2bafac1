"""What stays unmet after a plan, which limit binds, and what would free it.

A facility is short of its target while another one is above its own. In a fairest staffing nobody
can simply be sent from the one to the other, else that would be fairer: so for every such pair
there is a limit that stands in between, and here it is named. The nearest facility with staff to
spare is the one that is told about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.plan_frames import Moved, whole_if_whole
from caremap.planning.plan_problems import Settings
from caremap.planning.plan_words import counted, far, figure
from caremap.planning.ways import Ways

__all__ = ["unmet"]

Array = npt.NDArray[np.float64]

CLOSE = 1e-6
"""Less than this part of a person is nobody."""


def unmet(
    plans: Sequence[Moved],
    ways: Ways,
    settings: Settings,
    uncapped: Sequence[Moved] | None = None,
) -> pd.DataFrame:
    """Return where staff are missing, most first, and why.

    Parameters
    ----------
    plans
        The roles and their moves.
    ways
        All distances.
    settings
        The limits.
    uncapped
        The roles and their moves without a limit on the number of moves, where it binds.

    Returns
    -------
    pandas.DataFrame
        ``facility``, ``role``, ``missing`` (target - after), ``reason``.
    """
    found = []
    for place, plan in enumerate(plans):
        free = uncapped[place] if uncapped is not None else None
        teller = _Teller(plan, ways, settings, free)
        missing = plan.asked.target - plan.after
        for at in np.flatnonzero(missing > CLOSE):
            name, role = str(plan.asked.roster.names[at]), plan.asked.problem.role
            found.append((name, role, missing[at], teller.reason(int(at), float(missing[at]))))
    frame = pd.DataFrame(found, columns=["facility", "role", "missing", "reason"])
    frame = frame.sort_values("missing", ascending=False, kind="stable", ignore_index=True)
    frame = frame.astype({"facility": "str", "role": "str", "reason": "str", "missing": "float64"})
    return frame.assign(missing=whole_if_whole(frame["missing"]))


@dataclass(frozen=True, eq=False)
class _Teller:
    """Finds the words for one role."""

    plan: Moved
    ways: Ways
    settings: Settings
    free: Moved | None

    def reason(self, at: int, missing: float) -> str:
        """Return why a facility, by its place among all, has too few."""
        asked = self.plan.asked
        if not asked.part[at]:
            return "Its place is not known: give it coordinates or a ZIP code."
        return (
            self._cap(at)
            or self._own(at)
            or self._donors(at, missing)
            or "Nobody has a whole person more than the target."
        )

    def _cap(self, at: int) -> str:
        """Return the words where more moves would help."""
        if self.free is None or self.free.after[at] <= self.plan.after[at] + CLOSE:
            return ""
        left = max(0.0, float(self.plan.asked.target[at] - self.free.after[at]))
        after = (
            "none would be missing" if left < CLOSE else f"{figure(left)} would still be missing"
        )
        return (
            f"All {counted(float(self.settings.max_moves or 0), 'move', 'moves')} allowed are used "
            f"up; without that limit {after}."
        )

    def _own(self, at: int) -> str:
        """Return the words where the facility itself takes no more."""
        asked, after = self.plan.asked, self.plan.after[at]
        here = int(asked.part[:at].sum())
        ceiling, limit = int(asked.problem.ceiling[here]), int(asked.limits["arrive"][here])
        if after + 1 > ceiling:
            return f"Its ceiling of {ceiling} is reached: a higher one would let more come."
        if self.plan.arriving[here] >= limit:
            return (
                f"No more than {counted(limit, 'person', 'people')} may arrive, and as many do: "
                "let more arrive."
            )
        return ""

    def _donors(self, at: int, missing: float) -> str:
        """Return the words about the nearest facility with staff to spare."""
        asked = self.plan.asked
        spare = np.nan_to_num(self.plan.after - asked.target)
        spare[at] = 0
        donors = np.flatnonzero(spare >= 1 - CLOSE)
        if not len(donors):
            return ""
        km = self.ways.km[at, donors]
        order = np.lexsort([-spare[donors], np.nan_to_num(km, nan=np.inf)])
        donors, km = donors[order], km[order]
        first, length = int(donors[0]), float(km[0])
        has = f"{asked.roster.names[first]} has {figure(spare[first])} to spare"
        if not asked.part[first]:
            return f"{has}, but its place is not known: give it coordinates or a ZIP code."
        where = f"The nearest with staff to spare: {has}"
        where += f", {far(length)} away" if not np.isnan(length) else ""
        limit = self.settings.max_km
        if limit is not None and length > limit:
            enough = _reach(km, spare[donors], missing)
            return (
                f"{where}, beyond the longest move of {limit:,g} km. A longest move of "
                f"{far(np.ceil(length * 10) / 10)} would reach it"
                + (
                    f", {far(np.ceil(enough * 10) / 10)} would reach enough for all "
                    f"{figure(missing)}."
                    if enough > length
                    else f", enough for {'all ' if missing > 1 else ''}{figure(missing)}."
                    if enough == length
                    else "."
                )
            )
        return f"{where}, but {self._between(first, at)}."

    def _between(self, donor: int, at: int) -> str:
        """Return the limit that stands between two facilities within reach."""
        asked = self.plan.asked
        one, other = int(asked.part[:donor].sum()), int(asked.part[:at].sum())
        if asked.locked.pairs[one, other]:
            return "the number that moves between the two is locked: unlock it"
        if asked.closed[one, other]:
            return "moves between the two are forbidden: allow them"
        leave = int(asked.limits["leave"][one])
        if self.plan.leaving[one] >= leave:
            return f"no more than {counted(leave, 'person', 'people')} may leave it: let more leave"
        if self.free is not None:
            return "all moves allowed are used up where they help more: allow more"
        return "it has an equal claim: sending one on would be no fairer"


def _reach(km: Array, spare: Array, missing: float) -> float:
    """Return the distance within which there are enough to spare; NaN if nowhere."""
    together = np.cumsum(spare)
    enough = np.flatnonzero(together >= missing - CLOSE)
    return float(km[enough[0]]) if len(enough) else np.nan
