"""Forecasts and a network the tests of planning are written with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.forecasting import Forecast

SAMPLE = Path(__file__).parents[3] / "sample_data" / "stays.csv"
_FIELDS = {
    "Admission Date": "admitted", "Discharge Date": "discharged",
    "Length of Stay": "length_of_stay",
    "Facility": "facility", "Department": "department", "ICU Days": "icu_days",
    "Ventilated": "ventilated",
}  # fmt: skip


@cache
def sample() -> Dataset:
    """Three years of the sample network's stays, as intake gives them."""
    table = pd.read_csv(SAMPLE, usecols=list(_FIELDS)).rename(columns=_FIELDS)
    for name in ("admitted", "discharged"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    table["ventilated"] = table["ventilated"].eq("Yes").astype("boolean")
    return Dataset(stays=table.astype({"length_of_stay": "float64", "icu_days": "float64"}))


def forecast_of(samples: pd.DataFrame, mean: object = None, name: str = "admissions") -> Forecast:
    """A forecast that has nothing but futures."""
    means = samples.mean().to_numpy() if mean is None else np.asarray(mean, dtype="float64")
    return Forecast(
        frame=pd.DataFrame({"date": samples.columns, "mean": means}),
        total=pd.Series(dtype="float64"),
        backtest=pd.DataFrame(),
        chosen="test",
        limit={},
        history=pd.Series(dtype="float64", name=name),
        samples=samples,
    )


def futures(mean: object, first: str, spread: float = 0.0, draws: int = 300, seed: int = 1):
    """Poisson futures about means by day, which may all be too low or too high together."""
    random = np.random.default_rng(seed)
    means = np.asarray(mean, dtype="float64")
    shift = random.gamma(1 / spread**2, spread**2, (draws, 1)) if spread else np.ones((draws, 1))
    days = pd.date_range(first, periods=len(means), name="date")
    return pd.DataFrame(random.poisson(means * shift).astype("float64"), columns=days)
