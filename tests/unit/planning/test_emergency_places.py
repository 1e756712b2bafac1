"""What facilities have, expect, lack and could give in an emergency."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem, Dataset, open_file
from caremap.forecasting import Forecast, Parts
from caremap.planning.emergency import emergency
from caremap.planning.emergency_places import emergency_places
from caremap.planning.scenario import Scenario, ScenarioRun

DAYS = pd.date_range("2024-01-01", periods=40)
COUNTS = pd.concat(
    [
        pd.DataFrame({"facility": name, "date": DAYS, "admissions": arrivals,
                      "occupied_beds": occupied, "staffed_beds": beds})
        for name, arrivals, occupied, beds in [
            ("North", 10.0, 95.0, 100.0), ("South", 4.0, 30.0, 80.0), ("East", 2.0, 9.0, None),
        ]
    ],
    ignore_index=True,
)  # fmt: skip
FACILITIES = pd.DataFrame(
    {"facility": ["North", "south ", "East"], "latitude": [1.0, 2.0, 3.0], "longitude": 0.0,
     "population": [9000, 4000, 100], "over_65": ["31", "12", None]}
)  # fmt: skip
DATASET = Dataset(activity=COUNTS, facilities=FACILITIES)


def forecast(means: list[float], every: str = "day") -> Forecast:
    """A forecast of 16 a day so far."""
    ahead = pd.DataFrame({"date": pd.date_range("2024-02-10", periods=len(means)), "mean": means})
    history = pd.Series(16.0, index=DAYS)
    empty = pd.DataFrame()
    return Forecast(ahead, ahead["mean"], empty, "", {}, (), history, empty, empty, empty, empty,
                    every)  # fmt: skip


def test_without_a_forecast_as_many_patients_as_now_are_expected():
    found = emergency_places(DATASET).set_index("place")
    assert list(found.columns[:6]) == [
        "latitude", "longitude", "population", "beds", "occupied", "surge",
    ]  # fmt: skip
    assert found["surge"].isna().all()
    assert found["need"].fillna(-1).to_dict() == {"North": 0, "south": 0, "East": -1}
    assert found["spare"].fillna(-1).to_dict() == {"North": 0, "south": 44, "East": -1}
    assert found["over_65"].fillna(-1).to_list() == [31, 12, -1]
    assert emergency_places(DATASET, keep=1.0)["spare"].to_list()[:2] == [5, 50]


def test_one_forecast_of_all_is_everybodys_surge():
    found = emergency_places(DATASET, forecast=forecast([20.0, 20.0]))
    assert found["surge"].to_list() == [1.25] * 3
    assert found["need"].fillna(-1).to_list() == [19, 0, -1]  # 95 x 1.25 = 118.75 in 100 beds
    assert found["spare"].fillna(-1).to_list() == [0, 35, -1]


def test_a_forecast_of_each_is_its_own_surge():
    whole = forecast([20.0, 20.0])
    frame = pd.concat(
        [whole.frame.assign(part="North", mean=15.0), whole.frame.assign(part="South", mean=3.0)]
    )
    parts = Parts(whole, frame, pd.DataFrame(), pd.DataFrame())
    found = emergency_places(DATASET, forecast=parts)
    assert found["surge"].fillna(-1).to_list() == [1.5, 0.75, -1]
    assert found["need"].to_list()[0] == 43 and found["spare"].to_list()[1] == 53


def test_a_scenario_is_everybodys_surge():
    summary = pd.DataFrame(
        {"mean_census": [100.0, 110.0, 120.0], "peak_median": [105.0, 120.0, 150.0]},
        index=["Baseline", "Winter", "Pandemic"],
    )
    empty = pd.DataFrame()
    scenarios = (Scenario("Baseline"), Scenario("Winter"), Scenario("Pandemic"))
    run = ScenarioRun(empty, summary, empty, empty, empty, scenarios)
    assert emergency_places(DATASET, scenario_run=run)["surge"].to_list() == [1.2] * 3
    found = emergency_places(DATASET, scenario_run=run, scenario="Pandemic")
    assert found["surge"].to_list() == [1.5] * 3
    with pytest.raises(DataProblem, match="no scenario “Flood”"):
        emergency_places(DATASET, scenario_run=run, scenario="Flood")


def test_what_is_not_there_is_refused_in_words():
    with pytest.raises(DataProblem, match="No table names a facility"):
        emergency_places(Dataset())
    with pytest.raises(DataProblem, match="cannot be filled"):
        emergency_places(DATASET, keep=0)


def test_the_sample_network_can_be_planned_for(repo: Path):
    tables = [open_file(path) for path in sorted((repo / "sample_data").glob("*.csv"))]
    dataset = Dataset.of(*tables)
    places = emergency_places(dataset, forecast=forecast([24.0]))
    assert places[["latitude", "population", "beds", "occupied"]].notna().all(axis=None)
    found = emergency(places, 10, max_km=80, minimum=0.1)
    assert found.places["place"].to_list() == places["place"].to_list()
    assert found.optimal and np.isfinite(found.totals["value"])
