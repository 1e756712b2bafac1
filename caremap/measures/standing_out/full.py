"""Beds that are fuller than a level, week after week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.coverage import has
from caremap.measures.occupancy import occupancy
from caremap.measures.standing_out.chance import one_mean
from caremap.measures.standing_out.places import named
from caremap.measures.standing_out.tested import Compared, Comparison, interval, written
from caremap.problems import DataProblem

__all__ = ["LEVEL", "full"]

LEVEL = 85.0
"""Per cent of staffed beds; a convention, not a law."""

WEEKS = 8
"""Whole weeks (or months) a place is judged by, at least."""


def full(dataset: Dataset, as_of: object = None) -> Compared:
    """Compare the occupancy of all beds, and of every place, with 85 %.

    That a place was above the level on the days counted is a fact and needs no test. What is
    tested is whether its weeks lie above it by more than weeks differ from each other, so that
    one may say that it is full, not that it was: Student's t on whole weeks (months, where
    that is how they are counted), the error that of weeks which resemble the one before.
    """
    parts = [_of(dataset, None, as_of)]
    if not parts[0].comparisons:
        return parts[0]
    for column in ("department", "facility"):
        table = dataset.stays if has(dataset.stays, column) else dataset.activity
        if has(table, column):
            parts.append(_of(dataset, column, as_of))
    return Compared.together(parts)


def _of(dataset: Dataset, column: str | None, as_of: object) -> Compared:
    by = () if column is None else (column,)
    for every in ("week", "month"):
        try:
            found = occupancy(dataset, by, every, as_of)
        except DataProblem:
            continue
        found = found[found["complete"] & found["occupancy"].notna()]
        if not found.empty:
            return _tested(found, column, every)
    return Compared(notes=tuple(_once(dataset)) if column is None else ())


def _once(dataset: Dataset) -> Sequence[str]:
    """Say what cannot be tested where beds were counted once, or not at all."""
    whole = occupancy(dataset)["occupancy"]
    if whole.empty or not whole.notna().any():
        return ["Occupancy: patients in hospital or staffed beds are not known."]
    notes = [
        f"Occupancy ({written(float(whole.iloc[0]))} % overall): without whole weeks or months "
        f"it cannot be tested whether beds are lastingly above {LEVEL:.0f} %."
    ]
    table = dataset.activity if has(dataset.activity, "facility") else dataset.stays
    if has(table, "facility"):
        places = occupancy(dataset, "facility")["occupancy"].dropna()
        over = int((places > LEVEL).sum())
        notes.append(f"Facilities above {LEVEL:.0f} % when counted: {over:,} of {len(places):,}.")
    return notes


def _tested(found: pd.DataFrame, column: str | None, every: str) -> Compared:
    result, short = [], 0
    groups = [("", found)] if column is None else list(found.groupby(column))
    for name, points in groups:
        if column is not None and name == "Unknown":
            continue
        if len(points) < WEEKS:
            short += 1
            continue
        values = points.sort_values("period")["occupancy"].to_numpy("float64")
        above = one_mean(values, LEVEL, above=True)
        subject = "All" if column is None else named(column, str(name))
        of = "of all beds" if column is None else f"of {subject}"
        mean, over = float(values.mean()), int((values > LEVEL).sum())
        result.append(
            Comparison(
                "occupancy", "occupancy", subject, mean, LEVEL, above.value, above.low, above.high,
                "percentage points", len(values), above.p,
                f"Occupancy {of} is lastingly above {LEVEL:.0f} %: {written(mean)} % on average "
                f"({written(above.value)} percentage points above, "
                f"{interval(above.low, above.high, decimals=1)}; above in {over} of "
                f"{len(values)} whole {every}s).",
                f"{LEVEL:.0f} % is a convention, not a law. Staffed beds are as supplied.",
                chart=bool(np.isfinite(mean)),
            )
        )  # fmt: skip
    notes = (
        (
            f"Occupancy above {LEVEL:.0f} % needs {WEEKS} whole {every}s, "
            f"{'there are fewer' if column is None else f'places with fewer: {short:,}'}.",
        )
        if short
        else ()
    )
    return Compared(tuple(result), notes)
