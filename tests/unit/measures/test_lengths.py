"""Stays by length: the same stays the average length of stay is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import open_file
from caremap.dataset import Dataset
from caremap.measures import headline, stay_bands, stay_lengths
from tests.unit.measures.build import days, generated, stays, worked_example

APRIL = {"start": "2024-04-01", "end": "2024-04-30"}


def lengths(found: pd.DataFrame) -> dict[float, int]:
    return dict(zip(found["days"], found["stays"], strict=True))


# A 6 days, B and F same day, C 3, D 10, H 89; G left in May, E is still in.
@pytest.mark.parametrize(
    ("switches", "expected"),
    [
        ({}, {0: 2, 3: 1, 6: 1, 10: 1, 89: 1}),
        ({"same_day": 1}, {1: 2, 3: 1, 6: 1, 10: 1, 89: 1}),
        ({"overnight_only": True}, {3: 1, 6: 1, 10: 1, 89: 1}),
        ({"overnight_only": True, "same_day": 1}, {3: 1, 6: 1, 10: 1, 89: 1}),
    ],
)
def test_the_worked_example(switches: dict[str, Any], expected: dict[int, int]) -> None:
    found = stay_lengths(worked_example().filtered(**APRIL), **switches)
    assert lengths(found) == expected
    assert found.dtypes.to_dict() == {"days": "float64", "stays": "int64"}
    everything = stay_lengths(worked_example(), **switches)
    assert lengths(everything) == dict(sorted({**expected, 6: 2}.items()))


@settings(max_examples=25)
@given(
    st.integers(0, 50),
    st.sampled_from([{}, APRIL, {"start": "2024-02-10"}, {"start": "2031-01-01"}]),
    st.sampled_from([{}, {"same_day": 1}, {"overnight_only": True}]),
    st.sampled_from([[], ["was_admitted"], ["discharged"], ["admitted"], ["length_of_stay"]]),
)
def test_mean_and_median_are_those_of_the_headline(
    seed: int, period: dict[str, Any], switches: dict[str, Any], lacking: list[str]
) -> None:
    dataset = Dataset(stays=generated(150, seed=seed).drop(columns=lacking)).filtered(**period)
    found = stay_lengths(dataset, **switches)
    figures = headline(dataset, **switches)
    each = np.repeat(found["days"].to_numpy(), found["stays"].to_numpy())
    for name, value in (
        ("length_of_stay", each.mean() if len(each) else np.nan),
        ("median_stay", np.median(each) if len(each) else np.nan),
    ):
        assert figures.loc[name, "overall"] == pytest.approx(value, nan_ok=True)
    if len(each):
        assert len(each) == figures.loc["length_of_stay", "n"]


def test_parts_of_a_day_count_under_whole_days_and_less_than_one_is_the_same_day() -> None:
    dataset = Dataset(stays=pd.DataFrame({"length_of_stay": [0.4, 0.9, 1.0, 1.9, 2.0, 120.0]}))
    assert lengths(stay_lengths(dataset)) == {0: 2, 1: 2, 2: 1, 120: 1}
    assert lengths(stay_lengths(dataset, same_day=1)) == {1: 4, 2: 1, 120: 1}
    assert lengths(stay_lengths(dataset, overnight_only=True)) == {1: 2, 2: 1, 120: 1}


def test_a_length_without_a_date_counts_where_no_period_is_set() -> None:
    table = stays([("1", "2024-04-01", "2024-04-03"), ("2", None, None), ("3", None, None)])
    table["length_of_stay"] = [2.0, 5.0, -1.0]
    assert lengths(stay_lengths(Dataset(stays=table))) == {2: 1, 5: 1}
    assert lengths(stay_lengths(Dataset(stays=table).filtered(**APRIL))) == {2: 1}


@pytest.mark.parametrize(
    "dataset",
    [
        Dataset(),
        Dataset(activity=pd.DataFrame({"admissions": [3.0]})),
        Dataset(stays=pd.DataFrame({"admitted": days(["2024-04-01"])})),
        Dataset(stays=stays([("1", "2024-04-01", "2024-04-03")])).filtered(facility=["nowhere"]),
        Dataset(stays=stays([("1", "2024-04-01", "2024-04-03")])).filtered(end="2023-01-01"),
    ],
)
def test_without_a_length_there_is_no_row_and_no_share(dataset: Dataset) -> None:
    found = stay_lengths(dataset)
    assert found.empty
    assert list(found) == ["days", "stays"]
    bands = stay_bands(found)
    assert bands["stays"].tolist() == [0] * 7
    assert bands["share"].isna().all()


def test_the_seven_bands() -> None:
    found = stay_bands(pd.DataFrame({"days": np.arange(0.0, 31.0), "stays": 2}))
    pd.testing.assert_frame_equal(
        found,
        pd.DataFrame(
            {
                "band": pd.Series(
                    ["Same day", "1 day", "2-3 days", "4-7 days", "8-14 days", "15-21 days",
                     "22 days or more"], dtype="str",
                ),
                "first": [0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 22.0],
                "last": [0.0, 1.0, 3.0, 7.0, 14.0, 21.0, np.nan],
                "stays": [2, 2, 4, 8, 14, 14, 18],
                "share": np.array([2, 2, 4, 8, 14, 14, 18]) / 62,
            }
        ),
    )  # fmt: skip


@given(st.dictionaries(st.integers(0, 400), st.integers(1, 50), min_size=1))
def test_bands_hold_every_stay_once(by_length: dict[int, int]) -> None:
    ordered = dict(sorted(by_length.items()))
    frame = pd.DataFrame({"days": [float(day) for day in ordered], "stays": list(ordered.values())})
    bands = stay_bands(frame)
    assert bands["stays"].sum() == sum(by_length.values())
    assert bands["share"].sum() == pytest.approx(1)
    for band in bands.itertuples():
        last = np.inf if np.isnan(band.last) else band.last
        assert band.stays == sum(n for day, n in by_length.items() if band.first <= day <= last)


def test_new_york_lengths_capped_at_120_days_count_as_120(shared: Path) -> None:
    path = shared / "data/sparcs/week10_df_musc_skel.csv.gz"
    file = pd.read_csv(path)
    supplied = pd.to_numeric(file["los"].astype("str").str.replace("+", "").str.strip())
    found = stay_lengths(Dataset.of(open_file(path)))
    assert lengths(found) == supplied.value_counts().sort_index().to_dict()
    assert found["stays"].sum() == 36_631
    assert np.average(found["days"], weights=found["stays"]) == pytest.approx(6.321, abs=0.0005)


def test_ten_thousand_lengths(shared: Path) -> None:
    path = shared / "data/kaggle_healthcare/healthcare_dataset_original.csv"
    file = pd.read_csv(path, parse_dates=["Date of Admission", "Discharge Date"])
    nights = (file["Discharge Date"] - file["Date of Admission"]).dt.days
    dataset = Dataset.of(open_file(path))
    assert lengths(stay_lengths(dataset)) == nights.value_counts().sort_index().to_dict()
    left = file["Discharge Date"].dt.to_period("M") == "2023-10"
    october = dataset.filtered(start="2023-10-01", end="2023-10-31")
    assert lengths(stay_lengths(october)) == nights[left].value_counts().sort_index().to_dict()
