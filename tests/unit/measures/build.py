"""Frames the tests of figures are written with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset

WORKED = (
    ("A", "2024-03-28", "2024-04-03"),
    ("B", "2024-04-01", "2024-04-01"),
    ("C", "2024-04-02", "2024-04-05"),
    ("D", "2024-04-10", "2024-04-20"),
    ("E", "2024-04-15", None),
    ("F", "2024-04-15", "2024-04-15"),
    ("G", "2024-04-28", "2024-05-04"),
    ("H", "2024-02-01", "2024-04-30"),
)
"""The worked example of the definitions of figures: stay, admitted, discharged."""


def days(values: Iterable[Any]) -> pd.Series:
    """Dates as intake gives them."""
    return pd.Series(pd.to_datetime(list(values), format="ISO8601")).astype("datetime64[us]")


def stays(rows: Iterable[tuple[str, Any, Any]] = (), **columns: Any) -> pd.DataFrame:
    """Stays from (stay, admitted, discharged), length of stay as intake derives it."""
    rows = list(rows)
    table = pd.DataFrame({"stay_id": pd.Series([row[0] for row in rows], dtype="str")})
    table["admitted"] = days(row[1] for row in rows)
    table["discharged"] = days(row[2] for row in rows)
    nights = table["discharged"].dt.normalize() - table["admitted"].dt.normalize()
    length = nights.dt.days.astype("float64")
    table["length_of_stay"] = length.where(length >= 0)
    return table.assign(**columns)


def daily_admissions(first: str, last: str, nights: int = 1, each: int = 1, **columns: Any) -> Any:
    """The same number of admissions every day, each for the same number of nights."""
    admitted = pd.date_range(first, last).repeat(each)
    left = admitted + pd.Timedelta(days=nights)
    rows = [(f"S{n}", a, d) for n, (a, d) in enumerate(zip(admitted, left, strict=True))]
    return stays(rows, **columns)


def worked_example(beds: float | None = 5) -> Dataset:
    """The worked example, with its five staffed beds typed in."""
    dataset = Dataset(stays=stays(WORKED))
    return dataset if beds is None else dataset.with_beds(beds)


def generated(count: int, seed: int = 1) -> pd.DataFrame:
    """Stays with everything real files have: gaps, times of day, impossible dates."""
    random = np.random.default_rng(seed)

    def some(values: Any, share: float = 0.9) -> pd.Series:
        return pd.Series(values).where(random.random(count) < share)

    admitted = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        random.integers(0, 90 * 24, count), unit="h"
    )
    left = admitted.normalize() + pd.to_timedelta(random.integers(-1, 12, count), unit="D")
    table = pd.DataFrame(
        {
            "stay_id": pd.Series([f"S{n}" for n in range(count)], dtype="str"),
            "patient_id": some(
                pd.Series(random.integers(0, max(count // 3, 1), count)).astype("str")
            ),
            "admitted": some(admitted, 0.95).astype("datetime64[us]"),
            "discharged": some(left).astype("datetime64[us]"),
            "facility": some(pd.Series(random.choice(["North", "South"], count), dtype="str")),
            "department": some(pd.Series(random.choice(["ED", "ICU"], count), dtype="str")),
            "outcome": some(
                pd.Series(random.choice(["Home", "Died", "Transferred"], count), dtype="str")
            ),
            "cost": some(random.normal(100, 80, count)),
            "waiting_minutes": some(random.integers(0, 90, count).astype("float64")),
            "satisfaction": some(random.integers(1, 6, count).astype("float64"), 0.3),
            "was_admitted": some(random.random(count) < 0.5).astype("boolean"),
            "readmitted": some(random.random(count) < 0.2).astype("boolean"),
        }
    )
    nights = table["discharged"].dt.normalize() - table["admitted"].dt.normalize()
    length = nights.dt.days.astype("float64")
    return table.assign(length_of_stay=length.where(length >= 0))


def counts(dates: Iterable[Any], **columns: Any) -> pd.DataFrame:
    """A file of counts."""
    return pd.DataFrame({"date": days(dates), **columns})
