"""What a run of scenarios takes for granted, and what it could not know, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caremap.days import said
from caremap.planning.ahead import UNCERTAIN
from caremap.planning.scenario import Scenario
from caremap.planning.scenario_census import window_of
from caremap.planning.scenario_patients import World
from caremap.planning.scenario_room import Room
from caremap.planning.scenario_settings import CareSettings, Money
from caremap.planning.scenario_staff import Rota

__all__ = ["assumptions_of", "notes_of"]


def assumptions_of(
    world: World, care: CareSettings, rota: Rota | None, money: Money, by: str | None
) -> tuple[str, ...]:
    """Return what every figure of the run takes for granted."""
    told = [
        f"{world.futures:,} possible futures, from {said(world.dates[0])} to "
        f"{said(world.dates[-1])}; every scenario meets the same patients by the same chance, so "
        "that they differ by what changes alone.",
        "Intervals hold 80 % of the futures.",
        f"How long patients stay is read from the {world.leavers:,.0f} who left last, with those "
        "still in counted as far as they have come (Kaplan-Meier).",
        "The census is what is asked for: beds do not limit it. Refused are arrivals who find no "
        "free bed on their day, where who is in keeps the bed and nobody waits.",
        "All beds are taken as one: a patient takes any that is free. Rules on who may lie where, "
        "and beds kept for one department, make it worse.",
        "Longer stays are longer for everybody alike; patients who are in already leave as before.",
    ]
    if care.told:
        told.append(
            "Intensive care and ventilators are a part of the bed-days, alike for all patients."
        )
    told += care.told
    if by:
        told.append(f"By {by}: a stay belongs to one throughout, transfers are not recorded.")
    if rota is not None:
        told += [
            f"A full-time post works {rota.hours_per_week:g} hours a week, {rota.absence:g} % of "
            "the staff are usually absent; more absent means so many fewer at work.",
            "Overtime is the hours that missing posts leave undone; it is not part of the cost.",
        ]
    told += money.told
    if np.isfinite(money.cost) or np.isfinite(money.price):
        told.append(
            "Cost and revenue are of everyone who comes, also of those for whom no bed is free."
        )
    return tuple(told)


def notes_of(world: World, asked: Sequence[Scenario], room: Room, care: CareSettings) -> list[str]:
    """Say what is not known, and which changes find nothing to change."""
    notes = [*world.known.notes]
    if world.leavers < UNCERTAIN:
        notes.append(
            f"Only {world.leavers:,.0f} patients have left: how long they stay is uncertain."
        )
    missing = "" if np.isfinite(room.beds).all() else "What is short and refused is not known."
    notes.append(" ".join(filter(None, [room.note, missing])))
    for name, there in (("intensive care beds", room.icu_beds), ("ventilators", room.ventilators)):
        if not np.isfinite(there).all():
            notes.append(f"How many {name} there are is not known: add them to a capacity file.")
    if care.problem:
        notes.append(f"Intensive care and ventilators are not known: {care.problem}")
    for scenario in asked:
        notes += room.notes(scenario)
        inside = window_of(scenario, world)
        if not inside.any():
            notes.append(f"{scenario.name}: none of its days is among those ahead.")
        elif scenario.extra and scenario.start is not None and scenario.start < world.dates[0]:
            notes.append(
                f"{scenario.name}: its first day is before those ahead, so nobody comes on top."
            )
        if scenario.icu_share is not None and care.parts(scenario)[0] >= 1:
            notes.append(f"{scenario.name}: all bed-days are intensive care then.")
    return notes
