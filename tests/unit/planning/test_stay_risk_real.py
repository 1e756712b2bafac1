"""Stay risk on files other people made, and on the sample network, whose signal is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import caremap
from caremap.dataset import Dataset
from caremap.planning import stay_risk
from caremap.planning.admission import admission_table

SAMPLE = Path(__file__).parents[3] / "sample_data" / "stays.csv"


@pytest.fixture(scope="module")
def discharges(shared: Path) -> Dataset:
    return Dataset.of(caremap.open_all(shared / "data/sparcs/week10_df_musc_skel.csv.gz"))


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return Dataset.of(caremap.open_all(SAMPLE))


def test_real_discharges_claim_no_more_than_they_have(discharges: Dataset) -> None:
    found = stay_risk(discharges, models=["XGBoost"])
    assert "facilit" in found.validation
    assert 0.58 < found.metrics["auroc"] < 0.67 and found.metrics["r2"] < 0.1
    assert found.better and not found.suspicion
    assert found.metrics["calibration_error"] <= 0.02
    assert found.metrics["coverage_80"] == pytest.approx(80, abs=2)
    later = {"Patient.Disposition", "CCSR.Procedure.Code", "CCSR.Procedure.Description",
             "APR.DRG.Code", "APR.DRG.Description", "Total.Charges", "Total.Costs", "los",
             "deathrisk", "illseveritydesc", "death", "disposition", "lnhlos", "invhlos",
             "disposition2"}  # fmt: skip
    assert all(header in found.left_out for header in later)
    assert found.left_out["Total.Charges"] == found.left_out["charges"]
    assert not any(header in found.left_out for header in ("Gender", "age", "Payment.Typology.1"))
    assert all(type(value) is float for value in found.metrics.values())


def test_what_is_coded_after_discharge_makes_it_look_better_and_is_flagged(
    discharges: Dataset,
) -> None:
    found = stay_risk(discharges, models=["linear"], keep=["all"])
    assert found.metrics["auroc"] > 0.78
    assert "leaking" in found.suspicion and "illseveritydesc" in found.used


def test_a_simulated_file_fits_too_well(shared: Path) -> None:
    visits = Dataset.of(caremap.open_all(shared / "data/ms_los/LengthOfStay_Prod.csv"))
    found = stay_risk(visits)
    assert "too good to be true" in found.suspicion and "rcount" in found.suspicion


def test_the_planted_signal_is_recovered_and_calibrated(sample: Dataset) -> None:
    found = stay_risk(sample, models=["linear"])
    assert found.better and found.chosen == "linear" and not found.suspicion
    assert found.metrics["auroc"] > 0.8 > found.baseline["auroc"]
    assert found.metrics["calibration_error"] <= 0.03
    assert found.metrics["coverage_80"] == pytest.approx(80, abs=2)
    told = found.importance.set_index("column")["drop"]
    assert told[["diagnosis", "age"]].min() > 0.02 > told[["gender", "region", "zip"]].max()


def test_the_patients_in_hospital_are_those_of_the_census(sample: Dataset) -> None:
    found = stay_risk(sample, 5, models=["linear"])
    known = admission_table(sample)
    inside = caremap.measures.census(sample).set_index("date").loc[known.as_of, "occupied"]
    assert len(found.current) == inside
    expected = caremap.planning.expected_census(
        np.zeros(14), caremap.planning.stay_survival(sample), caremap.planning.in_house(sample)
    )
    assert found.bed_days["patients"].iloc[:14].to_numpy() == pytest.approx(
        np.asarray(expected), rel=0.15, abs=3
    )
