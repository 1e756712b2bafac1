"""Invented stays whose length and risk depend on what is known, in a way the tests know."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.dataset import Dataset

FIRST = pd.Timestamp("2023-01-02")


def table(
    n: int = 1_500, *, signal: float = 1.0, dated: bool = True, seed: int = 1, days: int = 600
) -> pd.DataFrame:
    """Stays of two departments; the mean stay doubles with ``frail`` as far as there is signal."""
    random = np.random.default_rng(seed)
    department = random.choice(["Medicine", "Surgery"], n)
    frail = random.choice(["no", "yes"], n, p=[0.7, 0.3])
    age = random.integers(20, 90, n).astype("float64")
    log_mean = 1.2 + signal * (0.9 * (frail == "yes") + 0.012 * (age - 55))
    log_mean = log_mean + 0.3 * (department == "Medicine")
    nights = np.floor(random.lognormal(log_mean, 0.7))
    stays = pd.DataFrame(
        {
            "stay_id": [f"S{place:05d}" for place in range(n)],
            "patient_id": [f"P{place:05d}" for place in random.integers(0, int(n * 0.8), n)],
            "facility": random.choice([f"Site {letter}" for letter in "ABCDEFGHIJ"], n),
            "department": department,
            "frail": frail,
            "colour": random.choice(["red", "green", "blue"], n),
            "age": age,
            "gender": random.choice(["Female", "Male"], n),
            "insurance": random.choice(["Public", "Private"], n),
            "length_of_stay": nights,
        }
    )
    if not dated:
        return stays
    admitted = FIRST + pd.to_timedelta(np.sort(random.integers(0, days, n)), unit="D")
    left = pd.Series(admitted + pd.to_timedelta(nights, unit="D"))
    still = left > pd.Timestamp(admitted.max())
    return stays.assign(
        admitted=pd.Series(admitted).astype("datetime64[us]"),
        discharged=left.mask(still).astype("datetime64[us]"),
        length_of_stay=pd.Series(nights).mask(still),
    )


def dataset(n: int = 1_500, **options: object) -> Dataset:
    """A dataset of such stays."""
    return Dataset(stays=table(n, **options))
