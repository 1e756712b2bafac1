"""Waiting times: percentiles and the share in time, of those whose wait is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import DataProblem, open_file
from caremap.dataset import Dataset
from caremap.measures import headline, wait_lengths, waits
from tests.unit.measures.build import days, generated

FIGURES = ["median", "p90", "within_target", "n", "unknown"]


def by_hand(values: Any, target: float = 240) -> list[float]:
    waits_of = pd.Series(values, dtype="float64")
    known = waits_of[waits_of >= 0].to_numpy()
    unknown = len(waits_of) - len(known)
    if not len(known):
        return [np.nan, np.nan, np.nan, 0, unknown]
    within = 100 * np.mean(known <= target)
    return [*np.quantile(known, [0.5, 0.9]), within, len(known), unknown]


CASES = {
    "none": [],
    "none known": [None, None],
    "one": [30.0],
    "an even number": [10.0, 20.0, 30.0, 40.0],
    "exactly the target is in time": [240.0, 240.5, 241.0],
    "a negative wait is not known": [-5.0, 15.0, None],
    "parts of a minute": [0.5, 0.75, 600.25],
}


@pytest.mark.parametrize("case", CASES)
def test_waits_of_all(case: str) -> None:
    table = pd.DataFrame({"waiting_minutes": pd.Series(CASES[case], dtype="float64")})
    found = waits(Dataset(stays=table))
    assert list(found) == FIGURES
    assert found.iloc[0].to_list() == pytest.approx(by_hand(CASES[case]), nan_ok=True)
    assert len(found) == 1


@settings(max_examples=12)
@given(
    st.integers(0, 50),
    st.sampled_from([1, 40, 300]),
    st.sampled_from([{}, {"start": "2024-02-10", "end": "2024-02-20"}, {"start": "2031-01-01"}]),
    st.sampled_from([5, 45, 240]),
)
def test_each_group_by_hand_and_the_whole_as_the_headline_has_it(
    seed: int, count: int, period: dict[str, Any], target: int
) -> None:
    table = generated(count, seed=seed)
    dataset = Dataset(stays=table).filtered(**period)
    start, end = dataset.period or (None, None)
    day = table["admitted"].dt.normalize()
    inside = table
    if start is not None:
        inside = inside[day >= start]
    if end is not None:
        inside = inside[day[inside.index] <= end]
    found = waits(dataset, target, by="facility").set_index("facility")
    known = table["facility"].fillna("Unknown")
    assert found.index.to_list() == sorted(known.unique())
    for place, line in found.iterrows():
        group = inside.loc[known[inside.index] == place, "waiting_minutes"]
        assert line.to_list() == pytest.approx(by_hand(group, target), nan_ok=True)
    whole, figures = waits(dataset, target).iloc[0], headline(dataset)["overall"]
    assert whole["median"] == pytest.approx(figures["waiting"], nan_ok=True)
    assert whole["p90"] == pytest.approx(figures["waiting_p90"], nan_ok=True)
    if target == 240:
        assert whole["within_target"] == pytest.approx(figures["waiting_within"], nan_ok=True)
    assert found[["n", "unknown"]].sum().to_list() == whole[["n", "unknown"]].to_list()
    assert wait_lengths(dataset)["visits"].sum() == whole["n"]


def test_the_headline_says_what_share_waited_at_most_four_hours() -> None:
    table = pd.DataFrame(
        {
            "admitted": days(["2024-04-01", "2024-04-01", "2024-05-01", "2024-05-02"]),
            "waiting_minutes": [240.0, 241.0, 10.0, None],
        }
    )
    line = headline(Dataset(stays=table)).loc["waiting_within"]
    assert line[["overall", "month_to_date", "previous"]].to_list()[:2] == pytest.approx(
        [100 * 2 / 3, 100]
    )
    assert line[["numerator", "denominator", "n", "unit"]].to_list() == [2, 3, 3, "%"]
    without = headline(Dataset(stays=table.drop(columns="waiting_minutes")))
    assert without.loc["waiting_within", "note"] == "No waiting time column."


def test_by_two_columns_in_the_order_they_are_read() -> None:
    table = pd.DataFrame(
        {
            "ward": ["Ward 10", "Ward 2", None, "Ward 2"],
            "age": [34.0, 3.0, 999.0, 4.0],
            "waiting_minutes": [1.0, 2.0, 3.0, 4.0],
        }
    )
    found = waits(Dataset(stays=table), by=["ward", "age_band"])
    assert found.drop(columns=["p90", "within_target"]).to_dict("list") == {
        "ward": ["Ward 2", "Ward 10", "Unknown"],
        "age_band": ["0-4", "30-34", "Unknown"],
        "median": [3.0, 1.0, 3.0],
        "n": [2, 1, 1],
        "unknown": [0, 0, 0],
    }


@pytest.mark.parametrize("by", ["shoe_size", "patient_id", "admitted", "n"])
def test_what_makes_no_groups_is_refused(by: str) -> None:
    with pytest.raises(DataProblem):
        waits(Dataset(stays=generated(10).assign(n=1)), by=by)


@pytest.mark.parametrize("target", [0, -1, float("nan"), float("inf")])
def test_a_target_is_a_number_of_minutes(target: float) -> None:
    with pytest.raises(ValueError, match="the target is a number of minutes above 0"):
        waits(Dataset(), target)


def test_without_waits_there_is_no_figure() -> None:
    table = pd.DataFrame({"ward": ["A", "B", "A"]})
    found = waits(Dataset(stays=table), by="ward")
    assert found[["ward", "n", "unknown"]].to_dict("list") == {
        "ward": ["A", "B"],
        "n": [0, 0],
        "unknown": [2, 1],
    }
    assert found[["median", "p90", "within_target"]].isna().all(axis=None)
    assert waits(Dataset())[["n", "unknown"]].to_dict("list") == {"n": [0], "unknown": [0]}
    for dataset in (Dataset(), Dataset(stays=table)):
        assert wait_lengths(dataset).to_dict("list") == {"minutes": [], "visits": []}


def test_minutes_are_whole_in_the_histogram() -> None:
    table = pd.DataFrame({"waiting_minutes": [0.0, 0.9, 20.0, 20.9, None, -1.0]})
    found = wait_lengths(Dataset(stays=table))
    assert found.to_dict("list") == {"minutes": [0.0, 20.0], "visits": [2, 2]}
    assert found.dtypes.to_dict() == {"minutes": "float64", "visits": "int64"}


REAL = {
    "an emergency room": ("kaggle_er/Hospital ER.csv", "patient_waittime", "department",
                          "department_referral"),
    "three hospitals": ("halifax_synth/admissions.csv", "wait_minutes", "facility", "hospital"),
}  # fmt: skip


@pytest.mark.parametrize("case", REAL)
def test_waits_of_real_files(shared: Path, case: str) -> None:
    path, header, by, place = REAL[case]
    file = pd.read_csv(shared / "data" / path, keep_default_na=False)
    minutes = pd.to_numeric(file[header], errors="coerce")
    dataset = Dataset.of(open_file(shared / "data" / path))
    for target in (30, 60, 240):
        found = waits(dataset, target).iloc[0]
        assert found.to_list() == pytest.approx(by_hand(minutes, target))
        groups = waits(dataset, target, by=by).set_index(by)
        for name, values in minutes.groupby(file[place]):
            assert groups.loc[name].to_list() == pytest.approx(by_hand(values, target))
    counted = wait_lengths(dataset).set_index("minutes")["visits"]
    assert counted.to_dict() == minutes.floordiv(1).value_counts().sort_index().to_dict()
