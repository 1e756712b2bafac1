"""What is taken for granted where a file does not say it: units, codes, rows without a date."""

from __future__ import annotations

import pandas as pd

from caremap import Dataset, measures, open_file
from caremap.intake import Loaded

DAYS = pd.date_range("2024-01-01", periods=40)


def opened(frame: pd.DataFrame, name: str = "stays.csv") -> Loaded:
    return open_file(frame.to_csv(index=False).encode(), name=name)


def told(loaded: Loaded) -> set[str]:
    return {one.code for one in loaded.findings}


def stays(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"stay_id": [f"S{i}" for i in range(40)], "patient_id": [f"P{i}" for i in range(40)],
         "admission_date": DAYS, **columns}
    )  # fmt: skip


def test_a_wait_without_a_unit_is_told_to_be_taken_as_minutes() -> None:
    waits = [i % 50 for i in range(40)]
    assert "assumed-unit" in told(opened(stays(**{"Waiting Time": waits})))
    assert "assumed-unit" not in told(opened(stays(waiting_minutes=waits)))
    clock = [f"{i % 5:02d}:{i:02d}" for i in range(40)]
    assert "assumed-unit" not in told(opened(stays(**{"Waiting Time": clock})))


def test_stays_of_months_in_a_column_without_a_unit_are_questioned() -> None:
    days = [1 + i % 10 for i in range(40)]
    assert "long-stays" not in told(opened(stays(LOS=days)))
    assert "long-stays" in told(opened(stays(LOS=[24 * day for day in days])))


def test_late_readmissions_are_no_readmissions_and_are_told() -> None:
    loaded = opened(stays(readmitted=["<30", ">30", "NO", "NO"] * 10))
    assert int(loaded.table["readmitted"].sum()) == 10
    assert "10 values" in next(
        one.message for one in loaded.findings if one.code == "late-readmissions"
    )


def test_rows_without_dates_beside_dated_stays_ask() -> None:
    patients = pd.DataFrame({"patient_id": [f"P{i // 2}" for i in range(80)],
                             "insurance": ["A", "B"] * 40, "visit_no": range(80)})  # fmt: skip
    dated, undated = opened(stays()), opened(patients, "patients.csv")
    dataset = Dataset.of(dated, undated)
    counted = measures.headline(dataset).loc["admissions", "overall"]
    assert (counted == 40) or any(one.code == "undated-stays" for one in dataset.findings)
    assert undated.kind != "stays" or counted == 120
    assert "undated-stays" not in {one.code for one in Dataset.of(dated).findings}
