"""What a reader of a plan has to know beside its tables, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.planning.plan_problems import Asked, Settings
from caremap.planning.plan_words import joined
from caremap.planning.ways import Ways

__all__ = ["notes"]

NAMED = 5
"""Facilities that are named in a sentence; the rest are counted."""


def notes(asked: Sequence[Asked], ways: Ways, settings: Settings) -> tuple[str, ...]:
    """Return ties, facilities left out and what else qualifies a plan."""
    found = []
    if ways.known:
        found += _unplaced(asked, ways)
    else:
        found.append(
            "No facility's place is known: the plan has the fewest moves instead of the fewest "
            "kilometres."
        )
    for one in asked:
        role, known = one.problem.role, one.roster
        left = [str(name) for name in known.names[~known.known]]
        if left:
            found.append(
                f"{_named(left)} {_keep(left)} staff ({role}) and {_have(left)} no target: the "
                "need or the staff is not known."
            )
        idle = known.known & (known.need == 0) & (known.people > 0)
        if idle.any():
            found.append(
                f"{_named([str(name) for name in known.names[idle]])} {_have(list(idle[idle]))} a "
                f"need of 0, so the plan leaves no {role} there that a limit does not keep. Where "
                "the 0 stands for “not known”, leave the cell empty."
            )
        if one.tied:
            found.append(
                f"{_named(list(one.tied))} have an equal claim to the last of the {role}: the "
                "target gives it to the first by name, the plan to whoever is nearer."
            )
        if known.parts.any():
            found.append(
                f"Part-time shares of the {role} ({known.parts.sum():.3g} in all) stay where they "
                "are: only whole people move."
            )
    strangers = _strangers(settings.forbidden, ways)
    if strangers:
        found.append(f"Forbidden moves of {_named(strangers)}: no such facility is in the network.")
    return tuple(found)


def _unplaced(asked: Sequence[Asked], ways: Ways) -> list[str]:
    """Return the words on facilities that nobody can be sent to or from."""
    known = np.logical_or.reduce([one.roster.known for one in asked])
    left = [str(name) for name in ways.names[~ways.placed & known]]
    if not left:
        return []
    return [f"{_named(left)}: no place is known, so nobody moves from or to there."]


def _strangers(forbidden: pd.DataFrame | None, ways: Ways) -> list[str]:
    """Return names in forbidden pairs that are not of the network."""
    if forbidden is None or not len(forbidden):
        return []
    return sorted({*forbidden["from"].astype(str), *forbidden["to"].astype(str)} - {*ways.names})


def _named(names: list[str]) -> str:
    return joined(names, NAMED)


def _keep(names: list[str]) -> str:
    return "keeps its" if len(names) == 1 else "keep their"


def _have(names: list[str]) -> str:
    return "has" if len(names) == 1 else "have"
