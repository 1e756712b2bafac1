"""Real files in, reference answers out; skipped where the files are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from caremap import Dataset, measures, open_all, open_file
from caremap.intake import Loaded

Opener = Callable[[str], Loaded]


@pytest.fixture(scope="module")
def opened(shared: Path) -> Opener:
    cache: dict[str, Loaded] = {}

    def get(path: str) -> Loaded:
        if path not in cache:
            cache[path] = open_file(shared / "data" / path)
        return cache[path]

    return get


def headline(*loaded: Loaded) -> pd.DataFrame:
    return measures.headline(Dataset.of(*loaded))


def codes(loaded: Loaded) -> set[str]:
    return {one.code for one in loaded.findings}


HEALTHCARE = "kaggle_healthcare/healthcare_dataset_original.csv"
ER = "kaggle_er/Hospital ER.csv"
SPARCS = "sparcs/week10_df_musc_skel.csv.gz"
NJ = "nj_hospitals/nj_hosp_2020_06_19.csv"

OVERALL = [
    (HEALTHCARE, "admissions", 10_000),
    (HEALTHCARE, "cost", 255_168_067.78),
    (HEALTHCARE, "length_of_stay", 15.562),
    (ER, "visits", 9_216),
    (ER, "admissions", 4_612),
    (SPARCS, "cost", 905_695_906.62),
    (SPARCS, "length_of_stay", 6.321),
    ("kaggle_beds/patient.csv", "length_of_stay", 7.407),
    ("kaggle_beds/patient.csv", "admissions", 1_000),
    ("ms_los/LengthOfStay_Prod.csv", "admissions", 1_000),
    ("halifax_synth/admissions.csv", "admissions", 2_726),
]
KINDS = [
    (HEALTHCARE, "stays"), (ER, "stays"), (SPARCS, "stays"), ("kaggle_beds/patient.csv", "stays"),
    ("kaggle_beds/services_weekly.csv", "activity"), ("halifax_synth/admissions.csv", "stays"),
    ("kaggle_hospital_data_analysis/hospital_data_analysis.csv", "stays"),
    ("ms_los/LengthOfStay_Prod.csv", "stays"), ("ms_los/MetaData_Facilities.csv", "capacity"),
    ("halifax_synth/patients.csv", "lookup"), ("halifax_synth/bed_capacity.csv", "capacity"),
    ("halifax_synth/staff.csv", "staff"), ("halifax_synth/units.csv", "lookup"),
    (NJ, "activity"), ("malaysia_moh/facilities_master.csv", "facilities"),
    ("nhs_workforce/dim_organisation.csv", "lookup"), ("nhs_rtt_xlsx/RTT_TS_data.xlsx", "lookup"),
    ("texas_tsa/tx_tsa_hospitalizations.csv", "activity"),
    ("nyc_health/data-by-day.csv", "activity"),
    ("us_zip/pop-by-zip-code.csv", "population"), ("us_zip/zipcode_latlong.csv", "lookup"),
    ("us_zip/county_pop.csv", "lookup"), ("daily_series/vgh_ed_visits.csv", "activity"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "kind"), KINDS)
def test_the_kind_of_table(opened: Opener, path: str, kind: str) -> None:
    assert opened(path).kind == kind


@pytest.mark.parametrize(("path", "measure", "expected"), OVERALL)
def test_a_reference_answer(opened: Opener, path: str, measure: str, expected: float) -> None:
    found = headline(opened(path)).loc[measure, "overall"]
    assert found == pytest.approx(expected, abs=0.0051 if expected > 1e6 else 0.0005)


def test_october_2023_to_date(opened: Opener) -> None:
    loaded = opened(HEALTHCARE)
    assert headline(loaded).loc["admissions", "month_to_date"] == 174
    assert str(loaded.table["admitted"].min().date()) == "2018-10-30"
    assert str(loaded.table["discharged"].max().date()) == "2023-11-27"
    assert "billed-as-cost" in codes(loaded)


def test_names_and_numbers_of_people_are_left_out(opened: Opener) -> None:
    loaded = opened(ER)
    assert {one.header for one in loaded.columns if not one.kept} == {
        "patient_first_inital", "patient_last_name",
    }  # fmt: skip
    assert not loaded.table["patient_id"].str.contains("-").any()
    assert (loaded.table["department"] == "None").sum() > 5_000
    assert loaded.table["satisfaction"].isna().mean() == pytest.approx(0.73, abs=0.01)


def test_new_york_discharges(opened: Opener) -> None:
    loaded = opened(SPARCS)
    assert len(loaded.table) == 36_631
    assert loaded.table["charges"].sum() == pytest.approx(2_906_946_573.41, abs=0.005)
    assert loaded.mapping["cost"] == "Total.Costs"
    assert loaded.mapping["outcome"] == "Patient.Disposition"
    assert "50 to 69" in set(loaded.table["age_band"])
    (duplicates,) = [one for one in loaded.findings if one.code == "duplicates-reported"]
    assert len(duplicates.rows) == 53


def test_undated_stays_have_lengths_and_no_periods(opened: Opener) -> None:
    loaded = opened("kaggle_hospital_data_analysis/hospital_data_analysis.csv")
    assert len(loaded.table) == 984
    frame = headline(loaded)
    assert frame.loc["length_of_stay", "overall"] > 0
    assert frame[["month_to_date", "previous", "last_year"]].isna().all().all()


def test_dates_of_european_and_american_files(opened: Opener) -> None:
    stays = opened("kaggle_beds/patient.csv").table
    assert str(stays["admitted"].min().date()) == "2025-01-02"
    assert str(stays["admitted"].max().date()) == "2025-12-31"
    american = opened("ms_los/LengthOfStay_Prod.csv")
    assert (american.table["length_of_stay"] >= 0).all()
    assert american.table["rcount"].isin(["5+"]).any()


def test_one_network_in_several_files(shared: Path, opened: Opener) -> None:
    names = ("admissions", "bed_capacity", "staff", "patients", "units")
    dataset = Dataset.of(*(opened(f"halifax_synth/{name}.csv") for name in names))
    assert dataset.stays is not None
    assert dataset.capacity is not None
    assert measures.headline(dataset).loc["occupancy", "overall"] > 0
    file = shared / "data/halifax_synth/admissions.csv"
    raw = pd.read_csv(file, parse_dates=["admit_ts", "discharge_ts"])
    nights = (raw["discharge_ts"].dt.normalize() - raw["admit_ts"].dt.normalize()).dt.days
    assert dataset.stays["length_of_stay"].sum() == nights.sum()


def test_counts_in_columns_are_not_rows(shared: Path, opened: Opener) -> None:
    loaded = opened(NJ)
    raw = pd.read_csv(shared / "data" / NJ)
    assert len(loaded.table) == 7_111
    assert loaded.table["admissions"].sum() == raw["admitted"].sum()
    beds = raw.filter(like="bed_inuse")
    assert len(beds.columns) == len(loaded.mapping["occupied_beds"]) == 4
    both = beds.notna().all(axis=1)
    assert loaded.table["occupied_beds"].notna().sum() == both.sum()
    assert loaded.table["occupied_beds"].sum() == beds[both].sum().sum()


def test_a_table_for_no_page_says_so(opened: Opener) -> None:
    loaded = opened("nhs_rtt_xlsx/RTT_TS_data.xlsx")
    assert {"no-page", "title-rows", "footnotes"} <= codes(loaded)
    assert not loaded.mapping


def test_dates_across_the_columns_become_rows(shared: Path) -> None:
    tables = open_all(shared / "data/texas_tsa/hospitalizations.xlsx")
    loaded = tables[0]
    assert loaded.kind == "activity"
    assert "odd-header" in codes(loaded)  # a day number of 2008 in the middle of 2020
    made = loaded.table.set_index(["region", "date"])["occupied_beds"]
    twin = pd.read_csv(shared / "data/texas_tsa/tx_tsa_hospitalizations.csv", parse_dates=["date"])
    expected = twin.set_index(["tsa_name", "date"])["patients_covid_total"].dropna()
    assert len(made) == len(expected) == 22 * 161
    assert (made.sort_index().to_numpy() == expected.sort_index().to_numpy()).all()
    assert loaded.set_aside["reason"].tolist() == [
        "a total of other rows", "a note below the table",
    ]  # fmt: skip
    # Patients in general beds and in intensive care are parts of them: never added up.
    assert [table.source.sheet for table in tables] == ["COVID-19 Hospitalizations"]


def test_the_newest_year_is_the_population(opened: Opener) -> None:
    loaded = opened("us_zip/pop-by-zip-code.csv")
    assert loaded.mapping == {"zip": "zipcode", "population": "y-2016"}
    assert loaded.table["zip"].iloc[0] == "00601"


def test_full_time_days_are_no_people(opened: Opener) -> None:
    loaded = opened("nhs_workforce/nhs_sickness_absence_2025-03.csv")
    assert "staff" not in loaded.mapping
