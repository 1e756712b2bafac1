"""Figures of files as they are found, read by plain pandas, against their reference answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.measures import census, headline, trend
from tests.unit.measures.build import days


@pytest.fixture(scope="module")
def healthcare(shared: Path) -> Dataset:
    file = pd.read_csv(shared / "data/kaggle_healthcare/healthcare_dataset_original.csv")
    admitted, discharged = days(file["Date of Admission"]), days(file["Discharge Date"])
    return Dataset(
        stays=pd.DataFrame(
            {
                "admitted": admitted,
                "discharged": discharged,
                "length_of_stay": (discharged - admitted).dt.days.astype("float64"),
                "cost": file["Billing Amount"],
            }
        )
    )


def test_ten_thousand_stays(healthcare: Dataset) -> None:
    frame = headline(healthcare)
    assert frame.loc["admissions", ["overall", "month_to_date"]].tolist() == [10_000, 174]
    assert frame.loc["cost", "overall"] == pytest.approx(255_168_067.78, abs=0.005)
    assert frame.loc["length_of_stay", "overall"] == pytest.approx(15.562, abs=0.0005)
    assert np.isnan(frame.loc["occupancy", "overall"])
    assert frame.loc["occupancy", "note"].startswith("No staffed beds are known.")
    occupied = headline(healthcare.with_beds(100)).loc["occupancy"]
    assert occupied["overall"] == pytest.approx(85.2, abs=0.1)
    assert trend(healthcare)["admissions"].sum() == 10_000
    assert not trend(healthcare)["complete"].iloc[-1]


def test_emergency_visits_are_not_admissions(shared: Path) -> None:
    file = pd.read_csv(shared / "data/kaggle_er/Hospital ER.csv", keep_default_na=False)
    visits = pd.DataFrame(
        {
            "admitted": days(file["date"]),
            "was_admitted": file["patient_admin_flag"].astype("boolean"),
            "waiting_minutes": file["patient_waittime"].astype("float64"),
            "satisfaction": pd.to_numeric(file["patient_sat_score"]),
        }
    )
    frame = headline(Dataset(stays=visits))
    assert frame.loc[["visits", "admissions"], "overall"].tolist() == [9216, 4612]
    assert frame.loc["satisfaction", "n"] < 0.3 * 9216
    assert frame.loc["waiting", "overall"] == np.median(visits["waiting_minutes"])


def test_the_census_of_three_hospitals_equals_a_count_by_hand(shared: Path) -> None:
    folder = shared / "data/halifax_synth"
    file = pd.read_csv(folder / "admissions.csv")
    stays = pd.DataFrame(
        {
            "admitted": days(file["admit_ts"]),
            "discharged": days(file["discharge_ts"]),
            "facility": file["hospital"],
            "department": file["unit_id"],
        }
    )
    admitted, left = stays["admitted"].dt.normalize(), stays["discharged"].dt.normalize()
    beds = pd.read_csv(folder / "bed_capacity.csv")
    beds.columns = pd.Index(["facility", "department", "units"])
    stays["length_of_stay"] = (left - admitted).dt.days.astype("float64")
    dataset = Dataset(stays=stays, capacity=beds.assign(units=beds["units"].astype("float64")))
    found = census(dataset, by=["facility", "department"])
    assert found["date"].nunique() == 27
    for day, facility, department, occupied, staffed in found.itertuples(index=False):
        here = (stays["facility"] == facility) & (stays["department"] == department)
        assert occupied == (here & (admitted <= day) & (left > day)).sum()
        place = (beds["facility"] == facility) & (beds["department"] == department)
        assert staffed == beds.loc[place, "units"].sum()
    whole = headline(dataset).loc["occupancy"]
    assert whole["overall"] == pytest.approx(100 * found["occupied"].sum() / found["staffed"].sum())


def test_hospitals_counted_every_day_never_add_a_stock_over_days(shared: Path) -> None:
    file = pd.read_csv(shared / "data/nj_hospitals/nj_hosp_2020_06_19.csv")
    activity = pd.DataFrame(
        {
            "date": days(file["date"]),
            "facility": file["hosp_name"],
            "admissions": file["admitted"],
            "occupied_beds": file.filter(like="bed_inuse").sum(axis=1, min_count=1),
            "free_beds": file.filter(like="bed_avail").sum(axis=1, min_count=1),
        }
    )
    frame = headline(Dataset(activity=activity))
    both = activity.dropna(subset=["occupied_beds", "free_beds"])
    occupied, free = both["occupied_beds"].sum(), both["free_beds"].sum()
    assert frame.loc["occupancy", "overall"] == pytest.approx(100 * occupied / (occupied + free))
    assert frame.loc["staffed_beds", "overall"] < 12_000  # 77 days of beds would be 700,000
    assert frame.loc["mean_census", "overall"] < 7_000
    assert frame.loc["admissions", "overall"] == file["admitted"].sum()
