"""Clinicians and places of telemedicine, checked: hours, licences, who counts how much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.geography.names import place_key
from caremap.planning.given_tables import each_once, names_in, numbers_in, whole_units
from caremap.planning.role_columns import numbers
from caremap.problems import DataProblem

__all__ = ["EVERYWHERE", "Clinicians", "Receivers", "clinicians_of", "receivers_of"]

Array = npt.NDArray[np.float64]

EVERYWHERE = frozenset({"all", "any", "everywhere", "*"})
"""Words for a licence that holds in every region."""
RURAL_FROM = 4
"""Rural-urban commuting area codes from here on count as rural."""
_YES = {"yes": 1.0, "y": 1.0, "true": 1.0, "rural": 1.0, "no": 0.0, "n": 0.0, "false": 0.0,
        "urban": 0.0}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Clinicians:
    """Clinicians: ``source``, ``units``; their ``regions`` and specialty (as compared)."""

    frame: pd.DataFrame
    regions: tuple[frozenset[str], ...]
    specialty: tuple[str, ...] | None
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Receivers:
    """Places: ``place``, ``units``, ``rural``, ``rurality``, ``km``, ``score``, ``region``."""

    frame: pd.DataFrame
    specialty: tuple[str, ...] | None
    notes: tuple[str, ...]


def clinicians_of(clinicians: pd.DataFrame, step: float) -> Clinicians:
    """Return clinicians with whole units of their hours."""
    names = each_once(names_in(clinicians, "clinician"))
    if "hours" not in clinicians:
        raise DataProblem("How many hours clinicians have is not known.", "Add a column “hours”.")
    hours = numbers(clinicians["hours"]).to_numpy("float64")
    cells = clinicians["regions"] if "regions" in clinicians else [None] * len(names)
    regions = tuple(_licences(cell) for cell in cells)
    notes = []
    unknown = int(np.isnan(hours).sum())
    if unknown:
        notes.append(f"The hours of {unknown:,} clinicians are not known: counted as none.")
    nowhere = sum(not one for one in regions)
    if nowhere:
        notes.append(f"{nowhere:,} clinicians have no licence region: they serve nobody.")
    frame = pd.DataFrame(
        {"source": names,
         "units": whole_units(hours / step, up=False)}
    )  # fmt: skip
    return Clinicians(frame, regions, _specialty(clinicians), tuple(notes))


def receivers_of(places: pd.DataFrame, step: float) -> Receivers:
    """Return places with whole units of the hours they ask for."""
    specialty = _specialty(places)
    names = names_in(places, "place")
    if specialty is not None:
        names = _told_apart(names, places["specialty"])
    if "need" not in places:
        raise DataProblem("How many hours places ask for is not known.", "Add a column “need”.")
    hours = numbers(places["need"]).to_numpy("float64")
    size = len(places)
    rural = _rural(places["rural"]) if "rural" in places else np.full(size, np.nan)
    km = numbers_in(places, "km_to_care")
    score = numbers_in(places, "score")
    if (score > 25).any():
        raise DataProblem("A score is above 25.", "Give points from 0 to 25.")
    region = places["region"].map(place_key) if "region" in places else pd.Series([""] * size)
    notes = []
    for values, words in (
        (hours, "hours asked for is not known: counted as none"),
        (rural, "rurality is not known: counted as not rural"),
        (km, "distance to care is not known: it does not raise their weight"),
    ):
        if np.isnan(values).any():
            notes.append(f"Of {int(np.isnan(values).sum()):,} places the {words}.")
    if region.eq("").any():
        notes.append(
            f"Of {int(region.eq('').sum()):,} places the region is not known: only clinicians "
            "licensed everywhere may serve them."
        )
    scored = ~np.isnan(score)
    if scored.any() and not scored.all():
        notes.append(
            f"The score of {int((~scored).sum()):,} places is not known: the median is assumed."
        )
    frame = pd.DataFrame(
        {
            "place": each_once(names),
            "units": whole_units(hours / step, up=True),
            "rural": np.nan_to_num(rural) > 0,
            "rurality": np.nan_to_num(rural),
            "km": km,
            "score": np.where(scored, score, np.median(score[scored]) if scored.any() else np.nan),
            "region": region.to_numpy(object),
            "region_name": places["region"].astype("str").to_numpy() if "region" in places else "",
        }
    )
    return Receivers(frame, specialty, tuple(notes))


def _rural(column: pd.Series) -> Array:
    """Return how rural places are, 0 to 1, of yes and no, or of commuting area codes 1 to 10.

    Codes 1 to 3 (metropolitan) count 0, 4 to 6 (micropolitan) a third, 7 to 9 (small town) two
    thirds, 10 (rural) 1.
    """
    if pd.api.types.is_bool_dtype(column):
        return np.asarray(column.astype("Float64").to_numpy("float64", na_value=np.nan))
    words = column.map(lambda cell: _YES.get(place_key(cell), np.nan)).astype("float64")
    values = np.where(words.notna(), words, numbers(column))
    known = values[~np.isnan(values)]
    if not len(known) or words.notna().sum() == len(known) or set(known) == {0.0, 1.0}:
        return values
    if set(known) == {0.0}:
        return values
    if (known < 1).any() or (known >= 11).any() or words.notna().any():
        raise DataProblem(
            "“rural” is neither yes and no nor a commuting area code from 1 to 10.",
            "Give yes or no, or rural-urban commuting area (RUCA) codes.",
        )
    if set(known) == {1.0}:
        raise DataProblem(
            "“rural” holds nothing but 1, which may be yes or a commuting area code.",
            "Give yes or no.",
        )
    steps = np.clip((np.floor(values) - 1) // 3, 0, 3)
    return np.asarray(steps / 3, dtype="float64")


def _licences(cell: Any) -> frozenset[str]:
    """Return the regions of a cell: a list, or text with commas, semicolons or bars."""
    if isinstance(cell, list | tuple | set | frozenset):
        parts = [str(one) for one in cell]
    else:
        parts = [] if cell is None or pd.isna(cell) else re.split(r"[;,|/]", str(cell))
    return frozenset(key for key in map(place_key, parts) if key)


def _specialty(frame: pd.DataFrame) -> tuple[str, ...] | None:
    """Return the specialty of every row as it is compared; None where there is no column."""
    return tuple(frame["specialty"].map(place_key)) if "specialty" in frame else None


def _told_apart(names: pd.Series[str], specialty: pd.Series[Any]) -> pd.Series[str]:
    """Return names, with the specialty where there are several at one place."""
    several = names.duplicated(keep=False)
    said = specialty.fillna("any specialty").astype("str").reset_index(drop=True)
    return names.where(~several, names + ", " + said)
