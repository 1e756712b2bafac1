"""How often the census of the sample network lies in the band forecast for it.

    .venv/bin/python benchmarks/census.py [--by department] [--every 35] [--simple]

A rolling test over three years: admissions are forecast from what was known on a day, the census
follows from them and from the patients in house that night, and two weeks later it is seen who was
right. `--simple` forecasts the mean of the same weekday over eight weeks instead of CareMap's mix.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))  # the project is run, not installed

import caremap
from caremap import measures
from caremap.forecasting import Forecast
from caremap.planning import census_forecast

SAMPLE = Path(__file__).parents[1] / "sample_data" / "stays.csv"
FIRST, LAST = "2022-11-07", "2025-06-16"


def simple(admissions: pd.Series) -> Forecast:
    """The mean of the same weekday over eight weeks; as a whole it may be 7 percent off."""
    random = np.random.default_rng(1)
    past = admissions.iloc[-56:]
    usual = past.groupby(past.index.day_of_week).mean()
    days = pd.date_range(past.index[-1], periods=15, name="date")[1:]
    mean = usual.reindex(days.day_of_week).to_numpy()
    futures = random.poisson(mean * random.gamma(1 / 0.07**2, 0.07**2, (2000, 1))).astype(float)
    return Forecast(
        frame=pd.DataFrame({"date": days, "mean": mean}),
        total=pd.Series(dtype="float64"),
        backtest=pd.DataFrame(),
        chosen="same weekday average",
        limit={},
        samples=pd.DataFrame(futures, columns=days),
    )


def said(name: str, rows: pd.DataFrame) -> None:
    """Print how often the bands held, and how far off the mean was."""
    held = {
        level: 100 * rows["actual"].between(rows[f"low_{level}"], rows[f"high_{level}"]).mean()
        for level in (80, 95)
    }
    off = (rows["actual"] - rows["mean"]).abs().mean()
    print(
        f"{name:20} {len(rows):6,} days   80 %: {held[80]:.1f}   95 %: {held[95]:.1f}   "
        f"mean absolute error {off:.2f} of {rows['actual'].mean():.1f}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--by", default=None)
    options.add_argument("--every", type=int, default=35)
    options.add_argument("--simple", action="store_true")
    asked = options.parse_args()
    dataset = caremap.Dataset.of(caremap.open_all(SAMPLE))
    flow = measures.reductions.flows(dataset.stays, "admitted").set_index("date")["rows"]
    admissions = flow.asfreq("D", fill_value=0).astype("float64").rename("admissions")
    actual = measures.census(dataset).set_index("date")["occupied"].rename("actual")
    wholes, parts, begun = [], [], time.perf_counter()
    for day in pd.date_range(FIRST, LAST, freq=f"{asked.every}D"):
        known = admissions[:day]
        if asked.simple:
            ahead = simple(known)
        else:
            ahead = caremap.forecasting.forecast(known, country="US", region="WA")
        found = census_forecast(dataset, ahead, by=asked.by)
        wholes.append(found.frame.join(actual, on="date"))
        parts.append(found.parts)
    said("all", pd.concat(wholes))
    if asked.by:
        counted = measures.census(dataset, by=asked.by).rename(columns={"occupied": "actual"})
        both = pd.concat(parts).merge(counted, on=["date", asked.by], how="left")
        both["actual"] = both["actual"].fillna(0)
        for name, rows in both.groupby(asked.by):
            said(str(name), rows)
        said(f"every {asked.by}", both)
    print(f"{time.perf_counter() - begun:.0f} s for {len(wholes)} forecasts")


if __name__ == "__main__":
    main()
