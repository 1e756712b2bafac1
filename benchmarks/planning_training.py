"""Training and validation of stay risk on 50,000 stays, against one fit of XGBoost.

The stays are drawn from the sample network's, with the columns it has. Compared are:

- all of `caremap.planning.stay_risk`: reading what is known at admission, three models at three
  cuts in time, each for length and risk, judged beside the baseline, drivers and patients in
  hospital with a model fitted anew;
- of it what follows once the table of what is known at admission is there;
- one fit of XGBoost to the same columns and stays, for the risk alone: as CareMap fits it (rounds,
  depth, one thread), and as XGBoost does by itself (100 rounds, depth 6, all cores). CareMap fits
  two models side by side, each on one thread: on one core alone it takes up to twice as long.

Medians of runs taken in turns.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xgboost

import caremap
from caremap.planning.admission import admission_table
from caremap.planning.risk_cases import cases_of
from caremap.planning.risk_features import Encoder
from caremap.planning.risk_models import BINS, ROUNDS, SETTINGS
from caremap.planning.risk_result import risk_of

SAMPLE = Path(__file__).parents[1] / "sample_data" / "stays.csv"
STAYS = 50_000
LIMIT = 15


def drawn() -> caremap.Dataset:
    """Return 50,000 stays drawn from the sample's, each with a patient of its own."""
    stays = caremap.open_file(SAMPLE).table
    rows = np.sort(np.random.default_rng(1).integers(0, len(stays), STAYS))
    own = [f"{number:06d}" for number in range(STAYS)]
    table = stays.iloc[rows].reset_index(drop=True)
    return caremap.Dataset(stays=table.assign(stay_id=own, patient_id=own))


def print_nothing(stage: str, part: float) -> None:  # noqa: ARG001
    """Tell nobody how far it is."""


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def show(runs: int) -> None:
    """Print the times, and how many fits the whole takes."""
    dataset = drawn()
    admission = admission_table(dataset)
    cases = cases_of(admission, 7)
    rows = Encoder.of(cases.table).trees(cases.table)
    long = cases.long.astype("float32")

    def one_fit() -> object:
        data = xgboost.QuantileDMatrix(rows, label=long, nthread=1, max_bin=BINS)
        return xgboost.train({**SETTINGS, "objective": "binary:logistic"}, data, ROUNDS)

    ways: dict[str, Callable[[], object]] = {
        "all of stay_risk": lambda: caremap.planning.stay_risk(dataset),
        "training and validation": lambda: risk_of(
            admission, 7, models=None, progress=print_nothing, seed=0
        ),
        "one XGBoost fit, as CareMap's": one_fit,
        "one XGBoost fit, by itself": lambda: xgboost.XGBClassifier().fit(rows, long),
    }
    caremap.planning.stay_risk(dataset)  # libraries are loaded
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, work in ways.items():
            taken[name].append(timed(work))
    middle = {name: statistics.median(times) for name, times in taken.items()}
    print(f"\nStay risk, {STAYS:,} stays, {len(cases.table.names)} columns (seconds)")
    for name, seconds in middle.items():
        print(f"  {name:32} {seconds:7.2f}")
    fit = middle["one XGBoost fit, as CareMap's"]
    for name in ("training and validation", "all of stay_risk"):
        print(f"  {name} = {middle[name] / fit:.1f} fits (at most {LIMIT})")
