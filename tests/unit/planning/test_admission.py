"""What is known at admission, and what is left out of a prediction made that day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap.dataset import Dataset
from caremap.planning import admission_table
from tests.unit.measures.build import generated, stays

ROWS = [
    ("A", "2024-04-01 09:00", "2024-04-04 10:00"),
    ("B", "2024-04-02 10:00", "2024-04-03 08:00"),
    ("C", "2024-04-06 11:00", None),
    ("D", "2024-04-20 12:00", "2024-04-25 07:00"),
]


def dataset(**columns: Any) -> Dataset:
    return Dataset(stays=stays(ROWS, **columns))


def test_a_row_is_a_stay_as_known_on_the_last_admission() -> None:
    found = admission_table(
        dataset(
            patient_id=["P", "Q", "P", None],
            department=["ED", None, "ED", "ICU"],
            age=[40.0, None, 40.0, 71.0],
            cost=[1.0, 2.0, 3.0, 4.0],
        )
    )
    expected = pd.DataFrame(
        {
            "department": ["ED", "Unknown", "ED", "ICU"],
            "age": [40.0, np.nan, 40.0, 71.0],
            "Weekday of admission": ["Monday", "Tuesday", "Saturday", "Saturday"],
            "Hour of admission": [9.0, 10.0, 11.0, 12.0],
            "Days since the last discharge": [np.nan, np.nan, 2.0, np.nan],
            "Stays in the year before": [0.0, 0.0, 1.0, np.nan],
        }
    ).astype({"department": "str", "Weekday of admission": "str"})
    pd.testing.assert_frame_equal(found.features, expected)
    # D left five days after the last admission: on that day the patient was still in.
    assert found.nights.fillna(-1).tolist() == [3.0, 1.0, -1.0, -1.0]
    assert found.patient.fillna(-1).tolist() == [0.0, 1.0, 0.0, -1.0]
    assert found.department.tolist() == ["ED", "Unknown", "ED", "ICU"]
    assert set(found.facility) == {"Unknown"}
    assert found.stay_id.tolist() == ["A", "B", "C", "D"]
    assert found.as_of == pd.Timestamp("2024-04-20")
    assert set(found.left_out) == {
        "stay_id", "patient_id", "discharged", "length_of_stay", "cost", "Month of admission",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_and_their_index_change_nothing(seed: int) -> None:
    table = generated(80)
    shuffled = table.sample(frac=1, random_state=seed)
    one, other = (admission_table(Dataset(stays=rows)) for rows in (table, shuffled))
    pd.testing.assert_frame_equal(one.features, other.features)
    pd.testing.assert_series_equal(one.nights, other.nights)
    pd.testing.assert_frame_equal(one.groups, other.groups)
    assert one.left_out == other.left_out


def test_nothing_says_how_long_stays_were() -> None:
    with pytest.raises(caremap.DataProblem, match="Nothing says how long"):
        admission_table(Dataset(stays=pd.DataFrame({"age": [1.0], "gender": ["F"]})))
    with pytest.raises(caremap.DataProblem, match="no stays"):
        admission_table(Dataset())
