"""A network without structure, and what can be planted in it."""

from __future__ import annotations

import numpy as np
import pandas as pd


def network(count: int = 6000, seed: int = 3, days: int = 1096) -> pd.DataFrame:
    """Stays of three years, every column drawn without regard to the others."""
    random = np.random.default_rng(seed)

    def one_of(names: str, shares: list[float] | None = None) -> pd.Series:
        return pd.Series(random.choice(names.split(), count, p=shares), dtype="str")

    admitted = pd.Timestamp("2021-01-01") + pd.to_timedelta(
        np.sort(random.integers(0, days, count)), unit="D"
    )
    length = np.floor(random.gamma(1.2, 3.5, count))
    table = pd.DataFrame(
        {
            "admitted": admitted,
            "discharged": admitted + pd.to_timedelta(length, unit="D"),
            "length_of_stay": length,
            "facility": one_of("North South West", [0.5, 0.3, 0.2]),
            "department": one_of("Cardiology ED ICU Oncology Surgery"),
            "treatment": one_of("Bypass Dialysis Infusion Observation"),
            "insurance": one_of("Medicaid Medicare Private Self-pay", [0.2, 0.4, 0.3, 0.1]),
            "outcome": one_of("Home Transferred Died", [0.86, 0.1, 0.04]),
            "readmitted": pd.Series(random.random(count) < 0.12).astype("boolean"),
            "cost": np.round(random.lognormal(8.5, 0.8, count), 2),
            "satisfaction": pd.Series(
                random.choice([1.0, 2, 3, 4, 5], count, p=[0.05, 0.1, 0.2, 0.4, 0.25])
            ).where(random.random(count) < 0.5),
            "age": random.integers(0, 95, count).astype("float64"),
            "gender": one_of("F M"),
        }
    )
    return table.astype({"admitted": "datetime64[us]", "discharged": "datetime64[us]"})
