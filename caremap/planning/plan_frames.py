"""The tables of a plan: moves, before and after, totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.planning.fairness import fairness, need_per_staff
from caremap.planning.plan_problems import Asked
from caremap.planning.plan_words import figure

__all__ = ["Moved", "before_after", "by_role", "moves_frame", "totals", "whole_if_whole"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

MOVES = [
    "from", "to", "role", "staff", "km", "from_before", "from_after", "to_before", "to_after", "why"
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Moved:
    """One role as it is asked for, and how many move on each allowed pair."""

    asked: Asked
    moved: Whole

    @property
    def before(self) -> Array:
        """Staff of all facilities, in the order of names."""
        return self.asked.roster.staff

    @cached_property
    def after(self) -> Array:
        """Staff of all facilities after all moves, the locked ones too."""
        staff = self.before.copy()
        staff[self.asked.part] += self.arriving - self.leaving
        return staff

    @cached_property
    def arriving(self) -> Whole:
        """How many arrive at each facility that takes part."""
        return self.asked.locked.coming + self._sums(self.asked.problem.destination)

    @cached_property
    def leaving(self) -> Whole:
        """How many leave each facility that takes part."""
        return self.asked.locked.leaving + self._sums(self.asked.problem.origin)

    def _sums(self, ends: Whole) -> Whole:
        """Return the people moved, by one end of their moves."""
        sums = np.zeros(len(self.asked.problem.names), dtype="int64")
        used = np.flatnonzero(self.moved)
        np.add.at(sums, ends[used], self.moved[used])
        return sums

    @property
    def count(self) -> int:
        """People moved."""
        return int(self.moved.sum() + self.asked.locked.staff.sum())

    @property
    def staff_km(self) -> float:
        """People times kilometres; NaN where places are unknown, 0 where nobody moves."""
        locked = self.asked.locked
        km = np.r_[self.asked.problem.km[self.moved > 0], locked.km]
        return float((km * np.r_[self.moved[self.moved > 0], locked.staff]).sum())

    @property
    def longest_km(self) -> float:
        """The longest move; 0 where nobody moves."""
        km = np.r_[self.asked.problem.km[self.moved > 0], self.asked.locked.km]
        return float(km.max()) if len(km) else 0.0


def moves_frame(plans: Sequence[Moved], need: Sequence[str]) -> pd.DataFrame:
    """Return who moves where, by role, the most people first."""
    frames = [_moves(plan, words) for plan, words in zip(plans, need, strict=True)]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        kinds = {"from": "str", "to": "str", "role": "str", "staff": "int64", "why": "str"}
        return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "float64")) for name in MOVES})
    return pd.concat(frames, ignore_index=True)


def _moves(plan: Moved, need: str) -> pd.DataFrame:
    """Return the moves of one role."""
    asked, problem = plan.asked, plan.asked.problem
    used = np.flatnonzero(plan.moved)
    origin = np.r_[problem.origin[used], asked.locked.origin]
    destination = np.r_[problem.destination[used], asked.locked.destination]
    before = need_per_staff(problem.need, problem.staff)
    after = need_per_staff(problem.need, plan.after[asked.part])
    frame = pd.DataFrame(
        {
            "from": problem.names[origin],
            "to": problem.names[destination],
            "role": problem.role,
            "staff": np.r_[plan.moved[used], asked.locked.staff],
            "km": np.r_[problem.km[used], asked.locked.km],
            "from_before": before[origin],
            "from_after": after[origin],
            "to_before": before[destination],
            "to_after": after[destination],
            "why": _why(plan, origin, destination, len(used), need),
        }
    ).astype({"from": "str", "to": "str", "role": "str", "why": "str"})
    return frame.sort_values(["staff", "from", "to"], ascending=[False, True, True])


def _why(plan: Moved, origin: Whole, destination: Whole, own: int, need: str) -> list[str]:
    """Return why people move, a sentence for each move; those past ``own`` are locked."""
    asked, problem = plan.asked, plan.asked.problem
    known = asked.roster.known
    total = asked.roster.staff[known].sum()
    fair = asked.roster.need[known].sum() / total if total else np.nan
    coming = set(destination.tolist())
    sentences = []
    for place, (one, other) in enumerate(zip(origin.tolist(), destination.tolist(), strict=True)):
        start, end = problem.names[one], problem.names[other]
        if place >= own:
            sentences.append("Locked by hand.")
            continue
        if problem.staff[other] < problem.floor[other]:
            lack = f"{end} had {figure(problem.staff[other])}, its floor is {problem.floor[other]}"
        elif problem.staff[other]:
            ratio = problem.need[other] / problem.staff[other]
            lack = f"{end} had {figure(ratio)} {need} for each of its {problem.role}"
        else:
            lack = f"{end} had none of the {problem.role} for {figure(problem.need[other])} {need}"
        ratio = problem.need[one] / problem.staff[one] if problem.staff[one] else np.nan
        spare = f"{start} {figure(ratio)}" if problem.staff[one] else f"{start} none"
        passes = ", and is sent others in turn" if one in coming else ""
        sentences.append(f"{lack}, {spare}{passes}; {figure(fair)} would be fair.")
    return sentences


def before_after(plans: Sequence[Moved]) -> pd.DataFrame:
    """Return one row per facility and role, in the order of the network."""
    frames = []
    for place, plan in enumerate(plans):
        known, after = plan.asked.roster, plan.after
        frames.append(
            pd.DataFrame(
                {
                    "facility": known.names,
                    "role": plan.asked.problem.role,
                    "before": plan.before,
                    "target": plan.asked.target,
                    "after": after,
                    "ratio_before": need_per_staff(known.need, plan.before),
                    "ratio_after": need_per_staff(known.need, after),
                    "at": known.rows * len(plans) + place,
                }
            )
        )
    frame = pd.concat(frames).sort_values("at").drop(columns="at").reset_index(drop=True)
    frame = frame.astype({"facility": "str", "role": "str"})
    for name in ("before", "target", "after"):
        frame[name] = whole_if_whole(frame[name])
    return frame


def whole_if_whole(values: pd.Series) -> pd.Series:
    """Return counts as whole numbers where they are; missing is NA."""
    if (values.dropna() % 1 != 0).any():
        return values.astype("Float64") if values.isna().any() else values
    return values.astype("Int64" if values.isna().any() else "int64")


def by_role(plans: Sequence[Moved], by_hand: Sequence[Moved]) -> pd.DataFrame:
    """Return the numbers of the totals, one row a role."""
    return pd.DataFrame(
        [
            {"role": plan.asked.problem.role, **_numbers(plan, other)}
            for plan, other in zip(plans, by_hand, strict=True)
        ]
    )


def _numbers(plan: Moved, by_hand: Moved) -> dict[str, Any]:
    """Return the numbers of one role."""
    known = plan.asked.roster
    here = known.known
    now, then, hand = (
        fairness(known.need[here], staff[here], known.names[here])
        for staff in (plan.before, plan.after, by_hand.after)
    )
    return {
        "moved": plan.count,
        "staff_km": plan.staff_km,
        "longest_km": plan.longest_km,
        "max_min_before": now["max_min"],
        "max_min_after": then["max_min"],
        "gini_before": now["gini"],
        "gini_after": then["gini"],
        "worst_before": now["worst"],
        "worst_after": then["worst"],
        "worst_ratio_before": now["worst_ratio"],
        "worst_ratio_after": then["worst_ratio"],
        "unmet": float(np.nansum(np.maximum(plan.asked.target - plan.after, 0))),
        "greedy_moved": by_hand.count,
        "greedy_staff_km": by_hand.staff_km,
        "greedy_max_min_after": hand["max_min"],
        "fair_ratio": known.need[here].sum() / known.staff[here].sum()
        if known.staff[here].sum()
        else np.nan,
    }


def totals(roles: pd.DataFrame) -> dict[str, Any]:
    """Return the numbers of all roles together; of ratios, those of the role worst off."""
    found: dict[str, Any] = {
        name: sum(roles[name].tolist())
        for name in ("moved", "staff_km", "unmet", "greedy_moved", "greedy_staff_km")
    }
    for name in ("longest_km", "max_min_before", "max_min_after", "gini_before", "gini_after",
                 "greedy_max_min_after"):  # fmt: skip
        found[name] = float(roles[name].max())
    for when in ("before", "after"):
        distance = (roles[f"worst_ratio_{when}"] / roles["fair_ratio"]).fillna(-1)
        row = roles.iloc[int(distance.to_numpy().argmax())]
        found[f"worst_{when}"] = row[f"worst_{when}"]
        found[f"worst_role_{when}"] = row["role"]
        found[f"worst_ratio_{when}"] = row[f"worst_ratio_{when}"]
    return found
